/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who calls: what real engines hand over is recognised, in a tree that stands for the host; and nothing that a user of
 * theirs can write makes them believed more.
 */
#include "validate/policy/context.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/base/glob.h"
#include "validate/doc/make.h"
#include "validate/policy/wanted.h"

#define ID "d7531d71e70713952fb68b6a8ee967b67cb8fe5a4ed0d9a0c2074c6099212a0d"
#define SANDBOX "77aa1d71e70713952fb68b6a8ee967b67cb8fe5a4ed0d9a0c2074c6099212a0d"
#define UID "0a5c1f6e-7b5f-4b0e-9d3a-6a0c1f5e2d11"
#define TASKS "/run/containerd/io.containerd.runtime.v2.task/"
#define STORE "/var/lib/containers/storage"
#define CRIO_RUN "/run/containers/storage/overlay-containers/"
#define CRI "\"io.kubernetes.cri."
#define CRI_POD(type, sandbox)                                                                                         \
	CRI "container-type\":\"" type "\"," CRI "sandbox-id\":\"" sandbox "\"," CRI                                   \
	    "sandbox-namespace\":\"kube-system\"," CRI "sandbox-name\":\"web\"," CRI "sandbox-uid\":\"" UID "\"," CRI  \
	    "container-name\":\"app\"," CRI "image-name\":\"registry.example/web:1\""
#define CRIO_POD                                                                                                       \
	"\"io.container.manager\":\"cri-o\",\"io.kubernetes.cri-o.ContainerType\":\"container\","                      \
	"\"io.kubernetes.cri-o.SandboxID\":\"" SANDBOX "\",\"io.kubernetes.cri-o.ImageRef\":\"" ID "\","               \
	"\"io.kubernetes.cri-o.ImageName\":\"registry.example/web:1\",\"io.kubernetes.pod.namespace\":\"tenant\","     \
	"\"io.kubernetes.pod.name\":\"web\",\"io.kubernetes.pod.uid\":\"" UID                                          \
	"\",\"io.kubernetes.container.name\":\"app\""
#define PROFILE "\"profiles\":{\"p\":{\"rules\":{\"nnp\":{\"mode\":\"warn\"}}}},"
#define ANNOTATIONS(list) "{\"annotations\":{" list "}}"

static struct arena arena;
static char top[] = "/tmp/runvet-context.XXXXXX";
static int host = -1;

