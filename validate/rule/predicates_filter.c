/* SPDX-License-Identifier: Apache-2.0 */
/* The word for the rules of a filter among each other: one system call, two answers. */
#include <stdlib.h>

#include "validate/base/scratch.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

/* A rule that answers for its system calls whatever their arguments are. */
static bool is_plain(const struct doc *rule)
{
	return around_unset(doc_get(rule, "args")) && around_string(rule, "action").len > 0;
}

/* The action of the longest plain rule: what most names have, so that only the others need to be sorted. */
static struct bytes usual_action(const struct doc *rules)
{
	struct bytes action = { 0 };
	uint32_t most = 0;
	for (const struct doc *e = rules->first; e; e = e->next) {
		const struct doc *names = doc_get(e, "names");
		if (is_plain(e) && names && names->count > most) {
			most = names->count;
			action = around_string(e, "action");
		}
	}
	return action;
}

struct answer {
	struct bytes name, action;
	const struct doc *at;
};

static int by_name(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;
	return bytes_order(x->name, y->name);
}

/* Which of several is told may not depend on how a C library sorts. */
static int by_name_and_place(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;
	const int order = by_name(x, y);
	return order ? order : (x->at->offset > y->at->offset) - (x->at->offset < y->at->offset);
}

/* The names of plain rules with another action than `usual`. When `to` is NULL they are only counted. */
static size_t others(const struct doc *rules, struct bytes usual, struct answer *to)
{
	size_t count = 0;
	for (const struct doc *e = rules->first; e; e = e->next) {
		const struct bytes action = around_string(e, "action");
		if (!is_plain(e) || bytes_equal(action, usual))
			continue;
		for (const struct doc *n = around_first(e, "names"); n; n = n->next) {
			if (n->type != DOC_STRING)
				continue;
			if (to)
				to[count] = (struct answer){ n->string, action, n };
			count++;
		}
	}
	return count;
}

static const struct doc *two_answers(const struct doc *rules, struct bytes usual, const struct answer *all,
	size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (bytes_equal(all[i - 1].name, all[i].name) && !bytes_equal(all[i - 1].action, all[i].action))
			return all[i].at->offset > all[i - 1].at->offset ? all[i].at : all[i - 1].at;
	for (const struct doc *e = rules->first; e; e = e->next) {
		if (!is_plain(e) || !bytes_equal(around_string(e, "action"), usual))
			continue;
		for (const struct doc *n = around_first(e, "names"); n; n = n->next) {
			const struct answer key = { .name = n->type == DOC_STRING ? n->string : (struct bytes){ 0 } };
			const struct answer *other = bsearch(&key, all, count, sizeof(*all), by_name);
			while (other && other > all && bytes_equal(other[-1].name, n->string))
				other--;
			if (other)
				return other->at->offset > n->offset ? other->at : n;
		}
	}
	return NULL;
}

static bool holds_one_answer(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct bytes usual = usual_action(d);
	const size_t count = others(d, usual, NULL);
	if (count == 0)
		return true;
	struct scratch s;
	struct answer *all = scratch(&s, count, sizeof(*all));
	if (!all)
		return false;
	others(d, usual, all);
	qsort(all, count, sizeof(*all), by_name_and_place);
	const struct doc *found = two_answers(d, usual, all, count);
	scratch_end(&s);
	if (found)
		*ret_at = found;
	return !found;
}

const struct predicate answer_once = {
	.says = "not have another action in an earlier rule, both without conditions",
	.judges = DOC_ARRAY,
	.holds = holds_one_answer,
};
