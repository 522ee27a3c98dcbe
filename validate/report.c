/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as text, and what could not be read at all as a finding. */
#include "validate/report.h"

#include <errno.h>

void finding_write(const struct finding *f, enum show show, struct text *to)
{
	const char *found = show == SHOW_ALL ? f->found : f->found_safe;
	text_add(to, f->says);
	if (found)
		text_printf(to, ", %s", found);
	if (f->fix)
		text_printf(to, "; %s", f->fix);
}

const char *finding_basis(const struct finding *f)
{
	if (!f->rule)
		return NULL;
	const bool of_type = !f->rule->id || strcmp(f->rule->id, f->id) != 0;
	return basis_name(of_type ? BASIS_SCHEMA : f->rule->basis);
}

size_t report_left_out(const struct report *r)
{
	return r->errors + r->warnings + r->infos - r->count;
}

int report_of_fail(struct arena *a, const struct fail *why, struct report *ret)
{
	struct finding *f = arena_new(a, struct finding);
	const char *id = why->rule[0] ? why->rule : cause_name(why->cause);
	if (!f)
		return -ENOMEM;
	*f = (struct finding){
		.id = arena_copy(a, bytes_of(id)),
		.rule = rule_find(id),
		.severity = SEV_ERROR,
		.place = why->place,
		.pointer = arena_copy(a, bytes_of(why->pointer)),
		.says = arena_copy(a, bytes_of(why->says)),
	};
	const char *file = arena_copy(a, bytes_of(why->file));
	if (!f->id || !f->pointer || !f->says || !file)
		return -ENOMEM;
	*ret = (struct report){ .file = file, .findings = f, .count = 1, .errors = 1 };
	return 0;
}