static void must(bool good, const char *what)
{
	if (good)
		return;
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

/* As an ordinary user, root of a user namespace: what is ours is root's in there. */
static void be_root(void)
{
	char map[64];
	const int uid = (int)geteuid(), gid = (int)getegid();
	const struct {
		const char *path, *text;
	} rows[] = { { "/proc/self/setgroups", "deny" }, { "/proc/self/uid_map", map }, { "/proc/self/gid_map", map } };

	if (uid == 0)
		return;
	if (unshare(CLONE_NEWUSER) < 0) {
		printf("1..0 # SKIP no user namespace to be had\n");
		exit(0);
	}
	for (unsigned i = 0; i < 3; i++) {
		const int fd = open(rows[i].path, O_WRONLY | O_CLOEXEC);
		snprintf(map, sizeof(map), "0 %d 1", i == 1 ? uid : gid);
		must(fd >= 0 && write(fd, rows[i].text, strlen(rows[i].text)) > 0, rows[i].path);
		close(fd);
	}
}

/* The path below the tree that stands for the host. */
static const char *real(const char *path)
{
	return arena_printf(&arena, "%s%s", top, path);
}

static void lay(const char *path)
{
	char *whole = arena_copy(&arena, bytes_of(real(path)));

	for (char *slash = whole + sizeof(top); (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		must(mkdir(whole, 0755) == 0 || errno == EEXIST, whole);
		*slash = '/';
	}
	must(mkdir(whole, 0755) == 0 || errno == EEXIST, whole);
}

static void lay_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(real(path), "w");

	must(f && fputs(text, f) >= 0 && fclose(f) == 0 && chmod(real(path), mode) == 0, path);
}

static void set_mode(const char *path, mode_t mode)
{
	must(chmod(real(path), mode) == 0, path);
}

static const struct doc *parsed(struct bytes text)
{
	const struct doc_options options = { .file = "test" };
	const struct doc *d = NULL;
	struct fail why = { 0 };

	if (doc_parse(&arena, text, &options, &d, &why) < 0)
		printf("# %s\n", why.says);
	must(d != NULL, "a document of the test");
	return d;
}

static struct calling call_of(const char *id, const char *bundle, const char *config)
{
	return (struct calling){
		.verb = "create",
		.id = id,
		.bundle = bundle,
		.config = config ? parsed(bytes_of(config)) : NULL,
		.host = host,
		.caller = { .pid = 4711,
			.exe = "/usr/bin/containerd-shim-runc-v2",
			.unit = "containerd.service",
			.uid = 0 },
	};
}

static const struct doc *made(const struct calling *c, unsigned wanted)
{
	const struct doc *d = NULL;
	struct fail why;

	if (context_make(&arena, c, wanted, &d, &why) < 0)
		must(false, "context_make");
	return d;
}

/* One member, and its trust; NULL: it is absent. */
static void is_member(const struct doc *d, const char *path, const char *want, const char *trust, const char *what)
{
	const struct bytes b = doc_string(d, path, BYTES("(absent)"));
	const char *got = arena_copy(&arena, b);

	is_text(got, want ? want : "(absent)", "%s: %s", what, path);
	if (want)
		is_text(trust_name(context_trust(d, path)), trust, "%s: trust in %s", what, path);
}

static bool is_managed(const struct doc *d, const char *path)
{
	const struct doc *list = doc_get(d, "managed");

	for (const struct doc *e = list ? list->first : NULL; e; e = e->next)
		if (glob_match(e->string, bytes_of(path)))
			return true;
	return false;
}

/* --- what engines write, as captured --- */

static const struct captured {
	const char *name, *engine, *before, *after, *root; /* the bundle's path before and after the id */
} captured[] = {
	{ "buildah", "buildah", "/var/tmp/", "", NULL },
	{ "containerd", "containerd", TASKS "default/", "", "/run/containerd/runc/default" },
	{ "cri", "containerd-cri", TASKS "k8s.io/", "", "/run/containerd/runc/k8s.io" },
	{ "docker", "docker", TASKS "moby/", "", "/run/docker/runtime-runc/moby" },
	{ "podman", "podman", STORE "/overlay-containers/", "/userdata", NULL },
	{ "crun-spec", NULL, "/tmp/", "", NULL },
	{ "runc-spec", NULL, "/tmp/", "", NULL },
};

/* Sources that users asked for, or that are the host's own. */
static const char *const asked_for[] = {
	"/srv/data", "/dev/shm", "/sys/fs/cgroup/systemd", "/run/e2e/data", "/tmp", "/etc/hosts", "/etc/resolv.conf",
	"/sys", "/usr/bin/busybox", /* what stood for catatonit */
};

static bool is_asked_for(struct bytes source)
{
	for (size_t i = 0; i < sizeof(asked_for) / sizeof(asked_for[0]); i++)
		if (bytes_is(source, asked_for[i]))
			return true;
	return false;
}

/* The container's id, which engines put into the path of its cgroup. */
static const char *id_in(const struct doc *config, const char *engine)
{
	const char *path = arena_copy(&arena, doc_string(config, "linux.cgroupsPath", BYTES("/none")));
	const char *name = strrchr(path, '/') + 1;

	if (engine && strcmp(engine, "buildah") == 0) {
		const char *root = arena_copy(&arena, doc_string(config, "root.path", BYTES("")));
		return arena_copy(&arena, (struct bytes){ root + 9, strcspn(root + 9, "/") });
	}
	return strncmp(name, "libpod-", 7) == 0 ? name + 7 : name;
}

static void try_sources(const char *file, const struct doc *config, const struct doc *context)
{
	const struct doc *mounts = doc_get(config, "mounts");

	for (const struct doc *m = mounts ? mounts->first : NULL; m; m = m->next) {
		const struct bytes source = doc_string(m, "source", (struct bytes){ 0 });
		if (bytes_start(source, "/"))
			ok(is_managed(context, arena_copy(&arena, source)) == !is_asked_for(source), "%s: %.*s", file,
				(int)source.len, source.data);
	}
}

/* Of a user's own Podman: the bundle lies in his home, beside what is mounted as /dev/shm. */
static void try_rootless(const char *file, const struct doc *config)
{
	const struct doc *mounts = doc_get(config, "mounts");
	char *bundle = NULL;

	for (const struct doc *m = mounts ? mounts->first : NULL; m; m = m->next)
		if (bytes_is(doc_string(m, "destination", (struct bytes){ 0 }), "/dev/shm"))
			bundle = arena_copy(&arena, doc_string(m, "source", (struct bytes){ 0 }));
	must(bundle && strstr(bundle, "/userdata/shm"), file);
	*strstr(bundle, "/userdata/shm") = '\0';
	const char *id = strrchr(bundle, '/') + 1;
	struct calling c = call_of(id, arena_printf(&arena, "%s/userdata", bundle), NULL);
	c.config = config;
	c.rootless = true;
	lay(c.bundle);
	const struct doc *d = made(&c, CONTEXT_ALL);
	is_member(d, "engine", "podman", "claim", file);
	try_sources(file, config, d);
}

static void try_document(const char *file, const struct captured *like, const struct doc *config)
{
	const char *id = id_in(config, like->engine);
	const char *bundle = arena_printf(&arena, "%s%s%s", like->before, id, like->after);
	struct calling c = call_of(id, bundle, NULL);

	c.config = config;
	c.root = like->root;
	if (like->engine && strcmp(like->engine, "buildah") == 0)
		c.id = arena_printf(&arena, "buildah-%s", id);
	lay(bundle);
	const struct doc *d = made(&c, CONTEXT_ALL);
	const char *type = strstr(file, "sandbox") ? "sandbox" : "container";
	const enum trust pod = strncmp(file, "cri-", 4) == 0 ? TRUST_ENGINE : TRUST_CLAIM;
	is_member(d, "engine", like->engine, "place", file);
	is_member(d, "container.type", like->engine ? type : NULL, "engine", file);
	is_member(d, "bundle", bundle, "place", file);
	ok(!doc_get(d, "pod") || context_trust(d, "pod") == pod, "%s: no pod, or one that is as good as its engine",
		file);
	try_sources(file, config, d);
	c.rootless = true;
	is_member(made(&c, 0), "engine", like->engine, "claim", arena_printf(&arena, "%s, rootless", file));
}

/* What comes without a bundle: an exec, an update. */
static void try_part(const char *file, const struct captured *like)
{
	struct calling c = call_of("x", NULL, NULL);

	c.verb = "exec";
	c.root = like->root;
	if (c.root)
		lay(c.root);
	const struct doc *d = made(&c, CONTEXT_ALL);
	is_member(d, "engine", like->root ? like->engine : NULL, "place", file);
	is_member(d, "verb", "exec", "kernel", file);
}

static void test_captured(void)
{
	DIR *dir = opendir("tests/spec/real");
	unsigned seen = 0;

	must(dir != NULL, "tests/spec/real");
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		const struct captured *like = NULL;
		struct file f;
		struct fail why;
		for (size_t i = 0; i < sizeof(captured) / sizeof(captured[0]); i++)
			if (strncmp(e->d_name, captured[i].name, strlen(captured[i].name)) == 0)
				like = &captured[i];
		if (e->d_name[0] == '.')
			continue;
		ok(like != NULL, "%s is of an engine that is known", e->d_name);
		const struct file_want want = { .dir = AT_CWD,
			.path = arena_printf(&arena, "tests/spec/real/%s", e->d_name),
			.limit = 1 << 20,
			.cause = CAUSE_INTERNAL,
			.rule = "" };
		if (!like || file_read(&arena, &want, &f, &why) < 0)
			continue;
		fd_close(f.fd);
		seen++;
		if (strstr(e->d_name, ".process.json") || strstr(e->d_name, ".resources.json"))
			try_part(e->d_name, like);
		else if (strstr(e->d_name, "podman-unprivileged"))
			try_rootless(e->d_name, parsed(f.bytes));
		else
			try_document(e->d_name, like, parsed(f.bytes));
	}
	closedir(dir);
	ok(seen >= 50, "%u captured documents", seen);
}

