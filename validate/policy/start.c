/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the rulings of a profile to a word or two in a note, and back to modes when the container is started. The word
 * is short, because most profiles name none of these rules: what holds for the most of a group is said once.
 */
#include "validate/policy/start.h"

#include <errno.h>

#include "validate/doc/make.h"
#include "validate/policy/start_exempt.h"
#include "validate/turn.h"

static const char *const groups[] = { "drift", "boundary" };
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

static bool in_group(const char *id, const char *group)
{
	const size_t n = strlen(group);
	return *id == *group && strncmp(id, group, n) == 0 && id[n] == '.';
}

/* What comes of the control, and no more than the policy has it. */
static enum mode mode_of(const struct start_rulings *from, size_t control, enum mode limit)
{
	enum mode m = from->rulings[0][control].mode;

	if (from->rulings[1] && mode_stricter(from->rulings[1][control].mode, m))
		m = from->rulings[1][control].mode;
	return mode_least(m, limit);
}

/* The mode that most rules of the group have; the stricter of two that are as common. */
static enum mode usual_mode(const struct start_rulings *from, const char *group, enum mode limit)
{
	size_t counts[MODE_OFF + 1] = { 0 }, any = 0;
	enum mode usual = mode_least(MODE_AUDIT, limit);

	for (size_t i = 0; i < from->library->count; i++) {
		if (!from->library->controls[i].start || !in_group(from->library->controls[i].id, group))
			continue;
		counts[mode_of(from, i, limit)]++;
		any++;
	}
	for (enum mode m = MODE_ENFORCE; any > 0 && m <= MODE_OFF; m++)
		if (counts[m] > counts[usual] || (counts[m] == counts[usual] && mode_stricter(m, usual)))
			usual = m;
	return usual;
}

const struct doc *start_make(struct arena *a, const struct policy *p, const struct start_rulings *from)
{
	const enum mode most = p->mode == MODE_AUDIT ? MODE_AUDIT : MODE_ENFORCE;
	const enum mode limits[GROUPS] = { mode_least(p->start_drift, most), mode_least(p->start_boundary, most) };
	struct doc *d = make_document(a), *rules = NULL;

	for (size_t g = 0; g < GROUPS; g++) {
		const enum mode usual = usual_mode(from, groups[g], limits[g]);
		(void)make_string(a, d, groups[g], bytes_of(mode_name(usual)));
		for (size_t i = 0; i < from->library->count; i++) {
			const struct control *c = &from->library->controls[i];
			if (!c->start || !in_group(c->id, groups[g]))
				continue;
			const enum mode mode = mode_of(from, i, limits[g]);
			if (mode == usual)
				continue;
			rules = rules ? rules : make_document(a);
			(void)make_string(a, rules, c->id, bytes_of(mode_name(mode)));
		}
	}
	if (rules && !make_whole(rules))
		return NULL;
	if (rules)
		(void)make_copy(a, d, "rules", rules);
	(void)make_string(a, d, "profile", bytes_of(from->profile));
	if (from->exempt)
		start_exempt_make(a, from->exempt, from->library, d);
	return make_whole(d) ? d : NULL;
}

static enum mode mode_said(const struct doc *object, const char *name, enum mode otherwise)
{
	const struct doc *d = doc_get(object, name);
	return d && d->type == DOC_STRING ? mode_find(d->string, otherwise) : otherwise;
}

enum mode start_mode(const struct doc *wanted, const char *id)
{
	for (size_t g = 0; g < GROUPS; g++)
		if (in_group(id, groups[g]))
			return mode_said(doc_get(wanted, "rules"), id, mode_said(wanted, groups[g], MODE_OFF));
	return MODE_OFF;
}

bool start_wants(const struct doc *wanted, const char *group)
{
	const struct doc *rules = doc_get(wanted, "rules");

	if (mode_said(wanted, group, MODE_OFF) != MODE_OFF)
		return true;
	for (const struct doc *m = rules && rules->type == DOC_OBJECT ? rules->first : NULL; m; m = m->next)
		if (m->type == DOC_STRING && bytes_start(m->key, group) && m->key.len > strlen(group) &&
			m->key.data[strlen(group)] == '.' && mode_find(m->string, MODE_OFF) != MODE_OFF)
			return true;
	return false;
}

