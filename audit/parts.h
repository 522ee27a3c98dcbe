/* SPDX-License-Identifier: Apache-2.0 */
/* Parts that records of several kinds have in common. Private to audit. */
#pragma once

#include "audit/caller.h"
#include "audit/record.h"

struct pair {
	enum field field;
	const char *value;
};

/* Adds each pair's value; NULL ones are unknown and left out. 0 or -ENOMEM. */
int record_pairs(struct record *r, const struct pair *pairs, size_t count);

/* Adds "sha256:HEX"; nothing for NULL and "". 0 or -ENOMEM. */
int record_digest(struct record *r, enum field f, const char *hex);

/* Adds who called, by process, executable, unit and login. 0 or -ENOMEM. */
int record_caller(struct record *r, const struct caller *c);

/* Adds which machine this is, and which boot of it. 0 or -ENOMEM. */
int record_machine(struct record *r);

/* "container 3f2c9b7a51de": a full-length id by its first twelve digits, as engines show it. id may be NULL. */
void write_container(struct text *to, const char *id);
