#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# takes: 4 s
# sanitized: no, because a process that is traced cannot be looked into for leaks
# Kernels without the system calls of the last years, and filters that do not know them (tests/e2e/lacking.c): what is judged,
# recorded and believed there is what is judged, recorded and believed here, or unknown; and a container is the runtime's own.

# shellcheck disable=SC2154 # variables that bats sets
load ../lib/e2e

B=/tmp/older
CTL=$RUNVET_BUILD/ctl/runvetctl
OLDEST=4.18
KERNELS="$OLDEST 5.10 filter"

setup() {
	rm -rf /etc/runvet /var/log/runvet/* $B
	mkdir -p $B/source
}

teardown() {
	"$ALONE" delete --force c1 2>/dev/null || :
}

# on KERNEL CMD…
on() {
	if [[ $1 == today ]]; then
		"${@:2}"
	else
		"$RUNVET_BUILD/tests/lacking" "$@"
	fi
}

bundle() {
	bundle_make $B/b '.process.args = ["/bin/sleep", "300"] | .process.capabilities.ambient = [] | .root.readonly = true |
		.linux.sysctl = { "net.ipv4.ip_unprivileged_port_start": "7" } | .linux.cgroupsPath = "/older/c1" |
		.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_ERRNO" }] } |
		.linux.resources.memory = { limit: 67108864 } | .linux.resources.pids = { limit: 50 } |
		.mounts += [{ destination: "/mnt", type: "bind", source: "'$B'/source", options: ["rbind", "ro", "nosuid"] }] | '"${1:-.}"
}

# A container's life, by RT on $kernel.
lives() {
	local word
	on "$kernel" "$RT" create --bundle $B/b c1 >$B/log 2>&1 || { cat $B/log; return 1; }
	for word in 'start c1' 'exec c1 /bin/echo in' 'exec c1 /bin/stat -c %a /mnt' 'kill c1 KILL'; do
		# shellcheck disable=SC2086 # words
		on "$kernel" "$RT" $word || return
	done
	wait_for 5 stopped
	on "$kernel" "$RT" delete c1
}

stopped() {
	[[ $("$ALONE" state c1 | jq -r .status) == stopped ]]
}

# The leaves of a document, one on a line ({} says that nothing is known), but for those that are another's next time.
leaves() {
	jq -r "$2 | tostream | select(length == 2 and .[1] != {}) | \"\(.[0] | map(tostring) | join(\" \")) = \(.[1])\"" "$1" | sort
}

# fewer TODAY THEN FILTER: nothing is said then that is not said today.
fewer() {
	leaves "$1" "$3" >$B/today
	leaves "$2" "$3" >$B/then
	[[ -s $B/then ]] || { echo "$2 says nothing"; return 1; }
	comm -13 $B/today $B/then >$B/more
	[[ ! -s $B/more ]] || { echo "on $kernel only:"; head -n 20 $B/more; return 1; }
}

# told: all records but those of a journald that was late, without what is another's each time.
told() {
	records 'select(.event.code | startswith("audit.") | not) |
		del(.id, .time, .seq, .prev, .hash, .chain, .create_id, .duration_us, .process, .caller)'
}

@test "a container's life is the one that the runtime alone gives it, and its records are those of today" {
	local count
	bundle
	RT=$VETTED kernel=today lives
	told >$B/records
	count=$(wc -l <$B/records)
	[[ $count -ge 5 ]]
	for kernel in $OLDEST filter; do
		same lives
		is "$status" 0 "$kernel: $out $err"
		told | tail -n "$count" >$B/then
		diff -u $B/records $B/then
		on "$kernel" "$CTL" audit verify >/dev/null
		# It is asked there as here; a machine that is busy may let it be late.
		[[ ! -e /run/runvet/audit-gap || -e /run/runvet/journal-slow ]]
	done
}

@test "what is refused is refused in the same words, and nothing else is" {
	local today
	bundle '.mounts += [{ destination: "/n", type: "bind", source: "/nowhere", options: ["bind"] }] | .linux.cgroupsPath = "/../x" |
		.hooks = { createRuntime: [{ path: "/nowhere/else" }] } | .linux.sysctl["net.nowhere"] = "1" | .process.args = ["/none"]'
	for kernel in today $KERNELS; do
		run on "$kernel" "$VETTED" create --bundle $B/b c1
		[[ $kernel == today ]] && today=$(sed -E "s/$UUID/RECORD/g" <<<"$output")
		is "$status" 1
		is "$(sed -E "s/$UUID/RECORD/g" <<<"$output")" "$today" "$kernel"
		on "$kernel" "$CTL" check --host live --delegate runc --format json $B/b >"$B/check.$kernel" || is $? 1
		jq -c '.. | .rule? // empty' "$B/check.$kernel" | sort >"$B/rules.$kernel"
		[[ $(wc -l <"$B/rules.$kernel") -ge 3 ]]
		[[ $kernel == today ]] || is "$(comm -13 $B/rules.today "$B/rules.$kernel")" '' "found on $kernel only"
	done
	is "$(cat $B/rules.5.10)" "$(cat $B/rules.today)" 'Debian 11 finds all of it'
}

@test "of the host the same is known, or nothing" {
	"$CTL" host --format json >$B/host.today
	for kernel in $KERNELS; do
		on "$kernel" "$CTL" host --format json >"$B/host.$kernel"
		fewer $B/host.today "$B/host.$kernel" 'del(.clocks)'
		[[ $(wc -l <$B/then) -gt $(($(wc -l <$B/today) / 3)) ]]
	done
	leaves $B/host.today 'del(.clocks)' >$B/today
	leaves $B/host.5.10 'del(.clocks)' | diff $B/today -
}

@test "of a container's boundary the same is known, or nothing" {
	bundle
	"$VETTED" create --bundle $B/b c1 </dev/null >$B/log 2>&1 || { cat $B/log; return 1; }
	"$VETTED" start c1
	"$CTL" boundary --format json c1 >$B/boundary.today || is $? 1
	for kernel in $KERNELS; do
		on "$kernel" "$CTL" boundary --format json c1 >"$B/boundary.$kernel" || is $? 1
		fewer $B/boundary.today "$B/boundary.$kernel" 'del(.fields)'
		is "$(jq -r --slurpfile today $B/boundary.today '[.fields, $today[0].fields] | transpose[] |
			select(.[0] != .[1] and .[0].mark != "unknown") | .[0].field' "$B/boundary.$kernel")" '' "$kernel"
	done
}

# home: what one more container, whose record is confirmed in time, brings to the chain.
home() {
	rm -f /run/runvet/journal-slow
	on $OLDEST "$VETTED" run --bundle $B/b c1
	[[ ! -e /run/runvet/audit-gap ]]
}

# What is there is asked of the kernel in a way that has been there for ever: who cannot ask must not take it for gone.
@test "a chain that is full is rotated over nothing, one that was written elsewhere is merged, and a gap is told" {
	bundle '.process.args = ["/bin/true"]'
	"$VETTED" run --bundle $B/b c1
	tail -n 1 "$CHAIN" >$B/line
	cp "$CHAIN" /var/log/runvet/chain.1
	sha256sum </var/log/runvet/chain.1 >$B/first
	# As large as a chain may become, nearly all of it a hole.
	truncate --size 67108864 "$CHAIN"
	{ echo; cat $B/line; } >>"$CHAIN"
	on $OLDEST "$VETTED" run --bundle $B/b c1
	sha256sum </var/log/runvet/chain.2 | diff $B/first -
	is "$(tail -n 1 /var/log/runvet/chain.1)" "$(cat $B/line)" 'the full one'
	is "$(head -n 1 "$CHAIN" | jq .prev)" "$(jq .hash $B/line)" 'the new one goes on'

	rm /var/log/runvet/*
	"$VETTED" run --bundle $B/b c1
	mv /var/log/runvet $B/away
	touch /var/log/runvet
	on $OLDEST "$VETTED" run --bundle $B/b c1
	[[ -s /run/runvet/chain ]]
	rm /var/log/runvet
	mv $B/away /var/log/runvet
	printf '2026-11-21T22:01:42.673724228Z\n' >/run/runvet/audit-gap
	chmod 600 /run/runvet/audit-gap
	wait_for 5 home
	[[ ! -s /run/runvet/chain && ! -e /run/runvet/audit-gap ]]
	is "$(cat /var/log/runvet/merged-* | jq -r .action | grep -c run)" 1
	(($(records 'select(.event.code == "audit.gap") | .gap.count' | head -n 1) >= 1))
	chain_holds
}
