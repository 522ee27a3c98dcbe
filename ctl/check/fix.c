/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl check --fix: the document is judged, the first finding with a remedy is mended in the text, and that is
 * judged again, until nothing is left that can be mended. So operations stand in the order in which they hold, indices
 * are what they are at that time, and what does not help is left out.
 */
#include "ctl/check/fix.h"

#include <errno.h>
#include <stdio.h>

#include "ctl/check/format.h"
#include "ctl/ctl.h"
#include "validate/base/limits.h"

#define ROUNDS 2000u
#define ATTEMPTS 6u

/* A reading of the document, and what is found in it. */
struct reading {
	struct arena arena;
	struct checked c;
	struct report report;
};

struct mending {
	struct output *o;
	const struct checked *of;
	struct outcome *one;
	struct reading *now;
	struct arena arena; /* of what outlives a round */
	const char **given_up;
	size_t given_up_count, operations, mended;
};

static bool read_again(struct mending *m, struct bytes text, struct reading *ret)
{
	const struct doc_options options = { .file = m->of->file, .cause = CAUSE_BUNDLE };
	struct fail why;

	*ret = (struct reading){ .c = *m->of };
	arena_init(&ret->arena, LIMIT_ARENA);
	ret->c.arena = &ret->arena;
	char *copy = arena_copy(&ret->arena, text);
	ret->c.source = (struct source){ .text = { copy, text.len }, .ascii = true };
	return copy && doc_parse(&ret->arena, ret->c.source.text, &options, &ret->c.root, &why) == 0 &&
		judge_once(&ret->arena, m->o->against, &ret->c, m->one, &ret->report, &why) == 0;
}

static const char *key_of(struct arena *a, const struct finding *f)
{
	return arena_printf(a, "%s %s %s", f->id, f->pointer, f->says);
}

static bool is_given_up(const struct mending *m, struct arena *a, const struct finding *f)
{
	const char *key = key_of(a, f);
	for (size_t i = 0; i < m->given_up_count && key; i++)
		if (strcmp(m->given_up[i], key) == 0)
			return true;
	return !key;
}

static size_t count_of(const struct report *r, const char *id)
{
	size_t n = 0;
	for (size_t i = 0; i < r->count; i++)
		n += r->findings[i].severity != SEV_OFF && strcmp(r->findings[i].id, id) == 0;
	return n;
}

/* Whether the finding is gone, and nothing has come that weighs as much. */
static bool is_better(const struct report *old, const struct report *now, const struct finding *f)
{
	return count_of(now, f->id) < count_of(old, f->id) && now->errors <= old->errors &&
		(now->errors < old->errors || now->warnings <= old->warnings);
}

static bool is_secret(const struct finding *f)
{
	return f->found && !f->found_safe;
}

/*
 * Makes the changes of one remedy, each on the text that the one before it left: they are of one reading, so the later
 * ones are looked for again by their pointers. *ret is the last text, in `a`; the operations are added to `ops`.
 */
static bool make_changes(struct arena *a, struct fixing *x, struct bytes text, struct bytes *ret, struct text *ops)
{
	const struct doc_options options = { .file = "", .cause = CAUSE_BUNDLE };
	struct fail why;

	*ret = text;
	/* From behind, so that indices of those before it hold. */
	for (size_t i = x->count; i-- > 0;) {
		change_write(&x->changes[i], *ret, is_secret(x->f), ops);
		text_add(ops, i ? ",\n" : "");
		if (!change_splice(a, *ret, &x->changes[i], ret))
			return false;
		if (i == 0)
			break;
		/* What follows was read before: it is found again, for nothing before this change has moved. */
		const struct doc *root = NULL;
		if (doc_parse(a, *ret, &options, &root, &why) < 0)
			return false;
		struct change *next = &x->changes[i - 1];
		char path[1024];
		struct text to = text_over(path, sizeof(path));
		doc_pointer(next->at, "", &to);
		next->at = to.cut ? NULL : doc_at_pointer(root, path);
		if (!next->at)
			return false;
	}
	return true;
}

