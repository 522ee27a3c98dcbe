/* SPDX-License-Identifier: Apache-2.0 */
/* What is filtered, tuned and labelled, held against the kernel of the host. */
#include "validate/rule/predicates_cgroup.h"
#include "validate/rule/tables.h"

static const char *const crun[] = { "crun", NULL };
static const char *const careful[] = { "runc", "youki", NULL };

static const struct rule rows[] = {
	{ .id = "host.linux.seccomp.enabled", .at = "linux.seccomp", .of = OF_HOST, .must = &have_filters,
	  .asks = ASK(ASK_SECCOMP), .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxSeccomp" },
	{ .id = "host.linux.seccomp.action-available",
	  .at = "linux.seccomp.{defaultAction,syscalls[].action}", .of = OF_HOST, .must = &be_an_action_here,
	  .asks = ASK(ASK_SECCOMP), .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxSeccomp" },
	{ .id = "host.linux.seccomp.flag-available", .at = "linux.seccomp.flags[]", .of = OF_HOST,
	  .must = &be_a_flag_here, .asks = ASK(ASK_SECCOMP), .severity = SEV_ERROR, .basis = BASIS_KERNEL,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_2, .spec = "config-linux.md#configLinuxSeccomp" },
	{ .id = "host.linux.seccomp.arch-native", .at = "linux.seccomp.architectures[]", .of = OF_HOST,
	  .must = &share_byte_order, .asks = ASK(ASK_SECCOMP), .severity = SEV_ERROR, .basis = BASIS_KERNEL,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxSeccomp" },
	{ .id = "host.linux.seccomp.listener-socket", .at = "linux.seccomp.listenerPath", .of = OF_HOST,
	  .must = &name_a_socket, .words = crun, .asks = ASK(ASK_LISTENER), .severity = SEV_ERROR,
	  .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config-linux.md#configLinuxSeccomp" },
	{ .id = "host.linux.sysctl.host-netns", .at = "linux.sysctl", .of = OF_HOST, .must = &spare_the_host,
	  .words = careful, .asks = ASK(ASK_NAMESPACES) | ASK(ASK_SELF), .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .quote = QUOTE_CLASS, .since = SPEC_1_0_0,
	  .fix = "join or make another network namespace", .spec = "config-linux.md#configLinuxSysctl" },
	{ .id = "host.linux.sysctl.exists", .at = "linux.sysctl.*", .of = OF_HOST, .must = &exist_inside,
	  .asks = ASK(ASK_SYSCTL) | ASK(ASK_KERNEL), .severity = SEV_ERROR, .basis = BASIS_KERNEL,
	  .quote = QUOTE_CLASS, .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxSysctl" },
	{ .id = "host.linux.sysctl.writable", .at = "linux.sysctl.*", .of = OF_HOST, .must = &be_writable_inside,
	  .asks = ASK(ASK_SYSCTL) | ASK(ASK_KERNEL), .severity = SEV_ERROR, .basis = BASIS_KERNEL,
	  .quote = QUOTE_CLASS, .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxSysctl" },
	/* runc fails, crun leaves the label out [tried: 1.1.5, 1.8.1]. */
	{ .id = "host.linux.mount-label.selinux", .at = "linux.mountLabel", .of = OF_HOST, .must = &need_selinux,
	  .asks = ASK(ASK_LSM), .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxMountLabel" },
};

const struct rules host_seccomp_rules = RULES(rows);
