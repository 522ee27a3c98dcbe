/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sentences. A finding says what is wrong, where, what was found and what would be right:
 *
 *	process.args[1] must be a string, found a number
 *	process.oomScoreAdj must lie within -1000 to 1000, found 1001
 *
 * The first half names places only. Names of the user's own (keys of a map, unknown keys) are quoted within it, escaped
 * and cut. What was found is said twice: in full for the one who asked about a file of his own, and as far as
 * the place's .quote allows for records and refusals, which other people read. Engines look into a refusal for phrases
 * like "not found" and take them for errors of their own, so a value that holds one is described, not quoted.
 */
#include <errno.h>
#include <strings.h>

#include "validate/base/limits.h"
#include "validate/base/near.h"
#include "validate/breach.h"
#include "validate/rule/version.h"
#include "validate/rule/words.h"

#define LIMIT_NAME ((size_t)64) /* a name within a sentence, in bytes */

static bool misread_by_engines(struct bytes b)
{
	/* Nothing longer is ever shown, and a key of megabytes may be in a thousand sentences. */
	if (b.len > LIMIT_QUOTE)
		b.len = LIMIT_QUOTE;
	uint32_t initials = 0;
	for (const char *const *phrase = engine_triggers; *phrase; phrase++)
		initials |= UINT32_C(1) << ((*phrase)[0] - 'a');
	for (size_t i = 0; i < b.len; i++) {
		const int letter = (b.data[i] | 0x20) - 'a';
		if (letter < 0 || letter > 'z' - 'a' || !(initials >> letter & 1))
			continue;
		for (const char *const *phrase = engine_triggers; *phrase; phrase++) {
			if ((b.data[i] | 0x20) != (*phrase)[0])
				continue;
			const size_t len = strlen(*phrase);
			if (b.len - i >= len && strncasecmp(b.data + i, *phrase, len) == 0)
				return true;
		}
	}
	return false;
}

static bool plain_name(struct bytes name)
{
	if (name.len == 0 || name.len > LIMIT_NAME)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.data[i];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return true;
}

static void quoted(struct bytes b, size_t cap, struct text *to)
{
	text_char(to, '"');
	if (misread_by_engines(b))
		text_add(to, "...");
	else
		text_shown(to, b, cap);
	text_char(to, '"');
}

/* The place of d as one says it: "process.args[1]", "annotations["my key"]", "the document". */
static void place_say(const struct telling *t, const struct doc *d, struct text *to)
{
	if (!d->parent) {
		text_add(to, *t->in->below ? t->in->below : "the document");
		return;
	}
	if (d->parent->parent || *t->in->below)
		place_say(t, d->parent, to);
	if (d->parent->type == DOC_ARRAY) {
		text_printf(to, "[%u]", d->index);
	} else if (plain_name(d->key) && !misread_by_engines(d->key)) {
		text_printf(to, "%s%.*s", to->len ? "." : "", (int)d->key.len, d->key.data);
	} else {
		text_char(to, '[');
		quoted(d->key, LIMIT_NAME, to);
		text_char(to, ']');
	}
}

/* Where a place of the document stands in the vocabulary; NULL below an unknown key. */
static const struct place_node *node_of(const struct telling *t, const struct doc *d)
{
	if (!d->parent)
		return t->start;
	const struct place_node *p = node_of(t, d->parent);
	if (p)
		place_open(p);
	if (!p || d->parent->type == DOC_ARRAY)
		return p ? p->element : NULL;
	const struct place_node *c = place_child(p, d->key);
	return c && (c->typed || !p->key) ? c : p->key;
}

static enum quote quote_of(const struct telling *t, const struct doc *d)
{
	const struct place_node *n = node_of(t, d);
	if (n)
		place_open(n);
	return n && n->typed ? n->typed->rule->quote : QUOTE_NEVER;
}

/* Of a second look the row says it itself: the rows that give types are not in that vocabulary. */
static enum quote quote_for(const struct telling *t, const struct breach *b)
{
	const bool second = subject_is_second_look(t->in->of);
	return second ? b->rule->quote : quote_of(t, b->at);
}

/* The value itself, when it can be said in a word. */
static bool value_write(const struct doc *d, struct text *to)
{
	switch (d->type) {
	case DOC_BOOL:
		text_add(to, d->boolean ? "true" : "false");
		return true;
	case DOC_INT:
		text_printf(to, "%s%llu", d->integer.negative ? "-" : "", (unsigned long long)d->integer.magnitude);
		return true;
	case DOC_NUMBER:
		text_shown(to, d->string, LIMIT_NAME);
		return true;
	case DOC_STRING:
		text_char(to, '"');
		text_shown(to, d->string, LIMIT_QUOTE);
		text_char(to, '"');
		return true;
	case DOC_ARRAY:
		text_printf(to, d->count ? "an array of %u" : "an empty array", d->count);
		return true;
	case DOC_NULL:
		text_add(to, "null");
		return true;
	case DOC_OBJECT:
		break;
	}
	return false;
}

