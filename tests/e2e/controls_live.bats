#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# Controls that look at files of this machine, each with a neighbour that passes: hooks by what they hold, volumes
# by what was mounted there.

# shellcheck disable=SC2154 # status and err are set by vetted

bats_require_minimum_version 1.5.0
load ../lib/e2e
load ../lib/engines

HOOK=/opt/hooks/mark

setup() {
	mkdir -p /etc/runvet /opt/hooks
	printf '#!/bin/sh\necho ran >>/tmp/ran\n' >$HOOK
	chmod 755 $HOOK
	rm -f /tmp/ran
	bundle_make /tmp/b ".hooks = { createRuntime: [ { path: \"$HOOK\" } ] }"
	digest=sha256:$(sha256sum $HOOK | cut -d' ' -f1)
}

teardown() {
	"$ALONE" delete --force c1 2>/dev/null || :
	rm -rf /etc/runvet /opt/hooks
}

teardown_file() {
	daemon_stop dockerd
}

# policy RULES [MEMBERS]
policy() {
	printf '{ "version": 1, "profile": "p", "profiles": { "p": { "rules": %s } } %s }\n' "$1" "${2:+, $2}" >/etc/runvet/policy.json
	chmod 644 /etc/runvet/policy.json
}

hooks() { # the rule with these parameters
	policy "{ \"hooks.allowed\": { \"params\": $1 } }" "${2:-}"
}

run_it() {
	"$RT" run --bundle /tmp/b c1
}

runs() {
	rm -f /tmp/ran
	vetted run_it
	is "$status $err" "0 "
	is "$(cat /tmp/ran)" ran
}

# denied WHY
denied() {
	rm -f /tmp/ran
	vetted run_it
	is "$status" 1
	says "$err" "runvet: permission denied: *hooks.createRuntime\[0\]*$1*\[hooks.allowed\]; record *"
	[ ! -e /tmp/ran ]
}

@test "a hook by its path, and only where root alone can replace it" {
	hooks '{ "allow": [] }'
	denied 'the policy lets run nothing'
	hooks "{ \"allow\": [\"/opt/hooks/*\"] }"
	runs
	chmod 777 /opt/hooks
	denied 'they may write /opt/hooks'
	chmod 755 /opt/hooks
	chown 1000 $HOOK
	denied 'others than root may write it'
}

@test "a hook by what it holds" {
	hooks "{ \"allow\": [\"$HOOK@$digest\"] }"
	runs
	echo : >>$HOOK
	denied "does not hold what the policy names by its digest, but sha256:*"
}

@test "a symlink is what it leads to" {
	ln -s $HOOK /opt/hooks/link
	bundle_make /tmp/b '.hooks = { createRuntime: [ { path: "/opt/hooks/link" } ] }'
	hooks '{ "allow": ["/opt/hooks/link"] }'
	denied "it leads to $HOOK, and on the host, as root, the policy lets run /opt/hooks/link"
	hooks "{ \"allow\": [\"$HOOK\"] }"
	runs
}

@test "forbidden, by path and by what it holds, whatever else allows it" {
	hooks '{ "allow": ["**"], "forbid": ["/opt/hooks/mark"] }'
	denied 'the policy forbids'
	hooks "{ \"allow\": [\"**\"], \"forbid\": [\"**@$digest\"] }"
	denied 'the policy forbids'
	echo : >>$HOOK
	runs
}

@test "a permit of one hook, with its digest, until a day" {
	permit() { # VALUES [YEAR]
		hooks '{}' "\"exempt\": [ { \"id\": \"EX-1\", \"rules\": [\"hooks.allowed\"], \"values\": $1, \"reason\": \"r\", \"owner\": \"o\", \"notAfter\": \"${2:-2099}-01-01T00:00:00Z\" } ]"
	}
	permit "{ \"path\": \"$HOOK\" }"
	runs
	permit "{ \"path\": \"$HOOK\", \"digest\": \"$digest\" }"
	runs
	is "$(records .policy.exempt[0] -r | tail -n 1)" EX-1
	permit "{ \"path\": \"$HOOK\", \"digest\": \"$digest\" }" 2020
	denied 'exemption EX-1 ended on 2020-01-01'
	permit "{ \"path\": \"/opt/hooks/other\", \"digest\": \"$digest\" }"
	denied ''
	echo : >>$HOOK
	permit "{ \"path\": \"$HOOK\", \"digest\": \"$digest\" }"
	denied ''
}