/* --- one by one --- */

static void test_cri(void)
{
	struct calling c = call_of(ID, TASKS "k8s.io/" ID, ANNOTATIONS(CRI_POD("container", SANDBOX)));
	const char *pod = "/var/lib/kubelet/pods/" UID;

	lay(TASKS "k8s.io/" ID);
	lay("/data/kubelet");
	lay("/var/lib");
	must(symlink("/data/kubelet", real("/var/lib/kubelet")) == 0, "a link");
	const struct doc *d = made(&c, 0);
	is_member(d, "engine", "containerd-cri", "place", "CRI");
	is_member(d, "namespace", "k8s.io", "place", "CRI");
	is_member(d, "pod.namespace", "kube-system", "engine", "CRI");
	is_member(d, "pod.name", "web", "engine", "CRI");
	is_member(d, "pod.uid", UID, "engine", "CRI");
	is_member(d, "pod.sandbox", SANDBOX, "engine", "CRI");
	is_member(d, "container.name", "app", "engine", "CRI");
	is_member(d, "source", "cri", "", "CRI");
	is_member(d, "container.type", "container", "engine", "CRI");
	is_member(d, "image.ref", "registry.example/web:1", "engine", "CRI");
	is_member(d, "image.digest", NULL, "", "CRI, a tag");
	ok(!doc_get(d, "annotations"), "annotations were not asked for");
	ok(is_managed(d, "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/" SANDBOX "/hosts"),
		"the sandbox's hosts");
	ok(!is_managed(d, "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/" ID "/hosts"), "and no other's");
	ok(is_managed(d, "/data/kubelet/pods/" UID "/volumes/kubernetes.io~empty-dir/tmp"), "its volumes, resolved");
	ok(!is_managed(d, arena_printf(&arena, "%s/volumes/kubernetes.io~empty-dir/tmp", pod)), "where the link leads");
	ok(!is_managed(d, "/data/kubelet/pods/11111111-7b5f-4b0e-9d3a-6a0c1f5e2d11/etc-hosts"), "and no other pod's");
	ok(!is_managed(d, "/data/kubelet/device-plugins"), "nor what is the kubelet's own");
	must(unlink(real("/var/lib/kubelet")) == 0, "unlink");

	c.kubelet = "/data/kubelet";
	ok(is_managed(made(&c, 0), "/data/kubelet/pods/" UID "/etc-hosts"), "a kubelet elsewhere");
	set_mode("/data/kubelet", 0777);
	ok(!is_managed(made(&c, 0), "/data/kubelet/pods/" UID "/etc-hosts"), "but not one that others can write to");
	set_mode("/data/kubelet", 0755);

	c.config = parsed(bytes_of(ANNOTATIONS(CRI_POD("sandbox", ID))));
	d = made(&c, 0);
	is_member(d, "container.type", "sandbox", "engine", "a sandbox");
	is_member(d, "pod.sandbox", ID, "engine", "a sandbox");
	c.config = parsed(
		bytes_of("{\"annotations\":{" CRI "container-type\":\"container\"," CRI "sandbox-id\":\"" SANDBOX
			 "\"," CRI "image-name\":\"r/web@sha256:00ff\"," CRI "sandbox-uid\":\"*\"}}"));
	d = made(&c, 0);
	is_member(d, "image.digest", "sha256:00ff", "engine", "an image by digest");
	ok(!is_managed(d, "/var/lib/kubelet/pods/x/etc-hosts"), "a uid that is a pattern opens nothing");
}

