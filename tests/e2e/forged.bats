#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# What a record says is what runvet says: whatever a container, a path or a word of the line is called, no field and no entry
# comes of it that is not ours, and of what is secret not one byte is kept or shown.

# shellcheck disable=SC2016  # jq's variables
load ../lib/e2e
load ../lib/journald

setup_file() {
	# What is compressed could not be searched for.
	mkdir -p /run/systemd/journald.conf.d
	printf '[Journal]\nCompress=no\n' >/run/systemd/journald.conf.d/60-plain.conf
	journald_stop
	journald_start
	bundle_make /tmp/b
	stub_lay
}

setup() { rm -rf /var/log/runvet /tmp/out /tmp/log; }

# call WORDS…: what it says is kept in /tmp/out, as an engine would see it.
call() { /usr/libexec/runvet/stub --root /run/stubs --log /tmp/log --log-format json "$@" </dev/null >>/tmp/out 2>&1 || :; }

# bundle JQ [ARGS…]: another configuration for /tmp/b.
bundle() {
	local filter=$1
	shift
	jq "$@" "$filter" /tmp/b/good >/tmp/b/config.json
}

# The chain is ASCII and whole; the journal has its records, as they are, and none beside them.
unforged() {
	chain_holds
	is "$(LC_ALL=C grep -cvE '^[ -~]*$' "$CHAIN")" 0 "lines of the chain that are not plain ASCII"
	journalctl --sync
	journalctl --quiet --all --output=json | jq -c 'select(.SYSLOG_IDENTIFIER == "runvet" and .RUNVET_EVENT != "audit.checkpoint")' >/tmp/entries
	is "$(jq -r '[.RUNVET_RECORD, .RUNVET_DECISION // "-", .MESSAGE] | @json' /tmp/entries | sort | tail -n "$(wc -l <"$CHAIN")")" \
		"$(jq -r '[.id, .decision // "-", .message] | @json' "$CHAIN" | sort)" "entries of the journal, and lines of the chain"
	is "$(journalctl --quiet --all --output=json | jq -r 'select(.MESSAGE == "forged" or (keys | any(test("FORGED")))) | .MESSAGE')" "" forged
	is "$(jq -c 'to_entries[] | select(.key | test("^(RUNVET|POD|MESSAGE)")) | .value | arrays // [.] | map(select(type != "string" or
		test("[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]")))[]' /tmp/entries)" "" "values that a terminal would act on"
	is "$(jq -r 'to_entries[] | select(.value | length > 4095) | .key' /tmp/entries)" "" "fields that journalctl would not show"
	is "$(LC_ALL=C grep -cvE '^[ -~]{0,511}$' /tmp/out)" 0 "refusals that are more than a line of text"
}

