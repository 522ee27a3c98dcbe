/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that are written in a way of their own. */
#include <errno.h>

#include "validate/fingerprint/posture.h"

static bool is_list(const struct doc *d)
{
	return d && d->type == DOC_ARRAY && d->first;
}

static int compare_bytes(struct bytes a, struct bytes b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int order = n ? memcmp(a.data, b.data, n) : 0;

	return order ? order : a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static int compare_numbers(const struct doc *a, const struct doc *b)
{
	const int larger = a->integer.magnitude == b->integer.magnitude ? 0
		: a->integer.magnitude < b->integer.magnitude           ? -1
									: 1;

	if (a->integer.negative != b->integer.negative)
		return a->integer.negative ? -1 : 1;
	return a->integer.negative ? -larger : larger;
}

/* Kinds apart; numbers by size, all else by its text. */
static int by_value(const struct doc *a, const struct doc *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return a->type == DOC_INT ? compare_numbers(a, b) : compare_bytes(a->string, b->string);
}

/* Elements that are no plain values, as their canonical texts: nodes of strings, but to be written as they are. */
static struct doc *texts_of(struct posture *p, const struct doc *list, int *ret)
{
	struct doc *nodes = arena_array(p->arena, list->count + 1u, sizeof(*nodes)), *at = nodes;

	*ret = nodes ? 0 : -ENOMEM;
	for (const struct doc *e = list->first; nodes && e && *ret == 0; e = e->next, at++) {
		struct text t = text_growing(p->arena);
		*at = *e;
		at->next = e->next ? at + 1 : NULL;
		if (e->type == DOC_STRING || e->type == DOC_INT)
			continue;
		*ret = canonical_write(e, &t);
		at->type = DOC_NUMBER; /* whose text is in .string, too */
		at->string = (struct bytes){ t.data, t.len };
	}
	return nodes;
}

/* The usual list: no texts have to be made of what is in it. */
static bool all_plain(const struct doc *list)
{
	for (const struct doc *e = list->first; e; e = e->next)
		if (e->type != DOC_STRING && e->type != DOC_INT)
			return false;
	return true;
}

int posture_set(struct posture *p, const struct doc *list, struct text *to)
{
	struct doc set = { .type = DOC_ARRAY };
	int r = 0;

	if (!is_list(list))
		return 0;
	set.count = list->count;
	set.first = all_plain(list) ? list->first : texts_of(p, list, &r);
	const struct doc **items = r == 0 ? normal_sorted(p->arena, &set, by_value) : NULL;
	if (!items)
		return r < 0 ? r : -ENOMEM;
	text_char(to, '[');
	for (const struct doc **i = items; *i; i++) {
		if (i > items && by_value(i[-1], *i) == 0)
			continue;
		if (i > items)
			text_char(to, ',');
		if ((*i)->type == DOC_NUMBER)
			text_bytes(to, (*i)->string);
		else
			(void)canonical_write(*i, to);
	}
	text_char(to, ']');
	return 1;
}

static int by_name(const struct doc *a, const struct doc *b)
{
	return canonical_order(a->key, b->key);
}

static void put_key(struct text *to, struct bytes key)
{
	if (to->data[to->len - 1] != '{')
		text_char(to, ',');
	canonical_string(to, key);
	text_char(to, ':');
}

static int put_number(const struct doc *d, struct text *to)
{
	if (d)
		return canonical_write(d, to);
	text_char(to, '0');
	return 0;
}

int posture_annotations(struct posture *p, const struct doc *d, struct text *to)
{
	static const char *const acted_on[] = { "run.oci.", "org.systemd.property." };
	const struct doc **items = d && d->type == DOC_OBJECT ? normal_sorted(p->arena, d, by_name) : NULL;
	int r = 0;

	if (!items)
		return d && d->type == DOC_OBJECT ? -ENOMEM : 0;
	text_char(to, '{');
	for (; *items && r >= 0; items++)
		for (size_t i = 0; i < sizeof(acted_on) / sizeof(acted_on[0]); i++) {
			if (!bytes_start((*items)->key, acted_on[i]) || (*items)->type == DOC_NULL)
				continue;
			put_key(to, (*items)->key);
			const int written = canonical_write(*items, to);
			r = written < 0 ? written : 1;
		}
	text_char(to, '}');
	return r;
}

int posture_capabilities(struct posture *p, const struct doc *d, struct text *to)
{
	static const char *const sets[] = { "ambient", "bounding", "effective", "inheritable", "permitted" };
	int any = 0;

	text_char(to, '{');
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		const struct doc *set = doc_get(d, sets[i]);
		if (!is_list(set))
			continue;
		posture_member(to, sets[i]);
		any = posture_set(p, set, to);
		if (any < 0)
			return any;
	}
	text_char(to, '}');
	return any;
}

int posture_hooks(struct posture *p, const struct doc *d, struct text *to)
{
	static const char *const kinds[] = { "createContainer", "createRuntime", "poststart", "poststop", "prestart",
		"startContainer" };
	bool any = false;

	(void)p;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!is_list(doc_get(d, kinds[i])))
			continue;
		text_char(to, any ? ',' : '[');
		canonical_string(to, bytes_of(kinds[i]));
		any = true;
	}
	if (any)
		text_char(to, ']');
	return any;
}

/* Private is what every container gets whose document is silent about it. */
int posture_propagation(struct posture *p, const struct doc *d, struct text *to)
{
	(void)p;
	if (!d || d->type != DOC_STRING ||
		!(bytes_is(d->string, "shared") || bytes_is(d->string, "rshared") || bytes_is(d->string, "slave") ||
			bytes_is(d->string, "rslave")))
		return 0;
	canonical_string(to, d->string);
	return 1;
}

static int by_type(const struct doc *a, const struct doc *b)
{
	return compare_bytes(doc_string(a, "type", BYTES("")), doc_string(b, "type", BYTES("")));
}

int posture_rlimits(struct posture *p, const struct doc *d, struct text *to)
{
	const struct doc **items = is_list(d) ? normal_sorted(p->arena, d, by_type) : NULL;
	int r = 0;

	if (!items)
		return is_list(d) ? -ENOMEM : 0;
	text_char(to, '{');
	for (; *items && r == 0; items++) {
		put_key(to, doc_string(*items, "type", BYTES("")));
		text_char(to, '[');
		r = put_number(doc_get(*items, "soft"), to);
		text_char(to, ',');
		r = r < 0 ? r : put_number(doc_get(*items, "hard"), to);
		text_char(to, ']');
	}
	text_char(to, '}');
	return r < 0 ? r : 1;
}

int posture_root(struct posture *p, const struct doc *d, struct text *to)
{
	(void)p;
	if (!d || d->type != DOC_STRING || !bytes_is(d->string, "/"))
		return 0;
	text_add(to, "\"host\"");
	return 1;
}

int posture_user(struct posture *p, const struct doc *d, struct text *to)
{
	static const char *const ids[] = { "gid", "uid" };
	int r = 0;

	(void)p;
	text_char(to, '{');
	for (size_t i = 0; i < 2 && r == 0; i++) {
		posture_member(to, ids[i]);
		r = put_number(doc_get(d, ids[i]), to);
	}
	text_char(to, '}');
	return r < 0 ? r : 1;
}
