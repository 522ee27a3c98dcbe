/* SPDX-License-Identifier: Apache-2.0 */
/* A tree back to text, for tests: compact, pure ASCII, members in their order; only what is in the nodes. */
#pragma once

#include <inttypes.h>

#include "validate/doc/doc.h"

__attribute__((unused)) static void doc_print(const struct doc *d, struct text *to)
{
	switch (d->type) {
	case DOC_NULL:
		text_add(to, "null");
		break;
	case DOC_BOOL:
		text_add(to, d->boolean ? "true" : "false");
		break;
	case DOC_INT:
		text_printf(to, "%s%" PRIu64, d->integer.negative ? "-" : "", d->integer.magnitude);
		break;
	case DOC_NUMBER:
		text_bytes(to, d->string);
		break;
	case DOC_STRING:
		text_json(to, d->string);
		break;
	case DOC_ARRAY:
	case DOC_OBJECT:
		text_char(to, d->type == DOC_ARRAY ? '[' : '{');
		for (const struct doc *m = d->first; m; m = m->next) {
			if (m != d->first)
				text_char(to, ',');
			if (d->type == DOC_OBJECT) {
				text_json(to, m->key);
				text_char(to, ':');
			}
			doc_print(m, to);
		}
		text_char(to, d->type == DOC_ARRAY ? ']' : '}');
		break;
	}
}
