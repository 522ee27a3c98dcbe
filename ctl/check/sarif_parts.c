/* SPDX-License-Identifier: Apache-2.0 */
/* What SARIF's results refer to: rules with their help, files as URIs, and fingerprints. */
#include "ctl/check/sarif.h"
#include "ctl/told.h"
#include "validate/base/digest.h"

const char *sarif_level(enum severity s)
{
	return s == SEV_ERROR ? "error" : s == SEV_WARNING ? "warning" : s == SEV_INFO ? "note" : "none";
}

size_t sarif_rule_index(struct output *o, struct sarif *s, const struct finding *f)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->rules[i].id == f->id || strcmp(s->rules[i].id, f->id) == 0)
			return i;
	if (s->count == s->room) {
		const size_t room = s->room ? s->room * 2 : 64;
		struct sarif_rule *more = arena_array(&o->arena, room, sizeof(*more));
		if (!more) {
			o->to.cut = true;
			return 0;
		}
		if (s->count > 0)
			memcpy(more, s->rules, s->count * sizeof(*more));
		s->rules = more;
		s->room = room;
	}
	struct sarif_rule *r = &s->rules[s->count];
	struct rule *own = NULL;
	*r = (struct sarif_rule){ .id = arena_copy(&o->arena, bytes_of(f->id)), .rule = rule_find(f->id) };
	if (f->rule && !r->rule && (own = arena_new(&o->arena, struct rule))) {
		*own = *f->rule;
		r->rule = own;
	}
	r->profile = f->profile ? arena_copy(&o->arena, bytes_of(f->profile)) : NULL;
	o->to.cut |= !r->id;
	r->id = r->id ? r->id : "";
	return s->count++;
}

static bool of_type(const struct sarif_rule *r)
{
	return !r->rule->id || strcmp(r->rule->id, r->id) != 0;
}

/* What must hold, as one sentence without a full stop. */
static void sentence(const struct sarif_rule *r, struct text *to)
{
	if (!r->rule) {
		text_printf(to, "%s", r->id);
	} else if (of_type(r)) {
		text_printf(to, "%s must be ", *r->rule->at ? r->rule->at : "the document");
		rule_type_write(r->rule, to);
	} else {
		rule_write(r->rule, to);
	}
}

/* The page of the specification; NULL where the rule is owed to something else. */
static const char *page_of(const struct sarif_rule *r)
{
	const struct rule *rule = r->rule;
	return rule && rule->of != OF_CONTROL && rule->spec && strstr(rule->spec, ".md") ? rule->spec : NULL;
}

static void member(struct text *to, const char *name, const struct text *value)
{
	text_printf(to, "\"%s\":", name);
	text_json(to, (struct bytes){ value->data, value->len });
}

static void help_write(const struct sarif_rule *r, const struct text *says, struct text *to)
{
	char plain[2048], marked[2048];
	struct text text = text_over(plain, sizeof(plain)), markdown = text_over(marked, sizeof(marked));
	const struct rule *rule = r->rule;
	const bool fix = rule && rule->fix && !of_type(r);

	text_printf(&text, "%s.", says->data);
	text_printf(&markdown, "%s.", says->data);
	if (rule) {
		const enum basis basis = of_type(r) ? BASIS_SCHEMA : rule->basis;
		text_printf(&text, "\nWhy: %s.", basis_words(basis));
		text_printf(&markdown, "\n\n**Why:** %s.", basis_words(basis));
	}
	if (fix) {
		text_printf(&text, "\nFix: %s.", rule->fix);
		text_printf(&markdown, "\n\n**Fix:** %s.", rule->fix);
	}
	if (page_of(r))
		text_printf(&markdown, "\n\n[runtime-spec, %s](" TOLD_SPEC "%s)", page_of(r), page_of(r));
	text_printf(&text, "\nrunvetctl explain %s tells more.", r->id);
	text_printf(&markdown, "\n\n`runvetctl explain %s` tells more.", r->id);
	text_add(to, "\"help\":{");
	member(to, "text", &text);
	text_char(to, ',');
	member(to, "markdown", &markdown);
	text_char(to, '}');
}

