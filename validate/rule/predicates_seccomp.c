/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for a seccomp filter. What a system call is called libseccomp knows, and is asked here and nowhere else;
 * actions, architectures, operators and flags are lists of the specification, which the rows hold: a library that is
 * older than the document may know fewer of them, and one that is newer more.
 */
#include <seccomp.h>
#include <stdlib.h>

#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

#define NOTIFY "SCMP_ACT_NOTIFY"
#define NAME_MOST 64 /* bytes; no system call has a longer name */

static bool holds_return_errno(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	const struct doc *value = doc_get(d, r->words[0]);
	const struct bytes action = around_string(d, r->words[1]);
	if (!value || action.len == 0 || bytes_is(action, "SCMP_ACT_ERRNO") || bytes_is(action, "SCMP_ACT_TRACE"))
		return true;
	*ret_at = value;
	return false;
}

const struct predicate return_errno = {
	.says = "go with SCMP_ACT_ERRNO or SCMP_ACT_TRACE",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_return_errno,
};

/* Whether a rule of the filter notifies; *ret_at is its action. */
static bool notifies(const struct doc *seccomp, const struct doc **ret_at)
{
	for (const struct doc *e = around_first(seccomp, "syscalls"); e; e = e->next)
		if (bytes_is(around_string(e, "action"), NOTIFY)) {
			*ret_at = doc_get(e, "action");
			return true;
		}
	return false;
}

static bool holds_listener(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	return around_string(d, "listenerPath").len > 0 || !notifies(d, ret_at);
}

const struct predicate have_a_listener = {
	.says = "go with linux.seccomp.listenerPath, or nobody is notified",
	.judges = DOC_OBJECT,
	.holds = holds_listener,
};

static bool holds_listen_to_tell(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *metadata = doc_get(d, "listenerMetadata");
	if (!metadata || around_string(d, "listenerMetadata").len == 0 || around_string(d, "listenerPath").len > 0)
		return true;
	*ret_at = metadata;
	return false;
}

const struct predicate listen_to_tell = {
	.says = "go with listenerPath",
	.judges = DOC_OBJECT,
	.holds = holds_listen_to_tell,
};

static bool holds_not_notify(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return !bytes_is(d->string, NOTIFY);
}

const struct predicate not_notify = {
	.says = "not be SCMP_ACT_NOTIFY, for the runtime itself would wait for an answer",
	.judges = DOC_STRING,
	.holds = holds_not_notify,
};

static bool holds_listener_used(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *ignored, *path = doc_get(d, "listenerPath");
	if (around_unset(path) || notifies(d, &ignored) || bytes_is(around_string(d, "defaultAction"), NOTIFY))
		return true;
	*ret_at = path;
	return false;
}

const struct predicate listen_to_something = {
	.says = "go with an action SCMP_ACT_NOTIFY: without one nobody is told anything",
	.judges = DOC_OBJECT,
	.holds = holds_listener_used,
};

static bool holds_wait(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f;
	const struct doc *ignored;
	for (const struct doc *e = d->first; e; e = e->next)
		if (e->type == DOC_STRING && bytes_is(e->string, r->text) && !notifies(d->parent, &ignored)) {
			*ret_at = e;
			return false;
		}
	return true;
}

const struct predicate notify_to_wait = {
	.says = "go with an action SCMP_ACT_NOTIFY, which {} is about",
	.takes = TAKES_TEXT,
	.judges = DOC_ARRAY,
	.holds = holds_wait,
};

static bool holds_no_notify_on(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	if (!bytes_is(around_string(d, "action"), NOTIFY))
		return true;
	for (const struct doc *n = around_first(d, "names"); n; n = n->next)
		if (n->type == DOC_STRING && word_among(n->string, r->words)) {
			*ret_at = n;
			return false;
		}
	return true;
}

const struct predicate not_notify_on = {
	.says = "not have the action SCMP_ACT_NOTIFY: the runtime itself needs {} to hand the listener over",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_no_notify_on,
};

/* libseccomp resolves names of all architectures, not only of this one. */
static bool is_known(struct bytes b)
{
	char name[NAME_MOST];
	if (b.len == 0)
		return true;
	if (b.len >= sizeof(name))
		return false;
	memcpy(name, b.data, b.len);
	name[b.len] = '\0';
	return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}

static bool holds_known(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return is_known(d->string);
}

const struct predicate be_a_system_call = {
	.says = "be the name of a system call: one that libseccomp does not know is left out of the filter",
	.judges = DOC_STRING,
	.holds = holds_known,
};

static const char *const killing[] = { "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", NULL };

static bool holds_let_live(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	if (!word_among(around_string(d, "defaultAction"), killing))
		return true;
	for (const struct doc *e = around_first(d, "syscalls"); e; e = e->next)
		if (!word_among(around_string(e, "action"), killing))
			return true;
	*ret_at = doc_get(d, "defaultAction");
	return false;
}

const struct predicate let_something_live = {
	.says = "not kill at every system call: no rule of the filter allows one",
	.judges = DOC_OBJECT,
	.holds = holds_let_live,
};

static bool holds_privilege(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)d, (void)ret_at;
	const struct doc *process = doc_get(f->root, "process");
	return !process || doc_true(process, "noNewPrivileges");
}

const struct predicate load_unprivileged = {
	.says = "go with process.noNewPrivileges: without it the filter is loaded early, and needs CAP_SYS_ADMIN then",
	.judges = DOC_OBJECT,
	.holds = holds_privilege,
};

/* What a rule returns: -1 when its action returns nothing, EPERM when it does not say. */
static int64_t returned(const struct doc *rule, const char *action, const char *value)
{
	const struct bytes name = around_string(rule, action);
	if (!bytes_is(name, "SCMP_ACT_ERRNO") && !bytes_is(name, "SCMP_ACT_TRACE"))
		return -1;
	return around_int(rule, value, 1);
}

static bool holds_differ(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	const struct doc *filter = d->parent->parent;
	return !bytes_equal(around_string(d, "action"), around_string(filter, "defaultAction")) ||
		returned(d, "action", "errnoRet") != returned(filter, "defaultAction", "defaultErrnoRet");
}

const struct predicate differ_from_default = {
	.says = "do something else than defaultAction: it is dropped",
	.judges = DOC_OBJECT,
	.holds = holds_differ,
};
