/* SPDX-License-Identifier: Apache-2.0 */
/* A lock file as a side, and a document as that lock would keep it: by the same salt, so that digests compare. */
#include <errno.h>

#include "ctl/ctl.h"
#include "ctl/diff/side.h"
#include "validate/doc/make.h"

static struct bytes said(const struct doc *d, const char *path)
{
	return doc_string(d, path, (struct bytes){ 0 });
}

int side_lock(struct side *s, struct bytes text, const char *file)
{
	struct arena *a = &s->again.arena;
	struct doc *beside = make_document(a), *host = make_document(a);
	static const char *const members[] = { "image", "delegate", "fingerprint" };
	struct fail why = { 0 };

	s->kind = SIDE_LOCK;
	const int r = lock_parse(a, text, file, &s->lock, &why);
	if (r < 0) {
		(void)trouble("%s:%u:%u: %s", file, why.place.line, why.place.column, why.says);
		return r;
	}
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		(void)make_copy(a, beside, members[i], doc_get(s->lock.root, members[i]));
	const struct doc *facts = doc_get(s->lock.root, "host");
	for (const struct doc *m = facts ? facts->first : NULL; m; m = m->next) {
		const char *name = arena_copy(a, m->key);
		(void)make_copy(a, host, name ? name : "", m);
	}
	(void)make_copy(a, host, "kernel", doc_get(s->lock.root, "kernel"));
	if (!make_whole(beside) || !make_whole(host))
		return trouble("no memory"), -ENOMEM;
	side_keep(s->normal, said(s->lock.root, "fingerprint.normal"));
	side_keep(s->posture, said(s->lock.root, "fingerprint.posture"));
	s->beside = beside;
	s->host = host;
	const struct bytes made = said(s->lock.root, "made");
	struct text about = text_growing(a);
	text_add(&about, made.len ? "made " : "");
	text_shown(&about, made, 40);
	s->about = about.len ? about.data : NULL;
	return 0;
}

int side_lock_like(struct arena *a, const struct side *s, const struct side *lock, const struct doc **ret)
{
	const struct lock_of of = {
		.config = s->print.config,
		.id = s->print.id.len ? arena_copy(a, s->print.id) : NULL,
		.bundle = s->print.bundle.len ? arena_copy(a, s->print.bundle) : NULL,
		.host_name = s->print.host_name.len ? arena_copy(a, s->print.host_name) : NULL,
		.like = &lock->lock,
	};
	struct lock made;
	struct fail why = { 0 };
	const int r = lock_make(a, &of, &made, &why);

	*ret = r < 0 ? NULL : doc_get(made.root, "document");
	return r;
}
