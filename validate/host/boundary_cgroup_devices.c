/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of block I/O: a line for each device. "8:0 1048576" in v1, "8:0 rbps=1048576 wbps=max" in v2. */
#include "validate/host/boundary_cgroup.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"
#include "validate/rule/cgroup_limits.h"

#define RESOURCES "linux.resources."
#define DEVICES_MOST 1024u

static const struct {
	const char *key, *word; /* of the file that v2 has for all four */
} rates[] = {
	{ "blockIO.throttleReadBpsDevice", "rbps=" },
	{ "blockIO.throttleWriteBpsDevice", "wbps=" },
	{ "blockIO.throttleReadIOPSDevice", "riops=" },
	{ "blockIO.throttleWriteIOPSDevice", "wiops=" },
};

/* What is said of a device in the rest of its line: the number behind `word`, or the first one where that is NULL. */
static void add_device(struct boundary_cgroup *c, struct doc *to, struct bytes device, struct bytes rest,
	const char *word)
{
	struct bytes one;
	int64_t n;
	while (read_word(&rest, &one)) {
		if (word && !bytes_start(one, word))
			continue;
		const size_t skip = word ? strlen(word) : 0;
		const char *key = arena_copy(c->b->arena, device);
		if (key && cgroup_number((struct bytes){ one.data + skip, one.len - skip }, &n) &&
			!make_found(to, device))
			make_int(c->b->arena, to, key, n);
		return;
	}
}

static void add_devices(struct boundary_cgroup *c, struct doc *to, const char *key, struct bytes text, const char *word)
{
	struct doc *all = text.data ? make_object(c->b->arena, to, key) : NULL;
	struct bytes line, device;
	while (all && all->count < DEVICES_MOST && read_line(&text, &line))
		if (read_word(&line, &device) && !bytes_is(device, "default"))
			add_device(c, all, device, line, word);
}

/* The number of "default 100", or alone on its line. */
static bool weight_in(struct bytes text, int64_t *ret)
{
	struct bytes line, word;
	while (read_line(&text, &line)) {
		if (!read_word(&line, &word) || (bytes_is(word, "default") && !read_word(&line, &word)))
			continue;
		if (!memchr(word.data, ':', word.len))
			return cgroup_number(word, ret);
	}
	return false;
}

/* io.weight is 1 to 10000 where weights were 10 to 1000; BFQ's own file has them as they were. */
static void add_weight(struct boundary_cgroup *c, struct doc *to)
{
	bool v2;
	int64_t n;
	struct bytes text = cgroup_file(c, "blkio", "blkio.bfq.weight", "io.bfq.weight", &v2);
	if (!text.data && !v2)
		text = cgroup_file(c, "blkio", "blkio.weight", NULL, &v2);
	if (text.data) {
		if (weight_in(text, &n))
			make_int(c->b->arena, to, "blockIO.weight", n);
		return;
	}
	text = v2 ? cgroup_file(c, "blkio", NULL, "io.weight", &v2) : text;
	if (!text.data || !weight_in(text, &n) || n < 1)
		return;
	make_int(c->b->arena, to, "io.weight", n);
	/* weight = 1 + (asked - 10) * 9999 / 990, cut */
	const int64_t least = 10 + ((n - 1) * 990 + 9998) / 9999, most = 10 + (n * 990 + 9998) / 9999 - 1;
	struct doc *ranges = make_array(c->b->arena, to, "blockIO.weight");
	struct doc *range = least <= most ? make_array(c->b->arena, ranges, NULL) : NULL;
	make_int(c->b->arena, range, NULL, least);
	make_int(c->b->arena, range, NULL, most);
}

void cgroup_block_io(struct boundary_cgroup *c, struct doc *to)
{
	const struct doc *asked = doc_find(c->b->of->config, RESOURCES "blockIO");
	bool v2;
	if (!around_unset(doc_get(asked, "weight")))
		add_weight(c, to);
	if (!around_unset(doc_get(asked, "weightDevice"))) {
		const struct bytes text = cgroup_file(c, "blkio", "blkio.bfq.weight_device", "io.bfq.weight", &v2);
		add_devices(c, to, "blockIO.weightDevice", text, NULL);
	}
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		char place[sizeof(RESOURCES) + 48] = RESOURCES;
		memcpy(place + sizeof(RESOURCES) - 1, rates[i].key, strlen(rates[i].key) + 1);
		const struct limit *l = limit_at(place);
		if (!l || around_unset(doc_find(c->b->of->config, place)))
			continue;
		const struct bytes text = cgroup_file(c, l->v1.controller, l->v1.name, l->v2.name, &v2);
		add_devices(c, to, rates[i].key, text, v2 ? rates[i].word : NULL);
	}
}
