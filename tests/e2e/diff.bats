#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# runvetctl diff: planted changes are named, each in its group; and bundles, containers, records, locks and hosts can be
# held against each other. What is secret is never shown.

load ../lib/e2e
load ../lib/changes

setup_file() {
	bundle_make /tmp/base
}

teardown() {
	local id
	rm -rf /etc/runvet
	for id in one two three; do
		"$ALONE" delete --force $id >/dev/null 2>&1 || :
	done
}

# diff_json A B: the JSON of diff in $json, its exit status in $code.
diff_json() {
	code=0
	json=$(runvetctl diff --format json "$@") || code=$?
}

# count GROUP: how many differences of that group there are.
count() {
	jq ".$1" <<<"$json"
}

# place_of POINTER: how diff calls what is there, as far as it can be said of any document.
place_of() {
	local place=${1#/}
	case $place in
	annotations/*) echo "annotations[${place#*/}]" ;;
	*\**) tr / . <<<"${place%%/\**}" ;;
	*) tr / . <<<"$place" ;;
	esac
}

# lay NAME JQ: a bundle beside the base one, changed.
lay() {
	mkdir -p "/tmp/$1"
	jq "$2" /tmp/base/config.json >"/tmp/$1/config.json"
	chmod 644 "/tmp/$1/config.json"
}

# start NAME ID: the container of that bundle, created by runvet.
start() {
	[[ -e /tmp/$1/rootfs ]] || rootfs_make "/tmp/$1/rootfs"
	"$VETTED" create --bundle "/tmp/$1" "$2" </dev/null >/dev/null 2>&1 3>&-
}

@test "each planted change is named, in the group that it belongs to, and nothing differs from itself" {
	local change name wrong=''
	for change in "${CHANGES[@]}"; do
		[[ $(change_part "$change" 4) ]] || continue
		name=$(change_part "$change" 1)
		lay changed "$(change_part "$change" 4)"
		diff_json /tmp/base /tmp/changed
		[[ $code == 1 ]] || wrong+="$name: exit $code"$'\n'
		# shellcheck disable=SC2016  # jq's variables
		jq -e --arg p "$(place_of "$(change_part "$change" 3)")" \
			'[.differences[].place | select(startswith($p))] | length > 0' <<<"$json" >/dev/null || wrong+="$name: not named"$'\n'
		if [[ $(change_part "$change" 2) == confines ]]; then
			[[ $(count confinement) -gt 0 ]] || wrong+="$name: does not confine"$'\n'
		else
			[[ $(count confinement) == 0 && $(count results) -gt 0 ]] || wrong+="$name: in another group"$'\n'
		fi
		jq -e 'all(.differences[]; .why | test("^[A-Z].*[.]$"))' <<<"$json" >/dev/null || wrong+="$name: no sentence"$'\n'
	done
	is "$wrong" ''
	run -0 runvetctl diff /tmp/base /tmp/base/config.json
	says "$output" '*nothing differs that is known to matter; noise: 0*'
}

@test "what may not be shown is not shown" {
	# shellcheck disable=SC2016  # jq's variable
	local secret='.process.env += ["DB_PASSWORD=\($s)", $s] | .process.args += [$s] | .annotations.token = $s |
		.mounts += [{ destination: "/m", type: "tmpfs", source: "m", options: ["password=\($s)", "size=1"] }] |
		.hooks.poststop = [{ path: "/bin/true", args: [$s], env: ["X=\($s)"] }] | .linux.sysctl["kernel.domainname"] = $s'
	mkdir -p /tmp/s1 /tmp/s2
	jq --arg s hunter2 "$secret" /tmp/base/config.json >/tmp/s1/config.json
	jq --arg s letmein "$secret" /tmp/base/config.json >/tmp/s2/config.json
	runvetctl lock --host none -o /tmp/s1.lock /tmp/s1
	local way
	for way in '/tmp/s1 /tmp/s2' '/tmp/base /tmp/s2' '/tmp/s1.lock /tmp/s2'; do
		# shellcheck disable=SC2086  # two words
		run -1 runvetctl diff --all $way
		! grep -E 'hunter2|letmein' <<<"$output" || false
		says "$output" '*DB_PASSWORD*'
		# shellcheck disable=SC2086
		run -1 runvetctl diff --all --format json $way
		! grep -E 'hunter2|letmein' <<<"$output" || false
	done
}

@test "running containers: the same one twice differs in noise; a thread more is told, with why" {
	lay two .
	lay three '.process.env += ["OMP_NUM_THREADS=4"]'
	start base one
	start two two
	start three three
	run -0 runvetctl diff one two
	says "$output" '*nothing differs that is known to matter*'
	run -1 runvetctl diff container:one three
	says "$output" '*OMP_NUM_THREADS*only B: 4*added up in another order*'
	run -2 runvetctl diff one nobody
	says "$output" '*no container here is called so, nor has an id that begins so*'
}

