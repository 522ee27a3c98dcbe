/* SPDX-License-Identifier: Apache-2.0 */
/* The words for control groups as the host has them. Unset, and what the host is not known to lack, keeps every one. */
#pragma once

#include "validate/rule/rule.h"

/* predicates_cgroup.c */
extern const struct predicate have_their_controllers; /* a group of linux.resources */
extern const struct predicate have_a_controller;      /* an entry of unified */
extern const struct predicate have_a_file;            /* a field of linux.resources */
extern const struct predicate have_a_file_on_v2;      /* the same; words: dialects that refuse it where there is none */
extern const struct predicate count_on_v2;            /* the same, of all other dialects, which leave it out */
extern const struct predicate need_v2;                /* of a value that is set */
extern const struct predicate have_device_control;    /* resources.devices */
extern const struct predicate not_mix_cgroups;        /* linux; words: dialects that refuse to */
extern const struct predicate lie_where_it_may;       /* cgroupsPath; words: dialects that insist without privileges */
extern const struct predicate name_a_fit_cgroup;      /* cgroupsPath */

/* predicates_cpuset.c: lists of CPUs and memory nodes */
extern const struct predicate be_in_the_parent;       /* words: of the parent's cgroup, online, of v2; host members */
extern const struct predicate meet_nodes;             /* memoryPolicy.nodes */
extern const struct predicate be_of_this_kernel;      /* a mode or flag of memoryPolicy */

/* predicates_hardware.c: what resources name */
extern const struct predicate be_a_whole_disk;        /* an entry of blockIO.*Device */
extern const struct predicate be_a_huge_page;         /* pageSize */
extern const struct predicate name_an_interface;      /* network.priorities[].name */
extern const struct predicate name_an_rdma_device;    /* an entry of rdma */

/* predicates_resctrl.c: linux.intelRdt */
extern const struct predicate have_resctrl;           /* intelRdt */
extern const struct predicate name_a_class;           /* closID without schemas */
extern const struct predicate match_the_class;        /* a schema, or schemata, of a class that there is */
extern const struct predicate be_of_this_cpu;         /* a member of intelRdt, an entry of schemata */
extern const struct predicate leave_a_class;          /* intelRdt */

/* predicates_filter_host.c: seccomp */
extern const struct predicate have_filters;           /* seccomp */
extern const struct predicate be_an_action_here;      /* an action */
extern const struct predicate be_a_flag_here;         /* a flag */
extern const struct predicate share_byte_order;       /* an architecture */
extern const struct predicate name_a_socket;          /* listenerPath; words: dialects that connect in any case */

/* predicates_tunable.c: sysctls and labels */
extern const struct predicate spare_the_host;         /* sysctl; words: dialects that refuse to */
extern const struct predicate exist_inside;           /* sysctl.* */
extern const struct predicate be_writable_inside;     /* sysctl.* */
extern const struct predicate need_selinux;           /* a label */
