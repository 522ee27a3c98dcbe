/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The word for delegates with known faults. A version says little where distributions keep the number and mend the
 * fault, so this only warns, and the policy can name what has been mended.
 */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

/* The first releases without the fault, one of each branch that got it, oldest first. */
static const struct fault {
	const char *cve, *name;
	const char *mended[4];
} faults[] = {
	{ "CVE-2019-5736", "runc", { "1.0.0" } },
	{ "CVE-2021-30465", "runc", { "1.0.0" } },
	{ "CVE-2022-29162", "runc", { "1.1.2" } },
	{ "CVE-2023-27561", "runc", { "1.1.5" } },
	{ "CVE-2023-28642", "runc", { "1.1.5" } },
	{ "CVE-2024-21626", "runc", { "1.1.12" } },
	{ "CVE-2024-45310", "runc", { "1.1.14" } },
	{ "CVE-2025-31133", "runc", { "1.2.8", "1.3.3", "1.4.0" } },
	{ "CVE-2025-52565", "runc", { "1.2.8", "1.3.3", "1.4.0" } },
	{ "CVE-2025-52881", "runc", { "1.2.8", "1.3.3", "1.4.0" } },
	{ "CVE-2026-41579", "runc", { "1.3.6", "1.4.3", "1.5.0" } },
	{ "CVE-2022-27650", "crun", { "1.4.4" } },
	{ "CVE-2025-24965", "crun", { "1.20" } },
	{ "CVE-2026-30892", "crun", { "1.27" } },
	{ "CVE-2026-47766", "crun", { "1.28" } },
};

struct version {
	unsigned number[3];
	bool candidate; /* 1.4.0-rc.1: before 1.4.0 */
};

static bool version_read(struct bytes text, struct version *ret)
{
	size_t at = 0;
	*ret = (struct version){ 0 };
	for (unsigned i = 0; i < 3; i++) {
		const size_t start = at;
		for (; at < text.len && text.data[at] >= '0' && text.data[at] <= '9' && at < start + 6; at++)
			ret->number[i] = ret->number[i] * 10 + (unsigned)(text.data[at] - '0');
		if (at == start)
			return i > 0;
		if (at >= text.len || text.data[at] != '.' || i == 2)
			break;
		at++;
	}
	ret->candidate = at < text.len && (text.data[at] == '-' || text.data[at] == '~');
	return true;
}

static int version_order(const struct version *a, const struct version *b)
{
	for (unsigned i = 0; i < 3; i++)
		if (a->number[i] != b->number[i])
			return a->number[i] < b->number[i] ? -1 : 1;
	return (int)b->candidate - (int)a->candidate;
}

static bool mended(const struct fault *fault, const struct version *have)
{
	for (size_t i = 0; i < sizeof(fault->mended) / sizeof(fault->mended[0]) && fault->mended[i]; i++) {
		struct version v;
		version_read(bytes_of(fault->mended[i]), &v);
		const bool last = i + 1 == sizeof(fault->mended) / sizeof(fault->mended[0]) || !fault->mended[i + 1];
		const bool branch = v.number[0] == have->number[0] && v.number[1] == have->number[1];
		if ((last || branch) && version_order(have, &v) >= 0)
			return true;
	}
	return false;
}

/* The next fault from *at on that this delegate has; NULL at the end, and for a version that is not known. */
static const struct fault *next_fault(const struct rule *r, const struct facts *f, size_t *at)
{
	struct version have;
	const struct bytes name = around_string(f->delegate, "name");
	if (!bytes_is(name, r->text) || !version_read(around_string(f->delegate, "version"), &have))
		return NULL;
	while (*at < sizeof(faults) / sizeof(faults[0])) {
		const struct fault *fault = &faults[(*at)++];
		if (bytes_is(name, fault->name) && !mended(fault, &have) &&
			!param_has(f, r, "patched", NULL, bytes_of(fault->cve)))
			return fault;
	}
	return NULL;
}

bool control_has_fault(const struct rule *r, const struct facts *f, const char *name, const char *cve)
{
	struct version have;
	if (!bytes_is(around_string(f->delegate, "name"), name) ||
		!version_read(around_string(f->delegate, "version"), &have) ||
		param_has(f, r, "patched", NULL, bytes_of(cve)))
		return false;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (strcmp(faults[i].cve, cve) == 0 && strcmp(faults[i].name, name) == 0)
			return !mended(&faults[i], &have);
	return false;
}

static bool holds_recent(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	size_t at = 0;
	(void)d, (void)ret_at;
	return !next_fault(r, f, &at);
}

static void tells_recent(const struct rule *r, const struct doc *where, const struct facts *f, struct text *to)
{
	size_t at = 0;
	(void)where;
	text_printf(to, "%s ", r->text);
	text_shown(to, around_string(f->delegate, "version"), 32);
	text_add(to, " is older than the end of ");
	const char *before = "";
	for (const struct fault *fault; (fault = next_fault(r, f, &at)); before = ", ")
		text_printf(to, "%s%s", before, fault->cve);
}

const struct predicate be_run_by_a_mended = {
	.says = "be run by a {} without known ways out",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_recent,
	.tells = tells_recent,
};
