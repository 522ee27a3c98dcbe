/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one shape: globals, the verb, its options, at most one "--", the id; for exec the command behind it. Not an
 * emulation of anybody's parser: what two of them could read differently is refused, with the word and what would be
 * right.
 *
 * Two things that look harmless and are not. Go's flag packages let a later --help=false undo an earlier --help, so a
 * help word excuses nothing that follows it. And urfave/cli 3, told to stop at exec's first operand, overlooks an empty
 * one and goes on reading options behind it, so that exec's command has to begin with a real word.
 */
#include "shim/argv.h"

#include <errno.h>
#include <stdint.h>

#include "shim/argv_internal.h"
#include "shim/word.h"

static const struct verb_row *verb_find(const struct dialect *d, struct bytes name)
{
	for (const struct verb_row *v = d->verbs; v->name; v++)
		if (bytes_is(name, v->name))
			return v;
	return NULL;
}

const struct verb_row *reader_verb(const struct reader *r, const char *word)
{
	return verb_find(r->d, word_stripped(word));
}

/* No delegate runs a judged verb unless its name is a word of the line, whatever else the line looks like. */
static bool judged_word(struct bytes b)
{
	static const char *const judged[] = { "create", "run", "restore", "exec", "update" };
	for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++)
		if (bytes_is(b, judged[i]))
			return true;
	return false;
}

static int first_judged_word(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (judged_word(word_stripped(argv[i])))
			return i;
	return argc;
}

static bool help_word(const struct dialect *d, const char *word)
{
	for (size_t i = 0; d->help[i]; i++)
		if (strcmp(d->help[i], word) == 0)
			return true;
	return false;
}

/* Reads options, of the program or of the verb, up to the first word that is none. */
static int read_options(struct reader *r)
{
	const struct request *q = r->q;
	while (r->at < q->argc) {
		const char *word = q->argv[r->at];
		enum shape shape = word_shape(word);
		if (shape != SHAPE_FINE)
			return reader_refuse(r, "argv.shape", "word %d %s; runtimes disagree on what that means", r->at,
				shape_words(shape));
		if (strcmp(word, "--") == 0) {
			r->at++;
			return 0;
		}
		if (word[0] != '-' || word[1] == '\0')
			return 0;
		/* runc up to 1.1 moves a lone "-" behind the options that follow it; then even -h is a value. */
		if (r->stdin_word)
			return reader_refuse(r, "argv.option-order",
				"word %d stands after --resources -: write --resources=-", r->at);
		if (help_word(r->d, word)) {
			r->q->help = true;
			r->at++;
			continue;
		}
		int e = option_read(r);
		if (e < 0)
			return e;
	}
	return 0;
}

/* The id, which is the word at hand. */
static int read_id(struct reader *r)
{
	struct request *q = r->q;
	if (r->at >= q->argc)
		return reader_refuse(r, "argv.id", "%s needs a container id", q->verb_word);
	const char *word = q->argv[r->at];
	enum shape shape = word_shape(word);
	if (shape != SHAPE_FINE)
		return reader_refuse(r, "argv.shape", "word %d, where the container id is due, %s", r->at,
			shape_words(shape));
	if (!word_is_id(word)) {
		/* On an exec line a misplaced word may well be a value of --env: name its place only. */
		struct label at = q->verb == VERB_EXEC ? label_number(r->at) : label_word(r->at, bytes_of(word));
		return reader_refuse(r, "argv.id",
			"%s is no container id: letters, digits and _ + . - only, beginning with none of . -", at.text);
	}
	q->id = word;
	r->at++;
	return 0;
}

static int read_command(struct reader *r)
{
	struct request *q = r->q;
	q->rest = q->argv + r->at;
	if (r->at >= q->argc)
		return 0;
	if (q->value[SLOT_PROCESS])
		return reader_refuse(r, "argv.positional",
			"word %d stands after the container id, and with --process nothing may", r->at);
	const char *word = q->argv[r->at];
	enum shape shape = word_shape(word);
	if (shape == SHAPE_EMPTY || shape == SHAPE_EDGE)
		return reader_refuse(r, "argv.positional", "word %d, the first of the command, %s", r->at,
			shape_words(shape));
	if (word[0] == '-')
		return reader_refuse(r, "argv.positional",
			"word %d, the first of the command, begins with a dash: some runtimes take it for an option; "
			"options go before the container id",
			r->at);
	return 0;
}

static int read_end(struct reader *r)
{
	const struct request *q = r->q;
	if (r->at >= q->argc)
		return 0;
	if (q->argv[r->at][0] == '-')
		return reader_refuse(r, "argv.option-order",
			"word %d stands after the container id; options go before it", r->at);
	return reader_refuse(r, "argv.positional",
		"word %d is one too many: %s takes one container id and nothing after it", r->at, q->verb_word);
}

static int read_judged(struct reader *r)
{
	struct request *q = r->q;
	int e = read_options(r);
	if (e < 0)
		return e;
	if (r->missing)
		return 0;
	if (q->help && r->at >= q->argc)
		return 0;
	e = read_id(r);
	if (e < 0)
		return e;
	return q->verb == VERB_EXEC ? read_command(r) : read_end(r);
}

