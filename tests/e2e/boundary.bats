#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# bare: yes
# runvetctl boundary on containers of the real runtimes, which runvet had no part in: created, running, in whatever state
# a process can be that must not be waited for.

# shellcheck disable=SC2154 # variables that bats sets
load ../lib/e2e

CTL=$RUNVET_BUILD/ctl/runvetctl
SLEEPS='.process.args = ["/bin/sleep", "1000"]'

teardown() {
	thaw || :
	"$ALONE" delete --force c1 2>/dev/null || :
}

# created JQ: a container c1 that waits for start; $pid is its first process.
created() {
	bundle_make /tmp/b "$SLEEPS | del(.mounts[] | select(.type == \"cgroup\")) | .process.capabilities.ambient = [] | ${1:-.}"
	"$ALONE" create --bundle /tmp/b --pid-file /tmp/pid c1 </dev/null >/tmp/log 2>&1 || { cat /tmp/log; return 1; }
	pid=$(</tmp/pid)
}

running() {
	created .
	"$ALONE" start c1
	wait_for 5 grep -q '^Name:.*sleep' "/proc/$pid/status"
}

# real FIELD: what it has of a field, by the JSON; mark FIELD: how that compares.
look() {
	timeout 60 "$CTL" boundary --format json "${@:-c1}" >"$BATS_TEST_TMPDIR/json" || (($? == 1))
}
real() { jq -r --arg f "$1" '.fields[] | select(.field == $f) | .real' "$BATS_TEST_TMPDIR/json"; }
mark() { jq -r --arg f "$1" '.fields[] | select(.field == $f) | .mark' "$BATS_TEST_TMPDIR/json"; }
got() { jq -rc "$1" "$BATS_TEST_TMPDIR/json"; }

freezer() { # the file that holds the container, and what to write
	if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
		echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")/cgroup.freeze 1 0"
	else
		echo "/sys/fs/cgroup/freezer$(sed -n 's/^[0-9]*:freezer://p' "/proc/$pid/cgroup")/freezer.state FROZEN THAWED"
	fi
}

thaw() {
	local file on off
	[[ ${pid:-} && -e /proc/$pid ]] || return 0
	kill -CONT "$pid" 2>/dev/null
	read -r file on off < <(freezer)
	[[ ! -e $file ]] || echo "$off" >"$file"
}

@test "a created container has what was declared, and the same one that runs" {
	created '.hostname = "box" | .process.user = { "uid": 33, "gid": 34, "additionalGids": [5, 6], "umask": 63 }
		| .process.oomScoreAdj = 500 | .linux.devices = [{ "path": "/dev/fuse2", "type": "c", "major": 10, "minor": 229,
			"fileMode": 384, "uid": 33, "gid": 0 }]
		| .process.rlimits = [{ "type": "RLIMIT_NOFILE", "soft": 100, "hard": 200 }]'
	run -0 "$CTL" boundary c1
	[[ $output == *"process $pid, created"* && $output == *'Nothing differs from what was declared.' ]]
	[[ $(awk 'length > 80' <<<"$output") == '' ]]
	look
	is "$(got .differs)" false
	is "$(got '.boundary | .created, .process.uid, .process.gid, .process.additionalGids, .process.umask')" $'true\n33\n34\n[5,6]\n63'
	is "$(got .boundary.process.oomScoreAdj)" 500
	is "$(got '.boundary.process.rlimits.RLIMIT_NOFILE | .soft, .hard')" $'100\n200'
	is "$(got '.boundary.devices["/linux/devices/0"] | .kind, .type, .major, .minor, .mode, .uid')" $'device\nc\n10\n229\n384\n33'
	is "$(real hostname)" box
	is "$(real root.readonly)" yes
	is "$(got '.boundary.namespaces | .user.ours, .time.ours, .pid.ours, .mount.hosts')" $'true\ntrue\nfalse\nfalse'
	is "$(got '[.boundary.maskedPaths[] | select(. == "open")] | length')" 0
	"$ALONE" start c1
	wait_for 5 grep -q '^Name:.*sleep' "/proc/$pid/status"
	run -0 "$CTL" boundary c
	look
	is "$(got '.boundary.created, .container.state')" $'false\nrunning'
	is "$(got .boundary.process.capabilities.effective)" '[]' # of a user that is not root
}

@test "what differs is marked, told in words, and the exit status says so" {
	running
	cp -r /tmp/b /tmp/other
	jq '.process.capabilities.bounding -= ["CAP_KILL"] | .mounts += [{ "destination": "/none", "type": "tmpfs" }]
		| .linux.maskedPaths += ["/proc/version"] | .hostname = "other"' /tmp/b/config.json >/tmp/other/config.json
	run -1 "$CTL" boundary c1 --bundle /tmp/other
	[[ $output == *'CAP_KILL'* && $output == *'boundary.mounts.there'* && $output == *'boundary.linux.masked-paths'* ]]
	[[ $output == *' differences.'* ]]
	look --pid "$pid" --bundle /tmp/other
	is "$(mark bounding)" differs
	is "$(mark 'mounts /none')" differs
	is "$(real 'mounts /none')" none
	is "$(mark 'maskedPaths /proc/version')" differs
	is "$(real 'maskedPaths /proc/version')" open
	is "$(mark process.noNewPrivileges)" same
}

