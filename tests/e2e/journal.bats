#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# alone: because it holds a journald that is flooded to its time
# The journal: the namespace of our own with the settings that are installed, and the default one, where the records of
# containerd's containers stand below containerd.

# shellcheck disable=SC2030,SC2031  # told is called by the shell of its test
load ../lib/e2e
load ../lib/engines
load ../lib/journald

UNITS=/usr/lib/systemd/system

setup_file() {
	bundle_make /tmp/b
	stub_lay
}

teardown() {
	daemon_stop flood
}

teardown_file() {
	namespace_stop
}

# in_time CMD…: as a machine that is busy elsewhere may keep journald from its answer as well, it has five tries, each with nothing left of
# the one before. $try is its number.
in_time() {
	for try in 1 2 3 4 5; do
		rm -f /run/runvet/journal-slow /run/runvet/audit-gap
		"$@" || return 1
		[[ -e /run/runvet/journal-slow ]] || return 0
	done
	echo "journald was late each time"
	return 1
}

create() { /usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/b "$1" </dev/null; }

# stands WHERE ID: how many entries there are about it.
stands() { journalctl "$1" --quiet --output=cat "RUNVET_CONTAINER_ID=$2" | wc -l; }

@test "the units are whole: enabled for boot, sockets of root alone" {
	local made
	systemctl --root=/ enable systemd-journald@runvet.socket
	made=/etc/systemd/system/sockets.target.wants
	[[ -L $made/systemd-journald@runvet.socket && -L $made/systemd-journald-varlink@runvet.socket ]]
	grep -qx SocketMode=0600 $UNITS/systemd-journald@runvet.socket.d/50-runvet.conf
	for unit in systemd-journald@runvet.socket systemd-journald-varlink@runvet.socket systemd-journald@runvet.service; do
		run -0 systemd-analyze verify --man=no $unit
		is "$output" ""
	done
	# journald reads the settings, and finds nothing in them to complain about.
	namespace_start
	is "$(grep -ci 'runvet.conf' /run/runvet-test-journald-runvet.err)" 0 "$(cat /run/runvet-test-journald-runvet.err)"
	is "$(systemd-analyze cat-config systemd/journald@runvet.conf 2>/dev/null | grep -cE '^(Storage=persistent|RateLimitIntervalSec=0|MaxRetentionSec=1year|SystemMaxUse=1G)$')" 4
}

@test "with the namespace: records are there, stored before the runtime runs, and nowhere else" {
	first() { create "n1.$try"; }
	in_time first
	# No --sync: the acknowledgement was waited for.
	is "$(stands --namespace=runvet "n1.$try")" 1
	journalctl --sync
	is "$(stands --quiet "n1.$try")" 0 "in the default journal"
	is "$(journalctl --namespace=runvet -q -o json --all "RUNVET_CONTAINER_ID=n1.$try" | jq -r '[._NAMESPACE, ._UID, .RUNVET_ACTION, .RUNVET_DECISION] | join(" ")')" \
		"runvet 0 create allow"
	[[ ! -e /run/runvet/audit-gap && ! -e /run/runvet/journal-slow ]]
	# On disk, not in memory.
	journalctl -q -D "/var/log/journal/$(cat /etc/machine-id).runvet" -o cat "RUNVET_CONTAINER_ID=n1.$try" | grep -q n1
	# A journald that cannot answer is found out by the record, which means that it is the one that is asked.
	kill -STOP "$(cat "$NAMESPACE_PID_FILE")"
	create n2
	kill -CONT "$(cat "$NAMESPACE_PID_FILE")"
	[[ -e /run/runvet/journal-slow ]]
	late=1
	wait_for 5 told
	is "$(journalctl --namespace=runvet -q -o json --all MESSAGE_ID=700eae88b37544d690ef56f840c304a9 | jq -s 'map(.RUNVET_GAP_COUNT | tonumber) | add')" $late
}

# told: n2 stands there, late, and the next that is answered in time tells of it. $late: how many were not.
told() {
	rm -f /run/runvet/journal-slow
	create n3
	[[ ! -e /run/runvet/journal-slow ]] || late=$((late + 1))
	[[ $(stands --namespace=runvet n2) == 1 && ! -e /run/runvet/audit-gap ]]
}

@test "with the namespace: nobody else can write to it or ask it" {
	run setpriv --reuid 65534 --regid 65534 --clear-groups python3 -c '
import errno, socket
for path, kind in (("socket", socket.SOCK_DGRAM), ("io.systemd.journal", socket.SOCK_STREAM)):
    try:
        socket.socket(socket.AF_UNIX, kind).connect("/run/systemd/journal.runvet/" + path)
    except OSError as e:
        print(errno.errorcode[e.errno])'
	is "$output" "EACCES
EACCES"
}

@test "with the namespace: a flood of the default journal holds nothing up" {
	daemon_start flood setpriv --reuid 65534 --regid 65534 --clear-groups python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect("/run/systemd/journal/socket")
while True:
    s.send(b"MESSAGE=" + b"x" * 500 + b"\n")'
	sleep 0.3
	local i slow=0
	for i in {1..10}; do
		rm -f /run/runvet/journal-slow
		create "f$i"
		[[ ! -e /run/runvet/journal-slow ]] || slow=$((slow + 1))
	done
	daemon_stop flood
	# Of the flooded one's answers most come late (tried: 7); a busy machine may keep this one from it now and then.
	echo "# of ten creates $slow were answered late" >&3
	((slow <= 5))
	journalctl --namespace=runvet --sync
	for i in {1..10}; do
		is "$(stands --namespace=runvet "f$i")" 1
	done
}

@test "a namespace that is gone: the default journal has the records" {
	namespace_stop
	gone_socket() { create "d1.$try"; }
	in_time gone_socket
	is "$(stands --quiet "d1.$try")" 1
	rm -rf "$NAMESPACE"
	gone_all() { create "d2.$try"; }
	in_time gone_all
	is "$(stands --quiet "d2.$try")" 1
	[[ ! -e /run/runvet/audit-gap ]]
}

# The cgroup says which unit a process is of. Here there is no systemd to make one, and the name is what counts.
@test "on the default journal: journalctl -u containerd finds the records of its containers" {
	local dir unit=()
	for dir in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[[ -e $dir/cgroup.procs ]] || continue
		mkdir -p "$dir/system.slice/containerd.service"
		unit+=("$dir/system.slice/containerd.service/cgroup.procs")
	done
	image_tar
	(
		self=$BASHPID
		tee "${unit[@]}" <<<$self >/dev/null
		exec containerd >"$E2E"/containerd.log 2>&1 3>&- </dev/null
	) &
	echo $! >"$E2E"/containerd.pid
	wait_for 60 containerd_answers
	jq '.root.path = "/tmp/b/rootfs"' /tmp/b/config.json >/tmp/u1.json
	run -0 ctr run --rm --runc-binary "$VETTED" --config /tmp/u1.json u1
	journalctl --sync
	is "$(journalctl -q -o json --all RUNVET_CONTAINER_ID=u1 RUNVET_ACTION=create | jq -r '[.OBJECT_SYSTEMD_UNIT, .OBJECT_COMM] | join(" ")')" \
		"containerd.service containerd-shim"
	journalctl -q -u containerd -o cat | grep -qF 'allowed create of container u1'
	# And what journald adds of the caller holds nothing of the container's.
	is "$(journalctl -q -o json --all RUNVET_CONTAINER_ID=u1 | jq -r 'select((.OBJECT_CMDLINE // "") | test("/bin/echo"))')" ""
	daemon_stop containerd
}
