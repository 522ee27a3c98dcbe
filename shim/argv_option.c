/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One option: which row it is, where its value stands, and what to say when it is not in the one shape. A value is
 * never quoted; of an unknown word with one dash only its letter is, because -eSECRET=1 is such a word.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "config.h"
#include "shim/argv_internal.h"
#include "shim/word.h"
#include "validate/base/text.h"

/* An option as spelled: "--name=attached", "-n". */
struct spelled {
	struct bytes name;
	const char *attached; /* NULL without "=" */
	int dashes;
};

struct label label_number(int at)
{
	struct label l;
	struct text t = text_over(l.text, sizeof(l.text));
	text_printf(&t, "word %d", at);
	return l;
}

struct label label_word(int at, struct bytes shown)
{
	struct label l;
	struct text t = text_over(l.text, sizeof(l.text));
	text_printf(&t, "word %d (\"", at);
	text_shown(&t, shown, 64);
	text_add(&t, "\")");
	return l;
}

int reader_refuse(struct reader *r, const char *rule, const char *format, ...)
{
	char says[sizeof(((struct fail *)NULL)->says)];
	va_list ap;
	va_start(ap, format);
	(void)vsnprintf(says, sizeof(says), format, ap);
	va_end(ap);
	return fail(r->err, -EINVAL, CAUSE_COMMAND_LINE, rule, "%s", says);
}

/* Against something that does not hide the verb: refused at once behind the verb, remembered before it. */
static int object(struct reader *r, const char *rule, const char *says)
{
	if (r->verb)
		return reader_refuse(r, rule, "%s", says);
	if (r->objection.code == 0)
		(void)fail(&r->objection, -EINVAL, CAUSE_COMMAND_LINE, rule, "%s", says);
	return 0;
}

static struct spelled spell(const char *word)
{
	int dashes = word[0] == '-' && word[1] == '-' ? 2 : 1;
	const char *name = word + dashes, *eq = strchr(name, '=');
	return (struct spelled){
		.name = eq ? (struct bytes){ name, (size_t)(eq - name) } : bytes_of(name),
		.attached = eq ? eq + 1 : NULL,
		.dashes = dashes,
	};
}

static const struct option_row *table_at(const struct reader *r)
{
	static const struct option_row none[] = { { .name = "" } };
	const struct option_row *rows = r->verb ? r->verb->options : r->d->globals;
	return rows ? rows : none;
}

static const struct option_row *row_named(const struct option_row *rows, struct bytes name)
{
	for (const struct option_row *o = rows; rows && o->name[0]; o++)
		if (bytes_is(name, o->name))
			return o;
	return NULL;
}

static const struct option_row *row_lettered(const struct option_row *rows, char letter)
{
	for (const struct option_row *o = rows; o->name[0]; o++)
		if (o->letter && o->letter == letter)
			return o;
	return NULL;
}

static const struct option_row *row_added(struct reader *r, struct bytes name)
{
	for (size_t i = 0; i < r->added_count; i++) {
		const struct option_added *a = &r->added[i];
		bool here = r->verb ? a->verb && strcmp(a->verb, r->verb->name) == 0 : !a->verb;
		if (!here || !bytes_is(name, a->name))
			continue;
		r->extra = (struct option_row){ .arity = a->arity, .repeat = REPEAT_ANY };
		(void)snprintf(r->extra.name, sizeof(r->extra.name), "%s", a->name); /* cut, it still says which */
		return &r->extra;
	}
	return NULL;
}

static const struct option_row *row_of(struct reader *r, const struct spelled *s)
{
	const struct option_row *rows = table_at(r), *o;
	if (s->dashes == 2) {
		o = row_named(rows, s->name);
		return o ? o : row_added(r, s->name);
	}
	if (s->name.len == 1 && !s->attached)
		return row_lettered(rows, s->name.data[0]);
	o = row_named(rows, s->name);
	return o && o->one_dash && !s->attached ? o : NULL;
}

