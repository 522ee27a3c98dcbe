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
	is "$(records 'select(.action == "create") | .id' | wc -l)" "$COUNT" "records"
	is "$(records .seq | sort -n | uniq -d)" "" "sequences that are there twice"
	is "$(records 'select(.action == "create") | .container.id' -r | sort -u | wc -l)" "$COUNT" "containers in the chain"
	is "$(records 'select(.action == "create" and .decision != "allow")')" ""
	journalctl --sync
	is "$(journalctl -q -o json RUNVET_ACTION=create | jq -r .RUNVET_SEQ | sort -u | wc -l)" "$COUNT" "records in the journal"
	[[ ! -e /run/runvet/chain ]]
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
	is "$(cat /tmp/r*.out)" ""
	chain_holds
	is "$(records 'select(.action == "run") | .id' | wc -l)" 40
	is "$(runc list -q)" ""
}
