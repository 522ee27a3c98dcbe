/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts that are not as they should be. Every file of a tree is replaced by what could stand there instead: looking
 * ends, nothing is written, nothing outside is read, and what is found is a host document still, with the odd part
 * unknown.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "tests/unit/host.h"

#include "tests/tap.h"

#define FILES 512
#define TOO_LONG ((size_t)3 << 20)

static char *files[FILES];
static size_t count;
static uint64_t seen;
static char *tried[FILES]; /* paths below the top: what hosts have in common is tried once */
static size_t tried_count;

static int remember(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)at;
	if ((kind == FTW_F || kind == FTW_SL) && count < FILES)
		files[count++] = strdup(path);
	/* Whoever writes, makes or removes something changes one of these. */
	seen = seen * 31 + (uint64_t)st->st_ino + (uint64_t)st->st_size;
	seen = seen * 31 + (uint64_t)st->st_mtim.tv_nsec + (uint64_t)st->st_ctim.tv_nsec;
	return 0;
}

static uint64_t state_of(const char *top)
{
	for (size_t i = 0; i < count; i++)
		free(files[i]);
	count = 0;
	seen = 0;
	(void)nftw(top, remember, 16, FTW_PHYS);
	return seen;
}

static void put(const char *path, const char *data, size_t len)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		printf("Bail out! %s cannot be written\n", path);
	(void)close(fd);
}

static void must(bool done, const char *what)
{
	if (!done)
		printf("Bail out! %s\n", what);
}

static void be_fifo(const char *path)
{
	(void)mkfifo(path, 0644);
}

static void be_directory(const char *path)
{
	(void)mkdir(path, 0755);
}

static void be_socket(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(to.sun_path, sizeof(to.sun_path), "/tmp/runvet-%d", (int)getpid());
	(void)bind(fd, (struct sockaddr *)&to, sizeof(to));
	(void)rename(to.sun_path, path);
	(void)close(fd);
}

static void be_circle(const char *path)
{
	must(symlink(path + strcspn(path + 5, "/") + 5, path) == 0, path);
}

static void be_nowhere(const char *path)
{
	must(symlink("/nowhere", path) == 0, path);
}

/* Within the tree that is its own /secret; outside there is another. */
static void be_outside(const char *path)
{
	must(symlink("../../../../../../../../../../../../tmp/runvet-host-secret", path) == 0, path);
}

static void be_empty(const char *path)
{
	put(path, "", 0);
}

static void be_noise(const char *path)
{
	char noise[4096];
	unsigned state = 1;
	for (size_t i = 0; i < sizeof(noise); i++) {
		state = state * 1103515245 + 12345;
		noise[i] = (char)(state >> 16);
	}
	put(path, noise, sizeof(noise));
}

static void be_punctuation(const char *path)
{
	static const char text[] = ":\n::\n:::\n - \n-1\n(\n)\n "
				   "()\n,\n,,,\n0::\n[]\n:[\n]\n99999999999999999999999\n\\\n\\0\n\\07\n\t\n \n";
	put(path, text, sizeof(text) - 1);
}

static void be_long(const char *path)
{
	static char line[TOO_LONG];
	memset(line, '7', sizeof(line));
	put(path, line, sizeof(line));
}

static void be_unreadable(const char *path)
{
	put(path, "0\n", 2);
	(void)chmod(path, 0);
}

static const struct {
	const char *name;
	void (*make)(const char *path);
} odd[] = {
	{ "a fifo", be_fifo },
	{ "a directory", be_directory },
	{ "a socket", be_socket },
	{ "a circle of links", be_circle },
	{ "a link to nowhere", be_nowhere },
	{ "a link out of the tree", be_outside },
	{ "empty", be_empty },
	{ "noise", be_noise },
	{ "punctuation", be_punctuation },
	{ "too long", be_long },
	{ "unreadable", be_unreadable },
};

/* What is found can be printed and read, whatever it is. */
static bool is_document(struct arena *a, const struct doc *found, const char *path)
{
	const struct doc *again = NULL;
	struct fail broken = { 0 };
	struct text text = text_growing(a);
	if (!found)
		return false;
	doc_write(found, false, &text);
	if (host_parse(a, (struct bytes){ text.data, text.len }, "made", &again, &broken) == 0 &&
		!strstr(text.data, "secret-word"))
		return true;
	printf("# %s: %s\n", path, broken.says);
	return false;
}

