/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Controls over what real engines write. With the parameters that a baseline means, no default container of any engine
 * breaks one, on any kind of host; what --privileged and the host's namespaces make of them does. And each protected
 * field of a container that keeps all controls is flipped once: exactly that control has to say so.
 */
#include <dirent.h>
#include <stdio.h>

#include "tests/spec/merge.h"
#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/check.h"

static const char *top = "tests/spec";
static struct arena arena;

/* Baseline: what holds of every container that an engine starts without being told otherwise. */
static const char *const baseline[] = {
	"privileged",
	"ns.host.pid",
	"ns.host.net",
	"ns.host.ipc",
	"ns.host.uts",
	"ns.host.mnt",
	"caps.allowed",
	"proc.masked",
	"sysctl.safe",
	"seccomp.present",
	"seccomp.notify",
	"apparmor",
	"selinux",
	"devices.cgroup",
	"devices.nodes",
	"mount.host",
	"mount.sensitive",
	"mount.proc",
	"mount.sys",
	"mount.propagation",
	"cgroup.parent",
	"oom.adj",
	"hooks.allowed",
	"hooks.env",
	"annot.unsafe",
	"cwd",
	"rootfs.sane",
	"env.sane",
	"net.devices",
	"res.unified",
	"exec.caps",
	"exec.user",
	"exec.nnp",
	"escape.host-root",
	"escape.engine-socket",
	"escape.core-pattern",
	"escape.uevent-helper",
	"escape.debugfs",
	"escape.binfmt",
	"escape.log-link",
	"escape.cron",
	"escape.disk",
	"escape.mknod",
	"escape.release-agent",
	"escape.ptrace",
	"escape.shocker",
	"escape.module",
	"escape.rawio",
	"escape.bpf",
	"escape.helper",
	"escape.masked-dev",
	"escape.console",
	NULL,
};

static const char params_text[] =
	"{\"caps.allowed\":{\"allow\":[\"AUDIT_WRITE\",\"CHOWN\",\"DAC_OVERRIDE\",\"FOWNER\",\"FSETID\",\"KILL\","
	"\"MKNOD\",\"NET_BIND_SERVICE\",\"NET_RAW\",\"SETFCAP\",\"SETGID\",\"SETPCAP\",\"SETUID\",\"SYS_CHROOT\"]},"
	"\"seccomp.present\":{\"engines\":[\"docker\",\"podman\",\"buildah\"]},"
	"\"apparmor\":{\"engines\":[]},\"selinux\":{\"engines\":[]}}";

/* Who wrote it, and what such an engine gives a container itself. */
static const struct engine {
	const char *prefix, *context;
} engines[] = {
	{ "docker-",
		"{\"engine\":\"docker\",\"managed\":[\"/var/lib/docker/containers/*/hostname\","
		"\"/var/lib/docker/containers/*/hosts\",\"/var/lib/docker/containers/*/resolv.conf\","
		"\"/usr/bin/docker-init\",\"/var/lib/docker/volumes/*/_data/**\"]}" },
	{ "podman-",
		"{\"engine\":\"podman\",\"managed\":[\"/run/containers/storage/*-containers/*/userdata/**\","
		"\"/var/lib/containers/storage/*-containers/*/userdata/**\"]}" },
	{ "containerd-", "{\"engine\":\"containerd\",\"managed\":[]}" },
	{ "buildah-", "{\"engine\":\"buildah\",\"managed\":[\"/var/tmp/buildah*/**\"]}" },
	{ "", "{\"managed\":[]}" },
};

/* Containers that were asked for nothing, or for less than the default. */
static const char *const defaults[] = {
	"docker-default.json",
	"docker-terminal.json",
	"podman-default.json",
	"podman-user-namespace.json",
	"containerd-default.json",
	"containerd-seccomp.json",
	"buildah-run.json",
	"crun-spec.json",
	"runc-spec.json",
	"crun-spec-rootless.json",
	"docker-exec.process.json",
	"docker-exec-user.process.json",
	"docker-exec-terminal.process.json",
	"podman-exec.process.json",
	"containerd-exec.process.json",
	NULL,
};

/* Those that were asked for more, and what of it has to be said. */
static const struct telling_of {
	const char *file, *id;
} told[] = {
	{ "docker-privileged.json", "privileged" },
	{ "docker-privileged.json", "devices.cgroup" },
	{ "docker-privileged.json", "seccomp.present" },
	{ "docker-privileged.json", "proc.masked" },
	{ "podman-privileged.json", "privileged" },
	{ "podman-privileged.json", "caps.allowed" },
	{ "containerd-privileged.json", "privileged" },
	{ "containerd-privileged.json", "devices.nodes" },
	{ "podman-exec-privileged.process.json", "caps.allowed" },
	{ "docker-host-namespaces.json", "ns.host.pid" },
	{ "docker-host-namespaces.json", "ns.host.ipc" },
	{ "podman-host-namespaces.json", "ns.host.pid" },
	{ "podman-host-namespaces.json", "seccomp.present" },
	{ "containerd-host.json", "ns.host.pid" },
	{ "containerd-host.json", "ns.host.net" },
	{ "containerd-host.json", "mount.sensitive" },
	{ "docker-init.json", "sysctl.safe" },
	{ "docker-limits.json", "mount.host" },
};

