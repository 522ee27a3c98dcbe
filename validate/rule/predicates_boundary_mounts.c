/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mounts, as they were asked for and as they lie in the container. What was asked for twice is what was asked for last,
 * as the runtimes have it. Who may mount in there may have changed them.
 */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

static const char *const remount_options[] = { "remount", NULL };

/* A flag in the words of the document, recursive ones too, and whether it is one that confines. */
static const struct flag {
	const char *set[2], *unset[2];
	bool confines;
} flags[] = {
	{ { "ro", "rro" }, { "rw", "rrw" }, true },
	{ { "nosuid", "rnosuid" }, { "suid", "rsuid" }, true },
	{ { "nodev", "rnodev" }, { "dev", "rdev" }, true },
	{ { "noexec", "rnoexec" }, { "exec", "rexec" }, true },
	{ { "nosymfollow", "rnosymfollow" }, { "symfollow", "rsymfollow" }, true },
	{ { "noatime", "rnoatime" }, { "atime", "ratime" }, false },
	{ { "nodiratime", "rnodiratime" }, { "diratime", "rdiratime" }, false },
	{ { "sync", "sync" }, { "async", "async" }, false },
	{ { "dirsync", "dirsync" }, { "dirsync", "dirsync" }, false },
};
#define FLAGS (sizeof(flags) / sizeof(flags[0]))

/* What lies there; NULL when it is not known, or may be the container's own doing. */
static const struct doc *lies(const struct facts *f, const struct doc *mount)
{
	if (around_option(mount, remount_options) || seen_own_doing(f, "CAP_SYS_ADMIN"))
		return NULL;
	return seen_at(f, "mounts", mount);
}

/*
 * The same, where something does and is what was asked for. Of cgroup v1 it is a tmpfs, and what confines is on the
 * hierarchies in it: the tmpfs runc leaves writable [tried: 1.1.5].
 */
static const struct doc *confined(const struct facts *f, const struct doc *mount)
{
	const struct doc *is = lies(f, mount);
	const bool v1 = bytes_is(around_string(mount, "type"), "cgroup") &&
		bytes_is(around_string(is, "type"), "tmpfs");
	return bytes_is(around_string(is, "kind"), "mount") && !v1 ? is : NULL;
}

/* The same, where something does. */
static const struct doc *lying(const struct facts *f, const struct doc *mount)
{
	const struct doc *is = lies(f, mount);
	return bytes_is(around_string(is, "kind"), "mount") ? is : NULL;
}

static const struct doc *mount_of(const struct doc *at)
{
	while (at->parent && (at->parent->type != DOC_ARRAY || !bytes_is(at->parent->key, "mounts")))
		at = at->parent;
	return at;
}

static bool holds_mounted(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !bytes_is(around_string(lies(f, d), "kind"), "none");
}

static void tells_mounted(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "it has no mount at that destination");
}

const struct predicate be_mounted = {
	.says = "be mounted in the container",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_mounted,
	.tells = tells_mounted,
};

static bool starts(struct bytes a, struct bytes b)
{
	return a.len >= b.len && b.len > 0 && memcmp(a.data, b.data, b.len) == 0;
}

/*
 * nfs may be nfs4, and fuse stands for many. Runtimes make of cgroup what the host has: of v1 a tmpfs with the
 * hierarchies in it, of v2 one file system [tried: runc 1.1.5, crun 1.8.1].
 */
static bool fits(struct bytes asked, struct bytes is)
{
	static const char *const any[] = { "bind", "rbind", "none", NULL };
	static const char *const cgroup[] = { "cgroup", "cgroup2", "tmpfs", NULL };
	if (asked.len == 0 || is.len == 0 || word_among(asked, any) || starts(asked, is) || starts(is, asked))
		return true;
	return bytes_start(is, "fuse") || (bytes_start(asked, "cgroup") && word_among(is, cgroup));
}

static bool holds_type(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *type = doc_get(d, "type");
	if (!type || around_option(d, mount_bind_options) ||
		fits(around_string(d, "type"), around_string(lying(f, d), "type")))
		return true;
	*ret_at = type;
	return false;
}

