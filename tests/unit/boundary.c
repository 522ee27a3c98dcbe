/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container got, read from small trees that stand for /proc and /sys/fs/cgroup; what is odd in them is left out,
 * and nothing is made of it. How a first process is found, and that it is no other.
 */
#include "tests/unit/place.h"

#include "validate/host/boundary.h"
#include "validate/host/boundary_cgroup.h"
#include "validate/host/state.h"

#include <sys/time.h>
#include <time.h>

#define PID 77

static int top = -1;

static const char status[] =
	"Name:\tx Uid:\\n\nUmask:\t0027\nState:\tS (sleeping)\nUid:\t1000\t100033\t1000\t1000\nGid:\t5\t100005\t5\t5\n"
	"Groups:\t100005 100006 \nCapInh:\t0000000000000000\nCapPrm:\t8000000000000001\nCapEff:\t0000000000000001\n"
	"CapBnd:\t00000000a80425fb\nCapAmb:\tzz\nNoNewPrivs:\t1\nSeccomp:\t0\nCpus_allowed_list:\t0-1,3\n"
	"Mems_allowed_list:\t0\n";

static const char stat_text[] = "77 (a) b ) S 1 77 77 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4242 0 0\n";

static const char mountinfo[] =
	"100 50 0:47 /b/rootfs / ro,relatime shared:7 master:2 - overlay overlay rw,lowerdir=/a:/b\n"
	"101 100 0:5 / /proc rw,relatime - proc proc rw\n"
	"102 101 0:5 /sys /proc/sys ro,relatime - proc proc rw\n"
	"103 101 0:9 /null /proc/keys rw - tmpfs tmpfs rw\n"
	"104 101 0:5 /kcore /proc/kcore ro - proc proc rw\n"
	"105 100 0:10 / /a\\040b\\012c rw,nosuid master:3 - tmpfs tmpfs rw,size=64k\n"
	"106 100 0:11 / /data rw unbindable - ext4 /dev/vda rw\n"
	"107 106 0:12 / /data ro,nodev - tmpfs tmpfs rw\n"
	"108 106 0:13 / /data/hidden rw - tmpfs tmpfs rw\n"
	"109 100 0:14 / /far rw - nfs4 server:/far rw\n"
	"110 109 0:15 / /far/near rw - tmpfs tmpfs rw\n"
	"111 111 0:16 / /loop rw - tmpfs tmpfs rw\n"
	"112 100 0:17 / /short\n"
	"113 100 garbage / /odd rw - tmpfs tmpfs rw\n";

static void lay(void)
{
	put("proc/77/status", status);
	put("proc/77/stat", stat_text);
	put("proc/77/mountinfo", mountinfo);
	put("proc/77/uid_map", "         0     100000      65536\n");
	put("proc/77/gid_map", "         0     100000      65536\n");
	put("proc/77/oom_score_adj", "-998\n");
	put("proc/77/limits",
		"Limit                     Soft Limit           Hard Limit           Units     \n"
		"Max open files            1024                 unlimited            files     \n");
	put("proc/77/cgroup", "3:memory:/ctr/x\n2:cpu,cpuacct:/ctr/x\n1:devices:/ctr/x\n0::/ctr/x\n");
	put("proc/77/attr/current", "docker-default (enforce)\n");
	put("proc/77/attr/exec", "");
	put("proc/77/personality", "00000008\n");
	put("proc/77/timens_offsets", "monotonic       86400         5\nboottime   -7 x\n");
	put("proc/77/net/dev", "Inter-|\n face |\n  eth0: 0 0\n    lo: 0 0\n");
	put("proc/sys/kernel/cap_last_cap", "40\n");
	(void)mkdir("proc/77/ns", 0755);
	link_to("pid:[10]", "proc/77/ns/pid");
	link_to("net:[20]", "proc/77/ns/net");
	link_to("uts:[odd]", "proc/77/ns/uts");
	link_to("user:[30]", "proc/77/ns/user");
	put("proc/1/ns/x", "");
	link_to("pid:[1]", "proc/1/ns/pid");
	link_to("net:[20]", "proc/1/ns/net");
	put("proc/self/ns/x", "");
	link_to("pid:[10]", "proc/self/ns/pid");
	link_to("user:[1]", "proc/self/ns/user");
	put("sys/fs/cgroup/memory/ctr/x/memory.limit_in_bytes", "9223372036854771712\n");
	put("sys/fs/cgroup/memory/ctr/x/memory.memsw.limit_in_bytes", "1048576\n");
	put("sys/fs/cgroup/memory/ctr/x/memory.oom_control", "oom_kill_disable 1\nunder_oom 0\n");
	put("sys/fs/cgroup/cpu,cpuacct/ctr/x/cpu.shares", "512\n");
	put("sys/fs/cgroup/cpu,cpuacct/ctr/x/cpu.cfs_quota_us", "-1\n");
	put("sys/fs/cgroup/devices/ctr/x/devices.list", "c 1:3 rwm\nb *:* m\n");
}

