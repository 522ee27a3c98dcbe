#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# takes: 25 s
# sanitized: no, because policy_live_ctr goes the same way through our code
# Docker under an enforced policy: what its user reads when it says no, and that it says nothing to what everybody runs.

load ../lib/e2e
load ../lib/engines
load ../lib/policy

setup_file() {
	image_tar
	docker_start
	policy_enforce
	docker_run --detach --name long --memory 64m --pids-limit 50 bb:latest /bin/sleep 3000 >/dev/null
}

teardown_file() {
	daemon_stop dockerd
}

docker_run() {
	local network=(--network none)
	[[ " $* " != *" --network "* ]] || network=()
	"$DOCKER" run --runtime vetted "${network[@]}" "$@"
}

# no SENTENCE OPTIONS…: refused as that, to the word, by status 126; the rule stands in the sentence.
no() {
	local sentence=$1
	shift
	vetted docker_run --rm "$@" bb:latest /bin/echo hi
	is "$status $out" "126 "
	denied "$err" "docker: Error response from daemon: failed to create shim task: OCI runtime create failed: " "$sentence" ": unknown."
	recorded "$(records 'select(.decision == "deny") | .container.id' -r | tail -n 1)" create deny "$refusal"
}

# no_exec SENTENCE OPTIONS…
no_exec() {
	local sentence=$1
	shift
	vetted "$DOCKER" exec "$@" long /bin/echo hi
	is "$status" 126
	denied "$out$err" "OCI runtime exec failed: " "$sentence" ": unknown"
	recorded "$("$DOCKER" inspect --format '{{.Id}}' long)" exec deny "$refusal"
}

# no_update SENTENCE OPTIONS…
no_update() {
	local sentence=$1
	shift
	vetted "$DOCKER" update "$@" long
	is "$status $out" "1 "
	denied "$err" "Error response from daemon: Cannot update container $("$DOCKER" inspect --format '{{.Id}}' long): $VETTED did not terminate successfully: exit status 1: " "$sentence"
}

yes() {
	vetted docker_run --rm "$@" bb:latest /bin/echo hi
	is "$status $out $err" "0 hi "
}

@test "docker run --privileged" {
	no 'process.capabilities must not amount to --privileged: with CAP_SYS_ADMIN it mounts and traces what it likes, every device may be used, no path is masked, /sys is writable, no system call is filtered; start it without --privileged, with the capabilities and devices that it needs [privileged] and N more; record RECORD (*)' --privileged
}

@test "docker run: namespaces of the host" {
	no "linux must give the container its own pid namespace, not the host's: without one it is in the host's; it sees and signals the host's processes: leave out --pid=host (hostPID) [ns.host.pid]; record RECORD" --pid host
	no "linux.namespaces[1] must give the container its own network namespace, not the host's: this path leads to that of process 1; it reaches the host's abstract sockets and loopback: leave out --network=host (hostNetwork) [ns.host.net]; record RECORD" --network host
	no "linux must give the container its own ipc namespace, *: leave out --ipc=host (hostIPC) [ns.host.ipc] *" --ipc host
}

@test "docker run: the engine's socket, by whatever path" {
	local one why='whoever speaks to the engine starts a privileged container: leave the mount out [escape.engine-socket] and N more; record RECORD (*)'
	mkdir -p /srv/copy /srv/whole
	touch /srv/copy/innocent
	mount --bind /run/docker.sock /srv/copy/innocent
	mount --bind /run /srv/whole
	ln -sf /run/docker.sock /srv/link
	for one in /run/docker.sock /var/run/docker.sock /run /srv/copy/innocent /srv/whole /srv/link; do
		no "mounts[*].source must not be a way to /run/docker.sock and the like, found \"$one\": it leads to /run/docker.sock of the host; $why" --volume "$one:/x"
	done
	ln -f /run/docker.sock /run/another
	no 'mounts[7].source must not bring in files of the host, found "/run/another": *[mount.host]*' --volume /run/another:/x
	is "$(violated mount.sensitive)" mount.sensitive
	rm /run/another
	umount /srv/copy/innocent /srv/whole
}

