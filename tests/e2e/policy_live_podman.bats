#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# takes: 10 s
# sanitized: no, because policy_live_ctr goes the same way through our code
# Podman under an enforced policy, and Buildah: what their users read when it says no, and that it says nothing to what everybody runs.

load ../lib/e2e
load ../lib/engines
load ../lib/policy

setup_file() {
	image_import
	policy_enforce
	pod_run --detach --name long "$IMAGE" /bin/sleep 3000 >/dev/null
}

teardown_file() {
	podman rm --force --time 0 long >/dev/null || :
}

pod_run() {
	local options=("${PODMAN_LIMITS[@]}")
	[[ " $* " != *" --network "* ]] || options=("${options[@]/--network=none/--cgroups=enabled}")
	podman --runtime "$VETTED" run "${options[@]}" "$@"
}

# no SENTENCE OPTIONS…: refused as that, to the word, by status 126; the rule stands in the sentence.
no() {
	local sentence=$1
	shift
	vetted pod_run --rm "$@" "$IMAGE" /bin/echo hi
	is "$status $out" "126 "
	denied "$err" "Error: $VETTED: " "$sentence" ": OCI permission denied"
	recorded "$(records 'select(.decision == "deny") | .container.id' -r | tail -n 1)" create deny "$refusal"
}

# no_exec SENTENCE OPTIONS…
no_exec() {
	local sentence=$1
	shift
	vetted podman --runtime "$VETTED" exec "$@" long /bin/echo hi
	is "$status $out" "126 "
	denied "$err" "Error: $VETTED: " "$sentence" ": OCI permission denied"
	recorded "$(podman inspect --format '{{.Id}}' long)" exec deny "$refusal"
}

yes() {
	vetted pod_run --rm "$@" "$IMAGE" /bin/echo hi
	is "$status $out $err" "0 hi "
}

@test "podman run --privileged" {
	no 'process.capabilities must not amount to --privileged: with CAP_SYS_ADMIN it mounts and traces what it likes, *; start it without --privileged, with the capabilities and devices that it needs [privileged] and N more; record RECORD (*)' --privileged
}

@test "podman run: namespaces of the host" {
	no "linux must give the container its own pid namespace, not the host's: without one it is in the host's; it sees and signals the host's processes: leave out --pid=host (hostPID) [ns.host.pid]; record RECORD" --pid host
	no "linux must give the container its own network namespace, not the host's: without one it is in the host's; it reaches the host's abstract sockets and loopback: leave out --network=host (hostNetwork) [ns.host.net]*" --network host
	no "linux must give the container its own ipc namespace, *: leave out --ipc=host (hostIPC) [ns.host.ipc] *" --ipc host
}

@test "podman run: an engine's socket, by whatever path" {
	local one why='whoever speaks to the engine starts a privileged container: leave the mount out [escape.engine-socket] and N more; record RECORD (*)'
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/run/docker.sock")'
	mkdir -p /srv/copy
	touch /srv/copy/innocent
	mount --bind /run/docker.sock /srv/copy/innocent
	for one in /run/docker.sock /var/run/docker.sock /run /srv/copy/innocent; do
		no "mounts[*].source must not be a way to /run/docker.sock and the like, found \"$one\": it leads to /run/docker.sock of the host; $why" --volume "$one:/x"
	done
	umount /srv/copy/innocent
	rm /run/docker.sock
}

@test "podman run: files of the host, also as a volume and as an overlay" {
	no 'mounts[0].source must not be a way to / and the like, found "/": it leads to / of the host; *[escape.host-root] *' --volume /:/host
	no 'mounts[*].options[*] must not bring in files of the host, found "lowerdir=/etc": its layers are the host'"'"'s, and the policy allows none of the host'"'"'s files; use a volume of the engine'"'"'s, or allow the path in the policy [mount.host] *' --volume /etc:/mnt:O
	podman volume create --opt type=none --opt o=bind --opt device=/etc etc >/dev/null
	no 'mounts[*].source must not bring in files of the host, found "/var/lib/containers/storage/volumes/etc/_data": on this host it is /etc, and *[mount.host] *' --volume etc:/x
	yes --volume data:/x
}

