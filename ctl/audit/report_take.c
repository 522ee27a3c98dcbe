/* SPDX-License-Identifier: Apache-2.0 */
/* What of a record goes into which table of a report. */
#include "ctl/audit/report.h"

#include <errno.h>
#include <stdio.h>

#include "validate/base/limits.h"
#include "validate/rule/rule.h"

#define ROOM 512u
#define REPORT_MEMORY ((size_t)32 << 20)
#define YEAR_2020 1577836800 /* before it, a clock was not set yet */

const struct report_title report_titles[TABLE_MAX] = {
	[TABLE_ACTIONS] = { "actions", "Calls", "verb" },
	[TABLE_RULES] = { "rules", "Rules that were broken", "rule" },
	[TABLE_IMAGES] = { "images", "Images", "image" },
	[TABLE_PODS] = { "k8s_namespaces", "Kubernetes namespaces", "namespace" },
	[TABLE_NAMESPACES] = { "linux_namespaces", "Linux namespaces that are shared", "namespace" },
	[TABLE_CALLERS] = { "callers", "Callers", "caller" },
	[TABLE_POLICIES] = { "policies", "Policies", "policy" },
	[TABLE_REASONS] = { "reasons", "What could not be judged", "reason" },
	[TABLE_HOSTS] = { "hosts", "Hosts", "host" },
};

const char *const report_verbs[REPORT_VERBS + 1] = { "all", "create", "run", "restore", "exec", "update" };

int report_init(struct audit_report *r, const struct query *q)
{
	struct top *const others[] = { &r->denials, &r->shadows, &r->shadow_rules };
	int e = 0;

	*r = (struct audit_report){ .query = q, .watched = q->last == 0 };
	arena_init(&r->arena, REPORT_MEMORY);
	for (size_t i = 0; i < TABLE_MAX && e == 0; i++)
		e = top_init(&r->tables[i], &r->arena, ROOM);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]) && e == 0; i++)
		e = top_init(others[i], &r->arena, ROOM);
	r->denial = arena_array(&r->arena, ROOM, sizeof(*r->denial));
	return r->denial ? e : -ENOMEM;
}

void report_done(struct audit_report *r)
{
	arena_done(&r->arena);
}

static void keep_word(char *to, size_t size, struct bytes b)
{
	struct text t = text_over(to, size);
	text_shown(&t, b, size - 1);
}

static struct moment *add_moment(struct moments *m, const struct seen *s)
{
	struct moment *one = &m->ring[m->count++ % REPORT_RECENT];
	*one = (struct moment){ .when = s->when };
	if (s->sound)
		keep_word(one->record, sizeof(one->record), seen_string(s, "id"));
	return one;
}

const struct moment *moment_at(const struct moments *m, uint64_t i)
{
	if (i >= m->count || i >= REPORT_RECENT)
		return NULL;
	return &m->ring[(m->count - 1 - i) % REPORT_RECENT];
}

/* "pod payments/web, container web (registry/web:1)", as far as it is known. */
static void write_who(const struct seen *s, struct text *to)
{
	const struct bytes ns = seen_string(s, "k8s.namespace.name"), pod = seen_string(s, "k8s.pod.name");
	const struct bytes name = seen_string(s, "container.name"), id = seen_string(s, "container.id");
	const struct bytes image = seen_string(s, "container.image.name");

	if (pod.len > 0) {
		text_bytes(to, ns);
		text_add(to, ns.len ? "/" : "");
		text_bytes(to, pod);
		text_add(to, ", ");
	}
	text_bytes(to, name.len ? name : (struct bytes){ id.data, id.len < 12 ? id.len : 12 });
	if (image.len > 0) {
		text_add(to, " (");
		text_bytes(to, image);
		text_char(to, ')');
	}
}

/* A pointer with the numbers of lists as one: "/mounts/N/source". */
static void write_kind_of_place(struct bytes path, struct text *to)
{
	for (size_t i = 0; i < path.len;) {
		size_t end = i + 1;
		while (end < path.len && path.data[end] != '/')
			end++;
		size_t digits = i + 1;
		while (digits < end && path.data[digits] >= '0' && path.data[digits] <= '9')
			digits++;
		if (digits == end && end > i + 1)
			text_add(to, "/N");
		else
			text_bytes(to, (struct bytes){ path.data + i, end - i });
		i = end;
	}
}

