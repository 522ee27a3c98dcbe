#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runsc
# gVisor, as far as Debian's runsc goes in a virtual machine: platform ptrace, no network, no cgroups. These are words of its
# own on the command line, so this is also the test of options that runtimes.d adds.

load ../lib/e2e

GLOBALS=(--platform=ptrace --network=none --ignore-cgroups --root /run/gvisor)

setup_file() {
	bundle_make /tmp/b
	mkdir -p /etc/runvet/runtimes.d
	jq '.options += [{ "name": "platform", "value": true }, { "name": "network", "value": true }, { "name": "ignore-cgroups", "value": false }]' \
		/usr/share/runvet/runtimes.d/runsc.json >/etc/runvet/runtimes.d/runsc.json
}

rt() { "$RT" "${GLOBALS[@]}" "$@"; }

foreground() { rt run --bundle /tmp/b c1; }

@test "runsc run: output and status" {
	bundle_make /tmp/b '.process.args = ["/bin/sh", "-c", "echo out; echo err >&2; exit 7"]'
	same foreground
	is "$status $out $err" "7 out err"
	recorded c1 run allow
}

stopped() { rt state "$1" | grep -q '"stopped"'; }

lifecycle() {
	rt create --bundle /tmp/b c2 || return
	rt start c2
	rt exec c2 /bin/sh -c 'echo in; exit 9' | cat
	echo "exec: ${PIPESTATUS[0]}"
	rt kill c2 KILL
	wait_for 10 stopped c2
	rt delete c2
	echo "delete: $?"
}

@test "runsc: create, start, exec, kill, delete" {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'
	same lifecycle
	says "$out" 'in*exec: 9*delete: 0'
	recorded c2 create allow
	recorded c2 exec allow
}

@test "runsc: an option that nobody told runvet of is refused, and the line to add is named" {
	vetted "$VETTED" --platform=ptrace --overlay2=none run --bundle /tmp/b c3
	is "$status $out" "1 "
	refused "$err" 'runvet: word 2: unknown option; add {"name":"overlay2","value":true} to "options" of /etc/runvet/runtimes.d/runsc.json [argv.option-known]; record RECORD'
	# A line that cannot be read has no container that could be named.
	# shellcheck disable=SC2016  # jq's variable
	is "$(records 'select(.id == $id) | .decision' -r --arg id "$refusal")" error
	is "$(journal "$refusal" RUNVET_REASON)" command-line
}
