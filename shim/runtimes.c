/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a file of runtimes.d to a struct that the rest can trust. Every call of every verb comes through here, so a name
 * costs at most two opens and a parse of less than a kilobyte; only plain `runvet`, which has to compare, reads them
 * all. What is broken stops judged verbs, with the place; for the others there is always the compiled-in copy.
 */
#include "shim/runtimes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "shim/candidate.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/check.h"

#define BUILT_IN "(built in)"

bool runtime_name_valid(const char *name)
{
	size_t n = 0;
	for (; name[n] && n <= LIMIT_RUNTIME_NAME; n++) {
		char c = name[n];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
			    c == '-' || (c == '.' && n > 0)))
			return false;
	}
	return n > 0 && n <= LIMIT_RUNTIME_NAME;
}

/* Fills *reterr for a fault at d that no row speaks of. */
static int fault(struct fail *reterr, const char *file, struct bytes text, const struct doc *d, const char *rule,
	const char *says)
{
	(void)fail(reterr, -EINVAL, CAUSE_RUNTIMES, rule, "%s", says);
	if (reterr) {
		struct text to = text_over(reterr->file, sizeof(reterr->file));
		text_add(&to, file);
		to = text_over(reterr->pointer, sizeof(reterr->pointer));
		doc_pointer(d, "", &to);
		reterr->place = doc_place(text, d->offset);
	}
	return -EINVAL;
}

/* The first finding that makes the file unusable; unknown keys do, because a misspelt one would mean its default. */
static int judge(struct arena *a, const char *file, struct bytes text, const struct doc *root, struct fail *reterr)
{
	const struct check_input in = { .file = file, .text = text, .root = root, .of = OF_RUNTIME, .below = "" };
	struct report report = { 0 };
	int e = check(a, &in, &report, reterr);
	for (size_t i = 0; e == 0 && i < report.count; i++) {
		const struct finding *f = &report.findings[i];
		if (f->severity != SEV_ERROR && strcmp(f->id, "json.unknown-property") != 0)
			continue;
		e = finding_fail(f, file, CAUSE_RUNTIMES, reterr);
	}
	return e;
}

/* An array's strings, NULL-terminated. NULL when memory is used up. */
static const char *const *strings(struct arena *a, const struct doc *array)
{
	size_t n = 0;
	const char **ret = arena_array(a, (size_t)(array ? array->count : 0) + 1, sizeof(*ret));
	for (const struct doc *d = array ? array->first : NULL; ret && d; d = d->next) {
		if (d->type != DOC_STRING)
			continue;
		ret[n] = arena_copy(a, d->string);
		if (!ret[n++])
			return NULL;
	}
	return ret;
}

static bool dialect_has(const struct dialect *d, struct bytes verb)
{
	for (const struct verb_row *v = d ? d->verbs : NULL; v && v->name; v++)
		if (bytes_is(verb, v->name))
			return true;
	return false;
}

/* What one element of "options" says; NULL, or the rule it breaks. */
static const char *read_option(struct arena *a, const struct doc *d, const struct dialect *dialect,
	struct option_added *ret)
{
	const struct bytes name = doc_string(d, "name", BYTES("")), verb = doc_string(d, "verb", BYTES(""));
	if (name.len == 0 || name.data[0] == '-' || memchr(name.data, '=', name.len))
		return "runtimes.option-name";
	if (option_reserved(name))
		return "runtimes.option-reserved";
	if (doc_get(d, "verb") && !dialect_has(dialect, verb))
		return "runtimes.option-verb";
	ret->name = arena_copy(a, name);
	ret->verb = doc_get(d, "verb") ? arena_copy(a, verb) : NULL;
	ret->arity = doc_true(d, "value") ? ARITY_VALUE : ARITY_FLAG;
	return ret->name && (ret->verb || !doc_get(d, "verb")) ? NULL : "";
}

static const struct {
	const char *rule, *says;
} option_faults[] = {
	{ "runtimes.option-name", "an option's name is written without its dashes and without =" },
	{ "runtimes.option-reserved", "what this option names, runvet has to read itself; only a dialect can add it" },
	{ "runtimes.option-verb", "the dialect knows no such verb" },
};