/* A violation's text without the remedy that it may end in: that has a place of its own. */
static struct bytes without_remedy(struct bytes text, const char *rule)
{
	const struct bytes fix = bytes_of(report_remedy(rule));
	const size_t len = fix.len + 2;

	if (text.len <= len || memcmp(text.data + text.len - fix.len, fix.data, fix.len) != 0)
		return text;
	return (struct bytes){ text.data, text.len - len };
}

static void take_violation(struct audit_report *r, const struct seen *s, const struct doc *v, enum seen_kind kind)
{
	const struct bytes rule = doc_string(v, "rule", BYTES("")), path = doc_string(v, "path", BYTES(""));
	char key[512], who[512];
	struct text t = text_over(key, sizeof(key)), w = text_over(who, sizeof(who));

	top_add(&r->tables[TABLE_RULES], rule, kind, s->when);
	text_bytes(&t, rule);
	text_char(&t, ' ');
	write_kind_of_place(path, &t);
	const struct top_entry *e = top_add(&r->denials, (struct bytes){ t.data, t.len }, kind, s->when);
	if (!e)
		return;
	struct denial *d = &r->denial[e - r->denials.entries];
	*d = (struct denial){ 0 };
	keep_word(d->rule, sizeof(d->rule), rule);
	keep_word(d->path, sizeof(d->path), path);
	keep_word(d->text, sizeof(d->text), without_remedy(doc_string(v, "text", BYTES("")), d->rule));
	write_who(s, &w);
	keep_word(d->who, sizeof(d->who), (struct bytes){ w.data, w.len });
	keep_word(d->record, sizeof(d->record), seen_string(s, "id"));
}

static void take_violations(struct audit_report *r, const struct seen *s, enum seen_kind kind)
{
	const struct doc *list = doc_get(s->root, "violations");

	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next)
		if (bytes_is(doc_string(v, "severity", BYTES("")), "error"))
			take_violation(r, s, v, kind);
}

/* One profile's word on a call, and on which rules it was. */
static void take_shadow(struct audit_report *r, struct bytes profile, bool no, struct bytes rules, struct timespec when)
{
	top_add(&r->shadows, profile, no ? KIND_DENY : KIND_ALLOW, when);
	while (no && rules.len > 0) {
		const char *comma = memchr(rules.data, ',', rules.len);
		const size_t n = comma ? (size_t)(comma - rules.data) : rules.len;
		char key[256];
		struct text t = text_over(key, sizeof(key));
		text_bytes(&t, (struct bytes){ rules.data, n });
		text_add(&t, " in ");
		text_bytes(&t, profile);
		top_add(&r->shadow_rules, (struct bytes){ t.data, t.len }, KIND_DENY, when);
		rules = comma ? (struct bytes){ comma + 1, rules.len - n - 1 } : (struct bytes){ 0 };
	}
}

static void take_shadows(struct audit_report *r, const struct seen *s, enum seen_kind kind)
{
	const struct doc *list = doc_find(s->root, "policy.shadow");
	const bool audited = bytes_is(seen_string(s, "mode"), "audit");
	char name[256];
	struct text t = text_over(name, sizeof(name));

	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next)
		take_shadow(r, doc_string(v, "profile", BYTES("")),
			bytes_is(doc_string(v, "decision", BYTES("")), "deny"), doc_string(v, "rules", BYTES("")),
			s->when);
	/* What is applied in audit mode is a rollout as well. */
	if (!audited || (kind != KIND_ALLOW && kind != KIND_WOULD_DENY))
		return;
	text_bytes(&t, seen_string(s, "policy.name"));
	text_add(&t, t.len ? ", applied in audit mode" : "the rules, applied in audit mode");
	take_shadow(r, (struct bytes){ t.data, t.len }, kind == KIND_WOULD_DENY, (struct bytes){ 0 }, s->when);
	list = kind == KIND_WOULD_DENY ? doc_get(s->root, "violations") : NULL;
	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next) {
		char key[320];
		struct text k = text_over(key, sizeof(key));
		if (!bytes_is(doc_string(v, "severity", BYTES("")), "error"))
			continue;
		text_bytes(&k, doc_string(v, "rule", BYTES("")));
		text_add(&k, " in ");
		text_bytes(&k, (struct bytes){ t.data, t.len });
		top_add(&r->shadow_rules, (struct bytes){ k.data, k.len }, KIND_DENY, s->when);
	}
}