static bool try_once(const char *inside)
{
	for (size_t i = 0; i < tried_count; i++)
		if (strcmp(tried[i], inside) == 0)
			return false;
	if (tried_count < FILES)
		tried[tried_count++] = strdup(inside);
	return true;
}

static void check_odd(const char *name)
{
	char top[TREE_PATH], aside[TREE_PATH * 2];
	const int root = tree_open(top, name);
	(void)chmod(top, 0755);
	(void)state_of(top);
	char **list = calloc(count, sizeof(char *));
	size_t all = 0;
	for (size_t i = 0; i < count; i++)
		if (try_once(files[i] + strlen(top)))
			list[all++] = strdup(files[i]);
	for (size_t k = 0; k < sizeof(odd) / sizeof(odd[0]); k++) {
		size_t bad = 0, written = 0;
		for (size_t i = 0; i < all; i++) {
			struct arena a;
			arena_init(&a, LIMIT_ARENA);
			snprintf(aside, sizeof(aside), "%s.aside", top);
			(void)rename(list[i], aside);
			odd[k].make(list[i]);
			const uint64_t before = state_of(top);
			/* Root may read what nobody may. */
			must(seteuid(odd[k].make == be_unreadable ? 65534 : geteuid()) == 0 || geteuid() != 0,
				"seteuid");
			bad += !is_document(&a, tree_look(&a, root), list[i]);
			must(seteuid(getuid()) == 0, "seteuid");
			written += state_of(top) != before;
			(void)remove(list[i]);
			(void)rename(aside, list[i]);
			arena_done(&a);
		}
		ok(bad == 0, "%s: every file in turn is %s", name, odd[k].name);
		ok(written == 0, "%s: and nothing is written", name);
	}
	for (size_t i = 0; i < all; i++)
		free(list[i]);
	free(list);
	(void)close(root);
	tree_remove(top, "");
}

/* What is known once that part of the tree is gone: the names of the members, in their order. */
static void check_without(const char *without, const char *const *gone, const char *const *there)
{
	char top[TREE_PATH];
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const int root = tree_open(top, "v2");
	tree_remove(top, without);
	const struct doc *found = tree_look(&a, root);
	ok(is_document(&a, found, without), "without %s there is a document", without);
	for (size_t i = 0; gone[i]; i++)
		ok(!doc_find(found, gone[i]), "%s is unknown then", gone[i]);
	for (size_t i = 0; there[i]; i++)
		ok(doc_find(found, there[i]), "%s is known", there[i]);
	(void)close(root);
	tree_remove(top, "");
	arena_done(&a);
}

static void check_parts(void)
{
	check_without("/sys",
		(const char *const[]){ "lsm", "apparmor", "selinux.enforcing", "cgroup.controllers",
			"cgroup.files.memory", "cpus.online", "nodes.numa", "hugePages", "rdma", NULL },
		(const char *const[]){ "kernel.release", "cgroup.mode", "self.capabilities.effective", NULL });
	check_without("/proc",
		(const char *const[]){ "kernel.release", "self.euid", "self.capabilities.effective",
			"self.initialUserNamespace", "namespaces.pid", "namespaces.unprivilegedUser", "init",
			"cgroup.mode", "seccomp", "capabilities.last", "filesystems.known", "filesystems.modules",
			"limits.nrOpen", "resctrl", "interfaces", NULL },
		(const char *const[]){ "lsm", "hugePages", "cpus.online", NULL });
	/* As under hidepid=2, where process 1 is not there for others. */
	check_without("/proc/1", (const char *const[]){ "init", NULL },
		(const char *const[]){ "self.namespaces.pid", "namespaces.pid.available", NULL });
	check_without("/proc/self/ns/time", (const char *const[]){ "self.namespaces.time", NULL },
		(const char *const[]){ "namespaces.time.quota", NULL });
	check_without("/proc/sys/kernel/seccomp", (const char *const[]){ "seccomp", NULL },
		(const char *const[]){ NULL });
	check_without("/sys/kernel/security", (const char *const[]){ "lsm", NULL },
		(const char *const[]){ "apparmor.enabled", NULL });
	check_without("/etc", (const char *const[]){ "self.subuids", "self.subgids", NULL },
		(const char *const[]){ NULL });
	check_without("/proc/self/mountinfo", (const char *const[]){ "cgroup.mode", "resctrl", NULL },
		(const char *const[]){ "self.euid", NULL });
}

