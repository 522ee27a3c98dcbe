/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When and where the container's process may run. Older runtimes leave these out without a word [tried: runc 1.1.5 and
 * crun 1.8.1 know none of scheduler, ioPriority and memoryPolicy], so they are looked for in a running container as
 * well, though a program may set them itself.
 */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

static bool same_number(const struct doc *a, const struct doc *b)
{
	return a->integer.magnitude == b->integer.magnitude && a->integer.negative == b->integer.negative;
}

/* Whether what is seen of the member is known to be another one. */
static bool differs(const struct doc *asked, const struct doc *is)
{
	if (around_unset(asked) || !is || asked->type != is->type)
		return false;
	return asked->type == DOC_INT ? !same_number(asked, is) : !bytes_equal(asked->string, is->string);
}

/* The first member (closed by NULL) of the object that is known to be another one than was asked for. */
static const struct doc *first_other(const struct doc *d, const struct doc *is, const char *const *names)
{
	for (; is && is->type == DOC_OBJECT && *names; names++) {
		const struct doc *asked = doc_get(d, *names), *had = doc_get(is, *names);
		if (differs(asked, had))
			return asked;
	}
	return NULL;
}

/* What was seen in the place of a member, or of a part of the object without it. */
static void say_member(const struct doc *is, const struct doc *at, struct text *to)
{
	char name[32];
	struct text key = text_over(name, sizeof(name));
	text_bytes(&key, at->key);
	const struct doc *had = doc_get(is, name);
	text_add(to, "its process has ");
	if (had && had->type == DOC_STRING)
		say_bytes(had->string, to);
	else if (had && had->type == DOC_INT)
		text_printf(to, "%s%llu", had->integer.negative ? "-" : "", (unsigned long long)had->integer.magnitude);
}

static bool holds_so(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	static const char *const names[] = { "policy", "nice", "priority", "runtime", "deadline", "period", NULL };
	(void)r;
	const struct doc *other = first_other(d, seen(f, "process.scheduler"), names);
	if (other)
		*ret_at = other;
	return !other;
}

static void tells_so(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	say_member(seen(f, "process.scheduler"), at, to);
}

const struct predicate be_scheduled_so = {
	.says = "hold for the container's process",
	.judges = DOC_OBJECT,
	.holds = holds_so,
	.tells = tells_so,
};

static bool holds_io(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	static const char *const names[] = { "class", "priority", NULL };
	(void)r;
	const struct doc *other = first_other(d, seen(f, "process.ioPriority"), names);
	if (other)
		*ret_at = other;
	return !other;
}

static void tells_io(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	say_member(seen(f, "process.ioPriority"), at, to);
}

const struct predicate have_that_io = {
	.says = "hold for the container's process",
	.judges = DOC_OBJECT,
	.holds = holds_io,
	.tells = tells_io,
};

static bool holds_domain(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *is = seen(f, "process.personality");
	return d->string.len == 0 || !is || is->type != DOC_STRING || bytes_equal(d->string, is->string);
}

static void tells_domain(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct bytes is = seen_string(f, "process.personality");
	text_add(to, "its process has ");
	if (is.len > 0)
		say_bytes(is, to);
	else
		text_add(to, "another one");
}

const struct predicate be_its_domain = {
	.says = "be the execution domain of the container's process",
	.judges = DOC_STRING,
	.holds = holds_domain,
	.tells = tells_domain,
};

/* As numa_maps writes them, before the nodes. */
static const struct {
	const char *mode, *written;
} policies[] = {
	{ "MPOL_DEFAULT", "default" },
	{ "MPOL_PREFERRED", "prefer" },
	{ "MPOL_BIND", "bind" },
	{ "MPOL_INTERLEAVE", "interleave" },
	{ "MPOL_LOCAL", "local" },
	{ "MPOL_PREFERRED_MANY", "prefer (many)" },
	{ "MPOL_WEIGHTED_INTERLEAVE", "weighted interleave" },
};

static bool holds_policy(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct bytes is = seen_string(f, "process.memoryPolicy");
	size_t len = 0;
	while (len < is.len && is.data[len] != ':' && is.data[len] != '=')
		len++;
	for (size_t i = 0; is.len > 0 && i < sizeof(policies) / sizeof(policies[0]); i++)
		if (bytes_is(d->string, policies[i].mode))
			return bytes_is((struct bytes){ is.data, len }, policies[i].written);
	return true;
}

static void tells_policy(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "its memory comes by the policy ");
	say_bytes(seen_string(f, "process.memoryPolicy"), to);
}

const struct predicate be_its_policy = {
	.says = "hold for the memory of the container's process",
	.judges = DOC_STRING,
	.holds = holds_policy,
	.tells = tells_policy,
};
