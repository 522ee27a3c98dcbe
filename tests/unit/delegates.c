/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows about features, held against what delegates really print. tests/spec/features/ has runc 1.1.5 as captured, and
 * the others put together from what is known of them; crun 1.8.1 has no such command. What engines write gets no error
 * with a delegate that engines use, and every late property is missed by a delegate that promises less.
 */
#include <dirent.h>
#include <stdio.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/check.h"
#include "validate/doc/make.h"
#include "validate/rule/version.h"

static const char *top = "tests";

static const struct {
	const char *name, *version, *features; /* NULL: none */
} delegates[] = {
	{ "runc", "1.1.5+ds1", "runc-1.1.5" },
	{ "runc", "1.3.6", "runc-1.3.6" },
	{ "crun", "1.8.1", NULL },
	{ "crun", "1.27", "crun-1.27" },
	{ "youki", "0.7.0", "youki-0.7" },
};
#define DELEGATES (sizeof(delegates) / sizeof(delegates[0]))

static struct bytes read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "re");
	struct text to = text_growing(a);
	char block[4096];
	for (size_t n; f && (n = fread(block, 1, sizeof(block), f)) > 0;)
		text_bytes(&to, (struct bytes){ block, n });
	if (f)
		fclose(f);
	return (struct bytes){ to.data, to.len };
}

static const struct doc *read_doc(struct arena *a, struct bytes text)
{
	const struct doc_options options = { .file = "document", .cause = CAUSE_BUNDLE };
	const struct doc *d = NULL;
	struct fail why = { 0 };
	return doc_parse(a, text, &options, &d, &why) == 0 ? d : NULL;
}

static bool judge(struct arena *a, struct check_input in, struct report *ret)
{
	struct fail why = { 0 };
	in.file = "document";
	if (!in.below)
		in.below = "";
	in.root = read_doc(a, in.text);
	return in.root && check(a, &in, ret, &why) == 0;
}

static void print_errors(const struct report *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->findings[i].severity == SEV_ERROR)
			printf("#  %s: %s: %s\n", r->findings[i].id, r->findings[i].says,
				r->findings[i].fact ? r->findings[i].fact : "");
}

/* The delegate document as it would be for that version, with the quirks that runtimes.d gives. */
static const struct doc *delegate_of(struct arena *a, size_t which)
{
	char path[512];
	struct doc *d = make_document(a);
	snprintf(path, sizeof(path), "%s/../runtimes.d/%s.json", top, delegates[which].name);
	const struct doc *quirks = doc_get(read_doc(a, read_file(a, path)), "quirks");
	make_string(a, d, "name", bytes_of(delegates[which].name));
	make_string(a, d, "dialect", bytes_of(delegates[which].name));
	make_string(a, d, "version", bytes_of(delegates[which].version));
	make_copy(a, d, "quirks", quirks);
	ok(quirks != NULL, "%s is known by its quirks", delegates[which].name);
	if (!delegates[which].features)
		return d;
	snprintf(path, sizeof(path), "%s/spec/features/%s.json", top, delegates[which].features);
	const struct bytes text = read_file(a, path);
	struct report r = { 0 };
	if (!ok(judge(a, (struct check_input){ .text = text, .of = OF_FEATURES }, &r) && r.errors == 0,
		    "%s is well-formed", delegates[which].features))
		print_errors(&r);
	make_copy(a, d, "features", read_doc(a, text));
	return d;
}

/* Where the document stands: real/ has parts, too. */
static const char *below_of(const char *name)
{
	return strstr(name, ".process.json") ? "process" : strstr(name, ".resources.json") ? "linux.resources" : "";
}

static void one_real(const struct doc *delegate, const char *name)
{
	char path[512];
	struct arena a;
	struct report r = { 0 };
	arena_init(&a, LIMIT_ARENA);
	snprintf(path, sizeof(path), "%s/spec/real/%s", top, name);
	const struct check_input in = { .text = read_file(&a, path),
		.of = OF_HOST,
		.below = below_of(name),
		.delegate = delegate };
	const struct bytes is = doc_string(delegate, "name", (struct bytes){ 0 }),
			   version = doc_string(delegate, "version", (struct bytes){ 0 });
	if (!ok(judge(&a, in, &r) && r.errors == 0, "%s under %.*s %.*s", name, (int)is.len, is.data, (int)version.len,
		    version.data))
		print_errors(&r);
	arena_done(&a);
}

