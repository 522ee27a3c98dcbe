/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container was allowed when it was made, small enough for a note: what an exec or an update is held against.
 * Names and numbers only; nothing of it says what runs in there.
 */
#include "validate/doc/make.h"
#include "validate/policy/context.h"

static const char *const capability_sets[] = { "bounding", "effective", "permitted", "inheritable", "ambient" };

static const char *const namespace_types[] = {
	"pid",
	"network",
	"mount",
	"ipc",
	"uts",
	"user",
	"cgroup",
	"time",
};

/* A scalar of config.json, under a name of ours. */
struct kept {
	const char *key, *path;
	unsigned types;
};

static const struct kept limits[] = {
	{ "memory", "linux.resources.memory.limit", DOC_INT },
	{ "swap", "linux.resources.memory.swap", DOC_INT },
	{ "pids", "linux.resources.pids.limit", DOC_INT },
	{ "cpuQuota", "linux.resources.cpu.quota", DOC_INT },
	{ "cpuPeriod", "linux.resources.cpu.period", DOC_INT },
	{ "cpuShares", "linux.resources.cpu.shares", DOC_INT },
};

static const struct kept ids[] = { { "uid", "process.user.uid", DOC_INT }, { "gid", "process.user.gid", DOC_INT } };

/* Zero and less mean "not limited" in all of these, as engines write them. */
static bool limited(const struct doc *d)
{
	return d && d->type == DOC_INT && !d->integer.negative && d->integer.magnitude != 0;
}

static void keep_array(struct arena *a, struct doc *to, const char *key, const struct doc *from, unsigned types)
{
	struct doc *list = make_array(a, to, key);

	for (const struct doc *e = from && from->type == DOC_ARRAY ? from->first : NULL; e; e = e->next)
		if (e->type & types)
			(void)make_copy(a, list, NULL, e);
}

static void keep_user(struct arena *a, struct doc *to, const struct doc *config)
{
	struct doc *user = make_object(a, to, "user");

	/* Left out, an id is 0: so delegates read it. */
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct doc *id = doc_find(config, ids[i].path);
		if (id && id->type == DOC_INT)
			(void)make_copy(a, user, ids[i].key, id);
		else
			(void)make_uint(a, user, ids[i].key, 0);
	}
	keep_array(a, user, "additionalGids", doc_find(config, "process.user.additionalGids"), DOC_INT);
}

/* Whether the namespace at that place of the list is process 1's; false too when nobody knows. */
static bool is_hosts(struct arena *a, const struct doc *host, const struct doc *at, const char *type)
{
	struct text pointer = text_growing(a);

	doc_pointer(at, "", &pointer);
	const struct doc *joined = doc_get(doc_get(host, "places"), pointer.data);
	const struct doc *init = doc_get(doc_find(host, "init.namespaces"), type);
	const struct doc *one = doc_get(joined, "inode"), *other = doc_get(init, "inode");
	return one && other && one->type == DOC_INT && other->type == DOC_INT &&
		one->integer.magnitude == other->integer.magnitude;
}

static void keep_namespaces(struct arena *a, struct doc *to, const struct doc *config, const struct doc *host)
{
	struct doc *map = make_object(a, to, "namespaces");
	const struct doc *list = doc_find(config, "linux.namespaces");

	for (size_t i = 0; i < sizeof(namespace_types) / sizeof(namespace_types[0]); i++) {
		const char *is = "host", *type = namespace_types[i];
		for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next) {
			if (!bytes_is(doc_string(e, "type", (struct bytes){ 0 }), type))
				continue;
			const bool joined = doc_string(e, "path", (struct bytes){ 0 }).len > 0;
			is = !joined ? "new" : is_hosts(a, host, e, type) ? "host" : "joined";
		}
		(void)make_string(a, map, type, bytes_of(is));
	}
}

static void keep_count(struct arena *a, struct doc *to, const char *key, const struct doc *list)
{
	(void)make_uint(a, to, key, list && list->type == DOC_ARRAY ? list->count : 0);
}

const struct doc *posture_make(struct arena *a, const struct doc *config, const struct doc *host, const char *profile)
{
	const struct doc *capabilities = doc_find(config, "process.capabilities");
	struct doc *d = make_document(a), *sets = make_object(a, d, "capabilities");

	for (size_t i = 0; i < sizeof(capability_sets) / sizeof(capability_sets[0]); i++)
		keep_array(a, sets, capability_sets[i], doc_get(capabilities, capability_sets[i]), DOC_STRING);
	keep_user(a, d, config);
	(void)make_bool(a, d, "noNewPrivileges", doc_true(config, "process.noNewPrivileges"));
	(void)make_bool(a, d, "seccomp", doc_find(config, "linux.seccomp") != NULL);
	(void)make_string(a, d, "apparmorProfile", doc_string(config, "process.apparmorProfile", BYTES("")));
	(void)make_string(a, d, "selinuxLabel", doc_string(config, "process.selinuxLabel", BYTES("")));
	keep_namespaces(a, d, config, host);
	keep_count(a, d, "maskedPaths", doc_find(config, "linux.maskedPaths"));
	keep_count(a, d, "readonlyPaths", doc_find(config, "linux.readonlyPaths"));
	(void)make_bool(a, d, "readonlyRoot", doc_true(config, "root.readonly"));
	struct doc *resources = make_object(a, d, "resources");
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (limited(doc_find(config, limits[i].path)))
			(void)make_copy(a, resources, limits[i].key, doc_find(config, limits[i].path));
	if (profile)
		(void)make_string(a, d, "profile", bytes_of(profile));
	return d && make_whole(d) ? d : NULL;
}
