/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formats for security tools. Every kind of event in every format is held against tables of what the schema
 * requires: each line names its source. With `--rows` it prints the tables of docs/siem.md instead, which it compares
 * otherwise.
 */
#include <ctype.h>

#include "ctl/audit/format_rows.h"
#include "tests/tap.h"
#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/base/limits.h"
#include "validate/rule/rule.h"

#define HASH "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
#define PREV "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

#define NORMAL "0000000000000000000000000000000000000000000000000000000000000aaa"
#define POSTURE "0000000000000000000000000000000000000000000000000000000000000bbb"

/* What all records have, behind what is special to one. */
#define REST                                                                                                           \
	"\"schema\":1,\"id\":\"0199a4c2-5b1e-7c3d-9f10-2b6f0c9d1e7a\",\"time\":\"2026-11-21T22:01:42.673724228Z\","    \
	"\"chain\":\"cecd799e12ce47a885ec306b5acb72dc\",\"seq\":4801,\"prev\":\"" PREV "\",\"hash\":\"" HASH "\","     \
	"\"host\":{\"boot_id\":\"cecd799e-12ce-47a8-85ec-306b5acb72dc\",\"id\":\"3d12aa\",\"kernel\":\"6.1.0-40-"      \
	"amd64\","                                                                                                     \
	"\"name\":\"node7\"},\"product\":{\"version\":\"0.1.0\"}"
#define CALLED                                                                                                         \
	"\"process\":{\"parent_pid\":4100,\"pid\":4242},"                                                              \
	"\"caller\":{\"exe\":\"/usr/bin/containerd-shim-runc-v2\",\"unit\":\"containerd.service\"},"                   \
	"\"user\":{\"auid\":1000,\"euid\":0,\"session\":3},\"runtime\":{\"digest\":\"sha256:" HASH                     \
	"\",\"path\":\"/usr/bin/runc\","                                                                               \
	"\"version\":\"1.1.5\"},\"bundle\":\"/run/b\",\"root\":\"/run/runc\",\"duration_us\":812,"                     \
	"\"config\":{\"digest\":\"sha256:" PREV "\"},"                                                                 \
	"\"fingerprint\":{\"normal\":\"sha256:" NORMAL "\",\"posture\":\"sha256:" POSTURE "\"},"                       \
	"\"container\":{\"id\":\"3f2c9b7a51de\",\"image\":{\"id\":\"sha256:" HASH                                      \
	"\",\"name\":\"registry/web:1\"},\"name\":\"web\","                                                            \
	"\"type\":\"container\"},\"k8s\":{\"namespace\":{\"name\":\"payments\"},\"pod\":{\"name\":\"web-7d9c\","       \
	"\"uid\":\"0a5c3f00-0000-4000-8000-000000000001\"}},\"engine\":{\"name\":\"containerd\",\"namespace\":\"k8s."  \
	"io\"},"                                                                                                       \
	"\"facts\":{\"cap_added\":[\"CAP_SYS_ADMIN\"],\"namespaces\":[{\"how\":\"host\",\"kind\":\"pid\"}],"           \
	"\"privileged\":1},"
#define POLICY                                                                                                         \
	"\"policy\":{\"digest\":\"sha256:" PREV "\",\"name\":\"baseline\",\"shadow\":[{\"decision\":\"deny\","         \
	"\"profile\":\"restricted@v1.37\",\"rules\":\"privileged\"}],\"version\":\"v1.37\"},\"mode\":\"enforce\","
#define BROKEN                                                                                                         \
	"\"reason\":\"rule-violation\",\"counts\":{\"errors\":2,\"warnings\":1},\"violations\":["                      \
	"{\"path\":\"/mounts/7/source\",\"rule\":\"mount.host\",\"severity\":\"error\",\"text\":\"is below /etc\"},"   \
	"{\"path\":\"/process/oomScoreAdj\",\"rule\":\"w\",\"severity\":\"warning\",\"text\":\"low\"},"                \
	"{\"path\":\"/process\",\"rule\":\"privileged\",\"severity\":\"error\",\"text\":\"all is given\"}],"

static const struct sample {
	enum seen_kind kind;
	const char *name, *line;
} samples[] = {
	{ KIND_ALLOW, "allow",
		"{\"event\":{\"code\":\"create.allowed\"},\"action\":\"create\",\"decision\":\"allow\","
		"\"severity\":\"notice\",\"message\":\"allowed create\"," CALLED POLICY REST "}" },
	{ KIND_DENY, "deny",
		"{\"event\":{\"code\":\"create.denied\"},\"action\":\"create\",\"decision\":\"deny\","
		"\"severity\":\"warning\",\"message\":\"denied create\",\"help\":\"man:runvet-rules(7)\"," CALLED POLICY
			BROKEN REST "}" },
	{ KIND_WOULD_DENY, "would-deny",
		"{\"event\":{\"code\":\"exec.would-deny\"},\"action\":\"exec\","
		"\"decision\":\"would-deny\",\"create_id\":\"0199a4c2-5b1e-7c3d-9f10-2b6f0c9d1e70\",\"severity\":"
		"\"warning\","
		"\"message\":\"would have denied exec\"," CALLED POLICY BROKEN REST "}" },
	{ KIND_BYPASS, "bypass",
		"{\"event\":{\"code\":\"run.bypassed\"},\"action\":\"run\",\"decision\":\"bypass\","
		"\"severity\":\"warning\",\"message\":\"let through\"," CALLED POLICY BROKEN REST "}" },
	{ KIND_ERROR, "error",
		"{\"event\":{\"code\":\"restore.error\"},\"action\":\"restore\",\"decision\":\"error\","
		"\"severity\":\"error\",\"message\":\"refused\",\"truncated\":1," CALLED BROKEN REST "}" },
	{ KIND_LIFECYCLE, "start",
		"{\"event\":{\"code\":\"start.asked\"},\"action\":\"start\",\"severity\":\"info\","
		"\"create_id\":\"0199a4c2-5b1e-7c3d-9f10-2b6f0c9d1e70\",\"message\":\"start of web\"," CALLED REST
		"}" },
	{ KIND_LIFECYCLE, "kill",
		"{\"event\":{\"code\":\"kill.asked\"},\"action\":\"kill\",\"signal\":\"SIGTERM\","
		"\"severity\":\"info\",\"message\":\"kill of web\"," CALLED REST "}" },
	{ KIND_GAP, "audit-gap",
		"{\"event\":{\"code\":\"audit.gap\"},\"severity\":\"critical\",\"message\":\"missed\","
		"\"gap\":{\"count\":17,\"since\":\"2026-11-21T21:59:00.000000000Z\"}," REST "}" },
	{ KIND_CHECKPOINT, "checkpoint",
		"{\"event\":{\"code\":\"audit.checkpoint\"},\"severity\":\"notice\","
		"\"message\":\"stands\",\"checkpoint\":{\"hash\":\"" HASH "\",\"seq\":4800}," REST "}" },
	{ KIND_POLICY, "policy",
		"{\"event\":{\"code\":\"policy.changed\"},\"severity\":\"notice\",\"message\":\"changed\","
		"\"policy\":{\"before\":\"none\",\"digest\":\"sha256:" HASH "\"}," REST "}" },
	{ KIND_OTHER, "other", "{\"event\":{\"code\":\"new.thing\"},\"message\":\"of a later release\"," REST "}" },
	{ KIND_ALTERED, "altered",
		"{\"event\":{\"code\":\"create.allowed\"},\"action\":\"create\",\"decision\":\"allow\","
		"\"message\":\"forged\"," CALLED REST "}" },
	{ KIND_ALTERED, "no record", NULL },
	{ KIND_ALLOW, "bare", "{\"decision\":\"allow\"}" },
	{ KIND_LIFECYCLE, "bare start", "{\"action\":\"start\"}" },
};

