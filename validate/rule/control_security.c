/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: what holds the container beside its capabilities. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

static const struct param engines[] = {
	{ "engines", DOC_ARRAY, DOC_STRING,
	  "engines that always write one, so that leaving it out is a choice; all when it is not set" },
	{ 0 },
};

static const struct param notify[] = {
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of the listeners' sockets; none when it is not set" },
	{ 0 },
};

static const struct param risky[] = {
	{ "deny", DOC_ARRAY, DOC_STRING,
	  "system calls that may not pass unconditionally; those that reach far into the kernel when it is not set" },
	{ "allow", DOC_ARRAY, DOC_STRING, "system calls of that list that may; none when it is not set" },
	{ 0 },
};

static const struct param apparmor[] = {
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of profiles that may be had; every loaded one when it is not set" },
	{ "engines", DOC_ARRAY, DOC_STRING,
	  "engines that always write one, so that leaving it out is a choice; all when it is not set" },
	{ 0 },
};

static const struct param selinux[] = {
	{ "types", DOC_ARRAY, DOC_STRING,
	  "types that may be had; container_t, container_init_t and container_kvm_t when it is not set" },
	{ "categories", DOC_BOOL, 0, "whether the label has to have categories of its own; false" },
	{ "engines", DOC_ARRAY, DOC_STRING,
	  "engines that always write one, so that leaving it out is a choice; all when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "seccomp.present", .at = "", .of = OF_CONTROL, .must = &have_a_filter, .params = engines,
	  .asks = ASK(ASK_SECCOMP), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "leave out --security-opt seccomp=unconfined (seccompProfile: RuntimeDefault)",
	  .spec = "Pod Security Standards, Seccomp; CIS Docker 5.22; CIS Kubernetes 5.7.2" },
	{ .id = "seccomp.notify", .at = "linux.seccomp.listenerPath", .of = OF_CONTROL,
	  .must = &be_a_trusted_listener, .asks = ASK(ASK_LISTENER), .params = notify, .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave out the listener, or name its socket in the policy", .spec = "seccomp_unotify(2)" },
	{ .id = "seccomp.risky", .at = "linux.seccomp.{defaultAction,syscalls[].names[]}", .of = OF_CONTROL,
	  .must = &not_let_risky_pass, .params = risky, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "take the engine's own profile, or refuse the call in this one",
	  .spec = "seccomp(2); CVE-2022-0185" },
	{ .id = "apparmor", .at = "process", .of = OF_CONTROL, .must = &have_a_profile, .params = apparmor,
	  .asks = ASK(ASK_LSM) | ASK(ASK_APPARMOR_PROFILES), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "leave the profile to the engine (no --security-opt apparmor=unconfined)",
	  .spec = "Pod Security Standards, AppArmor; CIS Docker 5.2" },
	{ .id = "selinux", .at = "process", .of = OF_CONTROL, .must = &have_a_domain, .params = selinux,
	  .asks = ASK(ASK_LSM), .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave the label to the engine (no --security-opt label=disable)",
	  .spec = "Pod Security Standards, SELinux; CIS Docker 5.3" },
};

const struct rules control_security_rules = RULES(rows);
