#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# sanitized: no, because what counts is what the container prints
# A small experiment twice (tests/e2e/experiment.c): what deterministic@1 lets start prints the same bytes each time, and what it refuses does not.

load ../lib/e2e
load ../lib/engines

# Where the host has no controller for them, no runtime can pin CPUs: the policy of such a site warns of it instead.
PINS=(--cpuset-cpus 0 --cpuset-mems 0 --memory 64m --memory-swap 64m)
LACKS='{}'

setup_file() {
	rootfs_make "$E2E"/rootfs
	cp "$RUNVET_BUILD/tests/experiment" "$E2E"/rootfs/experiment
	ln -sf busybox "$E2E"/rootfs/bin/linux64
	tar -C "$E2E"/rootfs -c . >"$E2E"/experiment.tar
	podman import --quiet "$E2E"/experiment.tar localhost/experiment:1 >/dev/null
}

setup() {
	ON=live
	if ! runvetctl host --format json | jq -e '.cgroup.controllers | contains(["cpuset", "memory"])' >/dev/null; then
		LACKS='{ "det.cpu": { "mode": "warn" } }'
		PINS=()
		ON=none
	fi
	mkdir -p /etc/runvet
	jq -n --argjson lacks "$LACKS" '{ version: 1, profile: "lab", profiles: { lab: { extends: ["deterministic@1"],
		rules: ({ "det.env.required": { params: { present: ["SEED"] } } } + $lacks) } } }' >/etc/runvet/policy.json
	chmod 644 /etc/runvet/policy.json
}

teardown() {
	rm -rf /etc/runvet
}

# bundle DIR JQ: a generated one, changed.
bundle() {
	rm -rf "$1"
	runvetctl generate --profile deterministic@1 --host "$ON" --bundle "$1" --rootfs "$E2E"/rootfs --args /bin/linux64 -R /experiment
	jq "(if $([[ ${PINS[*]} ]] && echo true || echo false) then . else del(.linux.resources.cpu, .linux.resources.memory, .linux.resources.pids) end) | $2" \
		"$1/config.json" >"$1/new"
	mv "$1/new" "$1/config.json"
}

# twice CMD…: into "$E2E"/first and "$E2E"/second.
twice() {
	"$@" 1 >"$E2E"/first
	"$@" 2 >"$E2E"/second
}

# differ [-v] PATTERN: lines of the two that have it (or not) are not the same.
differ() {
	if cmp -s <(grep "$@" "$E2E"/first) <(grep "$@" "$E2E"/second); then
		echo "twice the same: $*"
		cat "$E2E"/first
		return 1
	fi
}

plain() {
	"$VETTED" run --bundle /tmp/b "plain-$1"
}

LOOSE='del(.process.env[] | select(startswith("SOURCE_DATE_EPOCH") or startswith("OMP_"))) | .process.args = ["/experiment"]'

@test "the same bundle twice prints the same bytes" {
	bundle /tmp/b '.process.env += ["SEED=7"] | .hostname = "experiment"'
	twice plain
	cmp "$E2E"/first "$E2E"/second
	says "$(cat "$E2E"/first)" $'seed 15\nthreads 1\nsum 0x*\nat 0\non experiment\nhash *'
	# What the host was stands in the record of each.
	is "$(record_of plain-1 run | jq -r '[.violations[] | select(.rule == "det.host.record")] | length')" 1
	says "$(record_of plain-1 run | jq -r '.violations[] | select(.rule == "det.host.record") | .text')" '*: kernel *'
}

@test "what leaves it to chance is refused, and is another each time" {
	bundle /tmp/b "$LOOSE | .mounts += [{ destination: \"/data\", type: \"bind\", source: \"/srv\", options: [\"bind\"] }]"
	run "$VETTED" run --bundle /tmp/b loose
	is "$status" 1
	says "$output" 'runvet: permission denied: *[[]det.mounts.rw]*'
	# Without the policy it starts, and no two are alike.
	rm /etc/runvet/policy.json
	bundle /tmp/b "$LOOSE"
	twice plain
	differ ''
	differ seed
	differ '^at'
	differ hash
	# Which of it does that, a comparison of the two says.
	bundle /tmp/pinned '.process.env += ["SEED=7"]'
	run -1 runvetctl diff /tmp/pinned /tmp/b
	says "$output" '*Changes results*OMP_NUM_THREADS*sums of floats*SEED*Other random numbers*SOURCE_DATE_EPOCH*'
}

@test "another number of threads is another sum" {
	local cpus
	cpus=$(runvetctl host --format json | jq -r '.cpus.online')
	[[ $cpus == *[-,]* && ${PINS[*]} ]] || skip 'one CPU, or none that could be pinned'
	bundle /tmp/b '.process.env += ["SEED=7"]'
	plain 1 >"$E2E"/first
	# The policy holds the two together: four threads on one CPU it warns of.
	jq --arg cpus "$cpus" '.linux.resources.cpu.cpus = $cpus | del(.process.env[] | select(startswith("OMP_NUM")))' /tmp/b/config.json >/tmp/b/new
	mv /tmp/b/new /tmp/b/config.json
	plain 2 >"$E2E"/second
	differ sum
	says "$(record_of plain-2 run | jq -r '.violations[].text')" '*OMP_NUM_THREADS is not set*'
}

pod() {
	local limits=("${PODMAN_LIMITS[@]}") name=$1
	shift
	[[ ! ${PINS[*]} ]] || limits=("${limits[@]/--cgroups=disabled/--cgroups=enabled}")
	podman --runtime "$VETTED" run --rm "${limits[@]}" --name "$name" "$@"
}

same_pod() {
	pod "pod-$1" "${PINS[@]}" --read-only --hostname experiment --umask 0022 --user 1000:1000 --security-opt seccomp=unconfined \
		--env TZ=UTC --env LC_ALL=C.UTF-8 --env SOURCE_DATE_EPOCH=0 --env PYTHONHASHSEED=0 --env OMP_NUM_THREADS=1 --env SEED=7 \
		localhost/experiment:1 /bin/linux64 -R /experiment
}

loose_pod() {
	pod "loose-$1" localhost/experiment:1 /experiment
}

@test "the same through Podman" {
	twice same_pod
	cmp "$E2E"/first "$E2E"/second
	says "$(cat "$E2E"/first)" $'seed 15\nthreads 1\n*on experiment\n*'
	run loose_pod 0
	is "$status" 126
	says "$output" '*permission denied*[[]det.*'
	rm /etc/runvet/policy.json
	twice loose_pod
	differ -v threads
	differ '^on '
}
