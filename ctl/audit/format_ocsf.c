/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCSF, the Open Cybersecurity Schema Framework, in its version 1.9.0 (the first with the profile record_integrity).
 * It has no class for containers. A call on one is Process Activity (1007): the runtime is the process, the engine the
 * actor. What befell the trail itself is Event Log Activity (1008), another policy is Entity Management (3004). What
 * the schema has no place for is in `unmapped`, under our own names.
 *
 * The fingerprint is that of our line (docs/audit.md#the-chain), of which every part is in the event; it is not one of
 * the event's own bytes. prev_event would have to name the record before by its id, which no record knows: its hash is
 * unmapped.prev. A container has one hash there, and that is its normal fingerprint; the other two are unmapped.
 */
#include "ctl/audit/format_ocsf.h"

#include <stdio.h>

#include "validate/base/limits.h"
#include "validate/doc/make.h"

enum { ACTION_NONE = -1 };

const struct map_row ocsf_rows[] = {
	{ .from = "message", .to = "message" },
	{ .from = "time", .to = "time", .as = MAP_MS },
	{ .from = "duration_us", .to = "duration", .as = MAP_US_MS },
	{ .to = "metadata.version", .as = MAP_IS, .is = OCSF_VERSION },
	{ .to = "metadata.product.name", .as = MAP_IS, .is = "runvet" },
	{ .to = "metadata.product.vendor_name", .as = MAP_IS, .is = "runvet" },
	{ .from = "product.version", .to = "metadata.product.version" },
	{ .from = "id", .to = "metadata.uid" },
	{ .from = "create_id", .to = "metadata.correlation_uid" },
	{ .from = "seq", .to = "metadata.sequence", .as = MAP_NUMBER },
	{ .from = "event.code", .to = "metadata.event_code" },
	{ .from = "schema", .to = "metadata.log_version" },
	{ .from = "severity", .to = "metadata.log_level" },
	{ .from = "truncated", .to = "metadata.is_truncated", .as = MAP_TRUE },
	{ .to = "metadata.log_name", .as = MAP_IS, .is = "runvet" },
	{ .to = "metadata.log_provider", .as = MAP_IS, .is = "runvet" },
	{ .from = "reason", .to = "status_code" },
	{ .to = "device.type_id", .as = MAP_IS_NUMBER, .number = 0 },
	{ .from = "host.name", .to = "device.hostname" },
	{ .from = "host.id", .to = "device.uid" },
	{ .from = "host.boot_id", .to = "device.boot_uid" },
	{ .from = "host.kernel", .to = "device.os.name", .as = MAP_IS, .is = "Linux" },
	{ .from = "host.kernel", .to = "device.os.type_id", .as = MAP_IS_NUMBER, .number = 200 },
	{ .from = "host.kernel", .to = "device.os.kernel_release" },
	{ .from = "chain", .to = "attestation_list[].chain_uid" },
	{ .from = "id", .to = "attestation_list[].uid" },
	{ .from = "hash",
		.to = "attestation_list[].fingerprint.algorithm_id",
		.as = MAP_IS_NUMBER,
		.number = OCSF_SHA_256 },
	{ .from = "hash", .to = "attestation_list[].fingerprint.value", .as = MAP_HEX },
	{ .to = NULL },
};

/* Of a call that was judged, and of what was found in it. */
const struct map_row ocsf_applied_rows[] = {
	{ .from = "policy.name", .to = "policy.name" },
	{ .from = "policy.version", .to = "policy.version" },
	{ .from = "policy.digest", .to = "policy.uid" },
	{ .to = NULL },
};

/* Of a call on a container, beside those. */
const struct map_row ocsf_process_rows[] = {
	{ .from = "process.pid", .to = "process.pid", .as = MAP_NUMBER },
	{ .from = "id", .to = "process.uid" },
	{ .from = "runtime.path", .to = "process.file.name", .as = MAP_BASE },
	{ .from = "runtime.path", .to = "process.file.path" },
	{ .from = "runtime.path", .to = "process.file.type_id", .as = MAP_IS_NUMBER, .number = 1 },
	{ .from = "runtime.digest",
		.to = "process.file.hashes[].algorithm_id",
		.as = MAP_IS_NUMBER,
		.number = OCSF_SHA_256 },
	{ .from = "runtime.digest", .to = "process.file.hashes[].value", .as = MAP_HEX },
	{ .from = "bundle", .to = "process.working_directory" },
	{ .from = "container.id", .to = "process.container.uid" },
	{ .from = "container.name", .to = "process.container.name" },
	{ .from = "container.image.id", .to = "process.container.image.uid" },
	{ .from = "container.image.name", .to = "process.container.image.uid" },
	{ .from = "container.image.name", .to = "process.container.image.name" },
	{ .from = "fingerprint.normal",
		.to = "process.container.hash.algorithm_id",
		.as = MAP_IS_NUMBER,
		.number = OCSF_SHA_256 },
	{ .from = "fingerprint.normal", .to = "process.container.hash.value", .as = MAP_HEX },
	{ .from = "runtime.path", .to = "process.container.runtime", .as = MAP_BASE },
	{ .from = "engine.name", .to = "process.container.orchestrator" },
	{ .from = "k8s.pod.uid", .to = "process.container.pod_uuid" },
	{ .to = NULL },
};

/* Of all that has somebody who did it. */
const struct map_row ocsf_actor_rows[] = {
	{ .from = "process.parent_pid", .to = "actor.process.pid", .as = MAP_NUMBER },
	{ .from = "caller.exe", .to = "actor.process.file.name", .as = MAP_BASE },
	{ .from = "caller.exe", .to = "actor.process.file.path" },
	{ .from = "caller.exe", .to = "actor.process.file.type_id", .as = MAP_IS_NUMBER, .number = 1 },
	{ .from = "caller.unit", .to = "actor.app_name" },
	{ .from = "user.auid", .to = "actor.user.uid" },
	{ .from = "user.euid", .to = "actor.user.uid" },
	{ .from = "user.session", .to = "actor.session.uid" },
	{ .to = NULL },
};

/* Of another policy. */
const struct map_row ocsf_policy_rows[] = {
	{ .to = "entity.type", .as = MAP_IS, .is = "policy" },
	{ .from = "policy.name", .to = "entity.name" },
	{ .from = "policy.digest", .to = "entity.uid" },
	{ .to = "entity.name", .as = MAP_IS, .is = "runvet policy" },
	{ .to = NULL },
};

/* Of the trail itself. */
const struct map_row ocsf_log_rows[] = {
	{ .to = "log_name", .as = MAP_IS, .is = "runvet" },
	{ .to = "log_provider", .as = MAP_IS, .is = "runvet" },
	{ .from = "gap.count", .to = "count", .as = MAP_NUMBER },
	{ .from = "gap.since", .to = "start_time", .as = MAP_MS },
	{ .to = NULL },
};

static const struct ocsf_class process_activity = { 1007, 1, "Process Activity", "System Activity" };
static const struct ocsf_class log_activity = { 1008, 1, "Event Log Activity", "System Activity" };
static const struct ocsf_class entity_management = { 3004, 3, "Entity Management", "Identity & Access Management" };

static const struct ocsf_kind {
	const struct ocsf_class *class;
	unsigned severity, status;
	int action, disposition; /* ACTION_NONE: no control was exercised */
	bool alert, applied;     /* is_alert, policy.is_applied */
} kinds[KIND_MAX] = {
	[KIND_ALLOW] = { &process_activity, 1, 1, 1, 1, .applied = true },
	[KIND_DENY] = { &process_activity, 3, 2, 2, 2, .alert = true, .applied = true },
	[KIND_WOULD_DENY] = { &process_activity, 2, 1, 3, 19, .alert = true },
	[KIND_BYPASS] = { &process_activity, 4, 1, 1, 8, .alert = true },
	[KIND_ERROR] = { &process_activity, 4, 2, 2, 27, .alert = true },
	[KIND_LIFECYCLE] = { &process_activity, 1, 0, ACTION_NONE, 0, .alert = false },
	[KIND_GAP] = { &log_activity, 5, 2, ACTION_NONE, 0, .alert = true },
	[KIND_CHECKPOINT] = { &log_activity, 1, 1, ACTION_NONE, 0, .alert = false },
	[KIND_POLICY] = { &entity_management, 2, 1, ACTION_NONE, 0, .alert = false },
	[KIND_OTHER] = { &log_activity, 1, 0, ACTION_NONE, 0, .alert = false },
	[KIND_ALTERED] = { &log_activity, 5, 2, ACTION_NONE, 0, .alert = true },
};

/* Captions of the numbers used above. */
static const char *const severities[] = { "Unknown", "Informational", "Low", "Medium", "High", "Critical" },
			 *const statuses[] = { "Unknown", "Success", "Failure" },
			 *const actions[] = { "Unknown", "Allowed", "Denied", "Observed" };

static const char *disposition_caption(int id)
{
	static const struct {
		int id;
		const char *caption;
	} known[] = { { 1, "Allowed" }, { 2, "Blocked" }, { 8, "Approved" }, { 19, "Alert" }, { 27, "Error" } };
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].id == id)
			return known[i].caption;
	return "Unknown";
}

