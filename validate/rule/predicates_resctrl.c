/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for Intel RDT: classes are directories of the resctrl file system, and schemas lines of a file in each:
 * "L3:0=f;1=f0". Delegates leave out what they have no resctrl for, or fail [tried: crun 1.8.1 the one, runc 1.1.5 the
 * other].
 */
#include "validate/rule/known.h"
#include "validate/rule/predicates_cgroup.h"

static const char *const schemas[] = { "l3CacheSchema", "memBwSchema", "schemata", NULL };

static bool asks_for_something(const struct doc *rdt)
{
	for (const struct doc *m = rdt->first; m; m = m->next)
		if (!around_unset(m))
			return true;
	return false;
}

static bool has_schema(const struct doc *rdt)
{
	for (const char *const *s = schemas; *s; s++)
		if (!around_unset(doc_get(rdt, *s)))
			return true;
	return false;
}

/* The class of that name; *ret_known: whether classes are known at all. */
static const struct doc *class_of(const struct facts *f, struct bytes name, bool *ret_known)
{
	const struct doc *groups = around_host(f, "resctrl.groups");
	*ret_known = groups && groups->type == DOC_OBJECT;
	for (const struct doc *g = *ret_known ? groups->first : NULL; g; g = g->next)
		if (bytes_equal(g->key, name))
			return g->type == DOC_ARRAY ? g : NULL;
	return NULL;
}

static bool holds_resctrl(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !asks_for_something(d) || known_true(around_host(f, "resctrl.mounted")) != NO;
}

static void tells_resctrl(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "this host has no resctrl file system mounted");
}

const struct predicate have_resctrl = {
	.says = "have a resctrl file system to be applied in",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_resctrl,
	.tells = tells_resctrl,
};

/* Of a class that is not there yet, what it is to be has to be said. */
static bool holds_class(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	bool known;
	const bool there = class_of(f, d->string, &known) != NULL;
	return d->string.len == 0 || there || !known || has_schema(d->parent) ||
		known_true(around_host(f, "resctrl.mounted")) == NO;
}

static void tells_class(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host has the classes ");
	say_list(around_host(f, "resctrl.groups"), to);
}

const struct predicate name_a_class = {
	.says = "be a class that is there, or come with a schema",
	.judges = DOC_STRING,
	.holds = holds_class,
	.tells = tells_class,
};

static struct bytes trimmed(struct bytes b)
{
	while (b.len > 0 && strchr(" \t\r\n", b.data[0])) {
		b.data++;
		b.len--;
	}
	while (b.len > 0 && strchr(" \t\r\n", b.data[b.len - 1]))
		b.len--;
	return b;
}

/* What stands before the next `end` (or the end) from *at on, trimmed, with *at moved behind it. */
static bool next_part(struct bytes b, char end, size_t *at, struct bytes *ret)
{
	if (*at >= b.len)
		return false;
	const char *stop = memchr(b.data + *at, end, b.len - *at);
	const size_t len = stop ? (size_t)(stop - (b.data + *at)) : b.len - *at;
	*ret = trimmed((struct bytes){ b.data + *at, len });
	*at += len + 1;
	return true;
}

/* "0=0f" in halves; a value without its leading zeros, because it is a mask. */
static bool halves(struct bytes part, char sign, struct bytes *ret_left, struct bytes *ret_right)
{
	const char *at = part.len ? memchr(part.data, sign, part.len) : NULL;
	if (!at)
		return false;
	const size_t left = (size_t)(at - part.data);
	*ret_left = trimmed((struct bytes){ part.data, left });
	*ret_right = trimmed((struct bytes){ at + 1, part.len - left - 1 });
	while (sign == '=' && ret_right->len > 1 && ret_right->data[0] == '0') {
		ret_right->data++;
		ret_right->len--;
	}
	return true;
}

/* Whether the line for that resource gives the domain another value. */
static bool differs(struct bytes line, struct bytes resource, struct bytes domain, struct bytes value)
{
	struct bytes left, right, part, id, mask;
	if (!halves(line, ':', &left, &right) || !bytes_equal(left, resource))
		return false;
	for (size_t at = 0; next_part(right, ';', &at, &part);)
		if (halves(part, '=', &id, &mask) && bytes_equal(id, domain) && !bytes_equal(mask, value))
			return true;
	return false;
}

