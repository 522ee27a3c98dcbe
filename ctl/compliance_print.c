/* SPDX-License-Identifier: Apache-2.0 */
/* The compliance map for reading: sums first, then each line with what says so, then what is missing in one list. */
#include "ctl/compliance.h"
#include "ctl/show.h"
#include "validate/base/limits.h"

static const struct {
	const char *name, *says;
} quirks[] = {
	{ "rewrites-config", "it changes config.json before it hands it on" },
	{ "version-constant", "the ociVersionMax of its features says nothing about what it reads" },
	{ "time-unlisted", "its features do not list the time namespace" },
	{ "idmap-unlisted", "its features do not list the mount options idmap and ridmap" },
	{ "options-unlisted", "its features do not list all mount options that it takes" },
	{ "seccomp-unlisted", "its features do not tell all that it can of seccomp" },
};

const char *compliance_quirk(struct bytes quirk)
{
	for (size_t i = 0; i < sizeof(quirks) / sizeof(quirks[0]); i++)
		if (bytes_is(quirk, quirks[i].name))
			return quirks[i].says;
	return NULL;
}

struct tally tally_of(const struct comply_map *m, enum comply_section s)
{
	struct tally ret = { 0 };

	for (const struct comply_line *l = m->lines; l; l = l->next)
		ret.of[l->status] += s == COMPLY_SECTIONS || s == l->section;
	return ret;
}

int tally_percent(const struct tally *t)
{
	const size_t known = t->of[COMPLY_FULL] + t->of[COMPLY_PARTIAL] + t->of[COMPLY_NONE];

	return known ? (int)(t->of[COMPLY_FULL] * 100 / known) : -1;
}

void compliance_who(const struct comply_map *m, struct text *to)
{
	text_shown(to, doc_string(m->delegate, "name", BYTES("a delegate that is not known")), LIMIT_QUOTE);
	const struct bytes version = doc_string(m->delegate, "version", BYTES(""));
	if (version.len > 0)
		text_char(to, ' ');
	text_shown(to, version, LIMIT_QUOTE);
}

void compliance_where(const struct comply_map *m, struct text *to)
{
	const struct bytes mode = doc_string(m->host, "cgroup.mode", BYTES(""));
	struct bytes kernel = doc_string(m->host, "kernel.release", BYTES(""));

	if (kernel.len == 0 && mode.len == 0) {
		text_add(to, "a host that is not known");
		return;
	}
	/* Who built it is of no matter here: 6.1.0 of 6.1.0-18-amd64. */
	for (size_t i = 0; i < kernel.len; i++)
		if (kernel.data[i] == '-')
			kernel.len = i;
	text_add(to, "Linux ");
	text_shown(to, kernel.len ? kernel : BYTES("of some release"), LIMIT_QUOTE);
	if (mode.len > 0)
		text_add(to, bytes_is(mode, "hybrid") ? ", cgroups " : ", cgroup ");
	text_shown(to, bytes_is(mode, "hybrid") ? BYTES("of both versions (hybrid)") : mode, LIMIT_QUOTE);
}

/* A sentence, wrapped. */
static void words(struct show_line *l, const char *s)
{
	while (*s) {
		char word[160];
		struct text one = text_over(word, sizeof(word));
		const size_t n = strcspn(s, " ");
		text_bytes(&one, (struct bytes){ s, n });
		if (n > 0)
			show_word(l, word);
		s += n + (s[n] == ' ');
	}
}

static void sum_line(const char *name, const struct tally *t, struct text *to)
{
	const int percent = tally_percent(t);

	text_printf(to, "%-24s %6zu %8zu %6zu %8zu", name, t->of[COMPLY_FULL], t->of[COMPLY_PARTIAL],
		t->of[COMPLY_NONE], t->of[COMPLY_UNKNOWN]);
	if (percent >= 0)
		text_printf(to, " %6d %%\n", percent);
	else
		text_add(to, "      -\n");
}

static void sums(const struct comply_map *m, struct text *to)
{
	struct tally all = tally_of(m, COMPLY_SECTIONS);

	text_printf(to, "%-24s %6s %8s %6s %8s %8s\n", "", "full", "partial", "none", "unknown", "of known");
	for (enum comply_section s = 0; s < COMPLY_SECTIONS; s++) {
		struct tally t = tally_of(m, s);
		sum_line(comply_section_name(s), &t, to);
	}
	sum_line("All", &all, to);
}

static void line_text(const struct comply_line *line, struct text *to)
{
	struct show_line l = { .to = to, .indent = 10, .column = 10 };

	text_printf(to, "  %-8s", comply_name(line->status));
	words(&l, line->name);
	text_char(to, '\n');
	for (const struct comply_evidence *e = line->evidence; e; e = e->next) {
		l = (struct show_line){ .to = to, .indent = 12, .column = 12 };
		text_printf(to, "%12s", "");
		text_printf(to, "%s:", e->kind);
		l.column += strlen(e->kind) + 1;
		words(&l, e->says);
		text_char(to, '\n');
	}
}

static void gaps_text(const struct comply_map *m, struct text *to)
{
	static const enum comply both[] = { COMPLY_NONE, COMPLY_PARTIAL };
	const struct doc *quirk = doc_get(m->delegate, "quirks");

	text_add(to, "\nKnown deviations and gaps\n");
	for (size_t i = 0; i < 2; i++)
		for (const struct comply_line *l = m->lines; l; l = l->next) {
			struct show_line w = { .to = to, .indent = 12, .column = 10 };
			if (l->status != both[i])
				continue;
			text_printf(to, "  %-8s", comply_name(l->status));
			words(&w, l->name);
			text_char(to, '\n');
		}
	for (quirk = quirk ? quirk->first : NULL; quirk; quirk = quirk->next) {
		struct show_line w = { .to = to, .indent = 12, .column = 10 };
		if (quirk->type != DOC_STRING || !compliance_quirk(quirk->string))
			continue;
		text_printf(to, "  %-8s", "quirk");
		words(&w, compliance_quirk(quirk->string));
		text_char(to, '\n');
	}
}

void compliance_text(const struct comply_map *m, struct text *to)
{
	compliance_who(m, to);
	text_add(to, "\non ");
	compliance_where(m, to);
	text_add(to, "\n\n");
	sums(m, to);
	for (enum comply_section s = 0; s < COMPLY_SECTIONS; s++) {
		text_printf(to, "\n%s\n", comply_section_name(s));
		for (const struct comply_line *l = m->lines; l; l = l->next)
			if (l->section == s)
				line_text(l, to);
	}
	gaps_text(m, to);
}
