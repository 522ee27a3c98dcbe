/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: known ways out of a container, each by what it needs. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

#define WHOSE (ASK(ASK_SELF) | ASK(ASK_NAMESPACES))

static const char *const top[] = { "/", NULL };
static const char *const proc[] = { "/proc", NULL };
static const char *const sys[] = { "/sys", "sysfs", NULL };
static const char *const debug[] = { "/sys/kernel/debug", "/sys/kernel/tracing", "debugfs", "tracefs", NULL };
static const char *const binfmt[] = { "/proc/sys/fs/binfmt_misc", "binfmt_misc", NULL };
static const char *const logs[] = { "/var/log", NULL };
static const char *const cron[] = { "/etc/cron.d", "/var/spool/cron", "/root/.ssh", "/etc/systemd/system", NULL };

static const char *const sockets[] = {
	"/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock",
	"/var/run/containerd/containerd.sock", "/run/crio/crio.sock", "/var/run/crio/crio.sock",
	"/run/podman/podman.sock", "/var/run/podman/podman.sock", "/run/cri-dockerd.sock",
	"/var/run/cri-dockerd.sock", "/run/buildkit/buildkitd.sock", "/var/run/buildkit/buildkitd.sock",
	"/var/lib/kubelet/pod-resources/kubelet.sock", NULL,
};

static const char *const helpers[] = {
	"kernel.core_pattern", "kernel.modprobe", "kernel.hotplug", "kernel.poweroff_cmd",
	"kernel.usermodehelper.bset", "kernel.usermodehelper.inheritable", NULL,
};

