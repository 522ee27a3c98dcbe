/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl audit export: records for another program, in its format, to a file or to standard output. With a
 * checkpoint each run goes on where the one before stopped: what a timer hands to a collector, each record at least
 * once, and twice only when a run was stopped before it could write the checkpoint.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/audit/point.h"
#include "ctl/audit/print.h"
#include "ctl/audit/replace.h"
#include "validate/base/fd.h"

static const struct verb export_verb = { .name = "audit export" };

struct exporting {
	struct printer printer;
	struct query query;
	struct point point;
	const char *checkpoint, *output;
	char temporary[4096]; /* of the output, when it is replaced */
};

static int options(struct exporting *x, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int r = option_value(&export_verb, argc, argv, &i, "--checkpoint", &x->checkpoint);
		if (r == 0)
			r = option_value(&export_verb, argc, argv, &i, "--output", &x->output);
		if (r == 0)
			r = query_option(&x->query, &export_verb, argc, argv, &i);
		if (r == 0)
			r = print_option(&x->printer, &export_verb, argc, argv, &i);
		if (r < 0)
			return -r;
		if (r == 0 && argv[i][0] == '-')
			return usage_option(&export_verb, argv[i], query_options());
		if (r == 0)
			return usage(&export_verb, "export takes no word such as %s", argv[i]);
	}
	if (query_check(&x->query, &export_verb) < 0)
		return AUDIT_TROUBLE;
	if (x->checkpoint && x->query.last > 0)
		return usage(&export_verb, "--checkpoint and --last do not go together");
	return 0;
}

/* Where it goes: appended to with a checkpoint, else made anew beside the old one. NULL once it has complained. */
static FILE *open_output(struct exporting *x)
{
	const char *path = x->output;
	int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY;
	struct stat st;

	if (!path)
		return stdout;
	/* A device or a pipe is written to, never replaced. */
	const bool file = stat(path, &st) < 0 || S_ISREG(st.st_mode);
	if (!x->checkpoint && file) {
		const int n = snprintf(x->temporary, sizeof(x->temporary), "%s.%d", path, (int)getpid());
		if (n < 0 || (size_t)n >= sizeof(x->temporary))
			return trouble("%s is too long a name", path), NULL;
		(void)unlink(x->temporary);
		path = x->temporary;
		flags |= O_EXCL | O_NOFOLLOW;
	}
	const int fd = fd_open(AT_CWD, path, flags, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "ae");
	if (!f) {
		(void)trouble("%s cannot be written: %s", x->output, errno_words(fd < 0 ? fd : errno));
		(void)fd_close(fd);
		return NULL;
	}
	/* A table's head stands in it once. */
	x->printer.begun = fstat(fd, &st) == 0 && st.st_size > 0;
	return f;
}

/* Puts the output in place, on the disk; only then may the checkpoint say so. */
static int close_output(struct exporting *x, FILE *f, bool good)
{
	if (f == stdout)
		return 0;
	int r = good && ferror(f) ? -EIO : good && fsync(fileno(f)) < 0 && errno != EINVAL ? -errno : 0;
	if (fclose(f) != 0 && r == 0)
		r = -EIO;
	if (r == 0 && good && x->temporary[0] && rename(x->temporary, x->output) < 0)
		r = -errno;
	if (r < 0)
		(void)trouble("%s cannot be written: %s", x->output, errno_words(r));
	if (x->temporary[0] && (r < 0 || !good))
		(void)unlink(x->temporary);
	return r;
}

static int export(struct exporting *x)
{
	if (x->checkpoint && point_read(&x->point, x->checkpoint) < 0)
		return AUDIT_TROUBLE;
	x->query.point = x->checkpoint ? &x->point : NULL;
	x->query.progress = x->output || !isatty(STDOUT_FILENO);
	FILE *f = open_output(x);
	if (!f)
		return AUDIT_TROUBLE;
	print_begin(&x->printer, f);
	const int r = query_each(&x->query, print_one, &x->printer);
	int code = print_end(&x->printer, r);
	/* Whoever reads the output went away: it is not known what he has. */
	if (close_output(x, f, r == 0) < 0 || r < 0)
		return AUDIT_TROUBLE;
	if (!x->checkpoint)
		return code;
	if (point_missing(&x->point))
		code = AUDIT_TROUBLE;
	return point_write(&x->point, x->checkpoint) < 0 ? AUDIT_TROUBLE : code;
}

static int run(int argc, char **argv)
{
	struct exporting *x = calloc(1, sizeof(*x));

	if (!x)
		return trouble("no memory");
	query_init(&x->query);
	point_init(&x->point);
	x->printer.format = &format_json;
	int code = options(x, argc, argv);
	if (code == 0)
		code = export(x);
	point_done(&x->point);
	query_done(&x->query);
	free(x);
	return code;
}

const struct subverb audit_export = {
	.name = "export",
	.summary = "write records for another program, going on where it stopped",
	.run = run,
	.prints = true,
	.help = "Usage: runvetctl audit export [OPTION...]\n\n"
		"Writes records for another program, as JSON unless told otherwise.\n\n"
		"      --output FILE    to that file; standard output, when left out\n"
		"      --checkpoint FILE  goes on behind the last record of the run before, also\n"
		"                       when the chain was rotated meanwhile, and notes how far\n"
		"                       it came; --output is appended to\n",
	.after = "\nExamples:\n"
		 "  runvetctl audit export --since yesterday --format ocsf --output day.jsonl\n"
		 "  runvetctl audit export --since yesterday --format ocsf-compliance\n"
		 "  runvetctl audit export --lifecycle --checkpoint /var/lib/runvet/export.json\n\n"
		 "Exit status: 0 records were written, 1 there was none, 2 a wrong command line,\n"
		 "or a trail that cannot be read, was cut or changed since, or an output that\n"
		 "cannot be written; the checkpoint then stays where it was, unless the output\n"
		 "is whole.\n",
};
