/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine. Document and vocabulary are walked side by side, once; what a place's rows have to say is said there.
 *
 * One breach, one finding: what has the wrong type is not judged further, what is absent is missed once and its
 * children are not, and null is absent, because every delegate takes it so. That holds for members of objects with
 * fixed names: an element of an array, or a value in a map, cannot be absent while it is there, delegates disagree
 * about it, and so null has the wrong type in such a place.
 *
 * A hostile document can hold as many breaches as values. Per severity only the first LIMIT_FINDINGS are kept, so that
 * a flood of remarks cannot wash the one error away; all are counted.
 */
#include "validate/check.h"

#include <errno.h>
#include <stdlib.h>

#include "validate/base/limits.h"
#include "validate/breach.h"
#include "validate/rule/json.h"

struct kept {
	struct breach *first, *last;
	size_t count, all;
};

struct walk {
	struct arena *arena;
	const struct check_input *in;
	struct facts facts;
	struct kept kept[SEV_ERROR + 1];
	uint32_t sequence;
	bool failed; /* no memory */
};

static void note(struct walk *w, const struct breach *b)
{
	struct kept *k = &w->kept[b->severity];
	k->all++;
	if (k->count == LIMIT_FINDINGS || w->failed)
		return;
	struct breach *copy = arena_new(w->arena, struct breach);
	if (!copy) {
		w->failed = true;
		return;
	}
	*copy = *b;
	copy->sequence = w->sequence++;
	if (k->last)
		k->last->next = copy;
	else
		k->first = copy;
	k->last = copy;
	k->count++;
}

/* A breach of one of the rows without a place. */
static void note_json(struct walk *w, enum json_rule which, struct breach b)
{
	b.rule = &json_rows[which];
	b.order = which;
	if (!b.severity)
		b.severity = b.rule->severity;
	note(w, &b);
}

static void note_row(struct walk *w, const struct waiting *row, struct breach b)
{
	b.rule = row->rule;
	b.order = row->order;
	b.severity = b.kind == BREACH_TYPE ? SEV_ERROR : b.rule->severity;
	if (b.severity != SEV_OFF)
		note(w, &b);
}

static bool within_width(const struct doc *d, enum width width)
{
	static const uint64_t most[] = {
		[INT_ANY] = UINT64_MAX,
		[INT_U8] = UINT8_MAX,
		[INT_U16] = UINT16_MAX,
		[INT_U32] = UINT32_MAX,
		[INT_U64] = UINT64_MAX,
		[INT_I32] = INT32_MAX,
		[INT_I64] = INT64_MAX,
	};
	const bool is_signed = width == INT_I32 || width == INT_I64;
	if (width == INT_ANY)
		return true;
	if (d->integer.negative)
		return is_signed && d->integer.magnitude <= most[width] + 1;
	return d->integer.magnitude <= most[width];
}

static bool type_kept(const struct doc *d, const struct rule *r)
{
	return (d->type & r->type) && (d->type != DOC_INT || within_width(d, r->width));
}

/* The member of that name, unless it is null. */
static const struct doc *member(const struct doc *object, struct bytes name)
{
	for (const struct doc *m = object->first; m; m = m->next)
		if (bytes_equal(m->key, name))
			return m->type == DOC_NULL ? NULL : m;
	return NULL;
}

static void judge_missing(struct walk *w, const struct doc *d, const struct place_node *n)
{
	for (const struct place_node *c = n->first; c; c = c->next) {
		if (!c->required || member(d, c->name))
			continue;
		for (const struct waiting *row = c->rows; row; row = row->next)
			if (row->rule->presence == REQUIRED)
				note_row(w, row,
					(struct breach){ .kind = BREACH_MISSING,
						.at = d,
						.node = c,
						.offset = d->offset });
	}
}

/*
 * A member of an object that names its properties, and not this one. Returns whether it is a stranger to all of them.
 */
static bool judge_unknown(struct walk *w, const struct doc *m, const struct place_node *n)
{
	const struct place_node *like = place_variant(n, m->key);
	if (like) {
		note_json(w, JSON_CASE_VARIANT_NAME,
			(struct breach){ .kind = BREACH_VARIANT, .at = m, .node = like, .offset = m->key_offset });
		return false;
	}
	note_json(w, JSON_UNKNOWN_PROPERTY,
		(struct breach){ .kind = BREACH_UNKNOWN,
			.at = m,
			.node = n,
			.offset = m->key_offset,
			.severity = w->in->of == OF_BUNDLE ? SEV_INFO : SEV_ERROR });
	return true;
}