static void take_namespaces(struct audit_report *r, const struct seen *s, enum seen_kind kind)
{
	const struct doc *list = doc_find(s->root, "facts.namespaces");

	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next) {
		const struct bytes how = doc_string(v, "how", BYTES(""));
		char key[96];
		struct text t = text_over(key, sizeof(key));
		if (bytes_is(how, "new"))
			continue;
		text_bytes(&t, doc_string(v, "kind", BYTES("")));
		text_char(&t, ' ');
		text_bytes(&t, how);
		top_add(&r->tables[TABLE_NAMESPACES], (struct bytes){ t.data, t.len }, kind, s->when);
	}
}

/* A change is told by its own record, or by the first decision under another digest. */
static void take_policy(struct audit_report *r, const struct seen *s, enum seen_kind kind)
{
	const struct bytes digest = seen_string(s, "policy.digest");
	char now[80], key[256];
	struct text t = text_over(key, sizeof(key));

	keep_word(now, sizeof(now), digest.len ? digest : BYTES("no policy file"));
	if (strcmp(now, r->policy) != 0) {
		if (r->policy[0]) {
			struct moment *m = add_moment(&r->changes, s);
			struct text to = text_over(m->text, sizeof(m->text));
			text_printf(&to, "%s, before that %s", now, r->policy);
		}
		(void)memcpy(r->policy, now, sizeof(now));
	}
	if (kind == KIND_POLICY)
		return;
	text_add(&t, seen_string(s, "policy.name").len ? "" : "none");
	seen_profile(s->root, &t);
	text_printf(&t, ", %s", now);
	top_add(&r->tables[TABLE_POLICIES], (struct bytes){ t.data, t.len }, kind, s->when);
}

static void take_call(struct audit_report *r, const struct seen *s, enum seen_kind kind)
{
	const struct bytes exe = seen_string(s, "caller.exe"), unit = seen_string(s, "caller.unit");
	const struct bytes verb = seen_string(s, "action");
	const struct doc *us = doc_get(s->root, "duration_us");
	char caller[512];
	struct text t = text_over(caller, sizeof(caller));

	text_bytes(&t, exe);
	text_add(&t, exe.len && unit.len ? ", " : "");
	text_bytes(&t, unit);
	top_add(&r->tables[TABLE_CALLERS], (struct bytes){ t.data, t.len }, kind, s->when);
	top_add(&r->tables[TABLE_IMAGES], seen_string(s, "container.image.name"), kind, s->when);
	top_add(&r->tables[TABLE_PODS], seen_string(s, "k8s.namespace.name"), kind, s->when);
	take_namespaces(r, s, kind);
	take_policy(r, s, kind);
	take_shadows(r, s, kind);
	if (kind != KIND_ALLOW)
		take_violations(r, s, kind);
	if (kind == KIND_ERROR)
		top_add(&r->tables[TABLE_REASONS], seen_string(s, "reason"), kind, s->when);
	for (size_t i = 0; us && us->type == DOC_INT && i <= REPORT_VERBS; i++)
		if (i == 0 || bytes_is(verb, report_verbs[i]))
			elapsed_add(&r->elapsed[i], us->integer.magnitude);
	if (kind == KIND_BYPASS) {
		struct moment *m = add_moment(&r->bypasses, s);
		keep_word(m->text, sizeof(m->text), seen_string(s, "message"));
	}
}

