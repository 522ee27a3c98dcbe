# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A systemd-journald of our own inside the sandbox: volatile, without rate limit, leaving the kernel's audit switch alone.

JOURNALD_PID_FILE=/run/runvet-test-journald.pid

# JOURNALD_STORAGE says what it keeps.
journald_start() {
	mkdir -p /run/systemd/journal /run/systemd/units /run/systemd/journald.conf.d /run/log
	printf '[Journal]\nStorage=%s\nReadKMsg=no\nAudit=\nRateLimitIntervalSec=0\n' "${JOURNALD_STORAGE:-volatile}" \
		>/run/systemd/journald.conf.d/50-test.conf
	rm -f /run/systemd/journal/io.systemd.journal
	/lib/systemd/systemd-journald </dev/null >/dev/null 2>/run/runvet-test-journald.err 3>&- 4>&- &
	echo $! >$JOURNALD_PID_FILE
	local i
	for ((i = 0; i < 1500; i++)); do
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
	for ((i = 0; i < 1500; i++)); do
		kill -0 "$pid" 2>/dev/null || return 0
		# A child of another shell stays a zombie until that shell looks: gone is gone.
		[[ $(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null) != Z ]] || return 0
		sleep 0.02
	done
	kill -KILL "$pid"
}

# --- the journal namespace `runvet`, as its units would start it -----------------------------------------------------------

NAMESPACE=/run/systemd/journal.runvet
NAMESPACE_PID_FILE=/run/runvet-test-journald-runvet.pid

# With the settings that are installed; the modes are those of the sockets' units. journald itself makes the others.
namespace_start() {
	local dir
	dir=/var/log/journal/$(cat /etc/machine-id).runvet
	mkdir -p $NAMESPACE "$dir"
	rm -f $NAMESPACE/io.systemd.journal
	(umask 0177 && exec /lib/systemd/systemd-journald runvet </dev/null >/dev/null 2>/run/runvet-test-journald-runvet.err 3>&- 4>&-) &
	echo $! >$NAMESPACE_PID_FILE
	local i
	for ((i = 0; i < 1500; i++)); do
		if [[ -S $NAMESPACE/io.systemd.journal ]]; then
			chmod 600 $NAMESPACE/socket
			return 0
		fi
		sleep 0.02
	done
	echo "the journal namespace did not come up:" >&2
	cat /run/runvet-test-journald-runvet.err >&2
	return 1
}

namespace_stop() {
	local pid i
	pid=$(cat $NAMESPACE_PID_FILE 2>/dev/null) || return 0
	kill -TERM "$pid" 2>/dev/null || :
	for ((i = 0; i < 1500; i++)); do
		[[ -e /proc/$pid && $(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null) != Z* ]] || break
		sleep 0.02
	done
	rm -f $NAMESPACE_PID_FILE
}
