#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# Off the host: systemd-journal-upload to systemd-journal-remote, on loopback. All records arrive, and what was altered
# on the way, or on the machine they were sent to, is found there, without the chain.

load ../lib/e2e
load ../lib/journald

COUNT=500
if [[ ${E2E_SANITIZED:-} ]]; then COUNT=60; fi

setup_file() {
	bundle_make /tmp/b
	stub_lay
	namespace_start
	local i
	for ((i = 1; i <= COUNT; i++)); do
		/usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/b "s$i" </dev/null
	done
}

teardown_file() {
	namespace_stop
	daemon_stop remote
}

received() { journalctl -q -D /var/log/remote -o cat "$@" | wc -l; }
listens() { [[ $(ss --listening --tcp --numeric --no-header 'sport = 19532') ]]; }
all_received() { (($(received RUNVET_ACTION=create) == COUNT)); }

# The same command line as the unit's, but for the service's own directories.
@test "$COUNT of $COUNT arrive on another machine, with what journald says of their sender" {
	local unit upload
	mkdir -p /var/log/remote
	daemon_start remote /lib/systemd/systemd-journal-remote --listen-http=127.0.0.1:19532 --split-mode=none \
		--output=/var/log/remote/out.journal
	unit=/usr/lib/systemd/system/runvet-journal-upload.service
	run -0 systemd-analyze verify --man=no $unit
	is "$output" ""
	upload=$(sed -n 's/^ExecStart=//p' $unit)
	upload=${upload//%m/$(cat /etc/machine-id)}
	upload="${upload/--save-state=* --/--save-state=/tmp/state --follow=no --url=http://127.0.0.1:19532 --}"
	wait_for 10 listens
	# shellcheck disable=SC2086  # words are wanted
	run -0 $upload
	wait_for 20 all_received
	is "$(received RUNVET_ACTION=create _UID=0 _NAMESPACE=runvet)" "$COUNT"
	daemon_stop remote
}

@test "what arrived proves itself, without the chain; and against a copy of it" {
	run -0 runvetctl audit verify --journal-file /var/log/remote
	says "$output" "journal: * record* looked at*unbroken"
	cp -a /var/log/runvet /tmp/copy
	run -0 runvetctl audit verify --directory /tmp/copy --journal-file /var/log/remote/out.journal
	says "$output" "chain: /tmp/copy: * held against the chain*unbroken"
}

# altered AWK: what arrived, an entry at a time with that done to it, is a journal below /tmp/altered.
altered() {
	rm -rf /tmp/altered
	mkdir /tmp/altered
	journalctl -q -D /var/log/remote -o export | awk "BEGIN { RS = \"\"; ORS = \"\\n\\n\" } $1" |
		/lib/systemd/systemd-journal-remote --output=/tmp/altered/a.journal -
}

@test "an altered record among them is found, and which" {
	altered '{ sub("RUNVET_CONTAINER_ID=s42\\n", "RUNVET_CONTAINER_ID=s43\\n"); print }'
	run -1 runvetctl audit verify --journal-file /tmp/altered/a.journal
	says "$output" "journal: record * of chain * was altered in the journal: what it says does not give its hash (*)*1 fault"
	is "$(grep -oE "$UUID" <<<"$output")" "$(record_of s42 create | jq -r .id)" "which record"
	altered '/CONTAINER_ID=s42\n/ { sub("RUNVET_DECISION=allow", "RUNVET_DECISION=deny") } { print }'
	run -1 runvetctl audit verify --format json --journal-file /tmp/altered/a.journal
	is "$(jq -r '[.faults[].kind] | join(" ")' <<<"$output")" changed
	altered '/CONTAINER_ID=s42\n/ { sub("RUNVET_HASH=.", "RUNVET_HASH=x") } { print }'
	run -1 runvetctl audit verify --directory /tmp/copy --journal-file /tmp/altered/a.journal
	says "$output" "*was altered in the journal*1 fault"
}

@test "a record that was taken out is missed" {
	# And with it what tells of a gap, which would make up for it: journald may have been late on a busy machine.
	altered '!/CONTAINER_ID=s42\n/ && !/RUNVET_GAP_COUNT=/'
	run -1 runvetctl audit verify --journal-file /tmp/altered/a.journal
	says "$output" "journal: record* of chain * missing in the journal, and no audit gap tells of *"
}

@test "a chain that was cut off or written anew does not fit what was sent" {
	rm -rf /tmp/cut
	cp -a /tmp/copy /tmp/cut
	sed -i '$d' /tmp/cut/chain
	rm /tmp/cut/head
	run -1 runvetctl audit verify --directory /tmp/cut --journal-file /var/log/remote
	says "$output" "*is known to the journal and missing at the chain's end*"
	# Every line edited and linked again, as somebody would who has all the time of the world.
	python3 - <<-'END'
		import hashlib, json
		prev, out = "0" * 64, []
		for line in open("/tmp/copy/chain"):
		    r = json.loads(line)
		    r.pop("hash")
		    r["prev"] = prev
		    if r.get("container", {}).get("id") == "s7":
		        r["decision"] = "deny"
		    body = json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
		    r["hash"] = prev = hashlib.sha256((prev + body).encode()).hexdigest()
		    out.append(json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n")
		open("/tmp/cut/chain", "w").writelines(out)
	END
	run -0 runvetctl audit verify --directory /tmp/cut
	run -1 runvetctl audit verify --directory /tmp/cut --journal-file /var/log/remote
	says "$output" "*records $(record_of s7 create | jq .seq) to * of chain * have other hashes than the journal knows: the chain was written anew*"
}

# What the unit runs, as systemd reads it, with another directory in the collector's place.
@test "runvet-verify: the numbers, and a unit that is failed when the trail does not hold" {
	local units=/usr/lib/systemd/system verify
	run -0 systemd-analyze verify --man=no $units/runvet-{metrics,reconcile,verify}.{service,timer}
	is "$output" ""
	grep -qx LogsDirectory=runvet $units/runvet-verify.service
	grep -qx ReadWritePaths=-/var/lib/prometheus/node-exporter $units/runvet-verify.service
	verify=$(sed -n 's/^ExecStart=//p' $units/runvet-verify.service)
	verify=${verify//\$\$/\$}
	verify=${verify/\/var\/lib\/prometheus\/node-exporter//tmp/exporter}
	run -0 bash -c "$verify"
	says "$output" "*unbroken"
	mkdir /tmp/exporter
	run -0 bash -c "$verify"
	is "$output" "" "what is right needs no word"
	grep -qx 'runvet_verify_unbroken 1' /tmp/exporter/runvet-verify.prom
	grep -qx 'runvet_verify_faults 0' /tmp/exporter/runvet-verify.prom
	grep -qx "runvet_verify_records $(wc -l <"$CHAIN")" /tmp/exporter/runvet-verify.prom
	is "$(stat -c %a /tmp/exporter/runvet-verify.prom)" 644
	run python3 "$BATS_TEST_DIRNAME/../lib/exposition.py" </tmp/exporter/runvet-verify.prom
	is "$output" ""
	cp -a /var/log/runvet /tmp/whole
	local third
	third=$(record_of s3 create | jq .seq) # the chain has one file; a record of what journald was late for may stand before
	sed -i "${third}s/\"action\":\"create\"/\"action\":\"delete\"/" "$CHAIN"
	run -1 bash -c "$verify"
	says "$output" "*/chain:$third: record $third was changed*1 fault"
	grep -qx 'runvet_verify_unbroken 0' /tmp/exporter/runvet-verify.prom
	# All of it is gone; the unit makes the directory, so that there is something to hold against the journal.
	find /var/log/runvet -mindepth 1 -delete
	run -1 bash -c "$verify"
	says "$output" "*journal: the chain * is not here, and the journal has * of its records*"
	rm -rf /var/log/runvet
	mv /tmp/whole /var/log/runvet
	rm -r /tmp/exporter
	run -2 runvetctl audit verify --textfile /tmp/exporter/x
	says "$output" "*/tmp/exporter/x could not be written*"
}
