/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vocabulary that rows are written in. Each word is a predicate: what it says finishes "NAME must ...", so that
 * a row and its finding read as one sentence. All of them are pure; what they cannot know is never a breach, and what
 * another row already speaks of (an absent member, an empty string) is not said twice.
 */
#pragma once

#include "validate/rule/rule.h"

/* predicates.c: single values */
extern const struct predicate be_within;          /* integer; range */
extern const struct predicate be_at_least;        /* integer; range, which ends at INT64_MAX */
extern const struct predicate be_one_of;          /* string; words */
extern const struct predicate be_one_of_or_empty; /* the same, "" being unset */
extern const struct predicate not_be_one_of;      /* string; words */
extern const struct predicate not_be_empty;       /* string, array, object */
extern const struct predicate be_long;            /* string; range, in bytes */
extern const struct predicate have_entries;       /* array; range, their number */
extern const struct predicate not_be_used;        /* a deprecated array; text: what to use */
extern const struct predicate be_empty;           /* array, object */
extern const struct predicate be_unset;           /* a deprecated integer */
extern const struct predicate not_be_zero;        /* integer */
extern const struct predicate be_unset_or_within; /* integer; range, outside of which 0 is unset */
extern const struct predicate be_of_period;       /* cpu.period: 0 or 1000 to 1000000 */
extern const struct predicate be_of_quota;        /* cpu.quota: not 1 to 999 */

/* predicates_text.c: the form of strings */
extern const struct predicate be_absolute;             /* a path that starts with "/" */
extern const struct predicate be_absolute_unless_empty;
extern const struct predicate not_climb;               /* a path without ".." */
extern const struct predicate lie_below;               /* text: a directory; of an absolute path */
extern const struct predicate end_in;                  /* text: the last component */
extern const struct predicate start_with;              /* text, unless empty */
extern const struct predicate be_one_line;
extern const struct predicate be_made_of;              /* text: the characters */
extern const struct predicate not_repeat_letters;
extern const struct predicate be_an_assignment;        /* NAME=value */
extern const struct predicate be_semver;
extern const struct predicate be_of_major;             /* text: the major version */
extern const struct predicate not_be_newer;            /* text: a version of the same major */
extern const struct predicate be_a_cpu_list;           /* 0-3,7; may be empty */
extern const struct predicate be_a_page_size;          /* 2MB */
extern const struct predicate have_the_largest_unit;   /* a page size: not 2048KB */
extern const struct predicate be_one_option;           /* of a mount: not empty, no comma */

/* predicates_list.c: arrays and maps */
extern const struct predicate not_repeat;         /* array of objects; text: the member that tells them apart */
extern const struct predicate not_repeat_entries; /* array of strings */
extern const struct predicate not_repeat_names;   /* array of NAME=value */
extern const struct predicate not_repeat_members; /* array of objects; words: three members at most */
extern const struct predicate hold_one_at_most;   /* array of strings; words */
extern const struct predicate name_a_command;     /* args: the first entry is not empty */
extern const struct predicate have_named_keys;    /* map: no empty key */
extern const struct predicate have_keys_among;    /* map; words */
extern const struct predicate have_file_names;    /* map: every key is one file name */
extern const struct predicate have_one_of;        /* object; words: members of which one is set */
extern const struct predicate have_both_or_none;  /* object; words: two arrays */
extern const struct predicate be_listed_too;      /* array of strings; words: the siblings that have to hold each */

/* predicates_cap.c: by libcap */
extern const struct predicate be_a_capability;

/* predicates_mapping.c: id mappings */
extern const struct predicate be_within_32_bits;  /* an id mapping */
extern const struct predicate not_overlap;        /* id mappings */
extern const struct predicate map_root;           /* id mappings */
extern const struct predicate be_mapped;          /* process.user: each id */
extern const struct predicate need_new_namespace; /* text: its type; of a value that is not empty */

/* predicates_sibling.c: what makes sense only beside something else; {0} is the sibling, {1} what it may be */
extern const struct predicate go_with_choice;     /* words: a sibling, its values; of a value that is set */
extern const struct predicate not_go_with_choice; /* the same */
extern const struct predicate go_without;         /* words: siblings that are not set */
extern const struct predicate need_beside;        /* integer; text: a sibling that is set */
extern const struct predicate have_a_priority;    /* scheduler; words: the member, its values */
extern const struct predicate order_deadlines;    /* scheduler */
extern const struct predicate have_nodes;         /* memoryPolicy; words: the member, its values */
extern const struct predicate suit_the_mode;      /* flags of memoryPolicy; words: the sibling, its values */

/* predicates_name.c: names that the kernel gives a form */
extern const struct predicate have_interfaces;    /* map: its keys */
extern const struct predicate be_an_interface;    /* or a template of one, or empty */
extern const struct predicate not_collide;        /* netDevices: the names in the container */
extern const struct predicate be_a_directory_name; /* text: what it may be as well */
extern const struct predicate be_a_label;         /* SELinux */
extern const struct predicate be_a_schema;        /* a line of resctrl */
extern const struct predicate be_a_unit_if_any;   /* cgroupsPath */
extern const struct predicate have_a_portable_name; /* NAME=value */
extern const struct predicate be_findable;        /* process: args[0] by PATH */