static bool contradicts(const struct doc *class, struct bytes line)
{
	struct bytes resource, rest, part, domain, value;
	if (!halves(line, ':', &resource, &rest))
		return false;
	for (size_t at = 0; next_part(rest, ';', &at, &part);)
		for (const struct doc *have = class->first; have; have = have->next)
			if (have->type == DOC_STRING && halves(part, '=', &domain, &value) &&
				differs(have->string, resource, domain, value))
				return true;
	return false;
}

static bool holds_match(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	bool known;
	const struct doc *rdt = d->parent->type == DOC_ARRAY ? d->parent->parent : d->parent;
	const struct doc *class = class_of(f, around_string(rdt, "closID"), &known);
	struct bytes line;
	for (size_t at = 0; class && next_part(d->string, '\n', &at, &line);)
		if (contradicts(class, line))
			return false;
	return true;
}

static void tells_match(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	bool known;
	const struct doc *rdt = at->parent->type == DOC_ARRAY ? at->parent->parent : at->parent;
	const struct bytes name = around_string(rdt, "closID");
	text_add(to, "this host has that class with ");
	say_list(class_of(f, name, &known), to);
}

const struct predicate match_the_class = {
	.says = "be what the class closID is already",
	.judges = DOC_STRING,
	.holds = holds_match,
	.tells = tells_match,
};

/* Which member of the host's resctrl is about a property; NULL: none is. */
static const char *ability_of(const struct doc *d)
{
	static const struct {
		const char *property, *ability;
	} abilities[] = {
		{ "l3CacheSchema", "l3" },
		{ "memBwSchema", "mb" },
		{ "enableMonitoring", "l3Monitoring" },
		{ "enableCMT", "l3Monitoring" },
		{ "enableMBM", "l3Monitoring" },
	};
	for (size_t i = 0; i < sizeof(abilities) / sizeof(abilities[0]); i++)
		if (bytes_is(d->key, abilities[i].property))
			return abilities[i].ability;
	if (d->type != DOC_STRING || d->parent->type != DOC_ARRAY)
		return NULL;
	if (bytes_start(trimmed(d->string), "L3:"))
		return "l3";
	return bytes_start(trimmed(d->string), "MB:") ? "mb" : NULL;
}

static bool holds_cpu(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *resctrl = around_host(f, "resctrl");
	const char *ability = ability_of(d);
	return !ability || around_unset(d) || known_true(doc_get(resctrl, "mounted")) == NO ||
		known_true(doc_get(resctrl, ability)) != NO;
}

static void tells_cpu(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	const char *ability = ability_of(at);
	text_printf(to, "the resctrl file system of this host offers no %s",
		!ability                             ? "such thing"
			: strcmp(ability, "l3") == 0 ? "allocation of the L3 cache"
			: strcmp(ability, "mb") == 0 ? "allocation of memory bandwidth"
						     : "monitoring");
}

const struct predicate be_of_this_cpu = {
	.says = "be something that the host's processors can do",
	.judges = DOC_BOOL | DOC_STRING,
	.holds = holds_cpu,
	.tells = tells_cpu,
};

/* A container with a schema and no class that is there gets a class of its own. One class is the root's. */
static bool holds_free(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	bool known;
	const struct doc *there = class_of(f, around_string(d, "closID"), &known),
			 *groups = around_host(f, "resctrl.groups");
	const int64_t most = around_int(around_host(f, "resctrl"), "closids", 0);
	return !known || there || !has_schema(d) || most <= 0 || (int64_t)groups->count + 1 < most;
}

static void tells_free(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_printf(to, "this host's processors have %lld classes, and all are taken",
		(long long)around_int(around_host(f, "resctrl"), "closids", 0));
}

const struct predicate leave_a_class = {
	.says = "find a class that is free",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_free,
	.tells = tells_free,
};
