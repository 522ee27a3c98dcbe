/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the chain share: the head, a line's links, and the bounds, which a test sets smaller. */
#pragma once

#include <stdint.h>

#include "audit/chain.h"

#define CHAIN_ID  33 /* 32 hex digits and the NUL */
#define CHAIN_NONE "0000000000000000000000000000000000000000000000000000000000000000" /* prev of the very first line */

/* Where a chain stands: what the next line has to link to. seq 0: it has no line yet. */
struct head {
	char chain[CHAIN_ID], hash[DIGEST_HEX];
	uint64_t seq;
	off_t size; /* of the file `chain` */
};

/* Makes a head for a chain that begins: a random id. 0 or what getrandom(2) says. */
int head_begin(struct head *ret);

/*
 * Opens and locks `head` below dir; created when missing. Polls until the deadline. A descriptor whose closing ends the
 * lock, or a negative errno: -ETIMEDOUT, -EPERM.
 */
int head_lock(int dir, struct deadline until);

/* Whether the file holds a whole head, as head_write left it. */
bool head_read(int fd, struct head *ret);
int head_write(int fd, const struct head *h);

/* The links of one line. Runs point into it. */
struct links {
	struct bytes chain, prev, hash;
	uint64_t seq;
	struct bytes id; /* of the record; empty where there is none */
};

/* Reads the links of a line (without its newline) and checks its hash. false: it is no line of ours, or was changed. */
bool line_links(struct bytes line, struct links *ret);

/* The same of a line whose hash may be wrong: ret_sum is what it would have to be. */
bool line_claims(struct bytes line, struct links *ret, char ret_sum[static DIGEST_HEX]);

/* What the last whole line of a file says. */
struct tail {
	off_t end;     /* behind the last newline; less than the file's size when half a line follows */
	bool readable; /* the last whole line is sound; *ret_head of tail_read holds its links */
};

/* Looks at the end of the file. 0 or a negative errno. ret_head->size is tail.end. */
int tail_read(struct arena *a, int fd, off_t size, struct tail *ret, struct head *ret_head);

struct chain_bounds {
	off_t rotate;  /* size beyond which the file is rotated */
	off_t refuse;  /* or, when > 0, beyond which a line is refused */
	unsigned keep; /* rotated files kept */
	bool sync;     /* the line is on the disk, as far as fdatasync(2) can tell, before the call returns */
};

/* chain_append with other bounds. */
int chain_append_within(struct record *r, const char *dir, const struct chain_bounds *bounds, struct deadline until,
			struct fail *reterr);