/* Best effort: the first word behind a passed verb's options. No id is better than a wrong one. */
static void read_passed(struct reader *r)
{
	struct request *q = r->q;
	if (r->verb->ids == 0)
		return;
	while (r->at < q->argc) {
		const char *word = q->argv[r->at];
		if (strcmp(word, "--") == 0) {
			r->at++;
			break;
		}
		if (word[0] != '-' || word[1] == '\0')
			break;
		option_skip(r);
	}
	if (r->at >= q->argc || !word_is_id(q->argv[r->at]))
		return;
	q->id = q->argv[r->at++];
	q->rest = q->argv + r->at;
}

static int unknown_verb(struct reader *r)
{
	struct label at = label_word(r->at, bytes_of(r->q->argv[r->at]));
	r->q->verb = VERB_UNKNOWN;
	return fail(r->err, -ENOSYS, CAUSE_COMMAND_LINE, "argv.verb-known",
		"%s is no verb that runvet knows of %s; \"unknownVerb\": \"pass\" in the policy lets it through",
		at.text, r->d->name);
}

/*
 * A line without a judged word whose globals are not in shape: finds the verb as well as can be. An unknown option's
 * arity is told from what follows: a verb means that it was a flag.
 */
static int read_loose(struct reader *r)
{
	struct request *q = r->q;
	for (r->at = 1; r->at < q->argc;) {
		struct bytes word = word_stripped(q->argv[r->at]);
		if (word.len == 0 || help_word(r->d, q->argv[r->at]) || bytes_is(word, "--"))
			r->at++;
		else if (word.data[0] == '-')
			option_skip(r);
		else
			break;
	}
	q->verb = VERB_NONE;
	if (r->at >= q->argc)
		return 0;
	r->verb = reader_verb(r, q->argv[r->at]);
	if (!r->verb)
		return unknown_verb(r);
	q->verb = r->verb->verb;
	q->verb_word = r->verb->name;
	r->at++;
	read_passed(r);
	return 0;
}

/*
 * A refusal should reach the log the engine reads, also when --log stands behind the word that broke the reading: taken
 * from words before any judged one, and only as an absolute path, so that no other word is mistaken for a file to write
 * to.
 */
static void salvage_log(struct reader *r, int end)
{
	struct request *q = r->q;
	for (int i = r->at; i < end; i++) {
		const char *word = q->argv[i], *next = i + 1 < end ? q->argv[i + 1] : "";
		if (!q->value[SLOT_LOG] && strncmp(word, "--log=/", 7) == 0)
			q->value[SLOT_LOG] = word + 6;
		else if (!q->value[SLOT_LOG] && strcmp(word, "--log") == 0 && next[0] == '/')
			q->value[SLOT_LOG] = next;
		else if (!q->value[SLOT_LOG_FORMAT] && strncmp(word, "--log-format=", 13) == 0)
			q->value[SLOT_LOG_FORMAT] = word + 13;
		else if (!q->value[SLOT_LOG_FORMAT] && strcmp(word, "--log-format") == 0 && next[0] != '\0')
			q->value[SLOT_LOG_FORMAT] = next;
	}
}

static int read_verb(struct reader *r)
{
	struct request *q = r->q;
	const char *word = q->argv[r->at];
	enum shape shape = word_shape(word);
	if (shape != SHAPE_FINE)
		return reader_refuse(r, "argv.shape", "word %d, where the verb is due, %s", r->at, shape_words(shape));
	r->verb = verb_find(r->d, bytes_of(word));
	if (!r->verb)
		return unknown_verb(r);
	q->verb = r->verb->verb;
	q->verb_word = word;
	r->at++;
	if (!verb_judged(q->verb)) {
		read_passed(r);
		return 0;
	}
	if (r->objection.code < 0) {
		if (r->err)
			*r->err = r->objection;
		return r->objection.code;
	}
	memset(r->seen, 0, sizeof(r->seen));
	int e = read_judged(r);
	q->judged = e == 0 && !q->help;
	return e;
}

int argv_read(const struct dialect *d, const struct option_added *added, size_t added_count, int argc, char **argv,
	struct request *ret, struct fail *reterr)
{
	*ret = (struct request){ .argv = argv,
		.argc = argc,
		.verb = VERB_UNKNOWN,
		.verb_word = "",
		.rest = argv + argc };
	struct reader r = { .d = d, .added = added, .added_count = added_count, .q = ret, .at = 1, .err = reterr };
	int judged = first_judged_word(argc, argv);
	int e = read_options(&r);
	if (e < 0 && judged >= argc)
		return read_loose(&r);
	if (e < 0) {
		salvage_log(&r, judged);
		return e;
	}
	if (r.at >= argc) {
		ret->verb = VERB_NONE;
		ret->help = true;
		return 0;
	}
	e = read_verb(&r);
	if (e == -EINVAL && judged >= argc)
		return read_loose(&r);
	return e;
}
