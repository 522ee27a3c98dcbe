/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a verb. Whatever is wrong is said with the option's name and what it may be, and nothing has happened by
 * then.
 */
#include "ctl/option.h"

#include "validate/base/near.h"
#include "validate/base/text.h"

#define OPTIONS_MOST 32u

const char *const option_text_json[] = { "text", "json", NULL };

bool option_is(const char *value, const char *word)
{
	return value && strcmp(value, word) == 0;
}

size_t option_choice(const char *const *choices, const char *word)
{
	size_t i = 0;

	while (choices[i] && strcmp(choices[i], word) != 0)
		i++;
	return i;
}

/* "text, json or markdown". */
static void write_choices(const char *const *choices, struct text *to)
{
	for (size_t i = 0; choices[i]; i++)
		text_printf(to, "%s%s", i == 0 ? "" : choices[i + 1] ? ", " : " or ", choices[i]);
}

static int no_value(const struct verb *v, const struct option *o)
{
	char said[256] = "";
	struct text to = text_over(said, sizeof(said));

	if (o->needs)
		text_add(&to, o->needs);
	else if (o->choices)
		write_choices(o->choices, &to);
	return usage(v, "%s needs a value%s%s", o->name, said[0] ? ": " : "", said);
}

static int no_choice(const struct verb *v, const struct option *o, const char *value)
{
	char said[256] = "";
	struct text to = text_over(said, sizeof(said));
	const char *near = near_word(bytes_of(value), o->choices);

	if (near)
		return usage(v, "%s %s is unknown; did you mean %s?", o->name, value, near);
	write_choices(o->choices, &to);
	return usage(v, "%s is %s, not %s", o->name, said, value);
}

static bool is_choice(const struct option *o, const char *value)
{
	for (size_t i = 0; o->choices[i]; i++)
		if (strcmp(o->choices[i], value) == 0)
			return true;
	return false;
}

static int unknown(const struct verb *v, const struct option *options, const char *word)
{
	const char *known[OPTIONS_MOST + 2] = { NULL };
	size_t count = 0;

	for (; options[count].name && count < OPTIONS_MOST; count++)
		known[count] = options[count].name;
	known[count] = "--help";
	return usage_option(v, word, known);
}

/* The option that begins at argv[*at], which may take its value from the next word. */
static int read_option(const struct verb *v, const struct option *options, char **argv, int *at)
{
	const char *word = argv[*at];
	const size_t len = strcspn(word, "=");
	const struct option *o = options;

	while (o->name && !bytes_is((struct bytes){ word, len }, o->name))
		o++;
	if (!o->name)
		return unknown(v, options, word);
	if (o->flag) {
		*o->flag = true;
		return word[len] ? usage(v, "%s takes no value", o->name) : CTL_GOOD;
	}
	const char *value = word[len] ? word + len + 1 : argv[*at + 1];
	if (!value || !*value)
		return no_value(v, o);
	*at += !word[len];
	if (o->choices && !is_choice(o, value))
		return no_choice(v, o, value);
	if (o->take)
		return o->take(o->to, value);
	*o->value = value;
	return CTL_GOOD;
}

int options_read(const struct verb *v, const struct option *options, int argc, char **argv)
{
	int count = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			while (++i < argc)
				argv[1 + count++] = argv[i];
		} else if (argv[i][0] != '-' || !argv[i][1]) {
			argv[1 + count++] = argv[i];
		} else if (read_option(v, options, argv, &i) != CTL_GOOD) {
			return -1;
		}
	}
	return count;
}

int options_only(const struct verb *v, const struct option *options, int argc, char **argv)
{
	const int count = options_read(v, options, argc, argv);

	if (count > 0)
		return usage(v, "%s takes no argument, got %s", argv[0], argv[1]);
	return count < 0 ? CTL_USAGE : CTL_GOOD;
}