static void test_crio(void)
{
	struct calling c = call_of(ID, CRIO_RUN ID "/userdata",
		ANNOTATIONS(CRIO_POD ",\"io.kubernetes.cri-o.Namespace\":\"kube-system\""));

	lay(CRIO_RUN ID "/userdata");
	c.root = "/run/runc";
	const struct doc *d = made(&c, CONTEXT_ALL);
	is_member(d, "engine", "cri-o", "place", "CRI-O");
	is_member(d, "pod.namespace", "tenant", "engine", "CRI-O, with a forged io.kubernetes.cri-o.Namespace");
	is_member(d, "container.name", "app", "engine", "CRI-O");
	is_member(d, "source", "cri-o", "", "CRI-O");
	is_member(d, "image.digest", "sha256:" ID, "engine", "CRI-O");
	is_member(d, "image.ref", "registry.example/web:1", "claim", "CRI-O");
	ok(is_managed(d, CRIO_RUN SANDBOX "/userdata/shm") && !is_managed(d, CRIO_RUN "00/userdata/shm"),
		"the sandbox's shm");
	ok(context_trust(d, "annotations.anything") == TRUST_CLAIM, "annotations are claims");

	c.root = NULL;
	is_member(made(&c, 0), "engine", "podman", "place", "the same without --root");
	is_member(made(&c, 0), "pod.namespace", "tenant", "claim", "and then a pod is a claim");
	lay(STORE "/overlay-containers/" ID "/userdata");
	c.root = "/run/runc";
	c.bundle = STORE "/overlay-containers/" ID "/userdata";
	d = made(&c, 0);
	is_member(d, "engine", "podman", "place", "Podman, whose user says he is CRI-O");
	is_member(d, "pod.namespace", "tenant", "claim", "Podman, whose user says he is CRI-O");
	is_member(d, "container.type", "container", "engine", "Podman, whose user says he is CRI-O");
	is_member(d, "image.digest", NULL, "", "Podman, whose user says he is CRI-O");
}

