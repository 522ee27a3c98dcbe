/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runsc: gVisor's releases of 2022 to 2026. Go's flag package: no short forms; a boolean takes a value only when
 * attached (--debug=true, as gVisor's own shim writes every setting). Of its hundred-odd global flags only those are
 * here that do not change what the sandbox keeps out; a site that wants --network=host and its like says so in
 * runtimes.d. `do`, `boot`, `gofer`, `debug`, `tar`, `install` and the like are not here: they run or change things
 * beside the engine.
 */
#include "shim/dialect.h"

static const struct option_row globals[] = {
	{ .name = "debug", .arity = ARITY_OPTIONAL, .slot = SLOT_DEBUG },
	{ .name = "log", .arity = ARITY_VALUE, .slot = SLOT_LOG },
	{ .name = "log-format", .arity = ARITY_VALUE, .slot = SLOT_LOG_FORMAT },
	{ .name = "root", .arity = ARITY_VALUE, .slot = SLOT_ROOT },
	{ .name = "systemd-cgroup", .arity = ARITY_OPTIONAL, .slot = SLOT_SYSTEMD_CGROUP },
	{ .name = "rootless", .arity = ARITY_OPTIONAL },
	{ .name = "alsologtostderr", .arity = ARITY_OPTIONAL },
	{ .name = "debug-command", .arity = ARITY_VALUE },
	{ .name = "debug-log", .arity = ARITY_VALUE },
	{ .name = "debug-log-format", .arity = ARITY_VALUE },
	{ .name = "panic-log", .arity = ARITY_VALUE },
	{ .name = "platform", .arity = ARITY_VALUE },
	{ .name = "strace", .arity = ARITY_OPTIONAL },
	{ .name = "strace-log-size", .arity = ARITY_VALUE },
	{ .name = "strace-syscalls", .arity = ARITY_VALUE },
	{ .name = "watchdog-action", .arity = ARITY_VALUE },
	{ .name = "version", .slot = SLOT_VERSION },
	{ .name = "" },
};

#define CREATE_ROWS \
	{ .name = "bundle", .arity = ARITY_VALUE, .slot = SLOT_BUNDLE }, \
	{ .name = "console-socket", .arity = ARITY_VALUE, .slot = SLOT_CONSOLE_SOCKET }, \
	{ .name = "pid-file", .arity = ARITY_VALUE, .slot = SLOT_PID_FILE }, \
	{ .name = "user-log", .arity = ARITY_VALUE }, \
	{ .name = "fs-restore-image-path", .arity = ARITY_VALUE }, \
	{ .name = "fs-restore-direct" }, \
	/* Not runsc's, but go-runc and conmon may write them; it is for runsc to say that it does not know them. */ \
	{ .name = "no-pivot" }, \
	{ .name = "no-new-keyring" }

static const struct option_row create[] = {
	CREATE_ROWS,
	{ .name = "" },
};

static const struct option_row run[] = {
	CREATE_ROWS,
	{ .name = "detach", .slot = SLOT_DETACH },
	{ .name = "pass-fd", .arity = ARITY_VALUE, .repeat = REPEAT_ANY },
	{ .name = "exec-fd", .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct option_row restore[] = {
	CREATE_ROWS,
	{ .name = "image-path", .arity = ARITY_VALUE },
	{ .name = "work-path", .arity = ARITY_VALUE },
	{ .name = "detach", .slot = SLOT_DETACH },
	{ .name = "direct" },
	{ .name = "background" },
	{ .name = "no-subreaper", .one_dash = true },
	{ .name = "parent-path", .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct option_row exec[] = {
	{ .name = "process", .arity = ARITY_VALUE, .slot = SLOT_PROCESS },
	{ .name = "console-socket", .arity = ARITY_VALUE, .slot = SLOT_CONSOLE_SOCKET },
	{ .name = "pid-file", .arity = ARITY_VALUE, .slot = SLOT_PID_FILE },
	{ .name = "internal-pid-file", .arity = ARITY_VALUE },
	{ .name = "detach", .slot = SLOT_DETACH },
	{ .name = "pass-fd", .arity = ARITY_VALUE, .repeat = REPEAT_ANY },
	{ .name = "exec-fd", .arity = ARITY_VALUE },
	{ .name = "cwd", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "env", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG, .repeat = REPEAT_ANY },
	{ .name = "user", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "additional-gids", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG, .repeat = REPEAT_ANY },
	{ .name = "cap", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG, .repeat = REPEAT_ANY },
	{ .name = "" },
};

static const struct option_row update[] = {
	{ .name = "resources", .arity = ARITY_VALUE, .slot = SLOT_RESOURCES },
	{ .name = "blkio-weight", .arity = ARITY_VALUE },
	{ .name = "cpu-burst", .arity = ARITY_VALUE },
	{ .name = "cpu-idle", .arity = ARITY_VALUE },
	{ .name = "cpu-period", .arity = ARITY_VALUE },
	{ .name = "cpu-quota", .arity = ARITY_VALUE },
	{ .name = "cpu-rt-period", .arity = ARITY_VALUE },
	{ .name = "cpu-rt-runtime", .arity = ARITY_VALUE },
	{ .name = "cpu-share", .arity = ARITY_VALUE },
	{ .name = "cpuset-cpus", .arity = ARITY_VALUE },
	{ .name = "cpuset-mems", .arity = ARITY_VALUE },
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
	{ .name = "compression", .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct option_row ps[] = {
	{ .name = "format", .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct option_row events[] = {
	{ .name = "interval", .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct option_row kill[] = {
	{ .name = "pid", .arity = ARITY_VALUE },
	{ .name = "pgid", .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct option_row wait[] = {
	{ .name = "rootpid", .arity = ARITY_VALUE },
	{ .name = "pid", .arity = ARITY_VALUE },
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
	{ .name = "kill", .verb = VERB_KILL, .options = kill, .ids = 1 },
	{ .name = "delete", .verb = VERB_DELETE, .ids = 1 },
	{ .name = "pause", .verb = VERB_PAUSE, .ids = 1 },
	{ .name = "resume", .verb = VERB_RESUME, .ids = 1 },
	{ .name = "ps", .verb = VERB_PS, .options = ps, .ids = 1 },
	{ .name = "list", .verb = VERB_LIST },
	{ .name = "events", .verb = VERB_EVENTS, .options = events, .ids = 1 },
	{ .name = "checkpoint", .verb = VERB_CHECKPOINT, .options = checkpoint, .ids = 1 },
	{ .name = "features", .verb = VERB_FEATURES },
	{ .name = "spec", .verb = VERB_SPEC },
	{ .name = "wait", .verb = VERB_OTHER, .options = wait, .ids = 1 }, /* gVisor's own shim lives on it */
	{ .name = "usage", .verb = VERB_OTHER, .ids = 1 },
	{ .name = "help", .verb = VERB_OTHER },
	{ .name = "flags", .verb = VERB_OTHER },
	{ .name = "commands", .verb = VERB_OTHER },
	{ 0 },
};

static const char *const help[] = { "--help", "-help", "-h", NULL };

const struct dialect dialect_runsc = { .name = "runsc", .globals = globals, .verbs = verbs, .help = help };