@test "what runs in the container" {
	bundle_make /tmp/b '.hooks = { startContainer: [ { path: "/bin/true", args: ["true"] } ] }'
	hooks '{ "inContainer": ["/bin/busybox"] }'
	vetted run_it
	is "$status $err" "0 "
	hooks '{ "inContainer": ["/usr/bin/ldconfig"] }'
	vetted run_it
	is "$status" 1
	says "$err" '*hooks.startContainer*the policy lets run in it /usr/bin/ldconfig*'
}

# A volume of Docker's, made with these options, in a container that only lists it.
volume() {
	"$DOCKER" volume create "${@:2}" "$1" >/dev/null
	vetted "$DOCKER" run --rm --runtime vetted --network=none -v "$1:/v" bb:latest /bin/ls /v
}

@test "Docker: a volume is Docker's own, unless it shows files of the host" {
	image_tar
	docker_start
	policy '{ "mount.host": {}, "mount.sensitive": {} }'
	volume plain
	is "$status $err" "0 "
	volume memory --opt type=tmpfs --opt device=tmpfs
	is "$status $err" "0 "
	volume etc --opt type=none --opt o=bind --opt device=/etc
	is "$status" 126
	says "$err" '*permission denied*mounts\[*source must not *'
	volume root --opt type=none --opt o=bind --opt device=/
	is "$status" 126
	volume socket --opt type=none --opt o=bind --opt device=/run
	is "$status" 126
	wait_for 10 "$DOCKER" volume rm --force plain memory etc root socket
}

# vetted exec, with these words before the id.
exec_it() {
	vetted "$VETTED" exec "$@" c1 /bin/id -u
}

@test "exec by its command line is judged as far as that says something" {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"] | .process.user = { uid: 1000, gid: 1000 } | .process.capabilities = { bounding: ["CAP_KILL"] }'
	policy '{ "exec.user": {}, "exec.caps": {}, "nnp": {}, "user.nonroot": {}, "seccomp.present": { "mode": "off" } }'
	"$VETTED" run --detach --bundle /tmp/b c1 >/dev/null 2>&1 </dev/null
	exec_it
	is "$status $out" "0 1000"
	exec_it --user 1001:7 --cwd /tmp --env A=secret
	is "$status $out" "0 1001"
	exec_it --user 0
	is "$status" 255
	says "$err" 'runvet: permission denied: command line: process.user.uid must not be root*the container itself runs as user 1000*\[exec.user\]*; record *'
	exec_it --cap CAP_KILL
	is "$status" 0
	exec_it --cap CAP_KILL -c CAP_SYS_ADMIN --env A=secret
	is "$status" 255
	says "$err" 'runvet: permission denied: command line: process.capabilities*found "CAP_SYS_ADMIN": the container was created without it*\[exec.caps\]*; record *'
	is "$(records '.violations[].rule' -r | tail -n 1)" exec.caps
	run ! grep -q secret "$CHAIN"
	policy '{ "nnp": {} }'
	exec_it --user 0
	is "$status $out" "0 0"
}

@test "a restore is judged like a create" {
	hooks '{}'
	vetted "$VETTED" restore --bundle /tmp/b --image-path /tmp c2
	is "$status" 1
	says "$err" 'runvet: permission denied: *\[hooks.allowed\]; record *'
	is "$(record_of c2 restore | jq -r .decision)" deny
	hooks "{ \"allow\": [\"$HOOK\"] }"
	vetted "$VETTED" restore --bundle /tmp/b --image-path /tmp c2
	is "$(record_of c2 restore | jq -r .decision)" allow
}