/* What a schema asks of one attribute. */
struct need {
	const char *path;
	unsigned type;  /* DOC_* */
	const char *of; /* its values, between blanks; NULL: any */
	const char *source;
	bool required; /* else: when it is there */
};

#define OCSF "OCSF 1.9.0, "

static const struct need ocsf_needs[] = {
	{ "activity_id", DOC_INT, " 1 2 3 99 ", OCSF "base_event.activity_id, process_activity, entity_management",
		true },
	{ "category_uid", DOC_INT, " 1 3 ", OCSF "categories: 1 system, 3 iam", true },
	{ "class_uid", DOC_INT, " 1007 1008 3004 ", OCSF "process_activity, event_log_activity, entity_management",
		true },
	{ "type_uid", DOC_INT, " 100701 100702 100799 100899 300403 ", OCSF "class_uid * 100 + activity_id", true },
	{ "severity_id", DOC_INT, " 0 1 2 3 4 5 6 99 ", OCSF "dictionary severity_id", true },
	{ "time", DOC_INT, NULL, OCSF "dictionary timestamp_t: milliseconds", true },
	{ "metadata", DOC_OBJECT, NULL, OCSF "base_event.metadata", true },
	{ "metadata.version", DOC_STRING, " 1.9.0 ", OCSF "metadata.version", true },
	{ "metadata.product", DOC_OBJECT, NULL, OCSF "metadata.product", true },
	{ "metadata.product.name", DOC_STRING, NULL, OCSF "product: at least one of name, uid", true },
	{ "metadata.product.vendor_name", DOC_STRING, NULL, OCSF "product.vendor_name", true },
	{ "metadata.profiles", DOC_ARRAY, NULL, OCSF "metadata.profiles", true },
	{ "metadata.uid", DOC_STRING, NULL, OCSF "metadata.uid", false },
	{ "metadata.correlation_uid", DOC_STRING, NULL, OCSF "metadata.correlation_uid", false },
	{ "metadata.sequence", DOC_INT, NULL, OCSF "metadata.sequence", false },
	{ "metadata.log_version", DOC_STRING, NULL, OCSF "metadata.log_version", false },
	{ "metadata.is_truncated", DOC_BOOL, NULL, OCSF "metadata.is_truncated", false },
	{ "status_id", DOC_INT, " 0 1 2 99 ", OCSF "dictionary status_id", true },
	{ "status_code", DOC_STRING, NULL, OCSF "dictionary status_code", false },
	{ "status_detail", DOC_STRING, NULL, OCSF "dictionary status_detail", false },
	{ "action_id", DOC_INT, " 0 1 2 3 4 99 ", OCSF "security_control.action_id", false },
	{ "disposition_id", DOC_INT, " 1 2 8 19 27 ", OCSF "dictionary disposition_id", false },
	{ "is_alert", DOC_BOOL, NULL, OCSF "security_control.is_alert", false },
	{ "authorizations", DOC_ARRAY, NULL, OCSF "security_control.authorizations", false },
	{ "policy", DOC_OBJECT, NULL, OCSF "security_control.policy", false },
	{ "policy.is_applied", DOC_BOOL, NULL, OCSF "policy.is_applied", false },
	{ "policy.uid", DOC_STRING, NULL, OCSF "policy.uid", false },
	{ "device", DOC_OBJECT, NULL, OCSF "system.device, host profile", true },
	{ "device.type_id", DOC_INT, " 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 99 ", OCSF "endpoint.type_id", true },
	{ "device.os.name", DOC_STRING, NULL, OCSF "os.name", false },
	{ "device.os.type_id", DOC_INT, " 200 ", OCSF "os.type_id: 200 Linux", false },
	{ "duration", DOC_INT, NULL, OCSF "dictionary duration: milliseconds", false },
	{ "attestation_list", DOC_ARRAY, NULL, OCSF "record_integrity.attestation_list", false },
	{ "unmapped", DOC_OBJECT, NULL, OCSF "base_event.unmapped", true },
	{ NULL, 0, NULL, NULL, false },
};

