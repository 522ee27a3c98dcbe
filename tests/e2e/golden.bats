#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# takes: 15 s
# What engines say reaches the delegate byte for byte, and so does everything that a process is born with.

load ../lib/e2e

# The stand-in for crun is called crun, and no crun starts anything on a hybrid hierarchy: that is told, and not the subject.
setup_file() { mkdir -p /etc/runvet && echo '{ "version": 1, "mode": "audit" }' > /etc/runvet/policy.json; }

golden() { python3 "$RUNVET_TREE/tests/e2e/golden.py" "$@"; }

@test "every command line of every engine reaches the delegate as it came, in silence" {
	golden corpus
}

@test "umask" { golden state plain; golden state umask; golden state umask-all; }
@test "signals that the caller ignores or blocks" { golden state signals-ignored; golden state signals-blocked; }
@test "process group and session" { golden state process-group; golden state session; }
@test "OOM score" { golden state oom-score; }
@test "the signal at the parent's death" { golden state death-signal; }
@test "no_new_privs, niceness, limits" { golden state no-new-privs; golden state nice; golden state limits; }
@test "standard descriptors that are closed stay closed" {
	golden state stdin-closed
	golden state stdout-closed
	golden state stderr-closed
	golden state all-closed
}
@test "descriptors beyond: none closed, none added, offsets kept" { golden state descriptors; golden state listen-fds; }
@test "an environment that is empty, or odd" { golden state environment-empty; golden state environment-odd; }
@test "a working directory that is elsewhere, or gone" { golden state cwd-root; golden state cwd-gone; }
