/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built-in profiles, through the evaluator that the shim asks. Four tables beside this file say what has to come of
 * it, each with documents of real engines, which documents.json names, and places in them that are changed (edit.h):
 *
 *	documents.json  which document keeps which profiles, in every version, on every host that it can be from
 *	pss.json        each check of the Pod Security Standards: what breaks it by effect, from which version to which,
 *	                and the neighbour that does not
 *	cis.json        the same for the benchmarks: one case for each control that a container shows
 *	flips.json      one protected field each, changed in every document that keeps a profile: the decision changes
 *
 * Usage: run [TESTS]
 */
#include "tests/policy/edit.h"
#include "tests/spec/merge.h"
#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/policy/decide.h"
#include "validate/policy/evaluate.h"
#include "validate/policy/policy_parts.h"

#define NEWEST 37u /* the version of Kubernetes that the standards are known of */

static const char *top = "tests";

/* A table, and the text that it stands in. */
struct table {
	struct bytes text;
	const struct doc *root;
};

static struct arena kept; /* what lives as long as the program */
static struct table documents, base_host, base_delegate;

/* What is judged by what. */
struct trial {
	const char *file, *profile; /* NULL: no policy file */
	struct bytes text;
	const struct doc *context, *host; /* NULL: unknown */
};

struct outcome {
	bool judged;
	enum decision_kind kind;
	struct report report;
};

static struct table table_read(const char *dir, const char *name)
{
	struct fail why = { 0 };
	struct table t = { .text = fixture_read(&kept, top, dir, name) };
	t.root = t.text.data ? fixture_parse(&kept, t.text, false, &why) : NULL;
	if (!t.root) {
		printf("Bail out! %s/%s: %u:%u: %s\n", dir, name, why.place.line, why.place.column, why.says);
		exit(1);
	}
	return t;
}

static const struct doc *first(const struct doc *d, const char *name)
{
	const struct doc *list = name ? doc_get(d, name) : d;
	return list ? list->first : NULL;
}

static const char *word(struct arena *a, const struct doc *d, const char *name)
{
	const struct bytes b = doc_string(d, name, (struct bytes){ 0 });
	return b.data ? arena_copy(a, b) : NULL;
}

static const struct doc *named(const struct doc *list, const char *name)
{
	for (const struct doc *e = list ? list->first : NULL; e; e = e->next)
		if (bytes_is(doc_string(e, "name", (struct bytes){ 0 }), name))
			return e;
	return NULL;
}

static const struct doc *document(const char *name)
{
	const struct doc *d = named(doc_get(documents.root, "documents"), name);
	if (!d) {
		printf("Bail out! documents.json has no %s\n", name);
		exit(1);
	}
	return d;
}

/* The text of a document, with its own changes. */
static struct bytes text_of(struct arena *a, const struct doc *d)
{
	const struct bytes text = fixture_read(a, top, "spec/real", word(a, d, "file"));
	return edit(a, text, doc_get(d, "edit"), documents.text);
}

static const struct doc *context_of(struct arena *a, const struct doc *d)
{
	return doc_get(doc_get(documents.root, "contexts"), word(a, d, "context"));
}

static const char *below(const char *file)
{
	return strstr(file, ".process.") ? "process" : strstr(file, ".resources.") ? "linux.resources" : "";
}

static struct outcome judge(struct arena *a, const struct trial *t)
{
	struct outcome o = { 0 };
	struct fail why = { 0 };
	struct policy policy;
	const struct doc *root = fixture_parse(a, t->text, false, &why);
	const struct host host = { .root = -1, .given = t->host };
	const char *said = arena_printf(a, "{\"version\":1,\"profile\":\"%s\"}", t->profile ? t->profile : "");
	const struct file f = { .fd = -1, .path = "policy.json", .bytes = bytes_of(said) };