static const struct need ocsf_process_needs[] = {
	{ "actor", DOC_OBJECT, NULL, OCSF "process_activity.actor", true },
	{ "process", DOC_OBJECT, NULL, OCSF "process_activity.process", true },
	{ "process.pid", DOC_INT, NULL, OCSF "process.pid", false },
	{ "process.file.name", DOC_STRING, NULL, OCSF "file.name: required of a file", false },
	{ "process.file.type_id", DOC_INT, " 1 ", OCSF "file.type_id: required of a file", false },
	{ "process.file.hashes", DOC_ARRAY, NULL, OCSF "file.hashes", false },
	{ "process.container.uid", DOC_STRING, NULL, OCSF "container: at least one of uid, name", false },
	{ "process.container.image.uid", DOC_STRING, NULL, OCSF "image.uid: required of an image", false },
	{ "process.container.hash", DOC_OBJECT, NULL,
		OCSF "container.hash: a fingerprint, \"SHA256 hash of the container\"", false },
	{ "process.container.hash.algorithm_id", DOC_INT, " 3 ", OCSF "fingerprint.algorithm_id, required: 3 SHA-256",
		false },
	{ "process.container.hash.value", DOC_STRING, NULL, OCSF "fingerprint.value, required", false },
	{ "unmapped.config.digest", DOC_STRING, NULL, OCSF "base_event.unmapped: any object", false },
	{ "unmapped.fingerprint.posture", DOC_STRING, NULL, OCSF "base_event.unmapped: any object", false },
	{ "process.container.pod_uuid", DOC_STRING, NULL, OCSF "container.pod_uuid: uuid_t", false },
	{ "actor.process.pid", DOC_INT, NULL, OCSF "process.pid", false },
	{ "actor.process.file.name", DOC_STRING, NULL, OCSF "file.name", false },
	{ "actor.user.uid", DOC_STRING, NULL, OCSF "user.uid", false },
	{ "actor.session.uid", DOC_STRING, NULL, OCSF "session.uid", false },
	{ NULL, 0, NULL, NULL, false },
};

static const struct need ocsf_log_needs[] = {
	{ "log_name", DOC_STRING, NULL, OCSF "event_log_activity: at least one of log_name, log_provider ...", true },
	{ "count", DOC_INT, NULL, OCSF "dictionary count", false },
	{ "start_time", DOC_INT, NULL, OCSF "dictionary timestamp_t", false },
	{ NULL, 0, NULL, NULL, false },
};

static const struct need ocsf_policy_needs[] = {
	{ "entity", DOC_OBJECT, NULL, OCSF "entity_management.entity", true },
	{ "entity.name", DOC_STRING, NULL, OCSF "managed_entity: at least one of name, uid", true },
	{ "entity.type", DOC_STRING, NULL, OCSF "managed_entity.type", true },
	{ NULL, 0, NULL, NULL, false },
};

static const struct need ocsf_finding_needs[] = {
	{ "class_uid", DOC_INT, " 2003 ", OCSF "compliance_finding", true },
	{ "category_uid", DOC_INT, " 2 ", OCSF "categories: 2 findings", true },
	{ "activity_id", DOC_INT, " 1 ", OCSF "finding.activity_id: 1 Create", true },
	{ "type_uid", DOC_INT, " 200301 ", OCSF "class_uid * 100 + activity_id", true },
	{ "severity_id", DOC_INT, " 0 1 2 3 4 5 6 99 ", OCSF "dictionary severity_id", true },
	{ "status_id", DOC_INT, " 1 ", OCSF "finding.status_id: 1 New", true },
	{ "time", DOC_INT, NULL, OCSF "dictionary timestamp_t: milliseconds", true },
	{ "message", DOC_STRING, NULL, OCSF "base_event.message", true },
	{ "metadata.version", DOC_STRING, " 1.9.0 ", OCSF "metadata.version", true },
	{ "metadata.uid", DOC_STRING, NULL, OCSF "metadata.uid", true },
	{ "metadata.original_event_uid", DOC_STRING, NULL, OCSF "metadata.original_event_uid", false },
	{ "metadata.product.name", DOC_STRING, NULL, OCSF "product: at least one of name, uid", true },
	{ "metadata.product.vendor_name", DOC_STRING, NULL, OCSF "product.vendor_name", true },
	{ "metadata.profiles", DOC_ARRAY, " host record_integrity security_control ", OCSF "base_event: its profiles",
		true },
	{ "finding_info.uid", DOC_STRING, NULL, OCSF "finding_info.uid", true },
	{ "finding_info.title", DOC_STRING, NULL, OCSF "finding_info.title", true },
	{ "finding_info.desc", DOC_STRING, NULL, OCSF "finding_info.desc", true },
	{ "finding_info.created_time", DOC_INT, NULL, OCSF "dictionary timestamp_t", false },
	{ "finding_info.analytic.uid", DOC_STRING, NULL, OCSF "analytic: at least one of name, uid", true },
	{ "finding_info.analytic.type_id", DOC_INT, " 1 ", OCSF "analytic.type_id, required: 1 Rule", true },
	{ "compliance.control", DOC_STRING, NULL, OCSF "compliance.control", true },
	{ "compliance.desc", DOC_STRING, NULL, OCSF "compliance.desc", false },
	{ "compliance.standards", DOC_ARRAY, NULL, OCSF "compliance.standards, required up to 1.3", true },
	{ "compliance.requirements", DOC_ARRAY, NULL, OCSF "compliance.requirements", false },
	{ "compliance.status_id", DOC_INT, " 3 ", OCSF "compliance.status_id: 3 Fail", true },
	{ "compliance.status_details", DOC_ARRAY, NULL, OCSF "compliance.status_details", false },
	{ "remediation", DOC_OBJECT, NULL, OCSF "compliance_finding.remediation", false },
	{ "evidences", DOC_ARRAY, NULL, OCSF "compliance_finding.evidences", true },
	{ "resources", DOC_ARRAY, NULL, OCSF "compliance_finding.resources", false },
	{ "device.type_id", DOC_INT, " 0 ", OCSF "endpoint.type_id", true },
	{ NULL, 0, NULL, NULL, false },
};

#define ECS "ECS 8.17, "
#define CATEGORIES                                                                                                     \
	" api authentication configuration database driver email file host iam intrusion_detection library "           \
	"malware network package process registry session threat vulnerability web "
#define TYPES                                                                                                          \
	" access admin allowed change connection creation deletion denied device end error group indicator info "      \
	"installation protocol start user "

