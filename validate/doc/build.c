/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree is built in the order of the text and points into it. A value knows its place from the first byte on, so
 * that every failure, also one in the middle, has a line, a column and a JSON Pointer.
 */
#include "validate/doc/build.h"

#include <errno.h>
#include <stdio.h>

#include "validate/doc/unique.h"

/* JSON Pointer of what is being read: the open containers, and the entry that has no value yet. */
static void pointer_here(const struct builder *b, struct text *to)
{
	if (b->depth == 0)
		return;
	const struct doc *in = b->frames[b->depth - 1].node;
	doc_pointer(in, "", to);
	if (in->type == DOC_ARRAY) {
		text_printf(to, "/%u", in->count);
	} else if (b->named) {
		const struct doc object = { .type = DOC_OBJECT }, member = { .key = b->name, .parent = &object };
		doc_pointer(&member, "", to);
	}
}

/* Where and of what: the parts of a failure that are alike for all of them. */
static void located(const struct builder *b, size_t offset, const struct doc *at)
{
	if (!b->reterr)
		return;
	(void)snprintf(b->reterr->file, sizeof(b->reterr->file), "%s", b->options->file ? b->options->file : "");
	b->reterr->place = doc_place(b->text, (uint32_t)offset);
	struct text pointer = text_over(b->reterr->pointer, sizeof(b->reterr->pointer));
	if (at)
		doc_pointer(at, "", &pointer);
	else
		pointer_here(b, &pointer);
}

bool build_broken(struct builder *b, const struct problem *problem)
{
	b->code = fail(b->reterr, -EBADMSG, b->options->cause, problem->rule, "%s", problem->says);
	located(b, problem->offset, NULL);
	return false;
}

bool build_exhausted(struct builder *b)
{
	b->code = fail(b->reterr, -ENOMEM, b->options->cause, "", "the document needs too much memory");
	located(b, b->last, NULL);
	return false;
}

static bool duplicate(struct builder *b, const struct doc *first, const struct doc *again)
{
	char name[80];
	struct text shown = text_over(name, sizeof(name));
	text_shown(&shown, again->key, 64);
	const struct place there = doc_place(b->text, first->key_offset);
	b->code = fail(b->reterr, -EBADMSG, b->options->cause, "json.duplicate-name",
		"duplicate key \"%s\", first at %u:%u", name, there.line, there.column);
	located(b, again->key_offset, again);
	return false;
}

/* s itself where it points into the text, else a copy. False when there is no memory for one. */
static bool keep(struct builder *b, struct bytes *s)
{
	const uintptr_t at = (uintptr_t)s->data, text = (uintptr_t)b->text.data;
	if (s->len == 0 || (at >= text && at < text + b->text.len))
		return true;
	s->data = arena_copy(b->arena, *s);
	return s->data != NULL;
}

/*
 * The opening quote of the string that ends before `end`. Every quote within a string has a backslash before it, and
 * no opening quote has.
 */
static uint32_t quote_before(const struct builder *b, uint32_t end)
{
	uint32_t i = end - 2;
	while (i > 0 && !(b->text.data[i] == '"' && b->text.data[i - 1] != '\\'))
		i--;
	return i;
}

/* Where the string begins that was unescaped to s, and that ends before `end`. */
static uint32_t string_offset(const struct builder *b, struct bytes s, uint32_t end)
{
	const bool raw = end >= s.len + 2 && s.data == b->text.data + (end - 1 - s.len);
	return raw ? end - 2 - (uint32_t)s.len : quote_before(b, end);
}

