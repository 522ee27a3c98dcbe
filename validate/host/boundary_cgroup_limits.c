/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits that are one number or one list, by the table that rows about cgroups read. Where v2 keeps something else than
 * config.json asks for it is converted back, or both are given.
 */
#include "validate/host/boundary_cgroup.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"
#include "validate/rule/cgroup_limits.h"

#define RESOURCES "linux.resources."
#define UNLIMITED_V1 ((uint64_t)INT64_MAX - 0xffff) /* the most whole pages, of any size of them */

bool cgroup_number(struct bytes text, int64_t *ret)
{
	struct bytes b = read_trimmed(text);
	const bool negative = b.len > 1 && b.data[0] == '-';
	uint64_t n;
	*ret = -1;
	if (bytes_is(b, "max"))
		return true;
	if (negative)
		b = (struct bytes){ b.data + 1, b.len - 1 };
	if (!read_number(b, &n))
		return false;
	if (n < UNLIMITED_V1)
		*ret = negative ? -(int64_t)n : (int64_t)n;
	return true;
}

static void add_number(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text)
{
	int64_t n;
	if (text.data && cgroup_number(text, &n))
		make_int(c->b->arena, to, key, n);
}

static void number(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2)
{
	(void)v2;
	add_number(c, to, key, text);
}

static void words(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2)
{
	(void)v2;
	if (text.data)
		make_string(c->b->arena, to, key, read_trimmed(text));
}

/* v2 counts swap alone, config.json memory and swap together. */
static void swap(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2)
{
	int64_t swap, memory = 0;
	bool same;
	if (!text.data || !cgroup_number(text, &swap))
		return;
	if (v2 && swap >= 0 &&
		(!cgroup_number(cgroup_file(c, "memory", NULL, "memory.max", &same), &memory) || memory < 0))
		return;
	make_int(c->b->arena, to, key, swap < 0 ? -1 : swap + memory);
}

static void shares(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2)
{
	int64_t weight;
	if (!v2) {
		add_number(c, to, key, text);
		return;
	}
	if (!text.data || !cgroup_number(text, &weight) || weight < 0)
		return;
	make_int(c->b->arena, to, "cpu.weight", weight);
	cgroup_shares(c->b->arena, make_array(c->b->arena, to, key), (uint64_t)weight);
}

/* "100000 100000" of v2 is quota and period. */
static void of_two(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, unsigned which)
{
	struct bytes word = { 0 };
	for (unsigned i = 0; i <= which; i++)
		if (!read_word(&text, &word))
			return;
	add_number(c, to, key, word);
}

static void quota(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2)
{
	(void)v2;
	of_two(c, to, key, text, 0);
}

static void period(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2)
{
	of_two(c, to, key, text, v2 ? 1 : 0);
}

/* "oom_kill_disable 0", a line of several. */
static void oom_killer(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2)
{
	struct bytes line, word;
	(void)v2;
	while (read_line(&text, &line))
		if (read_word(&line, &word) && bytes_is(word, "oom_kill_disable") && read_word(&line, &word))
			make_bool(c->b->arena, to, key, bytes_is(word, "1"));
}

static void yes(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2)
{
	(void)v2;
	if (text.data)
		make_bool(c->b->arena, to, key, bytes_is(read_trimmed(text), "1"));
}

static const struct {
	const char *key;
	void (*tell)(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, bool v2);
	bool zero; /* zero is a value like any other */
} limits[] = {
	{ "memory.limit", number, false },
	{ "memory.reservation", number, false },
	{ "memory.swap", swap, false },
	{ "memory.kernel", number, false },
	{ "memory.kernelTCP", number, false },
	{ "memory.swappiness", number, true },
	{ "memory.disableOOMKiller", oom_killer, false },
	{ "memory.useHierarchy", yes, false },
	{ "cpu.shares", shares, false },
	{ "cpu.quota", quota, false },
	{ "cpu.period", period, false },
	{ "cpu.burst", number, false },
	{ "cpu.idle", number, false },
	{ "cpu.realtimeRuntime", number, false },
	{ "cpu.realtimePeriod", number, false },
	{ "cpu.cpus", words, false },
	{ "cpu.mems", words, false },
	{ "pids.limit", number, false },
	{ "blockIO.leafWeight", number, false },
	{ "network.classID", number, false },
};

void cgroup_limits(struct boundary_cgroup *c, struct doc *to)
{
	const struct doc *resources = doc_find(c->b->of->config, "linux.resources");
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		char place[sizeof(RESOURCES) + 48] = RESOURCES;
		const struct doc *asked = doc_find(resources, limits[i].key);
		memcpy(place + sizeof(RESOURCES) - 1, limits[i].key, strlen(limits[i].key) + 1);
		const struct limit *l = limit_at(place);
		if (!asked || !l || (around_unset(asked) && !limits[i].zero))
			continue;
		bool v2;
		const char *controller = l->v1.controller ? l->v1.controller : l->v2.controller;
		const struct bytes text = cgroup_file(c, controller, l->v1.name, l->v2.name, &v2);
		limits[i].tell(c, to, limits[i].key, text, v2);
	}
}