/* Verbs that begin or end a process; all others are "Other", by their own name. */
static const struct activity {
	const char *verb;
	unsigned id;
	const char *caption;
} activities[] = {
	{ "create", 1, "Launch" },
	{ "run", 1, "Launch" },
	{ "restore", 1, "Launch" },
	{ "exec", 1, "Launch" },
	{ "kill", 2, "Terminate" },
	{ "delete", 2, "Terminate" },
};

/* What was done, by a number of its class; *ret_caption is its name. */
static unsigned activity(const struct seen *s, enum seen_kind kind, struct bytes *ret_caption)
{
	const struct bytes verb = seen_string(s, "action");

	*ret_caption = bytes_of(seen_kind_name(kind));
	if (kinds[kind].class == &entity_management) {
		*ret_caption = BYTES("Update");
		return 3;
	}
	if (kinds[kind].class == &log_activity)
		return 99;
	for (size_t i = 0; i < sizeof(activities) / sizeof(activities[0]); i++)
		if (bytes_is(verb, activities[i].verb)) {
			*ret_caption = bytes_of(activities[i].caption);
			return activities[i].id;
		}
	if (verb.len > 0)
		*ret_caption = verb;
	return 99;
}

void ocsf_put_class(struct arena *a, struct doc *to, const struct ocsf_class *class, unsigned id, struct bytes caption)
{
	make_uint(a, to, "class_uid", class->uid);
	make_string(a, to, "class_name", bytes_of(class->name));
	make_uint(a, to, "category_uid", class->category);
	make_string(a, to, "category_name", bytes_of(class->category_name));
	make_uint(a, to, "activity_id", id);
	make_string(a, to, "activity_name", caption);
	make_uint(a, to, "type_uid", class->uid * 100 + id);
}

