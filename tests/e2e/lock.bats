#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# shellcheck disable=SC2086  # paths of our own, without blanks
# Locks: learned on one host, enforced on another; a lock that cannot be believed; from a bundle, a container, a record. And a
# record as an in-toto Statement.

load ../lib/e2e

CTL=$RUNVET_BUILD/ctl/runvetctl
LOCK=/srv/locks/exp.lock.json

setup_file() { bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"] | .process.env += ["SECRET=hunter2"] |
	del(.process.capabilities.ambient)'; }

setup() {
	rm -rf /var/log/runvet /srv/locks /tmp/c
	mkdir -p /srv/locks
	cp -a /tmp/b /tmp/c
}

teardown() {
	rm -rf /etc/runvet
	"$ALONE" delete --force c1 2>/dev/null || :
}

# locked [PARAMS]: a policy of one rule.
locked() {
	mkdir -p /etc/runvet
	jq -n --arg file $LOCK '{ version: 1, profile: "p", profiles: { p: { rules: { "det.lock": { params: ({ file: $file } + '"${1:-{\}}"') } } } } }' \
		>/etc/runvet/policy.json
	chmod 644 /etc/runvet/policy.json
}

change() { # JQ: of the bundle
	jq "$1" /tmp/c/config.json >/tmp/c/new && mv /tmp/c/new /tmp/c/config.json && chmod 644 /tmp/c/config.json
}

# What is created keeps the streams.
create() {
	status=0
	"$VETTED" create --bundle /tmp/c c1 </dev/null >/tmp/said 2>&1 3>&- 4>&- || status=$?
	output=$(cat /tmp/said)
}

last() { last_decision "$1"; }

# recorded DIGEST: the last record has that fingerprint, if it has any.
recorded() { is "$(last ".fingerprint.normal // \"$1\"")" "$1"; }

@test "learned on one host document, enforced on another: each difference is named" {
	jq -n '{ kernel: { release: "6.1.0-18-amd64", machine: "x86_64" }, cgroup: { mode: "v2" },
		hardware: { cpu: { model: "One", flags: ["aes", "avx2"], microcode: "0x1" }, smt: true, numaNodes: 1 },
		tuning: { aslr: 2, thp: "madvise" },
		gpu: { nvidia: { driver: "535.104.05", devices: [{ pci: "0000:07:00.0", uuid: "GPU-1", model: "A100" }] } } }' >/tmp/one.json
	jq '.kernel.release = "6.1.0-19-amd64" | .cgroup.mode = "v1" | .hardware.cpu = { model: "Two", flags: ["aes", "avx512f"] } |
		.tuning.thp = "always" | .tuning.aslr = 0 | .gpu.nvidia.driver = "550.54.14" | .gpu.nvidia.devices = []' /tmp/one.json >/tmp/two.json
	$CTL lock --host /tmp/one.json -o $LOCK /tmp/c
	is "$(stat -c '%a %u' $LOCK)" '644 0'
	run $CTL lock --check $LOCK --host /tmp/one.json /tmp/c
	is "$status $output" '0 '
	run $CTL lock --check $LOCK --host /tmp/two.json /tmp/c
	is "$status" 1
	is "$output" 'kernel.release is "6.1.0-19-amd64", and was "6.1.0-18-amd64"
host.cgroup.mode is "v1", and was "v2"
host.hardware.cpu.model is "Two", and was "One"
host.hardware.cpu.flags has "avx512f", and no longer "avx2"
host.tuning.aslr is 0, and was 2
host.tuning.thp is "always", and was "madvise"
host.gpu.nvidia.driver is "550.54.14", and was "535.104.05"
host.gpu.nvidia.devices[0] is gone, and was {"pci":"0000:07:00.0","uuid":"GPU-1","model":"A100"}'
	locked
	run $CTL check --policy /etc/runvet/policy.json --host /tmp/two.json /tmp/c/config.json
	is "$status $(grep -c '\[det.lock, p\]' <<<"$output")" '1 8'
	run $CTL check --policy /etc/runvet/policy.json --host /tmp/one.json /tmp/c/config.json
	is "$status" 0
	# What is not known is not otherwise.
	run $CTL check --policy /etc/runvet/policy.json --host none /tmp/c/config.json
	is "$status" 0
}

@test "what changed of the document is named by what it is called, and no value that a record may not hold" {
	$CTL lock -o $LOCK /tmp/c
	is "$(grep -cE 'hunter2|/bin/sleep' $LOCK)" 0
	change '.process.env |= map(if startswith("SECRET") then "SECRET=hunter3" else . end) | .process.capabilities.bounding -= ["CAP_KILL"] |
		.mounts = [{ destination: "/data", type: "bind", source: "/srv", options: ["rbind", "ro"] }] + .mounts | .root.readonly = false |
		.linux.resources.pids.limit = 7 | del(.hostname)'
	run $CTL lock --check $LOCK /tmp/c
	is "$status" 1
	is "$(grep -c hunter <<<"$output")" 0
	for line in 'process.env[SECRET] is not as it was' 'process.capabilities.bounding no longer has "CAP_KILL"' 'root.readonly is false, and was true' \
		'linux.resources.pids.limit is new: 7' 'hostname is gone, and was "runc"' 'mounts[/data].source is new: "/srv"'; do
		grep -Fxq "$line" <<<"$output" || { echo "missing: $line in: $output"; return 1; }
	done
	# Of the mounts behind the new one nothing is said.
	is "$(grep -c '^mounts' <<<"$output")" "$(grep -c '^mounts\[/data\]' <<<"$output")"
}

@test "learn, then enforce: written once, and what differs is refused by its place" {
	locked '{ learn: true }'
	create
	is "$status" 0
	is "$(stat -c '%a %u' $LOCK)" '644 0'
	is "$(jq -r '[.version, .by[:6], .delegate.name] | join(" ")' $LOCK)" '1 runvet runc'
	recorded "$(jq -r .fingerprint.normal $LOCK)"
	local before
	before=$(sha256sum <$LOCK)
	"$ALONE" delete --force c1
	change '.root.readonly = false'
	create
	is "$status $(sha256sum <$LOCK)" "0 $before"
	is "$(last '[.decision, .counts.warnings, .violations[0].rule, .violations[0].path] | join(" ")')" 'allow 1 det.lock /root/readonly'
	"$ALONE" delete --force c1
	locked
	create
	is "$status" 1
	[[ $output == "runvet: permission denied: config.json:"*"root.readonly must be as $LOCK has it: it is false, and was true;"*'[det.lock]; record '* ]]
	is "$(last '[.decision, .violations[0].path] | join(" ")')" 'deny /root/readonly'
	change '.root.readonly = true'
	create
	is "$status" 0
}

@test "a lock that cannot be written stops nothing, and is in the record" {
	locked '{ learn: true }'
	chmod 777 /srv/locks
	create
	is "$status" 0
	[ ! -e $LOCK ]
	is "$(last '[.decision, .counts.warnings, .violations[0].rule] | join(" ")')" 'allow 1 det.lock'
	[[ $(last '.violations[0].text') == "$LOCK: no lock can be learned: others than root may write in its directory" ]]
}

@test "no lock, a broken, a newer or somebody else's: refused, with its place" {
	locked
	create
	is "$status" 1
	[[ $output == *"$LOCK: it is missing"*'[det.lock]'* ]]
	$CTL lock --delegate runc -o /tmp/good.json /tmp/c
	jq '.version = 2 | .what = 1' /tmp/good.json >$LOCK
	create
	[[ $output == *"$LOCK:2:14: version 2 is newer than this runvet, which reads version 1"* ]]
	jq '.fingerprnt = 1' /tmp/good.json >$LOCK
	create
	[[ $output == *"$LOCK:"*': fingerprnt is unknown here; did you mean fingerprint?'* ]]
	echo '{ "version": 1,' >$LOCK
	create
	[[ $status -eq 1 && $output == *"$LOCK:"* ]]
	cp /tmp/good.json $LOCK
	chown 1000 $LOCK
	create
	[[ $output == *"$LOCK: it does not belong to root"* ]]
	rm $LOCK
	ln -s /tmp/good.json $LOCK
	create
	[[ $status -eq 1 && $output == *"$LOCK: "* ]]
	is "$(last .decision)" deny
	rm $LOCK
	cp /tmp/good.json $LOCK
	create
	is "$status" 0
}

@test "of a container that is there, and of its record: the same lock" {
	create
	is "$status" 0
	$CTL lock c1 >/tmp/running.json
	$CTL lock "$(last .id)" >/tmp/recorded.json
	is "$(jq -r .delegate.name /tmp/running.json)" runc
	is "$(jq .fingerprint /tmp/running.json)" "$(jq .fingerprint /tmp/recorded.json)"
	recorded "$(jq -r .fingerprint.normal /tmp/running.json)"
	run $CTL lock --check /tmp/running.json "$(last .id)"
	is "$status $output" '0 '
	run $CTL lock c2
	is "$status" 2
	[[ $output == 'runvetctl: c2 is no file, no container that is there now, and no record'* ]]
}

@test "attest: a record as an in-toto Statement, always the same bytes" {
	create
	local id
	id=$(last .id)
	$CTL attest "$id" >/tmp/s.json
	cmp /tmp/s.json <($CTL attest "$id")
	is "$(jq -r '[._type, .predicateType] | join(" ")' /tmp/s.json)" 'https://in-toto.io/Statement/v1 urn:runvet:admission:v1'
	is "$(jq -r '.subject[0] | [.name, .digest.sha256] | join(" ")' /tmp/s.json)" "config.json $(sha256sum </tmp/c/config.json | cut -d' ' -f1)"
	is "$(jq -r '.predicate | [.decision.decision, .record.id, .record.seq, .record.hash, .fingerprints.normal] | map(tostring) | join(" ")' /tmp/s.json)" \
		"$(last '[.decision, .id, .seq, .hash, .fingerprint.normal] | map(tostring) | join(" ")')"
	jq -e '[.subject[].digest | to_entries[] | select((.key | IN("sha256", "sha384", "sha512")) and (.value | test("^[0-9a-f]+$")))] | length > 0' /tmp/s.json
	$CTL attest --host live "$id" | jq -e '.predicate.host | .factsFrom == "live" and .facts.kernel.release != null'
	run $CTL attest 0199a4c2
	is "$status" 1
}
