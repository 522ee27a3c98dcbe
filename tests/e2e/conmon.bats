#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# conmon alone, called as CRI-O calls it: no --log, stderr is the runtime's only way to say why not.

load ../lib/e2e

setup_file() {
	bundle_make /tmp/b
}

setup() {
	mkdir -p /run/runroot /run/sockets
}

teardown() {
	rm -rf /run/exits
}

# conmon_call ARGS…: with its two pipes; what it reports goes to stdout.
conmon_call() {
	local pid
	rm -f /run/sync /run/start
	mkfifo /run/sync /run/start
	exec 7<>/run/sync 8<>/run/start
	printf 'x' >&8
	_OCI_SYNCPIPE=7 _OCI_STARTPIPE=8 CRI_O_EXTERNAL=1 conmon --cid c1 --name c1 --runtime "$RT" \
		--runtime-arg --root=/run/runroot --bundle /tmp/b --cuuid c1 --socket-dir-path /run/sockets "$@" </dev/null >/dev/null 2>/tmp/conmon.err &
	pid=$!
	timeout 60 head -n 1 <&7 | tr -d '\0'
	exec 7<&- 8>&-
	wait $pid
}

conmon_create() {
	rm -rf /run/exits /tmp/c.log
	mkdir -p /run/exits
	conmon_call --container-pidfile /tmp/c.pid --log-path /tmp/c.log --exit-dir /run/exits "$@"
}

rt() { "$RT" --root /run/runroot "$@"; }

# The container's output as conmon logged it, and how it ended.
logged() {
	wait_for 10 test -s /run/exits/c1
	sed -E 's/^[^ ]+ //' /tmp/c.log
	echo "exit: $(cat /run/exits/c1)"
}

foreground() {
	conmon_create | jq -c 'if .pid > 0 or .data > 0 then "created" else . end'
	rt start c1 && logged
	rt delete --force c1
	echo "delete: $?"
}

@test "conmon: output and status" {
	bundle_make /tmp/b '.process.args = ["/bin/sh", "-c", "echo out; echo err >&2; exit 7"]'
	same foreground
	says "$out" '"created"*stdout F out*exit: 7*delete: 0'
	says "$out" '*stderr F err*'
	recorded c1 create allow
}

lifecycle() {
	conmon_create >/dev/null
	rt start c1
	jq '.process | .args = ["/bin/sh", "-c", "echo in; exit 9"]' /tmp/b/config.json >/tmp/process.json
	chmod 644 /tmp/process.json
	# As CRI-O's ExecSync, by conmon; and as its Exec, straight.
	rm -f /tmp/x.log
	conmon_call --exec --exec-process-spec /tmp/process.json --container-pidfile /tmp/x.pid --log-path /tmp/x.log \
		--api-version 1 | jq -c 'if .data > 0 then "executed" else . end'
	wait_for 10 test -s /tmp/x.log
	sed -E 's/^[^ ]+ //' /tmp/x.log
	rt exec --process /tmp/process.json c1
	echo "exec: $?"
	rt state c1 | jq -r .status
	rt kill c1 9
	wait_for 10 test -s /run/exits/c1
	echo "exit: $(cat /run/exits/c1)"
	rt delete c1
	echo "delete: $?"
}

@test "conmon: exec, state, kill, delete" {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'
	same lifecycle
	says "$out" '"executed"*stdout F in*in*exec: 9*running*exit: 137*delete: 0'
	recorded c1 exec allow
}

missing() {
	conmon_create --api-version 1
}

@test "conmon: the delegate's own error" {
	bundle_make /tmp/b '.process.args = ["/bin/nope"]'
	same missing
	says "$out" '*-1*nope*'
}

@test "conmon: a configuration that delegates read differently is refused" {
	bundle_make /tmp/b
	sed -i '0,/"process"/s//"Process"/; s/^{/{\n"process": {},/' /tmp/b/config.json
	vetted missing
	refused "$(jq -r .message <<<"$out")" "runvet: config.json:4:3: Process is taken for process by delegates that ignore case, \
and by no other; write process [json.case-variant-name] and 3 more; record RECORD (runvetctl check BUNDLE shows all)"
	recorded c1 create deny "$refusal"
	[[ ! -e /run/runroot/c1 ]]
}

@test "conmon: a configuration that is no JSON is refused" {
	bundle_make /tmp/b
	sed -i '1s/{/{ \/* runc would say no, crun yes *\/ /' /tmp/b/config.json
	vetted missing
	refused "$(jq -r .message <<<"$out")" 'runvet: config.json:1:3: comments are no JSON [json.well-formed]; record RECORD'
	recorded c1 create error "$refusal"
}