	policy_default(&policy);
	if (!root || (t->profile && policy_parse(a, &f, &policy, &why) < 0)) {
		printf("# %s\n", why.says);
		return o;
	}
	const struct evaluation e = { .file = t->file,
		.text = t->text,
		.root = root,
		.below = below(t->file),
		.policy = &policy,
		.host = t->host ? &host : NULL,
		.delegate = base_delegate.root,
		.context = t->context };
	o.judged = evaluate(a, &e, &o.report, NULL, &why) == 0;
	o.kind = decide(&policy, &o.report, NULL, false).kind;
	return o;
}

static bool of_policy(const struct finding *f)
{
	return f->profile && f->severity == SEV_ERROR;
}

static bool tells(const struct report *r, struct bytes id)
{
	for (size_t i = 0; i < r->count; i++)
		if (of_policy(&r->findings[i]) && bytes_is(id, r->findings[i].id))
			return true;
	return false;
}

/* Whether the errors of the policy are of exactly these rules. */
static bool tells_exactly(const struct report *r, const struct doc *rules)
{
	for (const struct doc *e = first(rules, NULL); e; e = e->next)
		if (!tells(r, e->string))
			return false;
	for (size_t i = 0; i < r->count; i++) {
		bool wanted = !of_policy(&r->findings[i]);
		for (const struct doc *e = first(rules, NULL); e && !wanted; e = e->next)
			wanted = bytes_is(e->string, r->findings[i].id);
		if (!wanted)
			return false;
	}
	return true;
}

static void print(const struct outcome *o)
{
	printf("# it is: %s\n", o->judged ? decision_name(o->kind) : "not judged");
	for (size_t i = 0; i < o->report.count; i++) {
		char line[1024];
		struct text to = text_over(line, sizeof(line));
		finding_write(&o->report.findings[i], SHOW_ALL, &to);
		if (o->report.findings[i].severity == SEV_ERROR)
			printf("#  %s [%s]\n", line, o->report.findings[i].id);
	}
}

/* --- documents that keep profiles --- */

/* On a host with AppArmor or SELinux an engine writes what it would not have written elsewhere. */
static struct bytes text_on(struct arena *a, const struct doc *d, const struct doc *host)
{
	static const struct {
		const char *enabled, *given;
	} rows[] = { { "apparmor.enabled", "onAppArmor" }, { "selinux.enabled", "onSELinux" } };
	struct bytes text = text_of(a, d);
	for (size_t i = 0; i < 2; i++)
		if (doc_true(host, rows[i].enabled))
			text = edit(a, text, doc_get(d, rows[i].given), documents.text);
	return text;
}

static size_t passed;

static void keeps(const struct doc *d, const char *profile, const char *name, const struct doc *host)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const struct trial t = { .file = word(&a, d, "file"),
		.profile = profile,
		.text = text_on(&a, d, host),
		.context = context_of(&a, d),
		.host = host };
	const struct outcome o = judge(&a, &t);
	const bool good = o.judged && o.kind == DECISION_ALLOW && o.report.audited == 0;
	passed += good;
	if (!good && !ok(false, "%s keeps %s on %s", word(&a, d, "name"), profile ? profile : "no policy", name))
		print(&o);
	arena_done(&a);
}

/* Every version of the family. */
static void keeps_all(const struct doc *d, const char *family, const char *name, const struct doc *host)
{
	for (const struct builtin *b = builtin_profiles; b->name; b++)
		if (strncmp(b->name, family, strlen(family)) == 0 && b->name[strlen(family)] == '@')
			keeps(d, b->name, name, host);
}

static const struct doc *host_of(struct arena *a, const char *name)
{
	struct fail why = { 0 };
	const struct bytes patch = fixture_read(a, top, "spec/hosts", name);
	return fixture_parse(a, fixture_merge(a, base_host.text, patch, false), false, &why);
}

