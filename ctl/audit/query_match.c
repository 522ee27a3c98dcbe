/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a record is meant: one small question per filter. */
#include <stdio.h>

#include "ctl/audit/query.h"
#include "validate/base/limits.h"

/* Whole words, in which * stands for any run of characters, slashes too, and nothing else is special. */
static bool like(const char *pattern, struct bytes text)
{
	const char *star = NULL, *at = pattern;
	size_t i = 0, again = 0;

	while (i < text.len) {
		if (*at == '*') {
			star = at++;
			again = i;
		} else if (*at && *at == text.data[i]) {
			at++;
			i++;
		} else if (star) {
			at = star + 1;
			i = ++again;
		} else {
			return false;
		}
	}
	while (*at == '*')
		at++;
	return *at == '\0';
}

static struct bytes said(const struct doc *d, const char *path)
{
	return doc_string(d, path, (struct bytes){ 0 });
}

/* Whether the member is there and like the word. */
static bool member_like(const struct doc *d, const char *path, const char *word)
{
	const struct bytes value = said(d, path);
	return value.len > 0 && like(word, value);
}

static bool takes_decision(const struct doc *d, const char *word)
{
	return bytes_is(said(d, "decision"), word);
}

static bool takes_action(const struct doc *d, const char *word)
{
	return bytes_is(said(d, "action"), word);
}

static bool takes_event(const struct doc *d, const char *word)
{
	return member_like(d, "event.code", word);
}

static bool takes_rule(const struct doc *d, const char *word)
{
	const struct doc *list = doc_get(d, "violations");

	for (const struct doc *v = list ? list->first : NULL; v; v = v->next)
		if (member_like(v, "rule", word))
			return true;
	return false;
}

static bool takes_container(const struct doc *d, const char *word)
{
	return bytes_start(said(d, "container.id"), word) || member_like(d, "container.name", word);
}

static bool takes_pod(const struct doc *d, const char *word)
{
	const char *slash = strchr(word, '/');
	char space[512];
	const size_t len = slash ? (size_t)(slash - word) : 0;

	if (!slash || len >= sizeof(space) || said(d, "k8s.pod.name").len + said(d, "k8s.namespace.name").len == 0)
		return false;
	memcpy(space, word, len);
	space[len] = '\0';
	return like(space, said(d, "k8s.namespace.name")) && like(slash + 1, said(d, "k8s.pod.name"));
}

static bool takes_image(const struct doc *d, const char *word)
{
	return member_like(d, "container.image.name", word) || member_like(d, "container.image.id", word);
}

/* An executable by its path or its last name, or a unit. */
static bool takes_caller(const struct doc *d, const char *word)
{
	const struct bytes exe = said(d, "caller.exe");
	const char *slash = exe.len > 0 ? memrchr(exe.data, '/', exe.len) : NULL;

	if (slash && like(word, (struct bytes){ slash + 1, exe.len - (size_t)(slash + 1 - exe.data) }))
		return true;
	return member_like(d, "caller.exe", word) || member_like(d, "caller.unit", word);
}

static bool number_is(const struct doc *d, const char *path, const char *word)
{
	const struct doc *n = doc_find(d, path);
	char digits[24];

	if (!n || n->type != DOC_INT || n->integer.negative)
		return false;
	(void)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n->integer.magnitude);
	return strcmp(digits, word) == 0;
}

/* Who logged in; where nobody did, who ran it. */
static bool takes_user(const struct doc *d, const char *word)
{
	return number_is(d, doc_find(d, "user.auid") ? "user.auid" : "user.euid", word);
}

static bool takes_policy(const struct doc *d, const char *word)
{
	const char *at = strchr(word, '@');
	char name[128];

	if (strncmp(word, "sha256:", 7) == 0)
		return bytes_start(said(d, "policy.digest"), word);
	const size_t len = at ? (size_t)(at - word) : strlen(word);
	if (len >= sizeof(name))
		return false;
	memcpy(name, word, len);
	name[len] = '\0';
	return member_like(d, "policy.name", name) && (!at || member_like(d, "policy.version", at + 1));
}