unsigned ocsf_type(const struct seen *s, enum seen_kind kind)
{
	struct bytes caption;

	return kinds[kind].class->uid * 100 + activity(s, kind, &caption);
}

void ocsf_put_answer(struct arena *a, struct doc *to, enum seen_kind kind, unsigned status, const char *status_caption)
{
	const struct ocsf_kind *k = &kinds[kind];

	make_uint(a, to, "severity_id", k->severity);
	make_string(a, to, "severity", bytes_of(severities[k->severity]));
	make_uint(a, to, "status_id", status);
	make_string(a, to, "status", bytes_of(status_caption));
	if (k->alert)
		make_bool(a, to, "is_alert", true);
	if (k->action == ACTION_NONE)
		return;
	make_int(a, to, "action_id", k->action);
	make_string(a, to, "action", bytes_of(actions[k->action]));
	make_int(a, to, "disposition_id", k->disposition);
	make_string(a, to, "disposition", bytes_of(disposition_caption(k->disposition)));
}

/* Which rule said no, and where. */
static void put_rules(struct arena *a, struct doc *to, const struct doc *record)
{
	const struct doc *list = doc_get(record, "violations");
	struct doc *all = NULL;

	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next) {
		if (!bytes_is(doc_string(v, "severity", BYTES("")), "error"))
			continue;
		struct text desc = text_growing(a);
		const struct bytes path = doc_string(v, "path", BYTES(""));
		text_bytes(&desc, path);
		text_add(&desc, path.len ? ": " : "");
		text_bytes(&desc, doc_string(v, "text", BYTES("")));
		if (!all) {
			all = make_array(a, to, "authorizations");
			make_string(a, to, "status_detail", (struct bytes){ desc.data, desc.len });
		}
		struct doc *one = make_object(a, all, NULL);
		make_string(a, one, "decision", BYTES("denied"));
		struct doc *policy = make_object(a, one, "policy");
		make_string(a, policy, "uid", doc_string(v, "rule", BYTES("unknown")));
		make_string(a, policy, "desc", (struct bytes){ desc.data, desc.len });
	}
}

