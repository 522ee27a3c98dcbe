/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit/print.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "validate/base/near.h"

#define OUTPUT_MEMORY ((size_t)16 << 20)
#define FORMATS_MOST 16u

const char *print_help(void)
{
	static char text[1024];
	int n = 0;

	for (size_t i = 0; audit_formats[i] && n >= 0 && (size_t)n < sizeof(text); i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%-23s%-5s %s\n", i ? "" : "      --format NAME",
			audit_formats[i]->name, audit_formats[i]->summary);
	return text;
}

static int unknown_format(const struct verb *v, const char *name)
{
	const char *names[FORMATS_MOST + 1] = { NULL };
	char list[128] = "";
	struct text to = text_over(list, sizeof(list));

	for (size_t i = 0; audit_formats[i] && i < FORMATS_MOST; i++) {
		names[i] = audit_formats[i]->name;
		text_printf(&to, "%s%s", i ? ", " : "", names[i]);
	}
	const char *near = near_word(bytes_of(name), names);
	if (near)
		(void)usage(v, "there is no format %s; did you mean %s?", name, near);
	else
		(void)usage(v, "there is no format %s: there are %s", name, list);
	return -AUDIT_TROUBLE;
}

int print_option(struct printer *p, const struct verb *v, int argc, char **argv, int *at)
{
	static const char option[] = "--format";
	const char *word = argv[*at], *value = NULL;

	if (strncmp(word, option, sizeof(option) - 1) != 0)
		return 0;
	if (word[sizeof(option) - 1] == '=')
		value = word + sizeof(option);
	else if (word[sizeof(option) - 1] != '\0')
		return 0;
	else if (*at + 1 < argc)
		value = argv[++*at];
	if (!value || !*value)
		return usage(v, "--format needs a value"), -AUDIT_TROUBLE;
	p->format = audit_format_find(value);
	return p->format ? 1 : unknown_format(v, value);
}

void print_begin(struct printer *p, FILE *to)
{
	if (!p->format)
		p->format = &format_text;
	p->to = to;
	arena_init(&p->arena, OUTPUT_MEMORY);
	format_terminal(fileno(to));
}

static int write_out(struct printer *p, const struct text *t)
{
	if (t->cut)
		return trouble("no memory for the output"), -ENOMEM;
	if (fwrite(t->data, 1, t->len, p->to) == t->len)
		return 0;
	return errno == EPIPE ? -EPIPE : (trouble("the output could not be written: %s", errno_words(errno)), -EIO);
}

int print_one(const struct seen *s, void *printer)
{
	struct printer *p = printer;
	struct text to = text_growing(&p->arena);

	if (!s->sound && s->in == IN_JOURNAL && !s->sent) {
		p->foreign++;
		return 0;
	}
	if (!p->begun && p->format->head)
		p->format->head(&to);
	p->begun = true;
	p->changed += !s->sound;
	p->format->one(s, &to);
	p->count += s->sound && to.len > 0;
	const int r = write_out(p, &to);
	seen_recycle(&p->arena);
	return r;
}

int print_end(struct printer *p, int r)
{
	arena_done(&p->arena);
	if (r == 0 && (fflush(p->to) != 0 || ferror(p->to)))
		r = errno == EPIPE ? -EPIPE : (trouble("the output could not be written"), -EIO);
	if (p->foreign > 0)
		(void)trouble("%" PRIu64
			      " entr%s of the journal passed over: somebody else than root sent %s, in runvet's "
			      "name",
			p->foreign, p->foreign == 1 ? "y" : "ies", p->foreign == 1 ? "it" : "them");
	if (p->changed > 0)
		(void)trouble("%" PRIu64 " line%s no record%s, or changed after being written: runvetctl "
			      "audit verify says more",
			p->changed, p->changed == 1 ? " is" : "s are", p->changed == 1 ? "" : "s");
	if (r == -EPIPE)
		r = 0;
	if (r < 0 || p->changed > 0)
		return AUDIT_TROUBLE;
	return p->count > 0 ? AUDIT_FOUND : AUDIT_NONE;
}