static int read_options(struct arena *a, struct bytes text, const struct doc *array, struct runtime *ret,
	struct fail *reterr)
{
	size_t n = 0;
	struct option_added *options = arena_array(a, (size_t)(array ? array->count : 0) + 1, sizeof(*options));
	for (const struct doc *d = array ? array->first : NULL; options && d; d = d->next) {
		const char *rule = read_option(a, d, ret->dialect, &options[n]);
		for (size_t i = 0; rule && i < sizeof(option_faults) / sizeof(option_faults[0]); i++)
			if (strcmp(rule, option_faults[i].rule) == 0)
				return fault(reterr, ret->file, text, d, rule, option_faults[i].says);
		if (rule)
			return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
		n++;
	}
	ret->options = options;
	ret->option_count = n;
	return options ? 0 : fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
}

/* Reads out what the rows have found to be well-formed. */
static int read_entry(struct arena *a, struct bytes text, const struct doc *root, struct runtime *ret,
	struct fail *reterr)
{
	const struct doc *priority = doc_get(root, "priority"), *dialect = doc_get(root, "dialect");
	char *word = arena_copy(a, doc_string(root, "dialect", BYTES("")));
	if (!word)
		return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
	ret->dialect = dialect_find(word);
	if (!ret->dialect && strcmp(word, "containerd-shim") != 0)
		return fault(reterr, ret->file, text, dialect ? dialect : root, "runtimes.dialect",
			"this dialect is not known");
	ret->priority = priority && doc_within(priority, 0, INT64_MAX) ? (int64_t)priority->integer.magnitude : 0;
	ret->paths = strings(a, doc_get(root, "paths"));
	if (doc_get(root, "argv0"))
		ret->argv0 = arena_copy(a, doc_string(root, "argv0", BYTES("")));
	ret->quirks = strings(a, doc_get(root, "quirks"));
	if (!ret->paths || !ret->quirks || (doc_get(root, "argv0") && !ret->argv0))
		return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
	return read_options(a, text, doc_get(root, "options"), ret, reterr);
}

int runtime_parse(struct arena *a, struct bytes text, const char *name, const char *file, struct runtime *ret,
	struct fail *reterr)
{
	const struct doc_options options = { .file = file, .cause = CAUSE_RUNTIMES };
	struct runtime r = { .file = file };
	const struct doc *root;
	int e = doc_parse(a, text, &options, &root, reterr);
	if (e == 0)
		e = judge(a, file, text, root, reterr);
	if (e < 0)
		return e;
	if (!bytes_is(doc_string(root, "name", BYTES("")), name))
		return fault(reterr, file, text, doc_get(root, "name"), "runtimes.name",
			"the name has to be the file's");
	r.name = arena_copy(a, bytes_of(name));
	if (!r.name)
		return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
	e = read_entry(a, text, root, &r, reterr);
	if (e == 0)
		*ret = r;
	return e;
}

/* -ENOENT when dir has no such file. */
static int read_from(struct arena *a, const char *dir, const char *name, struct runtime *ret, struct fail *reterr)
{
	char *path = dir ? arena_printf(a, "%s/%s.json", dir, name) : NULL;
	if (dir && !path)
		return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
	if (!dir)
		return -ENOENT;
	const struct file_want want = { .dir = AT_CWD,
		.path = path,
		.limit = LIMIT_CONF_BYTES,
		.owner = OWNER_ROOT,
		.cause = CAUSE_RUNTIMES,
		.rule = "runtimes.file" };
	struct file f;
	int e = file_read(a, &want, &f, reterr);
	if (e == -ENOENT || e == -ENOTDIR)
		return -ENOENT;
	if (e < 0)
		return e;
	(void)fd_close(f.fd);
	return runtime_parse(a, f.bytes, name, path, ret, reterr);
}

static int read_embedded(struct arena *a, const char *name, struct runtime *ret, struct fail *reterr)
{
	for (const struct runtime_embedded *e = runtimes_embedded; e->name; e++)
		if (strcmp(e->name, name) == 0)
			return runtime_parse(a, bytes_of(e->text), name, BUILT_IN, ret, reterr);
	return -ENOENT;
}

static int look_up(struct arena *a, const struct runtimes_dirs *dirs, const char *name, struct runtime *ret,
	struct fail *reterr)
{
	int e = read_from(a, dirs->site, name, ret, reterr);
	if (e == -ENOENT)
		e = read_from(a, dirs->vendor, name, ret, reterr);
	if (e == -ENOENT)
		return read_embedded(a, name, ret, reterr);
	if (e < 0)
		(void)read_embedded(a, name, ret, NULL);
	return e;
}