static void put_profiles(struct arena *a, struct doc *to, const struct ocsf_class *class)
{
	struct doc *list = make_array(a, make_member(a, to, "metadata"), "profiles");

	make_string(a, list, NULL, BYTES("host"));
	make_string(a, list, NULL, BYTES("record_integrity"));
	if (class != &entity_management)
		make_string(a, list, NULL, BYTES("security_control"));
	if (class == &process_activity)
		make_string(a, list, NULL, BYTES("container"));
}

const struct map_row *ocsf_merged(struct map_row *to, const struct map_row *const *tables)
{
	size_t n = 0;
	for (; *tables; tables++)
		for (const struct map_row *row = *tables; row->to && n < MAP_ROWS - 1; row++)
			to[n++] = *row;
	to[n] = (struct map_row){ 0 };
	return to;
}

void ocsf_put_applied(struct arena *a, struct doc *to, const struct seen *s, enum seen_kind kind)
{
	if (kinds[kind].action != ACTION_NONE && doc_find(s->root, "policy"))
		make_bool(a, make_member(a, to, "policy"), "is_applied", kinds[kind].applied);
}

static void put_record(struct arena *a, struct doc *to, const struct seen *s, enum seen_kind kind)
{
	const struct ocsf_class *class = kinds[kind].class;
	const struct map_row *const of_process[] = { ocsf_applied_rows, ocsf_process_rows, ocsf_actor_rows, ocsf_rows,
		NULL };
	const struct map_row *const of_policy[] = { ocsf_policy_rows, ocsf_actor_rows, ocsf_rows, NULL };
	const struct map_row *const of_log[] = { ocsf_log_rows, ocsf_actor_rows, ocsf_rows, NULL };
	struct map_row rows[MAP_ROWS];
	struct map m = { .arena = a, .record = s->root };

	m.rows = ocsf_merged(rows,
		class == &process_activity       ? of_process
			: class == &log_activity ? of_log
						 : of_policy);
	map_take(&m, to);
	ocsf_put_applied(a, to, s, kind);
	put_rules(a, to, s->root);
	map_rest(&m, make_object(a, to, "unmapped"));
}

/* What is not believed: where it was found, and what it claims, all of it out of the way. */
static void put_altered(struct arena *a, struct doc *to, const struct seen *s)
{
	static const struct doc nothing = { .type = DOC_OBJECT };
	const struct map_row *const tables[] = { ocsf_log_rows, ocsf_rows, NULL };
	struct map_row rows[MAP_ROWS];
	struct map m = { .arena = a, .record = &nothing, .rows = ocsf_merged(rows, tables) };

	map_take(&m, to);
	make_string(a, to, "message", bytes_of(altered_words(a, s)));
	struct doc *unmapped = make_object(a, to, "unmapped");
	if (s->root)
		make_copy(a, unmapped, "claimed", s->root);
}

void ocsf_put_needed(struct arena *a, struct doc *to, const struct seen *s)
{
	const struct timespec t = seen_time(s);

	if (!doc_get(to, "time"))
		make_int(a, to, "time", (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000);
	if (!doc_find(to, "device.hostname") && !doc_find(to, "device.uid"))
		make_string(a, make_member(a, to, "device"), "name", BYTES("unknown"));
}

/* The same of a call. */
static void put_somebody(struct arena *a, struct doc *to, enum seen_kind kind)
{
	if (kinds[kind].class == &process_activity && !doc_get(to, "actor"))
		make_string(a, make_member(a, to, "actor"), "app_name", BYTES("unknown"));
	if (kinds[kind].class == &process_activity && !doc_find(to, "process.pid") && !doc_find(to, "process.uid"))
		make_string(a, make_member(a, to, "process"), "uid", BYTES("unknown"));
}

static void one(const struct seen *s, struct text *to)
{
	const enum seen_kind kind = seen_kind(s);
	struct bytes caption;
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	struct doc *event = make_document(&a);
	const unsigned id = activity(s, kind, &caption);
	ocsf_put_class(&a, event, kinds[kind].class, id, caption);
	ocsf_put_answer(&a, event, kind, kinds[kind].status, statuses[kinds[kind].status]);
	if (kind == KIND_ALTERED)
		put_altered(&a, event, s);
	else
		put_record(&a, event, s, kind);
	ocsf_put_needed(&a, event, s);
	put_somebody(&a, event, kind);
	put_profiles(&a, event, kinds[kind].class);
	map_line(event, to);
	arena_done(&a);
}

const struct audit_format format_ocsf = {
	.name = "ocsf",
	.summary = "OCSF " OCSF_VERSION ", one event on a line",
	.one = one,
};
