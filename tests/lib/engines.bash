# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Real engines, started beside nothing and stopped by pid. Loaded after e2e.bash.

# Raising limits needs CAP_SYS_RESOURCE, and what podman asks for by default is more than a test machine may have.
PODMAN_LIMITS=(--ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --network=none)

# crun's cgroup manager wants controllers that a hybrid machine keeps in v1.
if [[ $DELEGATE == crun ]]; then
	PODMAN_LIMITS+=(--cgroups=disabled)
fi

# image_import: the busybox image into podman's store, and from there as "$E2E"/oci.tar for the others.
image_import() {
	image_tar
	podman import --quiet "$E2E"/bb.tar "$IMAGE" >/dev/null
	podman save --quiet --format oci-archive --output "$E2E"/oci.tar "$IMAGE"
}

containerd_answers() { ctr version; }

containerd_start() {
	daemon_start containerd containerd "$@"
	wait_for 60 containerd_answers
	ctr image import "$E2E"/oci.tar >/dev/null
}

# ctr_exec ID CMD…: what CMD says on standard output (and, one that fails, on standard error), and its status. ctr loses that where CMD
# ends before ctr listens, whoever the runtime is: then there is another exec.
ctr_exec() {
	local n status
	for n in 1 2 3 4 5; do
		status=0
		ctr task exec --exec-id "said$n" "$@" >"$E2E/said" 2>"$E2E/said.err" || status=$?
		if [[ -s $E2E/said ]] && { ((status == 0)) || [[ -s $E2E/said.err ]]; }; then break; fi
	done
	cat "$E2E/said"
	cat "$E2E/said.err" >&2
	return $status
}

DOCKER=/usr/bin/docker
[[ -x $DOCKER ]] || DOCKER=$(command -v docker)
export DOCKER_HOST=unix:///run/docker.sock

docker_answers() { $DOCKER version; }

docker_start() {
	mkdir -p /etc/docker
	cat >/etc/docker/daemon.json <<-END
		{ "runtimes": { "alone": { "path": "$ALONE" }, "vetted": { "path": "$VETTED" } },
		  "data-root": "/var/lib/docker", "exec-root": "/run/docker", "pidfile": "/run/docker.pid",
		  "hosts": ["$DOCKER_HOST"], "iptables": false, "bridge": "none", "storage-driver": "overlay2" }
	END
	daemon_start dockerd dockerd --config-file /etc/docker/daemon.json "$@"
	wait_for 120 docker_answers
	$DOCKER import "$E2E"/bb.tar bb:latest >/dev/null
}

# ends SECONDS CMD…: waits until CMD says no.
ends() {
	local seconds=$1
	shift
	wait_for "$seconds" fails "$@"
}

fails() {
	! "$@"
}
