/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document, held against what the delegate says it knows. Where the words after a list name a quirk
 * (runtimes.d), the delegate's silence about those behind it is no statement.
 */
#include "validate/rule/predicates.h"
#include "validate/rule/predicates_feature.h"
#include "validate/rule/tables.h"

#define VERSION "features.md#featuresSpecificationVersion"
#define LINUX "features-linux.md#linuxFeatures"

/* All that came after release 1.0.2, and what some delegate is known to leave out. */
#define NEWER \
	"domainname,mounts[].uidMappings,mounts[].gidMappings,process.scheduler,process.ioPriority," \
	"process.execCPUAffinity,linux.timeOffsets,linux.netDevices,linux.memoryPolicy," \
	"linux.intelRdt.schemata,linux.intelRdt.enableMonitoring," \
	"linux.resources.cpu.burst,linux.resources.cpu.idle,linux.resources.memory.checkBeforeUpdate"
#define NEWER_STILL \
	"linux.intelRdt.enableCMT,linux.intelRdt.enableMBM,linux.resources.unified,linux.seccomp.defaultErrnoRet," \
	"linux.seccomp.listenerPath,linux.seccomp.listenerMetadata,linux.seccomp.syscalls[].errnoRet"
#define OLDER "linux.intelRdt,linux.namespaces[].type,linux.personality,linux.resources.rdma,linux.seccomp.flags"

static const char *const hooks[] = { "hooks", "", NULL };
static const char *const idmap[] = { "linux.mountExtensions.idmap.enabled", "", NULL };
static const char *const namespaces[] = { "linux.namespaces", "time-unlisted", "time", NULL };
static const char *const capabilities[] = { "linux.capabilities", "", NULL };
static const char *const rdma[] = { "linux.cgroup.rdma", "", NULL };
static const char *const seccomp[] = { "linux.seccomp.enabled", "seccomp-unlisted", NULL };
static const char *const actions[] = { "linux.seccomp.actions", "seccomp-unlisted", NULL };
static const char *const operators[] = { "linux.seccomp.operators", "seccomp-unlisted", NULL };
static const char *const archs[] = { "linux.seccomp.archs", "seccomp-unlisted", NULL };
static const char *const known_flags[] = { "linux.seccomp.knownFlags", "seccomp-unlisted", NULL };
static const char *const flags[] = { "linux.seccomp.supportedFlags", "seccomp-unlisted", NULL };
static const char *const apparmor[] = { "linux.apparmor.enabled", "", NULL };
static const char *const selinux[] = { "linux.selinux.enabled", "", NULL };
static const char *const rdt[] = { "linux.intelRdt.enabled", "", NULL };
static const char *const schemata[] = { "linux.intelRdt.schemata", "", NULL };
static const char *const monitoring[] = { "linux.intelRdt.monitoring", "", NULL };
static const char *const modes[] = { "linux.memoryPolicy.modes", "", NULL };
static const char *const mode_flags[] = { "linux.memoryPolicy.flags", "", NULL };
static const char *const devices[] = { "linux.netDevices.enabled", "", NULL };

