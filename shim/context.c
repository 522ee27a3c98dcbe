/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The call's own words, the kernel's about its caller, and what was noted when the container was made. An exec names
 * no bundle and brings no annotations: whose container it is, and what that may do, only the note tells; and a note
 * that is gone leaves both unknown, which never stops anything.
 */
#include "shim/context.h"

#include <unistd.h>

#include "shim/spoken.h"
#include "validate/policy/context.h"
#include "validate/policy/wanted.h"

int context_of_call(struct call *c, const struct input *in, const struct doc *root, const struct policy *p,
	struct standing *ret, struct fail *reterr)
{
	const bool later = c->noted && !call_creates(c);
	/* Whoever reads a record asks for the image first. Once for each container that is worth a file of Docker's. */
	const unsigned wanted = policy_wanted(p) | (call_creates(c) ? CONTEXT_IMAGE : 0);

	caller_read(&c->arena, &ret->caller);
	const struct calling calling = {
		.verb = *c->request.verb_word ? c->request.verb_word : NULL,
		.id = c->request.id,
		.bundle = in->bundle ? in->bundle : later && c->note.bundle[0] ? c->note.bundle : NULL,
		.root = c->request.value[SLOT_ROOT],
		.config = in->kind == INPUT_CONFIG ? root : NULL,
		.identity = later ? c->note.identity : NULL,
		.posture = later ? c->note.posture : NULL,
		.kubelet = p->kubelet,
		.exec = spoken_how(&c->arena, &c->request),
		.rootless = geteuid() != 0 || rootless(),
		.host = call_top(c),
		.caller = {
			.pid = ret->caller.parent,
			.exe = ret->caller.exe,
			.unit = ret->caller.unit,
			.uid = ret->caller.uid,
		},
	};

	return context_make(&c->arena, &calling, wanted, &ret->context, reterr);
}
