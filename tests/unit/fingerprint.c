/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fingerprints: what differs between two starts changes none, whatever else changes makes another `normal`, and what
 * confines makes another `posture`, and nothing else does. Over documents that engines wrote; and two vectors that
 * docs/fingerprints.md computes by hand.
 */
#include "validate/fingerprint/fingerprint.h"

#include <dirent.h>
#include <errno.h>

#include "tests/policy/edit.h"
#include "tests/spec/merge.h"
#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/fingerprint/posture.h"

static struct arena arena;

static const struct doc *parsed(struct bytes text)
{
	struct fail why = { 0 };
	const struct doc *d = fixture_parse(&arena, text, false, &why);
	if (!d)
		printf("# %s\n", why.says);
	return d;
}

/* Every `from` by `to`. */
static struct bytes put(struct bytes text, const char *from, const char *to)
{
	struct text t = text_growing(&arena);
	const char *hit;

	while ((hit = memmem(text.data, text.len, from, strlen(from)))) {
		text_bytes(&t, (struct bytes){ text.data, (size_t)(hit - text.data) });
		text_add(&t, to);
		text.len -= (size_t)(hit - text.data) + strlen(from);
		text.data = hit + strlen(from);
	}
	text_bytes(&t, text);
	return (struct bytes){ t.data, t.len };
}

#define ID "d7531d71e70713952fb68b6a8ee967b67cb8fe5a4ed0d9a0c2074c6099212a0d"
#define OTHER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BUNDLE "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/"

static struct fingerprints made(struct bytes text, const char *id, const char *image)
{
	const struct doc *d = parsed(text);
	struct fingerprints ret = { .normal = "" };
	const struct fingerprint_of of = {
		.config = d,
		.id = bytes_of(id),
		.bundle = bytes_of(arena_printf(&arena, BUNDLE "%s", id)),
		.host_name = BYTES("node1"),
		.image = bytes_of(image),
	};
	if (d)
		(void)fingerprints_make(&arena, &of, &ret);
	return ret;
}

static struct bytes captured(const char *top, const char *name)
{
	const struct bytes text = fixture_read(&arena, top, "real", name);
	if (!text.data)
		ok(false, "%s can be read", name);
	return text;
}