static void rule_object(const struct sarif_rule *r, struct text *to)
{
	char words[1024];
	struct text says = text_over(words, sizeof(words));
	const struct rule *rule = r->rule;
	const char *against = rule ? told_against(rule) : NULL;

	sentence(r, &says);
	text_add(to, "{\"id\":");
	text_json(to, bytes_of(r->id));
	text_add(to, ",\"shortDescription\":{");
	member(to, "text", &says);
	text_add(to, "},");
	help_write(r, &says, to);
	if (page_of(r)) {
		text_add(to, ",\"helpUri\":\"" TOLD_SPEC);
		text_printf(to, "%s\"", page_of(r));
	}
	text_printf(to, ",\"defaultConfiguration\":{\"level\":\"%s\"}",
		sarif_level(!rule || of_type(r) ? SEV_ERROR : told_severity(rule)));
	text_printf(to, ",\"properties\":{\"tags\":[\"oci\",\"%s\"", against ? against : "specification");
	if (rule && rule->of == OF_CONTROL)
		text_add(to, ",\"security\"");
	text_add(to, "]");
	if (rule)
		text_printf(to, ",\"basis\":\"%s\"", basis_name(of_type(r) ? BASIS_SCHEMA : rule->basis));
	if (r->profile) {
		text_add(to, ",\"profile\":");
		text_json(to, bytes_of(r->profile));
	}
	text_add(to, "}}");
}

void sarif_rules_write(const struct sarif *s, struct text *to)
{
	text_add(to, "\"rules\":[");
	for (size_t i = 0; i < s->count; i++) {
		text_add(to, i ? "," : "");
		rule_object(&s->rules[i], to);
	}
	text_char(to, ']');
}

/* Without "//", "." and "..", as far as names tell. */
static char *plain_path(struct arena *a, const char *path)
{
	const bool top = *path == '/';
	char *out = arena_alloc(a, strlen(path) + 2);
	size_t len = 0;

	for (const char *p = path; out && *p;) {
		const size_t n = strcspn(p, "/");
		if (n == 2 && memcmp(p, "..", 2) == 0) {
			while (len > 0 && out[len - 1] != '/')
				len--;
			len -= len > 0;
		} else if (n > 0 && !(n == 1 && *p == '.')) {
			if (len > 0 || top)
				out[len++] = '/';
			memcpy(out + len, p, n);
			len += n;
		}
		p += n + (p[n] == '/');
	}
	if (out)
		out[len] = '\0';
	return out;
}

void sarif_uri_write(const char *path, bool directory, struct text *to)
{
	static const char hex[] = "0123456789ABCDEF";

	text_add(to, *path == '/' ? "file://" : "");
	for (const char *p = path; *p; p++) {
		const unsigned char c = (unsigned char)*p;
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (letter || strchr("-._~/", *p))
			text_char(to, *p);
		else
			text_bytes(to, (struct bytes){ (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3 });
	}
	text_add(to, directory && (!*path || path[strlen(path) - 1] != '/') ? "/" : "");
}

void sarif_artifact_write(struct arena *a, const struct sarif *s, const char *path, struct text *to)
{
	const char *full = *path == '/' || !s->base ? path : arena_printf(a, "%s%s", s->base, path);
	const char *plain = full ? plain_path(a, full) : NULL;

	to->cut |= !plain;
	if (!plain)
		return;
	const bool below = s->base && strncmp(plain, s->base, strlen(s->base)) == 0 && plain[strlen(s->base)];
	text_add(to, "\"artifactLocation\":{\"uri\":\"");
	sarif_uri_write(below ? plain + strlen(s->base) : plain, false, to);
	text_printf(to, "\"%s}", below ? ",\"uriBaseId\":\"%SRCROOT%\"" : "");
}

void sarif_fingerprint(struct arena *a, const struct finding *f, char ret[static 33])
{
	char hex[DIGEST_HEX];
	struct text said = text_growing(a);

	for (const char *p = f->pointer; *p;) {
		const size_t n = strcspn(p + 1, "/") + 1;
		/* An index moves when an entry is put before it. A key of digits is taken for one: no harm is done. */
		if (n > 1 && strspn(p + 1, "0123456789") == n - 1)
			text_add(&said, "/*");
		else
			text_bytes(&said, (struct bytes){ p, n });
		p += n;
	}
	text_printf(&said, "\n%s", f->found_safe ? f->found_safe : "");
	const char *rule = arena_printf(a, "%s\n", f->id);
	digest_hex(bytes_of(rule), (struct bytes){ said.data, said.len }, hex);
	memcpy(ret, hex, 32);
	ret[32] = '\0';
}
