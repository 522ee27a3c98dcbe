/* SPDX-License-Identifier: Apache-2.0 */
/* What was worked out when the program was built is what the policy without a file comes to. */
#include "validate/policy/ready.h"

#include "tests/tap.h"
#include "validate/doc/make.h"
#include "validate/policy/start.h"

static struct arena arena;

static const char *written(const struct doc *d)
{
	struct text to = text_growing(&arena);
	if (d)
		doc_write(d, false, &to);
	return d ? to.data : "nothing";
}

static void same_kind(const struct turned *a, const struct turned *b, int kind)
{
	const size_t rows = rule_image.rows_of[OF_CONTROL].end - rule_image.rows_of[OF_CONTROL].first,
		     nodes = rule_image.roots[OF_CONTROL + 1] - rule_image.roots[OF_CONTROL];

	if (!ok(!a->severity == !b->severity, "kind %d has rows, or has none", kind) || !a->severity)
		return;
	ok(memcmp(a->severity, b->severity, rows) == 0, "kind %d: the same rows are on", kind);
	ok(memcmp(a->live, b->live, nodes) == 0, "kind %d: the same places are live", kind);
	ok(a->first == b->first && a->asks == b->asks && a->part == b->part, "kind %d: the rest as well", kind);
}

/* As evaluate.c goes where a policy was read. */
static void compare(const char *below)
{
	struct policy p;
	struct chosen chosen;
	struct look worked = { 0 }, ready = { 0 };
	const struct doc *start = NULL;

	policy_default(&p);
	struct library *lib = library_new(&arena, 0);
	if (!ok(lib && policy_choose(&p, lib, NULL, &chosen, NULL) == 0, "a profile is chosen without a file"))
		return;
	worked = (struct look){ .profile = chosen.profile, .mode = chosen.mode, .custom = chosen.custom };
	if (!ok(look_make(&arena, &p, lib, below, &worked) == 0 && ready_look(&arena, below, &ready, &start) == 0,
		    "both are made of \"%s\"", below))
		return;
	const struct start_rulings from = { lib, { worked.rulings, NULL }, chosen.profile->name, NULL };
	is_text(ready.profile->name, worked.profile->name, "the newest baseline");
	is_text(ready.profile->name, builtin_newest(BYTES("baseline")), "by its name");
	is_int(ready.mode, worked.mode, "in audit mode");
	for (enum look_kind k = 0; k < LOOK_MAX; k++) {
		same_kind(&ready.turned[k], &worked.turned[k], (int)k);
		ok(!worked.trees[k].root && !worked.locked[k], "kind %d has nothing else", (int)k);
	}
	is_text(written(ready.params), written(worked.params), "with its parameters");
	is_text(written(start), written(start_make(&arena, &p, &from)), "what is wanted of start");
}

/* Whatever a file may say makes it another policy. */
static void others(void)
{
	static const struct selection none;
	static const struct exemption no;
	const struct profile tenant = { .name = "tenant" };
	struct policy p[9];

	for (size_t i = 0; i < 9; i++)
		policy_default(&p[i]);
	ok(ready_for(&p[0]), "the policy without a file");
	p[1].present = true;
	p[2].mode = MODE_AUDIT;
	p[3].profile = &tenant;
	p[4].select = &none;
	p[4].select_count = 1;
	p[5].shadow = &none;
	p[5].shadow_count = 1;
	p[6].exempt = &no;
	p[6].exempt_count = 1;
	p[7].start_drift = MODE_OFF;
	p[8].start_boundary = MODE_WARN;
	for (size_t i = 1; i < 9; i++)
		ok(!ready_for(&p[i]), "and no other (%zu)", i);
}

int main(void)
{
	arena_init(&arena, (size_t)16 << 20);
	compare("");
	compare("process");
	compare("linux.resources");
	others();
	arena_done(&arena);
	return tap_done();
}
