/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/node/wrap.h"

#include <string.h>

/* Columns of a run of UTF-8: its characters, of which none is wide. */
static size_t columns(const char *s, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

void wrap_words(struct text *to, size_t margin, const char *words)
{
	size_t at = 0; /* columns of this line; 0: it is not begun */

	while (*words) {
		const size_t n = strcspn(words, " "), wide = columns(words, n);
		if (n == 0) {
			words++;
			continue;
		}
		if (at > 0 && at + 1 + wide > WRAP_WIDTH) {
			text_char(to, '\n');
			at = 0;
		}
		if (at == 0)
			text_printf(to, "%*s", (int)margin, "");
		else
			text_char(to, ' ');
		at = (at == 0 ? margin : at + 1) + wide;
		text_bytes(to, (struct bytes){ words, n });
		words += n;
	}
	text_char(to, '\n');
}