@test "docker run: files of the host, also as a volume" {
	no 'mounts[7].source must not be a way to / and the like, found "/": it leads to / of the host; with the host'"'"'s files in reach chroot is all it takes: leave the mount out [escape.host-root] *' --volume /:/host
	no 'mounts[7].source must not bring in files of the host, found "/srv": the policy allows none of the host'"'"'s files; use a volume of the engine'"'"'s, or allow the path in the policy [mount.host]; record RECORD' --volume /srv:/x
	"$DOCKER" volume create --opt type=none --opt o=bind --opt device=/etc etc >/dev/null
	no 'mounts[7].source must not bring in files of the host, found "/var/lib/docker/volumes/etc/_data": on this host it is /etc, and the policy allows none of the host'"'"'s files; *[mount.host] *' --volume etc:/x
	yes --volume data:/x
	yes --tmpfs /x
}

@test "docker run: capabilities, system calls, kernel parameters" {
	no 'process.capabilities.bounding[14] must be a capability that the policy allows, found "CAP_SYS_ADMIN": the policy allows CAP_AUDIT_WRITE, CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER and 10 more; do not add it (--cap-add), or drop it (--cap-drop, securityContext.capabilities) [caps.allowed] *' --cap-add SYS_ADMIN
	no 'linux must filter system calls: without linux.seccomp every call reaches the kernel; leave out --security-opt seccomp=unconfined (seccompProfile: RuntimeDefault) [seccomp.present]; record RECORD' --security-opt seccomp=unconfined
	no 'linux.sysctl["net.ipv4.ip_forward"] must be a kernel parameter that the policy allows, found a string of 1 byte: the policy allows kernel.shm_rmid_forced, *; leave it out (--sysctl, securityContext.sysctls), or allow it in the policy [sysctl.safe]; record RECORD' --sysctl net.ipv4.ip_forward=1
	yes --sysctl kernel.shm_rmid_forced=1
}

@test "docker run: a working directory among the delegate's open files" {
	no 'process.cwd must be a directory of the container'"'"'s, found "/proc/self/fd/8": there stand the files that the delegate has open, directories of the host among them; start it in a directory of its own (WORKDIR, --workdir, workingDir) [cwd]; record RECORD' --workdir /proc/self/fd/8
}

@test "docker exec: more than the container has" {
	no_exec 'process.capabilities.*[*] must be a capability that the container has itself, found "CAP_*": the container was created without it; run it without --privileged (--cap) [exec.caps] and N more; record RECORD' --privileged
	no_exec 'process.cwd must be a directory of the container'"'"'s, found "/proc/self/fd/8": *[cwd]; record RECORD' --workdir /proc/self/fd/8
	is "$("$DOCKER" exec long /bin/echo in)" in
}

@test "docker update: no higher limit than at create, a lower one at will" {
	no_update 'linux.resources.memory.limit must not be raised above what the container was created with, found 104857600: the container was created with 67108864; create another container with more, or give this rule a max in the policy [update.memory]; record RECORD' --memory 100m --memory-swap 200m
	no_update 'linux.resources.pids.limit must not be raised *, found 60: the container was created with 50; *[update.pids]; record RECORD' --pids-limit 60
	"$DOCKER" update --pids-limit 40 long >/dev/null
	recorded "$("$DOCKER" inspect --format '{{.Id}}' long)" update allow
}

@test "docker run: what everybody runs is let through" {
	yes
	yes --read-only --init --hostname h --add-host a:192.0.2.1 --shm-size 1m --env A=b
	yes --user 5 --memory 64m --pids-limit 50 --device /dev/fuse
	yes --network container:long
	yes --pid container:long --ipc private --uts host
}

@test "docker run: a hardened container is let through by restricted" {
	policy_enforce restricted@v1.37
	yes --cap-drop ALL --security-opt no-new-privileges --user 1000:1000
	no '*[nnp]*' --cap-drop ALL --user 1000:1000
	policy_enforce
}
