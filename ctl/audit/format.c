/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formats there are, and the two that are little more than a record itself. JSON is the chain's line, byte for
 * byte, so that its hash can be checked by who gets it; a line that is not sound becomes an object that says so, and
 * holds what was there as a string.
 */
#include "ctl/audit/format.h"

#include <string.h>

#include "validate/base/limits.h"

#define CLAIMED_MOST ((size_t)4096) /* of a line that is not sound */

const struct audit_format *const audit_formats[] = { &format_text, &format_json, &format_csv, &format_ocsf,
	&format_ocsf_compliance, &format_ecs, &format_cef, NULL };

const struct audit_format *audit_format_find(const char *name)
{
	for (size_t i = 0; audit_formats[i]; i++)
		if (strcmp(audit_formats[i]->name, name) == 0)
			return audit_formats[i];
	return NULL;
}

static void one_json(const struct seen *s, struct text *to)
{
	if (s->sound) {
		text_bytes(to, s->text);
		text_char(to, '\n');
		return;
	}
	const struct bytes claimed = { s->text.data, s->text.len < CLAIMED_MOST ? s->text.len : CLAIMED_MOST };
	text_add(to, "{\"claims\":");
	text_json(to, claimed);
	text_printf(to, ",\"line\":%lu,\"place\":", s->number);
	text_json(to, bytes_of(s->place));
	text_add(to, ",\"sound\":false}\n");
}

const struct audit_format format_json = {
	.name = "json",
	.summary = "each record on a line, as the chain has it",
	.one = one_json,
};
