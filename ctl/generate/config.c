/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A config.json that gives a program what it needs and nothing else: no capabilities, no new privileges, a root file
 * system that it cannot write, namespaces of its own, limits, a filter that denies by default. Where host or delegate
 * are known, it asks for nothing that they do not have.
 */
#include <sys/utsname.h>

#include "ctl/generate/generate.h"

#define OCI_VERSION "1.1.0" /* that brought errnoRet; runtimes that are older know it all the same */
#define NOBODY 65532u       /* no account has it, and it is mapped in every user namespace of a usual size */
#define OPEN_FILES 4096u
#define MEMORY (UINT64_C(512) << 20)
#define CPU_PERIOD 100000u
#define PIDS 256u
#define UMASK 022u
#define PRIORITY_MOST 80u /* of a control loop: below the kernel's own threads */

struct making {
	struct arena *arena;
	const struct generated *g;
};

static struct doc *add_words(struct making *m, struct doc *to, const char *key, const char *const *words)
{
	struct doc *list = make_array(m->arena, to, key);
	for (; *words; words++)
		(void)make_string(m->arena, list, NULL, bytes_of(*words));
	return list;
}

/* Whether the list of names there has this one; a list that is not there is unknown, and has. */
static bool may_have(const struct doc *d, const char *path, const char *name)
{
	const struct doc *list = doc_find(d, path);
	if (!list || list->type != DOC_ARRAY)
		return true;
	for (const struct doc *e = list->first; e; e = e->next)
		if (e->type == DOC_STRING && bytes_is(e->string, name))
			return true;
	return false;
}

/* A limit that is not above the host's, which only the privileged may raise. */
static void add_rlimit(struct making *m, struct doc *list, const char *type, uint64_t value)
{
	char path[64];
	struct text to = text_over(path, sizeof(path));
	text_printf(&to, "self.rlimits.%s.hard", type);
	const struct doc *most = doc_find(m->g->host, path);
	struct doc *limit = make_object(m->arena, list, NULL);

	if (most && most->type == DOC_INT && !most->integer.negative && most->integer.magnitude < value)
		value = most->integer.magnitude;
	(void)make_string(m->arena, limit, "type", bytes_of(type));
	(void)make_uint(m->arena, limit, "hard", value);
	(void)make_uint(m->arena, limit, "soft", value < 1024 ? value : 1024);
}

/* One that real time cannot do without: what the host has less of refuses the container. */
static void add_limit(struct making *m, struct doc *list, const char *type, uint64_t value)
{
	struct doc *limit = make_object(m->arena, list, NULL);
	(void)make_string(m->arena, limit, "type", bytes_of(type));
	(void)make_uint(m->arena, limit, "hard", value);
	(void)make_uint(m->arena, limit, "soft", value);
}

static void add_process(struct making *m, struct doc *config)
{
	static const char *const sets[] = { "bounding", "effective", "permitted", "inheritable", "ambient" };
	static const char *const env[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	struct arena *a = m->arena;
	struct doc *process = make_object(a, config, "process"), *user, *caps, *limits;
	const uint64_t id = m->g->rootless ? 0 : NOBODY;

	(void)make_bool(a, process, "terminal", false);
	user = make_object(a, process, "user");
	(void)make_uint(a, user, "uid", id);
	(void)make_uint(a, user, "gid", id);
	if (m->g->fixed)
		(void)make_uint(a, user, "umask", UMASK);
	(void)add_words(m, process, "args", m->g->args);
	struct doc *variables = add_words(m, process, "env", env);
	for (const char *const *v = fixed_variables; m->g->fixed == FIXED_TWICE && *v; v++)
		(void)make_string(a, variables, NULL, bytes_of(*v));
	(void)make_string(a, process, "cwd", BYTES("/"));
	caps = make_object(a, process, "capabilities");
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		(void)make_array(a, caps, sets[i]);
	limits = make_array(a, process, "rlimits");
	add_rlimit(m, limits, "RLIMIT_NOFILE", OPEN_FILES);
	add_rlimit(m, limits, "RLIMIT_CORE", 0);
	if (m->g->fixed == FIXED_REALTIME) {
		add_limit(m, limits, "RLIMIT_RTPRIO", PRIORITY_MOST);
		add_limit(m, limits, "RLIMIT_MEMLOCK", UINT64_MAX);
	}
	(void)make_bool(a, process, "noNewPrivileges", true);
}

static void add_mounts(struct making *m, struct doc *config)
{
	static const struct {
		const char *destination, *type, *source, *options[8];
		bool rootful; /* not without privileges on the host */
	} rows[] = {
		{ "/proc", "proc", "proc", { "nosuid", "noexec", "nodev" }, false },
		{ "/dev", "tmpfs", "tmpfs", { "nosuid", "noexec", "strictatime", "mode=755", "size=65536k" }, false },
		{ "/dev/pts", "devpts", "devpts", { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620" },
			false },
		{ "/dev/shm", "tmpfs", "shm", { "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" }, false },
		{ "/dev/mqueue", "mqueue", "mqueue", { "nosuid", "noexec", "nodev" }, false },
		{ "/sys", "sysfs", "sysfs", { "nosuid", "noexec", "nodev", "ro" }, false },
		{ "/sys/fs/cgroup", "cgroup", "cgroup", { "nosuid", "noexec", "nodev", "relatime", "ro" }, true },
		{ "/tmp", "tmpfs", "tmpfs", { "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" }, false },
	};
	struct doc *list = make_array(m->arena, config, "mounts");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].rootful && m->g->rootless)
			continue;
		struct doc *mount = make_object(m->arena, list, NULL);
		(void)make_string(m->arena, mount, "destination", bytes_of(rows[i].destination));
		(void)make_string(m->arena, mount, "type", bytes_of(rows[i].type));
		(void)make_string(m->arena, mount, "source", bytes_of(rows[i].source));
		(void)add_words(m, mount, "options", rows[i].options);
	}
}

