/* SPDX-License-Identifier: Apache-2.0 */
/* All of it for programs: the boundary as validate/host/boundary.h has it, the fields of the table, the findings. */
#include "ctl/boundary/boundary.h"
#include "validate/doc/make.h"
#include "validate/policy/start.h"

static void add_container(const struct looked *l, struct doc *to)
{
	const struct running *r = &l->of;
	struct doc *d = make_object(l->a, to, "container");
	if (*r->id) {
		(void)make_string(l->a, d, "id", bytes_of(r->id));
		(void)make_string(l->a, d, "root", bytes_of(r->root));
		(void)make_string(l->a, d, "runtime", bytes_of(r->runtime));
	}
	if (r->engine)
		(void)make_string(l->a, d, "engine", bytes_of(r->engine));
	(void)make_string(l->a, d, "config", bytes_of(l->file));
	(void)make_string(l->a, d, "state", bytes_of(running_state_name(r->state)));
	(void)make_int(l->a, d, "pid", r->pid);
}

static void add_fields(const struct sides *s, struct doc *to)
{
	struct arena *a = s->l->a;
	struct doc *list = make_array(a, to, "fields");
	for (size_t i = 0; i < s->count; i++) {
		const struct side *one = &s->of[i];
		if (!one->declared && !one->real)
			continue;
		struct doc *d = make_object(a, list, NULL);
		const char *field = one->field;
		while (*field == ' ')
			field++;
		(void)make_string(a, d, "field", bytes_of(field));
		(void)make_string(a, d, "pointer", bytes_of(one->pointer ? one->pointer : ""));
		if (one->declared)
			(void)make_string(a, d, "declared", bytes_of(one->declared));
		if (one->real)
			(void)make_string(a, d, "real", bytes_of(one->real));
		(void)make_string(a, d, "mark", bytes_of(mark_name(one->mark)));
	}
}

/* What the policy makes of it: the members that runvetctl check has of a finding, and the exemption's own words. */
static void add_ruled(const struct looked *l, const struct finding *f, struct doc *to)
{
	struct exempt_words x;

	(void)make_string(l->a, to, "mode", bytes_of(mode_name(f->mode)));
	if (!f->exempt)
		return;
	settled_exemption(l, f->exempt, &x);
	(void)make_string(l->a, to, "exempt", bytes_of(f->exempt));
	if (x.until)
		(void)make_string(l->a, to, "until", bytes_of(x.until));
	if (x.reason)
		(void)make_string(l->a, to, "reason", bytes_of(x.reason));
}

static void add_findings(const struct looked *l, struct doc *to)
{
	struct doc *list = make_array(l->a, to, "findings");
	for (size_t i = 0; i < l->report.count; i++) {
		const struct finding *f = &l->report.findings[i];
		struct text says = text_growing(l->a);
		struct doc *d = make_object(l->a, list, NULL);
		finding_write(f, SHOW_SAFE, &says);
		(void)make_string(l->a, d, "rule", bytes_of(f->id));
		(void)make_string(l->a, d, "severity", bytes_of(severity_name(f->severity)));
		(void)make_string(l->a, d, "pointer", bytes_of(f->pointer));
		(void)make_string(l->a, d, "says", bytes_of(says.data));
		if (l->wanted)
			add_ruled(l, f, d);
	}
}

/* What a start would make of it, by what create settled. */
static void add_start(const struct looked *l, struct doc *to)
{
	if (l->approved != APPROVED_UNKNOWN)
		(void)make_bool(l->a, to, "approved", l->approved == APPROVED);
	if (!l->wanted)
		return;
	struct doc *d = make_object(l->a, to, "start");
	(void)make_string(l->a, d, "decision", bytes_of(decision_name(l->decision)));
	(void)make_string(l->a, d, "profile", bytes_of(start_profile(l->a, l->wanted)));
	(void)make_uint(l->a, d, "exempt", l->report.exempted);
	(void)make_uint(l->a, d, "off", l->off);
}

void print_json(const struct sides *s, struct text *to)
{
	const struct looked *l = s->l;
	struct doc *root = make_document(l->a);
	add_container(l, root);
	(void)make_bool(l->a, root, "differs", looked_counts(l) > 0);
	add_start(l, root);
	add_fields(s, root);
	add_findings(l, root);
	(void)make_copy(l->a, root, "boundary", l->boundary);
	if (!make_whole(root)) {
		to->cut = true;
		return;
	}
	doc_write(root, true, to);
	text_char(to, '\n');
}
