/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completeness by test, not by promise. tests/spec/catalogue.tsv lists what can be checked, properties.tsv what a
 * document may hold and since when: table and lists agree in both directions. What is no row (yet) stands in
 * not-rows.tsv with the reason, and only that does.
 */
#include <stdio.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/rule/version.h"
#include "validate/rule/vocabulary.h"

#define MOST 1024 /* lines of a list */
#define FIELDS 4

struct list {
	const char *field[MOST][FIELDS]; /* "" where a line has no more */
	bool met[MOST];
	size_t count;
};

static struct list catalogue, properties, not_rows;
static struct arena arena;
static struct place_node *root;

static void read_list(const char *dir, const char *name, struct list *ret)
{
	char path[512], line[1024];
	snprintf(path, sizeof(path), "%s/spec/%s", dir, name);
	FILE *f = fopen(path, "re");
	while (f && ret->count < MOST && fgets(line, sizeof(line), f)) {
		char *copy = arena_copy(&arena, (struct bytes){ line, strcspn(line, "\n") });
		if (*copy == '#' || !*copy)
			continue;
		for (size_t i = 0; i < FIELDS; i++) {
			char *tab = strchr(copy, '\t');
			ret->field[ret->count][i] = copy;
			copy += strlen(copy);
			if (tab) {
				*tab = '\0';
				copy = tab + 1;
			}
		}
		ret->count++;
	}
	ok(f && ret->count > 0, "%s holds something", name);
	if (f)
		fclose(f);
	for (size_t i = 0; i < ret->count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(ret->field[i][0], ret->field[k][0]) == 0)
				ok(false, "%s lists %s once", name, ret->field[i][0]);
}

/* Index of the line that starts with `first`; count when there is none. It is marked as met. */
static size_t find(struct list *l, const char *first)
{
	size_t i = 0;
	while (i < l->count && strcmp(l->field[i][0], first) != 0)
		i++;
	if (i < l->count)
		l->met[i] = true;
	return i;
}

/* The row that bears the id itself. */
static const struct rule *row_of(const char *id)
{
	const struct rule *r = rule_find(id);
	return r && r->id && strcmp(r->id, id) == 0 ? r : NULL;
}

static const struct place_node *place_of(const char *at)
{
	char name[256];
	for (const struct place_node *n = root; n; n = place_next(n)) {
		struct text to = text_over(name, sizeof(name));
		place_write(n, &to);
		if (strcmp(name, at) == 0)
			return n;
	}
	return NULL;
}

/* Whether two places begin with the same property: a rule may stand a step higher than what it is about. */
static bool akin(const char *a, const char *b)
{
	for (const char *p = a;; p++) {
		p += strspn(p, "{, ");
		const size_t len = strcspn(p, ".[,} ");
		for (const char *q = b;; q++) {
			q += strspn(q, "{, ");
			const size_t other = strcspn(q, ".[,} ");
			if (len == other && strncmp(p, q, len) == 0)
				return true;
			q = strchr(q, ',');
			if (!q)
				break;
		}
		p = strchr(p, ',');
		if (!p)
			return false;
	}
}

/* What else than the document it asks is what it is a row of. */
static void rule_listed(size_t i, enum subject of)
{
	const char *id = catalogue.field[i][0], *since = catalogue.field[i][2], *at = catalogue.field[i][3];
	const struct rule *r = row_of(id);
	const bool excused = find(&not_rows, id) < not_rows.count;
	ok(r || excused, "%s is a row, or not-rows.tsv says why it is none", id);
	ok(!r || !excused, "%s is not both", id);
	if (!r)
		return;
	const bool features = of == OF_HOST && strncmp(id, "feat.doc.", 9) == 0;
	is_int(r->of, features ? OF_FEATURES : of,
		"%s is held against the host, the delegate, the container, or nothing", id);
	is_text(spec_version_name(r->since), since, "%s came with", id);
	ok(!r->at || strcmp(at, "-") == 0 || !*r->at || akin(at, r->at), "%s is about %s, as the catalogue has it", id,
		at);
}

