/* SPDX-License-Identifier: Apache-2.0 */
/* The root of the container, what is hidden or fixed in it, and its device nodes. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

static const char *const propagations[] = {
	"private",
	"rprivate",
	"slave",
	"rslave",
	"shared",
	"rshared",
	"unbindable",
	"runbindable",
	NULL,
};

bool boundary_propagation(struct bytes word)
{
	return word_among(word, propagations);
}

bool boundary_propagates(struct bytes asked, struct bytes is)
{
	if (asked.len > 0 && asked.data[0] == 'r')
		asked = (struct bytes){ asked.data + 1, asked.len - 1 };
	if (is.len == 0 || bytes_equal(asked, is))
		return true;
	return (bytes_is(asked, "slave") && bytes_is(is, "private")) ||
		(bytes_is(asked, "private") && bytes_is(is, "unbindable"));
}

static bool holds_read_only(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !d->boolean || known_true(seen(f, "root.readonly")) != NO || seen_own_doing(f, "CAP_SYS_ADMIN");
}

static void tells_read_only(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "it can be written to");
}

const struct predicate be_read_only = {
	.says = "hold for the root of the container",
	.judges = DOC_BOOL,
	.holds = holds_read_only,
	.tells = tells_read_only,
};

/*
 * A root that was told to be shared is private under runc: it binds the root over itself, after it has cut what the
 * root lies on off [tried: 1.1.5]. Engines write "shared" for every volume that is to be shared, and the volume then
 * is.
 */
static bool shared_with_nobody(struct bytes asked, struct bytes is)
{
	return (bytes_is(asked, "shared") || bytes_is(asked, "rshared")) && bytes_is(is, "private");
}

static bool holds_propagated(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct bytes is = seen_string(f, "root.propagation");
	return !boundary_propagation(d->string) || seen_own_doing(f, "CAP_SYS_ADMIN") ||
		boundary_propagates(d->string, is) || shared_with_nobody(d->string, is);
}

static void tells_propagated(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "it is ");
	say_bytes(seen_string(f, "root.propagation"), to);
}

const struct predicate be_propagated_so = {
	.says = "be how the root of the container propagates",
	.judges = DOC_STRING,
	.holds = holds_propagated,
	.tells = tells_propagated,
};

/* What was seen of a path of a list. */
static struct bytes path_seen(const struct facts *f, const char *list, struct bytes path)
{
	const struct doc *all = seen_own_doing(f, "CAP_SYS_ADMIN") ? NULL : seen(f, list);
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m; m = m->next)
		if (m->type == DOC_STRING && bytes_equal(m->key, path))
			return m->string;
	return (struct bytes){ 0 };
}

static bool holds_masked(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !bytes_is(path_seen(f, "maskedPaths", d->string), "open");
}

static void tells_masked(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "it is open there");
}

const struct predicate be_masked = {
	.says = "be hidden in the container",
	.judges = DOC_STRING,
	.holds = holds_masked,
	.tells = tells_masked,
};

static bool holds_unwritable(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !bytes_is(path_seen(f, "readonlyPaths", d->string), "writable");
}

static void tells_unwritable(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "it can be written to there");
}

const struct predicate be_unwritable = {
	.says = "be read-only in the container",
	.judges = DOC_STRING,
	.holds = holds_unwritable,
	.tells = tells_unwritable,
};

static bool same_member(const struct doc *a, const struct doc *b, const char *name)
{
	return around_int(a, name, 0) == around_int(b, name, 0);
}

/* Where runtimes put a link to pts/ptmx, whatever else is asked for [tried: runc 1.1.5, crun 1.8.1]. */
static bool is_link(const struct doc *d)
{
	return bytes_is(around_string(d, "path"), "/dev/ptmx");
}

/* u is c by another name; a fifo has no numbers. Root may make other ones, and remove these. */
static bool holds_made(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *is = seen_at(f, "devices", d);
	const struct bytes kind = around_string(is, "kind"), asked = around_string(d, "type");
	if (kind.len == 0 || asked.len == 0)
		return true;
	if (!bytes_is(kind, "device"))
		return !seen_created(f) || is_link(d);
	if (seen_own_doing(f, "CAP_MKNOD"))
		return true;
	const struct bytes type = bytes_is(asked, "u") ? bytes_of("c") : asked;
	return bytes_equal(type, around_string(is, "type")) &&
		(bytes_is(type, "p") || (same_member(d, is, "major") && same_member(d, is, "minor")));
}

static void tells_made(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *is = seen_at(f, "devices", at);
	const struct bytes kind = around_string(is, "kind");
	if (bytes_is(kind, "none")) {
		text_add(to, "it has none at that path");
	} else if (!bytes_is(kind, "device")) {
		text_add(to, "it has something else at that path");
	} else {
		text_add(to, "it has ");
		say_bytes(around_string(is, "type"), to);
		text_printf(to, " %lld:%lld at that path", (long long)around_int(is, "major", 0),
			(long long)around_int(is, "minor", 0));
	}
}

const struct predicate be_made_so = {
	.says = "be a device of the container",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_made,
	.tells = tells_made,
};

/*
 * The node that was made for this entry; NULL when there may be none. With a user namespace the host's are bound
 * instead, as they are.
 */
static const struct doc *node_made(const struct facts *f, const struct doc *d)
{
	const struct doc *is = seen_at(f, "devices", d);
	const bool bound = !f->root || around_namespace(f->root, "user");
	return bound || !seen_created(f) || !bytes_is(around_string(is, "kind"), "device") ? NULL : is;
}

static bool modes(const struct facts *f, const struct doc *d, int64_t *ret_asked, int64_t *ret_is)
{
	const struct doc *is = node_made(f, d);
	*ret_asked = around_int(d, "fileMode", -1);
	*ret_is = around_int(is, "mode", -1);
	if (*ret_asked < 0 || *ret_is < 0)
		return false;
	*ret_asked &= 07777;
	*ret_is &= 07777;
	return true;
}

static bool holds_open(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	int64_t asked, is;
	if (!modes(f, d, &asked, &is) || !(is & ~asked))
		return true;
	*ret_at = doc_get(d, "fileMode");
	return false;
}

static void tells_mode(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *d = at->type == DOC_OBJECT ? at : at->parent, *is = node_made(f, d);
	text_printf(to, "it has the mode %04llo (%lld) there, and belongs to %lld:%lld",
		(unsigned long long)around_int(is, "mode", 0) & 07777, (long long)around_int(is, "mode", 0) & 07777,
		(long long)around_int(is, "uid", 0), (long long)around_int(is, "gid", 0));
}

const struct predicate be_open_to_those = {
	.says = "cover the mode of the device in the container",
	.judges = DOC_OBJECT,
	.holds = holds_open,
	.tells = tells_mode,
};

static bool holds_owned(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	static const char *const ids[] = { "uid", "gid" };
	(void)r;
	int64_t asked, is;
	const struct doc *node = node_made(f, d);
	for (size_t i = 0; node && i < 2; i++)
		if (doc_get(d, ids[i]) && doc_get(node, ids[i]) && !same_member(d, node, ids[i])) {
			*ret_at = doc_get(d, ids[i]);
			return false;
		}
	if (!modes(f, d, &asked, &is) || !(asked & ~is) || (is & ~asked))
		return true;
	*ret_at = doc_get(d, "fileMode");
	return false;
}

const struct predicate be_owned_so = {
	.says = "hold for the device in the container",
	.judges = DOC_OBJECT,
	.holds = holds_owned,
	.tells = tells_mode,
};
