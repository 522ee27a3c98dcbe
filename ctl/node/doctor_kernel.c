/* SPDX-License-Identifier: Apache-2.0 */
/* What this machine's kernel has to have, and the containers that run on it already. */
#include <stdio.h>
#include <sys/utsname.h>

#include "ctl/node/doctor.h"
#include "ctl/node/running.h"

#define NAMED 3 /* containers of an engine that are named */

void doctor_kernel(struct doctor *d)
{
	unsigned major = 0, minor = 0;
	struct utsname u;

	d->engine = NULL;
	if (!d->node->live)
		return;
	if (uname(&u) == 0 && sscanf(u.release, "%u.%u", &major, &minor) == 2 &&
		(major < 5 || (major == 5 && minor < 6)))
		doctor_add(d, S_KERNEL_OLD, doctor_text(d, "this is Linux %s", u.release), "boot a newer kernel");
	if (!node_stat(d->node, "/proc/sys/kernel/seccomp/actions_avail", NULL))
		doctor_add(d, S_KERNEL_SECCOMP, "this kernel has no seccomp filters",
			"boot a kernel with CONFIG_SECCOMP_FILTER");
}

/* Running, root's, of a runtime that could have been runvet's delegate, and without a note. */
static bool came_around(const struct running *r)
{
	return (r->state == RUNNING_YES || r->state == RUNNING_CREATED) && r->owner == 0 && r->runtime[0] && !r->record;
}

static const char *engine_words(const struct running *r)
{
	return r->engine ? r->engine : "no engine that is known";
}

static void tell(struct doctor *d, const struct running_list *l, size_t from, size_t to)
{
	struct text names = text_growing(d->node->a);
	size_t count = 0;

	for (size_t i = from; i < to; i++) {
		if (!came_around(&l->of[i]))
			continue;
		if (count < NAMED)
			text_printf(&names, "%s%.12s", count ? ", " : "", l->of[i].id);
		count++;
	}
	if (count)
		doctor_add(d, S_AROUND_RUNNING,
			doctor_text(d, "%zu running container%s of %s without a note of runvet's: %s%s", count,
				count == 1 ? "" : "s", engine_words(&l->of[from]), names.data,
				count > NAMED ? " …" : ""),
			"runvetctl try, which tells what would be refused; then recreate them");
}

void doctor_running(struct doctor *d)
{
	struct running_list l;

	d->engine = NULL;
	if (!d->node->live || (d->only && *d->only) || running_list(d->node->a, d->node->top, true, &l) < 0)
		return;
	for (size_t from = 0, to; from < l.count; from = to) {
		for (to = from + 1; to < l.count && strcmp(engine_words(&l.of[to]), engine_words(&l.of[from])) == 0;
			to++)
			continue;
		tell(d, &l, from, to);
	}
}
