/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for annotations. The first word of a row's list, or its text, is the key that is spoken of; keys have dots,
 * so that no place can be written for one. Their values are never shown.
 */
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

/* The annotation of that key when it is a string that is not empty. */
static const struct doc *annotation(const struct doc *map, const char *key)
{
	const struct doc *d = doc_get(map, key);
	return d && d->type == DOC_STRING && d->string.len > 0 ? d : NULL;
}

static bool holds_value(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	const struct doc *a = annotation(d, r->words[0]);
	if (!a || word_among(a->string, r->words + 1))
		return true;
	*ret_at = a;
	return false;
}

const struct predicate have_value_among = {
	.says = "be one of {1}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_value,
};

static bool is_upper_or_digit(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number, or a name such as SIGKILL, KILL, SIGRTMIN+3. */
static bool is_signal(struct bytes b)
{
	size_t i = 0;
	for (; i < b.len && is_digit(b.data[i]); i++)
		;
	if (i > 0)
		return i == b.len && i <= 2;
	for (; i < b.len && is_upper_or_digit(b.data[i]); i++)
		;
	if (i < 2 || i == b.len)
		return i >= 2;
	if (b.data[i] != '+' && b.data[i] != '-')
		return false;
	const size_t start = ++i;
	for (; i < b.len && is_digit(b.data[i]); i++)
		;
	return i == b.len && i > start && i - start <= 2;
}

static bool holds_signal(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	const struct doc *a = annotation(d, r->text);
	if (!a || is_signal(a->string))
		return true;
	*ret_at = a;
	return false;
}

const struct predicate have_a_signal = {
	.says = "be a signal such as SIGTERM, SIGRTMIN+3 or 15",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_signal,
};

/* Whether the text goes on as the pattern does, where 9 is any digit and a letter stands for both its cases. */
static bool follows(struct bytes b, size_t *at, const char *pattern)
{
	for (; *pattern; pattern++, ++*at) {
		if (*at >= b.len)
			return false;
		const char c = b.data[*at];
		if (*pattern == '9' ? !is_digit(c) : (c & ~0x20) != *pattern && c != *pattern)
			return false;
	}
	return true;
}

static unsigned two(struct bytes b, size_t at)
{
	return (unsigned)(b.data[at] - '0') * 10 + (unsigned)(b.data[at + 1] - '0');
}

/* RFC 3339: 2006-01-02T15:04:05(.999)(Z|+07:00); month, day and hours within their ranges. */
static bool is_date(struct bytes b)
{
	size_t at = 0;
	if (!follows(b, &at, "9999-99-99T99:99:99"))
		return false;
	if (two(b, 5) < 1 || two(b, 5) > 12 || two(b, 8) < 1 || two(b, 8) > 31 || two(b, 11) > 23 || two(b, 14) > 59 ||
		two(b, 17) > 60)
		return false;
	if (at < b.len && b.data[at] == '.') {
		const size_t start = ++at;
		while (at < b.len && is_digit(b.data[at]))
			at++;
		if (at == start)
			return false;
	}
	const size_t zone = at;
	if (follows(b, &at, "Z"))
		return at == b.len;
	at = zone;
	return (follows(b, &at, "+99:99") || (at = zone, follows(b, &at, "-99:99"))) && at == b.len;
}

static bool holds_date(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	const struct doc *a = annotation(d, r->text);
	if (!a || is_date(a->string))
		return true;
	*ret_at = a;
	return false;
}

const struct predicate have_a_date = {
	.says = "be a date and time such as 2024-02-13T09:30:00Z (RFC 3339)",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_date,
};

/* The variants that architectures have, by how they begin; one that is not listed here has none that we know. */
static const struct {
	const char *architecture, *start;
} variants[] = {
	{ "arm", "v" },
	{ "arm64", "v" },
	{ "amd64", "v" },
	{ "ppc64le", "power" },
	{ "ppc64", "power" },
	{ "riscv64", "rv" },
	{ "mips", "" },
	{ "mipsle", "" },
	{ "mips64", "" },
	{ "mips64le", "" },
	{ "386", "" },
};

static bool holds_variant(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	const struct doc *a = annotation(d, r->words[1]), *of = annotation(d, r->words[0]);
	if (!a || !of)
		return true;
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
		if (bytes_is(of->string, variants[i].architecture) && bytes_start(a->string, variants[i].start))
			return true;
	*ret_at = a;
	return false;
}

const struct predicate have_a_variant = {
	.says = "be a variant of the architecture that {0} names, such as v7 of arm or v8 of arm64",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_variant,
};

/* Lists and versions: no white space, and no part between two separators that is empty. */
static bool holds_list(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	for (const char *const *w = r->words; *w; w++) {
		const struct doc *a = annotation(d, *w);
		bool after = true, bad = false;
		for (size_t i = 0; a && i < a->string.len; i++) {
			const char c = a->string.data[i];
			bad |= c <= ' ' || (c == ',' && after);
			after = c == ',';
		}
		if (a && (bad || after)) {
			*ret_at = a;
			return false;
		}
	}
	return true;
}

const struct predicate list_plainly = {
	.says = "be a version, or names joined by commas, without white space",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_list,
};

static bool holds_dotted(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		if (m->key.len > 0 && !memchr(m->key.data, '.', m->key.len)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate have_domain_keys = {
	.says = "be called by a reversed domain, such as com.example.key",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_dotted,
};

static bool holds_reserved(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		if (bytes_start(m->key, r->words[0]) && !word_among(m->key, r->words + 1)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate have_defined_keys = {
	.says = "not start with {0}, which is reserved for the keys that the specification defines",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_reserved,
};

/* runc takes three letters or more, and for the value what g_variant_parse() or its like takes: never nothing. */
static bool holds_properties(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	const size_t start = strlen(r->text);
	for (const struct doc *m = d->first; m; m = m->next) {
		size_t letters = start;
		if (!bytes_start(m->key, r->text))
			continue;
		while (letters < m->key.len && is_letter(m->key.data[letters]))
			letters++;
		if (letters == m->key.len && letters - start >= 3 && m->type == DOC_STRING && m->string.len > 0)
			continue;
		*ret_at = m;
		return false;
	}
	return true;
}

const struct predicate have_property_keys = {
	.says = "end in the name of a property of systemd's, three letters or more, and have a value",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_properties,
};
