/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what a container may use up. A limit of zero or less is none; cgroup v2's own files count as well. */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

/* Where a limit may stand: the integer of linux.resources, or a file of unified. */
static const struct limit {
	const char *name, *paths[4], *files[3];
} limits[] = {
	{ "memory", { "memory.limit", NULL }, { "memory.max", NULL } },
	{ "pids", { "pids.limit", NULL }, { "pids.max", NULL } },
	{ "cpu", { "cpu.quota", "cpu.shares", "cpu.cpus", NULL }, { "cpu.max", "cpu.weight", NULL } },
};

static const struct limit *limit_of(const char *name)
{
	size_t i = 0;
	while (i + 1 < sizeof(limits) / sizeof(limits[0]) && !bytes_is(bytes_of(limits[i].name), name))
		i++;
	return &limits[i];
}

/* A decimal number at the start; -1 for "max" and what else is none. */
static int64_t number_of(struct bytes text)
{
	int64_t n = text.len > 0 ? 0 : -1;
	for (size_t i = 0; i < text.len && text.data[i] != ' '; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || n > INT64_MAX / 10 - 9)
			return -1;
		n = n * 10 + (text.data[i] - '0');
	}
	return n;
}

static int64_t amount(const struct doc *d)
{
	if (!d || (d->type != DOC_INT && d->type != DOC_STRING))
		return -1;
	if (d->type == DOC_STRING)
		return number_of(d->string);
	return d->integer.negative ? -1 : d->integer.magnitude > INT64_MAX ? INT64_MAX : (int64_t)d->integer.magnitude;
}

/* A key of unified has dots of its own. */
static const struct doc *unified(const struct doc *resources, const char *file)
{
	const struct doc *all = doc_get(resources, "unified");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (bytes_is(m->key, file))
			return m;
	return NULL;
}

/* What limits it; NULL when nothing does. */
static const struct doc *limiting(const struct limit *l, const struct doc *resources)
{
	for (const char *const *p = l->paths; *p; p++) {
		const struct doc *d = doc_find(resources, *p);
		if (d && (amount(d) > 0 || (d->type == DOC_STRING && d->string.len > 0)))
			return d;
	}
	for (const char *const *p = l->files; *p; p++) {
		const struct doc *d = unified(resources, *p);
		if (amount(d) > 0)
			return d;
	}
	return NULL;
}

static bool holds_limited(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *linux_ = doc_get(d, "linux"), *resources = doc_get(linux_, "resources");
	const struct doc *limit = limiting(limit_of(r->text), resources);
	const int64_t most = param_int(f, r, "max", INT64_MAX);
	if (limit && amount(limit) <= most)
		return true;
	*ret_at = limit ? limit : resources ? resources : linux_ ? linux_ : d;
	return false;
}

static void tells_limited(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	const int64_t most = param_int(f, r, "max", INT64_MAX);
	if (most == INT64_MAX)
		text_add(to, "without a limit it can take all that this host has");
	else
		text_printf(to, "the policy allows %lld", (long long)most);
}

const struct predicate be_limited = {
	.says = "keep {} within a limit",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.holds = holds_limited,
	.tells = tells_limited,
};

static bool holds_file(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return param_matches(f, r, "allow", NULL, d->key);
}

static void tells_allowed(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	text_add(to, "the policy allows ");
	param_write(f, r, "allow", NULL, to);
}

const struct predicate be_an_allowed_key = {
	.says = "have a name that the policy allows",
	.judges = DOC_STRING | DOC_OBJECT,
	.of_keys = true,
	.holds = holds_file,
	.tells = tells_allowed,
};

#define OOM_LEAST (-900)

static bool holds_killable(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return around_int(d->parent, "oomScoreAdj", 0) >= param_int(f, r, "min", OOM_LEAST);
}

static void tells_killable(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	text_printf(to, "the policy allows %lld and more, so that the kernel does not kill the host's own first",
		(long long)param_int(f, r, "min", OOM_LEAST));
}

const struct predicate be_killable = {
	.says = "leave the container to the out-of-memory killer",
	.judges = DOC_INT,
	.holds = holds_killable,
	.tells = tells_killable,
};

/* The most that the policy gives for the entry's type; NULL when it says nothing. */
static const struct doc *rlimit_most(const struct rule *r, const struct facts *f, const struct doc *entry)
{
	const struct doc *all = around_param(f, r, "max");
	const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL;
	while (m && !bytes_equal(m->key, around_string(entry, "type")))
		m = m->next;
	return m && m->type == DOC_INT ? m : NULL;
}

static bool holds_rlimit(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *most = rlimit_most(r, f, d), *hard = doc_get(d, "hard");
	if (!most || !hard || hard->type != DOC_INT || hard->integer.magnitude <= most->integer.magnitude)
		return true;
	*ret_at = hard;
	return false;
}

static void tells_rlimit(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	const struct doc *most = rlimit_most(r, f, at->parent);
	if (most)
		text_printf(to, "for that limit the policy allows %llu", (unsigned long long)most->integer.magnitude);
}

const struct predicate be_a_low_rlimit = {
	.says = "not exceed what the policy allows",
	.judges = DOC_OBJECT,
	.holds = holds_rlimit,
	.tells = tells_rlimit,
};

static bool is_top(struct bytes path)
{
	size_t at = 0;
	struct bytes part;
	return path.len > 0 && !path_part(path, &at, &part);
}

static bool holds_cgroup(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	const struct bytes path = d->string;
	if (path.len == 0)
		return true;
	return !path_climbs(path) && !is_top(path) &&
		(!param_set(f, r, "allow") || param_matches(f, r, "allow", NULL, path));
}

static void tells_cgroup(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	if (path_climbs(at->string))
		text_add(to, "with .. it leads out of where the engine keeps its containers");
	else if (is_top(at->string))
		text_add(to, "at the top it shares the limits of the whole host");
	else
		tells_allowed(r, at, f, to);
}

const struct predicate lie_in_an_allowed_cgroup = {
	.says = "lie in a control group that the policy allows",
	.judges = DOC_STRING,
	.holds = holds_cgroup,
	.tells = tells_cgroup,
};
