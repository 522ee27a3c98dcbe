/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCSF's Compliance Finding (2003): one event for each rule that a record says was broken, for dashboards that ask
 * which control fails where, and not what was called. It points to the record's own event, which the format `ocsf`
 * makes, and repeats of it what such a dashboard groups by. A record without a broken rule makes none. A line that is
 * no record is what it is in `ocsf`: that somebody laid hands on the trail is told whatever was asked for.
 *
 * What a rule stands on is said by its row (.spec), in the words of whoever made the standard; here is only which words
 * are a standard's. A rule that the site wrote, or that stands on no standard, is held against the site's policy.
 */
#include "ctl/audit/format_ocsf.h"

#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/rule/words.h"

#define STATUS_NEW 1      /* finding.status_id */
#define COMPLIANCE_FAIL 3 /* compliance.status_id */
#define ANALYTIC_RULE 1   /* analytic.type_id */
#define ROLE_TARGET 1     /* resource_details.role_id */
#define ROLE_RELATED 4
#define ACTIVITY_CREATE 1

static const struct ocsf_class compliance_finding = { 2003, 2, "Compliance Finding", "Findings" };

/* Of a record with broken rules: whose they are. */
const struct map_row ocsf_finding_rows[] = {
	{ .from = "id", .to = "metadata.original_event_uid" },
	{ .from = "time", .to = "finding_info.created_time", .as = MAP_MS },
	{ .from = "product.version", .to = "finding_info.analytic.version" },
	{ .from = "container.id", .to = "resources[].type", .as = MAP_IS, .is = "container" },
	{ .from = "container.id", .to = "resources[].role_id", .as = MAP_IS_NUMBER, .number = ROLE_TARGET },
	{ .from = "container.id", .to = "resources[].uid" },
	{ .from = "container.name", .to = "resources[].name" },
	{ .from = "k8s.namespace.name", .to = "resources[].namespace" },
	{ .from = "container.id", .to = "evidences[].container.uid" },
	{ .from = "container.name", .to = "evidences[].container.name" },
	{ .from = "container.image.id", .to = "evidences[].container.image.uid" },
	{ .from = "container.image.name", .to = "evidences[].container.image.uid" },
	{ .from = "container.image.name", .to = "evidences[].container.image.name" },
	{ .from = "fingerprint.normal",
		.to = "evidences[].container.hash.algorithm_id",
		.as = MAP_IS_NUMBER,
		.number = OCSF_SHA_256 },
	{ .from = "fingerprint.normal", .to = "evidences[].container.hash.value", .as = MAP_HEX },
	{ .from = "runtime.path", .to = "evidences[].container.runtime", .as = MAP_BASE },
	{ .from = "engine.name", .to = "evidences[].container.orchestrator" },
	{ .from = "k8s.pod.uid", .to = "evidences[].container.pod_uuid" },
	{ .from = "process.pid", .to = "evidences[].process.pid", .as = MAP_NUMBER },
	{ .from = "bundle", .to = "evidences[].process.working_directory" },
	{ .from = "config.digest", .to = "evidences[].data.config_digest" },
	{ .to = NULL },
};

/* --- what it stands on ------------------------------------------------------------------------------------------- */

/* How the words of a standard begin in a row's .spec. */
static const struct standard {
	const char *begins, *name;
} standards[] = {
	{ "CIS Docker ", "CIS Docker Benchmark" },
	{ "CIS Kubernetes ", "CIS Kubernetes Benchmark" },
	{ "Pod Security Standards,", "Kubernetes Pod Security Standards" },
	{ "Container Device Interface,", "Container Device Interface" },
	{ "image-spec ", "OCI Image Format Specification" },
	{ "schema/", "OCI Runtime Specification" },
};

/* NULL: a manual page, a vulnerability, a page of our own. */
static const char *standard_of(const char *part)
{
	for (size_t i = 0; i < sizeof(standards) / sizeof(standards[0]); i++)
		if (strncmp(part, standards[i].begins, strlen(standards[i].begins)) == 0)
			return standards[i].name;
	return strstr(part, ".md#") ? "OCI Runtime Specification" : NULL;
}

static void add_once(struct arena *a, struct doc *list, const char *word)
{
	for (const struct doc *v = list ? list->first : NULL; v; v = v->next)
		if (bytes_is(v->string, word))
			return;
	make_string(a, list, NULL, bytes_of(word));
}

