#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# takes: 10 s
# sanitized: no, because it is the rows that are tried on real containers; tests/spec judges each of them there
# Did the runtime do what it was told? A stand-in in front of the real one, which leaves out one thing at a time, is found out
# each time; of the real one by itself there is nothing to find, but what it is known to leave out.

# shellcheck disable=SC2154,SC2030,SC2031 # status is set by start, output by run

load ../lib/e2e

B=/tmp/lossy
COUNT=${COUNT:-0} # set by tests/run --long
REAL=$BATS_TEST_DIRNAME/../spec/real

setup() {
	rm -rf /etc/runvet /var/log/runvet $B
	mkdir -p /etc/runvet/runtimes.d $B
	jq '.paths = ["/tmp/lossy/delegate"]' "/usr/share/runvet/runtimes.d/$DELEGATE.json" >"/etc/runvet/runtimes.d/$DELEGATE.json"
	# What create is to be made of is another document, in a bundle of its own.
	cat >$B/delegate <<-EOF
		#!/bin/bash
		words=("\$@")
		if [[ " \$* " == *" create "* && -e $B/edit ]]; then
			for i in "\${!words[@]}"; do
				[[ \${words[i]} != --bundle ]] || bundle=\${words[i + 1]} words[i + 1]=$B/made
			done
			mkdir -p $B/made
			jq --arg bundle "\$bundle" ".root.path = \\\$bundle + \"/rootfs\" | \$(<$B/edit)" "\$bundle/config.json" >$B/made/config.json
		fi
		exec $ALONE "\${words[@]}"
	EOF
	chmod 755 $B/delegate
}

teardown() {
	rm -rf /etc/runvet
	"$ALONE" delete --force c1 2>/dev/null || :
}

# Limits are for cgroup v1 here: v2 has no controllers left. Numbers that none but they have.
asked() {
	local limits='.linux.resources.memory = { limit: 67108864 } | .linux.resources.pids = { limit: 50 } |
		.linux.resources.cpu = { shares: 512, quota: 50000, period: 100000 }'
	[[ $DELEGATE == runc ]] || limits=.
	mkdir -p $B/source
	bundle_make $B/bundle '.process.args = ["/bin/sleep", "300"] | .process.noNewPrivileges = true | .root.readonly = true |
		.process.oomScoreAdj = 500 | .process.user = { uid: 1000, gid: 1000, additionalGids: [10, 27], umask: 63 } |
		.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 512, hard: 1024 }] |
		.process.capabilities = { bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"] } |
		.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_ERRNO" }] } |
		.linux.devices = [{ path: "/dev/demo", type: "c", major: 1, minor: 3, fileMode: 432, uid: 0, gid: 0 }] |
		.linux.sysctl = { "net.ipv4.ip_unprivileged_port_start": "7" } | .hostname = "demo" | .linux.cgroupsPath = "/demo/c1" |
		.mounts += [{ destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["size=1024k", "nosuid"] },
			{ destination: "/mnt", type: "bind", source: "'$B'/source", options: ["rbind", "ro", "nosuid", "rprivate"] }] |
		'"$limits"
	mkdir -p $B/bundle/rootfs/mnt
}

# found: what the last start saw of the boundary, each rule and its place.
found() {
	records 'select(.event.code == "container.boundary") | .violations[] | .rule + " " + .path' -r | sed 's/^boundary\.//' | paste -sd,
}

# starts: creates and starts, and leaves in $seen what was found.
starts() {
	rm -f /var/log/runvet/chain*
	"$VETTED" create --bundle "$1" c1 </dev/null >$B/said 2>&1 || { cat $B/said; return 1; }
	"$VETTED" start c1 >$B/said 2>&1 || { cat $B/said; return 1; }
	seen=$(found)
	"$ALONE" delete --force c1
}

