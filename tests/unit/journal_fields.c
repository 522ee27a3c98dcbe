/* SPDX-License-Identifier: Apache-2.0 */
/* From a record to the set of fields that journald makes of it, and back to the chain's line, byte for byte. */
#include "audit/journal_fields.h"

#include "audit/chain.h"
#include "audit/chain_file.h"
#include "tests/unit/audit.h"
#include "validate/base/text.h"

#define FIELDS_MOST 700

/* What journald makes of an entry: a set, in an order of its own. */
struct entry_kept {
	struct named fields[FIELDS_MOST];
	size_t count;
};

static void keep(void *data, const char *name, struct bytes value)
{
	struct entry_kept *k = data;
	for (size_t i = 0; i < k->count; i++)
		if (bytes_is(k->fields[i].name, name) && bytes_equal(k->fields[i].value, value))
			return;
	if (k->count < FIELDS_MOST)
		k->fields[k->count++] = (struct named){ bytes_of(name), value };
}

static void shuffle(struct entry_kept *k)
{
	for (size_t i = k->count; i > 1; i--) {
		const size_t j = (size_t)rand() % i;
		const struct named n = k->fields[i - 1];
		k->fields[i - 1] = k->fields[j];
		k->fields[j] = n;
	}
}

/* The line that the record has, and the one that its journal entry gives. */
static void comes_back(struct arena *a, const struct record *r, const char *what)
{
	struct entry_kept k = { .count = 0 };
	struct record back;
	struct text line = text_growing(a), again = text_growing(a);
	bool proved = false;
	is_int(record_json(r, &line), 0, "%s: a line", what);
	is_int(journal_fields(r, keep, &k), 0, "%s: fields", what);
	keep(&k, "_UID", BYTES("0"));
	keep(&k, "RUNVET_NONSENSE", BYTES("x"));
	shuffle(&k);
	is_int(record_of_fields(&back, a, k.fields, k.count), 0, "%s: a record of them", what);
	is_int(record_line(&back, &again, &proved), 0, "%s: its line", what);
	is_text(again.data, line.data, "%s: is the same", what);
	is_int(proved, record_find(r, FIELD_HASH) != NULL, "%s: and proves itself", what);

	/* Any one value changed, and it does not any more. */
	size_t unseen = 0, tried = 0;
	for (size_t i = 0; proved && i < k.count; i++) {
		const struct named was = k.fields[i];
		const struct field_row *row = NULL;
		for (enum field f = 0; f < FIELD_MAX; f++)
			if (field_row(f)->journal && bytes_is(was.name, field_row(f)->journal))
				row = field_row(f);
		/* What the line has no place for is in no hash. */
		const bool beyond = strstr(line.data, "\"truncated\":1") && row && row->parts;
		if (!row || !row->json || was.value.len == 0 || beyond || bytes_is(was.name, "RUNVET_TRUNCATED"))
			continue;
		char other[LIMIT_FIELD + 1] = "";
		memcpy(other, was.value.data, was.value.len);
		other[0] = (char)(other[0] == 'x' ? 'y' : 'x');
		k.fields[i].value.data = other;
		bool still = false;
		struct text t = text_growing(a);
		tried++;
		if (record_of_fields(&back, a, k.fields, k.count) == 0 && record_line(&back, &t, &still) == 0)
			unseen += still;
		k.fields[i] = was;
	}
	ok(unseen == 0 && (!proved || tried > 3), "%s: none of %zu changes goes unseen", what, tried);
}

