/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The containers that run now, judged by a policy as if they were created once more: nothing is changed by it. What the
 * host would say today is left out: it let them run, and has changed since by their very running.
 */
#pragma once

#include "ctl/again.h"
#include "ctl/node/node.h"
#include "ctl/node/running.h"
#include "ctl/policy.h"

struct tried_one {
	const struct running *of;
	struct again again;
	struct report report;
	const struct doc *host;  /* what was looked up for it */
	const char *why;         /* it could not be judged, for that reason; NULL: it was */
	const char *name;        /* "shop/web-0/nginx", "web", or the beginning of its id; fit to be shown */
	const char *image;       /* fit to be shown; NULL: not known */
	bool refused;            /* by an error of the policy or the specification, in whatever mode */
};

struct tried {
	struct opened opened;    /* the policy */
	const char *by;          /* "baseline@v1.37", of the default profile; never NULL once it is open */
	struct running_list list;
	struct tried_one *of;
	size_t count, judged, refused;
};

/*
 * Opens the policy: of a file or directory, of a profile's name, or of this host (both NULL). 0 or an exit code once it
 * has complained; ended by tried_done in either case.
 */
int tried_open(struct tried *t, const char *policy, const char *profile);

/* Judges all that run. 0, or an exit code once it has complained. */
int tried_run(struct tried *t, const struct node *n);
void tried_done(struct tried *t);

/* Whether the finding is one for which the container would have been refused, once the policy enforces. */
bool tried_counts(const struct finding *f);