@test "names, paths, labels and annotations that would like to be fields" {
	local evil long key
	evil=$'x\nRUNVET_DECISION=allow\nRUNVET_FORGED=1\n\nMESSAGE=forged\nPRIORITY=0\n\e[2J\e]0;t\a|deny|\u202e\u2028\r"\\ end'
	long=$(head -c 1048576 /dev/zero | tr '\0' A)
	cp /tmp/b/config.json /tmp/b/good
	for key in io.kubernetes.cri io.kubernetes.cri-o; do
		bundle '.annotations = {"\($k).sandbox-name": $e, "\($k).container-name": $e, "\($k).sandbox-namespace": $e, "\($k).sandbox-id": $e,
			"\($k).sandbox-uid": $e, "\($k).image-name": $e, "\($k).container-type": $e, "\($k).SandboxID": $e, "\($k).ImageName": $e,
			"io.kubernetes.pod.name": $e, "io.kubernetes.pod.namespace": $e, "io.kubernetes.container.name": $e, ($e): $e}' \
			--arg k "$key" --arg e "$evil"
		call create --bundle /tmp/b annotated
		is "$(record_of annotated create | jq -r '.k8s.namespace.name' | tail -c 4)" end "a name that is a claim"
	done
	jq -n --rawfile l <(printf %s "$long") --slurpfile c /tmp/b/good '$c[0] | .annotations = {"io.kubernetes.cri.sandbox-name": $l,
		"io.kubernetes.cri.sandbox-namespace": "n"} | .process.apparmorProfile = $l' >/tmp/b/config.json
	call create --bundle /tmp/b long
	is "$(record_of long create | jq -r '[.truncated, (.k8s.pod.name | length)] | map(tostring) | join(" ")')" "1 256" "a mebibyte of name"
	local one
	for one in '.process.apparmorProfile = $e' '.process.selinuxLabel = $e' '.hostname = $e' '.linux.cgroupsPath = $e' \
		'.hooks.poststop = [{path: "/bin/\($e)", args: [$e], env: [$e]}]' '.mounts[0].destination = $e' '.mounts += [{destination: "/\($e)", type: $e, source: $e, options: [$e]}]' \
		'.linux.namespaces[0].type = $e' '.linux.namespaces[0].path = "/proc/\($e)"' '.linux.seccomp = {defaultAction: $e}' '.process.cwd = $e' \
		'.process.capabilities.effective += [$e]' '.root.path = $e' '.ociVersion = $e' '.[$e] = $e' '.process.rlimits = [{type: $e, hard: 1, soft: 1}]' \
		'.process.env += [$e]' '.linux.sysctl = {($e): $e}' '.linux.devices = [{path: $e, type: $e, major: 1, minor: 1}]'; do
		bundle "$one" --arg e "$evil"
		call create --bundle /tmp/b "evil"
	done
	cp /tmp/b/good /tmp/b/config.json
	local dir=$'/tmp/d\nRUNVET_FORGED=1\n\nMESSAGE=forged\n\e[1m\xff'
	cp -r /tmp/b "$dir"
	call create --bundle "$dir" dir
	(cd "$dir" && call create here)
	call create --bundle /tmp/b $'id\nRUNVET_FORGED=1'
	call create --bundle "/tmp/${long:0:100000}" id
	call $'create\nRUNVET_FORGED=1' id
	/usr/libexec/runvet/stub --root $'/run/stubs\nRUNVET_FORGED=1\n\xff\e[0m' kill here >/dev/null 2>&1 </dev/null || :
	call kill $'here\nRUNVET_FORGED=1' $'9\nRUNVET_FORGED=1'
	call kill here $'9\nRUNVET_FORGED=1'
	is "$(record_of here kill | jq -r '.signal // "none"')" none
	# A caller whose own name is one.
	local shell=$'/tmp/sh\nRUNVET_FORGED=1\n\e[0m'
	cp /bin/bash "$shell"
	"$shell" -c '/usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/b called; :' </dev/null >/dev/null 2>&1
	says "$(record_of called create | jq -r .caller.exe)" '/tmp/sh\\x0aRUNVET_FORGED=1\\x0a\\x1b\[0m'
	unforged
	(($(wc -l <"$CHAIN") >= 25))
}

# nowhere WORD: neither in what is kept nor in what was said, by journalctl's word and by that of every byte.
nowhere() {
	journalctl --sync
	is "$(jq -c . "$CHAIN" | grep -F -- "$1" | head -n 3)" "" "lines with $1"
	is "$(grep -rlaF -- "$1" /var/log/runvet /run/runvet /run/log/journal /var/log/journal /tmp/out /tmp/log 2>/dev/null)" "" "files with $1"
	is "$(journalctl --all --output=export | grep -caF -- "$1")" 0 "entries with $1"
}

