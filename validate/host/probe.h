/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the probes of the host share: private to validate/host. A probe adds what it finds to the host document; what
 * it cannot tell it leaves out. It reads files through here, below the host's root and nowhere else, so that it can
 * neither hang nor be led astray; only where the host is this machine (host.live) it may ask the kernel besides.
 */
#pragma once

#include "validate/doc/make.h"
#include "validate/host/listed.h"
#include "validate/host/mounts.h"

#define PROBE_FILE ((size_t)64 << 10) /* a file that is longer than this is not believed, unless said otherwise */
#define PROBE_LIST ((size_t)1 << 20)  /* the same of lists that grow with what runs on the machine */
#define PROBE_ENTRIES 4096u           /* entries of one directory that are looked at */

enum user_namespace {
	USER_NAMESPACE_UNASKED,
	USER_NAMESPACE_UNKNOWN,
	USER_NAMESPACE_INITIAL, /* the machine's own, where every id is mapped to itself */
	USER_NAMESPACE_OTHER,
};

struct probe {
	struct arena *arena;
	const struct host *host;
	struct doc *to;           /* the host document */
	uint64_t asks;            /* ASK() bits, all of them */
	const struct doc *config; /* what is judged; NULL: everything is of interest */
	const char *below;        /* where it stands in a config.json; "" is all of it */
	struct mounts mounts;     /* see mounts_get */
	struct listed *listed;    /* private to listed.c: see listed_get */
	bool listed_asked;
	bool mounts_learned;      /* what was kept of mounts is replaced */
	struct bytes status;      /* of /proc/self/status; NULL until read */
	bool status_read;
	enum user_namespace user_namespace;
	uint64_t user_inode;      /* of the user namespace; 0 when it is not known */
	unsigned last_known;      /* one more than the last capability; 0 until asked */
	int links;                /* /proc/self/ns, kept open; -1 */
	int kept;                 /* the directory: see kept_once */
	struct kept_line *lines;  /* of this boot; private to probe_kept.c */
	size_t line_count;
	bool kept_read;
	struct text learned;
	struct bytes own;         /* of /proc/self/cgroup */
	bool own_read;
	const char *resctrl;      /* where that file system is, relative to the root */
	struct cgroups *cgroups;  /* private to probe_cgroup.c; NULL until looked at */
};

/* Whether somebody may want to know: what stands at that place of a config.json is judged, and set. */
bool probe_wants(const struct probe *p, const char *path);

/* All of a file; data is NULL when there is nothing to be had. */
struct bytes probe_read(struct probe *p, const char *path, size_t most);

/*
 * A file of the kernel's that something else may have been mounted over (lxcfs does that): "sys" or "proc", and the
 * path below; what is of another mount than that is not opened. A descriptor, or a negative errno.
 */
int probe_open(struct probe *p, const char *mount, const char *path);

/* All of such a file of sysfs. */
struct bytes probe_sysfs(struct probe *p, const char *path);

/* Adds what the file says, without blanks around it; an integer, and nothing when it is none. */
void probe_add_text(struct probe *p, struct doc *to, const char *key, const char *path);
void probe_add_uint(struct probe *p, struct doc *to, const char *key, const char *path);
void probe_add_int(struct probe *p, struct doc *to, const char *key, const char *path);

/* Whether the file says "1", "Y" or "y"; *ret is set only when it says that or the opposite. */
bool probe_bool(struct probe *p, const char *path, bool *ret);

/* Whether something is there, whatever it is. */
bool probe_exists(struct probe *p, const char *path);

/*
 * Calls each for every name in the directory, but for those that begin with "."; the name is gone after that. False
 * when the directory cannot be listed, or has more than are looked at.
 */
bool probe_list(struct probe *p, const char *path, void (*each)(struct probe *p, struct doc *to, struct bytes name),
		struct doc *to);

/* What stands behind "NAME:" in /proc/self/status; data is NULL when that is not known. */
struct bytes probe_status(struct probe *p, const char *name);

/* A list of numbers as the kernel writes it, "0-3,7", of those bits that are set. */
void probe_add_set(struct probe *p, struct doc *to, const char *key, const unsigned long *bits, size_t count);

/*
 * The directory of a v1 controller, relative to the root: "sys/fs/cgroup/cpu,cpuacct"; NULL when there is none, or
 * nothing is known.
 */
const char *probe_v1_directory(struct probe *p, const char *controller);

/*
 * What was kept of it since the boot: the words behind those two. False when nothing was, or nothing can be kept.
 */
bool probe_recall(struct probe *p, const char *what, const char *of, struct bytes *ret);

/* Where to add the words that are to be kept, each behind a blank; NULL when nothing can be kept. */
struct text *probe_learn(struct probe *p, const char *what, const char *of);

/* Keeps what was learnt, for the next process. */
void probe_keep(struct probe *p);

/* Adds { RLIMIT_NOFILE: { soft, hard }… } of the text of a /proc/PID/limits. */
void probe_limits_text(struct arena *a, struct doc *to, struct bytes text);

/* "CAP_CHOWN" for 0; NULL for one that has no name here. */
const char *probe_capability(unsigned number);

/* The number that sixteen hexadecimal digits at most say, as a /proc/PID/status has its sets; false when it is none. */
bool probe_set(struct bytes digits, uint64_t *ret);

/* Adds [[inside, outside, count]…] of the text of a /proc/PID/uid_map. */
void probe_map_text(struct arena *a, struct doc *to, const char *key, struct bytes text);

/* In which user namespace this process is; asked once. */
enum user_namespace probe_user_namespace(struct probe *p);

/* Whether this process is not root of the machine: it may do what was delegated to it. */
bool probe_rootless(struct probe *p);

/* One question's answer; several may come from one function. */
void probe_kernel(struct probe *p);
void probe_self(struct probe *p);
void probe_rlimits(struct probe *p);
void probe_subids(struct probe *p);
void probe_namespaces(struct probe *p);
void probe_cgroup(struct probe *p);
void probe_cgroup_files(struct probe *p);
void probe_seccomp(struct probe *p);
void probe_lsm(struct probe *p);
void probe_apparmor_profiles(struct probe *p);
void probe_capabilities(struct probe *p);
void probe_filesystems(struct probe *p);
void probe_limits(struct probe *p);
void probe_cpus(struct probe *p);
void probe_huge_pages(struct probe *p);
void probe_scheduler(struct probe *p);
void probe_interfaces(struct probe *p);
void probe_rdma(struct probe *p);
void probe_resctrl(struct probe *p);
void probe_clocks(struct probe *p);
void probe_hardware(struct probe *p);
void probe_tuning(struct probe *p);
void probe_gpu(struct probe *p);
