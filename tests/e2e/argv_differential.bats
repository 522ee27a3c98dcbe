#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# Command lines that nobody writes, to the real parsers: what they do is what runvet understood.

load ../lib/e2e

@test "no unusual command line is read differently by the real runtime" {
	unshare --mount sh -c 'mount -t tmpfs run /run && exec "$@"' sh \
		python3 "$RUNVET_TREE/tests/argv/differential.py" "$RUNVET_BUILD/tests/show" "$DELEGATE" "$ALONE" 300
}
