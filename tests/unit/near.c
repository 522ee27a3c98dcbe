/* SPDX-License-Identifier: Apache-2.0 */
/* What counts as a slip of the pen. */
#include "validate/base/near.h"

#include "tests/tap.h"

static const struct {
	const char *a, *b;
	unsigned edits;
} pairs[] = {
	{ "", "", 0 }, { "check", "check", 0 }, { "check", "chek", 1 }, { "check", "checks", 1 },
	{ "check", "chack", 1 }, { "check", "chekc", 1 }, { "hostname", "ohstnmae", 2 }, { "mode", "", 4 },
	{ "abc", "xyz", 3 }, { "abcdef", "uvwxyz", 5 }, /* more than asked for */
};

int main(void)
{
	static const char *const words[] = { "check", "checks", "version", NULL };
	static char longest[NEAR_WORD + 2];
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		is_int(near_edits(bytes_of(pairs[i].a), bytes_of(pairs[i].b), 4), pairs[i].edits, "pair %zu", i);
		is_int(near_edits(bytes_of(pairs[i].b), bytes_of(pairs[i].a), 4), pairs[i].edits, "and back");
	}
	memset(longest, 'x', NEAR_WORD + 1);
	is_int(near_edits(bytes_of(longest), bytes_of(longest), 4), 5, "what is too long is near to none");
	longest[NEAR_WORD] = '\0';
	is_int(near_edits(bytes_of(longest), bytes_of(longest), 4), 0, "what is just short enough is near to itself");
	is_text(near_word(BYTES("chekc"), words), "check", "the nearest word is found");
	is_text(near_word(BYTES("checkss"), words), "checks", "not the first one");
	is_text(near_word(BYTES("verison"), words), "version", "whichever");
	ok(!near_word(BYTES("frobnicate"), words), "or none");
	ok(!near_word(BYTES("ck"), words), "least of all for a word of two letters");
	return tap_done();
}
