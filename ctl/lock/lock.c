/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl lock: writes the lock of a container, or compares one with it. What it makes is what runvet itself makes
 * when the rule det.lock is told to learn.
 */
#include "ctl/option.h"

#include <errno.h>
#include <stdio.h>

#include "config.h"
#include "ctl/audit/replace.h"
#include "ctl/lock/subject.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"

struct locking {
	struct subject_want want;
	const char *output, *check, *fingerprint;
};

static int write_lock(const struct locking *l, struct lock_subject *s)
{
	struct text to = text_growing(&s->again.arena);
	struct fail why = { 0 };
	struct lock lock;

	s->of.made = when_now();
	s->of.by = "runvetctl " RUNVET_VERSION;
	if (lock_make(&s->again.arena, &s->of, &lock, &why) < 0)
		return trouble("%s: %s", s->again.name, why.says);
	lock_write(&lock, &to);
	if (to.cut)
		return trouble("no memory for the output");
	if (!l->output)
		return put(to.data);
	const int r = replace_file(l->output, (struct bytes){ to.data, to.len }, 0644, true);
	return r < 0 ? trouble("%s cannot be written: %s", l->output, errno_words(r)) : CTL_GOOD;
}

static int say_broken(const struct locking *l, const struct fail *why)
{
	if (why->place.line == 0)
		return trouble("%s: %s", l->check, why->says);
	return trouble("%s:%u:%u: %s%s%s%s", l->check, why->place.line, why->place.column, why->says,
		why->rule[0] ? " [" : "", why->rule, why->rule[0] ? "]" : "");
}

static int compare(const struct locking *l, struct lock_subject *s)
{
	struct arena *a = &s->again.arena;
	const bool posture = option_is(l->fingerprint, "posture");
	const unsigned parts = (posture ? LOCK_POSTURE : LOCK_NORMAL) | LOCK_IMAGE | LOCK_DELEGATE | LOCK_HOST;
	const struct lock_difference *d = NULL;
	struct text to = text_growing(a);
	struct lock lock, now;
	struct fail why = { 0 };

	if (lock_read(a, AT_CWD, l->check, true, &lock, &why) < 0)
		return say_broken(l, &why);
	struct lock_of of = s->of;
	of.like = &lock;
	if (lock_make(a, &of, &now, &why) < 0)
		return trouble("%s: %s", s->again.name, why.says);
	if (lock_differs(a, &lock, &now, parts, &d) < 0)
		return trouble("no memory");
	const int code = d ? CTL_FOUND : CTL_GOOD;
	for (; d; d = d->next) {
		text_shown(&to, bytes_of(d->path), LIMIT_POINTER);
		text_char(&to, ' ');
		lock_tell(d, &to);
		text_char(&to, '\n');
	}
	if (to.cut)
		return trouble("no memory for the output");
	return to.len > 0 && put(to.data) != CTL_GOOD ? CTL_USAGE : code;
}

static int run(int argc, char **argv)
{
	static const char *const prints[] = { "normal", "posture", NULL };
	struct locking l = { 0 };
	struct lock_subject s;
	const struct option options[] = {
		{ .name = "--check", .value = &l.check, .needs = "a lock file" },
		{ .name = "--delegate", .value = &l.want.delegate, .needs = "a name of runtimes.d: runc, crun" },
		{ .name = "--fingerprint", .value = &l.fingerprint, .choices = prints },
		{ .name = "--host", .value = &l.want.host, .needs = "live, none or a host document" },
		{ .name = "--output", .value = &l.output, .needs = "a file" },
		{ .name = "-o", .value = &l.output, .needs = "a file" },
		{ 0 },
	};

	const int count = options_read(&verb_lock, options, argc, argv);
	if (count < 0)
		return CTL_USAGE;
	if (count != 1)
		return usage(&verb_lock,
			count == 0 ? "a bundle, a record or a container is missing"
				   : "lock takes one bundle, record or container");
	if (l.check && l.output)
		return usage(&verb_lock, "--check writes nothing, so that it does not go with --output");
	if (l.fingerprint && !l.check)
		return usage(&verb_lock, "--fingerprint says what --check holds to; a lock has both");
	l.want.word = argv[1];
	int code = subject_find(&l.want, &s);
	if (code == CTL_GOOD)
		code = l.check ? compare(&l, &s) : write_lock(&l, &s);
	subject_done(&s);
	return code;
}

const struct verb verb_lock = {
	.name = "lock",
	.summary = "write down what a container is, to hold another to it",
	.help = "Usage: runvetctl lock [-o FILE] [OPTION...] BUNDLE|CONTAINER|RECORD\n"
		"       runvetctl lock --check FILE [OPTION...] BUNDLE|CONTAINER|RECORD\n\n"
		"Makes the lock of a container: its fingerprints, its document field by field,\n"
		"image, delegate, kernel, and what of the host changes results. The rule det.lock\n"
		"holds containers to it. With --check, tells what is not as a lock has it.\n\n"
		"A container is named by its bundle or config.json (\"-\" is standard input), while\n"
		"it is there by its id, the beginning of that, or its name, and by the id of a\n"
		"record as long as its bundle is still what it was.\n\n"
		"      --check FILE        compare with that lock, and write none\n"
		"      --delegate NAME     the delegate that it is run by: runc, crun … Of a\n"
		"                          container or a record it is the one that made it\n"
		"      --fingerprint normal|posture  with --check: all of the document (the\n"
		"                          default), or only what confines it\n"
		"      --host live|none|FILE  this machine (the default), none, or what runvetctl\n"
		"                          host --format json printed on another one\n"
		"  -o, --output FILE       write it there, instead of on standard output\n"
		"  -h, --help              this text\n\n"
		"Examples:\n"
		"  runvetctl lock -o /srv/locks/exp42.lock.json exp42\n"
		"  runvetctl lock --check /srv/locks/exp42.lock.json --delegate runc ./bundle\n\n"
		"Exit status: 0 it is as the lock has it, 1 it is not (or there is no such\n"
		"record), 2 it could not be asked.\n",
	.run = run,
};
