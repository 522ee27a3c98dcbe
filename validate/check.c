/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine. Document and vocabulary are walked side by side, once; what a place's rows have to say is said there.
 *
 * One breach, one finding: what has the wrong type is not judged further, what is absent is missed once and its
 * children are not, and null is absent, because every delegate takes it so. That holds for members of objects with
 * fixed names: an element of an array, or a value in a map, cannot be absent while it is there, delegates disagree
 * about it, and so null has the wrong type in such a place.
 */
#include "validate/check.h"

#include <errno.h>
#include <stdlib.h>

#include "validate/gather.h"
#include "validate/rule/around.h"
#include "validate/rule/json.h"
#include "validate/rule/version.h"

struct walk {
	struct arena *arena;
	const struct check_input *in;
	struct facts facts;
	struct gathered gathered;
	struct asking *asking; /* set: nothing is judged, the rows' questions are collected */
};

/* Whether the rows are all there is to say of the document: for the others every name has to be known. */
static bool second_look(const struct walk *w)
{
	return subject_is_second_look(w->in->of);
}

/*
 * What the row's breach weighs in this document under this policy: see .before, .relaxed and .in in rule/rule.h. What
 * has the wrong type was never right.
 */
static enum severity weight(const struct walk *w, const struct rule *r, enum breach_kind kind)
{
	const enum spec_version version = w->facts.version;
	enum severity s = kind == BREACH_TYPE ? SEV_ERROR : r->severity;
	if (kind != BREACH_TYPE && r->relaxed && (version == SPEC_ANY || version >= r->relaxed))
		s = r->relaxed_to;
	else if (kind != BREACH_TYPE && r->before && version != SPEC_ANY && version < r->since)
		s = r->before;
	return s == SEV_ERROR && r->in > w->in->rules ? SEV_WARNING : s;
}

/* A breach of one of the rows without a place. */
static void note_json(struct walk *w, enum json_rule which, struct breach b)
{
	b.rule = rule_row(which);
	b.order = which;
	if (!b.severity)
		b.severity = weight(w, b.rule, b.kind);
	gather(&w->gathered, &b);
}

static void note_row(struct walk *w, const struct waiting *row, struct breach b)
{
	b.rule = row->rule;
	b.order = row->order;
	b.severity = weight(w, b.rule, b.kind);
	if (b.severity != SEV_OFF)
		gather(&w->gathered, &b);
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
		place_open(c);
		for (const struct waiting *row = c->rows; row; row = row->next)
			if (row->rule->presence == REQUIRED)
				note_row(w, row,
					(struct breach){ .kind = BREACH_MISSING,
						.at = d,
						.node = c,
						.offset = d->offset });
	}
}

/* What other tools keep in a policy or a lock file is theirs. */
static bool is_free(const struct walk *w, const struct doc *m)
{
	return (w->in->of == OF_POLICY || w->in->of == OF_LOCK) && bytes_start(m->key, "x-");
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
			.severity = w->in->of == OF_BUNDLE || w->in->of == OF_FEATURES ? SEV_INFO : SEV_ERROR });
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
		w->gathered.failed = true;
		return;
	}
	for (const struct doc *m = d->first; m; m = m->next)
		if (!place_child(n, m->key) && !is_free(w, m) && !place_variant(n, m->key))
			list[count++] = m;
	qsort(list, count, sizeof(struct doc *), compare_folded);
	for (uint32_t i = 1; i < count; i++)
		if (names_fold_alike(list[i - 1]->key, list[i]->key))
			note_json(w, JSON_DUPLICATE_NAME,
				(struct breach){ .kind = BREACH_VARIANT,
					.at = list[i],
					.offset = list[i]->key_offset });
}

static bool newer(const struct walk *w, const struct place_node *n)
{
	return n->typed && n->typed->rule->since > w->facts.version;
}

/* A property that the document's release does not have. What stands below a newer one is newer, and needs no word. */
static void judge_release(struct walk *w, const struct doc *m, const struct place_node *n, const struct place_node *of)
{
	if (w->facts.version == SPEC_ANY || !n->typed)
		return;
	const enum spec_version until = n->typed->rule->until;
	const struct breach b = { .at = m, .node = n, .offset = m->key_offset, .kind = BREACH_NEWER };
	if (newer(w, n) && !newer(w, of))
		note_json(w, SPEC_PROPERTY_NEWER, b);
	else if (until && w->facts.version >= until)
		note_json(w, SPEC_PROPERTY_REMOVED,
			(struct breach){ .at = m, .node = n, .offset = m->key_offset, .kind = BREACH_REMOVED });
}

static void judge(struct walk *w, const struct doc *d, const struct place_node *n);

