/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what runs on the host because of a container. A hook is what its path leads to, not how it is spelt:
 * Docker's own is /proc/PID/exe of its daemon, and only that. A hook that others than root may write is theirs.
 */
#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

#define OTHERS_WRITE 022

/* The last component. */
static struct bytes file_name(struct bytes path)
{
	size_t start = path.len;
	while (start > 0 && path.data[start - 1] != '/')
		start--;
	return (struct bytes){ path.data + start, path.len - start };
}

/* "/proc/4711/exe" */
static bool is_a_process(struct bytes path)
{
	size_t at = 0;
	struct bytes part;
	if (!path_part(path, &at, &part) || !bytes_is(part, "proc") || !path_part(path, &at, &part))
		return false;
	for (size_t i = 0; i < part.len; i++)
		if (part.data[i] < '0' || part.data[i] > '9')
			return false;
	return path_part(path, &at, &part) && bytes_is(part, "exe") && !path_part(path, &at, &part);
}

/* Docker's, by which it gives a container its network: it is its own daemon, wherever that is installed. */
static bool is_dockers(const struct doc *hook, struct bytes resolved)
{
	const struct doc *name = around_first(hook, "args");
	if (!name || name->type != DOC_STRING || !bytes_is(name->string, "libnetwork-setkey") ||
		!is_a_process(around_string(hook, "path")))
		return false;
	return resolved.len == 0 || bytes_is(file_name(resolved), "dockerd");
}

enum fault {
	FAULT_NONE,
	FAULT_FORBIDDEN,
	FAULT_NOT_LISTED,
	FAULT_NOT_LISTED_INSIDE,
	FAULT_OTHER_DIGEST,
	FAULT_OF_OTHERS,
	FAULT_BELOW_OTHERS,
	FAULT_IN_ROOTFS,
};

/* A hook, and what the host says of it. */
struct hook {
	const struct doc *found;
	struct bytes path, resolved; /* as it resolves where that is known, else as it is written; "" unless resolved */
	bool inside;                 /* it runs in the container */
};

static struct hook hook_of(const struct doc *d, const struct facts *f)
{
	const struct doc *found = around_place(f, d);
	const struct bytes resolved = around_string(found, "path");
	return (struct hook){
		.found = found,
		.path = resolved.len > 0 ? resolved : around_string(d, "path"),
		.resolved = resolved,
		.inside = bytes_is(d->parent->key, "startContainer"),
	};
}

enum listing { LISTED_NOT, LISTED_OTHER_DIGEST, LISTED_UNSURE, LISTED };

/* Whether a list has the hook. An entry with a digest is for a file that holds just that. */
static enum listing listing(const struct rule *r, const struct hook *h, const struct facts *f, const char *list)
{
	const struct doc *holds = doc_get(h->found, "digest");
	enum listing best = LISTED_NOT;
	for (const struct doc *e = around_first(doc_get(f->params, r->id), list); e; e = e->next) {
		struct bytes path, wanted;
		if (e->type != DOC_STRING)
			continue;
		control_with_digest(e->string, &path, &wanted);
		if (!glob_match(path, h->path))
			continue;
		if (wanted.len == 0 || (holds && bytes_equal(wanted, around_string(h->found, "digest"))))
			return LISTED;
		const enum listing now = holds ? LISTED_OTHER_DIGEST : LISTED_UNSURE;
		best = now > best ? now : best;
	}
	return best;
}

/* In a user namespace everything has owners that nobody knows. */
static bool owners_known(const struct facts *f)
{
	const struct doc *initial = around_host(f, "self.initialUserNamespace");
	return !initial || initial->type != DOC_BOOL || initial->boolean;
}

static enum fault fault_of(const struct rule *r, const struct doc *d, const struct facts *f)
{
	const struct hook h = hook_of(d, f);
	const struct doc *places = around_host(f, "places");
	const struct bytes rootfs = around_string(places ? doc_get(places, "/root") : NULL, "path");
	if (listing(r, &h, f, "forbid") == LISTED)
		return FAULT_FORBIDDEN;
	if (h.inside)
		return !param_set(f, r, "inContainer") || listing(r, &h, f, "inContainer") >= LISTED_UNSURE
			? FAULT_NONE
			: FAULT_NOT_LISTED_INSIDE;
	if (rootfs.len > 0 && path_covers(rootfs, h.path))
		return FAULT_IN_ROOTFS;
	const enum listing allowed = is_dockers(d, h.resolved) ? LISTED : listing(r, &h, f, "allow");
	if (allowed < LISTED_UNSURE)
		return allowed == LISTED_NOT ? FAULT_NOT_LISTED : FAULT_OTHER_DIGEST;
	if (!owners_known(f))
		return FAULT_NONE;
	if (around_int(h.found, "uid", 0) != 0 || (around_int(h.found, "mode", 0) & OTHERS_WRITE) != 0)
		return FAULT_OF_OTHERS;
	return around_first(h.found, "above") ? FAULT_BELOW_OTHERS : FAULT_NONE;
}

