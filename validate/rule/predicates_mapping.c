/* SPDX-License-Identifier: Apache-2.0 */
/* The words for id mappings, and for ids that have to be mapped. */
#include <stdlib.h>

#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

/* The kernel takes at most 340 entries; more are another row's to refuse, and not compared here. */
#define MAPPINGS_MOST 340

/* As many groups as a process can have (NGROUPS_MAX); more are another row's to refuse. */
#define GROUPS_MOST 65536

/* A half-open range. */
struct span {
	uint64_t from, to;
};

/* One side of a mapping. False when a number is absent or of another type: other rows say so. */
static bool span_of(const struct doc *mapping, const char *side, struct span *ret)
{
	const struct doc *id = doc_get(mapping, side), *size = doc_get(mapping, "size");
	if (!id || id->type != DOC_INT || !size || size->type != DOC_INT || id->integer.negative ||
		size->integer.negative || id->integer.magnitude > UINT32_MAX || size->integer.magnitude > UINT32_MAX)
		return false;
	*ret = (struct span){ id->integer.magnitude, id->integer.magnitude + size->integer.magnitude };
	return true;
}

static const char *const sides[] = { "containerID", "hostID" };

static bool holds_within_32_bits(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	struct span s;
	for (int i = 0; i < 2; i++)
		if (span_of(d, sides[i], &s) && s.to > (uint64_t)UINT32_MAX + 1)
			return false;
	return true;
}

const struct predicate be_within_32_bits = {
	.says = "end within 32 bits on both sides",
	.judges = DOC_OBJECT,
	.holds = holds_within_32_bits,
};

static bool holds_not_overlap(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	if (d->count > MAPPINGS_MOST)
		return true;
	for (const struct doc *m = d->first; m; m = m->next)
		for (const struct doc *n = d->first; n != m; n = n->next)
			for (int i = 0; i < 2; i++) {
				struct span a, b;
				if (span_of(m, sides[i], &a) && span_of(n, sides[i], &b) && a.from < b.to &&
					b.from < a.to) {
					*ret_at = m;
					return false;
				}
			}
	return true;
}

const struct predicate not_overlap = {
	.says = "not overlap an earlier mapping",
	.judges = DOC_ARRAY,
	.holds = holds_not_overlap,
};

/* The container's side of a list of mappings. */
struct mapped {
	struct span spans[MAPPINGS_MOST];
	size_t count;
};

/* False when nothing is known: there are none, too many, or one that is not to be read. */
static bool mapped_read(const struct doc *list, struct mapped *ret)
{
	ret->count = 0;
	if (!list || list->type != DOC_ARRAY || list->count == 0 || list->count > MAPPINGS_MOST)
		return false;
	for (const struct doc *m = list->first; m; m = m->next)
		if (!span_of(m, "containerID", &ret->spans[ret->count++]))
			return false;
	return true;
}

static bool is_mapped(const struct mapped *m, const struct doc *id)
{
	if (!id || id->type != DOC_INT || id->integer.negative)
		return true;
	for (size_t i = 0; i < m->count; i++)
		if (id->integer.magnitude >= m->spans[i].from && id->integer.magnitude < m->spans[i].to)
			return true;
	return false;
}

static bool holds_root(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	static const struct doc zero = { .type = DOC_INT };
	struct mapped m;
	return !mapped_read(d, &m) || is_mapped(&m, &zero);
}

const struct predicate map_root = {
	.says = "map containerID 0, which the container's first process is set up as",
	.judges = DOC_ARRAY,
	.holds = holds_root,
};

static bool holds_mapped(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *space = f->root ? around_namespace(f->root, "user") : NULL;
	const struct doc *groups = doc_get(d, "additionalGids");
	struct mapped uids, gids;
	if (!space || around_string(space, "path").len > 0 ||
		!mapped_read(doc_find(f->root, "linux.uidMappings"), &uids) ||
		!mapped_read(doc_find(f->root, "linux.gidMappings"), &gids))
		return true;
	const struct doc *wrong = !is_mapped(&uids, doc_get(d, "uid")) ? doc_get(d, "uid")
		: !is_mapped(&gids, doc_get(d, "gid"))                 ? doc_get(d, "gid")
								       : NULL;
	const struct doc *g = groups && groups->type == DOC_ARRAY && groups->count <= GROUPS_MOST ? groups->first
												  : NULL;
	for (; g && !wrong; g = g->next)
		if (!is_mapped(&gids, g))
			wrong = g;
	if (wrong)
		*ret_at = wrong;
	return !wrong;
}

const struct predicate be_mapped = {
	.says = "be mapped by linux.uidMappings or gidMappings, or it is nobody in the new user namespace",
	.judges = DOC_OBJECT,
	.holds = holds_mapped,
};

static bool holds_new(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	const struct doc *space = f->root ? around_namespace(f->root, r->text) : NULL;
	return around_unset(d) || !space || around_string(space, "path").len == 0;
}

const struct predicate need_new_namespace = {
	.says = "go with a new {} namespace, not with one that is joined",
	.takes = TAKES_TEXT,
	.judges = DOC_ARRAY | DOC_OBJECT,
	.holds = holds_new,
};
