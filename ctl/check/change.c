/* SPDX-License-Identifier: Apache-2.0 */
/* One operation of a patch: made on the text, and told. What it does not touch stays as it was written. */
#include "ctl/check/fix.h"

#include <stdio.h>

static uint32_t start_of(const struct doc *d)
{
	return d->parent && d->parent->type == DOC_OBJECT ? d->key_offset : d->offset;
}

static const struct doc *before(const struct doc *d)
{
	const struct doc *last = NULL;
	for (const struct doc *e = d->parent->first; e && e != d; e = e->next)
		last = e;
	return last;
}

static const struct doc *last_of(const struct doc *d)
{
	const struct doc *last = NULL;
	for (const struct doc *e = d->first; e; e = e->next)
		last = e;
	return last;
}

static struct bytes part(struct bytes text, size_t from, size_t to)
{
	return (struct bytes){ text.data + from, to - from };
}

/* What stands between what is before an entry and the entry: a blank, or a new line and its indentation. */
static struct bytes blank_before(struct bytes text, uint32_t offset)
{
	size_t from = offset;
	while (from > 0 && strchr(" \t\r\n", text.data[from - 1]))
		from--;
	return part(text, from, offset);
}

static void add_entry(struct bytes text, const struct change *c, struct text *to)
{
	const struct doc *last = last_of(c->at);
	/* Behind the bracket where it is empty. */
	const size_t where = last ? last->end : c->at->offset + 1;

	text_bytes(to, part(text, 0, where));
	text_add(to, last ? "," : "");
	if (last)
		text_bytes(to, blank_before(text, start_of(last)));
	if (c->name) {
		text_json(to, bytes_of(c->name));
		text_add(to, ": ");
	}
	text_add(to, c->value);
	text_bytes(to, part(text, where, text.len));
}

static void remove_entry(struct bytes text, const struct doc *d, struct text *to)
{
	const struct doc *prev = before(d);
	size_t from = start_of(d), end = d->end;

	if (d->next)
		end = start_of(d->next);
	else if (prev)
		from = prev->end;
	text_bytes(to, part(text, 0, from));
	text_bytes(to, part(text, end, text.len));
}

static void replace(struct bytes text, size_t from, size_t end, struct text *to, const char *value)
{
	text_bytes(to, part(text, 0, from));
	text_add(to, value);
	text_bytes(to, part(text, end, text.len));
}

static size_t key_end(struct bytes text, size_t at)
{
	for (at++; at < text.len && text.data[at] != '"'; at++)
		at += text.data[at] == '\\';
	return at + 1 < text.len ? at + 1 : text.len;
}

bool change_splice(struct arena *a, struct bytes text, const struct change *c, struct bytes *ret)
{
	struct text to = text_growing(a), name = text_growing(a);

	switch (c->kind) {
	case CHANGE_ADD:
		add_entry(text, c, &to);
		break;
	case CHANGE_REMOVE:
		remove_entry(text, c->at, &to);
		break;
	case CHANGE_REPLACE:
		replace(text, c->at->offset, c->at->end, &to, c->value);
		break;
	case CHANGE_RENAME:
		text_json(&name, bytes_of(c->name));
		replace(text, c->at->key_offset, key_end(text, c->at->key_offset), &to, name.data);
		break;
	case CHANGE_NONE:
		text_bytes(&to, text);
		break;
	}
	*ret = (struct bytes){ to.data, to.len };
	return !to.cut && !name.cut;
}

static void pointer(struct text *to, const char *member, const struct doc *d, const char *name)
{
	char small[1024];
	struct text path = text_over(small, sizeof(small));

	doc_pointer(d, "", &path);
	if (path.cut) {
		path = text_growing(to->arena);
		doc_pointer(d, "", &path);
	}
	if (name) {
		text_char(&path, '/');
		for (; *name; name++)
			if (*name == '~' || *name == '/')
				text_add(&path, *name == '~' ? "~0" : "~1");
			else
				text_char(&path, *name);
	}
	text_printf(to, ",\"%s\":", member);
	text_json(to, (struct bytes){ path.data, path.len });
	to->cut |= path.cut;
}

/* A value as it stands in the text, on one line. */
static void value_write(struct bytes text, const struct doc *d, struct text *to)
{
	bool quoted = false;
	for (size_t i = d->offset; i < d->end; i++) {
		const char c = text.data[i];
		quoted ^= c == '"';
		if (quoted || !strchr(" \t\r\n", c))
			text_char(to, c);
		if (quoted && c == '\\' && i + 1 < d->end)
			text_char(to, text.data[++i]);
	}
}

void change_write(const struct change *c, struct bytes text, bool secret, struct text *to)
{
	static const char *const names[] = { "", "add", "remove", "replace", "move" };
	const bool tested = c->kind != CHANGE_ADD && !secret;

	if (tested) {
		text_add(to, "{\"op\":\"test\"");
		pointer(to, "path", c->at, NULL);
		text_add(to, ",\"value\":");
		value_write(text, c->at, to);
		text_add(to, "},\n");
	}
	text_printf(to, "{\"op\":\"%s\"", names[c->kind]);
	if (c->kind == CHANGE_RENAME) {
		pointer(to, "from", c->at, NULL);
		pointer(to, "path", c->at->parent, c->name);
	} else {
		pointer(to, "path", c->at, c->kind != CHANGE_ADD ? NULL : c->name ? c->name : "-");
	}
	if (c->kind == CHANGE_ADD || c->kind == CHANGE_REPLACE)
		text_printf(to, ",\"value\":%s", c->value);
	text_char(to, '}');
}

/* Whether the step of a pointer, up to the next slash, is this key. */
static bool is_step(const char *step, size_t len, struct bytes key)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++, n++) {
		char c = step[i];
		if (c == '~' && i + 1 < len)
			c = step[++i] == '0' ? '~' : '/';
		if (n >= key.len || key.data[n] != c)
			return false;
	}
	return n == key.len;
}

const struct doc *doc_at_pointer(const struct doc *root, const char *pointer)
{
	const struct doc *d = root;

	while (d && *pointer == '/') {
		const size_t len = strcspn(pointer + 1, "/");
		const struct doc *e = d->type == DOC_OBJECT || d->type == DOC_ARRAY ? d->first : NULL;
		if (d->type == DOC_ARRAY) {
			char index[16];
			while (e &&
				(snprintf(index, sizeof(index), "%u", e->index),
					strlen(index) != len || memcmp(index, pointer + 1, len) != 0))
				e = e->next;
		} else {
			while (e && !is_step(pointer + 1, len, e->key))
				e = e->next;
		}
		d = e;
		pointer += len + 1;
	}
	return d;
}
