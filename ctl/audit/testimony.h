/* SPDX-License-Identifier: Apache-2.0 */
/* The chain held against the journal, or the journal held against itself. */
#pragma once

#include "audit/chain_examine.h"
#include "ctl/audit/witness.h"

#define TESTIMONY_CHAINS 64u
#define TESTIMONY_FAULTS 1000u

/* What was heard of one number: the beginnings of two hashes, enough to see that they differ. */
struct heard_link {
	uint32_t hash, prev; /* 0: not heard, or it says nothing */
	bool heard;
};

/* One chain, as far as the journal knows it. */
struct heard {
	char chain[CHAIN_ID];
	uint64_t first, last, count;
	struct heard_link *links; /* of each number; NULL when the chain is here */
	size_t size;              /* how many */
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