static struct rule chosen[sizeof(baseline) / sizeof(baseline[0])];
static struct rules table = { chosen, 0 };

static const struct doc *tree(struct bytes text)
{
	struct fail why = { 0 };
	const struct doc *d = fixture_parse(&arena, text, false, &why);
	if (!d)
		ok(false, "JSON: %s", why.says);
	return d;
}

static const struct engine *engine_of(const char *file)
{
	size_t i = 0;
	while (strncmp(file, engines[i].prefix, strlen(engines[i].prefix)) != 0)
		i++;
	return &engines[i];
}

static struct report judge(const char *file, struct bytes text, const struct doc *host)
{
	const struct rules *const tables[] = { &table, NULL };
	struct report r = { 0 };
	struct fail why = { 0 };
	const struct check_input in = { .file = file,
		.text = text,
		.root = tree(text),
		.of = OF_CONTROL,
		.below = strstr(file, ".process.") ? "process" : "",
		.tables = tables,
		.host = host,
		.context = tree(bytes_of(engine_of(file)->context)),
		.params = tree(bytes_of(params_text)) };
	ok(check(&arena, &in, &r, &why) == 0, "%s is judged", file);
	return r;
}

static bool says(const struct report *r, const char *id)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->findings[i].id, id) == 0)
			return true;
	return false;
}

static void print(const struct report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		char line[1024];
		struct text to = text_over(line, sizeof(line));
		finding_write(&r->findings[i], SHOW_ALL, &to);
		printf("#  %s [%s]\n", line, r->findings[i].id);
	}
}

static void default_on(const char *file, const char *name, const struct doc *host)
{
	const struct report r = judge(file, fixture_read(&arena, top, "real", file), host);
	if (!ok(r.count == 0, "%s keeps the baseline on %s", file, name))
		print(&r);
}

/* Each default container, without a host and on each of hosts/. */
static void all_defaults(void)
{
	char path[512];
	struct dirent **hosts;
	snprintf(path, sizeof(path), "%s/hosts", top);
	const int n = scandir(path, &hosts, NULL, alphasort);
	const struct bytes base = fixture_read(&arena, top, "", "base.host.json");
	int count = 0;
	for (const char *const *f = defaults; *f; f++)
		default_on(*f, "an unknown host", NULL);
	for (int i = 0; i < n; i++) {
		if (hosts[i]->d_name[0] != '.') {
			const struct bytes patch = fixture_read(&arena, top, "hosts", hosts[i]->d_name);
			const struct doc *host = tree(fixture_merge(&arena, base, patch, false));
			count++;
			for (const char *const *f = defaults; *f; f++)
				default_on(*f, hosts[i]->d_name, host);
		}
		free(hosts[i]);
	}
	if (n >= 0)
		free(hosts);
	ok(count > 3, "there are hosts to judge on");
}

static void all_told(void)
{
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		const struct report r = judge(told[i].file, fixture_read(&arena, top, "real", told[i].file), NULL);
		if (!ok(says(&r, told[i].id), "%s breaks %s", told[i].file, told[i].id))
			print(&r);
	}
}

