/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of SARIF: results, in sarif.c, and what they refer to. */
#pragma once

#include "ctl/check/format.h"

/* A rule that some result broke, described once for the run. */
struct sarif_rule {
	const char *id;
	const struct rule *rule; /* NULL: none of the tables */
	const char *profile;     /* whose control it is; NULL: nobody's */
};

struct sarif {
	struct sarif_rule *rules;
	size_t count, room;
	struct text notices;  /* toolExecutionNotifications */
	const char *base;     /* the working directory, with a slash at its end; NULL: not known */
};

/* The index of the finding's rule, added where it is new. */
size_t sarif_rule_index(struct output *o, struct sarif *s, const struct finding *f);

/* "rules": [ … ], of all that were added. */
void sarif_rules_write(const struct sarif *s, struct text *to);

/* The SARIF level of a severity: "error", "warning", "note". */
const char *sarif_level(enum severity s);

/*
 * "artifactLocation": { … } of a path: relative to the working directory where it lies below it, and without "." and
 * ".."; a file URI elsewhere. Percent-encoded (RFC 3986).
 */
void sarif_artifact_write(struct arena *a, const struct sarif *s, const char *path, struct text *to);

/* What a path is as a URI, with what `about` holds. */
void sarif_uri_write(const char *path, bool directory, struct text *to);

/*
 * What tells a finding from others of the document, and is the same when lines move or entries are put before it: a
 * digest of the rule, its place without indices, and the value as far as it may be shown.
 */
void sarif_fingerprint(struct arena *a, const struct finding *f, char ret[static 33]);