static const struct need ecs_needs[] = {
	{ "@timestamp", DOC_STRING, NULL, ECS "base @timestamp, required; a date", true },
	{ "ecs.version", DOC_STRING, " 8.17.0 ", ECS "ecs.version, required", true },
	{ "message", DOC_STRING, NULL, ECS "base message: match_only_text", false },
	{ "event.kind", DOC_STRING, " alert asset enrichment event metric state pipeline_error signal ",
		ECS "event.kind", true },
	{ "event.category", DOC_ARRAY, CATEGORIES, ECS "event.category, array", true },
	{ "event.type", DOC_ARRAY, TYPES, ECS "event.type, array", true },
	{ "event.outcome", DOC_STRING, " failure success unknown ", ECS "event.outcome", true },
	{ "event.severity", DOC_INT, NULL, ECS "event.severity: long", true },
	{ "event.sequence", DOC_INT, NULL, ECS "event.sequence: long", false },
	{ "event.duration", DOC_INT, NULL, ECS "event.duration: long, nanoseconds", false },
	{ "event.id", DOC_STRING, NULL, ECS "event.id: keyword", false },
	{ "event.hash", DOC_STRING, NULL, ECS "event.hash: keyword", false },
	{ "event.code", DOC_STRING, NULL, ECS "event.code: keyword", false },
	{ "event.dataset", DOC_STRING, NULL, ECS "event.dataset: keyword", true },
	{ "rule.id", DOC_STRING, NULL, ECS "rule.id: keyword, one", false },
	{ "container.id", DOC_STRING, NULL, ECS "container.id: keyword", false },
	{ "container.image.hash.all", DOC_ARRAY, NULL, ECS "container.image.hash.all: keyword, array", false },
	{ "container.security_context.privileged", DOC_BOOL, NULL, ECS "container.security_context.privileged", false },
	{ "orchestrator.resource.name", DOC_STRING, NULL, ECS "orchestrator.resource.name: keyword", false },
	{ "process.pid", DOC_INT, NULL, ECS "process.pid: long", false },
	{ "process.parent.pid", DOC_INT, NULL, ECS "process.parent.pid: long", false },
	{ "user.id", DOC_STRING, NULL, ECS "user.id: keyword", false },
	{ "user.effective.id", DOC_STRING, NULL, ECS "user.effective.id: keyword", false },
	{ "host.os.type", DOC_STRING, " linux macos unix windows ios android ", ECS "host.os.type", false },
	{ "related.hash", DOC_ARRAY, NULL, ECS "related.hash: keyword, array", false },
	{ "runvet.config.digest", DOC_STRING, NULL, ECS "custom fields: below a name of one's own", false },
	{ "runvet.fingerprint.normal", DOC_STRING, NULL, ECS "custom fields: below a name of one's own", false },
	{ "runvet.fingerprint.posture", DOC_STRING, NULL, ECS "custom fields: below a name of one's own", false },
	{ "related.hosts", DOC_ARRAY, NULL, ECS "related.hosts: keyword, array", false },
	{ "related.user", DOC_ARRAY, NULL, ECS "related.user: keyword, array", false },
	{ NULL, 0, NULL, NULL, false },
};

static struct arena arena;

static const struct doc *parse(const char *line, const char *what)
{
	const struct doc_options options = { .file = what };
	const struct doc *d = NULL;
	struct fail f = { 0 };

	if (doc_parse(&arena, bytes_of(line), &options, &d, &f) < 0)
		ok(false, "%s is strict JSON: %s", what, f.says);
	return d;
}

static struct seen seen_of(const struct sample *s)
{
	struct seen ret = { .place = "/var/log/runvet/chain",
		.number = 17,
		.in = IN_CHAIN,
		.sound = s->kind != KIND_ALTERED };
	if (s->line) {
		ret.root = parse(s->line, s->name);
		ret.text = bytes_of(s->line);
	}
	return ret;
}

static const char *printed(const struct audit_format *f, const struct seen *s)
{
	struct text t = text_growing(&arena);
	f->one(s, &t);
	return t.data;
}

static bool in_list(struct bytes word, const char *list)
{
	char one[128];
	const int n = snprintf(one, sizeof(one), " %.*s ", (int)word.len, word.data);
	return n > 2 && n < (int)sizeof(one) && strstr(list, one);
}

static bool value_fits(const struct doc *d, const struct need *n)
{
	if (!(d->type & n->type))
		return false;
	if (!n->of)
		return d->type != DOC_STRING || d->string.len > 0;
	if (d->type != DOC_ARRAY)
		return in_list(map_text(&arena, d), n->of);
	for (const struct doc *v = d->first; v; v = v->next)
		if (!in_list(map_text(&arena, v), n->of))
			return false;
	return d->count > 0;
}

static void holds(const struct doc *d, const struct need *needs, const char *name)
{
	size_t bad = 0;
	for (; needs->path; needs++) {
		const struct doc *v = doc_find(d, needs->path);
		if (v ? value_fits(v, needs) : !needs->required)
			continue;
		bad++;
		printf("# %s: %s: %s\n", name, needs->path, needs->source);
	}
	is_int(bad, 0, "%s: %s", name, "every attribute is as its schema wants it");
}

/* One line, printable ASCII, ended by a newline. */
static bool one_line(const char *s)
{
	const size_t n = strlen(s);
	for (size_t i = 0; i + 1 < n; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] > 0x7e)
			return false;
	return n > 0 && s[n - 1] == '\n';
}

static bool any_of(const struct doc *d, const char *const *paths)
{
	for (; *paths; paths++)
		if (doc_find(d, *paths))
			return true;
	return false;
}

