#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# alone: because it loads the machine
# Many creates at once, some of them denied, whatever happens to journald and to the disk: as many records in the chain,
# none twice, the chain verified; and in the journal all of them but those that an audit gap accounts for.

load ../lib/e2e
load ../lib/journald

# Of COUNT creates (`tests/run --long`: thousands) every tenth goes to the real runc, every fifth is denied. Under the
# sanitizers, where this is about memory and not about load, a few do.
COUNT=${COUNT:-120} AT_ONCE=16
if [[ ${E2E_SANITIZED:-} ]]; then COUNT=40; fi
FEW=$((COUNT / 2)) # with a fault
# While no chain can be written below /var: the one in memory takes 4 MiB, then the journal alone has a record.
SPILLED=$((FEW / 2 > 800 ? 800 : FEW / 2))

setup_file() {
	bundle_make /tmp/allow '.process.args = ["/bin/true"]'
	bundle_make /tmp/deny '.process.args = ["/bin/true"] | .hostname = "x" | .linux.namespaces |= map(select(.type != "uts"))'
	stub_lay
}

setup() {
	rm -rf /var/log/runvet /run/runvet /usr/local/bin/stub.out /tmp/failed
	mkdir /tmp/failed
	if gone "$(journald_pid)"; then journald_start; fi
	journalctl --sync
}

teardown() {
	if [[ -e "$E2E"/flood.pid ]]; then daemon_stop flood; fi
	if mountpoint -q /var/log/runvet; then umount /var/log/runvet; fi
	kill -CONT "$(journald_pid)" 2>/dev/null || :
}

# one N: creates container N. Every fifth is denied, which is what it has to be; every tenth real one is deleted again.
one() {
	if (($1 % 5 == 0)); then
		! /usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/deny "l$1" </dev/null >/dev/null 2>&1 || touch "/tmp/failed/$1"
	elif (($1 % 10 == 1)); then
		if "$VETTED" --root /run/rr create --bundle /tmp/allow "l$1" </dev/null >/dev/null 2>"/tmp/failed/$1"; then
			rm "/tmp/failed/$1"
			"$ALONE" --root /run/rr delete --force "l$1"
		fi
	else
		/usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/allow "l$1" </dev/null >/dev/null 2>"/tmp/failed/$1" &&
			rm "/tmp/failed/$1"
	fi
}

# creates FROM TO: AT_ONCE at a time, each worker its share.
creates() {
	local worker n pids=()
	for ((worker = 0; worker < AT_ONCE; worker++)); do
		(for ((n = $1 + worker; n <= $2; n += AT_ONCE)); do one "$n"; done) 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
}

# Once journald has rested, one more create tells what it missed. Some more, because a gap may lie behind the first, and journald may be
# late again.
settle() {
	local n
	for n in {1..30}; do
		rm -f /run/runvet/journal-slow
		journalctl --sync
		/usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/allow "settle$n" </dev/null
		((n < 3)) || [[ -e /run/runvet/audit-gap || -e /run/runvet/unconfirmed || -e /run/runvet/chain ]] || break
	done
	rm -f /run/runvet/journal-slow
	journalctl --sync
}

# accounted COUNT: the chain has a record of each of them, once; the journal has them, or says how many it lacks.
accounted() {
	local chain missing told
	is "$(cat /tmp/failed/* 2>/dev/null)" "" "creates that were to be allowed and were not, or the other way round"
	cat /var/log/runvet/merged-* /var/log/runvet/chain 2>/dev/null | jq -c 'select(.container.id // "" | startswith("l"))' >/tmp/chain.all
	is "$(wc -l </tmp/chain.all)" "$1" "records in the chain"
	is "$(jq -r .id /tmp/chain.all | sort | uniq -d)" "" "records that are there twice"
	is "$(jq -r .container.id /tmp/chain.all | sort -u | wc -l)" "$1" "containers in the chain"
	is "$(jq -r 'select(.decision == "deny").container.id' /tmp/chain.all | wc -l)" $(($1 / 5)) "denials"
	run -0 runvetctl audit verify --no-journal
	says "$output" "*unbroken"
	[[ ! -e /run/runvet/audit-gap ]] || { echo "a gap is not told: $(wc -c </run/runvet/audit-gap)"; return 1; }
	journalctl -q -o json --all SYSLOG_IDENTIFIER=runvet | jq -r '.RUNVET_RECORD' | sort >/tmp/journal.ids
	chain=$(cat /var/log/runvet/merged-* /var/log/runvet/chain 2>/dev/null | jq -r .id | sort | comm -23 - /tmp/journal.ids)
	missing=$(grep -c . <<<"$chain" || :)
	told=$(cat /var/log/runvet/merged-* /var/log/runvet/chain 2>/dev/null | jq -s '[.[] | select(.event.code == "audit.gap").gap.count] | add // 0')
	echo "# of $1 creates the journal lacks $missing, audit gaps tell of $told" >&3
	((missing <= told)) || { echo "$missing are missing in the journal, $told are told"; return 1; }
}