/* What differs when Docker starts the same container again, after it was started anew itself, and as its neighbour. */
static void check_docker(const char *top)
{
	const struct bytes was = captured(top, "docker-default.json");
	struct bytes now = put(was, ID, OTHER);
	const struct fingerprints one = made(was, ID, NULL);
	now = put(now, "d7531d71e707", "0123456789ab");
	now = put(now, "/proc/30167/exe", "/proc/7/exe");
	now = put(now, "ed8c78e23c35", "0f0f0f0f0f0f");
	now = put(now, "4d448d1460c0c26f367c4285319c5975c090ae9d441d6fffa8c57c73945fc020",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	const struct fingerprints other = made(now, OTHER, NULL);
	is_text(other.normal, one.normal, "Docker: started twice, one normal fingerprint");
	is_text(other.posture, one.posture, "and one posture");
	/* Both as docs/fingerprints.md computes them by hand. */
	is_text(one.normal, "1c88f099676b488b70ecd1114708d6fde935e5dcb74f65c54ff9b5d08c01ac11",
		"the normal one of docs/fingerprints.md");
	is_text(one.posture, "95e0ac60f36d85c2677b776f58c54f56c09c7ea19a6f3b34619a18bd21b4a47c",
		"the posture of docs/fingerprints.md");
	ok(strcmp(made(was, ID, "sha256:1").normal, one.normal) != 0, "an image changes the normal one");
	ok(strcmp(made(was, ID, "sha256:1").normal, made(was, ID, "sha256:2").normal) != 0, "another image likewise");
	is_text(made(was, ID, "sha256:1").posture, one.posture, "but no posture");
	ok(strcmp(made(was, OTHER, NULL).normal, one.normal) != 0, "an id that is not this container's stays in it");
}

/* NEITHER: what differs without meaning; NORMAL: what is another container; BOTH: one that is confined otherwise. */
enum changes { NEITHER, NORMAL, BOTH };

static const struct flip {
	enum changes changes;
	const char *edits, *says;
} flips[] = {
	{ NEITHER,
		"{\"/process/env\": [\"HOSTNAME=d7531d71e707\", "
		"\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"]}",
		"environment in another order" },
	{ NEITHER, "{\"/hostname\": \"d7531d71e70713952fb6\"}", "a longer part of the id as the host's name" },
	{ NORMAL, "{\"/process/env/-\": \"A=1\"}", "an env value" },
	{ NORMAL, "{\"/process/env\": [\"HOSTNAME=d7531d71e707\"]}", "a variable less" },
	{ NORMAL, "{\"/process/env/1\": \"HOSTNAME=web\"}", "a host name in env that is not made of the id" },
	{ NORMAL, "{\"/process/args/1\": \"other\"}", "args" },
	{ NORMAL, "{\"/process/cwd\": \"/tmp\"}", "cwd" },
	{ NORMAL, "{\"/process/terminal\": true}", "a terminal" },
	{ NORMAL, "{\"/hostname\": \"web\"}", "a host name" },
	{ NORMAL, "{\"/annotations\": {\"com.example.k\": \"v\"}}", "an annotation" },
	{ NORMAL, "{\"/mounts/destination=~1dev~1shm/options/4\": \"size=1m\"}", "a size of tmpfs" },
	{ NORMAL, "{\"/linux/cgroupsPath\": \"/other/" ID "\"}", "the parent cgroup" },
	{ NORMAL, "{\"/linux/resources/cpu/shares\": 512}", "shares" },
	{ NORMAL, "{\"/hooks/prestart/0/args/1\": \"-x\"}", "what a hook is told" },
	{ NORMAL, "{\"/hooks/prestart/0/path\": \"/bin/hook\"}", "which hook it is" },
	{ NORMAL, "{\"/hooks/prestart/0/path\": \"/proc/1/exe\"}", "a hook that is process 1" },
	{ NORMAL, "{\"/root/path\": \"/srv/images/v2\"}", "another root" },
	{ NORMAL, "{\"/ociVersion\": \"1.1.0\"}", "the version" },
	{ BOTH, "{\"/root/path\": \"/\"}", "the host's root" },
	{ BOTH, "{\"/root/readonly\": true}", "a read-only root" },
	{ BOTH, "{\"/hooks/poststop\": [{\"path\": \"/bin/true\"}]}", "a hook of a kind there was none of" },
	{ BOTH, "{\"/process/capabilities/bounding/-\": \"CAP_SYS_ADMIN\"}", "a capability" },
	{ BOTH, "{\"/process/capabilities/effective\": []}", "a set of them" },
	{ BOTH, "{\"/process/noNewPrivileges\": true}", "noNewPrivileges" },
	{ BOTH, "{\"/process/user/uid\": 1000}", "a user" },
	{ BOTH, "{\"/process/user/gid\": 1000}", "a group" },
	{ BOTH, "{\"/process/user/additionalGids/-\": 4}", "a further group" },
	{ BOTH, "{\"/process/rlimits\": [{\"type\": \"RLIMIT_CORE\", \"soft\": 0, \"hard\": 0}]}", "an rlimit" },
	{ BOTH, "{\"/process/oomScoreAdj\": -500}", "the OOM score" },
	{ BOTH, "{\"/process/apparmorProfile\": \"unconfined\"}", "an AppArmor profile" },
	{ BOTH, "{\"/process/selinuxLabel\": \"system_u:system_r:spc_t:s0\"}", "an SELinux label" },
	{ BOTH, "{\"/process/scheduler\": {\"policy\": \"SCHED_FIFO\", \"priority\": 1}}", "a scheduler" },
	{ BOTH, "{\"/linux/sysctl/net.core.somaxconn\": \"1\"}", "a sysctl" },
	{ BOTH, "{\"/linux/resources/memory/limit\": 104857600}", "a limit of memory" },
	{ BOTH, "{\"/linux/resources/pids\": {\"limit\": 10}}", "a limit of pids" },
	{ BOTH, "{\"/linux/resources/cpu/quota\": 5000}", "a quota" },
	{ BOTH, "{\"/linux/resources/cpu/cpus\": \"0\"}", "a set of cpus" },
	{ BOTH, "{\"/linux/resources/unified\": {\"memory.max\": \"1\"}}", "a value of cgroup v2" },
	{ BOTH,
		"{\"/linux/resources/devices/-\": {\"allow\": true, \"type\": \"c\", \"major\": 10, \"minor\": 200, "
		"\"access\": \"rw\"}}",
		"a device rule" },
	{ BOTH, "{\"/linux/devices\": [{\"path\": \"/dev/fuse\", \"type\": \"c\", \"major\": 10, \"minor\": 229}]}",
		"a device" },
	{ BOTH, "{\"/linux/namespaces/type=pid\": null}", "a namespace less" },
	{ BOTH, "{\"/linux/namespaces/type=network/path\": \"/proc/55/ns/net\"}", "one of another's" },
	{ BOTH, "{\"/linux/maskedPaths/-\": \"/proc/x\"}", "a masked path" },
	{ BOTH, "{\"/linux/readonlyPaths\": null}", "no read-only paths" },
	{ BOTH, "{\"/linux/rootfsPropagation\": \"rshared\"}", "propagation" },
	{ BOTH, "{\"/linux/personality\": {\"domain\": \"LINUX32\"}}", "a personality" },
	{ BOTH, "{\"/linux/uidMappings\": [{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]}",
		"an id mapping" },
	{ BOTH, "{\"/linux/seccomp\": null}", "no seccomp" },
	{ BOTH, "{\"/linux/seccomp/syscalls/-\": {\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ALLOW\"}}",
		"a system call" },
	{ BOTH, "{\"/linux/seccomp/defaultAction\": \"SCMP_ACT_LOG\"}", "what holds for the others" },
	{ BOTH, "{\"/mounts/destination=~1proc/options/1\": \"exec\"}", "an option of a mount" },
	{ BOTH, "{\"/mounts/destination=~1proc/options/-\": \"hidepid=2\"}", "what can be seen in /proc" },
	{ BOTH, "{\"/mounts/destination=~1etc~1hosts/options/-\": \"ro\"}", "a mount that is read-only" },
	{ BOTH, "{\"/mounts/destination=~1etc~1hosts/options/1\": \"rshared\"}", "one that reaches the host" },
	{ BOTH, "{\"/mounts/destination=~1etc~1hosts/source\": \"/etc/hosts\"}", "one of the host's own" },
	{ BOTH,
		"{\"/mounts/-\": {\"destination\": \"/x\", \"type\": \"bind\", \"source\": \"/srv\", \"options\": "
		"[\"rbind\"]}}",
		"a further mount" },
	{ BOTH, "{\"/mounts/destination=~1dev~1shm\": null}", "a mount less" },
	{ BOTH, "{\"/annotations\": {\"run.oci.keep_original_groups\": \"1\"}}", "an annotation that crun acts on" },
};

