# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A systemd-journald of our own inside the sandbox: volatile, without rate limit, leaving the kernel's audit switch alone.

JOURNALD_PID_FILE=/run/runvet-test-journald.pid

journald_start() {
	mkdir -p /run/systemd/journal /run/systemd/units /run/systemd/journald.conf.d /run/log
	printf '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=\nRateLimitIntervalSec=0\n' \
		>/run/systemd/journald.conf.d/50-test.conf
	rm -f /run/systemd/journal/io.systemd.journal
	/lib/systemd/systemd-journald </dev/null >/dev/null 2>/run/runvet-test-journald.err 3>&- 4>&- &
	echo $! >$JOURNALD_PID_FILE
	local i
	for ((i = 0; i < 250; i++)); do
		[[ ! -S /run/systemd/journal/io.systemd.journal ]] || return 0
		sleep 0.02
	done
	echo "journald did not come up:" >&2
	cat /run/runvet-test-journald.err >&2
	return 1
}

journald_pid() { cat $JOURNALD_PID_FILE; }

# Ends it, sockets left as they are: nobody listens there.
journald_stop() {
	local pid i
	pid=$(journald_pid)
	kill -CONT "$pid" 2>/dev/null || :
	kill -TERM "$pid" 2>/dev/null || :
	for ((i = 0; i < 250; i++)); do
		kill -0 "$pid" 2>/dev/null || return 0
		# A child of another shell stays a zombie until that shell looks: gone is gone.
		[[ $(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null) != Z ]] || return 0
		sleep 0.02
	done
	kill -KILL "$pid"
}
