/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the verbs below `runvetctl audit` share. Each is a file of its own here, and a row in audit.c. All of them read
 * records in one form: the tree that a line of the chain is (docs/audit.md, second column), wherever the record came
 * from.
 *
 *	audit.c     the verbs
 *	seen.h      a record as it was read
 *	query.h     which records are meant, and reading them: from the chain, from journald
 *	format.h    how records are printed
 *	life.h      a container's states, told by its records
 */
#pragma once

#include "ctl/ctl.h"

/* Exit codes as grep's: something was found, nothing was, it could not be asked. */
enum {
	AUDIT_FOUND = 0,
	AUDIT_NONE = 1,
	AUDIT_TROUBLE = 2,
};

/* The verbs, one file each. */
extern const struct subverb audit_export, audit_follow, audit_list, audit_metrics, audit_reconcile,
	audit_report, audit_show, audit_verify;
