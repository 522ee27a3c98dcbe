/* SPDX-License-Identifier: Apache-2.0 */
/* The map itself, and the line of each property: how it fares when a container asks for it. */
#include "validate/comply.h"

#include <errno.h>
#include <stdio.h>

#include "validate/comply_parts.h"

static const char *const names[COMPLY_MAX] = { "unknown", "none", "partial", "full" };

static const char *const titles[COMPLY_SECTIONS] = {
	[COMPLY_FIELDS] = "Configuration fields",
	[COMPLY_NAMESPACES] = "Namespaces",
	[COMPLY_CGROUPS] = "Cgroups",
	[COMPLY_SECURITY] = "Security",
	[COMPLY_USERS] = "Users and groups",
	[COMPLY_ROOTFS] = "Root filesystem",
	[COMPLY_MOUNTS] = "Mounts",
	[COMPLY_STATES] = "State machine",
	[COMPLY_OPERATIONS] = "Operations",
	[COMPLY_PROCESS] = "Process execution",
	[COMPLY_STREAMS] = "Streams",
};

/* Where a property stands in the map: the longest that is it or above it. */
static const struct {
	const char *above;
	enum comply_section section;
} sections[] = {
	{ "", COMPLY_FIELDS },
	{ "linux.cgroupsPath", COMPLY_CGROUPS },
	{ "linux.gidMappings", COMPLY_USERS },
	{ "linux.maskedPaths", COMPLY_SECURITY },
	{ "linux.mountLabel", COMPLY_SECURITY },
	{ "linux.namespaces", COMPLY_NAMESPACES },
	{ "linux.netDevices", COMPLY_NAMESPACES },
	{ "linux.readonlyPaths", COMPLY_SECURITY },
	{ "linux.resources", COMPLY_CGROUPS },
	{ "linux.rootfsPropagation", COMPLY_ROOTFS },
	{ "linux.seccomp", COMPLY_SECURITY },
	{ "linux.timeOffsets", COMPLY_NAMESPACES },
	{ "linux.uidMappings", COMPLY_USERS },
	{ "mounts", COMPLY_MOUNTS },
	{ "process", COMPLY_PROCESS },
	{ "process.apparmorProfile", COMPLY_SECURITY },
	{ "process.capabilities", COMPLY_SECURITY },
	{ "process.consoleSize", COMPLY_STREAMS },
	{ "process.noNewPrivileges", COMPLY_SECURITY },
	{ "process.selinuxLabel", COMPLY_SECURITY },
	{ "process.terminal", COMPLY_STREAMS },
	{ "process.user", COMPLY_USERS },
	{ "root", COMPLY_ROOTFS },
};

const char *comply_name(enum comply c)
{
	return names[c];
}

const char *comply_section_name(enum comply_section s)
{
	return titles[s];
}

struct comply_line *comply_add(struct arena *a, struct comply_map *m, const struct comply_line *line)
{
	struct comply_line *l = arena_new(a, struct comply_line);

	if (!l)
		return NULL;
	*l = *line;
	l->next = NULL;
	if (m->last)
		m->last->next = l;
	else
		m->lines = l;
	m->last = l;
	return l;
}

int comply_say(struct arena *a, struct comply_line *line, const char *kind, const char *format, ...)
{
	struct comply_evidence *e = arena_new(a, struct comply_evidence);
	struct text text = text_growing(a);
	char one[1024];
	va_list ap;

	va_start(ap, format);
	const int n = vsnprintf(one, sizeof(one), format, ap);
	va_end(ap);
	text_shown(&text, bytes_of(n < 0 ? "" : one), sizeof(one));
	if (!e || text.cut)
		return -ENOMEM;
	*e = (struct comply_evidence){ .kind = kind, .says = text.data };
	const struct comply_evidence **at = &line->evidence;
	while (*at)
		at = (const struct comply_evidence **)(uintptr_t) & (*at)->next;
	*at = e;
	return 0;
}

bool comply_above(const char *above, const char *place)
{
	const size_t n = strlen(above);

	return strncmp(above, place, n) == 0 && (n == 0 || !place[n] || place[n] == '.' || place[n] == '[');
}

