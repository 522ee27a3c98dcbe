/* SPDX-License-Identifier: Apache-2.0 */
/* The compliance map for programs, and as a document to keep: nothing in it depends on when it was made. */
#include "ctl/compliance.h"
#include "ctl/told.h"
#include "validate/base/limits.h"

static void member(struct text *to, const char *name, struct bytes value)
{
	text_printf(to, "\"%s\":", name);
	if (value.len > 0)
		text_json(to, value);
	else
		text_add(to, "null");
}

static void members(struct text *to, const struct doc *d, const char *const *names)
{
	text_char(to, '{');
	for (size_t i = 0; names[i]; i++) {
		const char *last = strrchr(names[i], '.');
		text_add(to, i ? "," : "");
		member(to, last ? last + 1 : names[i], doc_string(d, names[i], BYTES("")));
	}
	text_char(to, '}');
}

static void tally_json(const struct tally *t, struct text *to)
{
	text_printf(to, "{\"full\":%zu,\"partial\":%zu,\"none\":%zu,\"unknown\":%zu,\"percent\":", t->of[COMPLY_FULL],
		t->of[COMPLY_PARTIAL], t->of[COMPLY_NONE], t->of[COMPLY_UNKNOWN]);
	if (tally_percent(t) < 0)
		text_add(to, "null}");
	else
		text_printf(to, "%d}", tally_percent(t));
}

static void line_json(const struct comply_line *l, struct text *to)
{
	text_char(to, '{');
	member(to, "section", bytes_of(comply_section_name(l->section)));
	text_char(to, ',');
	member(to, "name", bytes_of(l->name));
	text_char(to, ',');
	member(to, "place", bytes_of(l->place));
	text_char(to, ',');
	member(to, "spec", bytes_of(l->spec));
	text_char(to, ',');
	member(to, "status", bytes_of(comply_name(l->status)));
	text_add(to, ",\"evidence\":[");
	for (const struct comply_evidence *e = l->evidence; e; e = e->next) {
		text_char(to, '{');
		member(to, "kind", bytes_of(e->kind));
		text_char(to, ',');
		member(to, "says", bytes_of(e->says));
		text_add(to, e->next ? "}," : "}");
	}
	text_add(to, "]}");
}

void compliance_json(const struct comply_map *m, struct text *to)
{
	static const char *const delegate[] = { "name", "version", "spec", "path", "digest", NULL },
				 *const host[] = { "kernel.release", "kernel.machine", "cgroup.mode", NULL };
	const struct tally all = tally_of(m, COMPLY_SECTIONS);

	text_add(to, "{\"delegate\":");
	members(to, m->delegate, delegate);
	text_add(to, ",\"host\":");
	members(to, m->host, host);
	text_add(to, ",\"sums\":{");
	for (enum comply_section s = 0; s < COMPLY_SECTIONS; s++) {
		const struct tally t = tally_of(m, s);
		text_json(to, bytes_of(comply_section_name(s)));
		text_char(to, ':');
		tally_json(&t, to);
		text_char(to, ',');
	}
	text_add(to, "\"All\":");
	tally_json(&all, to);
	text_add(to, "},\"lines\":[");
	for (const struct comply_line *l = m->lines; l; l = l->next) {
		text_add(to, l == m->lines ? "\n" : ",\n");
		line_json(l, to);
	}
	text_add(to, "\n]}\n");
}

/* Text in a cell of a table: nothing in it is markup. */
static void cell(const char *s, struct text *to)
{
	for (; *s; s++) {
		if (strchr("\\`*_|<>[]{}#", *s))
			text_char(to, '\\');
		text_char(to, *s);
	}
}

static void fact(const char *name, struct bytes value, struct text *to)
{
	char shown[256];
	struct text one = text_over(shown, sizeof(shown));

	if (value.len == 0)
		return;
	text_shown(&one, value, sizeof(shown) - 1);
	text_printf(to, "| %s | ", name);
	cell(shown, to);
	text_add(to, " |\n");
}