static void add_mapping(struct making *m, struct doc *to, const char *key, uint64_t host)
{
	struct doc *entry = make_object(m->arena, make_array(m->arena, to, key), NULL);
	(void)make_uint(m->arena, entry, "containerID", 0);
	(void)make_uint(m->arena, entry, "hostID", host);
	(void)make_uint(m->arena, entry, "size", 1);
}

static void add_namespaces(struct making *m, struct doc *part)
{
	static const char *const types[] = { "pid", "network", "ipc", "uts", "mount", "cgroup" };
	struct doc *list = make_array(m->arena, part, "namespaces");
	const struct doc *of_host = doc_find(m->g->host, "namespaces.cgroup");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const bool absent = of_host && of_host->type == DOC_BOOL && !of_host->boolean;
		if (strcmp(types[i], "cgroup") == 0 &&
			(absent || !may_have(m->g->delegate, "features.linux.namespaces", types[i])))
			continue;
		(void)make_string(m->arena, make_object(m->arena, list, NULL), "type", bytes_of(types[i]));
	}
	if (!m->g->rootless)
		return;
	(void)make_string(m->arena, make_object(m->arena, list, NULL), "type", BYTES("user"));
	add_mapping(m, part, "uidMappings", m->g->uid);
	add_mapping(m, part, "gidMappings", m->g->gid);
}

/* Without privileges nobody knows whether there is a cgroup that limits could be written to: none are asked for. */
static void add_resources(struct making *m, struct doc *part)
{
	struct arena *a = m->arena;
	struct doc *resources = m->g->rootless ? NULL : make_object(a, part, "resources"), *entry;

	if (!resources)
		return;
	entry = make_object(a, make_array(a, resources, "devices"), NULL);
	(void)make_bool(a, entry, "allow", false);
	(void)make_string(a, entry, "access", BYTES("rwm"));
	if (may_have(m->g->host, "cgroup.controllers", "memory")) {
		entry = make_object(a, resources, "memory");
		(void)make_uint(a, entry, "limit", MEMORY);
		if (m->g->fixed)
			(void)make_uint(a, entry, "swap", MEMORY);
	}
	if (m->g->fixed) {
		fixed_cpus(a, m->g, make_object(a, resources, "cpu"));
	} else if (may_have(m->g->host, "cgroup.controllers", "cpu")) {
		entry = make_object(a, resources, "cpu");
		(void)make_uint(a, entry, "shares", 1024);
		(void)make_uint(a, entry, "quota", CPU_PERIOD);
		(void)make_uint(a, entry, "period", CPU_PERIOD);
	}
	if (may_have(m->g->host, "cgroup.controllers", "pids"))
		(void)make_uint(a, make_object(a, resources, "pids"), "limit", PIDS);
}

const struct doc *generate_config(struct arena *a, const struct generated *g)
{
	struct making m = { .arena = a, .g = g };
	struct doc *config = make_document(a), *root, *part;
	struct utsname machine = { 0 };

	(void)uname(&machine);
	(void)make_string(a, config, "ociVersion", BYTES(OCI_VERSION));
	add_process(&m, config);
	root = make_object(a, config, "root");
	(void)make_string(a, root, "path", bytes_of(g->rootfs));
	(void)make_bool(a, root, "readonly", true);
	(void)make_string(a, config, "hostname", BYTES("container"));
	add_mounts(&m, config);
	part = make_object(a, config, "linux");
	add_namespaces(&m, part);
	add_resources(&m, part);
	const char *known = arena_copy(a, doc_string(g->host, "kernel.machine", bytes_of(machine.machine)));
	generate_filter(a, part, g, known ? known : "");
	(void)make_string(a, part, "rootfsPropagation", BYTES("private"));
	(void)add_words(&m, part, "maskedPaths", hardened_masked);
	(void)add_words(&m, part, "readonlyPaths", hardened_readonly);
	return make_whole(config) ? config : NULL;
}