static const struct doc *look(const char *config, bool created)
{
	const struct doc *found = NULL, *asked = NULL;
	const struct doc_options options = { .file = "config.json" };
	struct fail why = { 0 };
	if (config && doc_parse(&arena, bytes_of(config), &options, &asked, &why) < 0)
		printf("Bail out! %s\n", why.says);
	const struct boundary_of of = { .pid = PID, .config = asked, .top = top, .created = created };
	is_int(boundary_look(&arena, &of, &found, &why), 0, "a look: %s", why.says);
	return found;
}

/* What stands there, as JSON; members are parted by "|", because their names have everything else. */
static const char *says(const struct doc *d, const char *path)
{
	struct text to = text_growing(&arena);
	while (d && *path) {
		const size_t n = strcspn(path, "|");
		const struct doc *m = d->first;
		while (m && !bytes_equal(m->key, (struct bytes){ path, n }))
			m = m->next;
		d = m;
		path += path[n] ? n + 1 : n;
	}
	if (!d)
		return "";
	doc_write(d, false, &to);
	return to.data;
}

static void check_process(void)
{
	const struct doc *d = look("{\"process\":{\"oomScoreAdj\":0,\"rlimits\":[{}],\"apparmorProfile\":\"x\"},"
				   "\"linux\":{\"personality\":{\"domain\":\"LINUX32\"},\"netDevices\":{\"eth0\":{}},"
				   "\"timeOffsets\":{\"monotonic\":{\"secs\":1}}}}",
		false);
	is_text(says(d, "pid"), "77", "whose it is");
	is_text(says(d, "process|noNewPrivileges"), "true", "no new privileges");
	is_text(says(d, "process|seccomp"), "\"disabled\"", "no filter, of a container that runs");
	is_text(says(look(NULL, true), "process|seccomp"), "", "which is not known before it runs");
	is_text(says(d, "process|capabilities|effective"), "[\"CAP_CHOWN\"]", "capabilities by name");
	is_text(says(d, "process|capabilities|permitted"), "[\"CAP_CHOWN\",\"CAP_63\"]", "one without a name");
	is_text(says(d, "process|capabilities|inheritable"), "[]", "none");
	is_text(says(d, "process|capabilities|ambient"), "", "what is no number is not known");
	is_text(says(d, "process|capabilities|last"), "40", "the kernel's last");
	is_text(says(d, "process|uid"), "33", "its id inside");
	is_text(says(d, "process|hostUid"), "100033", "and outside");
	is_text(says(d, "process|additionalGids"), "[5,6]", "groups inside");
	is_text(says(d, "process|umask"), "23", "umask");
	is_text(says(d, "process|oomScoreAdj"), "-998", "OOM score");
	is_text(says(d, "process|rlimits"), "{\"RLIMIT_NOFILE\":{\"soft\":1024,\"hard\":18446744073709551615}}",
		"limits");
	is_text(says(d, "process|apparmor"), "\"docker-default (enforce)\"", "label");
	is_text(says(d, "process|personality"), "\"LINUX32\"", "personality");
	is_text(says(d, "interfaces"), "[\"eth0\",\"lo\"]", "interfaces");
	is_text(says(d, "timeOffsets"), "{\"monotonic\":{\"secs\":86400,\"nanosecs\":5}}",
		"clocks, but for what is none");
	is_text(says(d, "uidMap"), "[[0,100000,65536]]", "maps");
	put("proc/77/attr/exec", "container (enforce)\n");
	is_text(says(look("{\"process\":{\"apparmorProfile\":\"x\"}}", true), "process|apparmor"),
		"\"container (enforce)\"", "the label of its execve");
	put("proc/77/attr/exec", "u:r:t:s0:c1,c2\n");
	d = look("{\"process\":{\"selinuxLabel\":\"x\"}}", true);
	is_text(says(d, "process|selinux"), "\"u:r:t:s0:c1,c2\"", "or context");
	is_text(says(d, "process|apparmor"), "", "which is no profile");
	put("proc/77/gid_map", "0 100005 1\n");
	is_text(says(look(NULL, false), "process|additionalGids"), "",
		"groups without an id inside are not told in part");
	put("proc/77/gid_map", "         0     100000      65536\n");
}

