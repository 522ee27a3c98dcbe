/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has the record now? First the chain, because nobody but us can fill, slow or flood it; where /var/log is full or
 * read-only, the one in memory. journald is told in any case. As long as a chain has the record, journald's health
 * costs a few milliseconds and never a container. Only when no chain took it does its word decide: root asks journald
 * to confirm; a rootless user cannot ask, and having sent is enough.
 */
#include "audit/sink.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "audit/gap.h"
#include "audit/journal.h"
#include "audit/places.h"
#include "audit/quiet.h"
#include "audit/rare.h"
#include "audit/upkeep.h"
#include "validate/base/limits.h"

/* What each sink answered, for the one who is refused. */
struct answers {
	struct fail chain, spill, journal;
};

static int refused(const struct answers *w, int code, struct fail *reterr)
{
	char says[3 * 256 + 8];
	const char *const parts[] = { w->chain.says, w->spill.says, w->journal.says };
	size_t len = 0;
	says[0] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i][0])
			continue;
		/* Each gets its share, so that a long path in one does not hide the others. */
		const int n = snprintf(says + len, sizeof(says) - len, "%s%.70s", len ? "; " : "", parts[i]);
		len += n > 0 ? (size_t)n : 0;
	}
	return fail(reterr, code, CAUSE_AUDIT, "audit.recorded", "no record could be kept: %s", says);
}

/* The chain's own directory may lie below the other one: a user's runtime directory holds both. */
static void make_run_dir(const struct places *p)
{
	const size_t n = strlen(p->run_dir);
	if (strncmp(p->log_dir, p->run_dir, n) == 0 && p->log_dir[n] == '/') {
		const int dir = dir_kept(p->run_dir, NULL, true);
		(void)dir;
	}
}

static int chain_somewhere(struct record *r, const struct sink_want *want, enum commit *ret, struct answers *w)
{
	const struct places *p = want->places;
	const struct chain_bounds bounds = { .rotate = LIMIT_CHAIN_BYTES,
		.keep = LIMIT_CHAIN_KEEP,
		.sync = want->to_disk };
	make_run_dir(p);
	if (chain_append_within(r, p->log_dir, &bounds, deadline_in(WAIT_CHAIN_LOCK_MS), &w->chain) == 0) {
		*ret = COMMIT_CHAINED;
		return 0;
	}
	const size_t count = r->count;
	int e = record_add(r, FIELD_COMMIT, BYTES("spilled"));
	if (e == 0)
		e = chain_append(r, p->run_dir, LIMIT_SPILL_BYTES, deadline_in(WAIT_CHAIN_LOCK_MS), &w->spill);
	if (e == 0)
		*ret = COMMIT_SPILLED;
	else
		r->count = count;
	return e;
}

/* Brings home what was spilled. */
static void come_home(struct arena *a, const struct places *p)
{
	struct merged merged;
	if (chain_merge(a, p->run_dir, p->log_dir, deadline_in(WAIT_MERGE_MS), &merged) > 0)
		merged_tell(a, p, &merged);
}

/* Its socket for that is root's alone. */
static bool may_ask(const struct sink_want *want)
{
	return !want->rootless && geteuid() == 0;
}

#define SENT_TO_DEFAULT 255 /* exit status of the child below; no errno is that large */

/*
 * journal_send by a child that nobody can ask for its command line afterwards. Made without a signal, because SIGCHLD
 * and who waits for it are the delegate's. Nothing the child does can block, so waiting for it needs no bound.
 */
static int send_apart(const struct record *r, const struct places *p, const char **ret_socket, struct fail *reterr)
{
	int status;
	const pid_t child = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		const int e = journal_send(r, p, deadline_in(0), ret_socket, NULL);
		_exit(e < 0 ? -e : *ret_socket == p->journal ? 0 : SENT_TO_DEFAULT);
	}
	if (child < 0)
		return fail(reterr, -errno, CAUSE_AUDIT, "", "journald: %s", errno_words(-errno));
	while (waitpid(child, &status, __WALL) < 0)
		if (errno != EINTR)
			return fail(reterr, -errno, CAUSE_AUDIT, "", "journald: %s", errno_words(-errno));
	const int code = WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
	*ret_socket = code == SENT_TO_DEFAULT ? p->journal_default : p->journal;
	if (code == 0 || code == SENT_TO_DEFAULT)
		return 0;
	return fail(reterr, -code, CAUSE_AUDIT, "", "journald: %s", errno_words(-code));
}

static int send_one(struct record *r, const struct sink_want *want, struct deadline until, const char **ret_socket,
	struct fail *reterr)
{
	return want->hidden ? send_apart(r, want->places, ret_socket, reterr)
			    : journal_send(r, want->places, until, ret_socket, reterr);
}

/* What is known before journald is told. */
struct telling {
	struct rare rare;
	bool resting, sure, wait; /* sure: its answer matters; wait: and there is time for it */
	long ms;
};

