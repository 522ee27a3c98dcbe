#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# takes: 20 s
# sanitized: no, because it tries delegates; what makes the map is tried by the unit test comply
# shellcheck disable=SC2154  # stderr is set by run
# The compliance map: what it says without a probe, that what the probe says is what the delegate does when it is driven by hand, that
# a delegate which breaks one operation is found out, and that nothing of a probe is left, whatever ends it.

load ../lib/e2e

MAP=$E2E/map.json

setup() {
	mkdir -p /etc/runvet/runtimes.d /opt/broken
}

teardown() {
	"$ALONE" --root /tmp/hand delete --force h1 2>/dev/null || :
	rm -rf /etc/runvet /opt/broken /tmp/hand
}

probed() { # FILE: the map with a probe; once for the whole file unless a delegate is broken
	[[ -s $1 ]] || runvetctl compliance --delegate "$DELEGATE" --probe --format json >"$1"
}

status_of() { # LINE [FILE]
	jq -r --arg n "$1" '.lines[] | select(.name == $n) | .status' "${2:-$MAP}"
}

nothing_left() {
	is "$(compgen -G '/run/runvet-compliance*' || :)" '' "directories"
	is "$(pgrep -f runvet-probe || :)" '' "processes"
	is "$(find /sys/fs/cgroup -maxdepth 4 -name '*runvet-compliance*' | head -n 1)" '' "cgroups"
}

# broken SH: a delegate that does SH for some verb ($3, behind --root DIR), and is else the real one.
broken() {
	cat >"/opt/broken/$DELEGATE" <<-END
		#!/bin/sh
		case "\$3" in
		$1
		esac
		exec $ALONE "\$@"
	END
	chmod 755 "/opt/broken/$DELEGATE"
	jq --arg p "/opt/broken/$DELEGATE" '.paths = [$p]' "/usr/share/runvet/runtimes.d/$DELEGATE.json" >"/etc/runvet/runtimes.d/$DELEGATE.json"
	chmod 644 "/etc/runvet/runtimes.d/$DELEGATE.json"
}

# finds LINE…: against the map of the real one, these lines got worse, and no others.
finds() {
	probed "$MAP"
	rm -f "$E2E"/broken.json
	probed "$E2E"/broken.json
	is "$(jq -rs '.[0].lines as $was | .[1].lines | to_entries[] | select(.value.status != $was[.key].status) |
		"\(.value.name): \(.value.status)"' "$MAP" "$E2E"/broken.json | sort)" "$(printf '%s\n' "$@" | sort)" "what got worse"
	nothing_left
}

@test "without a probe: every section, sums that are right, something that says so, and what needs a probe" {
	runvetctl compliance --delegate "$DELEGATE" --format json >"$E2E"/plain.json
	is "$(jq '[.lines[].section] | unique | length' "$E2E"/plain.json)" 11 "sections"
	is "$(jq -c '[.sums.All | .full, .partial, .none, .unknown]' "$E2E"/plain.json)" \
		"$(jq -c '[.lines as $l | "full", "partial", "none", "unknown" | . as $s | [$l[] | select(.status == $s)] | length]' "$E2E"/plain.json)" "sums"
	is "$(jq '[.lines[] | select(.evidence == [])] | length' "$E2E"/plain.json)" 0 "lines that nothing is said of"
	is "$(jq '[.lines[] | select(.place == null) | .status] | unique | join(" ")' "$E2E"/plain.json)" '"unknown"'
	is "$(jq -r '.lines[] | select(.name == "create makes a container").evidence[0].says' "$E2E"/plain.json)" "it needs --probe"
	is "$(jq -r .delegate.digest "$E2E"/plain.json)" "$(sha256sum "$ALONE" | cut -d' ' -f1)"
	is "$(runvetctl compliance --delegate "$DELEGATE" | awk '{ gsub(/[\200-\277]/, "") } length > 80' | head -n 3)" '' "longer lines"
}

@test "the probe says what the delegate does when it is driven by hand" {
	local want
	probed "$MAP"
	nothing_left
	hand() { "$ALONE" --root /tmp/hand "$@" </dev/null >"$E2E"/hand.out 2>"$E2E"/hand.err 3>&-; }
	line() { # NAME full|none CMD…: the line is that where the command succeeds
		local name=$1 want=full
		shift
		"$@" || want=none
		is "$(status_of "$name")" $want "$name"
	}
	state() { hand state h1 && [[ $(jq -r .status "$E2E"/hand.out) == "$1" ]]; }
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "60"]'
	line "create makes a container" hand create --bundle /tmp/b h1
	line "it is created after create" state created
	fails() { ! "$@"; }
	line "create of an id in use fails" fails hand create --bundle /tmp/b h1
	line "start starts it" hand start h1
	line "it is running after start" state running
	line "start of a running container fails" fails hand start h1
	line "delete of a running container fails" fails hand delete h1
	line "pause pauses it" hand pause h1
	line "it is paused after pause" state paused
	line "resume resumes it" hand resume h1
	line "kill sends a signal" hand kill h1 KILL
	wait_for 5 state stopped
	line "it is stopped once its process is gone" state stopped
	line "start of a stopped container fails" fails hand start h1
	line "kill of a stopped container fails" fails hand kill h1 KILL
	line "delete of a stopped container removes it" hand delete h1
	line "it is gone after delete" fails state stopped
	hand create --bundle /tmp/b h1
	line "delete of a created container fails" fails hand delete h1
	"$ALONE" --root /tmp/hand delete --force h1 || :
	bundle_make /tmp/b '.process.args = ["/bin/sh", "-c", "echo to-out; echo to-err >&2; exit 42"]'
	want=0
	hand run --bundle /tmp/b h1 || want=$?
	is "$want$(<"$E2E"/hand.out)$(what "$E2E"/hand.err)" 42to-outto-err
	is "$(status_of "the exit code of the process is that of run")" full
	is "$(status_of "the two are not mixed")" full
	"$ALONE" --root /tmp/hand delete --force h1 2>/dev/null || :
}

