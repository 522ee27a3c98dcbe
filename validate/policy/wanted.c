/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Docker knows of an image and its labels stands in a file of its own, and reading that takes longer than all else
 * that is asked about a caller. So a policy pays for what it speaks of; the default one speaks of none of it. (A create
 * has the image looked up for its record, shim/context.c.)
 */
#include "validate/policy/wanted.h"

#include "validate/policy/context.h"
#include "validate/policy/policy_parts.h"

static const struct {
	const char *fact;
	unsigned wants;
} facts[] = {
	{ "annotations.", CONTEXT_ANNOTATIONS },
	{ "container.name", CONTEXT_IMAGE },
	{ "image.", CONTEXT_IMAGE },
	{ "labels.", CONTEXT_LABELS },
	{ "user", CONTEXT_IMAGE },
};

static unsigned wanted_by(const struct doc *conditions)
{
	unsigned wants = 0;

	for (const struct doc *m = conditions && conditions->type == DOC_OBJECT ? conditions->first : NULL; m;
		m = m->next)
		for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
			if (bytes_start(m->key, facts[i].fact))
				wants |= facts[i].wants;
	return wants;
}

unsigned policy_wanted(const struct policy *p)
{
	unsigned wants = 0;

	for (size_t i = 0; i < p->select_count; i++)
		wants |= wanted_by(p->select[i].when);
	for (size_t i = 0; i < p->shadow_count; i++)
		wants |= wanted_by(p->shadow[i].when);
	for (size_t i = 0; i < p->exempt_count; i++)
		wants |= wanted_by(p->exempt[i].match);
	return wants;
}
