/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a version stands for. Nobody writes bare releases only: engines write what the library they are built with was
 * called (1.0.2-dev, 1.1.0+dev), so the reading here is the one under which those have nothing newer than themselves.
 */
#include "validate/rule/version.h"

static const struct {
	uint64_t number[3];
	const char *name;
} releases[] = {
	[SPEC_ANY] = { { 0, 0, 0 }, "any" },
	[SPEC_1_0_0] = { { 1, 0, 0 }, "1.0.0" },
	[SPEC_1_0_1] = { { 1, 0, 1 }, "1.0.1" },
	[SPEC_1_0_2] = { { 1, 0, 2 }, "1.0.2" },
	[SPEC_1_1_0] = { { 1, 1, 0 }, "1.1.0" },
	[SPEC_1_2_0] = { { 1, 2, 0 }, "1.2.0" },
	[SPEC_1_2_1] = { { 1, 2, 1 }, "1.2.1" },
	[SPEC_1_3_0] = { { 1, 3, 0 }, "1.3.0" },
};

const char *const release_names[] = { [RELEASE_0_1] = "0.1", [RELEASE_MAX] = NULL };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number without leading zeros, from *at on; false when there is none, or an absurdly long one. */
static bool number(struct bytes b, size_t *at, uint64_t *ret)
{
	const size_t start = *at;
	*ret = 0;
	for (; *at < b.len && is_digit(b.data[*at]) && *at - start <= 18; ++*at)
		*ret = *ret * 10 + (uint64_t)(b.data[*at] - '0');
	const size_t len = *at - start;
	return len > 0 && len <= 18 && (len == 1 || b.data[start] != '0');
}

/* The identifiers behind - or +, dot by dot; numeric ones of a pre-release have no leading zero. */
static bool identifiers(struct bytes b, size_t *at, bool prerelease)
{
	do {
		const size_t start = ++*at;
		bool numeric = true;
		for (; *at < b.len && b.data[*at] != '.' && b.data[*at] != '+'; ++*at) {
			const char c = b.data[*at];
			const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
			if (!letter && !is_digit(c))
				return false;
			numeric &= !letter;
		}
		if (*at == start || (prerelease && numeric && *at - start > 1 && b.data[start] == '0'))
			return false;
	} while (*at < b.len && b.data[*at] == '.');
	return true;
}

bool semver_read(struct bytes b, struct semver *ret)
{
	size_t at = 0;
	for (int i = 0; i < 3; i++) {
		if (i > 0 && (at >= b.len || b.data[at++] != '.'))
			return false;
		if (!number(b, &at, &ret->number[i]))
			return false;
	}
	ret->tail = (struct bytes){ b.data + at, b.len - at };
	if (at < b.len && b.data[at] == '-' && !identifiers(b, &at, true))
		return false;
	if (at < b.len && b.data[at] == '+' && !identifiers(b, &at, false))
		return false;
	return at == b.len;
}

static int compare(const uint64_t a[static 3], const uint64_t b[static 3])
{
	for (int i = 0; i < 3; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* "-dev", "+dev", "-rc.1+dev", "-rc5-dev". */
static bool ends_in_dev(struct bytes tail)
{
	return tail.len >= 4 && memcmp(tail.data + tail.len - 3, "dev", 3) == 0 &&
		memchr("-+.", tail.data[tail.len - 4], 3);
}

enum spec_version spec_version_of(struct bytes oci_version)
{
	struct semver said;
	if (!semver_read(oci_version, &said) || said.number[0] != 1)
		return SPEC_ANY;
	enum spec_version v = SPEC_1_0_0;
	while (v < SPEC_NEWEST && compare(releases[v + 1].number, said.number) <= 0)
		v++;
	return v < SPEC_NEWEST && ends_in_dev(said.tail) ? v + 1 : v;
}

const char *spec_version_name(enum spec_version v)
{
	return releases[v].name;
}

const char *release_name(enum release r)
{
	return r < RELEASE_MAX ? release_names[r] : "a later one";
}

enum release release_find(struct bytes name)
{
	enum release r = RELEASE_0_1;
	while (r < RELEASE_MAX && !bytes_is(name, release_names[r]))
		r++;
	return r;
}
