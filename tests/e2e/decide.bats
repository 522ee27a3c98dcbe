#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# takes: 15 s
# shellcheck disable=SC2086  # paths of our own, without blanks
# Who decides, and what is written down: the policy's modes and switches, break-glass, what breaks on the way. The
# delegate is a stub, so that what counts is only whether it was started, and with what.

load ../lib/e2e
load ../lib/journald

STUB=/opt/decide/runc
RT=/usr/libexec/runvet/runc

setup() {
	mkdir -p /etc/runvet/runtimes.d /opt/decide
	cp "$RUNVET_BUILD/tests/stub" $STUB
	rm -f $STUB.out $STUB.rc /run/runvet/bypass-until
	jq -n --arg p $STUB '{name: "runc", dialect: "runc", priority: 60, paths: [$p]}' >/etc/runvet/runtimes.d/runc.json
	chmod 644 /etc/runvet/runtimes.d/runc.json
	bundle_make /tmp/b
	rm -f /tmp/log.json
}

teardown() {
	rm -rf /etc/runvet /run/runvet/bypass-until /opt/decide
}

policy() { # JSON
	printf '%s\n' "$1" >/etc/runvet/policy.json
	chmod 644 /etc/runvet/policy.json
}

# call WORDS…: runvet with these words; $status, $out, $err.
call() {
	capture call $RT "$@"
	status=$(cat "$E2E"/call.rc) out=$(cat "$E2E"/call.out) err=$(cat "$E2E"/call.err)
}

create() { # ID [BUNDLE]
	call --log /tmp/log.json --log-format json create --bundle "${2:-/tmp/b}" "$1"
}

started() { # N
	is "$(cat $STUB.out 2>/dev/null | wc -l)" "$1" "how often the delegate was started"
}

# ran: silently, exit 0, the delegate once; `no` refused: exit $1, the delegate not at all.
ran() {
	is "$status,$out,$err,$(cat /tmp/log.json 2>/dev/null)" "0,,," "silence" && started 1
}

no() { # EXIT WANT: word for word on stderr
	is "$status" "$1" "exit status" && is "$out" "" "stdout" && started 0 && refused "$err" "$2"
}

# told ID ACTION DECISION REASON
told() {
	recorded "$1" "$2" "$3" && is "$(jq -r '.reason // ""' <<<"$record")" "$4" "reason"
}

refused_like() { # PATTERN, RECORD in it
	says "$(sed -E "s/$UUID/RECORD/g" <<<"$err")" "$1"
}

@test "a good bundle runs in silence, and one record says so" {
	create good
	ran
	told good create allow ""
	is "$(records 'select(.container.id == "good")' | wc -l)" 1 "records"
}

@test "a broken bundle is refused on both channels, with the same words" {
	bundle_make /tmp/b '.process.cwd = "work"'
	create broken
	is "$status" 1
	started 0
	refused_like 'runvet: config.json:*:*: process.cwd must be an absolute path*\[spec.process.cwd-absolute\]; record RECORD'
	is "$(jq -s length /tmp/log.json)" 1 "JSON values in the log"
	is "$(jq -r .msg /tmp/log.json)" "$err" "the log's msg"
	is "$(jq -r .level /tmp/log.json)" error
	told broken create deny rule-violation
}

@test "exec's refusal exits 255 and names its document" {
	jq '.process | .args = []' /tmp/b/config.json >/tmp/p.json
	chmod 644 /tmp/p.json
	call exec --process /tmp/p.json c-exec
	is "$status" 255
	started 0
	refused_like 'runvet: process.json:*:*: process.args *; record RECORD'
	told c-exec exec deny rule-violation
}

@test "an exec is tied to the record of its create" {
	create tied
	ran
	told tied create allow ""
	made=$(jq -r .id <<<"$record")
	call exec tied /bin/true
	is "$status" 0
	started 2
	told tied exec allow ""
	says "$record" "*\"$made\"*"
}

