/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/again.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "audit/sink.h"
#include "ctl/input.h"
#include "ctl/ctl.h"
#include "shim/delegate_features.h"
#include "validate/base/digest.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/policy/context.h"

void again_init(struct again *g, bool live)
{
	struct places places;

	*g = (struct again){ .name = "", .verb = "create", .top = -1 };
	arena_init(&g->arena, LIMIT_ARENA);
	if (!live)
		return;
	g->top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	if (places_default(&g->arena, NULL, &places) == 0)
		g->cache = features_cache(&g->arena, &places, false);
}

void again_done(struct again *g)
{
	(void)fd_close(g->top);
	arena_done(&g->arena);
}

static int parse(struct again *g)
{
	const struct doc_options options = { .file = g->name, .cause = CAUSE_BUNDLE };
	struct fail why = { 0 };

	const int r = doc_parse(&g->arena, g->text, &options, &g->root, &why);
	g->unsound = r == -EBADMSG;
	if (r < 0 && r != -EBADMSG)
		(void)trouble("%s cannot be judged: %s", g->name, why.says);
	return r == -EBADMSG ? 0 : r;
}

static struct bytes member(const struct doc *record, const char *path)
{
	return doc_string(record, path, (struct bytes){ 0 });
}

struct bytes digest_digits(const struct doc *record, const char *path)
{
	static const char prefix[] = "sha256:";
	struct bytes b = member(record, path);

	if (bytes_start(b, prefix)) {
		b.data += sizeof(prefix) - 1;
		b.len -= sizeof(prefix) - 1;
	}
	return b;
}

static const char *text_of(struct arena *a, const struct doc *record, const char *path)
{
	const struct bytes b = member(record, path);
	return b.len ? arena_copy(a, b) : NULL;
}

/* As the shim asks; `record` (may be NULL) tells what it told then. */
static int look_up(struct again *g, const struct doc *record)
{
	const struct doc *uid = doc_find(record, "user.euid");
	cleanup_close int top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	struct fail why = { 0 };
	const struct calling calling = {
		.verb = g->verb,
		.id = text_of(&g->arena, record, "container.id"),
		.bundle = g->bundle,
		.root = text_of(&g->arena, record, "root"),
		.config = g->root,
		.rootless = rootless() || (uid && uid->type == DOC_INT && uid->integer.magnitude != 0),
		.host = top,
		.caller = {
			.exe = text_of(&g->arena, record, "caller.exe"),
			.unit = text_of(&g->arena, record, "caller.unit"),
			.uid = (uid_t)-1,
		},
	};

	if (context_make(&g->arena, &calling, CONTEXT_ALL, &g->context, &why) == 0)
		return 0;
	(void)trouble("%s", why.says);
	return -ENOMEM;
}

static int read_context(struct again *g, const char *file)
{
	const struct doc_options options = { .file = file, .cause = CAUSE_BUNDLE };
	struct bytes text;
	struct fail why = { 0 };

	int r = input_get(&g->arena, file, &file, &text);
	if (r == 0 && (r = doc_parse(&g->arena, text, &options, &g->context, &why)) < 0)
		(void)trouble("%s:%u:%u: %s", file, why.place.line, why.place.column, why.says);
	return r;
}

int again_given(struct again *g, const char *word, const char *context)
{
	int r = input_get(&g->arena, word, &g->name, &g->text);
	if (r == 0)
		r = parse(g);
	if (r == 0) {
		g->bundle = input_bundle(&g->arena, g->name);
		r = context ? read_context(g, context) : g->bundle ? look_up(g, NULL) : 0;
	}
	return r;
}

