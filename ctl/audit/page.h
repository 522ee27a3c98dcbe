/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page that stands alone: no script, nothing from anywhere else, one style whose hash the page's own policy names.
 * Who writes to it escapes by page_text; what stands in records is chosen by those who are watched.
 */
#pragma once

#include "ctl/audit/report.h"

/* s as text of an element or of an attribute in double quotes. */
void page_text(struct text *to, const char *s);

/* From <!doctype> to the opened body; the title is escaped. */
void page_begin(struct text *to, const char *title);
void page_end(struct text *to);

/* The bars of a timeline, with what they are below them. */
void page_timeline(struct text *to, const struct timeline *t);

/* One bar, as long as its share of `most`, in the colours of its kinds. */
void page_bar(struct text *to, const uint64_t *by, uint64_t most);

/* The kinds of decision in the order of importance, and how a page calls them. */
#define PAGE_KINDS 5u
extern const struct page_kind {
	enum seen_kind kind;
	const char *class, *word;
} page_kinds[PAGE_KINDS];
