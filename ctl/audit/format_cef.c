/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CEF, ArcSight's Common Event Format, version 0: a header of seven parts between bars, then key=value pairs between
 * blanks. In the header a bar and a backslash are escaped, in a value a backslash and an equals sign, and ends of lines
 * are written as records write them: nothing that a record holds can begin another key, another part or another event.
 * Each key takes so many bytes; a longer value is cut where a character ends.
 */
#include "ctl/audit/format_rows.h"

#include <stdio.h>

#include "validate/base/limits.h"

#define HEADER_MOST 63u /* bytes of a part of the header */

/* Strings that others have no key for: cs1 to cs6, each with its label. */
const struct cef_row cef_rows[] = {
	{ { .from = "time", .to = "rt", .as = MAP_MS }, NULL, 32 },
	{ { .from = "id", .to = "externalId" }, NULL, 40 },
	{ { .from = "decision", .to = "act" }, NULL, 63 },
	{ { .from = "reason", .to = "reason" }, NULL, 1023 },
	{ { .from = "message", .to = "msg" }, NULL, 1023 },
	{ { .from = "host.name", .to = "dvchost" }, NULL, 100 },
	{ { .from = "host.name", .to = "dhost" }, NULL, 1023 },
	{ { .from = "host.id", .to = "deviceExternalId" }, NULL, 255 },
	{ { .from = "caller.exe", .to = "sproc" }, NULL, 1023 },
	{ { .from = "process.parent_pid", .to = "spid" }, NULL, 20 },
	{ { .from = "caller.unit", .to = "sourceServiceName" }, NULL, 1023 },
	{ { .from = "runtime.path", .to = "dproc" }, NULL, 1023 },
	{ { .from = "process.pid", .to = "dpid" }, NULL, 20 },
	{ { .from = "user.auid", .to = "suid" }, NULL, 1023 },
	{ { .from = "user.euid", .to = "duid" }, NULL, 1023 },
	{ { .from = "bundle", .to = "filePath" }, NULL, 1023 },
	{ { .from = "config.digest", .to = "fileHash", .as = MAP_HEX }, NULL, 255 },
	{ { .from = "policy.name", .to = "cs1" }, "policy", 4000 },
	{ { .from = "container.id", .to = "cs3" }, "containerId", 4000 },
	{ { .from = "container.image.name", .to = "cs5" }, "image", 4000 },
	{ { .from = "seq", .to = "cn1" }, "sequence", 20 },
	{ { .from = "duration_us", .to = "cn2" }, "elapsedMicroseconds", 20 },
	{ { .from = "gap.count", .to = "cn3" }, "missedRecords", 20 },
	{ { .to = NULL }, NULL, 0 },
};

static const struct cef_kind {
	unsigned severity; /* 0 to 10 */
	const char *outcome, *name;
} kinds[KIND_MAX] = {
	[KIND_ALLOW] = { 1, "success", "Container call allowed" },
	[KIND_DENY] = { 7, "failure", "Container call denied by policy" },
	[KIND_WOULD_DENY] = { 4, "success", "Container call would be denied by policy" },
	[KIND_BYPASS] = { 8, "success", "Container call let through against policy" },
	[KIND_ERROR] = { 8, "failure", "Container call could not be judged" },
	[KIND_LIFECYCLE] = { 1, NULL, "Container lifecycle" },
	[KIND_GAP] = { 9, "failure", "Audit gap" },
	[KIND_CHECKPOINT] = { 0, "success", "Audit checkpoint" },
	[KIND_POLICY] = { 5, "success", "Policy changed" },
	[KIND_OTHER] = { 1, NULL, "Audit event" },
	[KIND_ALTERED] = { 10, "failure", "Audit record altered" },
};

/* b with `special` bytes behind a backslash. Ends of lines, and what acts on a terminal, were written \\xNN before. */
static void put_escaped(struct text *to, struct bytes b, const char *special)
{
	for (size_t i = 0; i < b.len; i++) {
		if (b.data[i] && strchr(special, b.data[i]))
			text_char(to, '\\');
		text_char(to, b.data[i]);
	}
}

