#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# shellcheck disable=SC2086  # words without blanks
# Reading the trail: the questions of docs/audit.md, asked of journalctl alone and of runvetctl; what hostile records do to each
# format; going on, following, and holding what runs against what was recorded.

load ../lib/e2e
load ../lib/journald

CTL=$RUNVET_BUILD/ctl/runvetctl
TRAIL=$BATS_TEST_DIRNAME/../lib/trail.py
FORMATS='text json csv ocsf ecs cef'
COUNT=${COUNT:-6000}
if [[ ${E2E_SANITIZED:-} ]]; then COUNT=600; fi

setup_file() {
	journald_stop
	printf '[Journal]\nCompress=no\n' >/run/systemd/journald.conf.d/60-plain.conf
	journald_start
	namespace_start
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'
	$ALONE create --bundle /tmp/b older
	sleep 1.1
	bundle_make /tmp/bad '.process.args = ["/bin/true"] | .process.cwd = "x"'
	bundle_make /tmp/net '.process.args = ["/bin/true"] | .linux.namespaces |= map(select(.type != "network"))'
}

teardown_file() { namespace_stop; }

setup() {
	RT=$VETTED
	rm -rf /var/log/runvet /tmp/out /tmp/chain /tmp/more
}

teardown() {
	local id
	for id in $($ALONE list -q 2>/dev/null | grep -vx older); do
		$ALONE delete --force "$id" >/dev/null 2>&1 || :
	done
}

# jc WORDS…: of the namespace alone.
jc() {
	journalctl --namespace=runvet --sync
	journalctl --namespace=runvet --quiet "$@"
}

# audit WORDS…: its output in $output, its status in $status, its complaints in $stderr.
audit() { run --separate-stderr $CTL audit "$@"; }

@test "five questions, answered by journalctl alone and by runvetctl audit" {
	local create
	$RT create --bundle /tmp/b q1
	$RT start q1
	run ! $RT create --bundle /tmp/bad q2
	$RT run --bundle /tmp/net q3
	$RT kill q1 KILL
	wait_for 10 eval "$ALONE state q1 | grep -q stopped"
	$RT delete q1
	create=$(record_of q1 create | jq -r .id)
	# Who was refused today, and why?
	run -0 jc RUNVET_DECISION=deny --since today -o cat
	[[ $output == *"denied create of container q2: spec.process.cwd-absolute"* && $output != *q1* ]]
	audit list --since today --decision deny
	[[ $status -eq 0 && $output == *" deny "*" create "*" q2 "*spec.process.cwd-absolute* && $output != *q1* ]]
	# What happened to this container, from its create to its end?
	is "$(jc RUNVET_CONTAINER_ID=q1 -o json | jq -r .RUNVET_EVENT | paste -sd' ')" \
		"create.allowed container.start container.kill container.delete" journalctl
	is "$(jc RUNVET_CREATE_RECORD=$create -o json | jq -r .RUNVET_ACTION | paste -sd' ')" "start kill delete" "tied to its create"
	audit show q1
	[[ $status -eq 0 && $output == *"life of container q1"*": gone"*create*creating*start*running*kill*stopped*delete*gone* ]]
	[[ $output != *impossible* && $output == *"  id  "*$create* ]]
	# Who was given the host's network, or a capability?
	is "$(jc RUNVET_HOST_NS=net -o json | jq -r .RUNVET_CONTAINER_ID | sort -u)" q3 journalctl
	is "$($CTL audit list --namespace net=host --format json | jq -r .container.id)" q3 runvetctl
	is "$(jc RUNVET_CAPABILITY=CAP_KILL RUNVET_ACTION=create -o json | jq -r .RUNVET_CONTAINER_ID | sort -u | paste -sd' ')" \
		"$($CTL audit list --capability kill --action create --format json | jq -r .container.id | sort -u | paste -sd' ')" capability
	# Which rules are broken, and how often?
	run -0 jc -F RUNVET_RULE
	[[ $output == *spec.process.cwd-absolute* ]]
	is "$(jc RUNVET_RULE=spec.process.cwd-absolute -o json | jq -r .RUNVET_CONTAINER_ID | sort -u)" q2 journalctl
	is "$($CTL audit list --rule 'spec.process.*' --decision deny --format json | jq -r .container.id)" q2 runvetctl
	# Is anything missing? Nothing is, or both say the same: journald may have been late.
	audit list --event audit.gap --format json
	is "$(jc RUNVET_EVENT=audit.gap -o json | jq -r .RUNVET_RECORD)" "$(jq -r .id <<<"$output")" "gaps"
	is "$status" "$([[ ! $output ]]; echo $((! $?)))" "whether there is one"
}

