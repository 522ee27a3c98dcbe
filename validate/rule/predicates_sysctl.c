/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for linux.sysctl and linux.resources.unified: maps whose keys are files, and so decide what is written
 * where.
 *
 * A sysctl has two spellings, net.ipv4.ip_forward and net/ipv4/ip_forward, in which dots and slashes change places:
 * its first separator decides which it is (sysctl.d(5)). It is compared in the dotted one.
 */
#include <stdlib.h>

#include "validate/base/scratch.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

static bool is_slashed(struct bytes key)
{
	for (size_t i = 0; i < key.len; i++)
		if (key.data[i] == '/' || key.data[i] == '.')
			return key.data[i] == '/';
	return false;
}

static char dotted(char c, bool slashed)
{
	if (slashed && c == '/')
		return '.';
	if (slashed && c == '.')
		return '/';
	return c;
}

/* Whether a key is that name, or starts with it where it ends in a dot. */
static bool is_named(struct bytes key, const char *name)
{
	const size_t len = strlen(name);
	const bool slashed = is_slashed(key), prefix = len > 0 && name[len - 1] == '.';
	if (prefix ? key.len <= len : key.len != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (dotted(key.data[i], slashed) != name[i])
			return false;
	return true;
}

static bool named_among(struct bytes key, const char *const *names)
{
	for (; *names; names++)
		if (is_named(key, *names))
			return true;
	return false;
}

static bool has_form(struct bytes key)
{
	const bool slashed = is_slashed(key);
	size_t part = 0, parts = 1;
	for (size_t i = 0; i < key.len; i++) {
		const char c = dotted(key.data[i], slashed);
		if (c == '.' && part == 0)
			return false;
		parts += c == '.';
		part = c == '.' ? 0 : part + 1;
		/* A slash within a part stands for a dot in a name: two of them would climb. */
		if (c == '/' && i + 1 < key.len && dotted(key.data[i + 1], slashed) == '/')
			return false;
	}
	return part > 0 && parts > 1;
}

static bool holds_sysctl_keys(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		if (!has_form(m->key)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate have_sysctl_keys = {
	.says = "be called as a sysctl is, such as net.ipv4.ip_forward, and not climb",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_sysctl_keys,
};

static bool holds_namespaced(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		if (has_form(m->key) && !named_among(m->key, r->words)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate be_namespaced = {
	.says = "be of a namespace and not of the whole host, that is one of {}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_namespaced,
};

static bool holds_namespace_for(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	if (!f->root || around_namespace(f->root, r->words[0]))
		return true;
	for (const struct doc *m = d->first; m; m = m->next)
		if (named_among(m->key, r->words + 1)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate need_namespace_for = {
	.says = "go with a {0} namespace in linux.namespaces, or it would change the host's",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_namespace_for,
};

static bool holds_said_by(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		if (named_among(m->key, r->words + 1)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate be_said_by = {
	.says = "be set by the property {0} instead",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_said_by,
};

static bool holds_agree(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct bytes said = around_string(f->root, r->words[0]);
	for (const struct doc *m = d->first; m && said.len > 0; m = m->next)
		if (named_among(m->key, r->words + 1) && m->type == DOC_STRING && !bytes_equal(m->string, said)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate agree_with = {
	.says = "agree with the property {0}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_agree,
};

static int by_dotted(const void *a, const void *b)
{
	const struct doc *const *x = a, *const *y = b;
	const struct bytes p = (*x)->key, q = (*y)->key;
	const bool slashed_p = is_slashed(p), slashed_q = is_slashed(q);
	for (size_t i = 0; i < p.len && i < q.len; i++) {
		const char c = dotted(p.data[i], slashed_p), e = dotted(q.data[i], slashed_q);
		if (c != e)
			return c < e ? -1 : 1;
	}
	if (p.len != q.len)
		return p.len < q.len ? -1 : 1;
	return 0;
}

static bool holds_one_spelling(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	uint32_t count = 0;
	if (d->count < 2)
		return true;
	struct scratch s;
	const struct doc **all = scratch(&s, d->count, sizeof(struct doc *));
	if (!all)
		return false;
	for (const struct doc *m = d->first; m; m = m->next)
		all[count++] = m;
	qsort(all, count, sizeof(struct doc *), by_dotted);
	const struct doc *found = NULL;
	for (uint32_t i = 1; i < count && !found; i++)
		if (by_dotted(&all[i - 1], &all[i]) == 0)
			found = all[i]->index > all[i - 1]->index ? all[i] : all[i - 1];
	scratch_end(&s);
	if (found)
		*ret_at = found;
	return !found;
}

const struct predicate have_one_spelling = {
	.says = "not name the file of another key: a.b and a/b are one, and either value may win",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_one_spelling,
};

/* --- unified --- */

static bool holds_controlled(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct bytes k = m->key;
		const char *dot = k.len ? memchr(k.data, '.', k.len) : NULL;
		const bool no_file = k.len == 0 || memchr(k.data, '/', k.len) || bytes_is(k, ".") || bytes_is(k, "..");
		if (no_file || (dot && dot > k.data && dot + 1 < k.data + k.len))
			continue;
		*ret_at = m;
		return false;
	}
	return true;
}

const struct predicate have_controllers = {
	.says = "be called CONTROLLER.PARAMETER, such as memory.high",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_controlled,
};

static bool holds_no_key(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		if (word_among(m->key, r->words)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate have_no_key_among = {
	.says = "not be written to: {} decide who is in a cgroup and how it is built, and limit nothing",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_no_key,
};

/* The files of cgroup v2 that other properties of linux.resources are written to. */
static const struct {
	const char *file, *property;
} written[] = {
	{ "memory.max", "memory.limit" },
	{ "memory.low", "memory.reservation" },
	{ "memory.swap.max", "memory.swap" },
	{ "cpu.weight", "cpu.shares" },
	{ "cpu.max", "cpu.quota" },
	{ "cpu.max", "cpu.period" },
	{ "cpu.max.burst", "cpu.burst" },
	{ "cpu.idle", "cpu.idle" },
	{ "cpuset.cpus", "cpu.cpus" },
	{ "cpuset.mems", "cpu.mems" },
	{ "pids.max", "pids.limit" },
	{ "io.weight", "blockIO.weight" },
	{ "io.bfq.weight", "blockIO.weight" },
	{ "io.max", "blockIO.throttleReadBpsDevice" },
	{ "io.max", "blockIO.throttleWriteBpsDevice" },
	{ "io.max", "blockIO.throttleReadIOPSDevice" },
	{ "io.max", "blockIO.throttleWriteIOPSDevice" },
	{ "rdma.max", "rdma" },
};

static bool holds_said_once(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
			if (bytes_is(m->key, written[i].file) &&
				!around_unset(doc_find(d->parent, written[i].property))) {
				*ret_at = m;
				return false;
			}
	return true;
}

const struct predicate be_said_once = {
	.says = "not be set by another property of linux.resources, too, which it overrides",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_said_once,
};