static bool takes_capability(const struct doc *d, const char *word)
{
	static const char *const lists[] = { "facts.capabilities", "facts.cap_added" };

	for (size_t i = 0; i < 2; i++) {
		const struct doc *list = doc_find(d, lists[i]);
		for (const struct doc *v = list ? list->first : NULL; v; v = v->next)
			if (v->type == DOC_STRING && like(word, v->string))
				return true;
	}
	return false;
}

/* "net": the host's or another's; "net=host": just that. */
static bool takes_namespace(const struct doc *d, const char *word)
{
	const struct doc *list = doc_find(d, "facts.namespaces"), *host = doc_find(d, "facts.host_ns");
	const struct bytes kind = { word, strcspn(word, "=") };
	const char *how = word[kind.len] ? word + kind.len + 1 : NULL;

	for (const struct doc *v = list ? list->first : NULL; v; v = v->next) {
		if (!bytes_equal(said(v, "kind"), kind))
			continue;
		return how ? bytes_is(said(v, "how"), how) : !bytes_is(said(v, "how"), "new");
	}
	/* A record that has only the host's. */
	for (const struct doc *v = host ? host->first : NULL; v; v = v->next)
		if (v->type == DOC_STRING && bytes_equal(v->string, kind))
			return !how || strcmp(how, "host") == 0;
	return false;
}

static bool (*const questions[WANT_MAX])(const struct doc *d, const char *word) = {
	[WANT_DECISION] = takes_decision,
	[WANT_ACTION] = takes_action,
	[WANT_EVENT] = takes_event,
	[WANT_RULE] = takes_rule,
	[WANT_CONTAINER] = takes_container,
	[WANT_POD] = takes_pod,
	[WANT_IMAGE] = takes_image,
	[WANT_CALLER] = takes_caller,
	[WANT_USER] = takes_user,
	[WANT_POLICY] = takes_policy,
	[WANT_CAPABILITY] = takes_capability,
	[WANT_NAMESPACE] = takes_namespace,
};

/* What nobody asked for by default: the small steps of containers, and where the chain stood. */
static bool is_small(const struct doc *d)
{
	const struct bytes event = said(d, "event.code");
	/* What was decided at a start (container.drift, container.boundary) is none of them. */
	return (bytes_start(event, "container.") && said(d, "decision").len == 0) ||
		bytes_is(event, "audit.checkpoint");
}

/* The kernel writes a boot's id with dashes, journald without. */
static bool same_boot(struct bytes id, const char *wanted)
{
	for (size_t i = 0; i < id.len; i++) {
		if (id.data[i] == '-')
			continue;
		while (*wanted == '-')
			wanted++;
		if (*wanted++ != id.data[i])
			return false;
	}
	return *wanted == '\0' && id.len > 0;
}

bool query_takes(const struct query *q, const struct doc *record)
{
	/* Who names an action or an event means it. */
	const bool named = q->want[WANT_ACTION].count + q->want[WANT_EVENT].count > 0;

	if (!q->lifecycle && !named && is_small(record))
		return false;
	if (q->boot && !same_boot(said(record, "host.boot_id"), q->boot))
		return false;
	for (size_t i = 0; i < WANT_MAX; i++) {
		const struct wanted *w = &q->want[i];
		bool any = w->count == 0;
		for (size_t k = 0; k < w->count && !any; k++)
			any = questions[i](record, w->words[k]);
		if (!any)
			return false;
	}
	return true;
}

bool query_within(const struct query *q, struct timespec t)
{
	/* Open means open: a line that claims a time before 1970 is not to be lost so. */
	const bool from = q->since.tv_sec != 0 || q->since.tv_nsec != 0;
	if (from && (t.tv_sec < q->since.tv_sec || (t.tv_sec == q->since.tv_sec && t.tv_nsec < q->since.tv_nsec)))
		return false;
	return q->until.tv_sec == 0 || t.tv_sec < q->until.tv_sec ||
		(t.tv_sec == q->until.tv_sec && t.tv_nsec <= q->until.tv_nsec);
}