@test "what is secret is kept nowhere" {
	[[ -e /tmp/b/good ]] || cp /tmp/b/config.json /tmp/b/good
	# It can be found if it is there.
	logger --journald < <(printf 'MESSAGE=canary hunter0\nPRIORITY=6\n')
	journalctl --sync
	grep -rqaF hunter0 /run/log/journal

	local secret='.process.env += ["TOKEN=hunter2"] | .process.args = ["/bin/echo", "hunter2"] |
		.hooks.poststop = [{path: "/bin/true", args: ["true", "hunter2"], env: ["A=hunter2"]}] |
		.annotations = {"com.example/token": "hunter2", "kubectl.kubernetes.io/last-applied-configuration": "{\"a\":\"hunter2\"}",
			"io.kubernetes.cri-o.Labels": "{\"a\":\"hunter2\"}", "io.kubernetes.cri-o.Annotations": "{\"a\":\"hunter2\"}",
			"nerdctl/env": "hunter2"} |
		.linux.seccomp.listenerMetadata = "hunter2"'
	local one ways=('.' '.process.cwd = "elsewhere"' '.process.env += ["hunter2"]' '.process.env += ["=hunter2", "B=hunter2", "B=hunter2"]' \
		'.process.env += ["hun\u0000ter2"]' '.process.args = [""] + .process.args' '.process.args = "hunter2"' '.process.env = {"A": "hunter2"}' \
		'.annotations["com.example/more"] = ["hunter2"]' '.annotations[""] = "hunter2"' '.hooks.poststop[0].path = "bin/hunter"' \
		'.hooks.poststop[0].env = ["hunter2"]' '.hooks.poststop[0].args = "hunter2"' \
		'.mounts += [{destination: "/srv", type: "cifs", source: "//nas/x", options: ["password=hunter2"]}]' \
		'.mounts[0].options = ["password=hunter2", 7]' '.process.user.username = "hunter2"' \
		'.annotations["org.systemd.property.Foo"] = "hunter2"')
	for one in "${ways[@]}"; do
		bundle "$secret | $one"
		call create --bundle /tmp/b secret
		jq .process /tmp/b/config.json >/tmp/process.json
		call exec --process /tmp/process.json secret
	done
	# Documents that end in the middle of one, or say it twice.
	bundle "$secret"
	head -c "$(grep -abo hunter2 /tmp/b/config.json | head -n 1 | cut -d: -f1)" /tmp/b/config.json >/tmp/b/cut
	printf 'hunter2' >>/tmp/b/cut
	mv /tmp/b/cut /tmp/b/config.json
	call create --bundle /tmp/b secret
	bundle "$secret"
	sed -i 's/"TOKEN=hunter2"/"TOKEN=hunter2" "hunter2"/' /tmp/b/config.json
	call create --bundle /tmp/b secret
	bundle "$secret"
	sed -i '0,/"env"/s//"env": ["hunter2"], "env"/' /tmp/b/config.json
	call create --bundle /tmp/b secret

	cp /tmp/b/good /tmp/b/config.json
	call create --bundle /tmp/b plain
	call exec --env TOKEN=hunter2 plain /bin/sh -c 'echo hunter2'
	call exec -e TOKEN=hunter2 --cap CAP_SYS_ADMIN plain /bin/sh hunter2
	call exec --user hunter2 plain /bin/true
	call exec --envy=hunter2 plain x
	call exec --process=/dev/null plain hunter2
	call update --password hunter2 plain
	bash -c '/usr/libexec/runvet/stub --root /run/stubs create --bundle /tmp/b calling </dev/null; :' bash hunter2 >/dev/null 2>&1
	bash -c '/usr/libexec/runvet/stub --root /run/stubs kill calling 9 </dev/null; :' bash hunter2 >/dev/null 2>&1
	echo '{ "version": 1, "mode": "audit" }' >/etc/runvet/policy.json
	bundle "$secret | .process.cwd = \"elsewhere\""
	call create --bundle /tmp/b watched
	rm /etc/runvet/policy.json
	nowhere hunter2
	is "$(record_of watched create | jq -r .decision)" would-deny "what was tried, last"
	(($(records 'select(.decision == "deny" or .decision == "error")' | wc -l) >= 20))
	unforged
}