static void check_namespaces(void)
{
	const struct doc *d = look(NULL, true);
	is_text(says(d, "namespaces|pid"), "{\"inode\":10,\"hosts\":false,\"ours\":true}", "ours");
	is_text(says(d, "namespaces|network"), "{\"inode\":20,\"hosts\":true}", "the host's; ours is not known");
	is_text(says(d, "namespaces|uts"), "", "a link that says no number");
	is_text(says(d, "namespaces|user"), "{\"inode\":30,\"ours\":false}", "another");
}

static const char paths[] =
	"{\"mounts\":[{\"destination\":\"/proc\"},{\"destination\":\"/a b\\nc\"},{\"destination\":\"/data\"},"
	"{\"destination\":\"/data/hidden\"},{\"destination\":\"/none\"},{\"destination\":\"/far/near\"},"
	"{\"destination\":\"/far/none\"},{\"destination\":\"//proc/./\"},{\"destination\":\"/loop\"},"
	"{\"destination\":\"/../odd\"},{\"destination\":\"/via/data\"},{\"destination\":\"/proc/keys\"}],"
	"\"linux\":{\"maskedPaths\":[\"/proc/keys\",\"/proc/kcore\",\"/proc/gone\",\"/proc/there\",\"/far/x\"],"
	"\"readonlyPaths\":[\"/proc/sys\",\"/proc/sys/kernel\",\"/proc/there\",\"/proc/gone\"],"
	"\"devices\":[{\"path\":\"/dev/none\"},{\"path\":\"/dev/file\"},{\"path\":\"/dev/fifo\"}]}}";

/* The tree's root is on mounts of this machine: below it only what mountinfo says is told, or nothing at all. */
static void check_mounts(void)
{
	(void)mkdir("proc/77/root", 0755);
	const struct doc *d = look(paths, false);
	is_text(says(d, "root"), "{\"readonly\":true,\"propagation\":\"shared\",\"filesystem\":\"overlay\"}", "root");
	is_text(says(d, "mounts|/mounts/1"),
		"{\"kind\":\"mount\",\"type\":\"tmpfs\",\"options\":[\"rw\",\"nosuid\",\"size=64k\"],"
		"\"propagation\":\"slave\",\"source\":\"/\",\"device\":\"0:10\"}",
		"a mount whose point has a blank and a newline");
	is_text(says(d, "mounts|/mounts/2|type"), "\"tmpfs\"", "the uppermost of two");
	is_text(says(d, "mounts|/mounts/2|options"), "[\"ro\",\"nodev\"]", "with its own flags");
	is_text(says(d, "mounts|/mounts/3"), "", "one that is hidden by it is not taken for what is there");
	is_text(says(d, "mounts|/mounts/0"), "", "the earlier of two entries is not told");
	is_text(says(d, "mounts|/mounts/7|type"), "\"proc\"", "the later one is");
	is_text(says(d, "mounts|/mounts/5|type"), "\"tmpfs\"", "a mount behind a server is told by mountinfo alone");
	is_text(says(d, "mounts|/mounts/6"), "", "nothing behind a server is looked at");
	is_text(says(d, "mounts|/mounts/8"), "", "a mount that hangs on itself hangs nowhere");
	is_text(says(d, "mounts|/mounts/9"), "", "a path that climbs is not told");
	is_text(says(d, "mounts|/mounts/11"), "", "nor one that is masked then");
	is_text(says(d, "maskedPaths|/proc/keys"), "\"masked\"", "a null device is a mask");
	is_text(says(d, "maskedPaths|/proc/kcore"), "\"open\"", "itself is none");
	is_text(says(d, "maskedPaths|/far/x"), "", "behind a server nothing is known");
	is_text(says(d, "readonlyPaths|/proc/sys"), "\"readonly\"", "readonly");
	is_text(says(d, "readonlyPaths|/proc/sys/kernel"), "", "what is below it may be there or not");
}

