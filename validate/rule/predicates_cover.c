/* SPDX-License-Identifier: Apache-2.0 */
/* The words for mounts as a list: what is there, what lies beneath something else, what is mounted where. */
#include <stdlib.h>

#include "validate/base/scratch.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

static const char *const bind_options[] = { "bind", "rbind", NULL };
static const char *const remount_options[] = { "remount", NULL };
static const char *const idmap_options[] = { "idmap", "ridmap", NULL };

/* A bind mount may bring what lies below it. */
static bool provides(const struct doc *mount, struct bytes place)
{
	const struct bytes at = around_string(mount, "destination");
	return at.len > 0 && path_covers(at, place) && (path_covers(place, at) || around_option(mount, bind_options));
}

static bool holds_provided(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	/* Without a mount namespace the container has what the host has. */
	if (f->root && !around_namespace(f->root, "mount"))
		return true;
	for (const char *const *w = r->words; *w; w++) {
		const struct doc *m = d->first;
		while (m && !provides(m, bytes_of(*w)))
			m = m->next;
		if (!m)
			return false;
	}
	return true;
}

const struct predicate provide_all = {
	.says = "provide all of {}: no delegate adds them by itself",
	.takes = TAKES_WORDS,
	.judges = DOC_ARRAY,
	.holds = holds_provided,
};

struct laid {
	struct bytes at;
	const struct doc *mount;
	uint32_t latest; /* of what is mounted here and above */
};

/* By path, ancestors first; of one path the later mount first. */
static int by_path(const void *a, const void *b)
{
	const struct laid *x = a, *y = b;
	const int order = path_order(x->at, y->at);
	if (order)
		return order;
	return x->mount->index > y->mount->index ? -1 : x->mount->index < y->mount->index;
}

/*
 * In that order whatever lies above an entry comes before it, and with nothing between them that does not lie below the
 * former: a stack of the ancestors is enough, and the whole costs a sort.
 */
static const struct doc *hidden(struct laid *all, size_t count)
{
	const struct doc *found = NULL;
	size_t depth = 0; /* the stack is all[0..depth): entries that were passed are not needed any more */
	for (size_t i = 0; i < count; i++) {
		const struct laid e = all[i];
		while (depth > 0 && !path_covers(all[depth - 1].at, e.at))
			depth--;
		const uint32_t above = depth > 0 ? all[depth - 1].latest : 0;
		if (above > e.mount->index && (!found || e.mount->index < found->index))
			found = e.mount;
		all[depth] = e;
		all[depth++].latest = above > e.mount->index ? above : e.mount->index;
	}
	return found;
}

static bool holds_not_hidden(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	size_t count = 0;
	if (d->count < 2)
		return true;
	struct scratch s;
	struct laid *all = scratch(&s, d->count, sizeof(*all));
	if (!all)
		return false;
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct bytes at = around_string(m, "destination");
		if (at.len > 0 && !around_option(m, remount_options))
			all[count++] = (struct laid){ .at = at, .mount = m };
	}
	qsort(all, count, sizeof(*all), by_path);
	const struct doc *found = hidden(all, count);
	scratch_end(&s);
	if (found)
		*ret_at = found;
	return !found;
}

const struct predicate not_be_hidden = {
	.says = "not be hidden by a later mount at its destination or above",
	.judges = DOC_ARRAY,
	.holds = holds_not_hidden,
};

static bool holds_dummy_type(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return d->string.len == 0 || word_among(d->string, r->words) || !around_option(d->parent, bind_options);
}

const struct predicate be_a_dummy = {
	.says = "be one of {} or be left out, for a bind mount has the type of its source",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_dummy_type,
};

static bool holds_bind_to_map(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	const bool maps = around_option(d, idmap_options) || !around_unset(doc_get(d, "uidMappings")) ||
		!around_unset(doc_get(d, "gidMappings"));
	return !maps || around_option(d, bind_options);
}

const struct predicate be_bind_to_map = {
	.says = "be a bind mount to be id-mapped: other kinds only crun maps",
	.judges = DOC_OBJECT,
	.holds = holds_bind_to_map,
};

/* On /proc itself proc, or a bind of one; below it what the row lists, which lxcfs and the like give. */
static bool holds_proc(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	const struct doc *at = doc_get(d, "destination");
	const struct bytes proc = BYTES("/proc");
	if (!at || at->type != DOC_STRING || !path_covers(proc, at->string) || around_option(d, remount_options))
		return true;
	if (path_covers(at->string, proc) &&
		(bytes_is(around_string(d, "type"), "proc") || around_option(d, bind_options)))
		return true;
	for (const char *const *w = r->words; *w; w++)
		if (path_order(at->string, bytes_of(*w)) == 0)
			return true;
	*ret_at = at;
	return false;
}

const struct predicate leave_proc_alone = {
	.says = "not lie within /proc: runc takes only proc itself and a few files of it",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_proc,
};
