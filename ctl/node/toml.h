/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TOML 1.0, as containerd, CRI-O and Podman are configured in it, read into a tree like a JSON document's, so that
 * whoever looks for something in a configuration need not know which of the two it was. No library in C for it is
 * packaged in Debian 12.
 *
 * Floats and dates are DOC_NUMBER, as they are written. Each value has its offset and end. Of a table that has a
 * header, .offset is the header's first byte and .end the place where another line of that table could be put in; a
 * table that has none (made by a dotted key, or by a header below it) has .end 0.
 */
#pragma once

#include "validate/doc/doc.h"

/*
 * Parses text (kept by reference). 0; -EBADMSG with *reterr giving line, column and cause; -ENOMEM. What the
 * specification forbids is refused: a name twice, a table twice, text that is not UTF-8, a bare newline in a string.
 */
int toml_parse(struct arena *a, struct bytes text, const char *file, const struct doc **ret, struct fail *reterr);

/* b as a basic string with its quotes. */
void toml_string(struct text *to, struct bytes b);

/* b as a key: bare when that is possible, else quoted. */
void toml_key(struct text *to, struct bytes b);
