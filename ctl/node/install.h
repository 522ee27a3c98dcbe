/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One install or uninstall: install.c has an engine's, install_divert.c a runtime's, install_verb.c the command line.
 */
#pragma once

#include "ctl/node/ledger.h"
#include "ctl/node/plan.h"

struct job {
	struct arena arena;
	struct node node;
	const struct engine_plan *plan;
	const char *key;                         /* of its ledger */
	const char *name, *binary, *runtime;     /* as in struct plan_want */
	bool usual, dry, edit, force, divert;
	struct ledger ledger;                    /* as it was read */
};

/* Each returns an exit code of runvetctl, and has told what it did. */
int install_engine(struct job *j);
int uninstall_engine(struct job *j);
int install_divert(struct job *j);
int uninstall_divert(struct job *j);

const char *job_text(const struct job *j, const char *format, ...) __attribute__((format(printf, 2, 3)));