@test "a filter that is set last is not missed before, and seen after" {
	created '.linux.seccomp = { "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
		"syscalls": [{ "names": ["swapon"], "action": "SCMP_ACT_ERRNO" }] }'
	look
	is "$(got .differs)" false
	"$ALONE" start c1
	wait_for 5 grep -q '^Name:.*sleep' "/proc/$pid/status"
	look
	is "$(real linux.seccomp)" filter
}

@test "ids are told as the container sees them" {
	created '.linux.namespaces += [{ "type": "user" }]
		| .linux.uidMappings = [{ "containerID": 0, "hostID": 100000, "size": 65536 }]
		| .linux.gidMappings = [{ "containerID": 0, "hostID": 200000, "size": 65536 }]
		| .process.user = { "uid": 33, "gid": 34, "additionalGids": [5] } | del(.mounts[] | select(.destination == "/sys"))'
	look
	is "$(got .differs)" false
	is "$(got '.boundary.process | .uid, .hostUid, .gid, .hostGid')" $'33\n100033\n34\n200034'
	is "$(got '.boundary | .uidMap, .process.additionalGids')" $'[[0,100000,65536]]\n[5]'
	is "$(got .boundary.namespaces.user.ours)" false
	is "$(mark linux.uidMappings)" same
}

@test "limits are those of its cgroup" {
	if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
		grep -q hugetlb /sys/fs/cgroup/cgroup.controllers || skip 'this machine has no controller to try'
		created '.linux.resources.hugepageLimits = [{ "pageSize": "2MB", "limit": 4194304 }]'
		look
		is "$(real linux.resources.hugepageLimits.2MB)" 4194304
	else
		created '.linux.resources.memory = { "limit": 67108864 } | .linux.resources.pids = { "limit": 77 }
			| .linux.resources.cpu = { "shares": 512, "quota": 50000, "period": 100000 }'
		look
		is "$(real linux.resources.memory.limit)" 67108864
		is "$(real linux.resources.pids.limit)" 77
		is "$(real linux.resources.cpu.shares)" 512
		is "$(real linux.resources.cpu.quota)" 50000
		[[ $(got '.boundary.cgroup.devices[]') == *'c 1:3 rwm'* ]]
	fi
	is "$(got .differs)" false
}

@test "a sysctl is read inside" {
	created '.linux.sysctl = { "net.ipv4.ping_group_range": "0 5", "kernel.msgmax": "8201" }'
	look
	is "$(real 'sysctl net.ipv4.ping_group_range')" '0 5'
	is "$(real 'sysctl kernel.msgmax')" 8201
	[[ $(</proc/sys/kernel/msgmax) != 8201 ]]
	is "$(got .differs)" false
}

@test "a namespace that was joined by its path" {
	created
	cp /tmp/pid /tmp/first
	jq --arg p "/proc/$pid/ns/net" '(.linux.namespaces[] | select(.type == "network")).path = $p' /tmp/b/config.json >/tmp/new
	mv /tmp/new /tmp/b/config.json
	"$ALONE" create --bundle /tmp/b --pid-file /tmp/pid c2 </dev/null >/tmp/log 2>&1
	look c2
	is "$(got .boundary.namespaces.network.asked)" true
	is "$(got .differs)" false
	sed -i "s,/proc/$pid/ns/net,/proc/1/ns/net," /tmp/b/config.json
	look c2
	"$ALONE" delete --force c2
	is "$(got .boundary.namespaces.network.asked)" false
	is "$(mark 'linux.namespaces network')" differs
}

@test "a process that is stopped, or frozen, is looked at without waiting" {
	running
	kill -STOP "$pid"
	look
	is "$(got .differs)" false
	kill -CONT "$pid"
	read -r file on off < <(freezer)
	[[ -e $file ]] || skip 'no freezer here'
	echo "$on" >"$file"
	look
	is "$(got .differs)" false
	echo "$off" >"$file"
}

@test "what has ended, is hidden, or never was is said in a line" {
	running
	cp -r /tmp/b /tmp/kept
	kill -KILL "$pid"
	wait_for 5 gone "$pid"
	run -2 "$CTL" boundary c1
	[[ $output == 'runvetctl: c1 has stopped: there is nothing to be seen of it' ]]
	run -2 "$CTL" boundary --pid 4194303 --bundle /tmp/kept
	[[ $output == 'runvetctl: process 4194303 cannot be seen: it has ended, or may not be looked at' ]]
	run -2 "$CTL" boundary nobody
	[[ $output == 'runvetctl: nobody: no container here is called so, nor has an id that begins so' ]]
	run -2 "$CTL" boundary
	run -2 "$CTL" boundary --pid x --bundle /tmp/kept
	[[ $output == 'runvetctl: --pid takes the number of a process, got x'* ]]
	run -2 "$CTL" boundary --pid 1
	run -2 "$CTL" boundary c1 c2
}

@test "a /proc that hides processes hides this one, and nothing more" {
	running
	mount -o remount,hidepid=2 /proc
	run -2 setpriv --reuid 65534 --regid 65534 --clear-groups "$CTL" boundary --pid "$pid" --bundle /tmp/b
	mount -o remount,hidepid=0 /proc
	[[ $output == "runvetctl: process $pid cannot be seen"* ]]
}
