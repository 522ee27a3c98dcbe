/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a start was refused for cannot be looked at again: the container may be gone, or be another one by now. So the
 * findings are made of the record, and their values of the document that it was about, which has to be there and of the
 * record's digest. The places of a drift are in the record only where it was one; with more of them the note tells, as
 * long as the container is there.
 */
#include "audit/note.h"
#include "ctl/check/fix.h"
#include "ctl/ctl.h"
#include "ctl/exempt.h"
#include "validate/fingerprint/sketch.h"

static const char *text_of(struct arena *a, const struct doc *d, const char *path)
{
	const struct bytes b = doc_string(d, path, (struct bytes){ 0 });
	return b.len ? arena_copy(a, b) : NULL;
}

bool exempt_is_start(const struct doc *record)
{
	return bytes_is(doc_string(record, "action", (struct bytes){ 0 }), "start") && doc_get(record, "violations");
}

static const char *const *places_of(struct exempting *x, const struct doc *record, const char *pointer)
{
	const char **one = arena_array(x->arena, 2, sizeof(*one));
	const char *id = text_of(x->arena, record, "container.id"), *root = text_of(x->arena, record, "root");
	struct places places;
	struct note n;

	if (!one || *pointer) {
		if (one)
			one[0] = pointer;
		return one;
	}
	if (!id || places_default(x->arena, NULL, &places) < 0 || !places.run_dir ||
		note_read(x->arena, places.run_dir, root, id, &n) < 0 || !n.sketch ||
		!bytes_is(doc_string(record, "create_id", (struct bytes){ 0 }), n.record))
		return NULL;
	return sketch_differs(x->arena, n.sketch, x->again->root);
}

/* How deep the places of a rule are: "mounts[].options" three, the document none. */
static unsigned depth_of(const struct rule *r)
{
	unsigned depth = r->at && *r->at ? 1 : 0;

	for (const char *c = r->at; c && *c; c++)
		depth += *c == '.' || *c == '[';
	return depth;
}

const struct doc *exempt_judged(const struct rule *r, const struct doc *at)
{
	unsigned depth = 0;

	for (const struct doc *d = at; d && d->parent; d = d->parent)
		depth++;
	for (; at && depth > depth_of(r); depth--)
		at = at->parent;
	return at;
}

static int add_one(struct exempting *x, const struct doc *record, const struct doc *v, struct finding *ret)
{
	const char *id = text_of(x->arena, v, "rule"), *pointer = text_of(x->arena, v, "path");
	const struct rule *r = id ? rule_find(id) : NULL;

	if (!id || !r)
		return trouble("the record names a rule that this runvet does not have");
	pointer = pointer ? pointer : "";
	*ret = (struct finding){
		.id = r->id,
		.rule = r,
		.severity = SEV_ERROR,
		.pointer = pointer,
		.says = r->says ? r->says : "",
		.fix = r->fix,
	};
	if (strcmp(r->id, "drift.config") == 0)
		ret->places = places_of(x, record, pointer);
	else if (*pointer)
		ret->at = doc_at_pointer(x->again->root, pointer);
	ret->judged = exempt_judged(r, ret->at);
	return CTL_GOOD;
}

int exempt_started(struct exempting *x, const struct doc *record, struct report *ret)
{
	const struct doc *list = doc_get(record, "violations");

	*ret = (struct report){ .findings = arena_array(x->arena, list->count + 1, sizeof(*ret->findings)) };
	if (!ret->findings)
		return trouble("no memory");
	for (const struct doc *v = list->first; v; v = v->next) {
		if (!bytes_is(doc_string(v, "severity", (struct bytes){ 0 }), "error"))
			continue;
		const int code = add_one(x, record, v, &ret->findings[ret->count]);
		if (code != CTL_GOOD)
			return code;
		ret->errors = ++ret->count;
	}
	return CTL_GOOD;
}
