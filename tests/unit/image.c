/* SPDX-License-Identifier: Apache-2.0 */
/* What the build compiled out of the rows says what the rows say: every row, and the tree of every subject. */
#include "tests/tap.h"
#include "validate/rule/image.h"
#include "validate/rule/json.h"

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_words(const char *const *a, const char *const *b)
{
	for (; *a && *b; a++, b++)
		if (!same(*a, *b))
			return false;
	return *a == *b;
}

static bool same_params(const struct param *a, const struct param *b)
{
	if (!a || !b)
		return a == b;
	for (; a->name && b->name; a++, b++)
		if (!same(a->name, b->name) || a->type != b->type || a->of != b->of || !same(a->says, b->says))
			return false;
	return a->name == b->name;
}

static bool same_argument(const struct rule *a, const struct rule *b)
{
	switch (a->must ? a->must->takes : TAKES_NOTHING) {
	case TAKES_WORDS:
		return same_words(a->words, b->words);
	case TAKES_RANGE:
		return a->range.min == b->range.min && a->range.max == b->range.max;
	case TAKES_TEXT:
		return same(a->text, b->text);
	case TAKES_NOTHING:
		break;
	}
	return true;
}

static bool same_row(const struct rule *a, const struct rule *b)
{
	return same(a->id, b->id) && same(a->at, b->at) && same(a->says, b->says) && same(a->fix, b->fix) &&
		same(a->spec, b->spec) && a->of == b->of && a->presence == b->presence && a->type == b->type &&
		a->width == b->width && a->must == b->must && a->asks == b->asks && same_params(a->params, b->params) &&
		!a->said && !b->said && a->severity == b->severity && a->basis == b->basis && a->quote == b->quote &&
		a->since == b->since && a->relaxed == b->relaxed && a->until == b->until && a->before == b->before &&
		a->relaxed_to == b->relaxed_to && a->in == b->in && same_argument(a, b);
}

static void rows(void)
{
	size_t number = 0, named = 0;

	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++, number++) {
			const struct rule *row = &(*t)->rows[i];
			if (!ok(same_row(row, rule_row(number)), "row %zu, %s at %s, is what it was", number,
				    row->id ? row->id : "a field", row->at ? row->at : "no place"))
				return;
			named += row->id && rule_named(row->id) == rule_row(number);
			if (row->id && !ok(rule_named(row->id) == rule_row(number), "%s is found", row->id))
				return;
		}
	is_int(rule_image.row_count, (long long)number, "there are no others");
	ok(named > 500, "%zu of them have names", named);
	for (size_t i = 0; i < JSON_RULE_MAX; i++)
		ok(same(rule_row(i)->id, json_rows[i].id), "%s comes where json.h says", json_rows[i].id);
}

static void subjects(void)
{
	for (int of = 0; of < OF_MAX; of++) {
		size_t at = 0, count = 0, all = 0;
		for (const struct rules *const *t = rule_tables; *t; t++)
			for (size_t i = 0; i < (*t)->count; i++)
				all += (int)(*t)->rows[i].of == of;
		for (const struct rule *r = rule_next((enum subject)of, &at); r; r = rule_next((enum subject)of, &at))
			count += (int)r->of == of;
		is_int(count, (long long)all, "subject %d has its %zu rows", of, all);
	}
}

/* Both walks at once: the same places in the same order, and at each the same rows. */
static bool same_node(const struct place_node *a, const struct place_node *b)
{
	const struct waiting *x = a->rows, *y = b->rows;

	for (; x && y; x = x->next, y = y->next)
		if (x->order != y->order || !same_row(x->rule, y->rule) || (x == a->typed) != (y == b->typed))
			return false;
	return !x && !y && a->step == b->step && bytes_equal(a->name, b->name) && a->required == b->required &&
		!a->first == !b->first && !a->element == !b->element && !a->key == !b->key && !a->typed == !b->typed &&
		!b->shut;
}

static void trees(struct arena *a)
{
	for (int of = 0; of < OF_MAX; of++) {
		const struct place_node *grown = vocabulary(a, rule_tables, (enum subject)of),
					*kept = vocabulary(a, NULL, (enum subject)of);
		size_t count = 0;
		bool is = true;
		for (; grown && kept && is; grown = place_next(grown), kept = place_next(kept), count++) {
			char x[256], y[256];
			struct text p = text_over(x, sizeof(x)), q = text_over(y, sizeof(y));
			place_write(grown, &p);
			place_write(kept, &q);
			is = same_node(grown, kept) && strcmp(x, y) == 0;
		}
		ok(is && !grown && !kept, "the tree of subject %d is what grows from the rows: %zu places", of, count);
	}
}

/* Asked for out of order, so that nothing depends on what was looked at before. */
static void opened(struct arena *a)
{
	const struct place_node *root = vocabulary(a, NULL, OF_BUNDLE),
				*at = place_at(vocabulary(a, NULL, OF_BUNDLE), "linux.resources");

	ok(root == vocabulary(a, NULL, OF_BUNDLE), "a tree is spelt out once");
	ok(at && !at->shut && at->first, "a place that was asked for is open");
	ok(!place_at(vocabulary(a, NULL, OF_BUNDLE), "linux.nothing"), "no row speaks of linux.nothing");
	ok(place_variant(at, bytes_of("Devices")) == place_child(at, bytes_of("devices")), "by any case");
}

int main(void)
{
	struct arena a;

	arena_init(&a, (size_t)16 << 20);
	opened(&a);
	rows();
	subjects();
	trees(&a);
	arena_done(&a);
	return tap_done();
}
