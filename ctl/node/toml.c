/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines, keys and tables. The rules about what may be defined where are the specification's (toml.io/en/v1.0.0, Keys,
 * Table, Array of Tables): a table is opened once, and what stood between braces or was made by a dotted key stays as
 * it is. A configuration that one parser takes and another does not is better refused than guessed at.
 */
#include "ctl/node/toml.h"

#include <errno.h>
#include <stdio.h>

#include "ctl/node/toml_parts.h"
#include "validate/doc/make.h"

int toml_wrong(struct toml *t, size_t at, const char *says)
{
	if (t->code == 0) {
		t->code = fail(t->reterr, -EBADMSG, CAUSE_INTERNAL, "", "%s", says);
		if (t->reterr) {
			(void)snprintf(t->reterr->file, sizeof(t->reterr->file), "%s", t->file);
			t->reterr->place = doc_place(t->text, (uint32_t)at);
		}
	}
	return -EBADMSG;
}

char toml_peek(const struct toml *t)
{
	if (t->at < t->text.len)
		return t->text.data[t->at];
	return 0;
}

void toml_blanks(struct toml *t)
{
	while (toml_peek(t) == ' ' || toml_peek(t) == '\t')
		t->at++;
}

static int comment(struct toml *t)
{
	if (toml_peek(t) != '#')
		return 0;
	for (; t->at < t->text.len && t->text.data[t->at] != '\n'; t->at++) {
		const unsigned char c = (unsigned char)t->text.data[t->at];
		if ((c < 0x20 && c != '\t' && c != '\r') || c == 0x7f)
			return toml_wrong(t, t->at, "a control character stands in a comment");
	}
	return 0;
}

static bool newline(struct toml *t)
{
	if (toml_peek(t) == '\r' && t->at + 1 < t->text.len && t->text.data[t->at + 1] == '\n')
		t->at++;
	if (toml_peek(t) != '\n')
		return false;
	t->at++;
	return true;
}

int toml_lines(struct toml *t)
{
	int r;

	do {
		toml_blanks(t);
		r = comment(t);
	} while (r == 0 && newline(t));
	return r;
}

/* The rest of a line has to be empty. */
static int line_end(struct toml *t)
{
	toml_blanks(t);
	const int r = comment(t);
	if (r < 0 || t->at == t->text.len || newline(t))
		return r;
	return toml_wrong(t, t->at, "something stands behind what the line says");
}

