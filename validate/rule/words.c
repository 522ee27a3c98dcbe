/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sentences about rows. A finding and the list of rules say a rule in the same words, so that one can be looked up by
 * the other.
 */
#include "validate/rule/words.h"

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

/* The row's argument, where the predicate's sentence has its {}. */
void rule_must_write(const struct rule *r, struct text *to)
{
	const char *gap = strstr(r->must->says, "{}");
	if (!gap) {
		text_add(to, r->must->says);
		return;
	}
	text_bytes(to, (struct bytes){ r->must->says, (size_t)(gap - r->must->says) });
	if (r->must->takes == TAKES_TEXT)
		text_add(to, r->text);
	else if (r->must->takes == TAKES_RANGE && r->range.max == INT64_MAX)
		text_printf(to, "%lld or more", (long long)r->range.min);
	else if (r->must->takes == TAKES_RANGE)
		text_printf(to, "%lld to %lld", (long long)r->range.min, (long long)r->range.max);
	else if (r->must->takes == TAKES_WORDS)
		for (const char *const *w = r->words; *w; w++)
			text_printf(to, "%s%s", *w, w[1] ? ", " : "");
	text_add(to, gap + 2);
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
		rule_must_write(r, to);
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
