/* SPDX-License-Identifier: Apache-2.0 */
/* The words for a seccomp filter, as far as they are about the document: names of system calls are the delegate's. */
#include "validate/rule/predicates.h"

#define NOTIFY "SCMP_ACT_NOTIFY"

static struct bytes member(const struct doc *object, const char *name)
{
	return doc_string(object, name, (struct bytes){ 0 });
}

static bool holds_return_errno(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	const struct doc *value = doc_get(d, r->words[0]);
	const struct bytes action = member(d, r->words[1]);
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
	const struct doc *list = doc_get(seccomp, "syscalls");
	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (bytes_is(member(e, "action"), NOTIFY)) {
			*ret_at = doc_get(e, "action");
			return true;
		}
	return false;
}

static bool holds_listener(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	return member(d, "listenerPath").len > 0 || !notifies(d, ret_at);
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
	if (!metadata || member(d, "listenerMetadata").len == 0 || member(d, "listenerPath").len > 0)
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
