/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for known ways out. Each row names the technique; these find what it needs in the document, and leave be
 * what a user namespace makes harmless.
 */
#include "validate/base/limits.h"
#include "validate/rule/control_brought.h"
#include "validate/rule/predicates_control.h"

/* Root of somebody else: nothing that follows works with it. What is not known counts as if it were so. */
static bool harmless_root(const struct facts *f)
{
	return control_user_namespace(f) != KNOWN_NO;
}

static const struct doc *capability_at(const struct doc *process, const char *name)
{
	static const char *const sets[] = { "bounding", "effective", "permitted", "inheritable", "ambient", NULL };
	for (const char *const *s = sets; *s; s++)
		for (const struct doc *c = around_first(doc_get(process, "capabilities"), *s); c; c = c->next)
			if (c->type == DOC_STRING && control_capability_is(c->string, bytes_of(name)))
				return c;
	return NULL;
}

static bool holds_no_power(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *found = capability_at(d, r->text);
	if (!found || harmless_root(f))
		return true;
	*ret_at = found;
	return false;
}

const struct predicate not_hold_power = {
	.says = "not be {} outside of a user namespace",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_no_power,
};

static bool holds_no_release(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	const struct bytes mode = doc_string(f->host, "cgroup.mode", (struct bytes){ 0 });
	const struct doc *found = capability_at(doc_get(d, "process"), "CAP_SYS_ADMIN");
	if (!found || mode.len == 0 || bytes_is(mode, "v2") || harmless_root(f))
		return true;
	*ret_at = found;
	return false;
}

static void tells_release(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host has cgroup ");
	text_bytes(to, doc_string(f->host, "cgroup.mode", (struct bytes){ 0 }));
	text_add(to, ", and who may mount a hierarchy of v1 sets its release_agent, which the host runs as root");
}

const struct predicate not_set_a_release_agent = {
	.says = "not be CAP_SYS_ADMIN outside of a user namespace",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_no_release,
	.tells = tells_release,
};

static bool holds_no_tracing(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	const struct doc *found = capability_at(doc_get(d, "process"), "CAP_SYS_PTRACE");
	const struct doc *entry = around_namespace(d, "pid");
	if (!found || (entry && control_joins_host(f, entry) != KNOWN_YES) || harmless_root(f))
		return true;
	*ret_at = found;
	return false;
}

const struct predicate not_trace_the_host = {
	.says = "not be CAP_SYS_PTRACE among the processes of the host",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_no_tracing,
};

static bool holds_no_disk(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *found = capability_at(doc_get(d, "process"), "CAP_MKNOD");
	if (!found || !control_all_devices(d) || harmless_root(f))
		return true;
	*ret_at = found;
	return false;
}

const struct predicate not_make_disks = {
	.says = "not be CAP_MKNOD where every device may be opened",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_no_disk,
};

/* The word that is a place which this path is, lies in, or has below it; NULL when there is none. */
static const char *leads_to(const struct rule *r, struct bytes path)
{
	size_t at = 0;
	struct bytes part;
	const bool top = !path_part(path, &at, &part);
	for (const char *const *w = r->words; *w; w++)
		/* What "/" opens is one finding, not all of them. */
		if (**w == '/' &&
			(top ? !(*w)[1]
			     : (*w)[1] && (path_covers(bytes_of(*w), path) || path_covers(path, bytes_of(*w)))))
			return *w;
	return NULL;
}

/* The word, a place or a type of file system, that this source or type is a way to; NULL when there is none. */
static const char *way_to(const struct rule *r, const struct doc *word, const struct facts *f)
{
	struct bringing all = { .from = word };
	struct brought b;
	for (const char *const *w = r->words; *w; w++)
		if (bytes_is(word->key, "type") && **w != '/' && bytes_is(word->string, *w) &&
			!mount_is_bind(brought_mount(word)))
			return *w;
	if (!bytes_is(word->key, "source") || !next_brought(&all, f, &b) || brought_by_engine(f, &b) == KNOWN_YES ||
		brought_for_rootless(f, brought_mount(word), &b))
		return NULL;
	unsigned at = 0;
	struct bytes path;
	while (brought_path(&b, &at, &path)) {
		const char *way = leads_to(r, path);
		if (way)
			return way;
	}
	return NULL;
}

static bool holds_no_way(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return !way_to(r, d, f);
}

static void tells_way(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	const char *way = way_to(r, at, f);
	if (!way)
		return;
	if (*way != '/') {
		text_add(to, "a file system of this type is the kernel's own, for the whole host");
		return;
	}
	text_printf(to, "it leads to %s of the host", way);
}

const struct predicate open_no_way = {
	.says = "not be a way to {0} and the like",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_no_way,
	.tells = tells_way,
};

static bool holds_no_writable_way(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)ret_at;
	return !mount_is_writable(brought_mount(d)) || !way_to(r, d, f) || harmless_root(f);
}

const struct predicate open_no_writable_way = {
	.says = "not be a writable way to {0} and the like",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_no_writable_way,
	.tells = tells_way,
};

static bool holds_unset(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	char name[128];
	(void)f, (void)ret_at;
	if (d->key.len >= sizeof(name))
		return true;
	for (size_t i = 0; i < d->key.len; i++)
		name[i] = (char)(d->key.data[i] == '/' ? '.' : d->key.data[i]);
	return !word_among((struct bytes){ name, d->key.len }, r->words);
}

const struct predicate set_no_helper = {
	.says = "not be one of {}, which name what the kernel runs on the host",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_unset,
};

static bool holds_own_dev(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	if (!around_first(doc_get(f->root, "linux"), "maskedPaths"))
		return true;
	const struct doc *dev = control_mount_at(f->root, "/dev");
	(void)d;
	return dev && bytes_is(around_string(dev, "type"), "tmpfs");
}

const struct predicate have_a_new_dev = {
	.says = "have a new tmpfs at /dev: masked paths are covered with its null device",
	.judges = DOC_ARRAY,
	.of_keys = true,
	.holds = holds_own_dev,
};

static bool holds_own_terminals(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	static const char *const newinstance[] = { "newinstance", NULL };
	(void)r, (void)f;
	if (!bytes_is(around_string(d, "type"), "devpts") || around_option(d, newinstance))
		return true;
	if (doc_get(d, "destination"))
		*ret_at = doc_get(d, "destination");
	return false;
}

const struct predicate have_own_terminals = {
	.says = "have the option newinstance, being a devpts",
	.judges = DOC_OBJECT,
	.holds = holds_own_terminals,
};

static bool holds_no_block(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	if (!bytes_is(around_string(d, "type"), "b"))
		return true;
	if (doc_get(d, "path"))
		*ret_at = doc_get(d, "path");
	return false;
}

static void tells_block(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct bytes known = around_string(doc_get(around_place(f, at->type == DOC_STRING ? at->parent : at),
							 "host"),
		"path");
	text_add(to, known.len > 0 ? "on this host it is " : "it is a disk of the host, or a part of one");
	text_shown(to, known, LIMIT_QUOTE);
}

const struct predicate be_no_disk = {
	.says = "not be a block device",
	.judges = DOC_OBJECT,
	.holds = holds_no_block,
	.tells = tells_block,
};
