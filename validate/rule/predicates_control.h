/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vocabulary of the policy's controls; see predicates.h. What they allow is in the row's parameters (.params),
 * which the policy sets.
 */
#pragma once

#include "validate/rule/rule.h"

/* predicates_control_caps.c */
extern const struct predicate be_a_capability_allowed; /* an entry of a set of capabilities */
extern const struct predicate not_be_privileged;       /* the document */

/* predicates_control_namespaces.c */
extern const struct predicate have_own_namespace;      /* the document; text: the type */
extern const struct predicate join_what_is_allowed;    /* an entry of linux.namespaces */
extern const struct predicate map_root_away;           /* the document */

/* predicates_control_identity.c */
extern const struct predicate set_to_true;             /* an object; text: the member */
extern const struct predicate not_be_root;             /* process.user */
extern const struct predicate be_an_allowed_group;      /* a gid */

/* predicates_control_security.c */
extern const struct predicate have_a_filter;           /* the document */
extern const struct predicate have_a_profile;          /* process: AppArmor's */
extern const struct predicate have_a_domain;           /* process: SELinux's */

/* predicates_control_filter.c */
extern const struct predicate not_let_risky_pass;      /* the default action, or a name that a rule lists */
extern const struct predicate be_a_trusted_listener; /* listenerPath */

/* predicates_control_kernel.c */
extern const struct predicate be_a_safe_sysctl;        /* an entry of linux.sysctl */
extern const struct predicate hide_kernel_files;       /* the document */

/* predicates_control_devices.c */
extern const struct predicate be_an_allowed_node;      /* an entry of linux.devices */
extern const struct predicate open_allowed_devices;    /* an entry of linux.resources.devices */

/* predicates_control_mounts.c: an entry of mounts */
extern const struct predicate not_bring_host_files;
extern const struct predicate not_expose_the_host;
extern const struct predicate be_read_only_throughout;
extern const struct predicate have_mount_flags;

/* predicates_control_layout.c */
extern const struct predicate not_share_mounts;        /* an entry of mounts, or linux.rootfsPropagation */
extern const struct predicate not_lie_in_another;      /* mounts */
extern const struct predicate keep_proc_as_it_is;      /* an entry of mounts */
extern const struct predicate have_sys_read_only;      /* the same */
extern const struct predicate have_cgroups_read_only;  /* the same */

/* predicates_control_limits.c */
extern const struct predicate be_limited;              /* the document; text: memory, pids, cpu */
extern const struct predicate be_an_allowed_key;       /* an entry of a map */
extern const struct predicate be_killable;             /* oomScoreAdj */
extern const struct predicate be_a_low_rlimit;         /* an entry of process.rlimits */
extern const struct predicate lie_in_an_allowed_cgroup; /* cgroupsPath */

/* predicates_control_verbs.c: of exec and update alone */
extern const struct predicate be_had_before;           /* an entry of a set of capabilities */
extern const struct predicate not_become_root;         /* process.user */
extern const struct predicate keep_set;                /* process; text: the member */
extern const struct predicate keep_the_label;          /* a string; text: the posture's member */
extern const struct predicate not_be_raised;           /* an integer; text: the posture's member of resources */
extern const struct predicate not_come_later;          /* an entry of resources.devices */

/* predicates_control_hooks.c */
extern const struct predicate be_an_allowed_hook;      /* a hook */
extern const struct predicate load_nothing_foreign;    /* a hook, or NAME=value of one */
extern const struct predicate be_a_sane_variable;      /* NAME=value of the process */

/* predicates_control_start.c */
extern const struct predicate change_nothing;          /* an annotation */
extern const struct predicate stay_inside;             /* process.cwd */
extern const struct predicate have_no_links;           /* root */
extern const struct predicate name_its_image;          /* the document */

/* predicates_control_escape.c */
extern const struct predicate not_hold_power;          /* process; text: the capability */
extern const struct predicate not_set_a_release_agent; /* the document */
extern const struct predicate not_trace_the_host;      /* the document */
extern const struct predicate not_make_disks;          /* the document */
extern const struct predicate open_no_way;             /* source or type of a mount; words: places, types */
extern const struct predicate open_no_writable_way;    /* the same */
extern const struct predicate set_no_helper;           /* an entry of linux.sysctl; words: names */
extern const struct predicate have_a_new_dev;          /* mounts */
extern const struct predicate have_own_terminals;      /* an entry of mounts */
extern const struct predicate be_no_disk;              /* an entry of linux.devices */

/* predicates_control_release.c */
extern const struct predicate be_run_by_a_mended;      /* the document; text: the delegate */

/* predicates_lock.c */
extern const struct predicate be_as_locked;             /* the document */
