/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules against their fixtures. Every rule has a directory named by its id:
 *
 *	bad-*    must yield exactly that rule, or what a file of its name and .expect lists: one a line, an id, and
 *	         behind a blank its severity where that matters
 *	ok-*     must yield nothing
 *
 * A name that ends in .json is a merge patch (RFC 7396) on base.json, in .policy.json or .runtimes.json on the base of
 * that kind; .raw is a whole text. real/ holds what engines wrote: no error there. Names ending in .process.json and
 * .resources.json are those parts of a config.json. catalogue.tsv lists the typed places, each of which is broken once.
 * Usage: run [DIRECTORY]
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/check.h"

struct kind {
	const char *suffix, *base;
	enum subject of;
	const char *below;
};

/* The first whose suffix fits. */
static const struct kind kinds[] = {
	{ ".policy.json", "base.policy.json", OF_POLICY, "" },
	{ ".runtimes.json", "base.runtimes.json", OF_RUNTIME, "" },
	{ ".process.json", NULL, OF_BUNDLE, "process" },
	{ ".resources.json", NULL, OF_BUNDLE, "linux.resources" },
	{ ".json", "base.json", OF_BUNDLE, "" },
	{ ".raw", NULL, OF_BUNDLE, "" },
};

static const char *top = "tests/spec";

static bool ends_in(const char *s, const char *end)
{
	const size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (ends_in(name, kinds[i].suffix))
			return &kinds[i];
	return NULL;
}

static struct bytes read_file(struct arena *a, const char *dir, const char *name)
{
	char path[1024];
	struct stat st;
	snprintf(path, sizeof(path), "%s/%s%s%s", top, dir, *dir ? "/" : "", name);
	FILE *f = fopen(path, "re");
	if (!f || fstat(fileno(f), &st) < 0)
		return (struct bytes){ 0 };
	char *data = arena_alloc(a, (size_t)st.st_size + 1);
	const size_t len = data ? fread(data, 1, (size_t)st.st_size, f) : 0;
	fclose(f);
	return (struct bytes){ data, len };
}

static const struct doc *parse(struct arena *a, struct bytes text, const struct kind *k, struct fail *reterr)
{
	const struct doc_options options = { .comments = k->of == OF_POLICY, .file = "fixture", .cause = CAUSE_BUNDLE };
	const struct doc *root = NULL;
	return doc_parse(a, text, &options, &root, reterr) == 0 ? root : NULL;
}

static const struct doc *named(const struct doc *object, struct bytes key)
{
	for (const struct doc *m = object && object->type == DOC_OBJECT ? object->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, key))
			return m;
	return NULL;
}

/* One side of a merge: a value and the text that it stands in. */
struct side {
	const struct doc *d;
	struct bytes text;
};

static void merge(struct text *to, struct side base, struct side patch);

static void merge_member(struct text *to, bool *first, struct side base, struct side patch, struct bytes key)
{
	if (patch.d && patch.d->type == DOC_NULL)
		return;
	text_add(to, *first ? "" : ",");
	*first = false;
	text_json(to, key);
	text_char(to, ':');
	if (patch.d)
		merge(to, base, patch);
	else
		text_bytes(to, (struct bytes){ base.text.data + base.d->offset, base.d->end - base.d->offset });
}

static void merge(struct text *to, struct side base, struct side patch)
{
	bool first = true;
	if (patch.d->type != DOC_OBJECT) {
		text_bytes(to, (struct bytes){ patch.text.data + patch.d->offset, patch.d->end - patch.d->offset });
		return;
	}
	text_char(to, '{');
	for (const struct doc *m = base.d && base.d->type == DOC_OBJECT ? base.d->first : NULL; m; m = m->next)
		merge_member(to, &first, (struct side){ m, base.text },
			(struct side){ named(patch.d, m->key), patch.text }, m->key);
	for (const struct doc *m = patch.d->first; m; m = m->next)
		if (!named(base.d, m->key))
			merge_member(to, &first, (struct side){ NULL, base.text }, (struct side){ m, patch.text },
				m->key);
	text_char(to, '}');
}

