/* SPDX-License-Identifier: Apache-2.0 */
/* Security modules. What securityfs or sysfs would show is unknown where they are not mounted. */
#include "validate/host/probe.h"
#include "validate/host/read.h"

#define LSM "sys/kernel/security/lsm"

/* Whether the list of modules is there and lacks the name. */
static bool lacks(struct bytes list, const char *name)
{
	return list.len && !mount_option(list, name, NULL);
}

static void add_list(struct probe *p, struct bytes list)
{
	struct doc *to = list.len ? make_array(p->arena, p->to, "lsm") : NULL;
	for (size_t i = 0; to && i < list.len;) {
		const char *comma = memchr(list.data + i, ',', list.len - i);
		const size_t end = comma ? (size_t)(comma - list.data) : list.len;
		make_string(p->arena, to, NULL, (struct bytes){ list.data + i, end - i });
		i = end + 1;
	}
}

static void add_apparmor(struct probe *p, struct bytes list)
{
	bool enabled = false;
	const bool known = probe_bool(p, "sys/module/apparmor/parameters/enabled", &enabled);
	if (known || lacks(list, "apparmor") ||
		(probe_exists(p, "sys/module") && !probe_exists(p, "sys/module/apparmor")))
		make_bool(p->arena, make_member(p->arena, p->to, "apparmor"), "enabled", enabled);
}

/* Delegates take SELinux for enabled when its file system is there and a policy is loaded. */
static void add_selinux(struct probe *p, struct bytes list)
{
	bool enforcing = false;
	if (probe_bool(p, "sys/fs/selinux/enforce", &enforcing)) {
		struct doc *to = make_member(p->arena, p->to, "selinux");
		const struct bytes context = probe_read(p, "proc/self/attr/current", PROBE_FILE);
		const struct bytes shown = { context.data, strnlen(context.data ? context.data : "", context.len) };
		const bool loaded = !bytes_is(read_trimmed(shown), "kernel");
		make_bool(p->arena, to, "enabled", loaded);
		make_bool(p->arena, to, "enforcing", loaded && enforcing);
	} else if (lacks(list, "selinux") || (probe_exists(p, "sys/fs") && !probe_exists(p, "sys/fs/selinux"))) {
		struct doc *to = make_member(p->arena, p->to, "selinux");
		make_bool(p->arena, to, "enabled", false);
		make_bool(p->arena, to, "enforcing", false);
	}
}

void probe_lsm(struct probe *p)
{
	const struct bytes list = read_trimmed(probe_read(p, LSM, PROBE_FILE));
	add_list(p, list);
	add_apparmor(p, list);
	add_selinux(p, list);
}

/* Lines "name (mode)"; a name may hold blanks and parentheses itself. Only root is told. */
void probe_apparmor_profiles(struct probe *p)
{
	struct bytes text = probe_read(p, "sys/kernel/security/apparmor/profiles", PROBE_LIST), line;
	if (!text.data)
		return;
	struct doc *to = make_object(p->arena, make_member(p->arena, p->to, "apparmor"), "profiles");
	while (read_line(&text, &line)) {
		size_t open = line.len;
		while (open > 0 && line.data[open - 1] != '(')
			open--;
		if (open < 3 || line.data[open - 2] != ' ' || line.data[line.len - 1] != ')')
			continue;
		const char *name = arena_copy(p->arena, (struct bytes){ line.data, open - 2 });
		/* The kernel names none twice; in a long list it is not looked for. */
		if (name && *name && (p->host->live || !doc_get(to, name)))
			make_string(p->arena, to, name, (struct bytes){ line.data + open, line.len - 1 - open });
	}
}
