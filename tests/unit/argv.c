/* SPDX-License-Identifier: Apache-2.0 */
/* Lines as engines write them (tests/argv/golden.txt) and as trouble-makers would (shapes.txt), by every dialect. */
#include <errno.h>

#include "shim/argv.h"
#include "shim/dialect.h"
#include "shim/word.h"
#include "tests/argv/corpus.h"
#include "tests/tap.h"

/* A table that is wrong is a hole: the structure of all of them, before any line is read. */
static bool rows_fit(const struct option_row *rows)
{
	size_t n = 0;
	for (const struct option_row *o = rows; rows && o->name[0]; o++, n++) {
		for (const struct option_row *p = o + 1; p->name[0]; p++)
			if (strcmp(o->name, p->name) == 0 || (o->letter && o->letter == p->letter))
				return false;
		if ((o->slot == SLOT_REFUSED) != (o->why != NULL))
			return false;
		if (o->repeat == REPEAT_SAME && o->arity != ARITY_FLAG &&
			(o->slot == SLOT_NONE || o->slot == SLOT_PROCESS_FLAG))
			return false;
	}
	return n <= 128; /* bits in struct reader */
}

static void tables(void)
{
	for (size_t i = 0; dialects[i]; i++) {
		const struct dialect *d = dialects[i];
		ok(dialect_find(d->name) == d, "%s is found by its name", d->name);
		ok(rows_fit(d->globals), "%s: globals are in order", d->name);
		for (const struct verb_row *v = d->verbs; v->name; v++) {
			ok(rows_fit(v->options), "%s %s: options are in order", d->name, v->name);
			ok(v->ids == 1 || !verb_judged(v->verb), "%s %s: takes an id", d->name, v->name);
		}
	}
	ok(!dialect_find("kata") && !dialect_find("") && !dialect_find("containerd-shim"), "no other dialect");
}

static void corpus(const char *path)
{
	FILE *f = fopen(path, "re");
	if (!ok(f != NULL, "%s is there", path))
		exit(1);
	struct corpus_line l;
	size_t lines = 0, failures = 0;
	while (corpus_next(f, &l)) {
		for (size_t i = 0; dialects[i]; i++) {
			if (!corpus_for(&l, dialects[i]->name))
				continue;
			struct request q;
			struct fail why = { 0 };
			struct corpus_words w;
			corpus_words(&l, &w);
			int e = argv_read(dialects[i], NULL, 0, w.argc, w.argv, &q, &why);
			char got[4096];
			corpus_describe(e, &q, &why, got, sizeof(got));
			char want[4096];
			corpus_want(&l, want, sizeof(want));
			lines++;
			if (strcmp(got, want) == 0)
				continue;
			failures++;
			ok(false, "%s:%d by %s", path, l.number, dialects[i]->name);
			printf("# line: %s\n#  got: %s (%s)\n# want: %s\n", l.words, got, why.says, want);
		}
	}
	(void)fclose(f);
	ok(failures == 0 && lines > 150, "%s: %zu readings are as expected", path, lines);
}

/* Words separated by spaces, escaped as in the corpus; what was read points into a buffer that the next call reuses. */
static int read_line(const struct option_added *added, size_t count, const char *line, struct request *q,
	struct fail *why)
{
	static struct corpus_words w;
	char copy[4096];
	(void)snprintf(copy, sizeof(copy), "%s", line);
	const struct corpus_line l = { .words = copy };
	corpus_words(&l, &w);
	*why = (struct fail){ 0 };
	return argv_read(&dialect_runc, added, count, w.argc, w.argv, q, why);
}

static void added(void)
{
	static const struct option_added more[] = {
		{ .verb = "create", .name = "new-thing", .arity = ARITY_VALUE },
		{ .verb = "create", .name = "new-flag", .arity = ARITY_FLAG },
		{ .name = "new-global", .arity = ARITY_VALUE },
	};
	struct request q;
	struct fail why;
	is_int(read_line(more, 3, "--new-global g create --new-thing v --new-flag x", &q, &why), 0,
		"added options are known");
	is_text(q.id, "x", "and their values are not taken for the id");
	is_int(read_line(more, 3, "create --new-global g x", &q, &why), -EINVAL, "a global stays one");
	is_int(read_line(more, 3, "run --new-thing v x", &q, &why), -EINVAL, "an option of create is not one of run");
	is_int(read_line(more, 3, "create --new-flag=1 x", &q, &why), -EINVAL, "an added flag takes no value");
	is_int(read_line(more, 3, "create --new-thin v x", &q, &why), -EINVAL, "an added option is not abbreviated");
	is_int(read_line(more, 3, "--new-global state kill x", &q, &why), 0, "an added global's value is no verb");
	is_int(q.verb, VERB_KILL, "and the verb is found behind it");
}