static void test_ocsf(const struct sample *s)
{
	static const char *const device[] = { "device.hostname", "device.uid", "device.name", NULL };
	static const char *const actor[] = { "actor.process", "actor.user", "actor.session", "actor.app_name", NULL };
	static const char *const process[] = { "process.pid", "process.uid", NULL };
	const struct seen seen = seen_of(s);
	const char *line = printed(&format_ocsf, &seen);
	const struct doc *d = parse(line, s->name);
	char name[64];

	(void)snprintf(name, sizeof(name), "ocsf %s", s->name);
	ok(one_line(line), "%s: one line", name);
	holds(d, ocsf_needs, name);
	ok(any_of(d, device), "%s: the device has one of its names (OCSF 1.9.0, device: at_least_one)", name);
	const bool call = bytes_is(map_text(&arena, doc_get(d, "class_uid")), "1007");
	const bool policy = bytes_is(map_text(&arena, doc_get(d, "class_uid")), "3004");
	holds(d, call ? ocsf_process_needs : policy ? ocsf_policy_needs : ocsf_log_needs, name);
	if (call) {
		ok(any_of(d, actor), "%s: the actor is somebody (OCSF 1.9.0, actor: at_least_one)", name);
		ok(any_of(d, process), "%s: the process is known by one number (OCSF 1.9.0, process: at_least_one)",
			name);
	}
	const struct doc *list = doc_get(d, "attestation_list");
	if (list)
		ok(doc_within(doc_find(list->first, "fingerprint.algorithm_id"), 3, 3) &&
				doc_find(list->first, "fingerprint.value"),
			"%s: the attestation has a SHA-256 (OCSF 1.9.0, attestation: at least one of fingerprint, "
			"signatures)",
			name);
	for (const struct doc *a = doc_get(d, "authorizations") ? doc_get(d, "authorizations")->first : NULL; a;
		a = a->next)
		ok(doc_string(a, "policy.uid", BYTES("")).len > 0 && doc_string(a, "decision", BYTES("")).len > 0,
			"%s: an authorization names its rule (OCSF 1.9.0, authorization, policy)", name);
	ok(s->kind != KIND_ALTERED || !doc_get(d, "action_id"), "%s: what was altered decides nothing", name);
}

/* Every value of the record is somewhere in the event. */
static bool has_value(const struct doc *in, struct bytes value)
{
	if (in->type == DOC_OBJECT || in->type == DOC_ARRAY) {
		for (const struct doc *v = in->first; v; v = v->next)
			if (has_value(v, value))
				return true;
		return false;
	}
	return bytes_equal(map_text(&arena, in), value);
}

/* One line of what the format prints; *at moves behind it. NULL: there is no more. */
static const char *next_line(const char **at)
{
	const char *end = strchr(*at, '\n');
	const char *line = end ? arena_copy(&arena, (struct bytes){ *at, (size_t)(end - *at) + 1 }) : NULL;

	*at = end ? end + 1 : *at;
	return line;
}

/* A finding as its class wants it. Gives the event. */
static const struct doc *a_finding(const char *line, const char *name)
{
	static const char *const of_resource[] = { "uid", "name", NULL };
	const struct doc *d = parse(line, name);
	const struct doc *evidences = doc_get(d, "evidences"), *resources = doc_get(d, "resources"),
			 *related = doc_find(d, "finding_info.related_events");

	ok(one_line(line), "%s: one line", name);
	holds(d, ocsf_finding_needs, name);
	ok(evidences && doc_get(evidences->first, "data"), "%s: an evidence has something (OCSF 1.9.0, evidences)",
		name);
	for (const struct doc *r = resources ? resources->first : NULL; r; r = r->next)
		ok(any_of(r, of_resource), "%s: a resource has a name (OCSF 1.9.0, resource_details)", name);
	ok(!doc_get(d, "remediation") || doc_find(d, "remediation.desc"), "%s: desc is required of a remediation",
		name);
	ok(!related || doc_string(related->first, "uid", BYTES("")).len > 0, "%s: uid is required of a related event",
		name);
	return d;
}

static size_t findings_of(const struct sample *s)
{
	const struct seen seen = seen_of(s);
	const char *at = printed(&format_ocsf_compliance, &seen), *line;
	const char *name = arena_printf(&arena, "ocsf-compliance %s", s->name);
	size_t n = 0;

	for (; at && (line = next_line(&at)); n++)
		(void)a_finding(line, name);
	return n;
}

/* One for each broken rule; what only warns, and what broke while it was judged, is none. */
static void test_findings(void)
{
	static const struct sample cause = { KIND_ERROR, "policy unreadable",
		"{\"event\":{\"code\":\"create.error\"},\"action\":\"create\",\"decision\":\"error\",\"violations\":[{"
		"\"path\":\"\",\"rule\":\"policy\",\"severity\":\"error\",\"text\":\"cannot be read\"}]," REST "}" };
	static const struct sample custom = { KIND_DENY, "of the site",
		"{\"action\":\"create\",\"decision\":\"deny\",\"policy\":{\"name\":\"site\"},\"violations\":[{\"path\":"
		"\"/hostname\",\"rule\":\"acme.name\",\"severity\":\"error\",\"text\":\"hostname must be ours\"}]}" };
	const struct seen altered = { .place = "/var/log/runvet/chain", .number = 3, .in = IN_CHAIN };

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		if (samples[i].kind != KIND_ALTERED)
			is_int(findings_of(&samples[i]),
				samples[i].line && strstr(samples[i].line, "mount.host") ? 2 : 0,
				"ocsf-compliance %s: a finding for each broken rule", samples[i].name);
	is_int(findings_of(&cause), 0, "ocsf-compliance: a policy that cannot be read is no rule");
	is_int(findings_of(&custom), 1, "ocsf-compliance: a rule of the site is one");
	is_text(printed(&format_ocsf_compliance, &altered), printed(&format_ocsf, &altered),
		"ocsf-compliance: what was altered is told as ever");

	const struct seen s = seen_of(&samples[1]), own = seen_of(&custom);
	const char *at = printed(&format_ocsf_compliance, &s);
	(void)next_line(&at);
	const struct doc *d = parse(next_line(&at), "second");
	ok(bytes_is(doc_string(d, "compliance.control", BYTES("")), "privileged"), "ocsf-compliance: the second rule");
	ok(bytes_is(doc_string(d, "finding_info.uid", BYTES("")), "0199a4c2-5b1e-7c3d-9f10-2b6f0c9d1e7a/violations/2"),
		"ocsf-compliance: its uid is its place in the record");
	ok(doc_within(doc_get(doc_find(d, "finding_info.related_events")->first, "type_uid"), 100701, 100701),
		"ocsf-compliance: the event that it is of");
	ok(has_value(doc_find(d, "compliance.standards"), BYTES("Kubernetes Pod Security Standards")) &&
			has_value(doc_find(d, "compliance.standards"), BYTES("CIS Docker Benchmark")) &&
			has_value(doc_find(d, "compliance.requirements"), BYTES("CIS Docker 5.5")),
		"ocsf-compliance: the standards that the rule stands on");
	ok(doc_within(doc_get(d, "action_id"), 2, 2) && doc_string(d, "remediation.desc", BYTES("")).len > 0,
		"ocsf-compliance: what was done, and what would be right");
	ok(doc_get(d, "resources")->count == 2, "ocsf-compliance: the container and its pod");
	at = printed(&format_ocsf_compliance, &own);
	d = parse(next_line(&at), "own");
	ok(has_value(doc_find(d, "compliance.standards"), BYTES("site")) && !doc_get(d, "remediation"),
		"ocsf-compliance: a rule of the site stands on its policy");
}

