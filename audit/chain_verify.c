/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a chain is unbroken, for those who need no more than that. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "audit/chain_examine.h"

int chain_verify(struct arena *a, const char *dir, uint64_t *ret_count, struct fail *reterr)
{
	struct examination e;
	char says[200];
	struct text to = text_over(says, sizeof(says));
	const int r = chain_examine(a, dir, &e, reterr);
	if (r < 0)
		return r;
	*ret_count = e.records;
	const struct chain_fault *f = e.fault_count ? &e.faults[0] : NULL;
	examination_done(&e);
	if (!f)
		return 0;
	chain_fault_write(f, &to);
	(void)fail(reterr, -EBADMSG, CAUSE_AUDIT, "audit.chain-unbroken", "line %" PRIu64 ": %s", f->line, says);
	if (reterr) {
		(void)snprintf(reterr->file, sizeof(reterr->file), "%s/%s", dir, f->file);
		reterr->place.line = f->line < UINT32_MAX ? (uint32_t)f->line : UINT32_MAX;
	}
	return -EBADMSG;
}
