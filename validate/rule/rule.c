/* SPDX-License-Identifier: Apache-2.0 */
/* Names: of severities and bases, of rules, and of the breaches of type that need no rule of their own. */
#include "validate/rule/rule.h"

#include <ctype.h>

#include "validate/rule/image.h"

#define FIND_ARENA ((size_t)4 << 20)

const char *severity_name(enum severity s)
{
	static const char *const names[] = {
		[SEV_OFF] = "off",
		[SEV_INFO] = "info",
		[SEV_WARNING] = "warning",
		[SEV_ERROR] = "error",
	};
	return names[s];
}

const char *basis_name(enum basis b)
{
	static const char *const names[] = {
		[BASIS_MUST] = "MUST",
		[BASIS_REQUIRED] = "REQUIRED",
		[BASIS_SHOULD] = "SHOULD",
		[BASIS_SCHEMA] = "schema",
		[BASIS_KERNEL] = "kernel",
		[BASIS_IMPLEMENTATION] = "implementation",
		[BASIS_TEXT] = "text",
		[BASIS_POLICY] = "policy",
	};
	return names[b];
}

const char *basis_words(enum basis b)
{
	static const char *const words[] = {
		[BASIS_MUST] = "the specification demands it in that word",
		[BASIS_REQUIRED] = "the specification marks it so",
		[BASIS_SHOULD] = "the specification recommends it, or advises against the opposite",
		[BASIS_SCHEMA] = "the specification's JSON schema says so",
		[BASIS_KERNEL] = "the kernel takes nothing else",
		[BASIS_IMPLEMENTATION] = "runtimes fail on it, drop it, or read it each in a way of its own",
		[BASIS_TEXT] = "the specification says so, without a keyword",
		[BASIS_POLICY] = "the site's policy says so, or a profile that it takes",
	};
	return words[b];
}

void rule_type_id(enum subject of, const char *at, struct text *to)
{
	static const char *const layers[OF_MAX] = {
		[OF_BUNDLE] = "type",
		[OF_POLICY] = "type.policy",
		[OF_RUNTIME] = "type.runtimes",
		[OF_FEATURES] = "type.features",
		[OF_MACHINE] = "type.machine",
		[OF_LOCK] = "type.lock",
	};
	if (!*at) {
		text_add(to, "json.top-level-object");
		return;
	}
	text_add(to, layers[of]);
	text_char(to, '.');
	for (const char *p = at; *p; p++) {
		const unsigned char c = (unsigned char)*p;
		if (c == '[' || c == ']')
			continue;
		if (isupper(c) && p > at && (islower((unsigned char)p[-1]) || isdigit((unsigned char)p[-1])))
			text_char(to, '-');
		text_char(to, (char)tolower(c));
	}
}

static const struct rule *find_typed(struct arena *a, enum subject of, const char *id)
{
	for (const struct place_node *n = vocabulary(a, NULL, of); n; n = place_next(n)) {
		char at[256], derived[256];
		struct text place = text_over(at, sizeof(at)), name = text_over(derived, sizeof(derived));
		if (!n->typed)
			continue;
		place_write(n, &place);
		rule_type_id(of, at, &name);
		if (strcmp(derived, id) == 0)
			return n->typed->rule;
	}
	return NULL;
}

const struct rule *rule_find(const char *id)
{
	const struct rule *row = rule_named(id);
	if (row)
		return row;
	if (strncmp(id, "type.", 5) != 0)
		return NULL;
	struct arena a;
	const struct rule *found = NULL;
	arena_init(&a, FIND_ARENA);
	for (enum subject of = OF_BUNDLE; of < OF_MAX && !found; of++)
		found = find_typed(&a, of, id);
	arena_done(&a);
	return found;
}
