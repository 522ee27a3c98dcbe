/* SPDX-License-Identifier: Apache-2.0 */
/* Who the delegate will be here: questions that rows about the host share. */
#include "validate/rule/standing.h"

enum known standing_initial(const struct facts *f)
{
	return known_true(around_host(f, "self.initialUserNamespace"));
}

enum known standing_capable(const struct facts *f, const char *capability)
{
	const enum known held = known_entry(around_host(f, "self.capabilities.effective"), bytes_of(capability));
	const enum known initial = standing_initial(f);
	if (held == NO || initial == NO)
		return NO;
	return held == YES && initial == YES ? YES : UNKNOWN;
}

int64_t standing_euid(const struct facts *f, int64_t otherwise)
{
	return around_int(around_host(f, "self"), "euid", otherwise);
}

bool standing_dialect(const struct facts *f, const char *dialect)
{
	return bytes_is(around_string(f->delegate, "dialect"), dialect);
}

bool standing_elsewhere(const struct facts *f)
{
	return standing_dialect(f, "runsc");
}

const struct doc *standing_new_user(const struct facts *f)
{
	const struct doc *user = f->root ? around_namespace(f->root, "user") : NULL;
	return user && around_string(user, "path").len == 0 ? user : NULL;
}

bool standing_hooks(const struct facts *f)
{
	static const char *const before[] = { "prestart", "createRuntime", "createContainer", "startContainer" };
	const struct doc *hooks = f->root ? doc_get(f->root, "hooks") : NULL;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (around_first(hooks, before[i]))
			return true;
	return false;
}

void say_kind(const struct doc *place, struct text *to)
{
	static const struct {
		const char *kind, *words;
	} kinds[] = {
		{ "absent", "nothing" },
		{ "file", "a file" },
		{ "directory", "a directory" },
		{ "socket", "a socket" },
		{ "fifo", "a fifo" },
		{ "block", "a block device" },
		{ "character", "a character device" },
		{ "namespace", "a namespace" },
	};
	const struct bytes kind = around_string(place, "kind");
	const char *words = "something else";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes_is(kind, kinds[i].kind))
			words = kinds[i].words;
	text_printf(to, "this host has %s there", words);
}

void say_standing(const struct facts *f, const char *capability, struct text *to)
{
	const int64_t euid = standing_euid(f, -1);
	text_add(to, "the runtime runs here");
	if (euid >= 0)
		text_printf(to, " as user %lld", (long long)euid);
	if (standing_initial(f) == NO)
		text_add(to, " in a user namespace that is not the host's");
	else if (capability)
		text_printf(to, " without %s", capability);
}
