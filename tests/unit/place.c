/* SPDX-License-Identifier: Apache-2.0 */
/* What lies at the paths of a config.json: in a small tree that stands for a host. */
#include "tests/unit/place.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "validate/base/limits.h"

#define HOOK(path) "{\"hooks\":{\"prestart\":[{\"path\":\"" path "\"}]}}"
#define ROOT(path) "{\"root\":{\"path\":\"" path "\"}}"

static const char *hook(const char *path)
{
	return answer(arena_printf(&arena, "{\"hooks\":{\"prestart\":[{\"path\":\"%s\"}]}}", path), ASK_HOOK,
		"hooks/prestart/0");
}

static void test_kinds(void)
{
	put("bin/tool", "#!/bin/sh\n");
	(void)chmod("bin/tool", 0750);
	put("etc/data", "x");
	(void)mkdir("dir", 0711);
	(void)mkfifo("fifo", 0600);
	const struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "socket" };
	const int socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ok(bind(socket_fd, (const struct sockaddr *)&name, sizeof(name)) == 0, "a socket is there");
	(void)fd_close(socket_fd);

	has(hook("/bin/tool"), "\"kind\":\"file\",\"path\":\"/bin/tool\",\"clean\":true", "a file");
	has(hook("/bin/tool"), "\"mode\":488,\"executable\":true", "that some may run");
	has(hook("/etc/data"), "\"executable\":false", "that nobody may");
	has(hook("/dir"), "\"kind\":\"directory\"", "a directory");
	has(hook("/dir"), "\"mode\":457,\"executable\":false", "which nobody runs");
	has(hook("/fifo"), "\"kind\":\"fifo\"", "a fifo, that nobody waits for");
	has(hook("/socket"), "\"kind\":\"socket\"", "a socket");
	has(hook("/nothing"), "{\"kind\":\"absent\",\"path\":\"/nothing\"", "nothing");
	has(hook("/bin/tool/below"), "\"kind\":\"absent\"", "below a file");
	has(hook("/bin/tool/"), "\"kind\":\"absent\"", "a file that ought to be a directory");
	has(hook("/dir/"), "\"kind\":\"directory\",\"path\":\"/dir\"", "a directory with a slash");
	has(hook("/"), "\"kind\":\"directory\",\"path\":\"/\"", "the root");
	has(answer("{\"linux\":{\"seccomp\":{\"listenerPath\":\"/socket\"}}}", ASK_LISTENER,
		    "linux/seccomp/listenerPath"),
		"\"kind\":\"socket\"", "a listener");
}

static void test_links(void)
{
	link_to("bin", "sbin");
	link_to("/sbin/tool", "absolute");
	link_to("../../../../etc", "dir/up");
	link_to("loop2", "loop1");
	link_to("loop1", "loop2");
	link_to("nowhere/at/all", "dangling");
	has(hook("/sbin/tool"), "\"path\":\"/bin/tool\",\"clean\":false", "a symlink on the way");
	has(hook("/absolute"), "\"path\":\"/bin/tool\",\"clean\":false", "an absolute one, at the end");
	has(hook("/dir/up/data"), "\"path\":\"/etc/data\",\"clean\":false", "one that climbs over the root");
	has(hook("/bin/../etc/./data"), "\"path\":\"/etc/data\",\"clean\":false", "dots");
	has(hook("/bin/../../../etc/data"), "\"path\":\"/etc/data\"", "more dots than there are directories");
	has(hook("/dir/up/../bin/tool"), "\"path\":\"/bin/tool\"", "dots behind a symlink count from where it led");
	has(hook("/bin/tool/../tool"), "\"kind\":\"absent\"", "dots behind a file");
	has(hook("//bin///tool"), "\"path\":\"/bin/tool\",\"clean\":true", "slashes");
	has(hook("/loop1"), "\"kind\":\"absent\"", "a loop");
	has(hook("/dangling"), "\"kind\":\"absent\",\"path\":\"/nowhere/at/all\"", "one that leads nowhere");
}

