#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# Two hundred at once, and death at any moment: no container without a record, and the chain holds.

load ../lib/e2e

# Two hundred at a time; `tests/run --long` asks for thousands.
COUNT=${COUNT:-200} AT_ONCE=200

setup_file() {
	bundle_make /tmp/b
	mkdir -p /etc/runvet/runtimes.d
	cp "$RUNVET_BUILD/tests/stub" /usr/local/bin/stub
	echo '{ "name": "stub", "dialect": "runc", "priority": 1, "paths": ["/usr/local/bin/stub"] }' >/etc/runvet/runtimes.d/stub.json
	ln -s /usr/bin/runvet /usr/libexec/runvet/stub
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

# The program runs under strace, which kills it at the entry of its Nth system call. Until it completes, whenever the delegate
# has run there has to be a record, and what is left of the chain holds and takes the next one.
@test "kill -9 at every system call of a create" {
	# Under the sanitizers there are many more calls, few of them ours: a sample does.
	local n=0 ended='' step=1
	[[ ! ${E2E_SANITIZED:-} ]] || step=7
	rm -rf /var/log/runvet /run/runvet
	while [[ ! $ended ]]; do
		n=$((n + step))
		rm -f /usr/local/bin/stub.out
		if strace -o /dev/null -e trace=all -e inject=all:signal=KILL:when=$n \
			/usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/b "k$n" </dev/null >/dev/null 2>/tmp/strace.err; then
			ended=1
		fi
		if [[ -e /usr/local/bin/stub.out ]]; then
			[[ $(record_of "k$n" create) ]] || {
				echo "killed at call $n: the delegate ran and nothing is recorded"
				return 1
			}
		fi
		if [[ -s $CHAIN ]]; then
			chain_holds >/dev/null || { echo "killed at call $n: the chain is broken"; tail -n 2 "$CHAIN"; return 1; }
		fi
		((n < 2000)) || { echo "it never completed"; return 1; }
	done
	echo "# $n system calls, $(wc -l <"$CHAIN") records" >&3
	((n > 30))
	create_stub after </dev/null
	[[ $(record_of after create) ]]
	chain_holds
}

@test "an unknown tail in the chain, as a crash of the machine leaves it, is repaired and told" {
	printf '{"half a li' >>"$CHAIN"
	create_stub tail </dev/null
	[[ $(record_of tail create) ]]
}
