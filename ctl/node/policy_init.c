/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl policy init: a policy to begin with, for what runs here. It audits, so that putting it in place refuses
 * nothing; each container that would be refused is exempt by name for a month, recorded all the same, so that enforcing
 * later stops none of them either; and the way from there is told where it will be read, in the file's own comments.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "ctl/option.h"
#include "ctl/exempt.h"
#include "ctl/node/tried.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"

#define EXEMPT_DAYS 30
#define REASON "proposed by runvetctl policy init: say why, or remove it"

struct init {
	struct arena arena;
	struct tried tried;
	struct doc *list;     /* exemptions */
	size_t skipped;       /* findings that no exemption can be narrow enough for */
	struct text comments; /* who each is for */
	struct timespec now;
};

/* What of one container is proposed. */
static int propose(struct init *x, const struct tried_one *one, size_t number)
{
	const struct passwd *who = getpwuid(getuid());
	const char *why = NULL;
	struct exempting e = {
		.arena = &x->arena,
		.again = &one->again,
		.policy = &x->tried.opened.policy,
		.host = one->host,
		.record = arena_printf(&x->arena, "INIT-%zu", number),
		.owner = who ? arena_copy(&x->arena, bytes_of(who->pw_name)) : "root",
		.reason = REASON,
		.ends = { .tv_sec = x->now.tv_sec + EXEMPT_DAYS * 86400L },
		.list = x->list,
		.room = one->report.count,
	};

	e.all = arena_array(&x->arena, e.room + 1, sizeof(*e.all));
	e.lists = arena_array(&x->arena, e.room + 1, sizeof(struct doc *));
	if (!e.all || !e.lists || !e.record || !e.owner || exempt_match(&e) < 0)
		return trouble("no memory");
	for (size_t i = 0; i < one->report.count; i++) {
		const struct finding *f = &one->report.findings[i];
		const int r = tried_counts(f) ? exempt_finding(&e, f, &why) : 0;
		if (r == -ENOTSUP)
			x->skipped++;
		else if (r < 0)
			return trouble("no memory");
	}
	if (e.count)
		text_printf(&x->comments, "    //   EX-%s…: %s%s%s\n", e.record, one->name, one->image ? ", " : "",
			one->image ? one->image : "");
	return CTL_GOOD;
}

static int propose_all(struct init *x)
{
	struct doc *d = make_document(&x->arena);

	x->list = make_array(&x->arena, d, "exempt");
	x->comments = text_growing(&x->arena);
	for (size_t i = 0, number = 0; i < x->tried.count; i++) {
		const int code = x->tried.of[i].refused ? propose(x, &x->tried.of[i], ++number) : CTL_GOOD;
		if (code)
			return code;
	}
	return make_whole(d) ? CTL_GOOD : trouble("no memory");
}

/* The list, as it stands in the file: what is exempt is recorded all the same. */
static void write_exemptions(struct init *x, struct text *to)
{
	text_add(to, "    \"exempt\": [");
	for (const struct doc *d = x->list->first; d; d = d->next) {
		struct text one = text_growing(&x->arena);
		doc_write(d, true, &one);
		text_add(to, "\n        ");
		for (size_t i = 0; i < one.len; i++) {
			text_char(to, one.data[i]);
			if (one.data[i] == '\n')
				text_add(to, "        ");
		}
		text_add(to, d->next ? "," : "");
	}
	text_add(to, x->list->first ? "\n    ]\n" : "]\n");
}

static void write_text(struct init *x, const char *profile, struct text *to)
{
	const struct tried *t = &x->tried;
	char day[WHEN_SIZE], issued[WHEN_SIZE];

	when_write(x->now, false, issued);
	when_write((struct timespec){ .tv_sec = x->now.tv_sec + EXEMPT_DAYS * 86400L }, false, day);
	day[10] = '\0';
	text_printf(to,
		"// The policy of this node, begun by runvetctl policy init. Comments are allowed here, and only "
		"here.\n"
		"// %zu container%s ran when it was written; %s would have refused %zu of them.\n"
		"//\n"
		"// From here to enforcing:\n"
		"//   1. Nothing is refused yet. What would have been is recorded as would-deny:\n"
		"//        runvetctl audit list --decision would-deny\n"
		"//   2. After a week or so, look at what there is, and at what a stricter profile would say:\n"
		"//        runvetctl try\n"
		"//        runvetctl try --profile restricted@v1.37\n"
		"//   3. Go through \"exempt\" below: give each its reason and owner, or remove it and mend the "
		"container.\n"
		"//      runvetctl explain RULE tells what a rule wants; runvetctl exempt RECORD --for 7d writes more "
		"of them.\n"
		"//   4. Change \"mode\" to \"enforce\", and see that the file is sound:\n"
		"//        runvetctl policy check\n"
		"//   5. runvetctl doctor tells whether the node is covered, and which ways around it remain.\n"
		"// In an emergency, for an hour at most, everything runs and is recorded:\n"
		"//        date -u -d +1hour +%%Y-%%m-%%dT%%H:%%M:%%SZ > /run/runvet/bypass-until\n"
		"{\n"
		"    \"version\": 1,\n"
		"    \"issued\": \"%s\",\n"
		"    // \"audit\" records and refuses nothing, \"enforce\" refuses.\n"
		"    \"mode\": \"audit\",\n"
		"    // runvetctl policy show tells what is in it; others: restricted@v1.37, escape@2026-09, "
		"privileged@1.\n"
		"    \"profile\": ",
		t->judged, t->judged == 1 ? "" : "s", profile, t->refused, issued);
	text_json(to, bytes_of(profile));
	text_add(to, ",\n");
	if (x->list->first) {
		text_printf(to,
			"    // What ran here and would have been refused, by the very values that were found. Each "
			"ends on %s,\n"
			"    // and until then is recorded (\"mode\": \"audit\") and not refused:\n%s",
			day, x->comments.data);
		if (x->skipped)
			text_printf(to,
				"    // %zu more findings have nothing that an exemption could name: runvetctl try "
				"lists them.\n",
				x->skipped);
	} else {
		text_add(to, "    // Nothing that ran here would have been refused.\n");
	}
	write_exemptions(x, to);
	text_add(to, "}\n");
}

