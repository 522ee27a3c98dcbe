/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lies at paths of this machine, where the kernel has its word: mounts, /proc, namespaces, sysctls. As root in a
 * mount namespace of its own, with a FUSE mount whose server never answers; what hangs is ended by an alarm.
 */
#include "tests/unit/place.h"
#include "validate/host/sysctl.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define PATIENCE_S 60
#define HOOK_AT "hooks/prestart/0"

static bool mounts;

static const char *hook(const char *path)
{
	return answer(arena_printf(&arena, "{\"hooks\":{\"prestart\":[{\"path\":\"%s\"}]}}", path), ASK_HOOK, HOOK_AT);
}

static const char *in_work(const char *name)
{
	return arena_printf(&arena, "%s/%s", work, name);
}

static const char *joins(const char *path)
{
	return answer(arena_printf(&arena, "{\"linux\":{\"namespaces\":[{\"path\":\"%s\"}]}}", path), ASK_NAMESPACE,
		"linux/namespaces/0");
}

static const char *bind_of(const char *name)
{
	return answer(arena_printf(&arena,
			      "{\"mounts\":[{\"destination\":\"/x\",\"type\":\"bind\",\"source\":\"%s\"}]}",
			      in_work(name)),
		ASK_SOURCE, "mounts/0");
}