static void prepare(const struct sink_want *want, struct telling *t)
{
	*t = (struct telling){ 0 };
	if (!want->chain)
		return;
	rare_look(want->places->run_dir, &t->rare);
	if (!want->journal)
		return;
	t->resting = t->rare.slow && journal_resting(want->places->run_dir);
	t->sure = want->wait && want->synced && may_ask(want);
	t->ms = want->wait && want->synced && !t->resting ? want->ack_ms : 0;
	if (t->ms > WAIT_JOURNAL_ACK_MOST_MS)
		t->ms = WAIT_JOURNAL_ACK_MOST_MS;
	t->wait = t->ms > 0;
}

/* What an answer means. 0 also when journald cannot be asked: it took the record, and that is that. */
static int confirmed(int answer, const char *socket, const struct places *p, const struct rare *rare)
{
	if (answer == 0 && rare->unconfirmed)
		unconfirmed_settle(p->run_dir, socket);
	return answer == -ENOENT || answer == -EACCES ? 0 : answer;
}

/* What follows from all that journald said. */
static void conclude(const struct sink_later *l, int answer, bool waited, bool may_tell)
{
	const struct places *p = l->places;
	if (waited && (answer == -ETIMEDOUT || answer == -EAGAIN))
		journal_rest(p->run_dir);
	if (answer < 0) {
		const struct entry *when = record_find(&l->record, FIELD_TIME);
		gap_note(p->run_dir, when ? when->value : (struct bytes){ 0 });
	} else if (may_tell) {
		if (l->rare.gap)
			gap_tell(l->record.arena, p);
		if (l->checkpoint)
			checkpoint_tell(&l->record, p);
	}
}

/*
 * journald beside a chain: never worth more than a moment. Whether it took the record and, if asked, confirmed it. The
 * question follows the record at once: where journald is waked up on another processor, both are there by the time
 * that it looks.
 */
static void tell_journal(struct record *r, const struct sink_want *want, const struct telling *t, enum commit commit,
	struct fail *reterr)
{
	const struct places *p = want->places;
	const struct entry *when = record_find(r, FIELD_TIME);
	const struct deadline until = deadline_in(t->ms);
	const char *socket = NULL;
	const bool may_tell = commit == COMMIT_CHAINED && !t->resting && !want->hidden; /* these go from here */
	int e = send_one(r, want, until, &socket, reterr);
	const bool asks = e == 0 && t->wait && t->sure;
	if (asks)
		e = journal_ask(socket, until);
	const struct sink_later now = {
		.waits = true,
		.fd = e,
		.until = until,
		.record = *r,
		.places = p,
		.socket = socket,
		.rare = t->rare,
		.checkpoint = may_tell && e >= 0 && checkpoint_due(r, p),
	};
	if (asks && e >= 0 && want->later && may_tell) {
		*want->later = now;
		return;
	}
	if (asks)
		e = confirmed(e < 0 ? e : journal_answer(e, until), socket, p, &t->rare);
	else if (e == 0 && t->sure && t->resting && when)
		unconfirmed_note(p->run_dir, socket, when->value);
	conclude(&now, e, t->wait, may_tell);
}

/* journald alone: its confirmation is the record's only proof. */
static int journal_alone(struct record *r, const struct sink_want *want, struct fail *reterr)
{
	const struct deadline until = deadline_in(WAIT_JOURNAL_ALONE_MS);
	const size_t count = r->count;
	const char *socket = NULL;
	int e = record_add(r, FIELD_COMMIT, BYTES("unproved"));
	e = e < 0 ? e : send_one(r, want, until, &socket, reterr);
	if (e == 0 && may_ask(want)) {
		e = journal_ack(socket, until);
		if (e < 0)
			(void)fail(reterr, e, CAUSE_AUDIT, "", "%s: not confirmed: %s", socket, errno_words(e));
	}
	if (e < 0)
		r->count = count;
	return e;
}

static int write_all(struct record *r, const struct sink_want *want, enum commit *ret, struct fail *reterr)
{
	struct answers w = { 0 };
	struct telling t;
	int e = -ENOTSUP;
	prepare(want, &t);
	if (want->chain)
		e = chain_somewhere(r, want, ret, &w);
	if (e == 0) {
		if (*ret == COMMIT_CHAINED && want->wait && t.rare.spill)
			come_home(r->arena, want->places);
		if (want->journal)
			tell_journal(r, want, &t, *ret, &w.journal);
		return 0;
	}
	if (want->journal) {
		e = journal_alone(r, want, &w.journal);
		if (e == 0) {
			*ret = COMMIT_UNPROVED;
			return 0;
		}
	}
	if (!want->chain && !want->journal)
		(void)fail(&w.chain, e, CAUSE_AUDIT, "", "the policy switches both sinks off");
	return refused(&w, e, reterr);
}

int sink_write(struct record *r, const struct sink_want *want, enum commit *ret, struct fail *reterr)
{
	struct quiet quiet;
	*ret = COMMIT_NONE;
	quiet_begin(&quiet);
	const int e = write_all(r, want, ret, reterr);
	quiet_end(&quiet);
	return e;
}

void sink_settle(struct sink_later *later)
{
	struct quiet quiet;
	if (!later->waits)
		return;
	later->waits = false;
	quiet_begin(&quiet);
	const int answer = journal_answer(later->fd, later->until);
	conclude(later, confirmed(answer, later->socket, later->places, &later->rare), true, true);
	quiet_end(&quiet);
}