static void one_document(const struct doc *d)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const char *name = word(&a, d, "name");
	const struct doc *hosts = doc_get(documents.root, doc_true(d, "unprivileged") ? "unprivileged" : "hosts");
	for (const struct doc *p = first(d, "keeps"); p; p = p->next) {
		const char *family = arena_copy(&a, p->string);
		const size_t before = passed;
		keeps_all(d, family, "an unknown host", NULL);
		for (const struct doc *h = first(hosts, NULL); h; h = h->next) {
			const char *host = arena_copy(&a, h->string);
			const struct doc *answers = host_of(&a, host);
			keeps_all(d, family, host, answers);
			if (strcmp(family, "baseline") == 0)
				keeps(d, NULL, host, answers);
		}
		ok(passed > before, "%s keeps %s, %zu times", name, family, passed - before);
	}
	arena_done(&a);
}

/* --- what breaks them, and what does not --- */

static size_t broken, neighbours;

/* A case: which document, changed how; and the host beside it, when it is said. */
static struct trial trial_of(struct arena *a, const struct table *from, const struct doc *c, const struct doc *d,
	const char *change)
{
	struct fail why = { 0 };
	struct trial t = { .file = word(a, d, "file"), .context = context_of(a, d) };
	t.text = edit(a, edit(a, text_of(a, d), doc_get(c, "with"), from->text), doc_get(c, change), from->text);
	if (doc_get(c, "host"))
		t.host = fixture_parse(a, edit(a, base_host.text, doc_get(c, "host"), from->text), false, &why);
	return t;
}

static void breaks(const struct table *from, const struct doc *c, const struct doc *d, const char *profile, bool denies)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct trial t = trial_of(&a, from, c, d, "breaks");
	t.profile = profile;
	const struct outcome o = judge(&a, &t);
	const bool right = denies ? o.kind == DECISION_DENY && tells_exactly(&o.report, doc_get(c, "rules"))
				  : o.kind == DECISION_ALLOW;
	broken += denies;
	if (!ok(o.judged && right, "%s: %s of %s, by %s", denies ? "denied" : "not denied", word(&a, c, "says"),
		    word(&a, d, "name"), profile))
		print(&o);
	arena_done(&a);
}

static void passes(const struct table *from, const struct doc *c, const struct doc *d, const char *profile)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct trial t = trial_of(&a, from, c, d, "keeps");
	t.profile = profile;
	const struct outcome o = judge(&a, &t);
	neighbours++;
	if (!ok(o.judged && o.kind == DECISION_ALLOW, "passes: the neighbour of %s, by %s", word(&a, c, "says"),
		    profile))
		print(&o);
	arena_done(&a);
}

static bool within(const struct doc *range, unsigned version)
{
	const struct doc *from = first(range, NULL), *to = from ? from->next : NULL;
	return to && version >= from->integer.magnitude && version <= to->integer.magnitude;
}

/* At both levels, over all versions. */
static void pss_case(const struct table *from, const struct doc *c)
{
	static const char *const levels[] = { "baseline", "restricted" };
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	for (size_t i = 0; i < 2; i++) {
		const char *name = word(&a, doc_get(doc_get(documents.root, "pairs"), word(&a, c, "on")), levels[i]);
		const struct doc *d = document(name ? name : "");
		for (unsigned v = 0; v <= NEWEST; v++) {
			const char *profile = arena_printf(&a, "%s@v1.%u", levels[i], v);
			breaks(from, c, d, profile, within(doc_get(c, levels[i]), v));
			if (doc_get(c, "keeps"))
				passes(from, c, d, profile);
		}
	}
	arena_done(&a);
}

