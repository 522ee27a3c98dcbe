/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical text of a config.json with what the rows name replaced, written in one pass over the tree as it was
 * read: nothing is copied. Two lists are sorted on the way, because Podman keeps them in maps, and so writes them down
 * in another order each time: environment and mounts.
 */
#include "validate/fingerprint/normal.h"

#include <errno.h>

#include "validate/doc/sort.h"

#define ASSIGNED_FROM 65536u /* ranges that hosts hand out begin here (kubelet) or above (subuid) */

static bool is_random(struct bytes id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!((id.data[i] >= '0' && id.data[i] <= '9') || (id.data[i] >= 'a' && id.data[i] <= 'f')))
			return false;
	return id.len == 64;
}

/* The first of these annotations that is a string. */
static struct bytes annotated(const struct doc *config, const char *const *keys)
{
	const struct doc *all = doc_get(config, "annotations");

	for (; *keys; keys++) {
		const struct doc *d = doc_get(all, *keys);
		if (d && d->type == DOC_STRING)
			return d->string;
	}
	return (struct bytes){ 0 };
}

static bool has_own_name(const struct doc *config)
{
	const struct doc *list = doc_find(config, "linux.namespaces");

	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (bytes_is(doc_string(e, "type", (struct bytes){ 0 }), "uts"))
			return doc_string(e, "path", (struct bytes){ 0 }).len == 0;
	return false;
}

static struct bytes sliced(struct arena *a, struct bytes uid)
{
	char *copy = uid.len ? arena_copy(a, uid) : NULL;

	for (char *c = copy; c && *c; c++)
		if (*c == '-')
			*c = '_';
	return bytes_of(copy);
}

/* Which forms a component may be of, by its first letter, as far as that tells: most are told from all of them. */
static void sort_forms(uint64_t forms[static 32])
{
	for (size_t i = 0; normal_forms[i].form; i++) {
		const char first = normal_forms[i].form[0];
		const bool any = first == '*' || first == '{';
		for (size_t letter = any ? 0 : first & 31, end = any ? 32 : letter + 1; letter < end; letter++)
			forms[letter] |= UINT64_C(1) << i;
	}
}

int normal_begin(struct arena *a, const struct fingerprint_of *of, struct normal *ret)
{
	static const char *const sandboxes[] = { "io.kubernetes.cri.sandbox-id", "io.kubernetes.cri-o.SandboxID",
		NULL };
	static const char *const uids[] = { "io.kubernetes.cri.sandbox-uid", "io.kubernetes.pod.uid", NULL };
	static const char *const pods[] = { "io.kubernetes.cri.sandbox-name", "io.kubernetes.pod.name", NULL };
	const struct bytes sandbox = annotated(of->config, sandboxes), uid = annotated(of->config, uids);

	*ret = (struct normal){ .of = of, .own_name = has_own_name(of->config) };
	sort_forms(ret->forms);
	ret->words[WORD_BUNDLE] = of->bundle.len > 1 ? of->bundle : (struct bytes){ 0 };
	if (is_random(of->id))
		ret->words[WORD_ID] = ret->words[WORD_ID_SHORT] = of->id;
	else
		ret->words[WORD_ID_CHOSEN] = of->id;
	if (is_random(sandbox))
		ret->words[WORD_SANDBOX] = sandbox;
	/* Shorter ones (of static pods, of tests) may mean something elsewhere. */
	if (uid.len >= 32) {
		ret->words[WORD_POD_UID] = uid;
		ret->words[WORD_POD_UID_SLICE] = sliced(a, uid);
		if (!ret->words[WORD_POD_UID_SLICE].data)
			return -ENOMEM;
	}
	ret->words[WORD_POD_NAME] = annotated(of->config, pods);
	ret->words[WORD_HOST_NAME] = of->host_name;
	return 0;
}