static void test_forged(void)
{
	static const struct {
		const char *what, *id, *bundle, *engine, *trust;
	} rows[] = {
		{ "a Docker container that says it is a pod", ID, TASKS "moby/" ID, "docker", "place" },
		{ "a bundle of a user's own", ID, "/tmp/" ID, NULL, "" },
		{ "a bundle laid out as containerd would", ID, "/tmp/io.containerd.runtime.v2.task/k8s.io/" ID, NULL,
			"" },
		{ "a path that leads elsewhere", ID, TASKS "k8s.io/../../../../tmp/" ID, NULL, "" },
		{ "a link in a user's directory", ID, "/tmp/link/" ID, NULL, "" },
		{ "a place of another container's", SANDBOX, TASKS "k8s.io/" ID, NULL, "" },
		{ "a path that is not there", ID, TASKS "k8s.io/nothing/" ID, NULL, "" },
		{ "a relative path", ID, "run/containerd", NULL, "" },
		{ "no bundle", ID, NULL, NULL, "" },
		{ "no id", NULL, TASKS "moby/" ID, NULL, "" },
		{ "an id that is a path", "../" ID, TASKS "moby/" ID, NULL, "" },
	};

	lay(TASKS "moby/" ID);
	lay("/tmp/io.containerd.runtime.v2.task/k8s.io/" ID);
	lay("/tmp/" ID);
	must(symlink(TASKS "k8s.io", real("/tmp/link")) == 0, "a link");
	set_mode("/tmp", 0777);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct calling c = call_of(rows[i].id, rows[i].bundle, ANNOTATIONS(CRI_POD("sandbox", ID)));
		const struct doc *d = made(&c, CONTEXT_ALL);
		is_member(d, "engine", rows[i].engine, rows[i].trust, rows[i].what);
		is_member(d, "pod.namespace", "kube-system", "claim", rows[i].what);
		ok(!bytes_is(doc_string(d, "container.type", (struct bytes){ 0 }), "sandbox"), "%s: no sandbox",
			rows[i].what);
		is_member(d, "image.ref", NULL, "", rows[i].what);
		ok(!is_managed(d, "/var/lib/kubelet/pods/" UID "/etc-hosts"), "%s: opens no pod's files", rows[i].what);
	}
	must(unlink(real("/tmp/link")) == 0, "unlink");
}

/* The same places, when somebody else could have written there. */
static void test_owners(void)
{
	struct calling c = call_of(ID, TASKS "k8s.io/" ID, ANNOTATIONS(CRI_POD("container", SANDBOX)));

	set_mode(TASKS "k8s.io", 0777);
	is_member(made(&c, 0), "engine", NULL, "", "others may write to the directory of tasks");
	set_mode(TASKS "k8s.io", 01777);
	is_member(made(&c, 0), "engine", "containerd-cri", "place", "and they may not, where it is sticky");
	set_mode(TASKS "k8s.io", 0711);
	set_mode(TASKS "k8s.io/" ID, 0777);
	const struct doc *d = made(&c, 0);
	is_member(d, "engine", "containerd-cri", "place", "others may write to the bundle");
	is_member(d, "pod.namespace", "kube-system", "claim", "others may write to the bundle");
	is_member(d, "container.type", NULL, "", "others may write to the bundle");
	set_mode(TASKS "k8s.io/" ID, 0700);
	c.rootless = true;
	d = made(&c, 0);
	is_member(d, "pod.namespace", "kube-system", "claim", "rootless");
	is_member(d, "engine", "containerd-cri", "claim", "rootless");
	is_member(d, "caller.exe", "/usr/bin/containerd-shim-runc-v2", "kernel", "rootless");
	c.rootless = false;
	c.host = -1;
	is_member(made(&c, 0), "engine", NULL, "", "nothing can be looked at");

	c = call_of(ID, "/var/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID,
		ANNOTATIONS(CRI_POD("sandbox", SANDBOX)));
	must(symlink("../run", real("/var/run")) == 0, "a link");
	d = made(&c, 0);
	is_member(d, "engine", "containerd-cri", "place", "by /var/run");
	is_member(d, "bundle", TASKS "k8s.io/" ID, "place", "by /var/run");
	is_member(d, "pod.namespace", "kube-system", "claim", "a sandbox in another's");
}

