/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How narrow an exemption can be said. Of the value, everything is named that the evaluator can hold a finding to; it
 * is asked each time, so nothing is written that would not cover. Of the call, the facts that tell its kind from
 * others and hold for the next container of that kind, too: an image by its digest, not a container by its id.
 */
#include <errno.h>

#include "ctl/exempt.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"
#include "validate/policy/context.h"

static bool holds_star(struct bytes b)
{
	return b.len > 0 && memchr(b.data, '*', b.len);
}

/* Adds a fact that is believed and can be named; whether it did. */
static bool add_fact(struct exempting *x, struct doc *match, const char *fact)
{
	const struct bytes value = doc_string(x->again->context, fact, (struct bytes){ 0 });

	if (value.len == 0 || holds_star(value) || context_trust(x->again->context, fact) <= TRUST_CLAIM)
		return false;
	return make_string(x->arena, match, fact, value) != NULL;
}

/* Engines draw ids by lot: the next container has another, and so has its bundle. */
static bool is_drawn(struct bytes path)
{
	size_t run = 0;
	for (size_t i = 0; i < path.len; i++) {
		run = memchr("0123456789abcdef", path.data[i], 16) ? run + 1 : 0;
		if (run == 64)
			return true;
	}
	return false;
}

int exempt_match(struct exempting *x)
{
	static const char *const facts[] = { "engine", "namespace", "pod.namespace", "container.type",
		"container.name" };
	struct doc *match = make_document(x->arena);

	(void)add_fact(x, match, "verb");
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		(void)add_fact(x, match, facts[i]);
	x->matched = add_fact(x, match, "image.digest") || add_fact(x, match, "image.ref");
	if (!x->matched && !is_drawn(doc_string(x->again->context, "bundle", (struct bytes){ 0 })))
		x->matched = add_fact(x, match, "bundle");
	if (!make_whole(match))
		return -ENOMEM;
	x->match = match->first ? match : NULL;
	return 0;
}

/* The value of a candidate name, as an exemption writes it: a string, or a number in digits. */
static struct bytes written(struct exempting *x, const struct doc *d)
{
	if (d->type == DOC_STRING)
		return d->string;
	if (d->type != DOC_INT)
		return (struct bytes){ 0 };
	return bytes_of(arena_printf(x->arena, "%s%llu", d->integer.negative ? "-" : "",
		(unsigned long long)d->integer.magnitude));
}

/* Whether the evaluator would hold this finding to that value. */
static bool names_it(struct exempting *x, const struct finding *f, const char *name, struct bytes value)
{
	const char *const rules[] = { f->id, NULL }, *const none[] = { NULL };
	struct doc *values = make_document(x->arena);
	const struct exempt_view view = {
		.policy = &(const struct policy){ 0 },
		.context = x->again->context,
		.host = x->host,
		.below = "",
	};

	(void)make_string(x->arena, values, name, value);
	const struct exemption one = { .rules = rules, .provided = none, .values = values, .ends = { .tv_sec = 1 } };
	return make_whole(values) && exemption_covers(&one, f, &view, NULL) == EXEMPT_APPLIES;
}

static bool try_name(struct exempting *x, const struct finding *f, const char *name, struct bytes value,
	struct doc *values)
{
	if (value.len == 0 || !names_it(x, f, name, value))
		return false;
	return make_string(x->arena, values, name, value) != NULL;
}

/* The object that the finding is in, when that is an entry of a list: a mount, a device. */
static const struct doc *entry_of(const struct finding *f)
{
	const struct doc *d = f->judged && f->judged->type != DOC_OBJECT ? f->judged->parent : f->judged;
	return d && d->type == DOC_OBJECT && d->parent && d->parent->type == DOC_ARRAY ? d : NULL;
}

/* The places of a drift, where they are known: all of them, or it would not cover. */
static int name_places(struct exempting *x, const struct finding *f, struct doc *values)
{
	struct doc *list = NULL;

	for (const char *const *p = f->places; p && *p; p++) {
		if (holds_star(bytes_of(*p)))
			return -ENOTSUP;
		list = list ? list : make_array(x->arena, values, "place");
		(void)make_string(x->arena, list, NULL, bytes_of(*p));
	}
	return 0;
}