static void test_mounts(void)
{
	if (!mounts)
		return;
	put("below/file", "");
	put("over/file", "");
	link_to("over/file", "link");
	ok(mount("tmpfs", "over", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755") == 0, "a tmpfs");
	put("over/new", "");
	has(hook(in_work("over/new")), "\"filesystem\":\"tmpfs\",\"network\":false,\"flags\":[\"nosuid\",\"noexec\",",
		"a mount is crossed");
	has(hook(in_work("over/../over/./new")), "\"filesystem\":\"tmpfs\"", "by dots, too");
	has(hook(in_work("over/../below/file")), "\"kind\":\"file\"", "and back out of it");
	has(hook(in_work("over/file")), "\"kind\":\"absent\"", "what it hides is not there");
	has(hook(in_work("link")), "\"kind\":\"absent\"", "nor behind a symlink");
	has(hook(work), "\"submounts\":true", "it is told of the directory above");
	has(hook(in_work("over")), "\"submounts\":false", "and not of itself");
	put("bound", "");
	ok(mount("below/file", "bound", "none", MS_BIND, "") == 0, "a file on a file");
	has(hook(in_work("bound")), "\"kind\":\"file\"", "is crossed");
	has(bind_of("bound"),
		arena_printf(&arena, "\"mountPoint\":\"%s/bound\",\"elsewhere\":[\"%s/below/file\"]", work, work),
		"and it is told whose file it is");
	has_not(bind_of("below/file"), "elsewhere", "which is not told of that file itself");
	has_not(bind_of("over/new"), "elsewhere", "nor of one that is to be had there only");
	ok(mount("tmpfs", "over", "tmpfs", 0, "mode=700") == 0, "another tmpfs over the first");
	has(hook(in_work("over/new")), "\"kind\":\"absent\"", "hides it");
	(void)umount("over");
	(void)umount("over");
	(void)umount("bound");
}

/* A server that takes questions and never answers. */
static void test_fuse(void)
{
	char options[64];
	int status;
	const int fd = mounts ? fd_open(AT_CWD, "/dev/fuse", O_RDWR, 0) : -1;
	if (fd < 0)
		return;
	(void)mkdir("dead", 0755);
	(void)snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	if (mount("dead", "dead", "fuse", 0, options) < 0) {
		(void)fd_close(fd);
		return;
	}
	const pid_t pid = fork();
	if (pid == 0) {
		struct stat st;
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(stat("dead/x", &st) == 0);
	}
	(void)usleep(200000);
	ok(waitpid(pid, &status, WNOHANG) == 0, "who asks a server that is gone waits for ever");
	(void)kill(pid, SIGKILL); /* while it waits, nobody who waits for the same directory can be killed */
	(void)waitpid(pid, &status, 0);
	link_to("dead/x", "to-dead");
	const char *want = arena_printf(&arena, "{\"path\":\"%s/dead/x\",\"filesystem\":\"fuse\",\"network\":true}",
		work);
	is_text(hook(in_work("dead/x")), want, "we do not ask");
	is_text(hook(in_work("to-dead")), want, "nor through a symlink");
	has(hook(in_work("dead")), "\"network\":true", "nor for its root");
	has(hook(work), "\"submounts\":true", "nor for what is mounted below");
	has(answer(arena_printf(&arena, "{\"root\":{\"path\":\"%s\"}}", in_work("dead")), ASK_ROOTFS, "root"),
		"\"network\":true", "nor as a rootfs");
	put("c/x", "");
	(void)mkdir("c/dev", 0755);
	ok(mount("dead", "c/dev", "none", MS_BIND, "") < 0 || true, "a rootfs whose /dev is there as well");
	has(answer(arena_printf(&arena, "{\"root\":{\"path\":\"%s\"}}", in_work("c")), ASK_ROOTFS, "root"),
		"\"proc\":", "is looked at");
	(void)fd_close(fd);
	(void)umount2("c/dev", MNT_DETACH);
	(void)umount2("dead", MNT_DETACH);
}

static void test_proc(void)
{
	char exe[4096], path[64];
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	has(hook("/proc/self/exe"), arena_printf(&arena, "\"kind\":\"file\",\"path\":\"%s\"", exe),
		"our own program, as Docker's hook");
	(void)snprintf(path, sizeof(path), "/proc/%d/exe", (int)getpid());
	has(hook(path), "\"executable\":true", "by number");
	(void)snprintf(path, sizeof(path), "/proc/%d/cwd/x/y", (int)getpid());
	put("x/y", "");
	has(hook(path), arena_printf(&arena, "\"path\":\"%s/x/y\"", work), "below a magic link");
	is_text(hook("/proc/self/cwd/nothing"), "{}", "what is not there may be hidden from us only");
	has(hook("/proc/4194999/exe"), "\"kind\":\"absent\"", "a process that cannot be");
	const int fd = fd_open(AT_CWD, "x/y", O_RDONLY, 0);
	(void)unlink("x/y");
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	is_text(hook(path), "{}", "a file that was deleted");
	(void)fd_close(fd);
	int ends[2];
	ok(pipe2(ends, O_CLOEXEC) == 0, "a pipe");
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	is_text(hook(path), "{}", "is no path");
	(void)fd_close(ends[0]);
	(void)fd_close(ends[1]);
	if (!mounts)
		return;
	(void)mkdir("proc", 0755);
	ok(mount("proc", "proc", "proc", 0, "hidepid=invisible") == 0, "a /proc that hides others");
	has(hook(in_work("proc/1")), "\"kind\":\"directory\"", "shows root what there is");
	is_text(hook(in_work("proc/4194999")), "{}", "but who is not shown is not gone for sure");
	(void)umount("proc");
}

/* A process in a mount namespace of its own. */
static void test_other_mounts(void)
{
	char path[64], said;
	int ends[2];
	if (!mounts || pipe2(ends, O_CLOEXEC) < 0)
		return;
	const pid_t pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNS) == 0 && write(ends[1], "", 1) == 1)
			(void)pause();
		_exit(0);
	}
	ok(read(ends[0], &said, 1) == 1, "another mount namespace");
	(void)snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	is_text(hook(path), "{}", "paths of its processes are not ours");
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	(void)fd_close(ends[0]);
	(void)fd_close(ends[1]);
}

static void test_namespaces(void)
{
	struct stat st;
	has(joins("/proc/self/ns/net"), "{\"kind\":\"namespace\",\"path\":", "a namespace");
	has(joins("/proc/self/ns/net"), "\"type\":\"network\"", "its type");
	has(joins("/proc/self/ns/pid_for_children"), "\"type\":\"pid\"", "the one of children");
	has(joins("/proc/self/ns/mnt"), "\"type\":\"mount\"", "by the spec's name");
	ok(stat("/proc/self/ns/uts", &st) == 0, "known by its inode");
	has(joins("/proc/self/ns/uts"), arena_printf(&arena, "\"inode\":%llu", (unsigned long long)st.st_ino),
		"as told");
	has(joins("/proc/self/ns/nothing"), "\"kind\":\"absent\"", "no such namespace");
	has(joins("/proc/4194999/ns/net"), "\"kind\":\"absent\"", "of no process");
	has(joins("/etc/passwd"), "\"kind\":\"file\"", "a file is none");
	(void)mkfifo("pipe", 0600);
	has(joins(in_work("pipe")), "\"kind\":\"fifo\"", "nor a fifo, which is not opened");
	is_text(joins(""), "{}", "a new one is no place");
	if (!mounts)
		return;
	put("netns", "");
	ok(mount("/proc/self/ns/net", "netns", "none", MS_BIND, "") == 0, "one that is bound to a file");
	has(joins(in_work("netns")), "{\"kind\":\"namespace\",\"path\":", "is one");
	has(joins(in_work("netns")), "\"type\":\"network\"", "of its type");
	(void)umount("netns");
	has(joins(in_work("netns")), "\"kind\":\"file\"", "once it is unbound, a file is left");
	(void)unlink("netns");
	has(joins(in_work("netns")), "\"kind\":\"absent\"", "or nothing");
}