# lossy EDIT RULE PLACE…: with a document that was changed so, that is found, and nothing else.
lossy() {
	local want='' edit=$1
	shift
	while (($#)); do
		want+=${want:+,}"$1 $2"
		shift 2
	done
	echo "$edit" >$B/edit
	starts $B/bundle
	is "$seen" "$want" "$edit"
}

@test "a runtime that leaves out one thing that it was told is found out, and of one that does not there is nothing to find" {
	asked
	lossy .
	lossy '.process.noNewPrivileges = false' process.no-new-privileges /process/noNewPrivileges
	lossy '.process.capabilities.bounding += ["CAP_NET_RAW"]' process.capabilities.bounding /process/capabilities/bounding
	lossy '.process.capabilities.effective = []' process.capabilities.effective-lacking /process/capabilities/effective
	lossy '.process.user.uid = 0' process.user.uid /process/user/uid
	lossy '.process.user.additionalGids += [44]' process.user.groups /process/user/additionalGids
	lossy '.process.user.additionalGids = [10]' process.user.groups-lacking /process/user/additionalGids/1
	lossy 'del(.process.user.umask)' process.user.umask /process/user/umask
	lossy 'del(.process.rlimits)' process.rlimits.higher /process/rlimits/0/hard
	lossy 'del(.process.oomScoreAdj)' process.oom-score.lower /process/oomScoreAdj
}

@test "the same of its root, its mounts and its devices" {
	asked
	lossy '.root.readonly = false' root.readonly /root/readonly
	lossy '.linux.maskedPaths -= ["/proc/timer_list"]' linux.masked-paths "/linux/maskedPaths/$(at '.linux.maskedPaths | index("/proc/timer_list")')"
	lossy '.linux.readonlyPaths -= ["/proc/sys"]' linux.readonly-paths "/linux/readonlyPaths/$(at '.linux.readonlyPaths | index("/proc/sys")')"
	local tmp mnt
	tmp=$(at '.mounts | map(.destination) | index("/tmp")')
	mnt=$(at '.mounts | map(.destination) | index("/mnt")')
	lossy ".mounts |= map(select(.destination != \"/tmp\"))" mounts.there "/mounts/$tmp"
	lossy ".mounts[$mnt].options -= [\"ro\"]" mounts.confined "/mounts/$mnt/options/1"
	lossy ".mounts[$mnt].options -= [\"nosuid\"]" mounts.confined "/mounts/$mnt/options/2"
	lossy ".mounts[$tmp].options -= [\"size=1024k\"]" mounts.data "/mounts/$tmp/options/0"
	# crun makes all private last, unless the root is to be shared.
	[[ $DELEGATE != runc ]] || lossy ".mounts[$mnt].options |= map(if . == \"rprivate\" then \"rshared\" else . end)" mounts.propagation "/mounts/$mnt/options/3"
	lossy '.linux.devices[0].fileMode = 438' linux.devices.mode /linux/devices/0/fileMode
	lossy '.linux.devices[0].minor = 5' linux.devices.node /linux/devices/0
	lossy 'del(.linux.devices)' linux.devices.node /linux/devices/0
}

# at JQ: of the document that was asked for.
at() { jq "$1" $B/bundle/config.json; }

@test "the same of its namespaces, its names and its cgroup" {
	asked
	local type
	for type in ipc pid uts; do
		lossy "del(.hostname) | .linux.namespaces |= map(select(.type != \"$type\"))" \
			linux.namespaces.new "/linux/namespaces/$(at ".linux.namespaces | map(.type) | index(\"$type\")")" hostname /hostname
	done
	lossy 'del(.linux.sysctl)' linux.sysctl /linux/sysctl/net.ipv4.ip_unprivileged_port_start
	lossy '.linux.cgroupsPath = "/other/c1"' linux.cgroups-path /linux/cgroupsPath
	[[ $DELEGATE == runc ]] || return 0
	lossy 'del(.linux.resources.memory)' linux.resources.memory /linux/resources/memory/limit
	lossy 'del(.linux.resources.pids)' linux.resources.pids /linux/resources/pids/limit
	lossy 'del(.linux.resources.cpu.shares)' linux.resources.cpu-other /linux/resources/cpu/shares
	lossy '.linux.resources.cpu.quota = 90000' linux.resources.cpu /linux/resources/cpu/quota
}

# refused_by RULE: create and start; the start is refused for that. Leaves the record's id.
refused_by() {
	"$VETTED" create --bundle $B/bundle c1 </dev/null >$B/said 2>&1
	run -1 "$VETTED" start c1
	says "$output" "*[[]$1]; record *"
	id=${output##* }
	"$ALONE" delete --force c1
}

# beside STATUS DECISION FINDING: creates c1, and this is what runvetctl boundary says of it: in $text, and as JSON in $json.
# Its runtime names the bundle that it was really made of.
beside() {
	"$VETTED" create --bundle $B/bundle c1 </dev/null >$B/said 2>&1
	beside_again "$@"
}

beside_again() {
	run runvetctl boundary --bundle $B/bundle c1
	text=$(tr -s ' \n' ' ' <<<"$output")
	text=${text% }
	is "$status" "$1" "$text"
	run runvetctl boundary --bundle $B/bundle --format json c1
	json=$output
	is "$status $(jq -r .start.decision <<<"$json")" "$1 $2"
	is "$(jq -r '.findings[] | "\(.rule) \(.severity) \(.mode // "") \(.exempt // "") \(.reason // "")"' <<<"$json")" "$3"
}

@test "exempt: of one mount what was left out passes, of another and of anything else it does not" {
	asked
	mkdir -p /etc/runvet/policy.d
	echo '{ "version": 1, "mayRelax": ["50-*"], "profile": "p", "profiles": { "p": { "extends": ["start@1"] } } }' >/etc/runvet/policy.json
	local mnt tmp id
	mnt=$(at '.mounts | map(.destination) | index("/mnt")')
	tmp=$(at '.mounts | map(.destination) | index("/tmp")')
	echo ".mounts[$mnt].options -= [\"ro\"]" >$B/edit
	refused_by boundary.mounts.confined
	runvetctl exempt "$id" --for 30d --owner o --reason r >$B/50-mnt.json || { echo "$id: $output"; return 1; }
	cp $B/50-mnt.json /etc/runvet/policy.d/
	is "$(sed '/^\/\//d' $B/50-mnt.json | jq -r '.exempt[0] | .rules[0] + " " + .values.destination')" 'boundary.mounts.confined /mnt'
	starts $B/bundle
	is "$(records 'select(.event.code == "container.boundary") | .decision + " " + .policy.exempt[0]' -r)" "allow EX-$id"
	beside 0 allow 'boundary.mounts.confined off enforce EX-'"$id"' r'
	says "$text" "*x boundary.mounts.confined mounts*exempt by EX-$id until 20??-??-??: r Nothing*but 1 that is exempt.*[(]p[)] a start of it is: allow.*"
	is "$(jq -r --arg p "/mounts/$mnt" '.fields[] | select(.pointer == $p) | .mark' <<<"$json")" exempt
	rm /etc/runvet/policy.d/50-mnt.json # what was settled holds
	beside_again 0 allow "boundary.mounts.confined off enforce EX-$id "
	says "$text" '*which is not in the policy any more*'
	echo >>$B/bundle/config.json
	beside_again 1 null 'boundary.mounts.confined error   '
	says "$text" '*not what create approved*'
	sed -i '$d' $B/bundle/config.json
	"$ALONE" delete --force c1
	cp $B/50-mnt.json /etc/runvet/policy.d/
	echo ".mounts[$tmp].options -= [\"nosuid\"]" >$B/edit
	refused_by boundary.mounts.confined
	beside 1 deny 'boundary.mounts.confined error enforce  '
	"$ALONE" delete --force c1
	echo '{ "version": 1, "start": { "boundary": "off" } }' >/etc/runvet/policy.d/60-off.json
	sed -i 's/"50-\*"/"*"/' /etc/runvet/policy.json
	beside 0 allow 'boundary.mounts.confined off off  '
	says "$text" '*x boundary.mounts.confined, off*but 1 by rules that are off.*'
	"$ALONE" delete --force c1
	rm /etc/runvet/policy.d/60-off.json
	echo ".mounts[$mnt].options -= [\"ro\"] | .process.noNewPrivileges = false" >$B/edit
	refused_by boundary.process.no-new-privileges
}

@test "what newer documents ask for and this runtime leaves out in silence" {
	asked
	jq '.process.scheduler = { policy: "SCHED_BATCH", nice: 0 } | .process.ioPriority = { class: "IOPRIO_CLASS_IDLE" } |
		.linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "0" } | .linux.personality = { domain: "LINUX32" }' \
		$B/bundle/config.json >$B/new && cp $B/new $B/bundle/config.json
	echo '{ "version": 1, "mode": "audit" }' >/etc/runvet/policy.json
	starts $B/bundle
	local domain=',linux.personality /linux/personality/domain'
	[[ $DELEGATE == runc ]] || domain=''
	is "$seen" "process.scheduler /process/scheduler/policy,process.io-priority /process/ioPriority/class$domain,linux.memory-policy /linux/memoryPolicy/mode"
}

# What this machine has not: engines' sources, namespaces of theirs, limits above its own.
fitting() {
	# shellcheck disable=SC2016 # jq's variables
	jq --argjson own "$own" '.root.path = "rootfs" | .process.terminal = false | .process.cwd = "/" | .process.args = ["/bin/sleep", "300"] | del(.hooks) |
		(.process.capabilities // {}) |= map_values(map(select(. as $c | $own | index($c)))) |
		del(.process.rlimits[]? | select(.hard > 1024 or .hard < 100), .process.apparmorProfile, .process.selinuxLabel, .linux.mountLabel) |
		.linux.namespaces |= map(if .path then .path = ({ "network": "/proc/1/ns/net" }[.type] // "/proc/1/ns/" + .type) else . end) |
		if .linux.namespaces | any(.type == "uts" and (.path | not)) then . else del(.hostname) end |
		.mounts |= map(if (.options // [] | any(. == "bind" or . == "rbind")) and (.source | startswith("/sys") | not)
			then .source = (if .destination | test("^/(etc|run)/") then "'$B'/file" else "'$B'/source" end) else . end) |
		if $ENV.DELEGATE == "crun" then del(.linux.resources) else . end' "$1"
}

@test "of the documents that engines wrote: no false finding, by the real runtime" {
	export DELEGATE
	local document own started=0 tried=0 name want
	own=$(capsh --print | sed -n 's/^Bounding set =//p' | tr , '\n' | tr '[:lower:]' '[:upper:]' | jq -R . | jq -sc .)
	mkdir -p $B/source $B/bundle && touch $B/file
	echo '{ "version": 1, "mode": "audit" }' >/etc/runvet/policy.json
	rootfs_make $B/bundle/rootfs
	for document in "$REAL"/*.json; do
		name=${document##*/}
		[[ $name != *.process.json && $name != *.resources.json ]] || continue
		# A third of them where there is little time; what is asserted of one of them is always among these.
		((tried++ % 3 == 0 || COUNT)) || [[ $name == podman-user-namespace.json ]] || continue
		fitting "$document" >$B/bundle/config.json
		starts $B/bundle >/dev/null || { "$ALONE" delete --force c1 2>/dev/null || :; continue; }
		started=$((started + 1))
		want=''
		# Tried: with a user namespace crun 1.8.1 binds what may be written to without nosuid, nodev and noexec.
		[[ $DELEGATE-$name != crun-podman-user-namespace.json ]] || want='mounts.confined /mounts/6/options/2'
		is "$seen" "$want" "$name"
	done
	echo "$started of $tried documents started"
	((started >= (COUNT ? 36 : 12)))
}
