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
	const struct tree *tree;
	struct facts facts;
	struct gathered gathered;
	struct asking *asking; /* set: nothing is judged, the rows' questions are collected */
};

/* Whether the rows are all there is to say of the document: for the others every name has to be known. */
static bool second_look(const struct walk *w)
{
	return subject_is_second_look(w->in->of);
}

/* Whether the row is judged. */
static bool is_on(const struct walk *w, uint32_t row)
{
	const struct turned *t = w->in->turned;
	return !t || t->severity[row - t->first] != SEV_OFF;
}

/*
 * What the row's breach weighs in this document under this policy: see .before, .relaxed and .in in rule/rule.h. What
 * has the wrong type was never right.
 */
static enum severity weight(const struct walk *w, const struct rule *r, enum severity own, enum breach_kind kind)
{
	const enum spec_version version = w->facts.version;
	enum severity s = kind == BREACH_TYPE ? SEV_ERROR : own;
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
		b.severity = weight(w, b.rule, b.rule->severity, b.kind);
	gather(&w->gathered, &b);
}

static void note_row(struct walk *w, uint32_t row, struct breach b)
{
	const struct turned *t = w->in->turned;
	b.rule = tree_row(w->tree, row);
	b.order = row;
	b.severity = weight(w, b.rule, t ? t->severity[row - t->first] : b.rule->severity, b.kind);
	if (b.severity != SEV_OFF)
		gather(&w->gathered, &b);
}

/* The member of that name, unless it is null. */
static const struct doc *member(const struct doc *object, struct bytes name)
{
	for (const struct doc *m = object->first; m; m = m->next)
		if (bytes_equal(m->key, name))
			return m->type == DOC_NULL ? NULL : m;
	return NULL;
}

