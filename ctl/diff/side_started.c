/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How something was started, by the record of that: which delegate made it, which runvet judged it, and by which
 * policy. Of a container that is there the record is the one that runvet's note on it names. The trail may be gone, or
 * not for the caller to read: then it is not known, and that is all that follows from it.
 */
#include <errno.h>
#include <unistd.h>

#include "audit/sink.h"
#include "ctl/audit/query.h"
#include "ctl/ctl.h"
#include "ctl/diff/side.h"
#include "validate/doc/make.h"

static struct bytes said(const struct doc *d, const char *path)
{
	return doc_string(d, path, (struct bytes){ 0 });
}

/* A record's words under the names that all sides have. */
static const struct {
	const char *group, *key, *path;
	bool digest;
	bool started; /* of how it was started, and not of what it is */
} of_record[] = {
	{ "image", "ref", "container.image.name", false, false },
	{ "image", "digest", "container.image.id", true, false },
	{ "delegate", "path", "runtime.path", false, true },
	{ "delegate", "version", "runtime.version", false, true },
	{ "delegate", "digest", "runtime.digest", true, true },
	{ "engine", "name", "engine.name", false, false },
	{ "node", "name", "host.name", false, false },
	{ "decision", "is", "decision", false, false },
	{ "runvet", "version", "product.version", false, true },
	{ "policy", "digest", "policy.digest", true, true },
	{ "policy", "mode", "mode", false, true },
	{ "fingerprint", "normal", "fingerprint.normal", true, false },
	{ "fingerprint", "posture", "fingerprint.posture", true, false },
};

/* What a record puts in several members. */
static void add_policy(struct arena *a, const struct doc *record, struct doc *to)
{
	struct text profile = text_growing(a);

	/* A policy that was read has a mode, and one without a file no digest. */
	if (said(record, "mode").len && !said(record, "policy.digest").len)
		(void)make_string(a, make_member(a, to, "policy"), "digest", BYTES("no file"));
	if (!said(record, "policy.name").len)
		return;
	seen_profile(record, &profile);
	(void)make_string(a, make_member(a, to, "policy"), "profile", (struct bytes){ profile.data, profile.len });
}

void side_recorded(struct arena *a, const struct doc *record, bool started, struct doc *to)
{
	for (size_t i = 0; i < sizeof(of_record) / sizeof(of_record[0]); i++) {
		const struct bytes value = said(record, of_record[i].path);
		if (!value.len || (started && !of_record[i].started))
			continue;
		struct doc *in = make_member(a, to, of_record[i].group);
		if (of_record[i].digest)
			side_digest(a, in, of_record[i].key, value);
		else
			(void)make_string(a, in, of_record[i].key, value);
	}
	add_policy(a, record, to);
}

/* --- the record of a container that is there --------------------------------------------------------------------- */

struct search {
	struct arena *arena;
	const char *id;
	struct seen found;
};

static int match(const struct seen *s, void *data)
{
	struct search *f = data;

	if (!s->sound || !bytes_is(seen_string(s, "id"), f->id))
		return 0;
	const int r = seen_keep(f->arena, s, &f->found);
	return r < 0 ? r : 1;
}

/* Whether there is a chain that can be read; what cannot is nothing to complain of here. */
static bool may_read_chain(struct arena *a)
{
	struct places places;
	return places_default(a, NULL, &places) == 0 && places.log_dir && access(places.log_dir, R_OK | X_OK) == 0;
}

const struct doc *side_create_record(struct arena *a, const struct running *r)
{
	struct search f = { .arena = a, .id = r->record };
	struct query q;

	if (!r->record || !query_is_id(r->record) || !may_read_chain(a))
		return NULL;
	query_init(&q);
	q.in = IN_CHAIN;
	q.part = arena_printf(a, "\"id\":\"%s", r->record);
	if (q.part)
		(void)query_each(&q, match, &f);
	query_done(&q);
	/* A record is a claim, and the note another one: they have to be of one container. */
	return f.found.root && bytes_is(seen_string(&f.found, "container.id"), r->id) ? f.found.root : NULL;
}
