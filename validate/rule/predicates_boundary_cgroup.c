/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the container may use up, as it was asked for and as its cgroup has it. The kernel rounds memory down to pages.
 * What stands there for an answer is by the document's names (validate/host/boundary.h); where cgroup v2 keeps another
 * number, it is the ranges of those that come to it.
 */
#include "validate/rule/cgroup_limits.h"
#include "validate/rule/cpuset.h"
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

#define R "linux.resources."
#define PAGES_MOST 131072 /* memory and swap are rounded each, to pages of 64 KiB at most */

/* What the cgroup has for a value's place, "memory.limit"; of an entry of hugepageLimits for its size of pages. */
static const struct doc *limit_seen(const struct facts *f, const struct doc *d)
{
	char place[128];
	struct text to = text_over(place, sizeof(place));
	known_place(f, d, &to);
	if (d->type == DOC_OBJECT) {
		to = text_over(place, sizeof(place));
		text_add(&to, R "hugepageLimits.");
		text_bytes(&to, around_string(d, "pageSize"));
	}
	if (to.cut || strncmp(place, R, strlen(R)) != 0)
		return NULL;
	return doc_get(seen(f, "cgroup.limits"), place + strlen(R));
}

/* The number that is asked for; NULL when it is none, or no limit. */
static const struct doc *amount_asked(const struct doc *d)
{
	const struct doc *n = d->type == DOC_OBJECT ? doc_get(d, "limit") : d;
	return n && n->type == DOC_INT && !around_unset(n) && !n->integer.negative ? n : NULL;
}

/* A hundredth of the time, which systemd rounds, too. */
static uint64_t slack(const struct doc *d, const struct doc *asked)
{
	if (bytes_is(d->key, "quota"))
		return asked->integer.magnitude / 100;
	static const char *const in_pages[] = { "limit", "swap", "reservation", "kernelTCP", NULL };
	const bool memory = d->parent && bytes_is(d->parent->key, "memory") && word_among(d->key, in_pages);
	return memory || d->type == DOC_OBJECT ? PAGES_MOST : 0;
}

/* -1, 0, 1: the cgroup has less, has as much, or has more than was asked for, or it is not known. */
static int amount_order(const struct facts *f, const struct doc *d, const struct doc **ret_asked)
{
	const struct doc *asked = amount_asked(d), *is = asked ? limit_seen(f, d) : NULL;
	*ret_asked = asked;
	if (!is || is->type != DOC_INT)
		return 0;
	const int order = seen_order(is, asked);
	if (order == 0 || is->integer.negative)
		return order;
	const uint64_t x = asked->integer.magnitude, y = is->integer.magnitude;
	return (x > y ? x - y : y - x) <= slack(d, asked) ? 0 : order;
}

static void tells_amount(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *d = bytes_is(at->key, "limit") && bytes_is(at->parent->parent->key, "hugepageLimits")
		? at->parent
		: at;
	const struct doc *is = limit_seen(f, d);
	text_add(to, "its cgroup has ");
	if (is && is->type == DOC_INT)
		say_amount(is, to);
	else
		text_add(to, "another value");
}

static bool holds_kept(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *asked;
	if (amount_order(f, d, &asked) <= 0)
		return true;
	*ret_at = asked;
	return false;
}

const struct predicate be_kept_to = {
	.says = "be the most that the container may have",
	.judges = DOC_INT | DOC_OBJECT,
	.holds = holds_kept,
	.tells = tells_amount,
};

static bool holds_granted(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *asked;
	if (amount_order(f, d, &asked) >= 0)
		return true;
	*ret_at = asked;
	return false;
}

const struct predicate be_granted = {
	.says = "be what the container may have, and no less",
	.judges = DOC_INT | DOC_OBJECT,
	.holds = holds_granted,
	.tells = tells_amount,
};

static bool in_range(const struct doc *range, const struct doc *asked)
{
	const struct doc *first = range->type == DOC_ARRAY ? range->first : NULL, *last = first ? first->next : NULL;
	return last && first->type == DOC_INT && last->type == DOC_INT && seen_order(first, asked) <= 0 &&
		seen_order(asked, last) <= 0;
}

static bool holds_share(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *is = around_unset(d) || (d->type == DOC_INT && d->integer.negative) ? NULL : limit_seen(f, d);
	if (!is)
		return true;
	if (d->type == DOC_BOOL)
		return is->type != DOC_BOOL || is->boolean;
	if (is->type == DOC_INT)
		return seen_order(is, d) == 0 || amount_order(f, d, &d) == 0;
	for (const struct doc *range = is->type == DOC_ARRAY ? is->first : NULL; range; range = range->next)
		if (in_range(range, d))
			return true;
	return is->type != DOC_ARRAY || is->count == 0;
}

/* Of ranges the first is said. */
static void tells_share(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	const struct doc *is = limit_seen(f, at);
	const struct doc *first = is && is->type == DOC_ARRAY && is->first ? is->first->first : NULL;
	if (!first || !first->next) {
		tells_amount(r, at, f, to);
		return;
	}
	text_add(to, "its cgroup has what comes of ");
	say_amount(first, to);
	if (seen_order(first, first->next) != 0) {
		text_add(to, " to ");
		say_amount(first->next, to);
	}
}

const struct predicate be_the_share = {
	.says = "be what the container's cgroup has",
	.judges = DOC_INT | DOC_BOOL,
	.holds = holds_share,
	.tells = tells_share,
};

/* The cgroup's own list; where it has none, or is not seen, that of the process. */
static struct bytes places(const struct facts *f, const struct doc *d)
{
	const struct doc *is = limit_seen(f, d);
	if (is && is->type == DOC_STRING && is->string.len > 0)
		return is->string;
	return seen_string(f, bytes_is(d->key, "cpus") ? "process.cpus" : "process.mems");
}

static void tells_places(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	text_add(to, "it has ");
	say_bytes(places(f, at), to);
}

static bool holds_its_places(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || cpuset_has(d->string, places(f, d));
}

const struct predicate be_its_places = {
	.says = "cover all that the container may use",
	.judges = DOC_STRING,
	.holds = holds_its_places,
	.tells = tells_places,
};

/* A program may do with less. */
static bool holds_all_places(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !seen_created(f) || cpuset_has(places(f, d), d->string);
}

const struct predicate have_its_places = {
	.says = "be in full what the container may use",
	.judges = DOC_STRING,
	.holds = holds_all_places,
	.tells = tells_places,
};