static void test_lengths(void)
{
	char path[8192];
	size_t len = 0;
	while (len < 4095)
		path[len] = len % 2 ? 'a' : '/', len++;
	path[len] = '\0';
	has(hook(path), "\"kind\":\"absent\"", "a path of %zu bytes", len);
	(void)snprintf(path + len, 2, "b");
	has(hook(path), "\"kind\":\"absent\"", "one that no system call takes");
	len = (size_t)snprintf(path, sizeof(path), "/");
	while (len < 4080)
		len += (size_t)snprintf(path + len, sizeof(path) - len, "bin/../");
	(void)snprintf(path + len, sizeof(path) - len, "etc/data");
	has(hook(path), "\"kind\":\"file\",\"path\":\"/etc/data\"", "a long one that leads somewhere");
	memset(path + 1, 'n', 256);
	path[257] = '\0';
	has(hook(path), "\"kind\":\"absent\"", "a name that is too long for any file system");
	/* Forty links are followed, as the kernel does, and no more. */
	link_to("etc/data", "link0");
	for (int i = 1; i <= 40; i++) {
		char from[16], to[16];
		(void)snprintf(from, sizeof(from), "link%d", i);
		(void)snprintf(to, sizeof(to), "link%d", i - 1);
		link_to(to, from);
	}
	has(hook("/link39"), "\"kind\":\"file\"", "forty symlinks");
	has(hook("/link40"), "\"kind\":\"absent\"", "forty-one");
	/* A symlink whose text doubles at each step ends at the limit of steps, not of patience. */
	memset(path, 0, sizeof(path));
	for (int i = 0; i < 500; i++)
		(void)strncat(path, "bin/../", sizeof(path) - strlen(path) - 1);
	for (int i = 0; i < 40; i++) {
		char from[16];
		char to[4000];
		(void)snprintf(from, sizeof(from), "deep%d", i);
		(void)snprintf(to, sizeof(to), "%.3500s%s%d", path, "deep", i - 1);
		link_to(to, from);
	}
	is_text(hook("/deep39"), "{}", "a long way that nobody goes to its end");
}

static void test_bundle(void)
{
	put("b/rootfs/etc/passwd", "");
	(void)mkdir("b/rootfs/dev", 0755);
	link_to("dev", "b/rootfs/proc");
	put("b/rootfs/sys", "");
	link_to("b", "to-b");
	link_to("rootfs", "b/link");
	host.bundle = "/b";
	has(answer(ROOT("rootfs"), ASK_ROOTFS, "root"), "\"kind\":\"directory\",\"path\":\"/b/rootfs\",\"clean\":true",
		"a rootfs in the bundle");
	has(answer(ROOT("rootfs"), ASK_ROOTFS, "root"), "\"dev\":\"directory\",\"proc\":\"symlink\",\"sys\":\"other\"",
		"and what is in it");
	has(answer(ROOT("/b/rootfs/etc"), ASK_ROOTFS, "root"), "\"dev\":\"absent\"", "or is not");
	has(answer(ROOT("link"), ASK_ROOTFS, "root"), "\"path\":\"/b/rootfs\",\"clean\":false", "one behind a symlink");
	host.bundle = "/to-b";
	has(answer(ROOT("rootfs"), ASK_ROOTFS, "root"), "\"path\":\"/b/rootfs\",\"clean\":true",
		"the bundle's own symlinks are not those of the rootfs");
	host.bundle = NULL;
	is_text(answer(ROOT("rootfs"), ASK_ROOTFS, "root"), "{}", "no bundle, no answer");
	(void)chmod(".", 0755);
	(void)chmod("b", 0750);
	has(answer("{\"root\":{\"path\":\"/b/rootfs\"},\"linux\":{\"uidMappings\":[{}]}}", ASK_ROOTFS, "root"),
		"\"above\":[{\"path\":\"/b\",\"uid\":", "a directory above that not all may search");
	(void)chmod("b", 0751);
	has(answer("{\"root\":{\"path\":\"/b/rootfs\"},\"linux\":{\"uidMappings\":[{}]}}", ASK_ROOTFS, "root"),
		"\"above\":[],", "none");
	has(answer(ROOT("/gone"), ASK_ROOTFS, "root"), "{\"kind\":\"absent\",\"path\":\"/gone\"", "no rootfs");
}

#define IN(process, mounts) "{\"root\":{\"path\":\"/c\"},\"process\":{" process "},\"mounts\":[" mounts "]}"

