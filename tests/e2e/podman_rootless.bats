#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# Podman of an unprivileged user: /etc/subuid, newuidmap, a user namespace whose root runvet is called as; no logind, no
# systemd of the user, XDG_RUNTIME_DIR laid by hand, --network=none. Chain and notes are the user's own, below XDG_RUNTIME_DIR.

load ../lib/e2e
load ../lib/engines

USER_RUN=/run/user/4242
# shellcheck disable=SC2034  # records and recorded read them
SENDER=4242 CHAIN=$USER_RUN/runvet/log/chain

setup_file() {
	useradd --create-home --uid 4242 vetter
	install -d -o vetter -m 700 $USER_RUN
	image_tar
	chmod 755 "$E2E"
	chmod 644 "$E2E"/bb.tar
	as_user podman import --quiet "$E2E"/bb.tar "$IMAGE"
}

as_user() {
	(cd /home/vetter && exec setpriv --reuid 4242 --regid 4242 --clear-groups --inh-caps=-all \
		env -i HOME=/home/vetter USER=vetter PATH="$PATH" XDG_RUNTIME_DIR=$USER_RUN LC_ALL=C.UTF-8 "$@")
}

pod() { as_user podman --runtime "$RT" "$@"; }
pod_run() { pod run "${PODMAN_LIMITS[@]}" "$@"; }

foreground() { pod_run --rm --name c1 "$IMAGE" "$@"; }

@test "rootless podman run: output and status" {
	same foreground /bin/id -u
	is "$status $out" "0 0"
	same foreground /bin/sh -c 'echo out; echo err >&2; exit 7'
	is "$status $out" "7 out"
	recorded "$(records 'select(.action == "create") | .container.id' -r | tail -n 1)" create allow
	is "$(jq -r .user.rootless <<<"$record")" 1
}

lifecycle() {
	pod_run --detach --name c2 "$IMAGE" /bin/sh -c 'trap "exit 5" TERM; while :; do sleep 0.1; done' >/dev/null
	pod exec c2 /bin/sh -c 'echo in; exit 9'
	echo "exec: $?"
	pod stop --time 10 c2 >/dev/null
	echo "stop: $?"
	pod inspect --format '{{.State.Status}} {{.State.ExitCode}}' c2
	pod rm c2 >/dev/null
	echo "rm: $?"
}

@test "rootless podman: exec, stop, rm" {
	same lifecycle
	says "$out" 'in*exec: 9*stop: 0*exited 5*rm: 0'
	recorded "$(records 'select(.action == "exec") | .container.id' -r | tail -n 1)" exec allow
}

@test "rootless podman: refused" {
	RT=$VETTED vetted pod_run --annotation bundle=/elsewhere --rm "$IMAGE" /bin/echo hi
	is "$status $out" "126 "
	refused "${err##*$'\n'}" "Error: OCI runtime error: $VETTED: runvet: config.json:1:N: annotations.bundle must not be set [spec.annotations.bundle-key]; record RECORD"
	recorded "$(records 'select(.decision == "deny") | .container.id' -r | tail -n 1)" create deny "$refusal"
}

@test "rootless: the chain is the user's own and whole" {
	is "$(stat -c '%u %a' "$CHAIN")" "4242 600"
	chain_holds $USER_RUN/runvet/log
	[[ ! -e /var/log/runvet/chain ]]
}
