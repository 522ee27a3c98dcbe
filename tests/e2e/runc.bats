#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# The runtime's own command line, no engine between: the delegate, and runvet under its name.

load ../lib/e2e

setup_file() {
	bundle_make /tmp/b
}

# The bundle of a process that stays.
staying() {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'
}

lifecycle() {
	"$RT" create --bundle /tmp/b --pid-file /tmp/pid c1 || return
	"$RT" state c1 | jq -c '{id, status, bundle}'
	"$RT" start c1
	"$RT" exec c1 /bin/sh -c 'echo in; echo err >&2; exit 9'
	echo "exec: $?"
	"$RT" kill c1 KILL
	wait_for 10 stopped c1
	"$RT" delete c1
	echo "delete: $?"
	"$RT" state c1
	echo "state: $?"
}

stopped() {
	"$RT" state "$1" | grep -q '"stopped"'
}

foreground() {
	"$RT" run --bundle /tmp/b c1
}

@test "run: output and status" {
	bundle_make /tmp/b '.process.args = ["/bin/sh", "-c", "echo out; echo err >&2; exit 7"]'
	same foreground
	is "$status $out $err" "7 out err"
	recorded c1 run allow
}

@test "create, state, start, exec, kill, delete" {
	staying
	same lifecycle
	says "$out" '*"status":"created"*in*exec: 9*delete: 0*state: 1'
	recorded c1 create allow
	recorded c1 exec allow
}

@test "a program that is not there" {
	bundle_make /tmp/b '.process.args = ["/bin/nope"]'
	same foreground
	is "$status" 1
}

with_stdin() {
	echo through | "$RT" run --bundle /tmp/b c1
}

@test "stdin reaches the container" {
	bundle_make /tmp/b '.process.args = ["/bin/cat"]'
	same with_stdin
	is "$out" through
}

exec_process() {
	"$RT" run --detach --bundle /tmp/b c1 >/dev/null 2>&1 </dev/null
	jq '.process | .args = ["/bin/sh", "-c", "echo $GREETING; exit 3"] | .env += ["GREETING=hello"]' /tmp/b/config.json >/tmp/process.json
	chmod 600 /tmp/process.json
	"$RT" exec --process /tmp/process.json c1
	echo "exec: $?"
	echo in | "$RT" exec c1 /bin/cat
	"$RT" ps --format json c1 | jq length
	"$RT" list --quiet
	"$RT" pause c1
	"$RT" state c1 | jq -r .status
	"$RT" resume c1
	"$RT" delete --force c1
	echo "delete: $?"
}

@test "exec --process, exec's stdin, ps, list, pause, resume, delete --force" {
	staying
	same exec_process
	says "$out" '*hello*exec: 3*in*c1*delete: 0'
	recorded c1 exec allow
}

# A limit of a controller that this machine's cgroups have.
limit() {
	if [[ $DELEGATE == crun ]] && ! grep -qw pids /sys/fs/cgroup/cgroup.controllers; then
		echo '{"hugepageLimits":[{"pageSize":"2MB","limit":0}]}'
	else
		echo '{"pids":{"limit":77}}'
	fi
}

updating() {
	"$RT" run --detach --bundle /tmp/b c1 >/dev/null 2>&1 </dev/null
	limit | "$RT" update --resources=- c1
	echo "update: $?"
	limit >/tmp/resources.json
	chmod 600 /tmp/resources.json
	"$RT" update --resources /tmp/resources.json c1
	echo "update: $?"
	"$RT" delete --force c1
}

@test "update from stdin and from a file" {
	staying
	same updating
	says "$out" '*update: 0*update: 0*'
	recorded c1 update allow
}

ask() { "$RT" "$@"; }

@test "what is asked without a container" {
	same ask --version
	same ask --help
	same ask create --help
	same ask features
	same ask list
	same ask state none
	same ask kill none TERM
	same ask delete none
	same ask delete --force none
	same ask start none
	same ask restore --lsm-mount-context
	same ask checkpoint --help
}