static void test_below(void)
{
	put("c/bin/busybox", "x");
	(void)chmod("c/bin/busybox", 0755);
	link_to("/bin/busybox", "c/bin/sh");
	link_to("../../../../../etc/data", "c/bin/out");
	link_to("/run", "c/var");
	put("c/run/here/x", "");
	put("c/bin/plain", "");
	has(answer(IN("\"args\":[\"/bin/sh\"]", ""), ASK_COMMAND, "process"),
		"\"kind\":\"file\",\"path\":\"/bin/busybox\",\"clean\":false",
		"an absolute symlink stays in the rootfs");
	has(answer(IN("\"args\":[\"/bin/sh\"]", ""), ASK_COMMAND, "process"), "\"executable\":true,",
		"and leads to what may be run");
	has(answer(IN("\"args\":[\"/bin/sh\"]", ""), ASK_COMMAND, "process"), "\"escapes\":false",
		"without leaving it");
	has(answer(IN("\"args\":[\"/bin/out\"]", ""), ASK_COMMAND, "process"), "\"escapes\":true",
		"one that leaves it");
	has(answer(IN("\"args\":[\"/bin/out\"]", ""), ASK_COMMAND, "process"),
		"\"kind\":\"absent\",\"path\":\"/etc/data\"", "ends where the kernel would end it");
	has(answer(IN("\"cwd\":\"/../../x\"", ""), ASK_CWD, "process/cwd"), "\"escapes\":true", "dots that leave it");
	has(answer(IN("\"cwd\":\"/var/here\"", ""), ASK_CWD, "process/cwd"),
		"\"kind\":\"directory\",\"path\":\"/run/here\"", "a directory");
	has(answer(IN("\"args\":[\"./sh\"],\"cwd\":\"/bin\"", ""), ASK_COMMAND, "process/args"), "/bin/busybox",
		"relative to cwd");
	has(answer(IN("\"args\":[\"sh\"],\"env\":[\"PATH=/nope:/bin\"]", ""), ASK_COMMAND, "process/args"),
		"/bin/busybox", "found on PATH");
	has(answer(IN("\"args\":[\"plain\"],\"env\":[\"PATH=/nope:/bin\"]", ""), ASK_COMMAND, "process/args"),
		"{\"kind\":\"absent\",\"path\":\"plain\"", "what cannot be run is not found");
	is_text(answer(IN("\"args\":[\"nix\"],\"env\":[\"PATH=/nope:bin\"]", ""), ASK_COMMAND, "process/args"), "{}",
		"a relative entry of PATH may have it");
	is_text(answer(IN("\"args\":[\"sh\"]", ""), ASK_COMMAND, "process/args"), "{}", "no PATH, no answer");
	is_text(answer(IN("\"args\":[\"/data/x\"]", "{\"destination\":\"/data\"}"), ASK_COMMAND, "process/args"), "{}",
		"what a mount brings is not known");
	is_text(answer(IN("\"args\":[\"/run/x\"]", "{\"destination\":\"/var\"}"), ASK_COMMAND, "process/args"), "{}",
		"nor behind a symlink to where it goes");
	is_text(answer(IN("\"cwd\":\"/var/z\"", "{\"destination\":\"/./run/../run/\"}"), ASK_CWD, "process/cwd"), "{}",
		"nor when the symlink is on the other side");
	has(answer("{\"root\":{\"path\":\"/c\"},\"hooks\":{\"startContainer\":[{\"path\":\"/bin/sh\"}]}}",
		    ASK_CONTAINER_HOOK, "hooks/startContainer/0"),
		"/bin/busybox", "a hook in the container");
}

#define MOUNTS(list) "{\"root\":{\"path\":\"/c\"},\"mounts\":[" list "]}"

