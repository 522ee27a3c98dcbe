/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which colours. Eight of them and bold, nothing else: what yellow or bright white is on a light background nobody
 * can read, so neither is used.
 */
#include "ctl/check/paint.h"

#include <stdlib.h>
#include <string.h>
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
		.help = "\033[32m",
		.gutter = "\033[34m",
		.end = "\033[0m",
	};
	const char *term = secure_getenv("TERM"), *no = secure_getenv("NO_COLOR");

	if (when == COLOUR_AUTO)
		when = isatty(fd) && !(no && *no) && term && strcmp(term, "dumb") != 0 ? COLOUR_ALWAYS : COLOUR_NEVER;
	return when == COLOUR_ALWAYS ? colours : plain;
}

const char *paint_severity(const struct paint *p, enum severity s)
{
	return s == SEV_ERROR ? p->error : s == SEV_WARNING ? p->warning : s == SEV_INFO ? p->info : p->exempt;
}