/* How long the first reference is, and with what stands before the next: "A; B", and "CVE-1, CVE-2". */
static size_t reference(const char *spec, size_t *ret_next)
{
	const char *end = strstr(spec, "; "), *cve = strstr(spec, ", CVE-");

	if (cve && (!end || cve < end))
		end = cve;
	const size_t len = end ? (size_t)(end - spec) : strlen(spec);
	*ret_next = end ? len + 2 : len;
	return len;
}

/* The site's own policy: "baseline@v1.37". */
static const char *policy_of(struct arena *a, const struct seen *s)
{
	struct text t = text_growing(a);

	if (seen_string(s, "policy.name").len == 0)
		return "runvet";
	seen_profile(s->root, &t);
	return t.cut ? "runvet" : t.data;
}

static void put_standards(struct arena *a, struct doc *to, const struct seen *s, const struct rule *rule)
{
	struct doc *list = make_array(a, to, "standards");
	struct doc *requirements = rule && rule->spec ? make_array(a, to, "requirements") : NULL;
	size_t next;

	for (const char *at = rule && rule->spec ? rule->spec : ""; *at; at += next) {
		const char *part = arena_copy(a, (struct bytes){ at, reference(at, &next) });
		const char *standard = part ? standard_of(part) : NULL;
		if (standard)
			add_once(a, list, standard);
		if (part)
			make_string(a, requirements, NULL, bytes_of(part));
	}
	if (list && list->count == 0)
		make_string(a, list, NULL, bytes_of(policy_of(a, s)));
}

/* --- one finding ------------------------------------------------------------------------------------------------- */

struct breach {
	struct bytes id, path, text; /* the record's words */
	const char *uid;             /* RECORD/violations/N: the place in the record */
	const struct rule *rule;     /* NULL: the site's own, or of another release */
	struct bytes says;           /* what must hold; without a row, what was said of the breach */
};

/* The derived id of a type breach is that of a place, not of its row. */
static void sentence(const struct breach *b, struct text *to)
{
	const struct rule *r = b->rule;

	if (!r) {
		text_bytes(to, b->text.len ? b->text : b->id);
	} else if (r->id && bytes_is(b->id, r->id)) {
		rule_write(r, to);
	} else {
		text_printf(to, "%s must be ", *r->at ? r->at : "the document");
		rule_type_write(r, to);
	}
}

static struct bytes line_of(const struct text *t)
{
	return (struct bytes){ t->data, t->len };
}

static void put_compliance(struct arena *a, struct doc *to, const struct seen *s, const struct breach *b)
{
	struct doc *c = make_object(a, to, "compliance");

	make_string(a, c, "control", b->id);
	if (b->rule)
		make_string(a, c, "desc", b->says);
	put_standards(a, c, s, b->rule);
	make_uint(a, c, "status_id", COMPLIANCE_FAIL);
	make_string(a, c, "status", BYTES("Fail"));
	if (b->text.len > 0)
		make_string(a, make_array(a, c, "status_details"), NULL, b->text);
	if (!b->rule)
		return;
	const bool fix = b->rule->fix && b->rule->id && bytes_is(b->id, b->rule->id);
	make_string(a, make_object(a, to, "remediation"), "desc", fix ? bytes_of(b->rule->fix) : b->says);
}

static void put_info(struct arena *a, struct doc *to, const struct seen *s, const struct breach *b, unsigned type)
{
	struct doc *info = make_object(a, to, "finding_info");
	struct doc *analytic = make_object(a, info, "analytic");
	struct text t = text_growing(a);

	text_bytes(&t, b->id);
	text_add(&t, b->path.len ? " at " : "");
	text_bytes(&t, b->path);
	text_add(&t, b->text.len ? ": " : "");
	text_bytes(&t, b->text);
	make_string(a, to, "message", line_of(&t));
	make_string(a, info, "uid", bytes_of(b->uid));
	make_string(a, info, "title", b->says);
	make_string(a, info, "desc", line_of(&t));
	make_string(a, analytic, "uid", b->id);
	make_uint(a, analytic, "type_id", ANALYTIC_RULE);
	make_string(a, analytic, "type", BYTES("Rule"));
	if (seen_string(s, "id").len == 0)
		return;
	struct doc *event = make_object(a, make_array(a, info, "related_events"), NULL);
	make_string(a, event, "uid", seen_string(s, "id"));
	make_uint(a, event, "type_uid", type);
}

