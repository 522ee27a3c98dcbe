/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the delegates' parsers read a line, modelled from their sources and from trials, loose ends and all: Go's flag
 * package (runsc), urfave/cli 1 on top of it with its two ways of moving options to the front (runc up to 1.5),
 * urfave/cli 3 (runc's main branch), argp (crun; here it is glibc's own getopt_long, which argp stands on) and clap
 * (youki). They share our tables, so what is compared is the grammar. The property: what argv_read passes, no model
 * runs as a judged verb; what it lets be judged, every model of that dialect reads as the very same request, or
 * refuses.
 */
#pragma once

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "shim/argv.h"
#include "shim/word.h"

#define MODEL_WORDS 200

struct meant {
	bool runs; /* neither an error nor help nor version */
	enum oci_verb verb;
	const char *value[SLOT_MAX];
	char id[2048];
	bool help;
};

enum model { MODEL_GO, MODEL_URFAVE_1_OLD, MODEL_URFAVE_1, MODEL_URFAVE_3, MODEL_ARGP, MODEL_CLAP };

static const struct option_row *model_row(const struct option_row *rows, const char *name, size_t len, bool letters)
{
	for (const struct option_row *o = rows; o && o->name[0]; o++)
		if ((strlen(o->name) == len && memcmp(o->name, name, len) == 0) ||
			(letters && len == 1 && o->letter && o->letter == name[0]))
			return o;
	return NULL;
}

