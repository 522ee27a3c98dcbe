/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fails closed: a lock that is missing, broken, of a newer form or anybody's is a finding like any other, and what the
 * mode makes of findings it makes of that. So is a parameter that nobody understands.
 */
#include "validate/policy/held.h"

#include <errno.h>

#include "config.h"

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/lock/started.h"

#define FOUND_MOST 100u /* differences that are told of one by one; more are counted */

struct holding {
	struct arena *arena;
	const struct lock_hold *held;
	struct report *ret;
	struct finding *findings;
	size_t count, room;
};

static bool says(const struct doc *params, const char *name, bool otherwise)
{
	const struct doc *d = doc_get(params, name);
	return d && d->type == DOC_BOOL ? d->boolean : otherwise;
}

static enum severity severity_of(const struct lock_hold *h)
{
	return says(h->params, "learn", false) ? SEV_WARNING : h->row->severity;
}

static int count(struct holding *w, const struct finding *f)
{
	w->ret->errors += f->severity == SEV_ERROR;
	w->ret->warnings += f->severity == SEV_WARNING;
	if (w->count == FOUND_MOST)
		return 0;
	if (!w->findings)
		w->findings = arena_array(w->arena, FOUND_MOST, sizeof(*w->findings));
	if (!w->findings || !f->says)
		return -ENOMEM;
	w->findings[w->count++] = *f;
	return 0;
}

/* A finding at that place of the document; `fact` may be NULL. */
static int add(struct holding *w, const struct doc *at, const char *what, const char *fact)
{
	const struct lock_hold *h = w->held;
	struct text pointer = text_growing(w->arena);

	doc_pointer(at, "", &pointer);
	const struct finding f = {
		.id = h->row->id,
		.rule = h->row,
		.severity = severity_of(h),
		.place = doc_place(h->text, at->parent ? at->offset : h->of.config->offset),
		.pointer = pointer.data,
		.at = at,
		.judged = h->of.config,
		.says = what,
		.fact = fact,
		.fix = h->row->fix,
	};
	return pointer.cut ? -ENOMEM : count(w, &f);
}

/* What is wrong with the lock, or with the parameters that name it. */
static int add_broken(struct holding *w, const struct fail *why)
{
	char text[LIMIT_QUOTE * 4];
	struct text to = text_over(text, sizeof(text));

	if (why->file[0]) {
		text_shown(&to, bytes_of(why->file), sizeof(why->file));
		if (why->place.line > 0)
			text_printf(&to, ":%u:%u", why->place.line, why->place.column);
		text_add(&to, ": ");
	}
	text_add(&to, why->says);
	return add(w, w->held->of.config, "the document must be as its lock has it, and there is no lock to be read",
		arena_copy(w->arena, (struct bytes){ to.data, to.len }));
}

static bool misread_by_engines(const char *s)
{
	for (const char *const *word = engine_triggers; *word; word++)
		if (strcasestr(s, *word))
			return true;
	return false;
}

static int add_difference(struct holding *w, const struct lock_difference *d)
{
	struct text what = text_growing(w->arena), fact = text_growing(w->arena);
	const struct bytes file = doc_string(w->held->params, "file", BYTES("lock"));

	if (misread_by_engines(d->path))
		text_add(&what, "a field");
	else
		text_shown(&what, bytes_of(d->path), LIMIT_QUOTE);
	text_add(&what, " must be as ");
	text_shown(&what, file, LIMIT_QUOTE);
	text_add(&what, " has it");
	text_add(&fact, "it ");
	lock_tell(d, &fact);
	return what.cut || fact.cut ? -ENOMEM
				    : add(w, lock_place(w->arena, w->held->of.config, d), what.data, fact.data);
}

static unsigned parts_of(const struct lock_hold *h)
{
	const struct bytes print = doc_string(h->params, "fingerprint", BYTES("normal"));
	return (bytes_is(print, "posture") ? LOCK_POSTURE : LOCK_NORMAL) |
		(says(h->params, "image", true) ? LOCK_IMAGE : 0) |
		(says(h->params, "delegate", true) ? LOCK_DELEGATE : 0) |
		(says(h->params, "host", true) ? LOCK_HOST : 0);
}

static int compare(struct holding *w)
{
	const struct lock_hold *h = w->held;
	const struct lock_difference *d = NULL;
	struct lock_of of = h->of;
	struct fail why = { 0 };
	struct lock now;

	of.like = h->lock;
	int r = lock_make(w->arena, &of, &now, &why);
	if (r == -EINVAL)
		return add_broken(w, &why);
	if (r == 0)
		r = lock_differs(w->arena, h->lock, &now, parts_of(h), &d);
	for (; d && r == 0; d = d->next)
		r = add_difference(w, d);
	return r;
}