static void check_flips(const char *top)
{
	const struct bytes base = captured(top, "docker-default.json");
	const struct fingerprints was = made(base, ID, NULL);

	for (size_t i = 0; i < sizeof(flips) / sizeof(flips[0]); i++) {
		const struct bytes edits = bytes_of(flips[i].edits), text = edit(&arena, base, parsed(edits), edits);
		const struct fingerprints now = made(text, ID, NULL);
		const bool normal = strcmp(now.normal, was.normal) != 0,
			   posture = strcmp(now.posture, was.posture) != 0;
		ok(now.normal[0] && normal == (flips[i].changes != NEITHER), "normal, %s: %s", flips[i].says,
			flips[i].changes != NEITHER ? "changes" : "stays");
		ok(posture == (flips[i].changes == BOTH), "posture, %s: %s", flips[i].says,
			flips[i].changes == BOTH ? "changes" : "stays");
	}
}

/* Two ways to write what confines alike; BOTH where they only look so. */
static const struct pair {
	enum changes changes;
	const char *one, *other, *says;
} pairs[] = {
	{ NEITHER, "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\",\"CAP_CHOWN\"]}}}",
		"{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_KILL\",\"CAP_KILL\"]}}}",
		"capabilities in another order, one twice" },
	{ NEITHER, "{\"linux\":{\"maskedPaths\":[\"/a\",\"/b\"]}}",
		"{\"linux\":{\"maskedPaths\":[\"/b\",\"/a\",\"/b\"]}}", "a path masked twice" },
	{ NEITHER, "{\"linux\":{\"resources\":{\"memory\":{\"limit\":0},\"pids\":{\"limit\":-1}},\"sysctl\":{}}}", "{}",
		"what is not limited" },
	{ NEITHER,
		"{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\","
		"\"write\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}]}}}",
		"{\"linux\":{\"seccomp\":{\"syscalls\":[{\"names\":[\"write\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
		"]},"
		"{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"read\",\"write\"]}],\"defaultAction\":\"SCMP_ACT_ERRNO\","
		"\"defaultErrnoRet\":1}}}",
		"a seccomp profile written in two ways" },
	{ BOTH,
		"{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"}]}}}",
		"{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}]}}}",
		"a condition" },
	{ BOTH, "{\"linux\":{\"resources\":{\"devices\":[{\"allow\":false},{\"allow\":true,\"type\":\"c\"}]}}}",
		"{\"linux\":{\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\"},{\"allow\":false}]}}}",
		"device rules in another order are others" },
	{ NEITHER, "{\"linux\":{\"resources\":{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]}}}",
		"{\"linux\":{\"resources\":{\"devices\":[{\"allow\":false,\"type\":\"a\",\"major\":-1,\"access\":"
		"\"mrw\"}]}}}",
		"a device rule written in two ways" },
	{ NEITHER,
		"{\"mounts\":[{\"destination\":\"/a\",\"type\":\"bind\",\"source\":\"/"
		"s\",\"options\":[\"rw\",\"ro\",\"rprivate\"]}]}",
		"{\"mounts\":[{\"destination\":\"/a\",\"type\":\"none\",\"source\":\"/"
		"s\",\"options\":[\"ro\",\"bind\"]}]}",
		"of opposite options the last one counts" },
	{ NEITHER, "{\"mounts\":[{\"destination\":\"/a\"},{\"destination\":\"/a/b\"},{\"destination\":\"/c\"}]}",
		"{\"mounts\":[{\"destination\":\"/c\"},{\"destination\":\"/a\"},{\"destination\":\"/a/b\"}]}",
		"mounts in another order" },
	{ BOTH, "{\"mounts\":[{\"destination\":\"/a\"},{\"destination\":\"/a/b\"}]}",
		"{\"mounts\":[{\"destination\":\"/a/b\"},{\"destination\":\"/a\"}]}",
		"but not where one hides the other" },
	{ BOTH,
		"{\"mounts\":[{\"destination\":\"/a\",\"type\":\"proc\"},{\"destination\":\"/a/"
		"b\"},{\"destination\":\"/a\",\"type\":\"tmpfs\"}]}",
		"{\"mounts\":[{\"destination\":\"/a\",\"type\":\"proc\"},{\"destination\":\"/"
		"a\",\"type\":\"tmpfs\"},{\"destination\":\"/a/b\"}]}",
		"nor where one of three does" },
	{ NEITHER, "{\"linux\":{\"uidMappings\":[{\"containerID\":0,\"hostID\":100000,\"size\":65536}]}}",
		"{\"linux\":{\"uidMappings\":[{\"containerID\":0,\"hostID\":231072,\"size\":65536}]}}",
		"ranges that the host assigned" },
	{ BOTH, "{\"linux\":{\"uidMappings\":[{\"containerID\":0,\"hostID\":100000,\"size\":65536}]}}",
		"{\"linux\":{\"uidMappings\":[{\"containerID\":0,\"hostID\":1000,\"size\":65536}]}}",
		"a range with a user of the host's" },
	{ NEITHER, "{\"process\":{\"selinuxLabel\":\"u:r:container_t:s0:c1,c2\"}}",
		"{\"process\":{\"selinuxLabel\":\"u:r:container_t:s0:c10,c999\"}}",
		"categories that were drawn by lot" },
	{ BOTH, "{\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"/proc/7/ns/net\"}]}}",
		"{\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"/proc/1/ns/net\"}]}}",
		"another's namespace and the host's" },
};