@test "$COUNT creates, $AT_ONCE at once: chain and journal have them all" {
	creates 1 "$COUNT"
	settle
	accounted "$COUNT"
	# All but a few, as nothing was wrong: what an acknowledgement missed is told, and is there all the same.
	is "$(comm -12 <(jq -r .id /tmp/chain.all | sort) /tmp/journal.ids | wc -l)" "$COUNT" "records in both"
	run -0 runvetctl audit verify
	says "$output" "*journal: * held against the chain*unbroken"
}

@test "journald is killed midway and started again" {
	creates 1 "$FEW" 3>&- &
	local them=$!
	sleep 0.3
	kill -KILL "$(journald_pid)"
	sleep 0.5
	journald_start
	wait "$them"
	settle
	accounted "$FEW"
}

@test "journald is stopped for a while" {
	kill -STOP "$(journald_pid)"
	creates 1 "$FEW" 3>&- &
	local them=$!
	sleep $((COUNT > 1000 ? 5 : 2))
	kill -CONT "$(journald_pid)"
	wait "$them"
	settle
	accounted "$FEW"
}

@test "journald is flooded by an unprivileged user" {
	daemon_start flood setpriv --reuid 65534 --regid 65534 --clear-groups python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect("/run/systemd/journal/socket")
while True:
    s.send(b"MESSAGE=" + b"x" * 300 + b"\n")'
	sleep 0.3
	creates 1 "$FEW"
	daemon_stop flood
	settle
	accounted "$FEW"
}

# journald takes everything and keeps nothing: no acknowledgement tells. The chain has all, and verify says so.
@test "journald keeps nothing: Storage=none" {
	journald_stop
	JOURNALD_STORAGE=none journald_start
	creates 1 "$FEW"
	is "$(cat /tmp/failed/* 2>/dev/null)" ""
	is "$(records 'select(.container.id // "" | startswith("l")).id' | sort -u | wc -l)" "$FEW"
	run -0 runvetctl audit verify --no-journal
	journald_stop
	journald_start
}

@test "/var is full, then it is not" {
	mkdir -p /var/log/runvet
	mount -t tmpfs -o mode=700,size=256k tmpfs /var/log/runvet
	dd if=/dev/zero of=/var/log/runvet/fill bs=4k 2>/dev/null || :
	creates 1 "$SPILLED"
	rm /var/log/runvet/fill
	mount -o remount,size=64m /var/log/runvet
	creates $((SPILLED + 1)) "$FEW"
	settle
	accounted "$FEW"
	is "$(records 'select(.event.code == "audit.spilled") | .gap.count >= 1' | sort -u)" true "the chain tells what it lacks"
}

@test "/var is read-only, then it is not" {
	mkdir -p /var/log/runvet
	mount -t tmpfs -o mode=700,size=64m tmpfs /var/log/runvet
	mount -o remount,ro /var/log/runvet
	creates 1 "$SPILLED"
	[[ -s /run/runvet/chain ]]
	mount -o remount,rw /var/log/runvet
	creates $((SPILLED + 1)) "$FEW"
	settle
	accounted "$FEW"
	[[ ! -e /run/runvet/chain ]]
}
