/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comma-separated values (RFC 4180), every value in quotes. Spreadsheets run what begins with = + - @ as a formula,
 * also behind a tab: such a value gets an apostrophe before it, which they take for "this is text". Line breaks, NULs
 * and what moves a cursor are written \xNN, so that a record is one line for everybody; it ends in a plain newline.
 */
#include "ctl/audit/format.h"

#include <stdio.h>
#include <string.h>

#include "validate/base/limits.h"

static void quoted(struct bytes value, struct text *to)
{
	struct text shown = text_growing(to->arena);
	const bool formula = value.len > 0 && memchr("=+-@\t\r|%", value.data[0], 8);

	text_shown(&shown, value, (size_t)4 * LIMIT_FIELD);
	text_char(to, '"');
	if (formula)
		text_char(to, '\'');
	for (size_t i = 0; i < shown.len; i++) {
		if (shown.data[i] == '"')
			text_char(to, '"');
		text_char(to, shown.data[i]);
	}
	text_char(to, '"');
	to->cut |= shown.cut;
}

/* A scalar member as text; lists by what their elements have at `part`. */
static void value_of(const struct doc *d, const char *part, struct text *to)
{
	if (!d)
		return;
	if (d->type == DOC_STRING) {
		text_bytes(to, d->string);
	} else if (d->type == DOC_INT) {
		text_printf(to, "%s%llu", d->integer.negative ? "-" : "", (unsigned long long)d->integer.magnitude);
	} else if (d->type == DOC_ARRAY) {
		for (const struct doc *e = d->first; e; e = e->next) {
			text_add(to, e == d->first ? "" : " ");
			value_of(part && e->type == DOC_OBJECT ? doc_get(e, part) : e, part, to);
		}
	}
}

static const struct column {
	const char *name, *path;
	const char *part; /* of the elements of a list */
} columns[] = {
	{ "time", "time", NULL },
	{ "event", "event.code", NULL },
	{ "action", "action", NULL },
	{ "decision", "decision", NULL },
	{ "reason", "reason", NULL },
	{ "rules", "violations", "rule" },
	{ "places", "violations", "path" },
	{ "message", "message", NULL },
	{ "container", "container.id", NULL },
	{ "name", "container.name", NULL },
	{ "image", "container.image.name", NULL },
	{ "image_digest", "container.image.id", NULL },
	{ "namespace", "k8s.namespace.name", NULL },
	{ "pod", "k8s.pod.name", NULL },
	{ "identity_trust", "identity_trust", NULL },
	{ "engine", "engine.name", NULL },
	{ "caller", "caller.exe", NULL },
	{ "unit", "caller.unit", NULL },
	{ "login_uid", "user.auid", NULL },
	{ "uid", "user.euid", NULL },
	{ "policy", "policy.name", NULL },
	{ "policy_version", "policy.version", NULL },
	{ "mode", "mode", NULL },
	{ "policy_digest", "policy.digest", NULL },
	{ "config_digest", "config.digest", NULL },
	{ "bundle", "bundle", NULL },
	{ "host", "host.name", NULL },
	{ "boot", "host.boot_id", NULL },
	{ "id", "id", NULL },
	{ "create_id", "create_id", NULL },
	{ "chain", "chain", NULL },
	{ "seq", "seq", NULL },
	{ "fingerprint_normal", "fingerprint.normal", NULL },
	{ "fingerprint_posture", "fingerprint.posture", NULL },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void head_csv(struct text *to)
{
	for (size_t i = 0; i < COLUMNS; i++)
		text_printf(to, "%s,", columns[i].name);
	text_add(to, "sound,place\n");
}

static void one_csv(const struct seen *s, struct text *to)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		struct text value = text_growing(to->arena);
		/* What a changed line says is nobody's word. */
		if (s->sound)
			value_of(doc_find(s->root, columns[i].path), columns[i].part, &value);
		if (value.len > 0)
			quoted((struct bytes){ value.data, value.len }, to);
		text_char(to, ',');
		to->cut |= value.cut;
	}
	text_add(to, s->sound ? "yes," : "no,");
	struct text place = text_growing(to->arena);
	text_add(&place, s->place);
	if (s->number > 0)
		text_printf(&place, ":%lu", s->number);
	quoted((struct bytes){ place.data, place.len }, to);
	text_add(to, "\n");
}

const struct audit_format format_csv = {
	.name = "csv",
	.summary = "a table for spreadsheets",
	.head = head_csv,
	.one = one_csv,
};
