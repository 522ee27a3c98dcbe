/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules against their fixtures. Every rule has a directory named by its id:
 *
 *	bad-*      must yield exactly that rule, or what a file of its name and .expect lists: one a line, an id, and
 *	           behind a blank its severity where that matters
 *	ok-*       must yield nothing
 *	unknown-*  must yield nothing, because what would make it a breach is not known
 *
 * A name that ends in .json is a merge patch (RFC 7396) on base.json, in .policy.json, .runtimes.json, .features.json
 * or .machine.json or .lock.json on the base of that kind; .raw is a whole text. real/ holds what engines wrote: no
 * error there, not on any host of hosts/ either. Names ending in .process.json and .resources.json are those parts of
 * a config.json. catalogue.tsv lists the typed places, each of which is broken once.
 *
 * In the directory of a rule that holds a config.json against something else (OF_HOST, OF_CONTROL, OF_BOUNDARY), that
 * is what the document is judged by, and beside NAME.json there may be patches for what it is held against:
 *
 *	NAME.host.json      on base.host.json: an ordinary host, on which base.json is fine
 *	NAME.delegate.json  on base.delegate.json: a delegate that can all there is
 *	NAME.context.json   on base.context.json: a call by Docker
 *	NAME.boundary.json  on base.boundary.json: a container that got what base.json asks for
 *	NAME.params.json    on nothing: { ID: { PARAMETER: value } }
 *
 * Controls are judged each by itself: a profile chooses among them. The lock that det.lock holds to is made of
 * base.json and what that is held against, with NAME.locked.json merged into it.
 *
 * Usage: run [DIRECTORY]
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tests/spec/merge.h"
#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/policy/held.h"

struct kind {
	const char *suffix, *base;
	enum subject of;
	const char *below;
};

/* The first whose suffix fits. */
static const struct kind kinds[] = {
	{ ".policy.json", "base.policy.json", OF_POLICY, "" },
	{ ".runtimes.json", "base.runtimes.json", OF_RUNTIME, "" },
	{ ".features.json", "base.features.json", OF_FEATURES, "" },
	{ ".machine.json", "base.machine.json", OF_MACHINE, "" },
	{ ".lock.json", "base.lock.json", OF_LOCK, "" },
	{ ".process.json", NULL, OF_BUNDLE, "process" },
	{ ".resources.json", NULL, OF_BUNDLE, "linux.resources" },
	{ ".json", "base.json", OF_BUNDLE, "" },
	{ ".raw", NULL, OF_BUNDLE, "" },
};

static const struct kind raw = { ".raw", NULL, OF_BUNDLE, "" };

/* What a document is held against, each a patch beside the fixture. */
enum held { HELD_HOST, HELD_DELEGATE, HELD_CONTEXT, HELD_BOUNDARY, HELD_PARAMS, HELD_LOCKED, HELD_MAX };

static const struct {
	const char *suffix, *base;
} helds[HELD_MAX] = {
	[HELD_HOST] = { ".host.json", "base.host.json" },
	[HELD_DELEGATE] = { ".delegate.json", "base.delegate.json" },
	[HELD_CONTEXT] = { ".context.json", "base.context.json" },
	[HELD_BOUNDARY] = { ".boundary.json", "base.boundary.json" },
	[HELD_PARAMS] = { ".params.json", NULL },
	[HELD_LOCKED] = { ".locked.json", NULL },
};

/* One fixture, as it is judged. */
struct trial {
	const struct kind *kind;
	enum subject of;
	struct bytes text;
	const struct doc *held[HELD_MAX];
	const struct rule *only; /* set: no other row */
};

static const char *top = "tests/spec";

static bool ends_in(const char *s, const char *end)
{
	const size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

/* NULL for what is no fixture of its own. */
static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < HELD_MAX; i++)
		if (ends_in(name, helds[i].suffix))
			return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (ends_in(name, kinds[i].suffix))
			return &kinds[i];
	return NULL;
}

static bool has_rows(enum subject of)
{
	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++)
			if ((*t)->rows[i].of == of)
				return true;
	return false;
}

/* Holds it to the lock of base.json. */
static bool judge_locked(struct arena *a, const struct trial *s, const struct doc *root, struct report *ret)
{
	const struct doc *params = doc_get(s->held[HELD_PARAMS], s->only->id), *base[HELD_BOUNDARY];
	struct text text = text_growing(a), patch = text_growing(a);
	struct lock made, lock;
	struct fail why = { 0 };
	for (size_t i = 0; i < HELD_BOUNDARY; i++)
		base[i] = fixture_parse(a, fixture_read(a, top, "", helds[i].base), false, &why);
	const struct lock_of of = { .config = fixture_parse(a, fixture_read(a, top, "", "base.json"), false, &why),
		.host = base[HELD_HOST],
		.delegate = base[HELD_DELEGATE],
		.context = base[HELD_CONTEXT] };
	if (lock_make(a, &of, &made, &why) < 0)
		return false;
	lock_write(&made, &text);
	struct bytes merged = { text.data, text.len };
	if (s->held[HELD_LOCKED]) {
		doc_write(s->held[HELD_LOCKED], false, &patch);
		merged = fixture_merge(a, merged, (struct bytes){ patch.data, patch.len }, false);
	}
	const bool read = lock_parse(a, merged, "base.lock", &lock, &why) == 0;
	const struct lock_hold h = { .row = s->only,
		.params = params,
		.text = s->text,
		.of = { .config = root,
			.host = s->held[HELD_HOST],
			.delegate = s->held[HELD_DELEGATE],
			.context = s->held[HELD_CONTEXT] },
		.lock = read ? &lock : NULL,
		.why = &why };
	return held_judge(a, &h, ret) == 0;
}