/* The document of a fixture: the file itself, or the base with the file merged into it. */
static struct bytes document(struct arena *a, const struct kind *k, struct bytes text)
{
	struct fail why = { 0 };
	const struct doc *patch = k->base ? parse(a, text, k, &why) : NULL;
	if (!patch)
		return text;
	struct side base = { .text = read_file(a, "", k->base) };
	base.d = parse(a, base.text, k, &why);
	struct text to = text_growing(a);
	merge(&to, base, (struct side){ patch, text });
	return (struct bytes){ to.data, to.len };
}

static bool judge(struct arena *a, const struct kind *k, struct bytes text, struct report *ret)
{
	struct fail why = { 0 };
	const struct doc *root = parse(a, text, k, &why);
	if (!root)
		return report_of_fail(a, &why, ret) == 0;
	const struct check_input in = { .file = "fixture", .text = text, .root = root, .of = k->of, .below = k->below };
	return check(a, &in, ret, &why) == 0;
}

/* The next line of *rest, as an id and, behind a blank, a severity or nothing; false at the end. */
static bool next_line(struct bytes *rest, struct bytes *ret_id, struct bytes *ret_severity)
{
	if (rest->len == 0)
		return false;
	const char *newline = memchr(rest->data, '\n', rest->len);
	const struct bytes line = { rest->data, newline ? (size_t)(newline - rest->data) : rest->len };
	const char *blank = line.len ? memchr(line.data, ' ', line.len) : NULL;
	const size_t id = blank ? (size_t)(blank - line.data) : line.len, used = line.len + (newline ? 1 : 0);
	*ret_id = (struct bytes){ line.data, id };
	*ret_severity = blank ? (struct bytes){ blank + 1, line.len - id - 1 } : (struct bytes){ 0 };
	*rest = (struct bytes){ rest->data + used, rest->len - used };
	return true;
}

static bool fits(const struct finding *f, struct bytes id, struct bytes severity)
{
	return bytes_is(id, f->id) && (severity.len == 0 || bytes_is(severity, severity_name(f->severity)));
}

static bool expects(struct bytes expected, const struct finding *f)
{
	struct bytes id, severity;
	while (next_line(&expected, &id, &severity))
		if (fits(f, id, severity))
			return true;
	return false;
}

static void print_findings(const struct report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		char line[1024];
		struct text to = text_over(line, sizeof(line));
		finding_write(&r->findings[i], SHOW_ALL, &to);
		printf("#  %s: %s [%s] at %s\n", severity_name(r->findings[i].severity), line, r->findings[i].id,
			r->findings[i].pointer);
	}
}

/* Whether the findings are of exactly the ids (and severities) that are expected, each at least once, none other. */
static bool as_expected(const struct report *r, struct bytes expected)
{
	struct bytes id, severity;
	for (size_t i = 0; i < r->count; i++)
		if (!expects(expected, &r->findings[i]))
			return false;
	while (next_line(&expected, &id, &severity)) {
		size_t k = 0;
		while (k < r->count && !fits(&r->findings[k], id, severity))
			k++;
		if (k == r->count)
			return false;
	}
	return true;
}

/* Judges one fixture. Returns whether it was a bad one. */
static bool fixture(const char *dir, const char *name)
{
	const struct kind *k = kind_of(name);
	const bool bad = strncmp(name, "bad-", 4) == 0, good = strncmp(name, "ok-", 3) == 0;
	struct report r = { 0 };
	struct arena a;
	if (!k || (!bad && !good)) {
		ok(ends_in(name, ".expect"), "%s/%s is a fixture", dir, name);
		return false;
	}
	arena_init(&a, LIMIT_ARENA);
	const bool judged = judge(&a, k, document(&a, k, read_file(&a, dir, name)), &r);
	char beside[256];
	snprintf(beside, sizeof(beside), "%.*s.expect", (int)(strlen(name) - strlen(k->suffix)), name);
	struct bytes expected = read_file(&a, dir, beside);
	if (expected.len == 0)
		expected = bytes_of(dir);
	bool is = judged && (good ? r.count == 0 : r.count > 0 && as_expected(&r, expected));
	for (size_t i = 0; i < r.count; i++)
		is &= *r.findings[i].says && r.findings[i].place.line > 0 && rule_find(r.findings[i].id);
	if (!ok(is, "%s/%s", dir, name))
		print_findings(&r);
	arena_done(&a);
	return bad;
}