int held_judge(struct arena *a, const struct lock_hold *h, struct report *ret)
{
	struct report found = { 0 };
	struct holding w = { .arena = a, .held = h, .ret = &found };

	const int r = h->lock ? compare(&w) : add_broken(&w, h->why);
	if (r < 0)
		return r;
	found.findings = w.findings;
	found.count = w.count;
	return report_append(a, ret, &found);
}

/* --- in a look ------------------------------------------------------------------------------------------------- */

/* Reads what the parameters name. 0, or a negative errno with *reterr. */
static int find_lock(struct arena *a, const struct evaluation *e, const struct lock_hold *h, struct lock *ret,
	struct fail *reterr)
{
	const struct bytes file = doc_string(h->params, "file", (struct bytes){ 0 });
	const struct bytes print = doc_string(h->params, "fingerprint", BYTES("normal"));
	const bool look = e->host && !e->host->given && e->host->root >= 0;

	if (file.len == 0)
		return fail(reterr, -EINVAL, CAUSE_POLICY, "", "the policy names no file (params of det.lock)");
	if (file.data[0] != '/')
		return fail(reterr, -EINVAL, CAUSE_POLICY, "", "the policy's file is no absolute path");
	if (!bytes_is(print, "normal") && !bytes_is(print, "posture"))
		return fail(reterr, -EINVAL, CAUSE_POLICY, "",
			"the policy's fingerprint is neither normal nor posture (params of det.lock)");
	const char *path = arena_copy(a, file);
	return path ? lock_read(a, look ? e->host->root : AT_CWD, path, false, ret, reterr) : -ENOMEM;
}

static struct lock_of of_evaluation(struct arena *a, const struct evaluation *e, const struct doc *host)
{
	const struct bytes id = doc_string(e->context, "container.id", (struct bytes){ 0 });
	const struct bytes bundle = doc_string(e->context, "bundle", (struct bytes){ 0 });
	const struct host *live = e->host && e->host->live ? e->host : NULL;
	struct lock_of of = {
		.config = e->root,
		.context = e->context,
		.host = host,
		.delegate = e->delegate,
		.id = id.len ? arena_copy(a, id) : NULL,
		.bundle = bundle.len ? arena_copy(a, bundle)
			: e->host    ? e->host->bundle
				     : NULL,
	};
	const struct started s = { .config = of.config,
		.context = of.context,
		.id = of.id,
		.bundle = of.bundle,
		.root = live ? live->root : -1 };
	struct fingerprint_of known;

	if (live && started_of(a, &s, &known) == 0) {
		of.host_name = arena_copy(a, known.host_name);
		of.image = known.image;
	}
	return of;
}

/* There is no lock yet, and one is wanted. */
static int learn(struct arena *a, const struct lock_hold *h, const struct learning **ret)
{
	struct learning *learned = arena_new(a, struct learning);
	struct lock_of of = h->of;
	struct fail why = { 0 };

	if (!ret || *ret)
		return 0;
	of.made = when_now();
	of.by = "runvet " RUNVET_VERSION;
	if (!learned || !(learned->file = arena_copy(a, doc_string(h->params, "file", (struct bytes){ 0 }))))
		return -ENOMEM;
	const int r = lock_make(a, &of, &learned->lock, &why);
	if (r == 0)
		*ret = learned;
	return r == -ENOMEM ? r : 0;
}

static int hold(struct arena *a, const struct evaluation *e, const struct lock_hold *h, struct report *ret,
	const struct learning **ret_learn)
{
	struct fail why = { 0 };
	struct lock lock;

	const int r = find_lock(a, e, h, &lock, &why);
	if (r == -ENOMEM)
		return r;
	if (r == -ENOENT && !e->host)
		return 0;
	if (r == -ENOENT && says(h->params, "learn", false))
		return learn(a, h, ret_learn);
	struct lock_hold held = *h;
	held.lock = r == 0 ? &lock : NULL;
	held.why = &why;
	return held_judge(a, &held, ret);
}

int held_look(struct arena *a, const struct evaluation *e, const struct doc *host, struct look *look,
	const struct learning **ret_learn)
{
	if (*e->below || e->spoken || !e->root || e->root->type != DOC_OBJECT)
		return 0;
	for (enum look_kind k = 0; k < LOOK_MAX; k++) {
		const struct rule *row = look->locked[k];
		struct report found = { 0 };
		if (!row)
			continue;
		const struct lock_hold h = {
			.row = row,
			.params = doc_get(look->params, row->id),
			.text = e->text,
			.of = of_evaluation(a, e, host),
		};
		const int r = hold(a, e, &h, &found, k == LOOK_HIDDEN ? NULL : ret_learn);
		if (r < 0)
			return r;
		for (size_t i = 0; i < found.count; i++) {
			found.findings[i].profile = look->profile->name;
			found.findings[i].mode = k == LOOK_AUDITED ? MODE_AUDIT : MODE_ENFORCE;
		}
		found.audited = k == LOOK_AUDITED ? found.errors : 0;
		if (report_append(a, &look->found[k], &found) < 0)
			return -ENOMEM;
	}
	return 0;
}
