#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# takes: 10 s
# Docker: a daemon of our own with two runtimes, the delegate alone and runvet.

load ../lib/e2e
load ../lib/engines

setup_file() {
	image_tar
	docker_start
}

# crun 1.8 wants a controller for every limit that Docker mentions, also for those that are zero.
needs_controllers() {
	if [[ $DELEGATE == crun ]] && ! grep -qw io /sys/fs/cgroup/cgroup.controllers; then
		skip "crun under Docker needs the io, cpu, memory and pids controllers in cgroup v2"
	fi
}

teardown_file() {
	daemon_stop dockerd
}

# RT is a path; Docker knows the two by name.
runtime_name() { [[ $RT == "$ALONE" ]] && echo alone || echo vetted; }
docker_run() { "$DOCKER" run --runtime "$(runtime_name)" --network=none "$@"; }

foreground() { docker_run --rm --name c1 bb:latest "$@"; }

@test "docker run: output and status" {
	needs_controllers
	same foreground /bin/echo hi
	is "$status $out $err" "0 hi "
	same foreground /bin/sh -c 'echo out; echo err >&2; exit 7'
	is "$status $out $err" "7 out err"
	recorded "$(records 'select(.action == "create") | .container.id' -r | tail -n 1)" create allow
}

@test "docker run: a program that is not there" {
	needs_controllers
	same foreground /bin/nope
	is "$status" 127
}

with_stdin() {
	echo through | docker_run --rm --interactive --name c1 bb:latest /bin/cat
}

@test "docker run: stdin" {
	needs_controllers
	same with_stdin
	is "$out" through
}

lifecycle() {
	docker_run --detach --name c2 --cidfile /tmp/c2.id bb:latest /bin/sh -c 'trap "exit 5" TERM; while :; do sleep 0.1; done' >/dev/null
	"$DOCKER" exec c2 /bin/sh -c 'echo in; echo err >&2; exit 9'
	echo "exec: $?"
	echo in | "$DOCKER" exec --interactive c2 /bin/cat
	"$DOCKER" exec c2 /bin/nope
	echo "exec: $?"
	"$DOCKER" pause c2 >/dev/null
	"$DOCKER" unpause c2 >/dev/null
	"$DOCKER" update --pids-limit 77 c2 >/dev/null
	echo "update: $?"
	"$DOCKER" top c2 | head -n 1
	"$DOCKER" stop --time 10 c2 >/dev/null
	echo "stop: $?"
	"$DOCKER" inspect --format '{{.State.Status}} {{.State.ExitCode}}' c2
	"$DOCKER" start c2 >/dev/null
	"$DOCKER" kill c2 >/dev/null
	"$DOCKER" wait c2
	"$DOCKER" rm c2 >/dev/null
	echo "rm: $?"
	mv /tmp/c2.id "$E2E"/
}

@test "docker: exec, pause, update, top, stop, start, kill, rm" {
	needs_controllers
	same lifecycle
	says "$out" 'in*exec: 9*in*exec: 12[67]*update: 0*stop: 0*exited 5*137*rm: 0'
	recorded "$(cat "$E2E"/c2.id)" create allow
	recorded "$(cat "$E2E"/c2.id)" exec allow
	recorded "$(cat "$E2E"/c2.id)" update allow
}

@test "docker: refused, in the words of runvet" {
	echo '{ "defaultAction": "SCMP_ACT_PERHAPS" }' >/tmp/seccomp.json
	vetted "$DOCKER" run --runtime vetted --network=none --rm --security-opt seccomp=/tmp/seccomp.json bb:latest /bin/echo hi
	is "$status $out" "125 "
	refused "$(head -n 1 <<<"$err")" "docker: Error response from daemon: failed to create shim task: OCI runtime create failed: \
runvet: config.json:1:N: linux.seccomp.defaultAction must be one of SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, \
SCMP_ACT_TRAP, SCMP_ACT_ERRNO, SCMP_ACT_TRACE, SCMP_ACT_ALLOW, SCMP_ACT_LOG, SCMP_ACT_NOTIFY, found \"SCMP_ACT_PERHAPS\" \
[spec.linux.seccomp.default-action-enum]; record RECORD: unknown."
	recorded "$(records 'select(.decision == "deny") | .container.id' -r | tail -n 1)" create deny "$refusal"
}

@test "docker: an exec that the specification forbids is refused, the container goes on" {
	needs_controllers
	RT=$VETTED docker_run --detach --name c3 bb:latest /bin/sleep 300 >/dev/null
	vetted "$DOCKER" exec --workdir elsewhere c3 /bin/echo hi
	refused "$status $(tr -d '\r' <<<"$out$err")" '126 OCI runtime exec failed: runvet: process.json:1:N: process.cwd must be an absolute path, found "elsewhere" [spec.process.cwd-absolute]; record RECORD: unknown'
	recorded "$("$DOCKER" inspect --format '{{.Id}}' c3)" exec deny "$refusal"
	is "$("$DOCKER" exec c3 /bin/echo in)" in
	"$DOCKER" rm --force c3 >/dev/null
}

@test "docker logs by journald: our records of that container are not in the way" {
	needs_controllers
	local id
	RT=$VETTED
	id=$(docker_run --log-driver=journald --detach --name lg bb:latest /bin/sh -c 'echo one; echo two >&2')
	"$DOCKER" wait lg
	recorded "$id" create allow
	run -0 "$DOCKER" logs lg
	is "$(sort <<<"$output")" "one
two"
	"$DOCKER" rm lg
}
