/* SPDX-License-Identifier: Apache-2.0 */
/* The words for the form of strings: paths, versions, lists of numbers, assignments. */
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"
#include "validate/rule/version.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_absolute(struct bytes b)
{
	return b.len > 0 && b.data[0] == '/';
}

static bool holds_absolute(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return is_absolute(d->string);
}

static bool holds_absolute_or_empty(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->string.len == 0 || is_absolute(d->string);
}

const struct predicate be_absolute = {
	.says = "be an absolute path",
	.judges = DOC_STRING,
	.holds = holds_absolute,
};
const struct predicate be_absolute_unless_empty = {
	.says = "be an absolute path",
	.judges = DOC_STRING,
	.holds = holds_absolute_or_empty,
};

static bool holds_not_climb(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	struct bytes part;
	for (size_t at = 0; path_part(d->string, &at, &part);)
		if (bytes_is(part, ".."))
			return false;
	return true;
}

const struct predicate not_climb = {
	.says = "have no \"..\" in its path",
	.judges = DOC_STRING,
	.holds = holds_not_climb,
};

static bool holds_below(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return !is_absolute(d->string) || path_covers(bytes_of(r->text), d->string);
}

const struct predicate lie_below = {
	.says = "lie below {}",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_below,
};

static bool holds_end_in(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	struct bytes part, last = { 0 };
	for (size_t at = 0; path_part(d->string, &at, &part);)
		last = part;
	return d->string.len == 0 || bytes_is(last, r->text);
}

const struct predicate end_in = {
	.says = "by convention end in {}",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_end_in,
};

static bool holds_start(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return d->string.len == 0 || bytes_start(d->string, r->text);
}

const struct predicate start_with = {
	.says = "start with {}",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_start,
};

static bool holds_one_line(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->string.len == 0 || !memchr(d->string.data, '\n', d->string.len);
}

const struct predicate be_one_line = {
	.says = "be one line",
	.judges = DOC_STRING,
	.holds = holds_one_line,
};

static bool holds_made_of(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	for (size_t i = 0; i < d->string.len; i++)
		if (!strchr(r->text, d->string.data[i]))
			return false;
	return true;
}

const struct predicate be_made_of = {
	.says = "be made of the letters {}",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_made_of,
};

static bool holds_no_letter_twice(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	bool seen[256] = { false };
	for (size_t i = 0; i < d->string.len; i++) {
		bool *const letter = &seen[(unsigned char)d->string.data[i]];
		if (*letter)
			return false;
		*letter = true;
	}
	return true;
}

const struct predicate not_repeat_letters = {
	.says = "have each letter once",
	.judges = DOC_STRING,
	.holds = holds_no_letter_twice,
};

static bool holds_assignment(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	const char *equals = d->string.len ? memchr(d->string.data, '=', d->string.len) : NULL;
	return equals && equals > d->string.data;
}

const struct predicate be_an_assignment = {
	.says = "have the form NAME=value",
	.judges = DOC_STRING,
	.holds = holds_assignment,
};

/* The digits from *at on; false when there are none, or absurdly many. */
static bool digits(struct bytes b, size_t *at, uint64_t *ret)
{
	const size_t start = *at;
	*ret = 0;
	for (; *at < b.len && is_digit(b.data[*at]); ++*at)
		*ret = *ret * 10 + (uint64_t)(b.data[*at] - '0');
	return *at > start && *at - start <= 18;
}

/* The same without leading zeros. */
static bool number(struct bytes b, size_t *at, uint64_t *ret)
{
	const size_t start = *at;
	return digits(b, at, ret) && (*at - start == 1 || b.data[start] != '0');
}

static bool holds_semver(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	struct semver version;
	return semver_read(d->string, &version);
}

const struct predicate be_semver = {
	.says = "be a version such as 1.0.2 (SemVer 2.0.0)",
	.judges = DOC_STRING,
	.holds = holds_semver,
};

static bool holds_major(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	struct semver version;
	uint64_t major;
	size_t at = 0;
	return !semver_read(d->string, &version) ||
		(number(bytes_of(r->text), &at, &major) && version.number[0] == major);
}

const struct predicate be_of_major = {
	.says = "be of major version {}",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_major,
};

static bool holds_not_newer(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	struct semver version, known;
	if (!semver_read(d->string, &version) || !semver_read(bytes_of(r->text), &known))
		return true;
	const uint64_t *v = version.number, *k = known.number;
	return v[0] != k[0] || v[1] < k[1] || (v[1] == k[1] && v[2] <= k[2]);
}

const struct predicate not_be_newer = {
	.says = "not be newer than {} to be wholly understood",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_not_newer,
};

static bool holds_cpu_list(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	const struct bytes b = d->string;
	for (size_t at = 0; at < b.len;) {
		uint64_t from, to;
		if (!digits(b, &at, &from))
			return false;
		if (at < b.len && b.data[at] == '-' && (at++, !digits(b, &at, &to) || to < from))
			return false;
		if (at < b.len && (b.data[at] != ',' || ++at == b.len))
			return false;
	}
	return true;
}

const struct predicate be_a_cpu_list = {
	.says = "be a list of numbers and ascending ranges such as 0-3,7",
	.judges = DOC_STRING,
	.holds = holds_cpu_list,
};

static bool holds_page_size(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	const struct bytes b = d->string;
	size_t at = 0;
	uint64_t n;
	return number(b, &at, &n) && n > 0 && b.len == at + 2 && strchr("KMG", b.data[at]) && b.data[at + 1] == 'B';
}

const struct predicate be_a_page_size = {
	.says = "be a size such as 64KB, 2MB or 1GB",
	.judges = DOC_STRING,
	.holds = holds_page_size,
};

/* hugetlb.2MB.max: a power of two in the largest unit that leaves it whole; 2048KB names no file. */
static bool holds_largest_unit(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	size_t at = 0;
	uint64_t n;
	if (!holds_page_size(r, d, f, ret_at) || !number(d->string, &at, &n))
		return true;
	return (n & (n - 1)) == 0 && (n < 1024 || d->string.data[at] == 'G');
}

const struct predicate have_the_largest_unit = {
	.says = "be a power of two in the largest unit, as the kernel names it: 2MB, not 2048KB",
	.judges = DOC_STRING,
	.holds = holds_largest_unit,
};

static bool holds_one_option(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->string.len > 0 && !memchr(d->string.data, ',', d->string.len);
}

const struct predicate be_one_option = {
	.says = "be one option, not empty and without a comma",
	.judges = DOC_STRING,
	.holds = holds_one_option,
};