static void check_pairs(void)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct fingerprints one = made(bytes_of(pairs[i].one), "c1", NULL),
					  other = made(bytes_of(pairs[i].other), "c1", NULL);
		ok(one.posture[0] && (strcmp(one.posture, other.posture) != 0) == (pairs[i].changes == BOTH),
			"posture: %s", pairs[i].says);
	}
}

/* One string of a place, with what becomes of it. */
static const struct replaced {
	const char *config, *id, *bundle, *want;
} replaced[] = {
	{ "{\"linux\":{\"cgroupsPath\":\"/default/k1\"}}", "k1", "",
		"{\"linux\":{\"cgroupsPath\":\"/default/<id>\"}}" },
	{ "{\"linux\":{\"cgroupsPath\":\"system.slice:runc:k1\"},\"process\":{\"args\":[\"k1\",\"/x/k1/y\"]}}", "k1",
		"",
		"{\"linux\":{\"cgroupsPath\":\"system.slice:runc:<id>\"},\"process\":{\"args\":[\"k1\",\"/x/k1/"
		"y\"]}}" },
	{ "{\"process\":{\"args\":[\"x-" OTHER ".log\"]}}", OTHER, "", "{\"process\":{\"args\":[\"x-<id>.log\"]}}" },
	{ "{\"root\":{\"path\":\"/b/rootfs\"},\"mounts\":[{\"source\":\"/b\"},{\"source\":\"/bc\"}]}", "k", "/b",
		"{\"mounts\":[{\"source\":\"<bundle>\"},{\"source\":\"/bc\"}],\"root\":{\"path\":\"<bundle>/"
		"rootfs\"}}" },
	{ "{\"linux\":{\"namespaces\":[{\"path\":\"/proc/12/ns/net\"},{\"path\":\"/proc/1/ns/net\"},"
	  "{\"path\":\"/var/run/netns/cni-12345678-1234-1234-1234-123456789abc\"},{\"path\":\"/run/netns/blue\"}]}}",
		"", "",
		"{\"linux\":{\"namespaces\":[{\"path\":\"/proc/<pid>/ns/net\"},{\"path\":\"/proc/1/ns/net\"},"
		"{\"path\":\"/var/run/netns/cni-<netns>\"},{\"path\":\"/run/netns/blue\"}]}}" },
	{ "{\"process\":{\"args\":[\"<id>\",\"a<b\"]}}", "", "", "{\"process\":{\"args\":[\"<<id>\",\"a<<b\"]}}" },
	{ "{\"process\":{\"env\":[\"HOSTNAME=node1\"]},\"hostname\":\"node1\"}", "", "",
		"{\"hostname\":\"<host>\",\"process\":{\"env\":[\"HOSTNAME=<host>\"]}}" },
	{ "{\"process\":{\"env\":[\"container_uuid=0123456789abcdef0123456789abcdef\",\"X=0123456789abcdef\"]}}", OTHER,
		"", "{\"process\":{\"env\":[\"X=<id>\",\"container_uuid=<id>\"]}}" },
	{ "{\"process\":{\"consoleSize\":{\"height\":1,\"width\":2}}}", "", "",
		"{\"process\":{\"consoleSize\":\"<terminal>\"}}" },
	{ "{\"annotations\":{\"io.kubernetes.cri-o.IP.0\":\"10.0.0.1\",\"io.kubernetes.cri-o.Created\":\"2026\",\"k\":"
	  "\"2026\"}}",
		"", "",
		"{\"annotations\":{\"io.kubernetes.cri-o.Created\":\"<time>\",\"io.kubernetes.cri-o.IP.0\":\"<address>"
		"\",\"k\":\"2026\"}}" },
	{ "{\"annotations\":{\"io.kubernetes.cri.sandbox-uid\":\"12345678-1234-1234-1234-123456789abc\",\"io."
	  "kubernetes.cri.sandbox-name\":\"web-7\"},"
	  "\"hostname\":\"web-7\",\"linux\":{\"cgroupsPath\":\"kubepods-pod12345678_1234_1234_1234_123456789abc.slice:"
	  "cri:" OTHER "\"}}",
		OTHER, "",
		"{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":\"<name>\",\"io.kubernetes.cri.sandbox-uid\":\"<"
		"pod-uid>\"},"
		"\"hostname\":\"<pod>\",\"linux\":{\"cgroupsPath\":\"kubepods-pod<pod-uid>.slice:cri:<id>\"}}" },
	{ "{\"mounts\":[{\"source\":\"/data/sha256/" OTHER "/x\"},{\"source\":\"/d/volumes/" OTHER "/_data\"}]}", "",
		"",
		"{\"mounts\":[{\"source\":\"/data/sha256/" OTHER "/x\"},{\"source\":\"/d/volumes/<volume>/_data\"}]}" },
};

