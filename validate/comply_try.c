/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One property tried. Against it speaks what the rows find that hold a container against host and delegate; for it,
 * what the delegate or its release says. Where a row wants to know of the host what nobody knows, neither does.
 */
#include <errno.h>

#include "validate/base/limits.h"
#include "validate/check.h"
#include "validate/comply_parts.h"
#include "validate/rule/cgroup_limits.h"
#include "validate/rule/known.h"
#include "validate/rule/predicates.h"
#include "validate/rule/predicates_feature.h"
#include "validate/rule/version.h"

/* What of a host document answers a question; those about places are about a bundle and not about a host. */
static const char *const answers[ASK_MAX] = {
	[ASK_KERNEL] = "kernel.release",
	[ASK_SELF] = "self",
	[ASK_RLIMITS] = "self.rlimits",
	[ASK_NAMESPACES] = "namespaces",
	[ASK_CGROUP] = "cgroup.controllers",
	[ASK_SECCOMP] = "seccomp",
	[ASK_CAPABILITIES] = "capabilities",
	[ASK_FILESYSTEMS] = "filesystems.known",
	[ASK_LIMITS] = "limits",
	[ASK_CPUS] = "cpus",
	[ASK_HUGE_PAGES] = "hugePages",
	[ASK_SCHEDULER] = "scheduler",
	[ASK_INTERFACES] = "interfaces",
	[ASK_RDMA] = "rdma",
	[ASK_RESCTRL] = "resctrl",
};

static struct facts facts_of(const struct trying *t)
{
	return (struct facts){ .below = "", .host = t->map->host, .delegate = t->map->delegate };
}

/* Whether a concrete place is the pattern's, one that it lies in, or one of its own entries. */
static bool concerns(const char *concrete, const char *pattern)
{
	const char *c = concrete, *p = pattern;

	while (*c && *p) {
		if (*p == '*') {
			c += strcspn(c, ".[");
			p++;
		} else if (*c++ != *p++) {
			return false;
		}
	}
	if (!*c)
		return !*p || *p == '.' || *p == '[';
	return (strcmp(c, "[]") == 0 || (*c == '.' && !strpbrk(c + 1, ".["))) && c != concrete;
}

/* The heaviest finding that is about the place; NULL when there is none. */
static const struct finding *worst(const struct trying *t, const struct report *found)
{
	const struct facts f = { .below = "" };
	const struct finding *ret = NULL;

	for (size_t i = 0; i < found->count; i++) {
		const struct finding *one = &found->findings[i];
		char place[256];
		struct text to = text_over(place, sizeof(place));
		if (one->severity < SEV_WARNING || !one->at || (ret && one->severity <= ret->severity))
			continue;
		known_place(&f, one->at, &to);
		if (t->sample->of_delegate && strncmp(one->id, "feat.", 5) != 0)
			continue;
		if (concerns(place, t->place))
			ret = one;
	}
	return ret;
}

static int judge(struct trying *t, struct arena *a, const char *word, struct report *ret)
{
	static const struct doc_options options = { .file = "sample" };
	const struct doc *root = NULL;
	struct bytes text;

	int r = comply_config(a, t->sample, word, &text, NULL);
	if (r == 0)
		r = doc_parse(a, text, &options, &root, NULL);
	if (r < 0)
		return r;
	const struct check_input in = { .file = "sample",
		.text = text,
		.root = root,
		.of = OF_HOST,
		.below = "",
		.rules = RELEASE_MAX - 1,
		.host = t->map->host,
		.delegate = t->map->delegate };
	return check(a, &in, ret, NULL);
}

/* Keeps a word that is not taken, at the end. */
static int keep(struct trying *t, const char *word, enum comply status, const char *why)
{
	struct comply_word *w = arena_new(t->arena, struct comply_word);
	const struct comply_word **at = &t->not ;

	if (!w)
		return -ENOMEM;
	*w = (struct comply_word){ .word = word, .status = status, .why = why };
	while (*at)
		at = (const struct comply_word **)(uintptr_t) & (*at)->next;
	*at = w;
	return 0;
}