@test "mode audit runs everything and says what it would have denied" {
	policy '{ "version": 1, "mode": "audit" } // for a week'
	bundle_make /tmp/b '.process.cwd = "work"'
	create audit1
	ran
	told audit1 create would-deny rule-violation
	rm $STUB.out
	echo '{' >/tmp/b/config.json
	create audit2
	ran
	told audit2 create would-deny bundle-unreadable
	rm $STUB.out
	create audit3 /tmp/none
	ran
	told audit3 create would-deny bundle-unreadable
	rm $STUB.out
	call --log /tmp/log.json --log-format json create --bundle /tmp/b --bundle /tmp/b audit4
	ran
	is "$(records 'select(.reason == "command-line") | .decision' | tail -n 1)" '"would-deny"'
}

@test "onError.bundle lets a document through that cannot be read, and no rule" {
	policy '{ "version": 1, "onError": { "bundle": "allow" } }'
	bundle_make /tmp/b '.process.cwd = "work"'
	create on1
	is "$status" 1
	started 0
	told on1 create deny rule-violation
	rm -f /tmp/log.json
	echo '{' >/tmp/b/config.json
	create on2
	ran
	told on2 create bypass bundle-unreadable
}

@test "a policy that cannot be read refuses the judged verbs, and no others" {
	policy '{ "version": 1, "mode": "audit", "onErorr": {} }'
	create pol1
	is "$status" 1
	started 0
	refused_like 'runvet: /etc/runvet/policy.json:1:*onErorr*; record RECORD'
	told pol1 create error policy-unreadable
	for verb in state kill delete start pause resume ps; do
		call $verb pol1
		is "$status,$out,$err" "0,," "$verb"
	done
	call features
	call --version
	started 9
}

@test "a policy that others may write to is no policy" {
	policy '{ "version": 1, "mode": "audit" }'
	chmod 666 /etc/runvet/policy.json
	create pol2
	is "$status" 1
	started 0
	told pol2 create error policy-unreadable
}

@test "break-glass: everything runs for a while, and each time is written down" {
	policy '{'
	date -u -d '+10 minutes' +%FT%TZ >/run/runvet/bypass-until
	create glass1
	ran
	told glass1 create bypass break-glass
	rm /etc/runvet/policy.json $STUB.out
	bundle_make /tmp/b '.process.cwd = "work"'
	create glass2
	ran
	told glass2 create bypass break-glass
	date -u -d '-1 second' +%FT%TZ >/run/runvet/bypass-until
	create glass3
	is "$status" 1
	told glass3 create deny rule-violation
}

@test "a verb that nobody knows: refused, or passed on when the policy says so" {
	call --root /run/x frobnicate --all
	is "$status" 1
	started 0
	refused_like 'runvet: *frobnicate*; record RECORD'
	policy '{ "version": 1, "unknownVerb": "pass" }'
	call --root /run/x frobnicate --all
	is "$status" 0
	started 1
	is "$(jq -c '.argv[1:]' $STUB.out)" '["--root","/run/x","frobnicate","--all"]'
}

with_stdin() { # TEXT WORDS…
	local text=$1
	shift
	status=0
	$RT "$@" < <(printf '%s' "$text") >"$E2E"/call.out 2>"$E2E"/call.err || status=$?
	out=$(cat "$E2E"/call.out) err=$(cat "$E2E"/call.err)
}

@test "update: stdin is judged and comes back" {
	with_stdin '{"pids":{"limit":7}}' update --resources - up1
	is "$status,$out,$err" "0,,"
	is "$(jq -r .stdin $STUB.out)" '{"pids":{"limit":7}}'
	told up1 update allow ""
	with_stdin '{"pids":{"limit":"7"}}' update --resources=- up2
	is "$status" 1
	started 1
	refused_like 'runvet: resources:1:*pids.limit*; record RECORD'
	with_stdin '{"pids":' update --resources=- up3
	is "$status" 1
	refused_like 'runvet: resources:1:*; record RECORD'
}

