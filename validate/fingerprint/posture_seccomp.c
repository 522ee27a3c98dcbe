/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a seccomp profile comes to, whatever way it is written: rules with the same action and the same conditions are
 * put together, their names sorted, each once; a rule that says what holds without it is left out, as runtimes do.
 *
 * A rule becomes a node whose key is the text of all but its names and whose first child is its first name: sorted by
 * keys, rules that belong together stand together.
 */
#include <errno.h>

#include "validate/doc/sort.h"
#include "validate/fingerprint/posture.h"

#define HEAD_ROOM 256 /* bytes; a head with many conditions is longer, and then moves to the arena */

static bool is_errno(struct bytes action)
{
	return bytes_is(action, "SCMP_ACT_ERRNO");
}

/* What the process is told; 1 (EPERM) where nothing is said. */
static uint64_t told(const struct doc *d, const char *name)
{
	const struct doc *e = doc_get(d, name);

	return e && e->type == DOC_INT && !e->integer.negative ? e->integer.magnitude : 1;
}

static bool says_the_default(const struct doc *rule, const struct doc *profile)
{
	const struct bytes action = doc_string(rule, "action", BYTES(""));

	if (!bytes_equal(action, doc_string(profile, "defaultAction", BYTES(""))))
		return false;
	return !is_errno(action) || told(rule, "errnoRet") == told(profile, "defaultErrnoRet");
}

/* {"action":…,"args":…,"errnoRet":…, of which the names make the end. */
static int put_head(struct posture *p, const struct doc *rule, struct text *to)
{
	const struct bytes action = doc_string(rule, "action", BYTES(""));
	const struct doc *args = doc_get(rule, "args"), *number = doc_get(rule, "errnoRet");
	int r = 0;

	text_char(to, '{');
	posture_member(to, "action");
	canonical_string(to, action);
	if (args && args->type == DOC_ARRAY && args->first) {
		posture_member(to, "args");
		r = posture_set(p, args, to);
	}
	if (is_errno(action) || number) {
		posture_member(to, "errnoRet");
		text_printf(to, "%llu", (unsigned long long)told(rule, "errnoRet"));
	}
	return r < 0 ? r : 0;
}

static int by_key(const struct doc *a, const struct doc *b)
{
	const size_t n = a->key.len < b->key.len ? a->key.len : b->key.len;
	const int order = memcmp(a->key.data, b->key.data, n);

	return order ? order : a->key.len == b->key.len ? 0 : a->key.len < b->key.len ? -1 : 1;
}

static int by_letters(const struct doc *a, const struct doc *b)
{
	const size_t n = a->string.len < b->string.len ? a->string.len : b->string.len;
	const int order = n ? memcmp(a->string.data, b->string.data, n) : 0;

	return order ? order : a->string.len == b->string.len ? 0 : a->string.len < b->string.len ? -1 : 1;
}

/* The names of rules from[0..n), sorted, each once. */
static int put_names(struct arena *a, const struct doc *const *from, size_t n, struct text *to)
{
	size_t count = 0, all = 0;

	for (size_t i = 0; i < n; i++)
		all += from[i]->count;
	const struct doc **items = arena_array(a, all, sizeof(struct doc *)),
			 **spare = arena_array(a, all, sizeof(struct doc *));
	if (!items || !spare)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		for (const struct doc *name = from[i]->first; name; name = name->next)
			if (name->type == DOC_STRING)
				items[count++] = name;
	items = doc_sort(items, spare, count, by_letters);
	text_char(to, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && by_letters(items[i - 1], items[i]) == 0)
			continue;
		if (i > 0)
			text_char(to, ',');
		(void)canonical_write(items[i], to);
	}
	text_char(to, ']');
	return 0;
}

/* Nodes of the rules that say anything, sorted; NULL-terminated. */
static const struct doc **rules_of(struct posture *p, const struct doc *profile, const struct doc *list, int *ret)
{
	struct doc *nodes = arena_array(p->arena, list->count, sizeof(*nodes)), all = { .type = DOC_ARRAY };

	*ret = nodes ? 0 : -ENOMEM;
	for (const struct doc *rule = nodes ? list->first : NULL; rule && *ret == 0; rule = rule->next) {
		const struct doc *names = doc_get(rule, "names");
		char room[HEAD_ROOM];
		struct text t = text_begun(p->arena, room, sizeof(room));
		if (!names || names->type != DOC_ARRAY || !names->first || says_the_default(rule, profile))
			continue;
		*ret = put_head(p, rule, &t);
		const char *head = t.data == room ? arena_copy(p->arena, (struct bytes){ t.data, t.len }) : t.data;
		if (!head)
			*ret = -ENOMEM;
		struct doc *node = &nodes[all.count++];
		*node = (struct doc){ .type = DOC_OBJECT,
			.key = { head, t.len },
			.first = names->first,
			.count = names->count };
		if (all.count > 1)
			node[-1].next = node;
	}
	all.first = all.count ? nodes : NULL;
	const struct doc **items = *ret == 0 ? normal_sorted(p->arena, &all, by_key) : NULL;
	if (!items && *ret == 0)
		*ret = -ENOMEM;
	return items;
}

static int put_rules(struct posture *p, const struct doc *profile, struct text *to)
{
	const struct doc *list = doc_get(profile, "syscalls");
	int r = 0;

	if (!list || list->type != DOC_ARRAY || !list->first)
		return 0;
	const struct doc **items = rules_of(p, profile, list, &r);
	posture_member(to, "syscalls");
	text_char(to, '[');
	for (size_t i = 0, n; r == 0 && items[i]; i += n) {
		for (n = 1; items[i + n] && by_key(items[i], items[i + n]) == 0; n++)
			;
		if (i > 0)
			text_char(to, ',');
		text_bytes(to, items[i]->key);
		posture_member(to, "names");
		r = put_names(p->arena, items + i, n, to);
		text_char(to, '}');
	}
	text_char(to, ']');
	return r;
}

static int put_set(struct posture *p, const struct doc *profile, const char *name, struct text *to)
{
	const size_t before = to->len;

	posture_member(to, name);
	const int r = posture_set(p, doc_get(profile, name), to);
	if (r == 0)
		to->len = before;
	return r < 0 ? r : 0;
}

int posture_seccomp(struct posture *p, const struct doc *d, struct text *to)
{
	const struct bytes action = doc_string(d, "defaultAction", BYTES(""));
	int r;

	if (!d || d->type != DOC_OBJECT)
		return 0;
	text_char(to, '{');
	r = put_set(p, d, "architectures", to);
	posture_member(to, "defaultAction");
	canonical_string(to, action);
	if (is_errno(action)) {
		posture_member(to, "defaultErrnoRet");
		text_printf(to, "%llu", (unsigned long long)told(d, "defaultErrnoRet"));
	}
	r = r < 0 ? r : put_set(p, d, "flags", to);
	r = r < 0 ? r : put_rules(p, d, to);
	text_char(to, '}');
	return r < 0 ? r : 1;
}