static void directory(const char *dir)
{
	char path[1024];
	struct dirent **names;
	int bad = 0;
	snprintf(path, sizeof(path), "%s/%s", top, dir);
	const int n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			bad += fixture(dir, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	ok(rule_find(dir) != NULL, "%s is the id of a rule", dir);
	ok(bad > 0, "%s is broken by a fixture", dir);
}

static void real(void)
{
	char path[1024];
	struct dirent **names;
	int count = 0;
	snprintf(path, sizeof(path), "%s/real", top);
	const int n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		const struct kind *k = kind_of(name);
		struct report r = { 0 };
		struct arena a;
		arena_init(&a, LIMIT_ARENA);
		if (k && name[0] != '.') {
			const bool judged = judge(&a, k, read_file(&a, "real", name), &r);
			count++;
			if (!ok(judged && r.errors == 0, "real/%s: no error", name))
				print_findings(&r);
		}
		arena_done(&a);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	ok(count >= 10, "real/ holds what engines wrote");
}

/* A value of a type that the place "a.b[].*" cannot have, with the objects and arrays around it. */
static void broken_at(const char *place, const char *value, struct text *to)
{
	const size_t len = strcspn(place, ".[");
	if (!*place) {
		text_add(to, value);
	} else if (*place == '.') {
		broken_at(place + 1, value, to);
	} else if (*place == '[') {
		text_char(to, '[');
		broken_at(place + 2, value, to);
		text_char(to, ']');
	} else {
		text_printf(to, "{\"%.*s\":", (int)len, *place == '*' ? "k" : place);
		broken_at(place + len, value, to);
		text_char(to, '}');
	}
}

static bool breaks(const char *id, const char *place, const char *value)
{
	struct report r = { 0 };
	struct arena a;
	bool found = false;
	arena_init(&a, LIMIT_ARENA);
	struct text to = text_growing(&a);
	broken_at(place, value, &to);
	if (judge(&a, &kinds[5], (struct bytes){ to.data, to.len }, &r))
		for (size_t i = 0; i < r.count; i++)
			found |= r.findings[i].severity == SEV_ERROR && strcmp(r.findings[i].id, id) == 0;
	arena_done(&a);
	return found;
}

/* Each typed place refuses a value that no property takes, and one of the other common kind. */
static void types(void)
{
	char path[1024], line[512];
	int count = 0;
	snprintf(path, sizeof(path), "%s/catalogue.tsv", top);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		char *kind = strchr(line, '\t'), *tab = strrchr(line, '\t');
		if (line[0] == '#' || !kind || strncmp(kind, "\ttype\t", 6) != 0)
			continue;
		*kind = '\0';
		tab++;
		tab[strcspn(tab, "\n")] = '\0';
		const bool text_too = breaks(line, tab, "\"x\""), number_too = breaks(line, tab, "7");
		count++;
		ok(breaks(line, tab, "0.5") && (text_too || number_too), "%s refuses what is ill-typed", tab);
	}
	if (f)
		fclose(f);
	is_int(count, 217, "all typed places of the specification were tried");
}

/* Every rule with an id has its directory: the other way round is asked of each directory. */
static void rules(void)
{
	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++) {
			char path[1024];
			const char *id = (*t)->rows[i].id;
			struct stat st;
			snprintf(path, sizeof(path), "%s/%s", top, id ? id : "");
			if (id)
				ok(stat(path, &st) == 0 && S_ISDIR(st.st_mode), "%s has a directory of fixtures", id);
		}
}

static void bases(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct report r = { 0 };
		struct arena a;
		if (!kinds[i].base)
			continue;
		arena_init(&a, LIMIT_ARENA);
		if (!ok(judge(&a, &kinds[i], read_file(&a, "", kinds[i].base), &r) && r.count == 0, "%s yields nothing",
			    kinds[i].base))
			print_findings(&r);
		arena_done(&a);
	}
}

int main(int argc, char **argv)
{
	struct dirent **names;
	top = argc > 1 ? argv[1] : top;
	bases();
	rules();
	types();
	const int n = scandir(top, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		if (name[0] != '.' && names[i]->d_type == DT_DIR && strcmp(name, "real") != 0)
			directory(name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	real();
	return tap_done();
}