static int compare_folded(const void *a, const void *b)
{
	const struct doc *const *x = a, *const *y = b;
	const struct bytes p = (*x)->key, q = (*y)->key;
	size_t i = 0, j = 0;
	while (i < p.len && j < q.len) {
		const int c = name_fold(p, &i), d = name_fold(q, &j);
		if (c != d)
			return c < d ? -1 : 1;
	}
	if (i < p.len || j < q.len)
		return i < p.len ? 1 : -1;
	return (*x)->offset < (*y)->offset ? -1 : 1;
}

/*
 * Two strangers that differ in letter case only: for a delegate that knows the property they are one name twice, and
 * those that ignore case take the last. Sorted first, because there may be very many.
 */
static void judge_twins(struct walk *w, const struct doc *d, const struct place_node *n, uint32_t strangers)
{
	const struct doc **list = arena_array(w->arena, strangers, sizeof(struct doc *));
	uint32_t count = 0;
	if (!list) {
		w->failed = true;
		return;
	}
	for (const struct doc *m = d->first; m; m = m->next)
		if (!place_child(n, m->key) && !place_variant(n, m->key))
			list[count++] = m;
	qsort(list, count, sizeof(struct doc *), compare_folded);
	for (uint32_t i = 1; i < count; i++)
		if (names_fold_alike(list[i - 1]->key, list[i]->key))
			note_json(w, JSON_DUPLICATE_NAME,
				(struct breach){ .kind = BREACH_VARIANT,
					.at = list[i],
					.offset = list[i]->key_offset });
}

static void judge(struct walk *w, const struct doc *d, const struct place_node *n);

/* An object whose names the specification fixes. */
static void judge_members(struct walk *w, const struct doc *d, const struct place_node *n)
{
	uint32_t strangers = 0;
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct place_node *c = place_child(n, m->key);
		if (!c)
			strangers += judge_unknown(w, m, n);
		else if (m->type == DOC_NULL)
			note_json(w, JSON_NO_NULL,
				(struct breach){ .kind = BREACH_NULL, .at = m, .node = c, .offset = m->offset });
		else
			judge(w, m, c);
	}
	if (strangers > 1)
		judge_twins(w, d, n, strangers);
	judge_missing(w, d, n);
}

/* A map: every key is the user's own, and a row may still single one out. */
static void judge_map(struct walk *w, const struct doc *d, const struct place_node *n)
{
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct place_node *c = place_child(n, m->key);
		judge(w, m, n->key);
		if (c)
			judge(w, m, c);
	}
}

static void judge(struct walk *w, const struct doc *d, const struct place_node *n)
{
	if (n->typed && !type_kept(d, n->typed->rule)) {
		note_row(w, n->typed, (struct breach){ .kind = BREACH_TYPE, .at = d, .node = n, .offset = d->offset });
		return;
	}
	for (const struct waiting *row = n->rows; row; row = row->next) {
		const struct rule *r = row->rule;
		const struct doc *at = d;
		if (r->presence == FORBIDDEN)
			note_row(w, row,
				(struct breach){ .kind = BREACH_FORBIDDEN,
					.at = d,
					.node = n,
					.offset = d->key_offset });
		else if (r->must && !r->must->holds(r, d, &w->facts, &at))
			note_row(w, row,
				(struct breach){ .kind = BREACH_MUST, .at = at, .node = n, .offset = at->offset });
	}
	if (d->type == DOC_ARRAY && n->element)
		for (const struct doc *e = d->first; e; e = e->next)
			judge(w, e, n->element);
	else if (d->type == DOC_OBJECT && n->key)
		judge_map(w, d, n);
	else if (d->type == DOC_OBJECT && n->first)
		judge_members(w, d, n);
}

static int by_offset(const void *a, const void *b)
{
	const struct breach *const *x = a, *const *y = b;
	return (*x)->offset < (*y)->offset ? -1 : (*x)->offset > (*y)->offset;
}

