/* SPDX-License-Identifier: Apache-2.0 */
/* The words that need a neighbour, or the whole document, to be judged. */
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

static bool holds_namespace(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	const bool empty = d->type == DOC_STRING ? d->string.len == 0 : d->count == 0;
	return empty || !f->root || around_namespace(f->root, r->text);
}

const struct predicate need_namespace = {
	.says = "go with a {} namespace in linux.namespaces",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING | DOC_ARRAY | DOC_OBJECT,
	.holds = holds_namespace,
};

static bool holds_user_mappings(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	const struct doc *user = f->root ? around_namespace(f->root, "user") : NULL;
	const struct doc *uids = doc_get(d, "uidMappings"), *gids = doc_get(d, "gidMappings");
	if (!user || doc_string(user, "path", (struct bytes){ 0 }).len > 0 ||
		(uids && uids->count && gids && gids->count))
		return true;
	*ret_at = user;
	return false;
}

const struct predicate have_user_mappings = {
	.says = "go with both linux.uidMappings and linux.gidMappings",
	.judges = DOC_OBJECT,
	.holds = holds_user_mappings,
};

static bool holds_go_with(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	const bool unset = around_int(d, "height", 0) == 0 && around_int(d, "width", 0) == 0;
	return unset || doc_true(d->parent, r->text);
}

const struct predicate go_with = {
	.says = "go with {}: true",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.holds = holds_go_with,
};

/* Whether a > b over the whole range of both 64-bit types. */
static bool is_greater(const struct doc *a, const struct doc *b)
{
	if (a->integer.negative != b->integer.negative)
		return b->integer.negative;
	return a->integer.negative ? a->integer.magnitude < b->integer.magnitude
				   : a->integer.magnitude > b->integer.magnitude;
}

static bool holds_not_exceed(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	const struct doc *most = doc_get(d->parent, r->text);
	return !most || most->type != DOC_INT || !is_greater(d, most);
}

const struct predicate not_exceed = {
	.says = "not exceed {}",
	.takes = TAKES_TEXT,
	.judges = DOC_INT,
	.holds = holds_not_exceed,
};

static bool holds_not_exceed_if_set(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	return around_int(d->parent, r->text, 0) <= 0 || holds_not_exceed(r, d, f, ret_at);
}

const struct predicate not_exceed_if_set = {
	.says = "not exceed {}",
	.takes = TAKES_TEXT,
	.judges = DOC_INT,
	.holds = holds_not_exceed_if_set,
};

static bool holds_numbers(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	const struct bytes type = doc_string(d, "type", BYTES("p"));
	return bytes_is(type, "p") || (doc_get(d, "major") && doc_get(d, "minor"));
}

const struct predicate have_numbers = {
	.says = "have major and minor, which only a fifo (type p) lacks",
	.judges = DOC_OBJECT,
	.holds = holds_numbers,
};

/* swap counts memory and swap together. 0 is unset and -1 is no limit, for both. */
static bool holds_swap(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *swap = doc_get(d, "swap");
	const int64_t limit = around_int(d, "limit", 0);
	if (!swap || around_int(d, "swap", 0) <= 0 || limit <= 0 || around_int(d, "swap", 0) >= limit)
		return true;
	*ret_at = swap;
	return false;
}

const struct predicate cover_swap = {
	.says = "not be below limit: it counts memory and swap together",
	.judges = DOC_OBJECT,
	.holds = holds_swap,
};
