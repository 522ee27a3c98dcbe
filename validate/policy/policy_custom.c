/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of the site's own, made into rows: from there on nobody knows the difference. A place is written as in our
 * rows, and has to be one of theirs: a rule about a misspelt place would never speak.
 */
#include <stddef.h>

#include "validate/base/near.h"
#include "validate/policy/operator.h"
#include "validate/policy/reading.h"
#include "validate/rule/around.h"
#include "validate/rule/vocabulary.h"

#define PLACES_MOST 16u /* alternatives of one place */

/* The alternatives of a place in braces, each written out. False when it is ill-spelled. */
static bool write_out(struct loading *l, const char *at, const char *ret[static PLACES_MOST], size_t *ret_count)
{
	const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;
	*ret_count = 0;
	if (!open) {
		ret[(*ret_count)++] = at;
		return !strchr(at, '}');
	}
	if (!close || strpbrk(close + 1, "{}"))
		return false;
	for (const char *p = open + 1; p <= close && *ret_count < PLACES_MOST; p++) {
		const size_t len = strcspn(p, ",}");
		const char *one = arena_printf(l->arena, "%.*s%.*s%s", (int)(open - at), at, (int)len, p, close + 1);
		l->failed |= !one;
		ret[(*ret_count)++] = one ? one : "";
		p += len;
		if (p == close)
			return true;
	}
	return false;
}

static void near_place(const struct place_node *n, struct bytes name, struct text *to)
{
	const struct place_node *near = NULL;
	unsigned most = near_enough(name.len);
	for (const struct place_node *c = n->first; c; c = c->next) {
		const unsigned edits = near_edits(c->name, name, most);
		if (edits <= most) {
			near = c;
			most = edits;
		}
	}
	if (near)
		text_printf(to, "; did you mean %.*s?", (int)near->name.len, near->name.data);
}

/* Length of the step at p, "name", "[]" or "*"; 0 when it is ill-spelled, or what stands behind it is. */
static size_t step_length(const char *p)
{
	const size_t len = strncmp(p, "[]", 2) == 0 ? 2 : strcspn(p, ".[");
	const bool dot = p[len] == '.';
	if (len == 0 || (dot && (!p[len + 1] || strchr(".[", p[len + 1]))))
		return 0;
	return p[len] && !dot && p[len] != '[' ? 0 : len;
}

static const struct place_node *step_down(const struct place_node *n, struct bytes step)
{
	const struct place_node *found = bytes_is(step, "[]") ? n->element
		: bytes_is(step, "*")                         ? n->key
							      : place_child(n, step);

	if (found)
		place_open(found);
	return found;
}

/* The node of a place without alternatives; NULL, with a fault at d, when config.json has no such place. */
static const struct place_node *place_of(struct loading *l, const struct doc *d, const char *at)
{
	const struct place_node *n = l->places;
	for (const char *p = at; *p;) {
		const size_t len = step_length(p);
		const struct bytes step = { p, len ? len : strlen(p) };
		const struct place_node *next = len ? step_down(n, step) : NULL;
		char hint[96];
		struct text near = text_over(hint, sizeof(hint));
		if (!next) {
			near_place(n, step, &near);
			fault_at(l, d, "policy.custom-place", "%.*s is no place of a config.json%s",
				(int)(step.data - at + (ptrdiff_t)step.len), at, hint);
			return NULL;
		}
		n = next;
		p += len + (p[len] == '.');
	}
	return n;
}

/* "1 to 5", "at least 1", "at most 5". */
static const char *bounds_text(struct loading *l, const struct doc *d)
{
	const struct doc *min = doc_get(d, "min"), *max = doc_get(d, "max");
	struct text to = text_growing(l->arena);
	if (!min || !max)
		text_add(&to, min ? "at least " : "at most ");
	if (min)
		text_printf(&to, "%s%llu", min->integer.negative ? "-" : "",
			(unsigned long long)min->integer.magnitude);
	text_add(&to, min && max ? " to " : "");
	if (max)
		text_printf(&to, "%s%llu", max->integer.negative ? "-" : "",
			(unsigned long long)max->integer.magnitude);
	l->failed |= to.cut;
	return to.data;
}

