/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals by name, in the one spelling that can be asked for. Numbers are Linux's on the machines that delegates run on
 * (signal(7), x86 and ARM); MIPS and SPARC have others.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <strings.h>

#include "audit/lifecycle.h"

static const struct {
	const char *name;
	int number;
} words[] = {
	{ "HUP", SIGHUP },
	{ "INT", SIGINT },
	{ "QUIT", SIGQUIT },
	{ "ILL", SIGILL },
	{ "TRAP", SIGTRAP },
	{ "ABRT", SIGABRT },
	{ "BUS", SIGBUS },
	{ "FPE", SIGFPE },
	{ "KILL", SIGKILL },
	{ "USR1", SIGUSR1 },
	{ "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE },
	{ "ALRM", SIGALRM },
	{ "TERM", SIGTERM },
	{ "STKFLT", SIGSTKFLT },
	{ "CHLD", SIGCHLD },
	{ "CONT", SIGCONT },
	{ "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN },
	{ "TTOU", SIGTTOU },
	{ "URG", SIGURG },
	{ "XCPU", SIGXCPU },
	{ "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF },
	{ "WINCH", SIGWINCH },
	{ "IO", SIGIO },
	{ "PWR", SIGPWR },
	{ "SYS", SIGSYS },
	/* other names of the same */
	{ "IOT", SIGABRT },
	{ "POLL", SIGIO },
	{ "CLD", SIGCHLD },
};

/* The first real-time signal as the C library and Go's tables have it: two of the kernel's are the library's own. */
#define RT_FIRST 34
#define RT_LAST 64

/* Digits, all of it; -1 for anything else. */
static int number_of(const char *text)
{
	char *end;
	const long n = text[0] >= '0' && text[0] <= '9' ? strtol(text, &end, 10) : -1;

	return n >= 0 && *end == '\0' && n <= RT_LAST ? (int)n : -1;
}

/* "RTMIN+3" and "RTMAX-2" as numbers; -1. */
static int realtime_of(const char *name)
{
	const bool up = strncasecmp(name, "RTMIN", 5) == 0, down = strncasecmp(name, "RTMAX", 5) == 0;
	const int from = up ? RT_FIRST : RT_LAST;

	if (!up && !down)
		return -1;
	if (name[5] == '\0')
		return from;
	const int by = name[5] == (up ? '+' : '-') ? number_of(name + 6) : -1;
	if (by < 0 || by > RT_LAST - RT_FIRST)
		return -1;
	return up ? from + by : from - by;
}

const char *signal_word(struct arena *a, const char *said)
{
	const char *name = strncasecmp(said, "SIG", 3) == 0 ? said + 3 : said;
	int number = number_of(said);

	for (size_t i = 0; number < 0 && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(words[i].name, name) == 0)
			number = words[i].number;
	if (number < 0)
		number = realtime_of(name);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].number == number)
			return arena_printf(a, "SIG%s", words[i].name);
	if (number < RT_FIRST)
		return NULL;
	return number == RT_FIRST ? "SIGRTMIN" : arena_printf(a, "SIGRTMIN+%d", number - RT_FIRST);
}
