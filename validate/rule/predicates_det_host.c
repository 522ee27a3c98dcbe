/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host that it runs on: held to what was pinned of it, and told, so that the record of each start has what a later
 * one can be compared with. And what no configuration can fix, said once for every container that should be fixed.
 */
#include "validate/rule/predicates_det.h"

/* A value as a pin spells it: text as it is, numbers in digits, yes and no. */
static void write_value(const struct doc *d, struct text *to)
{
	if (d->type == DOC_STRING)
		text_shown(to, d->string, 64);
	else if (d->type == DOC_INT)
		text_printf(to, "%s%llu", d->integer.negative ? "-" : "", (unsigned long long)d->integer.magnitude);
	else if (d->type == DOC_BOOL)
		text_add(to, d->boolean ? "yes" : "no");
}

static bool equals(const struct doc *is, const struct doc *wanted)
{
	if (is->type != wanted->type)
		return false;
	if (is->type == DOC_STRING)
		return bytes_equal(is->string, wanted->string);
	if (is->type == DOC_BOOL)
		return is->boolean == wanted->boolean;
	return is->type == DOC_INT && is->integer.magnitude == wanted->integer.magnitude &&
		is->integer.negative == wanted->integer.negative;
}

/* A fact by its path: of the host document, or "delegate.version". */
static const struct doc *fact(const struct facts *f, const char *path)
{
	if (strncmp(path, "delegate.", 9) == 0)
		return doc_find(f->delegate, path + 9);
	return around_host(f, path);
}

void det_host(struct det_faults *x, const struct doc *d)
{
	(void)d;
	const struct doc *pin = around_param(x->facts, x->rule, "pin");
	for (const struct doc *p = pin && pin->type == DOC_OBJECT ? pin->first : NULL; p; p = p->next) {
		char path[128];
		struct text name = text_over(path, sizeof(path));
		text_bytes(&name, p->key);
		const struct doc *is = name.cut ? NULL : fact(x->facts, path);
		if (!is || equals(is, p))
			continue;
		char shown[160];
		struct text to = text_over(shown, sizeof(shown));
		text_add(&to, "is ");
		write_value(is, &to);
		text_add(&to, " and not ");
		write_value(p, &to);
		det_fault_named(x, NULL, p->key, shown);
	}
}

static const struct {
	const char *path, *says;
} recorded[] = {
	{ "kernel.release", "kernel" },
	{ "hardware.cpu.model", "CPU" },
	{ "hardware.cpu.microcode", "microcode" },
	{ "hardware.smt", "SMT" },
	{ "hardware.governor", "governor" },
	{ "hardware.numaNodes", "memory nodes" },
	{ "cgroup.mode", "cgroup" },
	{ "cgroup.cpus", "cpuset" },
	{ "tuning.aslr", "ASLR" },
	{ "tuning.thp", "huge pages" },
	{ "tuning.numaBalancing", "NUMA balancing" },
	{ "gpu.nvidia.driver", "NVIDIA driver" },
	{ "delegate.version", "runtime" },
};

/* Always: it is not a breach but the record's memory. */
void det_recorded(struct det_faults *x, const struct doc *d)
{
	(void)d;
	x->count = 1;
	if (!x->to)
		return;
	unsigned told = 0;
	for (size_t i = 0; i < sizeof(recorded) / sizeof(recorded[0]); i++) {
		const struct doc *is = fact(x->facts, recorded[i].path);
		if (!is || is->type == DOC_OBJECT || is->type == DOC_ARRAY)
			continue;
		text_printf(x->to, "%s%s ", told++ ? ", " : "", recorded[i].says);
		write_value(is, x->to);
	}
	if (!told)
		text_add(x->to, "nothing of it is known");
}

void det_unreachable(struct det_faults *x, const struct doc *d)
{
	(void)d;
	det_fault(x, NULL, "no configuration can give it one");
}
