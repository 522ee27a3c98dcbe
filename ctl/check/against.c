/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runvetctl check holds documents against: hosts, and what hosts and delegates are called. A name is as short as
 * it can be and still be told from the others: of /srv/nodes/node7.json it is node7.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config.h"
#include "ctl/check/check.h"
#include "ctl/ctl.h"
#include "shim/delegate_features.h"
#include "validate/base/fd.h"
#include "validate/base/near.h"
#include "validate/host/host.h"

#define NO_SIDE "none"

/* node7 of "/srv/nodes/node7.json". */
static const char *stem(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const size_t len = strlen(name);
	const bool json = len > 5 && strcmp(name + len - 5, ".json") == 0;
	return arena_copy(a, (struct bytes){ name, json ? len - 5 : len });
}

struct side *against_add(struct against *x, struct sides *to, const char *label, const char *file, bool named)
{
	if (to->count == to->room) {
		const size_t room = to->room ? to->room * 2 : 8;
		struct side *more = arena_array(&x->arena, room, sizeof(*more));
		if (more && to->count > 0)
			memcpy(more, to->list, to->count * sizeof(*more));
		if (!more) {
			(void)trouble("no memory");
			return NULL;
		}
		to->list = more;
		to->room = room;
	}
	const char *base = file ? stem(&x->arena, file) : NULL;
	struct side *s = &to->list[to->count++];
	*s = (struct side){ .labels = { label ? label : base } };
	if (file && named) {
		s->labels[1] = base ? arena_printf(&x->arena, "%s:%s", base, label) : NULL;
		s->labels[2] = arena_printf(&x->arena, "%s:%s", file, label);
	} else if (file) {
		s->labels[1] = file;
	}
	if (!s->labels[0])
		(void)trouble("no memory");
	return s->labels[0] ? s : NULL;
}

int against_fault(const char *file, const struct fail *why)
{
	char says[sizeof(why->says) * 4], name[1024];
	struct text shown = text_over(says, sizeof(says)), path = text_over(name, sizeof(name));
	text_shown(&shown, bytes_of(why->says), sizeof(says) - 1);
	text_shown(&path, bytes_of(file), sizeof(name) - 1);
	if (why->place.line == 0)
		return trouble("%s: %s", name, says);
	return trouble("%s:%u:%u: %s%s%s%s", name, why->place.line, why->place.column, says, why->rule[0] ? " [" : "",
		why->rule, why->rule[0] ? "]" : "");
}

static int is_json(const struct dirent *e)
{
	const size_t len = strlen(e->d_name);
	return e->d_name[0] != '.' && len > 5 && strcmp(e->d_name + len - 5, ".json") == 0;
}

static int add_directory(struct against *x, const char *dir, int (*add)(struct against *x, const char *path))
{
	struct dirent **names = NULL;
	const size_t len = strlen(dir);
	const int n = scandir(dir, &names, is_json, alphasort);
	int r = n > 0    ? CTL_GOOD
		: n == 0 ? trouble("%s has no file that ends in .json", dir)
			 : trouble("%s cannot be read: %s", dir, errno_words(errno));
	for (int i = 0; i < n; i++) {
		const char *path = arena_printf(&x->arena, "%s%s%s", dir, dir[len - 1] == '/' ? "" : "/",
			names[i]->d_name);
		if (r == CTL_GOOD)
			r = path ? add(x, path) : trouble("no memory");
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return r;
}

int against_files(struct against *x, const char *word, int (*add)(struct against *x, const char *path))
{
	struct stat st;

	if (strcmp(word, "-") == 0 && x->stdin_taken)
		return usage(&verb_check, "standard input can be read once");
	x->stdin_taken |= strcmp(word, "-") == 0;
	if (*word && stat(word, &st) == 0 && S_ISDIR(st.st_mode))
		return add_directory(x, word, add);
	return add(x, word);
}

static int add_host(struct against *x, const char *path)
{
	const struct doc *document = NULL;
	const char *file;
	struct bytes text;
	struct fail why = { 0 };

	if (input_get(&x->arena, path, &file, &text) < 0)
		return CTL_USAGE;
	if (host_parse(&x->arena, text, file, &document, &why) < 0)
		return against_fault(file, &why);
	struct side *s = against_add(x, &x->hosts, NULL, path, false);
	if (s)
		s->document = document;
	return s ? CTL_GOOD : CTL_USAGE;
}

void against_cache(struct against *x)
{
	struct places places;
	if (!x->cache && places_default(&x->arena, NULL, &places) == 0)
		x->cache = features_cache(&x->arena, &places, true);
}

int against_host(void *against, const char *word)
{
	struct against *x = against;
	static const char *const words[] = { "live", NO_SIDE, NULL };
	struct stat st;

	x->held = true;
	for (size_t i = 0; i < x->hosts.count; i++)
		if (strcmp(word, x->hosts.list[i].labels[0]) == 0 && !x->hosts.list[i].document)
			return CTL_GOOD;
	if (strcmp(word, NO_SIDE) == 0)
		return against_add(x, &x->hosts, NO_SIDE, NULL, false) ? CTL_GOOD : CTL_USAGE;
	if (strcmp(word, "live") == 0) {
		struct side *s = against_add(x, &x->hosts, "live", NULL, false);
		x->root = x->root < 0 ? fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0) : x->root;
		if (!s || x->root < 0)
			return trouble("the root directory cannot be opened");
		against_cache(x);
		s->live = true;
		return CTL_GOOD;
	}
	const char *near = near_word(bytes_of(word), words);
	if (near && stat(word, &st) < 0)
		return usage(&verb_check, "no host document is at %s; did you mean %s?", word, near);
	return against_files(x, word, add_host);
}

const char *side_name(const struct side *s)
{
	return s->labels[s->label];
}

/* Whoever has the name of another takes a longer one, until no two have one or none is longer. */
static void tell_apart(const struct sides *s)
{
	for (unsigned round = 0; round < 2; round++)
		for (size_t i = 0; i < s->count; i++) {
			struct side *one = &s->list[i];
			const char *name = one->labels[round];
			bool met = false;
			if (one->label != round || !name)
				continue;
			for (size_t k = 0; k < s->count && !met; k++)
				met = k != i && s->list[k].labels[round] && s->list[k].label >= round &&
					strcmp(name, s->list[k].labels[round]) == 0;
			if (met && one->labels[round + 1])
				one->label = round + 1;
		}
}

int against_settle(struct against *x)
{
	if (against_rule(x) != CTL_GOOD)
		return CTL_USAGE;
	if (x->hosts.count == 0 && !against_add(x, &x->hosts, NO_SIDE, NULL, false))
		return CTL_USAGE;
	if (x->delegates.count == 0 && !against_add(x, &x->delegates, NO_SIDE, NULL, false))
		return CTL_USAGE;
	tell_apart(&x->hosts);
	tell_apart(&x->delegates);
	return CTL_GOOD;
}

void against_done(struct against *x)
{
	if (x->has_policy)
		policy_close(&x->site);
	(void)fd_close(x->root);
	arena_done(&x->arena);
}
