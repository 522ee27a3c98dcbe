/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what a container may do as root. No bit says "privileged": the engines write all capabilities that they
 * know (38, 40 and 41 were seen on one kernel), every device, and leave out what hides and filters. So it is known by
 * its effect: the one capability that opens the others, and two of the walls gone.
 */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

/* Among so many a capability is looked for again; a longer list is hostile, and each entry of it is told of. */
#define COMPARED_MOST 64

/* The sets in the order in which engines write them. */
static const char *const sets[] = { "bounding", "effective", "permitted", "inheritable", "ambient" };

static bool allowed(const struct rule *r, const struct facts *f, struct bytes name)
{
	const struct doc *list = around_param(f, r, "allow");
	const struct bytes plain = control_capability_plain(name);
	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING &&
			(bytes_equal(control_capability_plain(e->string), plain) || bytes_is(e->string, "ALL")))
			return true;
	return false;
}

/* Whether an earlier set has it too: one capability is one finding. */
static bool said_before(const struct doc *d)
{
	const struct doc *capabilities = d->parent->parent;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]) && !bytes_is(d->parent->key, sets[i]); i++) {
		const struct doc *set = doc_get(capabilities, sets[i]);
		if (!set || set->type != DOC_ARRAY || set->count > COMPARED_MOST)
			continue;
		for (const struct doc *c = set->first; c; c = c->next)
			if (c->type == DOC_STRING && bytes_equal(c->string, d->string))
				return true;
	}
	return false;
}

static bool holds_allowed(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	/* The rows of one set have it alone. */
	const bool of_union = bytes_start(bytes_of(r->at), "process.capabilities.{");
	return allowed(r, f, d->string) || (of_union && said_before(d));
}

static void tells_allowed(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	text_add(to, "the policy allows ");
	param_write(f, r, "allow", NULL, to);
}

const struct predicate be_a_capability_allowed = {
	.says = "be a capability that the policy allows",
	.judges = DOC_STRING,
	.holds = holds_allowed,
	.tells = tells_allowed,
};

/* What a container is left without when it is privileged. */
enum wall { WALL_DEVICES, WALL_MASKS, WALL_SYS, WALL_FILTER, WALL_MAX };

static bool sys_writable(const struct doc *root)
{
	static const char *const read_only[] = { "ro", "rro", NULL };
	const struct doc *sys = control_mount_at(root, "/sys");
	return sys && !around_option(sys, read_only);
}

static unsigned walls_gone(const struct doc *root, bool *gone)
{
	unsigned count = 0;
	gone[WALL_DEVICES] = control_all_devices(root);
	gone[WALL_MASKS] = around_unset(doc_find(root, "linux.maskedPaths"));
	gone[WALL_SYS] = sys_writable(root);
	gone[WALL_FILTER] = around_unset(doc_find(root, "linux.seccomp"));
	for (size_t i = 0; i < WALL_MAX; i++)
		count += gone[i];
	return count;
}

static bool holds_unprivileged(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	bool gone[WALL_MAX];
	const struct doc *capabilities = doc_find(d, "process.capabilities");
	if (!control_holds_capability(capabilities, "CAP_SYS_ADMIN") || walls_gone(d, gone) < 2)
		return true;
	*ret_at = capabilities;
	return false;
}

static const struct doc *top_of(const struct doc *d)
{
	while (d->parent)
		d = d->parent;
	return d;
}

static void tells_privileged(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	static const char *const words[WALL_MAX] = {
		[WALL_DEVICES] = "every device may be used",
		[WALL_MASKS] = "no path is masked",
		[WALL_SYS] = "/sys is writable",
		[WALL_FILTER] = "no system call is filtered",
	};
	bool gone[WALL_MAX];
	walls_gone(top_of(at), gone);
	text_add(to, "with CAP_SYS_ADMIN it mounts and traces what it likes");
	for (size_t i = 0; i < WALL_MAX; i++)
		if (gone[i])
			text_printf(to, ", %s", words[i]);
}

const struct predicate not_be_privileged = {
	.says = "not amount to --privileged",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_unprivileged,
	.tells = tells_privileged,
};
