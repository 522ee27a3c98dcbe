/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that engines give are chosen by users, and a name that nobody vouches for can be another's: so a record never
 * shows one without its word of trust, and a message shows only what an engine has written itself.
 */
#include "audit/identity.h"

#include <errno.h>

#include "validate/base/limits.h"

static const struct {
	enum field field;
	const char *path;
	bool identity; /* counts for FIELD_IDENTITY_TRUST */
} members[] = {
	{ FIELD_CONTAINER_NAME, "container.name", true },
	{ FIELD_CONTAINER_TYPE, "container.type", false },
	{ FIELD_IMAGE, "image.ref", true },
	{ FIELD_IMAGE_DIGEST, "image.digest", true },
	{ FIELD_POD_NAMESPACE, "pod.namespace", true },
	{ FIELD_POD_NAME, "pod.name", true },
	{ FIELD_POD_UID, "pod.uid", true },
	{ FIELD_POD_SANDBOX, "pod.sandbox", true },
	{ FIELD_IDENTITY_SOURCE, "source", false },
	{ FIELD_ENGINE, "engine", false },
	{ FIELD_ENGINE_NAMESPACE, "namespace", false },
};

static struct bytes member(const struct doc *context, const char *path)
{
	return doc_string(context, path, (struct bytes){ 0 });
}

static int add_trust(struct record *r, enum field f, enum trust t)
{
	return t == TRUST_UNKNOWN ? 0 : record_add(r, f, bytes_of(trust_name(t)));
}

int record_identity(struct record *r, const struct doc *context)
{
	enum trust least = TRUST_UNKNOWN;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct bytes value = member(context, members[i].path);
		if (value.len == 0)
			continue;
		const enum trust t = context_trust(context, members[i].path);
		if (members[i].identity && (least == TRUST_UNKNOWN || t < least))
			least = t;
		if (record_add(r, members[i].field, value) < 0)
			return -ENOMEM;
	}
	int e = add_trust(r, FIELD_IDENTITY_TRUST, least);
	if (e == 0 && member(context, "engine").len > 0)
		e = add_trust(r, FIELD_ENGINE_TRUST, context_trust(context, "engine"));
	return e;
}

void identity_write(const struct doc *context, struct text *to)
{
	const struct bytes space = member(context, "pod.namespace"), pod = member(context, "pod.name"),
			   name = member(context, "container.name");

	if (space.len == 0 || pod.len == 0 || context_trust(context, "pod") <= TRUST_CLAIM)
		return;
	text_add(to, " (");
	text_shown(to, space, LIMIT_SHOWN_NAME);
	text_char(to, '/');
	text_shown(to, pod, LIMIT_SHOWN_NAME);
	if (name.len > 0 && context_trust(context, "container.name") > TRUST_CLAIM) {
		text_char(to, '/');
		text_shown(to, name, LIMIT_SHOWN_NAME);
	}
	text_char(to, ')');
}
