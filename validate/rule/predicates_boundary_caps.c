/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capability sets, as they were asked for and as the process has them. They are compared as sets. What an execve
 * makes of them is no runtime's doing: a program of root's has the bounding and inheritable ones, another user's may
 * gain them by set-user-ID or file capabilities, and every one may drop what it has.
 */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"
#include "validate/rule/standing.h"

/* A kernel that says nothing has at least those up to CAP_AUDIT_READ: older ones run no containers of today. */
#define LAST_EVERYWHERE 37

static const struct doc *asked(const struct doc *capabilities, const char *set)
{
	const struct doc *d = doc_get(capabilities, set);
	return d && d->type == DOC_ARRAY ? d : NULL;
}

static const struct doc *had(const struct facts *f, const char *set)
{
	const struct doc *d = doc_get(seen(f, "process.capabilities"), set);
	return d && d->type == DOC_ARRAY ? d : NULL;
}

static bool may_have(const struct facts *f, const struct doc *capabilities, const char *set, struct bytes name)
{
	if (known_entry(asked(capabilities, set), name) == YES)
		return true;
	if (seen_created(f) || strcmp(set, "bounding") == 0)
		return false;
	return known_entry(asked(capabilities, "bounding"), name) == YES ||
		known_entry(asked(capabilities, "inheritable"), name) == YES;
}

static const struct doc *capabilities_of(const struct doc *at)
{
	return at->type == DOC_ARRAY ? at->parent : at;
}

/* The names that are had beyond what may be, written and counted. */
static uint32_t beyond(const struct facts *f, const struct doc *capabilities, const char *set, struct text *to)
{
	const struct doc *list = had(f, set);
	uint32_t count = 0;
	for (const struct doc *e = list ? list->first : NULL; e; e = e->next) {
		if (e->type != DOC_STRING || may_have(f, capabilities, set, e->string))
			continue;
		if (to && count < 6) {
			text_add(to, count ? ", " : "");
			say_bytes(e->string, to);
		}
		count++;
	}
	if (to && count > 6)
		text_printf(to, " and %u more", count - 6);
	return count;
}

static bool holds_cover(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	if (beyond(f, d, r->text, NULL) == 0)
		return true;
	const struct doc *set = asked(d, r->text);
	*ret_at = set ? set : d;
	return false;
}

static void tells_cover(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	text_add(to, "its process has more: ");
	beyond(f, capabilities_of(at), r->text, to);
}

const struct predicate cover_the_set = {
	.says = "cover the {} set of the container's process",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_cover,
	.tells = tells_cover,
};

/* What this kernel does not have nobody gets; nor an ambient one that is not permitted and inheritable as well. */
static bool to_be_had(const struct facts *f, const struct doc *capabilities, const char *set, struct bytes name)
{
	const int64_t last = around_int(seen(f, "process.capabilities"), "last", LAST_EVERYWHERE);
	const int number = standing_capability(name);
	if (strcmp(set, "ambient") == 0 &&
		(known_entry(asked(capabilities, "permitted"), name) != YES ||
			known_entry(asked(capabilities, "inheritable"), name) != YES))
		return false;
	return number >= 0 && number <= last;
}

static uint32_t lacking(const struct facts *f, const struct doc *capabilities, const char *set, struct text *to)
{
	const struct doc *list = asked(capabilities, set), *has = had(f, set);
	uint32_t count = 0;
	for (const struct doc *e = list && has ? list->first : NULL; e; e = e->next) {
		if (e->type != DOC_STRING || known_entry(has, e->string) == YES ||
			!to_be_had(f, capabilities, set, e->string))
			continue;
		if (to && count < 6) {
			text_add(to, count ? ", " : "");
			say_bytes(e->string, to);
		}
		count++;
	}
	if (to && count > 6)
		text_printf(to, " and %u more", count - 6);
	return count;
}

static bool holds_full(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	if (!seen_created(f) || lacking(f, d, r->text, NULL) == 0)
		return true;
	*ret_at = asked(d, r->text);
	return false;
}

static void tells_full(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	text_add(to, "its process lacks ");
	lacking(f, capabilities_of(at), r->text, to);
}

const struct predicate be_held_in_full = {
	.says = "be held in full, as the {} set, by the container's process",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_full,
	.tells = tells_full,
};
