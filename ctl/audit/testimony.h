/* SPDX-License-Identifier: Apache-2.0 */
/* The chain held against the journal, or the journal held against itself. */
#pragma once

#include "audit/chain_examine.h"
#include "ctl/audit/witness.h"

#define TESTIMONY_CHAINS 64u
#define TESTIMONY_FAULTS 1000u

/* One chain, as far as the journal knows it. */
struct heard {
	char chain[CHAIN_ID];
	uint64_t first, last, count;
	unsigned char *bits; /* a bit for each number that was heard; NULL when the chain is here */
	size_t size;         /* bytes of them */
};

struct testimony {
	struct examination *chain;  /* NULL: the journal alone */
	uint64_t records, checkpoints; /* that were held against something */
	uint64_t rotated;           /* of records that were rotated out of the chain */
	uint64_t told;              /* records that audit gaps say did not come */
	struct heard heard[TESTIMONY_CHAINS];
	size_t heard_count;
	struct chain_fault *faults; /* .file is empty */
	size_t fault_count, fault_more;
	int error;
};

/* For witness_each: `data` is the testimony. */
int testimony_hear(const struct witness *w, void *data);

/* Once all was heard: what is missing becomes faults. */
void testimony_end(struct testimony *t);
void testimony_done(struct testimony *t);

/* What is wrong, as a sentence. */
void testimony_write(const struct chain_fault *f, struct text *to);
