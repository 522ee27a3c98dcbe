/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of a node, read as runvet reads it. */
#include <errno.h>

#include "config.h"
#include "ctl/node/doctor.h"
#include "validate/base/when.h"
#include "validate/policy/policy_parts.h"

#define AUDIT_DAYS 30 /* that a trial may take */

static void tell_faults(struct doctor *d, const struct policy_fault *faults)
{
	for (const struct policy_fault *f = faults; f; f = f->next) {
		const bool owner = f->why.code == -EPERM;
		doctor_add(d, owner ? S_POLICY_OWNER : S_POLICY_BROKEN,
			f->why.place.line ? doctor_text(d, "%s:%u:%u: %s", f->why.file, f->why.place.line,
						    f->why.place.column, f->why.says)
					  : doctor_text(d, "%s: %s", f->why.file, f->why.says),
			owner ? doctor_text(d, "chown root:root %s && chmod 644 %s", f->why.file, f->why.file)
			      : "runvetctl policy check");
	}
}

/* Since when nothing is refused: since it was issued, or else since it was written. */
static void tell_audit(struct doctor *d, const struct policy *p, const char *path)
{
	struct stat st = { 0 };
	char day[WHEN_SIZE];

	(void)stat(path, &st);
	const struct timespec since = p->dated ? p->issued : st.st_mtim;
	const long days = (when_now().tv_sec - since.tv_sec) / 86400;
	when_write(since, false, day);
	day[10] = '\0';
	doctor_add(d, days > AUDIT_DAYS ? S_POLICY_AUDIT_OLD : S_POLICY_AUDIT,
		doctor_text(d, "the policy is in audit mode since %s, %ld day%s", day, days, days == 1 ? "" : "s"),
		"runvetctl try; then \"mode\": \"enforce\" in " RUNVET_SITE "/policy.json");
}

static void tell_exemptions(struct doctor *d, const struct policy *p)
{
	const struct timespec now = when_now();
	char day[WHEN_SIZE];

	for (size_t i = 0; i < p->exempt_count; i++) {
		if (p->exempt[i].ends.tv_sec > now.tv_sec)
			continue;
		when_write(p->exempt[i].ends, false, day);
		day[10] = '\0';
		doctor_add(d, S_POLICY_EXEMPT_ENDED, doctor_text(d, "exemption %s ended on %s", p->exempt[i].id, day),
			doctor_text(d, "remove %s, or date it anew, in %s", p->exempt[i].id,
				p->exempt[i].from.file ? p->exempt[i].from.file->path : "the policy"));
	}
}

void doctor_policy(struct doctor *d)
{
	const char *path = arena_printf(d->node->a, "%s" RUNVET_SITE "/policy.json", d->node->root);
	const struct policy_fault *faults = NULL;
	struct policy p = { 0 };

	d->engine = NULL;
	if (!path)
		return;
	if (policy_look(d->node->a, path, false, &p, &faults) < 0) {
		tell_faults(d, faults);
		return;
	}
	if (!p.present) {
		doctor_add(d, S_POLICY_NONE, "there is no " RUNVET_SITE "/policy.json", "runvetctl policy init");
		return;
	}
	if (p.mode == MODE_AUDIT || (p.profile && p.profile->moded && p.profile->mode != MODE_ENFORCE))
		tell_audit(d, &p, path);
	if (!p.audit_chain)
		doctor_add(d, S_CHAIN_OFF, "the policy says \"audit\": { \"chain\": false }",
			"remove that from the policy");
	tell_exemptions(d, &p);
}
