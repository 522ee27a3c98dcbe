/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text for one document, whatever order and spacing it came in: the JSON Canonicalization Scheme (RFC 8785), but
 * with integers digit by digit. That scheme writes numbers as IEEE doubles, and a limit of 18446744073709551615 bytes
 * would be the same as one of ...614; so an integer keeps its exact decimal digits, without a plus, leading zeros or a
 * negative zero. A number that is none (1.5, 1e3) has no canonical form here, and configurations have none.
 *
 * Names are sorted by their UTF-16 code units, strings are escaped as that scheme has it, null members are left out (a
 * null is what is absent, validate/doc).
 */
#pragma once

#include "validate/base/text.h"
#include "validate/doc/doc.h"

/* Writes it. 0, -EINVAL for a number that is no integer, or -ENOMEM. */
int canonical_write(const struct doc *d, struct text *to);