static void real(const struct doc *delegate)
{
	char path[512];
	struct dirent **names;
	int count = 0;
	snprintf(path, sizeof(path), "%s/spec/real", top);
	const int n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (strstr(names[i]->d_name, ".json")) {
			one_real(delegate, names[i]->d_name);
			count++;
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	ok(count >= 10, "there is what engines wrote");
}

/* The property "a.b[].c" set to something, with the objects and arrays around it. */
static void set_at(const char *place, struct text *to)
{
	const size_t len = strcspn(place, ".[");
	if (!*place) {
		text_add(to, "\"x\"");
	} else if (*place == '.') {
		set_at(place + 1, to);
	} else if (*place == '[') {
		text_char(to, '[');
		set_at(place + 2, to);
		text_char(to, ']');
	} else {
		text_printf(to, "{\"%.*s\":", (int)len, place);
		set_at(place + len, to);
		text_char(to, '}');
	}
}

/* Whether a delegate that promises that release has the property told as unknown to it. */
static bool is_missed(const char *place, const char *max)
{
	struct arena a;
	struct report r = { 0 };
	bool missed = false;
	arena_init(&a, LIMIT_ARENA);
	struct doc *delegate = make_document(&a), *features = make_object(&a, delegate, "features");
	make_string(&a, delegate, "name", bytes_of("other"));
	make_string(&a, features, "ociVersionMax", bytes_of(max));
	struct text to = text_growing(&a);
	set_at(place, &to);
	const struct check_input in = { .text = { to.data, to.len }, .of = OF_HOST, .delegate = delegate };
	if (judge(&a, in, &r))
		for (size_t i = 0; i < r.count; i++)
			missed |= strcmp(r.findings[i].id, "feat.property-unknown") == 0;
	arena_done(&a);
	return missed;
}

struct property {
	char place[128];
	enum spec_version since;
};

/* Whether what holds the property is as new. */
static bool within_newer(const struct property *list, size_t count, size_t i)
{
	for (size_t k = 0; k < count; k++) {
		const size_t len = strlen(list[k].place);
		if (k != i && strncmp(list[i].place, list[k].place, len) == 0 && strchr(".[", list[i].place[len]) &&
			list[k].since == list[i].since)
			return true;
	}
	return false;
}

static void late(void)
{
	static struct property list[512];
	char path[512], line[256], version[16], gone[16];
	size_t count = 0, tried = 0;
	snprintf(path, sizeof(path), "%s/spec/properties.tsv", top);
	FILE *f = fopen(path, "re");
	while (f && count < 512 && fgets(line, sizeof(line), f))
		if (line[0] != '#' && sscanf(line, "%127s %15s %15s", list[count].place, version, gone) == 3 &&
			strcmp(gone, "elsewhere") != 0) {
			list[count].since = spec_version_of(bytes_of(version));
			count += list[count].since >= SPEC_1_1_0;
		}
	if (f)
		fclose(f);
	for (size_t i = 0; i < count; i++) {
		if (within_newer(list, count, i))
			continue;
		tried++;
		ok(is_missed(list[i].place, spec_version_name(list[i].since - 1)), "%s is missed before %s",
			list[i].place, spec_version_name(list[i].since));
		ok(!is_missed(list[i].place, spec_version_name(list[i].since)), "%s is not missed in %s", list[i].place,
			spec_version_name(list[i].since));
	}
	ok(tried >= 20, "%zu late properties were tried", tried);
}

int main(int argc, char **argv)
{
	top = argc > 1 ? argv[1] : top;
	for (size_t i = 0; i < DELEGATES; i++) {
		struct arena a;
		arena_init(&a, LIMIT_ARENA);
		real(delegate_of(&a, i));
		arena_done(&a);
	}
	late();
	return tap_done();
}
