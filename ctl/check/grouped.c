/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was found of one document on several hosts with several delegates, each line once, below a line that says where
 * it holds: "everywhere:", "on node7:", "with runc:", "on node7 with runc; on node8 with crun:".
 */
#include "ctl/check/check.h"
#include "ctl/show.h"

struct found {
	const char *line;
	bool *in; /* of outcomes: where it was found */
	bool done;
};

struct grouping {
	struct arena *arena;
	const struct against *x;
	const struct checked *c;
	struct found *list;
	size_t count;
	struct text *to;
};

/* Adds the lines of one outcome. Outcomes are much alike: a line is looked for behind the one before it, first. */
static bool add_outcome(struct grouping *g, size_t which)
{
	const struct outcome *one = &g->c->outcomes[which];
	size_t next = 0;

	for (size_t i = 0; i < one->line_count; i++) {
		size_t k, tried = 0;
		for (k = next; tried < g->count && strcmp(g->list[k % g->count].line, one->lines[i]) != 0; tried++)
			k++;
		k = tried < g->count ? k % g->count : g->count;
		if (k == g->count) {
			bool *in = arena_array(g->arena, g->c->count, sizeof(*in));
			if (!in)
				return false;
			g->list[g->count++] = (struct found){ .line = one->lines[i], .in = in };
		}
		g->list[k].in[which] = true;
		next = k + 1;
	}
	return true;
}

static bool same_place(const struct grouping *g, const bool *a, const bool *b)
{
	return memcmp(a, b, g->c->count * sizeof(*a)) == 0;
}

static bool is_everywhere(const struct grouping *g, const bool *in)
{
	for (size_t i = 0; i < g->c->count; i++)
		if (!in[i])
			return false;
	return true;
}

/* The delegates of a host, as a run of `in`. */
static const bool *of_host(const struct grouping *g, const bool *in, size_t host)
{
	return in + host * g->x->delegates.count;
}

static bool is_empty(const struct grouping *g, const bool *row)
{
	for (size_t d = 0; d < g->x->delegates.count; d++)
		if (row[d])
			return false;
	return true;
}

static bool same_row(const struct grouping *g, const bool *a, const bool *b)
{
	return memcmp(a, b, g->x->delegates.count * sizeof(*a)) == 0;
}

/* A name, and what follows it, as one word of the line. */
static void add_name(struct grouping *g, struct show_line *l, const char *name, const char *after)
{
	struct text word = text_growing(g->arena);
	text_shown(&word, bytes_of(name), strlen(name) * 4);
	text_add(&word, after);
	show_word(l, word.data);
	g->to->cut |= word.cut;
}

/* "with runc, crun", unless it is all of them. */
static void add_delegates(struct grouping *g, struct show_line *l, const bool *row, const char *end)
{
	size_t left = 0;

	for (size_t d = 0; d < g->x->delegates.count; d++)
		left += row[d];
	if (left == g->x->delegates.count)
		return;
	show_word(l, "with");
	for (size_t d = 0; d < g->x->delegates.count; d++)
		if (row[d])
			add_name(g, l, side_name(&g->x->delegates.list[d]), --left > 0 ? "," : end);
}

/* All hosts that are like the host `first`, and their delegates; each host is marked as said. */
static void add_alike(struct grouping *g, struct show_line *l, const bool *in, size_t first, bool *said)
{
	const size_t hosts = g->x->hosts.count;
	const bool *row = of_host(g, in, first);
	size_t left = 0, others = 0, all = 0;

	for (size_t h = 0; h < hosts; h++)
		if (same_row(g, of_host(g, in, h), row))
			left++;
		else if (!said[h] && !is_empty(g, of_host(g, in, h)))
			others++;
	for (size_t d = 0; d < g->x->delegates.count; d++)
		all += row[d];
	const char *end = others > 0 ? ";" : ":";
	const bool some = all < g->x->delegates.count;
	const bool whole = left == hosts;
	if (!whole)
		show_word(l, "on");
	for (size_t h = 0; h < hosts; h++) {
		if (!same_row(g, of_host(g, in, h), row))
			continue;
		said[h] = true;
		left--;
		if (!whole)
			add_name(g, l, side_name(&g->x->hosts.list[h]), left > 0 ? "," : some ? "" : end);
	}
	add_delegates(g, l, row, end);
}

/* The line above a group. */
static bool write_where(struct grouping *g, const bool *in, bool named)
{
	struct show_line l = { .to = g->to, .indent = 1 };
	bool *said = arena_array(g->arena, g->x->hosts.count, sizeof(*said));

	if (!said)
		return false;
	text_char(g->to, '\n');
	if (named)
		add_name(g, &l, g->c->given, "");
	if (is_everywhere(g, in))
		show_word(&l, "everywhere:");
	else
		for (size_t h = 0; h < g->x->hosts.count; h++)
			if (!said[h] && !is_empty(g, of_host(g, in, h)))
				add_alike(g, &l, in, h, said);
	text_char(g->to, '\n');
	return true;
}

static bool write_group(struct grouping *g, size_t first, bool named)
{
	const bool *in = g->list[first].in;

	if (!write_where(g, in, named))
		return false;
	for (size_t i = first; i < g->count; i++) {
		if (g->list[i].done || !same_place(g, g->list[i].in, in))
			continue;
		text_printf(g->to, "%s\n", g->list[i].line);
		g->list[i].done = true;
	}
	return true;
}

bool grouped_write(struct output *o, const struct against *x, const struct checked *c, bool named, struct text *to)
{
	struct grouping g = { .arena = &o->arena, .x = x, .c = c, .to = to };
	size_t most = 0;

	for (size_t i = 0; i < c->count; i++)
		most += c->outcomes[i].line_count;
	g.list = arena_array(&o->arena, most + 1, sizeof(*g.list));
	if (!g.list)
		return false;
	for (size_t i = 0; i < c->count; i++)
		if (!add_outcome(&g, i))
			return false;
	for (size_t i = 0; i < g.count; i++)
		if (is_everywhere(&g, g.list[i].in) && !g.list[i].done && !write_group(&g, i, named))
			return false;
	for (size_t i = 0; i < g.count; i++)
		if (!g.list[i].done && !write_group(&g, i, named))
			return false;
	return true;
}
