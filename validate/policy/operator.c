/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a site may ask for in rules of its own. The words are the same as those of our rows, so a finding of a custom
 * rule reads like any other; the site's message stands behind it. Zero, false and empty mean unset, as everywhere.
 */
#include "validate/policy/operator.h"

#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/rule/around.h"

#define NAMED_MOST 4u /* values that a sentence names */

static bool same(const struct doc *a, const struct doc *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == DOC_BOOL)
		return a->boolean == b->boolean;
	if (a->type == DOC_INT)
		return a->integer.negative == b->integer.negative && a->integer.magnitude == b->integer.magnitude;
	return a->type == DOC_STRING && bytes_equal(a->string, b->string);
}

static bool same_pattern(const struct doc *pattern, const struct doc *d)
{
	return pattern->type == DOC_STRING && d->type == DOC_STRING && glob_match(pattern->string, d->string);
}

/* Whether the rule's value, or one of its values, is like this one. */
static bool among(const struct rule *r, const struct doc *d, bool (*like)(const struct doc *, const struct doc *))
{
	const struct doc *one = doc_get(r->said, "value");
	if (one && like(one, d))
		return true;
	for (const struct doc *e = around_first(r->said, "values"); e; e = e->next)
		if (like(e, d))
			return true;
	return false;
}

/* Entries of a map whose key is none of the rule's are none of its business. */
static bool other_key(const struct rule *r, const struct doc *d)
{
	const struct doc *key = doc_get(r->said, "key");
	return key && key->type == DOC_STRING && !glob_match(key->string, d->key);
}

static bool holds_in(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return other_key(r, d) || among(r, d, same);
}

static bool holds_not_in(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return other_key(r, d) || !among(r, d, same);
}

static bool holds_glob(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return other_key(r, d) || among(r, d, same_pattern);
}

static bool holds_not_glob(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return other_key(r, d) || !among(r, d, same_pattern);
}

/* -1, 0, 1: as integers of any size and sign. */
static int order(const struct doc *a, const struct doc *b)
{
	if (a->integer.negative != b->integer.negative)
		return a->integer.negative ? -1 : 1;
	const int up = a->integer.magnitude < b->integer.magnitude ? -1 : a->integer.magnitude > b->integer.magnitude;
	return a->integer.negative ? -up : up;
}

static bool within(const struct rule *r, const struct doc *d)
{
	const struct doc *min = doc_get(r->said, "min"), *max = doc_get(r->said, "max");
	return (!min || order(d, min) >= 0) && (!max || order(d, max) <= 0);
}

static bool holds_range(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return other_key(r, d) || within(r, d);
}

static bool holds_count(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc count = { .type = DOC_INT, .integer = { .magnitude = d->count } };
	(void)f, (void)ret_at;
	return within(r, &count);
}

static bool holds_unset(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return other_key(r, d) || around_unset(d);
}

/* An entry of the map that has one of the rule's keys. */
static bool has_key(const struct rule *r, const struct doc *map)
{
	for (const struct doc *m = map && map->type == DOC_OBJECT ? map->first : NULL; m; m = m->next)
		if (!other_key(r, m) && m->type != DOC_NULL)
			return true;
	return false;
}

/* What stands at the rule's path below d; NULL when nothing does. */
static const struct doc *reach(const struct rule *r, const struct doc *d)
{
	for (const char *path = r->text; *path && *path != '*';) {
		char name[128];
		const size_t len = strcspn(path, ".");
		struct text to = text_over(name, sizeof(name));
		text_bytes(&to, (struct bytes){ path, len });
		const struct doc *m = to.cut ? NULL : doc_get(d, name);
		if (!m)
			return NULL;
		d = m;
		path += len + (path[len] == '.');
	}
	return d;
}

static bool holds_have(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return !around_unset(reach(r, d));
}

static bool holds_entry(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *map = reach(r, d);
	(void)f;
	if (map)
		*ret_at = map;
	return has_key(r, map);
}

static bool holds_there(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return reach(r, d) != NULL;
}

