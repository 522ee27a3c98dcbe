#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# shellcheck disable=SC2086  # paths of our own, without blanks
# Judged by a policy: profiles, exemptions, rules of the site, policy.d; and runvetctl policy, which looks at it before.
# The delegate is a stub.

load ../lib/e2e

CTL=$RUNVET_BUILD/ctl/runvetctl
STUB=/opt/policy/runc
RT=/usr/libexec/runvet/runc

setup() {
	mkdir -p /etc/runvet/runtimes.d /etc/runvet/policy.d /opt/policy
	cp "$RUNVET_BUILD/tests/stub" $STUB
	rm -f $STUB.out $STUB.rc
	jq -n --arg p $STUB '{name: "runc", dialect: "runc", priority: 60, paths: [$p]}' >/etc/runvet/runtimes.d/runc.json
	chmod 644 /etc/runvet/runtimes.d/runc.json
	bundle_make /tmp/b
}

teardown() {
	rm -rf /etc/runvet /opt/policy
}

policy() { # JSON [NAME]
	printf '%s\n' "$1" >"/etc/runvet/${2:-policy.json}"
	chmod 644 "/etc/runvet/${2:-policy.json}"
}

NNP='"version": 1, "profile": "p", "profiles": { "p": { "rules": { "nnp": {}, "root.readonly": { "mode": "warn" } } } }'

# The container's own setting is turned off, so that the rule is broken.
weaken() {
	jq '.process.noNewPrivileges = false' /tmp/b/config.json >/tmp/b/new && cat /tmp/b/new >/tmp/b/config.json && rm /tmp/b/new
}

last() { last_decision "$1"; }

@test "a profile refuses as permission denied, and the record names it" {
	policy "{ $NNP }"
	weaken
	run $RT create -b /tmp/b p1
	[ "$status" -eq 1 ]
	[[ $output == "runvet: permission denied: "*noNewPrivileges*"[nnp]; record "* ]]
	[ ! -e $STUB.out ]
	[ "$(last '[.decision, .reason, .policy.name, .violations[0].rule] | join(" ")')" = "deny policy p nnp" ]
}

@test "a profile that is kept lets it run" {
	policy "{ $NNP }"
	jq '.process.noNewPrivileges = true' /tmp/b/config.json >/tmp/b/new && cat /tmp/b/new >/tmp/b/config.json && rm /tmp/b/new
	run $RT create -b /tmp/b p2
	[ "$status" -eq 0 ]
	[ -e $STUB.out ]
	[ "$(last '[.decision, .policy.name] | join(" ")')" = "allow p" ]
}

@test "mode audit, of everything and of a profile: it runs, and is written down" {
	weaken
	policy "{ $NNP, \"mode\": \"audit\" }"
	run $RT create -b /tmp/b p3
	[ "$status" -eq 0 ]
	[ "$(last '[.decision, .reason] | join(" ")')" = "would-deny policy" ]
	policy "{ $NNP, \"select\": [ { \"profile\": \"p\", \"mode\": \"audit\" } ] }"
	run $RT create -b /tmp/b p4
	[ "$status" -eq 0 ]
	[ "$(last '[.decision, .reason] | join(" ")')" = "would-deny policy" ]
}

@test "a rule of the site" {
	policy '{ "version": 1, "profile": "privileged@1", "custom": [ { "id": "custom.host", "at": "hostname", "op": "in", "values": ["web", "db"], "message": "ask ops" } ] }'
	jq '.hostname = "other"' /tmp/b/config.json >/tmp/b/new && cat /tmp/b/new >/tmp/b/config.json && rm /tmp/b/new
	run $RT create -b /tmp/b p5
	[ "$status" -eq 1 ]
	[[ $output == "runvet: permission denied: "*"hostname must be one that the policy lists"*"the policy allows web and db; ask ops [custom.host]; record "* ]]
}

@test "an exemption lets exactly its finding through until it ends" {
	weaken
	exempt='"exempt": [ { "id": "EX-1", "rules": ["nnp"], "match": { "verb": "create" }, "reason": "r", "owner": "o", "notAfter": "2099-01-01T00:00:00Z" } ]'
	policy "{ $NNP, $exempt }"
	run $RT create -b /tmp/b p6
	[ "$status" -eq 0 ]
	[ "$(last '[.decision, .policy.exempt[0]] | join(" ")')" = "allow EX-1" ]
	policy "{ $NNP, ${exempt/create/run} }"
	run $RT create -b /tmp/b p7
	[ "$status" -eq 1 ]
	policy "{ $NNP, ${exempt/2099/2020} }"
	run $RT create -b /tmp/b p8
	[ "$status" -eq 1 ]
	[[ $output == *"exemption EX-1 ended on 2020-01-01"* ]]
}

@test "a clock before the policy" {
	policy "{ \"issued\": \"2099-01-01T00:00:00Z\", \"version\": 1 }"
	run $RT create -b /tmp/b p9
	[ "$status" -eq 1 ]
	[[ $output == "runvet: the clock shows a time before the policy was issued"* ]]
	[ "$(last '[.decision, .reason] | join(" ")')" = "error clock" ]
	policy "{ \"issued\": \"2099-01-01T00:00:00Z\", \"version\": 1, \"onError\": { \"clock\": \"allow\" } }"
	run $RT create -b /tmp/b p10
	[ "$status" -eq 0 ]
	[ "$(last '[.decision, .reason] | join(" ")')" = "bypass clock" ]
}

