/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journald through sd_journal_sendv(3), for whoever has to have it so (-Djournal=libsystemd). What that call leaves
 * open is closed around it. It answers 0 when there is no journald at all: so the socket is connected to first, and
 * says what is wrong. It sleeps for ever on a journald that stands still: so a timer sends us a signal when the
 * deadline has passed, and again and again, lest the one that counts comes too early.
 *
 * It knows the default journal's address and no other. A journal namespace is out of its reach: records go to the
 * default journal then, where anybody can flood them.
 */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION /* where in our source it was sent from is nobody's business */
#include <systemd/sd-journal.h>

#include "audit/journal.h"
#include "audit/journal_fields.h"
#include "audit/journal_socket.h"
#include "validate/base/text.h"

#define FIELDS_MOST 1024 /* what journald takes, and IOV_MAX */
#define AGAIN_NS 1000000L

const bool journal_reaches_namespaces = false;

/* The fields on their way. */
struct parcel {
	struct arena *arena;
	struct iovec fields[FIELDS_MOST];
	int count;
	bool full;
};

static void add_field(void *data, const char *name, struct bytes value)
{
	struct parcel *p = data;
	struct text t = text_growing(p->arena);
	text_add(&t, name);
	text_char(&t, '=');
	text_bytes(&t, value);
	if (t.cut || p->count == FIELDS_MOST)
		p->full = true;
	else
		p->fields[p->count++] = (struct iovec){ .iov_base = t.data, .iov_len = t.len };
}

static void interrupt(int number)
{
	(void)number;
}

/* A signal at the deadline, and from then on all the time; everything else about signals stays as it was. */
struct alarm {
	timer_t timer;
	int number;
	struct sigaction action;
	sigset_t mask;
};

static int alarm_begin(struct alarm *a, struct deadline until)
{
	const struct sigaction act = { .sa_handler = interrupt }; /* not SA_RESTART */
	const struct itimerspec when = { .it_value = until.at, .it_interval = { .tv_nsec = AGAIN_NS } };
	sigset_t ours;
	a->number = SIGRTMAX;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = a->number };
	(void)sigemptyset(&ours);
	(void)sigaddset(&ours, a->number);
	if (timer_create(CLOCK_MONOTONIC, &event, &a->timer) < 0)
		return -errno;
	(void)sigaction(a->number, &act, &a->action);
	(void)sigprocmask(SIG_UNBLOCK, &ours, &a->mask);
	if (timer_settime(a->timer, TIMER_ABSTIME, &when, NULL) == 0)
		return 0;
	const int r = -errno;
	(void)timer_delete(a->timer);
	(void)sigprocmask(SIG_SETMASK, &a->mask, NULL);
	(void)sigaction(a->number, &a->action, NULL);
	return r;
}

/* A signal that is still on its way goes with the timer; it must not meet what the delegate makes of that number. */
static void alarm_end(struct alarm *a)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	(void)timer_delete(a->timer);
	(void)sigaction(a->number, &ignore, NULL);
	(void)sigprocmask(SIG_SETMASK, &a->mask, NULL);
	(void)sigaction(a->number, &a->action, NULL);
}

/* Whether somebody listens, which libsystemd does not tell. */
static int probe(const char *path, struct deadline until)
{
	cleanup_close int fd = journal_connect(path, SOCK_DGRAM, until);
	return fd < 0 ? fd : 0;
}

static int send_parcel(const struct parcel *p, struct deadline until)
{
	struct alarm a;
	int r = alarm_begin(&a, until);
	if (r < 0)
		return r;
	r = sd_journal_sendv(p->fields, p->count);
	alarm_end(&a);
	return r == -EINTR || r == -ETIMEDOUT ? -EAGAIN : r;
}

int journal_send(const struct record *r, const struct places *p, struct deadline until, const char **ret_socket,
	struct fail *reterr)
{
	struct parcel *parcel = arena_new(r->arena, struct parcel);
	if (!parcel)
		return fail(reterr, -ENOMEM, CAUSE_AUDIT, "", "memory is used up");
	parcel->arena = r->arena;
	parcel->count = 0;
	parcel->full = false;
	if (journal_fields(r, add_field, parcel) < 0 || parcel->full)
		return fail(reterr, -ENOMEM, CAUSE_AUDIT, "", "memory is used up");
	const char *to = p->journal_default;
	int e = to ? probe(to, until) : -ENOENT;
	if (e == 0)
		e = send_parcel(parcel, until);
	if (e < 0)
		return fail(reterr, e, CAUSE_AUDIT, "", "%s: %s", to ? to : "journald", errno_words(e));
	*ret_socket = to;
	return 0;
}
