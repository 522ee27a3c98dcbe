#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# containerd's ctr under an enforced policy: what its user reads when it says no, and that it says nothing to what everybody runs.

load ../lib/e2e
load ../lib/engines
load ../lib/policy

setup_file() {
	image_import
	containerd_start
	policy_enforce
}

teardown_file() {
	daemon_stop containerd
}

ctr_run() { ctr run --rm --runc-binary "$VETTED" "$@"; }

# no SENTENCE OPTIONS…: refused as that, to the word, by status 1, as ctr has no other; the rule stands in the sentence.
no() {
	local sentence=$1
	shift
	vetted ctr_run "$@" "$IMAGE" no /bin/echo hi
	is "$status $out" "1 "
	denied "$err" "ctr: failed to create shim task: OCI runtime create failed: " "$sentence" ": unknown"
	recorded no create deny "$refusal"
}

yes() {
	vetted ctr_run "$@" "$IMAGE" yes /bin/echo hi
	is "$status $out $err" "0 hi "
}

bind() { echo "type=bind,src=$1,dst=/x,options=rbind:ro"; }

@test "ctr run --privileged" {
	no 'process.capabilities must not amount to --privileged: with CAP_SYS_ADMIN it mounts and traces what it likes, *; start it without --privileged, with the capabilities and devices that it needs [privileged] and N more; record RECORD (*)' --privileged
}

@test "ctr run: namespaces of the host, by a path and by leaving them out" {
	no "linux.namespaces[*] must give the container its own pid namespace, not the host's: this path leads to that of process 1; it sees and signals the host's processes: leave out --pid=host (hostPID) [ns.host.pid]; record RECORD" --with-ns pid:/proc/1/ns/pid
	no "linux must give the container its own network namespace, not the host's: *: leave out --network=host (hostNetwork) [ns.host.net] *" --net-host
	no "linux.namespaces[*] must give the container its own network namespace, *[ns.host.net]; record RECORD" --with-ns network:/proc/1/ns/net
}

@test "ctr run: an engine's socket, by whatever path" {
	local one socket=/run/containerd/containerd.sock why='whoever speaks to the engine starts a privileged container: leave the mount out [escape.engine-socket] and N more; record RECORD (*)'
	mkdir -p /srv/copy
	touch /srv/copy/innocent
	mount --bind $socket /srv/copy/innocent
	for one in $socket /var$socket /run/containerd /srv/copy/innocent; do
		no "mounts[*].source must not be a way to /run/docker.sock and the like, found \"$one\": it leads to $socket of the host; $why" --mount "$(bind "$one")"
	done
	no "mounts[*].source must not be a way to *, found \"/run\": *[escape.engine-socket]*" --mount "$(bind /run)"
	umount /srv/copy/innocent
}

@test "ctr run: files of the host" {
	no 'mounts[*].source must not be a way to / and the like, found "/": it leads to / of the host; *[escape.host-root] *' --mount "$(bind /)"
	no 'mounts[*].source must not bring in files of the host, found "/srv": the policy allows none of the host'"'"'s files; *[mount.host]; record RECORD' --mount "$(bind /srv)"
}

@test "ctr run: capabilities, kernel parameters, system calls, working directory, propagation" {
	no 'process.capabilities.bounding[14] must be a capability that the policy allows, found "CAP_SYS_ADMIN": *[caps.allowed] *' --cap-add CAP_SYS_ADMIN
	no 'process.cwd must be a directory of the container'"'"'s, found "/proc/self/fd/8": *[cwd]; record RECORD' --cwd /proc/self/fd/8
	no 'linux.rootfsPropagation must not share mounts with the host, found "shared": what the container mounts there appears on the host; *[mount.propagation]; record RECORD' --rootfs-propagation shared
}

@test "ctr run: a rootfs whose /proc is a link" {
	mkdir -p /opt/linked
	rootfs_make /opt/linked
	rmdir /opt/linked/proc
	ln -s /etc /opt/linked/proc
	vetted ctr run --rm --runc-binary "$VETTED" --rootfs /opt/linked linked /bin/echo hi
	is "$status $out" "1 "
	denied "$err" "ctr: failed to create shim task: OCI runtime create failed: " 'root.path must have directories at /dev, /proc and /sys, found "/opt/linked": its /proc is a link, and what is mounted there lands where it leads; do not run this image [rootfs.sane]; record RECORD' ": unknown"
}

@test "ctr run --config: an unsafe kernel parameter, no filter, a hook" {
	local one
	bundle_make /tmp/b '.linux.sysctl = { "kernel.msgmax": "65536" } | .hooks.prestart = [ { path: "/bin/true" } ] | .root.path = "/tmp/b/rootfs"'
	vetted ctr run --rm --runc-binary "$VETTED" --config /tmp/b/config.json own
	is "$status $out" "1 "
	for one in sysctl.safe hooks.allowed; do
		is "$(violated $one)" $one
	done
}

@test "ctr run: what everybody runs is let through" {
	yes
	yes --seccomp --read-only --memory-limit 64000000 --env A=b --cwd /tmp
	yes --device /dev/fuse
}

@test "ctr run: a hardened container is let through by restricted" {
	policy_enforce restricted@v1.37
	bundle_make /tmp/h '.process.user = { uid: 1000, gid: 1000 } | .process.noNewPrivileges = true | .process.capabilities = {}
		| .linux.seccomp = { defaultAction: "SCMP_ACT_ERRNO", syscalls: [ { names: ["bpf"], action: "SCMP_ACT_ERRNO" } ] }
		| .linux.seccomp.defaultAction = "SCMP_ACT_ALLOW" | .root.path = "/tmp/h/rootfs"'
	vetted ctr run --rm --runc-binary "$VETTED" --config /tmp/h/config.json hard
	is "$status $out $err" "0 hi "
	no '*[caps.allowed] *'
	policy_enforce
}
