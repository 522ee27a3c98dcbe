#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# A container's life in the trail: each step is tied to the create that was allowed, nothing of it reaches the caller, and what was
# known of another container, or of another boot, is not taken for this one's.

load ../lib/e2e
load ../lib/journald

setup_file() {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'
	jq .process /tmp/b/config.json >/tmp/process.json
}

setup() { rm -rf /var/log/runvet; }

teardown() {
	rm -rf /etc/runvet
	"$ALONE" delete --force c1 2>/dev/null || :
}

stopped() { "$ALONE" state "$1" | grep -q '"stopped"'; }

# steps FILTER: of all records in their order, events on one line.
steps() { records "select(.container.id == \"$1\") | .event.code" -r | paste -sd' '; }

# tied ID: every record of the container but its create names that create.
tied() {
	local create
	create=$(record_of "$1" create | jq -r .id)
	is "$(records "select(.container.id == \"$1\" and .action != \"create\") | .create_id" -r | sort -u)" "$create" "create_id of $1"
}

life() {
	"$RT" create --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	"$RT" start c1
	"$RT" exec --process /tmp/process.json --detach c1 </dev/null >/dev/null 2>&1
	"$RT" kill c1
	"$RT" kill c1 0
	"$RT" kill c1 9
	wait_for 10 stopped c1
	"$RT" delete c1
	echo "$?"
}

@test "create, start, exec, kill, delete: as the runtime alone, and each in the trail" {
	same life
	is "$status $out $err" "0 0 "
	is "$(steps c1)" 'create.allowed container.start exec.allowed container.kill container.kill container.kill container.delete'
	tied c1
	# The runtime itself sends SIGTERM when it is told none.
	is "$(records 'select(.action == "kill") | .signal // "-"' -r | paste -sd' ')" 'SIGTERM - SIGKILL'
	is "$(records 'select(.action == "start") | [.severity, .runtime.path, .caller.exe, .decision] | map(. // "-") | join(" ")' -r)" \
		"info $ALONE $(readlink -f /proc/$$/exe) -"
	local start
	start=$(record_of c1 start | jq -r .id)
	is "$(journal "$start" RUNVET_EVENT) $(journal "$start" PRIORITY) $(journal "$start" RUNVET_CREATE_RECORD)" \
		"container.start 6 $(record_of c1 create | jq -r .id)"
	is "$(journal "$start" OBJECT_PID)" ""
	chain_holds
}

@test "what the runtime does without a signal's name is what the record says" {
	bundle_make /tmp/t '.process.args = ["/bin/sh", "-c", "trap \"echo term; exit 0\" TERM; echo up; while :; do sleep 0.1; done"]'
	"$ALONE" run --bundle /tmp/t t1 </dev/null >/tmp/t1.out 2>&1 3>&- &
	wait_for 10 grep -q up /tmp/t1.out
	"$VETTED" kill t1
	wait
	is "$(what /tmp/t1.out | tail -n 1)" term
	is "$(record_of t1 kill | jq -r '[.signal, .create_id // "none"] | join(" ")')" "SIGTERM none" "a container that came around runvet"
	"$ALONE" delete --force t1 || :
}

@test "pause, resume" {
	"$VETTED" run --detach --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	"$VETTED" pause c1
	"$VETTED" resume c1
	is "$(steps c1)" 'run.allowed container.pause container.resume'
	is "$(records 'select(.container.id == "c1" and .action != "run") | .create_id' -r | sort -u)" "$(record_of c1 run | jq -r .id)"
	# A step is told when it is asked for, as the runtime is about to be.
	fails "$VETTED" checkpoint --image-path /tmp/none c1
	is "$(record_of c1 checkpoint | jq -r .create_id)" "$(record_of c1 run | jq -r .id)"
}

fails() {
	if "$@" >/dev/null 2>&1; then
		echo "went well: $*"
		return 1
	fi
}

@test "who only looks, or asks for help, leaves nothing" {
	"$VETTED" run --detach --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	local before
	before=$(wc -l <"$CHAIN")
	"$VETTED" state c1
	"$VETTED" list
	"$VETTED" ps c1 || :
	"$VETTED" features || :
	"$VETTED" --version
	"$VETTED" kill --help
	"$VETTED" delete || :
	is "$(wc -l <"$CHAIN")" "$before" "lines of the chain"
}

@test "\"lifecycle\": false: decisions only, from the first one on" {
	mkdir -p /etc/runvet
	echo '{ "version": 1, "audit": { "lifecycle": false } }' >/etc/runvet/policy.json
	RT=$VETTED life
	is "$(steps c1)" 'create.allowed exec.allowed'
	rm /etc/runvet/policy.json
	RT=$VETTED life
	is "$(record_of c1 delete | jq -r .create_id)" "$(record_of c1 create | jq -r .id)"
}