static const struct param patched[] = {
	{ "patched", DOC_ARRAY, DOC_STRING,
	  "CVEs that the distribution has mended in this release; none when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "escape.host-root", .at = "mounts[].source", .of = OF_CONTROL, .must = &open_no_way, .words = top,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "with the host's files in reach chroot is all it takes: leave the mount out",
	  .spec = "Pod Security Standards, HostPath Volumes" },
	{ .id = "escape.engine-socket", .at = "mounts[].source", .of = OF_CONTROL, .must = &open_no_way,
	  .words = sockets, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "whoever speaks to the engine starts a privileged container: leave the mount out",
	  .spec = "CIS Docker 5.32" },
	{ .id = "escape.core-pattern", .at = "mounts[].source", .of = OF_CONTROL, .must = &open_no_way, .words = proc,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "the host runs what /proc/sys/kernel/core_pattern names, and /proc/1/root is its root",
	  .spec = "core(5); CVE-2022-0811" },
	{ .id = "escape.uevent-helper", .at = "mounts[].{source,type}", .of = OF_CONTROL,
	  .must = &open_no_writable_way, .words = sys, .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "the host runs what /sys/kernel/uevent_helper names: mount it read-only",
	  .spec = "sysfs(5)" },
	{ .id = "escape.debugfs", .at = "mounts[].{source,type}", .of = OF_CONTROL, .must = &open_no_way,
	  .words = debug, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "debugfs and tracefs write into the running kernel: leave the mount out",
	  .spec = "debugfs, Linux kernel documentation (filesystems/debugfs.rst)" },
	{ .id = "escape.binfmt", .at = "mounts[].{source,type}", .of = OF_CONTROL, .must = &open_no_way,
	  .words = binfmt, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "an interpreter registered there runs whenever the host runs such a file: leave the mount out",
	  .spec = "binfmt_misc, Linux kernel documentation (admin-guide/binfmt-misc.rst)" },
	{ .id = "escape.log-link", .at = "mounts[].source", .of = OF_CONTROL, .must = &open_no_writable_way,
	  .words = logs, .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "the kubelet follows links there and serves any file of the host: mount it read-only",
	  .spec = "CVE-2017-1002101" },
	{ .id = "escape.cron", .at = "mounts[].source", .of = OF_CONTROL, .must = &open_no_writable_way,
	  .words = cron, .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "the host runs what is written there, or lets in who is: mount it read-only", .spec = "crontab(5)" },
	{ .id = "escape.disk", .at = "linux.devices[]", .of = OF_CONTROL, .must = &be_no_disk, .asks = ASK(ASK_NODE),
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "who reads the disk reads every file on it, and debugfs(8) writes them: leave the device out",
	  .spec = "CIS Docker 5.18" },
	{ .id = "escape.mknod", .at = "", .of = OF_CONTROL, .must = &not_make_disks, .asks = WHOSE,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "it makes itself a node of the host's disk: drop the capability, or list the devices",
	  .spec = "mknod(2)" },
	{ .id = "escape.release-agent", .at = "", .of = OF_CONTROL, .must = &not_set_a_release_agent,
	  .asks = WHOSE | ASK(ASK_CGROUP), .severity = SEV_ERROR, .basis = BASIS_POLICY, .fix = "drop the capability",
	  .spec = "cgroups(7); CVE-2022-0492" },
	{ .id = "escape.ptrace", .at = "", .of = OF_CONTROL, .must = &not_trace_the_host, .asks = WHOSE,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "it attaches to a process of the host and becomes it: drop the capability or leave out --pid=host",
	  .spec = "ptrace(2)" },
	{ .id = "escape.shocker", .at = "process", .of = OF_CONTROL, .must = &not_hold_power,
	  .text = "CAP_DAC_READ_SEARCH", .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "open_by_handle_at reaches every file of the host's disk: drop the capability",
	  .spec = "open_by_handle_at(2)" },
	{ .id = "escape.module", .at = "process", .of = OF_CONTROL, .must = &not_hold_power, .text = "CAP_SYS_MODULE",
	  .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "it loads a module of its own into the host's kernel: drop the capability",
	  .spec = "init_module(2)" },
	{ .id = "escape.rawio", .at = "process", .of = OF_CONTROL, .must = &not_hold_power, .text = "CAP_SYS_RAWIO",
	  .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "/dev/mem, ioports and SCSI commands reach memory and disks: drop the capability",
	  .spec = "capabilities(7)" },
	{ .id = "escape.bpf", .at = "process", .of = OF_CONTROL, .must = &not_hold_power, .text = "CAP_BPF",
	  .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "its programs run in the kernel and see every process: drop the capability", .spec = "bpf(2)" },
	{ .id = "escape.helper", .at = "linux.sysctl.*", .of = OF_CONTROL, .must = &set_no_helper, .words = helpers,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_CLASS, .fix = "leave it out",
	  .spec = "CVE-2022-0811" },
	{ .id = "escape.masked-dev", .at = "mounts", .of = OF_CONTROL, .must = &have_a_new_dev, .severity = SEV_ERROR,
	  .basis = BASIS_POLICY,
	  .fix = "in another /dev a link in its place unmasks them, or masks a file of the host",
	  .spec = "CVE-2025-31133" },
	{ .id = "escape.console", .at = "mounts[]", .of = OF_CONTROL, .must = &have_own_terminals,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "without it the terminals are the host's, and its console is bound over them",
	  .spec = "CVE-2025-52565" },
	{ .id = "runtime.min.runc", .at = "", .of = OF_CONTROL, .must = &be_run_by_a_mended, .text = "runc",
	  .params = patched, .severity = SEV_WARNING, .basis = BASIS_POLICY,
	  .fix = "upgrade it, or say in the policy what your distribution has mended (patched)",
	  .spec = "runc security advisories" },
	{ .id = "runtime.min.crun", .at = "", .of = OF_CONTROL, .must = &be_run_by_a_mended, .text = "crun",
	  .params = patched, .severity = SEV_WARNING, .basis = BASIS_POLICY,
	  .fix = "upgrade it, or say in the policy what your distribution has mended (patched)",
	  .spec = "crun security advisories" },
};

const struct rules control_escape_rules = RULES(rows);