@test "records: by their documents while these are there, and by their own words after" {
	lay three '.process.capabilities.effective += ["CAP_SYS_PTRACE"] | .process.capabilities.bounding += ["CAP_SYS_PTRACE"] |
		.process.capabilities.permitted += ["CAP_SYS_PTRACE"]'
	start base one
	start three three
	local x y
	x=$(record_of one create | jq -r .id) y=$(record_of three create | jq -r .id)
	run -1 runvetctl diff "$x" "record:$y"
	says "$output" '*process.capabilities.effective*only B: CAP_SYS_PTRACE*'
	record_of one create >/tmp/one.json
	rm -r /tmp/three
	run -1 runvetctl diff /tmp/one.json "$y"
	says "$output" '*its bundle is not there any more: by its own words alone*facts.capabilities*only B: CAP_SYS_PTRACE*'
	run -0 runvetctl diff /tmp/one.json "$x"
	run -2 runvetctl diff "$x" ffffffffffff
}

@test "how two were started: another binary, another runvet, another policy, and what is not known of it" {
	lay two .
	start base one
	mkdir -p /etc/runvet/runtimes.d
	cp "$ALONE" /tmp/delegate && echo >>/tmp/delegate
	jq '.paths = ["/tmp/delegate"]' "/usr/share/runvet/runtimes.d/$DELEGATE.json" >"/etc/runvet/runtimes.d/$DELEGATE.json"
	echo '{ "version": 1, "mode": "audit", "profile": "privileged@1" }' >/etc/runvet/policy.json
	start two two
	local x y
	record_of one create >/tmp/one.json
	record_of two create >/tmp/two.json
	x=$(jq -r .id /tmp/one.json) y=$(jq -r .id /tmp/two.json)
	for way in 'one two' "$x $y"; do
		# shellcheck disable=SC2086  # two words
		diff_json $way
		is "$code" 1
		is "$(jq -r '.differences[] | .place + " " + (.groups | join(","))' <<<"$json" | sort)" "delegate.digest results,confinement
delegate.path results,confinement
policy.digest confinement
policy.mode confinement
policy.profile confinement" "$way"
		is "$(jq -r '.differences[] | select(.place | test("^policy.(digest|mode|profile)")) | .a' <<<"$json" | paste -sd,)" \
			"enforce,no file,$(jq -r '.policy | .name + "@" + .version' /tmp/one.json)"
	done
	# A lock has the delegate in the same words.
	runvetctl lock -o /tmp/one.lock one
	run -0 runvetctl diff /tmp/one.lock one
	[[ $output != *'known of'*delegate.digest* ]]
	run -1 runvetctl diff /tmp/one.lock two
	says "$output" '*delegate.digest*sha256:*Another binary of the runtime*'
	# What is beside two that ran is nobody's question of a bundle.
	run -0 runvetctl diff one /tmp/two
	[[ $output != *policy* && $output != *'of either'* ]]
	jq '.product.version = "0.0.9" | .runtime.version = "0.9"' /tmp/one.json >/tmp/older.json
	run -1 runvetctl diff /tmp/older.json one
	says "$output" "*delegate.version *0.9 -> *Another release of the runtime*runvet.version *0.0.9 -> *Another release of runvet judged it*"
	# A trail that is gone, a note that is gone: not known, and never the same.
	mv /var/log/runvet /tmp/trail
	run -0 runvetctl diff one one
	says "$output" '*Not known of either: delegate.version, delegate.digest, runvet.version, policy.digest*'
	run -1 runvetctl diff one /tmp/two.json
	says "$output" '*Not known of A: *delegate.version*runvet, policy*'
	mv /tmp/trail /var/log/runvet
}

@test "locks and hosts: what a container was, and what a node has" {
	runvetctl host --format json >/tmp/node1.json
	python3 - <<-'END'
		import json
		host = json.load(open('/tmp/node1.json'))
		host['hardware'] = {'cpu': {'model': 'Other', 'flags': ['aes', 'fma']}}
		host.setdefault('tuning', {})['thp'] = 'other'
		host['interfaces'] = {}
		json.dump(host, open('/tmp/node2.json', 'w'))
	END
	run -1 runvetctl diff /tmp/node1.json /tmp/node2.json
	says "$output" '*host.hardware.cpu.flags*sums of floats*'
	says "$output" '*host.tuning.thp*'
	[[ $output != *interfaces* ]]
	runvetctl lock --host /tmp/node1.json -o /tmp/base.lock /tmp/base
	run -0 runvetctl diff /tmp/base.lock /tmp/base
	run -1 runvetctl diff /tmp/base.lock /tmp/node2.json
	says "$output" '*host.hardware.cpu*'
	lay changed '.process.user.uid = 1000 | .mounts += [{ destination: "/data", type: "bind", source: "/srv", options: ["rbind"] }]'
	run -1 runvetctl diff /tmp/base.lock /tmp/changed
	says "$output" '*process.user.uid*0 -> 1000*.source*only B: /srv*'
	run -2 runvetctl diff /tmp/base /tmp/node1.json
	says "$output" '*nothing is known of both: a bundle and a host*'
	echo '{"version":1}' >/tmp/odd.json
	run -2 runvetctl diff /tmp/base /tmp/odd.json
	run -2 runvetctl diff /tmp/base
}
