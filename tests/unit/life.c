/* SPDX-License-Identifier: Apache-2.0 */
/* A container's life, told by its records: made ones in all orders, those that no runtime allows among them. */
#include "ctl/audit/life.h"

#include "tests/tap.h"
#include "validate/base/limits.h"

static struct arena arena;
static unsigned number;

/* A record, with what `more` adds to its members. */
static struct seen record(const char *action, const char *more)
{
	const struct doc_options options = { .file = "test", .cause = CAUSE_AUDIT };
	struct seen s = { .in = IN_CHAIN, .sound = true, .place = "chain" };
	const char *text = arena_printf(&arena,
		"{\"action\":\"%s\",\"container\":{\"id\":\"web\"},\"id\":\"record-%u\",\"root\":\"/run/runc\"%s%s}",
		action, ++number, *more ? "," : "", more);

	s.text = bytes_of(text);
	s.number = number;
	s.when.tv_sec = 1000 + (time_t)number;
	if (doc_parse(&arena, s.text, &options, &s.root, NULL) < 0)
		abort();
	return s;
}

/* "create start kill delete", "create:deny" one after the other; what comes out as "state, state: odd, …". */
static const char *told(struct lives *all, const char *words)
{
	struct text to = text_growing(&arena);
	char copy[256], *save = NULL;

	(void)snprintf(copy, sizeof(copy), "%s", words);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		char *decision = strchr(w, ':');
		const bool judged = strcmp(w, "create") == 0 || strcmp(w, "exec") == 0 || strcmp(w, "run") == 0 ||
			strcmp(w, "restore") == 0 || strcmp(w, "update") == 0;
		if (decision)
			*decision++ = '\0';
		const char *more = decision || judged
			? arena_printf(&arena, "\"decision\":\"%s\"", decision ? decision : "allow")
			: "";
		const struct seen s = record(w, more);
		if (lives_add(&arena, all, &s) < 0)
			abort();
		const struct life *l = &all->list[all->count - 1];
		const struct life_step *step = &l->steps[l->count - 1];
		text_printf(&to, "%s%s%s%s", to.len ? ", " : "", life_state_name(step->after), step->odd ? ": " : "",
			step->odd ? step->odd : "");
	}
	return to.data;
}

static const struct {
	const char *words, *told;
	size_t lives;
} rows[] = {
	{ "create start kill delete", "creating, running, stopped, gone", 1 },
	{ "create start delete", "creating, running, gone", 1 },
	{ "create delete", "creating, failed", 1 },
	{ "create kill delete", "creating, stopped, failed", 1 },
	{ "create kill start delete", "creating, stopped, running, gone", 1 },
	{ "run kill delete", "running, stopped, gone", 1 },
	{ "restore delete", "running, gone", 1 },
	{ "create:would-deny start", "creating, running", 1 },
	{ "create:bypass start", "creating, running", 1 },
	{ "create start pause resume exec kill kill delete delete",
		"creating, running, paused, running, running, stopped, stopped, gone, gone", 1 },
	{ "create pause resume start", "creating, paused, created, running", 1 },
	{ "create update start update", "creating, created, running, running", 1 },
	/* A signal that was no end. */
	{ "create start kill exec delete", "creating, running, stopped, running, gone", 1 },
	{ "create start pause kill resume delete", "creating, running, paused, stopped, running, gone", 1 },
	/* Refused: engines clean up after it. */
	{ "create:deny delete", "refused, refused", 1 },
	{ "create:error kill delete", "refused, refused, refused", 1 },
	{ "create:deny create start", "refused, creating, running", 2 },
	/* A step that was refused is none. */
	{ "create start:deny delete", "creating, creating, failed", 1 },
	{ "create start exec:deny update:deny", "creating, running, running, running", 1 },
	{ "create exec:deny", "creating, creating", 1 },
	{ "run:deny", "refused", 1 },
	/* The trail began later. */
	{ "start", "running", 1 },
	{ "exec delete", "running, gone", 1 },
	{ "resume kill delete", "running, stopped, gone", 1 },
	{ "delete", "gone", 1 },
	/* Impossible ones. */
	{ "create exec", "creating, created: exec of a container that was not started", 1 },
	{ "create start start", "creating, running, running: start of a container that is running", 1 },
	{ "create start resume", "creating, running, running: resume of a container that is running", 1 },
	{ "create start pause pause", "creating, running, paused, paused: pause of a container that is paused", 1 },
	{ "create start pause exec", "creating, running, paused, paused: exec of a container that is paused", 1 },
	{ "create start pause start", "creating, running, paused, running: start of a container that is paused", 1 },
	{ "create start kill start", "creating, running, stopped, running: start of a container that was stopped", 1 },
	{ "create resume", "creating, created: resume of a container that was not started", 1 },
	{ "create:deny start", "refused, running: start of a container that was refused", 1 },
	{ "create start delete exec", "creating, running, gone, gone: exec of a container that was deleted", 1 },
	{ "create start delete start", "creating, running, gone, running: start of a container that was deleted", 1 },
	{ "create delete update", "creating, failed, failed: update of a container that was deleted", 1 },
	{ "run start", "running, running: start of a container that is running", 1 },
	/* The same id again. */
	{ "create start delete create start", "creating, running, gone, creating, running", 2 },
	{ "create delete create delete create", "creating, failed, creating, failed, creating", 3 },
	{ "create start create", "creating, running, creating: create of a container that is running", 2 },
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lives all = { 0 };
		is_text(told(&all, rows[i].words), rows[i].told, "%s", rows[i].words);
		is_int(all.count, rows[i].lives, "%s: lives", rows[i].words);
	}
}