/* What a breach weighs: what is enforced refuses, whatever else it is. */
static enum severity severity_in(enum mode m, const struct rule *r)
{
	switch (m) {
	case MODE_ENFORCE:
		return SEV_ERROR;
	case MODE_WARN:
		return r->severity > SEV_WARNING ? SEV_WARNING : r->severity;
	case MODE_AUDIT:
		return r->severity;
	case MODE_OFF:
		break;
	}
	return SEV_OFF;
}

const char *start_profile(struct arena *a, const struct doc *wanted)
{
	const struct bytes name = doc_string(wanted, "profile", (struct bytes){ 0 });
	const char *copy = name.len ? arena_copy(a, name) : NULL;
	return copy ? copy : "start";
}

/* Turns on the rows that are judged in that way: recorded only, or counted. *ret_count is how many there are. */
static int turn(struct turning *t, const struct doc *wanted, bool audited, size_t *ret_count)
{
	const char *id;
	size_t at = 0, number;

	*ret_count = 0;
	while (rule_next_id(OF_BOUNDARY, &at, &number, &id)) {
		const enum mode mode = id ? start_mode(wanted, id) : MODE_OFF;
		if (mode == MODE_OFF || (mode == MODE_AUDIT) != audited)
			continue;
		++*ret_count;
		if (turning_on(t, number, severity_in(mode, rule_row(number)), 0) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int no_memory(struct fail *reterr)
{
	return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to judge with");
}

int start_judge(struct arena *a, const struct start *s, struct report *ret, struct fail *reterr)
{
	const char *profile = start_profile(a, s->wanted);

	for (unsigned audited = 0; audited <= 1; audited++) {
		struct turning turning;
		size_t count;
		if (turning_start(a, OF_BOUNDARY, &turning) < 0 || turn(&turning, s->wanted, audited, &count) < 0)
			return no_memory(reterr);
		const struct turned turned = turning_end(&turning);
		const struct check_input in = {
			.file = s->file,
			.text = s->text,
			.root = s->config,
			.of = OF_BOUNDARY,
			.below = "",
			.turned = &turned,
			.boundary = s->boundary,
		};
		struct report found = { 0 };
		const int r = count > 0 ? check(a, &in, &found, reterr) : 0;
		if (r < 0)
			return r;
		for (size_t i = 0; i < found.count; i++) {
			found.findings[i].profile = profile;
			found.findings[i].mode = audited ? MODE_AUDIT : MODE_ENFORCE;
		}
		found.audited = audited ? found.errors : 0;
		if (report_append(a, ret, &found) < 0)
			return no_memory(reterr);
	}
	ret->file = s->file;
	return 0;
}

int start_add(struct arena *a, const struct doc *wanted, const struct start_breach *b, struct report *to,
	bool *ret_added)
{
	const enum mode mode = start_mode(wanted, b->id);
	const struct rule *r = rule_find(b->id);

	if (ret_added)
		*ret_added = false;
	if (mode == MODE_OFF || !r)
		return 0;
	struct finding *f = arena_new(a, struct finding);
	if (!f)
		return -ENOMEM;
	*f = (struct finding){
		.id = r->id,
		.rule = r,
		.severity = severity_in(mode, r),
		.pointer = b->pointer,
		.says = r->says,
		.fact = b->fact,
		.fix = r->fix,
		.places = b->places,
		.mode = mode == MODE_AUDIT ? MODE_AUDIT : MODE_ENFORCE,
		.profile = start_profile(a, wanted),
	};
	struct report one = { .findings = f, .count = 1 };
	one.errors = f->severity == SEV_ERROR;
	one.warnings = f->severity == SEV_WARNING;
	one.infos = f->severity == SEV_INFO;
	one.audited = one.errors && mode == MODE_AUDIT;
	if (report_append(a, to, &one) < 0)
		return -ENOMEM;
	if (ret_added)
		*ret_added = true;
	return 0;
}
