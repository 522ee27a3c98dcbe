/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A word is a path where there is one, then a container that is there now, then a record. Who has a file called like a
 * container writes ./NAME, or the id.
 */
#include "ctl/lock/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "config.h"
#include "ctl/audit/query.h"
#include "ctl/container.h"
#include "ctl/ctl.h"
#include "ctl/input.h"
#include "shim/delegate_features.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/host.h"
#include "validate/lock/started.h"

static bool is_path(const char *word)
{
	struct stat st;
	return strcmp(word, "-") == 0 || strchr(word, '/') || stat(word, &st) == 0;
}

/* What the record says of the delegate: that is what it was then. */
static const struct doc *recorded_delegate(struct arena *a, const struct doc *record)
{
	struct doc *d = make_document(a);
	const struct bytes version = doc_string(record, "runtime.version", (struct bytes){ 0 });
	const struct bytes digest = digest_digits(record, "runtime.digest");

	if (version.len > 0)
		(void)make_string(a, d, "version", version);
	if (digest.len > 0)
		(void)make_string(a, d, "digest", digest);
	return make_whole(d) ? d : NULL;
}

static int read_record(struct lock_subject *s, const char *word)
{
	struct arena *a = &s->again.arena;
	struct query q;
	struct seen line;
	enum kept kept;

	query_init(&q);
	const int r = query_find(&q, a, word, &line);
	query_done(&q);
	if (r < 0)
		return r == -ENOENT ? CTL_FOUND : CTL_USAGE;
	if (again_recorded(&s->again, line.root, NULL, &kept) < 0)
		return CTL_USAGE;
	if (kept != KEPT_SAME)
		return trouble("record %s cannot be used: %s", word, kept_words(kept));
	s->of.id = arena_copy(a, doc_string(line.root, "container.id", (struct bytes){ 0 }));
	s->of.delegate = recorded_delegate(a, line.root);
	return s->of.id && s->of.delegate ? CTL_GOOD : trouble("no memory");
}

/* Asks a delegate who it is. `path` (may be NULL) is the one that the container was made by. */
static int ask_delegate(struct lock_subject *s, const char *name, const char *path)
{
	struct arena *a = &s->again.arena;
	const struct runtimes_dirs dirs = { .site = RUNVET_SITE "/runtimes.d", .vendor = RUNVET_VENDOR "/runtimes.d" };
	const char *const paths[] = { path, NULL };
	struct runtime entry = { 0 };
	struct delegate d;
	struct fail why = { 0 };

	if (runtime_find(a, &dirs, name, &entry, &why) < 0 || !entry.dialect)
		return trouble("no delegate is called %s", name);
	if (path)
		entry.paths = paths;
	delegate_at(&d, &entry);
	if (delegate_vet(&d, &why) < 0)
		return trouble("%s; it is not run", why.says);
	struct delegate_want want = features_want(&d, s->again.cache, true);
	if (delegate_look(a, &want, &s->of.delegate, NULL, &why) < 0)
		return trouble("no memory");
	if (!doc_get(s->of.delegate, "digest")) {
		want.cache = NULL;
		if (delegate_look(a, &want, &s->of.delegate, NULL, &why) < 0)
			return trouble("no memory");
	}
	return CTL_GOOD;
}

static int read_running(struct lock_subject *s, const struct subject_want *want, const struct running *r)
{
	const char *why = NULL;
	const int opened = container_open(&s->again, r, &why);

	if (opened < 0)
		return trouble("container %s cannot be locked: %s", r->id, why ? why : errno_words(opened));
	s->of.id = r->id;
	return !want->delegate && *r->runtime ? ask_delegate(s, r->runtime, r->delegate) : CTL_GOOD;
}

static int read_container(struct lock_subject *s, const struct subject_want *want)
{
	struct running r;
	const char *why = NULL;
	const int found = container_find(&s->again.arena, want->word, NULL, &r, &why);

	if (found == 0)
		return read_running(s, want, &r);
	if (found != -ENOENT)
		return trouble("%s: %s", want->word, why ? why : errno_words(found));
	if (query_is_id(want->word))
		return read_record(s, want->word);
	return trouble("%s is no file, no container that is there now, and no record's id", want->word);
}

static int look_live(struct lock_subject *s)
{
	struct arena *a = &s->again.arena;
	struct asking asking = { .all = ASK_LOCKED };
	const struct host host = { .root = s->again.top, .live = true, .cache = s->again.cache };
	const struct host_question q = { .config = s->again.root, .below = "", .asking = &asking };
	struct fail why = { 0 };

	if (host.root < 0)
		return trouble("the root directory cannot be opened");
	if (host_look(a, &host, &q, &s->of.host, &why) < 0)
		return trouble("%s", why.says);
	const struct started started = { .config = s->of.config,
		.context = s->of.context,
		.id = s->of.id,
		.bundle = s->of.bundle,
		.root = s->again.top };
	struct fingerprint_of known;
	if (started_of(a, &started, &known) < 0)
		return trouble("no memory");
	s->of.host_name = arena_copy(a, known.host_name);
	s->of.image = known.image;
	return CTL_GOOD;
}

static int read_host(struct lock_subject *s, const char *word)
{
	struct arena *a = &s->again.arena;
	const char *file;
	struct bytes text;
	struct fail why = { 0 };

	if (!word || strcmp(word, "live") == 0)
		return look_live(s);
	if (strcmp(word, "none") == 0)
		return CTL_GOOD;
	if (input_get(a, word, &file, &text) < 0)
		return CTL_USAGE;
	if (host_parse(a, text, file, &s->of.host, &why) < 0)
		return trouble("%s:%u:%u: %s", file, why.place.line, why.place.column, why.says);
	return CTL_GOOD;
}

int subject_find(const struct subject_want *want, struct lock_subject *ret)
{
	*ret = (struct lock_subject){ 0 };
	again_init(&ret->again, true);
	int code = !is_path(want->word)                          ? read_container(ret, want)
		: again_given(&ret->again, want->word, NULL) < 0 ? CTL_USAGE
								 : CTL_GOOD;
	if (code != CTL_GOOD)
		return code;
	if (!ret->again.root || ret->again.root->type != DOC_OBJECT)
		return trouble("%s is no config.json; runvetctl check tells what is wrong with it", ret->again.name);
	ret->of.config = ret->again.root;
	ret->of.context = ret->again.context;
	ret->of.bundle = ret->again.bundle;
	if (want->delegate)
		code = ask_delegate(ret, want->delegate, NULL);
	return code == CTL_GOOD ? read_host(ret, want->host) : code;
}

void subject_done(struct lock_subject *s)
{
	again_done(&s->again);
}