static void check_replaced(void)
{
	for (size_t i = 0; i < sizeof(replaced) / sizeof(replaced[0]); i++) {
		const struct fingerprint_of of = {
			.config = parsed(bytes_of(replaced[i].config)),
			.id = bytes_of(replaced[i].id),
			.bundle = bytes_of(replaced[i].bundle),
			.host_name = BYTES("node1"),
		};
		const struct doc *d = NULL;
		struct text t = text_growing(&arena);
		if (fingerprint_normal_doc(&arena, &of, &d) == 0)
			(void)canonical_write(d, &t);
		is_text(t.data, replaced[i].want, "replaced in %s", replaced[i].config);
	}
}

/* What is hashed is canonical itself, whoever wrote the document. */
static void check_captured(const char *top)
{
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/real", top);
	DIR *dir = opendir(path);
	unsigned n = 0;

	for (struct dirent *e; dir && (e = readdir(dir));) {
		if (!strstr(e->d_name, ".json") || strstr(e->d_name, ".process.") || strstr(e->d_name, ".resources."))
			continue;
		const struct fingerprint_of of = { .config = parsed(captured(top, e->d_name)) };
		struct normal normal;
		struct posture p = { .arena = &arena, .normal = &normal };
		struct fingerprints f;
		struct text written = text_growing(&arena), again = text_growing(&arena);
		const struct doc *d = NULL;
		const bool is = of.config && fingerprints_make(&arena, &of, &f) == 0 &&
			normal_begin(&arena, &of, &normal) == 0 && posture_write(&p, &written) == 0 &&
			fingerprint_posture_doc(&arena, &of, &d) == 0;
		ok(is && canonical_write(d, &again) == 0, "%s has its fingerprints", e->d_name);
		written.data[written.len] = '\0';
		is_text(again.data, written.data, "and the text of its posture is canonical");
		n++;
	}
	if (dir)
		(void)closedir(dir);
	ok(n > 30, "%u documents", n);
}