static size_t times(const char *in, const char *what)
{
	size_t n = 0;
	for (; (in = strstr(in, what)); in++)
		n++;
	return n;
}

/* Whether a finding of the rule has all that its row says it stands on. */
static bool stands_on(const struct rule *r)
{
	static const struct {
		const char *said, *standard;
	} known[] = { { "CIS Docker ", "CIS Docker Benchmark" }, { "CIS Kubernetes ", "CIS Kubernetes Benchmark" },
		{ "Pod Security Standards,", "Kubernetes Pod Security Standards" },
		{ ".md#config", "OCI Runtime Specification" } };
	const struct sample s = { KIND_DENY, r->id,
		arena_printf(&arena,
			"{\"decision\":\"deny\",\"action\":\"create\",\"violations\":[{\"rule\":\"%s\","
			"\"severity\":\"error\",\"path\":\"/x\",\"text\":\"is not\"}]}",
			r->id) };
	const struct seen seen = seen_of(&s);
	const char *at = printed(&format_ocsf_compliance, &seen);
	const struct doc *d = parse(next_line(&at), r->id);
	const struct doc *standards = doc_find(d, "compliance.standards"),
			 *all = doc_find(d, "compliance.requirements");

	if (!standards || standards->count == 0 || !all ||
		all->count != 1 + times(r->spec, "; ") + times(r->spec, ", CVE-"))
		return false;
	for (const struct doc *v = all->first; v; v = v->next)
		if (v->string.len == 0 || !strstr(r->spec, arena_copy(&arena, v->string)))
			return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(r->spec, known[i].said) && !has_value(standards, bytes_of(known[i].standard)))
			return false;
	return true;
}

static void test_standards(void)
{
	size_t bad = 0, rules = 0;

	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++) {
			const struct rule *r = &(*t)->rows[i];
			if (!r->id || (r->of != OF_BUNDLE && !subject_is_second_look(r->of)))
				continue;
			rules++;
			if (stands_on(r))
				continue;
			bad++;
			printf("# %s: %s\n", r->id, r->spec);
		}
	ok(rules > 300, "%zu rules can be broken", rules);
	is_int(bad, 0, "every rule's finding has all that its row stands on");
}

static void test_ecs(const struct sample *s)
{
	const struct seen seen = seen_of(s);
	const char *line = printed(&format_ecs, &seen);
	const struct doc *d = parse(line, s->name);
	char name[64];

	(void)snprintf(name, sizeof(name), "ecs %s", s->name);
	ok(one_line(line), "%s: one line", name);
	holds(d, ecs_needs, name);
	ok(s->kind != KIND_ALTERED || !doc_get(d, "container"), "%s: what was altered names no container", name);
}

static size_t lost(const struct doc *d, const struct doc *in)
{
	size_t n = 0;
	if (d->type == DOC_OBJECT || d->type == DOC_ARRAY) {
		for (const struct doc *v = d->first; v; v = v->next)
			n += lost(v, in);
		return n;
	}
	struct bytes b = map_text(&arena, d);
	const char *hex = bytes_start(b, "sha256:") ? arena_copy(&arena, (struct bytes){ b.data + 7, b.len - 7 })
						    : NULL;
	/* These change their form: times and durations become numbers, a flag becomes true. */
	const bool other = bytes_is(d->key, "time") || bytes_is(d->key, "since") || bytes_is(d->key, "duration_us") ||
		bytes_is(d->key, "truncated") || bytes_is(d->key, "privileged");
	if (other || has_value(in, b) || (hex && has_value(in, bytes_of(hex))))
		return 0;
	printf("# lost: %.*s = %.*s\n", (int)d->key.len, d->key.data, (int)b.len, b.data);
	return 1;
}

/*
 * --- CEF ------------------------------------------------------------------------------------------------------------
 */

struct pair {
	char key[32], value[4100];
};

/* The end of a part: the first `mark` that no backslash escapes. */
static const char *part_end(const char *s, char mark)
{
	for (; *s && *s != mark; s++)
		if (*s == '\\' && s[1])
			s++;
	return s;
}

/* A reader as CEF describes one: a key is a word before an equals sign that is not escaped. Returns how many. */
static size_t cef_read(const char *extension, struct pair *pairs, size_t room)
{
	size_t n = 0;
	const char *s = extension;
	while (*s && n < room) {
		const char *eq = part_end(s, '='), *next = part_end(*eq ? eq + 1 : eq, '='), *end = next;
		struct pair *p = &pairs[n++];
		size_t k = 0;
		if (*next)
			while (end > eq && end[-1] != ' ')
				end--;
		(void)snprintf(p->key, sizeof(p->key), "%.*s", (int)(eq - s), s);
		const char *stop = *next ? end - 1 : next;
		for (const char *c = eq + 1; c < stop && k < sizeof(p->value) - 1; c++) {
			if (*c == '\\') {
				c++;
				p->value[k++] = *c == 'n' ? '\n' : *c == 'r' ? '\r' : *c;
			} else
				p->value[k++] = *c;
		}
		p->value[k] = '\0';
		s = *next ? end : next;
	}
	return n;
}

static const char *cef_value(const struct pair *pairs, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(pairs[i].key, key) == 0)
			return pairs[i].value;
	return NULL;
}