static void test_mounts(void)
{
	has(answer(MOUNTS("{\"destination\":\"/x\",\"source\":\"/etc\",\"options\":[\"rbind\"]}"), ASK_SOURCE,
		    "mounts/0"),
		"{\"source\":{\"kind\":\"directory\",\"path\":\"/etc\"", "the source of a bind mount");
	has(answer(MOUNTS("{\"destination\":\"/x\",\"source\":\"/etc/data\",\"type\":\"bind\"}"), ASK_SOURCE,
		    "mounts/0"),
		"{\"source\":{\"kind\":\"file\"", "by type");
	is_text(answer(MOUNTS("{\"destination\":\"/x\",\"source\":\"proc\",\"type\":\"proc\"}"), ASK_SOURCE,
			"mounts/0"),
		"{}", "no path");
	is_text(answer(MOUNTS("{\"destination\":\"/x\",\"source\":\"/etc\",\"type\":\"tmpfs\"}"), ASK_SOURCE,
			"mounts/0"),
		"{}", "a name that looks like one");
	const char *layers =
		answer(MOUNTS("{\"destination\":\"/x\",\"type\":\"overlay\",\"source\":\"overlay\",\"options\":"
			      "[\"ro\",\"lowerdir=/etc:/no\\\\:ne\",\"upperdir=/dir\",\"workdir=/sbin\"]}"),
			ASK_SOURCE, "mounts/0");
	has(layers, "{\"layers\":[{\"role\":\"lower\",\"kind\":\"directory\",\"path\":\"/etc\"",
		"layers of an overlay");
	has(layers, "{\"role\":\"lower\",\"kind\":\"absent\",\"path\":\"/no:ne\"", "a colon in one");
	has(layers, "{\"role\":\"upper\",\"kind\":\"directory\",\"path\":\"/dir\"", "the upper one");
	has(layers, "{\"role\":\"work\",\"kind\":\"directory\",\"path\":\"/bin\"", "its work, by its real path");

	has(answer(MOUNTS("{\"destination\":\"/bin\",\"source\":\"/etc/data\",\"type\":\"bind\"}"), ASK_DESTINATION,
		    "mounts/0"),
		"{\"destination\":{\"kind\":\"directory\"", "a destination");
	is_text(answer(MOUNTS("{\"destination\":\"/bin\",\"type\":\"tmpfs\"}"), ASK_DESTINATION, "mounts/0"), "{}",
		"of a mount that brings no files");
	is_text(answer(MOUNTS("{\"destination\":\"/bin\",\"type\":\"tmpfs\"},{\"destination\":\"/bin/"
			      "sh\",\"source\":\"/\",\"type\":"
			      "\"bind\"}"),
			ASK_DESTINATION, "mounts/1"),
		"{}", "on an earlier mount");
	has(answer(MOUNTS("{\"destination\":\"/bin/sh\",\"source\":\"/\",\"type\":\"bind\"},{\"destination\":\"/"
			  "bin\",\"type\":"
			  "\"tmpfs\"}"),
		    ASK_DESTINATION, "mounts/0"),
		"\"kind\":\"file\"", "below a later one");
}

#define INFO                                                                                                           \
	"10 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"                                                               \
	"11 10 0:30 / /home rw,nosuid - nfs4 server:/x rw\n"                                                           \
	"12 10 0:31 / /local ro,nosuid,nodev - xfs /dev/sdb rw\n"                                                      \
	"13 12 0:32 / /local/deep rw - fuse.sshfs sshfs rw\n"                                                          \
	"14 10 0:33 / /auto rw - autofs systemd-1 rw\n"                                                                \
	"15 10 0:34 / /merged rw - overlay overlay rw,lowerdir=/local/deep/l:/etc,upperdir=/u,workdir=/w\n"            \
	"16 10 0:35 / /fine rw - overlay overlay rw,lowerdir=/etc,upperdir=/u,workdir=/w\n"                            \
	"17 10 0:36 / /wi\\040th rw - cifs //server/x rw\n"                                                            \
	"18 10 0:37 / /stack rw - nfs server:/y rw\n"                                                                  \
	"19 18 0:38 / /stack rw - tmpfs tmpfs rw\n"                                                                    \
	"not a line at all\n"