/* A pod, which the rows cannot: they know one entry of a list. */
static void put_pod(struct arena *a, struct doc *to, const struct seen *s)
{
	const struct bytes name = seen_string(s, "k8s.pod.name"), uid = seen_string(s, "k8s.pod.uid"),
			   namespace = seen_string(s, "k8s.namespace.name");
	struct doc *list = make_found(to, BYTES("resources"));

	if (name.len == 0 && uid.len == 0)
		return;
	struct doc *pod = make_object(a, list ? list : make_array(a, to, "resources"), NULL);
	make_string(a, pod, "type", BYTES("pod"));
	make_uint(a, pod, "role_id", ROLE_RELATED);
	if (uid.len > 0)
		make_string(a, pod, "uid", uid);
	if (name.len > 0)
		make_string(a, pod, "name", name);
	if (namespace.len > 0)
		make_string(a, pod, "namespace", namespace);
}

static void put_evidence(struct arena *a, struct doc *to, const struct breach *b)
{
	const char *key;
	struct doc *data = map_way(a, to, "evidences[].data.path", &key);

	make_string(a, data, key, b->path);
	make_string(a, data, "text", b->text);
}

static void finding(const struct seen *s, enum seen_kind kind, struct breach *b, struct text *to)
{
	const struct map_row *const tables[] = { ocsf_applied_rows, ocsf_finding_rows, ocsf_actor_rows, ocsf_rows,
		NULL };
	struct map_row rows[MAP_ROWS];
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	struct text says = text_growing(&a);
	struct doc *event = make_document(&a);
	struct map m = { .arena = &a, .record = s->root, .rows = ocsf_merged(rows, tables) };

	sentence(b, &says);
	b->says = line_of(&says);
	ocsf_put_class(&a, event, &compliance_finding, ACTIVITY_CREATE, BYTES("Create"));
	ocsf_put_answer(&a, event, kind, STATUS_NEW, "New");
	put_info(&a, event, s, b, ocsf_type(s, kind));
	put_compliance(&a, event, s, b);
	make_string(&a, make_member(&a, event, "metadata"), "uid", bytes_of(b->uid));
	put_evidence(&a, event, b);
	map_take(&m, event);
	put_pod(&a, event, s);
	ocsf_put_applied(&a, event, s, kind);
	ocsf_put_needed(&a, event, s);
	struct doc *profiles = make_array(&a, make_member(&a, event, "metadata"), "profiles");
	make_string(&a, profiles, NULL, BYTES("host"));
	make_string(&a, profiles, NULL, BYTES("record_integrity"));
	make_string(&a, profiles, NULL, BYTES("security_control"));
	map_line(event, to);
	arena_done(&a);
}

static void one(const struct seen *s, struct text *to)
{
	const enum seen_kind kind = seen_kind(s);
	const struct doc *list = doc_get(s->root, "violations");
	unsigned long n = 0;

	if (kind == KIND_ALTERED) {
		format_ocsf.one(s, to);
		return;
	}
	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next, n++) {
		struct breach b = { .id = doc_string(v, "rule", BYTES("unknown")),
			.path = doc_string(v, "path", BYTES("")),
			.text = doc_string(v, "text", BYTES("")) };
		const char *id = arena_copy(to->arena, b.id), *record = arena_copy(to->arena, seen_string(s, "id"));
		b.rule = id ? rule_find(id) : NULL;
		b.uid = arena_printf(to->arena, "%s/violations/%lu", record && *record ? record : "unknown", n);
		/* What could not be judged has what broke in the place of a rule: the policy, the trail. */
		if (!bytes_is(doc_string(v, "severity", BYTES("")), "error") || (kind == KIND_ERROR && !b.rule) ||
			!b.uid)
			continue;
		finding(s, kind, &b, to);
	}
}

const struct audit_format format_ocsf_compliance = {
	.name = "ocsf-compliance",
	.summary = "OCSF " OCSF_VERSION ", one finding for each broken rule",
	.one = one,
};
