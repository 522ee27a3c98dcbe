/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases about a start: a case says what is found then, because no case has a container to look at. What create settles
 * for the document and the call comes from the evaluator, and is applied as the runtime applies it.
 */
#include <errno.h>

#include "ctl/check/fix.h"
#include "ctl/ctl.h"
#include "ctl/exempt.h"
#include "ctl/policy.h"
#include "validate/base/when.h"
#include "validate/policy/start.h"
#include "validate/policy/start_exempt.h"

static const char *const *places_of(struct arena *a, const struct doc *list)
{
	const char **places = arena_array(a, list->count + 1, sizeof(*places));
	size_t n = 0;

	for (const struct doc *e = list->first; e && places; e = e->next)
		if (!(places[n++] = arena_copy(a, e->string)))
			return NULL;
	return places;
}

/* Of drift.config all places are one finding, of any other rule each is one; none of it is the document. */
static int add_rule(struct arena *a, const struct policy_start_case *c, const char *id, const struct doc *list,
	struct report *to)
{
	const char *const *places = places_of(a, list);
	const bool together = strcmp(id, "drift.config") == 0;
	bool added;

	for (size_t i = 0; places && (i == 0 || (i < list->count && !together)); i++) {
		const bool one = places[0] && (!together || !places[1]);
		const struct start_breach b = {
			.id = id,
			.pointer = one ? places[i] : "",
			.places = together ? places : NULL,
		};
		if (start_add(a, c->wanted, &b, to, &added) < 0)
			return -ENOMEM;
		struct finding *f = added && to->count ? &to->findings[to->count - 1] : NULL;
		if (f && !together && *b.pointer) {
			f->at = doc_at_pointer(c->config, b.pointer);
			f->judged = exempt_judged(f->rule, f->at);
		}
	}
	return places ? 0 : -ENOMEM;
}

int policy_test_start(struct arena *a, const struct policy_start_case *c, struct report *ret)
{
	struct applied used = { 0 };
	const struct timespec now = c->now.tv_sec ? c->now : when_now();

	for (const struct doc *m = c->found->first; m; m = m->next) {
		const char *id = arena_copy(a, m->key);
		const struct rule *r = id ? rule_find(id) : NULL;
		if (id && (!r || r->of != OF_BOUNDARY))
			return trouble("%s is no rule of start: those are called drift. and boundary.", id), -EINVAL;
		if (!id || add_rule(a, c, id, m, ret) < 0)
			return trouble("no memory"), -ENOMEM;
	}
	return start_exempt(a, c->wanted, now, ret, &used) < 0 ? (trouble("no memory"), -ENOMEM) : 0;
}