/* predicates_device.c */
extern const struct predicate number_a_device;    /* an object with major and minor */
extern const struct predicate number_devices;     /* the same, -1 being all */
extern const struct predicate mean_all;           /* an entry of resources.devices */
extern const struct predicate be_usable;          /* linux.devices */

/* predicates_sysctl.c: maps whose keys are files; a name that ends in a dot is a prefix */
extern const struct predicate have_sysctl_keys;
extern const struct predicate be_namespaced;      /* words: names */
extern const struct predicate need_namespace_for; /* words: a type of namespace, names */
extern const struct predicate be_said_by;         /* words: a property, names */
extern const struct predicate agree_with;         /* words: a property, names */
extern const struct predicate have_one_spelling;
extern const struct predicate have_controllers;   /* unified */
extern const struct predicate have_no_key_among;  /* unified; words */
extern const struct predicate be_said_once;       /* unified */

/* predicates_annotation.c: annotations; the text or the first word is a key */
extern const struct predicate have_value_among;   /* words: key, values */
extern const struct predicate have_a_signal;      /* text: key */
extern const struct predicate have_a_date;        /* text: key */
extern const struct predicate have_a_variant;     /* words: the key of the architecture, of the variant */
extern const struct predicate list_plainly;       /* words: keys */
extern const struct predicate have_domain_keys;
extern const struct predicate have_defined_keys;  /* words: a prefix, the keys that there are */
extern const struct predicate have_property_keys; /* text: a prefix */

/* predicates_cap.c: by libcap */
extern const struct predicate be_a_capability;

/* predicates_bundle.c: what needs a neighbour or the whole document */
extern const struct predicate need_namespace;     /* text: its type; of a value that is not empty */
extern const struct predicate have_user_mappings; /* linux */
extern const struct predicate go_with;            /* text: a sibling that is true */
extern const struct predicate not_exceed;         /* integer; text: a sibling */
extern const struct predicate not_exceed_if_set;  /* the same; 0 and less is unset */
extern const struct predicate have_numbers;       /* a device node */
extern const struct predicate cover_swap;         /* memory */

/* predicates_mount.c: a mount, as an object */
extern const struct predicate have_a_type;
extern const struct predicate say_bind;
extern const struct predicate have_a_source;
extern const struct predicate be_tmpfs_to_copy_up;
extern const struct predicate map_or_join;        /* idmap needs a mapping */
extern const struct predicate say_idmap;

/* predicates_option.c: the options of a mount; words: all that delegates know */
extern const struct predicate have_no_fs_option;  /* a mount, when it is a bind mount */
extern const struct predicate be_well_spelt;      /* an option; {near}: the word that it resembles */
extern const struct predicate not_contradict;     /* options */
extern const char *const mount_options[];         /* spec_mounts.c: those words; closed by NULL */

/* predicates_cover.c: mounts beside each other */
extern const struct predicate provide_all;        /* mounts; words: destinations */
extern const struct predicate not_be_hidden;      /* mounts */
extern const struct predicate be_a_dummy;         /* the type of a bind mount; words */
extern const struct predicate be_bind_to_map;     /* a mount */
extern const struct predicate leave_proc_alone;   /* a mount; words: what may be mounted there */

/* predicates_seccomp.c */
extern const struct predicate return_errno;       /* object; words: the errno member, the action member */
extern const struct predicate have_a_listener;    /* seccomp: for SCMP_ACT_NOTIFY */
extern const struct predicate listen_to_tell;     /* seccomp: metadata without a listener */
extern const struct predicate not_notify;         /* an action that is not SCMP_ACT_NOTIFY */
extern const struct predicate not_notify_on;      /* a rule; words: system calls */
extern const struct predicate listen_to_something; /* seccomp */
extern const struct predicate notify_to_wait;     /* flags; text: the flag */
extern const struct predicate be_a_system_call;   /* by libseccomp */
extern const struct predicate let_something_live; /* seccomp */
extern const struct predicate load_unprivileged;  /* seccomp */
extern const struct predicate differ_from_default; /* a rule */
extern const struct predicate answer_once;        /* predicates_filter.c: rules */

/* predicates_conf.c: our own files */
extern const struct predicate be_number_one;      /* the version of a file's format */
extern const struct predicate keep_a_sink;        /* audit: not both sinks off */
extern const struct predicate be_a_time;          /* string: RFC 3339, in UTC */
extern const struct predicate have_profile_names; /* map: its keys */
extern const struct predicate be_a_custom_id;     /* string */
extern const struct predicate say_for_what;       /* an exemption */

/* predicates_lock.c: lock files */
extern const struct predicate be_a_digest;        /* "sha256:…" */
extern const struct predicate be_a_salt;
