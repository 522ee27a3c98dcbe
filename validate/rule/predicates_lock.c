/* SPDX-License-Identifier: Apache-2.0 */
/* The words for lock files. */
#include "validate/rule/predicates.h"
#include "validate/rule/predicates_control.h"

static bool is_hex(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!memchr("0123456789abcdef", b.data[i], 16))
			return false;
	return true;
}

static bool holds_digest(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	static const char prefix[] = "sha256:";
	const size_t n = sizeof(prefix) - 1;
	(void)r, (void)f, (void)ret_at;
	return d->string.len == n + 64 && bytes_start(d->string, prefix) &&
		is_hex((struct bytes){ d->string.data + n, 64 });
}

const struct predicate be_a_digest = {
	.says = "be sha256: and 64 hexadecimal digits in lower case",
	.judges = DOC_STRING,
	.holds = holds_digest,
};

static bool holds_digits(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->string.len == 32 && is_hex(d->string);
}

const struct predicate be_a_salt = {
	.says = "be 32 hexadecimal digits in lower case",
	.judges = DOC_STRING,
	.holds = holds_digits,
};

/* The lock is a file, and no predicate reads one: validate/policy/held.c judges by it, and finds each difference. */
static bool holds_locked(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)d, (void)f, (void)ret_at;
	return true;
}

const struct predicate be_as_locked = {
	.says = "be as its lock has it",
	.judges = DOC_OBJECT,
	.holds = holds_locked,
};
