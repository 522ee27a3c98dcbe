/* SPDX-License-Identifier: Apache-2.0 */
/* Levenshtein's distance, with one row of the table kept. */
#include "validate/base/near.h"

unsigned near_edits(struct bytes a, struct bytes b, unsigned most)
{
	unsigned row[NEAR_WORD + 1];
	if (a.len > NEAR_WORD || b.len > NEAR_WORD)
		return most + 1;
	for (unsigned j = 0; j <= b.len; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned corner = row[0];
		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			const unsigned change = corner + (a.data[i - 1] != b.data[j - 1]);
			const unsigned grow = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			corner = row[j];
			row[j] = change < grow ? change : grow;
		}
	}
	return row[b.len] > most ? most + 1 : row[b.len];
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
