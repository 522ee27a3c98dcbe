/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Works out what holds without a policy file: ready-make FILE writes C. A program of the build, never installed, linked
 * with what reads and applies policies, so that there is no second reading of what a profile says.
 */
#include <stdio.h>
#include <stdlib.h>

#include "validate/doc/make.h"
#include "validate/host/flat.h"
#include "validate/policy/ready.h"
#include "validate/policy/start.h"

/* What evaluate.c would look at, were it there already. */
const char ready_profile[1];
const bool ready_kinds[1];
const uint8_t ready_severity[1], ready_live[1];
const uint64_t ready_params[1], ready_start[1];
const size_t ready_params_len, ready_start_len;

static void die(const char *what)
{
	fprintf(stderr, "ready-make: %s\n", what);
	exit(1);
}

static void write_bytes(FILE *f, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(f, "%s%u,", i % 24 ? " " : "\n\t", bytes ? bytes[i] : 0);
}

static void write_rows(FILE *f, const struct look *look)
{
	fputs("const bool ready_kinds[] = { ", f);
	for (enum look_kind k = 0; k < LOOK_MAX; k++)
		fprintf(f, "%d, ", look->turned[k].severity != NULL);
	fputs("};\nconst uint8_t ready_severity[] = {", f);
	for (enum look_kind k = 0; k < LOOK_MAX; k++)
		write_bytes(f, look->turned[k].severity,
			rule_image.rows_of[OF_CONTROL].end - rule_image.rows_of[OF_CONTROL].first);
	fputs("\n};\nconst uint8_t ready_live[] = {", f);
	for (enum look_kind k = 0; k < LOOK_MAX; k++)
		write_bytes(f, look->turned[k].live, rule_image.roots[OF_CONTROL + 1] - rule_image.roots[OF_CONTROL]);
	fputs("\n};\n", f);
}

/* In words of eight bytes, so that they are aligned. */
static void write_flat(FILE *f, struct arena *a, const char *name, const struct doc *d)
{
	struct text to = text_growing(a);

	if (!flat_write(d, &to) || to.cut)
		die("a document is too large");
	fprintf(f, "const size_t %s_len = %zu;\nconst uint64_t %s[] = {", name, to.len, name);
	for (size_t i = 0; i < to.len; i += sizeof(uint64_t)) {
		uint64_t word = 0;
		memcpy(&word, to.data + i, to.len - i < sizeof(word) ? to.len - i : sizeof(word));
		fprintf(f, "%s%#llx,", i / sizeof(word) % 6 ? " " : "\n\t", (unsigned long long)word);
	}
	fputs("\n};\n", f);
}

/* Only what ready.h has room to say. */
static void judge(const struct look *look)
{
	for (enum look_kind k = 0; k < LOOK_MAX; k++)
		if (look->trees[k].root || look->locked[k] || look->turned[k].asks)
			die("the policy without a file has become one that ready.h cannot say");
	if (!look->params)
		die("the policy without a file has no parameters");
}

int main(int argc, char **argv)
{
	static FILE *f; /* whoever ends the program ends this */
	struct chosen chosen;
	struct policy p;
	struct arena a;

	f = argc == 2 ? fopen(argv[1], "we") : NULL;
	if (!f)
		die("usage: ready-make FILE");
	arena_init(&a, (size_t)64 << 20);
	policy_default(&p);
	struct library *lib = library_new(&a, 0);
	if (!lib || policy_choose(&p, lib, NULL, &chosen, NULL) < 0)
		die("no profile to apply");
	struct look look = { .profile = chosen.profile, .mode = chosen.mode, .custom = chosen.custom };
	if (chosen.mode != MODE_AUDIT || look_make(&a, &p, lib, "", &look) < 0)
		die("no memory");
	judge(&look);
	const struct start_rulings from = { .library = lib,
		.rulings = { look.rulings, NULL },
		.profile = chosen.profile->name };
	const struct doc *start = start_make(&a, &p, &from);
	fputs("/* Made of the built-in profiles by ready_make.c. */\n#include \"validate/policy/ready.h\"\n\n", f);
	fprintf(f, "const char ready_profile[] = \"%s\";\n", chosen.profile->name);
	write_rows(f, &look);
	struct doc *params = make_document(&a);
	for (const struct doc *m = look.params->first; m; m = m->next)
		(void)make_copy(&a, params, arena_copy(&a, m->key), m);
	if (!make_whole(params) || !start)
		die("no memory");
	write_flat(f, &a, "ready_params", params);
	write_flat(f, &a, "ready_start", start);
	arena_done(&a);
	return fclose(f) == 0 ? 0 : 1;
}
