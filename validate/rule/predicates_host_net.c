/* SPDX-License-Identifier: Apache-2.0 */
/* Network devices that are moved into the container. */
#include "validate/rule/predicates_host.h"
#include "validate/rule/standing.h"

static const struct doc *interface(const struct facts *f, struct bytes name)
{
	const struct doc *all = around_host(f, "interfaces");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, name))
			return m;
	return NULL;
}

static bool holds_there(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *all = around_host(f, "interfaces");
	if (!all || all->type != DOC_OBJECT)
		return true;
	for (const struct doc *m = d->first; m; m = m->next)
		if (!interface(f, m->key)) {
			*ret_at = m;
			return false;
		}
	return true;
}

static void tells_there(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host has ");
	say_list(around_host(f, "interfaces"), to);
}

const struct predicate be_there_to_move = {
	.says = "name network interfaces that are there",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_there,
	.tells = tells_there,
};

static bool fixed(const struct doc *known)
{
	return known_true(doc_get(known, "loopback")) == YES || known_true(doc_get(known, "immutable")) == YES;
}

static bool holds_movable(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	for (const struct doc *m = d->first; m; m = m->next)
		if (fixed(interface(f, m->key))) {
			*ret_at = m;
			return false;
		}
	return true;
}

static void tells_movable(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	text_add(to,
		known_true(doc_get(interface(f, at->key), "loopback")) == YES
			? "it is this host's loopback"
			: "this host's kernel keeps it in its network namespace");
}

const struct predicate be_movable = {
	.says = "name network interfaces that can be moved",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_movable,
	.tells = tells_movable,
};

/* The container joins the very namespace that the runtime is in: only of that one the interfaces are known. */
static bool joins_ours(const struct facts *f)
{
	const struct doc *entry = f->root ? around_namespace(f->root, "network") : NULL;
	const struct doc *place = entry ? around_place(f, entry) : NULL;
	const struct doc *own = around_host(f, "self.namespaces.network");
	const int64_t inode = around_int(place, "inode", -1);
	const struct bytes device = around_string(place, "device"), other = around_string(own, "device");
	return entry && inode >= 0 && inode == around_int(own, "inode", -2) &&
		(device.len == 0 || other.len == 0 || bytes_equal(device, other));
}

static bool holds_free(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	if (!joins_ours(f))
		return true;
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct bytes name = around_string(m, "name");
		if (name.len == 0 || memchr(name.data, '%', name.len) || bytes_equal(name, m->key) ||
			!interface(f, name))
			continue;
		*ret_at = doc_get(m, "name");
		return false;
	}
	return true;
}

static void tells_free(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "this host has an interface of that name in the network namespace that is joined");
}

const struct predicate find_its_name_free = {
	.says = "find its new name free in the network namespace that is joined",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_free,
	.tells = tells_free,
};

static bool holds_by_root(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->count == 0 || standing_euid(f, 0) == 0;
}

static void tells_by_root(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_standing(f, NULL, to);
}

const struct predicate be_moved_by_root = {
	.says = "be left to a runtime with privileges",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_by_root,
	.tells = tells_by_root,
};
