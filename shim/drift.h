/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether config.json still is what create approved. Found out by one look at the bundle's directory and one at the
 * file; only where that is not the very file, untouched, is it read. Nothing here waits, and whatever cannot be found
 * out is no drift.
 */
#pragma once

#include "audit/note.h"
#include "validate/base/file.h"
#include "validate/report.h"

enum drifted {
	DRIFT_UNKNOWN, /* it could not be asked */
	DRIFT_NONE,
	DRIFT_COPY,    /* another file, of the same content */
	DRIFT_CONTENT,
	DRIFT_GONE,
};

struct drift {
	enum drifted config;
	bool bundle;      /* the directory is another one */
	bool read;        /* .file is there */
	struct file file; /* what stands there now; closed */
	const char *odd;  /* of DRIFT_CONTENT without .file: why it was not read; NULL otherwise */
	const struct doc *document; /* .file parsed, where that was needed; NULL: it was not, or is no JSON */
};

/* read: the bytes are wanted in any case. Never fails; what is not found out is unknown. */
void drift_look(struct arena *a, const struct note *n, bool read, struct drift *ret);

/* The document that stands there, parsed once; NULL when it cannot be. */
const struct doc *drift_document(struct arena *a, struct drift *d);

/*
 * Adds what was found to the report, each in the mode that the note says (validate/policy/start.h). 0 or -ENOMEM.
 */
int drift_report(struct arena *a, const struct note *n, struct drift *d, struct report *to);
