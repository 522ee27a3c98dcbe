/* SPDX-License-Identifier: Apache-2.0 */
/* The words for the document that a delegate prints about itself. */
#include "validate/rule/around.h"
#include "validate/rule/predicates_feature.h"
#include "validate/rule/version.h"

static bool holds_above(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	struct semver x, y;
	if (!semver_read(around_string(d->parent, r->text), &x) || !semver_read(d->string, &y))
		return true;
	for (int i = 0; i < 3; i++)
		if (x.number[i] != y.number[i])
			return x.number[i] < y.number[i];
	return true;
}

const struct predicate not_fall_below = {
	.says = "not be lower than {}",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_above,
};

static const struct {
	const char *place;
	enum spec_version since;
} late[] = {
	{ "potentiallyUnsafeConfigAnnotations", SPEC_1_2_0 },
	{ "linux.mountExtensions", SPEC_1_2_0 },
	{ "linux.intelRdt.schemata", SPEC_1_3_0 },
	{ "linux.intelRdt.monitoring", SPEC_1_3_0 },
	{ "linux.memoryPolicy", SPEC_1_3_0 },
	{ "linux.netDevices", SPEC_1_3_0 },
};

static bool holds_own_release(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	const enum spec_version most = spec_version_of(around_string(d, "ociVersionMax"));
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]) && most != SPEC_ANY; i++) {
		const struct doc *m = doc_find(d, late[i].place);
		if (m && late[i].since > most) {
			*ret_at = m;
			return false;
		}
	}
	return true;
}

const struct predicate hold_its_release = {
	.says = "be of a release up to ociVersionMax",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_own_release,
};
