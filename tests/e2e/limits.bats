#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# Limits, sysctls and properties that this machine or this delegate cannot give. runvet says so and names the fact; the
# delegate alone fails on the same bundle, or starts it without what was asked for.

# shellcheck disable=SC2154 # status and err are set by vetted and same

load ../lib/e2e

setup() {
	mode=v2
	[[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]] || mode=v1
}

teardown() {
	"$ALONE" delete --force c1 2>/dev/null || :
}

run_it() {
	"$RT" run --bundle /tmp/b c1
}

# denied RULE FACT JQ
denied() {
	bundle_make /tmp/b "$3"
	vetted run_it
	is "$status" 1
	says "$err" "runvet: *$2*[[]$1]*"
	((${#err} < 512))
	RT=$ALONE capture alone run_it
}

# fails RULE FACT JQ: and the delegate cannot do it.
fails() {
	denied "$@"
	[[ $(<"$E2E/alone.rc") != 0 ]]
}

# drops RULE FACT JQ WITHOUT: and the delegate goes on without it, as what the container prints shows.
drops() {
	denied "$1" "$2" "$3 | .process.args = [\"/bin/sh\", \"-c\", \"$5\"]"
	is "$(<"$E2E/alone.rc")" 0
	says "$(<"$E2E/alone.out")" "$4"
}

lacks() {
	[[ $(runvetctl host --format json | jq --arg c "$1" '.cgroup.controllers | index($c)') == null ]]
}

@test "a controller that the host does not have" {
	local group='.linux.resources.cpu = {"cpus": "0"}' name=cpuset
	[[ $mode == v2 ]] || group='.linux.resources.network = {"classID": 1048577}' name=net_cls
	lacks "$name" || skip "this machine has $name"
	fails host.linux.resources.controller-available "without a controller $name for containers" "$group"
}

@test "files that the host's cgroup version does not have" {
	if [[ $mode == v1 ]]; then
		fails host.linux.resources.unified.v2-only 'this host *v1' '.linux.resources.unified = {"memory.high": "50000000"}'
		! grep -qw hugetlb /sys/fs/cgroup/unified/cgroup.controllers ||
			fails host.linux.resources.controller-available 'is on the v2 mount' \
				'.linux.resources.hugepageLimits = [{"pageSize": "2MB", "limit": 4194304}]'
		fails host.linux.resources.blockio.leaf-weight 'has no file blkio.leaf_weight' '.linux.resources.blockIO = {"leafWeight": 200}'
	else
		fails host.linux.resources.unified.controller 'without a controller nonsense' '.linux.resources.unified = {"nonsense.max": "1"}'
		fails host.linux.resources.network.v1-only 'which has no counterpart for it' \
			'.linux.resources.network = {"classID": 1048577}'
		fails host.linux.resources.memory.v2-unsupported 'crun 1* refuses it' '.linux.resources.memory = {"swappiness": 30}'
	fi
}

@test "sizes, CPUs and disks that there are not" {
	lacks hugetlb || [[ $mode == v1 ]] || fails host.linux.resources.hugepage.size-supported 'this host has huge pages of ' \
		'.linux.resources.hugepageLimits = [{"pageSize": "3MB", "limit": 3145728}]'
	lacks cpuset || fails host.linux.resources.cpu.cpus-exist 'whose cgroups may have' '.linux.resources.cpu = {"cpus": "4000"}'
	lacks blkio || fails host.linux.resources.blockio.device-exists 'on this host 99:9 is no block device' \
		'.linux.resources.blockIO = {"throttleReadBpsDevice": [{"major": 99, "minor": 9, "rate": 1048576}]}'
}

@test "a sysctl that there is not, and one that nobody may write" {
	fails host.linux.sysctl.exists 'has none of that name in new namespaces' '.linux.sysctl = {"net.ipv4.nope": "1"}'
	[[ ! -e /proc/sys/net/netfilter/nf_conntrack_max ]] ||
		fails host.linux.sysctl.writable 'lets nobody write it' '.linux.sysctl = {"net.netfilter.nf_conntrack_max": "512"}'
}

@test "a sysctl of the host's own network: runc refuses it, crun would write it" {
	bundle_make /tmp/b '(.linux.namespaces[] | select(.type == "network")).path = "/proc/1/ns/net"
		| .linux.sysctl = {"net.ipv4.ip_forward": "1"}'
	same run_it || is "$(<"$E2E/alone.rc")" 1
	if [[ $DELEGATE == runc ]]; then
		says "$err" "runvet: *is this host's own*[[]host.linux.sysctl.host-netns]*"
	else
		is "$status" 0
	fi
}

@test "a filter of the other byte order" {
	[[ $(uname -m) == x86_64 ]] || skip 'this machine may have that one'
	fails host.linux.seccomp.arch-native 'this host is SCMP_ARCH_X86_64' '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW",
		"architectures": ["SCMP_ARCH_S390X"], "syscalls": [{"names": ["swapon"], "action": "SCMP_ACT_ERRNO"}]}'
}

@test "a listener that is not there" {
	fails host.linux.seccomp.listener-socket 'there is nothing at that path' '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW",
		"listenerPath": "/run/no.sock", "syscalls": [{"names": ["swapon"], "action": "SCMP_ACT_NOTIFY"}]}'
}

@test "cache classes without resctrl are dropped or fail" {
	! grep -q ' resctrl ' /proc/mounts || skip 'this machine has resctrl'
	denied host.linux.intel-rdt.resctrl 'no resctrl file system' '.linux.intelRdt = {"closID": "a", "l3CacheSchema": "L3:0=f"}'
	says "$(<"$E2E/alone.rc") $(<"$E2E/alone.out")" '@(1 |0 hi)'
}

# What it lacks it fails on, or leaves out without a word.
@test "what this delegate does not know" {
	case $("$ALONE" --version) in
	'runc version 1.1.'*)
		fails feat.linux.namespaces 'says of linux.namespaces: ' '.linux.namespaces += [{"type": "time"}]'
		drops feat.property-lost 'leaves it out without a word' '.domainname = "example.org"' '(none)' \
			'cat /proc/sys/kernel/domainname'
		drops feat.property-lost 'leaves it out without a word' '.linux.personality = {"domain": "LINUX32"}' 00000000 \
			'cat /proc/self/personality'
		drops feat.property-lost 'leaves it out without a word' '.mounts += [{"destination": "/tmp", "source": "/etc", "type": "bind",
			"options": ["rbind"], "uidMappings": [{"containerID": 0, "hostID": 1000, "size": 10}],
			"gidMappings": [{"containerID": 0, "hostID": 1000, "size": 10}]}]' '* 0 * 0 *' 'ls -ldn /tmp'
		;;
	'crun version 1.'[0-8].*)
		fails feat.property-lost 'refuses it, as all before 1.8.4' '.linux.namespaces += [{"type": "time"}]'
		denied feat.property-lost 'leaves it out without a word' '.process.ioPriority = {"class": "IOPRIO_CLASS_IDLE", "priority": 7}'
		is "$(<"$E2E/alone.out")" hi
		;;
	*) skip 'this one knows more' ;;
	esac
}
