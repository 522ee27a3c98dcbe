/* SPDX-License-Identifier: Apache-2.0 */
/* The engine: rows × places = findings. Pure; one walk over the document. */
#pragma once

#include "validate/report.h"

struct check_input {
	const char *file;       /* its name in reports */
	struct bytes text;      /* the bytes, for line and column */
	const struct doc *root;
	enum subject of;
	const char *below;      /* the document is what stands there in a config.json: "process"; "" is all of it */
	enum spec_version version; /* when `below` hides ociVersion; SPEC_ANY otherwise */
	enum release rules;     /* the policy's: rows of a later release only warn; zero is the first release */
	const struct rules *const *tables; /* other rows than rule_tables, closed by NULL: for tests */
};

/*
 * Judges the document by every row of its subject, plus what needs the vocabulary: json.case-variant-name (a key that
 * Unicode-folds onto a known one, error), json.unknown-property (info; a known key in the wrong place is named),
 * json.no-null, and the release of every property (spec.version.property-newer, -removed). Findings come in table
 * order, then place order; pointers are within the document itself.
 * 0, or -ENOMEM.
 */
int check(struct arena *a, const struct check_input *in, struct report *ret, struct fail *reterr);
