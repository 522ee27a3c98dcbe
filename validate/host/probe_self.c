/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that will become the delegate: what it may do is what the container can be given. In the initial user
 * namespace its id maps are known without being read.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "validate/host/probe.h"
#include "validate/host/probe_ns.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

#define MAP_ENTRIES 1024u /* of a user namespace the kernel takes 340 */
#define NODES_MOST 1024u

#define CAPABILITIES (sizeof(capabilities) / sizeof(capabilities[0]))

static const char *const capabilities[] = { "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER",
	"CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
	"CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
	"CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
	"CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN",
	"CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
	"CAP_CHECKPOINT_RESTORE" };

const char *probe_capability(unsigned number)
{
	return number < CAPABILITIES ? capabilities[number] : NULL;
}

static void add_capabilities(struct probe *p, struct doc *to, const char *key, uint64_t set)
{
	struct doc *list = make_array(p->arena, to, key);
	for (size_t i = 0; i < CAPABILITIES; i++)
		if (set >> i & 1)
			make_word(p->arena, list, bytes_of(capabilities[i]));
}

/* Those that the lists of the document name. Engines write the same into each: what stands there already is known. */
static uint64_t named(const struct probe *p)
{
	static const char *const lists[] = { "bounding", "effective", "permitted", "inheritable", "ambient" };
	const struct doc *sets = doc_find(p->config, *p->below ? "capabilities" : "process.capabilities");
	const struct doc *first = NULL;
	uint64_t set = 0;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct doc *other = first;
		for (const struct doc *e = around_first(sets, lists[i]); e; e = e->next) {
			const bool known = other && other->type == DOC_STRING && e->type == DOC_STRING &&
				bytes_equal(e->string, other->string);
			for (size_t k = 0; !known && e->type == DOC_STRING && k < CAPABILITIES; k++)
				if (bytes_is(e->string, capabilities[k]))
					set |= UINT64_C(1) << k;
			other = other ? other->next : NULL;
		}
		first = first ? first : around_first(sets, lists[i]);
	}
	return set;
}

/* What capget(2) tells. */
struct sets {
	uint64_t effective, permitted, inheritable;
};

static bool sets_live(struct sets *ret)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	if (syscall(SYS_capget, &head, data) < 0)
		return false;
	ret->effective = (uint64_t)data[1].effective << 32 | data[0].effective;
	ret->permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	ret->inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable;
	return true;
}

/*
 * One call for each capability: where the document names some, and all of them are there, it is not asked about others.
 *
 * Nor about those that are permitted without being inheritable. A process is given what it is permitted by execve(2),
 * of the bounding set, but for what it inherits (ambient ones are inheritable as well); nothing adds to it afterwards,
 * and we take nothing from either. In a new user namespace all are in both.
 */
static bool bounding_live(struct probe *p, const struct sets *sets, uint64_t *ret)
{
	const uint64_t wanted = p->config ? named(p) : 0;
	*ret = wanted & sets->permitted & ~sets->inheritable;
	for (unsigned long i = 0; (wanted & ~*ret) >> i; i++)
		if (((wanted & ~*ret) >> i & 1) && prctl(PR_CAPBSET_READ, i, 0, 0, 0) > 0)
			*ret |= UINT64_C(1) << i;
	if (p->config && *ret == wanted)
		return true;
	*ret = 0;
	for (unsigned long i = 0; i < 64; i++) {
		const int has = prctl(PR_CAPBSET_READ, i, 0, 0, 0);
		if (has < 0) {
			p->last_known = (unsigned)i; /* the kernel knows no more */
			return i > 0;
		}
		*ret |= (uint64_t)has << i;
	}
	return true;
}

bool probe_set(struct bytes b, uint64_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < b.len; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = b.data[i] ? strchr(digits, b.data[i]) : NULL;
		if (!digit || b.len > 16)
			return false;
		*ret = *ret << 4 | (uint64_t)(digit - digits);
	}
	return b.len > 0;
}

static bool from_status(struct probe *p, const char *name, uint64_t *ret)
{
	return probe_set(probe_status(p, name), ret);
}

static void add_all_capabilities(struct probe *p, struct doc *to)
{
	struct doc *both = make_object(p->arena, to, "capabilities");
	struct sets sets = { 0 };
	uint64_t set;
	const bool known = p->host->live ? sets_live(&sets) : from_status(p, "CapEff", &sets.effective);
	if (known)
		add_capabilities(p, both, "effective", sets.effective);
	if (p->host->live ? bounding_live(p, &sets, &set) : from_status(p, "CapBnd", &set))
		add_capabilities(p, both, "bounding", set);
}

/* Lines of three numbers. */
void probe_map_text(struct arena *a, struct doc *to, const char *key, struct bytes text)
{
	struct bytes line, word;
	struct doc *map = text.data ? make_array(a, to, key) : NULL;
	for (size_t n = 0; map && n < MAP_ENTRIES && read_line(&text, &line); n++) {
		struct doc *range = make_array(a, map, NULL);
		uint64_t number;
		while (read_word(&line, &word) && read_number(word, &number))
			make_uint(a, range, NULL, number);
	}
}

