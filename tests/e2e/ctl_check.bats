#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# runvetctl check with hosts, delegates and a policy: would this bundle run on that node, and under which delegate? The nodes are
# those of tests/host, the delegates those of tests/spec/features. RUNVETCTL names another binary than the installed one.

# shellcheck disable=SC2016,SC2154 # filters for jq; variables that bats sets
bats_require_minimum_version 1.5.0

setup() {
	CTL=${RUNVETCTL:-$(command -v runvetctl)}
	TESTS=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	HOSTS=$TESTS/host FEATURES=$TESTS/spec/features REAL=$TESTS/spec/real
	cd "$BATS_TEST_TMPDIR" || return
	cat >base.json <<-'END'
		{
			"ociVersion": "1.0.2",
			"process": { "user": { "uid": 0, "gid": 0 }, "args": ["/bin/sh"], "cwd": "/" },
			"root": { "path": "rootfs" },
			"mounts": [
				{ "destination": "/proc", "type": "proc", "source": "proc" },
				{ "destination": "/sys", "type": "sysfs", "source": "sysfs" },
				{ "destination": "/dev/pts", "type": "devpts", "source": "devpts" },
				{ "destination": "/dev/shm", "type": "tmpfs", "source": "shm" }
			],
			"linux": { "namespaces": [{ "type": "mount" }, { "type": "pid" }] }
		}
	END
}

teardown() {
	rm -rf /etc/runvet/runtimes.d /opt/delegates
}

# make NAME FILTER: a config.json made from the base by jq.
make() {
	jq --tab "$2" base.json >"$1"
}

# node NAME: a host document NAME.json, of a node with cgroup v2 that has no cpuset controller (jq rounds unlimited limits).
node() {
	jq '.cgroup.controllers -= ["cpuset"] | .cgroup.v2 -= ["cpuset"] | del(.self.rlimits)' "$HOSTS/v2.json" >"$1.json"
}

# job NAME: asks for CPUs of its own, and for a memory policy, which came with 1.3.0.
job() {
	make "$1" '.ociVersion = "1.3.0" | .linux.resources.cpu.cpus = "0-1" | .linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "0" }'
}

# is STATUS: of the last run; its output is compared with the here-document, word for word.
is() {
	local want
	want=$(cat)
	if [[ $status != "$1" || $output != "$want" ]]; then
		printf 'status %s, wanted %s\n--- got\n%s\n--- wanted\n%s\n' "$status" "$1" "$output" "$want"
		return 1
	fi
}

# complains WORD… -- LINE: check WORD… ends with 2 and that as the first line on stderr, and nothing on stdout.
complains() {
	local words=()
	while [[ $1 != -- ]]; do
		words+=("$1")
		shift
	done
	run --separate-stderr "$CTL" check "${words[@]}"
	if [[ $status != 2 || -n $output || ${stderr_lines[0]} != "runvetctl: $2" ]]; then
		printf 'check %s: status %s, stdout %s\n%s\n' "${words[*]}" "$status" "$output" "$stderr"
		return 1
	fi
}

# refused WORD…: the cases that are refused, as DOCUMENT HOST DELEGATE, after how many there were.
refused() {
	"$CTL" check --format json "$@" >results.json || [ $? -eq 1 ]
	jq -r '.results | length, (.[] | select(.decision == "deny") | "\(.path | sub(".*/"; "")) \(.host) \(.delegate)")' results.json
}

# delegate NAME TEXT: an entry of runtimes.d whose delegate does what TEXT says in sh when it is asked for its features.
delegate() {
	mkdir -p /etc/runvet/runtimes.d /opt/delegates
	cat >"/opt/delegates/$1" <<-END
		#!/bin/sh
		echo "\$1" >>/opt/delegates/$1.asked
		case \$1 in
		--version) echo '$1 version 1.3.6' ;;
		features) $2 ;;
		esac
	END
	chmod 755 "/opt/delegates/$1"
	touch "/opt/delegates/$1.asked"
	chmod 666 "/opt/delegates/$1.asked"
	printf '{ "name": "%s", "dialect": "runc", "paths": ["/opt/delegates/%s"] }\n' "$1" "$1" >"/etc/runvet/runtimes.d/$1.json"
	chmod 644 "/etc/runvet/runtimes.d/$1.json"
}

