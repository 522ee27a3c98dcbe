/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Controls: what makes a container the same twice, as far as its configuration can. A container that differs silently
 * from the last one is worse for an experiment than one that is refused. docs/deterministic.md says what is left over.
 */
#include "validate/rule/predicates_control.h"
#include "validate/rule/predicates_det.h"
#include "validate/rule/tables.h"

#define CONTROL .of = OF_CONTROL, .basis = BASIS_POLICY, .severity = SEV_ERROR
#define NOTE .of = OF_CONTROL, .basis = BASIS_POLICY, .severity = SEV_INFO

static const struct param image[] = {
	{ "pin", DOC_ARRAY, DOC_STRING, "digests, or names with one (NAME@sha256:HEX); any digest when it is not set" },
	{ "known", DOC_BOOL, 0, "whether a container of no known image is refused; false" },
	{ 0 },
};

static const struct param mounts[] = {
	{ "outputs", DOC_ARRAY, DOC_STRING, "patterns of destinations that may be written; none when it is not set" },
	{ "inputs", DOC_ARRAY, DOC_STRING,
	  "patterns of destinations of inputs; whatever cannot be written when it is not set" },
	{ 0 },
};

static const struct param required[] = {
	{ "defaults", DOC_BOOL, 0, "whether the variables that runvet knows are held to their values; true" },
	{ "groups", DOC_ARRAY, DOC_STRING,
	  "of those, the groups that have to be set: base, python, threads, mkl, gpu, nccl, tensorflow, jax, "
	  "tokenizers; the first three, and gpu where there is one, when it is not set" },
	{ "equal", DOC_OBJECT, DOC_STRING, "variables and what they have to be" },
	{ "present", DOC_ARRAY, DOC_STRING, "variables that have to be set, such as a seed" },
	{ 0 },
};

static const struct param forbidden[] = {
	{ "also", DOC_ARRAY, DOC_STRING, "patterns of further names" },
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of names that may be there all the same" },
	{ 0 },
};

static const struct param cpu[] = {
	{ "count", DOC_INT, 0, "how many CPUs; any number when it is not set" },
	{ "nodes", DOC_INT, 0, "memory nodes at most; 1" },
	{ "quota", DOC_INT, 0, "the quota in microseconds; none when it is not set" },
	{ "scheduler", DOC_STRING, 0, "the policy, such as SCHED_OTHER; any when it is not set" },
	{ 0 },
};

static const struct param isa[] = {
	{ "model", DOC_ARRAY, DOC_STRING, "patterns of the processor's model; any when it is not set" },
	{ "flags", DOC_ARRAY, DOC_STRING, "flags that it has to have, such as avx2" },
	{ "without", DOC_ARRAY, DOC_STRING, "flags that it must not have, such as avx512f" },
	{ 0 },
};

static const struct param memory[] = {
	{ "hugePages", DOC_BOOL, 0, "whether hugepageLimits have to be there; false" },
	{ "thp", DOC_ARRAY, DOC_STRING, "how the host may give transparent huge pages: always, madvise, never; any" },
	{ 0 },
};

static const struct param apart[] = {
	{ "hostname", DOC_STRING, 0, "the hostname; any but the container's id when it is not set" },
	{ "joined", DOC_ARRAY, DOC_STRING, "types of namespaces (ipc, pid, uts) that may be another's" },
	{ "time", DOC_BOOL, 0, "whether it needs a time namespace with offsets; false" },
	{ 0 },
};

static const struct param network[] = {
	{ "networks", DOC_ARRAY, DOC_STRING, "patterns of network namespaces that may be joined; none" },
	{ "devices", DOC_BOOL, 0, "whether interfaces of the host may be moved into it; false" },
	{ 0 },
};

static const struct param user[] = {
	{ "uid", DOC_INT, 0, "the user; any when it is not set" },
	{ "gid", DOC_INT, 0, "the group; any when it is not set" },
	{ "umask", DOC_INT, 0, "the umask, as the number it is (022 is 18); any that is set when it is not set" },
	{ "groups", DOC_ARRAY, DOC_INT, "additional groups; any when it is not set" },
	{ 0 },
};

static const struct param devices[] = {
	{ "exact", DOC_ARRAY, DOC_STRING, "patterns of the device paths in it, each of which has to be there; any" },
	{ "cdi", DOC_ARRAY, DOC_STRING, "patterns of qualified names (nvidia.com/gpu=GPU-UUID) of CDI; any but all" },
	{ 0 },
};

static const struct param sysctls[] = {
	{ "pin", DOC_OBJECT, DOC_STRING, "sysctls and what they have to be" },
	{ "only", DOC_BOOL, 0, "whether there may be no others; false" },
	{ 0 },
};

static const struct param host[] = {
	{ "pin", DOC_OBJECT, 0,
	  "facts of the host document by their path (tuning.thp, kernel.release), delegate.version, and what they have "
	  "to be" },
	{ 0 },
};