/* JSON has numbers; that we tell integers apart is no news to who wrote a string's place. */
static const char *type_found(const struct doc *d)
{
	return doc_type_words(d->type == DOC_INT ? DOC_NUMBER : d->type);
}

static void class_write(const struct doc *d, struct text *to)
{
	if (d->type == DOC_STRING && d->string.len > 0)
		text_printf(to, "a string of %zu byte%s", d->string.len, d->string.len == 1 ? "" : "s");
	else if (d->type == DOC_STRING)
		text_add(to, "an empty string");
	else if (d->type == DOC_ARRAY)
		text_printf(to, d->count ? "an array of %u" : "an empty array", d->count);
	else
		text_add(to, type_found(d));
}

/* Why a number in an integer's place is none, in words that say what to write instead. */
static const char *number_fault(struct bytes spelt)
{
	if (bytes_is(spelt, "-0"))
		return ", a negative zero";
	for (size_t i = 0; i < spelt.len; i++)
		if (strchr(".eE", spelt.data[i]))
			return ", written with a fraction or an exponent";
	return ", which no 64-bit integer holds";
}

/* What was found where the type is wrong: mostly the type, the value where it is the value that is wrong. */
static void found_type(const struct doc *d, const struct rule *r, bool value, struct text *to)
{
	const bool integer_wanted = r->type & DOC_INT;
	if (integer_wanted && (d->type == DOC_INT || d->type == DOC_NUMBER)) {
		if (value)
			value_write(d, to);
		else
			text_add(to, "a number");
		if (d->type == DOC_NUMBER)
			text_add(to, number_fault(d->string));
	} else {
		text_add(to, type_found(d));
	}
}

static const char *kept(const struct telling *t, const struct text *text)
{
	return arena_copy(t->arena, (struct bytes){ text->data, text->len });
}

static int tell_found(const struct telling *t, const struct breach *b, struct finding *ret)
{
	char all[512], safe[512];
	struct text x = text_over(all, sizeof(all)), y = text_over(safe, sizeof(safe));
	const enum quote quote = quote_for(t, b);
	text_add(&x, "found ");
	text_add(&y, "found ");
	if (b->kind == BREACH_TYPE) {
		found_type(b->at, b->rule, true, &x);
		found_type(b->at, b->rule, quote == QUOTE_VALUE, &y);
	} else {
		if (!value_write(b->at, &x))
			return 0;
		const bool tellable = b->at->type != DOC_STRING || !misread_by_engines(b->at->string);
		if (quote == QUOTE_VALUE && tellable)
			value_write(b->at, &y);
		else if (quote != QUOTE_NEVER)
			class_write(b->at, &y);
	}
	ret->found = kept(t, &x);
	if (y.len > strlen("found "))
		ret->found_safe = kept(t, &y);
	return ret->found && (ret->found_safe || y.len == strlen("found ")) ? 0 : -ENOMEM;
}

/* Steps from one node to another by way of their common ancestor. */
static unsigned distance(const struct place_node *a, const struct place_node *b)
{
	unsigned up = 0;
	for (const struct place_node *x = a; x; x = x->parent, up++) {
		unsigned down = 0;
		for (const struct place_node *y = b; y; y = y->parent, down++)
			if (x == y)
				return up + down;
	}
	return UINT32_MAX;
}

static void owner_write(const struct place_node *n, struct text *to)
{
	if (n->parent)
		place_write(n, to);
	else
		text_add(to, "the top level");
}

/*
 * What an unknown key may have been meant for: a neighbour that looks like it, or the same name elsewhere, nearest
 * first.
 */
static void unknown_fix(const struct telling *t, const struct breach *b, struct text *to)
{
	const struct place_node *near[2] = { NULL, NULL };
	for (const struct place_node *n = t->root; n; n = place_next(n)) {
		if (n->step != STEP_NAME || !n->parent || !bytes_equal(n->name, b->at->key))
			continue;
		const unsigned d = distance(b->node, n->parent);
		if (!near[0] || d < distance(b->node, near[0])) {
			near[1] = near[0];
			near[0] = n->parent;
		} else if (!near[1] || d < distance(b->node, near[1])) {
			near[1] = n->parent;
		}
	}
	const struct place_node *like = NULL;
	unsigned most = near_enough(b->at->key.len);
	for (const struct place_node *c = b->node->first; c && !near[0]; c = c->next) {
		const unsigned edits = near_edits(c->name, b->at->key, most);
		if (edits > most || (like && edits == most))
			continue;
		like = c;
		most = edits;
	}
	if (near[0]) {
		text_printf(to, "%.*s belongs in ", (int)b->at->key.len, b->at->key.data);
		owner_write(near[0], to);
		if (near[1]) {
			text_add(to, " or in ");
			owner_write(near[1], to);
		}
	} else if (like) {
		text_printf(to, "did you mean %.*s?", (int)like->name.len, like->name.data);
	}
}