/* What no engine writes: types that are wrong, and documents without a canonical form. */
static void check_odd(void)
{
	static const char *const odd[] = {
		"[]", "1", "{\"process\":[],\"mounts\":{},\"linux\":\"x\",\"hooks\":1,\"annotations\":[]}",
		"{\"process\":{\"capabilities\":{\"bounding\":[1,null,{\"b\":1,\"a\":2}]},\"env\":{},\"rlimits\":[1],"
		"\"user\":[]},"
		"\"mounts\":[1,null,{\"options\":[1],\"source\":2}],\"linux\":{\"seccomp\":{\"syscalls\":[1,{\"names\":"
		"[1]},{\"names\":1}]},"
		"\"namespaces\":[1],\"uidMappings\":[1,{}],\"resources\":{\"devices\":[1,{\"access\":1,\"type\":2}]}}}"
	};
	struct arena little;

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		ok(made(bytes_of(odd[i]), "c", NULL).normal[0], "no sense, but a fingerprint: %.40s", odd[i]);
	ok(!made(BYTES("{\"linux\":{\"x\":1.5}}"), "c", NULL).normal[0], "a fraction anywhere: none");
	struct fingerprints f;
	const struct fingerprint_of of = { .config = parsed(bytes_of(odd[3])) };
	arena_init(&little, 128);
	is_int(fingerprints_make(&little, &of, &f), -ENOMEM, "no memory: none");
	is_text(f.normal, "", "and that shows");
	arena_done(&little);
}