static void add_map(struct probe *p, struct doc *to, const char *key, const char *path)
{
	probe_map_text(p->arena, to, key, probe_read(p, path, PROBE_FILE));
}

static void add_whole_map(struct probe *p, struct doc *to, const char *key)
{
	struct doc *range = make_array(p->arena, make_array(p->arena, to, key), NULL);
	make_uint(p->arena, range, NULL, 0);
	make_uint(p->arena, range, NULL, 0);
	make_uint(p->arena, range, NULL, UINT32_MAX);
}

/* The effective one of the four ids in a line of the status. */
static void add_id(struct probe *p, struct doc *to, const char *key, const char *name)
{
	struct bytes ids = probe_status(p, name), word;
	uint64_t id;
	if (read_word(&ids, &word) && read_word(&ids, &word) && read_number(word, &id))
		make_uint(p->arena, to, key, id);
}

/* The 19th field of /proc/self/stat; the second one, a name in parentheses, may hold anything. */
static void add_nice(struct probe *p, struct doc *to)
{
	struct bytes text = probe_read(p, "proc/self/stat", PROBE_FILE), word = { 0 };
	while (text.len && text.data[text.len - 1] != ')')
		text.len--;
	const char *rest = text.len ? text.data + text.len : "";
	struct bytes fields = bytes_of(rest);
	uint64_t n;
	for (unsigned i = 3; i <= 19; i++)
		if (!read_word(&fields, &word))
			return;
	const bool negative = word.data[0] == '-';
	if (read_number((struct bytes){ word.data + negative, word.len - negative }, &n) && n <= 20)
		make_int(p->arena, to, "nice", negative ? -(int64_t)n : (int64_t)n);
}

static void add_process(struct probe *p, struct doc *to)
{
	if (!p->host->live) {
		add_id(p, to, "euid", "Uid");
		add_id(p, to, "egid", "Gid");
		add_nice(p, to);
		return;
	}
	make_uint(p->arena, to, "euid", geteuid());
	make_uint(p->arena, to, "egid", getegid());
	errno = 0;
	const int nice = getpriority(PRIO_PROCESS, 0);
	if (nice != -1 || errno == 0)
		make_int(p->arena, to, "nice", nice);
}

static void add_ids(struct probe *p, struct doc *to)
{
	const enum user_namespace in = probe_user_namespace(p);
	if (in != USER_NAMESPACE_UNKNOWN)
		make_bool(p->arena, to, "initialUserNamespace", in == USER_NAMESPACE_INITIAL);
	if (in == USER_NAMESPACE_INITIAL) {
		add_whole_map(p, to, "uidMap");
		add_whole_map(p, to, "gidMap");
		make_bool(p->arena, to, "setgroups", true);
		return;
	}
	add_map(p, to, "uidMap", "proc/self/uid_map");
	add_map(p, to, "gidMap", "proc/self/gid_map");
	const struct bytes setgroups = read_trimmed(probe_read(p, "proc/self/setgroups", PROBE_FILE));
	if (setgroups.len)
		make_bool(p->arena, to, "setgroups", bytes_is(setgroups, "allow"));
}

static void add_cpus_live(struct probe *p, struct doc *to)
{
	unsigned long cpus[8192 / (8 * sizeof(unsigned long))] = { 0 }, nodes[NODES_MOST / (8 * sizeof(unsigned long))];
	memset(nodes, 0, sizeof(nodes));
	const long n = syscall(SYS_sched_getaffinity, 0, sizeof(cpus), cpus);
	if (n > 0)
		probe_add_set(p, to, "cpusAllowed", cpus, (size_t)n * 8);
	if (syscall(SYS_get_mempolicy, NULL, nodes, NODES_MOST, NULL, MPOL_F_MEMS_ALLOWED) == 0)
		probe_add_set(p, to, "memsAllowed", nodes, NODES_MOST);
}

static void add_cpus(struct probe *p, struct doc *to)
{
	const struct bytes cpus = probe_status(p, "Cpus_allowed_list"), mems = probe_status(p, "Mems_allowed_list");
	if (cpus.len)
		make_string(p->arena, to, "cpusAllowed", cpus);
	if (mems.len)
		make_string(p->arena, to, "memsAllowed", mems);
}

void probe_self(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "self");
	add_process(p, to);
	add_ids(p, to);
	add_all_capabilities(p, to);
	if (probe_wants(p, "process.oomScoreAdj"))
		probe_add_int(p, to, "oomScoreAdj", "proc/self/oom_score_adj");
	if (!p->host->live)
		add_cpus(p, to);
	else if (probe_wants(p, "linux.memoryPolicy") || probe_wants(p, "process.execCPUAffinity"))
		add_cpus_live(p, to);
	if (probe_joins(p))
		probe_add_namespaces(p, make_object(p->arena, to, "namespaces"), "proc/self/ns");
}
