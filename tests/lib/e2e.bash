# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the end-to-end tests share. Loaded by every .bats file, inside tests/lib/sandbox, as root of that machine.
#
# DELEGATE (runc, crun) says who does the work: ALONE is that program, VETTED is runvet under its name. RT is whichever of
# the two a scenario is to use: `same SCENARIO` runs it with both and wants the same status, output and errors.

bats_require_minimum_version 1.5.0

DELEGATE=${DELEGATE:-runc}
ALONE=$(command -v "$DELEGATE")
VETTED=/usr/libexec/runvet/$DELEGATE
CHAIN=/var/log/runvet/chain
E2E=/run/e2e
IMAGE=localhost/bb:latest
UUID='[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
export ALONE VETTED IMAGE

mkdir -p $E2E

# --- waiting, daemons --------------------------------------------------------------------------------------------------

# wait_for SECONDS CMD…: until CMD succeeds. So many seconds are much on a machine at rest; one that is not may take six times as long.
wait_for() {
	local until=$((SECONDS + 6 * $1))
	shift
	until "$@" >/dev/null 2>&1; do
		if ((SECONDS > until)); then
			echo "waited in vain for: $*" >&2
			return 1
		fi
		sleep 0.05
	done
}

# daemon_start NAME CMD…: in the background, its output in $E2E/NAME.log.
daemon_start() {
	local name=$1
	shift
	"$@" >$E2E/"$name".log 2>&1 3>&- 4>&- </dev/null &
	echo $! >$E2E/"$name".pid
}

gone() {
	[[ ! -e /proc/$1 ]] || [[ $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) == Z* ]]
}

# handed_on PID: runvet, begun by this shell in the background, is the runtime (which is no script of bash) by now, or has been.
handed_on() {
	local exe
	exe=$(readlink "/proc/$1/exe") || return 0
	[[ $exe != /usr/bin/runvet && $exe != "$(readlink "/proc/$$/exe")" ]]
}

daemon_stop() {
	local pid
	pid=$(cat $E2E/"$1".pid 2>/dev/null) || return 0
	kill -CONT "$pid" 2>/dev/null || :
	kill -TERM "$pid" 2>/dev/null || :
	wait_for 20 gone "$pid" || kill -KILL "$pid"
	rm -f $E2E/"$1".pid
}

# --- bundles and images ------------------------------------------------------------------------------------------------

# shellcheck source=tests/lib/bundle.bash
. "${BASH_SOURCE[0]%/*}/bundle.bash"

# stub_lay: the delegate that writes down how it was called is installed under the name of stub, and runvet under that name before it.
stub_lay() {
	mkdir -p /etc/runvet/runtimes.d
	cp "$RUNVET_BUILD/tests/stub" /usr/local/bin/stub
	echo '{ "name": "stub", "dialect": "runc", "priority": 1, "paths": ["/usr/local/bin/stub"] }' >/etc/runvet/runtimes.d/stub.json
	ln -s /usr/bin/runvet /usr/libexec/runvet/stub
}

# together COUNT CMD…: CMD N for 1 to COUNT, all at once; none of them may fail.
together() {
	local most=$1 n pid pids=() failed=0
	shift
	for ((n = 1; n <= most; n++)); do
		"$@" "$n" </dev/null >/dev/null 2>&1 3>&- 4>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || failed=$((failed + 1))
	done
	is $failed 0 "of $*, failed"
}

# words CMD…: as a JSON array.
words() {
	printf '%s\n' "$@" | jq -R . | jq -sc .
}

image_tar() {
	rootfs_make $E2E/image
	tar -C $E2E/image -c . >$E2E/bb.tar
}

# --- one scenario, two runtimes ----------------------------------------------------------------------------------------

# what FILE: but docker's remark, which comes when it likes, and runc's, which tries again while the kernel still has a process of the
# cgroup on its way out.
what() { sed -E '/error waiting for container: context canceled|Failed to remove cgroup \(will retry\)/d' "$1"; }

# Ids, times, pids and the runtime's path differ between two runs that are the same.
washed() {
	what "$1" | sed -E "s#($VETTED|$ALONE)#RUNTIME#g" | sed -E 's/[0-9a-f]{64}/ID64/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|[+-][0-9:]+)?/TIME/g; s/(pid|PID)[ :]+[0-9]+/pid N/g'
}

# capture NAME CMD…: status, stdout, stderr of CMD in $E2E/NAME.{rc,out,err}.
capture() {
	local name=$1 rc=0
	shift
	"$@" >$E2E/"$name".out 2>$E2E/"$name".err 3>&- </dev/null || rc=$?
	echo $rc >$E2E/"$name".rc
}

