/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the text of one file of runtimes.d to a struct that the rest can trust. A file that says word for word what is
 * compiled in, as an installed one does, has been understood when runvet was built.
 */
#include "shim/runtimes.h"

#include <errno.h>

#include "validate/base/limits.h"
#include "validate/check.h"

static int lost(struct fail *reterr)
{
	return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
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
			return lost(reterr);
		n++;
	}
	ret->options = options;
	ret->option_count = n;
	return options ? 0 : lost(reterr);
}

/* Reads out what the rows have found to be well-formed. */
static int read_entry(struct arena *a, struct bytes text, const struct doc *root, struct runtime *ret,
	struct fail *reterr)
{
	const struct doc *priority = doc_get(root, "priority"), *dialect = doc_get(root, "dialect");
	char *word = arena_copy(a, doc_string(root, "dialect", BYTES("")));
	if (!word)
		return lost(reterr);
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
		return lost(reterr);
	return read_options(a, text, doc_get(root, "options"), ret, reterr);
}

/* The words of a list as struct runtime_embedded holds it. NULL when memory is used up. */
static const char *const *words(struct arena *a, const char *list)
{
	size_t n = 0;
	for (const char *word = list; *word; word += strlen(word) + 1)
		n++;
	const char **ret = arena_array(a, n + 1, sizeof(*ret));
	n = 0;
	for (const char *word = list; ret && *word; word += strlen(word) + 1)
		ret[n++] = word;
	return ret;
}

const struct runtime_embedded *runtime_embedded_find(const char *name)
{
	for (const struct runtime_embedded *e = runtimes_embedded; e->name[0]; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

int runtime_embedded_read(struct arena *a, const struct runtime_embedded *e, const char *file, struct runtime *ret,
	struct fail *reterr)
{
	const struct runtime r = {
		.name = e->name,
		.dialect = dialect_find(e->dialect),
		.paths = words(a, e->paths),
		.priority = e->priority,
		.file = file,
		.quirks = words(a, e->quirks),
	};
	if (!r.paths || !r.quirks)
		return lost(reterr);
	*ret = r;
	return 0;
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
		return lost(reterr);
	e = read_entry(a, text, root, &r, reterr);
	if (e == 0)
		*ret = r;
	return e;
}