/* What of b a key takes: at most `most` bytes, whole characters, fit to be shown. */
static struct bytes fitted(struct arena *a, struct bytes b, size_t most)
{
	struct text t = text_growing(a);
	text_shown(&t, b, most);
	return (struct bytes){ t.data, t.len };
}

static void put_header(struct arena *a, struct text *to, struct bytes b)
{
	put_escaped(to, fitted(a, b, HEADER_MOST), "\\|");
	text_char(to, '|');
}

static void put_pair(struct arena *a, struct text *to, const char *key, struct bytes value, size_t most)
{
	text_printf(to, " %s=", key);
	put_escaped(to, fitted(a, value, most), "\\=");
}

static void put_custom(struct arena *a, struct text *to, const char *key, const char *label, struct bytes value)
{
	if (value.len == 0)
		return;
	text_printf(to, " %sLabel=%s", key, label);
	put_pair(a, to, key, value, 4000);
}

/* The broken rules, the first one's place, and the pod: what is not one member of a record. */
static void put_composed(struct arena *a, struct text *to, const struct doc *record)
{
	const struct doc *list = doc_get(record, "violations"), *first = map_violation(record);
	const struct bytes ns = doc_string(record, "k8s.namespace.name", BYTES(""));
	const struct bytes name = doc_string(record, "k8s.pod.name", BYTES(""));
	struct text rules = text_growing(a), pod = text_growing(a);

	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next) {
		if (!bytes_is(doc_string(v, "severity", BYTES("")), "error"))
			continue;
		text_add(&rules, rules.len ? "," : "");
		text_bytes(&rules, doc_string(v, "rule", BYTES("unknown")));
	}
	if (ns.len > 0 || name.len > 0) {
		text_bytes(&pod, ns);
		text_char(&pod, '/');
		text_bytes(&pod, name);
	}
	put_custom(a, to, "cs2", "rules", (struct bytes){ rules.data, rules.len });
	put_custom(a, to, "cs4", "pod", (struct bytes){ pod.data, pod.len });
	put_custom(a, to, "cs6", "place", doc_string(first, "path", BYTES("")));
}

static void put_rows(struct arena *a, struct text *to, const struct doc *record)
{
	for (const struct cef_row *row = cef_rows; row->map.to; row++) {
		const struct bytes value = map_value(a, &row->map, record);
		if (value.len == 0)
			continue;
		if (row->label)
			text_printf(to, " %sLabel=%s", row->map.to, row->label);
		put_pair(a, to, row->map.to, value, row->most);
	}
}

static void one(const struct seen *s, struct text *to)
{
	const enum seen_kind kind = seen_kind(s);
	const bool altered = kind == KIND_ALTERED;
	const struct bytes event = altered ? BYTES("") : seen_string(s, "event.code");
	const struct timespec now = seen_time(s);
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	text_add(to, "CEF:0|runvet|runvet|");
	put_header(&a, to, altered ? BYTES("") : seen_string(s, "product.version"));
	put_header(&a, to, event.len ? event : bytes_of(seen_kind_name(kind)));
	put_header(&a, to, bytes_of(kinds[kind].name));
	text_printf(to, "%u|cat=%s", kinds[kind].severity, seen_kind_name(kind));
	if (kinds[kind].outcome)
		text_printf(to, " outcome=%s", kinds[kind].outcome);
	if (altered) {
		text_printf(to, " rt=%lld", (long long)now.tv_sec * 1000);
		put_pair(&a, to, "msg", bytes_of(altered_words(&a, s)), 1023);
	} else {
		put_rows(&a, to, s->root);
		put_composed(&a, to, s->root);
	}
	text_char(to, '\n');
	arena_done(&a);
}

const struct audit_format format_cef = {
	.name = "cef",
	.summary = "ArcSight's Common Event Format, for syslog",
	.one = one,
};