@test "what stands on the command line of exec is in no record and no journal" {
	create secret
	ran
	call exec --env TOKEN=hunter2 secret /bin/sh -c 'echo hunter2'
	is "$status" 0
	started 2
	says "$(tail -n 1 $STUB.out)" '*TOKEN=hunter2*'
	told secret exec allow ""
	id=$(jq -r .id <<<"$record")
	says "$(journalctl --all --output=export RUNVET_RECORD="$id")" '*RUNVET_ACTION=exec*'
	is "$(journalctl --all --output=export | grep -c hunter2)" 0 "in the journal"
	is "$(grep -c hunter2 $CHAIN)" 0 "in the chain"
}

@test "what stands on the command line of exec is not in the journal when the journal is late" {
	printf '#!/bin/sh\nsleep 2\n' >/opt/decide/slow
	chmod 755 /opt/decide/slow
	jq '.paths = ["/opt/decide/slow"]' /etc/runvet/runtimes.d/runc.json >/tmp/slow.json
	cat /tmp/slow.json >/etc/runvet/runtimes.d/runc.json
	kill -STOP "$(journald_pid)"
	$RT exec --env TOKEN=hunter4 late /bin/true 3>&- 4>&- &
	wait_for 10 handed_on $!
	kill -CONT "$(journald_pid)"
	told late exec allow ""
	id=$(jq -r .id <<<"$record")
	# shellcheck disable=SC2016 # eval expands it
	wait_for 10 eval 'journalctl --all --output=export RUNVET_RECORD=$id | grep -q RUNVET_ACTION=exec'
	is "$(journalctl --all --output=export | grep -c hunter4)" 0 "in the journal"
	wait
}

@test "runtimes.d broken: judged verbs are refused, the others have the built-in entry" {
	echo '{' >/etc/runvet/runtimes.d/runc.json
	create rt1
	is "$status" 1
	refused_like 'runvet: /etc/runvet/runtimes.d/runc.json:*; record RECORD'
	told rt1 create error runtimes-unreadable
	call --version
	is "$status" 0
	says "$out" 'runc version*'
}

@test "a delegate that is not there" {
	jq -n '{name: "runc", dialect: "runc", priority: 60, paths: ["/nonexistent/runc"]}' >/etc/runvet/runtimes.d/runc.json
	policy '{ "version": 1, "mode": "audit" }'
	create none1
	is "$status" 1
	refused_like 'runvet: *; record RECORD'
	told none1 create error runtimes-unreadable
	call state none1
	is "$status" 1
	says "$err" 'runvet: *\[runtime.installed\]'
}

@test "a ring is found: the delegate is runvet, or leads back to it" {
	jq -n '{name: "runc", dialect: "runc", priority: 60, paths: ["/usr/bin/runvet"]}' >/etc/runvet/runtimes.d/runc.json
	create ring1
	is "$status" 1
	refused_like 'runvet: *; record RECORD'
	printf '#!/bin/sh\nexec %s "$@"\n' $RT >/opt/decide/wrap
	chmod 755 /opt/decide/wrap
	jq -n '{name: "runc", dialect: "runc", priority: 60, paths: ["/opt/decide/wrap"]}' >/etc/runvet/runtimes.d/runc.json
	rm -f /tmp/log.json
	create ring2
	is "$status" 1
	refused_like 'runvet: *through runvet*; record RECORD'
	is "$(jq -s length /tmp/log.json)" 1 "refusals in the log"
}

