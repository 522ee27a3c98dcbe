/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl features: what the delegates of this machine can, as they say it and as runvet keeps it. It is the shim's
 * own way to the answer, cache and all: what is shown is what a create is judged by, and what was not known yet is
 * known to the next create.
 */
#include <errno.h>
#include <stdlib.h>

#include "config.h"
#include "ctl/option.h"
#include "ctl/show.h"
#include "shim/delegate_features.h"
#include "validate/base/limits.h"
#include "validate/check.h"
#include "validate/doc/make.h"

/* What features may say, in its order: what of it is missing is unknown. */
static const char *const members[] = { "ociVersionMin", "ociVersionMax", "hooks", "mountOptions", "annotations",
	"potentiallyUnsafeConfigAnnotations", "linux.namespaces", "linux.capabilities", "linux.cgroup",
	"linux.seccomp.enabled", "linux.seccomp.actions", "linux.seccomp.operators", "linux.seccomp.archs",
	"linux.seccomp.knownFlags", "linux.seccomp.supportedFlags", "linux.apparmor", "linux.selinux", "linux.intelRdt",
	"linux.mountExtensions", "linux.memoryPolicy", "linux.netDevices" };

/* One delegate, and what is known of it. */
struct one {
	const struct doc *document;
	bool kept;            /* by an earlier question */
	struct fail why;      /* features are unknown */
	struct report report; /* of its features */
};

struct asker {
	struct arena arena;
	struct runtimes_dirs dirs;
	const char *cache;
	struct one *list;
	size_t count;
	void (*write)(const struct asker *k, struct text *to);
};

/* Holds what it says to the rules of what it may say. */
static int judge(struct arena *a, struct one *o)
{
	const struct doc *features = doc_get(o->document, "features"), *root = NULL;
	const struct doc_options options = { .file = "features" };
	struct text text = text_growing(a);

	if (!features)
		return 0;
	doc_write(features, true, &text);
	const struct bytes bytes = { text.data, text.len };
	const int r = text.cut ? -ENOMEM : doc_parse(a, bytes, &options, &root, NULL);
	if (r < 0)
		return r;
	const struct check_input in = { .file = "features",
		.text = bytes,
		.root = root,
		.of = OF_FEATURES,
		.below = "" };
	return check(a, &in, &o->report, NULL);
}

/* Asks the delegate of an entry. CTL_GOOD, or an exit code once it has complained. */
static int ask(struct asker *k, const struct runtime *r)
{
	struct one *o = &k->list[k->count];
	struct delegate d;

	delegate_at(&d, r);
	const bool sound = delegate_vet(&d, &o->why) == 0;
	if (d.path[0] == '\0')
		return trouble("%s", o->why.says);
	if (!sound)
		(void)trouble("%s; it is not run", o->why.says);
	const struct delegate_want want = features_want(&d, k->cache, sound);
	if (delegate_look(&k->arena, &want, &o->document, &o->kept, &o->why) < 0 || judge(&k->arena, o) < 0)
		return trouble("no memory for what %s can", r->name);
	k->count++;
	return sound ? CTL_GOOD : CTL_USAGE;
}

/* An entry of runtimes.d by its name. */
static int find(struct asker *k, const char *name, struct runtime *ret)
{
	struct fail why = { 0 };

	const int r = runtime_find(&k->arena, &k->dirs, name, ret, &why);
	if (r == -ENOENT)
		return trouble("no delegate is called %s; runtimes.d has none of that name", name);
	if (r < 0)
		return trouble("%s: %s", why.file[0] ? why.file : name, why.says);
	return ret->dialect ? CTL_GOOD : trouble("%s is no runtime that a container could be handed to", name);
}

/* Every delegate that is installed. */
static int ask_all(struct asker *k, const char *const *names)
{
	int worst = CTL_GOOD;

	for (; *names; names++) {
		struct runtime r;
		const int found = runtime_find(&k->arena, &k->dirs, *names, &r, NULL) < 0 ? find(k, *names, &r)
											  : CTL_GOOD;
		if (found == CTL_GOOD && (!r.dialect || !runtime_installed(&r)))
			continue;
		const int said = found == CTL_GOOD ? ask(k, &r) : found;
		worst = said > worst ? said : worst;
	}
	if (k->count == 0 && worst == CTL_GOOD)
		return trouble("no delegate is installed");
	return worst;
}

static void line(const char *name, const char *value, struct text *to)
{
	const struct doc d = { .type = DOC_STRING, .string = bytes_of(value) };

	show_member(name, &d, to);
}

static void unknown_text(const struct doc *features, struct text *to)
{
	struct show_line l = { .to = to };

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (doc_find(features, members[i]))
			continue;
		if (l.column == 0) {
			text_add(to, "  unknown: ");
			l.indent = l.column = strlen("  unknown: ");
		}
		show_word(&l, members[i]);
	}
	text_add(to, l.column ? "\n" : "");
}