@test "a shadow decides nothing" {
	weaken
	policy "{ ${NNP/\"profile\": \"p\"/\"profile\": \"privileged@1\"}, \"shadow\": [ { \"profile\": \"p\" } ] }"
	run $RT create -b /tmp/b p11
	[ "$status" -eq 0 ]
	[ "$(last '[.decision, .policy.name, .policy.version, .policy.shadow[0].profile, .policy.shadow[0].decision, .policy.shadow[0].rules] | join(" ")')" = \
		"allow privileged 1 p deny nnp" ]
}

@test "policy.d: one broken file refuses, with its place, and kill and state work on" {
	policy "{ $NNP }"
	policy '{ "version": 1,
 "mode": "audit" }' policy.d/10-x.json
	run $RT create -b /tmp/b p12
	[ "$status" -eq 1 ]
	[[ $output == "runvet: /etc/runvet/policy.d/10-x.json:2:2: "*mayRelax*"[policy.relax]; record "* ]]
	for verb in state kill delete start; do
		rm -f $STUB.out
		run $RT $verb p12
		[ "$status" -eq 0 ]
		[ -e $STUB.out ]
	done
	chmod 777 /etc/runvet/policy.d
	run $RT create -b /tmp/b p13
	[[ $output == "runvet: /etc/runvet/policy.d: its group or others may write to it"* ]]
	chmod 755 /etc/runvet/policy.d
}

@test "runvetctl policy check tells every fault of what it is given, and of this host" {
	run $CTL policy check
	[ "$status" -eq 0 ]
	[[ $output == *"there is no policy file"* ]]
	policy "{ $NNP }"
	run $CTL policy check
	[ "$status" -eq 0 ]
	[[ $output == "/etc/runvet/policy.json: good: 1 file, 1 profile,"* ]]
	mkdir -p /tmp/site/policy.d
	printf '{ "version": 1,\n "profile": "nobody" }\n' >/tmp/site/policy.json
	printf '{ "version": 1,\n "selct": [] }\n' >/tmp/site/policy.d/10.json
	run $CTL policy check /tmp/site
	[ "$status" -eq 1 ]
	[[ $output == *"/tmp/site/policy.d/10.json:2:2: error: selct is unknown here; did you mean select? [json.unknown-property]"* ]]
	rm /tmp/site/policy.d/10.json
	run $CTL policy check /tmp/site/policy.json
	[ "$status" -eq 1 ]
	[[ $output == "/tmp/site/policy.json:2:2: error: there is no profile nobody [policy.profile-unknown]"* ]]
	run $CTL policy check /tmp/nowhere.json
	[ "$status" -eq 2 ]
	chmod 666 /etc/runvet/policy.json
	run $CTL policy check
	[ "$status" -eq 1 ]
	[[ $output == *"others may write to it [policy.file]"* ]]
}

@test "runvetctl policy show tells what holds, and who said so" {
	policy "{ $NNP, \"mayRelax\": [\"1*\"] }"
	policy '{ "version": 1, "mode": "audit" }' policy.d/10-x.json
	run $CTL policy show
	[ "$status" -eq 0 ]
	grep -Eq '^mode +audit +/etc/runvet/policy.d/10-x.json:1:17$' <<<"$output"
	grep -Eq '^unknownVerb +deny +built in$' <<<"$output"
	grep -Eq '^  nnp +enforce +p \(/etc/runvet/policy.json:1:' <<<"$output"
	run $CTL policy show --profile privileged@1
	[ "$status" -eq 0 ]
	[[ $output == *"profile privileged@1  (built in)" ]]
	run $CTL policy show --profile nobody
	[ "$status" -eq 2 ]
}

@test "runvetctl policy test runs the cases of a site, inline and beside it" {
	mkdir -p /tmp/cases/policy.d
	cp /tmp/b/config.json /tmp/cases/good.json
	cat >/tmp/cases/policy.json <<-'EOF'
		{ "version": 1, "profile": "privileged@1",
		  "custom": [ { "id": "custom.no-nfs", "at": "mounts[].type", "op": "not-in", "value": "nfs", "message": "m" } ],
		  "tests": [
		    { "name": "as it is", "config": "good.json", "expect": { "decision": "allow", "rules": [] } },
		    { "name": "no NFS", "config": { "ociVersion": "1.0.2", "root": { "path": "r" },
		      "mounts": [ { "destination": "/d", "type": "nfs", "source": "s:/d" } ] },
		      "expect": { "decision": "deny", "rules": ["custom.no-nfs"] } } ] }
	EOF
	run $CTL policy test /tmp/cases
	[ "$status" -eq 0 ]
	[[ $output == *"2 cases, 0 failed" ]]
	echo '{ "version": 1, "tests": [ { "name": "wrong", "config": "../good.json", "expect": { "decision": "deny" } } ] }' >/tmp/cases/policy.d/x.test.json
	run $CTL policy test /tmp/cases
	[ "$status" -eq 1 ]
	[[ $output == *"not ok: wrong"*"it is expected to be deny, and is allow"*"3 cases, 1 failed" ]]
	rm /tmp/cases/good.json
	run $CTL policy test /tmp/cases
	[ "$status" -eq 2 ]
}

@test "the policy that the manual shows is a good one, and its cases hold" {
	mkdir -p /tmp/manual
	sed -n '/^    {$/,/^    }$/p' "$BATS_TEST_DIRNAME/../../docs/policy.md" >/tmp/manual/policy.json
	run $CTL policy check /tmp/manual
	[ "$status" -eq 0 ]
	run $CTL policy test /tmp/manual
	[ "$status" -eq 0 ]
	[[ $output == *"1 case, 0 failed" ]]
}