/* The tables of docs/fingerprints.md. */
static struct bytes tables(unsigned which)
{
	struct text t = text_growing(&arena);

	if (which == 0) {
		text_add(&t, "| what, of this start | becomes | because |\n| --- | --- | --- |\n");
		for (unsigned w = 0; w < WORD_MAX; w++)
			text_printf(&t, "| %s | `%s` | %s |\n", normal_words[w].what, normal_words[w].mark,
				normal_words[w].why);
	} else if (which == 1) {
		text_add(&t, "| in a path | what is in braces becomes | because |\n| --- | --- | --- |\n");
		for (const struct form_row *r = normal_forms; r->form; r++)
			text_printf(&t, "| `%s` | `%s` | %s |\n", r->form, r->mark, r->why);
	} else if (which == 2) {
		text_add(&t, "| annotation | becomes | because |\n| --- | --- | --- |\n");
		for (const struct annotation_row *r = normal_annotations; r->key; r++)
			text_printf(&t, "| `%s` | `%s` | %s |\n", r->key, r->mark, r->why);
	} else {
		static const char *const as[] = { [AS_IT_IS] = "as it is",
			[AS_LIMIT] = "above 0",
			[AS_SET] = "a set",
			[AS_LABEL] = "a label",
			[AS_OWN] = "what it comes to" };
		text_add(&t, "| member | of | as | remark |\n| --- | --- | --- | --- |\n");
		for (const struct posture_row *r = posture_rows; r->key; r++)
			text_printf(&t, "| `%s` | `%s` | %s | %s |\n", r->key, r->path, as[r->as], r->why);
	}
	return (struct bytes){ t.data, t.len };
}

/* `tests/test-fingerprint tests/spec tables` prints what has to stand there. */
static void check_docs(const char *top)
{
	const struct bytes docs = fixture_read(&arena, top, "../../docs", "fingerprints.md");

	for (unsigned i = 0; i < 4; i++) {
		const struct bytes table = tables(i);
		ok(docs.data && memmem(docs.data, docs.len, table.data, table.len),
			"docs/fingerprints.md has table %u of the rows", i);
	}
}

static void check_rows(void)
{
	bool sorted = true;
	for (const struct posture_row *r = posture_rows + 1; r->key; r++)
		sorted &= strcmp(r[-1].key, r->key) < 0;
	ok(sorted, "the rows of what confines are in the order in which they are hashed");
}

int main(int argc, char **argv)
{
	const char *top = argc > 1 ? argv[1] : "tests/spec";

	arena_init(&arena, LIMIT_ARENA);
	if (argc > 2) {
		for (unsigned i = 0; i < 4; i++)
			printf("%s\n", tables(i).data);
		return 0;
	}
	check_rows();
	check_docs(top);
	check_docker(top);
	check_flips(top);
	check_pairs();
	check_replaced();
	check_captured(top);
	check_odd();
	arena_done(&arena);
	return tap_done();
}
