/* SPDX-License-Identifier: Apache-2.0 */
/* What the two formats of OCSF share: events of all that happened, and findings, one for each broken rule. */
#pragma once

#include "ctl/audit/format_rows.h"

#define OCSF_SHA_256 3 /* fingerprint.algorithm_id */

struct ocsf_class {
	unsigned uid, category;
	const char *name, *category_name;
};

/* Class, category and activity; `id` and `caption` are the activity's. */
void ocsf_put_class(struct arena *a, struct doc *to, const struct ocsf_class *class, unsigned id, struct bytes caption);

/* How much it weighs, the status, and what was done about it: is_alert, action, disposition. */
void ocsf_put_answer(struct arena *a, struct doc *to, enum seen_kind kind, unsigned status, const char *status_caption);

/* Whether the policy, where the record names one, was the last word. After the rows. */
void ocsf_put_applied(struct arena *a, struct doc *to, const struct seen *s, enum seen_kind kind);

/* What no valid event can be without, where the record does not know it. After the rows. */
void ocsf_put_needed(struct arena *a, struct doc *to, const struct seen *s);

/* type_uid of the event that the format `ocsf` makes of the record. */
unsigned ocsf_type(const struct seen *s, enum seen_kind kind);

/* Several tables, one after the other, over one record; `to` has room for MAP_ROWS, `tables` is closed by NULL. */
const struct map_row *ocsf_merged(struct map_row *to, const struct map_row *const *tables);
