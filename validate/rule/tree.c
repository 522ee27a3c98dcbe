/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled form of rows that did not come with the program: a policy's own, a test's. Their vocabulary is numbered
 * as image_make.c numbers the one that is built in, parents first, and children side by side.
 */
#include "validate/rule/tree.h"

#include <errno.h>

struct compiling {
	struct place_node **grown;
	struct image_node *nodes;
	uint64_t *asks;
	struct image_wait *waits;
	const struct rule **rows;
	char *text;
	size_t nodes_used, waits_used, text_used;
};

/* How much there is. */
struct sizes {
	size_t nodes, waits, text, rows;
};

static struct sizes measure(struct place_node *root)
{
	struct sizes s = { 0 };
	for (const struct place_node *n = root; n; n = place_next(n)) {
		s.nodes++;
		s.text += n->name.len;
		for (const struct waiting *w = n->rows; w; w = w->next, s.waits++)
			if (w->order >= s.rows)
				s.rows = w->order + 1;
	}
	return s;
}

static void put_rows(struct compiling *c, const struct place_node *from, struct image_node *n)
{
	n->waits = (uint16_t)c->waits_used;
	n->typed = IMAGE_NONE;
	for (const struct waiting *w = from->rows; w; w = w->next) {
		const struct rule *r = w->rule;
		c->waits[c->waits_used++] = (struct image_wait){
			.row = (uint16_t)w->order,
			.judges = r->must ? (uint8_t)r->must->judges : 0,
			.presence = r->presence,
		};
		c->rows[w->order] = r;
		if (w == from->typed)
			n->typed = (uint16_t)w->order;
		c->asks[n - c->nodes] |= r->asks;
	}
	n->wait_count = (uint16_t)(c->waits_used - n->waits);
	image_typed(n, from->typed ? from->typed->rule : NULL);
}

static uint16_t put_node(struct compiling *c, struct place_node *from, size_t parent)
{
	const size_t at = c->nodes_used++;
	struct image_node *n = &c->nodes[at];
	c->grown[at] = from;
	n->parent = (uint16_t)parent;
	n->step = from->step;
	n->tag = name_tag(from->name);
	n->name = (uint32_t)c->text_used;
	n->name_len = (uint16_t)from->name.len;
	if (from->name.len)
		memcpy(c->text + c->text_used, from->name.data, from->name.len);
	c->text_used += from->name.len;
	n->marks = from->required ? NODE_REQUIRED : 0;
	return (uint16_t)at;
}

static void put_children(struct compiling *c, size_t at)
{
	struct image_node *n = &c->nodes[at];
	const struct place_node *from = c->grown[at];
	put_rows(c, from, n);
	n->first = (uint16_t)c->nodes_used;
	for (struct place_node *child = from->first; child; child = child->next) {
		const uint16_t number = put_node(c, child, at);
		if (c->nodes[number].marks & NODE_REQUIRED)
			n->marks |= NODE_REQUIRES;
	}
	n->count = (uint16_t)(c->nodes_used - n->first);
	n->element = from->element ? put_node(c, from->element, at) : 0;
	n->key = from->key ? put_node(c, from->key, at) : 0;
}

static int compile(struct arena *a, struct place_node *root, struct tree *ret)
{
	const struct sizes s = measure(root);
	struct compiling c = {
		.grown = arena_array(a, s.nodes, sizeof(struct place_node *)),
		.nodes = arena_array(a, s.nodes, sizeof(*c.nodes)),
		.asks = arena_array(a, s.nodes, sizeof(*c.asks)),
		.waits = arena_array(a, s.waits + 1, sizeof(*c.waits)),
		.rows = arena_array(a, s.rows + 1, sizeof(struct rule *)),
		.text = arena_alloc(a, s.text + 1),
	};
	/* Numbers are of 16 bits; a policy file has no room for as many. */
	if (!c.grown || !c.nodes || !c.asks || !c.waits || !c.rows || !c.text || s.nodes > IMAGE_NONE ||
		s.waits >= IMAGE_NONE || s.rows >= IMAGE_NONE)
		return -ENOMEM;
	(void)put_node(&c, root, 0);
	for (size_t at = 0; at < c.nodes_used; at++)
		put_children(&c, at);
	for (size_t at = c.nodes_used; at-- > 1;)
		c.asks[c.nodes[at].parent] |= c.asks[at];
	ret->nodes = ret->root = c.nodes;
	ret->asks = c.asks;
	ret->waits = c.waits;
	ret->text = c.text;
	ret->grown = c.grown;
	ret->rows = c.rows;
	return 0;
}

int tree_make(struct arena *a, const struct rules *const *tables, enum subject of, struct tree *ret)
{
	*ret = (struct tree){
		.nodes = rule_image.nodes,
		.asks = rule_image.asks,
		.waits = rule_image.waits,
		.text = rule_image.text,
		.root = &rule_image.nodes[rule_image.roots[of]],
		.of = of,
	};
	if (!tables)
		return 0;
	struct place_node *root = vocabulary(a, tables, of);
	return root ? compile(a, root, ret) : -ENOMEM;
}

const struct image_node *tree_child(const struct tree *t, const struct image_node *n, struct bytes name)
{
	const uint32_t tag = name_tag(name);
	const struct image_node *c = &t->nodes[n->first];
	for (const struct image_node *end = c + n->count; c < end; c++)
		if (c->tag == tag && bytes_equal(tree_name(t, c), name))
			return c;
	return NULL;
}

const struct image_node *tree_variant(const struct tree *t, const struct image_node *n, struct bytes name)
{
	const struct image_node *c = &t->nodes[n->first];
	for (const struct image_node *end = c + n->count; c < end; c++)
		if (names_fold_alike(tree_name(t, c), name))
			return c;
	return NULL;
}

const struct image_node *tree_at(const struct tree *t, const char *place)
{
	const struct image_node *n = t->root;
	while (n && *place) {
		const size_t len = strcspn(place, ".");
		n = tree_child(t, n, (struct bytes){ place, len });
		place += len + (place[len] == '.');
	}
	return n;
}

struct place_node *tree_place(const struct tree *t, const struct image_node *n)
{
	if (t->grown) {
		place_open(t->grown[n - t->nodes]);
		return t->grown[n - t->nodes];
	}
	if (n == t->root)
		return image_places(t->of);
	struct place_node *above = tree_place(t, &t->nodes[n->parent]);
	if (n->step == STEP_NAME)
		return place_child(above, tree_name(t, n));
	struct place_node *at = n->step == STEP_ELEMENT ? above->element : above->key;
	place_open(at);
	return at;
}

static bool within_width(const struct doc *d, unsigned width)
{
	static const uint64_t most[] = {
		[INT_ANY] = UINT64_MAX,
		[INT_U8] = UINT8_MAX,
		[INT_U16] = UINT16_MAX,
		[INT_U32] = UINT32_MAX,
		[INT_U64] = UINT64_MAX,
		[INT_I32] = INT32_MAX,
		[INT_I64] = INT64_MAX,
	};
	const bool is_signed = width == INT_I32 || width == INT_I64;
	if (width == INT_ANY)
		return true;
	if (d->integer.negative)
		return is_signed && d->integer.magnitude <= most[width] + 1;
	return d->integer.magnitude <= most[width];
}

bool tree_fits(const struct image_node *n, const struct doc *d)
{
	return (d->type & n->type) && (d->type != DOC_INT || within_width(d, n->width));
}
