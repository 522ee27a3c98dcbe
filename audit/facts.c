/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The questions that are asked of all containers at once: which of them are on the host's network, which hold
 * CAP_SYS_ADMIN, which run unfiltered? Each answer is a word of an enumeration, so that it can be matched for. The
 * document is hostile and may hold anything of any type; what is none of those words is not repeated here.
 *
 * An exec says only what is different from its container. The rest is the container's own, as it was noted at create.
 */
#include "audit/facts.h"

#include <errno.h>

#include "validate/base/limits.h"
#include "validate/rule/predicates_control.h"

#define NAME_MOST 40 /* bytes of a capability's name; the longest that Linux has is 22 */

/* The runtime-spec's names and the kernel's (/proc/self/ns), which the rules ns.host.* have as well. */
static const struct {
	const char *type, *kind;
} namespaces[] = {
	{ "cgroup", "cgroup" },
	{ "ipc", "ipc" },
	{ "mount", "mnt" },
	{ "network", "net" },
	{ "pid", "pid" },
	{ "time", "time" },
	{ "user", "user" },
	{ "uts", "uts" },
};

/* What Docker gives a container that asks for nothing (docker 20.10, `docker run`, as its config.json has it). */
static const char *const usual[] = { "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID",
	"CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP",
	"CAP_SETUID", "CAP_SYS_CHROOT" };

static const struct doc *process_of(const struct judged *j)
{
	return j->config ? doc_get(j->config, "process") : j->process;
}

