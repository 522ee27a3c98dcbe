/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of what a record may hold. Names in the journal are our own (RUNVET_*): CONTAINER_ID_FULL belongs to
 * the log drivers, and `podman logs` gives up on an entry of that name with a priority it does not know. Names that the
 * message catalog uses hold no digit, because its variables cannot. Names in JSON follow OpenTelemetry's where it has
 * one.
 *
 * Whatever has a name in JSON has one in the journal: from an entry the chain's line can be written again, byte for
 * byte, and its hash checked, wherever the journal was sent to (audit/journal_fields.h).
 *
 * The caps keep every journal field below 4 KiB (above, `journalctl -o json` prints null) and the sum of all fields
 * but those whose list may be cut within LIMIT_RECORD, even when each byte doubles and trebles as it becomes ASCII.
 */
#include "audit/record.h"

#include "validate/base/limits.h"

#define CAP_WORD  ((size_t)64)
#define CAP_NAME  ((size_t)256)
#define CAP_PATH  ((size_t)512)
#define CAP_LINE  ((size_t)512)
#define CAP_HEX   ((size_t)72) /* "sha256:" and 64 digits */

static const struct field_part violation_parts[] = {
	{ "path", 2 }, { "rule", 0 }, { "severity", 1 }, { "text", 3 }, { NULL, 0 },
};

static const struct field_part shadow_parts[] = {
	{ "decision", 1 }, { "profile", 0 }, { "rules", 2 }, { NULL, 0 },
};

static const struct field_part namespace_parts[] = {
	{ "how", 1 }, { "kind", 0 }, { NULL, 0 },
};

static const struct field_part lsm_parts[] = {
	{ "kind", 0 }, { "label", 1 }, { NULL, 0 },
};