static void says_write(const struct telling *t, const struct breach *b, struct text *to)
{
	place_say(t, b->at, to);
	switch (b->kind) {
	case BREACH_TYPE:
		text_add(to, " must be ");
		rule_type_write(b->rule, to);
		break;
	case BREACH_MISSING:
		if (!b->at->parent && !*t->in->below) {
			to->len = 0;
			text_printf(to, "%.*s", (int)b->node->name.len, b->node->name.data);
		} else {
			text_printf(to, ".%.*s", (int)b->node->name.len, b->node->name.data);
		}
		text_add(to, b->severity == SEV_ERROR ? " is required" : " should be set");
		break;
	case BREACH_FORBIDDEN:
		text_add(to, b->severity == SEV_ERROR ? " must not be set" : " should not be set");
		break;
	case BREACH_MUST:
		text_add(to, b->severity == SEV_ERROR ? " must " : " should ");
		rule_must_write(b->rule, b->at, to);
		break;
	case BREACH_UNKNOWN:
		text_add(to,
			t->in->of == OF_BUNDLE ? " is no property of the runtime specification" : " is unknown here");
		break;
	case BREACH_VARIANT:
		if (b->node)
			text_printf(to, " is taken for %.*s by delegates that ignore case, and by no other",
				(int)b->node->name.len, b->node->name.data);
		else
			text_add(to, " differs from another name only by letter case");
		break;
	case BREACH_NULL:
		text_add(to, " is null, which counts as absent");
		break;
	case BREACH_NEWER:
		text_printf(to, " came with release %s of the specification, later than ociVersion says",
			spec_version_name(b->node->typed->rule->since));
		break;
	case BREACH_REMOVED:
		text_printf(to, " left the specification with release %s",
			spec_version_name(b->node->typed->rule->until));
		break;
	}
}

static void fix_write(const struct telling *t, const struct breach *b, struct text *to)
{
	if (b->kind == BREACH_UNKNOWN)
		unknown_fix(t, b, to);
	else if (b->kind == BREACH_VARIANT && b->node)
		text_printf(to, "write %.*s", (int)b->node->name.len, b->node->name.data);
	else if (b->kind == BREACH_TYPE && b->at->type == DOC_STRING && (b->rule->type & (DOC_BOOL | DOC_INT)))
		text_add(to, "write it without quotes");
	else if (b->kind == BREACH_REMOVED && b->node->typed->rule->fix)
		text_add(to, b->node->typed->rule->fix);
	else if (b->kind != BREACH_TYPE && b->rule->fix)
		text_add(to, b->rule->fix);
}

/* The fact beside the document, if that is what makes it a breach. */
static int tell_fact(const struct telling *t, const struct breach *b, struct finding *ret)
{
	char fact[320];
	struct text to = text_over(fact, sizeof(fact));
	if (b->kind != BREACH_MUST || !b->rule->must->tells)
		return 0;
	b->rule->must->tells(b->rule, b->at, t->facts, &to);
	if (to.len == 0)
		return 0;
	ret->fact = kept(t, &to);
	return ret->fact ? 0 : -ENOMEM;
}

static const char *tell_id(const struct telling *t, const struct breach *b)
{
	if (b->kind != BREACH_TYPE)
		return b->rule->id;
	char at[256], id[256];
	struct text place = text_over(at, sizeof(at)), to = text_over(id, sizeof(id));
	place_write(b->node, &place);
	rule_type_id(t->in->of, at, &to);
	return kept(t, &to);
}

int breach_tell(const struct telling *t, const struct breach *b, struct finding *ret)
{
	char pointer[LIMIT_POINTER], says[640], fix[320];
	struct text p = text_over(pointer, sizeof(pointer)), s = text_over(says, sizeof(says)),
		    f = text_over(fix, sizeof(fix));
	doc_pointer(b->at, "", &p);
	says_write(t, b, &s);
	fix_write(t, b, &f);
	*ret = (struct finding){
		.id = tell_id(t, b),
		.rule = b->rule,
		.severity = b->severity,
		.place = b->place,
		.pointer = kept(t, &p),
		.at = b->at,
		.judged = b->value ? b->value : b->at,
		.says = kept(t, &s),
		.fix = f.len ? kept(t, &f) : NULL,
	};
	if (!ret->id || !ret->pointer || !ret->says || (f.len && !ret->fix) || tell_fact(t, b, ret) < 0)
		return -ENOMEM;
	const bool shown = b->kind == BREACH_TYPE || (b->kind == BREACH_MUST && !b->rule->must->of_keys);
	return shown ? tell_found(t, b, ret) : 0;
}
