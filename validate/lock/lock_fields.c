/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document as a list of fields. A place by number would move with each entry that comes before it, and a lock would
 * then name everything behind a new mount as changed; so an entry that has a name of its own goes by that.
 */
#include <errno.h>

#include "validate/base/digest.h"
#include "validate/doc/make.h"
#include "validate/fingerprint/canonical.h"
#include "validate/lock/lock_parts.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"
#include "validate/rule/vocabulary.h"

#define NAME_MOST 200u    /* bytes of an entry's own name ... */
#define ENTRIES_MOST 512u /* ... of lists with so many at most: each is compared with those before it */
#define SHOWN_TEXT 256u   /* longer strings are not shown, nor lists of more ... */
#define SHOWN_LIST 64u    /* ... than so many */
#define DIGITS 32u        /* of a salted digest: as many as none is met twice by chance */

/* The lists whose entries have a name: by the list's, the member that is it. */
static const struct {
	const char *list, *member;
} named[] = {
	{ "mounts", "destination" },
	{ "namespaces", "type" },
	{ "rlimits", "type" },
	{ "devices", "path" },
	{ "hugepageLimits", "pageSize" },
	{ "priorities", "name" },
	{ "syscalls", "names" },
	{ "prestart", "path" },
	{ "createRuntime", "path" },
	{ "createContainer", "path" },
	{ "startContainer", "path" },
	{ "poststart", "path" },
	{ "poststop", "path" },
};

struct flattening {
	struct arena *arena;
	struct bytes salt;
	struct doc *to;
	enum fields_of of;
	size_t count;
	int code;
};

static bool plain(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return name.len > 0;
}

/* In brackets: what would end them, and what begins an escape, is escaped. */
static void bracketed(struct text *to, struct bytes name)
{
	text_char(to, '[');
	for (size_t i = 0; i < name.len; i++)
		if (strchr("[]%", name.data[i]))
			text_printf(to, "%%%02X", (unsigned char)name.data[i]);
		else
			text_char(to, name.data[i]);
	text_char(to, ']');
}

/* The own name of an entry; empty when it has none. */
static struct bytes own_name(const struct doc *list, const struct doc *entry)
{
	struct bytes name = { 0 };
	if (bytes_is(list->key, "env") && entry->type == DOC_STRING) {
		const char *end = entry->string.len ? memchr(entry->string.data, '=', entry->string.len) : NULL;
		name = (struct bytes){ entry->string.data, end ? (size_t)(end - entry->string.data) : 0 };
	}
	for (size_t i = 0; entry->type == DOC_OBJECT && i < sizeof(named) / sizeof(named[0]); i++)
		if (bytes_is(list->key, named[i].list)) {
			const struct doc *first = around_first(entry, named[i].member);
			name = first && first->type == DOC_STRING ? first->string
								  : around_string(entry, named[i].member);
		}
	return name.len <= NAME_MOST && list->count <= ENTRIES_MOST ? name : (struct bytes){ 0 };
}

/* "[/data]", and "[/data]#2" of the second one of that name; "[3]" of one without. */
static void entry_name(const struct doc *list, const struct doc *entry, struct text *to)
{
	const struct bytes name = own_name(list, entry);
	unsigned before = 0;
	if (name.len == 0) {
		text_printf(to, "[%u]", entry->index);
		return;
	}
	for (const struct doc *e = list->first; e != entry; e = e->next)
		before += bytes_equal(own_name(list, e), name);
	bracketed(to, name);
	if (before > 0)
		text_printf(to, "#%u", before + 1);
}

static enum quote quote_at(const struct place_node *n)
{
	if (n)
		place_open(n);
	return n && n->typed ? n->typed->rule->quote : QUOTE_NEVER;
}

static bool shown(const struct doc *d, enum quote quote)
{
	if (d->type == DOC_BOOL || d->type == DOC_INT)
		return quote != QUOTE_NEVER;
	if (d->type != DOC_STRING || d->string.len > SHOWN_TEXT || bytes_start(d->string, SALTED))
		return false;
	/* What options may hold of secrets is in those that nobody knows. */
	return quote == QUOTE_VALUE || (quote == QUOTE_CLASS && word_among(d->string, mount_options));
}

/* The value as it is, or its digest. */
static struct doc *put(struct flattening *f, struct doc *to, const char *name, const struct doc *d, enum quote quote)
{
	char hex[DIGEST_HEX], value[sizeof(SALTED) + DIGITS];
	struct text canonical = text_growing(f->arena);

	if (shown(d, quote))
		return make_copy(f->arena, to, name, d);
	f->code = canonical_write(d, &canonical);
	if (f->code < 0)
		return NULL;
	digest_hex(f->salt, (struct bytes){ canonical.data, canonical.len }, hex);
	struct text says = text_over(value, sizeof(value));
	text_printf(&says, SALTED "%.*s", (int)DIGITS, hex);
	return make_string(f->arena, to, name, (struct bytes){ value, says.len });
}

