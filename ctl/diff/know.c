/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from a document, so that it can be held against a side that has none: its fingerprints, its image, and
 * the facts that a record would have of it.
 */
#include <errno.h>

#include "audit/facts.h"
#include "ctl/ctl.h"
#include "ctl/diff/side.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/lock/started.h"
#include "validate/policy/context.h"

void side_keep(char to[static DIGEST_HEX], struct bytes digest)
{
	if (bytes_start(digest, "sha256:")) {
		digest.data += 7;
		digest.len -= 7;
	}
	if (digest.len != DIGEST_HEX - 1)
		return;
	memcpy(to, digest.data, digest.len);
	to[digest.len] = '\0';
}

/* As the record of its create would say it, by what makes records. */
static int facts_of(struct side *s, const struct doc **ret)
{
	static const struct doc_options options = { .file = "record", .cause = CAUSE_AUDIT };
	struct arena *a = &s->again.arena;
	const struct judged j = {
		.config = s->again.root,
		.posture = posture_make(a, s->again.root, NULL, NULL),
	};
	struct text line = text_growing(a);
	const struct doc *d = NULL;
	struct record r;
	struct fail why = { 0 };

	if (!j.posture)
		return -ENOMEM;
	int code = record_init(&r, a, &why);
	if (code == 0)
		code = record_facts(&r, &j);
	if (code == 0)
		code = record_json(&r, &line);
	if (code == 0)
		code = doc_parse(a, (struct bytes){ line.data, line.len }, &options, &d, &why);
	*ret = doc_get(d, "facts");
	return code;
}

int side_know(struct side *s)
{
	struct arena *a = &s->again.arena;
	const struct doc *image = doc_get(s->again.context, "image"), *facts = NULL;
	const struct bytes engine = doc_string(s->again.context, "engine", (struct bytes){ 0 });
	struct doc *beside = make_document(a);
	struct fingerprints prints = { .normal = "" };
	const struct bytes id = s->print.id.len ? s->print.id
						: doc_string(s->again.context, "container.id", (struct bytes){ 0 });
	const struct started started = { .config = s->again.root,
		.context = s->again.context,
		.id = arena_copy(a, id),
		.bundle = s->again.bundle,
		.root = s->again.top };

	if (started_of(a, &started, &s->print) < 0)
		return trouble("no memory"), -ENOMEM;
	if (fingerprints_make(a, &s->print, &prints) == -ENOMEM || facts_of(s, &facts) < 0)
		return trouble("no memory"), -ENOMEM;
	/* What a record or a runtime said of it goes before. */
	for (const struct doc *m = s->beside ? s->beside->first : NULL; m; m = m->next) {
		const char *name = arena_copy(a, m->key);
		if (name && strcmp(name, "fingerprint") != 0 && strcmp(name, "facts") != 0)
			(void)make_copy(a, beside, name, m);
	}
	if (image && !doc_get(s->beside, "image"))
		(void)make_copy(a, beside, "image", image);
	if (engine.len && !doc_get(s->beside, "engine"))
		(void)make_string(a, make_object(a, beside, "engine"), "name", engine);
	if (prints.normal[0]) {
		struct doc *to = make_object(a, beside, "fingerprint");
		side_digest(a, to, "normal", bytes_of(prints.normal));
		side_digest(a, to, "posture", bytes_of(prints.posture));
		memcpy(s->normal, prints.normal, DIGEST_HEX);
		memcpy(s->posture, prints.posture, DIGEST_HEX);
	}
	if (facts)
		(void)make_copy(a, beside, "facts", facts);
	s->beside = beside;
	return make_whole(beside) ? 0 : (trouble("no memory"), -ENOMEM);
}
