/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a control loop needs to keep its period: a real-time policy within a range, the right to use it, memory that
 * cannot be paged out, a share of the CPU that nobody takes away. The kernel refuses some of it only when the process
 * starts, and leaves out other parts without a word.
 */
#include "validate/rule/cpuset.h"
#include "validate/rule/predicates_det.h"

static const char *const real_time[] = { "SCHED_FIFO", "SCHED_RR", "SCHED_DEADLINE", NULL };

static const struct doc *rlimit_of(const struct doc *root, const char *type)
{
	for (const struct doc *e = around_first(doc_get(root, "process"), "rlimits"); e; e = e->next)
		if (bytes_is(around_string(e, "type"), type))
			return e;
	return NULL;
}

static uint64_t soft_of(const struct doc *rlimit)
{
	const struct doc *d = doc_get(rlimit, "soft");
	return d && d->type == DOC_INT && !d->integer.negative ? d->integer.magnitude : 0;
}

static void judge_policy(struct det_faults *x, const struct doc *root)
{
	const struct doc *process = doc_get(root, "process"), *scheduler = doc_get(process, "scheduler");
	const struct bytes policy = around_string(scheduler, "policy");
	const int64_t priority = around_int(scheduler, "priority", 0);
	const int64_t least = param_int(x->facts, x->rule, "least", 1), most = param_int(x->facts, x->rule, "most", 98);
	if (!scheduler) {
		/* Then the program asks for it itself: it has to be allowed to. */
		if (param_true(x->facts, x->rule, "required", false))
			det_fault(x, process, "scheduler is not set");
		return;
	}
	if (!param_has(x->facts, x->rule, "policies", real_time, policy))
		det_fault(x, scheduler, "its policy is none that is allowed");
	else if (!bytes_is(policy, "SCHED_DEADLINE") && (priority < least || priority > most))
		det_fault(x, scheduler, "its priority is not from %lld to %lld", (long long)least, (long long)most);
}

/* Whether the process may raise its priority: by the capability, or by the limit. */
static void judge_right(struct det_faults *x, const struct doc *root)
{
	const struct doc *process = doc_get(root, "process"), *rtprio = rlimit_of(root, "RLIMIT_RTPRIO");
	const int64_t least = param_int(x->facts, x->rule, "least", 1);
	const int64_t wanted = around_int(doc_get(process, "scheduler"), "priority", least);
	if (control_holds_capability(doc_get(process, "capabilities"), "CAP_SYS_NICE"))
		return;
	if (soft_of(rtprio) < (uint64_t)(wanted > 0 ? wanted : 1))
		det_fault(x, rtprio ? rtprio : process, "RLIMIT_RTPRIO does not let it have that priority");
}

static void judge_memlock(struct det_faults *x, const struct doc *root)
{
	const struct doc *process = doc_get(root, "process"), *memlock = rlimit_of(root, "RLIMIT_MEMLOCK");
	const int64_t wanted = param_int(x->facts, x->rule, "memlock", -1);
	const uint64_t least = wanted < 0 ? UINT64_MAX : (uint64_t)wanted;
	if (soft_of(memlock) < least && !control_holds_capability(doc_get(process, "capabilities"), "CAP_IPC_LOCK"))
		det_fault(x, memlock ? memlock : process, "RLIMIT_MEMLOCK does not let it keep its memory from paging");
}

static void judge_host(struct det_faults *x, const struct doc *root)
{
	const struct doc *cpu = doc_find(root, "linux.resources.cpu"),
			 *realtime = around_host(x->facts, "tuning.realtime");
	const struct doc *isolated = around_host(x->facts, "hardware.isolated");
	const struct bytes cpus = around_string(cpu, "cpus");
	if (doc_true(x->facts->host, "scheduler.rtGroup") && around_int(cpu, "realtimeRuntime", 0) <= 0)
		det_fault(x, cpu, "realtimeRuntime is not set, and this host gives a group no real time without it");
	if (param_true(x->facts, x->rule, "kernel", false) && realtime && realtime->type == DOC_BOOL &&
		!realtime->boolean)
		det_fault(x, NULL, "this host's kernel is not built for real time");
	if (param_true(x->facts, x->rule, "isolated", false) && isolated && isolated->type == DOC_STRING &&
		cpus.len > 0 && !cpuset_has(isolated->string, cpus))
		det_fault(x, doc_get(cpu, "cpus"), "not all of its CPUs are isolated on this host");
}

void det_realtime(struct det_faults *x, const struct doc *d)
{
	judge_policy(x, d);
	judge_right(x, d);
	judge_memlock(x, d);
	judge_host(x, d);
}
