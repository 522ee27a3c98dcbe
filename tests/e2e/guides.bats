#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# sanitized: no, because experiment and check go the same way through our code
# What docs/guides/*.md tell their reader to do, done: every block in order. One marked `sh` has to succeed, one marked `sh refused` has to be
# refused by the policy, and one marked `sh resource` needs CAP_SYS_RESOURCE.

load ../lib/e2e
load ../lib/engines

setup_file() {
	image_import
}

teardown() {
	rm -rf /etc/runvet /srv/*
}

# podman NAME: the image under that name, and what this machine needs put into each `run`.
# shellcheck disable=SC2016  # for the program
prepare() {
	podman tag "$IMAGE" localhost/"$1"
	mkdir -p /opt/first
	printf '#!/bin/bash\nif [[ $1 == run ]]; then shift; set -- --runtime %s run %s "$@"; fi\nexec %s "$@"\n' \
		"$VETTED" "${PODMAN_LIMITS[*]:0:4} $2" "$(command -v podman)" >/opt/first/podman
	chmod 755 /opt/first/podman
}

walk() {
	local kind block said rc number=0
	while IFS= read -r -d '' block; do
		kind=${block%%$'\n'*}
		block=${block#*$'\n'}
		[[ $kind != resource ]] || capsh --has-p=cap_sys_resource >/dev/null 2>&1 || continue
		rc=0 number=$((number + 1))
		said=$(PATH=/opt/first:$PATH bash -e <(printf %s "$block") 2>&1 </dev/null) || rc=$?
		if [[ $kind != refused && $rc == 0 || $kind == refused && $rc != 0 && $said == *'runvet: permission denied: '* ]]; then
			continue
		fi
		echo "block $number, status $rc: $block"
		echo "$said"
		return 1
	done < <(awk '/^```sh/ { printf "%s\n", $2; on = 1; next } /^```/ { if (on) printf "%c", 0; on = 0; next } on' "$RUNVET_TREE/docs/guides/$1.md")
	is "$number" "$2" "blocks"
}

can_pin() {
	runvetctl host --format json | jq -e '.cgroup.controllers | contains(["cpuset", "memory"])' >/dev/null
}

@test "a simulation" {
	can_pin || skip 'no cgroup controller that pins CPUs'
	prepare solver
	rootfs_make /srv/solver
	walk simulation 10
}

@test "a control loop" {
	can_pin || skip 'no cgroup controller that pins CPUs'
	if runvetctl host --format json | jq -e '.scheduler.rtGroup == true' >/dev/null; then
		rt_budget || skip 'no real-time budget for a cgroup here'
		prepare loop '--cpu-rt-period 1000000 --cpu-rt-runtime 1000'
	else
		prepare loop ''
	fi
	walk robotics "$((8 + $(capsh --has-p=cap_sys_resource >/dev/null 2>&1 && echo 1 || echo 0)))"
}

# A share of real time for every cgroup of v1 on the way to podman's.
rt_budget() {
	local dir
	dir=/sys/fs/cgroup/cpu
	echo 100000 >$dir/cpu.rt_runtime_us 2>/dev/null
	mkdir -p $dir/libpod_parent
	echo 50000 >$dir/libpod_parent/cpu.rt_runtime_us
}