static void judge_missing(struct walk *w, const struct doc *d, const struct image_node *n)
{
	if (!(n->marks & NODE_REQUIRES) || (w->in->turned && w->in->turned->part))
		return;
	for (uint32_t k = 0; k < n->count; k++) {
		const struct image_node *c = &w->tree->nodes[n->first + k];
		if (!(c->marks & NODE_REQUIRED) || member(d, tree_name(w->tree, c)))
			continue;
		const struct image_wait *row = &w->tree->waits[c->waits];
		for (const struct image_wait *end = row + c->wait_count; row < end; row++)
			if (row->presence == REQUIRED && is_on(w, row->row))
				note_row(w, row->row,
					(struct breach){ .kind = BREACH_MISSING,
						.at = d,
						.found = c,
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
static bool judge_unknown(struct walk *w, const struct doc *m, const struct image_node *n)
{
	const struct image_node *like = tree_variant(w->tree, n, m->key);
	if (like) {
		note_json(w, JSON_CASE_VARIANT_NAME,
			(struct breach){ .kind = BREACH_VARIANT, .at = m, .found = like, .offset = m->key_offset });
		return false;
	}
	note_json(w, JSON_UNKNOWN_PROPERTY,
		(struct breach){ .kind = BREACH_UNKNOWN,
			.at = m,
			.found = n,
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
static void judge_twins(struct walk *w, const struct doc *d, const struct image_node *n, uint32_t strangers)
{
	const struct doc **list = arena_array(w->arena, strangers, sizeof(struct doc *));
	uint32_t count = 0;
	if (!list) {
		w->gathered.failed = true;
		return;
	}
	for (const struct doc *m = d->first; m; m = m->next)
		if (!tree_child(w->tree, n, m->key) && !is_free(w, m) && !tree_variant(w->tree, n, m->key))
			list[count++] = m;
	qsort(list, count, sizeof(struct doc *), compare_folded);
	for (uint32_t i = 1; i < count; i++)
		if (names_fold_alike(list[i - 1]->key, list[i]->key))
			note_json(w, JSON_DUPLICATE_NAME,
				(struct breach){ .kind = BREACH_VARIANT,
					.at = list[i],
					.offset = list[i]->key_offset });
}

static bool newer(const struct walk *w, const struct image_node *n)
{
	return n->type && n->since > w->facts.version;
}

/* A property that the document's release does not have. What stands below a newer one is newer, and needs no word. */
static void judge_release(struct walk *w, const struct doc *m, const struct image_node *n, const struct image_node *of)
{
	if (w->facts.version == SPEC_ANY || !n->type)
		return;
	const struct breach b = { .at = m, .found = n, .offset = m->key_offset, .kind = BREACH_NEWER };
	if (newer(w, n) && !newer(w, of))
		note_json(w, SPEC_PROPERTY_NEWER, b);
	else if (n->until && w->facts.version >= n->until)
		note_json(w, SPEC_PROPERTY_REMOVED,
			(struct breach){ .at = m, .found = n, .offset = m->key_offset, .kind = BREACH_REMOVED });
}

static void judge(struct walk *w, const struct doc *d, const struct image_node *n);

/* An object whose names the specification fixes. */
static void judge_members(struct walk *w, const struct doc *d, const struct image_node *n)
{
	uint32_t strangers = 0;
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct image_node *c = tree_child(w->tree, n, m->key);
		if (second_look(w) && (!c || m->type == DOC_NULL))
			continue;
		if (!c)
			strangers += !is_free(w, m) && judge_unknown(w, m, n);
		else if (m->type == DOC_NULL)
			note_json(w, JSON_NO_NULL,
				(struct breach){ .kind = BREACH_NULL, .at = m, .found = c, .offset = m->offset });
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
static void judge_map(struct walk *w, const struct doc *d, const struct image_node *n)
{
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct image_node *c = tree_child(w->tree, n, m->key);
		judge(w, m, &w->tree->nodes[n->key]);
		if (c)
			judge(w, m, c);
	}
}

/* Of these questions, those that are to be asked here: of a place each is, of the host itself the first time. */
static uint64_t unasked(const struct walk *w, uint64_t asks)
{
	return asks & (~w->asking->all | ~(ASK(ASK_ROOTFS) - 1));
}

static __attribute__((noinline)) void collect(struct walk *w, const struct doc *d, const struct image_node *n)
{
	const struct turned *t = w->in->turned;
	const struct image_wait *row = &w->tree->waits[n->waits];
	uint64_t wanted = 0;
	for (const struct image_wait *end = row + n->wait_count; row < end; row++)
		if ((row->judges & d->type) && is_on(w, row->row))
			wanted |= tree_asks(w->tree, row->row) | (t && t->asks ? t->asks[row->row - t->first] : 0);
	/* What was asked already, and of no place, is not asked again: mostly that is all. */
	if (!unasked(w, wanted) || (around_unset(d) && d->parent))
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

/* What is seldom stands apart, so that walking past what is in order stays short. */
static __attribute__((noinline)) void note_forbidden(struct walk *w, uint32_t row, const struct image_node *n,
	const struct doc *d)
{
	note_row(w, row, (struct breach){ .kind = BREACH_FORBIDDEN, .at = d, .found = n, .offset = d->key_offset });
}

static __attribute__((noinline)) void note_type(struct walk *w, const struct image_node *n, const struct doc *d)
{
	note_row(w, n->typed, (struct breach){ .kind = BREACH_TYPE, .at = d, .found = n, .offset = d->offset });
}

static __attribute__((noinline)) void note_must(struct walk *w, uint32_t row, const struct image_node *n,
	const struct doc *at, const struct doc *value)
{
	note_row(w, row,
		(struct breach){ .kind = BREACH_MUST, .at = at, .value = value, .found = n, .offset = at->offset });
}

static void judge_rows(struct walk *w, const struct doc *d, const struct image_node *n)
{
	const struct image_wait *row = &w->tree->waits[n->waits];
	for (const struct image_wait *end = row + n->wait_count; row < end; row++) {
		const struct doc *at = d;
		if (row->presence == FORBIDDEN && is_on(w, row->row))
			note_forbidden(w, row->row, n, d);
		if (row->presence == FORBIDDEN || !(row->judges & d->type) || !is_on(w, row->row))
			continue;
		const struct rule *r = tree_row(w->tree, row->row);
		if (!r->must->holds(r, d, &w->facts, &at))
			note_must(w, row->row, n, at, d);
	}
}

/* Whether no row here or below has anything to say, or, where that is all that is wanted, to ask. */
static bool is_idle(const struct walk *w, const struct image_node *n)
{
	const struct turned *t = w->in->turned;
	if (t && !(t->live[n - w->tree->root] & (w->asking ? LIVE_ASKS : LIVE_JUDGES)))
		return true;
	return w->asking && !unasked(w, w->tree->asks[n - w->tree->nodes]) && !(t && t->asks);
}

/* What an array or an object holds. */
static __attribute__((noinline)) void judge_below(struct walk *w, const struct doc *d, const struct image_node *n)
{
	if (d->type == DOC_ARRAY && n->element)
		for (const struct doc *e = d->first; e; e = e->next)
			judge(w, e, &w->tree->nodes[n->element]);
	else if (d->type == DOC_OBJECT && n->key)
		judge_map(w, d, n);
	else if (d->type == DOC_OBJECT && n->count)
		judge_members(w, d, n);
}

static void judge(struct walk *w, const struct doc *d, const struct image_node *n)
{
	if (is_idle(w, n))
		return;
	if (n->type && !tree_fits(n, d)) {
		note_type(w, n, d);
		return;
	}
	if (n->wait_count && w->asking)
		collect(w, d, n);
	else if (n->wait_count)
		judge_rows(w, d, n);
	if (d->type & (DOC_ARRAY | DOC_OBJECT))
		judge_below(w, d, n);
}

/* Walks the document by the rows of its subject. */
static int look(struct walk *w, struct tree *room, struct telling *t, struct fail *reterr)
{
	const struct check_input *in = w->in;
	const struct doc *whole = *in->below ? in->whole : in->root;

	w->gathered.arena = w->arena;
	w->facts = (struct facts){
		.root = whole,
		.version = in->version == SPEC_ANY
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
	w->tree = in->tree ? in->tree : room;
	if (!in->tree && tree_make(w->arena, in->tables, in->of, room) < 0)
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to judge with");
	*t = (struct telling){ .arena = w->arena,
		.in = in,
		.facts = &w->facts,
		.tree = w->tree,
		.at = tree_at(w->tree, in->below) };
	if (t->at)
		judge(w, in->root, t->at);
	else if (!second_look(w))
		return fail(reterr, -EINVAL, CAUSE_INTERNAL, "", "no rule speaks of %s", in->below);
	return 0;
}

int check(struct arena *a, const struct check_input *in, struct report *ret, struct fail *reterr)
{
	struct walk w = { .arena = a, .in = in };
	struct telling t;
	struct tree room;
	int r = look(&w, &room, &t, reterr);
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
	struct tree room;
	const int r = look(&w, &room, &t, reterr);
	if (r < 0)
		return r;
	return w.gathered.failed ? fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to judge with") : 0;
}
