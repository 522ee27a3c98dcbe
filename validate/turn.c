/* SPDX-License-Identifier: Apache-2.0 */
/* Rows, and from them the places below which nothing is to be judged: the engine does not go there. */
#include "validate/turn.h"

#include <errno.h>

#include "validate/rule/image.h"

int turning_start(struct arena *a, enum subject of, struct turning *ret)
{
	const uint32_t first = rule_image.rows_of[of].first, count = rule_image.rows_of[of].end - first;
	uint8_t *lists = arena_alloc(a, count + rule_image.roots[of + 1] - rule_image.roots[of]);

	*ret = (struct turning){ .arena = a,
		.of = of,
		.first = first,
		.count = count,
		.severity = lists,
		.live = lists + count };
	return lists ? 0 : -ENOMEM;
}

int turning_on(struct turning *t, size_t row, enum severity s, uint64_t asks)
{
	t->severity[row - t->first] = s;
	if (!asks)
		return 0;
	if (!t->asks)
		t->asks = arena_array(t->arena, t->count, sizeof(*t->asks));
	if (!t->asks)
		return -ENOMEM;
	t->asks[row - t->first] = asks;
	return 0;
}

static uint8_t live_of(const struct turning *t, uint32_t row)
{
	const uint32_t at = row - t->first;
	if (t->severity[at] == SEV_OFF)
		return 0;
	return rule_image.rows[row].asks || (t->asks && t->asks[at]) ? LIVE_JUDGES | LIVE_ASKS : LIVE_JUDGES;
}

struct turned turning_end(const struct turning *t)
{
	const struct image_node *root = &rule_image.nodes[rule_image.roots[t->of]];
	const uint32_t count = rule_image.roots[t->of + 1] - rule_image.roots[t->of];

	/* Children come after their parents. */
	for (uint32_t i = count; i-- > 0;) {
		for (uint32_t k = 0; k < root[i].wait_count; k++)
			t->live[i] |= live_of(t, rule_image.waits[root[i].waits + k].row);
		t->live[root[i].parent - rule_image.roots[t->of]] |= t->live[i];
	}
	return (struct turned){ .first = t->first, .severity = t->severity, .live = t->live, .asks = t->asks };
}
