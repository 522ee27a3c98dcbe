/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only a running container shows: `runvetctl compliance --probe`. Containers are made by the delegate itself, and
 * never through runvet, below one directory of theirs, which is not there any more afterwards: its state directory, the
 * bundle, all output. Their ids begin with "runvet-compliance-". Every command has an end, all of them together too,
 * and a signal that asks runvetctl to end first ends and removes what was started.
 */
#pragma once

#include "validate/base/fd.h"
#include "validate/comply.h"

#define PROBE_WORDS 16         /* of a command, the delegate's own included */
#define PROBE_OUTPUT 32768     /* bytes of a container's output that are read */
#define PROBE_COMMAND_MS 10000 /* for one command of the delegate */
#define PROBE_STATE_MS 3000    /* for a container to be in a state */
#define PROBE_ALL_MS 180000    /* for all of it */

struct probe {
	struct arena *arena;
	struct comply_map *map;
	const char *path, *argv0;  /* of the delegate; argv0 NULL: by its path */
	char dir[256];             /* ours; "" when there is none */
	char bundle[288];
	char id[64];               /* of the container under way */
	unsigned count;            /* of containers so far */
	struct deadline until;
	const char *idle;          /* nothing is run, and the lines are unknown: why; NULL otherwise */
	int signal;                /* that came meanwhile; 0: none */
	const char *broken;        /* an ordinary container does not even start: why */
};

/* What came of one command of the delegate. */
struct probed {
	int code;                  /* its exit code; 128 and the signal; -1: it was late */
	char out[PROBE_OUTPUT], err[4096];
};

/* One of a container's own facts, or how it ends. */
enum seen_kind {
	SEES,    /* a line of its output that matches */
	DIFFERS, /* its namespace of that name is not ours */
	SHARES,  /* ... is ours */
	ENDS,    /* with that exit code */
	SAYS,    /* a line on its standard error */
	LACKS,   /* no line of its output matches */
};

struct seen {
	const char *patch;  /* of the ordinary bundle's config.json; neighbours with the same one share a container */
	enum comply_section section;
	const char *line;   /* NULL: the line of .place */
	const char *place;  /* the property that it is about; NULL: none */
	enum seen_kind kind;
	const char *wants;  /* with * as in a shell */
	const char *spec;
};

/* Closed by a NULL .wants. */
extern const struct seen probe_seen[];

/* What is done to a container, one after the other. */
enum does { DOES_END, DOES_CREATE, DOES_START, DOES_STATE, DOES_KILL, DOES_DELETE, DOES_PAUSE, DOES_RESUME, DOES_EXEC };

struct act {
	enum does does;
	bool fails;          /* it has to */
	bool needed;         /* without it the rest tells nothing */
	bool other;          /* of an id that there is not */
	const char *status;  /* of DOES_STATE: that it comes to */
	const char *member;  /* of DOES_STATE: one that has to be there */
	const char *command; /* of DOES_EXEC */
	int code;            /* of DOES_EXEC */
	const char *wants;   /* of DOES_EXEC: a line of its output */
	enum comply_section section;
	const char *line;    /* NULL: it is only on the way */
	const char *spec;
};

/* Stories, each closed by DOES_END; the list is closed by a NULL. */
extern const struct act *const probe_stories[];

/* The ordinary bundle's config.json, as comply_patched takes it. */
extern const char probe_config[];

/*
 * Runs all of it through the delegate of the map, and adds the lines; with `idle`, only adds them, unknown for that
 * reason. 0; -ENOMEM; -EINTR when a signal came, which *ret_signal tells; or another negative errno when nothing could
 * be tried, with *reterr.
 */
int probe_all(struct arena *a, struct comply_map *m, const char *idle, int *ret_signal, struct fail *reterr);

/* The parts. */
int probe_begin(struct probe *p, struct fail *reterr);
void probe_end(struct probe *p);
bool probe_over(const struct probe *p);      /* time is up, or a signal came */
int probe_bundle(struct probe *p, const char *patch); /* writes config.json, gives a new id; 0 or a negative errno */
const char *probe_file(struct probe *p, const char *name); /* below the bundle; NULL without memory */

/* The delegate, with its --root and these words. 0 with *ret, or a negative errno. `input`: its standard input. */
int probe_run(struct probe *p, const char *const *words, const char *input, struct probed *ret);

void probe_clear(struct probe *p); /* ends the container under way */
void probe_look(struct probe *p);    /* probe_seen */
void probe_tell(struct probe *p);    /* probe_stories */
void probe_hooks(struct probe *p);
void probe_terminal(struct probe *p);

/* Adds the line, or finds that of its property, and says how it went. */
void probe_line(struct probe *p, const struct seen *s, enum comply status, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The last line of what the delegate complained of, without what is of this very run: times, ids, paths. */
const char *probe_fault(struct probe *p, const struct probed *ran);

/* Whether one of the lines of text matches. */
bool probe_matches(const char *text, const char *pattern);