static enum comply_section section_of(const char *place)
{
	enum comply_section ret = COMPLY_FIELDS;
	size_t most = 0;

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (comply_above(sections[i].above, place) && strlen(sections[i].above) >= most) {
			most = strlen(sections[i].above);
			ret = sections[i].section;
		}
	return ret;
}

static const struct comply_sample *sample_of(const char *place)
{
	const struct comply_sample *ret = NULL;

	for (const struct comply_sample *s = comply_samples; s->under; s++)
		if (comply_above(s->under, place) && (!ret || strlen(s->under) > strlen(ret->under)))
			ret = s;
	return ret;
}

/* What comes of all words of a sample, or of the sample alone. */
static int try_words(struct trying *t, struct comply_line *line)
{
	const char *const alone[] = { NULL, NULL };
	const char *const *words = t->sample->words ? t->sample->words : alone;
	size_t count[COMPLY_MAX] = { 0 }, all = 0;

	if (t->word)
		return comply_try(t, t->word, line, &line->status);
	do {
		enum comply one;
		const int r = comply_try(t, words[all], line, &one);
		if (r < 0)
			return r;
		count[one]++;
	} while (words[all++] && words[all]);
	line->status = count[COMPLY_FULL] == all ? COMPLY_FULL
		: count[COMPLY_NONE] == all      ? COMPLY_NONE
		: count[COMPLY_UNKNOWN] == all   ? COMPLY_UNKNOWN
						 : COMPLY_PARTIAL;
	return comply_told(t, line);
}

/* Adds the line of a property; of one of its words, where each is a feature. */
static int add_line(struct trying *t, struct comply_map *m, const char *word)
{
	const struct rule *typed = t->node->typed->rule;
	const struct comply_line line = {
		.section = section_of(t->place),
		.name = word ? arena_printf(t->arena, "%s: %s", t->place, word)
			     : arena_copy(t->arena, bytes_of(t->place)),
		.place = arena_copy(t->arena, bytes_of(t->place)),
		.spec = typed->spec,
	};
	struct comply_line *l = line.name && line.place ? comply_add(t->arena, m, &line) : NULL;

	t->word = word;
	int r = l ? try_words(t, l) : -ENOMEM;
	if (r == 0 && l->status == COMPLY_FULL)
		r = comply_vouch(t, l);
	return r;
}

/* Whether a node is a property that has a line: a value, or a list or a map of values. */
static bool is_leaf(const struct place_node *n)
{
	const struct place_node *each = n->element ? n->element : n->key;
	const bool of_values = each && each->typed && !each->first && !each->element && !each->key;

	if (!n->typed || n->typed->rule->of != OF_BUNDLE || (n->step != STEP_NAME && n->parent->typed && !n->first))
		return false;
	return of_values || (!n->first && !each && n->parent);
}

int comply_fields(struct arena *a, struct comply_map *m, struct fail *reterr)
{
	struct place_node *all = vocabulary(a, rule_tables, OF_BUNDLE);
	struct place_node *hosts = vocabulary(a, rule_tables, OF_HOST);
	int r = all && hosts ? 0 : -ENOMEM;

	for (const struct place_node *n = all; n && r == 0; n = place_next(n)) {
		char place[128];
		struct text to = text_over(place, sizeof(place));
		place_write(n, &to);
		struct trying t = { .arena = a,
			.map = m,
			.node = n,
			.hosts = hosts,
			.place = place,
			.sample = sample_of(place) };
		/* One below annotations or a map is no property of its own. */
		if (!is_leaf(n) || (n->parent->key && n->parent->key->typed))
			continue;
		if (!t.sample)
			return fail(reterr, -EINVAL, CAUSE_INTERNAL, "", "no sample of %s", place);
		if (!t.sample->each || strcmp(t.sample->under, place) != 0) {
			r = add_line(&t, m, NULL);
			continue;
		}
		for (const char *const *w = t.sample->words; *w && r == 0; w++)
			r = add_line(&t, m, *w);
	}
	return r == -ENOMEM ? fail(reterr, r, CAUSE_INTERNAL, "", "no memory for the map") : r;
}
