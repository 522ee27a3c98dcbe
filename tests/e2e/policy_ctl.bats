#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# shellcheck disable=SC2086  # paths of our own, without blanks
# The operator's verbs of the policy: what would change, what is never used, putting one in place, why a call was
# refused, and what would let it pass. The delegate is a stub.

load ../lib/e2e

CTL=$RUNVET_BUILD/ctl/runvetctl
STUB=/opt/policy/runc
RT=/usr/libexec/runvet/runc
REAL=$BATS_TEST_DIRNAME/../spec/real

setup() {
	mkdir -p /etc/runvet/runtimes.d /etc/runvet/policy.d /opt/policy /tmp/site
	cp "$RUNVET_BUILD/tests/stub" $STUB
	rm -f $STUB.out $STUB.rc
	jq -n --arg p $STUB '{name: "runc", dialect: "runc", priority: 60, paths: [$p]}' >/etc/runvet/runtimes.d/runc.json
	chmod 644 /etc/runvet/runtimes.d/runc.json
	rm -rf /tmp/b
	bundle_make /tmp/b
}

teardown() {
	rm -rf /etc/runvet /etc/runvet.previous /etc/.runvet.staged /opt/policy /tmp/site
}

policy() { # JSON [NAME]
	printf '%s\n' "$1" >"/etc/runvet/${2:-policy.json}"
	chmod 644 "/etc/runvet/${2:-policy.json}"
}

# change JQ: the bundle's config.json
change() {
	jq "$1" /tmp/b/config.json >/tmp/b/new
	cat /tmp/b/new >/tmp/b/config.json
	rm /tmp/b/new
}

create() {
	run $RT create -b /tmp/b "$1"
}

last() { last_decision "$1"; }

RELAX='"mayRelax": ["50-*"]'
RULES='"rules": { "nnp": {}, "caps.allowed": { "params": { "allow": ["CAP_KILL", "CAP_AUDIT_WRITE", "CAP_NET_BIND_SERVICE"] } }, "mount.host": {} }'
SITE="{ \"version\": 1, \"profile\": \"p\", $RELAX, \"profiles\": { \"p\": { $RULES } } }"
BIND='{"destination": "/data", "type": "bind", "source": "/srv/data", "options": ["bind", "ro"]}'

