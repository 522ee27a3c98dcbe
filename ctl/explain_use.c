/* SPDX-License-Identifier: Apache-2.0 */
/* Who uses a control: of families with many versions, the first and the last of those that do are named. */
#include <errno.h>
#include <stdio.h>

#include "ctl/explain.h"

struct run {
	const char *first, *last;
	enum mode mode;
	size_t lines;
	struct text *to;
};

static size_t family_of(const char *name)
{
	return strcspn(name, "@");
}

static void flush(struct run *r)
{
	if (!r->first)
		return;
	text_printf(r->to, "  %-9s %s", r->lines++ ? "" : "profiles", r->first);
	if (r->last != r->first)
		text_printf(r->to, " to %s", r->last + family_of(r->last) + 1);
	if (r->mode != MODE_ENFORCE)
		text_printf(r->to, ", %s", mode_name(r->mode));
	text_char(r->to, '\n');
	r->first = NULL;
}

static int ruling_of(struct library *lib, const struct profile *p, size_t control, struct ruling *ret)
{
	const struct ruling *all = profile_rulings(lib, p, MODE_ENFORCE, MODE_OFF);
	if (!all)
		return -ENOMEM;
	*ret = all[control];
	ret->named &= ret->mode != MODE_OFF;
	return 0;
}

static int of_policy(struct library *lib, size_t control, struct run *run)
{
	for (const struct profile *p = lib->profiles; p; p = p->next) {
		struct ruling r;
		if (!p->from.file)
			continue;
		if (ruling_of(lib, p, control, &r) < 0)
			return -ENOMEM;
		if (!r.named)
			continue;
		text_printf(run->to, "  %-9s %s, %s (", run->lines++ ? "" : "profiles", p->name, mode_name(r.mode));
		origin_write(&p->from, run->to);
		text_add(run->to, ")\n");
	}
	return 0;
}

int explain_use(struct arena *a, const char *control, const struct policy *p, struct text *to)
{
	struct library *lib = library_new(a, 0);
	struct run run = { .to = to };

	if (!lib)
		return -ENOMEM;
	const size_t at = library_find(lib, bytes_of(control));
	for (const struct builtin *b = builtin_profiles; b->name && at != SIZE_MAX; b++) {
		const struct profile *profile = library_profile(lib, bytes_of(b->name));
		struct ruling r;
		if (!profile || ruling_of(lib, profile, at, &r) < 0)
			return -ENOMEM;
		const bool same = run.first && r.named && r.mode == run.mode &&
			family_of(run.first) == family_of(b->name) &&
			strncmp(run.first, b->name, family_of(b->name)) == 0;
		if (!same)
			flush(&run);
		if (r.named && !run.first) {
			run.first = b->name;
			run.mode = r.mode;
		}
		run.last = b->name;
	}
	flush(&run);
	struct library *own = p ? p->library : NULL;
	const size_t here = own ? library_find(own, bytes_of(control)) : SIZE_MAX;
	return here == SIZE_MAX ? 0 : of_policy(own, here, &run);
}