/* A single dash: what was probably meant. */
static int refuse_dash(struct reader *r, const struct spelled *s)
{
	const struct option_row *o = row_named(table_at(r), s->name);
	if (o)
		return reader_refuse(r, "argv.option-spelling",
			"word %d has one dash where runtimes agree on two: write --%s", r->at, o->name);
	/* The letter, and nothing that is run together with it. */
	bool letter = s->name.len > 0 && s->name.data[0] > ' ' && s->name.data[0] < 0x7f;
	struct label at = letter ? label_word(r->at, (struct bytes){ s->name.data - 1, 2 }) : label_number(r->at);
	o = letter ? row_lettered(table_at(r), s->name.data[0]) : NULL;
	if (o && o->arity == ARITY_VALUE)
		return reader_refuse(r, "argv.option-spelling",
			"%s has more letters behind it: write --%s and its value as two words", at.text, o->name);
	if (o)
		return reader_refuse(r, "argv.option-spelling",
			"%s has more letters behind it: write --%s and each other option by itself", at.text, o->name);
	return reader_refuse(r, "argv.option-known",
		"%s is no short option that runvet knows of %s%s%s: write it by its long name", at.text, r->d->name,
		r->verb ? " " : "", r->verb ? r->verb->name : "");
}

static bool spelled_plainly(struct bytes name)
{
	if (name.len == 0 || name.len > 40)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

bool option_reserved(struct bytes name)
{
	static const char *const names[] = { "bundle", "config", "log", "log-format", "process", "resources", "root" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_is(name, names[i]))
			return true;
	return false;
}

/* An unknown option, with the line that would make it known; whether it takes a value is a guess from the line. */
static int refuse_unknown(struct reader *r, const struct spelled *s)
{
	const struct request *q = r->q;
	struct label at = label_word(r->at, (struct bytes){ q->argv[r->at], s->name.len + 2 });
	if (!spelled_plainly(s->name))
		return reader_refuse(r, "argv.option-known", "%s is no option that runvet knows of %s", at.text,
			r->d->name);
	if (option_reserved(s->name))
		return reader_refuse(r, "argv.option-known", "word %d: %s has no option --%.*s%s%s", r->at, r->d->name,
			(int)s->name.len, s->name.data, r->verb ? " for " : "", r->verb ? r->verb->name : "");
	bool value = s->attached || (r->at + 2 < q->argc && q->argv[r->at + 1][0] != '-');
	char verb[64] = "";
	if (r->verb)
		(void)snprintf(verb, sizeof(verb), "\"verb\":\"%s\",", r->verb->name);
	return reader_refuse(r, "argv.option-known",
		"word %d: unknown option; add {\"name\":\"%.*s\",%s\"value\":%s} to \"options\" of "
		"%s/runtimes.d/%s.json",
		r->at, (int)s->name.len, s->name.data, verb, value ? "true" : "false", RUNVET_SITE, r->d->name);
}

static int refuse_row(struct reader *r, const struct spelled *s)
{
	if (s->dashes == 1)
		return refuse_dash(r, s);
	struct label at = label_word(r->at, (struct bytes){ r->q->argv[r->at], s->name.len + 2 });
	if (r->verb && row_named(r->d->globals, s->name))
		return reader_refuse(r, "argv.option-order", "%s stands after the verb; it goes before %s", at.text,
			r->verb->name);
	for (const struct verb_row *v = r->d->verbs; !r->verb && v->name; v++)
		if (row_named(v->options, s->name))
			return reader_refuse(r, "argv.option-order", "%s stands before the verb; it goes after it",
				at.text);
	for (const struct option_row *o = table_at(r); o->name[0] && s->name.len > 0; o++)
		if (strncmp(o->name, s->name.data, s->name.len) == 0)
			return reader_refuse(r, "argv.option-spelling", "%s is abbreviated: write --%s", at.text,
				o->name);
	return refuse_unknown(r, s);
}

/* Whether the row stood there before; remembers that it does now. Added rows may repeat, so they have no bit. */
static bool seen_before(struct reader *r, const struct option_row *o)
{
	if (o == &r->extra)
		return false;
	size_t bit = (size_t)(o - table_at(r));
	uint64_t mask = UINT64_C(1) << (bit % 64);
	bool before = r->seen[bit / 64 % 2] & mask;
	r->seen[bit / 64 % 2] |= mask;
	return before;
}

/* One word of what the process is, for who judges it. */
static int keep_said(struct reader *r, const struct option_row *o, const char *value)
{
	struct request *q = r->q;
	q->has_process_flags = true;
	if (strcmp(o->name, "env") == 0)
		return 0;
	if (q->said_count == LIMIT_SAID)
		return object(r, "argv.repeat",
			"there are more options than anybody needs to say what a process is: give it in a file, with "
			"--process");
	q->said[q->said_count++] = (struct said){ .option = o->name, .value = value };
	return 0;
}

static int store(struct reader *r, const struct option_row *o, const char *value)
{
	struct request *q = r->q;
	char says[sizeof(((struct fail *)NULL)->says)];
	if (o->slot == SLOT_REFUSED) {
		(void)snprintf(says, sizeof(says), "--%s is read differently by different runtimes: %s", o->name,
			o->why);
		return object(r, "argv.option-refused", says);
	}
	if (o->arity == ARITY_VALUE && o->slot != SLOT_NONE && value[0] == '\0') {
		(void)snprintf(says, sizeof(says), "--%s has an empty value; runtimes disagree on what that means",
			o->name);
		return object(r, "argv.value", says);
	}
	const char *first = o->slot == SLOT_PROCESS_FLAG ? NULL : q->value[o->slot];
	bool same = o->arity == ARITY_FLAG || (first && strcmp(first, value) == 0);
	if (seen_before(r, o) && !(o->repeat == REPEAT_ANY || (o->repeat == REPEAT_SAME && same))) {
		(void)snprintf(says, sizeof(says), "--%s stands there twice%s; give it once", o->name,
			o->repeat == REPEAT_SAME ? " with different values" : "");
		return object(r, "argv.repeat", says);
	}
	if (o->slot == SLOT_PROCESS_FLAG)
		return keep_said(r, o, value);
	if (o->slot != SLOT_NONE)
		q->value[o->slot] = value;
	if (o->slot == SLOT_VERSION)
		q->help = true;
	return 0;
}

/* The value of an option that takes one. *ret is NULL when the line ends before it. */
static int value_of(struct reader *r, const struct option_row *o, const struct spelled *s, const char **ret)
{
	const struct request *q = r->q;
	*ret = s->attached;
	if (!s->attached) {
		r->at++;
		*ret = r->at < q->argc ? q->argv[r->at] : NULL;
	}
	if (!*ret)
		return 0;
	enum shape shape = word_shape(*ret);
	if (shape != SHAPE_FINE && !(s->attached && shape == SHAPE_EMPTY))
		return reader_refuse(r, "argv.shape", "word %d: the value of --%s %s", r->at, o->name,
			shape_words(shape));
	if (s->attached || (*ret)[0] != '-')
		return 0;
	if (o->slot == SLOT_RESOURCES && strcmp(*ret, "-") == 0) {
		r->stdin_word = r->at;
		return 0;
	}
	return reader_refuse(r, "argv.value", "word %d: the value of --%s begins with a dash: write --%s=VALUE", r->at,
		o->name, o->name);
}

int option_read(struct reader *r)
{
	const struct request *q = r->q;
	struct spelled s = spell(q->argv[r->at]);
	const struct option_row *o = row_of(r, &s);
	if (!o)
		return refuse_row(r, &s);
	const char *value = s.attached ? s.attached : "";
	if (o->arity == ARITY_FLAG && s.attached)
		return reader_refuse(r, "argv.value", "word %d: --%s takes no value; leave it out to turn it off",
			r->at, o->name);
	if (o->arity == ARITY_OPTIONAL && s.attached && s.attached[0] == '\0')
		return reader_refuse(r, "argv.value", "word %d: --%s has an empty value", r->at, o->name);
	if (o->arity == ARITY_VALUE) {
		int e = value_of(r, o, &s, &value);
		if (e < 0)
			return e;
		if (!value) {
			r->missing = r->q->help = true;
			return 0;
		}
	}
	r->at++;
	return store(r, o, value);
}

void option_skip(struct reader *r)
{
	struct request *q = r->q;
	struct spelled s = spell(word_stripped(q->argv[r->at]).data);
	const struct option_row *o = row_named(table_at(r), s.name);
	if (!o)
		o = row_added(r, s.name);
	if (!o && s.name.len == 1)
		o = row_lettered(table_at(r), s.name.data[0]);
	r->at++;
	const char *value = s.attached ? s.attached : "", *next = r->at < q->argc ? q->argv[r->at] : NULL;
	bool takes = next && !s.attached &&
		(o ? o->arity == ARITY_VALUE : !r->verb && next[0] != '-' && next[0] != '\0' && !reader_verb(r, next));
	if (takes) {
		value = next;
		r->at++;
	}
	if (o && o->slot != SLOT_NONE && o->slot != SLOT_PROCESS_FLAG && o->slot != SLOT_REFUSED)
		q->value[o->slot] = value;
}
