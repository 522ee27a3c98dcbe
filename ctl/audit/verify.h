/* SPDX-License-Identifier: Apache-2.0 */
/* What `runvetctl audit verify` found. */
#pragma once

#include "ctl/audit/audit.h"
#include "ctl/audit/testimony.h"

struct verification {
	const char *directory, *journal_file;
	const char *textfile;   /* where the numbers go, for Prometheus; NULL: nowhere */
	const char *spilled;    /* where the chain lies that did not come home yet; NULL: nothing was spilled */
	struct timespec since;
	bool no_journal, json;
	bool copy;              /* the directory was named: it need not be this host's */
	bool has_chain, heard;
	struct examination chain, spill;
	struct testimony testimony;
};

/*
 * Prints it; with a textfile, writes the numbers there and prints only what is broken. AUDIT_FOUND: unbroken;
 * AUDIT_NONE: there are faults; or -errno once it has complained.
 */
int verify_print(const struct verification *v);