static void test_docker(void)
{
	static const char config[] = "{\"root\":{\"path\":\"/srv/docker/overlay2/0123/"
				     "merged\"},\"linux\":{\"namespaces\":[{\"type\":\"network\","
				     "\"path\":\"/proc/12/ns/net\"},{\"type\":\"ipc\"}]}}";
	static const char text[] = "{\"ID\":\"" ID "\",\"Name\":\"/web\",\"Image\":\"sha256:" ID
				   "\",\"Config\":{\"Image\":\"bb:latest\","
				   "\"User\":\"1000:50\",\"Labels\":{\"team\":\"infra\"}}}";
	const char *file = "/srv/docker/containers/" ID "/config.v2.json";
	struct calling c = call_of(ID, TASKS "moby/" ID, config);

	lay("/srv/docker/containers/" ID);
	lay_file(file, text, 0600);
	const struct doc *d = made(&c, 0);
	ok(!doc_get(d, "image") && !doc_get(d, "labels"), "nothing is read that nobody asked for");
	ok(is_managed(d, "/srv/docker/volumes/data/_data") && !is_managed(d, "/var/lib/docker/volumes/data/_data"),
		"volumes are where Docker keeps its data");
	ok(is_managed(d, "/srv/docker/containers/" SANDBOX "/hosts") &&
			!is_managed(d, "/srv/docker/containers/" SANDBOX "/mounts/shm"),
		"another's hosts come with its network, its shm with its ipc namespace");
	d = made(&c, CONTEXT_IMAGE | CONTEXT_LABELS);
	is_member(d, "image.ref", "bb:latest", "claim", "Docker");
	is_member(d, "image.digest", "sha256:" ID, "engine", "Docker");
	is_member(d, "container.name", "web", "claim", "Docker");
	is_member(d, "source", "docker", "", "Docker");
	is_member(d, "container.id", ID, "engine", "Docker");
	is_member(d, "user", "1000:50", "claim", "Docker");
	is_member(d, "labels.team", "infra", "claim", "Docker");

	lay_file(file, text, 0666);
	is_member(made(&c, CONTEXT_ALL), "image.digest", NULL, "", "a file that others may write to");
	lay_file(file, "{\"ID\":\"" SANDBOX "\",\"Image\":\"sha256:00\"}", 0600);
	is_member(made(&c, CONTEXT_ALL), "image.digest", NULL, "", "a file about another container");
	lay_file(file, "{\"ID\":\"" ID "\",\"ID\":\"" ID "\",\"Image\":\"sha256:00\"}", 0600);
	is_member(made(&c, CONTEXT_ALL), "image.digest", NULL, "", "a file that can be read in two ways");
	must(unlink(real(file)) == 0 && symlink("/etc/passwd", real(file)) == 0, "a link");
	is_member(made(&c, CONTEXT_ALL), "image.digest", NULL, "", "a link");
}

static void test_others(void)
{
	struct calling c = call_of(ID, TASKS "default/" ID, "{\"annotations\":{\"nerdctl/name\":\"web\"}}");

	lay(TASKS "default/" ID);
	is_member(made(&c, 0), "engine", "containerd", "place", "an annotation makes nobody nerdctl");
	lay("/var/lib/nerdctl/1935db59/containers/default/" ID);
	const struct doc *d = made(&c, 0);
	is_member(d, "engine", "nerdctl", "place", "nerdctl");
	is_member(d, "container.name", "web", "claim", "nerdctl");
	is_member(d, "source", "nerdctl", "", "nerdctl");
	ok(is_managed(d, "/var/lib/nerdctl/1935db59/etchosts/default/" ID "/hosts"), "its hosts");

	c = call_of("c1", TASKS "k8s.io/c1", "{}");
	lay(TASKS "k8s.io/c1");
	is_member(made(&c, 0), "engine", "containerd", "place", "ctr in the namespace of a kubelet");
	c = call_of("abc", "/var/lib/docker/buildkit/executor/abc", "{}");
	lay(c.bundle);
	d = made(&c, 0);
	is_member(d, "engine", "buildkit", "place", "docker build");
	ok(is_managed(d, "/var/lib/docker/buildkit/executor/resolv.conf"), "its resolv.conf");
	c = call_of("abc", "/var/lib/buildkit/runc-overlayfs/executor/abc", "{}");
	lay(c.bundle);
	is_member(made(&c, 0), "engine", "buildkit", "place", "buildkitd");
	c = call_of("mine", "/var/tmp/buildah-mine", "{}");
	lay(c.bundle);
	is_member(made(&c, 0), "engine", NULL, "", "a directory that is only called like buildah's");
}

