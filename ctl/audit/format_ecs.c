/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECS, the Elastic Common Schema, in its version 8.17. What it has no field for is below `runvet`, which is the place
 * that the schema leaves to the source: there the fingerprints are, and the violations stand whole, while rule.id,
 * which takes one word, has the first.
 */
#include "ctl/audit/format_rows.h"

#include <stdio.h>

#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"

const struct map_row ecs_rows[] = {
	{ .from = "message", .to = "message" },
	{ .to = "ecs.version", .as = MAP_IS, .is = ECS_VERSION },
	{ .from = "id", .to = "event.id" },
	{ .from = "event.code", .to = "event.code" },
	{ .from = "action", .to = "event.action" },
	{ .from = "reason", .to = "event.reason" },
	{ .from = "seq", .to = "event.sequence", .as = MAP_NUMBER },
	{ .from = "hash", .to = "event.hash" },
	{ .from = "duration_us", .to = "event.duration", .as = MAP_US_NS },
	{ .from = "help", .to = "event.reference" },
	{ .to = "event.module", .as = MAP_IS, .is = "runvet" },
	{ .to = "event.dataset", .as = MAP_IS, .is = "runvet.audit" },
	{ .to = "event.provider", .as = MAP_IS, .is = "runvet" },
	{ .from = "severity", .to = "log.level" },
	{ .from = "policy.name", .to = "rule.ruleset" },
	{ .from = "policy.version", .to = "rule.version" },
	{ .from = "container.id", .to = "container.id" },
	{ .from = "container.name", .to = "container.name" },
	{ .from = "container.image.name", .to = "container.image.name" },
	{ .from = "container.image.id", .to = "container.image.hash.all", .as = MAP_ONE },
	{ .from = "facts.privileged", .to = "container.security_context.privileged", .as = MAP_TRUE },
	{ .from = "engine.name", .to = "container.runtime" },
	{ .from = "k8s.pod.name", .to = "orchestrator.type", .as = MAP_IS, .is = "kubernetes" },
	{ .from = "k8s.namespace.name", .to = "orchestrator.namespace" },
	{ .from = "k8s.pod.name", .to = "orchestrator.resource.type", .as = MAP_IS, .is = "pod" },
	{ .from = "k8s.pod.name", .to = "orchestrator.resource.name" },
	{ .from = "k8s.pod.uid", .to = "orchestrator.resource.id" },
	{ .from = "process.pid", .to = "process.pid", .as = MAP_NUMBER },
	{ .from = "process.parent_pid", .to = "process.parent.pid", .as = MAP_NUMBER },
	{ .from = "caller.exe", .to = "process.parent.executable" },
	{ .from = "caller.exe", .to = "process.parent.name", .as = MAP_BASE },
	{ .from = "runtime.path", .to = "process.executable" },
	{ .from = "runtime.path", .to = "process.name", .as = MAP_BASE },
	{ .from = "runtime.digest", .to = "process.hash.sha256", .as = MAP_HEX },
	{ .from = "bundle", .to = "process.working_directory" },
	{ .from = "user.auid", .to = "user.id" },
	{ .from = "user.euid", .to = "user.effective.id" },
	{ .from = "host.id", .to = "host.id" },
	{ .from = "host.name", .to = "host.name" },
	{ .from = "host.name", .to = "host.hostname" },
	{ .from = "host.boot_id", .to = "host.boot.id" },
	{ .from = "host.kernel", .to = "host.os.type", .as = MAP_IS, .is = "linux" },
	{ .from = "host.kernel", .to = "host.os.kernel" },
	{ .to = "observer.vendor", .as = MAP_IS, .is = "runvet" },
	{ .to = "observer.product", .as = MAP_IS, .is = "runvet" },
	{ .from = "product.version", .to = "observer.version" },
	{ .to = NULL },
};

/* event.kind, .category, .type, .outcome and .severity (0 to 100, as most that read it have it). */
static const struct ecs_kind {
	const char *kind, *category[3], *type[3], *outcome;
	unsigned severity;
} kinds[KIND_MAX] = {
	[KIND_ALLOW] = { "event", { "process", "api" }, { "start", "allowed" }, "success", 10 },
	[KIND_DENY] = { "alert", { "process", "api" }, { "start", "denied" }, "failure", 60 },
	[KIND_WOULD_DENY] = { "alert", { "process", "api" }, { "start", "allowed" }, "success", 40 },
	[KIND_BYPASS] = { "alert", { "process", "api" }, { "start", "allowed" }, "success", 75 },
	[KIND_ERROR] = { "alert", { "process", "api" }, { "start", "denied" }, "failure", 75 },
	[KIND_LIFECYCLE] = { "event", { "process" }, { "info" }, "unknown", 10 },
	[KIND_GAP] = { "alert", { "host" }, { "info" }, "failure", 90 },
	[KIND_CHECKPOINT] = { "state", { "host" }, { "info" }, "success", 10 },
	[KIND_POLICY] = { "event", { "configuration" }, { "change" }, "success", 40 },
	[KIND_OTHER] = { "event", { "host" }, { "info" }, "unknown", 10 },
	[KIND_ALTERED] = { "alert", { "intrusion_detection" }, { "info" }, "failure", 99 },
};

