#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# takes: 30 s
# Whatever is broken around it: the verbs that have to work behave as the delegate alone, and what runvet adds to exec
# and create stays bounded. Time is measured against the same call without runvet, to a delegate that exits at once.

load ../lib/e2e
load ../lib/journald

CREATE_MS=300 EXEC_MS=100 ALONE_MS=2000
# Sanitized, what counts is that there is a bound.
if [[ ${E2E_SANITIZED:-} ]]; then CREATE_MS=1000 EXEC_MS=500; fi

setup_file() {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'
	jq .process /tmp/b/config.json >/tmp/process.json
	cp "$RUNVET_BUILD/tests/stub" /usr/local/bin/stub
	mkdir -p /var/log /tmp/rr
}

teardown() {
	if mountpoint -q /usr/sbin/runc; then umount /usr/sbin/runc; fi
	if mountpoint -q /var/log; then umount /var/log; fi
	if [[ -e /tmp/usr-share-runvet ]]; then mv /tmp/usr-share-runvet /usr/share/runvet; fi
	rm -rf /etc/runvet
	daemon_stop flood
	daemon_stop holder
	journald_pid >/dev/null && gone "$(journald_pid)" && journald_start
	kill -CONT "$(journald_pid)"
	runc --root /tmp/rr delete --force c1
	rm -rf /run/runvet
	mkdir -p /var/log/runvet
	chmod 700 /var/log/runvet
}

# /var/log is a file system of its own, SIZE large.
log_mount() {
	mount -t tmpfs -o mode=755,size="$1" tmpfs /var/log
}

# held FILE: somebody has its lock.
held() { ! flock --nonblock "$1" true; }

# --- circumstances of the call itself: prefixes of CMD… ------------------------------------------------------------------

plain() { "$@"; }
without_environment() { env -i "$@"; }
closed() { "$@" <&- >&- 2>&-; }
small_files() { (ulimit -S -f 0 && exec "$@"); }
deaf() { python3 -c 'import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])' "$@"; }
run_readonly() {
	# shellcheck disable=SC2016  # the inner shell's words
	unshare --mount bash -c 'mkdir -p /run/e2e && mount --bind /run/e2e /run/e2e && mount -o remount,ro,bind /run && exec "$@"' bash "$@"
}
# runc keeps its state below /tmp/rr: what is taken away here is what is ours.
call() { "$AROUND" "$RT" --root /tmp/rr "$@"; }

# --- they behave as the delegate alone -----------------------------------------------------------------------------------

stopped() { runc --root /tmp/rr state "$1" | grep -q '"stopped"'; }

verbs() {
	runc --root /tmp/rr create --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	call --version
	echo "version: $?"
	call features
	echo "features: $?"
	call state c1 | jq -r .status
	call start c1
	echo "start: $?"
	call state none
	echo "state: $?"
	call kill c1 KILL
	echo "kill: $?"
	wait_for 10 stopped c1
	call delete c1
	echo "delete: $?"
	call delete --force c1
	echo "delete: $?"
}

# --- what is added is bounded --------------------------------------------------------------------------------------------

# For a while, runc is a program that exits at once and writes down that it ran.
stub_on() {
	mount --bind /usr/local/bin/stub /usr/sbin/runc
	rm -f /usr/sbin/runc.out
}

stub_off() { umount /usr/sbin/runc; }

# median CMD…: milliseconds, of seven.
median() {
	local began
	for _ in 1 2 3 4 5 6 7; do
		began=${EPOCHREALTIME/[.,]/}
		"$@" </dev/null >/dev/null 2>&1
		echo $(((${EPOCHREALTIME/[.,]/} - began) / 1000))
	done | sort -n | sed -n 4p
}

creates() { "$AROUND" "$1" --root /tmp/rr create --bundle /tmp/b "${ID:-t1}"; }
execs() { "$AROUND" "$1" --root /tmp/rr exec --process /tmp/process.json t1; }

# bounded CREATE-MS EXEC-MS. Another process may have had the processor: what waits without a bound does so a third time as well.
bounded() {
	measured "$@" || measured "$@" || measured "$@"
}

measured() {
	local create exec base
	stub_on
	base=$(median creates "$ALONE") && create=$(($(median creates "$VETTED") - base))
	base=$(median execs "$ALONE") && exec=$(($(median execs "$VETTED") - base))
	stub_off
	(($(wc -l </usr/sbin/runc.out) >= 14)) || {
		echo "the calls that were measured did not reach the delegate"
		return 1
	}
	echo "# added: create $create ms, exec $exec ms" >&3
	((create <= $1 && exec <= $2)) || {
		echo "create may add $1 ms and exec $2 ms"
		return 1
	}
}

# created: one create is let through; its record is where $1 (chain, spill, journal) says. The container's name is no other test's: the
# chain has the records of those, too.
created() {
	local ID=n$BATS_TEST_NUMBER
	stub_on
	run -0 creates "$VETTED" </dev/null
	stub_off
	[[ -s /usr/sbin/runc.out ]]
	is_in "$1" "$ID" || {
		echo "the record is not in $1; after $SECONDS s there are:"
		ls -lAR --time-style=full-iso /run/runvet /var/log/runvet
		ps -e -o pid,ppid,lstart,stat,args
		return 1
	}
}