/* --- later verbs --- */

static void test_later(void)
{
	struct calling c = call_of(ID, TASKS "k8s.io/" ID, ANNOTATIONS(CRI_POD("container", SANDBOX)));
	struct text t = text_growing(&arena);

	doc_write(context_identity(&arena, made(&c, CONTEXT_ALL)), false, &t);
	struct calling later = call_of(ID, TASKS "k8s.io/" ID, NULL);
	later.verb = "exec";
	later.identity = parsed((struct bytes){ t.data, t.len });
	later.posture = parsed(BYTES("{\"noNewPrivileges\":true,\"profile\":\"restricted@v1.34\"}"));
	const struct doc *d = made(&later, CONTEXT_ALL);
	is_member(d, "pod.namespace", "kube-system", "engine", "exec, as noted");
	is_member(d, "engine", "containerd-cri", "place", "exec, as noted");
	is_member(d, "container.name", "app", "engine", "exec, as noted");
	is_member(d, "source", "cri", "", "exec, as noted");
	is_member(d, "verb", "exec", "kernel", "exec");
	is_member(d, "posture.profile", "restricted@v1.34", "place", "exec");
	later.rootless = true;
	is_member(made(&later, 0), "pod.namespace", "kube-system", "claim", "a note of a user's own");
	is_member(made(&later, 0), "posture.profile", "restricted@v1.34", "claim", "a note of a user's own");
	later.rootless = false;
	later.identity = later.posture = NULL;
	d = made(&later, 0);
	is_member(d, "engine", "containerd-cri", "place", "exec, nothing noted");
	ok(!doc_get(d, "pod") && !doc_get(d, "posture"), "exec, nothing noted: neither pod nor posture");
}

static void test_posture(void)
{
	static const char config[] =
		"{\"process\":{\"user\":{\"uid\":1000,\"gid\":50,\"additionalGids\":[7]},\"noNewPrivileges\":true,"
		"\"apparmorProfile\":\"docker-default\",\"env\":[\"TOKEN=hunter2\"],\"args\":[\"secret\"],"
		"\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}},\"root\":{\"readonly\":true},\"linux\":{\"seccomp\":{}"
		","
		"\"maskedPaths\":[\"/a\",\"/b\"],\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\",\"path\":\"/"
		"proc/1/ns/net\"},"
		"{\"type\":\"ipc\",\"path\":\"/"
		"x\"}],\"resources\":{\"memory\":{\"limit\":1048576},\"pids\":{\"limit\":-1},"
		"\"cpu\":{\"quota\":0,\"shares\":2}}}}";
	static const char want[] =
		"{\"capabilities\":{\"bounding\":[\"CAP_KILL\"],\"effective\":[],\"permitted\":[],\"inheritable\":[],"
		"\"ambient\":[]},\"user\":{\"uid\":1000,\"gid\":50,\"additionalGids\":[7]},\"noNewPrivileges\":true,"
		"\"seccomp\":true,\"apparmorProfile\":\"docker-default\",\"selinuxLabel\":\"\",\"namespaces\":{\"pid\":"
		"\"new\","
		"\"network\":\"host\",\"mount\":\"host\",\"ipc\":\"joined\",\"uts\":\"host\",\"user\":\"host\","
		"\"cgroup\":\"host\","
		"\"time\":\"host\"},\"maskedPaths\":2,\"readonlyPaths\":0,\"readonlyRoot\":true,\"resources\":{"
		"\"memory\":1048576,"
		"\"cpuShares\":2},\"profile\":\"p\"}";
	const struct doc *known = parsed(
		BYTES("{\"init\":{\"namespaces\":{\"network\":{\"inode\":7},\"ipc\":{\"inode\":8}}},\"places\":"
		      "{\"/linux/namespaces/1\":{\"inode\":7},\"/linux/namespaces/2\":{\"inode\":9}}}"));
	struct text t = text_growing(&arena), u = text_growing(&arena);

	doc_write(posture_make(&arena, parsed(bytes_of(config)), known, "p"), false, &t);
	is_text(t.data, want, "the posture of a container: all of it, and nothing else");
	doc_write(posture_make(&arena, parsed(BYTES("{}")), NULL, NULL), false, &u);
	ok(strstr(u.data, "\"bounding\":[]") && strstr(u.data, "\"uid\":0") && !strstr(u.data, "profile"),
		"what is not there means no capabilities, and root");
}

