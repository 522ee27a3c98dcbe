/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what the delegate lists and says it can. An explicit list or false is a statement; what is absent or
 * null is not.
 */
#include "validate/rule/predicates_feature.h"

#include "validate/rule/known.h"

static const struct doc *stated(const struct rule *r, const struct facts *f)
{
	return known_feature(f, r->words[0]);
}

/* Whether the row's quirk takes the statement back: for all, or for the entries behind it. */
static bool taken_back(const struct rule *r, const struct facts *f, struct bytes word)
{
	const char *quirk = r->words[1];
	return quirk && *quirk && known_quirk(f, quirk) && (!r->words[2] || word_among(word, r->words + 2));
}

static bool lists(const struct rule *r, const struct facts *f, struct bytes word)
{
	return word.len == 0 || known_entry(stated(r, f), word) != NO || taken_back(r, f, word);
}

static bool holds_listed(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return lists(r, f, d->string);
}

static void tells_listed(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	say_delegate(f, to);
	text_printf(to, " says of %s: ", r->words[0]);
	say_list(stated(r, f), to);
}

/* A list of dozens is no help in a sentence. */
static void tells_unlisted(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_delegate(f, to);
	text_add(to, " does not list it");
}

const struct predicate be_listed = {
	.says = "be in the delegate's features ({0})",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_listed,
	.tells = tells_listed,
};

static bool holds_listed_name(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)ret_at;
	return around_unset(d) || lists(r, f, d->key);
}

const struct predicate be_a_listed_name = {
	.says = "be in the delegate's features ({0})",
	.takes = TAKES_WORDS,
	.judges = DOC_ARRAY,
	.of_keys = true,
	.holds = holds_listed_name,
	.tells = tells_listed,
};

/* A flag that it does not know at all is another row's to tell. */
static bool holds_supported(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return lists(r, f, d->string) || known_entry(known_feature(f, "linux.seccomp.knownFlags"), d->string) == NO;
}

const struct predicate be_a_supported_flag = {
	.says = "be supported by the delegate with this kernel ({0})",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_supported,
	.tells = tells_listed,
};

static bool holds_option(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	static const char *const mapping[] = { "idmap", "ridmap", NULL };
	return !word_among(d->string, r->words) ||
		known_quirk(f, word_among(d->string, mapping) ? "idmap-unlisted" : "options-unlisted") ||
		known_entry(known_feature(f, "mountOptions"), d->string) != NO;
}

const struct predicate be_a_listed_option = {
	.says = "be in the delegate's features (mountOptions): it would be text for the file system",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_option,
	.tells = tells_unlisted,
};

static bool is_off(const struct rule *r, const struct facts *f)
{
	return known_true(stated(r, f)) == NO && !taken_back(r, f, (struct bytes){ 0 });
}

static void tells_off(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	say_delegate(f, to);
	text_printf(to, " says of %s: false", r->words[0]);
}

static bool holds_enabled(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return around_unset(d) || !is_off(r, f);
}

const struct predicate be_enabled = {
	.says = "be something that the delegate can do ({0} of its features)",
	.takes = TAKES_WORDS,
	.judges = DOC_BOOL | DOC_INT | DOC_STRING | DOC_ARRAY | DOC_OBJECT,
	.holds = holds_enabled,
	.tells = tells_off,
};

static bool holds_confined(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	return bytes_is(d->string, "unconfined") || holds_enabled(r, d, f, ret_at);
}

const struct predicate be_confined = {
	.says = "be something that the delegate can apply ({0} of its features)",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_confined,
	.tells = tells_off,
};

static bool holds_unmapped(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	static const char *const options[] = { "idmap", "ridmap", NULL };
	const struct doc *mappings = doc_get(d, "uidMappings");
	if (around_unset(mappings))
		mappings = doc_get(d, "gidMappings");
	if (!is_off(r, f) || (around_unset(mappings) && !around_option(d, options)))
		return true;
	if (!around_unset(mappings))
		*ret_at = mappings;
	return false;
}

const struct predicate not_be_mapped = {
	.says = "not be idmapped by a delegate that cannot ({0} of its features)",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_unmapped,
	.tells = tells_off,
};

/* What the host has, as the features call it; NULL when it is not known. */
static const char *version_here(const struct facts *f)
{
	const struct bytes mode = around_string(around_host(f, "cgroup"), "mode");
	if (bytes_is(mode, "v2"))
		return "linux.cgroup.v2";
	return mode.len > 0 ? "linux.cgroup.v1" : NULL;
}

static bool holds_version(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const char *here = version_here(f);
	return around_unset(d) || !here || known_true(known_feature(f, here)) != NO;
}

static void tells_version(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_mode(f, to);
	text_add(to, ", and ");
	say_delegate(f, to);
	text_printf(to, " says of %s: false", version_here(f));
}

const struct predicate suit_cgroup_support = {
	.says = "be for a cgroup version of which host and delegate agree",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_version,
	.tells = tells_version,
};

/* slice:prefix:name, which only the systemd driver reads so. */
static bool is_unit(struct bytes path)
{
	size_t colons = 0;
	for (size_t i = 0; i < path.len; i++) {
		if (path.data[i] == '/')
			return false;
		colons += path.data[i] == ':';
	}
	return colons == 2;
}

static const char *systemd_here(const struct facts *f)
{
	return around_int(around_host(f, "self"), "euid", 0) == 0 ? "linux.cgroup.systemd" : "linux.cgroup.systemdUser";
}

static bool holds_systemd(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !is_unit(d->string) || known_true(known_feature(f, systemd_here(f))) != NO;
}

static void tells_systemd(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_delegate(f, to);
	text_printf(to, " says of %s: false", systemd_here(f));
}

const struct predicate suit_systemd_support = {
	.says = "be a path, when the delegate does not speak to systemd",
	.judges = DOC_STRING,
	.holds = holds_systemd,
	.tells = tells_systemd,
};

/* An entry that ends in a dot stands for all that begins with it. */
static const struct doc *unsafe_entry(const struct facts *f, struct bytes key)
{
	const struct doc *list = known_feature(f, "potentiallyUnsafeConfigAnnotations");
	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next) {
		const struct bytes s = e->type == DOC_STRING ? e->string : (struct bytes){ 0 };
		const bool prefix = s.len > 0 && s.data[s.len - 1] == '.';
		if (s.len > 0 &&
			(prefix ? key.len > s.len && memcmp(key.data, s.data, s.len) == 0 : bytes_equal(s, key)))
			return e;
	}
	return NULL;
}

static bool holds_harmless(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !unsafe_entry(f, d->key);
}

static void tells_unsafe(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	say_delegate(f, to);
	text_add(to, " lists ");
	say_bytes(unsafe_entry(f, at->key)->string, to);
	text_add(to, " as potentially unsafe");
}

const struct predicate be_harmless = {
	.says = "not change what the delegate does",
	.judges = DOC_STRING,
	.of_keys = true,
	.holds = holds_harmless,
	.tells = tells_unsafe,
};