/* Each exemption is of mode audit: that is no part of what runvetctl exempt writes. */
static void soften(struct init *x)
{
	for (size_t n = 0; n < x->list->count; n++) {
		const struct doc *d = x->list->first;
		for (size_t i = 0; i < n; i++)
			d = d->next;
		/* Of a tree that was made here. */
		union {
			const struct doc *given;
			struct doc *own;
		} u = { .given = d };
		(void)make_string(&x->arena, u.own, "mode", BYTES("audit"));
	}
}

/* As runvet will read it. */
static int sound(struct init *x, const struct text *text)
{
	const struct file f = { .fd = -1, .path = RUNVET_SITE "/policy.json", .bytes = { text->data, text->len } };
	struct policy p;
	struct fail why = { 0 };

	if (text->cut)
		return trouble("no memory");
	if (policy_parse(&x->arena, &f, &p, &why) < 0)
		return trouble("what would be written is not sound: line %u: %s", why.place.line, why.says);
	return CTL_GOOD;
}

static int write_new(struct init *x, const char *path, const struct text *text)
{
	const char *slash = strrchr(path, '/');
	const char *directory = slash && slash > path
		? arena_copy(&x->arena, (struct bytes){ path, (size_t)(slash - path) })
		: NULL;

	if (directory && mkdir(directory, 0755) < 0 && errno != EEXIST)
		return trouble("%s cannot be made: %s", directory, errno_words(errno));
	cleanup_close int fd = fd_open(AT_CWD, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
	if (fd == -EEXIST) {
		(void)trouble("%s is there already, and is left as it is; --to FILE writes elsewhere, --to - shows it",
			path);
		return CTL_FOUND;
	}
	if (fd < 0)
		return trouble("%s cannot be made: %s", path, errno_words(fd));
	int r = fd_write_all(fd, (struct bytes){ text->data, text->len }, NULL);
	if (r == 0 && (fchmod(fd, 0644) < 0 || fsync(fd) < 0))
		r = -errno;
	if (r < 0) {
		(void)unlink(path);
		return trouble("%s cannot be written: %s", path, errno_words(r));
	}
	return put(arena_printf(&x->arena,
		"%s is there now: it records and refuses nothing. Its comments tell the way to enforcing.\n"
		"%zu container%s would be refused, and %zu exemption%s stand%s in it for %s.\n",
		path, x->tried.refused, x->tried.refused == 1 ? "" : "s", (size_t)x->list->count,
		x->list->count == 1 ? "" : "s", x->list->count == 1 ? "s" : "", x->tried.refused == 1 ? "it" : "them"));
}

static int init(const char *profile, const char *to)
{
	struct init x = { .now = when_now() };
	struct text text;
	struct node n;
	struct stat st;

	if (strcmp(to, "-") != 0 && lstat(to, &st) == 0) {
		(void)trouble("%s is there already, and is left as it is; --to FILE writes elsewhere, --to - shows it",
			to);
		return CTL_FOUND;
	}
	arena_init(&x.arena, LIMIT_ARENA);
	text = text_growing(&x.arena);
	int code = node_open(&x.arena, NULL, &n) < 0 ? trouble("/ cannot be opened")
						     : tried_open(&x.tried, NULL, profile);
	if (code == CTL_GOOD)
		code = tried_run(&x.tried, &n);
	if (code == CTL_GOOD)
		code = propose_all(&x);
	if (code == CTL_GOOD) {
		soften(&x);
		write_text(&x, profile, &text);
		code = sound(&x, &text);
	}
	if (code == CTL_GOOD)
		code = strcmp(to, "-") == 0 ? put(text.data) : write_new(&x, to, &text);
	tried_done(&x.tried);
	node_close(&n);
	arena_done(&x.arena);
	return code;
}

static int run(int argc, char **argv)
{
	const char *profile = builtin_newest(BYTES("baseline")), *to = RUNVET_SITE "/policy.json";
	const struct option options[] = {
		{ .name = "--profile", .value = &profile },
		{ .name = "--to", .value = &to },
		{ 0 },
	};
	const int count = options_read(&verb_policy, options, argc, argv);

	if (count > 0)
		return usage(&verb_policy, "init takes no argument: --to names the file");
	return count < 0 ? CTL_USAGE : init(profile, to);
}

const struct subverb policy_init = { .name = "init", .summary = "write a policy to begin with", .run = run };