static void test_ties(void)
{
	struct lives all = { 0 };
	struct seen s = record("create", "\"decision\":\"allow\"");
	const char *first = arena_printf(&arena, "\"create_id\":\"record-%u\"", number);

	is_int(lives_add(&arena, &all, &s), 0, "a create");
	s = record("create", "\"decision\":\"deny\"");
	(void)lives_add(&arena, &all, &s);
	is_int(all.count, 2, "a second create of the id, refused: another life");
	s = record("start", "");
	(void)lives_add(&arena, &all, &s);
	is_int(all.list[0].state, LIFE_RUNNING, "a start without a create's record is of what is alive");
	s = record("create", "\"decision\":\"allow\"");
	(void)lives_add(&arena, &all, &s);
	ok(all.list[2].odd == 1 && all.list[2].steps[0].odd, "an allowed create while it runs is odd");
	s = record("kill", first);
	(void)lives_add(&arena, &all, &s);
	is_int(all.list[0].state, LIFE_STOPPED, "a kill goes to the life whose create it names");
	is_int(all.list[2].state, LIFE_CREATING, "and not to the last");
	s = record("delete", "\"create_id\":\"long-ago\"");
	(void)lives_add(&arena, &all, &s);
	is_int(all.count, 4, "of a create that the trail does not have: a life of its own");
	is_text(all.list[3].create, "long-ago", "which names it");
	is_int(all.list[3].state, LIFE_GONE, "and whose start is not known, so that it did not fail");
}

static void test_roots(void)
{
	const struct doc_options options = { .file = "test", .cause = CAUSE_AUDIT };
	struct lives all = { 0 };
	struct seen s = record("create", "\"decision\":\"allow\"");

	(void)lives_add(&arena, &all, &s);
	s.text = BYTES("{\"action\":\"create\",\"decision\":\"allow\",\"container\":{\"id\":\"web\"},\"id\":\"r\","
		       "\"root\":\"/run/crun\"}");
	if (doc_parse(&arena, s.text, &options, &s.root, NULL) < 0)
		abort();
	(void)lives_add(&arena, &all, &s);
	is_int(all.count, 2, "the same id below another root is another container");
	is_int(all.list[1].odd, 0, "which is nothing odd");
	s.text = BYTES("{\"action\":\"start\",\"id\":\"r\"}");
	if (doc_parse(&arena, s.text, &options, &s.root, NULL) < 0)
		abort();
	is_int(lives_add(&arena, &all, &s), 0, "a record of no container");
	is_int(all.list[0].count + all.list[1].count, 2, "is of no life");
	s = record("kill", "\"signal\":\"SIGHUP\"");
	(void)lives_add(&arena, &all, &s);
	is_int(all.list[0].state, LIFE_CREATING, "a signal that is a word to the program stops nothing");
	s = record("list", "");
	is_int(lives_add(&arena, &all, &s), 0, "an action that is no step");
	is_int(all.list[0].count + all.list[1].count, 3, "is none");
}

static void test_many(void)
{
	struct lives all = { 0 };
	struct seen s = record("run", "\"decision\":\"allow\"");

	(void)lives_add(&arena, &all, &s);
	for (int i = 0; i < 10000; i++) {
		s = record("exec", "\"decision\":\"allow\"");
		if (lives_add(&arena, &all, &s) < 0)
			abort();
	}
	is_int(all.list[0].count, 10001, "a long life");
	is_int(all.list[0].state, LIFE_RUNNING, "is still one");
	is_text(life_state_name((enum life_state)77), "unknown", "a state that is none");
}

/* One record from the chain and from the journal, where neither knows of the other. */
static void test_told_twice(void)
{
	struct lives all = { 0 };
	const struct seen create = record("create", "\"decision\":\"allow\""), start = record("start", ""),
			  kill = record("kill", "");
	const struct seen *const order[] = { &create, &start, &kill, &start, &kill };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (lives_add(&arena, &all, order[i]) < 0)
			abort();
	is_int(all.count, 1, "told twice: one life");
	is_int(all.list[0].count, 3, "told twice: each step once");
	is_int(all.list[0].odd, 0, "told twice: nothing is odd");
	is_text(life_state_name(all.list[0].state), "stopped", "told twice: the last step counts");
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	test_rows();
	test_ties();
	test_roots();
	test_many();
	test_told_twice();
	arena_done(&arena);
	return tap_done();
}