static void says(void)
{
	struct request q;
	struct fail why;
	(void)read_line(NULL, 0, "create --pidfd /s x", &q, &why);
	is_text(why.says, "word 2 (\"--pidfd\") is abbreviated: write --pidfd-socket",
		"an abbreviation is spelled out");
	(void)read_line(NULL, 0, "create --new-thing /s x", &q, &why);
	is_text(why.says,
		"word 2: unknown option; add {\"name\":\"new-thing\",\"verb\":\"create\",\"value\":true} to "
		"\"options\" of "
		"/etc/runvet/runtimes.d/runc.json",
		"an unknown option comes with the line to add");
	(void)read_line(NULL, 0, "--new-flag --root /r create x", &q, &why);
	is_text(why.says,
		"word 1: unknown option; add {\"name\":\"new-flag\",\"value\":false} to \"options\" of "
		"/etc/runvet/runtimes.d/runc.json",
		"a global flag likewise");
	(void)read_line(NULL, 0, "create --config /s x", &q, &why);
	is_text(why.says, "word 2: runc has no option --config for create",
		"what names a file to be judged is not for runtimes.d to add");
	(void)read_line(NULL, 0, "create a/b", &q, &why);
	is_text(why.says,
		"word 2 (\"a/b\") is no container id: letters, digits and _ + . - only, beginning with none of . -",
		"an id is shown");
	is_int(why.cause, CAUSE_COMMAND_LINE, "the cause is the command line");
	(void)read_line(NULL, 0, "create \033[31m\xe2\x80\xae", &q, &why);
	ok(!strchr(why.says, '\033') && !strstr(why.says, "\xe2\x80\xae"), "what is shown is escaped: %s", why.says);
	static const char *const secret[] = { "exec -eTOKEN=hunter2 x sh", "exec --env=hunter2\\x01 x sh",
		"exec -xhunter2 x sh", "exec --new=hunter2 x sh" };
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		(void)read_line(NULL, 0, secret[i], &q, &why);
		ok(why.says[0] && !strstr(why.says, "hunter2"), "a value is not shown: %s", why.says);
	}
	(void)read_line(NULL, 0, "exec --env A=1 B=hunter2 x sh", &q, &why);
	ok(why.says[0] && !strstr(why.says, "hunter2"), "nor what stands where exec's id is due: %s", why.says);
	(void)read_line(NULL, 0, "exec x --hunter2", &q, &why);
	ok(why.says[0] && !strstr(why.says, "hunter2"), "nor the command: %s", why.says);
}

static void log_is_kept(void)
{
	struct request q;
	struct fail why;
	is_int(read_line(NULL, 0, "--new --log-format=json --log /l create x", &q, &why), -EINVAL,
		"an unknown global is refused");
	is_text(q.value[SLOT_LOG], "/l", "and the log behind it is found");
	is_text(q.value[SLOT_LOG_FORMAT], "json", "and its format");
	(void)read_line(NULL, 0, "--new --log l create x", &q, &why);
	ok(!q.value[SLOT_LOG], "a relative one is not");
	(void)read_line(NULL, 0, "--new create --log /l x", &q, &why);
	ok(!q.value[SLOT_LOG], "one behind the verb is not");
}

static void words(void)
{
	is_int(word_shape("a b"), SHAPE_FINE, "white space within is fine");
	is_int(word_shape("\xe2\x80\x8ax"), SHAPE_EDGE, "U+200A at the start");
	is_int(word_shape("x\xe2\x80\x8b"), SHAPE_FINE, "U+200B is not white space");
	is_int(word_shape("x\xc2\x85"), SHAPE_EDGE, "U+0085 at the end");
	is_int(word_shape("\x85"), SHAPE_FINE, "a stray byte is not");
	struct bytes b = word_stripped("\xe3\x80\x80\t run \xc2\xa0\n");
	ok(bytes_is(b, "run"), "all is stripped");
	is_int(word_stripped(" \t\xe2\x80\xa8").len, 0, "nothing but white space leaves nothing");
	char id[1026];
	memset(id, 'a', sizeof(id));
	id[1024] = '\0';
	ok(word_is_id(id), "1024 bytes are an id");
	id[1024] = 'a', id[1025] = '\0';
	ok(!word_is_id(id), "1025 are not");
	ok(!word_is_id("") && !word_is_id("-x") && !word_is_id(".") && word_is_id("+") && word_is_id("a.-+_9"), "ids");
}

int main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : "tests/argv";
	char path[4096];
	tables();
	words();
	added();
	says();
	log_is_kept();
	(void)snprintf(path, sizeof(path), "%s/golden.txt", dir);
	corpus(path);
	(void)snprintf(path, sizeof(path), "%s/shapes.txt", dir);
	corpus(path);
	return tap_done();
}