/* Reads one name of a key: bare, or quoted. */
static int toml_name(struct toml *t, struct bytes *ret)
{
	const size_t from = t->at;
	const char first = toml_peek(t);

	if (first == '"' || first == '\'')
		return toml_quoted(t, false, ret);
	for (char c = first;
		(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
		c = toml_peek(t))
		t->at++;
	*ret = (struct bytes){ t->text.data + from, t->at - from };
	return ret->len ? 0 : toml_wrong(t, from, "a key is missing");
}

/* Finds the entry of an object by its name; NULL. */
static struct doc *toml_found(struct doc *table, struct bytes name)
{
	const struct doc *d = table->first;
	while (d && !bytes_equal(d->key, name))
		d = d->next;
	/* Of a tree that is being made, by whoever makes it. */
	union {
		const struct doc *given;
		struct doc *own;
	} u = { .given = d };
	return u.own;
}

static struct doc *add_table(struct toml *t, struct doc *to, const char *name, enum toml_made made)
{
	struct doc *d = make_object(t->a, to, name);
	if (d)
		d->integer.magnitude = made;
	return d;
}

/* Room for one more name in the table, and the name as the maker wants it. */
static int fresh(struct toml *t, const struct doc *table, struct bytes name, size_t at, const char **ret)
{
	if (table->count >= TOML_WIDE || ++t->entries > TOML_ENTRIES)
		return toml_wrong(t, at, "there are too many entries");
	if (name.len && memchr(name.data, '\0', name.len))
		return toml_wrong(t, at, "a key holds U+0000");
	*ret = arena_copy(t->a, name);
	return *ret ? 0 : -ENOMEM;
}

/* One step down on the way to a dotted key's last name. */
static int step_dotted(struct toml *t, struct doc **table, struct bytes name, size_t at)
{
	struct doc *next = toml_found(*table, name);
	const char *key;
	int r;

	if (next && (next->type != DOC_OBJECT || next->integer.magnitude != TOML_DOTTED))
		return toml_wrong(t, at, "a dotted key leads through what is no table, or was defined elsewhere");
	if (!next) {
		r = fresh(t, *table, name, at, &key);
		if (r < 0)
			return r;
		next = add_table(t, *table, key, TOML_DOTTED);
	}
	*table = next;
	return next ? 0 : -ENOMEM;
}

int toml_entry(struct toml *t, struct doc *table)
{
	struct bytes name;
	const char *key;

	for (unsigned depth = 0;; depth++) {
		const size_t at = t->at;
		int r = toml_name(t, &name);
		if (r < 0)
			return r;
		toml_blanks(t);
		if (toml_peek(t) != '.') {
			if (toml_found(table, name))
				return toml_wrong(t, at, "the same key stands there twice");
			r = fresh(t, table, name, at, &key);
			if (r < 0)
				return r;
			break;
		}
		t->at++;
		toml_blanks(t);
		r = depth > 16 ? toml_wrong(t, at, "it nests too deep") : step_dotted(t, &table, name, at);
		if (r < 0)
			return r;
	}
	if (toml_peek(t) != '=')
		return toml_wrong(t, t->at, "= is missing behind a key");
	t->at++;
	toml_blanks(t);
	return toml_value(t, table, key);
}

/* The last table of an array of tables, or the table itself; NULL when it is neither. */
static struct doc *enter(struct doc *d)
{
	if (d->type == DOC_OBJECT)
		return d->integer.magnitude == TOML_INLINE ? NULL : d;
	if (d->type != DOC_ARRAY || d->integer.magnitude != TOML_LIST)
		return NULL;
	const struct doc *last = d->first;
	while (last && last->next)
		last = last->next;
	union {
		const struct doc *given;
		struct doc *own;
	} u = { .given = last };
	return u.own;
}

/* The last name of a header: the table that follows. */
static int open_table(struct toml *t, struct doc *in, struct bytes name, size_t at, struct doc **ret)
{
	struct doc *d = toml_found(in, name);
	const char *key;

	if (d && (d->type != DOC_OBJECT || d->integer.magnitude != TOML_ABOVE))
		return toml_wrong(t, at, "the same table is defined twice");
	if (!d) {
		const int r = fresh(t, in, name, at, &key);
		if (r < 0)
			return r;
		d = add_table(t, in, key, TOML_HEADER);
	}
	if (d)
		d->integer.magnitude = TOML_HEADER;
	*ret = d;
	return d ? 0 : -ENOMEM;
}

static int open_list(struct toml *t, struct doc *in, struct bytes name, size_t at, struct doc **ret)
{
	struct doc *d = toml_found(in, name);
	const char *key;

	if (d && (d->type != DOC_ARRAY || d->integer.magnitude != TOML_LIST))
		return toml_wrong(t, at, "the same name is defined twice");
	if (!d) {
		const int r = fresh(t, in, name, at, &key);
		if (r < 0)
			return r;
		d = make_array(t->a, in, key);
		if (!d)
			return -ENOMEM;
		d->integer.magnitude = TOML_LIST;
	} else if (d->count >= TOML_WIDE || ++t->entries > TOML_ENTRIES) {
		return toml_wrong(t, at, "there are too many entries");
	}
	*ret = add_table(t, d, NULL, TOML_HEADER);
	return *ret ? 0 : -ENOMEM;
}

/* A name of a header that is not its last. */
static int step_header(struct toml *t, struct doc **table, struct bytes name, size_t at)
{
	struct doc *next = toml_found(*table, name);
	const char *key;

	if (!next) {
		const int r = fresh(t, *table, name, at, &key);
		if (r < 0)
			return r;
		next = add_table(t, *table, key, TOML_ABOVE);
		if (!next)
			return -ENOMEM;
	}
	*table = enter(next);
	return *table ? 0 : toml_wrong(t, at, "a header leads through what is no table");
}

static int header(struct toml *t, struct doc *root, struct doc **ret)
{
	const size_t from = t->at++;
	const bool list = toml_peek(t) == '[';
	struct doc *table = root;
	struct bytes name;

	t->at += list;
	for (unsigned depth = 0;; depth++) {
		toml_blanks(t);
		const size_t at = t->at;
		int r = toml_name(t, &name);
		if (r < 0)
			return r;
		toml_blanks(t);
		if (toml_peek(t) != '.') {
			r = list ? open_list(t, table, name, at, ret) : open_table(t, table, name, at, ret);
			if (r < 0)
				return r;
			break;
		}
		t->at++;
		r = depth > 16 ? toml_wrong(t, at, "it nests too deep") : step_header(t, &table, name, at);
		if (r < 0)
			return r;
	}
	if (toml_peek(t) != ']' || (list && (t->at + 1 >= t->text.len || t->text.data[t->at + 1] != ']')))
		return toml_wrong(t, t->at, "] is missing behind a table's name");
	t->at += list ? 2 : 1;
	(*ret)->offset = (uint32_t)from;
	return line_end(t);
}

static int check_text(struct toml *t)
{
	for (size_t i = 0; i < t->text.len;) {
		const size_t n = utf8_length((struct bytes){ t->text.data + i, t->text.len - i });
		if (n == 0 || t->text.data[i] == '\0')
			return toml_wrong(t, i, "it is not UTF-8");
		i += n;
	}
	return 0;
}

int toml_parse(struct arena *a, struct bytes text, const char *file, const struct doc **ret, struct fail *reterr)
{
	struct toml t = { .a = a, .text = text, .file = file, .reterr = reterr };
	struct doc *root = make_document(a), *table = root;
	int r = !root ? -ENOMEM : text.len > UINT32_MAX / 2 ? toml_wrong(&t, 0, "it is too long") : check_text(&t);

	if (r == 0)
		root->integer.magnitude = TOML_HEADER;
	while (r == 0 && (r = toml_lines(&t)) == 0 && t.at < t.text.len) {
		if (toml_peek(&t) == '[') {
			r = header(&t, root, &table);
		} else if ((r = toml_entry(&t, table)) == 0) {
			r = line_end(&t);
		}
		if (r == 0)
			table->end = (uint32_t)t.at;
	}
	if (r == 0 && !make_whole(root))
		r = -ENOMEM;
	if (r == 0)
		*ret = root;
	else if (r != -EBADMSG)
		(void)fail(reterr, r, CAUSE_INTERNAL, "", "it does not fit into memory");
	return r;
}