/* The one value of "equals", as JSON writes it. */
static const char *value_text(struct loading *l, const struct doc *value)
{
	struct text to = text_growing(l->arena);
	if (value && value->type == DOC_STRING)
		text_json(&to, value->string);
	else if (value && value->type == DOC_BOOL)
		text_add(&to, value->boolean ? "true" : "false");
	else if (value && value->type == DOC_INT)
		text_printf(&to, "%s%llu", value->integer.negative ? "-" : "",
			(unsigned long long)value->integer.magnitude);
	l->failed |= to.cut;
	return to.data;
}

/* Whether the values are of a type that the place can have; a number in a string's place would never be met. */
static void judge_values(struct loading *l, const struct doc *d, const struct op_word *op, unsigned types)
{
	const struct doc *one = doc_get(d, "value"), *list = doc_get(d, "values");
	const struct doc *e = one ? one : list && list->type == DOC_ARRAY ? list->first : NULL;

	const bool single = strcmp(op->name, "equals") == 0;
	if (!e || (one && list) || (list && single)) {
		fault_at(l, d, "policy.custom-value", "%s needs %s", op->name,
			single ? "value" : "either value or values, with something in it");
		return;
	}
	for (; e; e = one ? NULL : e->next)
		if (!(e->type & types))
			fault_at(l, e, "policy.custom-value", "it is held against %s, and can only be that",
				doc_type_words(types));
}

static void judge_arguments(struct loading *l, const struct doc *d, const struct op_word *op, unsigned types)
{
	const bool bounds = doc_get(d, "min") || doc_get(d, "max"),
		   values = doc_get(d, "value") || doc_get(d, "values");

	if (op->values)
		judge_values(l, d, op, types);
	else if (values)
		fault_at(l, d, "policy.custom-value", "%s takes no values", op->name);
	if (op->bounds && !bounds)
		fault_at(l, d, "policy.custom-value", "%s needs min or max", op->name);
	else if (!op->bounds && bounds)
		fault_at(l, d, "policy.custom-value", "%s takes neither min nor max", op->name);
}

/* Whether nothing but the value that is asked for means unset: then a place that is not there is as it should be. */
static bool asks_for_unset(const struct doc *d, const struct op_word *op)
{
	const struct doc *min = doc_get(d, "min");
	if (strcmp(op->name, "equals") == 0)
		return around_unset(doc_get(d, "value"));
	return !min || min->integer.negative || min->integer.magnitude == 0;
}

struct making {
	struct rule *rows;
	size_t count;
	struct rule like; /* what all of them share */
};

/*
 * The row that finds the place unset. Of a path of names it stands at the first of them, since whatever of it is
 * missing makes the last one unset; of a place within lists it stands there.
 */
static void row_present(struct loading *l, struct making *m, const char *at, bool set)
{
	const size_t first = strcspn(at, ".[");
	struct rule *r = &m->rows[m->count++];

	*r = m->like;
	r->presence = REQUIRED;
	r->quote = QUOTE_NEVER;
	if (strchr(at, '[') || !at[first]) {
		r->at = at;
		r->must = set ? &operator_set : NULL;
		return;
	}
	r->at = arena_copy(l->arena, (struct bytes){ at, first });
	r->must = strchr(at, '*') ? &operator_entry : set ? &operator_have : &operator_there;
	r->text = at + first + 1;
	l->failed |= !r->at;
}

/* The row that holds the place against its values. */
static void row_values(struct loading *l, struct making *m, const struct op_word *op, const char *at,
	const struct place_node *n)
{
	const struct doc *d = m->like.said;
	struct rule *r = &m->rows[m->count++];

	*r = m->like;
	r->at = op->each ? arena_printf(l->arena, "%s[]", at) : at;
	r->must = op->predicate;
	r->quote = n->typed->rule->quote;
	if (op->predicate->takes == TAKES_TEXT)
		r->text = op->bounds ? bounds_text(l, d) : value_text(l, doc_get(d, "value"));
	l->failed |= !r->at;
}

