/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which lines are steps of a container's life. They are read loosely, because they pass whatever their shape: what
 * cannot be told for sure (no id, a word that makes the delegate print and leave) is no step.
 */
#include "shim/step.h"

#include "audit/lifecycle.h"

static const struct {
	enum oci_verb verb;
	const char *name;
} steps[] = {
	{ VERB_START, "start" },
	{ VERB_KILL, "kill" },
	{ VERB_DELETE, "delete" },
	{ VERB_PAUSE, "pause" },
	{ VERB_RESUME, "resume" },
	{ VERB_CHECKPOINT, "checkpoint" },
};

static const char *step_of(enum oci_verb verb)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i].verb == verb)
			return steps[i].name;
	return NULL;
}

bool step_asks_for_help(const struct call *c)
{
	const struct dialect *d = c->delegate.runtime.dialect;

	for (int i = 1; d && i < c->argc && c->argv[i] != c->request.id; i++)
		for (size_t k = 0; d->help[k]; k++)
			if (strcmp(c->argv[i], d->help[k]) == 0)
				return true;
	return false;
}

/* What kill sends: the word behind the id, else what all delegates send (tried: runc 1.1.5, crun 1.8.1). */
static const char *signal_of(struct call *c)
{
	const char *said = c->request.rest[0];

	if (c->request.verb != VERB_KILL)
		return NULL;
	return signal_word(&c->arena, said ? said : "TERM");
}

void step_tell(struct call *c)
{
	const char *name = step_of(c->request.verb);

	if (!name || !c->request.id || !c->delegate.path || step_asks_for_help(c))
		return;
	const struct step s = {
		.verb = name,
		.id = c->request.id,
		.root = c->request.value[SLOT_ROOT],
		.signal = signal_of(c),
		.delegate = c->delegate.path,
		.note = c->noted ? &c->note : NULL,
	};
	lifecycle_tell(&c->arena, &c->places, &s);
}