/* An object whose names the specification fixes. */
static void judge_members(struct walk *w, const struct doc *d, const struct place_node *n)
{
	uint32_t strangers = 0;
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct place_node *c = place_child(n, m->key);
		if (second_look(w) && (!c || m->type == DOC_NULL))
			continue;
		if (!c)
			strangers += !is_free(w, m) && judge_unknown(w, m, n);
		else if (m->type == DOC_NULL)
			note_json(w, JSON_NO_NULL,
				(struct breach){ .kind = BREACH_NULL, .at = m, .node = c, .offset = m->offset });
		else {
			if (!second_look(w))
				judge_release(w, m, c, n);
			judge(w, m, c);
		}
	}
	if (strangers > 1)
		judge_twins(w, d, n, strangers);
	if (!w->asking)
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

static void collect(struct walk *w, const struct doc *d, const struct place_node *n)
{
	uint64_t wanted = 0;
	for (const struct waiting *row = n->rows; row; row = row->next)
		if (row->rule->must && (row->rule->must->judges & d->type))
			wanted |= row->rule->asks;
	if (!wanted || (around_unset(d) && d->parent))
		return;
	w->asking->all |= wanted;
	wanted &= ~(ASK(ASK_ROOTFS) - 1);
	if (!wanted)
		return;
	struct asked *more = arena_new(w->arena, struct asked);
	if (!more) {
		w->gathered.failed = true;
		return;
	}
	*more = (struct asked){ .asks = wanted, .value = d };
	if (w->asking->last)
		w->asking->last->next = more;
	else
		w->asking->places = more;
	w->asking->last = more;
}

static void judge_rows(struct walk *w, const struct doc *d, const struct place_node *n)
{
	for (const struct waiting *row = n->rows; row; row = row->next) {
		const struct rule *r = row->rule;
		const struct doc *at = d;
		if (r->presence == FORBIDDEN)
			note_row(w, row,
				(struct breach){ .kind = BREACH_FORBIDDEN,
					.at = d,
					.node = n,
					.offset = d->key_offset });
		else if (r->must && (r->must->judges & d->type) && !r->must->holds(r, d, &w->facts, &at))
			note_row(w, row,
				(struct breach){ .kind = BREACH_MUST,
					.at = at,
					.value = d,
					.node = n,
					.offset = at->offset });
	}
}

static void judge(struct walk *w, const struct doc *d, const struct place_node *n)
{
	place_open(n);
	if (n->typed && !type_kept(d, n->typed->rule)) {
		note_row(w, n->typed, (struct breach){ .kind = BREACH_TYPE, .at = d, .node = n, .offset = d->offset });
		return;
	}
	if (w->asking)
		collect(w, d, n);
	else
		judge_rows(w, d, n);
	if (d->type == DOC_ARRAY && n->element)
		for (const struct doc *e = d->first; e; e = e->next)
			judge(w, e, n->element);
	else if (d->type == DOC_OBJECT && n->key)
		judge_map(w, d, n);
	else if (d->type == DOC_OBJECT && n->first)
		judge_members(w, d, n);
}

/* Walks the document by the rows of its subject. */
static int look(struct walk *w, struct telling *t, struct fail *reterr)
{
	const struct check_input *in = w->in;
	struct place_node *root = in->places ? in->places : vocabulary(w->arena, in->tables, in->of);
	const struct place_node *start = root ? place_at(root, in->below) : NULL;
	const struct doc *whole = *in->below ? in->whole : in->root;

	w->gathered.arena = w->arena;
	w->facts = (struct facts){
		.root = whole,
		.version = whole && in->version == SPEC_ANY
			? spec_version_of(doc_string(whole, "ociVersion", (struct bytes){ 0 }))
			: in->version,
		.below = in->below,
		.host = in->host,
		.asked = in->asked,
		.delegate = in->delegate,
		.context = in->context,
		.params = in->params,
		.boundary = in->boundary,
	};
	*t = (struct telling){ w->arena, in, &w->facts, root, start };
	if (!root)
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to judge with");
	if (start)
		judge(w, in->root, start);
	else if (!second_look(w))
		return fail(reterr, -EINVAL, CAUSE_INTERNAL, "", "no rule speaks of %s", in->below);
	return 0;
}

int check(struct arena *a, const struct check_input *in, struct report *ret, struct fail *reterr)
{
	struct walk w = { .arena = a, .in = in };
	struct telling t;
	int r = look(&w, &t, reterr);
	if (r < 0)
		return r;
	r = gather_report(&w.gathered, &t, ret);
	if (r < 0)
		return fail(reterr, r, CAUSE_INTERNAL, "", "no memory to report with");
	return 0;
}

int check_asks(struct arena *a, const struct check_input *in, struct asking *asking, struct fail *reterr)
{
	struct walk w = { .arena = a, .in = in, .asking = asking };
	struct telling t;
	const int r = look(&w, &t, reterr);
	if (r < 0)
		return r;
	return w.gathered.failed ? fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to judge with") : 0;
}
