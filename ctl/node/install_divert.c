/* SPDX-License-Identifier: Apache-2.0 */
/* runvetctl install ENGINE --divert: stands in for the runtime that the engine calls, whoever names it and how. */
#include <errno.h>

#include "ctl/ctl.h"
#include "ctl/node/divert.h"
#include "ctl/node/install.h"

static int make(struct job *j)
{
	struct ledger *l = &j->ledger;
	const char *why = "";
	int r = divert_make(l, &why);

	if (r == 0) {
		why = "it cannot be noted";
		r = ledger_step(l, PHASE_INSTALLED);
	}
	if (r < 0)
		return trouble("%s: %s: %s; runvetctl uninstall %s --divert takes back what was done", l->path, why,
			errno_words(r), j->plan->engine);
	return put(job_text(j, "%s is runvet now, and becomes %s.distrib%s\n", l->path, l->path,
		l->dpkg ? "; dpkg upgrades that one" : ""));
}

int install_divert(struct job *j)
{
	struct ledger *l = &j->ledger;
	const char *why = "memory is used up";

	if (l->phase == PHASE_INSTALLED && divert_holds(l))
		return put(job_text(j, "%s is runvet already\n", l->path));
	if (l->phase == PHASE_REMOVING) {
		const int code = uninstall_divert(j);
		if (code)
			return code;
		*l = (struct ledger){ .node = &j->node, .key = j->key, .made = "" };
	}
	if (l->phase == PHASE_INSTALLING || l->phase == PHASE_INSTALLED)
		return j->dry ? put(job_text(j, "%s: an install that was stopped would be finished\n", l->path))
			      : make(j);
	const char *path = divert_find(&j->node, j->runtime, &why);
	if (!path)
		return trouble("%s", why), CTL_FOUND;
	*l = (struct ledger){
		.node = &j->node,
		.key = j->key,
		.path = path,
		.name = "",
		.binary = j->binary,
		.runtime = j->runtime,
		.made = "",
		.dpkg = divert_dpkg(&j->node),
	};
	if (j->dry)
		return put(job_text(j, "%s%s%s%sln %s %s.distrib\nln -s %s %s   (in one step, over the old name)\n",
			l->dpkg ? "dpkg-divert --local --no-rename --divert " : "", l->dpkg ? path : "",
			l->dpkg ? ".distrib --add " : "", l->dpkg ? job_text(j, "%s\n", path) : "", path, path,
			l->binary, path));
	if (ledger_write(l, PHASE_INSTALLING) < 0)
		return trouble("it cannot be noted below " LEDGER ": nothing was changed");
	return make(j);
}

int uninstall_divert(struct job *j)
{
	struct ledger *l = &j->ledger;
	const char *why = "";

	if (l->phase == PHASE_NONE)
		return trouble("there is nothing to undo: runvetctl does not stand in for %s", j->runtime), CTL_FOUND;
	if (j->dry)
		return put(job_text(j, "mv %s.distrib %s%s\n", l->path, l->path,
			l->dpkg ? job_text(j, "\ndpkg-divert --local --no-rename --remove %s", l->path) : ""));
	int r = ledger_step(l, PHASE_REMOVING);
	if (r == 0)
		r = divert_undo(l, j->force, &why);
	if (r == -EBUSY) {
		(void)ledger_step(l, PHASE_INSTALLED);
		return trouble("%s", why), CTL_FOUND;
	}
	if (r == 0)
		r = ledger_remove(l);
	if (r < 0)
		return trouble("%s: %s: %s", l->path, why, errno_words(r));
	return put(job_text(j, "%s is the real %s again\n", l->path, l->runtime));
}