static const struct param realtime[] = {
	{ "required", DOC_BOOL, 0, "whether process.scheduler has to be set; false: the program asks for it itself" },
	{ "policies", DOC_ARRAY, DOC_STRING, "policies; SCHED_FIFO, SCHED_RR and SCHED_DEADLINE" },
	{ "least", DOC_INT, 0, "the lowest priority; 1" },
	{ "most", DOC_INT, 0, "the highest priority; 98: the kernel's own threads are above it" },
	{ "memlock", DOC_INT, 0, "bytes that RLIMIT_MEMLOCK lets it lock; without a limit when it is not set" },
	{ "kernel", DOC_BOOL, 0, "whether the host's kernel has to be PREEMPT_RT; false" },
	{ "isolated", DOC_BOOL, 0, "whether its CPUs have to be isolated (isolcpus) on the host; false" },
	{ 0 },
};

#define ASK_WHAT_COUNTS \
	(ASK(ASK_KERNEL) | ASK(ASK_HARDWARE) | ASK(ASK_TUNING) | ASK(ASK_GPU) | ASK(ASK_CGROUP) | ASK(ASK_CPUS))

static const struct rule rows[] = {
	{ .id = "det.image.digest", .at = "", CONTROL, .must = &be_the_pinned_image, .params = image,
	  .fix = "start it as NAME@sha256:DIGEST, and pin that digest", .spec = "image-spec descriptor.md#digests" },
	{ .id = "det.root.ro", .at = "root", CONTROL, .must = &set_to_true, .text = "readonly",
	  .fix = "start it with --read-only", .spec = "config.md#root" },
	{ .id = "det.mounts.rw", .at = "mounts[]", CONTROL, .must = &write_only_outputs, .params = mounts,
	  .asks = ASK(ASK_SOURCE), .quote = QUOTE_VALUE, .fix = "mount it ro (rro), or declare it in outputs",
	  .spec = "config.md#mounts" },
	{ .id = "det.env.required", .at = "process", CONTROL, .must = &set_what_is_required, .params = required,
	  .fix = "set them with --env", .spec = "docs/deterministic.md" },
	{ .id = "det.env.forbidden", .at = "process.env[]", CONTROL, .must = &carry_nothing_by_chance,
	  .params = forbidden, .fix = "leave the variable out", .spec = "docs/deterministic.md" },
	{ .id = "det.cpu", .at = "", CONTROL, .must = &have_fixed_cpus, .params = cpu,
	  .asks = ASK(ASK_HARDWARE) | ASK(ASK_CPUS), .fix = "start it with --cpuset-cpus and --cpuset-mems",
	  .spec = "config-linux.md#cpu" },
	{ .id = "det.cpu.isa", .at = "", CONTROL, .must = &run_on_the_pinned_cpu, .params = isa,
	  .asks = ASK(ASK_HARDWARE), .fix = "run it on such a host", .spec = "proc_cpuinfo(5)" },
	{ .id = "det.mem", .at = "", CONTROL, .must = &have_fixed_memory, .params = memory, .asks = ASK(ASK_TUNING),
	  .fix = "start it with --memory and --memory-swap of the same size", .spec = "config-linux.md#memory" },
	{ .id = "det.ns", .at = "", CONTROL, .must = &be_alone, .params = apart, .fix = "start it with --hostname",
	  .spec = "config-linux.md#namespaces" },
	{ .id = "det.ns.net", .at = "", CONTROL, .must = &have_no_peer, .params = network,
	  .fix = "start it with --network none", .spec = "config-linux.md#namespaces" },
	{ .id = "det.personality", .at = "", CONTROL, .must = &have_fixed_addresses, .asks = ASK(ASK_TUNING),
	  .fix = "let it start as setarch -R PROGRAM", .spec = "config-linux.md#personality" },
	{ .id = "det.user", .at = "", CONTROL, .must = &have_a_fixed_user, .params = user,
	  .fix = "start it with --user and --umask", .spec = "config.md#posix-platform-user" },
	{ .id = "det.devices", .at = "", CONTROL, .must = &name_its_devices, .params = devices,
	  .fix = "name each device by its UUID (--device nvidia.com/gpu=UUID)",
	  .spec = "Container Device Interface, SPEC.md" },
	{ .id = "det.sysctl", .at = "", CONTROL, .must = &have_the_pinned_sysctls, .params = sysctls,
	  .fix = "set it with --sysctl", .spec = "config-linux.md#sysctl" },
	{ .id = "det.host.pin", .at = "", CONTROL, .must = &run_on_the_pinned_host, .params = host,
	  .asks = ASK_WHAT_COUNTS, .fix = "run it on such a host", .spec = "runvet-host(5)" },
	{ .id = "det.realtime", .at = "", CONTROL, .must = &run_in_real_time, .params = realtime,
	  .asks = ASK(ASK_HARDWARE) | ASK(ASK_TUNING) | ASK(ASK_SCHEDULER),
	  .fix = "start it with --ulimit rtprio, --ulimit memlock and process.scheduler", .spec = "sched(7)" },
	{ .id = "det.host.record", .at = "", NOTE, .must = &be_recorded, .asks = ASK_WHAT_COUNTS,
	  .spec = "docs/deterministic.md" },
	{ .id = "det.random", .at = "", NOTE, .must = &be_out_of_reach, .text = "source of random numbers",
	  .fix = "seed the program, and have it read no other", .spec = "getrandom(2)" },
	{ .id = "det.seccomp.vdso", .at = "", NOTE, .must = &be_out_of_reach, .text = "clock",
	  .fix = "give the program its time as an input", .spec = "vdso(7)" },
};

const struct rules control_det_rules = RULES(rows);