/* All that can be named of the value. -ENOTSUP: one of it holds a star, which would name others as well. */
static int name_value(struct exempting *x, const struct finding *f, struct doc *values)
{
	const struct doc *entry = entry_of(f), *at = f->at;

	if (f->places)
		return name_places(x, f, values);
	for (const struct doc *m = entry ? entry->first : NULL; m; m = m->next) {
		const struct bytes value = written(x, m);
		if (holds_star(value))
			return -ENOTSUP;
		(void)try_name(x, f, arena_copy(x->arena, m->key), value, values);
	}
	if (values->first || !at)
		return 0;
	if (holds_star(written(x, at)) || holds_star(at->key))
		return -ENOTSUP;
	const bool mapped = f->rule && f->rule->at && strlen(f->rule->at) > 0 &&
		f->rule->at[strlen(f->rule->at) - 1] == '*';
	if (mapped)
		(void)try_name(x, f, "key", at->key, values);
	(void)try_name(x, f, "value", written(x, at), values);
	return 0;
}

/* Two findings of a rule with one value each are one exemption with two values; the same value is there already. */
static bool join(struct exempting *x, const struct finding *f, const struct doc *values)
{
	const struct doc *value = values->first;

	if (!value || value->next || value->type == DOC_ARRAY)
		return false;
	for (size_t i = 0; i < x->count; i++) {
		struct doc *list = x->lists[i];
		if (!list || strcmp(x->all[i].rules[0], f->id) != 0 || !bytes_equal(list->key, value->key))
			continue;
		for (const struct doc *v = list->first; v; v = v->next)
			if (bytes_equal(v->string, value->string))
				return true;
		return make_string(x->arena, list, NULL, value->string) != NULL;
	}
	return false;
}

static int add(struct exempting *x, const struct finding *f, const struct doc *values)
{
	const char **rules = arena_array(x->arena, 2, sizeof(*rules)), **none = arena_array(x->arena, 1, sizeof(*none));
	const char *id = x->count == 0 ? arena_printf(x->arena, "EX-%s", x->record)
				       : arena_printf(x->arena, "EX-%s-%zu", x->record, x->count + 1);
	struct doc *d = make_object(x->arena, x->list, NULL), *list, *named = NULL;
	char when[WHEN_SIZE];

	if (!rules || !none || !id || x->count == x->room)
		return -ENOMEM;
	rules[0] = f->id;
	when_write(x->ends, false, when);
	(void)make_string(x->arena, d, "id", bytes_of(id));
	list = make_array(x->arena, d, "rules");
	(void)make_string(x->arena, list, NULL, bytes_of(f->id));
	const struct doc *match = x->match ? make_copy(x->arena, d, "match", x->match) : NULL;
	if (values->first)
		named = make_object(x->arena, d, "values");
	for (const struct doc *v = values->first; v; v = v->next) {
		const char *name = arena_copy(x->arena, v->key);
		if (v->type == DOC_ARRAY) {
			(void)make_copy(x->arena, named, name, v);
			continue;
		}
		struct doc *to = values->first->next ? NULL : make_array(x->arena, named, name);
		(void)make_string(x->arena, to ? to : named, to ? NULL : name, v->string);
		x->lists[x->count] = to;
	}
	(void)make_string(x->arena, d, "reason", bytes_of(x->reason));
	(void)make_string(x->arena, d, "owner", bytes_of(x->owner));
	if (x->ticket)
		(void)make_string(x->arena, d, "ticket", bytes_of(x->ticket));
	(void)make_string(x->arena, d, "notAfter", bytes_of(when));
	x->all[x->count++] = (struct exemption){ .from = { .at = d },
		.id = id,
		.rules = rules,
		.provided = none,
		.match = match,
		.values = named,
		.ends = x->ends,
		.mode = MODE_OFF };
	x->unnamed += !named;
	return make_whole(d) ? 0 : -ENOMEM;
}

int exempt_finding(struct exempting *x, const struct finding *f, const char **ret_why)
{
	struct doc *values = make_document(x->arena);

	if (!f->rule || (f->rule->of != OF_CONTROL && f->rule->of != OF_BOUNDARY)) {
		*ret_why = arena_printf(x->arena,
			"%s is no rule of a policy, but of the specification, the host or the delegate: no exemption "
			"makes "
			"such a container right; %s",
			f->id, f->fix ? f->fix : f->says);
		return -ENOTSUP;
	}
	int r = values ? name_value(x, f, values) : -ENOMEM;
	if (r == -ENOTSUP)
		*ret_why = arena_printf(x->arena, "the value that breaks %s holds a star, which names others as well",
			f->id);
	else if (r == 0 && !values->first && !x->matched) {
		*ret_why = arena_printf(x->arena,
			"%s judges what has no value of its own here, and nothing is known of the call that could be "
			"believed: an exemption would be for everybody",
			f->id);
		r = -ENOTSUP;
	}
	if (r == 0 && !make_whole(values))
		r = -ENOMEM;
	return r < 0 || join(x, f, values) ? r : add(x, f, values);
}
