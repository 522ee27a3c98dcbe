/* SPDX-License-Identifier: Apache-2.0 */
/* Every bound on hostile input and on waiting, in one place. Sizes in bytes unless said otherwise. */
#pragma once

#define LIMIT_ARENA         ((size_t)256 << 20) /* all memory of one run; a usual one takes less than 1 MiB */
#define LIMIT_DOC_BYTES     ((size_t)16 << 20) /* config.json, process.json, resources: real ones are 10–100 KiB */
#define LIMIT_CONF_BYTES    ((size_t)1 << 20)  /* policy.json, a file of runtimes.d */
#define LIMIT_FEATURES_BYTES ((size_t)256 << 10) /* what a delegate prints about itself ... */
#define LIMIT_FEATURES_KEPT ((size_t)1 << 20)  /* ... as it is kept; escaped it grows */
#define LIMIT_DELEGATE_BYTES ((uint64_t)512 << 20) /* of a delegate's binary, to be digested */
#define LIMIT_VERSION       64u                /* bytes of a delegate's version */
#define LIMIT_POLICY_FILES  64u                /* files of policy.d */
#define LIMIT_RUNTIME_NAME  64u                /* bytes of a name in runtimes.d */
#define LIMIT_RUNTIMES      64u                /* runtimes that plain `runvet` chooses among ... */
#define LIMIT_RUNTIMES_SEEN 1024               /* ... and directory entries looked at to find them */
#define LIMIT_NOTE_BYTES    ((size_t)16 << 10) /* a note under /run/runvet */
#define LIMIT_START_EXEMPT  ((size_t)4 << 10) /* of a note: exemptions that start goes by */
#define LIMIT_LOCK_FIELDS   4096u              /* of a document that a lock names one by one; of more it has digests */
#define LIMIT_DOC_NODES     1048576u           /* values in one document */
#define LIMIT_DOC_DEPTH     32u                /* json-c's default, the smallest of the delegates' parsers */
#define LIMIT_DOC_WORD      1024u              /* bytes of one number or literal */
#define LIMIT_NERDCTL_STORES 16u               /* directories below /var/lib/nerdctl that are looked at */
#define LIMIT_FINDINGS      1000u              /* kept per report; more are counted */
#define LIMIT_ID            1024u              /* container id, as runc */
#define LIMIT_SAID          128u               /* options of exec that say what the process is */
#define LIMIT_REFUSAL       511u               /* the one line on stderr and in --log, without its newline */
#define LIMIT_RECORD        ((size_t)32 << 10) /* one JSON line of the chain; real ones are 1–2 KiB */
#define LIMIT_RECORD_FINDINGS 32u              /* findings listed in one record; all are counted */
#define LIMIT_RECORD_LISTED 64u                /* capabilities listed in one record; Linux has 41 */
#define LIMIT_RECORD_NAMED  6u                 /* rules named in a record's message */
#define LIMIT_MERGED_KEEP   32u                /* spilled chains kept beside the chain */
#define LIMIT_GAP_BYTES     ((off_t)128 << 10) /* marks of records that the journal missed, 31 bytes each; then ... */
#define LIMIT_GAP_COUNTED   ((off_t)1 << 20)   /* ... a byte each, up to here */
#define LIMIT_CHECKPOINT    1000u              /* records of the chain between two checkpoints */
#define LIMIT_SWEEP_LOOKED  512u               /* notes looked at in one create ... */
#define LIMIT_SWEEP_REMOVED 8u                 /* ... and removed */
#define LIMIT_FIELD         4095u              /* one journal field: journalctl -o json shows null from 4096 */
#define LIMIT_QUOTE         128u               /* one quoted value */
#define LIMIT_SHOWN_NAME    64u                /* one name of a pod's in a record's message */
#define LIMIT_POINTER       512u               /* a JSON Pointer in a finding; longer ones are cut */
#define LIMIT_CHAIN_BYTES   ((off_t)64 << 20)  /* a chain file, then it is rotated */
#define LIMIT_CHAIN_SLACK   ((off_t)1 << 20)   /* beyond it, for steps of a container's life: they do not rotate */
#define LIMIT_CHAIN_KEEP    8u                 /* rotated files kept */
#define LIMIT_SPILL_BYTES   ((off_t)4 << 20)   /* the chain under /run/runvet (tmpfs: memory) */
#define LIMIT_WALK_PATH     12288u             /* a path of the host while its symlinks are resolved */
#define LIMIT_WALK_STEPS    4096u              /* components of one */
#define LIMIT_WALK_LINKS    40u                /* symlinks in one, as the kernel */
#define LIMIT_LAYERS        500u               /* of an overlay, as the kernel */
#define LIMIT_SYSCTLS       256u               /* keys of linux.sysctl that are looked up */
#define LIMIT_HOOK_BYTES    (UINT64_C(128) << 20) /* a hook whose digest a policy names: hooks are engines, too */
#define LIMIT_KEPT_BYTES    ((size_t)64 << 10) /* a file of what a host has until its next boot */

/* Waits, in milliseconds. With no sink healthy a create must still decide within 2 s in all. */
#define WAIT_CHAIN_LOCK_MS  200
#define WAIT_JOURNAL_ACK_MS 50    /* while the chain has the record */
#define WAIT_JOURNAL_ACK_MOST_MS 100 /* the most that a policy may ask for */
#define WAIT_JOURNAL_ALONE_MS 1000 /* when journald is the only sink left */
#define WAIT_JOURNAL_REST_S 10    /* after a time-out nothing waits for journald this long (seconds) */
#define WAIT_GAP_MS         20    /* to note a gap while another notes one */
#define WAIT_MERGE_MS       50    /* to bring a spilled chain home */
#define WAIT_VERIFY_LOCK_MS 1000  /* chain_verify, for a moment of rest in which to open the files */
#define WAIT_STDIN_MS       2000  /* update --resources -: for the whole text */
#define WAIT_LOG_MS         100   /* a --log that is a full fifo */
#define WAIT_FEATURES_MS    1000  /* for `--version` and `features` of a delegate, both together */
#define WAIT_REAP_MS        1000  /* for a child that was killed to be gone */
#define REST_FEATURES_S     600   /* a delegate that gave no answer is not asked again this long (seconds) */
#define WAIT_SYSCTL_MS      200   /* for a child that looks at sysctls in new namespaces */