static void take_gap(struct audit_report *r, const struct seen *s)
{
	const struct doc *count = doc_find(s->root, "gap.count");
	struct moment *m = add_moment(&r->gaps, s);

	if (count && count->type == DOC_INT && !count->integer.negative)
		r->missed += count->integer.magnitude;
	keep_word(m->text, sizeof(m->text), seen_string(s, "message"));
}

static void take_record(struct audit_report *r, const struct seen *s, enum seen_kind kind)
{
	const struct bytes commit = seen_string(s, "commit");

	if (r->count++ == 0 || s->when.tv_sec < r->first.tv_sec)
		r->first = s->when;
	if (s->when.tv_sec >= r->last.tv_sec)
		r->last = s->when;
	r->by[kind]++;
	r->in_chain += s->in == IN_CHAIN;
	r->in_journal += s->in == IN_JOURNAL;
	r->spilled += bytes_is(commit, "spilled");
	r->unproved += bytes_is(commit, "unproved");
	top_add(&r->tables[TABLE_HOSTS], seen_string(s, "host.name"), kind, s->when);
	top_add(&r->tables[TABLE_ACTIONS], seen_string(s, "action"), kind, s->when);
	if (kind <= KIND_ERROR && s->when.tv_sec >= YEAR_2020)
		timeline_add(&r->timeline, s->when, kind);
	if (kind <= KIND_ERROR)
		take_call(r, s, kind);
	else if (kind == KIND_GAP)
		take_gap(r, s);
	else if (kind == KIND_POLICY)
		take_policy(r, s, kind);
}

/* The chain's numbers, which come in their order: see query_each. */
static void watch(struct audit_report *r, const struct seen *s)
{
	const struct bytes prev = seen_string(s, "prev");
	struct chain_state *c = NULL;

	for (size_t i = 0; i < r->chain_count && !c; i++)
		c = bytes_is(s->chain, r->chains[i].chain) ? &r->chains[i] : NULL;
	if (!c && r->chain_count == REPORT_CHAINS) {
		r->chains_full = true;
		return;
	}
	if (!c) {
		c = &r->chains[r->chain_count++];
		*c = (struct chain_state){ .first = s->seq };
		keep_word(c->chain, sizeof(c->chain), s->chain);
	} else if (s->seq > c->last + 1) {
		c->gaps++;
		c->missing += s->seq - c->last - 1;
	} else if (!bytes_is(prev, c->hash) || s->seq != c->last + 1) {
		c->unlinked++;
	}
	c->count++;
	c->last = s->seq;
	keep_word(c->hash, sizeof(c->hash), s->hash);
}

int report_take(const struct seen *s, void *data)
{
	struct audit_report *r = data;
	const enum seen_kind kind = seen_kind(s);

	if (kind == KIND_ALTERED && s->in == IN_JOURNAL) {
		r->foreign++;
		return 0;
	}
	if (kind == KIND_ALTERED) {
		struct moment *m = add_moment(&r->altered_at, s);
		struct text t = text_over(m->text, sizeof(m->text));
		text_printf(&t, "%s:%lu", s->place ? s->place : "chain", s->number);
		r->altered++;
		return 0;
	}
	if (s->in == IN_CHAIN && r->watched)
		watch(r, s);
	if (query_takes(r->query, s->root) && query_within(r->query, s->when))
		take_record(r, s, kind);
	return 0;
}

bool report_sound(const struct audit_report *r)
{
	bool sound = r->altered == 0 && r->watched && !r->chains_full;
	for (size_t i = 0; i < r->chain_count; i++)
		sound &= r->chains[i].missing == 0 && r->chains[i].unlinked == 0;
	return sound;
}

const char *report_remedy(const char *rule)
{
	const struct rule *r = rule_find(rule);

	if (r && r->fix)
		return r->fix;
	return "change what stands at this place; runvetctl explain tells more of the record";
}

uint64_t report_ready(const struct top_entry *shadow)
{
	const uint64_t all = shadow->by[KIND_ALLOW] + shadow->by[KIND_DENY];
	return all ? shadow->by[KIND_ALLOW] * 100 / all : 0;
}
