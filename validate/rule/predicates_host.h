/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for what the host lets a container have: where it starts, as whom, in which namespaces. What the host's
 * document does not say is never a breach; see validate/rule/standing.h.
 */
#pragma once

#include "validate/rule/rule.h"

/* predicates_host_path.c: paths on the host and in the rootfs */
extern const struct predicate be_a_directory_here;     /* root */
extern const struct predicate be_reached_directly;     /* root: no symlink on the way */
extern const struct predicate be_open_to_its_root;     /* root: to the mapped root of a new user namespace */
extern const struct predicate run_here;                /* a hook, on the host */
extern const struct predicate run_inside;              /* a hook, in the rootfs */
extern const struct predicate be_a_directory_inside;   /* process.cwd */
extern const struct predicate start_something;         /* process: args[0] */
extern const struct predicate find_its_place_free;     /* a device: its path in the rootfs */
extern const struct predicate be_made_or_bound;        /* a device */

/* predicates_host_mount.c: a mount, as an object */
extern const struct predicate come_from_something;     /* a bind mount's source */
extern const struct predicate lie_on_its_kind;
extern const struct predicate be_of_a_type_here;       /* the type */
extern const struct predicate be_mappable_here;        /* its mappings */
extern const struct predicate be_mappable_by_us;       /* its mappings */
extern const struct predicate be_understood_here;      /* an option */
extern const struct predicate keep_locked_flags;
extern const struct predicate be_allowed_in_user_namespace;

/* predicates_host_process.c */
extern const struct predicate be_settable_here;        /* additionalGids */
extern const struct predicate stay_below_the_hard_limit; /* an entry of rlimits */
extern const struct predicate stay_below_nr_open;      /* the same */
extern const struct predicate go_with_apparmor;        /* a profile */
extern const struct predicate be_a_loaded_profile;
extern const struct predicate go_with_selinux;         /* a label */
extern const struct predicate be_valid_here;           /* a label, by the loaded policy */
extern const struct predicate not_go_below_zero;       /* oomScoreAdj */

/* predicates_host_cap.c: by libcap */
extern const struct predicate be_known_to_the_kernel;  /* a capability */
extern const struct predicate be_within_our_bounds;    /* the same */

/* predicates_host_schedule.c */
extern const struct predicate be_permitted_here;       /* scheduler */
extern const struct predicate fit_the_deadline_limits; /* scheduler */
extern const struct predicate be_a_permitted_class;    /* ioPriority.class */
extern const struct predicate name_a_cpu_here;         /* a list of CPUs */

/* predicates_host_namespace.c */
extern const struct predicate join_something;          /* an entry of namespaces */
extern const struct predicate join_its_type;           /* the same */
extern const struct predicate be_made_here;            /* the same */
extern const struct predicate be_for_everyone_here;    /* the same: a user namespace, by who has no privileges */
extern const struct predicate hold_a_user_namespace;   /* namespaces: where privileges have to come from it */
extern const struct predicate be_granted_to_us;        /* an id mapping: subuid, subgid */
extern const struct predicate be_mapped_above;         /* an id mapping */
extern const struct predicate keep_clocks_positive;    /* an entry of timeOffsets */

/* predicates_host_net.c: netDevices, a map */
extern const struct predicate be_there_to_move;
extern const struct predicate be_movable;
extern const struct predicate find_its_name_free;
extern const struct predicate be_moved_by_root;
