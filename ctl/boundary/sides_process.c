/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides of the process: who it is, what it may do, how it is scheduled, in which namespaces it is. */
#include "ctl/boundary/boundary.h"
#include "validate/rule/around.h"

#define RLIMITS 64u

/* Fields that have one value on each side, by their paths. */
static const struct {
	const char *field, *declared, *real, *pointer, *rule;
	bool always; /* also where config.json is silent */
} simple[] = {
	{ "process.noNewPrivileges", "process.noNewPrivileges", "process.noNewPrivileges", "/process/noNewPrivileges",
		NULL, true },
	{ "process.capabilities", NULL, NULL, "/process/capabilities", NULL, true },
	{ "  bounding", "process.capabilities.bounding", "process.capabilities.bounding", "/process/capabilities",
		"boundary.process.capabilities.bounding", true },
	{ "  effective", "process.capabilities.effective", "process.capabilities.effective", "/process/capabilities",
		"boundary.process.capabilities.effective", true },
	{ "  permitted", "process.capabilities.permitted", "process.capabilities.permitted", "/process/capabilities",
		"boundary.process.capabilities.permitted", true },
	{ "  inheritable", "process.capabilities.inheritable", "process.capabilities.inheritable",
		"/process/capabilities", "boundary.process.capabilities.inheritable", true },
	{ "  ambient", "process.capabilities.ambient", "process.capabilities.ambient", "/process/capabilities",
		"boundary.process.capabilities.ambient", true },
	{ "process.user.uid", "process.user.uid", "process.uid", "/process/user/uid", NULL, true },
	{ "process.user.gid", "process.user.gid", "process.gid", "/process/user/gid", NULL, true },
	{ "process.user.additionalGids", "process.user.additionalGids", "process.additionalGids", "/process/user",
		"boundary.process.user.groups", true },
	{ "process.user.umask", "process.user.umask", "process.umask", "/process/user/umask", NULL, false },
	{ "process.oomScoreAdj", "process.oomScoreAdj", "process.oomScoreAdj", "/process/oomScoreAdj", NULL, false },
	{ "process.apparmorProfile", "process.apparmorProfile", "process.apparmor", "/process/apparmorProfile", NULL,
		false },
	{ "process.selinuxLabel", "process.selinuxLabel", "process.selinux", "/process/selinuxLabel", NULL, false },
	{ "process.scheduler", "process.scheduler", "process.scheduler", "/process/scheduler", NULL, false },
	{ "process.ioPriority", "process.ioPriority", "process.ioPriority", "/process/ioPriority", NULL, false },
	{ "linux.personality", "linux.personality.domain", "process.personality", "/linux/personality", NULL, false },
	{ "linux.memoryPolicy", "linux.memoryPolicy.mode", "process.memoryPolicy", "/linux/memoryPolicy", NULL, false },
	{ "linux.uidMappings", "linux.uidMappings", "uidMap", "/linux/uidMappings", NULL, false },
	{ "linux.gidMappings", "linux.gidMappings", "gidMap", "/linux/gidMappings", NULL, false },
	{ "hostname", "hostname", "hostname", "/hostname", NULL, false },
	{ "domainname", "domainname", "domainname", "/domainname", NULL, false },
};

/* Whether a declared value asks for something; 0 and false may do. */
static bool is_asked(const struct doc *d)
{
	return d && !((d->type == DOC_STRING && !d->string.len) || (d->type == DOC_ARRAY && !d->count));
}

/* "0:100000:65536" of { containerID, hostID, size }, and of what the kernel has: [0, 100000, 65536]. */
static const char *map_value(const struct sides *s, const struct doc *map)
{
	struct text to = text_growing(s->l->a);
	for (const struct doc *e = map && map->type == DOC_ARRAY ? map->first : NULL; e; e = e->next) {
		int64_t part[3] = { around_int(e, "containerID", 0), around_int(e, "hostID", 0),
			around_int(e, "size", 0) };
		const struct doc *n = e->type == DOC_ARRAY ? e->first : NULL;
		for (size_t i = 0; i < 3 && n; i++, n = n->next)
			part[i] = n->type == DOC_INT ? (int64_t)n->integer.magnitude : 0;
		text_printf(&to, "%s%lld:%lld:%lld", to.len ? " " : "", (long long)part[0], (long long)part[1],
			(long long)part[2]);
	}
	return map ? to.data : NULL;
}

