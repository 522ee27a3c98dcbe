/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of chain_examine share: where it stands, and the faults that it has found. */
#pragma once

#include "audit/chain_examine.h"

#define GAPS_MOST 1024u
#define SPILLS_MOST 128u

/* Numbers that no line has had so far. */
struct gap {
	uint64_t from, to;
	struct chain_fault fault; /* as it was found */
	bool tail;
};

/* What one record told of a spilled chain. */
struct spill {
	char chain[CHAIN_ID], hash[DIGEST_HEX];
	uint64_t seq, told_by;
};

/* How far a chain had come: the last line's number, what it says its hash is, and what that would have to be. */
struct stand {
	bool begun;
	char chain[CHAIN_ID], hash[DIGEST_HEX], sum[DIGEST_HEX];
	uint64_t seq, unread; /* lines behind it that could not be placed */
	uint32_t known;       /* index of the chain */
};

struct examiner {
	struct examination *e;
	char *buffer;
	uint32_t file;
	uint64_t line, next_step;
	bool from_start;      /* the first line has to be the chain's first */
	struct stand at, aside; /* aside: of the chain in which another one was found */
	struct stand before;  /* the line right before, wherever it belongs */
	struct gap *gaps;
	size_t gap_count;
	struct spill *spills;
	size_t spill_count;
	int error;
};

/* Another fault, here. What is beyond CHAIN_FAULTS_KEPT is counted. Never NULL. */
struct chain_fault *add_fault(struct examiner *x, enum chain_fault_kind kind);

/* The same of this record (0: not known); again on the next line it is one fault over several lines. */
struct chain_fault *add_run(struct examiner *x, enum chain_fault_kind kind, uint64_t seq);

void name_record(struct chain_fault *f, const struct links *l);

/* Notes that these numbers were passed over, before this line. */
void open_gap(struct examiner *x, uint64_t from, uint64_t to);

/* Whether the number was missing so far; then it is not any more. */
bool close_gap(struct examiner *x, uint64_t seq);

/* What is still missing becomes faults. */
void tell_gaps(struct examiner *x);