/* A list of plain values is one field; of it each that may be is shown. */
static struct doc *put_list(struct flattening *f, const char *name, const struct doc *d, enum quote quote)
{
	if (quote == QUOTE_NEVER || d->count > SHOWN_LIST)
		return put(f, f->to, name, d, QUOTE_NEVER);
	struct doc *list = make_array(f->arena, f->to, name);
	for (const struct doc *e = d->first; e && f->code == 0; e = e->next)
		(void)put(f, list, NULL, e, quote);
	return list;
}

static void add(struct flattening *f, const char *name, const struct doc *d, enum quote quote)
{
	if (++f->count > LIMIT_LOCK_FIELDS)
		f->code = -E2BIG;
	else if (!(d->type == DOC_ARRAY ? put_list(f, name, d, quote) : put(f, f->to, name, d, quote)) && f->code == 0)
		f->code = -ENOMEM;
}

static bool is_plain_list(const struct doc *d)
{
	if (d->type != DOC_ARRAY || (bytes_is(d->key, "env") && d->first))
		return false;
	for (const struct doc *e = d->first; e; e = e->next)
		if (e->type == DOC_OBJECT || e->type == DOC_ARRAY)
			return false;
	return true;
}

static const struct place_node *node_below(const struct place_node *n, const struct doc *d)
{
	if (!n)
		return NULL;
	place_open(n);
	if (d->parent->type == DOC_ARRAY)
		return n->element;
	const struct place_node *c = place_child(n, d->key);
	return c && (c->typed || !n->key) ? c : n->key;
}

/* The name of e behind that of what it is in. */
static void name_below(const struct text *above, const struct doc *e, const struct place_node *n, struct text *to)
{
	text_bytes(to, (struct bytes){ above->data, above->len });
	if (e->parent->type == DOC_ARRAY)
		entry_name(e->parent, e, to);
	else if ((!n || n->step == STEP_NAME) && plain(e->key))
		text_printf(to, "%s%.*s", to->len ? "." : "", (int)e->key.len, e->key.data);
	else
		bracketed(to, e->key);
}

/*
 * The posture has names of its own. Nothing of it is anybody's secret, but what may stand in options and annotations.
 */
static enum quote quote_of(const struct flattening *f, const struct doc *d, const struct place_node *n)
{
	const struct doc *top = d;

	if (f->of == FIELDS_CONFIG)
		return quote_at(d->type == DOC_ARRAY && n ? (place_open(n), n->element) : n);
	while (top->parent && top->parent->parent)
		top = top->parent;
	return bytes_is(top->key, "annotations") || bytes_is(top->key, "mounts") ? QUOTE_NEVER : QUOTE_VALUE;
}

static void flatten(struct flattening *f, const struct text *name, const struct doc *d, const struct place_node *n)
{
	if (is_plain_list(d) || !d->first || (d->type != DOC_OBJECT && d->type != DOC_ARRAY)) {
		add(f, name->data, d, quote_of(f, d, n));
		return;
	}
	for (const struct doc *e = d->first; e && f->code == 0; e = e->next) {
		struct text to = text_growing(f->arena);
		const struct place_node *below = node_below(n, e);
		if (e->type == DOC_NULL && d->type == DOC_OBJECT)
			continue;
		name_below(name, e, below, &to);
		if (to.cut)
			f->code = -ENOMEM;
		else
			flatten(f, &to, e, below);
	}
}

int lock_fields(struct arena *a, const struct doc *d, enum fields_of of, struct bytes salt, struct doc *to)
{
	struct flattening f = { .arena = a, .salt = salt, .to = to, .of = of };
	char none[1];
	const struct text top = text_over(none, sizeof(none));
	const struct place_node *root = of == FIELDS_CONFIG ? vocabulary(a, NULL, OF_BUNDLE) : NULL;

	if ((of == FIELDS_CONFIG && !root) || !to)
		return -ENOMEM;
	if (d->first)
		flatten(&f, &top, d, root);
	return f.code;
}

/* Whether a field is d, which has that name, or stands below it. */
static bool leads_to(const char *path, const struct text *name)
{
	return strncmp(path, name->data, name->len) == 0 && (path[name->len] == '\0' || strchr(".[", path[name->len]));
}

const struct doc *lock_place(struct arena *a, const struct doc *config, const struct lock_difference *d)
{
	const struct doc *at = config, *e = config->first;
	const struct place_node *n = vocabulary(a, NULL, OF_BUNDLE);
	struct text above = text_growing(a);

	if (d->part != LOCK_NORMAL)
		return config;
	while (e && n) {
		const struct place_node *below = node_below(n, e);
		struct text name = text_growing(a);
		name_below(&above, e, below, &name);
		if (name.cut)
			break;
		if (!leads_to(d->path, &name)) {
			e = e->next;
			continue;
		}
		at = e;
		e = e->type == DOC_OBJECT || e->type == DOC_ARRAY ? e->first : NULL;
		n = below;
		above = name;
	}
	return at;
}
