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
extern const struct predicate not_be_empty;       /* string, array, object */
extern const struct predicate be_long;            /* string; range, in bytes */
extern const struct predicate have_entries;       /* array; range, their number */
extern const struct predicate not_be_used;        /* a deprecated array; text: what to use */
extern const struct predicate be_of_period;       /* cpu.period: 0 or 1000 to 1000000 */
extern const struct predicate be_of_quota;        /* cpu.quota: not 1 to 999 */

/* predicates_text.c: the form of strings */
extern const struct predicate be_absolute;             /* a path that starts with "/" */
extern const struct predicate be_absolute_unless_empty;
extern const struct predicate not_climb;               /* a path without ".." */
extern const struct predicate end_in;                  /* text: the last component */
extern const struct predicate start_with;              /* text, unless empty */
extern const struct predicate be_one_line;
extern const struct predicate be_made_of;              /* text: the characters */
extern const struct predicate be_an_assignment;        /* NAME=value */
extern const struct predicate be_semver;
extern const struct predicate be_of_major;             /* text: the major version */
extern const struct predicate not_be_newer;            /* text: a version of the same major */
extern const struct predicate be_a_cpu_list;           /* 0-3,7; may be empty */
extern const struct predicate be_a_page_size;          /* 2MB */
extern const struct predicate be_one_option;           /* of a mount: not empty, no comma */

/* predicates_list.c: arrays and maps */
extern const struct predicate not_repeat;         /* array of objects; text: the member that tells them apart */
extern const struct predicate not_repeat_entries; /* array of strings */
extern const struct predicate name_a_command;     /* args: the first entry is not empty */
extern const struct predicate have_named_keys;    /* map: no empty key */
extern const struct predicate have_keys_among;    /* map; words */
extern const struct predicate have_file_names;    /* map: every key is one file name */
extern const struct predicate have_one_of;        /* object; words: members of which one is set */
extern const struct predicate have_both_or_none;  /* object; words: two arrays */
extern const struct predicate be_within_32_bits;  /* an id mapping */
extern const struct predicate not_overlap;        /* id mappings */
extern const struct predicate be_listed_too;      /* array of strings; words: the siblings that have to hold each */

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

/* predicates_seccomp.c */
extern const struct predicate return_errno;       /* object; words: the errno member, the action member */
extern const struct predicate have_a_listener;    /* seccomp: for SCMP_ACT_NOTIFY */
extern const struct predicate listen_to_tell;     /* seccomp: metadata without a listener */
extern const struct predicate not_notify;         /* an action that is not SCMP_ACT_NOTIFY */

/* predicates_conf.c: our own files */
extern const struct predicate be_number_one;      /* the version of a file's format */
extern const struct predicate keep_a_sink;        /* audit: not both sinks off */