static void one_text(const struct one *o, struct text *to)
{
	static const char *const known[] = { "path", "version", "spec", "digest", "quirks" };
	const struct doc *features = doc_get(o->document, "features");

	text_shown(to, doc_string(o->document, "name", BYTES("?")), LIMIT_QUOTE);
	text_char(to, '\n');
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (doc_get(o->document, known[i]))
			show_member(known[i], doc_get(o->document, known[i]), to);
	line("asked", !doc_get(o->document, "asked") ? "no" : o->kept ? "earlier, and kept" : "now", to);
	if (!features) {
		line("features", "unknown", to);
		line("", o->why.says, to);
		return;
	}
	for (const struct doc *d = features->first; d; d = d->next) {
		char name[128];
		struct text shown = text_over(name, sizeof(name));
		text_shown(&shown, d->key, sizeof(name) - 4);
		show_tree(name, d, to);
	}
	unknown_text(features, to);
	for (size_t i = 0; i < o->report.count; i++) {
		const struct finding *f = &o->report.findings[i];
		text_printf(to, "  %s: ", severity_name(f->severity));
		finding_write(f, SHOW_ALL, to);
		text_printf(to, " [%s]\n", f->id);
	}
}

static void write_text(const struct asker *k, struct text *to)
{
	for (size_t i = 0; i < k->count; i++)
		one_text(&k->list[i], to);
}

static void finding_json(struct arena *a, const struct finding *f, struct text *to)
{
	struct text message = text_growing(a);

	finding_write(f, SHOW_ALL, &message);
	text_add(to, "{\"rule\":");
	text_json(to, bytes_of(f->id));
	text_printf(to, ",\"severity\":\"%s\",\"pointer\":", severity_name(f->severity));
	text_json(to, bytes_of(f->pointer));
	text_add(to, ",\"message\":");
	text_json(to, (struct bytes){ message.data, message.len });
	text_char(to, '}');
	to->cut |= message.cut;
}

static void write_json(const struct asker *k, struct text *to)
{
	text_add(to, "{\"delegates\":[");
	for (size_t i = 0; i < k->count; i++) {
		const struct one *o = &k->list[i];
		text_add(to, i ? ",{\"delegate\":" : "{\"delegate\":");
		doc_write(o->document, false, to);
		text_printf(to, ",\"kept\":%s,\"unknown\":", o->kept ? "true" : "false");
		if (doc_get(o->document, "features"))
			text_add(to, "null");
		else
			text_json(to, bytes_of(o->why.says));
		text_add(to, ",\"findings\":[");
		for (size_t n = 0; n < o->report.count; n++) {
			text_add(to, n ? "," : "");
			finding_json(to->arena, &o->report.findings[n], to);
		}
		text_add(to, "]}");
	}
	text_add(to, "]}\n");
}

/* What was asked for, or every delegate; then all of it is written at once. */
static int show(struct asker *k, char *const *names)
{
	struct places places;
	const char *const *all = NULL;
	struct fail why = { 0 };
	int worst = CTL_GOOD;
	size_t count = 0;

	if (places_default(&k->arena, NULL, &places) == 0)
		k->cache = features_cache(&k->arena, &places, true);
	if (!names[0] && runtime_names(&k->arena, &k->dirs, &all, &why) < 0)
		worst = trouble("%s", why.says);
	while (names[0] ? names[count] != NULL : all && all[count])
		count++;
	k->list = arena_array(&k->arena, count + 1, sizeof(*k->list));
	if (!k->list)
		return trouble("no memory");
	if (!names[0] && all)
		worst = ask_all(k, all) == CTL_GOOD ? worst : CTL_USAGE;
	for (; names[0]; names++) {
		struct runtime r;
		if (find(k, names[0], &r) != CTL_GOOD || ask(k, &r) != CTL_GOOD)
			worst = CTL_USAGE;
	}
	struct text to = text_growing(&k->arena);
	k->write(k, &to);
	if (to.cut || put(to.data) != CTL_GOOD)
		return to.cut ? trouble("no memory for the output") : CTL_USAGE;
	for (size_t i = 0; i < k->count && worst == CTL_GOOD; i++)
		worst = k->list[i].report.errors > 0 ? CTL_FOUND : CTL_GOOD;
	return worst;
}

static int run(int argc, char **argv)
{
	const char *format = NULL;
	const struct option options[] = { { .name = "--format", .value = &format, .choices = option_text_json },
		{ 0 } };
	const int names = options_read(&verb_features, options, argc, argv);
	struct asker k = { .write = option_is(format, "json") ? write_json : write_text };

	if (names < 0)
		return CTL_USAGE;
	argv[1 + names] = NULL;
	k.dirs = (struct runtimes_dirs){ .site = RUNVET_SITE "/runtimes.d", .vendor = RUNVET_VENDOR "/runtimes.d" };
	arena_init(&k.arena, LIMIT_ARENA);
	const int r = show(&k, argv + 1);
	arena_done(&k.arena);
	return r;
}

const struct verb verb_features = {
	.name = "features",
	.summary = "show what the delegates can",
	.help = "Usage: runvetctl features [--format text|json] [DELEGATE]...\n\n"
		"Shows what each DELEGATE, a name in runtimes.d, says that it can: all that are\n"
		"installed when none is named. This is what runvet judges containers by. A\n"
		"delegate that was not asked yet is asked now, and the answer kept for runvet.\n\n"
		"      --format text  for reading (the default)\n"
		"      --format json  one object: {\"delegates\":[{\"delegate\",\"kept\",\"unknown\",\n"
		"                     \"findings\"}]}; \"delegate\" is what runvetctl check\n"
		"                     --delegate FILE takes on another machine\n"
		"  -h, --help         this text\n\n"
		"Exit status:\n"
		"  0  good\n"
		"  1  what a delegate says breaks a rule of severity error\n"
		"  2  a wrong command line, or a delegate that is not there or cannot be trusted\n"
		"\nExamples:\n"
		"  runvetctl features\n"
		"  runvetctl features --format json runc > runc-1.1.json\n",
	.run = run,
};