/* What a record says of the call, under the names of the context and no more believed than the least of it was. */
static void from_record(struct again *g, const struct doc *record)
{
	static const struct {
		const char *group, *key, *path;
	} facts[] = {
		{ NULL, "engine", "engine.name" },
		{ NULL, "namespace", "engine.namespace" },
		{ "container", "id", "container.id" },
		{ "container", "name", "container.name" },
		{ "container", "type", "container.type" },
		{ "pod", "namespace", "k8s.namespace.name" },
		{ "pod", "name", "k8s.pod.name" },
		{ "pod", "uid", "k8s.pod.uid" },
		{ "pod", "sandbox", "sandbox.id" },
		{ "image", "ref", "container.image.name" },
		{ "image", "digest", "container.image.id" },
		{ "caller", "exe", "caller.exe" },
		{ "caller", "unit", "caller.unit" },
		{ NULL, "bundle", "bundle" },
		{ NULL, "root", "root" },
	};
	struct arena *a = &g->arena;
	struct doc *d = make_document(a), *trust;
	const struct bytes least = member(record, "identity_trust"), engine = member(record, "engine.trust");

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct bytes value = member(record, facts[i].path);
		struct doc *to = value.len && facts[i].group ? make_member(a, d, facts[i].group) : d;
		if (value.len)
			(void)make_string(a, to, facts[i].key, value);
	}
	(void)make_string(a, d, "verb", bytes_of(g->verb));
	trust = make_object(a, d, "trust");
	(void)make_string(a, trust, "verb", BYTES("kernel"));
	if (engine.len) {
		(void)make_string(a, trust, "engine", engine);
		(void)make_string(a, trust, "namespace", engine);
	}
	for (size_t i = 0; least.len && i < 3; i++) {
		static const char *const groups[] = { "container", "pod", "image" };
		(void)make_string(a, trust, groups[i], least);
	}
	g->context = make_whole(d) ? d : NULL;
}

static enum kept find(struct again *g, const struct doc *record, const char *file)
{
	const struct bytes digest = digest_digits(record, "config.digest");
	const char *path = file;
	char now[DIGEST_HEX];
	const char *said = text_of(&g->arena, record, "bundle");

	if (!file && (strcmp(g->verb, "exec") == 0 || strcmp(g->verb, "update") == 0))
		return KEPT_NEVER;
	if (!path && said)
		path = arena_printf(&g->arena, "%s/config.json", said);
	if (!path || digest.len == 0 || (!file && access(path, R_OK) < 0))
		return KEPT_GONE;
	if (input_get(&g->arena, path, &g->name, &g->text) < 0)
		return KEPT_GONE;
	digest_hex(g->text, (struct bytes){ 0 }, now);
	if (!bytes_is(digest, now))
		return KEPT_CHANGED;
	g->bundle = said;
	return KEPT_SAME;
}

int again_recorded(struct again *g, const struct doc *record, const char *file, enum kept *ret)
{
	const char *verb = text_of(&g->arena, record, "action");

	/* What a start is held against is what create was told. */
	g->verb = verb && strcmp(verb, "start") != 0 ? verb : "create";
	*ret = find(g, record, file);
	if (*ret == KEPT_SAME) {
		const int r = parse(g);
		return r < 0 ? r : look_up(g, record);
	}
	from_record(g, record);
	return 0;
}

int again_container(struct again *g, const char *bundle, const struct doc *record)
{
	const char *path = arena_printf(&g->arena, "%s/config.json", bundle);
	int r = path ? input_get(&g->arena, path, &g->name, &g->text) : -ENOMEM;

	g->bundle = bundle;
	if (r == 0)
		r = parse(g);
	return r < 0 ? r : look_up(g, record);
}

const char *kept_words(enum kept k)
{
	static const char *const words[] = {
		[KEPT_SAME] = "it is there as it was",
		[KEPT_GONE] = "its bundle is not there any more",
		[KEPT_CHANGED] = "what is there now has another digest",
		[KEPT_NEVER] = "the document of an exec or update is not kept",
	};
	return words[k];
}

static const char *below_of(const char *verb)
{
	return strcmp(verb, "exec") == 0 ? "process" : strcmp(verb, "update") == 0 ? "linux.resources" : "";
}

int again_judge(const struct again *g, struct arena *a, const struct policy *p, struct report *ret,
	const struct doc **ret_host)
{
	const struct host host = { .root = g->top, .live = true, .cache = g->cache, .bundle = g->bundle };
	const struct evaluation e = {
		.file = g->name,
		.text = g->text,
		.root = g->root,
		.below = below_of(g->verb),
		.policy = p,
		.host = g->top < 0 ? NULL : &host,
		.context = g->context,
		.now = g->now,
	};
	struct fail why = { 0 };

	if (!g->root)
		return 0;
	const int r = evaluate(a, &e, ret, ret_host, &why);
	if (r < 0)
		(void)trouble("%s cannot be judged: %s", g->name, why.says);
	return r;
}