static void test_back(void)
{
	struct arena *a = fresh_arena();
	struct record plain = some_record(a, "web");
	comes_back(a, &plain, "without links");
	is_int(chain_append(&plain, "/run/log", 0, deadline_in(1000), NULL), 0, "(linked)");
	comes_back(a, &plain, "a plain one");

	struct record r = some_record(a, "caf\xc3\xa9 \n \x1b \xff \"q\" \\");
	static const char *const rules[] = { "b.two", "a.one", "c.three", "b.two", "a.one" };
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		char text[64];
		snprintf(text, sizeof(text), "%s|error|/a/%zu|x \xe2\x82\xac|y", rules[i], i % 2);
		(void)record_add(&r, FIELD_RULE, bytes_of(rules[i]));
		(void)record_add(&r, FIELD_VIOLATION, bytes_of(text));
		(void)record_add(&r, FIELD_CAPABILITY, bytes_of(rules[i]));
	}
	(void)record_add(&r, FIELD_NAMESPACE, BYTES("net|new"));
	(void)record_add(&r, FIELD_EXEMPT, BYTES(""));
	(void)record_add(&r, FIELD_EXEMPT, BYTES(""));
	(void)record_number(&r, FIELD_GAP_COUNT, UINT64_MAX);
	(void)record_add(&r, FIELD_HOST_NAME, BYTES("node"));
	is_int(chain_append(&r, "/run/log", 0, deadline_in(1000), NULL), 0, "(linked)");
	comes_back(a, &r, "repeated ones, out of order and twice");

	struct record big = some_record(a, "web");
	char text[480];
	memset(text, 'v', sizeof(text));
	for (int i = 0; i < 90; i++) {
		snprintf(text, 40, "rule.%d|error|/%d|", rand() % 50, i);
		text[strlen(text)] = 'v';
		(void)record_add(&big, FIELD_VIOLATION, (struct bytes){ text, sizeof(text) });
	}
	is_int(chain_append(&big, "/run/log", 0, deadline_in(1000), NULL), 0, "(linked)");
	struct text line = text_growing(a);
	(void)record_json(&big, &line);
	ok(strstr(line.data, "\"truncated\":1"), "one that is too long loses its end in the line");
	comes_back(a, &big, "and in the journal not");

	struct record cut = some_record(a, "web");
	char longer[LIMIT_FIELD];
	memset(longer, 'l', sizeof(longer));
	(void)record_add(&cut, FIELD_BUNDLE, (struct bytes){ longer, sizeof(longer) });
	is_int(chain_append(&cut, "/run/log", 0, deadline_in(1000), NULL), 0, "(linked)");
	comes_back(a, &cut, "a value that was cut");
}

static void test_hostile(void)
{
	static const char *const orders[] = { "RUNVET_VIOLATION 9", "RUNVET_VIOLATION 0 0 99999999999999999999999",
		"RUNVET_VIOLATION x", "RUNVET_VIOLATION -1", "RUNVET_VIOLATION 0,1", "RUNVET_VIOLATION  0",
		"RUNVET_VIOLATION " };
	struct arena *a = fresh_arena();
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		const struct named fields[] = { { BYTES("RUNVET_VIOLATION"), BYTES("b") },
			{ BYTES("RUNVET_ORDER"), bytes_of(orders[i]) }, { BYTES("RUNVET_VIOLATION"), BYTES("a") } };
		struct record r;
		is_int(record_of_fields(&r, a, fields, 3), -EBADMSG, "no order: \"%s\"", orders[i]);
	}
	struct named empty[] = { { { 0 }, { 0 } }, { BYTES("MESSAGE"), { "", 0 } },
		{ BYTES("RUNVET_HASH"), BYTES("0") } };
	struct record r;
	struct text t = text_growing(a);
	bool proved = true;
	is_int(record_of_fields(&r, a, empty, 3), 0, "next to nothing");
	is_int(record_line(&r, &t, &proved), 0, "has a line");
	ok(!proved, "that proves nothing");
}

/* What is in the chain and not in the journal could not be written again. */
static void test_table(void)
{
	for (enum field f = 0; f < FIELD_MAX; f++)
		ok(!field_row(f)->json || field_row(f)->journal, "%s is in the journal, too", field_row(f)->json);
}

int main(void)
{
	private_run("mode=755,size=64m");
	srand(3);
	test_table();
	test_back();
	test_hostile();
	arena_done(fresh_arena());
	return tap_done();
}
