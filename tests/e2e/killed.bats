#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# takes: 15 s
# Death at any moment: no container without a record, and the chain holds.

load ../lib/e2e

setup_file() {
	bundle_make /tmp/b
	stub_lay
}

create_stub() { /usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/b "$1"; }

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
