/* SPDX-License-Identifier: Apache-2.0 */
/* runvetctl diff: what differs between two containers, and what of it matters. */
#include <errno.h>
#include <unistd.h>

#include "ctl/diff/tell.h"
#include "ctl/option.h"
#include "validate/base/limits.h"

/* Both documents in three forms each: as they are written, their normal forms and their postures. */
#define DIFF_MEMORY (4 * LIMIT_ARENA)

struct asked_for {
	bool all;
	const char *format, *colour;
};

static int tell(struct arena *a, const struct asked_for *o, const struct side sides[static 2],
	const struct differences *found)
{
	static const char *const times[] = { "auto", "always", "never", NULL };
	const struct telling_diff t = {
		.a = &sides[0],
		.b = &sides[1],
		.found = found,
		.all = o->all,
		.paint = paint_for(STDOUT_FILENO,
			o->colour ? (enum colour_when)option_choice(times, o->colour) : COLOUR_AUTO),
		.columns = paint_columns(STDOUT_FILENO),
	};
	struct text to = text_growing(a);

	if (option_is(o->format, "json"))
		to.cut |= tell_json(a, &t, &to) < 0;
	else
		tell_text(&t, &to);
	const int code = to.cut ? trouble("no memory for the output") : put(to.data);
	return code != CTL_GOOD ? code : found->results || found->confinement ? CTL_FOUND : CTL_GOOD;
}

static int compare(const struct asked_for *o, const char *const words[static 2])
{
	struct side sides[2] = { { .word = NULL }, { .word = NULL } };
	struct differences found = { 0 };
	struct arena a;
	int code = CTL_GOOD, r;

	arena_init(&a, DIFF_MEMORY);
	for (size_t i = 0; i < 2; i++)
		if (side_open(&sides[i], words[i]) < 0)
			code = CTL_USAGE;
	if (code == CTL_GOOD) {
		r = sides_compare(&a, &sides[0], &sides[1], &found);
		code = r == -ENODATA ? trouble("nothing is known of both: a %s and a %s", side_kind_name(sides[0].kind),
					       side_kind_name(sides[1].kind))
			: r < 0      ? trouble("they cannot be compared: %s", errno_words(r))
				     : tell(&a, o, sides, &found);
	}
	for (size_t i = 0; i < 2; i++)
		side_close(&sides[i]);
	arena_done(&a);
	return code;
}

static int run(int argc, char **argv)
{
	static const char *const times[] = { "auto", "always", "never", NULL };
	struct asked_for o = { .all = false };
	const struct option options[] = {
		{ .name = "--all", .flag = &o.all },
		{ .name = "--format", .value = &o.format, .choices = option_text_json },
		{ .name = "--color", .value = &o.colour, .choices = times },
		{ 0 },
	};
	const int words = options_read(&verb_diff, options, argc, argv);

	if (words < 0)
		return CTL_USAGE;
	if (words != 2)
		return usage(&verb_diff, "diff takes two things to compare, got %d", words);
	if (strcmp(argv[1], "-") == 0 && strcmp(argv[2], "-") == 0)
		return usage(&verb_diff, "standard input can be one of the two only");
	return compare(&o, (const char *const[]){ argv[1], argv[2] });
}

const struct verb verb_diff = {
	.name = "diff",
	.summary = "say what differs between two containers, and what of it matters",
	.help = "Usage: runvetctl diff A B [--all] [--format text|json] [--color WHEN]\n\n"
		"Compares two containers, or what is kept of them, field by field, and says what\n"
		"of it changes results (and why), what changes confinement, and what is noise:\n"
		"ids, process ids, time stamps, names that the host assigned. A and B are each\n\n"
		"  - a bundle, by its directory or its config.json; \"-\" is standard input\n"
		"  - a lock file, as runvetctl lock writes it\n"
		"  - a record, by its id, or a file with one\n"
		"  - a host, as runvetctl host --format json writes it\n"
		"  - a container of this machine, by its id, the beginning of that, or its name\n\n"
		"What can be two of these is told by container:NAME or record:ID. Of two things\n"
		"of different kinds what both know is compared; the rest is said to be unknown.\n"
		"Of containers and records that is how they were started, too: by which version\n"
		"and binary of the runtime, which runvet, and which policy.\n"
		"Values are shown where their place lets them be: of the environment only of\n"
		"variables that are known to change what programs compute, of arguments and\n"
		"annotations never.\n\n"
		"      --all          noise as well, place by place\n"
		"      --format text  for reading (the default)\n"
		"      --format json  for programs\n"
		"      --color WHEN   auto (the default), always or never\n"
		"  -h, --help         this text\n\n"
		"Examples:\n"
		"  runvetctl diff node3.lock web\n"
		"  runvetctl diff 0199aa7b-3f2c 0199ab02-91d0 --all\n\n"
		"Exit status: 0 nothing differs but noise, 1 something does, 2 trouble.\n",
	.run = run,
};