/* Values that a file decides alone. */
static void check_values(void)
{
	static const struct {
		const char *path, *text, *at, *json;
	} values[] = {
		{ "/proc/sys/kernel/sched_rt_runtime_us", "-1\n", "scheduler.rtRuntimeUs", "-1" },
		{ "/proc/sys/kernel/modules_disabled", "1\n", "filesystems.modules", "false" },
		{ "/proc/sys/fs/nr_open", "18446744073709551616\n", "limits.nrOpen", NULL },
		{ "/proc/sys/fs/nr_open", "12 34\n", "limits.nrOpen", NULL },
		{ "/proc/sys/user/max_user_namespaces", "0\n", "namespaces.unprivilegedUser", "false" },
		{ "/proc/sys/user/max_net_namespaces", "0\n", "namespaces.network.quota", "0" },
		{ "/etc/nsswitch.conf", "passwd: files\nsubid: sss\n", "self.subuids", NULL },
		{ "/etc/nsswitch.conf", "subid: files\n", "self.subuids", "[]" },
		{ "/proc/self/stat", "1 (a) b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 -7 1 0 1\n", "self.nice",
			"-7" },
		{ "/proc/self/status", "Name:\tx\nUid:\t1\t7\t1\t1\n", "self.euid", "7" },
		{ "/proc/self/status", "Name:\tx\nCapEff:\t00000000000000zz\n", "self.capabilities.effective", NULL },
		{ "/proc/sys/kernel/seccomp/actions_avail", "errno new_action allow\n", "seccomp.actions",
			"[\"SCMP_ACT_ERRNO\",\"SCMP_ACT_ALLOW\"]" },
		{ "/sys/kernel/mm/hugepages/hugepages-64kB/x", "", "hugePages", "3 of them" },
		{ "/proc/sys/user/max_user_namespaces", "x\n", "namespaces.user.quota", NULL },
	};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char top[TREE_PATH];
		struct arena a;
		arena_init(&a, LIMIT_ARENA);
		const int root = tree_open(top, "v2");
		tree_put(top, values[i].path, values[i].text);
		const struct doc *d = doc_find(tree_look(&a, root), values[i].at);
		struct text t = text_growing(&a);
		if (d && d->type == DOC_ARRAY && d->count == 3)
			text_add(&t, "3 of them");
		else if (d)
			doc_write(d, false, &t);
		is_text(d ? t.data : NULL, values[i].json, "%s from %s", values[i].at, values[i].path);
		(void)close(root);
		tree_remove(top, "");
		arena_done(&a);
	}
}

/* Without memory it is -ENOMEM, wherever it ends. */
static void check_memory(void)
{
	char top[TREE_PATH];
	const int root = tree_open(top, "v2");
	const struct host h = { .root = root };
	size_t wrong = 0, short_of = 0;
	for (size_t limit = 1024; limit < 200000; limit += 3001) {
		const struct doc *found = NULL;
		struct fail broken = { 0 };
		struct arena a;
		arena_init(&a, limit);
		const int r = host_all(&a, &h, &found, &broken);
		wrong += r == 0 ? !found : r != -ENOMEM || broken.code != -ENOMEM;
		short_of += r < 0;
		arena_done(&a);
	}
	ok(wrong == 0 && short_of > 0, "want of memory is said");
	(void)close(root);
	tree_remove(top, "");
}

static bool says_anything(const struct doc *d)
{
	if (d->type != DOC_OBJECT)
		return true;
	for (const struct doc *m = d->first; m; m = m->next)
		if (says_anything(m))
			return true;
	return false;
}

static void check_empty(void)
{
	char top[TREE_PATH];
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const int root = tree_open(top, NULL);
	const struct doc *found = tree_look(&a, root);
	ok(is_document(&a, found, "empty"), "an empty tree is a host of which nothing is known");
	for (const struct doc *m = found->first; m; m = m->next)
		ok(!says_anything(m), "%.*s is unknown", (int)m->key.len, m->key.data);
	(void)close(root);
	tree_remove(top, "");
	arena_done(&a);
}

int main(void)
{
	put("/tmp/runvet-host-secret", "secret-word\n", 12);
	alarm(100); /* whoever hangs is found */
	check_empty();
	check_parts();
	check_values();
	check_memory();
	check_odd("v2");
	check_odd("hybrid");
	check_odd("apparmor");
	check_odd("rootless");
	(void)unlink("/tmp/runvet-host-secret");
	for (size_t i = 0; i < tried_count; i++)
		free(tried[i]);
	return tap_done();
}
