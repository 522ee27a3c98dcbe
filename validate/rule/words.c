/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sentences about rows. A finding and the list of rules say a rule in the same words, so that one can be looked up by
 * the other.
 */
#include "validate/rule/words.h"

#include "validate/base/near.h"
#include "validate/rule/version.h"

void rule_type_write(const struct rule *r, struct text *to)
{
	static const char *const integers[] = {
		[INT_ANY] = "an integer",
		[INT_U8] = "an integer from 0 to 255",
		[INT_U16] = "an integer from 0 to 65535",
		[INT_U32] = "an integer from 0 to 4294967295",
		[INT_U64] = "an integer from 0 to 18446744073709551615",
		[INT_I32] = "an integer from -2147483648 to 2147483647",
		[INT_I64] = "an integer from -9223372036854775808 to 9223372036854775807",
	};
	text_add(to, r->type == DOC_INT ? integers[r->width] : doc_type_words(r->type));
}

/* Words of a list, joined; `one` is only the first. */
static void words_write(const char *const *words, bool one, struct text *to)
{
	for (; *words; words++) {
		text_printf(to, "%s%s", *words, words[1] && !one ? ", " : "");
		if (one)
			return;
	}
}

/* Which word of the row the value was probably meant for. */
static void near_write(const struct rule *r, const struct doc *d, struct text *to)
{
	const char *word = d && d->type == DOC_STRING ? near_word(d->string, r->words) : NULL;
	if (word)
		text_printf(to, " (did you mean %s?)", word);
}

/* The row's argument: {} all of it, {0} and {1} the first of its words and the others, {near} the one that is meant. */
static void argument_write(const struct rule *r, const struct doc *d, struct bytes gap, struct text *to)
{
	if (r->must->takes == TAKES_TEXT)
		text_add(to, r->text);
	else if (r->must->takes == TAKES_RANGE && r->range.max == INT64_MAX)
		text_printf(to, "%lld or more", (long long)r->range.min);
	else if (r->must->takes == TAKES_RANGE)
		text_printf(to, "%lld to %lld", (long long)r->range.min, (long long)r->range.max);
	else if (r->must->takes == TAKES_WORDS && bytes_is(gap, "{near}"))
		near_write(r, d, to);
	else if (r->must->takes == TAKES_WORDS)
		words_write(r->words + bytes_is(gap, "{1}"), bytes_is(gap, "{0}"), to);
}

void rule_must_write(const struct rule *r, const struct doc *d, struct text *to)
{
	for (const char *p = r->must->says; *p;) {
		const size_t plain = strcspn(p, "{"), gap = p[plain] ? strcspn(p + plain, "}") + 1 : 0;
		text_bytes(to, (struct bytes){ p, plain });
		if (gap)
			argument_write(r, d, (struct bytes){ p + plain, gap }, to);
		p += plain + gap;
	}
}

void rule_write(const struct rule *r, struct text *to)
{
	const bool error = r->severity == SEV_ERROR || !r->id;
	if (r->says) {
		text_add(to, r->says);
		return;
	}
	text_add(to, r->at && *r->at ? r->at : "the document");
	if (r->presence == REQUIRED)
		text_add(to, error ? " is required" : " should be set");
	else if (r->presence == FORBIDDEN)
		text_add(to, error ? " must not be set" : " should not be set");
	if (r->must) {
		text_add(to, r->presence == OPTIONAL ? " " : " and ");
		text_add(to, error ? "must " : "should ");
		rule_must_write(r, NULL, to);
	} else if (r->presence == OPTIONAL && r->type) {
		text_add(to, " must be ");
		rule_type_write(r, to);
	}
}

void rule_exceptions_write(const struct rule *r, struct text *to)
{
	if (r->before)
		text_printf(to, "%s before %s", severity_name(r->before), spec_version_name(r->since));
	if (r->relaxed)
		text_printf(to, "%s%s from %s on", to->len ? ", " : "", severity_name(r->relaxed_to),
			spec_version_name(r->relaxed));
}
