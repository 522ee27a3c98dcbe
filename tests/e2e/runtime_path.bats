#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# containerd with runvet as the *shim's* path (ctr --runtime /usr/bin/runvet, CRI's runtime_path): runvet puts its libexec
# directory first in PATH and becomes containerd-shim-runc-v2, whose `runc` is then runvet. Compared with
# containerd's own shim. Where crun is to do the work, the site says so in runtimes.d: the shim only knows the name runc.

load ../lib/e2e
load ../lib/engines

setup_file() {
	image_import
	bundle_make /tmp/b
	if [[ $DELEGATE == crun ]]; then
		# Both shims look runc up in PATH: alone, they find this.
		mkdir -p /opt/alone /etc/runvet/runtimes.d
		ln -s /usr/bin/crun /opt/alone/runc
		echo '{ "name": "runc", "dialect": "crun", "priority": 60, "paths": ["/usr/bin/crun"] }' \
			>/etc/runvet/runtimes.d/runc.json
		export PATH=/opt/alone:$PATH
	fi
	containerd_start
}

teardown_file() {
	daemon_stop containerd
}

# ALONE and VETTED are shims here.
ALONE=/usr/bin/containerd-shim-runc-v2
VETTED=/usr/bin/runvet

shim_run() {
	local options=() id
	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	id=$1
	shift
	jq --argjson words "$(words "$@")" \
		'.root.path = "/tmp/b/rootfs" | .process.args = $words' /tmp/b/config.json >/tmp/"$id".json
	ctr run --runtime "$RT" "${options[@]}" --config /tmp/"$id".json "$id"
}

running() { ctr task ls | grep -qE "^$1 .*RUNNING"; }

foreground() { shim_run --rm c1 "$@"; }

@test "by runtime path: output and status" {
	same foreground /bin/echo hi
	is "$status $out $err" "0 hi "
	recorded c1 create allow
	same foreground /bin/sh -c 'echo out; echo err >&2; exit 7'
	is "$status $out $err" "7 out err"
	same foreground /bin/nope
	is "$status" 1
}

lifecycle() {
	shim_run --detach c2 /bin/sleep 300
	running c2 && echo running
	ctr_exec c2 /bin/sh -c 'echo in; echo err >&2; exit 9'
	echo "exec: $?"
	ctr task kill --signal SIGKILL c2
	ends 10 running c2
	ctr task delete c2
	echo "delete: $?"
	ctr container delete c2
	echo "delete: $?"
}

@test "by runtime path: exec, kill, delete" {
	same lifecycle
	says "$out" 'running*in*exec: 9*delete: 0*delete: 0'
	recorded c2 create allow
	recorded c2 exec allow
}

from_image() { ctr run --rm --runtime "$RT" "$IMAGE" c3 /bin/echo hi; }

@test "by runtime path: a container of an image" {
	[[ $DELEGATE == runc ]] || skip "crun has no cpu controller on a hybrid machine"
	same from_image
	is "$status $out $err" "0 hi "
}

@test "by runtime path: refused" {
	jq '.root.path = "/tmp/b/rootfs" | .annotations.bundle = "/elsewhere"' /tmp/b/config.json >/tmp/c4.json
	vetted ctr run --rm --runtime "$VETTED" --config /tmp/c4.json c4
	is "$status $out" "1 "
	refused "$err" 'ctr: failed to create shim task: OCI runtime create failed: runvet: config.json:1:N: annotations.bundle must not be set [spec.annotations.bundle-key]; record RECORD: unknown'
	recorded c4 create deny "$refusal"
}

@test "called as a shim, an unknown delegate directory changes nothing: no shim is left behind" {
	same foreground /bin/true
	wait_for 10 no_shim
}

no_shim() { ! pgrep -f 'containerd-shim-runc-v2 -namespace' >/dev/null; }