static const struct rule rows[] = {
	{ .id = "feat.version.min", .at = "ociVersion", .of = OF_HOST, .must = &not_predate,
	  .severity = SEV_WARNING, .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = VERSION },
	{ .id = "feat.version.max", .at = "ociVersion", .of = OF_HOST, .must = &not_outrun,
	  .severity = SEV_WARNING, .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = VERSION },
	/* By what is known of the delegate's version, so an error; the one below goes by what it promises. */
	{ .id = "feat.property-lost", .at = "{" OLDER "," NEWER "}", .of = OF_HOST, .must = &not_be_lost,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .quote = QUOTE_CLASS, .since = SPEC_1_0_0,
	  .fix = "use another delegate, or do without", .spec = "runtime.md#runtimeCreate" },
	{ .id = "feat.property-unknown", .at = "{" NEWER "," NEWER_STILL "}", .of = OF_HOST,
	  .must = &be_within_its_release, .severity = SEV_WARNING, .basis = BASIS_TEXT, .quote = QUOTE_CLASS,
	  .since = SPEC_1_1_0, .spec = VERSION },
	{ .id = "feat.hooks.known",
	  .at = "hooks.{prestart,createRuntime,createContainer,startContainer,poststart,poststop}", .of = OF_HOST,
	  .must = &be_a_listed_name, .words = hooks, .severity = SEV_ERROR, .basis = BASIS_TEXT,
	  .quote = QUOTE_CLASS, .since = SPEC_1_1_0, .spec = "features.md#featuresHooks" },
	{ .id = "feat.mounts.option-known", .at = "mounts[].options[]", .of = OF_HOST, .must = &be_a_listed_option,
	  .words = mount_options, .severity = SEV_WARNING, .basis = BASIS_TEXT, .quote = QUOTE_CLASS,
	  .since = SPEC_1_1_0, .spec = "features.md#featuresMountOptions" },
	{ .id = "feat.mounts.idmap", .at = "mounts[]", .of = OF_HOST, .must = &not_be_mapped, .words = idmap,
	  .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_2_0,
	  .spec = LINUX "MountExtensions" },
	{ .id = "feat.linux.namespaces", .at = "linux.namespaces[].type", .of = OF_HOST, .must = &be_listed,
	  .words = namespaces, .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = LINUX "Namespaces" },
	{ .id = "feat.linux.capabilities",
	  .at = "process.capabilities.{bounding,effective,inheritable,permitted,ambient}[]", .of = OF_HOST,
	  .must = &be_listed, .words = capabilities, .severity = SEV_WARNING, .basis = BASIS_TEXT,
	  .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = LINUX "Capabilities" },
	{ .id = "feat.linux.cgroup.version", .at = "linux.resources", .of = OF_HOST, .must = &suit_cgroup_support,
	  .asks = ASK(ASK_CGROUP), .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = LINUX "Cgroup" },
	{ .id = "feat.linux.cgroup.systemd", .at = "linux.cgroupsPath", .of = OF_HOST,
	  .must = &suit_systemd_support, .asks = ASK(ASK_SELF), .severity = SEV_ERROR, .basis = BASIS_TEXT,
	  .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = LINUX "Cgroup" },
	{ .id = "feat.linux.cgroup.rdma", .at = "linux.resources.rdma", .of = OF_HOST, .must = &be_enabled,
	  .words = rdma, .severity = SEV_WARNING, .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = LINUX "Cgroup" },
	{ .id = "feat.linux.seccomp.enabled", .at = "linux.seccomp", .of = OF_HOST, .must = &be_enabled,
	  .words = seccomp, .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = LINUX "Seccomp" },
	{ .id = "feat.linux.seccomp.actions", .at = "linux.seccomp.{defaultAction,syscalls[].action}",
	  .of = OF_HOST, .must = &be_listed, .words = actions, .severity = SEV_ERROR, .basis = BASIS_TEXT,
	  .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = LINUX "Seccomp" },
	{ .id = "feat.linux.seccomp.operators", .at = "linux.seccomp.syscalls[].args[].op", .of = OF_HOST,
	  .must = &be_listed, .words = operators, .severity = SEV_ERROR, .basis = BASIS_TEXT,
	  .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = LINUX "Seccomp" },
	{ .id = "feat.linux.seccomp.archs", .at = "linux.seccomp.architectures[]", .of = OF_HOST,
	  .must = &be_listed, .words = archs, .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = LINUX "Seccomp" },
	{ .id = "feat.linux.seccomp.known-flags", .at = "linux.seccomp.flags[]", .of = OF_HOST, .must = &be_listed,
	  .words = known_flags, .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = LINUX "Seccomp" },
	{ .id = "feat.linux.seccomp.supported-flags", .at = "linux.seccomp.flags[]", .of = OF_HOST,
	  .must = &be_a_supported_flag, .words = flags, .severity = SEV_ERROR, .basis = BASIS_TEXT,
	  .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = LINUX "Seccomp" },
	{ .id = "feat.linux.apparmor", .at = "process.apparmorProfile", .of = OF_HOST, .must = &be_confined,
	  .words = apparmor, .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = LINUX "Apparmor" },
	{ .id = "feat.linux.selinux", .at = "{process.selinuxLabel,linux.mountLabel}", .of = OF_HOST,
	  .must = &be_enabled, .words = selinux, .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = LINUX "Apparmor" },
	{ .id = "feat.linux.intel-rdt", .at = "linux.intelRdt", .of = OF_HOST, .must = &be_enabled, .words = rdt,
	  .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = LINUX "IntelRdt" },
	{ .id = "feat.linux.intel-rdt.schemata", .at = "linux.intelRdt.schemata", .of = OF_HOST,
	  .must = &be_enabled, .words = schemata, .severity = SEV_ERROR, .basis = BASIS_TEXT,
	  .quote = QUOTE_VALUE, .since = SPEC_1_3_0, .spec = LINUX "IntelRdt" },
	{ .id = "feat.linux.intel-rdt.monitoring", .at = "linux.intelRdt.enableMonitoring", .of = OF_HOST,
	  .must = &be_enabled, .words = monitoring, .severity = SEV_ERROR, .basis = BASIS_TEXT,
	  .quote = QUOTE_VALUE, .since = SPEC_1_3_0, .spec = LINUX "IntelRdt" },
	{ .id = "feat.linux.memory-policy.modes", .at = "linux.memoryPolicy.mode", .of = OF_HOST,
	  .must = &be_listed, .words = modes, .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE,
	  .since = SPEC_1_3_0, .spec = LINUX "MemoryPolicy" },
	{ .id = "feat.linux.memory-policy.flags", .at = "linux.memoryPolicy.flags[]", .of = OF_HOST,
	  .must = &be_listed, .words = mode_flags, .severity = SEV_ERROR, .basis = BASIS_TEXT,
	  .quote = QUOTE_VALUE, .since = SPEC_1_3_0, .spec = LINUX "MemoryPolicy" },
	{ .id = "feat.linux.net-devices", .at = "linux.netDevices", .of = OF_HOST, .must = &be_enabled,
	  .words = devices, .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_3_0,
	  .spec = LINUX "NetDevices" },
	{ .id = "feat.annotations.unsafe", .at = "annotations.*", .of = OF_HOST, .must = &be_harmless,
	  .severity = SEV_WARNING, .basis = BASIS_TEXT, .quote = QUOTE_NEVER, .since = SPEC_1_2_0,
	  .spec = "features.md#featuresPotentiallyUnsafeConfigAnnotations" },
};

const struct rules feat_config_rules = RULES(rows);
