/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processors and memory. How sums are ordered depends on how many threads add, how fast they are on where they run and
 * on which memory; which instructions add depends on the processor. A quota throttles: it changes times, and what
 * depends on them.
 */
#include "validate/base/limits.h"
#include "validate/rule/cpuset.h"
#include "validate/rule/predicates_det.h"

/* A file of linux.resources.unified, whose names have dots; NULL when it is not set. */
static const struct doc *det_unified(const struct doc *root, const char *file)
{
	const struct doc *all = doc_find(root, "linux.resources.unified");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (bytes_is(m->key, file))
			return m;
	return NULL;
}

/* The member of linux.resources.cpu, or the file of cgroup v2 that is the same. */
static const struct doc *list_of(const struct doc *root, const char *name, const char *file)
{
	const struct doc *d = doc_get(doc_find(root, "linux.resources.cpu"), name);
	return around_unset(d) ? det_unified(root, file) : d;
}

static struct bytes string_of(const struct doc *d)
{
	return d && d->type == DOC_STRING ? d->string : (struct bytes){ 0 };
}

/* How many memory nodes of the host have some of these CPUs; 0: not known. */
static unsigned nodes_of(const struct facts *f, struct bytes cpus)
{
	const struct doc *nodes = around_host(f, "hardware.numaCpus");
	unsigned count = 0;
	for (const struct doc *n = nodes && nodes->type == DOC_OBJECT ? nodes->first : NULL; n; n = n->next)
		if (n->type == DOC_STRING && cpuset_meets(n->string, cpus))
			count++;
	return count;
}

static void judge_nodes(struct det_faults *x, const struct doc *root, const struct doc *cpus)
{
	const struct doc *mems = list_of(root, "mems", "cpuset.mems");
	const int64_t most = param_int(x->facts, x->rule, "nodes", 1),
		      there = around_int(around_host(x->facts, "hardware"), "numaNodes", 0);
	const unsigned used = nodes_of(x->facts, string_of(cpus));
	if (used > most)
		det_fault(x, cpus, "its CPUs are of %u memory nodes", used);
	if (around_unset(mems) && there != 1)
		det_fault(x, cpus, "mems is not set");
	if (cpuset_count(string_of(mems)) > (uint64_t)most)
		det_fault(x, mems, "its memory is of %llu nodes", (unsigned long long)cpuset_count(string_of(mems)));
}

static void judge_quota(struct det_faults *x, const struct doc *root)
{
	const struct doc *cpu = doc_find(root, "linux.resources.cpu"), *quota = doc_get(cpu, "quota");
	const struct doc *file = det_unified(root, "cpu.max");
	const int64_t wanted = param_int(x->facts, x->rule, "quota", 0), is = around_int(cpu, "quota", 0);
	if (wanted > 0 ? is != wanted : is > 0)
		det_fault(x, quota ? quota : cpu, wanted > 0 ? "quota is not %lld" : "a quota throttles it",
			(long long)wanted);
	if (file && file->type == DOC_STRING && !bytes_start(file->string, "max"))
		det_fault(x, file, "cpu.max throttles it");
}

static void judge_scheduler(struct det_faults *x, const struct doc *root)
{
	const struct doc *wanted = around_param(x->facts, x->rule, "scheduler");
	const struct doc *scheduler = doc_find(root, "process.scheduler");
	if (!wanted || wanted->type != DOC_STRING || bytes_equal(around_string(scheduler, "policy"), wanted->string))
		return;
	det_fault_named(x, scheduler, wanted->string, "is not its scheduler");
}

void det_cpus(struct det_faults *x, const struct doc *d)
{
	const struct doc *cpus = list_of(d, "cpus", "cpuset.cpus"), *linux_ = doc_get(d, "linux");
	const struct doc *resources = doc_get(linux_, "resources");
	const int64_t count = param_int(x->facts, x->rule, "count", 0);
	if (around_unset(cpus)) {
		det_fault(x, resources ? resources : linux_, "cpus is not set");
	} else {
		const uint64_t is = cpuset_count(string_of(cpus));
		if (count > 0 && is != (uint64_t)count)
			det_fault(x, cpus, "it has %llu CPUs and not %lld", (unsigned long long)is, (long long)count);
		judge_nodes(x, d, cpus);
	}
	judge_quota(x, d);
	judge_scheduler(x, d);
}

static bool host_has_flag(const struct doc *flags, struct bytes name)
{
	for (const struct doc *e = flags->first; e; e = e->next)
		if (e->type == DOC_STRING && bytes_equal(e->string, name))
			return true;
	return false;
}

static void judge_flags(struct det_faults *x, const char *param, bool wanted)
{
	const struct doc *flags = around_host(x->facts, "hardware.cpu.flags");
	const struct doc *list = around_param(x->facts, x->rule, param);
	if (!flags || flags->type != DOC_ARRAY)
		return;
	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && host_has_flag(flags, e->string) != wanted)
			det_fault_named(x, NULL, e->string, wanted ? "is missing" : "is there");
}

void det_isa(struct det_faults *x, const struct doc *d)
{
	(void)d;
	const struct bytes model = string_of(around_host(x->facts, "hardware.cpu.model"));
	if (model.len > 0 && param_set(x->facts, x->rule, "model") &&
		!param_matches(x->facts, x->rule, "model", NULL, model))
		det_fault_named(x, NULL, model, "is none of the models");
	judge_flags(x, "flags", true);
	judge_flags(x, "without", false);
}

static uint64_t number_of(const struct doc *d)
{
	return d && d->type == DOC_INT && !d->integer.negative ? d->integer.magnitude : 0;
}

/* "0": none. */
static bool is_zero(const struct doc *d)
{
	return d && d->type == DOC_STRING && bytes_is(d->string, "0");
}

void det_memory(struct det_faults *x, const struct doc *d)
{
	const struct doc *memory = doc_find(d, "linux.resources.memory"), *swap = doc_get(memory, "swap");
	const struct doc *max = det_unified(d, "memory.max"), *resources = doc_find(d, "linux.resources");
	const uint64_t limit = number_of(doc_get(memory, "limit"));
	const bool in_file = max && max->type == DOC_STRING && !bytes_is(max->string, "max");
	const struct bytes thp = string_of(around_host(x->facts, "tuning.thp"));
	if (limit == 0 && !in_file)
		det_fault(x, memory ? memory : resources, "memory is not limited");
	else if (!is_zero(det_unified(d, "memory.swap.max")) && (limit == 0 || number_of(swap) != limit))
		det_fault(x, swap ? swap : memory, "it may swap: swap is not the same as limit");
	if (param_true(x->facts, x->rule, "hugePages", false) && !doc_find(d, "linux.resources.hugepageLimits"))
		det_fault(x, resources, "hugepageLimits are not declared");
	if (thp.len > 0 && param_set(x->facts, x->rule, "thp") && !param_has(x->facts, x->rule, "thp", NULL, thp))
		det_fault_named(x, NULL, thp, "is how this host gives transparent huge pages");
}
