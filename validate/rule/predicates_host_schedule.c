/* SPDX-License-Identifier: Apache-2.0 */
/* When and where the process may run on this host. */
#include "validate/rule/predicates_host.h"
#include "validate/rule/standing.h"

static bool is_real_time(struct bytes policy)
{
	return bytes_is(policy, "SCHED_FIFO") || bytes_is(policy, "SCHED_RR");
}

/* The hard limit, which the soft one may be raised to; UINT64_MAX when it is not known. */
static uint64_t hard_limit(const struct facts *f, const char *path)
{
	const struct doc *hard = around_host(f, path);
	return hard && hard->type == DOC_INT && !hard->integer.negative ? hard->integer.magnitude : UINT64_MAX;
}

/* sched(7): a priority up to RLIMIT_RTPRIO, a nice value down to 20 - RLIMIT_NICE; deadlines never. */
static bool permitted(const struct facts *f, const struct doc *d)
{
	const struct bytes policy = around_string(d, "policy");
	const int64_t nice = around_int(d, "nice", 0), own = around_int(around_host(f, "self"), "nice", INT64_MIN);
	if (is_real_time(policy)) {
		const int64_t priority = around_int(d, "priority", 0);
		return priority <= 0 || (uint64_t)priority <= hard_limit(f, "self.rlimits.RLIMIT_RTPRIO.hard");
	}
	if (bytes_is(policy, "SCHED_DEADLINE"))
		return false;
	return nice >= own || own == INT64_MIN || nice < -20 ||
		(uint64_t)(20 - nice) <= hard_limit(f, "self.rlimits.RLIMIT_NICE.hard");
}

/* A new cgroup of v1 has no real-time budget until somebody gives it one, and without one nobody gets the policy. */
static bool budget_missing(const struct facts *f, const struct doc *d)
{
	const struct doc *cpu = f->root ? doc_find(f->root, "linux.resources.cpu") : NULL;
	const struct bytes mode = around_string(around_host(f, "cgroup"), "mode");
	return f->root && is_real_time(around_string(d, "policy")) &&
		known_true(around_host(f, "scheduler.rtGroup")) == YES &&
		around_int(around_host(f, "scheduler"), "rtRuntimeUs", -1) >= 0 &&
		(bytes_is(mode, "v1") || bytes_is(mode, "hybrid")) &&
		known_entry(around_host(f, "cgroup.controllers"), bytes_of("cpu")) == YES &&
		known_entry(around_host(f, "cgroup.v2"), bytes_of("cpu")) == NO &&
		around_int(cpu, "realtimeRuntime", 0) <= 0;
}

static bool holds_scheduler(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	if (standing_elsewhere(f))
		return true;
	return (standing_capable(f, "CAP_SYS_NICE") != NO || permitted(f, d)) && !budget_missing(f, d);
}

static void tells_scheduler(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	if (budget_missing(f, at)) {
		text_add(to,
			"this host gives real time to cgroups by linux.resources.cpu.realtimeRuntime, which is not "
			"set");
		return;
	}
	say_standing(f, "CAP_SYS_NICE", to);
	text_add(to, ", and its limits do not allow it");
}

const struct predicate be_permitted_here = {
	.says = "be a scheduling that the runtime may give",
	.judges = DOC_OBJECT,
	.holds = holds_scheduler,
	.tells = tells_scheduler,
};

/* Where no period is set, the deadline is it. Nanoseconds here, microseconds in the sysctls. */
static const struct doc *period_of(const struct doc *d)
{
	const struct doc *period = doc_get(d, "period");
	return around_unset(period) ? doc_get(d, "deadline") : period;
}

static bool holds_deadline(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *period = period_of(d);
	const struct doc *limits = around_host(f, "scheduler");
	if (!bytes_is(around_string(d, "policy"), "SCHED_DEADLINE") || around_unset(period) ||
		period->type != DOC_INT || period->integer.negative || standing_elsewhere(f))
		return true;
	const int64_t least = around_int(limits, "deadlinePeriodMinUs", 0);
	const int64_t most = around_int(limits, "deadlinePeriodMaxUs", INT64_MAX);
	const uint64_t us = period->integer.magnitude / 1000;
	const bool rest = period->integer.magnitude % 1000 != 0;
	if ((least <= 0 || us >= (uint64_t)least) &&
		(most < 0 || us < (uint64_t)most || (us == (uint64_t)most && !rest)))
		return true;
	*ret_at = period;
	return false;
}

static void tells_deadline(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct doc *limits = around_host(f, "scheduler");
	const int64_t least = around_int(limits, "deadlinePeriodMinUs", -1);
	const int64_t most = around_int(limits, "deadlinePeriodMaxUs", -1);
	text_add(to, "this host takes periods");
	if (least >= 0)
		text_printf(to, " from %lld", (long long)least);
	if (most >= 0)
		text_printf(to, " up to %lld", (long long)most);
	text_add(to, " microseconds");
}

const struct predicate fit_the_deadline_limits = {
	.says = "have a period within sysctl kernel.sched_deadline_period_min_us and _max_us",
	.judges = DOC_OBJECT,
	.holds = holds_deadline,
	.tells = tells_deadline,
};

static bool holds_class(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !bytes_is(d->string, "IOPRIO_CLASS_RT") || standing_elsewhere(f) ||
		standing_capable(f, "CAP_SYS_NICE") != NO || standing_capable(f, "CAP_SYS_ADMIN") != NO;
}

static void tells_class(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_standing(f, "CAP_SYS_NICE and CAP_SYS_ADMIN", to);
}

const struct predicate be_a_permitted_class = {
	.says = "be a class that the runtime may give",
	.judges = DOC_STRING,
	.holds = holds_class,
	.tells = tells_class,
};

/* The next range of "0-3,7"; false at the end, and at what is no list. */
static bool next_range(struct bytes list, size_t *at, uint64_t *ret_from, uint64_t *ret_to)
{
	uint64_t n[2] = { 0, 0 };
	int i = 0;
	while (*at < list.len && (list.data[*at] == ',' || list.data[*at] == ' ' || list.data[*at] == '\n'))
		++*at;
	const size_t start = *at;
	for (; *at < list.len; ++*at) {
		const char c = list.data[*at];
		if (c == '-' && i == 0)
			i = 1;
		else if (c >= '0' && c <= '9' && n[i] < UINT32_MAX)
			n[i] = n[i] * 10 + (uint64_t)(c - '0');
		else
			break;
	}
	*ret_from = n[0];
	*ret_to = n[i];
	return *at > start;
}

static bool meet(struct bytes a, struct bytes b)
{
	uint64_t from, to, first, last;
	for (size_t i = 0; next_range(a, &i, &from, &to);)
		for (size_t j = 0; next_range(b, &j, &first, &last);)
			if (from <= last && first <= to)
				return true;
	return false;
}

static bool holds_cpu(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct bytes online = around_string(around_host(f, "cpus"), "online");
	return d->string.len == 0 || online.len == 0 || standing_elsewhere(f) || meet(d->string, online);
}

static void tells_cpu(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host has the CPUs ");
	say_bytes(around_string(around_host(f, "cpus"), "online"), to);
}

const struct predicate name_a_cpu_here = {
	.says = "name at least one CPU that is online",
	.judges = DOC_STRING,
	.holds = holds_cpu,
	.tells = tells_cpu,
};