/* One protected field each, of Docker's default container; and the control that has to speak, alone. */
static const struct telling_of flips[] = {
	{ "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_NET_ADMIN\"]}}}", "caps.allowed" },
	{ "{\"process\":{\"capabilities\":{\"effective\":[\"CAP_SYS_TIME\"]}}}", "caps.allowed" },
	{ "{\"process\":{\"capabilities\":{\"permitted\":[\"CAP_SYS_TIME\"]}}}", "caps.allowed" },
	{ "{\"process\":{\"capabilities\":{\"inheritable\":[\"CAP_SYS_TIME\"]}}}", "caps.allowed" },
	{ "{\"process\":{\"capabilities\":{\"ambient\":[\"CAP_SYS_TIME\"]}}}", "caps.allowed" },
	{ "{\"process\":{\"apparmorProfile\":\"unconfined\"}}", "apparmor" },
	{ "{\"process\":{\"selinuxLabel\":\"system_u:system_r:spc_t:s0\"}}", "selinux" },
	{ "{\"process\":{\"cwd\":\"/proc/self/fd/7\"}}", "cwd" },
	{ "{\"process\":{\"oomScoreAdj\":-999}}", "oom.adj" },
	{ "{\"process\":{\"env\":[\"HOME=a\\nb\"]}}", "env.sane" },
	{ "{\"linux\":{\"seccomp\":null}}", "seccomp.present" },
	{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[]}}}", "seccomp.present" },
	{ "{\"linux\":{\"seccomp\":{\"listenerPath\":\"/run/a.sock\"}}}", "seccomp.notify" },
	{ "{\"linux\":{\"maskedPaths\":[]}}", "proc.masked" },
	{ "{\"linux\":{\"readonlyPaths\":[\"/proc/sys\"]}}", "proc.masked" },
	{ "{\"linux\":{\"sysctl\":{\"net.ipv4.ip_forward\":\"1\"}}}", "sysctl.safe" },
	{ "{\"linux\":{\"rootfsPropagation\":\"shared\"}}", "mount.propagation" },
	{ "{\"linux\":{\"cgroupsPath\":\"/docker/../x\"}}", "cgroup.parent" },
	{ "{\"linux\":{\"devices\":[{\"path\":\"/dev/kvm\",\"type\":\"c\",\"major\":10,\"minor\":232}]}}",
		"devices.nodes" },
	{ "{\"linux\":{\"resources\":{\"devices\":[{\"allow\":true,\"access\":\"rwm\"}]}}}", "devices.cgroup" },
	{ "{\"linux\":{\"resources\":{\"unified\":{\"memory.high\":\"1\"}}}}", "res.unified" },
	{ "{\"linux\":{\"netDevices\":{\"eth0\":{}}}}", "net.devices" },
	{ "{\"annotations\":{\"run.oci.seccomp_bpf_data\":\"AAAA\"}}", "annot.unsafe" },
	{ "{\"hooks\":{\"poststop\":[{\"path\":\"/opt/x\"}]}}", "hooks.allowed" },
};

/* What one flip needs beside it: with every device CAP_MKNOD makes disks. */
static bool foreseen(const char *id, const char *said)
{
	return strcmp(said, id) == 0 || (strcmp(id, "devices.cgroup") == 0 && strcmp(said, "escape.mknod") == 0);
}

static void all_flips(void)
{
	const struct bytes base = fixture_read(&arena, top, "real", "docker-default.json");
	for (size_t i = 0; i < sizeof(flips) / sizeof(flips[0]); i++) {
		const struct bytes text = fixture_merge(&arena, base, bytes_of(flips[i].file), false);
		const struct report r = judge("docker-default.json", text, NULL);
		bool alone = says(&r, flips[i].id);
		for (size_t k = 0; k < r.count; k++)
			alone &= foreseen(flips[i].id, r.findings[k].id);
		if (!ok(alone, "flip %zu is told by %s", i, flips[i].id))
			print(&r);
	}
}

/* The namespaces and mounts of the same container: each is taken away or brought in. */
static void lists(void)
{
	static const char *const types[][2] = { { "pid", "ns.host.pid" }, { "network", "ns.host.net" },
		{ "ipc", "ns.host.ipc" }, { "uts", "ns.host.uts" }, { "mount", "ns.host.mnt" } };
	static const char *const sources[][2] = { { "/", "escape.host-root" }, { "/run", "escape.engine-socket" },
		{ "/srv/x", "mount.host" }, { "/etc/ssh", "mount.sensitive" }, { "/var/log", "escape.log-link" } };
	const struct bytes base = fixture_read(&arena, top, "real", "docker-default.json");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct text patch = text_growing(&arena);
		text_add(&patch, "{\"linux\":{\"namespaces\":[");
		for (size_t k = 0, n = 0; k < sizeof(types) / sizeof(types[0]); k++)
			if (k != i)
				text_printf(&patch, "%s{\"type\":\"%s\"}", n++ ? "," : "", types[k][0]);
		text_add(&patch, "]}}");
		const struct bytes text = fixture_merge(&arena, base, (struct bytes){ patch.data, patch.len }, false);
		const struct report r = judge("docker-default.json", text, NULL);
		ok(r.count == 1 && says(&r, types[i][1]), "without its %s namespace it breaks %s", types[i][0],
			types[i][1]);
	}
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct text patch = text_growing(&arena);
		text_printf(&patch,
			"{\"linux\":{\"maskedPaths\":null},\"mounts\":[{\"destination\":\"/"
			"x\",\"source\":\"%s\",\"options\":"
			"[\"bind\"]}]}",
			sources[i][0]);
		const struct bytes text = fixture_merge(&arena, base, (struct bytes){ patch.data, patch.len }, false);
		const struct report r = judge("docker-default.json", text, NULL);
		ok(says(&r, sources[i][1]), "with %s it breaks %s", sources[i][0], sources[i][1]);
	}
}

int main(int argc, char **argv)
{
	top = argc > 1 ? argv[1] : top;
	arena_init(&arena, LIMIT_ARENA);
	for (const char *const *id = baseline; *id; id++) {
		const struct rule *r = rule_find(*id);
		if (ok(r && r->of == OF_CONTROL, "%s is a control", *id))
			chosen[table.count++] = *r;
	}
	all_defaults();
	all_told();
	all_flips();
	lists();
	arena_done(&arena);
	return tap_done();
}
