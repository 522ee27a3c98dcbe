/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How records are printed: one row per format. A format sees one record at a time, writes it to `to`, and keeps
 * nothing; values are hostile, and each format escapes for its own reader. `to` grows in an arena, which is emptied
 * after each record.
 */
#pragma once

#include "ctl/audit/seen.h"
#include "validate/base/text.h"

struct audit_format {
	const char *name;     /* "json" */
	const char *summary;  /* half a line of help */
	void (*head)(struct text *to);                        /* before the first; NULL: nothing */
	void (*one)(const struct seen *s, struct text *to);   /* with its newline; may write nothing */
};

extern const struct audit_format format_text, format_json, format_csv, format_ocsf,
	format_ocsf_compliance, format_ecs, format_cef;

/* All of them, closed by NULL. */
extern const struct audit_format *const audit_formats[];

const struct audit_format *audit_format_find(const char *name);

/* Tells the text format where it goes: a terminal has colours and an end of the line. Before the first record. */
void format_terminal(int fd);
