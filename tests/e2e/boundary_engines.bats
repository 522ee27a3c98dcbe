#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# takes: 15 s
# sanitized: no, because boundary and start go the same way through our code
# Did the runtime do what it was told, of containers that engines write and start? As they do it by default, and with what their
# users ask them for: there is nothing to find at start, and nothing once it runs.

# shellcheck disable=SC2154 # status and output are set by run

load ../lib/e2e
load ../lib/engines

CTL=$RUNVET_BUILD/ctl/runvetctl

setup_file() {
	image_import
	containerd_start
	if docker_works; then
		docker_start --containerd /run/containerd/containerd.sock
	fi
	# What is judged is the boundary, also of what a policy would refuse.
	mkdir -p /etc/runvet
	echo '{ "version": 1, "mode": "audit" }' >/etc/runvet/policy.json
	mkdir -p /srv/shared
	mount --bind /srv/shared /srv/shared
	mount --make-shared /srv/shared
}

teardown_file() {
	daemon_stop dockerd
	daemon_stop containerd
}

# crun 1.8 wants a controller for every limit that Docker mentions, also for those that are zero.
docker_works() { [[ $DELEGATE == runc ]] || grep -qw io /sys/fs/cgroup/cgroup.controllers; }

# found ID [RULE AND PLACE]: that was found at its start, by default nothing, and the same is found of it now.
found() {
	local events='container.start' differs=0
	[[ ! ${2:-} ]] || events='container.boundary container.start' differs=1
	# shellcheck disable=SC2016  # jq's variables
	is "$(records 'select(.container.id == $id) | .event.code | select(startswith("container."))' -r --arg id "$1" | paste -sd' ')" "$events" \
		"$(records 'select(.event.code | test("boundary|drift")) | .violations')" || return 1
	# shellcheck disable=SC2016
	is "$(records 'select(.container.id == $id) | select(.event.code == "container.boundary") | .violations[] | .rule + " " + .path' -r --arg id "$1")" "${2:-}" ||
		return 1
	run "$CTL" boundary "$1"
	is "$status" $differs "$output" || return 1
	# It has been looked at, and not only for want of anything to see.
	says "$output" '*= linux.namespaces mount *= root.readonly *' || return 1
	says "$output" "*${2:-Nothing differs from what was declared.}*"
}

docker_run() { found "$("$DOCKER" run --runtime vetted --detach "$@" bb:latest /bin/sleep 300)"; }

@test "Docker" {
	docker_works || skip "crun under Docker needs the io, cpu, memory and pids controllers in cgroup v2"
	docker_run --network none
	# The root is told to be shared with the volume, and is not [tried: runc 1.1.5].
	docker_run --network host --pid host --ipc host --uts host --cgroupns host --volume /srv/shared:/x:shared --security-opt seccomp=unconfined
	docker_run --network none --read-only --cap-drop ALL --security-opt no-new-privileges --user 1000:1000 --tmpfs /tmp \
		--volume data:/data --volume /srv/shared:/x:ro,rslave --device /dev/fuse
	docker_run --network none --memory 64m --memory-swap 100m --memory-reservation 32m --pids-limit 50 --cpus 0.5 --cpu-shares 300 \
		--blkio-weight 300 --cpuset-cpus 0 --ulimit nofile=100:200 --oom-score-adj 500 --sysctl kernel.shm_rmid_forced=1 --hostname h \
		--init --shm-size 1m --group-add 10
	# All capabilities, where this machine has them itself.
	[[ $(capsh --print | grep -c '^Current: =ep$') == 0 ]] || docker_run --network none --privileged
}

pod_start() {
	local options=("${PODMAN_LIMITS[@]}")
	[[ " $* " != *" --network "* ]] || options=("${options[@]/--network=none/--log-driver=none}")
	podman --runtime "$VETTED" run --detach "${options[@]}" "$@" "$IMAGE" /bin/sleep 300
}

pod_run() { found "$(pod_start "$@")"; }

@test "Podman" {
	pod_run
	pod_run --privileged --volume /srv/shared:/x:shared
	local host=(--network host --ipc host --uts host)
	# Podman wants a cgroup for one without a pid namespace.
	[[ $DELEGATE == crun ]] || host+=(--pid host)
	pod_run "${host[@]}" --security-opt unmask=ALL
	pod_run --read-only --cap-drop ALL --security-opt no-new-privileges --user 1000:1000 --tmpfs /tmp --volume data:/data --volume /etc:/x:ro \
		--device /dev/fuse --security-opt mask=/proc/version
	pod_run --uidmap 0:100000:65536 --user 5 --read-only
	pod_run --oom-score-adj 500 --sysctl kernel.shm_rmid_forced=1 --hostname h --shm-size 1m --group-add 10 --umask 077
	[[ $DELEGATE == crun ]] || pod_run --memory 64m --pids-limit 50 --cpus 0.5 --cpu-shares 300
}

@test "Podman: a volume that is told to be nosuid, in a user namespace" {
	local id want
	id=$(pod_start --uidmap 0:100000:65536 --volume data:/data)
	if [[ $DELEGATE == crun ]]; then
		# Tried: crun 1.8.1 binds it without nosuid and nodev; that is found, and is so.
		says "$(grep ' /data ' "/proc/$(podman inspect --format '{{.State.Pid}}' "$id")/mountinfo")" '* /data rw,relatime - *'
		want=$(jq -r '.mounts | to_entries[] | select(.value.destination == "/data") |
			"boundary.mounts.confined /mounts/\(.key)/options/\(.value.options | index("nosuid"))"' \
			"$(podman inspect --format '{{.OCIConfigPath}}' "$id")")
		is "$(records 'select(.event.code == "container.boundary") | .violations[] | .rule + " " + .path' -r)" "$want"
		run -1 "$CTL" boundary "$id"
		return
	fi
	found "$id"
}

ctr_run() {
	ctr run --runc-binary "$VETTED" --detach "$@"
	found "${@: -3:1}"
}

# ctr_own ID JQ: of a configuration of our own. (With --uidmap ctr 1.6 forgets which runtime it was to use.)
ctr_own() {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"] | .root.path = "/tmp/b/rootfs" | del(.process.capabilities.ambient) |
		.mounts |= map(select(.type != "cgroup")) | '"$2"
	ctr run --runc-binary "$VETTED" --detach --null-io --config /tmp/b/config.json "$1"
	found "$1"
}

@test "containerd" {
	# crun cannot have the controllers that ctr asks for by itself.
	if [[ $DELEGATE == runc ]]; then
		ctr_run "$IMAGE" c1 /bin/sleep 300
		ctr_run --privileged --net-host --with-ns pid:/proc/1/ns/pid --rootfs-propagation rslave "$IMAGE" c2 /bin/sleep 300
		ctr_run --read-only --seccomp --memory-limit 64000000 --cpus 0.5 --device /dev/fuse --allow-new-privs \
			--mount type=bind,src=/etc,dst=/mnt,options=rbind:ro:nosuid --rootfs-propagation shared "$IMAGE" c3 /bin/sleep 300
	fi
	ctr_own c4 .
	ctr_own c5 '.linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings |
		.linux.namespaces += [{ type: "user" }] | .process.user = { uid: 5, gid: 6, additionalGids: [7] }'
}
