/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many random lines of the words that make parsers differ, through argv_read and through models of the delegates'
 * parsers: whatever is judged or passed, no delegate reads something else. That both accept and both refuse often
 * enough is a check too.
 */
#include <errno.h>

#include "shim/dialect.h"
#include "tests/argv/models.h"
#include "tests/tap.h"

#define LINES 400000

static const char *const pool[] = {
	"create",
	"create",
	"create",
	"run",
	"restore",
	"exec",
	"update",
	"state",
	"kill",
	"mounts",
	"help",
	"x",
	"x",
	"x",
	"y",
	"/A",
	"-",
	"--",
	"--",
	"",
	" ",
	"--bundle",
	"--bundle",
	"--bundle",
	"--bundle=/B",
	"--bundle=",
	"-bundle",
	"-b",
	"-b/C",
	"-b=/C",
	"--bun",
	"--bun=/D",
	" --bundle",
	"--bundle ",
	"\xc2\xa0--bundle",
	"--no-pivot",
	"--no-pivot=false",
	"--no-pivot=true",
	"-no-pivot",
	"--no-subreaper",
	"-no-subreaper",
	"--root",
	"--root=/r",
	"--root=",
	"--roo",
	"-root",
	"-r",
	"--rootless",
	"--rootless=true",
	"--log",
	"--log=/l",
	"-l",
	"--systemd-cgroup",
	"-s",
	"--debug",
	"--debug=false",
	"--help",
	"--help=false",
	"--help=true",
	"-h",
	"-h=false",
	"-help",
	"-?",
	"--usage",
	"--version",
	"--version=false",
	"-v",
	"-V",
	"--config",
	"--config=/c",
	"-f",
	"--process",
	"--process=/p",
	"-p",
	"--resources",
	"--resources=-",
	"--tty",
	"-t",
	"-tfalse",
	"-dt",
	"-d",
	"--detach",
	"--env",
	"--env=A",
	"-e",
	"-eA",
	"--cap",
	"--pid-file",
	"--pid-file=/q",
	"--network-lock",
	"--lsm-mount-context",
	"--preserve-fds",
	"2",
	"-1",
	"--1",
	"---",
	"--=",
	"-=",
	"c",
	" create",
	"create ",
	"x ",
	"--console-socket",
};

static uint64_t state = 0x9e3779b97f4a7c15u;

static size_t below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state >> 11) % n;
}

static void print_line(int argc, char **argv)
{
	printf("#");
	for (int i = 1; i < argc; i++)
		printf(" [%s]", argv[i]);
	printf("\n");
}

static void try(const struct dialect *d)
{
	static char program[] = "runtime", words[16][32];
	size_t judged = 0, passed = 0, refused = 0, wrong = 0;
	for (size_t n = 0; n < LINES; n++) {
		char *argv[17] = { program };
		int argc = 1 + (int)below(9);
		for (int i = 1; i < argc; i++) {
			(void)snprintf(words[i], sizeof(words[i]), "%s", pool[below(sizeof(pool) / sizeof(pool[0]))]);
			argv[i] = words[i];
		}
		/* Every other line is likely to be one: a verb near the front, an id at the end. */
		if (n % 2 && argc > 2) {
			(void)snprintf(words[1 + below((size_t)argc - 2) / 2], sizeof(words[0]), "%s", pool[below(7)]);
			(void)snprintf(words[argc - 1], sizeof(words[0]), "x");
		}
		struct request q;
		struct fail why = { 0 };
		int e = argv_read(d, NULL, 0, argc, argv, &q, &why);
		const char *other = model_disagrees(d, e, &q);
		judged += e == 0 && q.judged;
		passed += e == 0 && !q.judged;
		refused += e < 0;
		if (!other || wrong++ > 5)
			continue;
		ok(false, "%s: argv_read says %d%s, but %s", d->name, e, q.judged ? " and judge" : "", other);
		print_line(argc, argv);
	}
	ok(wrong == 0 && judged > LINES / 200 && passed > LINES / 20 && refused > LINES / 4,
		"%s: no line is misread (%zu judged, %zu passed, %zu refused)", d->name, judged, passed, refused);
}

int main(void)
{
	for (size_t i = 0; dialects[i]; i++)
		try(dialects[i]);
	return tap_done();
}