/* A check that is seen has a case that breaks it and one that does not; one that is not seen says why. */
static void pss(void)
{
	const struct table t = table_read("policy", "pss.json");
	size_t checks = 0, seen = 0;
	for (const struct doc *check = first(t.root, "checks"); check; check = check->next) {
		const char *name = word(&kept, check, "check"), *visible = word(&kept, check, "visible");
		bool neighbour = false;
		checks++;
		for (const struct doc *c = first(check, "cases"); c; c = c->next) {
			neighbour |= doc_get(c, "keeps") != NULL;
			pss_case(&t, c);
		}
		const bool shown = strcmp(visible, "yes") == 0 || strcmp(visible, "in part") == 0;
		seen += shown;
		ok(shown == neighbour, "%s is %s", name, shown ? "seen, and tried" : "not seen");
		ok(strcmp(visible, "yes") == 0 || doc_get(check, "why"), "%s: why it is seen %s", name, visible);
	}
	printf("# %zu checks, %zu of them seen at the runtime\n", checks, seen);
	ok(checks == 19, "all checks of the standards are there");
}

static void cis(void)
{
	const struct table t = table_read("policy", "cis.json");
	for (const struct doc *p = first(t.root, "profiles"); p; p = p->next) {
		const char *profile = word(&kept, p, "profile");
		for (const struct doc *control = first(p, "controls"); control; control = control->next) {
			const struct doc *cases = doc_get(control, "cases");
			ok(cases || doc_get(control, "why"), "%s of %s is tried, or says why not",
				word(&kept, control, "control"), profile);
			for (const struct doc *c = first(cases, NULL); c; c = c->next) {
				const struct doc *d = document(word(&kept, c, "on"));
				breaks(&t, c, d, profile, true);
				if (doc_get(c, "keeps"))
					passes(&t, c, d, profile);
			}
		}
	}
}

/* --- every protected field of every document that keeps a profile --- */

static size_t flipped;

static bool has_word(const struct doc *list, struct bytes w)
{
	for (const struct doc *e = first(list, NULL); e; e = e->next)
		if (bytes_equal(e->string, w))
			return true;
	return false;
}

static bool changed(const struct table *from, const struct doc *flip, const struct doc *d, const char *profile)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct trial t = trial_of(&a, from, flip, d, "breaks");
	t.profile = profile;
	const struct outcome o = judge(&a, &t);
	const bool good = o.judged && o.kind == DECISION_DENY &&
		tells(&o.report, doc_string(flip, "rule", (struct bytes){ 0 }));
	if (!good) {
		printf("# %s keeps %s with: %s\n", word(&a, d, "name"), profile, word(&a, flip, "says"));
		print(&o);
	}
	arena_done(&a);
	return good;
}

static void flips(void)
{
	const struct table t = table_read("policy", "flips.json");
	for (const struct doc *flip = first(t.root, "flips"); flip; flip = flip->next) {
		size_t tried = 0, caught = 0;
		for (const struct doc *p = first(flip, "profiles"); p; p = p->next) {
			const char *profile = arena_copy(&kept, p->string);
			const size_t family = strcspn(profile, "@");
			for (const struct doc *d = first(documents.root, "documents"); d; d = d->next) {
				if (!has_word(doc_get(d, "keeps"), (struct bytes){ profile, family }) ||
					has_word(doc_get(flip, "not"), doc_string(d, "context", BYTES(""))) ||
					!doc_true(d, "flipped"))
					continue;
				tried++;
				caught += changed(&t, flip, d, profile);
			}
		}
		flipped += caught;
		ok(tried > 0 && caught == tried, "%s: told of %zu documents of %zu", word(&kept, flip, "says"), caught,
			tried);
	}
}

int main(int argc, char **argv)
{
	top = argc > 1 ? argv[1] : top;
	arena_init(&kept, LIMIT_ARENA);
	documents = table_read("policy", "documents.json");
	base_host = table_read("spec", "base.host.json");
	base_delegate = table_read("spec", "base.delegate.json");
	for (const struct doc *d = first(documents.root, "documents"); d; d = d->next)
		one_document(d);
	pss();
	cis();
	flips();
	printf("# %zu documents judged without a denial; %zu breaches denied, %zu neighbours passed, %zu flips told\n",
		passed, broken, neighbours, flipped);
	arena_done(&kept);
	return tap_done();
}
