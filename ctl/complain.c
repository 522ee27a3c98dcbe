/* SPDX-License-Identifier: Apache-2.0 */
/* How verbs speak: complaints are one line on standard error, output is written whole or complained of. */
#include "ctl/ctl.h"

#include <stdarg.h>
#include <stdio.h>

#include "validate/base/near.h"

int usage(const struct verb *v, const char *format, ...)
{
	va_list ap;
	fputs("runvetctl: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fprintf(stderr, "\nTry 'runvetctl %s%s--help'.\n", v ? v->name : "", v ? " " : "");
	return CTL_USAGE;
}

int usage_option(const struct verb *v, const char *option, const char *const *known)
{
	/* What stands behind = may be anything; the name alone is what was misspelt. */
	const struct bytes name = { option, strcspn(option, "=") };
	const char *near = near_word(name, known);
	if (near)
		return usage(v, "unknown option %.*s; did you mean %s?", (int)name.len, name.data, near);
	return usage(v, "unknown option %.*s", (int)name.len, name.data);
}

int trouble(const char *format, ...)
{
	va_list ap;
	fputs("runvetctl: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return CTL_USAGE;
}

int put(const char *text)
{
	if (fputs(text, stdout) < 0 || fflush(stdout) != 0)
		return trouble("the output could not be written");
	return CTL_GOOD;
}