int comply_try(struct trying *t, const char *word, struct comply_line *line, enum comply *ret)
{
	struct report found = { 0 };
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	int r = judge(t, &a, word, &found);
	const struct finding *f = r == 0 ? worst(t, &found) : NULL;
	*ret = COMPLY_FULL;
	if (f) {
		/* That a release promises nothing is no statement about it; all else says that it goes without. */
		*ret = strcmp(f->id, "feat.property-unknown") == 0 ? COMPLY_UNKNOWN : COMPLY_NONE;
		const char *why = arena_printf(t->arena, "%s [%s]", f->fact ? f->fact : f->says, f->id);
		if (!why)
			r = -ENOMEM;
		else if (word && !t->word)
			r = keep(t, word, *ret, why);
		else
			r = comply_say(t->arena, line, "rule", "%s", why);
	}
	arena_done(&a);
	return r;
}

int comply_told(struct trying *t, struct comply_line *line)
{
	int r = 0;

	/* Words with the same reason stand together. */
	for (const struct comply_word *w = t->not ; w && r == 0; w = w->next) {
		struct text words = text_growing(t->arena);
		bool first = true;
		for (const struct comply_word *x = t->not ; x != w; x = x->next)
			first = first && strcmp(x->why, w->why) != 0;
		if (!first)
			continue;
		for (const struct comply_word *x = w; x; x = x->next)
			if (strcmp(x->why, w->why) == 0) {
				text_add(&words, words.len ? ", " : "");
				text_add(&words, x->word);
			}
		r = words.cut ? -ENOMEM : comply_say(t->arena, line, "rule", "not %s: %s", words.data, w->why);
	}
	return r;
}

/* Whether rows at that place speak of the property: they stand at it, at its entries, or above it. */
static bool speaks_of(const char *at, const char *place)
{
	const size_t n = strlen(place);

	return (*at && comply_above(at, place)) ||
		(strncmp(at, place, n) == 0 && (strcmp(at + n, "[]") == 0 || strcmp(at + n, ".*") == 0));
}

/* Calls `look` for every row of OF_HOST that speaks of the property, until it gives a word; that, or NULL. */
static const char *ask_rows(const struct trying *t, const char *(*look)(const struct facts *f, const struct rule *r))
{
	const struct facts f = facts_of(t);

	for (const struct place_node *n = t->hosts; n; n = place_next(n)) {
		char at[128];
		struct text to = text_over(at, sizeof(at));
		place_write(n, &to);
		if (!n->rows || !speaks_of(at, t->place))
			continue;
		for (const struct waiting *w = n->rows; w; w = w->next) {
			const char *word = look(&f, w->rule);
			if (word)
				return word;
		}
	}
	return NULL;
}

/* A question of the row that the host document does not answer; NULL when there is none. */
static const char *unanswered(const struct facts *f, const struct rule *r)
{
	for (unsigned ask = 0; ask < ASK_MAX; ask++)
		if ((r->asks & ASK(ask)) && answers[ask] && !around_host(f, answers[ask]))
			return answers[ask];
	return NULL;
}

/* The member of features that the row reads, where the delegate has it. */
static const char *stated(const struct facts *f, const struct rule *r)
{
	if (strncmp(r->id, "feat.", 5) != 0 || !r->must || r->must->takes != TAKES_WORDS || r->words == mount_options)
		return NULL;
	if (!known_feature(f, r->words[0]) || (*r->words[1] && known_quirk(f, r->words[1])))
		return NULL;
	return r->words[0];
}

/* The release table's word for the property, or for what it lies in. */
static enum release_word release_of(const struct facts *f, const char *place, const char **ret_before)
{
	char at[128];
	struct text to = text_over(at, sizeof(at));
	enum release_word ret = RELEASE_SILENT;

	text_add(&to, place);
	while (ret == RELEASE_SILENT && *at) {
		ret = release_word(f, at, ret_before);
		char *dot = strrchr(at, '.'), *bracket = strrchr(at, '[');
		*(bracket > dot ? bracket : dot ? dot : at) = '\0';
	}
	return ret;
}

