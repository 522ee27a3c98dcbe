/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents with a few places changed, as the tables of tests/policy write it: { PLACE: value, … }, one after the
 * other. A place is a JSON Pointer (RFC 6901) that may choose an element of an array by a member of it:
 * "/mounts/destination=~1proc/options". null takes away; "-" and what begins with it is a new last element; what is on
 * the way and missing is made.
 */
#pragma once

#include "validate/doc/doc.h"

/* The changed text; without data, after a remark that says why, when a place is not there. */
struct bytes edit(struct arena *a, struct bytes text, const struct doc *edits, struct bytes edits_text);