/* What a verb that is not judged does to the process. */
static const char *lifecycle_type(const struct seen *s)
{
	static const struct {
		const char *verb, *type;
	} types[] = {
		{ "start", "start" },
		{ "kill", "end" },
		{ "delete", "end" },
		{ "pause", "change" },
		{ "resume", "change" },
		{ "update", "change" },
	};
	const struct bytes verb = seen_string(s, "action");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (bytes_is(verb, types[i].verb))
			return types[i].type;
	return "info";
}

static void put_words(struct arena *a, struct doc *to, const char *key, const char *const *words)
{
	struct doc *list = make_array(a, to, key);
	for (size_t i = 0; i < 3 && words[i]; i++)
		make_string(a, list, NULL, bytes_of(words[i]));
}

static void put_kind(struct arena *a, struct doc *to, const struct seen *s, enum seen_kind kind)
{
	const struct ecs_kind *k = &kinds[kind];
	const char *const of_life[3] = { lifecycle_type(s) };
	struct doc *event = make_member(a, to, "event");

	make_string(a, event, "kind", bytes_of(k->kind));
	put_words(a, event, "category", k->category);
	put_words(a, event, "type", kind == KIND_LIFECYCLE ? of_life : k->type);
	make_string(a, event, "outcome", bytes_of(k->outcome));
	make_uint(a, event, "severity", k->severity);
}

/* The first rule that was broken; all of them are in runvet.violations. */
static void put_rule(struct arena *a, struct doc *to, const struct doc *record)
{
	const struct doc *v = map_violation(record);
	struct doc *rule = v ? make_member(a, to, "rule") : NULL;

	if (!v)
		return;
	make_string(a, rule, "id", doc_string(v, "rule", BYTES("unknown")));
	make_string(a, rule, "name", doc_string(v, "rule", BYTES("unknown")));
	make_string(a, rule, "description", doc_string(v, "text", BYTES("")));
}

/* By any of its digests a container is found: the document's, its fingerprints', the image's and the runtime's. */
static void put_hashes(struct arena *a, struct doc *to, const struct doc *record)
{
	static const struct map_row rows[] = {
		{ .from = "config.digest", .as = MAP_HEX },
		{ .from = "fingerprint.normal", .as = MAP_HEX },
		{ .from = "fingerprint.posture", .as = MAP_HEX },
		{ .from = "container.image.id", .as = MAP_HEX },
		{ .from = "runtime.digest", .as = MAP_HEX },
	};
	struct doc *list = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct bytes hex = map_value(a, &rows[i], record);
		if (hex.len == 0)
			continue;
		list = list ? list : make_array(a, make_member(a, to, "related"), "hash");
		make_string(a, list, NULL, hex);
	}
}

/* What else searches go by, whatever the field: hosts and users. */
static void put_related(struct arena *a, struct doc *to)
{
	static const struct {
		const char *from, *to;
	} related[] = { { "host.name", "hosts" }, { "user.id", "user" } };

	for (size_t i = 0; i < sizeof(related) / sizeof(related[0]); i++) {
		const struct bytes b = doc_string(to, related[i].from, BYTES(""));
		if (b.len > 0)
			make_string(a, make_array(a, make_member(a, to, "related"), related[i].to), NULL, b);
	}
}

static void put_record(struct arena *a, struct doc *to, const struct seen *s)
{
	static const struct doc nothing = { .type = DOC_OBJECT };
	const bool altered = seen_kind(s) == KIND_ALTERED;
	struct map m = { .arena = a, .record = altered ? &nothing : s->root, .rows = ecs_rows };
	const struct timespec t = seen_time(s);
	char when[WHEN_SIZE];

	when_write(t, true, when);
	make_string(a, to, "@timestamp", bytes_of(when));
	map_take(&m, to);
	put_kind(a, to, s, seen_kind(s));
	put_related(a, to);
	struct doc *own = make_object(a, to, "runvet");
	if (!altered) {
		put_rule(a, to, s->root);
		put_hashes(a, to, s->root);
		map_rest(&m, own);
		return;
	}
	make_string(a, to, "message", bytes_of(altered_words(a, s)));
	if (s->root)
		make_copy(a, own, "claimed", s->root);
}

static void one(const struct seen *s, struct text *to)
{
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	struct doc *event = make_document(&a);
	put_record(&a, event, s);
	map_line(event, to);
	arena_done(&a);
}

const struct audit_format format_ecs = {
	.name = "ecs",
	.summary = "Elastic Common Schema " ECS_VERSION ", one event on a line",
	.one = one,
};
