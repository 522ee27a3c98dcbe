#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# What this machine cannot give: runvet says so, naming the fact, and the delegate alone shows that it was right: it
# fails on the same bundle, or goes on without what was asked for.

load ../lib/e2e

# A machine like many others: root, but without CAP_SYS_RESOURCE.
lesser() {
	setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource -- "$@"
}

# refused RULE FACT: by runvet, in these words.
refused() {
	run lesser "$VETTED" run --bundle /tmp/b "vetted$BATS_TEST_NUMBER"
	[[ $status -eq 1 ]]
	[[ $output == *"[$1]"* ]]
	[[ $output == *"$2"* ]]
	((${#output} < 512))
}

# fails RULE FACT JQ: refused with the rule and the fact, and the delegate alone cannot run it.
fails() {
	bundle_make /tmp/b "$3"
	refused "$1" "$2"
	run lesser "$ALONE" run --bundle /tmp/b "alone$BATS_TEST_NUMBER"
	[[ $status -ne 0 ]]
}

# drops RULE FACT JQ OUTPUT: refused, and the delegate alone runs it, printing what shows the lack.
drops() {
	bundle_make /tmp/b "$3"
	refused "$1" "$2"
	run -0 lesser "$ALONE" run --bundle /tmp/b "alone$BATS_TEST_NUMBER"
	[[ $output == *"$4"* ]]
}

# runs JQ: what the machine does give, runvet lets through, without a word.
runs() {
	bundle_make /tmp/b "$1"
	run -0 lesser "$VETTED" run --bundle /tmp/b "vetted$BATS_TEST_NUMBER"
	[[ $(what <(echo "$output")) == hi ]]
}

teardown() {
	"$ALONE" delete --force "alone$BATS_TEST_NUMBER" 2>/dev/null || :
	"$VETTED" delete --force "vetted$BATS_TEST_NUMBER" 2>/dev/null || :
}

MAPPED='.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
	| .linux.gidMappings = .linux.uidMappings'

@test "a capability outside of the bounding set" {
	fails host.process.capabilities.grantable 'bounding set here lacks CAP_SYS_RESOURCE' \
		'.process.capabilities |= map_values(. + ["CAP_SYS_RESOURCE"])'
}

@test "the same capability comes with a user namespace" {
	runs "$MAPPED"' | .process.capabilities |= (map_values(. + ["CAP_SYS_RESOURCE"]) | del(.ambient))'
}

@test "a capability for the bounding set alone is left out in silence, and let through" {
	runs '.process.capabilities.bounding += ["CAP_SYS_RESOURCE"]'
}

@test "a hard limit above the runtime's own" {
	fails host.process.rlimits.hard-raise 'without CAP_SYS_RESOURCE, and has' \
		'.process.rlimits = [{type: "RLIMIT_NOFILE", hard: 99999999, soft: 1024}]'
}

@test "a file system that the kernel does not have" {
	fails host.mounts.type-known "this host's kernel does not have it" \
		'.mounts += [{destination: "/x", type: "nosuchfs", source: "x"}]'
}

@test "a bind mount of nothing" {
	fails host.mounts.bind-source-exists 'this host has nothing there' \
		'.mounts += [{destination: "/x", type: "bind", source: "/no/such", options: ["bind"]}]'
}

@test "a directory bound on a file" {
	fails host.mounts.bind-kind-match 'this host has a file there' \
		'.mounts += [{destination: "/bin/busybox", type: "bind", source: "/etc", options: ["bind"]}]'
}

@test "proc in a user namespace without a pid namespace" {
	fails host.mounts.sysfs-needs-netns 'the pid namespace of the host' \
		"$MAPPED"' | .linux.namespaces |= map(select(.type != "pid"))'
}

@test "an AppArmor profile where there is no AppArmor" {
	[[ $(cat /sys/module/apparmor/parameters/enabled 2>/dev/null) != Y ]] || skip 'this machine has AppArmor'
	fails host.process.apparmor.enabled 'this host has no AppArmor' '.process.apparmorProfile = "docker-default"'
}

@test "an SELinux label where there is no SELinux" {
	[[ ! -e /sys/fs/selinux/enforce ]] || skip 'this machine has SELinux'
	fails host.process.selinux.enabled 'this host has no SELinux' \
		'.process.selinuxLabel = "system_u:system_r:container_t:s0"'
}

@test "a namespace of another type" {
	fails host.linux.namespaces.path-type 'a namespace of type ipc there' \
		'(.linux.namespaces[] | select(.type == "network")).path = "/proc/1/ns/ipc"'
}

@test "a namespace that is not there" {
	fails host.linux.namespaces.path-exists 'this host has nothing there' \
		'(.linux.namespaces[] | select(.type == "network")).path = "/no/such"'
}

@test "ids that the runtime does not have" {
	fails host.linux.mappings.parent-mapped 'has the user ids 0 to 4294967294' \
		'.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 4294967295, size: 1}]
		| .linux.gidMappings = .linux.uidMappings'
}

@test "a rootfs that is not there" {
	fails host.root.path-directory 'this host has nothing there' '.root.path = "nowhere"'
}

@test "a rootfs that its mapped root may not enter" {
	bundle_make /tmp/b "$MAPPED"
	chmod 700 /tmp/b/rootfs
	refused host.root.path-usable 'is of user 0 with mode 0700'
	run "$ALONE" run --bundle /tmp/b "alone$BATS_TEST_NUMBER"
	[[ $status -ne 0 ]]
}

@test "a working directory that is a file" {
	fails host.process.cwd-exists 'this host has a file there' '.process.cwd = "/bin/busybox"'
}

@test "a score below zero" {
	fails host.process.oom-score-lower 'without CAP_SYS_RESOURCE, at' '.process.oomScoreAdj = -500'
}

@test "a hook that is not there" {
	fails host.hooks.path-resolves 'this host has nothing there' '.hooks.createRuntime = [{path: "/no/such"}]'
}

@test "a hook that may not be run" {
	fails host.hooks.path-resolves 'a file there without the right' '.hooks.createRuntime = [{path: "/etc/passwd"}]'
}

@test "a hook in the container that is not there" {
	fails host.hooks.start-container-path 'this host has nothing there' '.hooks.startContainer = [{path: "/no/such"}]'
}

@test "a device whose place a file has: the delegate leaves it there" {
	drops host.linux.devices.existing-file 'this host has a file there' \
		'.linux.devices = [{path: "/bin/busybox", type: "c", major: 1, minor: 5}]
		| .process.args = ["/bin/ls", "-l", "/bin/busybox"]' '-rwxr-xr-x'
}

@test "a device that can neither be made nor bound" {
	bundle_make /tmp/b '.linux.devices = [{path: "/dev/absent", type: "c", major: 250, minor: 77}]'
	run setpriv --bounding-set=-mknod --inh-caps=-mknod -- "$VETTED" run --bundle /tmp/b "vetted$BATS_TEST_NUMBER"
	[[ $status -eq 1 ]]
	[[ $output == *'without CAP_MKNOD, and this host has nothing there'*'[host.linux.devices.create-permission]'* ]]
	run setpriv --bounding-set=-mknod --inh-caps=-mknod -- "$ALONE" run --bundle /tmp/b "alone$BATS_TEST_NUMBER"
	[[ $status -ne 0 ]]
}

@test "a scheduler that this delegate has never heard of" {
	bundle_make /tmp/b '.process.scheduler = {policy: "SCHED_BATCH"}
		| .process.args = ["/bin/sh", "-c", "cut -d\" \" -f41 /proc/self/stat"]'
	ln -sf busybox /tmp/b/rootfs/bin/cut
	run -0 lesser "$ALONE" run --bundle /tmp/b "alone$BATS_TEST_NUMBER"
	[[ $output == 0 ]] || skip 'this one has'
	refused feat.property-lost 'leaves it out without a word'
}

@test "a symlink on the way to the rootfs: runc refuses it, crun goes along" {
	bundle_make /tmp/b '.root.path = "link"'
	ln -s rootfs /tmp/b/link
	if [[ $DELEGATE == runc ]]; then
		refused host.root.path-not-symlink 'it leads to /tmp/b/rootfs'
		run lesser "$ALONE" run --bundle /tmp/b "alone$BATS_TEST_NUMBER"
		[[ $status -ne 0 ]]
	else
		run -0 lesser "$VETTED" run --bundle /tmp/b "vetted$BATS_TEST_NUMBER"
		[[ $output == hi ]]
	fi
}

@test "a command that is not there is the delegate's to tell of" {
	bundle_make /tmp/b '.process.args = ["/no/such"]'
	run lesser "$ALONE" run --bundle /tmp/b "alone$BATS_TEST_NUMBER"
	[[ $status -ne 0 ]]
	run lesser "$VETTED" run --bundle /tmp/b "vetted$BATS_TEST_NUMBER"
	[[ $status -ne 0 && $output != *runvet* ]]
}

# moved: what is said of the bundle, in a mount namespace of its own, in which where cgroups are was kept, before and after v2 was
# moved onto v1, and when nothing is kept.
moved() {
	local unified=$1
	said() { "$VETTED" create --bundle /tmp/b "vetted$BATS_TEST_NUMBER" 2>&1 | sed 's/; record.*//'; }
	said >/dev/null
	said
	mount --move "$unified" /sys/fs/cgroup
	said
	rm -f /run/runvet/host/facts
	said
}

@test "a cgroup hierarchy that was moved since it was kept" {
	local unified
	unified=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)
	[[ $unified != /sys/fs/cgroup ]] || return 0 # v2 alone: there is none to move there
	bundle_make /tmp/b '.linux.resources.unified = { "none.max": "50" }'
	export -f moved
	export BATS_TEST_NUMBER
	run -0 unshare --mount --propagation private bash -c "moved $unified"
	[[ ${#lines[@]} -eq 3 ]]
	[[ ${lines[0]} == *'this host mixes cgroup v1 and v2'* ]]
	# Where listmount(2) is not known nothing is kept, and this holds as well.
	[[ ${lines[1]} == *'a controller none'* && ${lines[1]} == "${lines[2]}" ]]
}
