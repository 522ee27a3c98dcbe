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
#include <sys/utsname.h>

#include "config.h"
#include "ctl/audit/query.h"
#include "ctl/ctl.h"
#include "ctl/input.h"
#include "ctl/node/running.h"
#include "shim/delegate_features.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/host.h"

#define PREFIX_LEAST 4u /* digits of an id that are enough, where no other begins so */

static bool is_path(const char *word)
{
	struct stat st;
	return strcmp(word, "-") == 0 || strchr(word, '/') || stat(word, &st) == 0;
}

/* What the runtime was told, as a record would have it. */
static const struct doc *as_record(struct arena *a, const struct running *r)
{
	struct doc *d = make_document(a), *container = make_object(a, d, "container"),
		   *user = make_object(a, d, "user");

	(void)make_string(a, container, "id", bytes_of(r->id));
	(void)make_string(a, d, "root", bytes_of(r->root));
	(void)make_uint(a, user, "euid", r->owner);
	return make_whole(d) ? d : NULL;
}

static int read_running(struct lock_subject *s, const struct running *r)
{
	const struct doc *record = as_record(&s->again.arena, r);

	if (!record)
		return trouble("no memory");
	if (!r->bundle)
		return trouble("the runtime of container %s does not say where its bundle is", r->id);
	if (again_container(&s->again, r->bundle, record) < 0)
		return CTL_USAGE;
	s->of.id = r->id;
	return CTL_GOOD;
}

/* Whether a container is called so by its engine. */
static bool is_named(const struct running *r, const char *word)
{
	struct lock_subject probe = { 0 };
	bool is = false;

	again_init(&probe.again, true);
	const char *config = r->bundle ? arena_printf(&probe.again.arena, "%s/config.json", r->bundle) : NULL;
	struct stat st;
	if (config && !r->trouble && stat(config, &st) == 0 && read_running(&probe, r) == CTL_GOOD)
		is = bytes_is(doc_string(probe.again.context, "container.name", (struct bytes){ 0 }), word);
	again_done(&probe.again);
	return is;
}

/* The one that is there now; NULL: none, or (*ret_several) more than one. */
static const struct running *find_running(struct arena *a, const char *word, bool *ret_several)
{
	cleanup_close int top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	struct running_list list = { 0 };
	const struct running *found = NULL;

	*ret_several = false;
	if (top < 0 || running_list(a, top, true, &list) < 0)
		return NULL;
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.of[i].id, word) == 0)
			return &list.of[i];
	for (size_t i = 0; strlen(word) >= PREFIX_LEAST && i < list.count; i++)
		if (bytes_start(bytes_of(list.of[i].id), word)) {
			*ret_several |= found != NULL;
			found = &list.of[i];
		}
	for (size_t i = 0; !found && i < list.count; i++)
		if (is_named(&list.of[i], word))
			found = &list.of[i];
	return *ret_several ? NULL : found;
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

static int read_container(struct lock_subject *s, const struct subject_want *want)
{
	bool several;
	const struct running *r = find_running(&s->again.arena, want->word, &several);

	if (several)
		return trouble("the ids of several containers begin with %s: give more of it", want->word);
	if (!r && query_is_id(want->word))
		return read_record(s, want->word);
	if (!r)
		return trouble("%s is no file, no container that is there now, and no record's id", want->word);
	int code = read_running(s, r);
	if (code == CTL_GOOD && !want->delegate && *r->runtime)
		code = ask_delegate(s, r->runtime, r->delegate);
	return code;
}

static int look_live(struct lock_subject *s)
{
	struct arena *a = &s->again.arena;
	struct asking asking = { .all = ASK_LOCKED };
	const struct host host = { .root = s->again.top, .live = true, .cache = s->again.cache };
	const struct host_question q = { .config = s->again.root, .below = "", .asking = &asking };
	struct utsname names;
	struct fail why = { 0 };

	if (host.root < 0)
		return trouble("the root directory cannot be opened");
	if (host_look(a, &host, &q, &s->of.host, &why) < 0)
		return trouble("%s", why.says);
	s->of.host_name = uname(&names) == 0 ? arena_copy(a, bytes_of(names.nodename)) : NULL;
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
