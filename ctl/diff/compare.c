/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two sides of whatever kind, on what both know: of two documents every field; of a lock and a document the fields that
 * the lock keeps; of a record whose document is gone its fingerprints and its facts. Facts about hosts and what is
 * beside a document come in any case.
 */
#include <errno.h>

#include "ctl/diff/side.h"
#include "validate/doc/make.h"

/* Something that was started, and may have been judged. */
static bool ran(const struct side *s)
{
	return s->kind == SIDE_CONTAINER || s->kind == SIDE_RECORD;
}

static bool one_of(const char *name, const char *x, const char *y)
{
	return strcmp(name, x) == 0 || strcmp(name, y) == 0;
}

/* What is beside the document, without what is better known from the documents, or has no meaning for the other. */
static const struct doc *beside_of(struct arena *a, const struct side *s, bool documents, bool both_ran)
{
	struct doc *ret = make_document(a);

	for (const struct doc *m = s->beside ? s->beside->first : NULL; m; m = m->next) {
		const char *name = arena_copy(a, m->key);
		if (!name)
			return NULL;
		if (!(documents && one_of(name, "facts", "fingerprint")) &&
			(both_ran || !one_of(name, "runvet", "policy")))
			(void)make_copy(a, ret, name, m);
	}
	return make_whole(ret) ? ret : NULL;
}

static bool same_print(const char *x, const char *y)
{
	return *x && strcmp(x, y) == 0;
}

static const struct doc *fields_of(const struct side *s)
{
	return s->kind == SIDE_LOCK ? doc_get(s->lock.root, "document") : NULL;
}

/* Whether the documents themselves could be compared; negative: a fault. */
static int compare_documents(struct arena *a, const struct side *x, const struct side *y, struct differences *to)
{
	const struct doc *fields[] = { fields_of(x), fields_of(y) };
	bool one_salt = true;
	int r = 0;

	if (x->has_config && y->has_config) {
		const struct fingerprint_of *const both[] = { &x->print, &y->print };
		r = diff_configs(a, both, to);
		return r < 0 ? r : 1;
	}
	if (fields[0] && y->has_config)
		r = side_lock_like(a, y, x, &fields[1]);
	else if (fields[1] && x->has_config)
		r = side_lock_like(a, x, y, &fields[0]);
	else if (fields[0] && fields[1])
		one_salt = bytes_equal(doc_string(x->lock.root, "salt", (struct bytes){ 0 }),
			doc_string(y->lock.root, "salt", (struct bytes){ 0 }));
	if (r < 0 && r != -EINVAL)
		return r;
	if (!fields[0] || !fields[1])
		return 0;
	if (same_print(x->normal, y->normal))
		return 1;
	r = diff_fields(a, fields, one_salt, to);
	diff_uphold(to, same_print(x->posture, y->posture));
	return r < 0 ? r : 1;
}

/* Whether some member of both is the same kind of thing: what is compared at all. */
static bool meet(const struct doc *x, const struct doc *y)
{
	for (const struct doc *m = x ? x->first : NULL; m; m = m->next)
		for (const struct doc *n = y ? y->first : NULL; n; n = n->next)
			if (bytes_equal(m->key, n->key))
				return true;
	return false;
}

int sides_compare(struct arena *a, const struct side *x, const struct side *y, struct differences *to)
{
	const struct doc *hosts[] = { x->host, y->host };
	const int documents = compare_documents(a, x, y, to);

	if (documents < 0)
		return documents;
	const bool both_ran = ran(x) && ran(y);
	const struct doc *const beside[] = { beside_of(a, x, documents > 0, both_ran),
		beside_of(a, y, documents > 0, both_ran) };
	if (!beside[0] || !beside[1])
		return -ENOMEM;
	if (!documents && !meet(beside[0], beside[1]) && !meet(hosts[0], hosts[1]))
		return -ENODATA;
	int r = diff_walk(a, OF_LOCK, "", beside, to);
	if (r == 0 && both_ran)
		r = diff_seek(a, beside, to);
	if (r == 0 && hosts[0] && hosts[1])
		r = diff_walk(a, OF_MACHINE, "host", hosts, to);
	return r;
}
