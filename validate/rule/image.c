/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spelling out. The room is taken from its beginning on, in the order of need, so that only as many pages are touched
 * as a document asks for. A row, a list of words, a list of parameters is spelt out once, and stays where it is: a rule
 * is known by its address.
 */
#include "validate/rule/image.h"

static uint32_t taken = 8; /* of the room: 0 is nowhere */

static void *room_for(size_t n, size_t size)
{
	void *p = rule_image.room + taken;

	taken += (uint32_t)((n * size + 7) / 8 * 8);
	return p;
}

/* What was spelt out there; NULL when nothing was yet. */
static void *spelt_at(uint32_t where)
{
	return where ? rule_image.room + where : NULL;
}

/* Where in the room that is. */
static uint32_t spelt(const void *p)
{
	return (uint32_t)((const char *)p - rule_image.room);
}

static const char *text_at(uint32_t offset)
{
	return offset ? rule_image.text + offset : NULL;
}

static const char *const *words_at(uint32_t list)
{
	const uint32_t *from = &rule_image.words[rule_image.lists[list]];
	size_t n = 0;

	if (rule_image.words_spelt[list])
		return spelt_at(rule_image.words_spelt[list]);
	while (from[n])
		n++;
	const char **words = room_for(n + 1, sizeof(*words));
	for (size_t i = 0; i < n; i++)
		words[i] = text_at(from[i]);
	rule_image.words_spelt[list] = spelt(words);
	return words;
}

static const struct param *params_at(uint16_t first)
{
	const struct image_param *from = &rule_image.params[first];
	size_t n = 0;

	if (rule_image.params_spelt[first])
		return spelt_at(rule_image.params_spelt[first]);
	while (from[n].name)
		n++;
	struct param *params = room_for(n + 1, sizeof(*params));
	for (size_t i = 0; i < n; i++)
		params[i] = (struct param){ text_at(from[i].name), from[i].type, from[i].of, text_at(from[i].says) };
	rule_image.params_spelt[first] = spelt(params);
	return params;
}

static void argument(const struct image_row *row, struct rule *r)
{
	switch (r->must->takes) {
	case TAKES_WORDS:
		r->words = words_at((uint32_t)row->min);
		break;
	case TAKES_RANGE:
		r->range.min = row->min;
		r->range.max = row->max;
		break;
	case TAKES_TEXT:
		r->text = text_at((uint32_t)row->min);
		break;
	case TAKES_NOTHING:
		break;
	}
}

const struct rule *rule_row(size_t number)
{
	const struct image_row *row = &rule_image.rows[number];

	if (rule_image.rules[number])
		return spelt_at(rule_image.rules[number]);
	struct rule *r = room_for(1, sizeof(*r));
	*r = (struct rule){
		.id = text_at(row->id),
		.at = text_at(row->at),
		.of = row->of,
		.presence = row->presence,
		.type = row->type,
		.width = row->width,
		.must = row->must == IMAGE_NONE ? NULL : rule_image.predicates[row->must],
		.asks = row->asks,
		.params = row->params == IMAGE_NONE ? NULL : params_at(row->params),
		.severity = row->severity,
		.basis = row->basis,
		.quote = row->quote,
		.since = row->since,
		.relaxed = row->relaxed,
		.until = row->until,
		.before = row->before,
		.relaxed_to = row->relaxed_to,
		.in = row->in,
		.says = text_at(row->says),
		.fix = text_at(row->fix),
		.spec = text_at(row->spec),
	};
	if (r->must)
		argument(row, r);
	rule_image.rules[number] = spelt(r);
	return r;
}

bool rule_next_id(enum subject of, size_t *at, size_t *ret_number, const char **ret_id)
{
	if (*at < rule_image.rows_of[of].first)
		*at = rule_image.rows_of[of].first;
	while (*at < rule_image.rows_of[of].end) {
		const size_t number = (*at)++;
		if (rule_image.rows[number].of != of)
			continue;
		*ret_number = number;
		*ret_id = text_at(rule_image.rows[number].id);
		return true;
	}
	return false;
}

const struct rule *rule_next(enum subject of, size_t *at)
{
	const char *id;
	size_t number;
	return rule_next_id(of, at, &number, &id) ? rule_row(number) : NULL;
}

const struct rule *rule_named(const char *id)
{
	for (size_t i = 0; i < rule_image.row_count; i++)
		if (rule_image.rows[i].id && strcmp(text_at(rule_image.rows[i].id), id) == 0)
			return rule_row(i);
	return NULL;
}

static struct place_node *node_new(uint32_t number, struct place_node *parent)
{
	const struct image_node *from = &rule_image.nodes[number];
	struct place_node *n = room_for(1, sizeof(*n));

	*n = (struct place_node){
		.step = (enum step)from->step,
		.required = from->marks & NODE_REQUIRED,
		.name = { rule_image.text + from->name, from->name_len },
		.parent = parent,
		.shut = n,
		.image = number,
	};
	return n;
}

static void spell_rows(const struct image_node *from, struct place_node *n)
{
	struct waiting *last = NULL;

	for (uint32_t i = 0; i < from->wait_count; i++) {
		struct waiting *w = room_for(1, sizeof(*w));
		const uint32_t number = rule_image.waits[from->waits + i].row;

		*w = (struct waiting){ .rule = rule_row(number), .order = number };
		if (last)
			last->next = w;
		else
			n->rows = w;
		last = w;
		if (number == from->typed)
			n->typed = w;
	}
}

void image_open(struct place_node *n)
{
	const struct image_node *from = &rule_image.nodes[n->image];
	struct place_node *last = NULL;

	n->shut = NULL;
	spell_rows(from, n);
	for (uint32_t i = 0; i < from->count; i++) {
		struct place_node *c = node_new(from->first + i, n);
		if (last)
			last->next = c;
		else
			n->first = c;
		last = c;
	}
	if (from->element)
		n->element = node_new(from->element, n);
	if (from->key)
		n->key = node_new(from->key, n);
}

struct place_node *image_places(enum subject of)
{
	static struct place_node *roots[OF_MAX];

	if (!roots[of]) {
		roots[of] = node_new(rule_image.roots[of], NULL);
		place_open(roots[of]);
	}
	return roots[of];
}
