/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record as a line of the chain. Canonical, so that a hash over it means something: one spelling for one content.
 * Keys are sorted within their object; the dots of the field table become objects. The dot is taken for the smallest
 * character when sorting whole paths, which puts the members of one object side by side and in order.
 */
#include "audit/record.h"

#include <errno.h>

#include "validate/base/limits.h"
#include "validate/base/text.h"

#define HASH "hash"
#define HASH_BEGINS (sizeof("\"" HASH "\":\"") - 1)
#define HASH_MEMBER (sizeof(",\"hash\":\"\"") - 1 + 64) /* kept free, so that the hash changes nothing else */

/* All fields that a line may hold, by their paths in the order of a line; the test `record` holds them to the rows. */
static const unsigned char in_order[] = {
	FIELD_ACTION,
	FIELD_BUNDLE,
	FIELD_CALLER_EXE,
	FIELD_CALLER_UNIT,
	FIELD_CHAIN,
	FIELD_CHECK_HASH,
	FIELD_CHECK_SEQ,
	FIELD_COMMIT,
	FIELD_CONFIG_DIGEST,
	FIELD_CONTAINER_ID,
	FIELD_IMAGE_DIGEST,
	FIELD_IMAGE,
	FIELD_CONTAINER_NAME,
	FIELD_CONTAINER_TYPE,
	FIELD_VIOLATION_COUNT,
	FIELD_WARNING_COUNT,
	FIELD_CREATE_RECORD,
	FIELD_DECISION,
	FIELD_ELAPSED_US,
	FIELD_ENGINE,
	FIELD_ENGINE_NAMESPACE,
	FIELD_ENGINE_TRUST,
	FIELD_EVENT,
	FIELD_ARGS_COUNT,
	FIELD_CAP_ADDED,
	FIELD_CAPABILITY,
	FIELD_ENV_COUNT,
	FIELD_HOOK_COUNT,
	FIELD_HOST_NS,
	FIELD_LSM,
	FIELD_MOUNT_COUNT,
	FIELD_NAMESPACE,
	FIELD_PRIVILEGED,
	FIELD_SECCOMP,
	FIELD_USER,
	FIELD_FINGERPRINT_NORMAL,
	FIELD_FINGERPRINT_POSTURE,
	FIELD_GAP_CHAIN,
	FIELD_GAP_COUNT,
	FIELD_GAP_SINCE,
	FIELD_HASH,
	FIELD_DOCUMENTATION,
	FIELD_BOOT_ID,
	FIELD_HOST_ID,
	FIELD_KERNEL,
	FIELD_HOST_NAME,
	FIELD_RECORD,
	FIELD_IDENTITY_SOURCE,
	FIELD_IDENTITY_TRUST,
	FIELD_POD_NAMESPACE,
	FIELD_POD_NAME,
	FIELD_POD_UID,
	FIELD_MESSAGE,
	FIELD_MODE,
	FIELD_POLICY_BEFORE,
	FIELD_POLICY_DIGEST,
	FIELD_EXEMPT,
	FIELD_POLICY,
	FIELD_SHADOW,
	FIELD_POLICY_VERSION,
	FIELD_PREV,
	FIELD_PPID,
	FIELD_PID,
	FIELD_VERSION,
	FIELD_REASON,
	FIELD_ROOT,
	FIELD_RUNTIME_DIGEST,
	FIELD_RUNTIME,
	FIELD_RUNTIME_VERSION,
	FIELD_POD_SANDBOX,
	FIELD_SCHEMA,
	FIELD_SEQ,
	FIELD_SEVERITY,
	FIELD_SIGNAL,
	FIELD_TIME,
	FIELD_TRUNCATED,
	FIELD_LOGINUID,
	FIELD_EUID,
	FIELD_ROOTLESS,
	FIELD_SESSION,
	FIELD_VIOLATION,
};

/* What a line holds: where in the record each field is found first, counted from 1; 0: not in the line. */
struct outline {
	unsigned first[FIELD_MAX];
};

/* How many objects are open around that member, the record itself left out. */
static size_t depth_of(const char *path)
{
	size_t dots = 0;
	for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.'))
		dots++;
	return dots;
}

/* A name of our own, in which nothing has to be escaped. */
static void write_name(struct text *to, const char *name, size_t len)
{
	text_char(to, '"');
	text_bytes(to, (struct bytes){ name, len });
	text_add(to, "\":");
}

/* Closes and opens objects so that the next member lands in its own. Both paths end in the member's name. */
static void move_to(struct text *to, const char *from, const char *path)
{
	size_t same = 0; /* up to and with the last dot that both share */
	for (size_t i = 0; from[i] && from[i] == path[i]; i++)
		if (from[i] == '.')
			same = i + 1;
	for (const char *dot = strchr(from + same, '.'); dot; dot = strchr(dot + 1, '.'))
		text_char(to, '}');
	if (from[0])
		text_char(to, ',');
	path += same;
	for (const char *dot = strchr(path, '.'); dot; dot = strchr(path, '.')) {
		write_name(to, path, (size_t)(dot - path));
		text_char(to, '{');
		path = dot + 1;
	}
	write_name(to, path, strlen(path));
}

/* The n-th part of a value, counted from 0; the last one is what is left. */
static struct bytes part_of(struct bytes value, unsigned n, bool last)
{
	const char *bar;
	for (; n > 0; n--) {
		bar = value.len ? memchr(value.data, '|', value.len) : NULL;
		const size_t gone = bar ? (size_t)(bar - value.data) + 1 : value.len;
		value = (struct bytes){ value.data + gone, value.len - gone };
	}
	bar = !last && value.len ? memchr(value.data, '|', value.len) : NULL;
	return bar ? (struct bytes){ value.data, (size_t)(bar - value.data) } : value;
}

