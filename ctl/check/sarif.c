/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 (OASIS), for code scanning. What is uploaded is read by more people than the file it is about, so only
 * values that a record may hold are quoted, and no line of the document is. Columns are counted in characters, as
 * columnKind says. Rules come behind the results: which of them are broken is known by then.
 */
#include "ctl/check/sarif.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* What a policy only audits refuses nothing, whatever the rule would weigh. */
static enum severity weight(const struct noted *n)
{
	return n->f.severity == SEV_ERROR && n->f.mode == MODE_AUDIT ? SEV_WARNING : noted_severity(n);
}

static void region_write(const struct region *r, struct text *to)
{
	if (r->line == 0)
		return;
	text_printf(to, ",\"region\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u,", r->line,
		r->char_column, r->line, r->char_column + r->chars);
	text_printf(to, "\"charOffset\":%u,\"charLength\":%u,\"byteOffset\":%u,\"byteLength\":%u}", r->at, r->chars,
		r->offset, r->length);
}

static const char *kind_of(const struct doc *d)
{
	return !d ? "value" : d->type == DOC_OBJECT ? "object" : d->type == DOC_ARRAY ? "array" : "value";
}

static void location_write(const struct sarif *s, const struct checked *c, const struct noted *n, struct text *to)
{
	text_add(to, "\"locations\":[{\"physicalLocation\":{");
	sarif_artifact_write(c->arena, s, c->file, to);
	region_write(&n->region, to);
	text_char(to, '}');
	if (*n->f.pointer) {
		const char *name = strrchr(n->f.pointer, '/');
		text_add(to, ",\"logicalLocations\":[{\"fullyQualifiedName\":");
		text_json(to, bytes_of(n->f.pointer));
		text_add(to, ",\"name\":");
		text_json(to, bytes_of(name ? name + 1 : n->f.pointer));
		text_printf(to, ",\"kind\":\"%s\"}]", kind_of(n->f.at));
	}
	text_add(to, "}]");
}

/* Of findings that are alike in all but their lines, which one it is. */
static void fingerprint_write(const struct checked *c, char (*prints)[33], size_t which, struct text *to)
{
	size_t alike = 1;

	sarif_fingerprint(c->arena, &c->noted[which].f, prints[which]);
	for (size_t i = 0; i < which; i++)
		alike += memcmp(prints[i], prints[which], sizeof(prints[i])) == 0;
	/* The name under which GitHub looks for one; what it is made of is the tool's to say. */
	text_printf(to,
		"\"partialFingerprints\":{\"primaryLocationLineHash\":\"%s:%zu\",\"runvetPlace/v1\":\"%s:%zu\"}",
		prints[which], alike, prints[which], alike);
}

static void suppression_write(const struct output *o, const struct checked *c, const struct finding *f, struct text *to)
{
	if (!o->against->has_policy)
		return;
	text_add(to, ",\"suppressions\":[");
	if (f->severity == SEV_OFF && f->exempt) {
		const char *reason = exempt_reason(c->arena, &o->against->policy, f->exempt);
		const char *said = arena_printf(c->arena, "%s: %s", f->exempt, reason ? reason : "no reason is given");
		text_add(to, "{\"kind\":\"external\",\"status\":\"accepted\",\"justification\":");
		text_json(to, bytes_of(said));
		text_char(to, '}');
	}
	text_char(to, ']');
}

static void properties_write(const struct noted *n, const struct text *where, struct text *to)
{
	const char *basis = finding_basis(&n->f);

	text_printf(to, ",\"properties\":{\"severity\":\"%s\"", severity_name(n->f.severity));
	if (basis)
		text_printf(to, ",\"basis\":\"%s\"", basis);
	if (n->f.profile) {
		text_add(to, ",\"profile\":");
		text_json(to, bytes_of(n->f.profile));
		text_printf(to, ",\"mode\":\"%s\"", mode_name(n->f.mode));
	}
	if (where->len > 0) {
		text_add(to, ",\"where\":");
		text_json(to, (struct bytes){ where->data, where->len });
	}
	text_char(to, '}');
}

