/* SPDX-License-Identifier: Apache-2.0 */
/* The engine: rows × places = findings. Pure; one walk over the document. */
#pragma once

#include "validate/report.h"

struct tree; /* validate/rule/tree.h */

/* Of a place: a row here or below is judged; such a row asks something. */
enum { LIVE_JUDGES = 1, LIVE_ASKS = 2 };

/* Which rows of a subject are judged, and how: what a profile makes of those that are built in. */
struct turned {
	uint32_t first;          /* the number of the row that the lists begin with */
	const uint8_t *severity; /* by row: in place of the row's own; SEV_OFF: it is not judged */
	const uint8_t *live;     /* by node of the subject, its root first: LIVE_* */
	const uint64_t *asks;    /* by row: ASK() bits beside its own; NULL: none */
	bool part;               /* the document only holds what is to change: nothing is missed */
};

struct check_input {
	const char *file;       /* its name in reports */
	struct bytes text;      /* the bytes, for line and column */
	const struct doc *root;
	enum subject of;
	const char *below;      /* the document is what stands there in a config.json: "process"; "" is all of it */
	enum spec_version version; /* when `below` hides ociVersion; SPEC_ANY otherwise */
	enum release rules;     /* the policy's: rows of a later release only warn; zero is the first release */
	const struct rules *const *tables; /* other rows than those built in, closed by NULL: a policy's */
	const struct tree *tree; /* of tables and subject, for who asks and judges; NULL: it is made */
	const struct turned *turned; /* of rows that are built in; NULL: all are judged, as they are */
	/* Of OF_HOST and OF_CONTROL: see struct facts. NULL is unknown. */
	const struct doc *host, *delegate, *context, *params;
	const struct doc *boundary; /* of OF_BOUNDARY: what the container got; NULL is unknown */
	/* Where the host was looked at for this very document: what was asked, with its answers. NULL: host tells. */
	const struct asked *asked;
	/* The whole config.json where it is known beside a part of it that is judged; NULL otherwise. */
	const struct doc *whole;
};

struct asking {
	uint64_t all;         /* ASK() bits: every question, those about places too */
	struct asked *places, *last; /* in the order of the document */
};

/*
 * What the rows of the subject (OF_HOST, OF_CONTROL) ask about this document, added to *asking (which starts zeroed).
 * 0, or -ENOMEM.
 */
int check_asks(struct arena *a, const struct check_input *in, struct asking *asking, struct fail *reterr);

/*
 * Judges the document by every row of its subject, plus what needs the vocabulary: json.case-variant-name (a key that
 * Unicode-folds onto a known one, error), json.unknown-property (info; a known key in the wrong place is named),
 * json.no-null, and the release of every property (spec.version.property-newer, -removed): those not for OF_HOST and
 * OF_CONTROL, whose document OF_BUNDLE's rows have judged. Findings come in table order, then place order; pointers
 * are within the document itself.
 * 0, or -ENOMEM.
 */
int check(struct arena *a, const struct check_input *in, struct report *ret, struct fail *reterr);