static const struct verb_row *model_verb(const struct dialect *d, const char *name)
{
	for (const struct verb_row *v = d->verbs; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static void model_set(struct meant *m, const struct option_row *o, const char *value)
{
	if (o->slot == SLOT_VERSION)
		m->help = true;
	else if (o->slot != SLOT_NONE && o->slot != SLOT_REFUSED && o->slot != SLOT_PROCESS_FLAG)
		m->value[o->slot] = value;
}

static int model_bool(const char *value, bool *ret)
{
	static const char *const yes[] = { "1", "t", "T", "TRUE", "true", "True" },
				 *const no[] = { "0", "f", "F", "FALSE", "false", "False" };
	for (size_t i = 0; i < 6; i++) {
		if (strcmp(value, yes[i]) == 0)
			return *ret = true, 0;
		if (strcmp(value, no[i]) == 0)
			return *ret = false, 0;
	}
	return -1;
}

/* Go's flag.Parse: the index of the first operand, or -1. `also` are further rows (urfave 3: the parents' options). */
static int model_go(struct meant *m, const struct option_row *rows, int n, char **w)
{
	for (int i = 0; i < n; i++) {
		const char *s = w[i];
		if (s[0] != '-' || s[1] == '\0')
			return i;
		if (strcmp(s, "--") == 0)
			return i + 1;
		const char *name = s + (s[1] == '-' ? 2 : 1), *eq = strchr(name, '=');
		size_t len = eq ? (size_t)(eq - name) : strlen(name);
		if (len == 0 || name[0] == '-')
			return -1;
		bool on = true;
		if ((len == 4 && memcmp(name, "help", 4) == 0) || (len == 1 && name[0] == 'h')) {
			if (eq && model_bool(eq + 1, &on) < 0)
				return -1;
			m->help = on;
			continue;
		}
		const struct option_row *o = model_row(rows, name, len, true);
		if (!o)
			return -1;
		if (o->arity != ARITY_VALUE) {
			if (eq && model_bool(eq + 1, &on) < 0)
				return -1;
			if (o->slot == SLOT_VERSION)
				m->help = on;
			else if (on)
				model_set(m, o, eq ? eq + 1 : "");
			continue;
		}
		if (!eq && i + 1 >= n)
			return -1;
		model_set(m, o, eq ? eq + 1 : w[++i]);
	}
	return n;
}

/* urfave/cli 1 moves what looks like options to the front, each with the word behind it if that could be its value. */
static void model_reorder(const struct option_row *rows, bool old, int n, char **w, char **to)
{
	char *rest[MODEL_WORDS];
	int flags = 0, others = 0;
	bool value = false;
	for (int i = 0; i < n; i++) {
		if (strcmp(w[i], "--") == 0) {
			while (i < n)
				rest[others++] = w[i++];
			break;
		}
		const char *name = w[i] + (w[i][0] == '-') + (w[i][0] == '-' && w[i][1] == '-');
		size_t len = strcspn(name, "=");
		bool option = w[i][0] == '-' && w[i][1] != '\0' &&
			(old || model_row(rows, name, len, true) || (len == 4 && memcmp(name, "help", 4) == 0) ||
				(len == 1 && name[0] == 'h'));
		/* A lone "-" as a value: in order by trial (runc 1.1.5), whatever some release of the library says. */
		if (value && (w[i][0] != '-' || (!old && w[i][1] == '\0'))) {
			to[flags++] = w[i];
			value = false;
			continue;
		}
		if (old || option)
			value = false;
		if (option) {
			to[flags++] = w[i];
			value = !strchr(w[i], '=');
		} else {
			rest[others++] = w[i];
		}
	}
	memcpy(to + flags, rest, (size_t)others * sizeof(rest[0]));
}

static void model_ids(struct meant *m, const struct verb_row *v, int n, char **w, int at)
{
	int ids = n - at;
	m->verb = v->verb;
	m->runs = at >= 0 && !m->help && (v->verb == VERB_EXEC ? ids >= 1 : ids == 1);
	if (m->runs)
		(void)snprintf(m->id, sizeof(m->id), "%s", w[at]);
}

static void model_go_line(struct meant *m, const struct dialect *d, enum model kind, int n, char **w)
{
	char *moved[MODEL_WORDS];
	int at = model_go(m, d->globals, n, w);
	const struct verb_row *v = at >= 0 && at < n && !m->help ? model_verb(d, w[at]) : NULL;
	if (!v)
		return;
	n -= at + 1, w += at + 1;
	if (kind != MODEL_GO && v->verb != VERB_EXEC) {
		model_reorder(v->options, kind == MODEL_URFAVE_1_OLD, n, w, moved);
		w = moved;
	}
	model_ids(m, v, n, w, model_go(m, v->options, n, w));
}

/* One command of urfave/cli 3: fills `left` with the operands; their number, or -1. */
static int model_3(struct meant *m, const struct dialect *d, const struct verb_row *v, int n, char **w, char **left)
{
	const struct option_row *o;
	int found = 0;
	for (int i = 0; i < n; i++) {
		static char trimmed[2][MODEL_WORDS][2048]; /* of the program's words, of the command's */
		struct bytes b = word_stripped(w[i]);
		char *s = trimmed[v ? 1 : 0][i];
		(void)snprintf(s, sizeof(trimmed[0][i]), "%.*s", (int)b.len, b.data);
		if (s[0] == '\0') {
			left[found++] = w[i];
			continue;
		}
		bool stop = strcmp(s, "--") == 0;
		if (stop || (v && v->verb == VERB_EXEC && found == 1) || (s[0] != '-' && !v && model_verb(d, s)) ||
			(s[0] == '-' && s[1] != '-' && s[1] != '\0' &&
				!((s[1] | 0x20) >= 'a' && (s[1] | 0x20) <= 'z'))) {
			for (i += stop; i < n; i++)
				left[found++] = w[i];
			break;
		}
		if (s[0] != '-') {
			left[found++] = s;
			continue;
		}
		if (s[1] == '\0') {
			left[found++] = s;
			break;
		}
		const char *name = s + 1 + (s[1] == '-'), *eq = strchr(name, '='), *value = eq ? eq + 1 : "";
		size_t len = eq ? (size_t)(eq - name) : strlen(name);
		bool on = true;
		if ((len == 4 && memcmp(name, "help", 4) == 0) || (len == 1 && name[0] == 'h')) {
			if (*value && model_bool(value, &on) < 0)
				return -1;
			m->help = on;
			continue;
		}
		o = v ? model_row(v->options, name, len, true) : NULL;
		o = o ? o : model_row(d->globals, name, len, true);
		if (!o || (o->slot == SLOT_VERSION && v))
			return -1;
		if (o->arity != ARITY_VALUE) {
			if (*value && model_bool(value, &on) < 0)
				return -1;
			if (o->slot == SLOT_VERSION)
				m->help = on;
			else if (on)
				model_set(m, o, "");
			continue;
		}
		if (!eq && i + 1 >= n)
			return -1;
		model_set(m, o, eq ? value : w[++i]);
	}
	return found;
}

static void model_3_line(struct meant *m, const struct dialect *d, int n, char **w)
{
	char *left[MODEL_WORDS], *ids[MODEL_WORDS];
	n = model_3(m, d, NULL, n, w, left);
	const struct verb_row *v = n > 0 && !m->help ? model_verb(d, left[0]) : NULL;
	if (!v)
		return;
	int found = model_3(m, d, v, n - 1, left + 1, ids);
	model_ids(m, v, found, ids, found < 0 ? -1 : 0);
}

/* getopt_long over a table; the index of the first operand, or -1. w[0] is a program's name. */
static int model_getopt(struct meant *m, const struct option_row *rows, int n, char **w)
{
	struct option longs[160] = { { 0 } };
	char shorts[400] = "+?V";
	int count = 0;
	for (const struct option_row *o = rows; o && o->name[0]; o++) {
		longs[count] = (struct option){ o->name,
			o->arity == ARITY_VALUE              ? 1
				: o->arity == ARITY_OPTIONAL ? 2
							     : 0,
			NULL, 1000 + count };
		count++;
		size_t at = strlen(shorts);
		if (o->letter)
			(void)snprintf(shorts + at, sizeof(shorts) - at, "%c%s", o->letter,
				o->arity == ARITY_VALUE              ? ":"
					: o->arity == ARITY_OPTIONAL ? "::"
								     : "");
	}
	longs[count++] = (struct option){ "help", 0, NULL, 'V' };
	longs[count++] = (struct option){ "usage", 0, NULL, 'V' };
	optind = 0, opterr = 0;
	for (int c = getopt_long(n, w, shorts, longs, NULL); c != -1; c = getopt_long(n, w, shorts, longs, NULL)) {
		const struct option_row *o = c >= 1000 ? &rows[c - 1000] : NULL;
		for (o = o ? o : rows; o && o->name[0] && c < 1000; o++)
			if (o->letter == c)
				break;
		if (c == 'V') {
			m->help = true; /* prints and leaves on the spot */
			return -1;
		}
		if (c == '?' || !o || !o->name[0])
			return -1;
		model_set(m, o, optarg ? optarg : "");
		if (m->help)
			return -1;
	}
	return optind;
}

static void model_argp_line(struct meant *m, const struct dialect *d, int n, char **w)
{
	static char program[] = "crun";
	char *words[MODEL_WORDS + 1] = { program };
	memcpy(words + 1, w, (size_t)n * sizeof(*w));
	words[++n] = NULL;
	int at = model_getopt(m, d->globals, n, words);
	const struct verb_row *v = at > 0 && at < n ? model_verb(d, words[at]) : NULL;
	if (!v)
		return;
	words[at] = program;
	n -= at;
	int first = model_getopt(m, v->options, n, words + at);
	if (v->verb == VERB_RESTORE && n - first == 2)
		n--;
	model_ids(m, v, n, words + at, first);
}

/* clap: options and operands in any order; exec's operands behind the id stop it. */
static int model_clap(struct meant *m, const struct option_row *rows, const struct verb_row *v, int n, char **w,
	char **left)
{
	bool seen[160] = { false };
	int found = 0;
	for (int i = 0; i < n; i++) {
		char *s = w[i];
		if (strcmp(s, "--") == 0 || (v && v->verb == VERB_EXEC && found == 2)) {
			for (i += s[0] == '-' && found < 2; i < n; i++)
				left[found++] = w[i];
			break;
		}
		if (s[0] != '-' || s[1] == '\0') {
			left[found++] = s;
			if (!v) { /* the verb: the rest is its own */
				for (i++; i < n; i++)
					left[found++] = w[i];
			}
			continue;
		}
		const char *name = s + 2, *eq = strchr(name, '=');
		const struct option_row *o = NULL;
		const char *value = eq ? eq + 1 : NULL;
		if (s[1] == '-') {
			size_t len = eq ? (size_t)(eq - name) : strlen(name);
			if (strcmp(name, "help") == 0)
				return m->help = true, -1;
			o = model_row(rows, name, len, false);
		} else {
			for (const char *c = s + 1; *c; c++) { /* bundled letters */
				if (*c == 'h')
					return m->help = true, -1;
				o = model_row(rows, c, 1, true);
				if (!o || !o->letter || o->letter != *c)
					return -1;
				if (o->arity == ARITY_VALUE) {
					value = c[1] == '=' ? c + 2 : c[1] ? c + 1 : NULL;
					break;
				}
				if (c[1])
					model_set(m, o, "");
			}
		}
		if (!o || (o->arity != ARITY_VALUE && value))
			return -1;
		if (seen[o - rows] && o->repeat != REPEAT_ANY)
			return -1;
		seen[o - rows] = true;
		if (o->arity == ARITY_VALUE && !value) {
			if (i + 1 >= n || (w[i + 1][0] == '-' && w[i + 1][1]))
				return -1;
			value = w[++i];
		}
		if (value && *value == '\0')
			return -1;
		model_set(m, o, value ? value : "");
	}
	return found;
}

static void model_clap_line(struct meant *m, const struct dialect *d, int n, char **w)
{
	char *left[MODEL_WORDS], *ids[MODEL_WORDS];
	n = model_clap(m, d->globals, NULL, n, w, left);
	const struct verb_row *v = n > 0 && !m->help ? model_verb(d, left[0]) : NULL;
	if (!v)
		return;
	int found = model_clap(m, v->options, v, n - 1, left + 1, ids);
	model_ids(m, v, found, ids, found < 0 ? -1 : 0);
}

__attribute__((unused)) static void model_read(enum model kind, const struct dialect *d, int argc, char **argv,
	struct meant *ret)
{
	*ret = (struct meant){ .verb = VERB_NONE };
	if (argc < 2 || argc >= MODEL_WORDS)
		return;
	switch (kind) {
	case MODEL_GO:
	case MODEL_URFAVE_1_OLD:
	case MODEL_URFAVE_1:
		model_go_line(ret, d, kind, argc - 1, argv + 1);
		break;
	case MODEL_URFAVE_3:
		model_3_line(ret, d, argc - 1, argv + 1);
		break;
	case MODEL_ARGP:
		model_argp_line(ret, d, argc - 1, argv + 1);
		break;
	case MODEL_CLAP:
		model_clap_line(ret, d, argc - 1, argv + 1);
		break;
	}
}

static bool model_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* NULL, or what the model of that dialect would do that argv_read did not foresee. */
__attribute__((unused)) static const char *model_disagrees(const struct dialect *d, int e, const struct request *q)
{
	static const struct {
		const char *dialect;
		enum model model;
	} models[] = {
		{ "runc", MODEL_URFAVE_1_OLD },
		{ "runc", MODEL_URFAVE_1 },
		{ "runc", MODEL_URFAVE_3 },
		{ "crun", MODEL_ARGP },
		{ "youki", MODEL_CLAP },
		{ "runsc", MODEL_GO },
	};
	static const enum slot compared[] = { SLOT_ROOT, SLOT_LOG, SLOT_BUNDLE, SLOT_CONFIG, SLOT_PROCESS,
		SLOT_RESOURCES, SLOT_PID_FILE };
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		struct meant m;
		if (e == -EINVAL || strcmp(models[i].dialect, d->name) != 0)
			continue;
		model_read(models[i].model, d, q->argc, q->argv, &m);
		if (!m.runs || !verb_judged(m.verb))
			continue;
		if (e != 0 || !q->judged)
			return "it runs a judged verb";
		if (m.verb != q->verb || strcmp(m.id, q->id) != 0)
			return "it means another verb or id";
		for (size_t k = 0; k < sizeof(compared) / sizeof(compared[0]); k++)
			if (!model_same(m.value[compared[k]], q->value[compared[k]]))
				return "it means another value";
	}
	return NULL;
}
