/* SPDX-License-Identifier: Apache-2.0 */
/*
 * youki: its main branch after 0.7. The parser (clap) refuses a repeated option, and reads options between the id and
 * the command of exec. There is no restore.
 */
#include "shim/dialect.h"

static const struct option_row globals[] = {
	{ .name = "debug", .slot = SLOT_DEBUG },
	{ .name = "log", .letter = 'l', .arity = ARITY_VALUE, .slot = SLOT_LOG },
	{ .name = "log-format", .arity = ARITY_VALUE, .slot = SLOT_LOG_FORMAT },
	{ .name = "log-level", .arity = ARITY_VALUE },
	{ .name = "root", .letter = 'r', .arity = ARITY_VALUE, .slot = SLOT_ROOT },
	{ .name = "systemd-cgroup", .letter = 's', .slot = SLOT_SYSTEMD_CGROUP },
	{ .name = "systemd-log" },
	{ .name = "version", .letter = 'v', .slot = SLOT_VERSION },
	{ .name = "" },
};

#define CREATE_ROWS \
	{ .name = "bundle", .letter = 'b', .arity = ARITY_VALUE, .slot = SLOT_BUNDLE }, \
	{ .name = "console-socket", .letter = 'c', .arity = ARITY_VALUE, .slot = SLOT_CONSOLE_SOCKET }, \
	{ .name = "pid-file", .letter = 'p', .arity = ARITY_VALUE, .slot = SLOT_PID_FILE }, \
	{ .name = "no-pivot" }, \
	{ .name = "no-new-keyring" }, \
	{ .name = "preserve-fds", .arity = ARITY_VALUE }

static const struct option_row create[] = {
	CREATE_ROWS,
	{ .name = "" },
};

static const struct option_row run[] = {
	CREATE_ROWS,
	{ .name = "detach", .letter = 'd', .slot = SLOT_DETACH },
	{ .name = "keep" },
	{ .name = "no-subreaper" },
	{ .name = "" },
};

static const struct option_row exec[] = {
	{ .name = "process", .letter = 'p', .arity = ARITY_VALUE, .slot = SLOT_PROCESS },
	{ .name = "console-socket", .arity = ARITY_VALUE, .slot = SLOT_CONSOLE_SOCKET },
	{ .name = "pid-file", .arity = ARITY_VALUE, .slot = SLOT_PID_FILE },
	{ .name = "detach", .letter = 'd', .slot = SLOT_DETACH },
	{ .name = "tty", .letter = 't', .slot = SLOT_TTY },
	{ .name = "ignore-paused" },
	{ .name = "preserve-fds", .arity = ARITY_VALUE },
	{ .name = "cwd", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "env", .letter = 'e', .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG, .repeat = REPEAT_ANY },
	{ .name = "user", .letter = 'u', .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "additional-gids", .letter = 'g', .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG,
	  .repeat = REPEAT_ANY },
	{ .name = "process-label", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "apparmor", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "no-new-privs", .slot = SLOT_PROCESS_FLAG },
	{ .name = "cap", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG, .repeat = REPEAT_ANY },
	{ .name = "cgroup", .arity = ARITY_VALUE, .slot = SLOT_PROCESS_FLAG },
	{ .name = "" },
};

static const struct option_row update[] = {
	{ .name = "resources", .letter = 'r', .arity = ARITY_VALUE, .slot = SLOT_RESOURCES },
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
	{ .name = "parent-path", .arity = ARITY_VALUE },
	{ .name = "manage-cgroups-mode", .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct option_row ps[] = {
	{ .name = "format", .letter = 'f', .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct option_row events[] = {
	{ .name = "interval", .arity = ARITY_VALUE },
	{ .name = "" },
};

static const struct verb_row verbs[] = {
	{ .name = "create", .verb = VERB_CREATE, .options = create, .ids = 1 },
	{ .name = "run", .verb = VERB_RUN, .options = run, .ids = 1 },
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
	{ .name = "events", .verb = VERB_EVENTS, .options = events, .ids = 1 },
	{ .name = "checkpoint", .verb = VERB_CHECKPOINT, .options = checkpoint, .ids = 1 },
	{ .name = "checkpointt", .verb = VERB_CHECKPOINT, .options = checkpoint, .ids = 1 }, /* as youki spells it */
	{ .name = "features", .verb = VERB_FEATURES },
	{ .name = "spec", .verb = VERB_SPEC },
	{ .name = "info", .verb = VERB_OTHER },
	{ .name = "completion", .verb = VERB_OTHER },
	{ .name = "help", .verb = VERB_OTHER },
	{ 0 },
};

static const char *const help[] = { "--help", "-h", NULL };

const struct dialect dialect_youki = { .name = "youki", .globals = globals, .verbs = verbs, .help = help };
