/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of runvetctl share: exit codes, and the way complaints are made. */
#pragma once

#include <stdbool.h>

/* Exit codes: scripts build on them. */
enum {
	CTL_GOOD = 0,
	CTL_FOUND = 1,  /* check: something of severity error */
	CTL_USAGE = 2,  /* a wrong command line, or a file that cannot be opened */
};

/*
 * One verb, in a file of its own. argv[0] is the verb; what follows are its own words. Returns an exit code. Output
 * goes to stdout, complaints to stderr.
 */
struct verb {
	const char *name;
	const char *summary;     /* one line of `runvetctl --help` */
	const char *help;        /* all of `runvetctl NAME --help`, at most 80 columns; NULL: run() sees to it */
	int (*run)(int argc, char **argv);
};

/*
 * A verb below a verb, as in `runvetctl audit list`: argv[0] is its name. Of those below audit, `help` is followed by
 * the options of a query and then by `after` (examples, exit status), where there is such; NULL: none of its own.
 */
struct subverb {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
	const char *help, *after;
	bool prints; /* records: --format is told of as well */
};

extern const struct verb verb_attest, verb_audit, verb_boundary, verb_check, verb_compliance, verb_diff, verb_doctor,
	verb_exempt, verb_explain, verb_features, verb_generate, verb_host, verb_install, verb_lock, verb_policy,
	verb_rules, verb_try, verb_uninstall, verb_version;

/* Complains on stderr, one line that begins with "runvetctl: ", and points to the help. Returns CTL_USAGE. */
int usage(const struct verb *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same of an option that the verb does not have; a near one of the NULL-terminated list is named. */
int usage_option(const struct verb *v, const char *option, const char *const *known);

/* Complains on stderr of something that is nobody's command line: a file, the output. Returns CTL_USAGE. */
int trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes to stdout and flushes. CTL_GOOD, or CTL_USAGE once it has complained. */
int put(const char *text);
