#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# containerd through ctr --runc-binary: the shim calls create, start, exec, kill, delete.

load ../lib/e2e
load ../lib/engines

setup_file() {
	image_import
	containerd_start
	bundle_make /tmp/b
}

teardown_file() {
	daemon_stop containerd
}

# ctr_run OPTIONS… ID CMD…: with a configuration of our own where crun cannot have the controllers that ctr asks for.
ctr_run() {
	local options=()
	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	if [[ $DELEGATE == crun ]]; then
		local id=$1
		shift
		jq --argjson words "$(words "$@")" \
			'.root.path = "/tmp/b/rootfs" | .process.args = $words' /tmp/b/config.json >/tmp/"$id".json
		ctr run --runc-binary "$RT" "${options[@]}" --config /tmp/"$id".json "$id"
	else
		ctr run --runc-binary "$RT" "${options[@]}" "$IMAGE" "$@"
	fi
}

running() { ctr task ls | grep -qE "^$1 .*RUNNING"; }

foreground() { ctr_run --rm c1 "$@"; }

@test "ctr run: output and status" {
	same foreground /bin/echo hi
	is "$status $out $err" "0 hi "
	recorded c1 create allow
	same foreground /bin/sh -c 'echo out; echo err >&2; exit 7'
	is "$status $out $err" "7 out err"
}

@test "ctr run: a program that is not there" {
	same foreground /bin/nope
	is "$status" 1
}

lifecycle() {
	ctr_run --detach c2 /bin/sleep 300
	running c2 && echo running
	ctr_exec c2 /bin/sh -c 'echo in; echo err >&2; exit 9'
	echo "exec: $?"
	ctr task exec --exec-id e2 c2 /bin/nope
	echo "exec: $?"
	ctr task pause c2 && ctr task resume c2
	echo "resume: $?"
	ctr task kill --signal SIGKILL c2
	ends 10 running c2
	ctr task delete c2
	echo "delete: $?"
	ctr container delete c2
	echo "delete: $?"
}

@test "ctr: exec, pause, kill, delete" {
	same lifecycle
	says "$out" 'running*in*exec: 9*exec: 1*resume: 0*delete: 0*delete: 0'
	recorded c2 create allow
	recorded c2 exec allow
}

@test "ctr: an annotation that would lead a later exec astray is refused" {
	# With --config, as it is for crun, ctr adds no annotation of its own.
	cp /tmp/b/config.json /tmp/plain.json
	jq -c '.annotations.bundle = "/elsewhere"' /tmp/plain.json >/tmp/b/config.json
	vetted ctr_run --rm --annotation=bundle=/elsewhere c3 /bin/echo hi
	cp /tmp/plain.json /tmp/b/config.json
	is "$status $out" "1 "
	refused "$err" 'ctr: failed to create shim task: OCI runtime create failed: runvet: config.json:1:N: annotations.bundle must not be set [spec.annotations.bundle-key]; record RECORD: unknown'
	recorded c3 create deny "$refusal"
}

@test "ctr: an exec that the specification forbids is refused, the container goes on" {
	RT=$VETTED ctr_run --detach c4 /bin/sleep 300
	vetted ctr task exec --exec-id e1 --cwd elsewhere c4 /bin/echo hi
	is "$status $out" "1 "
	refused "$err" 'ctr: OCI runtime exec failed: runvet: process.json:1:N: process.cwd must be an absolute path, found "elsewhere" [spec.process.cwd-absolute]; record RECORD: unknown'
	recorded c4 exec deny "$refusal"
	is "$(ctr_exec c4 /bin/echo in)" in
	ctr task kill --signal SIGKILL c4
	ends 10 running c4
	ctr task delete c4 || :
	ctr container delete c4
}
