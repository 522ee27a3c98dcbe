/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How results are told: a row for each format. What a format writes goes into output.to, and from there to standard
 * output in large pieces, so that ten thousand documents need no more memory than one.
 */
#pragma once

#include "ctl/check/check.h"

struct check_format {
	const char *name, *summary;
	/* Each may be NULL. They write to o->to, and need not say when there is no memory: o->to.cut does. */
	void (*begin)(struct output *o);
	/* One document on one host with one delegate; the report lives no longer. */
	void (*outcome)(struct output *o, const struct checked *c, const struct report *r, struct outcome *one);
	/* One document, with all that was found of it, c->noted. */
	void (*document)(struct output *o, const struct checked *c);
	/* What was named and could not be read: `why` is a clause. */
	void (*unread)(struct output *o, const char *given, const char *why);
	void (*end)(struct output *o, const struct checked *list, size_t count);
};

extern const struct check_format check_text, check_lines, check_json, check_sarif, check_junit, check_github,
	check_patch;

/* The format of that name; NULL when there is none. */
const struct check_format *check_format_find(const char *name);

/* "text, lines, json …": of all of them, for complaints. */
const char *check_format_names(void);

/* "PATH:LINE:COLUMN: error: SAYS [RULE, PROFILE]" of one finding, escaped for a terminal; without .fix on request. */
void finding_line(const char *file, const struct finding *f, bool fix, const struct paint *p, struct text *to);

/* "1 checked, 0 denied: 0 errors …", and a newline. */
void sums_line(const struct checked *list, size_t count, struct text *to);

/* What it weighs now: of an exempted finding, what it would weigh without the exemption. */
enum severity noted_severity(const struct noted *n);

/* Where it holds, "on node7 with runc, …"; nothing when that is everywhere. */
void noted_where(const struct output *o, const struct checked *c, const struct noted *n, struct text *to);

/* The reason that the policy gives for the exemption of that id; NULL when it gives none. */
const char *exempt_reason(struct arena *a, const struct policy *p, const char *id);

/* b with the JSON escapes and without quotes, as XML text or attribute; what XML cannot hold is U+FFFD. */
void text_xml(struct text *to, struct bytes b);
