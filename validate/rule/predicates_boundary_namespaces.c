/* SPDX-License-Identifier: Apache-2.0 */
/* The namespaces that a container is in, and what was set in them. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

static const struct doc *namespace_seen(const struct facts *f, const struct doc *entry)
{
	const struct doc *all = seen(f, "namespaces");
	const struct bytes type = around_string(entry, "type");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, type))
			return m;
	return NULL;
}

/* Its inode is what /proc/PID/ns shows. */
static void say_namespace(const struct doc *is, const char *whose, struct text *to)
{
	const int64_t inode = around_int(is, "inode", 0);
	text_add(to, "the container is in ");
	text_add(to, whose);
	if (inode > 0)
		text_printf(to, " (%lld)", (long long)inode);
}

/* New ones that are the runtime's own have been forgotten, whoever's those are. */
static bool holds_new(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *is = namespace_seen(f, d);
	return !around_unset(doc_get(d, "path")) ||
		(known_true(doc_get(is, "hosts")) != YES && known_true(doc_get(is, "ours")) != YES);
}

static void tells_new(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *is = namespace_seen(f, at);
	const bool hosts = known_true(doc_get(is, "hosts")) == YES;
	say_namespace(is, hosts ? "the host's own" : "that of its runtime", to);
}

const struct predicate be_new = {
	.says = "be a namespace of the container's own",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_new,
	.tells = tells_new,
};

static bool holds_joined(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *path = doc_get(d, "path");
	if (around_unset(path) || known_true(doc_get(namespace_seen(f, d), "asked")) != NO)
		return true;
	*ret_at = path;
	return false;
}

static void tells_joined(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *is = namespace_seen(f, at->parent);
	const bool hosts = known_true(doc_get(is, "hosts")) == YES;
	say_namespace(is, hosts ? "the host's own" : "another one", to);
}

const struct predicate be_the_one_joined = {
	.says = "be the namespace that the container is in",
	.judges = DOC_OBJECT,
	.holds = holds_joined,
	.tells = tells_joined,
};

/* One that is not listed is the runtime's own. */
static const struct doc *first_apart(const struct facts *f, const struct doc *list)
{
	const struct doc *all = seen(f, "namespaces");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next) {
		const struct doc *e = list->first;
		while (e && !bytes_equal(around_string(e, "type"), m->key))
			e = e->next;
		if (!e && known_true(doc_get(m, "ours")) == NO && known_true(doc_get(m, "hosts")) == NO)
			return m;
	}
	return NULL;
}

static bool holds_listed(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !first_apart(f, d);
}

static void tells_listed(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *is = first_apart(f, at);
	text_add(to, "it has one more, of type ");
	if (is)
		say_bytes(is->key, to);
}

const struct predicate list_all_apart = {
	.says = "list every namespace that the container has for itself",
	.judges = DOC_ARRAY,
	.of_keys = true,
	.holds = holds_listed,
	.tells = tells_listed,
};

/* Who administers its own UTS namespace may rename it. */
static bool holds_name(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	const struct doc *is = seen(f, r->text);
	return d->string.len == 0 || !is || is->type != DOC_STRING || bytes_equal(d->string, is->string) ||
		seen_own_doing(f, "CAP_SYS_ADMIN");
}

static void tells_name(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	const struct bytes is = seen_string(f, r->text);
	text_add(to, is.len > 0 ? "inside it is " : "inside there is none");
	say_bytes(is, to);
}

const struct predicate be_its_name = {
	.says = "be the {} inside the container",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_name,
	.tells = tells_name,
};

/* The next word of a sysctl's value, which the kernel separates by tabs. */
static bool next_word(struct bytes b, size_t *at, struct bytes *ret)
{
	while (*at < b.len && strchr(" \t\n", b.data[*at]))
		++*at;
	const size_t start = *at;
	while (*at < b.len && !strchr(" \t\n", b.data[*at]))
		++*at;
	*ret = (struct bytes){ b.data + start, *at - start };
	return ret->len > 0;
}

static bool same_words(struct bytes a, struct bytes b)
{
	size_t i = 0, j = 0;
	struct bytes x, y;
	for (;;) {
		const bool more = next_word(a, &i, &x), other = next_word(b, &j, &y);
		if (!more || !other)
			return more == other;
		if (!bytes_equal(x, y))
			return false;
	}
}

/* Ids are told as who reads them has them, and not as the container does. */
static bool tells_ids(const struct facts *f, struct bytes key)
{
	static const char *const keys[] = { "net.ipv4.ping_group_range", "net/ipv4/ping_group_range", NULL };
	return word_among(key, keys) && (!f->root || around_namespace(f->root, "user"));
}

static bool holds_sysctl(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *all = seen(f, "sysctl");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (m->type == DOC_STRING && bytes_equal(m->key, d->key) && !tells_ids(f, d->key))
			return same_words(m->string, d->string) || seen_own_doing(f, "CAP_SYS_ADMIN");
	return true;
}

static void tells_sysctl(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "it has another value there");
}

const struct predicate be_set_inside = {
	.says = "be set inside the container",
	.judges = DOC_STRING,
	.holds = holds_sysctl,
	.tells = tells_sysctl,
};

static const struct doc *clock_seen(const struct facts *f, const struct doc *d)
{
	const struct doc *all = seen(f, "timeOffsets");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, d->key))
			return m;
	return NULL;
}

static bool holds_clock(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *is = clock_seen(f, d);
	return !is ||
		(around_int(is, "secs", 0) == around_int(d, "secs", 0) &&
			around_int(is, "nanosecs", 0) == around_int(d, "nanosecs", 0));
}

static void tells_clock(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *is = clock_seen(f, at);
	text_printf(to, "its clock is set off by %lld s and %lld ns", (long long)around_int(is, "secs", 0),
		(long long)around_int(is, "nanosecs", 0));
}

const struct predicate be_its_clock = {
	.says = "be the offset of the container's clock",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_clock,
	.tells = tells_clock,
};

/* The name that it has inside: its own, unless another is given; "%d" stands for a number that the kernel chooses. */
static bool holds_moved(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct bytes given = around_string(d, "name"), name = given.len > 0 ? given : d->key;
	return (name.len > 0 && memchr(name.data, '%', name.len)) || known_entry(seen(f, "interfaces"), name) != NO;
}

static void tells_moved(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "there are ");
	say_list(seen(f, "interfaces"), to);
}

const struct predicate be_moved_in = {
	.says = "be a network device of the container",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_moved,
	.tells = tells_moved,
};
