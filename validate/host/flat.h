/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree as bytes that need no reading: private to validate/host, for what is kept from one process to the next on
 * one machine. JSON is taken apart letter by letter, and for every container that starts; this is a table of
 * values and the text of their strings, which is checked against its own bounds and then stands.
 */
#pragma once

#include "validate/doc/doc.h"

/* Writes the tree to *to (as text: it may hold any byte). False when it is too large for the form. */
bool flat_write(const struct doc *d, struct text *to);

/*
 * The tree of those bytes, whose strings stay where they are: the bytes have to outlive it, and have to be aligned for
 * uint64_t. 0 with *ret; -EBADMSG when they are not a tree, all of it, that doc_parse could have made; -ENOMEM.
 */
int flat_read(struct arena *a, struct bytes bytes, const struct doc **ret);