static void write_parts(struct text *to, const struct field_part *parts, struct bytes value)
{
	unsigned most = 0;
	for (const struct field_part *p = parts; p->name; p++)
		most = p->part > most ? p->part : most;
	for (const struct field_part *p = parts; p->name; p++) {
		text_char(to, p == parts ? '{' : ',');
		write_name(to, p->name, strlen(p->name));
		text_json(to, part_of(value, p->part, p->part == most));
	}
	text_char(to, '}');
}

static bool all_digits(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < '0' || b.data[i] > '9')
			return false;
	return b.len > 0 && (b.len == 1 || b.data[0] != '0');
}

static void write_value(struct text *to, const struct field_row *row, struct bytes value)
{
	if (row->parts)
		write_parts(to, row->parts, value);
	else if (row->number && all_digits(value))
		text_bytes(to, value);
	else
		text_json(to, value);
}

/* All values of one field, the first of which is the record's entry before `next`; of lists that may be cut `keep`. */
static void write_field(struct text *to, const struct record *r, enum field f, size_t next, size_t keep)
{
	const struct field_row *row = field_row(f);
	size_t n = 0;
	if (!row->repeated) {
		const bool has = next <= r->count &&
			r->entries[next - 1].field == f; /* only FIELD_TRUNCATED has no entry */
		write_value(to, row, has ? r->entries[next - 1].value : BYTES("1"));
		return;
	}
	if (!row->cuttable)
		keep = SIZE_MAX;
	text_char(to, '[');
	for (size_t i = next - 1; i < r->count && n < keep; i++) {
		if (r->entries[i].field != f)
			continue;
		if (n++ > 0)
			text_char(to, ',');
		write_value(to, row, r->entries[i].value);
	}
	text_char(to, ']');
}

/*
 * Writes the line; *ret_hash is where in it the hash belongs: before the first member that comes after it, whose comma
 * then follows it.
 */
static void write_line(struct text *to, const struct record *r, const struct outline *o, size_t keep, size_t *ret_hash)
{
	const char *before = "";
	bool behind = false;
	*ret_hash = 0;
	text_char(to, '{');
	for (size_t i = 0; i < sizeof(in_order) / sizeof(in_order[0]); i++) {
		const enum field f = (enum field)in_order[i];
		if (o->first[f] > 0) {
			const char *path = field_row(f)->json;
			if (behind && *ret_hash == 0)
				*ret_hash = to->len + depth_of(before) + 1;
			move_to(to, before, path);
			write_field(to, r, f, o->first[f], keep);
			before = path;
		}
		behind = behind || f == FIELD_HASH;
	}
	for (const char *dot = strchr(before, '.'); dot; dot = strchr(dot + 1, '.'))
		text_char(to, '}');
	text_char(to, '}');
}

/* The line, in memory of the record's arena, and where in it the hash belongs. */
static int make_line(const struct record *r, struct text *ret, size_t *ret_hash)
{
	struct outline o = { 0 };
	size_t keep = 0;
	for (size_t i = 0; i < r->count; i++) {
		const enum field f = r->entries[i].field;
		if (o.first[f] == 0)
			o.first[f] = (unsigned)i + 1;
		keep += field_row(f)->cuttable;
	}
	if (r->truncated && o.first[FIELD_TRUNCATED] == 0)
		o.first[FIELD_TRUNCATED] = 1;
	const size_t most = LIMIT_RECORD - (record_find(r, FIELD_HASH) ? 0 : HASH_MEMBER);
	for (;; keep -= keep / 8 + 1) {
		*ret = text_growing(r->arena);
		write_line(ret, r, &o, keep, ret_hash);
		if (ret->cut)
			return -ENOMEM;
		if (ret->len <= most || keep == 0)
			return 0;
		if (o.first[FIELD_TRUNCATED] == 0)
			o.first[FIELD_TRUNCATED] = 1;
	}
}

int record_json(const struct record *r, struct text *to)
{
	struct text line;
	size_t at;
	const int e = make_line(r, &line, &at);
	if (e < 0)
		return e;
	text_bytes(to, (struct bytes){ line.data, line.len });
	return to->cut ? -ENOMEM : 0;
}

int record_json_hashed(const struct record *r, struct bytes prev, char ret_hash[static DIGEST_HEX], struct text *ret)
{
	char member[HASH_MEMBER];
	size_t at;
	const int e = make_line(r, ret, &at);
	if (e < 0 || at == 0)
		return e < 0 ? e : -EINVAL;
	digest_hex(prev, (struct bytes){ ret->data, ret->len }, ret_hash);
	memcpy(member, "\"" HASH "\":\"", HASH_BEGINS);
	memcpy(member + HASH_BEGINS, ret_hash, DIGEST_HEX - 1);
	memcpy(member + HASH_BEGINS + DIGEST_HEX - 1, "\",", 2);
	/* What follows moves back by as much, in the same memory. */
	const size_t behind = ret->len - at;
	text_bytes(ret, (struct bytes){ member, sizeof(member) });
	if (ret->cut)
		return -ENOMEM;
	memmove(ret->data + at + sizeof(member), ret->data + at, behind);
	memcpy(ret->data + at, member, sizeof(member));
	return 0;
}
