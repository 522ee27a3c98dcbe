/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/audit.md says what the code does: its table of events is held to records that are really made, its table of
 * fields to the table that both sinks write by. To be run from the root of the tree.
 */
#include "audit/lifecycle.h"
#include "audit/policy_seen.h"
#include "audit/upkeep.h"
#include "tests/unit/audit.h"
#include "validate/base/text.h"

#define COLUMNS 6

/* One line of a table, cut into its cells, which are changed in place. */
struct row {
	char *cells[COLUMNS];
};

/* Cuts "| a | b |" at the bars that no backslash hides. False for what is no line of a table. */
static bool cut(char *line, struct row *ret)
{
	size_t n = 0;
	*ret = (struct row){ 0 };
	if (line[0] != '|')
		return false;
	for (char *c = line + 1; *c && n < COLUMNS; n++) {
		ret->cells[n] = c;
		while (*c && (*c != '|' || c[-1] == '\\'))
			c++;
		if (*c)
			*c++ = '\0';
	}
	for (; n < COLUMNS; n++)
		ret->cells[n] = (char[]){ "" };
	return true;
}

/* The words of a cell that stand in backticks: "`a`, `b`" is " a b ". */
static const char *words(struct arena *a, const char *cell)
{
	struct text t = text_growing(a);
	text_char(&t, ' ');
	for (const char *c = strchr(cell, '`'); c; c = strchr(c, '`')) {
		const char *end = strchr(++c, '`');
		if (!end)
			break;
		text_bytes(&t, (struct bytes){ c, (size_t)(end - c) });
		text_char(&t, ' ');
		c = end + 1;
	}
	return t.data;
}

