/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts, as this host and this kernel let them be made. */
#include "validate/rule/predicates_host.h"
#include "validate/rule/standing.h"

static const char *const bind_options[] = { "bind", "rbind", NULL };
static const char *const remount_options[] = { "remount", NULL };

static bool binds(const struct doc *mount)
{
	return around_option(mount, bind_options) || bytes_is(around_string(mount, "type"), "bind");
}

static struct bytes kind_of(const struct doc *path)
{
	return around_string(path, "kind");
}

/* Of a mount, or of a member or an option of one. */
static const struct doc *mount_of(const struct doc *at)
{
	while (at->parent && (at->parent->type != DOC_ARRAY || !bytes_is(at->parent->key, "mounts")))
		at = at->parent;
	return at;
}

static bool holds_source(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *source = doc_get(d, "source");
	if (!source || !binds(d) || !bytes_is(kind_of(doc_get(around_place(f, d), "source")), "absent"))
		return true;
	*ret_at = source;
	return false;
}

static void tells_source(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	say_kind(doc_get(around_place(f, mount_of(at)), "source"), to);
}

const struct predicate come_from_something = {
	.says = "come from something that is there to be bound",
	.judges = DOC_OBJECT,
	.holds = holds_source,
	.tells = tells_source,
};

/* A file system's root is a directory. */
static struct bytes kind_to_lay(const struct facts *f, const struct doc *mount)
{
	return binds(mount) ? kind_of(doc_get(around_place(f, mount), "source")) : bytes_of("directory");
}

/* Tried: the kernel refuses it (ENOTDIR) for runc 1.1.5 and crun 1.8.1, which make only what is not there at all. */
static bool holds_kind(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct bytes on = kind_of(doc_get(around_place(f, d), "destination")), laid = kind_to_lay(f, d);
	const struct doc *destination = doc_get(d, "destination");
	if (on.len == 0 || laid.len == 0 || bytes_is(on, "absent") || bytes_is(laid, "absent") || !destination ||
		around_option(d, remount_options) || bytes_is(on, "directory") == bytes_is(laid, "directory"))
		return true;
	*ret_at = destination;
	return false;
}

static void tells_kind(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *mount = mount_of(at);
	say_kind(doc_get(around_place(f, mount), "destination"), to);
	text_printf(to, ", below the rootfs, and what is mounted %s",
		bytes_is(kind_to_lay(f, mount), "directory") ? "has a directory as its top" : "has none as its top");
}

const struct predicate lie_on_its_kind = {
	.says = "lie on its kind: a directory on a directory, any other file on a file",
	.judges = DOC_OBJECT,
	.holds = holds_kind,
	.tells = tells_kind,
};

/* fuse.sshfs: the kernel looks for what stands before the dot. */
static struct bytes kernel_type(struct bytes type)
{
	const char *dot = type.len ? memchr(type.data, '.', type.len) : NULL;
	return dot ? (struct bytes){ type.data, (size_t)(dot - type.data) } : type;
}

/* Delegates take cgroup for whichever kind the host has. */
static bool holds_type(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	static const char *const no_types[] = { "none", "bind", "rbind", "cgroup", "cgroup2", NULL };
	const struct bytes type = kernel_type(d->string);
	if (type.len == 0 || word_among(type, no_types) || standing_elsewhere(f) || !d->parent || binds(d->parent) ||
		around_option(d->parent, remount_options))
		return true;
	if (known_entry(around_host(f, "filesystems.known"), type) != NO)
		return true;
	return known_true(around_host(f, "filesystems.modules")) != NO &&
		known_entry(around_host(f, "filesystems.loadable"), type) != NO;
}

static void tells_type(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host's kernel does not have it, and ");
	text_add(to,
		known_true(around_host(f, "filesystems.modules")) == NO ? "loads no modules"
									: "no module is there to be loaded");
}

const struct predicate be_of_a_type_here = {
	.says = "be a file system that the kernel has or can load",
	.judges = DOC_STRING,
	.holds = holds_type,
	.tells = tells_type,
};

static void tells_kernel(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host has Linux ");
	say_bytes(around_string(around_host(f, "kernel"), "release"), to);
}

static bool holds_mappable(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->count == 0 || known_older_kernel(f, 5, 12) != YES;
}

const struct predicate be_mappable_here = {
	.says = "go with a kernel that maps ids of mounts, Linux 5.12 or later",
	.judges = DOC_ARRAY,
	.of_keys = true,
	.holds = holds_mappable,
	.tells = tells_kernel,
};