static bool judge(struct arena *a, const struct trial *s, struct report *ret)
{
	struct fail why = { 0 };
	const struct doc *root = fixture_parse(a, s->text, s->of == OF_POLICY, &why);
	if (!root)
		return report_of_fail(a, &why, ret) == 0;
	const struct rules only = { s->only, 1 };
	const struct rules *const tables[] = { &only, NULL };
	const struct check_input in = { .file = "fixture",
		.text = s->text,
		.root = root,
		.of = s->of,
		.tables = s->only ? tables : NULL,
		.below = s->kind->below,
		.host = s->held[HELD_HOST],
		.delegate = s->held[HELD_DELEGATE],
		.context = s->held[HELD_CONTEXT],
		.boundary = s->held[HELD_BOUNDARY],
		.params = s->held[HELD_PARAMS] };
	const bool locked = s->only && strcmp(s->only->id, "det.lock") == 0;
	return check(a, &in, ret, &why) == 0 && (!locked || judge_locked(a, s, root, ret));
}

/* The name with another ending. */
static void beside(const char *name, const struct kind *k, const char *suffix, char *ret, size_t size)
{
	snprintf(ret, size, "%.*s%s", (int)(strlen(name) - strlen(k->suffix)), name, suffix);
}

/* The document of a fixture: the file itself, or the base with the file merged into it; and what it is held against. */
static struct trial trial_of(struct arena *a, const char *dir, const char *name, enum subject of)
{
	struct fail why = { 0 };
	struct trial s = { .kind = kind_of(name), .of = of };
	s.text = fixture_read(a, top, dir, name);
	if (s.kind->base)
		s.text = fixture_merge(a, fixture_read(a, top, "", s.kind->base), s.text, of == OF_POLICY);
	for (size_t i = 0; subject_is_second_look(of) && i < HELD_MAX; i++) {
		char patch[256];
		beside(name, s.kind, helds[i].suffix, patch, sizeof(patch));
		struct bytes text = fixture_read(a, top, dir, patch);
		struct bytes base = { 0 };
		if (helds[i].base)
			base = fixture_read(a, top, "", helds[i].base);
		if (text.data)
			text = fixture_merge(a, base, text, false);
		s.held[i] = text.data || base.data ? fixture_parse(a, text.data ? text : base, false, &why) : NULL;
		if ((text.data || base.data) && !s.held[i])
			ok(false, "%s/%s is JSON: %s", dir, patch, why.says);
	}
	return s;
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

/* Whether no engine would take the line for an error of its own. */
static bool plain(const char *line)
{
	for (const char *const *phrase = engine_triggers; *phrase; phrase++)
		if (strcasestr(line, *phrase))
			return false;
	return strlen(line) <= LIMIT_REFUSAL;
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

/* The fixtures of one rule, by what they show. */
struct shown {
	int bad, unknown;
};

/* What is not known at all makes no breach, whatever the fixture needs for one. */
static void without_facts(struct arena *a, const char *dir, const char *name, struct trial s)
{
	struct report r = { 0 };
	s.held[HELD_HOST] = s.held[HELD_DELEGATE] = s.held[HELD_BOUNDARY] = NULL;
	if (!ok(judge(a, &s, &r) && r.count == 0, "%s/%s is no breach where what it is held against is unknown", dir,
		    name))
		print_findings(&r);
}

/* Judges one fixture. */
static void fixture(const char *dir, const char *name, enum subject of, struct shown *shown)
{
	const struct kind *k = kind_of(name);
	const bool bad = strncmp(name, "bad-", 4) == 0, unknown = strncmp(name, "unknown-", 8) == 0;
	struct report r = { 0 };
	struct arena a;
	if (!k || (!bad && !unknown && strncmp(name, "ok-", 3) != 0)) {
		bool part = ends_in(name, ".expect");
		for (size_t i = 0; subject_is_second_look(of) && i < HELD_MAX; i++)
			part |= ends_in(name, helds[i].suffix);
		ok(part, "%s/%s is a fixture", dir, name);
		return;
	}
	arena_init(&a, LIMIT_ARENA);
	struct trial s = trial_of(&a, dir, name, subject_is_second_look(of) ? of : k->of);
	if (of == OF_CONTROL)
		s.only = rule_find(dir);
	const bool judged = judge(&a, &s, &r);
	char list[256];
	beside(name, k, ".expect", list, sizeof(list));
	struct bytes expected = fixture_read(&a, top, dir, list);
	if (expected.len == 0)
		expected = bytes_of(dir);
	bool is = judged && (bad ? r.count > 0 && as_expected(&r, expected) : r.count == 0);
	for (size_t i = 0; i < r.count; i++) {
		char line[1024];
		struct text to = text_over(line, sizeof(line));
		finding_write(&r.findings[i], SHOW_SAFE, &to);
		is &= *r.findings[i].says && r.findings[i].place.line > 0 && rule_find(r.findings[i].id);
		const bool no_fact = of == OF_CONTROL && !r.findings[i].rule->must->tells;
		is &= !subject_is_second_look(of) || ((r.findings[i].fact || no_fact) && plain(line));
	}
	if (!ok(is, "%s/%s", dir, name))
		print_findings(&r);
	if (bad && (of == OF_HOST || of == OF_BOUNDARY))
		without_facts(&a, dir, name, s);
	shown->bad += bad;
	shown->unknown += unknown;
	arena_done(&a);
}

static void directory(const char *dir)
{
	char path[1024];
	struct dirent **names;
	struct shown shown = { 0 };
	const struct rule *rule = rule_find(dir);
	snprintf(path, sizeof(path), "%s/%s", top, dir);
	const int n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			fixture(dir, names[i]->d_name, rule ? rule->of : OF_BUNDLE, &shown);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	ok(rule != NULL, "%s is the id of a rule", dir);
	ok(shown.bad > 0, "%s is broken by a fixture", dir);
	if (rule && (rule->of == OF_HOST || rule->of == OF_BOUNDARY))
		ok(shown.unknown > 0, "%s is tried with what it asks for unknown", dir);
}

/* One document of an engine, held to the specification, or to a host. */
static void real_one(const char *name, enum subject of, const char *host)
{
	struct report r = { 0 };
	struct fail why = { 0 };
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct trial s = { .kind = kind_of(name), .of = of, .text = fixture_read(&a, top, "real", name) };
	if (host) {
		const struct bytes base = fixture_read(&a, top, "", "base.host.json");
		const struct bytes text = fixture_merge(&a, base, fixture_read(&a, top, "hosts", host), false);
		s.held[HELD_HOST] = fixture_parse(&a, text, false, &why);
		s.held[HELD_DELEGATE] = fixture_parse(&a, fixture_read(&a, top, "", "base.delegate.json"), false, &why);
		ok(s.held[HELD_HOST] && s.held[HELD_DELEGATE], "hosts/%s is JSON", host);
	}
	if (!ok(judge(&a, &s, &r) && r.errors == 0, "real/%s: no error%s%s", name, host ? " on " : "",
		    host ? host : ""))
		print_findings(&r);
	arena_done(&a);
}

/* Without privileges only what was written for that can run, and all else is rightly refused. */
static bool for_rootless(const char *name)
{
	return strstr(name, "rootless") != NULL;
}

static void real_on_hosts(const char *name)
{
	char path[1024];
	struct dirent **hosts;
	snprintf(path, sizeof(path), "%s/hosts", top);
	const int n = scandir(path, &hosts, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *host = hosts[i]->d_name;
		if (host[0] != '.' && (!for_rootless(host) || for_rootless(name)))
			real_one(name, OF_HOST, host);
		free(hosts[i]);
	}
	if (n >= 0)
		free(hosts);
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
		if (name[0] != '.' && kind_of(name)) {
			count++;
			real_one(name, OF_BUNDLE, NULL);
			real_on_hosts(name);
		}
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
	const struct trial s = { .kind = &raw, .of = OF_BUNDLE, .text = { to.data, to.len } };
	if (judge(&a, &s, &r))
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

/* What speaks of config.json as a file: unit/drift and e2e/start break it. */
static bool of_drift(const struct rule *r)
{
	return r->of == OF_BOUNDARY && !r->at;
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
			if (id && !of_drift(&(*t)->rows[i]))
				ok(stat(path, &st) == 0 && S_ISDIR(st.st_mode), "%s has a directory of fixtures", id);
		}
}

static void base(const char *file, const struct kind *k, enum subject of)
{
	struct report r = { 0 };
	struct fail why = { 0 };
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct trial s = { .kind = k, .of = of, .text = fixture_read(&a, top, "", file) };
	for (size_t i = 0; subject_is_second_look(of) && i < HELD_PARAMS; i++)
		s.held[i] = fixture_parse(&a, fixture_read(&a, top, "", helds[i].base), false, &why);
	if (!ok(judge(&a, &s, &r) && r.count == 0, "%s yields nothing%s", file,
		    of == OF_HOST ? " on base.host.json" : ""))
		print_findings(&r);
	arena_done(&a);
}

static void bases(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].base && has_rows(kinds[i].of))
			base(kinds[i].base, &kinds[i], kinds[i].of);
	base("base.json", &raw, OF_HOST);
	base("base.json", &raw, OF_BOUNDARY);
	if (has_rows(OF_MACHINE))
		base("base.host.json", &raw, OF_MACHINE);
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
		if (name[0] != '.' && names[i]->d_type == DT_DIR && strcmp(name, "real") != 0 &&
			strcmp(name, "hosts") != 0 && strcmp(name, "features") != 0)
			directory(name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	real();
	return tap_done();
}
