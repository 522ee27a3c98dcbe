/* SPDX-License-Identifier: Apache-2.0 */
/* The words for sysctls and labels as the host has them. */
#include "validate/rule/known.h"
#include "validate/rule/predicates_cgroup.h"

/* The network namespace that the document joins by path is the one the delegate is in. */
static bool joins_own_network(const struct facts *f)
{
	const struct doc *joined = around_place(f, around_namespace(f->root, "network")),
			 *own = around_host(f, "self.namespaces.network");
	const struct doc *inode = doc_get(joined, "inode"), *other = doc_get(own, "inode");
	const struct bytes device = around_string(joined, "device");
	return inode && other && inode->type == DOC_INT && other->type == DOC_INT && device.len > 0 &&
		inode->integer.magnitude == other->integer.magnitude &&
		bytes_equal(device, around_string(own, "device"));
}

/* crun takes it, and writes to the host's own [tried: 1.8.1]. */
static bool holds_spared(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	if (!known_dialect(f, r->words))
		return true;
	for (const struct doc *m = d->first; m; m = m->next)
		if ((bytes_start(m->key, "net.") || bytes_start(m->key, "net/")) && joins_own_network(f)) {
			*ret_at = m;
			return false;
		}
	return true;
}

static void tells_spared(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "the network namespace that is joined is this host's own, and ");
	say_delegate(f, to);
	text_add(to, " writes nothing there");
}

const struct predicate spare_the_host = {
	.says = "not be a sysctl of the host's own network, which delegates ({}) refuse to write",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_spared,
	.tells = tells_spared,
};

static bool holds_exists(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || known_true(doc_get(around_place(f, d), "exists")) != NO;
}

static void tells_kernel(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct bytes release = around_string(around_host(f, "kernel"), "release");
	text_add(to, "the kernel of this host");
	if (release.len > 0) {
		text_add(to, " (");
		say_bytes(release, to);
		text_char(to, ')');
	}
	text_add(to,
		known_true(doc_get(around_place(f, at), "exists")) == NO ? " has none of that name in new namespaces"
									 : " lets nobody write it in new namespaces");
}

const struct predicate exist_inside = {
	.says = "be there in the container's namespaces",
	.judges = DOC_STRING,
	.of_keys = true,
	.holds = holds_exists,
	.tells = tells_kernel,
};

static bool holds_writable(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *place = around_place(f, d);
	return d->string.len == 0 || known_true(doc_get(place, "exists")) == NO ||
		known_true(doc_get(place, "writable")) != NO;
}

const struct predicate be_writable_inside = {
	.says = "be writable in the container's namespaces",
	.judges = DOC_STRING,
	.of_keys = true,
	.holds = holds_writable,
	.tells = tells_kernel,
};

static bool holds_selinux(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || known_true(around_host(f, "selinux.enabled")) != NO;
}

static void tells_selinux(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "this host has no SELinux");
}

const struct predicate need_selinux = {
	.says = "have SELinux to apply it",
	.judges = DOC_STRING,
	.holds = holds_selinux,
	.tells = tells_selinux,
};
