/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record as the fields of a journal entry, and back: what the journal has of a record is enough to write the very
 * line that the chain has of it, so that its hash can be checked wherever a journal is sent to.
 */
#pragma once

#include "audit/record.h"

/*
 * Gives each field as the journal has it to `put`, in the record's order. journald keeps a set of values for each name
 * and no order; where that would lose something, FIELD_ORDER says it. 0 or -ENOMEM.
 */
int journal_fields(const struct record *r, void (*put)(void *data, const char *name, struct bytes value), void *data);

/* A field of an entry, as read back: the name without what journald makes of it. */
struct named {
	struct bytes name, value;
};

/*
 * Makes the record that an entry was made of; fields that are none of ours are passed over. Values are taken as they
 * are and have to outlive the record. 0, -ENOMEM, or -EBADMSG when what it says of the order cannot be.
 */
int record_of_fields(struct record *r, struct arena *a, const struct named *fields, size_t count);

/*
 * The line of the chain that this record stands for, hash included if it has one (as record_json), and whether that
 * hash is right. 0 or -ENOMEM.
 */
int record_line(const struct record *r, struct text *to, bool *ret_proved);