/* The kernel lets nobody mount these in another user namespace: the initial one owns them wherever they are. */
static const char *const owned_above[] = { "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "vfat", "squashfs", NULL };

/* runc refuses it by the user's number alone; the kernel asks for rights over the file system below. */
static bool holds_mappable_by_us(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	if (d->count == 0 || standing_elsewhere(f))
		return true;
	if (standing_euid(f, 0) != 0)
		return false;
	const struct doc *source = doc_get(around_place(f, mount_of(d)), "source");
	return standing_initial(f) != NO || !word_among(around_string(source, "filesystem"), owned_above);
}

static void tells_standing(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_standing(f, "CAP_SYS_ADMIN", to);
}

const struct predicate be_mappable_by_us = {
	.says = "be asked of a runtime with rights over the file system whose ids it maps",
	.judges = DOC_ARRAY,
	.of_keys = true,
	.holds = holds_mappable_by_us,
	.tells = tells_standing,
};

static bool holds_understood(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	static const struct {
		const char *option;
		unsigned minor; /* of Linux 5 */
	} news[] = {
		{ "nosymfollow", 10 },
		{ "rnosymfollow", 14 },
		{ "rsymfollow", 14 },
		{ "rro", 12 },
		{ "rrw", 12 },
		{ "rnosuid", 12 },
		{ "rsuid", 12 },
		{ "rnodev", 12 },
		{ "rdev", 12 },
		{ "rnoexec", 12 },
		{ "rexec", 12 },
		{ "rnodiratime", 12 },
		{ "rdiratime", 12 },
		{ "rrelatime", 12 },
		{ "rnorelatime", 12 },
		{ "rnoatime", 12 },
		{ "ratime", 12 },
		{ "rstrictatime", 12 },
		{ "rnostrictatime", 12 },
	};
	/* On a kernel that has them all no option has to be looked up. */
	if (known_older_kernel(f, 5, 14) != YES || standing_elsewhere(f))
		return true;
	for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++)
		if (bytes_is(d->string, news[i].option))
			return known_older_kernel(f, 5, news[i].minor) != YES;
	return true;
}

const struct predicate be_understood_here = {
	.says = "be an option that the kernel has: recursive ones came with Linux 5.12, nosymfollow with 5.10, and "
		"both in one with 5.14",
	.judges = DOC_STRING,
	.holds = holds_understood,
	.tells = tells_kernel,
};

static const char *const lockable[] = { "ro", "nosuid", "nodev", "noexec", NULL };

/* The first flag of the source that the mount's options do not repeat; NULL when there is none. */
static const struct doc *dropped_flag(const struct facts *f, const struct doc *mount)
{
	const struct doc *source = doc_get(around_place(f, mount), "source");
	for (const struct doc *flag = around_first(source, "flags"); flag; flag = flag->next)
		if (flag->type == DOC_STRING && word_among(flag->string, lockable) &&
			known_entry(doc_get(mount, "options"), flag->string) == NO)
			return flag;
	return NULL;
}

/*
 * Tried: runc 1.1.5 gives a bind mount its flags by a second call from within the user namespace, and the kernel locks
 * what the source has: whatever is not repeated makes it fail. Without flags there is no second call. Later releases
 * try again with the source's flags, crun 1.8.1 mounts from outside.
 */
static bool holds_locked(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	if (!standing_dialect(f, "runc") || !known_lower(around_string(f->delegate, "version"), "1.1.6"))
		return true;
	return !standing_new_user(f) || !binds(d) || !around_option(d, lockable) || !dropped_flag(f, d);
}

static void tells_locked(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *flag = dropped_flag(f, mount_of(at));
	text_add(to, "this host has its source mounted ");
	say_bytes(flag ? flag->string : (struct bytes){ 0 }, to);
	text_add(to, ", and ");
	say_delegate(f, to);
	text_add(to, " cannot mount it again without that in a user namespace");
}

const struct predicate keep_locked_flags = {
	.says = "repeat the flags that its source is mounted with, which a user namespace locks",
	.judges = DOC_OBJECT,
	.holds = holds_locked,
	.tells = tells_locked,
};

/* Which namespace of the container's own a file system shows; sysfs is for runc alone, for crun binds the host's. */
static const char *namespace_shown(const struct facts *f, struct bytes type)
{
	if (bytes_is(type, "proc"))
		return "pid";
	if (bytes_is(type, "mqueue"))
		return "ipc";
	return bytes_is(type, "sysfs") && standing_dialect(f, "runc") ? "network" : NULL;
}

/* Tried with runc 1.1.5 and crun 1.8.1: EPERM, for a namespace that is joined as well. */
static bool holds_in_user_namespace(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	const struct doc *type = doc_get(d, "type");
	const char *shown = namespace_shown(f, around_string(d, "type"));
	if (!shown || !type || binds(d) || !f->host || standing_elsewhere(f) || !standing_new_user(f))
		return true;
	const struct doc *entry = around_namespace(f->root, shown);
	if (entry && around_string(entry, "path").len == 0)
		return true;
	*ret_at = type;
	return false;
}

static void tells_in_user_namespace(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *mount = mount_of(at);
	text_printf(to,
		"it would show the %s namespace of the host or of others, over which the container's root has no "
		"rights",
		namespace_shown(f, around_string(mount, "type")));
}

const struct predicate be_allowed_in_user_namespace = {
	.says = "go, in a new user namespace, with a new namespace of what it shows: proc with pid, sysfs with "
		"network, mqueue with ipc",
	.judges = DOC_OBJECT,
	.holds = holds_in_user_namespace,
	.tells = tells_in_user_namespace,
};
