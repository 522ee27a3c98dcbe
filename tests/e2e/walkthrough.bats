#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# What docs/walkthrough-ENGINE.md tells its reader to do, done: every block in order. One marked `sh` has to succeed, line by line; one
# marked `sh refused` has to be refused by the policy.

load ../lib/e2e
load ../lib/engines

setup_file() {
	image_import
}

teardown() {
	daemon_stop dockerd
	daemon_stop containerd
	rm -rf /etc/runvet /srv/site
}

# blocks FILE: into $E2E/blocks/NNN.sh and NNN.refused.
blocks() {
	rm -rf "$E2E"/blocks
	mkdir "$E2E"/blocks
	awk -v to="$E2E"/blocks/ '
		/^```sh( refused)?$/ { file = sprintf("%s%03d.%s", to, ++n, $2 ? $2 : "sh"); next }
		/^```/ { file = ""; next }
		file { print >file }' "$1"
}

# engine NAME COMMAND: what the site has set up for NAME is put into each of its `run`s by a program before it in PATH.
# shellcheck disable=SC2016  # for the program
engine() {
	mkdir -p /opt/first
	printf '#!/bin/bash\nif [[ $1 == run ]]; then shift; set -- run %s "$@"; fi\nexec %s "$@"\n' "$2" "$(command -v "$1")" >/opt/first/"$1"
	chmod 755 /opt/first/"$1"
}

walk() {
	local block said rc last=''
	blocks "$RUNVET_TREE/docs/walkthrough-$1.md"
	for block in "$E2E"/blocks/*; do
		rc=0
		said=$(PATH=/opt/first:$PATH bash -e "$block" 2>&1 </dev/null) || rc=$?
		if [[ $block == *.sh ]] && ((rc == 0)); then
			continue
		fi
		if [[ $block == *.refused && $rc != 0 && $said == *'runvet: permission denied: '* ]]; then
			last=$said
			continue
		fi
		echo "status $rc: $(cat "$block")"
		echo "$said"
		return 1
	done
	is "$(cat "$E2E"/blocks/*.refused | wc -l)" 4 "blocks that are refused"
	says "$last" '*; exemption EX-1 ended on 2026-01-31 *'
}

@test "the walk-through for Docker" {
	docker_start
	"$DOCKER" tag bb:latest busybox
	engine docker '--runtime vetted --network none'
	walk docker
}

@test "the walk-through for Podman" {
	podman tag "$IMAGE" localhost/busybox
	engine podman "--runtime $VETTED ${PODMAN_LIMITS[*]}"
	# Of podman's options this one stands before the verb.
	sed -i 's/set -- run --runtime \([^ ]*\)/set -- --runtime \1 run/' /opt/first/podman
	walk podman
}

@test "the walk-through for containerd" {
	containerd_start
	ctr image tag "$IMAGE" docker.io/library/busybox:latest >/dev/null
	engine ctr "--runc-binary $VETTED"
	walk containerd
}
