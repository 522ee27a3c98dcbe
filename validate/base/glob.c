/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Going back to the last star is enough: what an earlier "*" could take otherwise, a later one of the same component
 * takes as well, and one of a later component begins behind a "/" that none of them can pass. Behind a "**" its
 * successors start afresh.
 */
#include "validate/base/glob.h"

struct retry {
	size_t pattern, name; /* where to go on, once the star has taken one byte more */
	bool set;
};

static bool go_back(struct bytes name, struct retry *star, struct retry *stars, struct retry *ret)
{
	if (star->set && star->name < name.len && name.data[star->name] != '/') {
		star->name++;
		*ret = *star;
		return true;
	}
	star->set = false;
	if (!stars->set || stars->name >= name.len)
		return false;
	stars->name++;
	*ret = *stars;
	return true;
}

static bool match(struct bytes pattern, struct bytes name)
{
	struct retry star = { 0 }, stars = { 0 }, at = { 0 };
	while (at.pattern < pattern.len || at.name < name.len) {
		if (at.pattern < pattern.len && pattern.data[at.pattern] == '*') {
			const bool two = at.pattern + 1 < pattern.len && pattern.data[at.pattern + 1] == '*';
			at.pattern += two ? 2 : 1;
			at.set = true;
			*(two ? &stars : &star) = at;
			star.set = !two;
		} else if (at.pattern < pattern.len && at.name < name.len &&
			pattern.data[at.pattern] == name.data[at.name]) {
			at.pattern++;
			at.name++;
		} else if (!go_back(name, &star, &stars, &at)) {
			return false;
		}
	}
	return true;
}

bool glob_match(struct bytes pattern, struct bytes name)
{
	const size_t tail = sizeof("/**") - 1;
	if (name.len > GLOB_NAME_MOST)
		return false;
	if (match(pattern, name))
		return true;
	return pattern.len > tail && memcmp(pattern.data + pattern.len - tail, "/**", tail) == 0 &&
		match((struct bytes){ pattern.data, pattern.len - tail }, name);
}
