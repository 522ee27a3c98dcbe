/* SPDX-License-Identifier: Apache-2.0 */
/* Levenshtein's distance, in which two neighbours that changed places are one edit, too. */
#include "validate/base/near.h"

/* Which letters there are: two words that differ in more of them than edits are allowed need not be compared. */
static unsigned letters(struct bytes b)
{
	unsigned set = 0;
	for (size_t i = 0; i < b.len; i++)
		set |= 1u << (b.data[i] & 31);
	return set;
}

static bool too_far(struct bytes a, struct bytes b, unsigned most)
{
	const size_t apart = a.len > b.len ? a.len - b.len : b.len - a.len;
	if (a.len > NEAR_WORD || b.len > NEAR_WORD || apart > most)
		return true;
	const unsigned x = letters(a), y = letters(b);
	return (unsigned)__builtin_popcount(x & ~y) > most || (unsigned)__builtin_popcount(y & ~x) > most;
}

unsigned near_edits(struct bytes a, struct bytes b, unsigned most)
{
	unsigned rows[3][NEAR_WORD + 1]; /* the one before the last, the last, the one in the making */
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];
	if (too_far(a, b, most))
		return most + 1;
	for (unsigned j = 0; j <= b.len; j++)
		before[j] = last[j] = j;
	for (unsigned i = 1, fewest = 0; i <= a.len; i++) {
		const unsigned fewest_before = fewest;
		row[0] = fewest = i;
		for (unsigned j = 1; j <= b.len; j++) {
			const unsigned change = last[j - 1] + (a.data[i - 1] != b.data[j - 1]);
			const unsigned grow = (last[j] < row[j - 1] ? last[j] : row[j - 1]) + 1;
			row[j] = change < grow ? change : grow;
			if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1] &&
				before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
			fewest = row[j] < fewest ? row[j] : fewest;
		}
		/* Nothing becomes less again; a swap looks back two rows. */
		if (fewest > most && fewest_before > most)
			return most + 1;
		unsigned *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[b.len] > most ? most + 1 : last[b.len];
}

unsigned near_enough(size_t len)
{
	return len < 3 ? 0 : len < 6 ? 1 : 2;
}

const char *near_word(struct bytes word, const char *const *words)
{
	const char *best = NULL;
	unsigned most = near_enough(word.len);
	for (; *words; words++) {
		const unsigned edits = near_edits(bytes_of(*words), word, most);
		if (edits > most || (best && edits == most))
			continue;
		best = *words;
		most = edits;
	}
	return best;
}
