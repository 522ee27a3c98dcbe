/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads golden.txt and shapes.txt, and puts what argv_read made of a line into the words of their second column, so
 * that the two can be compared as text: outcome, rule, verb, then every slot that is set.
 */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/argv.h"

#define CORPUS_WORDS 256

struct corpus_line {
	char buffer[8192];
	char *dialects, *expect, *words;
	int number;
};

struct corpus_words {
	char buffer[8192];
	char *argv[CORPUS_WORDS];
	int argc;
};

/* The next line that is no comment; false at the end. A line without its three columns ends the program. */
__attribute__((unused)) static bool corpus_next(FILE *f, struct corpus_line *l)
{
	static int number;
	if (ftell(f) == 0)
		number = 0;
	while (fgets(l->buffer, sizeof(l->buffer), f)) {
		l->number = ++number;
		l->buffer[strcspn(l->buffer, "\n")] = '\0';
		if (l->buffer[0] == '\0' || l->buffer[0] == '#')
			continue;
		char *tab = strchr(l->buffer, '\t'), *second = tab ? strchr(tab + 1, '\t') : NULL;
		if (!second) {
			fprintf(stderr, "line %d has not three columns\n", number);
			exit(2);
		}
		*tab = *second = '\0';
		l->dialects = l->buffer;
		l->expect = tab + 1;
		l->words = second + 1;
		return true;
	}
	return false;
}

__attribute__((unused)) static bool corpus_for(const struct corpus_line *l, const char *dialect)
{
	size_t n = strlen(dialect);
	if (strcmp(l->dialects, "all") == 0)
		return true;
	for (const char *at = strstr(l->dialects, dialect); at; at = strstr(at + 1, dialect))
		if ((at == l->dialects || at[-1] == ',') && (at[n] == '\0' || at[n] == ','))
			return true;
	return false;
}

/* Undoes \xNN and \0, in place of `to`; returns one past the terminating NUL. */
static char *corpus_unescape(const char *from, size_t len, char *to)
{
	for (size_t i = 0; i < len; i++) {
		if (from[i] == '\\' && i + 3 < len && from[i + 1] == 'x') {
			char hex[3] = { from[i + 2], from[i + 3], '\0' };
			*to++ = (char)strtoul(hex, NULL, 16);
			i += 3;
		} else if (from[i] == '\\' && from[i + 1] == '0') {
			i++;
		} else {
			*to++ = from[i];
		}
	}
	*to++ = '\0';
	return to;
}

__attribute__((unused)) static void corpus_words(const struct corpus_line *l, struct corpus_words *ret)
{
	static char name[] = "runtime";
	char *to = ret->buffer;
	ret->argc = 0;
	ret->argv[ret->argc++] = name;
	for (const char *at = l->words; *at && ret->argc < CORPUS_WORDS - 1;) {
		size_t n = strcspn(at, " ");
		ret->argv[ret->argc++] = to;
		to = corpus_unescape(at, n, to);
		at += n;
		at += *at == ' ';
	}
	ret->argv[ret->argc] = NULL;
}

static int corpus_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The expectation, its keys sorted, unescaped. */
__attribute__((unused)) static void corpus_want(const struct corpus_line *l, char *to, size_t size)
{
	char copy[4096], *keys[64];
	size_t n = 0, used = 0;
	(void)snprintf(copy, sizeof(copy), "%s", l->expect);
	char *rest = copy + strcspn(copy, " ");
	if (*rest)
		*rest++ = '\0';
	while (*rest && n < 64) {
		keys[n++] = rest;
		rest += strcspn(rest, " ");
		if (*rest)
			*rest++ = '\0';
	}
	qsort(keys, n, sizeof(keys[0]), corpus_order);
	used += (size_t)snprintf(to, size, "%s", copy);
	for (size_t i = 0; i < n; i++) {
		char plain[4096];
		(void)corpus_unescape(keys[i], strlen(keys[i]), plain);
		used += (size_t)snprintf(to + used, size - used, " %s", plain);
	}
}

static const char *corpus_outcome(int e, const struct request *q)
{
	if (e == -EINVAL)
		return "refuse";
	if (e == -ENOSYS)
		return "unknown";
	return e != 0 ? "broken" : q->judged ? "judge" : "pass";
}

/* What argv_read made of it, in the form of corpus_want. Keys are in the order that qsort gives them. */
__attribute__((unused)) static void corpus_describe(int e, const struct request *q, const struct fail *why, char *to,
	size_t size)
{
	static const struct {
		const char *key;
		enum slot slot;
	} keys[] = {
		{ "bundle", SLOT_BUNDLE },
		{ "config", SLOT_CONFIG },
		{ "console-socket", SLOT_CONSOLE_SOCKET },
		{ "debug", SLOT_DEBUG },
		{ "detach", SLOT_DETACH },
		{ "flags", SLOT_PROCESS_FLAG },
		{ "id", SLOT_NONE },
		{ "log-format", SLOT_LOG_FORMAT },
		{ "log", SLOT_LOG },
		{ "pid-file", SLOT_PID_FILE },
		{ "process", SLOT_PROCESS },
		{ "resources", SLOT_RESOURCES },
		{ "rest", SLOT_MAX },
		{ "root", SLOT_ROOT },
		{ "rule", SLOT_MAX },
		{ "systemd-cgroup", SLOT_SYSTEMD_CGROUP },
		{ "tty", SLOT_TTY },
		{ "verb", SLOT_MAX },
		{ "version", SLOT_VERSION },
	};
	int rest = 0;
	while (q->rest[rest])
		rest++;
	size_t used = (size_t)snprintf(to, size, "%s", corpus_outcome(e, q));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = NULL;
		char count[16];
		if (strcmp(keys[i].key, "id") == 0)
			value = q->id;
		else if (strcmp(keys[i].key, "flags") == 0)
			value = q->has_process_flags ? "1" : NULL;
		else if (strcmp(keys[i].key, "rule") == 0)
			value = e < 0 ? why->rule : NULL;
		else if (strcmp(keys[i].key, "verb") == 0)
			value = e == -ENOSYS ? "?" : e == -EINVAL && *q->verb_word == '\0' ? NULL : q->verb_word;
		else if (strcmp(keys[i].key, "rest") == 0)
			value = rest > 0 ? count : NULL;
		else
			value = q->value[keys[i].slot];
		(void)snprintf(count, sizeof(count), "%d", rest);
		if (value)
			used += (size_t)snprintf(to + used, size - used, " %s=%s", keys[i].key, value);
	}
}
