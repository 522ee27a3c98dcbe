/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crun: the union of 1.8 to 1.29. Its parser (glibc's argp) takes unambiguous abbreviations, so that the tables must be
 * matched exactly; and what this table calls by name must never be an abbreviation in a release that lacks it.
 * `mounts` is not here: it changes the mounts of a running container behind everyone's back.
 */
#include "shim/dialect.h"

static const struct option_row globals[] = {
	{ .name = "debug", .slot = SLOT_DEBUG, .repeat = REPEAT_SAME },
	{ .name = "log", .arity = ARITY_VALUE, .slot = SLOT_LOG },
	{ .name = "log-format", .arity = ARITY_VALUE, .slot = SLOT_LOG_FORMAT },
	{ .name = "log-level", .arity = ARITY_VALUE }, /* since 1.17; conmon-rs */
	{ .name = "root", .arity = ARITY_VALUE, .slot = SLOT_ROOT, .repeat = REPEAT_SAME },
	{ .name = "systemd-cgroup", .slot = SLOT_SYSTEMD_CGROUP, .repeat = REPEAT_SAME },
	{ .name = "cgroup-manager", .arity = ARITY_VALUE },
	{ .name = "rootless", .arity = ARITY_VALUE, .slot = SLOT_REFUSED,
	  .why = "crun up to 1.21 takes it for --root, later ones ignore it: leave it out" },
	{ .name = "version", .letter = 'v', .slot = SLOT_VERSION, .repeat = REPEAT_SAME },
	{ .name = "" },
};

#define CREATE_ROWS \
	{ .name = "bundle", .letter = 'b', .arity = ARITY_VALUE, .slot = SLOT_BUNDLE }, \
	{ .name = "config", .letter = 'f', .arity = ARITY_VALUE, .slot = SLOT_CONFIG }, \
	{ .name = "console-socket", .arity = ARITY_VALUE, .slot = SLOT_CONSOLE_SOCKET }, \
	{ .name = "pid-file", .arity = ARITY_VALUE, .slot = SLOT_PID_FILE }, \
	{ .name = "no-pivot", .repeat = REPEAT_SAME }, \
	{ .name = "no-new-keyring", .repeat = REPEAT_SAME }, \
	{ .name = "no-subreaper", .repeat = REPEAT_SAME }, \
	{ .name = "preserve-fds", .arity = ARITY_VALUE }

static const struct option_row create[] = {
	CREATE_ROWS,
	{ .name = "" },
};

static const struct option_row run[] = {
	CREATE_ROWS,
	{ .name = "detach", .letter = 'd', .slot = SLOT_DETACH, .repeat = REPEAT_SAME },
	{ .name = "keep", .repeat = REPEAT_SAME }, /* since 1.15 */
	{ .name = "" },
};

static const struct option_row restore[] = {
	{ .name = "bundle", .letter = 'b', .arity = ARITY_VALUE, .slot = SLOT_BUNDLE },
	{ .name = "console-socket", .arity = ARITY_VALUE, .slot = SLOT_CONSOLE_SOCKET },
	{ .name = "pid-file", .arity = ARITY_VALUE, .slot = SLOT_PID_FILE },
	{ .name = "image-path", .arity = ARITY_VALUE },
	{ .name = "work-path", .arity = ARITY_VALUE },
	{ .name = "manage-cgroups-mode", .arity = ARITY_VALUE },
	{ .name = "lsm-profile", .arity = ARITY_VALUE },
	{ .name = "lsm-mount-context", .arity = ARITY_VALUE },
	{ .name = "tcp-established", .repeat = REPEAT_SAME },
	{ .name = "tcp-close", .repeat = REPEAT_SAME },
	{ .name = "ext-unix-sk", .repeat = REPEAT_SAME },
	{ .name = "shell-job", .repeat = REPEAT_SAME },
	{ .name = "file-locks", .repeat = REPEAT_SAME },
	{ .name = "detach", .letter = 'd', .slot = SLOT_DETACH, .repeat = REPEAT_SAME },
	{ .name = "network-lock", .slot = SLOT_REFUSED,
	  .why = "crun declares it as a flag and then takes the next word, whatever that is: leave it out" },
	/* Not crun's, but conmon writes them; it is for crun to say that it does not know them. */
	{ .name = "no-pivot", .repeat = REPEAT_SAME },
	{ .name = "no-new-keyring", .repeat = REPEAT_SAME },
	{ .name = "" },
};

static const struct option_row exec[] = {
	{ .name = "process", .letter = 'p', .arity = ARITY_VALUE, .slot = SLOT_PROCESS },
	{ .name = "console-socket", .arity = ARITY_VALUE, .slot = SLOT_CONSOLE_SOCKET },
	{ .name = "pid-file", .arity = ARITY_VALUE, .slot = SLOT_PID_FILE },
	{ .name = "detach", .letter = 'd', .slot = SLOT_DETACH, .repeat = REPEAT_SAME },
	{ .name = "tty", .letter = 't', .arity = ARITY_OPTIONAL, .slot = SLOT_TTY },
	{ .name = "preserve-fds", .arity = ARITY_VALUE },
	{ .name = "cwd", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "env", .letter = 'e', .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG, .repeat = REPEAT_ANY },
	{ .name = "user", .letter = 'u', .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "process-label", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "apparmor", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "no-new-privs", .slot = SLOT_PROCESS_FLAG, .repeat = REPEAT_SAME },
	{ .name = "cap", .letter = 'c', .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG, .repeat = REPEAT_ANY },
	{ .name = "cgroup", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "" },
};

static const struct option_row update[] = {
	{ .name = "resources", .letter = 'r', .arity = ARITY_VALUE, .slot = SLOT_RESOURCES },
	{ .name = "blkio-weight", .arity = ARITY_VALUE },
	{ .name = "cpu-period", .arity = ARITY_VALUE },
	{ .name = "cpu-quota", .arity = ARITY_VALUE },
	{ .name = "cpu-rt-period", .arity = ARITY_VALUE },
	{ .name = "cpu-rt-runtime", .arity = ARITY_VALUE },
	{ .name = "cpu-share", .arity = ARITY_VALUE },
	{ .name = "cpuset-cpus", .arity = ARITY_VALUE },
	{ .name = "cpuset-mems", .arity = ARITY_VALUE },
	{ .name = "kernel-memory", .arity = ARITY_VALUE },
	{ .name = "kernel-memory-tcp", .arity = ARITY_VALUE },
	{ .name = "l3-cache-schema", .arity = ARITY_VALUE },
	{ .name = "mem-bw-schema", .arity = ARITY_VALUE },
	{ .name = "memory", .arity = ARITY_VALUE },
	{ .name = "memory-reservation", .arity = ARITY_VALUE },
	{ .name = "memory-swap", .arity = ARITY_VALUE },
	{ .name = "pids-limit", .arity = ARITY_VALUE },
	{ .name = "" },
};

/* Passed verbs: only what takes a value, so that the container id can be told from one. */
static const struct option_row checkpoint[] = {
	{ .name = "image-path", .arity = ARITY_VALUE },
	{ .name = "work-path", .arity = ARITY_VALUE },
	{ .name = "parent-path", .arity = ARITY_VALUE },
	{ .name = "manage-cgroups-mode", .arity = ARITY_VALUE },
	{ .name = "network-lock", .arity = ARITY_VALUE }, /* declared a flag, and takes the next word */
	{ .name = "" },
};

static const struct option_row ps[] = {
	{ .name = "format", .letter = 'f', .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct verb_row verbs[] = {
	{ .name = "create", .verb = VERB_CREATE, .options = create, .ids = 1 },
	{ .name = "run", .verb = VERB_RUN, .options = run, .ids = 1 },
	{ .name = "restore", .verb = VERB_RESTORE, .options = restore, .ids = 1 },
	{ .name = "exec", .verb = VERB_EXEC, .options = exec, .ids = 1 },
	{ .name = "update", .verb = VERB_UPDATE, .options = update, .ids = 1 },
	{ .name = "start", .verb = VERB_START, .ids = 1 },
	{ .name = "state", .verb = VERB_STATE, .ids = 1 },
	{ .name = "kill", .verb = VERB_KILL, .ids = 1 },
	{ .name = "delete", .verb = VERB_DELETE, .ids = 1 },
	{ .name = "pause", .verb = VERB_PAUSE, .ids = 1 },
	{ .name = "resume", .verb = VERB_RESUME, .ids = 1 },
	{ .name = "ps", .verb = VERB_PS, .options = ps, .ids = 1 },
	{ .name = "list", .verb = VERB_LIST },
	{ .name = "events", .verb = VERB_EVENTS, .ids = 1 }, /* not crun's: crun says so */
	{ .name = "checkpoint", .verb = VERB_CHECKPOINT, .options = checkpoint, .ids = 1 },
	{ .name = "features", .verb = VERB_FEATURES },
	{ .name = "spec", .verb = VERB_SPEC },
	{ 0 },
};

static const char *const help[] = { "--help", "-?", "--usage", "-V", NULL };

const struct dialect dialect_crun = { .name = "crun", .globals = globals, .verbs = verbs, .help = help };