#define SYSCTLS(namespaces, keys) "{\"linux\":{\"namespaces\":[" namespaces "],\"sysctl\":{" keys "}}}"
#define NET "{\"type\":\"network\"},{\"type\":\"ipc\"},{\"type\":\"uts\"}"

static const char *sysctl(const char *json, const char *key)
{
	return answer(json, ASK_SYSCTL, arena_printf(&arena, "linux/sysctl/%s", key));
}

/* Whether a network namespace can be made here at all; not below valgrind, which does not know clone3(2). */
static bool can_ask(void)
{
	if (!mounts || (syscall(SYS_clone3, NULL, 0) < 0 && errno == ENOSYS))
		return false;
	const pid_t pid = fork();
	int status = 1;
	if (pid == 0)
		_exit(unshare(CLONE_NEWNET) < 0);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static const char *path_of(const char *key)
{
	return sysctl_path(&arena, bytes_of(key));
}

static void test_keys(void)
{
	is_text(path_of("net.ipv4.ip_forward"), "net/ipv4/ip_forward", "dots part");
	is_text(path_of("net.ipv4.conf.eth0/1.forwarding"), "net/ipv4/conf/eth0.1/forwarding",
		"a slash stands for a dot");
	is_text(path_of("net/ipv4/conf/eth0.1/forwarding"), "net/ipv4/conf/eth0.1/forwarding", "slashes part");
	is_text(path_of("net/../../x"), NULL, "none that climbs");
	is_text(path_of("net.//.x"), NULL, "in no spelling");
	is_text(path_of("/etc/passwd"), NULL, "none that starts at the root");
	is_text(path_of("net..x"), NULL, "an empty part");
	is_text(path_of("net.x."), NULL, "nor at its end");
	is_text(path_of("net"), NULL, "a directory");
	is_text(path_of(""), NULL, "nothing");
}

static void test_sysctls(void)
{
	has(sysctl(SYSCTLS("", "\"vm.swappiness\":\"1\""), "vm.swappiness"), "{\"exists\":true", "one of the host");
	is_text(sysctl(SYSCTLS("", "\"vm.nothing\":\"1\""), "vm.nothing"), "{\"exists\":false}", "none");
	is_text(sysctl(SYSCTLS("{\"type\":\"network\",\"path\":\"/x\"}", "\"net.nothing\":\"1\""), "net.nothing"), "{}",
		"of a namespace that is joined nothing is known");
	if (!can_ask())
		return;
	const char *config = SYSCTLS(NET,
		"\"net.ipv4.ip_forward\":\"1\",\"net.core.rmem_max\":\"1\",\"net.nothing\":\"\","
		"\"kernel.shmmax\":\"1\",\"net.ipv4.conf.eth0.forwarding\":\"1\"");
	is_text(sysctl(config, "net.ipv4.ip_forward"), "{\"exists\":true,\"writable\":true}", "one of a new namespace");
	is_text(sysctl(config, "kernel.shmmax"), "{\"exists\":true,\"writable\":true}", "of another kind");
	is_text(sysctl(config, "net.nothing"), "{\"exists\":false}", "none");
	is_text(sysctl(config, "net.ipv4.conf.eth0.forwarding"), "{}", "of an interface that a hook may bring");
	is_text(sysctl("{\"hooks\":{\"prestart\":[{}]},\"linux\":{\"namespaces\":[{\"type\":\"network\"}],\"sysctl\":{"
		       "\"net.netfilter.nothing\":\"1\"}}}",
			"net.netfilter.nothing"),
		"{}", "nor of what comes with a module, where hooks run first");
	/* Not every kernel lists the same: what a namespace of our own has is the measure. */
	const pid_t pid = fork();
	int status = 0;
	if (pid == 0)
		_exit(unshare(CLONE_NEWNET) < 0 ? 3 : access("/proc/sys/net/core/rmem_max", F_OK) == 0);
	(void)waitpid(pid, &status, 0);
	has(sysctl(config, "net.core.rmem_max"), WEXITSTATUS(status) == 0 ? "\"exists\":false" : "\"exists\":true",
		"what the host has and new namespaces may not have");
	ok(waitpid(-1, NULL, WNOHANG | __WALL) < 0 && errno == ECHILD, "no child is left");
}

static bool asks_nobody(const char *config, const char *key)
{
	/* A child would be seen: with no processes allowed, none can be made, and nothing is known. */
	const pid_t pid = fork();
	int status = 1;
	if (pid == 0) {
		if (unshare(CLONE_NEWPID) < 0)
			_exit(2);
		/* After a first child is gone, nothing can be born in that namespace. */
		const pid_t first = fork();
		if (first == 0)
			_exit(0);
		(void)waitpid(first, NULL, 0);
		_exit(strcmp(sysctl(config, key), "{\"exists\":true,\"writable\":true}") != 0);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static void test_kept(void)
{
	const char *config = SYSCTLS(NET, "\"net.ipv4.ip_forward\":\"1\",\"net.nothing\":\"1\"");
	const char *one = SYSCTLS(NET, "\"net.ipv4.ip_forward\":\"1\"");
	const char *key = "net.ipv4.ip_forward";
	struct stat st, after;
	if (!can_ask())
		return;
	(void)mkdir("ours", 0700);
	ok(!asks_nobody(one, key), "without a child nothing is known");
	host.cache = in_work("ours");
	has(sysctl(config, key), "\"writable\":true", "asked, and kept");
	ok(stat("ours/sysctls", &st) == 0 && (st.st_mode & 07777) == 0600, "in a file of ours");
	ok(asks_nobody(one, key), "then nobody is asked again");
	has(sysctl(config, "net.nothing"), "\"exists\":false", "what is not there is asked about each time");
	ok(!asks_nobody(SYSCTLS("{\"type\":\"user\"}," NET, "\"net.ipv4.ip_forward\":\"1\""), key),
		"in a user namespace it may be another matter");
	(void)chmod("ours/sysctls", 0620);
	ok(!asks_nobody(one, key), "a file that others may write is not believed");
	(void)chmod("ours/sysctls", 0600);
	ok(chown("ours/sysctls", 12345, 0) == 0 && !asks_nobody(one, key), "nor one of somebody else");
	ok(chown("ours/sysctls", 0, 0) == 0, "ours again");
	(void)chmod("ours", 0777);
	ok(!asks_nobody(one, key), "nor one in a directory that others may write");
	(void)chmod("ours", 0700);
	ok(asks_nobody(one, key), "after all that it is believed again");
	(void)rename("ours/sysctls", "ours/real");
	link_to("real", "ours/sysctls");
	ok(!asks_nobody(one, key), "nor a symlink");
	put("ours/sysctls", "runvet-sysctls 1 00000000-0000-0000-0000-000000000000\n- net/ipv4/ip_forward\n");
	ok(!asks_nobody(one, key), "nor one of another boot");
	has(sysctl(one, key), "\"writable\":true", "it is replaced");
	ok(asks_nobody(one, key), "by one that is believed");
	const int lock = fd_open(AT_CWD, "ours/sysctls.lock", O_RDWR, 0);
	ok(stat("ours/sysctls", &st) == 0 && syscall(SYS_flock, lock, 2) == 0, "while another process is at it");
	is_text(sysctl(SYSCTLS(NET, "\"net.ipv4.ip_default_ttl\":\"1\""), "net.ipv4.ip_default_ttl"), "{}",
		"nobody waits");
	(void)fd_close(lock);
	has(sysctl(SYSCTLS(NET, "\"net.ipv4.ip_default_ttl\":\"1\""), "net.ipv4.ip_default_ttl"), "true",
		"later it is asked");
	ok(stat("ours/sysctls", &after) == 0 && after.st_size > st.st_size && asks_nobody(one, key),
		"and kept beside the other");
	host.cache = NULL;
}

/*
 * By the numbers of mounts, where the kernel tells them: without /proc there is no list of them. Not below valgrind,
 * which does not know the calls. 0: done.
 */
static int look_without_proc(void)
{
	static const struct {
		const char *says, *wanted;
	} told[] = {
		{ "{\"kind\":\"file\"", "it is there" },
		{ "\"filesystem\":\"tmpfs\"", "of its file system" },
		{ "\"flags\":[\"nosuid\",\"noexec\",\"relatime\"]", "with its flags" },
	};
	const char *path = in_work("over/new");
	if (unshare(CLONE_NEWNS) < 0 || mount("tmpfs", "over", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755") < 0)
		return 1;
	put("over/new", "");
	host.root = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0); /* what was open is of the namespace before */
	(void)bind_of("over/new");                                 /* kept */
	if (umount2("/proc", MNT_DETACH) < 0)
		return 2;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (!strstr(hook(path), told[i].says) || !strstr(bind_of("over/new"), told[i].says))
			return (int)i + 3;
	/* On which mount it is not is for mountinfo to tell: one may hide it. */
	if (strstr(bind_of("over/none"), "absent"))
		return 6;
	/* Read-only by now: flags are not kept. */
	return mount("none", "over", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) < 0 ||
			!strstr(bind_of("over/new"), "\"flags\":[\"ro\"")
		? 7
		: 0;
}

static void test_listed(void)
{
	uint64_t first;
	const struct {
		uint32_t size, nothing;
		uint64_t id, param;
	} all = { .size = 24, .id = UINT64_MAX };
	int status = 0;
	if (!mounts || syscall(458, &all, &first, 1, 0) != 1)
		return;
	const pid_t pid = fork();
	if (pid == 0)
		_exit(look_without_proc());
	const bool ended = waitpid(pid, &status, 0) == pid;
	ok(ended && status == 0, "without mountinfo, by numbers alone (%x)", (unsigned)status);
	char *text = NULL;
	size_t size = 0;
	FILE *f = fopen("ours/facts", "re");
	const ssize_t n = f ? getdelim(&text, &size, '\0', f) : -1;
	ok(n > 0 && strstr(text, "\nmounts seen h"), "what has no server is kept");
	free(text);
	if (f)
		(void)fclose(f);
}

static void test_devices(void)
{
	const char *config = "{\"root\":{\"path\":\"/\"},\"linux\":{\"devices\":[{\"path\":\"/dev/"
			     "null\",\"major\":1,\"minor\":3}]}}";
	has(answer(config, ASK_NODE, "linux/devices/0"), "\"host\":{\"kind\":\"character\"", "a node of the host");
	has(answer(config, ASK_NODE, "linux/devices/0"), "\"number\":\"1:3\"", "its numbers");
	config = "{\"linux\":{\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":4095,\"minor\":77}]}}}}";
	is_text(answer(config, ASK_BLOCK_DEVICE, "linux/resources/blockIO/weightDevice/0"), "{\"kind\":\"absent\"}",
		"a block device that is not there");
}

static void test_cgroups(void)
{
	const char *config = "{\"linux\":{\"cgroupsPath\":\"/nothing-like/this\"}}";
	const char *said = answer(config, ASK_CGROUPS_PATH, "linux/cgroupsPath");
	ok(strcmp(said, "{}") == 0 || strstr(said, "\"kind\":\"absent\""), "a cgroup that is not there: %s", said);
	is_text(answer("{\"linux\":{\"cgroupsPath\":\"a.slice:b:c\"}}", ASK_CGROUPS_PATH, "linux/cgroupsPath"), "{}",
		"one of systemd's");
	is_text(answer("{\"linux\":{\"cgroupsPath\":\"/../../etc\"}}", ASK_CGROUPS_PATH, "linux/cgroupsPath"), "{}",
		"one that climbs");
}

/* With a directory for what is kept, and without. */
static void test_kept_or_not(void)
{
	test_mounts();
	test_fuse();
	test_proc();
	test_other_mounts();
	test_namespaces();
	test_devices();
	test_cgroups();
}

int main(void)
{
	(void)alarm(PATIENCE_S);
	place_start();
	mounts = geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
		mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0;
	host.root = fd_close(host.root);
	host.root = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	host.live = true;
	test_kept_or_not();
	test_keys();
	test_sysctls();
	test_kept();
	host.cache = in_work("ours");
	(void)mkdir("ours", 0700);
	test_listed();
	test_kept_or_not();
	place_end();
	return tap_done();
}