static bool holds_hook(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	if (fault_of(r, d, f) == FAULT_NONE)
		return true;
	if (doc_get(d, "path"))
		*ret_at = doc_get(d, "path");
	return false;
}

static void tells_hook(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	const struct doc *hook = at->type == DOC_STRING ? at->parent : at;
	const struct hook h = hook_of(hook, f);
	const enum fault fault = fault_of(r, hook, f);
	if (h.resolved.len > 0 && !bytes_equal(h.resolved, around_string(hook, "path")) && fault != FAULT_IN_ROOTFS) {
		text_add(to, "it leads to ");
		text_shown(to, h.resolved, LIMIT_QUOTE);
		text_add(to, ", and ");
	}
	switch (fault) {
	case FAULT_IN_ROOTFS:
		text_add(to, "on this host it leads into the container's own files");
		break;
	case FAULT_OF_OTHERS:
		text_add(to, "on this host others than root may write it");
		break;
	case FAULT_BELOW_OTHERS:
		text_add(to, "on this host others than root may replace it, for they may write ");
		text_shown(to, around_string(around_first(h.found, "above"), "path"), LIMIT_QUOTE);
		break;
	case FAULT_OTHER_DIGEST:
		text_add(to, "on this host it does not hold what the policy names by its digest");
		if (around_string(h.found, "digest").len > 0) {
			text_add(to, ", but ");
			text_shown(to, around_string(h.found, "digest"), LIMIT_QUOTE);
		}
		break;
	case FAULT_FORBIDDEN:
		text_add(to, "the policy forbids ");
		param_write(f, r, "forbid", NULL, to);
		break;
	case FAULT_NOT_LISTED_INSIDE:
		text_add(to, "before the container's own process starts, the policy lets run in it ");
		param_write(f, r, "inContainer", NULL, to);
		break;
	case FAULT_NOT_LISTED:
	case FAULT_NONE:
		text_add(to, "on the host, as root, the policy lets run ");
		param_write(f, r, "allow", NULL, to);
		break;
	}
}

const struct predicate be_an_allowed_hook = {
	.says = "be a hook that the policy allows",
	.judges = DOC_OBJECT,
	.holds = holds_hook,
	.tells = tells_hook,
};

/* "NAME" of "NAME=value". */
static struct bytes name_of(struct bytes assignment)
{
	const char *equals = assignment.len > 0 ? memchr(assignment.data, '=', assignment.len) : NULL;
	return (struct bytes){ assignment.data, equals ? (size_t)(equals - assignment.data) : assignment.len };
}

static bool loads(struct bytes name)
{
	static const char *const names[] = { "LD_PRELOAD", "LD_AUDIT", NULL };
	return word_among(name, names);
}

static const struct doc *loading(const struct doc *process)
{
	for (const struct doc *e = around_first(process, "env"); e; e = e->next)
		if (e->type == DOC_STRING && loads(name_of(e->string)))
			return e;
	return NULL;
}

/* A variable of the hook's own; or, of a hook that runs in the container's namespaces, of the container's. */
static bool holds_hook_env(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	if (d->type == DOC_OBJECT)
		return !loading(doc_get(f->root, "process"));
	const struct bytes name = name_of(d->string);
	return !bytes_start(name, "LD_") && !bytes_is(name, "GCONV_PATH") && !bytes_is(name, "LOCPATH");
}

static void tells_hook_env(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	text_add(to,
		at->type == DOC_OBJECT ? "the container's LD_PRELOAD or LD_AUDIT reaches it, and runs the container's "
					 "code as root of the host"
				       : "with this variable it loads what somebody else has written");
}

const struct predicate load_nothing_foreign = {
	.says = "run without variables of the dynamic loader",
	.judges = DOC_OBJECT | DOC_STRING,
	.of_keys = true,
	.holds = holds_hook_env,
	.tells = tells_hook_env,
};

static bool has_line_break(struct bytes b)
{
	return b.len > 0 && (memchr(b.data, '\n', b.len) || memchr(b.data, '\r', b.len));
}

static bool holds_env(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	static const char *const one_line[] = { "HOME", "PATH", "USER", "LOGNAME", "SHELL", NULL };
	(void)r, (void)f, (void)ret_at;
	const struct bytes name = name_of(d->string);
	const struct bytes value = { d->string.data + name.len, d->string.len - name.len };
	if (word_among(name, one_line) && has_line_break(value))
		return false;
	return !loads(name) || !bytes_start(value, "=/proc/");
}

static void tells_env(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	text_add(to,
		loads(name_of(at->string))
			? "a library below /proc can be a file of the host's that a delegate has open"
			: "engines and delegates write it into files by lines, such as /etc/passwd");
}

const struct predicate be_a_sane_variable = {
	.says = "neither break the line nor load a library from /proc",
	.judges = DOC_STRING,
	.of_keys = true,
	.holds = holds_env,
	.tells = tells_env,
};
