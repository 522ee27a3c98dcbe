#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# sanitized: no, because start goes the same way through our code
# config.json swapped between create and start, in the hands of engines: recorded, refused where the policy says so, what their
# users read then, and that what was refused can be removed. Each engine lets go of it at another place: containerd by a hook
# that create runs, Podman between init and start, Docker by a delegate that comes back from create.

load ../lib/e2e
load ../lib/engines

ENFORCED='{ "version": 1, "profile": "p", "profiles": { "p": { "extends": ["start@1"] } } }'
EXISTS='; the container exists, its create-time hooks may have run, and it was not started'
SAYS='config.json must say at start, and when exec reads it, what create approved: /process/env is not as it was; delete the container and create it again'
REFUSAL="runvet: permission denied: config.json: $SAYS$EXISTS [drift.config]; record RECORD"

setup_file() {
	image_import
	containerd_start
	if docker_works; then
		docker_start --containerd /run/containerd/containerd.sock
	fi
	# swap FILE: another file in its place, of another content.
	cat >/tmp/swap <<-'END'
		#!/bin/sh
		jq '.process.env += ["SWAPPED=1"]' "$1" >"$1.new" && mv "$1.new" "$1"
	END
	# As a hook: the container's state is on standard input.
	cat >/tmp/hook <<-'END'
		#!/bin/sh
		exec /tmp/swap "$(jq -r .bundle)/config.json"
	END
	# As a delegate: before create, after it, or not at all.
	cat >/tmp/wrapper <<-END
		#!/bin/bash
		for ((i = 1; i <= \$#; i++)); do
			[[ \${!i} != create ]] || creates=1
			[[ \${!i} != --bundle ]] || { next=\$((i + 1)) && file=\${!next}/config.json; }
		done
		[[ ! \$creates || \$(cat /tmp/when) != before ]] || /tmp/swap "\$file"
		[[ \$creates && \$(cat /tmp/when) == after ]] || exec $(readlink -f "$ALONE") "\$@"
		$(readlink -f "$ALONE") "\$@" || exit
		/tmp/swap "\$file"
	END
	chmod 755 /tmp/swap /tmp/hook /tmp/wrapper
}

teardown_file() {
	daemon_stop dockerd
	daemon_stop containerd
}

setup() { rm -rf /etc/runvet /tmp/id; }

# crun 1.8 wants a controller for every limit that Docker mentions, also for those that are zero.
docker_works() { [[ $DELEGATE == runc ]] || grep -qw io /sys/fs/cgroup/cgroup.controllers; }

enforced() { mkdir -p /etc/runvet && echo "$ENFORCED" >/etc/runvet/policy.json; }

# drift ID: what was found of its start, how it was decided, and the weight of that.
drift() {
	# shellcheck disable=SC2016  # jq's variable
	records 'select(.event.code == "container.drift" and .container.id == $id) |
		[.decision, .severity, (.violations[]? | .rule + " " + .severity + " " + .path)] | join(" ")' -r --arg id "$1"
}

# started ID: it is on record as found, and as started after that.
started() {
	is "$(drift "$1")" "would-deny error drift.config error /process/env"
	is "$(record_of "$1" start | jq -r .event.code)" container.start
}

# kept ID: refused under the id that its user has read, and no step of a start is on record.
kept() {
	recorded "$1" start deny "$refusal"
	is "$(drift "$1")" "deny error drift.config error /process/env"
	is "$(jq -r .event.code <<<"$record")" container.drift
}

ctr_run() { ctr run --runc-binary "$VETTED" --detach --config /tmp/b/config.json "$1"; }

@test "containerd: swapped by a hook of create" {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"] | .root.path = "/tmp/b/rootfs" | del(.process.capabilities.ambient) |
		.mounts |= map(select(.type != "cgroup")) | .hooks.createRuntime = [{ path: "/tmp/hook" }]'
	vetted ctr_run c1
	is "$status $err" "0 "
	started c1
	ctr task kill --signal SIGKILL c1
	enforced
	vetted ctr_run c2
	is "$status $out" "1 "
	refused "$err" "ctr: OCI runtime start failed: $REFUSAL: unknown"
	kept c2
	# Of a task that is only created containerd itself wants to be told so.
	ctr task rm --force c2
	ctr container rm c2
	is "$(ctr task ls -q | grep -c c2)$("$ALONE" --root /run/containerd/runc/default list -q | grep -c c2)" 00
}

pod() { podman --runtime "$VETTED" "$@"; }

# pod_init: a container that is created and not started, and swapped; its id is in $id.
pod_init() {
	id=$(pod create "${PODMAN_LIMITS[@]}" "$IMAGE" /bin/sleep 300)
	pod init "$id" >/dev/null
	/tmp/swap "$(podman inspect --format '{{.OCIConfigPath}}' "$id")"
}

@test "Podman: swapped between init and start" {
	pod_init
	vetted pod start "$id"
	is "$status $err" "0 "
	started "$id"
	podman rm --force --time 0 "$id" >/dev/null
	enforced
	pod_init
	vetted pod start "$id"
	# Podman shows what the runtime says by itself, and sums it up.
	refused "$status $out $err" "125  $REFUSAL
Error: unable to start container \"$id\": \`$VETTED start $id\` failed: exit status 1"
	kept "$id"
	pod rm --force --time 0 "$id"
	is "$("$ALONE" list -q)" ""
}

# wrapper WHEN [QUIRK]
wrapper() {
	echo "$1" >/tmp/when
	mkdir -p /etc/runvet/runtimes.d
	jq --arg quirk "${2:-}" '.paths = ["/tmp/wrapper"] | .quirks += ([$quirk] - [""])' \
		"/usr/share/runvet/runtimes.d/$DELEGATE.json" >"/etc/runvet/runtimes.d/$DELEGATE.json"
}

docker_run() { "$DOCKER" run --runtime vetted --network none --detach --cidfile /tmp/id "$@" bb:latest /bin/sleep 300; }

@test "Docker: swapped by a delegate before it comes back from create" {
	docker_works || skip "crun under Docker needs the io, cpu, memory and pids controllers in cgroup v2"
	wrapper after
	vetted docker_run
	is "$status $err" "0 "
	started "$out"
	"$DOCKER" rm --force "$out" >/dev/null
	enforced
	rm -f /tmp/id
	vetted docker_run
	refused "$status $err" "126 docker: Error response from daemon: OCI runtime start failed: $REFUSAL: unknown."
	kept "$(cat /tmp/id)"
	"$DOCKER" rm "$(cat /tmp/id)" >/dev/null
	rm -f /tmp/id
}

@test "Docker: rewritten by a delegate of which that is known, judged anew, and passed" {
	docker_works || skip "crun under Docker needs the io, cpu, memory and pids controllers in cgroup v2"
	enforced
	wrapper before rewrites-config
	vetted docker_run
	is "$status $err" "0 "
	is "$(drift "$out")" "allow notice drift.rewritten info "
	is "$("$DOCKER" inspect --format '{{.State.Status}}' "$out")" running
	is "$("$DOCKER" exec "$out" /bin/sh -c 'tr "\0" "\n" </proc/1/environ | grep SWAPPED')" SWAPPED=1
	"$DOCKER" rm --force "$out" >/dev/null
	rm -f /tmp/id
	# Of one of which it is not, it is a swap like another.
	wrapper before
	vetted docker_run
	refused "$status $err" "126 docker: Error response from daemon: OCI runtime start failed: $REFUSAL: unknown."
	kept "$(cat /tmp/id)"
	"$DOCKER" rm "$(cat /tmp/id)" >/dev/null
}
