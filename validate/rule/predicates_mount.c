/* SPDX-License-Identifier: Apache-2.0 */
/* The words for one entry of mounts: whether type, source and options make a mount together. */
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

static const char *const idmap_options[] = { "idmap", "ridmap", NULL };

static bool is_bind(const struct doc *mount)
{
	return around_option(mount, mount_bind_options);
}

static bool holds_type(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return is_bind(d) || around_option(d, mount_change_options) || around_string(d, "type").len > 0;
}

const struct predicate have_a_type = {
	.says = "have a type, unless it is a bind, a remount or a change of propagation",
	.judges = DOC_OBJECT,
	.holds = holds_type,
};

static bool holds_say_bind(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return !bytes_is(around_string(d, "type"), "bind") || is_bind(d) || around_option(d, mount_change_options);
}

const struct predicate say_bind = {
	.says = "have bind or rbind among its options: the type alone makes no bind mount",
	.judges = DOC_OBJECT,
	.holds = holds_say_bind,
};

static bool holds_source(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return !is_bind(d) || around_option(d, mount_change_options) || around_string(d, "source").len > 0;
}

const struct predicate have_a_source = {
	.says = "have a source, being a bind mount",
	.judges = DOC_OBJECT,
	.holds = holds_source,
};

static bool holds_copy_up(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	static const char *const copy_up[] = { "tmpcopyup", NULL };
	return !around_option(d, copy_up) || bytes_is(around_string(d, "type"), "tmpfs");
}

const struct predicate be_tmpfs_to_copy_up = {
	.says = "be of type tmpfs to have the option tmpcopyup",
	.judges = DOC_OBJECT,
	.holds = holds_copy_up,
};

static bool has_mappings(const struct doc *mount)
{
	const struct doc *uids = doc_get(mount, "uidMappings"), *gids = doc_get(mount, "gidMappings");
	return (uids && uids->count > 0) || (gids && gids->count > 0);
}

static bool holds_map_or_join(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	if (!around_option(d, idmap_options) || has_mappings(d) || !f->root)
		return true;
	return around_namespace(f->root, "user");
}

const struct predicate map_or_join = {
	.says = "have mappings of its own, or a user namespace to borrow them from, to be id-mapped",
	.judges = DOC_OBJECT,
	.holds = holds_map_or_join,
};

static bool holds_say_idmap(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return !has_mappings(d) || around_option(d, idmap_options);
}

const struct predicate say_idmap = {
	.says = "have idmap or ridmap among its options, so that no delegate overlooks its mappings",
	.judges = DOC_OBJECT,
	.holds = holds_say_idmap,
};