/* Keys of the CEF dictionary ("Implementing ArcSight Common Event Format", producer dictionary) and what they hold. */
static const struct {
	const char *key;
	bool number;
	size_t most;
} cef_keys[] = {
	{ "act", false, 63 },
	{ "cat", false, 1023 },
	{ "cn1", true, 20 },
	{ "cn1Label", false, 1023 },
	{ "cn2", true, 20 },
	{ "cn2Label", false, 1023 },
	{ "cn3", true, 20 },
	{ "cn3Label", false, 1023 },
	{ "cs1", false, 4000 },
	{ "cs1Label", false, 1023 },
	{ "cs2", false, 4000 },
	{ "cs2Label", false, 1023 },
	{ "cs3", false, 4000 },
	{ "cs3Label", false, 1023 },
	{ "cs4", false, 4000 },
	{ "cs4Label", false, 1023 },
	{ "cs5", false, 4000 },
	{ "cs5Label", false, 1023 },
	{ "cs6", false, 4000 },
	{ "cs6Label", false, 1023 },
	{ "deviceExternalId", false, 255 },
	{ "dhost", false, 1023 },
	{ "dpid", true, 20 },
	{ "dproc", false, 1023 },
	{ "duid", false, 1023 },
	{ "dvchost", false, 100 },
	{ "externalId", false, 40 },
	{ "fileHash", false, 255 },
	{ "filePath", false, 1023 },
	{ "msg", false, 1023 },
	{ "outcome", false, 63 },
	{ "reason", false, 1023 },
	{ "rt", true, 32 },
	{ "sourceServiceName", false, 1023 },
	{ "spid", true, 20 },
	{ "sproc", false, 1023 },
	{ "suid", false, 1023 },
};

static bool cef_fits(const struct pair *p)
{
	for (size_t i = 0; i < sizeof(cef_keys) / sizeof(cef_keys[0]); i++)
		if (strcmp(cef_keys[i].key, p->key) == 0)
			return p->value[0] && strlen(p->value) <= cef_keys[i].most &&
				(!cef_keys[i].number || strspn(p->value, "0123456789") == strlen(p->value));
	return false;
}

static struct pair pairs[64];

/* Reads a line: the header's parts are checked, the pairs are in `pairs`. */
static size_t cef_line(const char *line, const char *name)
{
	const char *s = line;
	char *flat = arena_copy(&arena, bytes_of(line));
	size_t bars = 0, faults = 0;

	ok(line[strlen(line) - 1] == '\n' && strcspn(line, "\n\r") == strlen(line) - 1, "%s: one line", name);
	ok(strncmp(line, "CEF:0|runvet|runvet|", 20) == 0, "%s: begins as CEF does", name);
	for (; bars < 7 && *(s = part_end(s, '|')); s++)
		bars++;
	is_int(bars, 7, "%s: the header has seven parts", name);
	const long severity = strtol(s - 2 > line && s[-3] != '|' ? s - 3 : s - 2, NULL, 10);
	ok(severity >= 0 && severity <= 10, "%s: severity is 0 to 10", name);
	char *extension = flat + (s - line);
	extension[strcspn(extension, "\n")] = '\0';
	const size_t n = cef_read(extension, pairs, sizeof(pairs) / sizeof(pairs[0]));
	for (size_t i = 0; i < n; i++) {
		bool twice = false;
		for (size_t j = 0; j < i; j++)
			twice |= strcmp(pairs[i].key, pairs[j].key) == 0;
		if (!twice && cef_fits(&pairs[i]))
			continue;
		faults++;
		printf("# %s=%s\n", pairs[i].key, pairs[i].value);
	}
	is_int(faults, 0, "%s: every key is known, there once, and fits", name);
	return n;
}

static void test_cef(const struct sample *s)
{
	const struct seen seen = seen_of(s);
	char name[64];

	(void)snprintf(name, sizeof(name), "cef %s", s->name);
	const size_t n = cef_line(printed(&format_cef, &seen), name);
	is_text(cef_value(pairs, n, "cat"), seen_kind_name(s->kind), "%s: its category", name);
	ok(s->kind != KIND_ALTERED || !cef_value(pairs, n, "act"), "%s: what was altered decides nothing", name);
}

/*
 * --- what is hostile -------------------------------------------------------------------------------------------------
 */

#define EVIL "x|y=z act=allow\\\\ \\n\\r\\u0007\\u2028CEF:0|a|b|c|d|e|1|act=allow <script>alert(1)</script> \\\"} {"
#define EVIL_TEXT "x|y=z act=allow\\ \\x0a\\x0d\\x07\\xe2\\x80\\xa8CEF:0|a"

/* The three fingerprints of a container, where each schema has a place for them. */
static void test_fingerprints(void)
{
	const struct seen s = seen_of(&samples[0]);
	const struct doc *ocsf = parse(printed(&format_ocsf, &s), "ocsf"),
			 *ecs = parse(printed(&format_ecs, &s), "ecs");
	const struct doc *hashes = doc_find(ecs, "related.hash");

	ok(bytes_is(doc_string(ocsf, "process.container.hash.value", (struct bytes){ 0 }), NORMAL), "ocsf: normal");
	ok(bytes_is(doc_string(ocsf, "unmapped.fingerprint.posture", (struct bytes){ 0 }), "sha256:" POSTURE) &&
			bytes_is(doc_string(ocsf, "unmapped.config.digest", (struct bytes){ 0 }), "sha256:" PREV),
		"ocsf: posture and exact");
	ok(bytes_is(doc_string(ecs, "runvet.fingerprint.normal", (struct bytes){ 0 }), "sha256:" NORMAL) &&
			bytes_is(doc_string(ecs, "runvet.fingerprint.posture", (struct bytes){ 0 }),
				"sha256:" POSTURE) &&
			bytes_is(doc_string(ecs, "runvet.config.digest", (struct bytes){ 0 }), "sha256:" PREV),
		"ecs: all three");
	ok(hashes && hashes->count == 5 && bytes_is(hashes->first->string, PREV) &&
			bytes_is(hashes->first->next->string, NORMAL),
		"ecs: and among the hashes to search for");
}

