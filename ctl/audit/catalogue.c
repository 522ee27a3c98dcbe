/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue's entry is a text with @FIELDS@, named as journald names them; the table of fields says where the chain
 * has each. An operator's translation or addition is in the installed catalogue, so that is asked first.
 */
#include "ctl/audit/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "audit/record.h"
#include "ctl/audit/source.h"
#include "validate/base/limits.h"

static const struct event_id {
	const char *end, *id; /* of the event's code */
} ids[] = {
	{ ".allowed", ID_ALLOWED },
	{ ".denied", ID_DENIED },
	{ ".would-deny", ID_WOULD_DENY },
	{ ".bypassed", ID_BYPASS },
	{ ".error", ID_ERROR },
	{ "audit.gap", ID_AUDIT_GAP },
	{ "audit.spilled", ID_AUDIT_GAP },
	{ "audit.checkpoint", ID_CHECKPOINT },
	{ "policy.changed", ID_POLICY },
	{ "container.drift", ID_DRIFT },
	{ "container.boundary", ID_BOUNDARY },
};

static bool ends_in(struct bytes b, const char *end)
{
	const size_t n = strlen(end);
	return b.len >= n && memcmp(b.data + b.len - n, end, n) == 0;
}

/* The MESSAGE_ID of a record's event, NULL when there is none. */
static const char *catalogue_id(struct bytes event)
{
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (ends_in(event, ids[i].end))
			return ids[i].id;
	return bytes_start(event, "container.") ? ID_LIFECYCLE : NULL;
}

static const char *find_embedded(const char *id)
{
	for (const struct catalogue_entry *e = catalogue_embedded; e->id; e++)
		if (strcmp(e->id, id) == 0)
			return e->text;
	return NULL;
}

/* The value of a field, by journald's name for it. */
static struct bytes value_of(struct arena *a, const struct seen *s, struct bytes name)
{
	for (enum field f = 0; f < FIELD_MAX; f++) {
		const struct field_row *row = field_row(f);
		const struct doc *d = row->journal && row->json && bytes_is(name, row->journal)
			? doc_find(s->root, row->json)
			: NULL;
		if (d && d->type == DOC_STRING)
			return d->string;
		if (d && d->type == DOC_INT && !d->integer.negative)
			return bytes_of(arena_printf(a, "%llu", (unsigned long long)d->integer.magnitude));
	}
	return name;
}

/* A variable at the front of b, with both its signs; 0 when there is none. */
static size_t variable(struct bytes b)
{
	size_t n = 1;

	while (n < b.len && ((b.data[n] >= 'A' && b.data[n] <= 'Z') || b.data[n] == '_'))
		n++;
	return n > 1 && n < b.len && b.data[n] == '@' ? n + 1 : 0;
}

static void fill_in(const struct seen *s, struct bytes text, struct text *to)
{
	for (size_t i = 0; i < text.len;) {
		const struct bytes rest = { text.data + i, text.len - i };
		const char *at = memchr(rest.data, '@', rest.len);
		const size_t plain = at ? (size_t)(at - rest.data) : rest.len;
		text_bytes(to, (struct bytes){ rest.data, plain });
		i += plain;
		if (!at)
			break;
		const size_t n = variable((struct bytes){ at, rest.len - plain });
		if (n > 0)
			text_shown(to, value_of(to->arena, s, (struct bytes){ at + 1, n - 2 }), LIMIT_FIELD);
		else
			text_char(to, '@');
		i += n ? n : 1;
	}
}

bool catalogue_write(const struct seen *s, struct text *to)
{
	const char *id = catalogue_id(seen_string(s, "event.code"));

	if (!id)
		return false;
	char *installed = source_journal_catalog(id);
	struct bytes text = bytes_of(installed ? installed : find_embedded(id));
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		text.len--;
	fill_in(s, text, to);
	if (text.len > 0)
		text_char(to, '\n');
	free(installed);
	return text.len > 0;
}