/* Links a new value into its place; NULL when that broke, with b->code set. */
static struct doc *value_new(struct builder *b, enum doc_type type, uint32_t offset, uint32_t end)
{
	const bool deep = b->depth >= LIMIT_DOC_DEPTH;
	if (deep || b->nodes >= LIMIT_DOC_NODES) {
		const struct problem problem = {
			.rule = "json.depth-and-size",
			.says = deep ? "values are nested more than 32 deep" : "there are more than 262144 values",
			.offset = offset,
		};
		(void)build_broken(b, &problem);
		return NULL;
	}
	struct doc *d = arena_new(b->arena, struct doc);
	if (!d) {
		(void)build_exhausted(b);
		return NULL;
	}
	d->type = type;
	d->key_offset = d->offset = offset;
	d->end = end;
	b->last = end;
	b->nodes++;
	if (b->depth == 0) {
		b->root = d;
		return d;
	}
	struct frame *in = &b->frames[b->depth - 1];
	d->parent = in->node;
	d->index = in->node->count++;
	if (b->named) {
		d->key = b->name;
		d->key_offset = b->name_offset;
		b->named = false;
	}
	*in->tail = d;
	in->tail = &d->next;
	return d;
}

bool build_simple(struct builder *b, enum doc_type type, bool boolean, uint32_t end)
{
	const uint32_t len = type == DOC_BOOL && !boolean ? 5 : 4;
	struct doc *d = value_new(b, type, end - len, end);
	if (!d)
		return false;
	if (type == DOC_BOOL)
		d->boolean = boolean;
	return true;
}

/* Whether the number is an integer on which everybody agrees; no -0, which some read as a float and some as 0. */
static bool integer_of(struct bytes s, struct doc *d)
{
	const bool negative = s.data[0] == '-';
	uint64_t magnitude = 0;
	for (size_t i = negative; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9' || __builtin_mul_overflow(magnitude, UINT64_C(10), &magnitude) ||
			__builtin_add_overflow(magnitude, (uint64_t)(s.data[i] - '0'), &magnitude))
			return false;
	}
	if (negative && (magnitude == 0 || magnitude > UINT64_C(1) << 63))
		return false;
	d->integer.negative = negative;
	d->integer.magnitude = magnitude;
	return true;
}

bool build_number(struct builder *b, struct bytes written, uint32_t end)
{
	struct doc *d = value_new(b, DOC_INT, end - (uint32_t)written.len, end);
	if (!d)
		return false;
	if (!integer_of(written, d)) {
		d->type = DOC_NUMBER;
		d->string = (struct bytes){ b->text.data + d->offset, written.len };
	}
	return true;
}

bool build_string(struct builder *b, struct bytes value, uint32_t end)
{
	struct doc *d = value_new(b, DOC_STRING, string_offset(b, value, end), end);
	if (!d)
		return false;
	if (!keep(b, &value))
		return build_exhausted(b);
	d->string = value;
	return true;
}

bool build_name(struct builder *b, struct bytes name, uint32_t end)
{
	b->last = end;
	b->name_offset = string_offset(b, name, end);
	if (!keep(b, &name))
		return build_exhausted(b);
	b->name = name;
	b->named = true;
	return true;
}

bool build_open(struct builder *b, enum doc_type type, uint32_t end)
{
	struct doc *d = value_new(b, type, end - 1, end);
	if (!d)
		return false;
	b->frames[b->depth++] = (struct frame){ .node = d, .tail = &d->first };
	return true;
}

bool build_close(struct builder *b, uint32_t end)
{
	const struct doc *first, *again;
	struct doc *d = b->frames[b->depth - 1].node;
	b->last = d->end = end;
	const int r = d->type == DOC_OBJECT ? unique_names(b->arena, d, &first, &again) : 0;
	if (r < 0)
		return build_exhausted(b);
	if (r > 0)
		return duplicate(b, first, again);
	b->depth--;
	return true;
}

enum expect build_expects(const struct builder *b)
{
	if (b->depth == 0)
		return b->root ? EXPECT_NOTHING : EXPECT_DOCUMENT;
	const struct doc *in = b->frames[b->depth - 1].node;
	if (in->type == DOC_ARRAY)
		return in->count ? EXPECT_NEXT_ELEMENT : EXPECT_FIRST_ELEMENT;
	if (b->named)
		return EXPECT_COLON;
	return in->count ? EXPECT_NEXT_MEMBER : EXPECT_FIRST_MEMBER;
}