@test "a create whose container is gone, and one of another boot, are not this one's" {
	"$VETTED" create --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	local first second note
	first=$(record_of c1 create | jq -r .id)
	note=$(grep -l '"id":"c1"' /run/runvet/ctr/*)
	is "$(stat -c %a "$note")" 600
	"$ALONE" delete --force c1
	"$VETTED" create --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	second=$(record_of c1 create | jq -r .id)
	[[ $first != "$second" ]]
	"$VETTED" start c1
	is "$(record_of c1 start | jq -r .create_id)" "$second"
	# The same while it exists: that create fails, and what runs is still the second one's.
	fails "$VETTED" create --bundle /tmp/b c1 </dev/null
	"$VETTED" kill c1 WINCH
	is "$(record_of c1 kill | jq -r '[.create_id, .signal] | join(" ")')" "$second SIGWINCH"

	sed -i 's/"boot":"[^"]*"/"boot":"00000000-0000-4000-8000-000000000000"/' "$note"
	"$VETTED" kill c1 USR1
	is "$(record_of c1 kill | jq -r '.create_id // "none"')" none "a note of another boot"
	"$ALONE" delete --force c1
	"$VETTED" run --detach --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	"$VETTED" kill c1 KILL
	is "$(record_of c1 kill | jq -r .create_id)" "$(record_of c1 run | jq -r .id)"
}

# quickest SIGNAL: of five kills, in milliseconds.
quickest() {
	local began
	for _ in 1 2 3 4 5; do
		began=${EPOCHREALTIME/[.,]/}
		"$VETTED" kill c1 "$1" 9>&-
		echo $(((${EPOCHREALTIME/[.,]/} - began) / 1000))
	done | sort -n | head -n 1
}

@test "the chain's lock held, journald standing still: nobody waits" {
	"$VETTED" run --detach --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	local took unhindered lines
	lines=$(wc -l <"$CHAIN")
	kill -STOP "$(journald_pid)"
	exec 9>>/var/log/runvet/head
	flock 9
	took=$(quickest CONT)
	exec 9>&-
	kill -CONT "$(journald_pid)"
	is "$(wc -l <"$CHAIN")" "$lines" "lines of the chain"
	# Against the same with nothing in the way; a wait for the lock would be 200 ms, each time.
	unhindered=$(quickest URG)
	echo "# $took ms for a kill, and $unhindered ms with nothing in the way" >&3
	((took <= unhindered + 120))
	journalctl --sync
	is "$(journalctl -q -o json RUNVET_ACTION=kill RUNVET_CONTAINER_ID=c1 RUNVET_SIGNAL=SIGCONT | jq -r .RUNVET_CREATE_RECORD | sort | uniq -c | tr -s ' ')" \
		" 5 $(record_of c1 run | jq -r .id)" "what the journal was told"
}

@test "a policy that changed is told once, before the first decision by it" {
	create() { "$VETTED" create --bundle /tmp/b "$1" </dev/null >/dev/null 2>&1; }
	create n0
	mkdir -p /etc/runvet
	echo '{ "version": 1, "mode": "audit" }' >/etc/runvet/policy.json
	local i pids=()
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		create "n$i" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	local digest
	digest=sha256:$(sha256sum </etc/runvet/policy.json | cut -d' ' -f1)
	is "$(records 'select(.event.code == "policy.changed") | [.policy.before, .policy.digest, .mode] | join(" ")' -r)" "none $digest audit"
	# Another boot: /run is empty, and it is still the same policy; then it is none.
	rm -rf /run/runvet
	create n20
	is "$(records 'select(.event.code == "policy.changed")' | wc -l)" 1
	rm -rf /run/runvet /etc/runvet
	create n21
	is "$(records 'select(.event.code == "policy.changed") | [.policy.before, .policy.digest] | join(" ")' -r | tail -n 1)" "$digest none"
	is "$(records .event.code -r | tail -n 2 | paste -sd' ')" 'policy.changed create.allowed'
	# What cannot be read is no other policy.
	mkdir -p /etc/runvet
	echo '{ "version": 1, "mode": "perhaps" }' >/etc/runvet/policy.json
	create n22 || :
	is "$(records 'select(.event.code == "policy.changed")' | wc -l)" 2
	for i in {0..12} 20 21 22; do
		"$ALONE" delete --force "n$i" 2>/dev/null || :
	done
	chain_holds
}
