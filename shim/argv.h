/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line, read the one way on which every delegate's parser agrees (engine contract §2.4). Our own argv is
 * never rewritten before it is handed on; everything here points into it.
 *
 * Two readings. Strict, for judged verbs: one canonical shape, everything else is refused as ambiguous. Loose, for the
 * verbs that always have to work: a line on which no word is a judged verb passes byte for byte whatever its shape,
 * since no delegate can take it for one. Only a verb that the dialect does not know is reported there (-ENOSYS).
 *
 * Rules that a refusal names:
 *
 *	argv.shape            a word is empty, begins or ends with white space, or holds a control byte
 *	argv.verb-known       the verb is not one that the dialect knows
 *	argv.option-known     the option is not one that the dialect knows at this place
 *	argv.option-spelling  the option is abbreviated, has one dash, or letters run together
 *	argv.option-order     the option stands on the wrong side of the verb or of the container id
 *	argv.option-refused   the option is known and delegates read it differently
 *	argv.repeat           the option stands there twice
 *	argv.value            a value is missing its form: empty, beginning with a dash, or given to a flag
 *	argv.id               the container id is missing or not spelled as all delegates want it
 *	argv.positional       a word too many, or a first word of exec's command that could be taken for an option
 */
#pragma once

#include "validate/base/arena.h"
#include "validate/base/fail.h"
#include "validate/base/limits.h"

enum oci_verb {
	VERB_NONE, /* --version, --help, or nothing at all */
	VERB_CREATE, VERB_RUN, VERB_RESTORE, VERB_EXEC, VERB_UPDATE, /* judged */
	VERB_START, VERB_STATE, VERB_KILL, VERB_DELETE, VERB_PAUSE, VERB_RESUME, VERB_PS, VERB_LIST, VERB_EVENTS,
	VERB_CHECKPOINT, VERB_FEATURES, VERB_SPEC, VERB_OTHER, /* known to the dialect, passed */
	VERB_UNKNOWN,
};

enum arity { ARITY_FLAG, ARITY_VALUE, ARITY_OPTIONAL /* --tty, --tty=V: a value only when attached */ };

/* Which member of struct request an option fills. */
enum slot {
	SLOT_NONE,
	SLOT_ROOT, SLOT_LOG, SLOT_LOG_FORMAT, SLOT_SYSTEMD_CGROUP, SLOT_DEBUG,
	SLOT_BUNDLE, SLOT_CONFIG, SLOT_PROCESS, SLOT_RESOURCES,
	SLOT_PID_FILE, SLOT_CONSOLE_SOCKET, SLOT_DETACH, SLOT_TTY,
	SLOT_VERSION,
	SLOT_PROCESS_FLAG /* exec: says what the process is (--cap, --user ...); kept apart, --env not at all */,
	SLOT_REFUSED /* known, and never accepted on a judged verb: crun's --rootless */,
	SLOT_MAX,
};

enum repeat { REPEAT_NO, REPEAT_SAME /* identical values only */, REPEAT_ANY /* --env, --cap */ };

/* The name is held, not pointed to: of eight hundred rows each pointer would have to be adjusted at every start. */
struct option_row {
	char name[32];     /* without dashes; "" closes a list */
	char letter;       /* short form, 0 for none */
	enum arity arity;
	enum slot slot;
	enum repeat repeat;
	bool one_dash;     /* also taken as -name: go-runc's -no-subreaper */
	const char *why;   /* SLOT_REFUSED: what is wrong with it, as a clause */
};

struct verb_row {
	const char *name;
	enum oci_verb verb;
	const struct option_row *options; /* closed by an empty name; NULL: none known (passed verbs need none) */
	size_t ids;        /* container ids it takes: 1, or 0 */
};

struct dialect {
	const char *name;  /* "runc", "crun", "youki", "runsc" */
	const struct option_row *globals;
	const struct verb_row *verbs;
	const char *const *help; /* words that print something and leave wherever they stand before the id: "--help" */
};

/* "runc", "crun", "youki", "runsc"; NULL for another name. */
const struct dialect *dialect_find(const char *name);

/* Whether the word is one of create, run, restore, exec, update. */
bool verb_judged(enum oci_verb v);

/* An option that a runtimes.d file adds. verb NULL: a global one. */
struct option_added {
	const char *verb, *name;
	enum arity arity;
};

/*
 * Whether an option of that name says what is judged or where a refusal goes. Were it taken for an opaque one, the
 * delegate would read a file that runvet has not: no runtimes.d file may add it.
 */
bool option_reserved(struct bytes name);

/* exec without --process: one of the words that say what the process is. */
struct said {
	const char *option; /* the name of its row: "cap" */
	const char *value;  /* "" of a flag */
};

struct request {
	char **argv;               /* as received */
	int argc;
	enum oci_verb verb;
	const char *verb_word;     /* "" when there is none */
	bool judged;               /* verb is one of the five and nothing makes the delegate print and leave */
	bool help;                 /* help, version, or a last option without value: the delegate prints and leaves */
	const char *value[SLOT_MAX]; /* "" for a flag that is set; NULL when absent */
	const char *id;            /* NULL when there is none */
	char **rest;               /* exec and passed verbs: words after the id; NULL-terminated, never NULL itself */
	bool has_process_flags;    /* exec without --process: --cap, --user, ... stand on the line */
	struct said said[LIMIT_SAID]; /* those, but for --env: what it sets may be secret */
	size_t said_count;
};

/*
 * Reads argv (argv[argc] is NULL). 0: *ret is filled; for a passed verb as far as could be read. -EINVAL: a judged verb
 * stands on the line and its shape is ambiguous; *reterr (CAUSE_COMMAND_LINE, one of the rules above) says which word
 * and what would be right; *ret still holds log and log format as far as they could be read, for the refusal, and the
 * verb where it was reached. -ENOSYS: unknown verb (rule "argv.verb-known"). Of a word that could hold a secret (an
 * unknown value, exec's words) nothing is quoted but its number.
 */
int argv_read(const struct dialect *d, const struct option_added *added, size_t added_count, int argc, char **argv,
	      struct request *ret, struct fail *reterr);
