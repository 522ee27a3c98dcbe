/* SPDX-License-Identifier: Apache-2.0 */
/* One profile, made ready to judge: private to validate/policy. */
#pragma once

#include "validate/check.h"
#include "validate/policy/evaluate.h"
#include "validate/policy/policy_parts.h"
#include "validate/rule/tree.h"

/* The rows of a look by what becomes of them. Each kind is judged for itself, so that its sums are its own. */
enum look_kind {
	LOOK_COUNTED, /* enforce, warn */
	LOOK_AUDITED,
	LOOK_HIDDEN,  /* off, and an exemption depends on them */
	LOOK_MAX,
};

struct look {
	const struct profile *profile;
	enum mode mode, custom;
	struct turned turned[LOOK_MAX]; /* of the rows that are built in; .severity NULL without any */
	struct rules rows[LOOK_MAX];    /* of the policy's own */
	struct tree trees[LOOK_MAX];    /* of those rows; .root NULL without any */
	const struct rule *locked[LOOK_MAX]; /* the row of det.lock, with its severity; NULL where it is not judged */
	const struct ruling *rulings; /* one for each control of the library */
	const struct doc *params; /* of controls: an object for each id, whose members are the ruling's; NULL: none */
	struct report found[LOOK_MAX];
};

/* Whether what stands there only holds what is to change. */
static inline bool below_is_part(const char *below)
{
	return strcmp(below, "linux.resources") == 0;
}

/*
 * Turns on the rows of a profile. `below`: where the document stands; of a part that only holds what is to change
 * ("linux.resources") nothing is missed. 0 or -ENOMEM.
 */
int look_make(struct arena *a, const struct policy *p, struct library *lib, const char *below, struct look *ret);

/* What the rows ask, added to *asking. 0, or -ENOMEM with *reterr. */
int look_asks(struct arena *a, const struct check_input *like, const struct look *look, struct asking *asking,
	      struct fail *reterr);

/* Judges by all rows. 0, or a negative errno with *reterr. */
int look_judge(struct arena *a, const struct check_input *like, struct look *look, struct fail *reterr);
