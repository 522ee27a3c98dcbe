# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The Test Anything Protocol for scripts, as tests/tap.h is for C: source it, say what holds, end with tap_done.
# A script exits 0 also when something does not hold; whoever runs it reads the lines.

tap_count=0
tap_failed=0

# ok TEXT: it holds.
ok()
{
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$1"
}

# not_ok TEXT [DETAILS]: it does not; each line of DETAILS is shown behind "# ".
not_ok()
{
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
	if [ -n "${2-}" ]; then
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

# tap_clean TEXT FAULTS: holds when FAULTS is empty.
tap_clean()
{
	if [ -z "$2" ]; then
		ok "$1"
	else
		not_ok "$1" "$2"
	fi
}

# tap_skip TEXT REASON: cannot be said here.
tap_skip()
{
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# The plan, last. A script that dies before this has none, which counts as a failure.
tap_done()
{
	printf '1..%d\n' "$tap_count"
}
