/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that are made and not read: what a host has, what a delegate is, who called. Made in an arena, of nodes as
 * the reader makes them (offsets are 0), so that rules and printers know no difference.
 *
 * Every function takes the object or array to add to, and gives the new node, NULL once memory is used up; a NULL
 * object is passed over (and gives NULL), so that only make_whole has to be asked in the end. Keys and strings are
 * copied; bytes that are not UTF-8 become U+FFFD, and a U+0000 ends the string. What is added to was made here: never
 * a tree that was read.
 */
#pragma once

#include "validate/doc/doc.h"

/* A new document: an empty object. */
struct doc *make_document(struct arena *a);

/* Whether nothing of the document that d belongs to was lost for want of memory; NULL never was whole. */
bool make_whole(const struct doc *d);

/* key: NULL when `to` is an array. A key that is there already is not looked for. */
struct doc *make_object(struct arena *a, struct doc *to, const char *key);
struct doc *make_array(struct arena *a, struct doc *to, const char *key);

/* The object or array that an object has there already, to be added to; NULL when it has none. */
struct doc *make_found(struct doc *to, struct bytes key);

/* The object that an object has there already, else a new one. */
struct doc *make_member(struct arena *a, struct doc *to, const char *key);

struct doc *make_string(struct arena *a, struct doc *to, const char *key, struct bytes value);
/* An element that is a word of a table: clean, and there for good, so that nothing is copied. */
struct doc *make_word(struct arena *a, struct doc *to, struct bytes word);

struct doc *make_bool(struct arena *a, struct doc *to, const char *key, bool value);
struct doc *make_uint(struct arena *a, struct doc *to, const char *key, uint64_t value);
struct doc *make_int(struct arena *a, struct doc *to, const char *key, int64_t value);

/* A copy of all of d, under another key. */
struct doc *make_copy(struct arena *a, struct doc *to, const char *key, const struct doc *d);

/*
 * d, made or read, as JSON: on one line without a blank, or with `indent` in lines, two blanks a level; a list of plain
 * values stays on one.
 */
void doc_write(const struct doc *d, bool indent, struct text *to);