static void test_hostile(void)
{
	const struct sample s = { KIND_DENY, "hostile",
		"{\"event\":{\"code\":\"create.denied|9|act=allow\"},"
		"\"action\":\"" EVIL "\",\"decision\":\"deny\",\"message\":\"" EVIL "\",\"container\":{\"id\":\"" EVIL
		"\","
		"\"name\":\"" EVIL "\",\"image\":{\"name\":\"" EVIL "\"}},\"policy\":{\"name\":\"" EVIL "\"},"
		"\"product\":{\"version\":\"" EVIL "\"},\"k8s\":{\"pod\":{\"name\":\"" EVIL "\"}},"
		"\"" EVIL "\":{\"" EVIL "\":\"" EVIL "\"},"
		"\"violations\":[{\"rule\":\"" EVIL "\",\"severity\":\"error\",\"path\":\"" EVIL "\",\"text\":\"" EVIL
		"\"}]}" };
	const struct seen seen = seen_of(&s);

	test_ocsf(&s);
	test_ecs(&s);
	is_int(findings_of(&s), 1, "ocsf-compliance hostile: one finding");
	const struct doc *d = parse(printed(&format_ocsf, &seen), "hostile ocsf");
	ok(doc_within(doc_get(d, "action_id"), 2, 2), "hostile ocsf: it stays denied");
	const size_t n = cef_line(printed(&format_cef, &seen), "cef hostile");
	is_text(cef_value(pairs, n, "act"), "deny", "cef hostile: it stays denied");
	const char *image = cef_value(pairs, n, "cs5");
	ok(image && strncmp(image, EVIL_TEXT, strlen(EVIL_TEXT)) == 0, "cef hostile: a value is read as it is shown");
	const struct seen altered = { .place = "journal", .in = IN_JOURNAL, .root = seen.root };
	(void)cef_line(printed(&format_cef, &altered), "cef hostile, altered");

	char *much = arena_alloc(&arena, 1 << 20);
	memset(much, 'a', (1 << 20) - 1);
	const char *line = arena_printf(&arena,
		"{\"decision\":\"deny\",\"container\":{\"id\":\"%s\\u00e4\"},\"message\":\"%s\"}", much, much);
	const struct sample big = { KIND_DENY, "1 MiB", line };
	const struct seen large = seen_of(&big);
	(void)cef_line(printed(&format_cef, &large), "cef 1 MiB");
	test_ocsf(&big);
}

/*
 * --- the manual
 * --------------------------------------------------------------------------------------------------------
 */

static const char *as_words(const struct map_row *row)
{
	static const char *const words[] = { [MAP_MS] = "in milliseconds",
		[MAP_US_MS] = "in milliseconds",
		[MAP_US_NS] = "in nanoseconds",
		[MAP_HEX] = "without `sha256:`",
		[MAP_BASE] = "its last part",
		[MAP_ONE] = "in an array",
		[MAP_TRUE] = "true",
		[MAP_TEXT] = "",
		[MAP_NUMBER] = "",
		[MAP_EACH] = "",
		[MAP_IS] = "fixed",
		[MAP_IS_NUMBER] = "fixed",
		[MAP_IS_TRUE] = "true" };
	return words[row->as];
}

static void row_line(const struct map_row *row, const char *label, struct text *to)
{
	text_printf(to, row->from ? "| `%s` |" : "| |", row->from);
	text_printf(to, " `%s`%s%s%s |", row->to, label ? " (`" : "", label ? label : "", label ? "`)" : "");
	if (row->as == MAP_IS)
		text_printf(to, " `%s` |\n", row->is);
	else if (row->as == MAP_IS_NUMBER)
		text_printf(to, " `%lld` |\n", (long long)row->number);
	else
		text_printf(to, "%s%s |\n", *as_words(row) ? " " : "", as_words(row));
}

static void table(const char *title, const struct map_row *rows, struct text *to)
{
	text_printf(to, "%s\n\n| record | theirs | |\n| --- | --- | --- |\n", title);
	for (; rows->to; rows++)
		row_line(rows, NULL, to);
	text_char(to, '\n');
}

static const char *manual(void)
{
	struct text t = text_growing(&arena);
	table("### OCSF: every event", ocsf_rows, &t);
	table("### OCSF: the policy, for calls that were judged, and for findings", ocsf_applied_rows, &t);
	table("### OCSF: Process Activity, for calls on a container", ocsf_process_rows, &t);
	table("### OCSF: the actor", ocsf_actor_rows, &t);
	table("### OCSF: Event Log Activity, for the trail itself", ocsf_log_rows, &t);
	table("### OCSF: Entity Management, for another policy", ocsf_policy_rows, &t);
	table("### OCSF: Compliance Finding, for each broken rule", ocsf_finding_rows, &t);
	table("### ECS", ecs_rows, &t);
	text_add(&t, "### CEF\n\n| record | theirs | |\n| --- | --- | --- |\n");
	for (const struct cef_row *row = cef_rows; row->map.to; row++)
		row_line(&row->map, row->label, &t);
	return t.data;
}

static void test_manual(void)
{
	struct file f = { .fd = -1 };
	struct fail why = { 0 };
	const struct file_want want = { .dir = AT_CWD, .path = "docs/siem.md", .limit = 1 << 20, .owner = OWNER_ANY };
	const int r = file_read(&arena, &want, &f, &why);

	is_int(r, 0, "docs/siem.md can be read");
	ok(r == 0 && strstr(f.bytes.data, manual()),
		"docs/siem.md has the rows that are printed (test-formats --rows)");
	(void)fd_close(f.fd);
}

int main(int argc, char **argv)
{
	arena_init(&arena, LIMIT_ARENA);
	if (argc > 1 && strcmp(argv[1], "--rows") == 0) {
		(void)fputs(manual(), stdout);
		return 0;
	}
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct seen seen = seen_of(&samples[i]);
		is_text(seen_kind_name(seen_kind(&seen)), seen_kind_name(samples[i].kind), "%s is what it is",
			samples[i].name);
		test_ocsf(&samples[i]);
		test_ecs(&samples[i]);
		test_cef(&samples[i]);
		if (!seen.root)
			continue;
		is_int(lost(seen.root, parse(printed(&format_ocsf, &seen), "ocsf")), 0, "ocsf %s: nothing is lost",
			samples[i].name);
		is_int(lost(seen.root, parse(printed(&format_ecs, &seen), "ecs")), 0, "ecs %s: nothing is lost",
			samples[i].name);
	}
	test_findings();
	test_standards();
	test_fingerprints();
	test_hostile();
	test_manual();
	arena_done(&arena);
	return tap_done();
}
