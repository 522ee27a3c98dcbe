/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl audit follow: records as they come. What was told of is known by a checkpoint that is never written down,
 * so each look is an export of what is new, whatever was rotated, spilled or merged meanwhile. inotify and journald
 * say when to look; once in a while it is looked in any case.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "ctl/audit/point.h"
#include "ctl/audit/print.h"
#include "validate/base/fd.h"
#include "validate/base/when.h"

#define LOOK_MS 5000 /* at the latest */
#define GATHER_MS 50 /* records that come together are told together */
#define LAST_DEFAULT 10u

static const struct verb follow_verb = { .name = "audit follow" };
static volatile sig_atomic_t ended;

static void on_signal(int number)
{
	ended = number;
}

struct following {
	struct query query;
	struct point point;
	struct printer printer;
	struct sources journal; /* to be waited for, not to be read */
	int notify;
};

/* Ended by INT and TERM while it waits, and by the end of whoever reads. */
static void take_signals(sigset_t *ret_while_waiting)
{
	const struct sigaction end = { .sa_handler = on_signal }, ignore = { .sa_handler = SIG_IGN };
	sigset_t both;

	(void)sigemptyset(&both);
	(void)sigaddset(&both, SIGINT);
	(void)sigaddset(&both, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &both, ret_while_waiting);
	(void)sigdelset(ret_while_waiting, SIGINT);
	(void)sigdelset(ret_while_waiting, SIGTERM);
	(void)sigaction(SIGINT, &end, NULL);
	(void)sigaction(SIGTERM, &end, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

/* Directories that are missing yet are looked for at each look. */
static void watch(struct following *f)
{
	const char *dirs[2];
	struct arena a;

	arena_init(&a, (size_t)1 << 16);
	const size_t n = source_chain_places(&f->query, &a, dirs);
	for (size_t i = 0; i < n && f->notify >= 0; i++)
		(void)inotify_add_watch(f->notify, dirs[i], IN_MODIFY | IN_CREATE | IN_MOVED_TO);
	arena_done(&a);
}

static void drain(int fd)
{
	char buffer[4096];
	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
}

/* Waits for something to look at. false: it is over. */
static bool wait_for_more(struct following *f, const sigset_t *signals)
{
	struct pollfd fds[3] = { { .fd = STDOUT_FILENO }, { .fd = f->notify, .events = POLLIN }, { .fd = -1 } };
	struct timespec limit = { .tv_sec = LOOK_MS / 1000 };
	const struct timespec gather = { .tv_nsec = GATHER_MS * 1000000L };
	int journal_ms = -1;

	if (f->journal.count > 0)
		fds[2].fd = source_journal_poll(f->journal.list[0], &fds[2].events, &journal_ms);
	if (journal_ms >= 0 && journal_ms < LOOK_MS)
		limit = (struct timespec){ journal_ms / 1000, journal_ms % 1000 * 1000000L };
	if (ppoll(fds, 3, &limit, signals) < 0 && errno != EINTR)
		return trouble("waiting for records: %s", errno_words(errno)), false;
	if (ended || (fds[0].revents & (POLLERR | POLLHUP)))
		return false;
	(void)ppoll(NULL, 0, &gather, signals);
	drain(f->notify);
	if (f->journal.count > 0)
		source_journal_woke(f->journal.list[0]);
	watch(f);
	return !ended;
}

static int follow(struct following *f)
{
	const struct timespec now = when_now();
	struct query first = f->query;
	sigset_t signals;
	int r;

	take_signals(&signals);
	f->notify = fd_high(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
	watch(f);
	if ((f->query.in & IN_JOURNAL) && source_journal_open(&f->query, &f->journal) == 0)
		(void)source_journal_seek(f->journal.list[0], NULL);
	print_begin(&f->printer, stdout);
	/* Where nobody says from when on, all that was is passed over but the last few. */
	if (first.since.tv_sec == 0 && first.last == 0)
		first.last = LAST_DEFAULT;
	r = query_each(&first, print_one, &f->printer);
	f->query.last = 0;
	if (f->query.since.tv_sec == 0 && !f->point.cursor && f->point.count == 0)
		f->query.since = now;
	while (r == 0 && fflush(stdout) == 0 && wait_for_more(f, &signals))
		r = query_each(&f->query, print_one, &f->printer);
	sources_done(&f->journal);
	(void)fd_close(f->notify);
	const int code = print_end(&f->printer, r);
	return code == AUDIT_NONE ? AUDIT_FOUND : code;
}

static int run(int argc, char **argv)
{
	struct following *f = calloc(1, sizeof(*f));
	int code = 0;

	if (!f)
		return trouble("no memory");
	query_init(&f->query);
	point_init(&f->point);
	f->query.point = &f->point;
	for (int i = 1; i < argc && code >= 0; i++) {
		code = query_option(&f->query, &follow_verb, argc, argv, &i);
		if (code == 0)
			code = print_option(&f->printer, &follow_verb, argc, argv, &i);
		if (code == 0 && argv[i][0] == '-')
			code = -usage_option(&follow_verb, argv[i], query_options());
		else if (code == 0)
			code = -usage(&follow_verb, "follow takes no word such as %s", argv[i]);
	}
	if (code >= 0)
		code = query_check(&f->query, &follow_verb);
	if (code >= 0 && (f->query.until.tv_sec > 0 || f->query.reverse))
		code = -usage(&follow_verb, "--until and --reverse are not for what is to come");
	if (f->query.in == 0)
		f->query.in = f->query.directory ? IN_CHAIN : f->query.file ? IN_JOURNAL : IN_CHAIN | IN_JOURNAL;
	code = code < 0 ? -code : follow(f);
	point_done(&f->point);
	query_done(&f->query);
	free(f);
	return code;
}

const struct subverb audit_follow = {
	.name = "follow",
	.summary = "print records as they come, of the chain and of the journal",
	.run = run,
	.prints = true,
	.help = "Usage: runvetctl audit follow [OPTION...]\n\n"
		"Prints the last ten records, or those since --since, and then each new one as\n"
		"it comes: from the chain, across rotations, and from the journal what the chain\n"
		"lacks. Ends when it is interrupted, or when nobody reads any more.\n\n",
	.after = "\nExamples:\n"
		 "  runvetctl audit follow --decision deny\n"
		 "  runvetctl audit follow --format ecs --since today | collector\n\n"
		 "Exit status: 0 it was ended, 2 a wrong command line, or a trail that cannot be\n"
		 "read, or holds lines that are no records.\n",
};
