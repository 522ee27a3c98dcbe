/* SPDX-License-Identifier: Apache-2.0 */
/* The words for runvet's own files. */
#include "validate/base/when.h"
#include "validate/rule/around.h"
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

static bool holds_time(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	struct timespec t;
	(void)r, (void)f, (void)ret_at;
	return when_read(d->string, &t) == 0;
}

const struct predicate be_a_time = {
	.says = "be a time such as 2027-01-31T00:00:00Z",
	.judges = DOC_STRING,
	.holds = holds_time,
};

static bool plain(struct bytes name, const char *others)
{
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.data[i];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && !strchr(others, c))
			return false;
	}
	return name.len > 0 && name.len <= 64;
}

static bool holds_names(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		if (!plain(m->key, "._-")) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate have_profile_names = {
	.says = "be called by letters, digits, dots and dashes, at most 64",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_names,
};

static bool holds_custom(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const size_t prefix = strlen("custom.");
	(void)r, (void)f, (void)ret_at;
	if (!bytes_start(d->string, "custom."))
		return false;
	for (size_t i = prefix; i < d->string.len; i++)
		if (d->string.data[i] >= 'A' && d->string.data[i] <= 'Z')
			return false;
	return plain((struct bytes){ d->string.data + prefix, d->string.len - prefix }, ".-");
}

const struct predicate be_a_custom_id = {
	.says = "be custom. and a name in lower case: custom.no-nfs",
	.judges = DOC_STRING,
	.holds = holds_custom,
};

static bool holds_scope(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return !around_unset(doc_get(d, "match")) || !around_unset(doc_get(d, "values"));
}

const struct predicate say_for_what = {
	.says = "have match or values",
	.judges = DOC_OBJECT,
	.holds = holds_scope,
};
