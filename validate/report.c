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
	if (f->fact)
		text_printf(to, ": %s", f->fact);
	if (f->fix)
		text_printf(to, "; %s", f->fix);
}

int report_append(struct arena *a, struct report *to, const struct report *more)
{
	if (more->count > 0) {
		struct finding *all = arena_array(a, to->count + more->count, sizeof(*all));
		if (!all)
			return -ENOMEM;
		if (to->count > 0)
			memcpy(all, to->findings, to->count * sizeof(*all));
		memcpy(all + to->count, more->findings, more->count * sizeof(*all));
		to->findings = all;
		to->count += more->count;
	}
	to->errors += more->errors;
	to->warnings += more->warnings;
	to->infos += more->infos;
	to->audited += more->audited;
	to->exempted += more->exempted;
	return 0;
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
	return r->errors + r->warnings + r->infos + r->exempted - r->count;
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

int finding_fail(const struct finding *f, const char *file, enum cause cause, struct fail *reterr)
{
	char line[sizeof(reterr->says)];
	struct text says = text_over(line, sizeof(line));

	finding_write(f, SHOW_SAFE, &says);
	(void)fail(reterr, -EINVAL, cause, f->id, "%s", line);
	if (reterr) {
		struct text to = text_over(reterr->file, sizeof(reterr->file));
		text_add(&to, file);
		to = text_over(reterr->pointer, sizeof(reterr->pointer));
		text_add(&to, f->pointer ? f->pointer : "");
		reterr->place = f->place;
	}
	return -EINVAL;
}
