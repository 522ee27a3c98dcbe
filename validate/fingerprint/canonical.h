/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text for one document, whatever order and spacing it came in: the JSON Canonicalization Scheme (RFC 8785), but
 * with integers digit by digit. That scheme writes numbers as IEEE doubles, and a limit of 18446744073709551615 bytes
 * would be the same as one of ...614; so an integer keeps its exact decimal digits, however many, and only -0 is 0. A
 * number that is none (1.5, 1e3) has no canonical form here, and configurations have none.
 *
 * Names are sorted by their UTF-16 code units, strings are escaped as that scheme has it, null members are left out (a
 * null is what is absent, validate/doc); a null in an array stays, for it has a place.
 */
#pragma once

#include "validate/base/digest.h"
#include "validate/base/text.h"
#include "validate/doc/doc.h"

/* Writes it to a text that grows. 0, -EINVAL for a number that is no integer, or -ENOMEM. */
int canonical_write(const struct doc *d, struct text *to);

/*
 * The same where some values are written otherwise: `other` is asked at each value, and returns 0 when it has none of
 * its own to say, 1 when it wrote one, or a negative errno.
 */
struct canonical {
	struct text *to;
	int (*other)(const struct canonical *c, const struct doc *d);
	void *data; /* of other's */
	struct digest *digest; /* set: all that is wanted of the text. Of what is in `to` much may be there already */
};
int canonical_write_with(const struct canonical *c, const struct doc *d);

/*
 * A text that is wanted for its digest alone need not be there as a whole: where much has come together, takes it into
 * the digest, all but the last byte, for who looks at what he goes on from. canonical_finish takes the rest.
 */
void canonical_take(struct text *from, struct digest *to);
void canonical_finish(const struct text *from, struct digest *to, char ret[static DIGEST_HEX]);

/* Its parts: a string with its quotes, or without; and the order of names. */
void canonical_string(struct text *to, struct bytes s);
void canonical_escaped(struct text *to, struct bytes s);
int canonical_order(struct bytes a, struct bytes b);
