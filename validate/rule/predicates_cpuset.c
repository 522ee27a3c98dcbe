/* SPDX-License-Identifier: Apache-2.0 */
/* The words for CPUs and memory nodes: lists such as 0-3,7, in the document as in the kernel's files. */
#include "validate/rule/cgroup_limits.h"
#include "validate/rule/cpuset.h"
#include "validate/rule/known.h"
#include "validate/rule/predicates_cgroup.h"

struct span {
	uint64_t first, last;
};

static bool number(struct bytes b, size_t *at, uint64_t *ret)
{
	const size_t start = *at;
	*ret = 0;
	for (; *at < b.len && b.data[*at] >= '0' && b.data[*at] <= '9' && *at - start < 9; ++*at)
		*ret = *ret * 10 + (uint64_t)(b.data[*at] - '0');
	return *at > start;
}

/* The next span from *at on; false at the end, and where the list is none (*ret_bad). */
static bool next_span(struct bytes b, size_t *at, struct span *ret, bool *ret_bad)
{
	while (*at < b.len && (b.data[*at] == ',' || b.data[*at] == ' ' || b.data[*at] == '\n'))
		++*at;
	if (*at >= b.len)
		return false;
	*ret_bad = !number(b, at, &ret->first);
	ret->last = ret->first;
	if (!*ret_bad && *at < b.len && b.data[*at] == '-') {
		++*at;
		*ret_bad = !number(b, at, &ret->last) || ret->last < ret->first;
	}
	*ret_bad |= *at < b.len && !strchr(", \n", b.data[*at]);
	return !*ret_bad;
}

/* Whether a list has all, or any, of a span. The kernel's lists ascend. */
static bool has_span(struct bytes list, struct span s, bool any)
{
	struct span have;
	bool bad = false;
	for (size_t at = 0; next_span(list, &at, &have, &bad);) {
		if (any && have.first <= s.last && s.first <= have.last)
			return true;
		if (have.first <= s.first && s.first <= have.last)
			s.first = have.last + 1;
		if (!any && s.first > s.last)
			return true;
	}
	return false;
}

/* Whether `have` has all of `wanted`, or with `any` some of it. An ill-formed list is not known to lack anything. */
static bool has_list(struct bytes have, struct bytes wanted, bool any)
{
	struct span s;
	bool bad = false, found = false, all = true;
	for (size_t at = 0; next_span(wanted, &at, &s, &bad);) {
		const bool has = has_span(have, s, any);
		found |= has;
		all &= has;
	}
	return bad || have.len == 0 || (any ? found : all);
}

bool cpuset_has(struct bytes have, struct bytes wanted)
{
	return has_list(have, wanted, false);
}

bool cpuset_meets(struct bytes a, struct bytes b)
{
	struct span s;
	bool bad = false;
	for (size_t at = 0; next_span(b, &at, &s, &bad);)
		if (has_span(a, s, true))
			return true;
	return false;
}

uint64_t cpuset_count(struct bytes list)
{
	struct span s;
	bool bad = false;
	uint64_t count = 0;
	for (size_t at = 0; next_span(list, &at, &s, &bad);)
		count += s.last - s.first + 1;
	return bad ? 0 : count;
}

static struct bytes host_list(const struct facts *f, const char *path)
{
	const struct doc *d = around_host(f, path);
	return d && d->type == DOC_STRING ? d->string : (struct bytes){ 0 };
}

/*
 * On cgroup v1 a list has to lie within the parent's. On v2 anything is taken that the machine could ever have, and
 * what the parent does not give is left out; when that is all of it, the list is ignored.
 */
static struct bytes parent_list(const struct rule *r, const struct facts *f)
{
	const struct bytes parent = host_list(f, r->words[0]);
	return parent.len > 0 ? parent : host_list(f, r->words[1]);
}

static bool holds_in_parent(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	const struct bytes ever = host_list(f, r->words[2]), parent = parent_list(r, f);
	switch (limit_mode(f)) {
	case CGROUP_V1:
	case CGROUP_HYBRID:
		return has_list(parent, d->string, false);
	case CGROUP_V2:
		return has_list(ever, d->string, false) && (d->string.len == 0 || has_list(parent, d->string, true));
	case CGROUP_UNKNOWN:
		break;
	}
	return true;
}

static void tells_parent(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	const struct bytes parent = parent_list(r, f), ever = host_list(f, r->words[2]);
	const bool v2 = limit_mode(f) == CGROUP_V2;
	say_mode(f, to);
	if (parent.len > 0) {
		text_add(to, ", whose cgroups may have ");
		say_bytes(parent, to);
	}
	if (v2 && ever.len > 0) {
		text_add(to, parent.len > 0 ? ", of " : ", and has ");
		say_bytes(ever, to);
	}
}

const struct predicate be_in_the_parent = {
	.says = "name what containers may have here",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_in_parent,
	.tells = tells_parent,
};

static bool holds_nodes(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 ||
		(has_list(host_list(f, "nodes.memory"), d->string, true) &&
			has_list(host_list(f, "self.memsAllowed"), d->string, true));
}

static void tells_nodes(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct bytes memory = host_list(f, "nodes.memory"), allowed = host_list(f, "self.memsAllowed");
	text_add(to, "on this host ");
	say_bytes(memory.len > 0 ? memory : allowed, to);
	text_add(to, memory.len > 0 ? " has memory" : " is allowed");
	if (memory.len > 0 && allowed.len > 0) {
		text_add(to, ", and ");
		say_bytes(allowed, to);
		text_add(to, " is allowed");
	}
}

const struct predicate meet_nodes = {
	.says = "have a node with memory that containers may use",
	.judges = DOC_STRING,
	.holds = holds_nodes,
	.tells = tells_nodes,
};

/* Which kernel brought what of set_mempolicy(2) came late. */
static const struct {
	const char *word;
	unsigned major, minor;
} late[] = {
	{ "MPOL_LOCAL", 3, 8 },
	{ "MPOL_F_NUMA_BALANCING", 5, 12 },
	{ "MPOL_PREFERRED_MANY", 5, 15 },
	{ "MPOL_WEIGHTED_INTERLEAVE", 6, 9 },
};

static bool is_too_new(struct bytes word, const struct facts *f)
{
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
		if (bytes_is(word, late[i].word))
			return known_older_kernel(f, late[i].major, late[i].minor) == YES;
	return false;
}

static bool holds_kernel(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || (known_true(around_host(f, "nodes.numa")) != NO && !is_too_new(d->string, f));
}

static void tells_kernel(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	if (!is_too_new(at->string, f)) {
		text_add(to, "the kernel of this host has no memory policies (it is built without NUMA)");
		return;
	}
	text_add(to, "this host has Linux ");
	say_bytes(around_string(around_host(f, "kernel"), "release"), to);
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
		if (bytes_is(at->string, late[i].word))
			text_printf(to, ", and that came with %u.%u", late[i].major, late[i].minor);
}

const struct predicate be_of_this_kernel = {
	.says = "be something that the host's kernel can do",
	.judges = DOC_STRING,
	.holds = holds_kernel,
	.tells = tells_kernel,
};
