/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.sysctl, as it is inside of the namespaces that the document asks for. All of its keys are looked up at once:
 * from what is kept, else by one child. Namespaces that are joined are not entered, and of one interface nothing is
 * said, because hooks bring interfaces; there is no answer then.
 */
#include <errno.h>
#include <sched.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/kept.h"
#include "validate/host/place_parts.h"
#include "validate/host/sysctl.h"
#include "validate/rule/around.h"

static const struct {
	const char *start;
	unsigned family;
	const char *type;
} families[] = {
	{ "net/", CLONE_NEWNET, "network" },
	{ "fs/mqueue/", CLONE_NEWIPC, "ipc" },
	{ "kernel/msg", CLONE_NEWIPC, "ipc" },
	{ "kernel/sem", CLONE_NEWIPC, "ipc" },
	{ "kernel/shm", CLONE_NEWIPC, "ipc" },
	{ "kernel/domainname", CLONE_NEWUTS, "uts" },
	{ "kernel/hostname", CLONE_NEWUTS, "uts" },
	{ "user/", CLONE_NEWUSER, "user" },
};

/* Whether the config makes a namespace of that type; *ret_joined: it joins one. */
static bool makes(const struct doc *config, const char *type, bool *ret_joined)
{
	const struct doc *entry = around_namespace(config, type);
	*ret_joined = around_string(entry, "path").len > 0;
	return entry && !*ret_joined;
}

/* net/ipv4/conf/eth0/forwarding: of one interface, other than those that every namespace has. */
static bool is_of_interface(const char *path)
{
	static const char *const everywhere[] = { "all", "default", "lo", NULL };
	static const char *const lists[] = { "net/ipv4/conf/", "net/ipv4/neigh/", "net/ipv6/conf/", "net/ipv6/neigh/",
		"net/mpls/conf/" };
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const size_t len = strlen(lists[i]);
		if (strncmp(path, lists[i], len) == 0)
			return !word_among((struct bytes){ path + len, strcspn(path + len, "/") }, everywhere);
	}
	return false;
}

/* What is not there may come with a module that hooks make the kernel load: nothing is said then. */
static bool may_come(const struct doc *config, const char *path)
{
	static const char *const before[] = { "prestart", "createRuntime", "createContainer" };
	static const char *const built_in[] = { "net/core/", "net/ipv4/", "net/unix/" };
	const struct doc *hooks = doc_get(config, "hooks");
	bool any = false;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		any = any || around_first(hooks, before[i]);
	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++)
		if (strncmp(path, built_in[i], strlen(built_in[i])) == 0)
			return any && strncmp(path, "net/ipv4/vs/", 12) == 0;
	return any;
}

/* Where that one will be: of which namespace, and whether nothing can be said of it. */
static bool settle(const struct doc *config, struct sysctl_ask *ask)
{
	bool joined;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (strncmp(ask->path, families[i].start, strlen(families[i].start)) != 0)
			continue;
		ask->family = families[i].family;
		ask->fresh = makes(config, families[i].type, &joined);
		return !joined && !is_of_interface(ask->path);
	}
	return true;
}

static void ask_all(struct place_look *l, struct sysctl_look *look)
{
	bool unknown = false;
	if (!look->flags)
		return;
	sysctl_recall(l->arena, l->host, kept_once(l->host, &l->kept), look);
	for (size_t i = 0; i < look->count; i++)
		unknown = unknown || (look->asks[i].fresh && !look->asks[i].state);
	cleanup_close int lock = unknown ? sysctl_lock(l->host) : -1;
	if (!unknown || lock == -EAGAIN)
		return; /* another finds out just now; this time it is not known */
	if (sysctl_ask_child(look) && lock >= 0)
		sysctl_keep(l->arena, l->host, look);
}

/* Every key of the map, looked up; NULL without memory. */
static struct sysctl_look *look_up(struct place_look *l, const struct doc *map)
{
	const struct doc *config = place_config(l);
	struct sysctl_look *look = arena_new(l->arena, struct sysctl_look);
	bool joined = false;
	if (!look || !(look->asks = arena_array(l->arena, map->count + 1, sizeof(*look->asks))))
		return NULL;
	for (const struct doc *m = map->first; m && look->count < LIMIT_SYSCTLS; m = m->next) {
		struct sysctl_ask ask = { .value = m, .path = sysctl_path(l->arena, m->key) };
		if (!ask.path || (l->host->live && (!config || !settle(config, &ask))))
			continue;
		if (ask.fresh)
			look->flags |= ask.family;
		else
			ask.state = sysctl_here(l->host->root, l->host->live, ask.path);
		look->asks[look->count++] = ask;
	}
	if (look->flags && makes(config, "user", &joined))
		look->flags |= CLONE_NEWUSER;
	else if (joined)
		look->flags = 0; /* whose sysctls they will be is not known */
	ask_all(l, look);
	return look;
}

void place_sysctl(struct place_look *l, const struct doc *value, struct doc *answer)
{
	if (!value->parent || value->parent->type != DOC_OBJECT || !place_ready(l))
		return;
	if (!l->walks->sysctls)
		l->walks->sysctls = look_up(l, value->parent);
	const struct sysctl_look *look = l->walks->sysctls;
	for (size_t i = 0; look && i < look->count; i++) {
		const enum sysctl_state state = look->asks[i].state;
		if (look->asks[i].value != value || state == SYSCTL_UNKNOWN)
			continue;
		if (state == SYSCTL_ABSENT && may_come(place_config(l), look->asks[i].path))
			continue;
		make_bool(l->arena, answer, "exists", state != SYSCTL_ABSENT);
		if (state == SYSCTL_READ_ONLY || state == SYSCTL_WRITABLE)
			make_bool(l->arena, answer, "writable", state == SYSCTL_WRITABLE);
	}
}