/* Tries what the row knows; true when the finding is mended, and m->now is the reading after it. */
static bool mend(struct mending *m, const struct finding *f, const struct fix_row *row, struct text *patch)
{
	for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
		struct fixing x = { .arena = &m->now->arena,
			.f = f,
			.root = m->now->c.root,
			.row = row,
			.attempt = attempt };
		struct text ops = text_growing(&m->now->arena);
		struct reading *next = arena_new(&m->arena, struct reading);
		struct bytes text;

		row->make(&x);
		if (x.count == 0 || !next)
			return false;
		if (!make_changes(&m->now->arena, &x, m->now->c.source.text, &text, &ops) || ops.cut)
			continue;
		if (read_again(m, text, next) && is_better(&m->now->report, &next->report, f)) {
			text_add(patch, m->operations > 0 ? ",\n" : "\n");
			text_bytes(patch, (struct bytes){ ops.data, ops.len });
			m->operations += x.count;
			m->mended++;
			arena_done(&m->now->arena);
			m->now = next;
			return true;
		}
		arena_done(&next->arena);
	}
	return false;
}

/* One round: the first finding that can be mended. */
static bool mend_one(struct mending *m, struct text *patch)
{
	for (size_t i = 0; i < m->now->report.count; i++) {
		const struct finding *f = &m->now->report.findings[i];
		const struct fix_row *row = f->severity == SEV_OFF || !f->at ? NULL : fix_find(f->id);
		if (!row || is_given_up(m, &m->now->arena, f))
			continue;
		if (mend(m, f, row, patch))
			return true;
		m->given_up[m->given_up_count++] = key_of(&m->arena, f);
		if (m->given_up_count == LIMIT_FINDINGS || !m->given_up[m->given_up_count - 1])
			return false;
	}
	return false;
}

static void mend_all(struct mending *m, struct text *patch)
{
	const struct bytes text = m->of->source.text;

	m->now = arena_new(&m->arena, struct reading);
	m->given_up = arena_array(&m->arena, LIMIT_FINDINGS, sizeof(*m->given_up));
	patch->cut |= !m->now || !m->given_up;
	if (patch->cut)
		return;
	if (read_again(m, text, m->now))
		for (unsigned i = 0; i < ROUNDS && mend_one(m, patch); i++)
			;
	/* What the document is worth with the patch. */
	const struct report *r = &m->now->report;
	const struct decision d = decide(&m->o->against->policy, r, NULL, false);
	m->one->decision = d.kind;
	m->one->runs = d.may_run;
	m->one->errors = r->errors;
	m->one->warnings = r->warnings;
	m->one->infos = r->infos;
	arena_done(&m->now->arena);
}

static void document(struct output *o, const struct checked *c)
{
	struct mending m = { .o = o, .of = c, .one = &c->outcomes[0] };
	struct text *to = &o->to;

	if (o->several) {
		text_add(to, o->told > 0 ? ",\n{\"path\":" : "\n{\"path\":");
		text_json(to, bytes_of(c->given));
		text_add(to, ",\"patch\":");
	}
	text_char(to, '[');
	arena_init(&m.arena, LIMIT_ARENA);
	if (c->root)
		mend_all(&m, to);
	arena_done(&m.arena);
	text_add(to, m.operations > 0 ? "\n]" : "]");
	text_add(to, o->several ? "}" : "\n");
	o->told++;
	o->mended += m.mended;
}

static void begin(struct output *o)
{
	text_add(&o->to, o->several ? "{\"patches\":[" : "");
}

static void end(struct output *o, const struct checked *list, size_t count)
{
	struct text left = text_growing(&o->arena);

	text_add(&o->to, o->several ? "\n]}\n" : "");
	sums_line(list, count, &left);
	fprintf(stderr, "runvetctl: %zu finding%s mended; with the patch: %s", o->mended, o->mended == 1 ? "" : "s",
		left.len > 0 ? left.data : "nothing was checked\n");
}

const struct check_format check_patch = {
	.name = "patch",
	.summary = "a JSON Patch",
	.begin = begin,
	.document = document,
	.end = end,
};