@test "two runtimes, one id, no --root: each keeps its own container" {
	printf '#!/bin/sh\necho youki "$@"\n' >/opt/decide/youki
	chmod 755 /opt/decide/youki
	jq -n '{name: "youki", dialect: "youki", priority: 50, paths: ["/opt/decide/youki"]}' >/etc/runvet/runtimes.d/youki.json
	create twin
	ran
	mkdir -p /run/runc/twin
	is "$(/usr/libexec/runvet/youki create --bundle /tmp/b twin)" "youki create --bundle /tmp/b twin" "youki's create"
	is "$(cat /run/runvet/ctr/* | jq -r 'select(.id == "twin").runtime')" runc "the note is of the one that is there"
	call kill twin KILL
	is "$status" 0 && is "$out" "" && started 2
	is "$(/usr/libexec/runvet/youki kill twin KILL)" "youki kill twin KILL" "youki's kill"
	create twin
	is "$(cat /run/runvet/ctr/* | jq -r 'select(.id == "twin").record')" \
		"$(jq -r 'select(.container.id == "twin").id' $CHAIN | head -1)" "the record of a create that failed is not noted"
	rmdir /run/runc/twin
}

@test "a bundle that is a link, another's, or everybody's" {
	ln -sfn /tmp/b /tmp/link
	create own1 /tmp/link
	is "$status" 1
	refused_like 'runvet: /tmp/link: it is a symbolic link*\[bundle.directory\]; record RECORD'
	chmod 777 /tmp/b
	create own2
	is "$status" 1
	refused_like 'runvet: config.json: *\[bundle.owner\]; record RECORD'
	chmod 755 /tmp/b
	chown 1000 /tmp/b
	create own3
	is "$status" 1
	refused_like 'runvet: config.json: *\[bundle.owner\]; record RECORD'
	bundle_make /tmp/b '.linux.namespaces += [{"type":"user"}] |
		.linux.uidMappings = [{"containerID":0,"hostID":1000,"size":10}] | .linux.gidMappings = .linux.uidMappings'
	chown 1000 /tmp/b
	rm -f /tmp/log.json
	create own4
	ran
	told own4 create allow ""
	says "$record" '*bundle.owner*'
}

@test "called as containerd's shim: only PATH changes, and our runtimes come first in it" {
	cp $STUB /opt/decide/shim
	jq -n '{name: "containerd-shim-runc-v2", dialect: "containerd-shim", paths: ["/opt/decide/shim"]}' \
		>/etc/runvet/runtimes.d/containerd-shim-runc-v2.json
	words=(-namespace k8s.io -address /run/c.sock -publish-binary /usr/bin/containerd -id c1 start)
	env -i A=1 PATH=/usr/sbin:/usr/bin B=2 /usr/bin/runvet "${words[@]}"
	is "$(jq -c .env /opt/decide/shim.out)" '["PATH=/usr/libexec/runvet:/usr/sbin:/usr/bin","A=1","B=2"]'
	is "$(jq -c '.argv[1:]' /opt/decide/shim.out)" "$(words "${words[@]}")"
	rm /opt/decide/shim.out
	env -i PATH=/usr/libexec/runvet:/bin /usr/bin/runvet -namespace x -address y -bundle /b -id c1 delete
	is "$(jq -c .env /opt/decide/shim.out)" '["PATH=/usr/libexec/runvet:/bin"]' "not twice"
	rm /opt/decide/shim.out
	env -i /usr/bin/runvet -info
	says "$(jq -r '.env[0]' /opt/decide/shim.out)" 'PATH=/usr/libexec/runvet:/*'
	started 0
	is "$(records . 2>/dev/null | grep -c k8s.io)" 0 "a shim is no create"
}

@test "called as containerd's shim, and there is none" {
	jq -n '{name: "containerd-shim-runc-v2", dialect: "containerd-shim", paths: ["/nonexistent"]}' \
		>/etc/runvet/runtimes.d/containerd-shim-runc-v2.json
	run -1 /usr/bin/runvet -namespace x -id c1 start
	is "$output" "runvet: containerd-shim-runc-v2 cannot be started: it is missing [runtime.installed]"
}