@test "podman run: capabilities, system calls, kernel parameters, working directory" {
	no 'process.capabilities.bounding[*] must be a capability that the policy allows, found "CAP_SYS_ADMIN": the policy allows CAP_AUDIT_WRITE, *; do not add it (--cap-add), or drop it (--cap-drop, securityContext.capabilities) [caps.allowed] *' --cap-add SYS_ADMIN
	no 'linux must filter system calls: *; leave out --security-opt seccomp=unconfined (seccompProfile: RuntimeDefault) [seccomp.present]; record RECORD' --security-opt seccomp=unconfined
	no 'linux.sysctl["kernel.shmmax"] must be a kernel parameter that the policy allows, *[sysctl.safe]; record RECORD' --sysctl kernel.shmmax=65536
	no 'process.cwd must be a directory of the container'"'"'s, found "/proc/self/fd/8": *[cwd]; record RECORD' --workdir /proc/self/fd/8
}

@test "podman run: an image whose /proc is a link" {
	mkdir -p /opt/linked
	rootfs_make /opt/linked
	rmdir /opt/linked/proc
	ln -s /etc /opt/linked/proc
	vetted podman --runtime "$VETTED" run "${PODMAN_LIMITS[@]}" --rm --rootfs /opt/linked /bin/echo hi
	is "$status $out" "126 "
	denied "$err" "Error: $VETTED: " 'root.path must have directories at /dev, /proc and /sys, found "/opt/linked": its /proc is a link, and what is mounted there lands where it leads; do not run this image [rootfs.sane]; record RECORD' ": OCI permission denied"
}

@test "podman run: a hook that is on no list" {
	local hooks=/usr/share/containers/oci/hooks.d
	mkdir -p $hooks
	printf '#!/bin/sh\necho ran >/tmp/ran\n' >/opt/hook.sh
	chmod 755 /opt/hook.sh
	echo '{ "version": "1.0.0", "hook": { "path": "/opt/hook.sh" }, "when": { "always": true }, "stages": ["prestart"] }' >$hooks/x.json
	no 'hooks.prestart[0].path must be *found "/opt/hook.sh": *[hooks.allowed]; record RECORD'
	[ ! -e /tmp/ran ]
	rm $hooks/x.json
}

@test "podman exec: more than the container has" {
	no_exec 'process.capabilities.*[*] must be a capability that the container has itself, found "CAP_*": the container was created without it; run it without --privileged (--cap) [exec.caps] and N more; record RECORD' --privileged
	no_exec 'process.cwd must be a directory of the container'"'"'s, found "/proc/self/fd/8": *[cwd]; record RECORD' --workdir /proc/self/fd/8
	is "$(podman --runtime "$VETTED" exec long /bin/echo in)" in
}

@test "podman run: what everybody runs is let through" {
	yes
	yes --read-only --hostname h --shm-size 1m --env A=b --device /dev/fuse
	yes --user 5 --memory 64m --pids-limit 50
	yes --uidmap 0:100000:1000
	yes --pid container:long
}

@test "podman run: a hardened container is let through by restricted" {
	policy_enforce restricted@v1.37
	yes --cap-drop ALL --security-opt no-new-privileges --user 1000:1000
	no '*[nnp]*' --cap-drop ALL --user 1000:1000
	policy_enforce
}

@test "buildah run: what everybody builds is let through" {
	command -v buildah || skip "buildah is not installed"
	local container
	container=$(buildah from --pull-never "$IMAGE")
	vetted buildah run --runtime "$VETTED" --network none "$container" /bin/echo hi
	is "$status $out $err" "0 hi "
	buildah rm "$container" >/dev/null
}