static void type_listed(size_t i)
{
	const char *id = catalogue.field[i][0], *since = catalogue.field[i][2], *at = catalogue.field[i][3];
	char derived[256];
	struct text to = text_over(derived, sizeof(derived));
	const struct place_node *n = place_of(at);
	rule_type_id(OF_BUNDLE, at, &to);
	is_text(derived, id, "%s has the id", at);
	if (ok(n && n->typed, "%s has a type", at))
		is_text(spec_version_name(n->typed->rule->since), since, "%s came with", at);
}

static void listed(void)
{
	size_t types = 0;
	for (size_t i = 0; i < catalogue.count; i++) {
		const char *id = catalogue.field[i][0], *kind = catalogue.field[i][1];
		if (strcmp(kind, "json") == 0 || strcmp(kind, "static") == 0 || strcmp(kind, "cross") == 0) {
			rule_listed(i, OF_BUNDLE);
		} else if (strcmp(kind, "type") == 0) {
			type_listed(i);
			types++;
		} else if (strcmp(kind, "boundary") == 0) {
			rule_listed(i, OF_BOUNDARY);
		} else {
			ok(strcmp(kind, "host") == 0 || strcmp(kind, "features") == 0, "%s is of a known kind", id);
			rule_listed(i, OF_HOST);
		}
	}
	is_int((long long)types, 217, "the specification has 217 typed places");
	for (size_t i = 0; i < not_rows.count; i++) {
		ok(not_rows.met[i], "%s in not-rows.tsv is in the catalogue, of a kind that has rows",
			not_rows.field[i][0]);
		ok(strlen(not_rows.field[i][1]) > 10, "%s has a reason", not_rows.field[i][0]);
	}
}

/* The other direction: no row that the catalogue does not have. */
static void no_strangers(void)
{
	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++) {
			const struct rule *r = &(*t)->rows[i];
			const bool kept = r->of == OF_BUNDLE || subject_is_second_look(r->of) || r->of == OF_FEATURES;
			if (r->id && kept && r->of != OF_CONTROL && (r->at || r->of != OF_BOUNDARY))
				ok(find(&catalogue, r->id) < catalogue.count, "%s is in the catalogue", r->id);
		}
}

static void property_listed(size_t i)
{
	const char *at = properties.field[i][0], *since = properties.field[i][1], *state = properties.field[i][2];
	const struct place_node *n = place_of(at);
	if (!ok(n != NULL, "a row mentions %s", at))
		return;
	if (strcmp(state, "elsewhere") == 0) {
		ok(!n->typed && n->rows, "%s is for other platforms: a row says so, none gives it a type", at);
		return;
	}
	if (!ok(n->typed != NULL, "%s has a type", at))
		return;
	is_text(spec_version_name(n->typed->rule->since), since, "%s came with", at);
	is_text(n->typed->rule->until ? spec_version_name(n->typed->rule->until) : "-", state, "%s left with", at);
}

/*
 * Every place of the table is a property. A key that a row singles out in a map ("annotations.bundle") is the user's
 * own, and not the specification's.
 */
static void places_listed(void)
{
	for (const struct place_node *n = place_next(root); n; n = place_next(n)) {
		char at[256];
		struct text to = text_over(at, sizeof(at));
		place_write(n, &to);
		if (n->step == STEP_NAME && n->parent->key)
			continue;
		ok(find(&properties, at) < properties.count, "%s is in properties.tsv", at);
	}
}

int main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : "tests";
	arena_init(&arena, LIMIT_ARENA);
	root = vocabulary(&arena, rule_tables, OF_BUNDLE);
	read_list(dir, "catalogue.tsv", &catalogue);
	read_list(dir, "properties.tsv", &properties);
	read_list(dir, "not-rows.tsv", &not_rows);
	listed();
	no_strangers();
	for (size_t i = 0; i < properties.count; i++)
		property_listed(i);
	places_listed();
	arena_done(&arena);
	return tap_done();
}