static int by_order(const void *a, const void *b)
{
	const struct breach *const *x = a, *const *y = b;
	if ((*x)->order != (*y)->order)
		return (*x)->order < (*y)->order ? -1 : 1;
	if ((*x)->offset != (*y)->offset)
		return (*x)->offset < (*y)->offset ? -1 : 1;
	return (*x)->sequence < (*y)->sequence ? -1 : (*x)->sequence > (*y)->sequence;
}

/* Line and column of many offsets in one sweep over the text. */
static void place_all(struct breach **list, size_t count, struct bytes text)
{
	struct place at = { 1, 1 };
	size_t i = 0;
	qsort(list, count, sizeof(struct breach *), by_offset);
	for (size_t k = 0; k < count; k++) {
		for (; i < list[k]->offset && i < text.len; i++) {
			at.column++;
			if (text.data[i] == '\n')
				at = (struct place){ at.line + 1, 1 };
		}
		list[k]->place = at;
	}
}

/* The kept breaches, errors first where there is not room for all, in table order and then place order. */
static struct breach **gather(struct walk *w, size_t *ret_count)
{
	size_t count = 0, all = 0;
	for (int s = SEV_INFO; s <= SEV_ERROR; s++)
		all += w->kept[s].count;
	if (all > LIMIT_FINDINGS)
		all = LIMIT_FINDINGS;
	struct breach **list = arena_array(w->arena, all + 1, sizeof(struct breach *));
	if (!list)
		return NULL;
	for (int s = SEV_ERROR; s >= SEV_INFO; s--)
		for (struct breach *b = w->kept[s].first; b && count < all; b = b->next)
			list[count++] = b;
	*ret_count = count;
	return list;
}

static int report_make(struct walk *w, const struct telling *t, struct report *ret)
{
	size_t count = 0;
	struct breach **list = gather(w, &count);
	struct finding *findings = arena_array(w->arena, count + 1, sizeof(*findings));
	if (!list || !findings || w->failed)
		return -ENOMEM;
	place_all(list, count, w->in->text);
	qsort(list, count, sizeof(struct breach *), by_order);
	for (size_t i = 0; i < count; i++) {
		const int r = breach_tell(t, list[i], &findings[i]);
		if (r < 0)
			return r;
	}
	*ret = (struct report){
		.file = w->in->file,
		.findings = findings,
		.count = count,
		.errors = w->kept[SEV_ERROR].all,
		.warnings = w->kept[SEV_WARNING].all,
		.infos = w->kept[SEV_INFO].all,
	};
	return 0;
}

/* The release that ociVersion claims: major.minor.patch, whatever follows; SPEC_ANY when it is none of ours. */
static enum spec_version version_of(const struct doc *root)
{
	static const struct {
		const char *text;
		enum spec_version version;
	} releases[] = {
		{ "1.0.0", SPEC_1_0_0 },
		{ "1.0.1", SPEC_1_0_1 },
		{ "1.0.2", SPEC_1_0_2 },
		{ "1.1.0", SPEC_1_1_0 },
		{ "1.2.0", SPEC_1_2_0 },
		{ "1.2.1", SPEC_1_2_1 },
		{ "1.3.0", SPEC_1_3_0 },
	};
	const struct bytes said = doc_string(root, "ociVersion", (struct bytes){ 0 });
	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
		const size_t len = strlen(releases[i].text);
		if (bytes_start(said, releases[i].text) &&
			(said.len == len || said.data[len] == '-' || said.data[len] == '+'))
			return releases[i].version;
	}
	return SPEC_ANY;
}

int check(struct arena *a, const struct check_input *in, struct report *ret, struct fail *reterr)
{
	struct place_node *root = vocabulary(a, rule_tables, in->of);
	const struct place_node *start = root ? place_at(root, in->below) : NULL;
	const bool whole = !*in->below;
	struct walk w = {
		.arena = a,
		.in = in,
		.facts = {
			.root = whole ? in->root : NULL,
			.version = whole && in->version == SPEC_ANY ? version_of(in->root) : in->version,
		},
	};
	if (!root)
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to judge with");
	if (!start)
		return fail(reterr, -EINVAL, CAUSE_INTERNAL, "", "no rule speaks of %s", in->below);
	judge(&w, in->root, start);
	const int r = report_make(&w, &(struct telling){ a, in, root, start }, ret);
	if (r < 0)
		return fail(reterr, r, CAUSE_INTERNAL, "", "no memory to report with");
	return 0;
}