/* Thousands of mounts, one on top of the other, and more than are read. */
static void check_many(void)
{
	struct text to = text_growing(&arena);
	text_add(&to, "1 0 0:1 / / rw - tmpfs tmpfs rw\n");
	for (unsigned i = 0; i < 8000; i++)
		text_printf(&to, "%u %u 0:2 / /deep rw - tmpfs tmpfs rw,size=%u\n", i + 2, i + 1, i);
	put("proc/77/mountinfo", to.data);
	is_text(says(look("{\"mounts\":[{\"destination\":\"/deep\"}]}", true), "mounts|/mounts/0|options"),
		"[\"rw\",\"size=7999\"]", "eight thousand, one on top of the other");
	while (to.len < (1 << 20) + 64)
		text_printf(&to, "9 1 0:2 / /x rw - tmpfs tmpfs rw\n");
	put("proc/77/mountinfo", to.data);
	is_text(says(look(paths, true), "root"), "", "of more than a megabyte nothing is believed");
	put("proc/77/mountinfo", "2 3 0:1 / / rw - tmpfs x rw\n3 2 0:1 / / rw - tmpfs x rw\n");
	is_text(says(look(paths, true), "root|filesystem"), "\"tmpfs\"", "mounts that go round end somewhere");
	put("proc/77/mountinfo", mountinfo);
}