static void result_write(struct output *o, const struct checked *c, char (*prints)[33], size_t which)
{
	const struct noted *n = &c->noted[which];
	struct sarif *s = o->state;
	struct text *to = &o->to, message = text_growing(c->arena), where = text_growing(c->arena);

	finding_write(&n->f, SHOW_SAFE, &message);
	noted_where(o, c, n, &where);
	if (where.len > 0)
		text_printf(&message, " (%s)", where.data);
	text_add(to, o->told++ > 0 ? ",\n{\"ruleId\":" : "\n{\"ruleId\":");
	text_json(to, bytes_of(n->f.id));
	text_printf(to, ",\"ruleIndex\":%zu,\"level\":\"%s\",\"message\":{\"text\":", sarif_rule_index(o, s, &n->f),
		sarif_level(weight(n)));
	text_json(to, (struct bytes){ message.data, message.len });
	text_add(to, "},");
	location_write(s, c, n, to);
	text_char(to, ',');
	fingerprint_write(c, prints, which, to);
	suppression_write(o, c, &n->f, to);
	properties_write(n, &where, to);
	text_char(to, '}');
	to->cut |= message.cut || where.cut;
}

static void notice_write(struct output *o, const char *level, const char *path, const char *says)
{
	struct sarif *s = o->state;
	struct text *to = &s->notices;

	text_printf(to, "%s{\"level\":\"%s\",\"message\":{\"text\":", to->len > 0 ? "," : "", level);
	text_json(to, bytes_of(says));
	text_add(to, "},\"locations\":[{\"physicalLocation\":{");
	sarif_artifact_write(&o->arena, s, path, to);
	text_add(to, "}}]}");
}

static void document(struct output *o, const struct checked *c)
{
	char(*prints)[33] = arena_array(c->arena, c->noted_count + 1, sizeof(*prints));
	size_t left_out = 0;

	o->to.cut |= !prints;
	for (size_t i = 0; i < c->noted_count && prints; i++)
		result_write(o, c, prints, i);
	for (size_t i = 0; i < c->count; i++)
		left_out = c->outcomes[i].left_out > left_out ? c->outcomes[i].left_out : left_out;
	if (left_out > 0)
		notice_write(o, "warning", c->file,
			arena_printf(&o->arena, "%s: %zu more findings are left out", c->file, left_out));
}

static void unread(struct output *o, const char *given, const char *why)
{
	notice_write(o, "error", given, arena_printf(&o->arena, "%s cannot be read: %s", given, why));
}

static void begin(struct output *o)
{
	struct sarif *s = arena_new(&o->arena, struct sarif);
	struct text *to = &o->to;
	char *cwd = getcwd(NULL, 0);

	o->state = s;
	to->cut |= !s;
	if (s) {
		s->notices = text_growing(&o->arena);
		s->base = cwd && *cwd == '/' ? arena_printf(&o->arena, "%s%s", cwd, cwd[1] ? "/" : "") : NULL;
	}
	free(cwd);
	text_add(to,
		"{\"$schema\":\"" SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[{\"columnKind\":\"unicodeCodePoints\"");
	if (s && s->base) {
		text_add(to, ",\"originalUriBaseIds\":{\"%SRCROOT%\":{\"uri\":\"");
		sarif_uri_write(s->base, true, to);
		text_add(to, "\"}}");
	}
	text_add(to, ",\"results\":[");
}

static void end(struct output *o, const struct checked *list, size_t count)
{
	const struct sarif *s = o->state;
	struct text *to = &o->to;

	(void)list;
	(void)count;
	text_add(to,
		"],\n\"tool\":{\"driver\":{\"name\":\"runvetctl\",\"fullName\":\"runvetctl "
		"check\",\"version\":\"" RUNVET_VERSION "\",\"semanticVersion\":\"" RUNVET_VERSION "\",\n");
	sarif_rules_write(s, to);
	text_printf(to, "}},\n\"invocations\":[{\"executionSuccessful\":%s,\"toolExecutionNotifications\":[%s]}]}]}\n",
		o->unread ? "false" : "true", s->notices.data);
	to->cut |= s->notices.cut;
}

const struct check_format check_sarif = {
	.name = "sarif",
	.summary = "SARIF 2.1.0, for code scanning",
	.begin = begin,
	.document = document,
	.unread = unread,
	.end = end,
};
