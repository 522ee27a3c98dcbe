/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Broken", as opposed to "no". A stage that could not do its work returns a negative errno and fills a struct fail;
 * a rule that is breached is data (validate/report.h) and never comes this way. The struct has a fixed size and owns
 * nothing, so that it can be filled when memory is gone.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What a refusal is owed to; onError in the policy file has one switch for each. */
enum cause {
	CAUSE_INTERNAL, /* the harmless default: a fault of ours, or of the machine */
	CAUSE_COMMAND_LINE,
	CAUSE_BUNDLE, /* config.json, process.json, resources: unreadable or unparsable */
	CAUSE_POLICY,
	CAUSE_RUNTIMES, /* runtimes.d, or no delegate */
	CAUSE_AUDIT,
	CAUSE_CLOCK, /* it shows a time before the policy's: nothing dated can be believed */
	CAUSE_MAX,
};

/*
 * "internal", "commandLine", "bundle", "policy", "runtimes", "audit", "clock": the keys of onError, and what records
 * say.
 */
const char *cause_name(enum cause c);

struct place {
	uint32_t line, column; /* from 1, column in bytes; 0 when there is none */
};

struct fail {
	int code;           /* the negative errno that was returned */
	enum cause cause;
	char rule[64];      /* id of the broken rule, such as "json.duplicate-name"; "" when none fits */
	char file[256];     /* what was being read; "" when nothing was */
	struct place place; /* in that file */
	char pointer[256];  /* JSON Pointer (RFC 6901); "" is the whole document */
	char says[256];     /* one line, quoting nothing secret */
};

/*
 * Fills *reterr (which may be NULL) with code, cause, rule and the formatted sentence, clearing the rest.
 * Returns code, so that a stage can `return fail(reterr, -EINVAL, CAUSE_BUNDLE, "json.utf8", "...")`.
 */
int fail(struct fail *reterr, int code, enum cause cause, const char *rule, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/*
 * An errno in our own words, free of the phrases that engines take for their own errors
 * (engine contract §1.5: "no such file", "not a directory" ...): ENOENT is "it is missing".
 * Takes errno of either sign; never NULL.
 */
const char *errno_words(int code);

/*
 * What Docker, Podman, containerd and CRI-O search a refusal for, in any case of letters, and take for errors of their
 * own (engine contract §1.5). In lower case, closed by NULL.
 */
extern const char *const engine_triggers[];