static void test_trust(void)
{
	const struct doc *d = parsed(
		BYTES("{\"trust\":{\"image\":\"engine\",\"image.ref\":\"claim\",\"pod\":\"oracle\",\"a\":7}}"));

	ok(context_trust(d, "image") == TRUST_ENGINE && context_trust(d, "image.digest") == TRUST_ENGINE,
		"a member's word");
	ok(context_trust(d, "image.ref") == TRUST_CLAIM, "a word of its own");
	ok(context_trust(d, "pod.name") == TRUST_UNKNOWN && context_trust(d, "a") == TRUST_UNKNOWN,
		"words that are none");
	ok(context_trust(NULL, "image") == TRUST_UNKNOWN && context_trust(d, "verb") == TRUST_UNKNOWN, "no word");
	ok(TRUST_CLAIM < TRUST_ENGINE && TRUST_ENGINE < TRUST_PLACE && TRUST_PLACE < TRUST_KERNEL,
		"words have an order");
}

/* A policy pays for what it speaks of. */
static void test_wanted(void)
{
	static const struct {
		const char *text;
		unsigned wants;
	} rows[] = {
		{ "{\"version\":1}", 0 },
		{ "{\"version\":1," PROFILE "\"select\":[{\"when\":{\"engine\":\"docker\"},\"profile\":\"p\"}]}", 0 },
		{ "{\"version\":1," PROFILE "\"select\":[{\"when\":{\"image.digest\":\"sha256:*\"},\"profile\":\"p\"}"
		  "]}",
			CONTEXT_IMAGE },
		{ "{\"version\":1," PROFILE "\"shadow\":[{\"when\":{\"labels.team\":\"a\"},\"profile\":\"p\"}]}",
			CONTEXT_LABELS },
		{ "{\"version\":1,\"exempt\":[{\"id\":\"e\",\"rules\":[\"nnp\"],\"match\":{\"annotations.x\":\"a\","
		  "\"container.name\":\"b\"},\"reason\":\"r\",\"owner\":\"o\",\"notAfter\":\"2026-12-31T00:00:00Z\"}]}",
			CONTEXT_ANNOTATIONS | CONTEXT_IMAGE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct file f = { .path = "policy.json", .bytes = bytes_of(rows[i].text) };
		struct policy p;
		struct fail why = { 0 };
		if (!ok(policy_parse(&arena, &f, &p, &why) == 0, "a policy: %s", why.says))
			continue;
		is_int(policy_wanted(&p), rows[i].wants, "what it wants to know");
	}
}

/* With no memory there is no context, and nothing worse. */
static void test_exhausted(void)
{
	struct calling c = call_of(ID, TASKS "k8s.io/" ID, ANNOTATIONS(CRI_POD("container", SANDBOX)));
	unsigned failed = 0;
	bool good = false;

	for (size_t limit = 0; limit < 65536 && !good; limit += 64) {
		struct arena small;
		const struct doc *d = NULL;
		struct fail why;
		arena_init(&small, limit);
		const int r = context_make(&small, &c, CONTEXT_ALL, &d, &why);
		failed += r == -ENOMEM && !d;
		good = r == 0 && is_managed(d, "/x/io.containerd.grpc.v1.cri/containers/" ID "/volumes/a");
		arena_done(&small);
	}
	ok(failed > 3 && good, "too little memory is said, %u times", failed);
}

int main(void)
{
	be_root();
	arena_init(&arena, (size_t)64 << 20);
	umask(022);
	must(mkdtemp(top) != NULL && chmod(top, 0755) == 0, top);
	host = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	must(host >= 0, top);
	test_captured();
	test_cri();
	test_crio();
	test_forged();
	test_owners();
	test_docker();
	test_others();
	test_later();
	test_posture();
	test_trust();
	test_wanted();
	test_exhausted();
	close(host);
	if (system(arena_printf(&arena, "rm -rf %s", top)) != 0)
		printf("# %s is left\n", top);
	arena_done(&arena);
	return tap_done();
}