configs() {
	find "$REAL" -name '*.json' ! -name '*.process.json' ! -name '*.resources.json' | sort
}

@test 'what engines wrote runs on hosts of every kind, under every delegate' {
	local hosts=()
	for host in v1 hybrid v2 apparmor selinux; do
		hosts+=(--host "$HOSTS/$host.json")
	done
	mapfile -t all < <(configs)
	[ ${#all[@]} -ge 30 ]
	# Two ask for swappiness and for no OOM killer, which cgroup v2 has no place for: crun refuses that, runc only drops it.
	{
		echo $((${#all[@]} * 5 * 4))
		for document in docker-resources docker-tuned; do
			for host in v2 apparmor selinux; do
				echo $document.json $host crun-1.27
			done
		done
	} >wanted
	refused "${hosts[@]}" --delegate "$FEATURES" "${all[@]}" >got
	diff wanted got
}

@test 'what is written for rootless containers runs on a rootless host' {
	refused --host "$HOSTS/rootless.json" --delegate "$FEATURES" "$REAL"/{crun,runc}-spec-rootless.json >got
	diff - got <<<8
	refused --host "$HOSTS/user.json" --delegate none "$REAL"/docker-limits.json >got
	diff - got <<-'END'
		1
		docker-limits.json user null
	END
}

@test 'a table says where it runs, and each finding is said once' {
	job job.json
	node node7
	run "$CTL" check --host "$HOSTS/v1.json" --host node7.json --host "$HOSTS/v2.json" --delegate "$FEATURES" job.json
	is 1 <<-'END'
		       crun-1.27   runc-1.1.5  runc-1.3.6  youki-0.7
		v1     runs        refused: 1  refused: 1  runs, 2 warnings
		node7  refused: 1  refused: 2  refused: 2  refused: 1
		v2     runs        refused: 1  refused: 1  runs, 2 warnings

		with runc-1.1.5:
		job.json:2:16: warning: ociVersion should not be newer than all that the delegate promises to know, found "1.3.0": runc 1.1.5+ds1 says of ociVersionMax: 1.0.2-dev [feat.version.max]
		job.json:52:19: error: linux.memoryPolicy must be known to the delegate: runc 1.1.5+ds1 leaves it out without a word, as all before 1.4.0; use another delegate, or do without [feat.property-lost]

		with runc-1.3.6:
		job.json:2:16: warning: ociVersion should not be newer than all that the delegate promises to know, found "1.3.0": runc 1.3.6 says of ociVersionMax: 1.2.1 [feat.version.max]
		job.json:52:19: error: linux.memoryPolicy must be known to the delegate: runc 1.3.6 leaves it out without a word, as all before 1.4.0; use another delegate, or do without [feat.property-lost]

		with youki-0.7:
		job.json:2:16: warning: ociVersion should not be newer than all that the delegate promises to know, found "1.3.0": youki 0.7.0 says of ociVersionMax: 1.2.1 [feat.version.max]
		job.json:52:19: warning: linux.memoryPolicy should be of a release that the delegate promises to know: others it may leave out without a word: youki 0.7.0 says of ociVersionMax: 1.2.1, and that came with 1.3.0 [feat.property-unknown]

		on node7:
		job.json:49:13: error: linux.resources.cpu.cpus must have a cgroup controller that applies it, found "0-1": this host has cgroup v2 without a controller cpuset for containers (there are cpu, io, memory, hugetlb and pids) [host.linux.resources.controller-available]

		1 checked, 8 of 12 refused
	END
}

@test 'one host and one delegate: findings as ever, with the fact' {
	job job.json
	node node7
	run "$CTL" check --format lines --host node7.json --delegate "$FEATURES/crun-1.27.json" job.json
	is 1 <<-'END'
		job.json:49:13: error: linux.resources.cpu.cpus must have a cgroup controller that applies it, found "0-1": this host has cgroup v2 without a controller cpuset for containers (there are cpu, io, memory, hugetlb and pids) [host.linux.resources.controller-available]
		1 checked, 1 denied: 1 error, 0 warnings, 0 infos
	END
	run "$CTL" check --host "$HOSTS/v2.json" --delegate "$FEATURES/crun-1.27.json" job.json
	is 0 <<<'1 checked, 0 denied: 0 errors, 0 warnings, 0 infos'
	run "$CTL" check job.json
	is 0 <<<'1 checked, 0 denied: 0 errors, 0 warnings, 0 infos'
}

@test 'JSON: a result for each document, host and delegate' {
	job job.json
	node node7
	run -1 "$CTL" check --format json --host node7.json --host none --delegate "$FEATURES/runc-1.3.6.json" --delegate none base.json job.json
	jq -c '.results[] | [.path, .host, .delegate, .decision, (.findings | length)]' <<<"$output" >got
	diff - got <<-'END'
		["base.json","node7","runc-1.3.6","allow",0]
		["base.json","node7",null,"allow",0]
		["base.json",null,"runc-1.3.6","allow",0]
		["base.json",null,null,"allow",0]
		["job.json","node7","runc-1.3.6","deny",3]
		["job.json","node7",null,"deny",1]
		["job.json",null,"runc-1.3.6","deny",2]
		["job.json",null,null,"allow",0]
	END
	[ "$(jq -c '.results[0] | keys' <<<"$output")" = '["decision","delegate","findings","host","left_out","path","policy","unknown"]' ]
	[ "$(jq -c '.results[5].findings[0] | [.rule, .fact, .mode, .profile, .exempt]' <<<"$output")" = \
		'["host.linux.resources.controller-available","this host has cgroup v2 without a controller cpuset for containers (there are cpu, io, memory, hugetlb and pids)",null,null,null]' ]
}

@test 'several documents: each has its rows, and what does not parse runs nowhere' {
	job job.json
	node node7
	echo '{' >broken.json
	run "$CTL" check --host "$HOSTS/v1.json" --host node7.json base.json job.json broken.json
	is 1 <<-'END'
		base.json
		  v1     runs
		  node7  runs
		job.json
		  v1     runs
		  node7  refused: 1
		broken.json
		  v1     refused: 1
		  node7  refused: 1

		job.json on node7:
		job.json:49:13: error: linux.resources.cpu.cpus must have a cgroup controller that applies it, found "0-1": this host has cgroup v2 without a controller cpuset for containers (there are cpu, io, memory, hugetlb and pids) [host.linux.resources.controller-available]

		broken.json everywhere:
		broken.json:2:1: error: the text ends inside an object [json.well-formed]

		3 checked, 3 of 6 refused; 1 runs nowhere
	END
}

@test 'the table is never wider than a terminal' {
	local n words=()
	for n in {1..9}; do
		cp "$FEATURES/runc-1.3.6.json" "a-delegate-with-a-rather-long-name-$n.json"
		words+=(--delegate "a-delegate-with-a-rather-long-name-$n.json")
	done
	job "a-document-that-has-a-name-longer-than-its-column.json"
	run -1 "$CTL" check "${words[@]}" --host "$HOSTS" ./*column.json
	sed '/^everywhere/,$d' <<<"$output" >table
	[ "$(awk 'length > 80' table)" = '' ]
	[ "$(grep -c -e '-rather-long-name-[1-9]' table)" -gt 2 ]
	[ "$(grep -o -e '-rather-long-name-[1-9]' table | sort -u | wc -l)" -eq 9 ]
	[ "$(grep -c -e '-rather-long-name-[1-9]' table)" -eq "$(grep -c '^hybrid  *refused' table)" ]
}

@test 'what is called alike is told apart' {
	mkdir a b
	jq -n --slurpfile f "$FEATURES/crun-1.27.json" '{ delegates: [{ delegate: { name: "crun", dialect: "crun", version: "1.27", features: $f[0] },
		kept: true, unknown: null, findings: [] }] }' | tee a/node.json >b/node.json
	cp "$HOSTS/v1.json" a/host.json
	cp "$HOSTS/v2.json" b/host.json
	run -0 "$CTL" check --format json --delegate a/node.json --delegate "$FEATURES/runc-1.3.6.json" --host a/host.json --host b/host.json base.json
	[ "$(jq -c '[.results[] | "\(.host) \(.delegate)"]' <<<"$output")" = \
		'["a/host.json crun","a/host.json runc-1.3.6","b/host.json crun","b/host.json runc-1.3.6"]' ]
	run -0 "$CTL" check --format json --delegate a/node.json --delegate b/node.json base.json
	[ "$(jq -c '[.results[].delegate]' <<<"$output")" = '["a/node.json:crun","b/node.json:crun"]' ]
}

@test 'a bare features document tells whose it is' {
	job job.json
	node node7
	for which in 'runc-1.1.5 deny' 'runc-1.3.6 deny' 'crun-1.27 allow' 'youki-0.7 allow'; do
		run "$CTL" check --format json --delegate "$FEATURES/${which% *}.json" job.json
		[ "$(jq -r '.results[0].decision' <<<"$output")" = "${which#* }" ]
	done
	# Of one that does not say so nothing beyond its words is held against anybody.
	jq 'del(.annotations)' "$FEATURES/runc-1.3.6.json" >nobody.json
	run -0 "$CTL" check --format json --delegate nobody.json job.json
	# Nor of one that wrote nothing at all: time namespaces are known to crun, and not listed by it.
	make time.json '.ociVersion = "1.2.0" | .linux.namespaces += [{ type: "time" }]'
	run -0 "$CTL" check --delegate "$FEATURES/crun-1.27.json" time.json
}

@test 'a delegate of this machine is asked, and kept where the caller can keep it' {
	delegate answers "cat $FEATURES/runc-1.3.6.json"
	make lost.json '.ociVersion = "1.3.0" | .linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "0" }'
	run -0 "$CTL" check --delegate answers base.json
	run -1 "$CTL" check --delegate answers lost.json
	[ "$(sort </opt/delegates/answers.asked | uniq -c | xargs)" = '1 --version 1 features' ]
	# What runvetctl features prints of it is worth as much elsewhere.
	"$CTL" features --format json answers >answers.json
	run "$CTL" check --format json --delegate answers --delegate answers.json lost.json
	[ "$(jq -c '[.results[].delegate]' <<<"$output")" = '["answers","answers:answers"]' ]
	[ "$(jq '.results[0].findings == .results[1].findings and (.results[0].findings | length) > 0' <<<"$output")" = true ]
}

@test 'a user who is not root, with no place to keep anything, can ask as well' {
	delegate answers "cat $FEATURES/runc-1.3.6.json"
	chmod 755 "$BATS_TEST_TMPDIR"
	run setpriv --reuid 4711 --regid 4711 --clear-groups "$CTL" check --format json --host live --delegate answers - <"$REAL/crun-spec.json"
	[ "$status" -le 1 ]
	[ "$(jq -c '.results[0] | [.host, .delegate, .unknown]' <<<"$output")" = '["live","answers",null]' ]
	run -0 setpriv --reuid 4711 --regid 4711 --clear-groups "$CTL" check --format json --delegate answers - <base.json
	[ "$(sort </opt/delegates/answers.asked | uniq -c | xargs)" = '2 --version 2 features' ]
}

@test 'a delegate that says nothing is named, and nothing held against it' {
	delegate mute 'exit 1'
	run "$CTL" check --delegate mute base.json
	is 0 <<-'END'
		mute: what it can is not known: it has no command that tells its features
		1 checked, 0 denied: 0 errors, 0 warnings, 0 infos
	END
	run -0 "$CTL" check --format json --delegate mute base.json
	[ "$(jq -r '.results[0].unknown' <<<"$output")" = 'it has no command that tells its features' ]
	run -0 "$CTL" check --format json --delegate all --delegate mute base.json
	[ "$(jq -r '.results | map(select(.delegate == "mute")) | length' <<<"$output")" = 1 ]
}

@test 'live: the bundle is looked at where it lies' {
	mkdir -p b/rootfs/{proc,sys,dev,bin}
	cp /bin/true b/rootfs/bin/sh
	cp base.json b/config.json
	run -0 "$CTL" check --host live b
	run -0 sh -c 'cd b && "$1" check --host live config.json' sh "$CTL"
	rm -r b/rootfs
	run -1 "$CTL" check --host live b
	[[ ${lines[0]} == *': this host has nothing there [host.root.path-directory]' ]]
	# Of a document that lies elsewhere, nobody knows where its rootfs is.
	run -0 "$CTL" check --host live base.json
}

@test 'a policy: profile, mode and exemptions are named' {
	mkdir site
	cat >site/policy.json <<-'END'
		{ "version": 1, "profile": "tenant",
		  "profiles": { "tenant": { "rules": { "caps.allowed": { "mode": "enforce" }, "ns.host.net": { "mode": "audit" } } } },
		  "shadow": [{ "profile": "privileged@1" }],
		  "exempt": [{ "id": "EX-7", "rules": ["caps.allowed"], "values": { "value": "CAP_NET_ADMIN" }, "reason": "VPN",
		               "owner": "net@example.org", "notAfter": "2999-01-01T00:00:00Z" }] }
	END
	make caps.json '.process.capabilities = (["CAP_NET_ADMIN"] as $c | { bounding: $c, effective: $c, permitted: $c })'
	run "$CTL" check --format lines --policy site caps.json
	is 0 <<-'END'
		caps.json:14:5: exempt: process.capabilities.bounding[0] must be a capability that the policy allows, found "CAP_NET_ADMIN": the policy allows nothing; do not add it (--cap-add), or drop it (--cap-drop, securityContext.capabilities) [caps.allowed, tenant, exempt by EX-7]
		caps.json:49:11: error: linux must give the container its own network namespace, not the host's: without one it is in the host's; it reaches the host's abstract sockets and loopback: leave out --network=host (hostNetwork) [ns.host.net, tenant, audit]
		caps.json: judged by tenant in mode enforce, with the exemption EX-7; privileged@1 would say 0 errors, 0 warnings
		1 checked, 0 denied: 1 error, 0 warnings, 0 infos
	END
	run -0 "$CTL" check --format json --policy site caps.json
	[ "$(jq -c '.results[0].findings[] | [.rule, .severity, .mode, .profile, .exempt]' <<<"$output")" = \
		$'["caps.allowed","off","enforce","tenant","EX-7"]\n["ns.host.net","error","audit","tenant",null]' ]
	[ "$(jq -c '.results[0].policy' <<<"$output")" = \
		'{"profile":"tenant","mode":"enforce","claimed":null,"exempt":["EX-7"],"shadows":[{"profile":"privileged@1","errors":0,"warnings":0}]}' ]
	jq '.mode = "audit"' site/policy.json >audit.json
	run -0 "$CTL" check --policy audit.json "$REAL/docker-privileged.json"
	[[ $output == *'judged by tenant in mode audit'* ]]
	run -0 "$CTL" check --format json --policy audit.json "$REAL/docker-privileged.json"
	[ "$(jq -c '.results[0] | [.decision, .policy.profile, .policy.mode]' <<<"$output")" = '["would-deny","tenant","audit"]' ]
	run -0 "$CTL" check --policy audit.json --host "$HOSTS/v1.json" --host "$HOSTS/v2.json" "$REAL/docker-privileged.json"
	[[ ${lines[0]} == 'v1  runs, '*' audited' ]]
	run -1 "$CTL" check --policy site "$REAL/docker-privileged.json"
	run -0 "$CTL" check --policy none "$REAL/docker-privileged.json"
}

@test 'standard input may be a host, once' {
	run -0 "$CTL" check --host - base.json <"$HOSTS/v2.json"
	run --separate-stderr -2 "$CTL" check --host - - base.json <"$HOSTS/v2.json"
	[ "${stderr_lines[0]}" = 'runvetctl: standard input can be read once' ]
	[ "${lines[0]}" = '1 checked, 0 denied: 0 errors, 0 warnings, 0 infos' ]
	complains --host - --host - base.json -- "standard input can be read once" <"$HOSTS/v2.json"
}

@test 'what cannot be used is named, with its place' {
	echo '{ "kernel": { "relaese": "6.1" } }' >odd.json
	complains --host odd.json base.json -- 'odd.json:1:15: kernel.relaese is unknown here; did you mean release? [json.unknown-property]'
	echo '{ "lsm": 7 }' >typed.json
	complains --host typed.json base.json -- 'typed.json:1:10: lsm must be an array, found a number [type.machine.lsm]'
	echo '{ "name": "runc", "vresion": "1" }' >vresion.json
	complains --delegate vresion.json base.json -- \
		'vresion.json:1:19: neither a features document nor a delegate has a member vresion; did you mean version?'
	echo '{ "name": 7 }' >seven.json
	complains --delegate seven.json base.json -- 'seven.json:1:11: name must be a string, found an integer'
	echo '[]' >list.json
	complains --delegate list.json base.json -- 'list.json:1:1: a delegate must be an object, found an array'
	echo '{ "ociVersionMin": "1.0.0", }' >comma.json
	complains --delegate comma.json base.json -- 'comma.json:1:27: a comma must not follow the last entry [json.well-formed]'
	complains --host liev base.json -- 'no host document is at liev; did you mean live?'
	complains --host ./nowhere.json base.json -- './nowhere.json cannot be read: it is missing'
	complains --delegate rucn base.json -- 'no delegate is called rucn, and no file; did you mean runc?'
	complains --delegate containerd-shim-runc-v2 base.json -- 'containerd-shim-runc-v2 is no runtime that a container could be handed to'
	complains --host base.json base.json -- 'base.json:2:1: ociVersion is unknown here [json.unknown-property]'
	mkdir empty
	complains --host empty base.json -- 'empty has no file that ends in .json'
	complains --delegate -- '--delegate needs a value: a name in runtimes.d, none, all or a file'
	echo '{ "version": 1, }' >policy.json
	complains --policy policy.json base.json -- 'policy.json:1:15: a comma must not follow the last entry [json.well-formed]'
	complains --policy nowhere base.json -- 'there is no policy at nowhere'
	complains --policy none --policy policy.json --policy policy.json base.json -- \
		'policy.json:1:15: a comma must not follow the last entry [json.well-formed]'
}

@test 'a delegate that others could change is not run' {
	delegate loose 'touch /opt/delegates/was-run'
	chmod 777 /opt/delegates/loose
	run --separate-stderr -2 "$CTL" check --delegate loose base.json
	[[ $stderr == *'; it is not run' ]]
	[ ! -s /opt/delegates/loose.asked ]
}

# sarif WORD…: check prints SARIF that its schema (OASIS's) takes, into out.sarif.
sarif() {
	"$CTL" check --format sarif "$@" >out.sarif 2>/dev/null || true
	python3 - "$TESTS/schema/sarif-2.1.0.json" out.sarif <<-'END'
		import json, jsonschema, sys
		schema, document = (json.load(open(name)) for name in sys.argv[1:])
		jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)
	END
}

@test 'SARIF: as its schema has it, and at the right line' {
	make wide.json '.process.env = ["日本=x"] | .process.cwd = "x"'
	mkdir -p 'a b'
	cp wide.json 'a b/config.json'
	sarif --profile restricted@v1.37 './a b/../a b' wide.json nowhere.json
	[ "$(jq -c '.runs[0] | [.columnKind, .invocations[0].executionSuccessful, (.invocations[0].toolExecutionNotifications | length)]' out.sarif)" = \
		'["unicodeCodePoints",false,1]' ]
	[ "$(jq -r '[.runs[0].results[].locations[0].physicalLocation.artifactLocation.uri] | unique | join(" ")' out.sarif)" = 'a%20b/config.json wide.json' ]
	# Every region is the value that its pointer leads to, in bytes, in characters, and by line and column.
	python3 - <<-'END'
		import json
		run = json.load(open("out.sarif"))["runs"][0]
		text = open("wide.json", encoding="utf-8").read()
		document, seen = json.loads(text), 0
		for result in run["results"]:
		    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
		    where = result["locations"][0]
		    region = where["physicalLocation"]["region"]
		    if "logicalLocations" not in where:
		        continue
		    value = document
		    for step in where["logicalLocations"][0]["fullyQualifiedName"].split("/")[1:]:
		        value = value[int(step) if isinstance(value, list) else step]
		    said = text[region["charOffset"]:region["charOffset"] + region["charLength"]]
		    data = text.encode()[region["byteOffset"]:region["byteOffset"] + region["byteLength"]]
		    line = text.split("\n")[region["startLine"] - 1]
		    assert said == data.decode() == line[region["startColumn"] - 1:region["endColumn"] - 1], result
		    if isinstance(value, (dict, list)):
		        assert said[0] == json.dumps(value)[0]
		    else:
		        assert json.loads(said) == value
		        seen += 1
		assert seen >= 4, seen
	END
	# Lines before it do not change what a finding is known by; another value does.
	jq -r '.runs[0].results[] | select(.ruleId == "spec.process.cwd-absolute").partialFingerprints[]' out.sarif | sort -u >before
	{ printf '\n\n\n' && sed 's/日本=x/日本=y/' wide.json; } >moved.json
	sarif moved.json
	jq -r '.runs[0].results[] | select(.ruleId == "spec.process.cwd-absolute").partialFingerprints[]' out.sarif | sort -u | diff before -
	[ "$(wc -l <before)" -eq 1 ]
	# Where values are secret, none is in it.
	run ! grep -q '日本' out.sarif
}

@test 'SARIF and JUnit: what is exempt is suppressed, or skipped, with its reason' {
	cat >policy.json <<-'END'
		{ "version": 1, "profile": "tenant", "profiles": { "tenant": { "rules": { "caps.allowed": {}, "ns.host.net": {} } } },
		  "exempt": [{ "id": "EX-7", "rules": ["caps.allowed"], "values": { "value": "CAP_NET_ADMIN" }, "reason": "VPN <&>",
		               "owner": "net@example.org", "notAfter": "2999-01-01T00:00:00Z" }] }
	END
	make caps.json '.process.capabilities = (["CAP_NET_ADMIN"] as $c | { bounding: $c, effective: $c, permitted: $c }) | .process.env = ["A=\u0001<"]'
	sarif --policy policy.json caps.json
	[ "$(jq -c '[.runs[0].results[] | [.ruleId, (.suppressions | map(.kind + " " + .justification))]] | unique' out.sarif)" = \
		'[["caps.allowed",["external EX-7: VPN <&>"]],["ns.host.net",[]]]' ]
	"$CTL" check --format junit --policy policy.json caps.json base.json nowhere.json >out.xml 2>/dev/null || [ $? -eq 2 ]
	xmllint --noout --schema "$TESTS/schema/junit-10.xsd" out.xml
	[ "$(xmllint --xpath 'string(//testsuite[@name="caps.json"]/testcase/skipped/@message)' out.xml)" = 'exempt by EX-7: VPN <&>' ]
	[ "$(xmllint --xpath 'concat(count(//testsuite), " ", count(//failure), " ", count(//error), " ", sum(//@tests), " ", sum(//@failures))' out.xml)" = '3 4 1 6 4' ]
}

@test 'directories, patterns and lists of files' {
	mkdir -p tree/one/rootfs/deep tree/two.d tree/.git tree/three/nested
	cp base.json tree/one/config.json
	cp base.json tree/one/rootfs/deep/config.json
	cp base.json tree/two.d/pod.json
	cp base.json tree/.git/config.json
	cp base.json tree/three/nested/config.json
	echo '{ "name": "package" }' >tree/package.json
	ln -s .. tree/three/loop
	run -0 "$CTL" check --format json tree/
	[ "$(jq -r '[.results[].path] | join(" ")' <<<"$output")" = 'tree/one tree/three/nested tree/two.d/pod.json' ]
	run -0 "$CTL" check --format json 'tree/o*' 'tree/t*/*.json' 'tree/**/nested'
	[ "$(jq -r '[.results[].path] | join(" ")' <<<"$output")" = 'tree/one tree/two.d/pod.json tree/three/nested' ]
	printf 'base.json\0tree/one\0' | "$CTL" check --files-from - | grep -q '^2 checked'
	printf 'base.json\n\ntree\n' >list
	"$CTL" check --files-from list base.json | grep -q '^5 checked'
	complains 'tree/*.yaml' -- 'nothing fits tree/*.yaml'
	complains tree/one/rootfs/nowhere -- 'tree/one/rootfs/nowhere cannot be read: it is missing'
}

@test 'workflow commands obey nobody but their escapes' {
	mkdir -p 'a,b:c'
	make 'a,b:c/config.json' '.process.cwd = "100%\n::error::owned" | .linux.namespaces += [{ type: "uts" }]'
	run -1 "$CTL" check --format github 'a,b:c'
	[ "${lines[0]}" = '::error file=a%2Cb%3Ac/config.json,line=11,endLine=11,col=10,endColumn=31,title=spec.process.cwd-absolute::process.cwd must be an absolute path, found "100%25\x0a::error::owned"' ]
	[ "${#lines[@]}" -eq 2 ]
}

@test 'a profile without a policy file, and who calls' {
	run -1 "$CTL" check --profile restricted "$REAL/docker-default.json"
	[[ $output == *'judged by restricted@v1.'*' in mode enforce'* ]]
	run -0 "$CTL" check --profile privileged "$REAL/docker-default.json"
	complains --profile restrictde@v1.37 base.json -- 'there is no profile restrictde@v1.37; did you mean restricted@v1.37?'
	# What the engine itself mounts is its own, once somebody says so.
	make given.json '.mounts += [{ destination: "/given", type: "bind", source: "/srv/given", options: ["bind"] }]'
	echo '{ "engine": "docker", "managed": ["/srv/given/**"] }' >docker.json
	run "$CTL" check --format lines --profile baseline@v1.37 --context none given.json
	[[ $output == *'[mount.host, baseline@v1.37]'* ]]
	for who in '' '--context docker.json'; do
		# shellcheck disable=SC2086 # words
		run "$CTL" check --format lines --profile baseline@v1.37 $who given.json
		[[ $output == *'[mount.sys, baseline@v1.37]'* && $output != *'[mount.host, '* ]]
	done
}

@test 'colour is for terminals, and the line is cut to fit one' {
	make d.json '.process.cwd = "x"'
	jq -c . d.json >one.json
	run "$CTL" check one.json
	[[ ${lines[1]} == '    1 | ...'*'"cwd":"x"'*... && ${#lines[1]} -le 80 ]]
	[ "${lines[1]:${#lines[2]}-3:3}" = '"x"' ]
	[[ ${lines[2]} == *'^~~' && $output != *$'\e'* ]]
	run "$CTL" check --color always one.json
	[[ $output == *$'\e[1;31merror:\e[0m'* ]]
	TERM=xterm run script -qec "'$CTL' check one.json" /dev/null
	[[ $output == *$'\e[1;31merror:'* ]]
	TERM=xterm NO_COLOR=1 run script -qec "'$CTL' check one.json" /dev/null
	[[ $output != *$'\e['* ]]
}

@test 'what docs/ci.md tells its reader to do' {
	local ran=0 line
	mkdir -p deploy/web/rootfs
	"$CTL" generate --bundle deploy/web
	git init -q .
	git add deploy
	mkdir path
	ln -s "$CTL" path/runvetctl
	while read -r line; do
		[[ $line != *'--fail-on warning' ]] || line+=' deploy/web/config.json' # as pre-commit does
		PATH=$PWD/path:$PATH bash -euc "$line" || { echo "failed: $line"; return 1; }
		ran=$((ran + 1))
	done < <(awk '/^```/ { on = !on } on' "$TESTS/../docs/ci.md" | grep -E '^ *(runvetctl|git) ' | sed 's/--bundle fresh/--bundle "$PWD\/fresh"/')
	[ "$ran" -eq 11 ]
	xmllint --noout --schema "$TESTS/schema/junit-10.xsd" runvet.xml
	[ "$(jq -c '.runs[0].results' runvet.sarif)" = '[]' ]
	[ "$(<web.patch.json)" = '[]' ]
}
