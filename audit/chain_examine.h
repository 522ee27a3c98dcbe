/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is wrong with a chain, not only the first of it: which record, in which file, on which line. Memory does not
 * grow with the number of records.
 */
#pragma once

#include "audit/chain_file.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

enum chain_fault_kind {
	FAULT_CHANGED,    /* a line that is no record, or not the one that was written */
	FAULT_MISSING,    /* numbers that no line has */
	FAULT_TAIL,       /* numbers at the end that once were there: the head, or another record, knows them */
	FAULT_MOVED,      /* records that stand behind later ones */
	FAULT_TWICE,      /* records that stand there again */
	FAULT_UNLINKED,   /* a record that follows another one than the line before it: one of them was replaced */
	FAULT_FOREIGN,    /* lines of another chain, or a head of one */
	FAULT_CUT,        /* half a line */
	FAULT_LAST,       /* the last record is not the one that was written last */
	FAULT_UNREADABLE, /* the file cannot be read */
	FAULT_ABSENT,     /* a chain that a record tells of, and that is not there */
	FAULT_MAX,
};

struct chain_fault {
	enum chain_fault_kind kind;
	char file[100];          /* within the directory */
	uint64_t line, to_line;  /* from 1; line 0: of the file as a whole */
	uint64_t from, to;       /* numbers of the records; 0: not known */
	char id[40];             /* of the record, of a fault of one that can be read */
	char chain[CHAIN_ID];    /* the chain that it is about */
	char other[100];         /* a file that should be there, or the chain that was found */
	uint32_t order;          /* of its file among those that were read */
};

/* One chain as it was found. */
struct chain_known {
	char chain[CHAIN_ID], last_hash[DIGEST_HEX];
	uint64_t first, last;
};

/* Where some records of a chain are: so that one can be found again by its number. */
struct chain_step {
	uint64_t seq;
	off_t at;
	uint32_t file, chain; /* index of the file, and of the chain */
};

struct chain_file {
	char name[100];
	int fd;
	off_t size;
	unsigned number; /* of a rotated file; 0 is the one being written */
	bool merged;
};

#define CHAIN_STEP_LINES 256u /* between two steps */
#define CHAIN_FAULTS_KEPT 1000u
#define CHAIN_FILES_MOST (LIMIT_CHAIN_KEEP + 1 + LIMIT_MERGED_KEEP)
#define CHAINS_MOST (2UL * CHAIN_FILES_MOST)

struct examination {
	struct chain_fault *faults; /* in the order of the files, then of the lines */
	size_t fault_count, fault_more; /* kept, and found beyond that */
	uint64_t records;           /* sound or not */
	struct chain_file files[CHAIN_FILES_MOST];
	size_t file_count;
	struct chain_known *chains;
	size_t chain_count;
	struct chain_step *steps;
	size_t step_count;
	struct arena *arena;
	struct block *block; /* of examination_hash */
	char *buffer;
};

/*
 * Reads the chain below dir with all that was rotated out of it, then the merged ones. Writers are held up for a moment
 * only; what they write later is not looked at. Half a line at the end that the head never knew is a killed writer's,
 * and no fault. 0 with *ret, whose files stay open until examination_done; or a negative errno with *reterr: it could
 * not be looked at.
 */
int chain_examine(struct arena *a, const char *dir, struct examination *ret, struct fail *reterr);
void examination_done(struct examination *e);

/* The chain of that id; NULL: it was not found. */
const struct chain_known *examination_chain(const struct examination *e, struct bytes chain);

/*
 * The hash that the line of that number has, read again. 0; -ENOENT where the chain has no such line; -EIO ... Numbers
 * asked for in their order cost least.
 */
int examination_hash(struct examination *e, struct bytes chain, uint64_t seq, char ret[static DIGEST_HEX]);

/* What is wrong, as a sentence without its place: "record 5 was changed after it was written". */
void chain_fault_write(const struct chain_fault *f, struct text *to);
const char *chain_fault_name(enum chain_fault_kind k);
