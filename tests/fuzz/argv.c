/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any command line, to every dialect: words separated by NUL. What is judged has the one shape; what passes, no
 * delegate's parser (tests/argv/models.h) takes for a judged verb; a refusal names a rule and is fit for a terminal.
 */
#include <errno.h>

#include "shim/dialect.h"
#include "shim/word.h"
#include "tests/argv/models.h"
#include "tests/fuzz/fuzz.h"

static bool within(const struct request *q, const char *value)
{
	for (int i = 1; i < q->argc; i++)
		if (value >= q->argv[i] && value <= q->argv[i] + strlen(q->argv[i]))
			return true;
	return *value == '\0';
}

static bool judged_word(const struct request *q)
{
	static const char *const judged[] = { "create", "run", "restore", "exec", "update" };
	for (int i = 1; i < q->argc; i++)
		for (size_t k = 0; k < sizeof(judged) / sizeof(judged[0]); k++)
			if (bytes_is(word_stripped(q->argv[i]), judged[k]))
				return true;
	return false;
}

/* One shape: every word up to the id is a word, the verb is one of them, the id the only operand. */
static void check_judged(const struct request *q)
{
	int verb = 0, id = 0;
	must(verb_judged(q->verb) && q->id && word_is_id(q->id) && !q->help);
	for (int i = 1; i < q->argc; i++) {
		verb = q->argv[i] == q->verb_word ? i : verb;
		id = q->argv[i] == q->id ? i : id;
	}
	must(verb > 0 && id > verb);
	for (int i = 1; i <= id; i++)
		must(word_shape(q->argv[i]) == SHAPE_FINE);
	must(q->rest == q->argv + id + 1);
	must(q->verb == VERB_EXEC || id == q->argc - 1);
	must(!q->value[SLOT_PROCESS] || id == q->argc - 1);
	must(id == q->argc - 1 || (q->rest[0][0] != '-' && q->rest[0][0] != '\0'));
}

static void check_refused(int e, const struct fail *why)
{
	must((e == -EINVAL || e == -ENOSYS) && why->code == e && why->cause == CAUSE_COMMAND_LINE);
	must(strncmp(why->rule, "argv.", 5) == 0 && why->says[0]);
	for (const char *c = why->says; *c; c++)
		must((unsigned char)*c >= 0x20 && *c != 0x7f);
}

static void check(const struct dialect *d, int argc, char **argv)
{
	static const struct option_added added[] = { { .verb = "create", .name = "more", .arity = ARITY_VALUE },
		{ .name = "less" } };
	for (size_t count = 0; count <= 2; count += 2) {
		struct request q;
		struct fail why = { 0 };
		int e = argv_read(d, added, count, argc, argv, &q, &why);
		for (size_t i = 0; i < SLOT_MAX; i++)
			must(!q.value[i] || within(&q, q.value[i]));
		if (e < 0)
			check_refused(e, &why);
		else if (q.judged)
			check_judged(&q);
		must(e != -EINVAL || judged_word(&q));
		must(!q.judged || judged_word(&q));
		must(q.rest[0] == NULL || q.rest > q.argv);
		const char *other = count == 0 ? model_disagrees(d, e, &q) : NULL;
		if (other)
			(void)fprintf(stderr, "%s: argv_read says %d, but %s\n", d->name, e, other);
		must(!other);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char program[] = "runtime";
	char *argv[MODEL_WORDS + 1] = { program };
	int argc = 1;
	if (size > 2000)
		return 0;
	char *copy = malloc(size + 1);
	must(copy);
	memcpy(copy, data, size);
	copy[size] = '\0';
	for (size_t at = 0; at < size && argc < MODEL_WORDS - 1; at += strlen(copy + at) + 1)
		argv[argc++] = copy + at;
	argv[argc] = NULL;
	for (size_t i = 0; dialects[i]; i++)
		check(dialects[i], argc, argv);
	free(copy);
	return 0;
}
