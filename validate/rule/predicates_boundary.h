/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what a container got. Each judges what its document asks for; what was not asked for (zero, false and
 * empty), and what was not seen, keeps every one.
 */
#pragma once

#include "validate/rule/rule.h"

/* predicates_boundary_caps.c; text: the set */
extern const struct predicate cover_the_set;       /* capabilities: the process has no more */
extern const struct predicate be_held_in_full;     /* capabilities: the process has no less */

/* predicates_boundary_user.c */
extern const struct predicate be_the_ids;          /* user.uid, user.gid; text: the member seen */
extern const struct predicate be_the_umask;        /* user.umask */
extern const struct predicate cover_the_groups;    /* user: the process has no more */
extern const struct predicate have_its_groups;     /* user.additionalGids: no less */
extern const struct predicate be_the_mappings;     /* uidMappings, gidMappings; text: the member seen */

/* predicates_boundary_process.c */
extern const struct predicate be_denied_privileges; /* noNewPrivileges */
extern const struct predicate be_filtered;         /* seccomp */
extern const struct predicate bound_the_process;   /* an rlimit: the process has no more */
extern const struct predicate be_had_in_full;      /* an rlimit: no less */
extern const struct predicate not_be_undercut;     /* oomScoreAdj */
extern const struct predicate not_be_outdone;      /* oomScoreAdj */
extern const struct predicate be_the_profile;      /* apparmorProfile */
extern const struct predicate be_the_label;        /* selinuxLabel */

/* predicates_boundary_schedule.c */
extern const struct predicate be_scheduled_so;     /* scheduler */
extern const struct predicate have_that_io;        /* ioPriority */
extern const struct predicate be_its_domain;       /* personality.domain */
extern const struct predicate be_its_policy;       /* memoryPolicy.mode */

/* predicates_boundary_namespaces.c */
extern const struct predicate be_new;              /* an entry of namespaces, without a path */
extern const struct predicate be_the_one_joined;   /* an entry of namespaces, with one */
extern const struct predicate list_all_apart;      /* namespaces */
extern const struct predicate be_its_name;         /* hostname, domainname; text: the member seen */
extern const struct predicate be_set_inside;       /* sysctl.* */
extern const struct predicate be_its_clock;        /* timeOffsets.* */
extern const struct predicate be_moved_in;         /* netDevices.* */

/* predicates_boundary_mounts.c */
extern const struct predicate be_mounted;          /* a mount */
extern const struct predicate be_of_its_type;      /* a mount */
extern const struct predicate be_confined_so;      /* a mount: no flag that confines is missing */
extern const struct predicate be_open_so;          /* a mount: no flag that confines is there against its word */
extern const struct predicate behave_so;           /* a mount: its other flags */
extern const struct predicate propagate_so;        /* a mount */

/* predicates_boundary_size.c */
extern const struct predicate be_sized_so;         /* a mount: what its file system was told */

/* predicates_boundary_root.c */
/* Whether it is a word for how mounts propagate: "slave", "rslave". */
bool boundary_propagation(struct bytes word);

/*
 * Whether a mount that is seen to propagate so ("shared"; empty: not known) does as it was asked. What would have
 * been a slave is private where there is nothing to receive from.
 */
bool boundary_propagates(struct bytes asked, struct bytes is);

extern const struct predicate be_read_only;        /* root.readonly */
extern const struct predicate be_propagated_so;    /* rootfsPropagation */
extern const struct predicate be_masked;           /* an entry of maskedPaths */
extern const struct predicate be_unwritable;       /* an entry of readonlyPaths */
extern const struct predicate be_made_so;          /* an entry of devices: type and numbers */
extern const struct predicate be_open_to_those;    /* an entry of devices: no more than its mode */
extern const struct predicate be_owned_so;         /* an entry of devices: its owner, and no less than its mode */

/* predicates_boundary_cgroup.c */
extern const struct predicate be_kept_to;          /* a limit: the cgroup has no more */
extern const struct predicate be_granted;          /* a limit: no less */
extern const struct predicate be_the_share;        /* weights, periods: what is neither more nor less */
extern const struct predicate be_its_places;       /* cpus, mems: no others */
extern const struct predicate have_its_places;     /* cpus, mems: all of them */

/* predicates_boundary_path.c */
extern const struct predicate be_its_cgroup;       /* cgroupsPath */
extern const struct predicate be_throttled_so;     /* an entry of blockIO's lists */
extern const struct predicate be_in_the_file;      /* unified.* */
