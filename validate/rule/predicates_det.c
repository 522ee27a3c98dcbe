/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to judge for all of these rows: a function finds the faults, once without words to know whether there are
 * any, and once more with them when a sentence is written. So what is told is what was found, and nothing is kept
 * between.
 */
#include "validate/rule/predicates_det.h"

#include <stdio.h>

#include "validate/base/limits.h"

#define CLAUSES_MOST 5u /* of one sentence; the others are counted */
#define CLAUSE_BYTES 256

struct det_judge {
	const struct predicate *of;
	void (*judge)(struct det_faults *x, const struct doc *d);
	bool entry; /* it is about an entry of a list, and not about the document */
};

static const struct det_judge judges[] = {
	{ &be_the_pinned_image, det_image, false },
	{ &write_only_outputs, det_mount, true },
	{ &set_what_is_required, det_required, false },
	{ &carry_nothing_by_chance, det_forbidden, true },
	{ &have_fixed_cpus, det_cpus, false },
	{ &run_on_the_pinned_cpu, det_isa, false },
	{ &run_in_real_time, det_realtime, false },
	{ &have_fixed_memory, det_memory, false },
	{ &be_alone, det_apart, false },
	{ &have_no_peer, det_network, false },
	{ &have_fixed_addresses, det_addresses, false },
	{ &have_a_fixed_user, det_user, false },
	{ &name_its_devices, det_devices, false },
	{ &have_the_pinned_sysctls, det_sysctls, false },
	{ &run_on_the_pinned_host, det_host, false },
	{ &be_recorded, det_recorded, false },
	{ &be_out_of_reach, det_unreachable, false },
};

/* Puts what is behind the last clause: how many more there are. */
static void end_clauses(const struct det_faults *x)
{
	if (x->to && x->count > CLAUSES_MOST)
		text_printf(x->to, ", and %u more", x->count - CLAUSES_MOST);
}

void det_fault(struct det_faults *x, const struct doc *at, const char *format, ...)
{
	if (x->count++ == 0)
		x->at = at;
	if (!x->to || x->count > CLAUSES_MOST)
		return;
	char clause[CLAUSE_BYTES];
	struct text t = text_over(clause, sizeof(clause));
	va_list args;
	va_start(args, format);
	const int n = vsnprintf(clause, sizeof(clause), format, args);
	va_end(args);
	t.len = n < 0 ? 0 : (size_t)n < sizeof(clause) ? (size_t)n : sizeof(clause) - 1;
	text_add(x->to, x->count > 1 ? ", " : "");
	text_bytes(x->to, (struct bytes){ t.data, t.len });
}

void det_fault_named(struct det_faults *x, const struct doc *at, struct bytes name, const char *clause)
{
	char shown[LIMIT_QUOTE];
	struct text t = text_over(shown, sizeof(shown));
	text_shown(&t, name, sizeof(shown) / 2);
	det_fault(x, at, "%s %s", shown, clause);
}

static const struct doc *top_of(const struct doc *d)
{
	while (d && d->parent)
		d = d->parent;
	return d;
}

static struct det_faults found(const struct rule *r, const struct doc *d, const struct facts *f, struct text *to)
{
	struct det_faults x = { .rule = r, .facts = f, .to = to };
	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++)
		if (judges[i].of == r->must)
			judges[i].judge(&x, judges[i].entry ? d : top_of(d));
	return x;
}

static bool holds(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct det_faults x = found(r, d, f, NULL);
	if (x.at)
		*ret_at = x.at;
	return x.count == 0;
}

static void tells(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	const struct det_faults x = found(r, at, f, to);
	end_clauses(&x);
}

/* Names, absences and the policy's own values: what of the document stands there is not shown. */
#define DET .of_keys = true, .holds = holds, .tells = tells

const struct predicate be_the_pinned_image = { .says = "be of the image that was pinned", .judges = DOC_OBJECT, DET };
const struct predicate write_only_outputs = {
	.says = "be an input that cannot be written, or a declared output",
	.judges = DOC_OBJECT,
	DET,
};
const struct predicate set_what_is_required = {
	.says = "set the variables that results depend on",
	.judges = DOC_OBJECT,
	DET,
};
const struct predicate carry_nothing_by_chance = {
	.says = "not tell the container of this start, this user or this host",
	.judges = DOC_STRING,
	DET,
};
const struct predicate have_fixed_cpus = { .says = "have fixed CPUs", .judges = DOC_OBJECT, DET };
const struct predicate run_on_the_pinned_cpu = {
	.says = "run on the processor that was pinned",
	.judges = DOC_OBJECT,
	DET,
};
const struct predicate run_in_real_time = { .says = "be scheduled in real time", .judges = DOC_OBJECT, DET };
const struct predicate have_fixed_memory = { .says = "have a fixed memory", .judges = DOC_OBJECT, DET };
const struct predicate be_alone = { .says = "share no namespace and have a name that stays",
	.judges = DOC_OBJECT,
	DET };
const struct predicate have_no_peer = { .says = "have no peer on a network", .judges = DOC_OBJECT, DET };
const struct predicate have_fixed_addresses = {
	.says = "have addresses that are not random",
	.judges = DOC_OBJECT,
	DET,
};
const struct predicate have_a_fixed_user = { .says = "say all of who it runs as", .judges = DOC_OBJECT, DET };
const struct predicate name_its_devices = { .says = "name the very devices that it gets", .judges = DOC_OBJECT, DET };
const struct predicate have_the_pinned_sysctls = {
	.says = "set what was pinned",
	.judges = DOC_OBJECT,
	DET,
};
const struct predicate run_on_the_pinned_host = {
	.says = "run on a host as it was pinned",
	.judges = DOC_OBJECT,
	DET,
};
const struct predicate be_recorded = { .says = "be remembered with its host", .judges = DOC_OBJECT, DET };
const struct predicate be_out_of_reach = {
	.says = "not count on a fixed {}",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	DET,
};