static void list_write(const struct rule *r, struct text *to)
{
	const struct doc *values = doc_get(r->said, "values"), *d = doc_get(r->said, "value");
	const uint32_t all = values ? values->count : 1;
	uint32_t named = 0;

	for (d = values ? values->first : d; d && named < (all > NAMED_MOST + 1 ? NAMED_MOST : all); d = d->next) {
		text_add(to, named == 0 ? "" : named + 1 == all ? " and " : ", ");
		named++;
		if (d->type == DOC_STRING)
			text_shown(to, d->string, LIMIT_QUOTE / 2);
		else if (d->type == DOC_BOOL)
			text_add(to, d->boolean ? "true" : "false");
		else
			text_printf(to, "%s%llu", d->integer.negative ? "-" : "",
				(unsigned long long)d->integer.magnitude);
		if (!values)
			break;
	}
	if (named < all)
		text_printf(to, " and %u more", all - named);
}

static void tells_allowed(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at, (void)f;
	text_add(to, "the policy allows ");
	list_write(r, to);
}

static void tells_forbidden(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at, (void)f;
	text_add(to, "the policy forbids ");
	list_write(r, to);
}

#define SCALAR (DOC_STRING | DOC_INT | DOC_BOOL)

static const struct predicate be_equal = { .says = "be {}", .takes = TAKES_TEXT, .judges = SCALAR, .holds = holds_in };
static const struct predicate be_in = { .says = "be one that the policy lists",
	.judges = SCALAR,
	.holds = holds_in,
	.tells = tells_allowed };
static const struct predicate not_be_in = { .says = "not be one that the policy lists",
	.judges = SCALAR,
	.holds = holds_not_in,
	.tells = tells_forbidden };
static const struct predicate be_like = { .says = "be like one that the policy lists",
	.judges = DOC_STRING,
	.holds = holds_glob,
	.tells = tells_allowed };
static const struct predicate not_be_like = {
	.says = "not be like one that the policy lists",
	.judges = DOC_STRING,
	.holds = holds_not_glob,
	.tells = tells_forbidden,
};
static const struct predicate be_in_range = { .says = "be {}",
	.takes = TAKES_TEXT,
	.judges = DOC_INT,
	.holds = holds_range };
static const struct predicate have_count = { .says = "have {} entries",
	.takes = TAKES_TEXT,
	.judges = DOC_ARRAY | DOC_OBJECT,
	.holds = holds_count };
static const struct predicate be_unset_here = { .says = "not be set",
	.judges = SCALAR | DOC_ARRAY | DOC_OBJECT,
	.holds = holds_unset };

const struct predicate operator_have = {
	.says = "have {} set",
	.takes = TAKES_TEXT,
	.judges = SCALAR | DOC_ARRAY | DOC_OBJECT,
	.of_keys = true,
	.holds = holds_have,
};

static void tells_key(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	const struct bytes key = around_string(r->said, "key");
	(void)at, (void)f;
	text_add(to, "the policy wants ");
	text_shown(to, key.len ? key : BYTES("one of any name"), LIMIT_QUOTE / 2);
}

const struct predicate operator_entry = {
	.says = "have one more entry",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_entry,
	.tells = tells_key,
};

/* Of operators that judge what is there themselves. */
const struct predicate operator_there = {
	.says = "have {} set",
	.takes = TAKES_TEXT,
	.judges = SCALAR | DOC_ARRAY | DOC_OBJECT,
	.of_keys = true,
	.holds = holds_there,
};

static bool holds_set(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return other_key(r, d) || !around_unset(d);
}

const struct predicate operator_set = {
	.says = "be set",
	.judges = SCALAR | DOC_ARRAY | DOC_OBJECT,
	.holds = holds_set,
};

static const struct op_word operators[] = {
	{ .name = "equals", .predicate = &be_equal, .types = SCALAR, .values = true, .present = true },
	{ .name = "in", .predicate = &be_in, .types = SCALAR, .values = true },
	{ .name = "not-in", .predicate = &not_be_in, .types = SCALAR, .values = true },
	{ .name = "subset-of", .predicate = &be_in, .types = DOC_ARRAY, .values = true, .each = true },
	{ .name = "glob", .predicate = &be_like, .types = DOC_STRING, .values = true },
	{ .name = "not-glob", .predicate = &not_be_like, .types = DOC_STRING, .values = true },
	{ .name = "range", .predicate = &be_in_range, .types = DOC_INT, .bounds = true },
	{ .name = "exists", .types = ~0u, .present = true },
	{ .name = "absent", .predicate = &be_unset_here, .types = SCALAR | DOC_ARRAY | DOC_OBJECT },
	{ .name = "count", .predicate = &have_count, .types = DOC_ARRAY | DOC_OBJECT, .bounds = true, .present = true },
};

const struct op_word *operator_find(struct bytes name)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (bytes_is(name, operators[i].name))
			return &operators[i];
	return NULL;
}
