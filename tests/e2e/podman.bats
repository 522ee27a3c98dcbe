#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# takes: 10 s
# Podman as root: create and exec come through conmon, everything else from podman itself, with hardly any environment.

load ../lib/e2e
load ../lib/engines

setup_file() {
	image_import
}

pod() { podman --runtime "$RT" "$@"; }
pod_run() { pod run "${PODMAN_LIMITS[@]}" "$@"; }

foreground() { pod_run --rm --name c1 "$IMAGE" "$@"; }

@test "podman run: output and status" {
	same foreground /bin/echo hi
	is "$status $out $err" "0 hi "
	same foreground /bin/sh -c 'echo out; echo err >&2; exit 7'
	is "$status $out $err" "7 out err"
	recorded "$(records 'select(.action == "create") | .container.id' -r | tail -n 1)" create allow
}

@test "podman run: a program that is not there" {
	same foreground /bin/nope
	is "$status" 127
}

with_stdin() {
	echo through | pod_run --rm --interactive --name c1 "$IMAGE" /bin/cat
}

@test "podman run: stdin" {
	same with_stdin
	is "$out" through
}

lifecycle() {
	pod_run --detach --name c2 --cidfile /tmp/c2.id "$IMAGE" /bin/sh -c 'trap "exit 5" TERM; while :; do sleep 0.1; done' >/dev/null
	pod exec c2 /bin/sh -c 'echo in; echo err >&2; exit 9'
	echo "exec: $?"
	echo in | pod exec --interactive c2 /bin/cat
	pod exec c2 /bin/nope
	echo "exec: $?"
	pod stop --time 10 c2 >/dev/null
	echo "stop: $?"
	pod inspect --format '{{.State.Status}} {{.State.ExitCode}}' c2
	pod start c2 >/dev/null
	pod kill c2 >/dev/null
	pod wait c2
	pod rm c2 >/dev/null
	echo "rm: $?"
	mv /tmp/c2.id "$E2E"/
}

@test "podman: exec, stop, start, kill, rm" {
	same lifecycle
	says "$out" 'in*exec: 9*in*exec: 127*stop: 0*exited 5*137*rm: 0'
	recorded "$(cat "$E2E"/c2.id)" create allow
	recorded "$(cat "$E2E"/c2.id)" exec allow
}

@test "podman: without JSON logs the refusal comes by stderr" {
	vetted podman --runtime "$VETTED" run "${PODMAN_LIMITS[@]}" --annotation bundle=/elsewhere --rm "$IMAGE" /bin/echo hi
	is "$status $out" "126 "
	refused "$err" "Error: OCI runtime error: $VETTED: runvet: config.json:1:N: annotations.bundle must not be set [spec.annotations.bundle-key]; record RECORD"
	recorded "$(records 'select(.decision == "deny") | .container.id' -r | tail -n 1)" create deny "$refusal"
}

@test "podman: with JSON logs the refusal comes by --log" {
	mkdir -p /etc/containers
	printf '[engine]\nruntime_supports_json = ["%s"]\n[engine.runtimes]\n%s = ["%s"]\n' \
		"$DELEGATE" "$DELEGATE" "$VETTED" >/etc/containers/containers.conf
	vetted podman --runtime "$DELEGATE" run "${PODMAN_LIMITS[@]}" --annotation bundle=/elsewhere --rm "$IMAGE" /bin/echo hi
	rm /etc/containers/containers.conf
	is "$status $out" "126 "
	refused "$err" "Error: OCI runtime error: $DELEGATE: runvet: config.json:1:N: annotations.bundle must not be set [spec.annotations.bundle-key]; record RECORD"
}

info() { pod info --format '{{.Host.OCIRuntime.Version}}'; }

@test "podman info: the delegate's version" {
	same info
	says "$out" "*version *"
}

@test "podman: an exec that the specification forbids is refused, the container goes on" {
	RT=$VETTED pod_run --detach --name c3 "$IMAGE" /bin/sleep 300 >/dev/null
	vetted podman --runtime "$VETTED" exec --workdir elsewhere c3 /bin/echo hi
	refused "$status $out $err" "255  Error: OCI runtime error: $VETTED: runvet: process.json:1:N: process.cwd must be an absolute path, \
found \"elsewhere\" [spec.process.cwd-absolute]; record RECORD"
	recorded "$(podman inspect --format '{{.Id}}' c3)" exec deny "$refusal"
	is "$(podman exec c3 /bin/echo in)" in
	podman rm --force --time 0 c3 >/dev/null
}

@test "podman logs by journald: our records of that container are not in the way" {
	vetted pod_run --log-driver=journald --name lg --cidfile /tmp/lg.id "$IMAGE" /bin/sh -c 'echo one; echo two >&2; exit 3'
	is "$status" 3
	recorded "$(cat /tmp/lg.id)" create allow
	run -0 podman logs lg
	is "$(sort <<<"$output")" "one
two"
	podman rm lg
}