static int add_namespaces(struct record *r, const struct judged *j)
{
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		const char *kind = namespaces[i].kind;
		const struct bytes how = doc_string(doc_get(j->posture, "namespaces"), namespaces[i].type,
			(struct bytes){ 0 });
		if (how.len == 0)
			continue;
		const char *both = arena_printf(r->arena, "%s|%.*s", kind, (int)how.len, how.data);
		if (!both || record_add(r, FIELD_NAMESPACE, bytes_of(both)) < 0)
			return -ENOMEM;
		if (bytes_is(how, "host") && record_add(r, FIELD_HOST_NS, bytes_of(kind)) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* "chown" and "CHOWN" as "CAP_CHOWN", for the one spelling that can be asked for; false when it is no such name. */
static bool spell(struct bytes name, char ret[static NAME_MOST + 1])
{
	struct text to = text_over(ret, NAME_MOST + 1);
	char upper[NAME_MOST + 1];

	if (name.len == 0 || name.len > NAME_MOST)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.data[i];
		const bool lower = c >= 'a' && c <= 'z';
		if (!lower && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
		upper[i] = c;
		if (lower)
			upper[i] = (char)(c - ('a' - 'A'));
	}
	const struct bytes word = { upper, name.len };
	if (!bytes_start(word, "CAP_"))
		text_add(&to, "CAP_");
	text_bytes(&to, word);
	return !to.cut;
}

static bool is_usual(const char *name)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (strcmp(usual[i], name) == 0)
			return true;
	return false;
}

static int order(struct bytes value, const char *name)
{
	const int d = strncmp(value.data, name, value.len);
	return d ? d : name[value.len] ? -1 : 0;
}

/*
 * Adds the name to those from entry `first` on, the last that there are, in the order of their bytes: in it journald
 * keeps them anyway (audit/journal_fields.c), and the same capabilities are the same text.
 */
static int add_name(struct record *r, size_t first, const char *name)
{
	size_t at = r->count;
	while (at > first && order(r->entries[at - 1].value, name) > 0)
		at--;
	if (at > first && order(r->entries[at - 1].value, name) == 0)
		return 0;
	if (r->count - first == LIMIT_RECORD_LISTED) {
		r->truncated = true;
		return 0;
	}
	if (record_add(r, FIELD_CAPABILITY, bytes_of(name)) < 0)
		return -ENOMEM;
	const struct entry added = r->entries[r->count - 1];
	memmove(&r->entries[at + 1], &r->entries[at], (r->count - 1 - at) * sizeof(added));
	r->entries[at] = added;
	return 0;
}

static int add_set(struct record *r, size_t first, const struct doc *set)
{
	char name[NAME_MOST + 1];

	for (const struct doc *c = set && set->type == DOC_ARRAY ? set->first : NULL; c; c = c->next)
		if (c->type == DOC_STRING && spell(c->string, name) && add_name(r, first, name) < 0)
			return -ENOMEM;
	return 0;
}

/* Of the names from entry `first` on those that Docker does not give by default. */
static int add_unusual(struct record *r, size_t first)
{
	for (size_t i = first, end = r->count; i < end; i++) {
		const struct bytes name = r->entries[i].value; /* harmless already, and text */
		if (!is_usual(name.data) && record_add(r, FIELD_CAP_ADDED, name) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* Of a process that says nothing of them they are its container's, and what a command line says comes on top. */
static int add_capabilities(struct record *r, const struct judged *j)
{
	const struct doc *own = doc_find(process_of(j), "capabilities.effective");
	const bool whole = j->config || (j->process && !j->spoken && doc_get(j->process, "capabilities"));
	const size_t first = r->count;

	if (!j->config && !j->process && !j->spoken)
		return 0;
	if (!whole && add_set(r, first, doc_find(j->posture, "capabilities.effective")) < 0)
		return -ENOMEM;
	return add_set(r, first, own) < 0 ? -ENOMEM : add_unusual(r, first);
}

/* An id of the process: its own, 0 where a document leaves it out, else the container's. */
static const struct doc *id_of(const struct judged *j, const char *name)
{
	const struct doc *own = doc_get(doc_get(process_of(j), "user"), name);
	const struct doc *kept = doc_get(doc_get(j->posture, "user"), name);
	const struct doc *id = own ? own : j->spoken ? kept : NULL;

	return id && id->type == DOC_INT && !id->integer.negative ? id : NULL;
}

static int add_user(struct record *r, const struct judged *j)
{
	const struct doc *uid = id_of(j, "uid"), *gid = id_of(j, "gid");

	if (j->spoken ? !uid || !gid : !process_of(j))
		return 0;
	const char *user = arena_printf(r->arena, "%llu:%llu", uid ? (unsigned long long)uid->integer.magnitude : 0,
		gid ? (unsigned long long)gid->integer.magnitude : 0);
	return user ? record_add(r, FIELD_USER, bytes_of(user)) : -ENOMEM;
}

static int add_count(struct record *r, enum field f, const struct doc *list)
{
	return record_number(r, f, list && list->type == DOC_ARRAY ? list->count : 0);
}

static uint64_t hook_count(const struct doc *config)
{
	const struct doc *hooks = doc_get(config, "hooks");
	uint64_t count = 0;

	for (const struct doc *h = hooks && hooks->type == DOC_OBJECT ? hooks->first : NULL; h; h = h->next)
		count += h->type == DOC_ARRAY ? h->count : 0;
	return count;
}

static int add_counts(struct record *r, const struct judged *j)
{
	const struct doc *process = process_of(j);
	int e = 0;

	if (process && !j->spoken) {
		e = add_count(r, FIELD_ARGS_COUNT, doc_get(process, "args"));
		e = e < 0 ? e : add_count(r, FIELD_ENV_COUNT, doc_get(process, "env"));
	}
	if (e == 0 && j->config) {
		e = add_count(r, FIELD_MOUNT_COUNT, doc_get(j->config, "mounts"));
		e = e < 0 ? e : record_number(r, FIELD_HOOK_COUNT, hook_count(j->config));
	}
	return e;
}

/* An empty object filters nothing: so delegates read it. */
static int add_seccomp(struct record *r, const struct judged *j)
{
	const struct doc *own = doc_find(j->config, "linux.seccomp"), *kept = doc_get(j->posture, "seccomp");

	if (j->config)
		return record_add(r, FIELD_SECCOMP,
			own && own->type == DOC_OBJECT && own->count > 0 ? BYTES("filter") : BYTES("none"));
	if (!kept || kept->type != DOC_BOOL)
		return 0;
	return record_add(r, FIELD_SECCOMP, kept->boolean ? BYTES("filter") : BYTES("none"));
}

static int add_lsm(struct record *r, const struct judged *j)
{
	static const char *const names[][2] = { { "apparmor", "apparmorProfile" }, { "selinux", "selinuxLabel" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bytes label = doc_string(process_of(j), names[i][1], (struct bytes){ 0 });
		if (label.len == 0 && !j->config)
			label = doc_string(j->posture, names[i][1], label);
		if (label.len == 0)
			continue;
		struct text t = text_growing(r->arena);
		text_printf(&t, "%s|", names[i][0]);
		text_bytes(&t, label);
		if (t.cut || record_add(r, FIELD_LSM, (struct bytes){ t.data, t.len }) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* By the control's own word: nobody could explain a record that says otherwise than the rule beside it. */
static int add_privileged(struct record *r, const struct judged *j)
{
	const struct doc *at = NULL;

	if (!j->config || j->config->type != DOC_OBJECT)
		return 0;
	return record_number(r, FIELD_PRIVILEGED, !not_be_privileged.holds(NULL, j->config, NULL, &at));
}

int record_facts(struct record *r, const struct judged *j)
{
	static int (*const adders[])(struct record *, const struct judged *) = { add_namespaces, add_capabilities,
		add_privileged, add_user, add_counts, add_seccomp, add_lsm };
	int e = 0;

	for (size_t i = 0; j && e == 0 && i < sizeof(adders) / sizeof(adders[0]); i++)
		e = adders[i](r, j);
	return e;
}
