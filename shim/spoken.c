/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec's options as the delegates take them: the container's own process, with what the line says put over it. A
 * capability comes on top of those that are there, in every set; ids are numbers, and whatever else stands for a user
 * is for the delegate to refuse.
 */
#include "shim/spoken.h"

#include "validate/doc/make.h"

static const char *const sets[] = { "bounding", "effective", "permitted", "inheritable", "ambient" };

static const char *said_last(const struct request *q, const char *option)
{
	const char *value = NULL;
	for (size_t i = 0; i < q->said_count; i++)
		if (strcmp(q->said[i].option, option) == 0)
			value = q->said[i].value;
	return value;
}

/* The digits at *text, which moves behind them; false when there are none, or more than an id has. */
static bool take_id(const char **text, uint64_t *ret)
{
	const char *c = *text;
	*ret = 0;
	for (; *c >= '0' && *c <= '9' && *ret <= UINT32_MAX; c++)
		*ret = *ret * 10 + (uint64_t)(*c - '0');
	const bool taken = c != *text && *ret <= UINT32_MAX;
	*text = c;
	return taken;
}

/* "UID", "UID:GID" */
static void say_user(struct arena *a, const struct request *q, struct doc *to)
{
	const char *text = said_last(q, "user");
	struct doc *user = NULL, *gids = NULL;
	uint64_t id;

	if (text && take_id(&text, &id) && (*text == '\0' || *text == ':')) {
		user = make_object(a, to, "user");
		(void)make_uint(a, user, "uid", id);
		if (*text++ == ':' && take_id(&text, &id) && *text == '\0')
			(void)make_uint(a, user, "gid", id);
	}
	for (size_t i = 0; i < q->said_count; i++) {
		const char *gid = q->said[i].value;
		if (strcmp(q->said[i].option, "additional-gids") != 0 || !take_id(&gid, &id))
			continue;
		user = user ? user : make_object(a, to, "user");
		gids = gids ? gids : make_array(a, user, "additionalGids");
		(void)make_uint(a, gids, NULL, id);
	}
}

static void say_capabilities(struct arena *a, const struct request *q, struct doc *to)
{
	struct doc *all = NULL;

	if (!said_last(q, "cap"))
		return;
	all = make_object(a, to, "capabilities");
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct doc *set = make_array(a, all, sets[i]);
		for (size_t k = 0; k < q->said_count; k++)
			if (strcmp(q->said[k].option, "cap") == 0)
				(void)make_string(a, set, NULL, bytes_of(q->said[k].value));
	}
}

const struct doc *spoken_process(struct arena *a, const struct request *q, const struct doc *posture, bool *ret_lost)
{
	static const char *const words[][2] = {
		{ "apparmor", "apparmorProfile" },
		{ "process-label", "selinuxLabel" },
		{ "cwd", "cwd" },
	};
	*ret_lost = false;
	if (q->said_count == 0)
		return NULL;
	struct doc *d = make_document(a);
	say_user(a, q, d);
	say_capabilities(a, q, d);
	/* No option takes it away: it is the container's own, and what that is not known to lack it has. */
	const struct doc *kept = doc_get(posture, "noNewPrivileges");
	const bool lacks = kept && kept->type == DOC_BOOL && !kept->boolean;
	(void)make_bool(a, d, "noNewPrivileges", !lacks || said_last(q, "no-new-privs"));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (said_last(q, words[i][0]))
			(void)make_string(a, d, words[i][1], bytes_of(said_last(q, words[i][0])));
	*ret_lost = !make_whole(d);
	return *ret_lost ? NULL : d;
}

const struct doc *spoken_how(struct arena *a, const struct request *q)
{
	/* With a document the rest is not looked at. */
	if (q->said_count == 0 || q->value[SLOT_PROCESS])
		return NULL;
	struct doc *d = make_document(a), *options = make_array(a, d, "options");
	for (size_t i = 0; i < q->said_count; i++)
		(void)make_string(a, options, NULL, bytes_of(q->said[i].option));
	return make_whole(d) ? d : NULL;
}