@test "exempt: what it writes lets exactly its refusal pass, and no neighbour of it" {
	mkdir -p /srv/data /srv/other
	policy "$SITE"
	change ".mounts += [$BIND] | .process.noNewPrivileges = true"
	cp /tmp/b/config.json /tmp/good.json
	create e1
	[ "$status" -eq 1 ]
	[[ $output == *"[mount.host]"* ]]
	id=$(last .id)
	run -0 --separate-stderr $CTL exempt "$id" --for 7d --owner ops --reason "data is read" --ticket T-1
	(umask 077 && $CTL exempt "$id" --for 7d --owner ops --reason "data is read" --ticket T-1 --output /etc/runvet/policy.d/50-exempt.json)
	[ "$(stat -c '%a %U' /etc/runvet/policy.d/50-exempt.json) $(ls -A /etc/runvet/policy.d)" = '644 root 50-exempt.json' ]
	[ "$(sed 's/"notAfter.*//; s/until [^ ]*//' <<<"$output")" = "$(sed 's/"notAfter.*//; s/until [^ ]*//' /etc/runvet/policy.d/50-exempt.json)" ]
	[[ $output == *'"rules": ["mount.host"]'*'"source": "/srv/data"'*'"owner": "ops"'*'"ticket": "T-1"'* ]]
	run -0 $CTL policy check
	create e2
	[ "$status" -eq 0 ]
	[ "$(last '[.decision, (.policy.exempt | length > 0)] | join(" ")')" = "allow true" ]
	# Another source, another destination, another rule, another container, another verb.
	change '.mounts[-1].source = "/srv/other"'
	create e3
	[ "$status" -eq 1 ]
	cat /tmp/good.json >/tmp/b/config.json
	change '.mounts[-1].destination = "/elsewhere"'
	create e4
	[ "$status" -eq 1 ]
	cat /tmp/good.json >/tmp/b/config.json
	change '.process.noNewPrivileges = false'
	create e5
	[ "$status" -eq 1 ]
	[[ $output == *"[nnp]"* ]]
	cat /tmp/good.json >/tmp/b/config.json
	cp -a /tmp/b /tmp/other
	run $RT create -b /tmp/other e6
	rm -rf /tmp/other
	[ "$status" -eq 1 ]
	run $RT run -b /tmp/b e7
	[ "$status" -eq 1 ]
	# Never when it has ended.
	sed -i 's/"notAfter": "[^"]*"/"notAfter": "2020-01-01T00:00:00Z"/' /etc/runvet/policy.d/50-exempt.json
	create e8
	[ "$status" -eq 1 ]
	[[ $output == *"ended on 2020-01-01"* ]]
}

@test "exempt: into policy.d by --output, with what the policy can be read with; by a shell's > it says what that does" {
	mkdir -p /srv/data
	policy "$SITE"
	change ".mounts += [$BIND] | .process.noNewPrivileges = true"
	create e30
	id=$(last .id)
	cd /etc/runvet/policy.d
	run bash -c "$CTL exempt $id --for 7d >/etc/runvet/policy.d/50-x.json"
	[ "$status" -eq 2 ]
	[ "$output" = "runvetctl: standard output is /etc/runvet/policy.d/50-x.json: the shell has made it empty, and by a policy with an empty file every judged call is refused: remove it now; --output /etc/runvet/policy.d/50-x.json writes it whole" ]
	[ ! -s 50-x.json ] # not even the faults of the policy, which are of its own making
	rm 50-x.json
	policy '{ "version": 1 }' policy.d/50-x.json
	run bash -c "$CTL exempt $id --for 7d >>50-x.json"
	[ "$status" -eq 2 ]
	[[ $output == *"standard output is /etc/runvet/policy.d/50-x.json, a file of the policy"* ]]
	[ "$(<50-x.json)" = '{ "version": 1 }' ]
	run -2 $CTL exempt $id --for 7d -o 50-x.json
	[[ $output == *"50-x.json is there already"* ]]
	run -2 $CTL exempt $id --for 7d -o 60-x.json
	[[ $output == *"does not list 60-x.json in mayRelax"* ]]
	run -2 $CTL exempt $id --for 7d -o 50-x.test.json
	[[ $output == *"would not be read"* ]]
	run -2 $CTL exempt $id --for 30d -o /nowhere/x.json
	run -0 $CTL exempt $id --for 30d -o 50-y.json
	[ -z "$output" ]
	run -1 $CTL exempt $id --for 30d -o 50-z.json # the policy lets it pass now
	[ "$(ls -A)" = $'50-x.json\n50-y.json' ]
	create e31
	[ "$status" -eq 0 ]
	sed -i 's/"notAfter": "[^"]*"/"notAfter": "2020-01-01T00:00:00Z"/' 50-y.json
	run -2 $CTL exempt $id --for 30d -o 50-z.json
	[[ $output == *"the exemption EX-$id is there already, in /etc/runvet/policy.d/50-y.json" ]]
	# Where it is no part of the policy a shell may write it as well.
	rm 50-y.json
	run -0 bash -c "$CTL exempt $id --for 7d >/etc/runvet/policy.d/50-y.new && mv /etc/runvet/policy.d/50-y.new 50-y.json"
	run -0 $CTL policy check
	# One file more than a policy may have: what it cannot be read with is taken away again.
	rm 50-y.json
	for n in {2..64}; do policy '{ "version": 1 }' policy.d/70-$n.json; done
	run -0 $CTL policy check
	run -2 $CTL exempt $id --for 7d -o 50-y.json
	[[ $output == *"the policy cannot be read with 50-y.json: it was taken away again" ]]
	[ ! -e 50-y.json ]
	run -0 $CTL policy check
}

@test "exempt: several values of a rule are one exemption, and one more is refused" {
	policy "$SITE"
	change '.process.noNewPrivileges = true | .process.capabilities.bounding += ["CAP_SYS_ADMIN", "CAP_SYS_TIME"]'
	create e10
	[ "$status" -eq 1 ]
	run -0 --separate-stderr $CTL exempt "$(last .id)" --for 36h
	printf '%s\n' "$output" >/etc/runvet/policy.d/50-exempt.json
	chmod 644 /etc/runvet/policy.d/50-exempt.json
	[ "$(grep -v '^//' <<<"$output" | jq -c '[.exempt[] | [.rules, .values.value]]')" = '[[["caps.allowed"],["CAP_SYS_ADMIN","CAP_SYS_TIME"]]]' ]
	create e11
	[ "$status" -eq 0 ]
	change '.process.capabilities.bounding += ["CAP_SYS_PTRACE"]'
	create e12
	[ "$status" -eq 1 ]
	[[ $output == *CAP_SYS_PTRACE* ]]
}

@test "exempt: nothing for rules that are not a policy's, for what is gone, for what passes" {
	policy "$SITE"
	change '.process.noNewPrivileges = true | .process.oomScoreAdj = 5000'
	create e20
	[ "$status" -eq 1 ]
	id=$(last .id)
	run $CTL exempt $id --for 7d
	[ "$status" -eq 1 ]
	[[ $output == *"spec.process.oom-score-range is no rule of a policy"* ]]
	change '.process.oomScoreAdj = 5001'
	run $CTL exempt $id --for 7d
	[ "$status" -eq 1 ]
	[[ $output == *"another digest"*"--config FILE"* ]]
	run $CTL exempt ffffffff-ffff --for 7d
	[ "$status" -eq 1 ]
	[[ $output == *"no record has an id that begins with ffffffff-ffff"* ]]
	change '.process.oomScoreAdj = 0 | .process.noNewPrivileges = false'
	create e21
	policy '{ "version": 1, "profile": "privileged@1" }'
	run $CTL exempt "$(last .id)" --for 7d
	[ "$status" -eq 1 ]
	[[ $output == *"lets it pass as it is"* ]]
	for wrong in "--for 7x" "--fro 7d" "--for" ""; do
		run $CTL exempt $id $wrong
		[ "$status" -eq 2 ]
	done
	run $CTL exempt $id --fro 7d
	[[ $output == *"did you mean --for?"* ]]
}

@test "explain: a refusal, with the line of the policy, the exemptions and why they do not hold" {
	mkdir -p /srv/data
	policy "{ \"version\": 1, \"profile\": \"p\",
 \"profiles\": { \"p\": { $RULES } },
 \"exempt\": [ { \"id\": \"EX-1\", \"rules\": [\"nnp\"], \"match\": { \"verb\": \"run\" }, \"reason\": \"r\", \"owner\": \"o\", \"notAfter\": \"2099-01-01T00:00:00Z\" },
  { \"id\": \"EX-2\", \"rules\": [\"nnp\"], \"match\": { \"verb\": \"create\" }, \"reason\": \"r\", \"owner\": \"o\", \"notAfter\": \"2020-01-01T00:00:00Z\" } ] }"
	change '.process.noNewPrivileges = false'
	create x1
	[ "$status" -eq 1 ]
	id=$(last .id)
	run -0 $CTL explain ${id:0:23}
	[[ $output == "record $id (/var/log/runvet/chain:"* ]]
	[[ $output == *"decision  deny, policy; mode enforce"* ]]
	[[ $output == *"nnp at /process: error"* ]]
	[[ $output == *"mode      enforce by p (/etc/runvet/policy.json:2:"* ]]
	[[ $output == *"EX-1 (/etc/runvet/policy.json:3:"*"it is for another call: verb"* ]]
	[[ $output == *"EX-2 (/etc/runvet/policy.json:4:"*"it has ended"* ]]
	[[ $output == *"source    Pod Security Standards, Privilege Escalation"* ]]
	# The bundle is gone: the record's own words.
	rm -rf /tmp/b
	run -0 $CTL explain $id
	[[ $output == *"its bundle is not there any more"*"nnp at /process: error"*"EX-2"* ]]
	run $CTL explain 00000000
	[ "$status" -eq 1 ]
	# A line that was changed is no record.
	cp $CHAIN /tmp/chain
	sed -i "/$id/s/\"decision\":\"deny\"/\"decision\":\"allow\"/" $CHAIN
	run $CTL explain $id
	cat /tmp/chain >$CHAIN
	[ "$status" -eq 2 ]
	[[ $output == *"it was changed after it was written" ]]
}

@test "explain: a control, with its parameters, its profiles and what it cannot see" {
	policy "$SITE"
	run -0 $CTL explain caps.allowed
	[[ $output == *"params    allow, an array of strings"*"baseline@v1.0 to v1.37"*"p, enforce (/etc/runvet/policy.json:1:"*"unseen"* ]]
	run $CTL explain caps.alowed
	[ "$status" -eq 2 ]
	[[ $output == *"did you mean caps.allowed?"* ]]
}

@test "test: cases about a start say what is found then, and exemptions for it hold as they do there" {
	change '.mounts = [.mounts[0], '"$BIND"'] | .process.noNewPrivileges = false'
	cp /tmp/b/config.json /tmp/site/c.json
	change '.process.noNewPrivileges = true'
	cp /tmp/b/config.json /tmp/site/d.json
	local by='"reason": "r", "owner": "o", "notAfter": "2027-01-31T00:00:00Z"' now='"now": "2026-12-01T00:00:00Z"'
	cat >/tmp/site/policy.json <<-EOT
		{ "version": 1, "issued": "2026-11-01T00:00:00Z", "profile": "p",
		  "profiles": { "p": { "extends": ["start@1"], "rules": {"nnp": {"mode":"off"}} } },
		  "exempt": [
		   { "id": "EX-1", "rules": ["boundary.mounts.confined"], "match": { "engine": "podman" }, "values": { "destination": "/data" }, $by },
		   { "id": "EX-2", "rules": ["drift.config"], "match": { "engine": "podman" }, "values": { "place": ["/process/env", "/annotations/**"] }, $by },
		   { "id": "EX-3", "rules": ["drift.missing"], "match": { "engine": "docker" }, "provided": ["nnp"], "mode": "audit", $by } ],
		  "tests": [
		   { "name": "that mount", "config": "c.json", "facts": {"engine":"podman"}, "start": {"boundary.mounts.confined": ["/mounts/1"]}, $now, "expect": {"decision":"allow","rules":[]} },
		   { "name": "other mount", "config": "c.json", "facts": {"engine":"podman"}, "start": {"boundary.mounts.confined": ["/mounts/0"]}, $now, "expect": {"decision":"deny","rules":["boundary.mounts.confined"]} },
		   { "name": "other engine", "config": "c.json", "facts": {"engine":"docker"}, "start": {"boundary.mounts.confined": ["/mounts/1"]}, $now, "expect": {"decision":"deny"} },
		   { "name": "claim", "config": "c.json", "facts": {"engine":"podman","trust":{"engine":"claim"}}, "start": {"boundary.mounts.confined": ["/mounts/1"]}, $now, "expect": {"decision":"deny"} },
		   { "name": "ended", "config": "c.json", "facts": {"engine":"podman"}, "start": {"boundary.mounts.confined": ["/mounts/1"]}, "now": "2027-12-01T00:00:00Z", "expect": {"decision":"deny"} },
		   { "name": "before issue", "config": "c.json", "facts": {"engine":"podman"}, "start": {"boundary.mounts.confined": ["/mounts/1"]}, "now": "2026-10-01T00:00:00Z", "expect": {"decision":"deny"} },
		   { "name": "drift", "config": "c.json", "facts": {"engine":"podman"}, "start": {"drift.config": ["/process/env", "/annotations/a"]}, $now, "expect": {"decision":"allow"} },
		   { "name": "drift more", "config": "c.json", "facts": {"engine":"podman"}, "start": {"drift.config": ["/process/env", "/process/args"]}, $now, "expect": {"decision":"deny"} },
		   { "name": "drift unknown", "config": "c.json", "facts": {"engine":"podman"}, "start": {"drift.config": []}, $now, "expect": {"decision":"deny"} },
		   { "name": "provided not", "config": "c.json", "facts": {"engine":"docker"}, "start": {"drift.missing": []}, $now, "expect": {"decision":"deny"} },
		   { "name": "provided", "config": "d.json", "facts": {"engine":"docker"}, "start": {"drift.missing": []}, $now, "expect": {"decision":"would-deny"} }
		  ] }
	EOT
	run -0 $CTL policy test /tmp/site/policy.json
	is "${lines[-1]}" "11 cases, 0 failed"
	sed -i 's|"destination": "/data"|"destination": "/dat"|' /tmp/site/policy.json
	run -1 $CTL policy test /tmp/site/policy.json
	is "${lines[-1]}" "11 cases, 1 failed"
	sed -i 's|"boundary.mounts.confined": ."/mounts/1".|"nnp": []|' /tmp/site/policy.json
	run -2 $CTL policy test /tmp/site/policy.json
	[[ $output == *"nnp is no rule of start"* ]]
	sed -i 's|"provided": ."nnp".|"provided": ["drift.bundle"]|' /tmp/site/policy.json
	run -1 $CTL policy check /tmp/site/policy.json
	[[ $output == *"create judges by no rule drift.bundle (yet) that could be asked in return"* ]]
}

@test "diff: the captured documents, and the records of this host" {
	printf '{ "version": 1, "profile": "privileged@1" }' >/tmp/site/old.json
	printf '{ "version": 1, "profile": "p", "profiles": { "p": { "rules": { "privileged": {}, "nnp": { "mode": "audit" } } } } }' >/tmp/site/new.json
	run $CTL policy diff /tmp/site/old.json /tmp/site/new.json "$REAL"/docker-default.json "$REAL"/docker-privileged.json
	[ "$status" -eq 1 ]
	[[ $output == *"docker-default.json: allow -> would-deny by nnp"* ]]
	[[ $output == *"docker-privileged.json: allow -> deny by "*privileged* ]]
	[[ $output == *"2 judged, 2 change: 2 stricter, 0 milder" ]]
	run -0 $CTL policy diff /tmp/site/old.json /tmp/site/old.json "$REAL"/docker-*[a-z].json
	[[ $output == *" judged, 0 change: 0 stricter, 0 milder" ]]
	policy '{ "version": 1, "profile": "privileged@1" }'
	change '.process.noNewPrivileges = false'
	create d1
	[ "$status" -eq 0 ]
	id=$(last .id)
	run $CTL policy diff /etc/runvet /tmp/site/new.json --chain
	[ "$status" -eq 1 ]
	[[ $output == *"record $id, /tmp/b: allow -> would-deny by nnp"* ]]
	run $CTL policy diff /etc/runvet /tmp/site/new.json $id
	[ "$status" -eq 1 ]
	change '.process.noNewPrivileges = true'
	run -0 $CTL policy diff /etc/runvet /tmp/site/new.json $id
	[[ $output == *"record $id: what is there now has another digest"*"of 1 record the document is not there any more" ]]
	run $CTL policy diff /etc/runvet
	[ "$status" -eq 2 ]
}

@test "coverage: what no document touches is listed" {
	cat >/tmp/site/policy.json <<-'EOT'
		{ "version": 1, "profile": "p", "profiles": { "p": { "rules": { "privileged": {}, "ns.host.pid": {} } } },
		  "select": [ { "when": { "engine": "buildkit" }, "profile": "privileged@1" } ],
		  "exempt": [ { "id": "EX-1", "rules": ["ns.host.pid"], "match": { "engine": "docker" }, "reason": "r",
		    "owner": "o", "notAfter": "2099-01-01T00:00:00Z" } ] }
	EOT
	run $CTL policy coverage /tmp/site "$REAL"/docker-privileged.json
	[ "$status" -eq 1 ]
	[[ $output == "never fired: ns.host.pid"* ]]
	[[ $output == *"never used: exemption: EX-1  (/tmp/site/policy.json:3:"* ]]
	[[ $output == *"never chosen: clause of select for: privileged@1  (/tmp/site/policy.json:2:"* ]]
	[[ $output == *"1 judged: 1 of 2 rules fired, 0 of 1 exemptions used, 0 of 1 clauses met" ]]
	echo '{ "engine": "docker", "trust": { "engine": "place" } }' >/tmp/site/docker.json
	run $CTL policy coverage --context /tmp/site/docker.json /tmp/site "$REAL"/docker-privileged.json "$REAL"/docker-host-namespaces.json
	[[ $output == *"2 judged: 2 of 2 rules fired, 1 of 1 exemptions used, 0 of 1 clauses met" ]]
}

@test "install: checks, runs the cases, keeps what else is there, and the one before" {
	policy '{ "version": 1, "profile": "privileged@1" }'
	CASE='"config": { "ociVersion": "1.0.2", "root": { "path": "r" } }'
	printf '{ "version": 1, "tests": [ { "name": "c", %s, "expect": { "decision": "allow" } } ] }' "$CASE" >/tmp/site/policy.json
	run $CTL policy install /tmp/site
	[ "$status" -eq 1 ]
	[[ $output == *"not ok: c"*"nothing was installed"* ]]
	grep -q 'privileged@1' /etc/runvet/policy.json
	run -0 $CTL policy install --force /tmp/site
	[ -e /etc/runvet/runtimes.d/runc.json ]
	[ "$(stat -c '%U %a' /etc/runvet /etc/runvet/policy.json | paste -sd,)" = "root 755,root 644" ]
	[ ! -e /etc/.runvet.staged ] && [ ! -e /etc/runvet/.runvet-staged ]
	run -0 $CTL policy check
	run -0 $CTL policy install --undo
	grep -q 'privileged@1' /etc/runvet/policy.json
	printf '{ "version": 1, "profile": "nobody" }' >/tmp/site/policy.json
	run $CTL policy install --force /tmp/site
	[ "$status" -eq 1 ]
	ln -s /etc/passwd /tmp/site/link
	printf '{ "version": 1 }' >/tmp/site/policy.json
	run $CTL policy install /tmp/site
	[ "$status" -eq 2 ]
	[[ $output == *"link is neither a regular file nor a directory"* ]]
	grep -q 'privileged@1' /etc/runvet/policy.json
	run $CTL policy instal /tmp/site
	[[ $output == *"did you mean install?"* ]]
}

@test "install, killed at any moment: the old policy or the new one, whole" {
	mkdir -p /tmp/one/policy.d /tmp/two/policy.d
	for n in one two; do
		printf '{ "version": 1, "x-name": "%s" }' $n >/tmp/$n/policy.json
		for f in {10..40}; do printf '{ "version": 1, "x-name": "%s" }' $n >/tmp/$n/policy.d/$f.json; done
	done
	$CTL policy install /tmp/one >/dev/null
	for i in {1..60}; do
		[ $((i % 2)) -eq 0 ] && n=one || n=two
		$CTL policy install /tmp/$n >/dev/null 2>&1 3>&- &
		sleep "0.0$(printf '%02d' $((i % 50)))"
		kill -KILL $! 2>/dev/null || :
		wait $! 2>/dev/null || :
		names=$(cat /etc/runvet/policy.json /etc/runvet/policy.d/*.json | grep -o 'one\|two' | sort | uniq -c)
		[ "$(awk '{ print $1 }' <<<"$names")" = 32 ]
		[ -e /etc/runvet/runtimes.d/runc.json ]
		$CTL policy check >/dev/null
	done
	run -0 $CTL policy install /tmp/one
	run -0 $CTL policy install /tmp/two
	[ ! -e /etc/.runvet.staged ]
	run -0 $CTL policy install --undo
	grep -q one /etc/runvet/policy.json
}