static void tells_type(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	text_add(to, "the container has a file system of type ");
	say_bytes(around_string(lying(f, mount_of(at)), "type"), to);
	text_add(to, " there");
}

const struct predicate be_of_its_type = {
	.says = "be what is mounted in the container",
	.judges = DOC_OBJECT,
	.holds = holds_type,
	.tells = tells_type,
};

static bool is_word(struct bytes word, const char *const *two)
{
	return bytes_is(word, two[0]) || bytes_is(word, two[1]);
}

/* The option that says last whether the flag is set, with *ret_set; NULL: none does. */
static const struct doc *word_on(const struct doc *mount, const struct flag *flag, bool *ret_set)
{
	const struct doc *last = NULL;
	for (const struct doc *o = around_first(mount, "options"); o; o = o->next) {
		const bool set = o->type == DOC_STRING && is_word(o->string, flag->set);
		if (!set && (o->type != DOC_STRING || !is_word(o->string, flag->unset)))
			continue;
		last = o;
		*ret_set = set;
	}
	return last;
}

/* The option that the mount does not have as it was asked for; NULL: each is. */
static const struct doc *broken_word(const struct facts *f, const struct doc *mount, bool confines, bool set)
{
	const struct doc *options = doc_get(confined(f, mount), "options");
	for (size_t i = 0; options && i < FLAGS; i++) {
		bool asked = false;
		const struct doc *word = flags[i].confines == confines ? word_on(mount, &flags[i], &asked) : NULL;
		const bool is = known_entry(options, bytes_of(flags[i].set[0])) == YES;
		if (word && asked == set && is != set)
			return word;
	}
	return NULL;
}

static void tells_options(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	text_add(to, "it has ");
	say_list(doc_get(lying(f, mount_of(at)), "options"), to);
}

static bool holds_confined(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *word = broken_word(f, d, true, true);
	if (word)
		*ret_at = word;
	return !word;
}

const struct predicate be_confined_so = {
	.says = "hold for the mount in the container",
	.judges = DOC_OBJECT,
	.holds = holds_confined,
	.tells = tells_options,
};

/* A bind mount keeps what confined its source, and nothing of a file system that is read-only can be written to. */
static bool holds_open(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *word = broken_word(f, d, true, false);
	if (word)
		*ret_at = word;
	return !word;
}

const struct predicate be_open_so = {
	.says = "hold for the mount in the container, which is closer",
	.judges = DOC_OBJECT,
	.holds = holds_open,
	.tells = tells_options,
};

static bool holds_behave(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *word = broken_word(f, d, false, true);
	if (word)
		*ret_at = word;
	return !word;
}

const struct predicate behave_so = {
	.says = "hold for the mount in the container",
	.judges = DOC_OBJECT,
	.holds = holds_behave,
	.tells = tells_options,
};

/* A root that is to be shared, with all below it, is made so last by crun [tried: 1.8.1]; nobody outside shares it. */
static bool shared_by_root(const struct facts *f, struct bytes is)
{
	const struct bytes root = around_string(doc_get(f->root, "linux"), "rootfsPropagation");
	return bytes_is(root, "rshared") && bytes_is(is, "shared");
}

static bool holds_propagation(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	const struct doc *last = NULL;
	for (const struct doc *o = around_first(d, "options"); o; o = o->next)
		if (o->type == DOC_STRING && boundary_propagation(o->string))
			last = o;
	const struct bytes is = around_string(lying(f, d), "propagation");
	if (!last || boundary_propagates(last->string, is) || shared_by_root(f, is))
		return true;
	*ret_at = last;
	return false;
}

static void tells_propagation(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	text_add(to, "it is ");
	say_bytes(around_string(lying(f, mount_of(at)), "propagation"), to);
}

const struct predicate propagate_so = {
	.says = "be how the mount in the container propagates",
	.judges = DOC_OBJECT,
	.holds = holds_propagation,
	.tells = tells_propagation,
};
