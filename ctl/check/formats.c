/* SPDX-License-Identifier: Apache-2.0 */
/* The formats, and what they share. */
#include <errno.h>

#include "ctl/check/format.h"
#include "ctl/ctl.h"

static const struct check_format *const formats[] = { &check_text, &check_lines, &check_json, &check_sarif,
	&check_junit, &check_github };

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

const struct check_format *check_format_find(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

const char *check_format_names(void)
{
	static char names[80];
	struct text to = text_over(names, sizeof(names));
	for (size_t i = 0; i < FORMATS; i++)
		text_printf(&to, "%s%s", i == 0 ? "" : i + 1 == FORMATS ? " or " : ", ", formats[i]->name);
	return names;
}

int output_flush(struct output *o, bool all)
{
	if (o->to.cut)
		return trouble("no memory for the output");
	if (o->failed)
		return CTL_USAGE;
	if (o->to.len == 0 || (!all && o->to.len < OUTPUT_PIECE))
		return CTL_GOOD;
	o->failed = put(o->to.data) != CTL_GOOD;
	o->to.len = 0;
	o->to.data[0] = '\0';
	return o->failed ? CTL_USAGE : CTL_GOOD;
}

bool output_fails(const struct output *o, const struct checked *c)
{
	for (size_t i = 0; i < c->count && o->fail_on != FAIL_NEVER; i++)
		if (!c->outcomes[i].runs || (o->fail_on == FAIL_ON_WARNING && c->outcomes[i].warnings > 0))
			return true;
	return false;
}

/* Characters that XML 1.0 has, of those above U+007F. */
static bool is_xml(const char *p, size_t n)
{
	/* U+FFFE and U+FFFF; what is no UTF-8, surrogates among it, does not come so far. */
	return n != 3 || memcmp(p, "\xef\xbf", 2) != 0 || (unsigned char)p[2] < 0xbe;
}

void text_xml(struct text *to, struct bytes b)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\n', "&#10;" },
		{ '\r', "&#13;" }, { '\t', "&#9;" } };

	for (size_t i = 0; i < b.len && !to->cut;) {
		const struct bytes rest = { b.data + i, b.len - i };
		const size_t n = utf8_length(rest);
		const char *entity = NULL;
		for (size_t k = 0; k < sizeof(entities) / sizeof(entities[0]); k++)
			if (*rest.data == entities[k].c)
				entity = entities[k].entity;
		const bool fit = n > 1 ? is_xml(rest.data, n) : n == 1 && (unsigned char)*rest.data >= 0x20;
		if (entity)
			text_add(to, entity);
		else if (fit)
			text_bytes(to, (struct bytes){ rest.data, n });
		else
			text_add(to, "\xef\xbf\xbd");
		i += n ? n : 1;
	}
}