# same CMD…: CMD sees RT, first the delegate alone, then runvet. Leaves status, output and errors in $status, $out, $err.
# shellcheck disable=SC2034  # the tests use them
same() {
	local part
	RT=$ALONE capture alone "$@"
	RT=$VETTED capture vetted "$@"
	status=$(cat $E2E/vetted.rc) out=$(cat $E2E/vetted.out) err=$(what $E2E/vetted.err)
	[[ ! ${E2E_SHOW:-} ]] || printf '# %s: %s\n' "$*" "$(paste -sd'|' $E2E/vetted.rc $E2E/vetted.out $E2E/vetted.err)" >&3
	for part in rc out err; do
		if ! diff -u --label alone <(washed $E2E/alone.$part) --label vetted <(washed $E2E/vetted.$part); then
			echo "not the same: $part of $*"
			tail -n 20 $E2E/alone.err $E2E/vetted.err
			return 1
		fi
	done
}

# vetted CMD…: with runvet only; $status, $out, $err.
# shellcheck disable=SC2034  # the tests use them
vetted() {
	RT=$VETTED capture vetted "$@"
	status=$(cat $E2E/vetted.rc) out=$(cat $E2E/vetted.out) err=$(what $E2E/vetted.err)
}

# --- saying what has to hold -------------------------------------------------------------------------------------------

# is GOT WANT [WHAT]
is() {
	[[ $1 == "$2" ]] && return
	printf '%s\n  got: %s\n want: %s\n' "${3:-not equal}" "$1" "$2"
	return 1
}

# says GOT PATTERN: the whole of GOT, by a pattern of the shell.
says() {
	# shellcheck disable=SC2053  # a pattern is wanted
	[[ $1 == $2 ]] && return
	printf ' got: %s\nwant: %s\n' "$1" "$2"
	return 1
}

# refused GOT WANT: word for word, where RECORD in WANT stands for a record's id, and N for the column in a document that an
# engine writes on one line. Leaves the record's id in $refusal.
# shellcheck disable=SC2034  # the tests use it
refused() {
	refusal=$(grep -oE "$UUID" <<<"$1" | head -n 1)
	is "$(sed -E "s/$UUID/RECORD/g; s/\.json:1:[0-9]{3,}:/.json:1:N:/" <<<"$1")" "$2" "another refusal"
}

# --- the trail ---------------------------------------------------------------------------------------------------------

# records FILTER [JQ ARGS…]: of the chain file.
records() {
	local filter=$1
	shift
	jq -c "$@" "$filter" $CHAIN
}

# record_of ID ACTION: the last line that names container and verb.
record_of() {
	# shellcheck disable=SC2016  # jq's variables
	records 'select(.container.id == $id and .action == $action)' --arg id "$1" --arg action "$2" | tail -n 1
}

# events: what each record is of, in their order; but what the chain says of journald, which may have been late.
events() { records 'select(.event.code | startswith("audit.") | not) | .event.code' -r; }

# last_decision FILTER: of the last record that has one, as jq's -r prints it. Behind it may stand what a journald that was late is said
# to have missed.
last_decision() {
	records 'select(.decision)' | tail -n 1 | jq -r "$1"
}

# journal RECORD FIELD: as journald stored it.
journal() {
	journalctl --sync
	journalctl --quiet --all --output=json "RUNVET_RECORD=$1" | jq -r --arg f "$2" '.[$f] // empty'
}

# recorded ID ACTION DECISION [RECORD]: chain and journal agree that this was decided, last and under that record's id. Leaves the
# line in $record.
recorded() {
	local id
	record=$(record_of "$1" "$2")
	if [[ ! $record ]]; then
		echo "the chain has no $2 of $1:"
		tail -n 5 $CHAIN
		return 1
	fi
	id=$(jq -r .id <<<"$record")
	[[ ! ${4:-} ]] || is "$id" "$4" "record named in the refusal" || return 1
	is "$(jq -r .decision <<<"$record")" "$3" "decision in the chain: $record" || return 1
	is "$(journal "$id" RUNVET_DECISION)" "$3" "decision in the journal, record $id" || return 1
	is "$(journal "$id" RUNVET_ACTION)" "$2" "action in the journal" || return 1
	is "$(journal "$id" RUNVET_CONTAINER_ID)" "$1" "container in the journal" || return 1
	is "$(journal "$id" _UID)" "${SENDER:-0}" "sender in the journal"
}

# The hash chain as audit/chain.h describes it, recomputed here and not by runvet: sequence, prev, hash.
chain_holds() {
	python3 "$(dirname "${BASH_SOURCE[0]}")/chain.py" "${1:-/var/log/runvet}"
}
