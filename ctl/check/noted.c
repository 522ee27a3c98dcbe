/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was found of one document, each finding once, with where it holds. A judgement's own memory ends with it, and
 * of forty judgements of one document most say the same.
 */
#include "ctl/check/format.h"
#include "validate/policy/policy_parts.h"

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_it(const struct noted *n, const struct finding *f)
{
	return n->f.severity == f->severity && n->f.place.line == f->place.line &&
		n->f.place.column == f->place.column && same(n->f.id, f->id) && same(n->f.pointer, f->pointer) &&
		same(n->f.says, f->says) && same(n->f.fact, f->fact) && same(n->f.exempt, f->exempt);
}

/* Strings of the judgement's become the document's, and so does the row, which a profile may have made for it. */
static bool keep(struct arena *a, struct finding *f)
{
	struct rule *rule = f->rule ? arena_new(a, struct rule) : NULL;
	const char **const strings[] = { &f->id, &f->pointer, &f->says, &f->found, &f->found_safe, &f->fact, &f->fix,
		&f->profile, &f->exempt };

	if (f->rule && !rule)
		return false;
	if (rule) {
		*rule = *f->rule;
		f->rule = rule;
	}
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		if (!*strings[i])
			continue;
		*strings[i] = arena_copy(a, bytes_of(*strings[i]));
		if (!*strings[i])
			return false;
	}
	return true;
}

static bool grow(struct checked *c, size_t more)
{
	if (c->noted_count + more <= c->noted_room)
		return true;
	const size_t room = c->noted_count * 2 + more;
	struct noted *list = arena_array(c->arena, room, sizeof(*list));
	if (!list)
		return false;
	if (c->noted_count > 0)
		memcpy(list, c->noted, c->noted_count * sizeof(*list));
	c->noted = list;
	c->noted_room = room;
	return true;
}

bool noted_add(struct checked *c, const struct report *r, size_t outcome)
{
	const size_t had = c->noted_count;
	size_t next = 0;

	if (!grow(c, r->count))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		size_t tried = 0, at = next;
		/* Judgements are much alike: it is looked for behind the one before it, first. */
		while (tried < had && !is_it(&c->noted[at % had], f)) {
			tried++;
			at++;
		}
		struct noted *n = tried < had ? &c->noted[at % had] : &c->noted[c->noted_count++];
		next = tried < had ? at % had + 1 : next;
		if (tried == had) {
			*n = (struct noted){ .f = *f, .region = source_region(&c->source, f) };
			n->in = arena_array(c->arena, c->all, sizeof(*n->in));
			if (!n->in || !keep(c->arena, &n->f))
				return false;
		}
		n->in[outcome] = true;
	}
	return true;
}

enum severity noted_severity(const struct noted *n)
{
	const struct finding *f = &n->f;
	if (f->severity != SEV_OFF)
		return f->severity;
	return f->rule && f->rule->severity != SEV_OFF ? f->rule->severity : SEV_ERROR;
}

void noted_where(const struct output *o, const struct checked *c, const struct noted *n, struct text *to)
{
	const size_t delegates = o->against->delegates.count;
	const char *between = "";
	size_t all = 0;

	for (size_t i = 0; i < c->count; i++)
		all += n->in[i];
	if (all == c->count)
		return;
	for (size_t i = 0; i < c->count; i++) {
		const struct outcome *one = &c->outcomes[i];
		if (!n->in[i])
			continue;
		text_add(to, between);
		between = ", ";
		if (o->against->hosts.count > 1)
			text_printf(to, "on %s%s", side_name(one->host), delegates > 1 ? " " : "");
		if (delegates > 1)
			text_printf(to, "with %s", side_name(one->delegate));
	}
}

const char *exempt_reason(struct arena *a, const struct policy *p, const char *id)
{
	for (size_t i = 0; i < p->exempt_count; i++)
		if (strcmp(p->exempt[i].id, id) == 0) {
			const struct bytes reason = doc_string(p->exempt[i].from.at, "reason", (struct bytes){ 0 });
			return reason.len > 0 ? arena_copy(a, reason) : NULL;
		}
	return NULL;
}
