/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The delegates that runvetctl check judges by: those of this machine, asked as the shim asks them, or what one of
 * another machine has said. A bare features document tells by its annotations whose it is; runtimes.d then tells what
 * is true of that one and not in it, as it does where the delegate runs.
 */
#include <errno.h>
#include <sys/stat.h>

#include "config.h"
#include "ctl/check/check.h"
#include "ctl/ctl.h"
#include "shim/delegate_features.h"
#include "validate/base/limits.h"
#include "validate/base/near.h"
#include "validate/check.h"
#include "validate/doc/make.h"

static const struct {
	const char *name;
	unsigned type;
} members[] = { { "name", DOC_STRING }, { "dialect", DOC_STRING }, { "path", DOC_STRING }, { "quirks", DOC_ARRAY },
	{ "digest", DOC_STRING }, { "version", DOC_STRING }, { "spec", DOC_STRING }, { "features", DOC_OBJECT },
	{ "asked", DOC_OBJECT } };

#define MEMBERS (sizeof(members) / sizeof(members[0]))

/* Annotations by which a delegate says who it is. */
static const struct {
	const char *annotation, *name;
} marks[] = { { "org.opencontainers.runc.version", "runc" }, { "run.oci.crun.version", "crun" },
	{ "youki.version", "youki" } };

/* A document that is read, and where. */
struct reading {
	const char *path;
	struct bytes text;
};

static int said_at(const struct reading *r, uint32_t offset, const char *says, const char *more)
{
	struct fail why = { .place = doc_place(r->text, offset) };
	struct text to = text_over(why.says, sizeof(why.says));
	text_add(&to, says);
	text_add(&to, more);
	return against_fault(r->path, &why);
}

static int at_fault(const struct reading *r, const struct doc *at, const char *says, const char *more)
{
	return said_at(r, at->offset, says, more);
}