static void facts(const struct comply_map *m, struct text *to)
{
	char where[256];
	struct text host = text_over(where, sizeof(where));

	compliance_where(m, &host);
	text_add(to, "| | |\n| --- | --- |\n");
	fact("delegate", doc_string(m->delegate, "name", BYTES("")), to);
	fact("version", doc_string(m->delegate, "version", BYTES("")), to);
	fact("it says it keeps to", doc_string(m->delegate, "spec", BYTES("")), to);
	fact("its features reach to", doc_string(m->delegate, "features.ociVersionMax", BYTES("")), to);
	fact("SHA-256", doc_string(m->delegate, "digest", BYTES("")), to);
	fact("host", bytes_of(where), to);
	text_char(to, '\n');
}

static void sum_row(const char *name, const struct tally *t, struct text *to)
{
	text_printf(to, "| %s | %zu | %zu | %zu | %zu | ", name, t->of[COMPLY_FULL], t->of[COMPLY_PARTIAL],
		t->of[COMPLY_NONE], t->of[COMPLY_UNKNOWN]);
	if (tally_percent(t) < 0)
		text_add(to, "- |\n");
	else
		text_printf(to, "%d %% |\n", tally_percent(t));
}

static void row(const struct comply_line *l, struct text *to)
{
	const bool property = l->place != NULL;

	text_printf(to, "| %s", property ? "`" : "");
	if (property)
		text_add(to, l->name);
	else
		cell(l->name, to);
	text_printf(to, "%s | %s | ", property ? "`" : "", comply_name(l->status));
	if (l->spec && strstr(l->spec, ".md"))
		text_printf(to, "[%.*s](%s%s)", (int)strcspn(l->spec, "#"), l->spec, TOLD_SPEC, l->spec);
	text_add(to, " | ");
	for (const struct comply_evidence *e = l->evidence; e; e = e->next) {
		text_printf(to, "*%s*: ", e->kind);
		cell(e->says, to);
		text_add(to, e->next ? "<br>" : "");
	}
	text_add(to, " |\n");
}

static void gaps(const struct comply_map *m, struct text *to)
{
	static const enum comply both[] = { COMPLY_NONE, COMPLY_PARTIAL };
	const struct doc *quirk = doc_get(m->delegate, "quirks");

	text_add(to, "\n## Known deviations and gaps\n\n");
	for (size_t i = 0; i < 2; i++)
		for (const struct comply_line *l = m->lines; l; l = l->next) {
			if (l->status != both[i])
				continue;
			text_printf(to, "- %s: ", comply_name(l->status));
			cell(l->name, to);
			text_char(to, '\n');
		}
	for (quirk = quirk ? quirk->first : NULL; quirk; quirk = quirk->next) {
		const char *says = quirk->type == DOC_STRING ? compliance_quirk(quirk->string) : NULL;
		if (says)
			text_printf(to, "- quirk: %s\n", says);
	}
}

void compliance_markdown(const struct comply_map *m, struct text *to)
{
	const struct tally all = tally_of(m, COMPLY_SECTIONS);

	text_add(to, "<!-- SPDX-License-Identifier: Apache-2.0 -->\n# The runtime specification, as ");
	compliance_who(m, to);
	text_add(to,
		" keeps it\n\n`runvetctl compliance --format markdown` prints this page. A line is *full* when "
		"something\n"
		"says that the delegate does it on this host and nothing says otherwise, *partial* when it does some "
		"of\n"
		"it, *none* when a container that asks for it fails or goes without, and *unknown* when nobody says.\n"
		"The percentage is of what is known.\n\n");
	facts(m, to);
	text_add(to,
		"| section | full | partial | none | unknown | of known |\n| --- | --- | --- | --- | --- | --- |\n");
	for (enum comply_section s = 0; s < COMPLY_SECTIONS; s++) {
		const struct tally t = tally_of(m, s);
		sum_row(comply_section_name(s), &t, to);
	}
	sum_row("All", &all, to);
	for (enum comply_section s = 0; s < COMPLY_SECTIONS; s++) {
		text_printf(to,
			"\n## %s\n\n| feature | status | specification | what says so |\n| --- | --- | --- | --- |\n",
			comply_section_name(s));
		for (const struct comply_line *l = m->lines; l; l = l->next)
			if (l->section == s)
				row(l, to);
	}
	gaps(m, to);
}
