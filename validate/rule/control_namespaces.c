/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: whose processes, network, names, mounts and clocks the container sees. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

#define PSS_HOST "Pod Security Standards, Host Namespaces"
#define WHOSE (ASK(ASK_NAMESPACES) | ASK(ASK_SELF))

static const struct param allow_paths[] = {
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of the paths that may be joined; none when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "ns.host.pid", .at = "", .of = OF_CONTROL, .must = &have_own_namespace, .text = "pid", .asks = WHOSE,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "it sees and signals the host's processes: leave out --pid=host (hostPID)",
	  .spec = PSS_HOST "; CIS Docker 5.16; CIS Kubernetes 5.2.3" },
	{ .id = "ns.host.net", .at = "", .of = OF_CONTROL, .must = &have_own_namespace, .text = "network",
	  .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "it reaches the host's abstract sockets and loopback: leave out --network=host (hostNetwork)",
	  .spec = PSS_HOST "; CIS Docker 5.10; CIS Kubernetes 5.2.5; CVE-2020-15257" },
	{ .id = "ns.host.ipc", .at = "", .of = OF_CONTROL, .must = &have_own_namespace, .text = "ipc", .asks = WHOSE,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "it reads the host's shared memory: leave out --ipc=host (hostIPC)",
	  .spec = PSS_HOST "; CIS Docker 5.17; CIS Kubernetes 5.2.4" },
	{ .id = "ns.host.uts", .at = "", .of = OF_CONTROL, .must = &have_own_namespace, .text = "uts", .asks = WHOSE,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .fix = "leave out --uts=host", .spec = "CIS Docker 5.21" },
	{ .id = "ns.host.cgroup", .at = "", .of = OF_CONTROL, .must = &have_own_namespace, .text = "cgroup",
	  .asks = WHOSE | ASK(ASK_CGROUP), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "leave out --cgroupns=host", .spec = "cgroup_namespaces(7)" },
	{ .id = "ns.host.mnt", .at = "", .of = OF_CONTROL, .must = &have_own_namespace, .text = "mount",
	  .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY, .fix = "without one its mounts are the host's",
	  .spec = "mount_namespaces(7)" },
	{ .id = "ns.host.user", .at = "", .of = OF_CONTROL, .must = &have_own_namespace, .text = "user",
	  .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "let the engine remap users (userns-remap, hostUsers: false)",
	  .spec = "user_namespaces(7); CIS Docker 5.31" },
	{ .id = "ns.host.time", .at = "", .of = OF_CONTROL, .must = &have_own_namespace, .text = "time",
	  .asks = WHOSE, .severity = SEV_ERROR, .basis = BASIS_POLICY, .spec = "time_namespaces(7)" },
	{ .id = "ns.join.foreign", .at = "linux.namespaces[]", .of = OF_CONTROL, .must = &join_what_is_allowed,
	  .params = allow_paths, .asks = WHOSE | ASK(ASK_NAMESPACE), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "give the container a namespace of its own, or name the path in the policy",
	  .spec = "config-linux.md#namespaces" },
	{ .id = "userns", .at = "", .of = OF_CONTROL, .must = &map_root_away, .asks = WHOSE, .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .fix = "let the engine remap users (userns-remap, --userns=auto, hostUsers: false)",
	  .spec = "user_namespaces(7); Kubernetes user namespaces; CIS Docker 2.9" },
};

const struct rules control_namespaces_rules = RULES(rows);