static int answer(const struct runtime_seen *s, struct runtime *ret, struct fail *reterr)
{
	*ret = s->runtime;
	if (s->code < 0 && s->code != -ENOENT && reterr)
		*reterr = s->why;
	return s->code;
}

int runtime_find(struct arena *a, const struct runtimes_dirs *dirs, const char *name, struct runtime *ret,
	struct fail *reterr)
{
	*ret = (struct runtime){ 0 };
	if (!runtime_name_valid(name))
		return -ENOENT;
	for (struct runtime_seen *s = dirs->seen ? *dirs->seen : NULL; s; s = s->next)
		if (strcmp(s->name, name) == 0)
			return answer(s, ret, reterr);
	struct runtime_seen *s = dirs->seen ? arena_new(a, struct runtime_seen) : NULL;
	if (!s || !(s->name = arena_copy(a, bytes_of(name))))
		return look_up(a, dirs, name, ret, reterr);
	s->code = look_up(a, dirs, name, &s->runtime, &s->why);
	s->next = *dirs->seen;
	*dirs->seen = s;
	return answer(s, ret, reterr);
}

const char *runtime_installed(const struct runtime *r)
{
	struct candidate c;
	const char *path = candidate_first(r, false, &c);

	candidate_close(&c);
	return path;
}

struct names {
	const char *at[LIMIT_RUNTIMES];
	size_t count;
};

static void add_name(struct names *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->at[i], name) == 0)
			return;
	if (n->count < LIMIT_RUNTIMES)
		n->at[n->count++] = name;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A directory that is not there has no names. */
static int list(struct arena *a, const char *path, struct names *n, struct fail *reterr)
{
	int fd = path ? fd_open(AT_CWD, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK, 0) : -ENOENT;
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		int e = fd < 0 ? fd : -errno;
		(void)fd_close(fd);
		return fail(reterr, e, CAUSE_RUNTIMES, "runtimes.file", "%s cannot be read: %s", path, errno_words(e));
	}
	int seen = 0, e = 0;
	for (const struct dirent *d = readdir(dir); d && seen < LIMIT_RUNTIMES_SEEN; d = readdir(dir), seen++) {
		size_t len = strlen(d->d_name);
		if (len <= 5 || strcmp(d->d_name + len - 5, ".json") != 0)
			continue;
		char *name = arena_copy(a, (struct bytes){ d->d_name, len - 5 });
		if (!name)
			e = fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
		else if (runtime_name_valid(name))
			add_name(n, name);
	}
	(void)closedir(dir);
	return e;
}

/* The names of all places. Of a directory that cannot be read none: 0, or the first negative errno. */
static int collect(struct arena *a, const struct runtimes_dirs *dirs, struct names *ret, struct fail *reterr)
{
	*ret = (struct names){ .count = 0 };
	for (const struct runtime_embedded *e = runtimes_embedded; e->name; e++)
		add_name(ret, e->name);
	const int first = list(a, dirs->site, ret, reterr);
	const int e = list(a, dirs->vendor, ret, first < 0 ? NULL : reterr);
	qsort(ret->at, ret->count, sizeof(ret->at[0]), by_name);
	return first < 0 ? first : e;
}

int runtime_names(struct arena *a, const struct runtimes_dirs *dirs, const char *const **ret, struct fail *reterr)
{
	struct names names;
	const int r = collect(a, dirs, &names, reterr);
	const char **copy = arena_array(a, names.count + 1, sizeof(*copy));
	if (!copy)
		return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
	memcpy(copy, names.at, names.count * sizeof(*copy));
	*ret = copy;
	return r;
}

int runtime_default(struct arena *a, const struct runtimes_dirs *dirs, struct runtime *ret, struct fail *reterr)
{
	struct names names;
	*ret = (struct runtime){ 0 };
	int first = collect(a, dirs, &names, reterr);
	for (size_t i = 0; i < names.count; i++) {
		struct runtime r;
		const int e = runtime_find(a, dirs, names.at[i], &r, first < 0 ? NULL : reterr);
		first = first < 0 ? first : e;
		if (r.name && r.dialect && r.priority > ret->priority && runtime_installed(&r))
			*ret = r;
	}
	if (first < 0)
		return first;
	return ret->name ? 0 : -ENOENT;
}
