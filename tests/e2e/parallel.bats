#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# alone: because it loads the machine
# Two hundred at once: no container without a record, and the chain holds.

load ../lib/e2e

# Two hundred at a time; `tests/run --long` asks for thousands.
COUNT=${COUNT:-200} AT_ONCE=200

setup_file() {
	bundle_make /tmp/b
	stub_lay
}

# written FILTER [JQ ARGS…]: of all records, also those that somebody who had not come to the lock in time put into the chain in memory.
written() { cat /var/log/runvet/merged-* "$CHAIN" /run/runvet/chain 2>/dev/null | jq -c "$@"; }

# home: what one more create brings to the chain on disk.
home() {
	create_stub home </dev/null
	[[ ! -e /run/runvet/chain ]]
}

create_stub() { /usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/b "$1"; }

@test "$COUNT creates in parallel: as many records, an unbroken chain, no sequence twice" {
	local i pid pids=() failed=0
	rm -rf /var/log/runvet
	for ((i = 0; i < COUNT; i++)); do
		create_stub "p$i" </dev/null 3>&- &
		pids+=($!)
		if ((${#pids[@]} == AT_ONCE || i + 1 == COUNT)); then
			for pid in "${pids[@]}"; do
				wait "$pid" || failed=$((failed + 1))
			done
			pids=()
		fi
	done
	is $failed 0 "creates that failed"
	is "$(wc -l </usr/local/bin/stub.out)" "$COUNT" "delegates that ran"
	chain_holds
	is "$(written 'select(.action == "create") | .id' | sort -u | wc -l)" "$COUNT" "records"
	is "$(records .seq | sort -n | uniq -d)" "" "sequences that are there twice"
	is "$(written 'select(.action == "create") | .container.id' -r | sort -u | wc -l)" "$COUNT" "containers in the chain"
	is "$(written 'select(.action == "create" and .decision != "allow")')" ""
	echo "# $(($(written 'select(.action == "create")' | wc -l) - $(records 'select(.action == "create")' | wc -l))) were spilled" >&3
	# Not much of it: the lock is held for a moment at a time.
	(($(records 'select(.action == "create")' | wc -l) > COUNT / 2))
	journalctl --sync
	is "$(journalctl -q -o json RUNVET_ACTION=create | jq -r .RUNVET_RECORD | sort -u | wc -l)" "$COUNT" "records in the journal"
	wait_for 10 home
}

@test "forty real containers in parallel" {
	local i pids=()
	bundle_make /tmp/b '.process.args = ["/bin/true"]'
	rm -rf /var/log/runvet
	for ((i = 0; i < 40; i++)); do
		"$VETTED" run --bundle /tmp/b "r$i" </dev/null >/tmp/r$i.out 2>&1 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	is "$(what <(cat /tmp/r*.out))" ""
	chain_holds
	is "$(written 'select(.action == "run") | .id' | sort -u | wc -l)" 40
	is "$(runc list -q)" ""
}