is_in() {
	case $1 in
	chain) [[ $(record_of "$2" create) ]] && chain_holds ;;
	spill) [[ $(CHAIN=/run/runvet/chain record_of "$2" create) ]] && chain_holds /run/runvet ;;
	journal) journalctl --sync && journalctl -q -o json RUNVET_CONTAINER_ID="$2" RUNVET_COMMIT=unproved | grep -q . ;;
	esac
}

# not_created: create is refused and the delegate does not run.
not_created() {
	stub_on
	run -1 creates "$VETTED" </dev/null
	stub_off
	[[ ! -e /usr/sbin/runc.out ]]
}

# works AROUND: the verbs, in these circumstances.
works() {
	AROUND=$1
	same verbs
	says "$out" "${2:-*version: 0*features: 0*created*start: 0*state: 1*kill: 0*delete: 0*delete: 0*}"
}

# --- the cases -----------------------------------------------------------------------------------------------------------

@test "all is well" {
	works plain
	bounded $CREATE_MS $EXEC_MS
	created chain
}

@test "no configuration at all" {
	mv /usr/share/runvet /tmp/usr-share-runvet || mkdir /tmp/usr-share-runvet
	works plain
	bounded $CREATE_MS $EXEC_MS
	created chain
}

@test "a policy that cannot be read" {
	mkdir -p /etc/runvet
	echo '{ "version": 1, "mode": "enforce", ' >/etc/runvet/policy.json
	works plain
	bounded $CREATE_MS $EXEC_MS
	not_created
	rm /etc/runvet/policy.json
	mkdir /etc/runvet/policy.json
	works plain
	not_created
	rmdir /etc/runvet/policy.json
	install -m 666 <(echo '{ "version": 1 }') /etc/runvet/policy.json
	works plain
	not_created
}

@test "runtimes.d that cannot be read" {
	mkdir -p /etc/runvet/runtimes.d
	for one in runc crun runsc youki; do
		echo 'nonsense' >/etc/runvet/runtimes.d/$one.json
	done
	works plain
	bounded $CREATE_MS $EXEC_MS
	not_created
}

@test "journald stands still" {
	kill -STOP "$(journald_pid)"
	works plain
	bounded $CREATE_MS $EXEC_MS
	created chain
}

@test "journald is gone, its socket is left" {
	journald_stop
	works plain
	bounded $CREATE_MS $EXEC_MS
	created chain
}

@test "journald's socket is missing" {
	journald_stop
	rm -f /run/systemd/journal/{socket,io.systemd.journal}
	works plain
	bounded $CREATE_MS $EXEC_MS
	created chain
}

@test "journald is flooded by an unprivileged user" {
	daemon_start flood setpriv --reuid 65534 --regid 65534 --clear-groups python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect("/run/systemd/journal/socket")
while True:
    s.send(b"MESSAGE=" + b"x" * 500 + b"\n")'
	sleep 0.5
	works plain
	bounded $CREATE_MS $EXEC_MS
	created chain
}

@test "/var is full" {
	log_mount 64k
	dd if=/dev/zero of=/var/log/fill bs=4k 2>/dev/null || :
	works plain
	bounded $CREATE_MS $EXEC_MS
	created spill
}

@test "/var is read-only" {
	log_mount 64k
	mount -o remount,ro /var/log
	works plain
	bounded $CREATE_MS $EXEC_MS
	created spill
}

@test "the chain's lock is held by somebody who does not let go" {
	mkdir -p /var/log/runvet
	chmod 700 /var/log/runvet
	touch /var/log/runvet/head
	chmod 600 /var/log/runvet/head
	daemon_start holder flock --close /var/log/runvet/head sleep 300
	wait_for 10 held /var/log/runvet/head
	works plain
	bounded $ALONE_MS $ALONE_MS
	created spill
	held /var/log/runvet/head
}

@test "no /run/runvet, and /run is read-only" {
	rm -rf /run/runvet
	works run_readonly
	bounded $CREATE_MS $EXEC_MS
	created chain
	[[ ! -e /run/runvet ]]
}

@test "neither /var nor /run can be written: the journal alone" {
	log_mount 64k
	mount -o remount,ro /var/log
	works run_readonly
	bounded $ALONE_MS $ALONE_MS
	created journal
}

@test "no sink at all: create says no in time, everything else works" {
	log_mount 64k
	mount -o remount,ro /var/log
	kill -STOP "$(journald_pid)"
	works run_readonly
	bounded $ALONE_MS $ALONE_MS
	not_created
	kill -CONT "$(journald_pid)"
	journald_stop
	rm -f /run/systemd/journal/{socket,io.systemd.journal}
	works run_readonly
	bounded $ALONE_MS $ALONE_MS
	not_created
}

@test "no PATH, no HOME, nothing" {
	works without_environment
	bounded $CREATE_MS $EXEC_MS
	created chain
}

@test "descriptors 0 to 2 are closed" {
	works closed '*start: 0*kill: 0*delete: 0*'
	bounded $CREATE_MS $EXEC_MS
	created chain
}

@test "RLIMIT_FSIZE is zero" {
	works small_files '*start: 0*state: 1*kill: 0*delete: 0*delete: 0*'
	bounded $ALONE_MS $ALONE_MS
	created journal
}

@test "SIGCHLD is ignored" {
	works deaf
	bounded $CREATE_MS $EXEC_MS
	created chain
}
