#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# journalctl -x explains a record of every kind: the catalog as it is installed, and records as runvet sends them.

load ../lib/e2e
load ../lib/journald

setup_file() {
	journalctl --update-catalog
	bundle_make /tmp/b
	stub_lay
}

call() { /usr/libexec/runvet/stub --root /run/stubs "$@" </dev/null >/dev/null 2>&1 || :; }
create() { call create --bundle /tmp/b "$1"; }
policy() { echo "$1" >/etc/runvet/policy.json; }

# explained ID SUBJECT: of the newest record of that kind, with nothing left to be replaced.
explained() {
	local text
	journalctl --sync
	text=$(journalctl -q -x -n 1 -o short "MESSAGE_ID=$1")
	says "$text" "*$2*"
	# shellcheck disable=SC2076  # a plain text is wanted
	[[ ! $text =~ @[A-Z_]+@ ]] || { echo "not replaced: $text"; return 1; }
	# A field that the record does not have would stand there by its bare name.
	! grep -oE '\b(RUNVET|POD)_[A-Z_]+\b' <<<"$text" | grep -vxE "${3:--}" || { echo "without a value: $text"; return 1; }
}

# gap_told: by the next create that journald answers in time.
gap_told() {
	rm -f /run/runvet/journal-slow
	create after
	[[ ! -e /run/runvet/audit-gap ]]
}

id_of() { sed -nE "s/^#define ID_$1[ \t]+\"([0-9a-f]+)\".*/\1/p" "$RUNVET_TREE/audit/record.h"; }

@test "each kind of record is explained" {
	create allowed
	explained "$(id_of ALLOWED)" 'Subject: create of container allowed was allowed*/usr/local/bin/stub*sha256:*'
	explained "$(id_of CHECKPOINT)" 'Subject: The chain of records stands at 1*'
	call start allowed
	explained "$(id_of LIFECYCLE)" 'Subject: start was asked for container allowed*/usr/local/bin/stub*' RUNVET_CREATE_RECORD

	# A process that has nothing of what was asked for stands for the container's first one.
	call create --bundle /tmp/b --pid-file /tmp/pid seen
	sleep 60 3>&- &
	echo $! >/tmp/pid
	call start seen
	explained "$(id_of BOUNDARY)" 'Subject: Container seen did not get what it was told to have: would-deny*' RUNVET_VIOLATION
	kill %1
	create swapped
	jq '.hostname = "another"' /tmp/b/config.json >/tmp/b/new
	mv /tmp/b/new /tmp/b/config.json
	call start swapped
	explained "$(id_of DRIFT)" 'Subject: Container swapped is not what was approved: would-deny*' RUNVET_VIOLATION

	jq '.process.cwd = "elsewhere"' /tmp/b/config.json >/tmp/b/new
	mv /tmp/b/new /tmp/b/config.json
	create denied
	explained "$(id_of DENIED)" 'Subject: create of container denied was denied*The caller was /*' RUNVET_VIOLATION
	policy '{ "version": 1, "mode": "audit" }'
	create watched
	explained "$(id_of WOULD_DENY)" 'Subject: create of container watched would have been denied*' RUNVET_VIOLATION
	explained "$(id_of POLICY)" "Subject: The policy has changed*none*sha256:$(sha256sum </etc/runvet/policy.json | cut -d' ' -f1)*"
	rm /etc/runvet/policy.json
	date -u -d '+30 min' +%Y-%m-%dT%H:%M:%SZ >/run/runvet/bypass-until
	create passed
	rm /run/runvet/bypass-until
	explained "$(id_of BYPASS)" 'Subject: create of container passed was let through*break-glass*'
	echo '{' >/tmp/b/config.json
	create broken
	explained "$(id_of ERROR)" 'Subject: create of container broken could not be judged*bundle-unreadable*' RUNVET_VIOLATION

	journald_stop
	create missed
	journald_start
	wait_for 10 gap_told
	explained "$(id_of AUDIT_GAP)" 'Subject: The journal missed * records of runvet*'
	# All of them, and no other: what is not made above is not explained here.
	is "$(grep -c '^#define ID_' "$RUNVET_TREE/audit/record.h")" 11
}