static bool has(const char *list, const char *word)
{
	const size_t n = strlen(word);
	for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
		if (at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

/* The text below a heading, up to the next one of its level or above. */
static char *below(struct arena *a, const char *text, const char *heading)
{
	const char *at = strstr(text, heading);
	if (!at)
		return NULL;
	at += strlen(heading);
	const char *end = strstr(at, "\n## ");
	return (char *)(uintptr_t)arena_copy(a, (struct bytes){ at, end ? (size_t)(end - at) : strlen(at) });
}

/* The lines of a section's table, one after the other. */
static bool next_row(char **at, struct row *ret)
{
	while (*at && **at) {
		char *line = *at, *end = strchr(line, '\n');
		if (end)
			*end = '\0';
		*at = end ? end + 1 : NULL;
		if (strncmp(line, "| ---", 5) != 0 && cut(line, ret))
			return true;
	}
	return false;
}

/* --- fields ------------------------------------------------------------------------------------------------------- */

static const char *json_shown(struct arena *a, const struct field_row *row)
{
	return arena_printf(a, "%s%s", row->json, row->repeated ? "[]" : "");
}

/* Whether a line's two cells name the same fields, each with all the names that it has. */
static void hold_line(struct arena *a, const char *journal, const char *json, unsigned *found)
{
	size_t named = 0;
	for (unsigned f = 0; f < FIELD_MAX; f++) {
		const struct field_row *row = field_row((enum field)f);
		const bool in_journal = row->journal && has(journal, row->journal);
		const bool in_chain = row->json && has(json, json_shown(a, row));
		if (!in_journal && !in_chain)
			continue;
		found[f]++;
		named += in_journal + in_chain;
		ok(in_journal == (row->journal != NULL) && in_chain == (row->json != NULL), "%s: both of its names, %s",
			row->journal ? row->journal : row->json, row->json ? json_shown(a, row) : "none in the chain");
	}
	size_t there = 0;
	for (const char *c = journal; *c; c++)
		there += *c == ' ' && c[1];
	for (const char *c = json; *c; c++)
		there += *c == ' ' && c[1];
	is_int(there, named, "no other names than those of fields:%s|%s", journal, json);
}

static void test_fields(struct arena *a, const char *text)
{
	unsigned found[FIELD_MAX] = { 0 };
	char *at = below(a, text, "\n## Fields\n");
	struct row row;
	if (!ok(at != NULL, "there is a list of fields"))
		return;
	(void)next_row(&at, &row); /* its head */
	while (next_row(&at, &row))
		hold_line(a, words(a, row.cells[0]), words(a, row.cells[1]), found);
	for (unsigned f = 0; f < FIELD_MAX; f++) {
		const struct field_row *r = field_row((enum field)f);
		is_int(found[f], 1, "%s is told of once", r->journal ? r->journal : r->json);
	}
}

/* --- events ------------------------------------------------------------------------------------------------------- */

/* The line that tells of this record has to say what the record does. */
static unsigned hold_event(struct arena *a, const char *section, const struct record *r)
{
	const char *code = value_of(r, FIELD_EVENT), *dot = strchr(code, '.'), *decision = value_of(r, FIELD_DECISION);
	const char *any_verb = arena_printf(a, "*%s", dot),
		   *any_step = arena_printf(a, "%.*s.*", (int)(dot - code), code);
	char *at = (char *)(uintptr_t)arena_copy(a, bytes_of(section));
	struct row row;
	unsigned n = 0;
	while (next_row(&at, &row)) {
		const char *event = words(a, row.cells[0]);
		if (!has(event, code) && !has(event, any_verb) && !has(event, any_step))
			continue;
		n++;
		is_text(words(a, row.cells[1]), decision ? arena_printf(a, " %s ", decision) : " ", "%s: its decision",
			code);
		is_text(words(a, row.cells[3]), arena_printf(a, " %s ", value_of(r, FIELD_MESSAGE_ID)), "%s: its id",
			code);
		is_text(row.cells[4], arena_printf(a, " %s ", value_of(r, FIELD_PRIORITY)), "%s: its priority", code);
		is_text(row.cells[5], arena_printf(a, " %s ", value_of(r, FIELD_SEVERITY)), "%s: its severity", code);
	}
	is_int(n, 1, "%s has one line", code);
	return n;
}

static struct record begun(struct arena *a)
{
	struct record r;
	struct fail f;
	if (record_init(&r, a, &f) < 0)
		abort();
	return r;
}

/* Of what was seen at start: its line is the one of that very name, and has its id. What was decided varies. */
static unsigned hold_sight(struct arena *a, const char *section, enum seen_at_start seen)
{
	const struct occurrence o = { .verb = "start",
		.id = "c",
		.seen = seen,
		.decision = { .kind = DECISION_WOULD_DENY } };
	struct record r = begun(a);
	struct row row;
	unsigned n = 0;

	is_int(record_fill(&r, &o, NULL), 0, "what was seen at start");
	const char *code = value_of(&r, FIELD_EVENT);
	char *at = (char *)(uintptr_t)arena_copy(a, bytes_of(section));
	while (next_row(&at, &row)) {
		if (!has(words(a, row.cells[0]), code))
			continue;
		n++;
		is_text(words(a, row.cells[3]), arena_printf(a, " %s ", value_of(&r, FIELD_MESSAGE_ID)), "%s: its id",
			code);
	}
	is_int(n, 1, "%s has one line", code);
	return n;
}

static void test_events(struct arena *a, const char *text)
{
	const char *section = below(a, text, "\n## Events\n");
	unsigned lines = 0, told = 0;
	struct row row;
	if (!ok(section != NULL, "there is a list of events"))
		return;
	for (int kind = DECISION_ALLOW; kind <= DECISION_ERROR; kind++) {
		struct record r = begun(a);
		const struct occurrence o = { .verb = "create",
			.id = "c",
			.decision = { .kind = (enum decision_kind)kind } };
		is_int(record_fill(&r, &o, NULL), 0, "a decision");
		told += hold_event(a, section, &r);
	}
	const struct step step = { .verb = "start", .id = "c" };
	const struct policy_seen before = { .digest = "" };
	const struct policy policy = { .digest = "aa" };
	const struct merged merged = { .name = "x", .since = "y" };
	struct record r[5] = { begun(a), begun(a), begun(a), begun(a), begun(a) };
	is_int(record_fill_step(&r[0], &step) | record_fill_policy(&r[1], &before, &policy) |
			record_fill_gap(&r[2], 1, "x", NULL) | record_fill_merged(&r[3], &merged) |
			record_fill_checkpoint(&r[4], BYTES("x"), 1, BYTES("y")),
		0, "every other event");
	for (size_t i = 0; i < sizeof(r) / sizeof(r[0]); i++)
		told += hold_event(a, section, &r[i]);
	told += hold_sight(a, section, SEEN_DRIFT) + hold_sight(a, section, SEEN_BOUNDARY);
	char *at = below(a, text, "\n## Events\n");
	while (next_row(&at, &row))
		lines++;
	is_int(lines, told + 1, "a line for each of them, and its head");
}

int main(void)
{
	struct arena *a = fresh_arena();
	const char *file = slurp("docs/audit.md", NULL);
	if (!file) {
		printf("Bail out! no docs/audit.md here: to be run from the root of the tree\n");
		return 1;
	}
	const char *text = arena_copy(a, bytes_of(file));
	test_fields(a, text);
	test_events(a, text);
	arena_done(a);
	return tap_done();
}
