/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of runvetctl compliance: the map as text, as JSON and as a document. */
#pragma once

#include "validate/comply.h"

/* How many lines of each status. */
struct tally {
	size_t of[COMPLY_MAX];
};

/* Of a section; of all of them for COMPLY_SECTIONS. */
struct tally tally_of(const struct comply_map *m, enum comply_section s);

/* Full in percent of what is known; -1 when nothing is known. */
int tally_percent(const struct tally *t);

void compliance_text(const struct comply_map *m, struct text *to);
void compliance_json(const struct comply_map *m, struct text *to);
void compliance_markdown(const struct comply_map *m, struct text *to);

/* "runc 1.1.5+ds1", "a delegate that is not known". */
void compliance_who(const struct comply_map *m, struct text *to);

/* "Linux 6.1.0, cgroup v2"; "a host that is not known". */
void compliance_where(const struct comply_map *m, struct text *to);

/* What is true of the delegate and not said by it: the words of a quirk; NULL when there are none. */
const char *compliance_quirk(struct bytes quirk);