@test "properties as a container of our own finds them" {
	probed "$MAP"
	in_it() { # JQ SH WANT: full where the container prints WANT, none where it does not
		bundle_make /tmp/b "$1 | .process.args = [\"/bin/sh\", \"-c\", \"$2\"]"
		"$ALONE" --root /tmp/hand run --bundle /tmp/b h1 </dev/null >"$E2E"/hand.out 2>/dev/null 3>&- || :
		"$ALONE" --root /tmp/hand delete --force h1 2>/dev/null || :
		if [[ $(<"$E2E"/hand.out) == "$3" ]]; then echo full; else echo none; fi
	}
	is "$(status_of domainname)" "$(in_it '.domainname = "there"' 'cat /proc/sys/kernel/domainname' there)" domainname
	is "$(status_of hostname)" "$(in_it '.hostname = "here"' 'cat /proc/sys/kernel/hostname' here)" hostname
	is "$(status_of process.user.umask)" "$(in_it '.process.user.umask = 63' umask 0077)" umask
	is "$(status_of process.oomScoreAdj)" "$(in_it '.process.oomScoreAdj = 600' 'cat /proc/self/oom_score_adj' 600)" oomScoreAdj
	is "$(status_of 'linux.namespaces[].type: time')" "$(in_it '.linux.namespaces += [{"type": "time"}]' 'echo yes' yes)" time
	is "$(status_of root.readonly)" "$(in_it '.root.readonly = true' 'touch /x 2>/dev/null || echo no' no)" readonly
	nothing_left
}

@test "a delegate that takes an id twice" {
	# shellcheck disable=SC2016  # the script's own
	broken 'create) '"$ALONE"' "$@"; exit 0 ;;'
	finds "create of an id in use fails: none" "a createRuntime hook that fails lets create fail: none" \
		"hooks.createRuntime[].timeout: none"
}

@test "a delegate that loses exit codes" {
	# shellcheck disable=SC2016
	broken 'run) '"$ALONE"' "$@"; exit 0 ;;'
	finds "the exit code of the process is that of run: none"
}

@test "a delegate that mixes the streams" {
	# shellcheck disable=SC2016
	broken 'run) exec '"$ALONE"' "$@" 2>&1 ;;'
	finds "standard error comes out as such: none" "the two are not mixed: none"
}

@test "a delegate that only says that it paused" {
	broken 'pause) exit 0 ;;'
	# runc does not resume what is not paused; crun says nothing.
	if [[ $DELEGATE == runc ]]; then
		finds "it is paused after pause: none" "resume resumes it: none"
	else
		finds "it is paused after pause: none"
	fi
}

@test "a delegate that starts nothing: the rest is unknown, and nobody waits" {
	local began=$SECONDS
	broken 'run) exit 1 ;; create) exit 1 ;;'
	runvetctl compliance --delegate "$DELEGATE" --probe --format json >"$E2E"/broken.json
	is "$(status_of "create makes a container" "$E2E"/broken.json)" unknown
	is "$(jq -r '.lines[] | select(.name == "process.args") | .status' "$E2E"/broken.json)" none
	is "$(jq -r '[.lines[] | select(.place == null) | .status] | unique | join(" ")' "$E2E"/broken.json)" unknown
	# A command that is waited for takes ten seconds, and there are dozens.
	((SECONDS - began < 60))
	nothing_left
}

@test "a probe that is ended in the middle leaves nothing" {
	local pid rc=0
	# shellcheck disable=SC2016
	broken 'run) '"$ALONE"' "$@"; sleep 30; exit 0 ;;'
	runvetctl compliance --delegate "$DELEGATE" --probe >"$E2E"/out 2>"$E2E"/err 3>&- &
	pid=$!
	wait_for 10 compgen -G '/run/runvet-compliance*/state'
	kill -TERM "$pid"
	wait "$pid" || rc=$?
	is "$rc" 143
	nothing_left
	is "$(wc -c <"$E2E"/out)" 0 "bytes of a map that is not whole"
}

@test "the example in docs has the lines that this map has" {
	# shellcheck disable=SC2016
	names() { sed -nE 's/^(## .*|\| (`[^`]+`|[^|]+) \| (full|partial|none|unknown) \|.*)$/\1\2/p' "$1" | sed -E 's/^\| ([^|]+) \|.*/\1/'; }
	runvetctl compliance --delegate "$DELEGATE" --format markdown >"$E2E"/map.md
	is "$(names "$E2E"/map.md)" "$(names "$RUNVET_TREE/docs/compliance-$DELEGATE.md")"
	[[ $(names "$E2E"/map.md | wc -l) -gt 200 ]]
}

@test "what cannot be mapped" {
	run -2 --separate-stderr runvetctl compliance --delegate nobody
	says "$stderr" "runvetctl: no delegate is called nobody*"
	run -2 runvetctl compliance --host none.json --probe
	run -2 runvetctl compliance --format yaml
	run -2 runvetctl compliance here
}
