/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What programs read: one object, a result for each document, host and delegate. Pure ASCII, values in full. Who asked
 * about the specification alone is told of it alone: members about hosts, delegates and policies are there where they
 * were named.
 */
#include "ctl/check/format.h"

static void member(struct text *to, const char *name, const char *value)
{
	text_printf(to, "\"%s\":", name);
	text_json(to, bytes_of(value));
	text_char(to, ',');
}

static void optional(struct text *to, const char *name, const char *s)
{
	text_printf(to, ",\"%s\":", name);
	if (s)
		text_json(to, bytes_of(s));
	else
		text_add(to, "null");
}

static void finding_json(const struct against *x, const struct finding *f, struct text *to)
{
	char small[1024];
	struct text message = text_over(small, sizeof(small));

	finding_write(f, SHOW_ALL, &message);
	if (message.cut) {
		message = text_growing(to->arena);
		finding_write(f, SHOW_ALL, &message);
	}
	text_char(to, '{');
	member(to, "rule", f->id);
	member(to, "severity", severity_name(f->severity));
	member(to, "pointer", f->pointer);
	text_printf(to, "\"line\":%u,\"column\":%u,\"message\":", f->place.line, f->place.column);
	text_json(to, (struct bytes){ message.data, message.len });
	optional(to, "basis", finding_basis(f));
	optional(to, "spec", f->rule ? f->rule->spec : NULL);
	if (x->held) {
		optional(to, "fact", f->fact);
		optional(to, "mode", f->profile ? mode_name(f->mode) : NULL);
		optional(to, "profile", f->profile);
		optional(to, "exempt", f->exempt);
	}
	text_char(to, '}');
	to->cut |= message.cut;
}

static void applied_json(const struct against *x, const struct applied *p, struct text *to)
{
	text_add(to, "{\"profile\":");
	text_json(to, bytes_of(p->profile));
	optional(to, "mode", mode_name(x->policy.mode == MODE_AUDIT ? MODE_AUDIT : p->mode));
	optional(to, "claimed", p->claimed);
	text_add(to, ",\"exempt\":[");
	for (size_t i = 0; i < p->exempt_count; i++) {
		text_add(to, i ? "," : "");
		text_json(to, bytes_of(p->exempt[i]));
	}
	text_add(to, "],\"shadows\":[");
	for (size_t i = 0; i < p->shadow_count; i++) {
		text_add(to, i ? ",{\"profile\":" : "{\"profile\":");
		text_json(to, bytes_of(p->shadows[i].profile));
		text_printf(to, ",\"errors\":%zu,\"warnings\":%zu}", p->shadows[i].errors, p->shadows[i].warnings);
	}
	text_add(to, "]}");
}

static void outcome(struct output *o, const struct checked *c, const struct report *r, struct outcome *one)
{
	const struct against *x = o->against;
	const struct side *host = one->host, *delegate = one->delegate;
	struct text *to = &o->to;

	text_add(to, o->told++ > 0 ? ",{" : "{");
	member(to, "path", c->given);
	member(to, "decision", decision_name(one->decision));
	text_add(to, "\"findings\":[");
	for (size_t k = 0; k < r->count; k++) {
		if (k)
			text_char(to, ',');
		finding_json(x, &r->findings[k], to);
	}
	text_printf(to, "],\"left_out\":%zu", report_left_out(r));
	if (x->held) {
		optional(to, "host", host->live || host->document ? side_name(host) : NULL);
		optional(to, "delegate", delegate->document ? side_name(delegate) : NULL);
		optional(to, "unknown", delegate->lacks);
		text_add(to, ",\"policy\":");
		if ((x->has_policy || x->profile) && r->applied)
			applied_json(x, r->applied, to);
		else
			text_add(to, "null");
	}
	text_char(to, '}');
}

static void begin(struct output *o)
{
	text_add(&o->to, "{\"results\":[");
}

static void end(struct output *o, const struct checked *list, size_t count)
{
	(void)list;
	(void)count;
	text_add(&o->to, "]}\n");
}

const struct check_format check_json = {
	.name = "json",
	.summary = "one object, with a result for each document, host and delegate",
	.begin = begin,
	.outcome = outcome,
	.end = end,
};
