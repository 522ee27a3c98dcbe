/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One reading of a directory of half a dozen entries. It is a look, not a promise: what another process puts there a
 * moment later, the next record comes upon. Whoever acts on what was seen opens the file by its own rules.
 */
#include "audit/rare.h"

#include <string.h>
#include <unistd.h>

#include "validate/base/listing.h"
#include "validate/base/ours.h"

#define READS_MOST 64 /* of a directory that somebody has filled */

static void see(struct rare *r, const char *name)
{
	const struct {
		const char *name;
		bool *seen;
	} all[] = {
		{ "chain", &r->spill },
		{ "journal-slow", &r->slow },
		{ "unconfirmed", &r->unconfirmed },
		{ "audit-gap", &r->gap },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(name, all[i].name) == 0)
			*all[i].seen = true;
}

void rare_look(const char *run_dir, struct rare *ret)
{
	const int dir = dir_kept(run_dir, NULL, false);

	*ret = (struct rare){ 0 };
	if (dir < 0)
		return;
	uint64_t room[LISTING_FEW];
	struct listing l = { .fd = dir, .room = room, .size = sizeof(room) };
	bool whole = lseek(dir, 0, SEEK_SET) == 0;
	for (const char *name = whole ? listing_next(&l) : NULL; name && l.reads <= READS_MOST; name = listing_next(&l))
		see(ret, name);
	whole = whole && l.code == 0 && l.reads <= READS_MOST;
	if (!whole)
		*ret = (struct rare){ true, true, true, true };
}