static const char resources[] =
	"{\"linux\":{\"resources\":{\"memory\":{\"limit\":5,\"swap\":5,\"reservation\":5,\"disableOOMKiller\":true},"
	"\"cpu\":{\"shares\":5,\"quota\":5,\"period\":5,\"cpus\":\"0\"},\"pids\":{\"limit\":5},\"blockIO\":{\"weight\":"
	"5,"
	"\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":1}]},"
	"\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":5},{\"pageSize\":\"../x\",\"limit\":5}],\"devices\":[{}],"
	"\"rdma\":{\"mlx5_0\":{}},\"unified\":{\"memory.high\":\"1\",\"../../secret\":\"1\",\"none\":\"1\"}}}}";

static void check_cgroup_v1(void)
{
	const struct doc *d = look(resources, false);
	is_text(says(d, "cgroup|mode"), "\"v1\"", "v1");
	is_text(says(d, "cgroup|path"), "\"/ctr/x\"", "its path");
	is_text(says(d, "cgroup|limits"),
		"{\"memory.limit\":-1,\"memory.swap\":1048576,\"memory.disableOOMKiller\":true,\"cpu.shares\":512,"
		"\"cpu.quota\":-1}",
		"limits, where there are files");
	is_text(says(d, "cgroup|devices"), "[\"c 1:3 rwm\",\"b *:* m\"]", "devices");
	put("proc/77/cgroup", "3:memory:/../x\n0::/../x\n");
	is_text(says(look(resources, false), "cgroup|limits"), "{}", "outside of our namespace nothing is looked for");
}

static void check_cgroup_v2(void)
{
	put("proc/77/cgroup", "0::/ctr/x\n");
	put("sys/fs/cgroup/cgroup.controllers", "memory cpu\n");
	put("sys/fs/cgroup/ctr/x/memory.max", "1048576\n");
	put("sys/fs/cgroup/ctr/x/memory.swap.max", "524288\n");
	put("sys/fs/cgroup/ctr/x/memory.low", "max\n");
	put("sys/fs/cgroup/ctr/x/memory.high", "77\n");
	put("sys/fs/cgroup/ctr/x/cpu.weight", "100\n");
	put("sys/fs/cgroup/ctr/x/cpu.max", "max 100000\n");
	put("sys/fs/cgroup/ctr/x/cpuset.cpus", "0-1\n");
	put("sys/fs/cgroup/ctr/x/pids.max", "max\n");
	put("sys/fs/cgroup/ctr/x/io.weight", "default 102\n8:0 7\n");
	put("sys/fs/cgroup/ctr/x/io.max", "8:0 rbps=4096 wbps=max\n8:16 wbps=1\n");
	put("sys/fs/cgroup/ctr/x/hugetlb.2MB.max", "4194304\n");
	put("sys/fs/cgroup/ctr/x/rdma.max", "mlx5_0 hca_handle=2 hca_object=max\n");
	put("sys/fs/cgroup/secret", "x\n");
	const struct doc *d = look(resources, false);
	is_text(says(d, "cgroup|mode"), "\"v2\"", "v2");
	is_text(says(d, "cgroup|limits|memory.limit"), "1048576", "memory");
	is_text(says(d, "cgroup|limits|memory.swap"), "1572864", "swap is counted with memory");
	is_text(says(d, "cgroup|limits|memory.reservation"), "-1", "no limit");
	is_text(says(d, "cgroup|limits|cpu.weight"), "100", "the weight");
	is_text(says(d, "cgroup|limits|cpu.shares"), "[[2598,2623],[1012,1024]]", "and the shares that come to it");
	is_text(says(d, "cgroup|limits|cpu.quota"), "-1", "quota");
	is_text(says(d, "cgroup|limits|cpu.period"), "100000", "period");
	is_text(says(d, "cgroup|limits|cpu.cpus"), "\"0-1\"", "processors");
	is_text(says(d, "cgroup|limits|pids.limit"), "-1", "processes");
	is_text(says(d, "cgroup|limits|io.weight"), "102", "block I/O");
	is_text(says(d, "cgroup|limits|blockIO.weight"), "[[20,20]]", "its weight as asked");
	is_text(says(d, "cgroup|limits|blockIO.throttleReadBpsDevice"), "{\"8:0\":4096}", "its rates");
	is_text(says(d, "cgroup|limits|hugepageLimits.2MB"), "4194304", "huge pages");
	is_text(says(d, "cgroup|limits|rdma"), "{\"mlx5_0\":{\"hcaHandles\":2,\"hcaObjects\":-1}}", "RDMA");
	is_text(says(d, "cgroup|limits|unified"), "{\"memory.high\":\"77\"}", "files by name, and no path");
}

static bool in_ranges(const struct doc *list, uint64_t shares)
{
	for (const struct doc *e = list->first; e; e = e->next)
		if (shares >= e->first->integer.magnitude && shares <= e->first->next->integer.magnitude)
			return true;
	return false;
}

/* Every number of shares is in a range of the weight that the line makes of it, and of the known ones of the curve. */
static void check_shares(void)
{
	static const struct {
		uint64_t shares, weight;
	} curve[] = { { 2, 1 }, { 1024, 100 }, { 262144, 10000 }, { 512, 59 }, { 2048, 174 } };
	unsigned missed = 0;
	for (uint64_t shares = 2; shares <= 262144; shares += shares < 3000 ? 1 : 777) {
		struct doc *to = make_array(&arena, make_document(&arena), "x");
		cgroup_shares(&arena, to, 1 + (shares - 2) * 9999 / 262142);
		missed += !in_ranges(to, shares);
	}
	is_int(missed, 0, "shares are among those of their weight");
	for (size_t i = 0; i < sizeof(curve) / sizeof(curve[0]); i++) {
		struct doc *to = make_array(&arena, make_document(&arena), "x");
		cgroup_shares(&arena, to, curve[i].weight);
		ok(in_ranges(to, curve[i].shares), "%llu shares can be a weight of %llu",
			(unsigned long long)curve[i].shares, (unsigned long long)curve[i].weight);
	}
}

static void check_gone(void)
{
	static const char *const ends[] = { "State:\tZ (zombie)\n", "State:\tX (dead)\n", "", "no status\n" };
	const struct doc *d = NULL;
	struct fail why;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		put("proc/77/status", ends[i]);
		is_text(says(look(paths, true), ""), "{\"pid\":77,\"created\":true}", "one that has ended: %zu", i);
	}
	put("proc/77/status", status);
	const struct boundary_of other = { .pid = PID, .top = top, .started = 4241 };
	is_int(boundary_look(&arena, &other, &d, &why), 0, "a number that is another process's by now");
	is_text(says(d, ""), "{\"pid\":77,\"created\":false}", "is not looked at");
	const struct boundary_of same = { .pid = PID, .top = top, .started = 4242 };
	is_int(boundary_look(&arena, &same, &d, &why), 0, "the one that was meant");
	ok(strstr(says(d, ""), "noNewPrivileges") != NULL, "is");
	const struct boundary_of none = { .pid = 78, .top = top };
	is_int(boundary_look(&arena, &none, &d, &why), 0, "none at all, or hidden");
	is_text(says(d, ""), "{\"pid\":78,\"created\":false}", "is no error");
	const struct boundary_of odd = { .pid = -1, .top = top };
	is_int(boundary_look(&arena, &odd, &d, &why), 0, "no number of a process");
}

/* When the pid file was written, as seconds from now. */
static void date(const char *path, long seconds)
{
	const struct timespec now = { time(NULL) + seconds, 0 }, times[2] = { now, now };
	(void)utimensat(AT_FDCWD, path, times, 0);
}