@test "both sources: each record once, and of a changed line what the journal kept" {
	local id n
	for n in 1 2 3 4; do $RT run --bundle /tmp/net b$n; done
	for n in chain journal both; do
		is "$($CTL audit list --action run --in $n --since -1min --format json | jq -r .container.id | grep '^b' | paste -sd' ')" \
			"b1 b2 b3 b4" "--in $n"
	done
	diff <($CTL audit list --action run --in chain --format json) <($CTL audit list --action run --in journal --format json | tail -n 4)
	id=$(record_of b2 run | jq -r .id)
	sed -i "/$id/s/\"decision\":\"would-deny\"/\"decision\":\"allow\"/" $CHAIN
	audit list --action run --in both --since -1min --format json
	is "$status" 2 "a changed line"
	is "$(jq -r 'select(.sound == false) | .line' <<<"$output")" "$(grep -n $id $CHAIN | cut -d: -f1)" "which line"
	is "$(jq -r "select(.id == \"$id\") | .decision" <<<"$output")" would-deny "what the journal has of it"
	audit show $id
	[[ $status -eq 2 && $stderr == *"chain:"*"changed after it was written"* ]]
}

@test "hostile values: one record is one line, one row, one object, in every format" {
	local f
	python3 $TRAIL /tmp/chain 60 --hostile
	printf 'no json\n{"a\0b":1}\n\e[2J\xff\xfe\n{"id":"%s"}\n' "$(head -c 1048576 /dev/zero | tr '\0' A)" >>/tmp/chain/chain
	for f in $FORMATS; do
		audit list --lifecycle --directory /tmp/chain --format $f
		is "$status" 2 "$f: lines that are no records"
		$CTL audit list --lifecycle --directory /tmp/chain --format $f >/tmp/out 2>/dev/null || :
		is "$(wc -l </tmp/out)" $((64 + $(grep -c "^csv$" <<<"$f"))) "$f: lines"
		is "$(LC_ALL=C grep -cP '[\x00-\x08\x0b-\x1f\x7f]' /tmp/out)" 0 "$f: what a terminal acts on"
		is "$(grep -cP '[\x{80}-\x{9f}\x{2028}-\x{202e}]' /tmp/out)" 0 "$f: what a terminal acts on, beyond ASCII"
		is "$(iconv -f UTF-8 -t UTF-8 /tmp/out | cmp - /tmp/out)" "" "$f: no UTF-8"
	done
	for f in json ocsf ecs; do
		$CTL audit list --lifecycle --directory /tmp/chain --format $f 2>/dev/null | jq -e -s 'length == 64 and all(type == "object")' >/dev/null
	done
	is "$($CTL audit list --directory /tmp/chain --format json 2>/dev/null | jq -r 'select(.sound == null) | .decision' | sort | uniq -c | xargs)" \
		"$(grep -a '"decision"' /tmp/chain/chain | jq -r .decision | sort | uniq -c | xargs)" decisions
	$CTL audit list --lifecycle --directory /tmp/chain --format csv 2>/dev/null >/tmp/out || :
	python3 - <<-'END'
		import csv
		rows = list(csv.reader(open("/tmp/out", newline=""), strict=True))
		assert len(rows) == 65 and {len(row) for row in rows} == {len(rows[0])}, {len(row) for row in rows}
		formulas = [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
		assert not formulas, formulas
		assert sum(row[rows[0].index("sound")] == "no" for row in rows) == 4
	END
	for f in $($CTL audit list --directory /tmp/chain --format json 2>/dev/null | jq -r 'select(.sound == null) | .id' | head -n 5); do
		$CTL audit show $f --directory /tmp/chain >/tmp/out 2>&1 || :
		is "$(LC_ALL=C grep -cP '[\x00-\x08\x0b-\x1f\x7f]' /tmp/out)" 0 "show $f"
	done
}

@test "secrets of the call are in no output" {
	local f id secret=hunter2-$RANDOM
	bundle_make /tmp/secret ".process.args = [\"/bin/sh\", \"-c\", \"true $secret\"] | .process.env += [\"TOKEN=$secret\"] |
		.annotations = {\"org.example.token\": \"$secret\"} | .process.cwd = \"x\""
	run ! $RT create --bundle /tmp/secret s1
	$RT create --bundle /tmp/b s2
	$RT start s2
	$RT exec --env TOKEN=$secret s2 /bin/sh -c "true $secret" || :
	$RT kill s2 KILL
	id=$(record_of s1 create | jq -r .id)
	for f in $FORMATS; do
		$CTL audit list --lifecycle --in both --since -1min --format $f
		$CTL audit export --lifecycle --format $f
	done >/tmp/out
	$CTL audit show $id >>/tmp/out
	$CTL audit show s2 >>/tmp/out
	$CTL audit reconcile >>/tmp/out || :
	[[ $(wc -c </tmp/out) -gt 10000 ]]
	is "$(grep -c $secret /tmp/out)" 0 "the secret in an output"
	is "$(grep -ac $secret $CHAIN)" 0 "the secret in the chain"
}

@test "export goes on where it stopped, across rotations, and says what is missing" {
	python3 $TRAIL /tmp/chain 40 --rotate 15 --until 1795000040
	audit export --lifecycle --directory /tmp/chain --checkpoint /tmp/point --output /tmp/out
	is "$status $(wc -l </tmp/out)" "0 40" "all"
	audit export --lifecycle --directory /tmp/chain --checkpoint /tmp/point --output /tmp/out
	is "$status $(wc -l </tmp/out)" "1 40" "nothing new"
	mv /tmp/chain/chain.2 /tmp/chain/chain.3
	mv /tmp/chain/chain.1 /tmp/chain/chain.2
	mv /tmp/chain/chain /tmp/chain/chain.1
	audit export --lifecycle --directory /tmp/chain --checkpoint /tmp/point --output /tmp/out
	is "$status $(wc -l </tmp/out)" "1 40" "a rotation alone"
	python3 $TRAIL /tmp/more 50 --rotate 15 --until 1795000050
	audit export --lifecycle --directory /tmp/more --checkpoint /tmp/point --output /tmp/out
	is "$(jq -r .seq /tmp/out | uniq | wc -l)" 50 "a copy that went on"
	sed -i '$d' /tmp/more/chain
	audit export --lifecycle --directory /tmp/more --checkpoint /tmp/point --output /tmp/out
	[[ $status -eq 2 && $stderr == *"its end was cut off"* ]]
	# What cannot be written is not exported.
	audit export --directory /tmp/chain --output /dev/full
	is "$status" 2 "a full disk"
	echo old >/tmp/out
	audit export --directory /tmp/chain --output /tmp/out
	is "$status $(grep -c old /tmp/out)" "0 0" "replaced in one step"
	is "$(find /tmp -maxdepth 1 -name 'out.*' | wc -l)" 0 "leftovers"
}

@test "follow: chain and journal, across a rotation, until it is ended" {
	local pid
	$RT run --bundle /tmp/net l1
	$CTL audit follow --lifecycle --format json >/tmp/out 2>/tmp/err 3>&- &
	pid=$!
	wait_for 10 grep -q '"l1"' /tmp/out
	$RT run --bundle /tmp/net l2
	wait_for 10 grep -q '"l2"' /tmp/out
	mv $CHAIN $CHAIN.1
	$RT run --bundle /tmp/net l3
	wait_for 10 grep -q '"l3"' /tmp/out
	# The chain cannot be written: the journal, and then the one below /run, have it.
	kill -INT $pid
	wait $pid
	is "$(jq -r .container.id /tmp/out | grep '^l' | paste -sd' ')" "l1 l2 l3" "each once: $(cat /tmp/err)"
	run -0 timeout 120 bash -c "set -o pipefail; $CTL audit follow --last 1 | head -n 1"
}

@test "reconcile: what runs, against what was recorded" {
	$RT create --bundle /tmp/b r1
	$RT start r1
	$RT create --bundle /tmp/b r2
	audit reconcile
	is "$status" 0 "$output $stderr"
	[[ $output == *"2 with a record, 1 older than the trail, 1 of them created"* ]]
	$ALONE create --bundle /tmp/b sneaked
	$ALONE start sneaked
	audit reconcile
	is "$status" 1 around
	$CTL audit reconcile --format json >/tmp/out || :
	is "$(jq -r '.found[] | .kind + " " + .id' /tmp/out)" "around sneaked" "$(</tmp/out)"
	run -1 --separate-stderr $CTL audit reconcile --textfile /tmp/reconcile.prom
	is "$output" ""
	grep -x 'runvet_unrecorded_containers 1' /tmp/reconcile.prom
	audit reconcile
	[[ $output == *"AROUND       sneaked below /run/runc is running"* && $output != *"AROUND       r1"* && $output != *"AROUND       older"* ]]
	# Storage is verified as well.
	$ALONE delete --force sneaked
	sed -i '0,/"action":"start"/s//"action":"stirt"/' $CHAIN
	audit reconcile
	[[ $status -eq 1 && $output == *CHAIN* && $output == *CHANGED* ]]
}

@test "a step that only the journal has: nothing failed that did not" {
	$RT create --bundle /tmp/b w1
	exec 9>>/var/log/runvet/head
	flock 9
	$RT start w1
	exec 9>&-
	$RT kill w1 KILL
	wait_for 10 eval "$ALONE state w1 | grep -q stopped"
	$RT delete w1
	is "$(records 'select(.container.id == "w1").action' -r | paste -sd' ')" "create kill delete" "the chain"
	jc >/dev/null
	audit show w1 --in chain
	[[ $status -eq 0 && $output == *"life of container w1"*": failed"* ]]
	audit show w1
	[[ $status -eq 0 && $output == *"life of container w1"*": gone"*create*start*running*kill*delete*gone* && $output != *impossible* ]]
	audit reconcile
	[[ $output != *"without ever having been started"* ]]
	# The end, too.
	$RT create --bundle /tmp/b w2
	exec 9>>/var/log/runvet/head
	flock 9
	$RT start w2
	$RT delete --force w2
	exec 9>&-
	jc >/dev/null
	audit show w2
	[[ $status -eq 0 && $output == *"life of container w2"*": gone"*create*start*delete*gone* ]]
}

@test "what others tell journald is no record, and what was altered is told" {
	local id
	$RT run --bundle /tmp/net f1
	id=$(record_of f1 run | jq -r .id)
	setpriv --reuid=65534 --clear-groups logger --journald <<-END
		MESSAGE=forged
		SYSLOG_IDENTIFIER=runvet
		RUNVET_RECORD=$id
		RUNVET_DECISION=deny
		RUNVET_ACTION=create
		RUNVET_CONTAINER_ID=forged
	END
	{
		journalctl --namespace=runvet -o export RUNVET_RECORD=$id | grep -aE '^(RUNVET|MESSAGE|PRIORITY|SYSLOG)' | sed 's/^RUNVET_CONTAINER_ID=f1/RUNVET_CONTAINER_ID=f2/'
	} | logger --journald
	journalctl --sync
	audit list --in journal --since -1min
	is "$status" 2 altered
	[[ $output == *" f1"* && $output == *CHANGED* && $output != *forged* && $output != *" f2"* ]]
	[[ $stderr == *"1 entry of the journal passed over"*"somebody else than root"* ]]
}

@test "many records: memory does not grow with them" {
	local n f small large
	for n in $((COUNT / 10)) $COUNT; do python3 $TRAIL /tmp/t$n $n --rotate 2500; done
	for f in text json csv; do
		small=$(peak audit list --lifecycle --directory /tmp/t$((COUNT / 10)) --format $f)
		large=$(peak audit list --lifecycle --directory /tmp/t$COUNT --format $f)
		# The sanitizers keep what is freed for a while; what is tried there is that it works.
		[[ ${E2E_SANITIZED:-} || $large -lt $((small + 2048)) ]] || is "$large KiB" "$small KiB" "$f: of ten times as many"
	done
	is "$($CTL audit list --lifecycle --directory /tmp/t$COUNT --format json | wc -l)" $COUNT "all of them"
}

# peak WORDS…: the most memory that runvetctl took, in KiB.
peak() {
	python3 - "$CTL" "$@" <<-'END'
		import os, resource, subprocess, sys
		subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
		print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
	END
}
