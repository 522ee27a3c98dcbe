/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl audit metrics: counts what is new in the chain and writes all counters for Prometheus. The state is saved
 * before the text is written: a run that dies between the two shows less than there is, never more, and the next one
 * catches up.
 */
#include "ctl/audit/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "audit/sink.h"
#include "ctl/audit/audit.h"
#include "ctl/audit/query.h"
#include "ctl/audit/replace.h"
#include "validate/base/fd.h"

#define OUTPUT_MEMORY ((size_t)8 << 20)
#define WAIT_STATE_MS 10000

static const struct verb metrics_verb = { .name = "audit metrics" };

struct wish {
	const char *textfile, *state, *directory;
	bool verify;
};

static int options(struct wish *w, int argc, char **argv)
{
	static const char *const known[] = { "--textfile", "--state", "--directory", "--verify", "--help", NULL };
	int r = 1;

	for (int i = 1; i < argc && r > 0; i++) {
		r = option_value(&metrics_verb, argc, argv, &i, "--textfile", &w->textfile);
		if (r == 0)
			r = option_value(&metrics_verb, argc, argv, &i, "--state", &w->state);
		if (r == 0)
			r = option_value(&metrics_verb, argc, argv, &i, "--directory", &w->directory);
		if (r == 0 && strcmp(argv[i], "--verify") == 0)
			r = w->verify = true;
		if (r == 0 && argv[i][0] == '-')
			r = -usage_option(&metrics_verb, argv[i], known);
		else if (r == 0)
			r = -usage(&metrics_verb, "metrics takes no word such as %s", argv[i]);
	}
	return r < 0 ? r : 0;
}

/* The state is one run's at a time. A descriptor whose closing ends that, or a negative errno. */
static int lock_state(const char *path)
{
	char name[4096];
	const struct deadline until = deadline_in(WAIT_STATE_MS);

	if (snprintf(name, sizeof(name), "%s.lock", path) >= (int)sizeof(name))
		return -ENAMETOOLONG;
	const int fd = fd_open(AT_CWD, name, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		const struct timespec nap = { .tv_nsec = 20000000 };
		if (errno != EWOULDBLOCK || deadline_left(until) == 0) {
			(void)fd_close(fd);
			return -ETIMEDOUT;
		}
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	}
	return fd;
}

/* All of the chain, from its first line: what cleared or sets `broken`. */
static void verify(struct metrics *m, const char *directory)
{
	uint64_t count = 0;
	struct fail why = { 0 };
	struct arena a;

	arena_init(&a, OUTPUT_MEMORY);
	const int r = chain_verify(&a, directory, &count, &why);
	if (r == 0)
		m->broken = false;
	else if (r == -EBADMSG)
		m->broken = true;
	if (r < 0)
		(void)trouble("%s", why.says);
	arena_done(&a);
}

static int read_all(struct metrics *m, const struct wish *w)
{
	struct places places;
	struct fail why = { 0 };

	if (places_default(&m->arena, NULL, &places) < 0)
		return trouble("no memory"), -ENOMEM;
	const char *log_dir = w->directory ? w->directory : places.log_dir;
	int r = metrics_load(m, w->state, &why);
	if (r == 0)
		r = metrics_read(m, log_dir, &why);
	if (r == 0 && !w->directory && strcmp(places.run_dir, log_dir) != 0)
		r = metrics_read(m, places.run_dir, &why);
	if (r < 0)
		return trouble("%s", why.says), r;
	if (w->verify)
		verify(m, log_dir);
	return 0;
}

static int print(const struct metrics *m, const struct wish *w)
{
	struct arena a;
	int r;

	arena_init(&a, OUTPUT_MEMORY);
	struct text t = text_growing(&a);
	metrics_write(m, &t);
	if (t.cut)
		r = trouble("no memory for the output");
	else if (!w->textfile)
		r = put(t.data);
	else if ((r = replace_file(w->textfile, (struct bytes){ t.data, t.len }, 0644, false)) < 0)
		r = trouble("%s could not be written: %s", w->textfile, errno_words(r));
	arena_done(&a);
	return r == CTL_GOOD ? AUDIT_FOUND : AUDIT_TROUBLE;
}

static int measure(const struct wish *w)
{
	struct metrics m;
	int r = metrics_init(&m);

	if (r == 0)
		r = read_all(&m, w);
	if (r == 0 && (r = metrics_save(&m, w->state)) < 0)
		(void)trouble("%s could not be written: %s", w->state, errno_words(r));
	r = r < 0 ? AUDIT_TROUBLE : print(&m, w);
	metrics_done(&m);
	return r;
}

static int run(int argc, char **argv)
{
	struct wish w = { .state = METRICS_STATE };

	if (options(&w, argc, argv) < 0)
		return AUDIT_TROUBLE;
	metrics_parent(w.state);
	cleanup_close int lock = lock_state(w.state);
	if (lock < 0) {
		(void)trouble("%s.lock could not be taken: %s", w.state, errno_words(lock));
		return AUDIT_TROUBLE;
	}
	return measure(&w);
}

const struct subverb audit_metrics = {
	.name = "metrics",
	.summary = "write counters for Prometheus, as node_exporter takes them",
	.run = run,
	.help = "Usage: runvetctl audit metrics [OPTION...]\n\n"
		"Counts what is new in the chain of this host, and prints all counters in the\n"
		"text format of Prometheus. Counts are kept between runs, and survive rotation.\n\n"
		"      --textfile PATH  write there, as a whole, instead of to standard output\n"
		"      --state PATH     where counts are kept (" METRICS_STATE ")\n"
		"      --directory DIR  a chain elsewhere: a copy of /var/log/runvet\n"
		"      --verify         read the whole chain, and set runvet_chain_ok by that\n"
		"\nExamples:\n"
		"  runvetctl audit metrics\n"
		"  runvetctl audit metrics --textfile \\\n"
		"    /var/lib/prometheus/node-exporter/runvet.prom\n\n"
		"runvet-metrics.timer does the second every minute.\n\n"
		"Exit status: 0, or 2 for a wrong command line or what could not be read or\n"
		"written.\n",
};