static int find(const struct init_of *of, uint64_t since, pid_t *pid, uint64_t *started)
{
	*pid = 0;
	*started = 0;
	return init_find(&arena, top, of, since, pid, started);
}

static void check_init(void)
{
	const struct init_of file = { .pid_file = "/run/pid" };
	uint64_t started;
	pid_t pid;
	put("run/pid", "77");
	is_int(find(&file, 0, &pid, &started), 0, "by the pid file");
	is_int(pid, 77, "its number");
	is_int((long)started, 4242, "its start, of a name with parentheses");
	is_int(find(&file, 4242, &pid, &started), 0, "not before that");
	is_int(find(&file, 4243, &pid, &started), -ESTALE, "one that is older than the create is another");
	put("proc/77/stat", "77 (x) S 1 77 77 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 99999999999 0 0\n");
	is_int(find(&file, 0, &pid, &started), -ESTALE, "one that began after the file was written, too");
	const struct init_of both = { .pid_file = "/run/pid", .id = "c", .dialect = "crun" };
	put("run/crun/c/status", "{\"pid\":77,\"process-start-time\":99999999999,\"cgroup-path\":\"\"}");
	is_int(find(&both, 0, &pid, &started), 0, "unless its runtime says that it began then");
	put("run/crun/c/status", "{\"pid\":77,\"process-start-time\":5,\"cgroup-path\":\"\"}");
	is_int(find(&both, 0, &pid, &started), -ESTALE, "and not another time");
	put("run/crun/c/status", "{\"pid\":");
	is_int(find(&both, 0, &pid, &started), -EBADMSG, "a state that is no JSON");
	put("run/mine/c/state.json", "{\"init_process_pid\":77,\"init_process_start\":99999999999}");
	const struct init_of runc = { .root = "/run/mine", .id = "c", .dialect = "runc" };
	is_int(find(&runc, 0, &pid, &started), 0, "runc's, below its root");
	const struct init_of climbs = { .root = "/run/mine", .id = "..", .dialect = "runc" };
	is_int(find(&climbs, 0, &pid, &started), -ENOENT, "an id that climbs is none");
	const struct init_of gvisor = { .pid_file = "/run/pid", .dialect = "runsc" };
	is_int(find(&gvisor, 0, &pid, &started), -ENOTSUP, "a sandbox's process is not the container's");
	put("proc/77/stat", stat_text);
	date("run/pid", -100000000);
	is_int(find(&file, 0, &pid, &started), -ESTALE, "a pid file that is older than this boot");
	static const char *const odd[] = { "", "x", "0", "-77", "77 77", "99999999999", NULL };
	for (size_t i = 0; odd[i]; i++) {
		put("run/pid", odd[i]);
		ok(find(&file, 0, &pid, &started) < 0, "a pid file that says \"%s\"", odd[i]);
	}
	char own[32];
	(void)snprintf(own, sizeof(own), "%d", (int)getpid());
	put("run/pid", own);
	is_int(find(&file, 0, &pid, &started), -ESTALE, "never ourselves");
	(void)unlink("run/pid");
	(void)mkfifo("run/pid", 0600);
	ok(find(&file, 0, &pid, &started) < 0, "a fifo is not waited for");
	const struct init_of relative = { .pid_file = "run/pid" };
	is_int(find(&relative, 0, &pid, &started), -ENOENT, "a relative path is none");
}

/* This very process: what it is is known, or left out. */
static void check_live(void)
{
	const struct doc *d = NULL;
	struct fail why = { 0 };
	cleanup_close int root = open("/", O_PATH | O_CLOEXEC);
	const struct boundary_of of = { .pid = getpid(), .top = root };
	is_int(boundary_look(&arena, &of, &d, &why), 0, "this process: %s", why.says);
	is_text(says(d, "namespaces|pid|ours"), "true", "its namespace is its own");
	ok(strlen(says(d, "process|scheduler|policy")) > 2, "it is scheduled: %s", says(d, "process|scheduler"));
	ok(strlen(says(d, "root|filesystem")) > 2, "it has a root");
	ok(says(d, "hostname")[0] == '"' || geteuid() != 0, "and a name, which root can see");
}

int main(void)
{
	place_start();
	top = host.root;
	lay();
	check_process();
	check_namespaces();
	check_mounts();
	check_many();
	check_cgroup_v1();
	check_cgroup_v2();
	check_shares();
	check_gone();
	check_init();
	check_live();
	(void)answer;
	place_end();
	return tap_done();
}
