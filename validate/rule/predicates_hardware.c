/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what linux.resources names of the machine: disks, page sizes, interfaces, RDMA devices. */
#include "validate/rule/cgroup_limits.h"
#include "validate/rule/known.h"
#include "validate/rule/predicates_cgroup.h"

/* The kernel takes no partition, and no number without a device: ENODEV. */
static bool holds_disk(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *place = around_place(f, d);
	return !bytes_is(around_string(place, "kind"), "absent") && known_true(doc_get(place, "whole")) != NO;
}

static void tells_disk(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const bool absent = bytes_is(around_string(around_place(f, at), "kind"), "absent");
	text_printf(to, "on this host %lld:%lld is %s", (long long)around_int(at, "major", 0),
		(long long)around_int(at, "minor", 0), absent ? "no block device" : "a part of one");
}

const struct predicate be_a_whole_disk = {
	.says = "have the numbers of a whole block device",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_disk,
	.tells = tells_disk,
};

static bool holds_page(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || known_entry(around_host(f, "hugePages"), d->string) != NO;
}

static void tells_page(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct doc *pages = around_host(f, "hugePages");
	if (around_unset(pages)) {
		text_add(to, "this host has no huge pages");
		return;
	}
	text_add(to, "this host has huge pages of ");
	say_list(pages, to);
}

const struct predicate be_a_huge_page = {
	.says = "be a size of huge pages that the host has",
	.judges = DOC_STRING,
	.holds = holds_page,
	.tells = tells_page,
};

/* On cgroup v2 there are no such priorities, which another row says. */
static bool holds_interface(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *interfaces = around_host(f, "interfaces");
	const enum cgroup_mode mode = limit_mode(f);
	if (!interfaces || d->string.len == 0 || (mode != CGROUP_V1 && mode != CGROUP_HYBRID))
		return true;
	for (const struct doc *i = interfaces->first; i; i = i->next)
		if (bytes_equal(i->key, d->string))
			return true;
	return false;
}

static void tells_interface(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host has the interfaces ");
	say_list(around_host(f, "interfaces"), to);
}

const struct predicate name_an_interface = {
	.says = "be an interface of the host",
	.judges = DOC_STRING,
	.holds = holds_interface,
	.tells = tells_interface,
};

static bool holds_rdma(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return around_unset(d) || known_entry(around_host(f, "rdma"), d->key) != NO;
}

static void tells_rdma(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host has of RDMA devices ");
	say_list(around_host(f, "rdma"), to);
}

const struct predicate name_an_rdma_device = {
	.says = "be an RDMA device of the host",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_rdma,
	.tells = tells_rdma,
};
