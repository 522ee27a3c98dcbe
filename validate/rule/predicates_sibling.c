/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for a value that makes sense only beside another one. Their first word often names the sibling and the
 * others what it may be: {0} and {1} in what they say. A sibling that is absent is another row's to miss.
 */
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

/* Whether the member words[0] is one of the other words. *ret_known: whether it is there to be looked at. */
static bool is_chosen(const struct rule *r, const struct doc *object, bool *ret_known)
{
	const struct bytes said = around_string(object, r->words[0]);
	*ret_known = said.len > 0;
	return *ret_known && word_among(said, r->words + 1);
}

static bool holds_choice(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	bool known;
	const bool chosen = is_chosen(r, d->parent, &known);
	return around_unset(d) || chosen || !known;
}

const struct predicate go_with_choice = {
	.says = "go with a {0} of {1}",
	.takes = TAKES_WORDS,
	.judges = DOC_INT | DOC_STRING | DOC_ARRAY | DOC_OBJECT,
	.holds = holds_choice,
};

static bool holds_not_choice(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	bool known;
	return around_unset(d) || !is_chosen(r, d->parent, &known);
}

const struct predicate not_go_with_choice = {
	.says = "not go with a {0} of {1}",
	.takes = TAKES_WORDS,
	.judges = DOC_INT | DOC_STRING | DOC_ARRAY | DOC_OBJECT,
	.holds = holds_not_choice,
};

static bool holds_without(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	for (const char *const *w = r->words; *w && !around_unset(d); w++)
		if (!around_unset(doc_get(d->parent, *w)))
			return false;
	return true;
}

const struct predicate go_without = {
	.says = "go without {}",
	.takes = TAKES_WORDS,
	.judges = DOC_INT | DOC_STRING | DOC_ARRAY | DOC_OBJECT,
	.holds = holds_without,
};

/* An update changes what it names: only of a whole document is it known that a sibling is not set. */
static bool holds_beside(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return !f->root || d->integer.negative || around_unset(d) || !around_unset(doc_get(d->parent, r->text));
}

const struct predicate need_beside = {
	.says = "go with {}",
	.takes = TAKES_TEXT,
	.judges = DOC_INT,
	.holds = holds_beside,
};

static bool holds_priority(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	bool known;
	const struct doc *priority = doc_get(d, "priority");
	const int64_t value = around_int(d, "priority", 0);
	if (!is_chosen(r, d, &known) || (value >= 1 && value <= 99))
		return true;
	if (priority)
		*ret_at = priority;
	return false;
}

const struct predicate have_a_priority = {
	.says = "have a priority within 1 to 99, for a {0} of {1}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_priority,
};

static bool holds_nodes(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	bool known;
	return !is_chosen(r, d, &known) || around_string(d, "nodes").len > 0;
}

const struct predicate have_nodes = {
	.says = "have nodes, for a {0} of {1}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_nodes,
};

/* A balanced policy needs nodes to balance over: those of MPOL_BIND, and of MPOL_PREFERRED_MANY since Linux 6.9. */
static bool holds_balanced(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	bool known;
	const bool chosen = is_chosen(r, d->parent, &known);
	for (const struct doc *e = d->first; e && known && !chosen; e = e->next)
		if (e->type == DOC_STRING && bytes_is(e->string, "MPOL_F_NUMA_BALANCING")) {
			*ret_at = e;
			return false;
		}
	static const char *const bare[] = { "MPOL_DEFAULT", "MPOL_LOCAL", NULL };
	return d->count == 0 || !word_among(around_string(d->parent, "mode"), bare);
}

const struct predicate suit_the_mode = {
	.says = "suit the {0}: none with MPOL_DEFAULT and MPOL_LOCAL, NUMA_BALANCING only with {1}",
	.takes = TAKES_WORDS,
	.judges = DOC_ARRAY,
	.holds = holds_balanced,
};

/* As sched_setattr(2) has it: in nanoseconds, and no period is one as long as the deadline. */
static bool holds_deadlines(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	if (!bytes_is(around_string(d, "policy"), "SCHED_DEADLINE"))
		return true;
	const int64_t runtime = around_int(d, "runtime", 0), deadline = around_int(d, "deadline", 0),
		      period = around_int(d, "period", 0);
	return runtime >= 1024 && runtime <= deadline && (period == 0 || deadline <= period) && deadline < INT64_MAX &&
		period < INT64_MAX;
}

const struct predicate order_deadlines = {
	.says = "have 1024 <= runtime <= deadline <= period (in nanoseconds, below 2^63), for SCHED_DEADLINE",
	.judges = DOC_OBJECT,
	.holds = holds_deadlines,
};