static void rows_of_place(struct loading *l, struct making *m, const struct op_word *op, const char *at)
{
	const struct doc *d = m->like.said;
	const struct place_node *n = place_of(l, doc_get(d, "at"), at), *target = n && op->each ? n->element : n;
	const unsigned has = n && n->typed ? n->typed->rule->type : 0;

	if (!n)
		return;
	if (target)
		place_open(target);
	if (!(has & op->types) || !target || !target->typed) {
		fault_at(l, doc_get(d, "op"), "policy.custom-place", "%s is %s, which %s cannot judge", at,
			doc_type_words(has), op->name);
		return;
	}
	if (doc_get(d, "key") && n->step != STEP_KEY)
		fault_at(l, doc_get(d, "key"), "policy.custom-place", "key is for places that end in *");
	judge_arguments(l, d, op, target->typed->rule->type);
	if (l->fault_count > 0 || l->failed)
		return;
	if (op->predicate)
		row_values(l, m, op, at, target);
	if (op->present && (!op->predicate || !asks_for_unset(d, op)))
		row_present(l, m, at, !op->predicate);
}

/* One entry of "custom" as rows; false when it is at fault (and said so). */
static bool custom_rows(struct loading *l, const struct doc *d, struct control *ret)
{
	const struct op_word *op = operator_find(doc_string(d, "op", (struct bytes){ 0 }));
	const char *places[PLACES_MOST], *at = read_text(l, d, "at");
	struct making m = { .count = 0 };
	const size_t faults = l->fault_count;
	size_t count = 0;

	if (!l->places)
		l->places = vocabulary(l->arena, NULL, OF_BUNDLE);
	l->failed |= !l->places;
	if (!op || !at || !l->places)
		return false;
	if (!write_out(l, at, places, &count)) {
		fault_at(l, doc_get(d, "at"), "policy.custom-place",
			"a place is names, [] and *, joined by dots, with alternatives in one pair of braces");
		return false;
	}
	m.rows = arena_array(l->arena, 2 * count, sizeof(*m.rows));
	l->failed |= !m.rows;
	if (!m.rows)
		return false;
	m.like = (struct rule){
		.id = ret->id,
		.of = OF_CONTROL,
		.said = d,
		.severity = SEV_ERROR,
		.basis = BASIS_POLICY,
		.fix = read_text(l, d, "message"),
		.spec = "the policy",
	};
	for (size_t i = 0; i < count && !l->failed; i++)
		rows_of_place(l, &m, op, places[i]);
	ret->rows = m.rows;
	ret->row_count = m.count;
	return l->fault_count == faults && !l->failed;
}

static void read_entry(struct loading *l, const struct doc *d)
{
	struct control c = { .id = read_text(l, d, "id"), .custom = true, .mode = read_mode(d, MODE_ENFORCE) };
	const size_t twice = c.id ? library_find(l->library, bytes_of(c.id)) : SIZE_MAX;

	c.from = (struct origin){ l->file, d };
	if (twice != SIZE_MAX) {
		char where[512];
		struct text first = text_over(where, sizeof(where));
		origin_write(&l->library->controls[twice].from, &first);
		fault_at(l, d, "policy.custom-twice", "the rule %s is there already, at %s", c.id, where);
	} else if (c.id && custom_rows(l, d, &c)) {
		(void)library_add(l->library, &c);
	}
}

void read_custom(struct loading *l)
{
	for (size_t i = 0; i < l->policy->file_count; i++) {
		l->file = &l->policy->files[i];
		const struct doc *list = doc_get(l->file->root, "custom");
		for (const struct doc *d = list ? list->first : NULL; d && !l->failed; d = d->next)
			read_entry(l, d);
	}
}
