/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for the container's process, and what it is held to. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

/* Nothing takes it away again: so it is told of a container that runs, too. */
static bool holds_denied(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !d->boolean || known_true(seen(f, "process.noNewPrivileges")) != NO;
}

static void tells_denied(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "no_new_privs is 0 there, and set-user-ID programs give privileges");
}

const struct predicate be_denied_privileges = {
	.says = "hold for the container's process",
	.judges = DOC_BOOL,
	.holds = holds_denied,
	.tells = tells_denied,
};

static bool holds_filtered(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return around_unset(d) || !bytes_is(seen_string(f, "process.seccomp"), "disabled");
}

static void tells_filtered(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "no system call of its process is filtered");
}

const struct predicate be_filtered = {
	.says = "be in force for the container's process",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_filtered,
	.tells = tells_filtered,
};

static const struct doc *limit_seen(const struct facts *f, const struct doc *limit, const char *member)
{
	const struct doc *all = seen(f, "process.rlimits");
	const struct bytes type = around_string(limit, "type");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, type)) {
			const struct doc *d = doc_get(m, member);
			return d && d->type == DOC_INT ? d : NULL;
		}
	return NULL;
}

/* -1, 0, 1: what is seen of the member is less than, is, or is more than what is asked for, or is not known. */
static int limit_order(const struct facts *f, const struct doc *limit, const char *member)
{
	const struct doc *asked = doc_get(limit, member), *is = limit_seen(f, limit, member);
	return asked && asked->type == DOC_INT && is ? seen_order(is, asked) : 0;
}

/* A program may move its soft limit up to the hard one, which only privileges raise. */
static bool holds_bound(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const char *worse = NULL;
	if (limit_order(f, d, "hard") > 0 && !seen_own_doing(f, "CAP_SYS_RESOURCE"))
		worse = "hard";
	else if (seen_created(f) && limit_order(f, d, "soft") > 0)
		worse = "soft";
	if (worse)
		*ret_at = doc_get(d, worse);
	return !worse;
}

static void tells_limit(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	char member[8];
	struct text name = text_over(member, sizeof(member));
	text_bytes(&name, at->key);
	const struct doc *is = limit_seen(f, at->parent, member);
	text_add(to, "its process has ");
	if (is)
		say_amount(is, to);
}

const struct predicate bound_the_process = {
	.says = "not be exceeded by what the container's process has",
	.judges = DOC_OBJECT,
	.holds = holds_bound,
	.tells = tells_limit,
};

static bool holds_had(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	if (!seen_created(f))
		return true;
	const char *less = limit_order(f, d, "hard") < 0 ? "hard" : limit_order(f, d, "soft") < 0 ? "soft" : NULL;
	if (less)
		*ret_at = doc_get(d, less);
	return !less;
}

const struct predicate be_had_in_full = {
	.says = "be had in full by the container's process",
	.judges = DOC_OBJECT,
	.holds = holds_had,
	.tells = tells_limit,
};

static const struct doc *score(const struct facts *f)
{
	const struct doc *d = seen(f, "process.oomScoreAdj");
	return d && d->type == DOC_INT ? d : NULL;
}

/* No limit is meant: -1 is a number here. */
static int score_order(const struct doc *is, const struct doc *asked)
{
	const int64_t x = is->integer.negative ? -(int64_t)is->integer.magnitude : (int64_t)is->integer.magnitude;
	const int64_t y = asked->integer.negative ? -(int64_t)asked->integer.magnitude
						  : (int64_t)asked->integer.magnitude;
	return (x > y) - (x < y);
}

static bool holds_undercut(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return around_unset(d) || !score(f) || score_order(score(f), d) >= 0 || seen_own_doing(f, "CAP_SYS_RESOURCE");
}

static void tells_score(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_printf(to, "its process has %lld", (long long)around_int(seen(f, "process"), "oomScoreAdj", 0));
}

const struct predicate not_be_undercut = {
	.says = "not be more than what the container's process has",
	.judges = DOC_INT,
	.holds = holds_undercut,
	.tells = tells_score,
};

/* Everybody may raise it. */
static bool holds_outdone(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return around_unset(d) || !seen_created(f) || !score(f) || score_order(score(f), d) <= 0;
}

const struct predicate not_be_outdone = {
	.says = "not be less than what the container's process has",
	.judges = DOC_INT,
	.holds = holds_outdone,
	.tells = tells_score,
};

/* "docker-default (enforce)": the kernel adds the mode. */
static struct bytes profile_of(struct bytes label)
{
	for (size_t i = 0; i + 1 < label.len; i++)
		if (label.data[i] == ' ' && label.data[i + 1] == '(')
			return (struct bytes){ label.data, i };
	return label;
}

/* A profile of another policy namespace, and several at once, are not taken apart; of one its children are part. */
static bool holds_profile(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct bytes is = profile_of(seen_string(f, "process.apparmor")), asked = d->string;
	if (asked.len == 0 || is.len == 0 || bytes_equal(is, asked) || memchr(is.data, '&', is.len) ||
		memchr(is.data, ':', is.len))
		return true;
	return is.len > asked.len + 2 && memcmp(is.data, asked.data, asked.len) == 0 &&
		memcmp(is.data + asked.len, "//", 2) == 0;
}

static void tells_profile(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "its process is confined by ");
	say_bytes(seen_string(f, "process.apparmor"), to);
}

const struct predicate be_the_profile = {
	.says = "confine the container's process",
	.judges = DOC_STRING,
	.holds = holds_profile,
	.tells = tells_profile,
};

static bool holds_label(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct bytes is = seen_string(f, "process.selinux");
	return d->string.len == 0 || is.len == 0 || bytes_equal(is, d->string);
}

static void tells_label(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "its process has ");
	say_bytes(seen_string(f, "process.selinux"), to);
}

const struct predicate be_the_label = {
	.says = "be the label of the container's process",
	.judges = DOC_STRING,
	.holds = holds_label,
	.tells = tells_label,
};
