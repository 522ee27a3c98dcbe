/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy changes seldom and is loaded by every call: so the question is one small read, and all else happens once per
 * change. The lock is on the file itself; whoever holds it looks again, because the one before may have told already.
 * The record comes first and the note after it: a call that is killed in between leaves two records rather than none.
 */
#include "audit/policy_seen.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "audit/parts.h"
#include "audit/places.h"
#include "audit/quiet.h"
#include "validate/base/fd.h"
#include "validate/base/text.h"

#define NAME "policy"
#define HEX ((size_t)DIGEST_HEX - 1)

static const char prefix[] = "sha256:";

/* "sha256:…" of a digest, "none" of "". */
static const char *digest_shown(struct arena *a, const char *digest)
{
	return digest[0] ? arena_printf(a, "%s%s", prefix, digest) : "none";
}

/* Whether the file holds such a line, and then what it says. */
static bool read_line(int fd, struct policy_seen *ret)
{
	char text[sizeof(prefix) + HEX + 8];
	const ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text), 0);
	struct bytes b = { text, n > 0 ? (size_t)n : 0 };
	struct policy_seen s = { 0 };
	bool *const switches[] = { &s.chain, &s.journal, &s.lifecycle };

	if (bytes_start(b, prefix) && b.len > sizeof(prefix) - 1 + HEX) {
		memcpy(s.digest, b.data + sizeof(prefix) - 1, HEX);
		b = (struct bytes){ b.data + sizeof(prefix) - 1 + HEX, b.len - (sizeof(prefix) - 1 + HEX) };
	} else if (bytes_start(b, "none")) {
		b = (struct bytes){ b.data + 4, b.len - 4 };
	} else {
		return false;
	}
	if (b.len != 5 || b.data[0] != ' ' || b.data[4] != '\n' || strspn(s.digest, "0123456789abcdef") % HEX != 0)
		return false;
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		if (b.data[1 + i] != '0' && b.data[1 + i] != '1')
			return false;
		*switches[i] = b.data[1 + i] == '1';
	}
	*ret = s;
	return true;
}

static bool read_below(const char *path, struct policy_seen *ret)
{
	const int dir = path ? dir_kept(path, NULL, false) : -1;
	cleanup_close int fd = dir < 0 ? -1 : file_ours(dir, NAME, O_RDONLY, NULL);

	return read_line(fd, ret);
}

bool policy_seen_read(const struct places *p, struct policy_seen *ret)
{
	*ret = (struct policy_seen){ .chain = true, .journal = true, .lifecycle = true };
	return read_below(p->run_dir, ret) || read_below(p->log_dir, ret);
}

static void write_line(int fd, const struct policy_seen *s)
{
	char line[sizeof(prefix) + HEX + 8];
	struct text t = text_over(line, sizeof(line));

	text_printf(&t, "%s%s %d%d%d\n", s->digest[0] ? prefix : "none", s->digest, s->chain, s->journal, s->lifecycle);
	/* What is not a line is as good as none: half of one, or one with something behind it. */
	if (fd < 0 || ftruncate(fd, 0) < 0 || pwrite(fd, t.data, t.len, 0) != (ssize_t)t.len)
		return;
}

static bool same(const struct policy_seen *a, const struct policy_seen *b)
{
	return strcmp(a->digest, b->digest) == 0 && a->chain == b->chain && a->journal == b->journal &&
		a->lifecycle == b->lifecycle;
}

int record_fill_policy(struct record *r, const struct policy_seen *before, const struct policy *now)
{
	const char *old = digest_shown(r->arena, before->digest), *new = digest_shown(r->arena, now->digest);
	const char *message = old && new ? arena_printf(r->arena, "the policy is %s now, and was %s", new, old) : NULL;
	const struct pair pairs[] = {
		{ FIELD_MESSAGE, message },
		{ FIELD_MESSAGE_ID, ID_POLICY },
		{ FIELD_EVENT, "policy.changed" },
		{ FIELD_SEVERITY, "notice" },
		{ FIELD_MODE, mode_name(now->mode) },
		{ FIELD_POLICY_DIGEST, new },
		{ FIELD_POLICY_BEFORE, old },
	};
	int e = message ? record_pairs(r, pairs, sizeof(pairs) / sizeof(pairs[0])) : -ENOMEM;

	e = e < 0 ? e : record_number(r, FIELD_PRIORITY, 5);
	return e < 0 ? e : record_machine(r);
}

static int tell(struct arena *a, const struct policy_seen *before, const struct policy *now,
	const struct sink_want *want)
{
	struct record r;
	struct fail ignored;
	struct sink_want soon = *want;
	enum commit commit;
	int e = record_init(&r, a, &ignored);

	soon.wait = false;
	e = e < 0 ? e : record_fill_policy(&r, before, now);
	return e < 0 ? e : sink_write(&r, &soon, &commit, &ignored);
}

/* With the lock: whether it has been told by now, and if not, tells it. */
static void tell_locked(struct arena *a, int fd, const struct policy *policy, const struct policy_seen *now,
	const struct sink_want *want)
{
	const struct places *p = want->places;
	struct policy_seen before;
	const bool known = read_line(fd, &before) || read_below(p->log_dir, &before);

	if (known && strcmp(before.digest, now->digest) != 0 && tell(a, &before, policy, want) < 0)
		return;
	write_line(fd, now);
	cleanup_close int dir = dir_ours(AT_CWD, p->log_dir, false);
	cleanup_close int copy = dir < 0 ? -1 : file_ours(dir, NAME, O_RDWR | O_CREAT, NULL);
	write_line(copy, now);
}

void policy_seen_tell(struct arena *a, const struct policy *now, const struct sink_want *want)
{
	struct policy_seen before,
		seen = {
			.chain = now->audit_chain,
			.journal = now->audit_journal,
			.lifecycle = now->audit_lifecycle,
		};
	struct quiet quiet;

	memcpy(seen.digest, now->digest, sizeof(seen.digest));
	if (!want->places->run_dir || (read_below(want->places->run_dir, &before) && same(&before, &seen)))
		return;
	const int dir = dir_kept(want->places->run_dir, NULL, true);
	cleanup_close int fd = dir < 0 ? -1 : file_ours(dir, NAME, O_RDWR | O_CREAT, NULL);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return;
	quiet_begin(&quiet);
	tell_locked(a, fd, now, &seen, want);
	quiet_end(&quiet);
}
