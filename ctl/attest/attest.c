/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl attest: a record as an in-toto Statement, so that tools which know nothing of runvet can be told what was
 * decided of which document and which image. It is made of the record alone, and says where that stands in the trail:
 * what is not signed with it can be checked there. The same record gives the same bytes.
 */
#include <errno.h>
#include <fcntl.h>

#include "audit/caller.h"
#include "ctl/attest/statement.h"
#include "ctl/audit/query.h"
#include "ctl/input.h"
#include "ctl/option.h"
#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/host.h"

struct attesting {
	struct arena arena;
	const char *word, *host, *directory;
	struct seen record;
	struct statement_of of;
};

/* Whether the record is of this boot of this machine: what it has now may not be what it had in another one. */
static bool is_of_this_boot(struct attesting *t)
{
	const struct bytes recorded = doc_string(t->of.record->root, "host.boot_id", (struct bytes){ 0 });
	char now[BOOT_ID];

	return boot_id(now) && bytes_is(recorded, now);
}

static int look_live(struct attesting *t)
{
	struct asking asking = { .all = ASK_LOCKED };
	cleanup_close int top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	const struct host host = { .root = top, .live = true };
	const struct host_question q = { .below = "", .asking = &asking };
	struct fail why = { 0 };

	if (!is_of_this_boot(t))
		return trouble(
			"the record is of another boot or another machine: what this one has says nothing of it");
	t->of.from = "live";
	return top < 0 || host_look(&t->arena, &host, &q, &t->of.host, &why) < 0
		? trouble("what this host has cannot be looked at")
		: CTL_GOOD;
}

static int read_host(struct attesting *t)
{
	const char *file;
	struct bytes text;
	struct fail why = { 0 };

	if (!t->host || option_is(t->host, "none"))
		return CTL_GOOD;
	if (option_is(t->host, "live"))
		return look_live(t);
	if (input_get(&t->arena, t->host, &file, &text) < 0)
		return CTL_USAGE;
	if (host_parse(&t->arena, text, file, &t->of.host, &why) < 0)
		return trouble("%s:%u:%u: %s", file, why.place.line, why.place.column, why.says);
	t->of.from = "given";
	return CTL_GOOD;
}

static int print(struct attesting *t)
{
	const struct doc *d = NULL;
	struct text to = text_growing(&t->arena);
	const char *why = NULL;

	if (!statement_make(&t->arena, &t->of, &d, &why))
		return trouble("record %s: %s", t->word, why);
	doc_write(d, true, &to);
	text_char(&to, '\n');
	return to.cut ? trouble("no memory for the output") : put(to.data);
}

static int attest(struct attesting *t)
{
	struct query q;

	query_init(&q);
	q.directory = t->directory;
	const int r = query_find(&q, &t->arena, t->word, &t->record);
	query_done(&q);
	if (r < 0)
		return r == -ENOENT ? CTL_FOUND : CTL_USAGE;
	t->of.record = &t->record;
	const int code = read_host(t);
	return code == CTL_GOOD ? print(t) : code;
}

static int run(int argc, char **argv)
{
	struct attesting t = { 0 };
	const struct option options[] = {
		{ .name = "--directory", .value = &t.directory, .needs = "a directory that holds a chain" },
		{ .name = "--host", .value = &t.host, .needs = "live, none or a host document" },
		{ 0 },
	};

	const int count = options_read(&verb_attest, options, argc, argv);
	if (count < 0)
		return CTL_USAGE;
	if (count != 1)
		return usage(&verb_attest, count == 0 ? "a record's id is missing" : "attest takes one record");
	t.word = argv[1];
	if (!query_is_id(t.word))
		return usage(&verb_attest, "%s is no record's id: runvetctl audit list shows them", t.word);
	arena_init(&t.arena, LIMIT_ARENA);
	const int code = attest(&t);
	arena_done(&t.arena);
	return code;
}

const struct verb verb_attest = {
	.name = "attest",
	.summary = "print a record as an in-toto Statement",
	.help = "Usage: runvetctl attest [--host live|none|FILE] [--directory DIR] RECORD\n\n"
		"Prints what was decided in one record as an in-toto Statement (v1): about the\n"
		"document and the image, by their digests; which policy said what, the\n"
		"fingerprints, the delegate, the host, and where the record stands in the trail.\n"
		"It is not signed: docs/attest.md shows how to do that.\n\n"
		"      --directory DIR        read the chain there, not this host's\n"
		"      --host live|none|FILE  add what changes results on the host: of this\n"
		"                             machine, if it was not booted since; none (the\n"
		"                             default); or what runvetctl host printed\n"
		"  -h, --help                 this text\n\n"
		"Examples:\n"
		"  runvetctl attest 0199a4c2-5b1e > exp42.intoto.json\n"
		"  runvetctl attest --host live 0199a4c2-5b1e-7c3d-9f10-2b6f0c9d1e7a\n\n"
		"Exit status: 0 it was printed, 1 there is no such record, 2 it could not be.\n",
	.run = run,
};