/* As masks of modes are written. */
static const char *octal(const struct sides *s, const struct doc *d)
{
	return !d || d->type != DOC_INT ? side_value(s, d)
					: arena_printf(s->l->a, "%04llo", (unsigned long long)d->integer.magnitude);
}

static const char *words_of(const struct sides *s, const char *field, const struct doc *d)
{
	if (strstr(field, "Mappings"))
		return map_value(s, d);
	return strstr(field, "umask") ? octal(s, d) : side_value(s, d);
}

static void add_simple(struct sides *s)
{
	for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++) {
		const struct doc *declared = simple[i].declared ? doc_find(s->l->config, simple[i].declared) : NULL;
		const struct doc *real = simple[i].real ? doc_find(s->l->boundary, simple[i].real) : NULL;
		const bool asked = is_asked(declared);
		if (simple[i].real && !asked && (!real || !simple[i].always))
			continue; /* nobody asked, and it says little of the boundary */
		side_add(s,
			&(struct side){
				.field = simple[i].field,
				.declared = asked ? words_of(s, simple[i].field, declared) : NULL,
				.real = words_of(s, simple[i].field, real),
				.pointer = simple[i].pointer,
				.rule = simple[i].rule,
			});
	}
}

static void add_seccomp(struct sides *s)
{
	const struct doc *declared = doc_find(s->l->config, "linux.seccomp");
	const struct doc *real = doc_find(s->l->boundary, "process.seccomp");
	side_add(s,
		&(struct side){
			.field = "linux.seccomp",
			.declared = around_unset(declared) ? NULL : "filter",
			.real = real ? side_value(s, real) : NULL,
			.pointer = "/linux/seccomp",
		});
}

static const char *limit_words(const struct sides *s, const struct doc *d)
{
	const char *soft = side_value(s, doc_get(d, "soft")), *hard = side_value(s, doc_get(d, "hard"));
	return d ? arena_printf(s->l->a, "%s, at most %s", soft ? soft : "?", hard ? hard : "?") : NULL;
}

static void add_rlimits(struct sides *s)
{
	const struct doc *e = around_first(doc_get(s->l->config, "process"), "rlimits");
	for (uint32_t i = 0; e && i < RLIMITS; e = e->next, i++) {
		const char *name = side_value(s, doc_get(e, "type"));
		const struct doc *real = doc_find(s->l->boundary, "process.rlimits");
		if (!name)
			continue;
		side_add(s,
			&(struct side){
				.field = arena_printf(s->l->a, "process.rlimits %s", name),
				.declared = limit_words(s, e),
				.real = limit_words(s, doc_get(real, name)),
				.pointer = arena_printf(s->l->a, "/process/rlimits/%u", i),
			});
	}
}

static const char *namespace_words(const struct sides *s, const struct doc *d)
{
	const struct doc *inode = doc_get(d, "inode"), *asked = doc_get(d, "asked");
	const char *whose = doc_true(d, "hosts") ? "the host's"
		: doc_true(d, "ours")            ? "the caller's"
		: asked && asked->boolean        ? "the one asked for"
		: asked                          ? "another"
						 : "its own";
	return inode ? arena_printf(s->l->a, "%s (%llu)", whose, (unsigned long long)inode->integer.magnitude) : NULL;
}

static void add_namespaces(struct sides *s)
{
	const struct doc *all = doc_get(s->l->boundary, "namespaces");
	for (const struct doc *d = all ? all->first : NULL; d; d = d->next) {
		const char *type = arena_copy(s->l->a, d->key);
		const struct doc *entry = type ? around_namespace(s->l->config, type) : NULL;
		const char *path = side_value(s, doc_get(entry, "path"));
		if (!type)
			return;
		side_add(s,
			&(struct side){
				.field = arena_printf(s->l->a, "linux.namespaces %s", type),
				.declared = !entry      ? "the runtime's"
					: path && *path ? path
							: "a new one",
				.real = namespace_words(s, d),
				.pointer = entry ? arena_printf(s->l->a, "/linux/namespaces/%u", entry->index) : NULL,
			});
	}
	/* What is found of types that are not in the list is about all of it. */
	side_add(s, &(struct side){ .field = "linux.namespaces not listed", .pointer = "/linux/namespaces" });
}

void sides_process(struct sides *s)
{
	add_simple(s);
	add_seccomp(s);
	add_rlimits(s);
	add_namespaces(s);
}