bool normal_assigned(const struct doc *host_id)
{
	return host_id && host_id->type == DOC_INT && !host_id->integer.negative &&
		host_id->integer.magnitude >= ASSIGNED_FROM;
}

/* The name of a value: its own, or of an element its list's. */
static struct bytes name_of(const struct doc *d)
{
	return d->key.len || !d->parent ? d->key : d->parent->key;
}

static enum zone zone_of(const struct normal *n, const struct doc *d)
{
	const struct bytes name = name_of(d);

	for (const struct zone_row *z = normal_zones; z->name; z++)
		if (bytes_is(name, z->name) && bytes_is(n->top, z->top ? z->top : z->name))
			return z->zone;
	return ZONE_OTHER;
}

static const char *annotation_mark(struct bytes key)
{
	for (const struct annotation_row *r = normal_annotations; r->key; r++) {
		if (key.len == 0 || key.data[0] != r->key[0])
			continue;
		const size_t len = strlen(r->key);
		if (r->key[len - 1] == '*' ? key.len >= len - 1 && memcmp(key.data, r->key, len - 1) == 0
					   : bytes_is(key, r->key))
			return r->mark;
	}
	return NULL;
}

static void put_mark(struct text *to, const char *mark)
{
	text_char(to, '"');
	text_add(to, mark);
	text_char(to, '"');
}

/* Whether d is the member `name` of the member of the first level `top`. */
static bool is_at(const struct normal *n, const struct doc *d, const char *top, const char *name)
{
	return d->parent && d->parent->parent == n->of->config && bytes_is(d->key, name) && bytes_is(n->top, top);
}

static int put_list(const struct canonical *c, const struct doc *const *items)
{
	int r = items ? 0 : -ENOMEM;

	text_char(c->to, '[');
	for (size_t i = 0; r == 0 && items[i]; i++) {
		if (i > 0)
			text_char(c->to, ',');
		r = canonical_write_with(c, items[i]);
	}
	text_char(c->to, ']');
	return r < 0 ? r : 1;
}

static int other_list(const struct canonical *c, const struct normal *n, const struct doc *d)
{
	if (d->parent == n->of->config && bytes_is(d->key, "mounts"))
		return put_list(c, normal_mounts(c->to->arena, d));
	if (is_at(n, d, "process", "env"))
		return put_list(c, normal_env(c->to->arena, d));
	return 0;
}

/* What is written otherwise than it stands. */
static int other(const struct canonical *c, const struct doc *d)
{
	struct normal *n = c->data;
	const char *mark = NULL;

	if (d->parent == n->of->config)
		n->top = d->key;
	if (d->type == DOC_STRING) {
		const bool annotation = d->parent && d->parent->parent == n->of->config &&
			bytes_is(n->top, "annotations");
		mark = annotation ? annotation_mark(d->key) : NULL;
		if (!mark)
			(void)normal_string(n, annotation ? ZONE_ANNOTATION : zone_of(n, d), d->string, c->to);
	} else if (d->type == DOC_ARRAY) {
		return other_list(c, n, d);
	} else if (d->type == DOC_OBJECT && is_at(n, d, "linux", "seccomp")) {
		/* The longest part, and nothing in it is of one start. */
		const struct canonical plain = { .to = c->to, .digest = c->digest };
		const int r = canonical_write_with(&plain, d);
		return r < 0 ? r : 1;
	} else if (is_at(n, d, "process", "consoleSize")) {
		mark = "<terminal>";
	} else if (d->type == DOC_INT && bytes_is(d->key, "hostID") && normal_assigned(d)) {
		mark = "<assigned>";
	}
	if (mark)
		put_mark(c->to, mark);
	return mark || d->type == DOC_STRING;
}

int normal_write(struct normal *n, struct text *to, struct digest *digest)
{
	const struct canonical c = { .to = to, .other = other, .data = n, .digest = digest };
	const int r = canonical_write_with(&c, n->of->config);

	return r == 0 && to->cut ? -ENOMEM : r;
}
