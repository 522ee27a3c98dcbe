/* SPDX-License-Identifier: Apache-2.0 */
/* Where in the tree of cgroups the container is, and what files there were told one by one. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

#define PAGES_MOST 65536

/* The part of b up to a character, which is left behind; all of it when there is none. */
static struct bytes cut(struct bytes *b, char at)
{
	const char *end = b->len ? memchr(b->data, at, b->len) : NULL;
	const struct bytes part = { b->data, end ? (size_t)(end - b->data) : b->len };
	const size_t used = part.len + (end ? 1 : 0);
	*b = (struct bytes){ b->data + used, b->len - used };
	return part;
}

/* Whether a component of the path is one of the unit that systemd has for slice:prefix:name. */
static bool has_unit(struct bytes path, struct bytes prefix, struct bytes name)
{
	char unit[256];
	struct bytes part;
	struct text to = text_over(unit, sizeof(unit));
	text_bytes(&to, prefix);
	text_add(&to, prefix.len > 0 ? "-" : "");
	text_bytes(&to, name);
	text_add(&to, ".scope");
	for (size_t at = 0; path_part(path, &at, &part);)
		if (bytes_is(part, unit) || bytes_equal(part, name))
			return true;
	return to.cut;
}

/* Whether one path stands somewhere within another, by components. */
static bool within(struct bytes path, struct bytes asked)
{
	for (size_t at = 0; at < path.len; at++)
		if ((at == 0 || path.data[at] == '/') &&
			path_covers(asked, (struct bytes){ path.data + at, path.len - at }))
			return true;
	return false;
}

/* In a cgroup of their own, below it, programs may put themselves; and above it may stand the caller's. */
static bool holds_cgroup(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct bytes is = seen_string(f, "cgroup.path");
	struct bytes rest = d->string;
	if (is.len == 0 || rest.len == 0)
		return true;
	const struct bytes first = cut(&rest, ':');
	if (first.len == d->string.len)
		return within(is, d->string);
	const struct bytes prefix = cut(&rest, ':');
	return has_unit(is, prefix, rest);
}

static void tells_cgroup(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct bytes is = seen_string(f, "cgroup.path");
	text_add(to, "it is in ");
	text_shown(to, is, 160);
}

const struct predicate be_its_cgroup = {
	.says = "be where the container is",
	.judges = DOC_STRING,
	.holds = holds_cgroup,
	.tells = tells_cgroup,
};

/* The entry of what was seen for a device, "8:0", with *ret_all whether anything was. */
static const struct doc *device_seen(const struct facts *f, const struct doc *d, bool *ret_all)
{
	char name[64], key[64];
	struct text to = text_over(name, sizeof(name)), device = text_over(key, sizeof(key));
	text_add(&to, "blockIO.");
	text_bytes(&to, d->parent->key);
	const struct doc *all = doc_get(seen(f, "cgroup.limits"), name);
	text_printf(&device, "%lld:%lld", (long long)around_int(d, "major", 0), (long long)around_int(d, "minor", 0));
	*ret_all = all && all->type == DOC_OBJECT;
	return doc_get(all, key);
}

static const struct doc *rate_of(const struct doc *d)
{
	const struct doc *rate = doc_get(d, "rate");
	return rate ? rate : doc_get(d, "weight");
}

static bool holds_throttled(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	bool all;
	const struct doc *asked = rate_of(d), *is = device_seen(f, d, &all);
	if (around_unset(asked) || asked->type != DOC_INT || !all || (is && is->type != DOC_INT))
		return true;
	if (is && seen_order(is, asked) == 0)
		return true;
	*ret_at = asked;
	return false;
}

static void tells_throttled(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	bool all;
	const struct doc *is = device_seen(f, at->parent, &all);
	text_add(to, "its cgroup has ");
	if (is)
		say_amount(is, to);
	else
		text_add(to, "nothing for that device");
}

const struct predicate be_throttled_so = {
	.says = "be what the container's cgroup has for the device",
	.judges = DOC_OBJECT,
	.holds = holds_throttled,
	.tells = tells_throttled,
};

/* A number with the kernel's suffixes; false for what is none. */
static bool number(struct bytes b, uint64_t *ret)
{
	static const char suffixes[] = "kmgtpe";
	size_t i = 0;
	*ret = 0;
	for (; i < b.len && i < 18 && b.data[i] >= '0' && b.data[i] <= '9'; i++)
		*ret = *ret * 10 + (uint64_t)(b.data[i] - '0');
	const char *suffix = i > 0 && i + 1 == b.len ? strchr(suffixes, b.data[i] | 0x20) : NULL;
	if (suffix)
		*ret <<= 10 * (unsigned)(suffix - suffixes + 1);
	return i > 0 && i + (suffix ? 1 : 0) == b.len;
}

static bool same_word(struct bytes asked, struct bytes is)
{
	uint64_t x, y;
	if (bytes_equal(asked, is))
		return true;
	return number(asked, &x) && number(is, &y) && x >= y && x - y < PAGES_MOST;
}

/* What is one line, and no list that the kernel writes in another way, is as it was written; more may stand behind. */
static bool same_text(struct bytes asked, struct bytes is)
{
	while (is.len > 0 && is.data[is.len - 1] == '\n')
		is.len--;
	while (asked.len > 0 && asked.data[asked.len - 1] == '\n')
		asked.len--;
	if (asked.len == 0 || is.len == 0 || memchr(is.data, '\n', is.len) || memchr(is.data, '=', is.len))
		return true;
	while (asked.len > 0)
		if (!same_word(cut(&asked, ' '), cut(&is, ' ')))
			return false;
	return true;
}

static const struct doc *file_seen(const struct facts *f, const struct doc *d)
{
	const struct doc *all = doc_get(seen(f, "cgroup.limits"), "unified");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, d->key))
			return m->type == DOC_STRING ? m : NULL;
	return NULL;
}

static bool holds_file(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *is = file_seen(f, d);
	return !is || bytes_start(d->key, "cpuset.") || same_text(d->string, is->string);
}

static void tells_file(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *is = file_seen(f, at);
	text_add(to, "it has ");
	if (is)
		say_bytes(is->string, to);
}

const struct predicate be_in_the_file = {
	.says = "be in that file of the container's cgroup",
	.judges = DOC_STRING,
	.holds = holds_file,
	.tells = tells_file,
};