/* Whether it is a delegate document: CTL_GOOD, or CTL_USAGE once it has said what is wrong. */
static int vet_document(const struct reading *r, const struct doc *d)
{
	const char *names[MEMBERS + 1] = { NULL };
	char said[LIMIT_QUOTE + 64];

	if (d->type != DOC_OBJECT)
		return at_fault(r, d, "a delegate must be an object, found ", doc_type_words(d->type));
	for (size_t i = 0; i < MEMBERS; i++)
		names[i] = members[i].name;
	for (const struct doc *m = d->first; m; m = m->next) {
		struct text to = text_over(said, sizeof(said));
		size_t i = 0;
		while (i < MEMBERS && !bytes_is(m->key, members[i].name))
			i++;
		if (i == MEMBERS) {
			const char *near = near_word(m->key, names);
			text_shown(&to, m->key, LIMIT_QUOTE);
			text_printf(&to, "%s%s%s", near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
			return said_at(r, m->key_offset, "neither a features document nor a delegate has a member ",
				said);
		}
		if (m->type != DOC_NULL && !(m->type & members[i].type)) {
			text_printf(&to, "%s must be %s, found %s", members[i].name, doc_type_words(members[i].type),
				doc_type_words(m->type));
			return at_fault(r, m, "", said);
		}
	}
	return doc_string(d, "name", BYTES("")).len > 0
		? CTL_GOOD
		: at_fault(r, d, "it has no name: runc features and runvetctl features print what can be read here",
			  "");
}

/* Says what of the features breaks a rule; the delegate is judged by them all the same, as it is where it runs. */
static int remark(struct against *x, const struct reading *r, const struct doc *features)
{
	const struct check_input in = { .file = r->path,
		.text = r->text,
		.root = features,
		.of = OF_FEATURES,
		.below = "" };
	struct report report = { 0 };
	struct fail why = { 0 };

	if (check(&x->arena, &in, &report, &why) < 0)
		return trouble("no memory");
	for (size_t i = 0; i < report.count; i++) {
		const struct finding *f = &report.findings[i];
		struct fail said = { .place = f->place };
		if (f->severity != SEV_ERROR)
			continue;
		struct text to = text_over(said.says, sizeof(said.says));
		text_add(&to, "warning: ");
		finding_write(f, SHOW_ALL, &to);
		struct text rule = text_over(said.rule, sizeof(said.rule));
		text_add(&rule, f->id);
		(void)against_fault(r->path, &said);
	}
	return CTL_GOOD;
}

/* It is called by its name, or by the file's. */
static int add_document(struct against *x, const struct reading *r, const struct doc *d, bool named)
{
	const struct doc *features = doc_get(d, "features");
	const char *name = named ? arena_copy(&x->arena, doc_string(d, "name", BYTES(""))) : NULL;
	struct side *s = against_add(x, &x->delegates, name, r->path, named);
	if (!s)
		return CTL_USAGE;
	const struct bytes lacks = doc_string(d, "asked.lacks", BYTES("the document has none"));
	s->document = d;
	s->lacks = features ? NULL : arena_copy(&x->arena, lacks);
	return CTL_GOOD;
}

static struct bytes first_word(struct bytes b)
{
	size_t n = 0;
	while (n < b.len && n < LIMIT_VERSION && b.data[n] > ' ')
		n++;
	return (struct bytes){ b.data, n };
}

/* What a delegate prints about itself, made the document that runvet would have of it. */
static int add_features(struct against *x, const struct reading *r, const struct doc *features)
{
	struct doc *d = make_document(&x->arena);
	const struct doc *notes = doc_get(features, "annotations");
	const char *name = NULL;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && !name; i++) {
		const struct doc *mark = doc_get(notes, marks[i].annotation);
		if (!mark || mark->type != DOC_STRING)
			continue;
		name = marks[i].name;
		(void)make_string(&x->arena, d, "version", first_word(mark->string));
	}
	struct runtime entry = { 0 };
	if (name) {
		(void)runtime_find(&x->arena, &x->dirs, name, &entry, NULL);
		(void)make_string(&x->arena, d, "name", bytes_of(name));
		(void)make_string(&x->arena, d, "dialect", bytes_of(entry.dialect ? entry.dialect->name : name));
	}
	struct doc *quirks = make_array(&x->arena, d, "quirks");
	for (const char *const *q = entry.quirks; q && *q; q++)
		(void)make_string(&x->arena, quirks, NULL, bytes_of(*q));
	(void)make_copy(&x->arena, d, "features", features);
	if (!make_whole(d))
		return trouble("no memory");
	return remark(x, r, features) == CTL_GOOD ? add_document(x, r, d, false) : CTL_USAGE;
}

static int add_one(struct against *x, const struct reading *r, const struct doc *d)
{
	const struct doc *features = doc_get(d, "features");
	if (vet_document(r, d) != CTL_GOOD || (features && remark(x, r, features) != CTL_GOOD))
		return CTL_USAGE;
	return add_document(x, r, d, true);
}

/* A file with what one delegate printed, or with what runvetctl features printed of one or of all. */
static int add_file(struct against *x, const char *path)
{
	struct reading r = { .path = path };
	const struct doc_options options = { .file = path, .cause = CAUSE_COMMAND_LINE };
	const struct doc *root = NULL;
	const char *file;
	struct fail why = { 0 };

	if (input_get(&x->arena, path, &file, &r.text) < 0)
		return CTL_USAGE;
	if (doc_parse(&x->arena, r.text, &options, &root, &why) < 0)
		return against_fault(path, &why);
	if (doc_get(root, "ociVersionMin") || doc_get(root, "ociVersionMax"))
		return add_features(x, &r, root);
	const struct doc *list = doc_get(root, "delegates"), *one = doc_get(root, "delegate");
	if (!list)
		return add_one(x, &r, one ? one : root);
	int code = list->type == DOC_ARRAY && list->first ? CTL_GOOD
							  : at_fault(&r, list, "delegates must be a list of some", "");
	for (const struct doc *d = list->first; d && code == CTL_GOOD; d = d->next)
		code = doc_get(d, "delegate") ? add_one(x, &r, doc_get(d, "delegate"))
					      : at_fault(&r, d, "an entry of delegates has no delegate", "");
	return code;
}

