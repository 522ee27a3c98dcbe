/* SPDX-License-Identifier: Apache-2.0 */
/* What `journalctl -x` says of a record, for records that are not in the journal, too. */
#pragma once

#include "ctl/audit/seen.h"
#include "validate/base/text.h"

/* The entries of audit/runvet.catalog, closed by a NULL id. */
extern const struct catalogue_entry {
	const char *id, *text;
} catalogue_embedded[];

/*
 * Writes the catalogue's words for a record, its values in their places: the installed catalogue's, else those that are
 * compiled in. Whether there were any.
 */
bool catalogue_write(const struct seen *s, struct text *to);