static void test_servers(void)
{
	put("proc/self/mountinfo", INFO);
	put("home/me/x", "");
	put("local/file", "");
	put("local/deep/x", "");
	put("auto/x", "");
	put("merged/x", "");
	put("fine/x", "");
	put("wi th/x", "");
	put("stack/x", "");
	link_to("/home/me", "way-in");
	is_text(hook("/home/me/x"), "{\"path\":\"/home/me/x\",\"filesystem\":\"nfs4\",\"network\":true}",
		"NFS is not touched");
	is_text(hook("/home"), "{\"path\":\"/home\",\"filesystem\":\"nfs4\",\"network\":true}",
		"nor where it is mounted");
	is_text(hook("/way-in/x"), "{\"path\":\"/home/me/x\",\"filesystem\":\"nfs4\",\"network\":true}",
		"nor through a symlink");
	is_text(hook("/bin/../home/./me"), "{\"path\":\"/home/./me\",\"filesystem\":\"nfs4\",\"network\":true}",
		"nor by dots");
	has(hook("/local/file"), "\"filesystem\":\"xfs\",\"network\":false,\"flags\":[\"ro\",\"nosuid\",\"nodev\"]",
		"a disk is, and its mount's flags are told");
	is_text(hook("/local/deep/x"), "{\"path\":\"/local/deep/x\",\"filesystem\":\"fuse.sshfs\",\"network\":true}",
		"FUSE on it");
	has(hook("/auto/x"), "\"network\":true", "what mounts by itself");
	has(hook("/merged/x"), "\"network\":true", "an overlay with a layer there");
	has(hook("/fine/x"), "\"network\":false", "an overlay without");
	has(hook("/wi th/x"), "\"network\":true", "a blank in the name");
	has(hook("/stack/x"), "\"network\":true", "below one that covers it");
	has(hook("/local"), "\"submounts\":true", "what has mounts below it");
	has(hook("/etc"), "\"submounts\":false", "and what has none");
	has(hook("/etc/data"), "\"filesystem\":\"ext4\"", "the root's own");
	has(answer(MOUNTS("{\"destination\":\"/x\",\"source\":\"/home\",\"options\":[\"bind\"]}"), ASK_SOURCE,
		    "mounts/0"),
		"{\"source\":{\"path\":\"/home\",\"filesystem\":\"nfs4\",\"network\":true,\"mountPoint\":\"/home\"}}",
		"as a source");
	is_text(answer(ROOT("/home"), ASK_ROOTFS, "root"),
		"{\"path\":\"/home\",\"filesystem\":\"nfs4\",\"network\":true}", "as a rootfs");
	is_text(answer("{\"root\":{\"path\":\"/home\"},\"process\":{\"cwd\":\"/\"}}", ASK_CWD, "process/cwd"), "{}",
		"then nothing in it is known");
	put("proc/self/mountinfo",
		"1 2 0:1 / /a rw - ext4 x rw\n2 1 0:1 / /a rw - ext4 x rw\n3 3 0:1 / / rw - ext4 x rw\n");
	has(hook("/etc/data"), "\"kind\":\"file\"", "mounts that hang on each other end");
}

static const char *of_hook(const char *stage, const char *path, enum ask ask)
{
	return answer(arena_printf(&arena, "{\"hooks\":{\"%s\":[{\"path\":\"%s\"}]}}", stage, path), ask,
		arena_printf(&arena, "hooks/%s/0", stage));
}

static void test_hooks(void)
{
	put("proc/self/mountinfo", "");
	put("opt/open/deep/hook", "abc");
	put("opt/sticky/hook", "");
	(void)chmod("opt/open", 0777);
	(void)chmod("opt/sticky", 01777);
	has(of_hook("poststop", "/opt/open/deep/hook", ASK_HOOK_ABOVE), "{\"path\":\"/opt/open\",",
		"a directory above it that all may write");
	has(of_hook("poststop", "/opt/open/deep/hook", ASK_HOOK_ABOVE), "\"mode\":511", "and its mode");
	if (geteuid() == 0) {
		is_text(of_hook("poststop", "/opt/sticky/hook", ASK_HOOK_ABOVE), "{\"above\":[]}",
			"a sticky one is none, and those of root alone are none");
		if (chown("opt", 1, 1) == 0)
			has(of_hook("prestart", "/opt/sticky/hook", ASK_HOOK_ABOVE), "\"path\":\"/opt\",\"uid\":1",
				"one of somebody else");
	}
	is_text(of_hook("prestart", "/opt/open/deep/hook", ASK_HOOK_DIGEST),
		"{\"digest\":\"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}",
		"what it holds");
	is_text(of_hook("prestart", "/opt", ASK_HOOK_DIGEST), "{\"digest\":\"\"}", "a directory holds nothing");
	is_text(of_hook("prestart", "/nothing", ASK_HOOK_DIGEST), "{}", "nothing has none");
	ok(truncate("opt/sticky/hook", (off_t)LIMIT_HOOK_BYTES + 1) == 0, "a long file is there");
	is_text(of_hook("prestart", "/opt/sticky/hook", ASK_HOOK_DIGEST), "{\"digest\":\"\"}", "nor one so long");
	for (enum ask ask = ASK_HOOK; ask <= ASK_HOOK_DIGEST; ask++)
		is_text(of_hook("startContainer", "/opt/open/deep/hook", ask), "{}",
			"what runs in the container is not looked for on the host");
}

int main(void)
{
	place_start();
	test_kinds();
	test_links();
	test_lengths();
	test_bundle();
	test_below();
	test_mounts();
	test_servers();
	test_hooks();
	place_end();
	return tap_done();
}