static const struct field_row rows[FIELD_MAX] = {
	[FIELD_MESSAGE] = { .journal = "MESSAGE", .json = "message", .cap = CAP_LINE },
	[FIELD_MESSAGE_ID] = { .journal = "MESSAGE_ID", .cap = CAP_WORD },
	[FIELD_EVENT] = { .journal = "RUNVET_EVENT", .json = "event.code", .cap = CAP_WORD },
	[FIELD_PRIORITY] = { .journal = "PRIORITY", .number = true, .cap = CAP_WORD },
	[FIELD_SEVERITY] = { .journal = "RUNVET_SEVERITY", .json = "severity", .cap = CAP_WORD },
	[FIELD_IDENTIFIER] = { .journal = "SYSLOG_IDENTIFIER", .cap = CAP_WORD },
	[FIELD_FACILITY] = { .journal = "SYSLOG_FACILITY", .number = true, .cap = CAP_WORD },
	[FIELD_SCHEMA] = { .journal = "RUNVET_SCHEMA", .json = "schema", .number = true, .cap = CAP_WORD },
	[FIELD_RECORD] = { .journal = "RUNVET_RECORD", .json = "id", .cap = CAP_WORD },
	[FIELD_TIME] = { .journal = "RUNVET_TIME", .json = "time", .cap = CAP_WORD },
	[FIELD_ACTION] = { .journal = "RUNVET_ACTION", .json = "action", .cap = CAP_WORD },
	[FIELD_DECISION] = { .journal = "RUNVET_DECISION", .json = "decision", .cap = CAP_WORD },
	[FIELD_MODE] = { .journal = "RUNVET_MODE", .json = "mode", .cap = CAP_WORD },
	[FIELD_REASON] = { .journal = "RUNVET_REASON", .json = "reason", .cap = CAP_WORD },
	[FIELD_POLICY] = { .journal = "RUNVET_POLICY", .json = "policy.name", .cap = CAP_WORD },
	[FIELD_POLICY_VERSION] = { .journal = "RUNVET_POLICY_VERSION", .json = "policy.version", .cap = CAP_WORD },
	[FIELD_POLICY_BEFORE] = { .journal = "RUNVET_POLICY_BEFORE", .json = "policy.before", .cap = CAP_HEX },
	[FIELD_EXEMPT] = { .journal = "RUNVET_EXEMPT", .json = "policy.exempt", .repeated = true,
		.cuttable = true, .cap = CAP_WORD },
	[FIELD_SHADOW] = { .journal = "RUNVET_SHADOW", .json = "policy.shadow", .repeated = true, .cuttable = true,
		.parts = shadow_parts, .cap = CAP_LINE },
	[FIELD_POLICY_DIGEST] = { .journal = "RUNVET_POLICY_DIGEST", .json = "policy.digest", .cap = CAP_HEX },
	[FIELD_RULE] = { .journal = "RUNVET_RULE", .repeated = true, .cap = CAP_NAME },
	[FIELD_VIOLATION] = { .journal = "RUNVET_VIOLATION", .json = "violations", .repeated = true, .cuttable = true,
		.parts = violation_parts, .cap = CAP_LINE },
	[FIELD_VIOLATION_COUNT] = { .journal = "RUNVET_VIOLATION_COUNT", .json = "counts.errors", .number = true,
		.cap = CAP_WORD },
	[FIELD_WARNING_COUNT] = { .journal = "RUNVET_WARNING_COUNT", .json = "counts.warnings", .number = true,
		.cap = CAP_WORD },
	[FIELD_CONTAINER_ID] = { .journal = "RUNVET_CONTAINER_ID", .json = "container.id", .cap = LIMIT_ID },
	[FIELD_CONTAINER_NAME] = { .journal = "RUNVET_CONTAINER_NAME", .json = "container.name", .cap = CAP_NAME },
	[FIELD_CONTAINER_TYPE] = { .journal = "RUNVET_CONTAINER_TYPE", .json = "container.type", .cap = CAP_WORD },
	[FIELD_IMAGE] = { .journal = "RUNVET_IMAGE", .json = "container.image.name", .cap = CAP_NAME },
	[FIELD_IMAGE_DIGEST] = { .journal = "RUNVET_IMAGE_DIGEST", .json = "container.image.id", .cap = CAP_HEX },
	[FIELD_POD_NAMESPACE] = { .journal = "POD_NAMESPACE", .json = "k8s.namespace.name", .cap = CAP_NAME },
	[FIELD_POD_NAME] = { .journal = "POD_NAME", .json = "k8s.pod.name", .cap = CAP_NAME },
	[FIELD_POD_UID] = { .journal = "POD_UID", .json = "k8s.pod.uid", .cap = CAP_WORD },
	[FIELD_POD_SANDBOX] = { .journal = "POD_SANDBOX", .json = "sandbox.id", .cap = CAP_HEX },
	[FIELD_IDENTITY_SOURCE] = { .journal = "RUNVET_IDENTITY_SOURCE", .json = "identity_source", .cap = CAP_WORD },
	[FIELD_IDENTITY_TRUST] = { .journal = "RUNVET_IDENTITY_TRUST", .json = "identity_trust", .cap = CAP_WORD },
	[FIELD_ENGINE] = { .journal = "RUNVET_ENGINE", .json = "engine.name", .cap = CAP_WORD },
	[FIELD_ENGINE_NAMESPACE] = { .journal = "RUNVET_ENGINE_NAMESPACE", .json = "engine.namespace",
		.cap = CAP_NAME },
	[FIELD_ENGINE_TRUST] = { .journal = "RUNVET_ENGINE_TRUST", .json = "engine.trust", .cap = CAP_WORD },
	[FIELD_RUNTIME] = { .journal = "RUNVET_RUNTIME", .json = "runtime.path", .cap = CAP_PATH },
	[FIELD_RUNTIME_DIGEST] = { .journal = "RUNVET_RUNTIME_DIGEST", .json = "runtime.digest", .cap = CAP_HEX },
	[FIELD_RUNTIME_VERSION] = { .journal = "RUNVET_RUNTIME_VERSION", .json = "runtime.version", .cap = CAP_WORD },
	[FIELD_BUNDLE] = { .journal = "RUNVET_BUNDLE", .json = "bundle", .cap = 2 * CAP_PATH },
	[FIELD_ROOT] = { .journal = "RUNVET_ROOT", .json = "root", .cap = CAP_PATH },
	[FIELD_CONFIG_DIGEST] = { .journal = "RUNVET_CONFIG_DIGEST", .json = "config.digest", .cap = CAP_HEX },
	[FIELD_FINGERPRINT_NORMAL] = { .journal = "RUNVET_FINGERPRINT_NORMAL", .json = "fingerprint.normal",
		.cap = CAP_HEX },
	[FIELD_FINGERPRINT_POSTURE] = { .journal = "RUNVET_FINGERPRINT_POSTURE", .json = "fingerprint.posture",
		.cap = CAP_HEX },
	[FIELD_NAMESPACE] = { .journal = "RUNVET_NAMESPACE", .json = "facts.namespaces", .repeated = true,
		.parts = namespace_parts, .cap = CAP_WORD },
	[FIELD_HOST_NS] = { .journal = "RUNVET_HOST_NS", .json = "facts.host_ns", .repeated = true, .cap = CAP_WORD },
	[FIELD_CAPABILITY] = { .journal = "RUNVET_CAPABILITY", .json = "facts.capabilities", .repeated = true,
		.cap = CAP_WORD },
	[FIELD_CAP_ADDED] = { .journal = "RUNVET_CAP_ADDED", .json = "facts.cap_added", .repeated = true,
		.cap = CAP_WORD },
	[FIELD_PRIVILEGED] = { .journal = "RUNVET_PRIVILEGED", .json = "facts.privileged", .number = true,
		.cap = CAP_WORD },
	[FIELD_USER] = { .journal = "RUNVET_USER", .json = "facts.user", .cap = CAP_WORD },
	[FIELD_ARGS_COUNT] = { .journal = "RUNVET_ARGS_COUNT", .json = "facts.args", .number = true, .cap = CAP_WORD },
	[FIELD_ENV_COUNT] = { .journal = "RUNVET_ENV_COUNT", .json = "facts.env", .number = true, .cap = CAP_WORD },
	[FIELD_MOUNT_COUNT] = { .journal = "RUNVET_MOUNT_COUNT", .json = "facts.mounts", .number = true,
		.cap = CAP_WORD },
	[FIELD_HOOK_COUNT] = { .journal = "RUNVET_HOOK_COUNT", .json = "facts.hooks", .number = true, .cap = CAP_WORD },
	[FIELD_SECCOMP] = { .journal = "RUNVET_SECCOMP", .json = "facts.seccomp", .cap = CAP_WORD },
	[FIELD_LSM] = { .journal = "RUNVET_LSM", .json = "facts.lsm", .repeated = true, .parts = lsm_parts,
		.cap = CAP_NAME },
	[FIELD_PID] = { .journal = "RUNVET_PID", .json = "process.pid", .number = true, .cap = CAP_WORD },
	[FIELD_PPID] = { .journal = "RUNVET_PPID", .json = "process.parent_pid", .number = true, .cap = CAP_WORD },
	[FIELD_CALLER_EXE] = { .journal = "RUNVET_CALLER_EXE", .json = "caller.exe", .cap = CAP_PATH },
	[FIELD_CALLER_UNIT] = { .journal = "RUNVET_CALLER_UNIT", .json = "caller.unit", .cap = CAP_NAME },
	[FIELD_LOGINUID] = { .journal = "RUNVET_LOGINUID", .json = "user.auid", .number = true, .cap = CAP_WORD },
	[FIELD_SESSION] = { .journal = "RUNVET_SESSION", .json = "user.session", .number = true, .cap = CAP_WORD },
	[FIELD_EUID] = { .journal = "RUNVET_EUID", .json = "user.euid", .number = true, .cap = CAP_WORD },
	[FIELD_ROOTLESS] = { .journal = "RUNVET_ROOTLESS", .json = "user.rootless", .number = true, .cap = CAP_WORD },
	[FIELD_OBJECT_PID] = { .journal = "OBJECT_PID", .number = true, .cap = CAP_WORD },
	[FIELD_HOST_ID] = { .journal = "RUNVET_HOST_ID", .json = "host.id", .cap = CAP_WORD },
	[FIELD_HOST_NAME] = { .journal = "RUNVET_HOST_NAME", .json = "host.name", .cap = CAP_WORD },
	[FIELD_BOOT_ID] = { .journal = "RUNVET_BOOT_ID", .json = "host.boot_id", .cap = CAP_WORD },
	[FIELD_KERNEL] = { .journal = "RUNVET_KERNEL", .json = "host.kernel", .cap = CAP_NAME },
	[FIELD_SIGNAL] = { .journal = "RUNVET_SIGNAL", .json = "signal", .cap = CAP_WORD },
	[FIELD_CREATE_RECORD] = { .journal = "RUNVET_CREATE_RECORD", .json = "create_id", .cap = CAP_WORD },
	[FIELD_CHAIN] = { .journal = "RUNVET_CHAIN", .json = "chain", .cap = CAP_WORD },
	[FIELD_SEQ] = { .journal = "RUNVET_SEQ", .json = "seq", .number = true, .cap = CAP_WORD },
	[FIELD_PREV] = { .journal = "RUNVET_PREV", .json = "prev", .cap = CAP_HEX },
	[FIELD_HASH] = { .journal = "RUNVET_HASH", .json = "hash", .cap = CAP_HEX },
	[FIELD_COMMIT] = { .journal = "RUNVET_COMMIT", .json = "commit", .cap = CAP_WORD },
	[FIELD_CHECK_SEQ] = { .journal = "RUNVET_CHECKPOINT_SEQ", .json = "checkpoint.seq", .number = true,
		.cap = CAP_WORD },
	[FIELD_CHECK_HASH] = { .journal = "RUNVET_CHECKPOINT_HASH", .json = "checkpoint.hash", .cap = CAP_HEX },
	[FIELD_GAP_COUNT] = { .journal = "RUNVET_GAP_COUNT", .json = "gap.count", .number = true, .cap = CAP_WORD },
	[FIELD_GAP_SINCE] = { .journal = "RUNVET_GAP_SINCE", .json = "gap.since", .cap = CAP_WORD },
	[FIELD_GAP_CHAIN] = { .journal = "RUNVET_GAP_CHAIN", .json = "gap.chain", .cap = CAP_WORD },
	[FIELD_VERSION] = { .journal = "RUNVET_VERSION", .json = "product.version", .cap = CAP_WORD },
	[FIELD_ELAPSED_US] = { .journal = "RUNVET_ELAPSED_US", .json = "duration_us", .number = true, .cap = CAP_WORD },
	[FIELD_TRUNCATED] = { .journal = "RUNVET_TRUNCATED", .json = "truncated", .number = true, .cap = CAP_WORD },
	[FIELD_DOCUMENTATION] = { .journal = "DOCUMENTATION", .json = "help", .cap = CAP_NAME },
	[FIELD_ORDER] = { .journal = "RUNVET_ORDER", .repeated = true, .cap = LIMIT_FIELD },
};

const struct field_row *field_row(enum field f)
{
	return &rows[(unsigned)f < FIELD_MAX ? f : FIELD_MESSAGE];
}
