/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a tree grows from rows: when the program is built, of all that are built in, and in every run of a policy's own,
 * of which there may be a thousand. Hence nothing is copied (names point into the rows), nothing is sorted, and the
 * last child is tried first: neighbouring rows speak of neighbouring places.
 */
#include "validate/rule/image.h"

#include <string.h>

/* A node while its tree grows: where the lists end. */
struct grown {
	struct place_node node;
	struct place_node *last;
	struct waiting *rows_last;
};

static struct grown *grown(struct place_node *n)
{
	return (struct grown *)n;
}

struct growing {
	struct arena *arena;
	const struct rule *rule;
	uint32_t order;
	bool failed;
	const char *at;             /* the last place without alternatives ... */
	struct place_node *reached; /* ... and its node: most rows speak of the place of the row before them */
};

static struct place_node *node_new(struct growing *g, struct place_node *parent, enum step step)
{
	struct grown *new = arena_new(g->arena, struct grown);
	if (!new) {
		g->failed = true;
		return NULL;
	}
	struct place_node *n = &new->node;
	n->parent = parent;
	n->step = step;
	return n;
}

static struct place_node *child_for(struct growing *g, struct place_node *n, struct bytes name)
{
	struct grown *in = grown(n);
	if (in->last && bytes_equal(in->last->name, name))
		return in->last;
	struct place_node *c = place_child(n, name);
	if (c)
		return c;
	c = node_new(g, n, STEP_NAME);
	if (!c)
		return NULL;
	c->name = name;
	if (in->last)
		in->last->next = c;
	else
		n->first = c;
	in->last = c;
	return c;
}

static struct place_node *only_child(struct growing *g, struct place_node *n, struct place_node **slot, enum step step)
{
	if (!*slot)
		*slot = node_new(g, n, step);
	return *slot;
}

static void wait_here(struct growing *g, struct place_node *n)
{
	struct waiting *w = arena_new(g->arena, struct waiting);
	if (!w) {
		g->failed = true;
		return;
	}
	w->rule = g->rule;
	w->order = g->order;
	if (grown(n)->rows_last)
		grown(n)->rows_last->next = w;
	else
		n->rows = w;
	grown(n)->rows_last = w;
	if (g->rule->type && !n->typed)
		n->typed = w;
	if (g->rule->presence == REQUIRED)
		n->required = true;
}

/* Follows the place at p from n on. Within braces an alternative ends at , or } and goes on at `resume`. */
static void grow(struct growing *g, struct place_node *n, const char *p, const char *resume)
{
	while (n && *p) {
		switch (*p) {
		case '.':
			p++;
			break;
		case ',':
		case '}':
			if (!resume)
				return; /* a stray brace: rule_verify says so */
			p = resume;
			resume = NULL;
			break;
		case '[':
			n = only_child(g, n, &n->element, STEP_ELEMENT);
			p += p[1] ? 2 : 1;
			break;
		case '*':
			n = only_child(g, n, &n->key, STEP_KEY);
			p++;
			break;
		case '{': {
			const char *end = strchr(p, '}');
			if (!end || resume)
				return;
			do {
				grow(g, n, ++p, end + 1);
				p += strcspn(p, ",}");
			} while (*p == ',');
			return;
		}
		default: {
			const size_t len = strcspn(p, ".[,}");
			n = child_for(g, n, (struct bytes){ p, len });
			p += len;
		}
		}
	}
	g->reached = n;
	if (n)
		wait_here(g, n);
}

static void place_row(struct growing *g, struct place_node *root)
{
	const char *at = g->rule->at;
	if (g->at && strcmp(at, g->at) == 0) {
		wait_here(g, g->reached);
		return;
	}
	grow(g, root, at, NULL);
	g->at = g->reached && !strchr(at, '{') ? at : NULL;
}

struct place_node *vocabulary(struct arena *a, const struct rules *const *tables, enum subject of)
{
	struct growing g = { .arena = a };
	if (!tables)
		return image_places(of);
	struct place_node *root = node_new(&g, NULL, STEP_NAME);
	for (; *tables && root; tables++) {
		for (size_t i = 0; i < (*tables)->count; i++, g.order++) {
			g.rule = &(*tables)->rows[i];
			if (g.rule->of == of && g.rule->at)
				place_row(&g, root);
		}
	}
	return g.failed ? NULL : root;
}

struct place_node *place_child(const struct place_node *n, struct bytes name)
{
	place_open(n);
	for (struct place_node *c = n->first; c; c = c->next)
		if (bytes_equal(c->name, name)) {
			place_open(c);
			return c;
		}
	return NULL;
}

int name_fold(struct bytes b, size_t *at)
{
	const unsigned char *p = (const unsigned char *)b.data + *at;
	const size_t left = b.len - *at;
	if (left >= 2 && p[0] == 0xc5 && p[1] == 0xbf) { /* U+017F, LATIN SMALL LETTER LONG S */
		*at += 2;
		return 's';
	}
	if (left >= 3 && p[0] == 0xe2 && p[1] == 0x84 && p[2] == 0xaa) { /* U+212A, KELVIN SIGN */
		*at += 3;
		return 'k';
	}
	*at += 1;
	return p[0] >= 'A' && p[0] <= 'Z' ? p[0] + ('a' - 'A') : p[0];
}

bool names_fold_alike(struct bytes a, struct bytes b)
{
	size_t i = 0, j = 0;
	while (i < a.len && j < b.len)
		if (name_fold(a, &i) != name_fold(b, &j))
			return false;
	return i == a.len && j == b.len;
}

struct place_node *place_variant(const struct place_node *n, struct bytes name)
{
	place_open(n);
	for (struct place_node *c = n->first; c; c = c->next)
		if (names_fold_alike(c->name, name)) {
			place_open(c);
			return c;
		}
	return NULL;
}

struct place_node *place_at(struct place_node *root, const char *place)
{
	struct place_node *n = root;
	while (n && *place) {
		const size_t len = strcspn(place, ".");
		n = place_child(n, (struct bytes){ place, len });
		place += len + (place[len] == '.');
	}
	return n;
}

static struct place_node *node_after(const struct place_node *n)
{
	if (n->first || n->element || n->key)
		return n->first ? n->first : n->element ? n->element : n->key;
	for (; n->parent; n = n->parent) {
		const struct place_node *p = n->parent;
		if (n->step == STEP_NAME && n->next)
			return n->next;
		if (n->step == STEP_NAME && p->element)
			return p->element;
		if (n->step != STEP_KEY && p->key)
			return p->key;
	}
	return NULL;
}

struct place_node *place_next(const struct place_node *n)
{
	place_open(n);
	struct place_node *next = node_after(n);
	if (next)
		place_open(next);
	return next;
}

void place_write(const struct place_node *n, struct text *to)
{
	if (!n->parent)
		return;
	place_write(n->parent, to);
	if (n->step == STEP_ELEMENT) {
		text_add(to, "[]");
		return;
	}
	if (n->parent->parent)
		text_char(to, '.');
	if (n->step == STEP_KEY)
		text_char(to, '*');
	else
		text_bytes(to, n->name);
}