/* Asks the delegate of an entry; where another process is asking it just now, without keeping the answer. */
static int add_installed(struct against *x, const struct runtime *r)
{
	struct fail why = { 0 };
	struct delegate d;

	for (size_t i = 0; i < x->delegates.count; i++)
		if (!x->delegates.list[i].labels[1] && strcmp(x->delegates.list[i].labels[0], r->name) == 0)
			return CTL_GOOD;
	delegate_at(&d, r);
	if (delegate_vet(&d, &why) < 0)
		return trouble("%s; it is not run", why.says);
	struct side *s = against_add(x, &x->delegates, r->name, NULL, false);
	if (!s)
		return CTL_USAGE;
	against_cache(x);
	struct delegate_want want = features_want(&d, x->cache, true);
	int done = delegate_look(&x->arena, &want, &s->document, NULL, &why);
	if (done == 0 && !doc_get(s->document, "asked")) {
		want.cache = NULL;
		done = delegate_look(&x->arena, &want, &s->document, NULL, &why);
	}
	if (done < 0)
		return trouble("no memory for what %s can", r->name);
	s->lacks = doc_get(s->document, "features") ? NULL : arena_copy(&x->arena, bytes_of(why.says));
	return CTL_GOOD;
}

static int broken_entry(const char *name, const struct fail *why)
{
	return against_fault(why->file[0] ? why->file : name, why);
}

static int add_all(struct against *x)
{
	const char *const *names = NULL;
	struct fail why = { 0 };
	const size_t before = x->delegates.count;

	if (runtime_names(&x->arena, &x->dirs, &names, &why) < 0)
		return broken_entry("runtimes.d", &why);
	int code = CTL_GOOD;
	for (; *names && code == CTL_GOOD; names++) {
		struct runtime r;
		const int found = runtime_find(&x->arena, &x->dirs, *names, &r, &why);
		if (found < 0)
			code = broken_entry(*names, &why);
		else if (r.dialect && runtime_installed(&r))
			code = add_installed(x, &r);
	}
	return code == CTL_GOOD && x->delegates.count == before ? trouble("no delegate is installed") : code;
}

/* Neither a name nor a file. */
static int unknown(struct against *x, const char *word)
{
	const char *const *names = NULL;
	const char *near = NULL;

	if (runtime_names(&x->arena, &x->dirs, &names, NULL) == 0)
		near = near_word(bytes_of(word), names);
	return near ? usage(&verb_check, "no delegate is called %s, and no file; did you mean %s?", word, near)
		    : usage(&verb_check, "no delegate is called %s, and no file", word);
}

int against_delegate(void *against, const char *word)
{
	struct against *x = against;
	struct runtime r;
	struct stat st;
	struct fail why = { 0 };

	x->held = true;
	x->dirs = (struct runtimes_dirs){ .site = RUNVET_SITE "/runtimes.d", .vendor = RUNVET_VENDOR "/runtimes.d" };
	if (strcmp(word, "none") == 0)
		return against_add(x, &x->delegates, word, NULL, false) ? CTL_GOOD : CTL_USAGE;
	if (strcmp(word, "all") == 0)
		return add_all(x);
	const int found = runtime_find(&x->arena, &x->dirs, word, &r, &why);
	if (found < 0 && found != -ENOENT)
		return broken_entry(word, &why);
	if (found == 0)
		return r.dialect ? add_installed(x, &r)
				 : trouble("%s is no runtime that a container could be handed to", word);
	if (strcmp(word, "-") != 0 && !strchr(word, '/') && stat(word, &st) < 0)
		return unknown(x, word);
	return against_files(x, word, add_file);
}
