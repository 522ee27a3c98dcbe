/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which colours: red, magenta, cyan and green, each bold, which can be read on black and on white. Yellow and white
 * vanish on the one, blue on the other.
 */
#include "ctl/check/paint.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct paint paint_for(int fd, enum colour_when when)
{
	static const struct paint plain = { "", "", "", "", "", "", "", "" };
	static const struct paint colours = {
		.place = "\033[1m",
		.error = "\033[1;31m",
		.warning = "\033[1;35m",
		.info = "\033[1;36m",
		.exempt = "\033[1m",
		.help = "\033[1;32m",
		.gutter = "",
		.end = "\033[0m",
	};
	const char *term = secure_getenv("TERM"), *no = secure_getenv("NO_COLOR");

	if (when == COLOUR_AUTO)
		when = isatty(fd) && !(no && *no) && term && strcmp(term, "dumb") != 0 ? COLOUR_ALWAYS : COLOUR_NEVER;
	return when == COLOUR_ALWAYS ? colours : plain;
}

unsigned paint_columns(int fd)
{
	struct winsize size = { 0 };
	return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40 ? size.ws_col : 0;
}

/* Columns up to the next blank, and bytes; what sets colours takes none. */
static unsigned word_columns(struct bytes b, size_t *ret_len)
{
	unsigned columns = 0;
	size_t i = 0;

	while (i < b.len && b.data[i] != ' ') {
		const struct bytes rest = { b.data + i, b.len - i };
		const size_t n = utf8_length(rest);
		if (*rest.data == '\033') {
			while (i < b.len && b.data[i] != 'm')
				i++;
			i++;
			continue;
		}
		columns += n > 2 ? 2 : 1;
		i += n ? n : 1;
	}
	*ret_len = i < b.len ? i : b.len;
	return columns;
}

void paint_wrap(struct bytes line, unsigned columns, unsigned indent, struct text *to)
{
	unsigned at = 0;

	for (size_t i = 0; i < line.len;) {
		size_t blanks = 0, len;
		while (i + blanks < line.len && line.data[i + blanks] == ' ')
			blanks++;
		const unsigned wide = word_columns((struct bytes){ line.data + i + blanks, line.len - i - blanks },
			&len);
		if (columns > 0 && at > indent && at + blanks + wide > columns) {
			text_printf(to, "\n%*s", (int)indent, "");
			at = indent;
		} else {
			text_bytes(to, (struct bytes){ line.data + i, blanks });
			at += (unsigned)blanks;
		}
		text_bytes(to, (struct bytes){ line.data + i + blanks, len });
		at += wide;
		i += blanks + len;
	}
}

const char *paint_severity(const struct paint *p, enum severity s)
{
	return s == SEV_ERROR ? p->error : s == SEV_WARNING ? p->warning : s == SEV_INFO ? p->info : p->exempt;
}