/* The file that stands behind a limit, or behind what it lies in. */
static const struct limit *limit_for(const char *place)
{
	char at[128];
	struct text to = text_over(at, sizeof(at));
	const struct limit *ret = NULL;

	text_add(&to, place);
	while (!ret && *at) {
		ret = limit_at(at);
		char *dot = strrchr(at, '.'), *bracket = strrchr(at, '[');
		*(bracket > dot ? bracket : dot ? dot : at) = '\0';
	}
	return ret;
}

/* The file that a limit is written to here; says so. 1 when it did, 0, or -ENOMEM. */
static int limit_said(const struct trying *t, struct comply_line *line)
{
	const struct facts f = facts_of(t);
	const struct limit *l = limit_for(t->place);

	if (!l || limit_mode(&f) == CGROUP_UNKNOWN)
		return 0;
	const bool v2 = limit_mode(&f) == CGROUP_V2;
	const struct limit_file *file = v2 ? &l->v2 : &l->v1;
	if (!file->controller)
		return 0;
	const int r = comply_say(t->arena, line, "host", "cgroup %s: %s%s%s", v2 ? "v2" : "v1",
		file->name ? file->name : "", file->name ? " of controller " : "controller ", file->controller);
	return r < 0 ? r : 1;
}

/* What the release says. 1 when it speaks for the place, 0 when it is silent, or a negative errno. */
static int release_said(const struct trying *t, struct comply_line *line)
{
	const struct facts f = facts_of(t);
	const struct bytes features = doc_string(t->map->delegate, "features.ociVersionMax", (struct bytes){ 0 }),
			   spec = doc_string(t->map->delegate, "spec", (struct bytes){ 0 });
	const bool constant = known_quirk(&f, "version-constant");
	const struct bytes most = features.len && !constant ? features : spec;
	const enum spec_version since = t->node->typed->rule->since;
	const char *before = NULL;
	char who[128];
	struct text name = text_over(who, sizeof(who));

	say_delegate(&f, &name);
	const enum release_word word = release_of(&f, t->place, &before);
	if (word == RELEASE_LOSES) {
		line->status = COMPLY_NONE;
		return comply_say(t->arena, line, "release", "%s leaves it out without a word%s%s", who,
			before ? ", as all before " : "", before ? before : "");
	}
	int r = 0;
	if (word == RELEASE_BRINGS)
		r = comply_say(t->arena, line, "release", "known since %s; this is %s", before, who);
	else if (spec_version_of(most) != SPEC_ANY && since <= spec_version_of(most))
		r = comply_say(t->arena, line, "spec", "of %s; %s says it keeps to %.*s",
			since == SPEC_ANY ? "1.0.0" : spec_version_name(since), who, (int)most.len, most.data);
	else
		return 0;
	return r < 0 ? r : 1;
}

int comply_vouch(struct trying *t, struct comply_line *line)
{
	const struct facts f = facts_of(t);
	const bool named = t->sample->host && !around_host(&f, t->sample->host);
	const char *lacks = named ? t->sample->host : ask_rows(t, unanswered);
	const char *feature = ask_rows(t, stated);

	int r = release_said(t, line);
	if (r < 0 || line->status != COMPLY_FULL)
		return r < 0 ? r : 0;
	bool vouched = r > 0;
	if (feature) {
		vouched = true;
		r = comply_say(t->arena, line, "features", "%s", feature);
	}
	if (r >= 0 && lacks && !t->sample->of_delegate) {
		line->status = COMPLY_UNKNOWN;
		return comply_say(t->arena, line, "host", "%s is not known of the host", lacks);
	}
	if (r >= 0)
		r = limit_said(t, line);
	if (r >= 0 && !vouched) {
		line->status = COMPLY_UNKNOWN;
		r = comply_say(t->arena, line, "spec", "of %s, and nothing says that the delegate knows it",
			spec_version_name(t->node->typed->rule->since));
	}
	return r < 0 ? r : 0;
}
