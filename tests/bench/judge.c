/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each stage of judging adds. Usage: bench-judge HOW CONFIG DELEGATE CACHE
 *
 * Judges a config.json once and ends, so that a stopwatch around it counts cold code and fresh memory as well, as a
 * create has them. HOW is how far it goes: `spec` parses and holds against the specification, `host` looks at this
 * machine and at what DELEGATE can (kept in CACHE, as the shim keeps it) and holds against both, `policy` is all that
 * a create without a policy file is held against. What one takes longer than the one before is the stage's price.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/delegate.h"
#include "validate/policy/evaluate.h"

struct run {
	struct arena arena;
	struct host host;
	const struct doc *root, *delegate;
	struct bytes text;
	struct report report;
	struct fail why;
};

/* The call, as far as controls ask for it. */
static const struct doc *context_of(struct arena *a)
{
	struct doc *call = make_document(a);

	(void)make_string(a, call, "engine", BYTES("docker"));
	(void)make_string(a, call, "verb", BYTES("create"));
	(void)make_string(a, make_array(a, call, "managed"), NULL, BYTES("/var/lib/docker/containers/**"));
	struct doc *trust = make_object(a, call, "trust");
	(void)make_string(a, trust, "engine", BYTES("place"));
	(void)make_string(a, trust, "verb", BYTES("kernel"));
	(void)make_string(a, trust, "managed", BYTES("place"));
	return call;
}

static int spec(struct run *r)
{
	const struct check_input in = { .file = "bench", .text = r->text, .root = r->root, .below = "" };

	return check(&r->arena, &in, &r->report, &r->why);
}

/* As evaluate() does, where there is no policy. */
static int host(struct run *r)
{
	struct check_input in = { .file = "bench",
		.text = r->text,
		.root = r->root,
		.of = OF_HOST,
		.below = "",
		.delegate = r->delegate };
	struct asking asking = { 0 };
	const struct host_question q = { .config = r->root, .below = "", .asking = &asking };

	int e = spec(r);
	if (e == 0)
		e = check_asks(&r->arena, &in, &asking, &r->why);
	if (e == 0)
		e = host_look(&r->arena, &r->host, &q, &in.host, &r->why);
	in.asked = asking.places;
	return e < 0 ? e : check(&r->arena, &in, &r->report, &r->why);
}

static int policy(struct run *r)
{
	struct policy p;

	policy_default(&p);
	const struct evaluation e = { .file = "bench",
		.text = r->text,
		.root = r->root,
		.below = "",
		.policy = &p,
		.host = &r->host,
		.delegate = r->delegate,
		.context = context_of(&r->arena) };
	return evaluate(&r->arena, &e, &r->report, NULL, &r->why);
}

static const struct {
	const char *name;
	int (*judge)(struct run *r);
	bool around; /* it looks farther than the document */
} stages[] = { { "spec", spec, false }, { "host", host, true }, { "policy", policy, true } };

/* What is there before any rule is asked. */
static int lay(struct run *r, const char *delegate, const char *cache)
{
	static const char *const quirks[] = { NULL };
	struct delegate_want want = { .name = "crun",
		.dialect = "runc",
		.path = delegate,
		.quirks = quirks,
		.cache = cache,
		.ask = true };
	struct stat st;

	if (stat(delegate, &st) < 0)
		return fail(&r->why, -errno, CAUSE_INTERNAL, "", "%s: %s", delegate, errno_words(errno));
	want.identity = identity_of(&st);
	r->host = (struct host){ .root = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0), .live = true, .cache = cache };
	return delegate_look(&r->arena, &want, &r->delegate, NULL, &r->why);
}

int main(int argc, char **argv)
{
	const struct file_want want = { .dir = AT_FDCWD,
		.path = argc == 5 ? argv[2] : "",
		.limit = LIMIT_DOC_BYTES,
		.owner = OWNER_ANY,
		.cause = CAUSE_INTERNAL,
		.rule = "" };
	const struct doc_options options = { .file = "bench", .cause = CAUSE_INTERNAL };
	struct run r = { 0 };
	struct file f = { .fd = -1 };
	size_t stage = 0;

	while (argc == 5 && stage < 3 && strcmp(argv[1], stages[stage].name) != 0)
		stage++;
	if (argc != 5 || stage == 3) {
		fprintf(stderr, "usage: bench-judge spec|host|policy CONFIG DELEGATE CACHE\n");
		return 2;
	}
	arena_init(&r.arena, LIMIT_ARENA);
	int e = file_read(&r.arena, &want, &f, &r.why);
	r.text = f.bytes;
	if (e == 0)
		e = doc_parse(&r.arena, r.text, &options, &r.root, &r.why);
	if (e == 0 && stages[stage].around)
		e = lay(&r, argv[3], argv[4]);
	if (e == 0)
		e = stages[stage].judge(&r);
	if (e < 0)
		fprintf(stderr, "bench-judge: %s\n", r.why.says);
	return e < 0;
}
