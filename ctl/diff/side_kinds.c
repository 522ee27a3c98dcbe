/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of a bundle, a record, a lock file, a host and a container. A record's document is used as long as it
 * is still what it was; where it is not, its own words are: they are hostile, as all that is read here.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "ctl/audit/query.h"
#include "ctl/container.h"
#include "ctl/ctl.h"
#include "ctl/diff/side.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/host.h"

static struct bytes said(const struct doc *d, const char *path)
{
	return doc_string(d, path, (struct bytes){ 0 });
}

static int unsound(const struct side *s)
{
	(void)trouble("%s is no JSON; runvetctl check tells where", s->again.name);
	return -EBADMSG;
}

int side_bundle(struct side *s, const char *path)
{
	s->kind = SIDE_BUNDLE;
	const int r = again_given(&s->again, path, NULL);
	if (r < 0)
		return r;
	if (!s->again.root || s->again.unsound)
		return unsound(s);
	s->has_config = true;
	return side_know(s);
}

int side_host(struct side *s, struct bytes text, const char *file)
{
	struct fail why = { 0 };

	s->kind = SIDE_HOST;
	const int r = host_parse(&s->again.arena, text, file, &s->host, &why);
	if (r < 0)
		(void)trouble("%s:%u:%u: %s", file, why.place.line, why.place.column, why.says);
	return r;
}

/* --- records ----------------------------------------------------------------------------------------------------- */

static struct doc *beside_record(struct arena *a, const struct doc *record)
{
	struct doc *ret = make_document(a);

	side_recorded(a, record, false, ret);
	const struct doc *facts = doc_get(record, "facts");
	if (facts && facts->type == DOC_OBJECT)
		(void)make_copy(a, ret, "facts", facts);
	return ret;
}

int side_record(struct side *s, const struct doc *record)
{
	struct arena *a = &s->again.arena;
	struct doc *host = make_document(a), *beside = beside_record(a, record);
	struct text about = text_growing(a);
	enum kept kept = KEPT_GONE;

	s->kind = SIDE_RECORD;
	if (said(record, "host.kernel").len)
		(void)make_string(a, make_object(a, host, "kernel"), "release", said(record, "host.kernel"));
	text_shown(&about, said(record, "action"), 20);
	text_add(&about, " of ");
	text_shown(&about, said(record, "container.id"), 64);
	text_add(&about, ", ");
	text_shown(&about, said(record, "time"), 40);
	if (!make_whole(beside) || !make_whole(host) || about.cut)
		return trouble("no memory"), -ENOMEM;
	side_keep(s->normal, said(record, "fingerprint.normal"));
	side_keep(s->posture, said(record, "fingerprint.posture"));
	s->beside = beside;
	s->host = host;
	s->about = about.data;
	const int r = again_recorded(&s->again, record, NULL, &kept);
	if (r < 0)
		return r;
	s->has_config = kept == KEPT_SAME && s->again.root && !s->again.unsound;
	if (!s->has_config) {
		s->lacks = kept == KEPT_SAME ? "its document is no JSON" : kept_words(kept);
		return 0;
	}
	s->print = (struct fingerprint_of){ .id = said(record, "container.id") };
	return side_know(s);
}

int side_record_id(struct side *s, const char *id)
{
	struct seen line;
	struct query q;

	if (!query_is_id(id)) {
		(void)trouble("%s is no record's id: eight hexadecimal digits and more", id);
		return -EINVAL;
	}
	query_init(&q);
	const int r = query_find(&q, &s->again.arena, id, &line);
	query_done(&q);
	return r < 0 ? r : side_record(s, line.root);
}

/* --- containers -------------------------------------------------------------------------------------------------- */

/* How a container was started: by the record of its create, and its runtime by what its state says as well. */
static int add_started(struct side *s, const struct running *r)
{
	struct arena *a = &s->again.arena;
	struct doc *beside = make_document(a);
	const struct doc *record = side_create_record(a, r);

	if (record)
		side_recorded(a, record, true, beside);
	struct doc *to = make_member(a, beside, "delegate");
	if (*r->runtime)
		(void)make_string(a, to, "name", bytes_of(r->runtime));
	if (r->delegate && !doc_get(to, "path"))
		(void)make_string(a, to, "path", bytes_of(r->delegate));
	s->beside = beside;
	return make_whole(beside) ? 0 : -ENOMEM;
}

int side_container(struct side *s, const char *word)
{
	const struct host h = { .root = s->again.top, .live = true };
	struct arena *a = &s->again.arena;
	struct running r;
	const char *why = NULL;
	struct fail broken = { 0 };

	s->kind = SIDE_CONTAINER;
	int code = container_find(a, word, NULL, &r, &why);
	if (code < 0) {
		(void)trouble("%s: %s", word, code == -ENOMEM ? "no memory" : why);
		return code;
	}
	s->about = arena_printf(a, "%s%s%s%s%s", r.id, *r.runtime ? ", " : "", r.runtime, r.engine ? ", " : "",
		r.engine ? r.engine : "");
	code = container_open(&s->again, &r, &why);
	if (code < 0) {
		(void)trouble("%s: %s", word, why ? why : "no memory");
		return code;
	}
	s->has_config = true;
	s->print = (struct fingerprint_of){ .id = bytes_of(r.id) };
	if (add_started(s, &r) < 0 || host_all(a, &h, &s->host, &broken) < 0)
		return trouble("no memory"), -ENOMEM;
	return side_know(s);
}
