/* SPDX-License-Identifier: Apache-2.0 */
/* The words for runvet's own files. */
#include "validate/rule/predicates.h"

static bool holds_one(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return !d->integer.negative && d->integer.magnitude == 1;
}

const struct predicate be_number_one = {
	.says = "be 1, the one version there is",
	.judges = DOC_INT,
	.holds = holds_one,
};

static bool off(const struct doc *audit, const char *sink)
{
	const struct doc *d = doc_get(audit, sink);
	return d && d->type == DOC_BOOL && !d->boolean;
}

static bool holds_a_sink(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return !off(d, "chain") || !off(d, "journal");
}

const struct predicate keep_a_sink = {
	.says = "leave chain or journal on",
	.judges = DOC_OBJECT,
	.holds = holds_a_sink,
};
