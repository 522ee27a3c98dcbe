#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# What a trail comes to: the report's tables and its page, the formats for security tools, the counters for Prometheus; on
# records that runvet wrote, on many, and on hostile ones.

load ../lib/e2e

CTL=$RUNVET_BUILD/ctl/runvetctl
STUB=/opt/report/runc
RT=/usr/libexec/runvet/runc
LIB=$BATS_TEST_DIRNAME/../lib
PROM=/tmp/state/runvet.prom

setup() {
	mkdir -p /etc/runvet/runtimes.d /opt/report /tmp/state
	cp "$RUNVET_BUILD/tests/stub" $STUB
	rm -f $STUB.out $STUB.rc
	jq -n --arg p $STUB '{name: "runc", dialect: "runc", priority: 60, paths: [$p]}' >/etc/runvet/runtimes.d/runc.json
	chmod 644 /etc/runvet/runtimes.d/runc.json
	rm -rf /tmp/b /var/log/runvet/* /tmp/trail
	bundle_make /tmp/b
}

teardown() {
	rm -rf /etc/runvet /opt/report /tmp/state /run/runvet/bypass-until
}

policy() { # JSON
	printf '%s\n' "$1" >/etc/runvet/policy.json
	chmod 644 /etc/runvet/policy.json
}

change() { # JQ: the bundle's config.json
	jq "$1" /tmp/b/config.json >/tmp/b/new
	cat /tmp/b/new >/tmp/b/config.json
	rm /tmp/b/new
}

report() { # JQ [OPTION…]: of the report as JSON
	"$CTL" audit report --format json "${@:2}" | jq -r "$1"
}

# Three allowed, two denied, one that would be, one bypass, one that is broken, and the policy changes on the way.
mixed() {
	local one
	policy '{ "version": 1, "profile": "p", "shadow": [{ "profile": "restricted@latest" }], "profiles": { "p": { "rules": { "nnp": {} } } } }'
	change '.process.noNewPrivileges = true'
	for one in a1 a2 a3; do
		$RT create -b /tmp/b $one
	done
	change '.process.noNewPrivileges = false'
	for one in d1 d2; do
		run $RT create -b /tmp/b $one
		[ "$status" -eq 1 ]
	done
	policy '{ "version": 1, "profile": "p", "mode": "audit", "profiles": { "p": { "rules": { "nnp": {} } } } }'
	$RT create -b /tmp/b w1
	policy '{ "version": 1, "profile": "p", "profiles": { "p": { "rules": { "nnp": {} } } } }'
	date -u -d '+10 minutes' +%FT%TZ >/run/runvet/bypass-until
	chmod 600 /run/runvet/bypass-until
	$RT create -b /tmp/b y1
	rm /run/runvet/bypass-until
	mv /tmp/b/config.json /tmp/kept.json
	echo '{' >/tmp/b/config.json
	run $RT create -b /tmp/b e1
	[ "$status" -eq 1 ]
	mv /tmp/kept.json /tmp/b/config.json
	$RT start a1
}

@test "report: its numbers are those of the records" {
	mixed
	for one in allow deny would-deny bypass error; do
		want=$(jq -s --arg d $one 'map(select(.decision == $d)) | length' "$CHAIN")
		[ "$want" -gt 0 ]
		[ "$(report ".by[\"$one\"] // 0")" -eq "$want" ]
		# A start has a decision as well: the document of a1 is another one by now.
		want=$(jq -s --arg d $one 'map(select(.decision == $d and .action == "create")) | length' "$CHAIN")
		[ "$(report ".actions.rows[] | select(.name == \"create\") | .by[\"$one\"] // 0")" -eq "$want" ]
	done
	[ "$(report .records)" -eq "$(wc -l <"$CHAIN")" ]
	[ "$(report '.chain.sound')" = true ]
	[ "$(report '.chain.chains[0].last')" -eq "$(wc -l <"$CHAIN")" ]
	[ "$(report '.rules.rows[] | select(.name == "nnp") | .by.deny')" -eq 2 ]
	[ "$(report '.policy_changes.count')" -ge 2 ]
	[ "$(report '.bypasses.count')" -eq 1 ]
	[ "$(report '.shadows[] | select(.profile | startswith("restricted")) | .calls')" -eq 5 ]
	[ "$(report '.shadows[] | select(.profile | contains("applied in audit mode")) | .would_be_denied')" -eq 1 ]
	[ "$(report '.elapsed_us.create.count')" -eq "$(jq -s 'map(select(.duration_us and .action == "create")) | length' "$CHAIN")" ]
	[ "$(report '[.timeline.columns[] | .deny // 0] | add')" -eq 2 ]
}

@test "report: a denial has its place and its remedy; filters hold, and do not hide a gap" {
	mixed
	run "$CTL" audit report
	[ "$status" -eq 0 ]
	[[ $output == *'4 times nnp at /process: process must set noNewPrivileges'* ]]
	[[ $output == *'remedy  start it with --security-opt no-new-privileges'* ]]
	[[ $output == *'sound as far as it was read'* ]]
	[ "$(report .records --decision deny)" -eq 2 ]
	[ "$(report .chain.sound --decision deny)" = true ]
	run "$CTL" audit report --decision deny --until '1 year ago'
	[ "$status" -eq 1 ]
	# One line less: the numbers tell, also those who asked for something else.
	sed -i 2d "$CHAIN"
	[ "$(report '.chain.sound, .chain.chains[0].missing' --decision error | tr '\n' ' ')" = 'false 1 ' ]
	run "$CTL" audit report --decision error
	[[ $output == *'NOT SOUND'* ]]
	# One that was changed: it is not counted, and the exit status says so.
	sed -i '0,/"decision":"[a-z]*"/s//"decision":"allow" /' "$CHAIN"
	run "$CTL" audit report
	[ "$status" -eq 2 ]
	[[ $output == *'1 lines are no records, or were changed'* ]]
}

@test "report: the page is one file for its owner, replaced as a whole, and shows what was counted" {
	mixed
	"$CTL" audit report --html /tmp/state/page.html
	[ "$(stat -c '%a %u' /tmp/state/page.html)" = '600 0' ]
	run python3 "$LIB/page.py" /tmp/state/page.html nnp /process 'start it with --security-opt no-new-privileges' \
		'Every record read is sound' 'Readiness' "by runvetctl"
	[ "$output" = '' ]
	ln -s /tmp/state/other /tmp/state/link
	echo kept >/tmp/state/other
	"$CTL" audit report --html /tmp/state/link --mode 0644
	[ "$(cat /tmp/state/other)" = kept ]
	[ "$(stat -c '%F %a' /tmp/state/link)" = 'regular file 644' ]
	run "$CTL" audit report --html /tmp/no/such/page
	[ "$status" -eq 2 ]
	[ "$(find /tmp/state -name '.*' -type f | wc -l)" -eq 0 ]
}

@test "hostile names: no format, no table, no page and no counter takes them for more" {
	(cd "$LIB" && python3 hostile_trail.py /tmp/trail)
	chmod 700 /tmp/trail
	total=$(wc -l </tmp/trail/chain)
	"$CTL" audit report --directory /tmp/trail --top 100 --html /tmp/state/page.html
	mapfile -t names < <(cd "$LIB" && python3 hostile_trail.py /tmp/trail --names)
	run python3 "$LIB/page.py" /tmp/state/page.html "${names[@]}"
	[ "$output" = '' ]
	for format in ocsf ecs cef; do
		"$CTL" audit list --directory /tmp/trail --format $format --event '*' >/tmp/state/out
		[ "$(wc -l </tmp/state/out)" -eq "$total" ]
		run python3 -c 'import sys; print(sum(1 for l in open(sys.argv[1], encoding="utf-8", newline="").read().splitlines()))' /tmp/state/out
		[ "$output" -eq "$total" ]
	done
	"$CTL" audit list --directory /tmp/trail --format ocsf --event '*' >/tmp/state/out
	[ "$(jq -s 'map(select(.action_id == 1 and .disposition_id == 1)) | length' /tmp/state/out)" -eq \
		"$(jq -s 'map(select(.decision == "allow")) | length' /tmp/trail/chain)" ]
	"$CTL" audit list --directory /tmp/trail --format ecs --event '*' >/tmp/state/out
	[ "$(jq -s 'map(select(.event.type | index("denied"))) | length' /tmp/state/out)" -eq \
		"$(jq -s 'map(select(.decision == "deny" or .decision == "error")) | length' /tmp/trail/chain)" ]
	"$CTL" audit list --directory /tmp/trail --format ocsf-compliance --event '*' >/tmp/state/out
	[ "$(jq -s 'map(select(.class_uid == 2003)) | length' /tmp/state/out)" -eq \
		"$(jq -s '[.[] | select(.decision != "error") | .violations[]? | select(.severity == "error")] | length' /tmp/trail/chain)" ]
	run bash -c '"$1" audit report --directory /tmp/trail | LC_ALL=C grep -cP "[\x00-\x08\x0b-\x1f\x7f]"' _ "$CTL"
	[ "$output" -eq 0 ]
	"$CTL" audit metrics --directory /tmp/trail --state /tmp/state/m.json >$PROM
	run python3 "$LIB/exposition.py" <$PROM
	[ "$output" = '' ]
}

@test "secrets planted in env, args, annotations and hooks are in no output" {
	policy '{ "version": 1, "profile": "p", "profiles": { "p": { "rules": { "nnp": {} } } } }'
	change '.process.noNewPrivileges = false | .process.env += ["TOKEN=hunter2hunter2"] | .process.args += ["--password=hunter2hunter2"] |
		.annotations = { "org.example.secret": "hunter2hunter2" } |
		.hooks = { "poststop": [{ "path": "/bin/true", "env": ["KEY=hunter2hunter2"], "args": ["true", "hunter2hunter2"] }] }'
	run $RT create -b /tmp/b s1
	[ "$status" -eq 1 ]
	change '.process.noNewPrivileges = true'
	$RT create -b /tmp/b s2
	for format in ocsf ocsf-compliance ecs cef; do
		"$CTL" audit list --format $format >>/tmp/state/all
	done
	"$CTL" audit report >>/tmp/state/all
	"$CTL" audit report --format json >>/tmp/state/all
	"$CTL" audit report --html /tmp/state/page.html
	"$CTL" audit metrics --state /tmp/state/m.json >>/tmp/state/all
	grep -q nnp /tmp/state/all
	run grep -rl hunter2 /tmp/state /var/log/runvet
	[ "$output" = '' ]
}

@test "findings: one for each broken rule, with its standards, and none for what was allowed" {
	mixed
	"$CTL" audit export --format ocsf-compliance --checkpoint /tmp/state/point --output /tmp/state/out
	[ "$(jq -s length /tmp/state/out)" -eq "$(jq -s '[.[].violations[]? | select(.severity == "error")] | length' "$CHAIN")" ]
	# What is a finding of no event would lead nowhere.
	"$CTL" audit export --format ocsf >/tmp/state/events
	[ "$(jq -s '[.[].finding_info.related_events[].uid] | unique | length' /tmp/state/out)" -eq \
		"$(jq -s --slurpfile f /tmp/state/out '[$f[].finding_info.related_events[].uid] as $u | map(select(.metadata.uid | IN($u[]))) | length' /tmp/state/events)" ]
	[ "$(jq -r 'select(.evidences[0].container.uid == "d1") | [.compliance.control, .compliance.status, .action, .resources[0].uid] | @tsv' /tmp/state/out)" = $'nnp\tFail\tDenied\td1' ]
	[ "$(jq -r 'select(.resources[0].uid == "d2") | .compliance.standards | join(", ")' /tmp/state/out)" = 'Kubernetes Pod Security Standards, CIS Docker Benchmark, CIS Kubernetes Benchmark' ]
	[ "$(jq -r 'select(.resources[0].uid == "e1") | .compliance.control + " of " + .compliance.standards[0]' /tmp/state/out)" = 'json.well-formed of OCI Runtime Specification' ]
	run "$CTL" audit export --format ocsf-compliance --checkpoint /tmp/state/point --output /tmp/state/out
	[ "$status" -eq 1 ]
	run "$CTL" audit list --format ocsf-compliance --container a1 --action create
	[[ $status -eq 1 && $output == "" ]]
}

# counted NAME: the sum of a counter.
counted() { awk -v name="$1" '$1 ~ "^" name "({|$)" { n += $2 } END { print n + 0 }' $PROM; }

@test "metrics: counters are those of the records, survive rotation, and read nothing twice" {
	python3 "$LIB/trail.py" /tmp/trail 300 --rotate 100
	mkdir -m 700 /tmp/node
	measure() { "$CTL" audit metrics --directory /tmp/node --state /tmp/state/m.json --textfile $PROM; }
	# Half of the first file, with half a line behind it; then all of it; then it is rotated, twice.
	head -n 50 /tmp/trail/chain.2 >/tmp/node/chain
	printf '{"half' >>/tmp/node/chain
	measure
	[ "$(counted runvet_audit_records_total)" -eq 50 ]
	cat /tmp/trail/chain.2 >/tmp/node/chain
	measure
	[ "$(counted runvet_audit_records_total)" -eq 100 ]
	mv /tmp/node/chain /tmp/node/chain.1
	cp /tmp/trail/chain.1 /tmp/node/chain
	measure
	measure
	[ "$(counted runvet_audit_records_total)" -eq 200 ]
	rm /tmp/node/chain.1
	mv /tmp/node/chain /tmp/node/chain.1
	cp /tmp/trail/chain /tmp/node/chain
	measure
	[ "$(counted runvet_audit_records_total)" -eq 300 ]
	cat /tmp/trail/chain* >/tmp/state/all
	[ "$(counted runvet_decisions_total)" -eq "$(jq -s 'map(select(.decision)) | length' /tmp/state/all)" ]
	grep -qF "runvet_decisions_total{action=\"create\",decision=\"deny\",mode=\"enforce\"} $(jq -s 'map(select(.decision == "deny")) | length' /tmp/state/all)" $PROM
	[ "$(counted runvet_rule_violations_total)" -eq "$(jq -s 'map(.violations // [] | length) | add' /tmp/state/all)" ]
	[ "$(counted runvet_audit_last_seq)" -eq 300 ]
	[ "$(counted runvet_chain_ok)" -eq 1 ]
	[ "$(stat -c %a $PROM)" = 644 ]
	[ "$(stat -c %a /tmp/state/m.json)" = 600 ]
	run python3 "$LIB/exposition.py" <$PROM
	[ "$output" = '' ]
	# What is wrong is told, and stays told until a verification finds no fault.
	tail -n 1 /tmp/trail/chain | sed 's/"action":"[a-z]*"/"action":"create"/; s/"seq":300/"seq":301/' >>/tmp/node/chain
	measure
	[ "$(counted runvet_chain_ok)" -eq 0 ]
	[ "$(counted 'runvet_audit_failures_total')" -ge 1 ]
	cp /tmp/trail/chain /tmp/node/chain
	measure
	[ "$(counted runvet_chain_ok)" -eq 0 ]
	[ "$(counted runvet_audit_records_total)" -eq 300 ]
	rm -rf /tmp/node
}

@test "many: reading and reporting takes no more memory, whatever there is" {
	count=${COUNT:-3000}
	[ "$count" -lt 5000 ] || count=100000
	python3 "$LIB/trail.py" /tmp/trail "$count" --rotate 20000
	chmod 700 /tmp/trail
	began=$SECONDS
	if [ "${E2E_SANITIZED:-}" ]; then
		"$CTL" audit report --directory /tmp/trail --format json >/tmp/state/out
	else
		(ulimit -v 120000 && "$CTL" audit report --directory /tmp/trail --format json >/tmp/state/out)
	fi
	[ $((SECONDS - began)) -lt 60 ]
	[ "$(jq .records /tmp/state/out)" -eq "$count" ]
	[ "$(jq .chain.sound /tmp/state/out)" = true ]
	[ "$(jq '.by | add' /tmp/state/out)" -eq "$count" ]
}

@test "the page in a real browser, where there is one" {
	# Without one the page was read as HTML above; tests/browser is this test alone.
	if command -v chromium-headless-shell || command -v chromium; then
		[ "${E2E_SANITIZED:-}" ] || run ! grep '^not ok' <("$BATS_TEST_DIRNAME/../browser")
	fi
}
