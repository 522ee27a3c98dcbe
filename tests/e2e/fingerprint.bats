#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# takes: 25 s
# sanitized: no, because the unit tests take the same ways, and this one starts eighty containers
# Fingerprints in the records of what three engines start: the same container has one, a changed one has another, and
# another posture exactly where it is confined otherwise. What the delegate makes of it does not matter: the record is
# written before.

load ../lib/e2e
load ../lib/engines
load ../lib/changes

DIR=$E2E/changes

setup_file() {
	image_import
	changes_lay "$DIR"
	# Another image with the same environment: a file more.
	echo planted >"$E2E"/image/planted
	tar -C "$E2E"/image -c . >"$E2E"/bb2.tar
	podman import --quiet "$E2E"/bb2.tar localhost/bb2:latest >/dev/null
	podman save --quiet --format oci-archive --output "$E2E"/oci2.tar localhost/bb2:latest
}

teardown_file() {
	daemon_stop containerd
	daemon_stop dockerd
}

# prints ID: "NORMAL POSTURE" of the last create of that container.
prints() {
	local got
	# shellcheck disable=SC2016  # jq's variables
	got=$(records 'select(.action == "create" and .container.id == $id) | .fingerprint | "\(.normal) \(.posture)"' -r --arg id "$1" | tail -n 1)
	[[ $got =~ ^sha256:[0-9a-f]{64}\ sha256:[0-9a-f]{64}$ ]] || echo "no fingerprints in the record of $1: $got" >&2
	echo "$got"
}

# judge BASE GOT CHANGE: GOT against the fingerprints of the unchanged container.
judge() {
	local name posture
	name=$(change_part "$3" 1) posture=$(change_part "$3" 2)
	[[ ${2% *} != "${1% *}" ]] || { echo "$name: the same normal fingerprint" >>"$E2E"/wrong; return; }
	if [[ $posture == confines ]]; then
		[[ ${2#* } != "${1#* }" ]] || echo "$name: the same posture" >>"$E2E"/wrong
	else
		[[ ${2#* } == "${1#* }" ]] || echo "$name: another posture" >>"$E2E"/wrong
	fi
}

# Where controllers stayed in cgroup v1, engines leave limits out of what they write for v2.
limits() { [[ $DELEGATE != crun ]] || grep -qw memory /sys/fs/cgroup/cgroup.controllers; }

all_right() {
	[[ ! -s "$E2E"/wrong ]] || { cat "$E2E"/wrong; return 1; }
}

pod_run() {
	local id=$1
	shift
	rm -f "$E2E"/"$id".id
	podman --runtime "$VETTED" run --detach --cidfile "$E2E"/"$id".id "${PODMAN_LIMITS[@]}" "$@" >/dev/null 2>"$E2E"/"$id".err || :
	prints "$(cat "$E2E"/"$id".id)"
}

@test "podman: one fingerprint for the same container, another for each change" {
	local change base got options n=0
	: >"$E2E"/wrong
	base=$(pod_run base "${CHANGE_BASE[@]}" "$IMAGE" /bin/true)
	is "$(pod_run again "${CHANGE_BASE[@]}" "$IMAGE" /bin/true)" "$base" 'the same container, started twice'
	podman --runtime "$VETTED" start "$(cat "$E2E"/again.id)" >/dev/null 2>&1 || :
	is "$(prints "$(cat "$E2E"/again.id)")" "$base" 'one that is started again'
	for change in "${CHANGES[@]}"; do
		mapfile -t options < <(change_options "$change" "$DIR")
		case $(change_part "$change" 1) in
		args) got=$(pod_run c "${CHANGE_BASE[@]}" "$IMAGE" /bin/true planted) ;;
		image) got=$(pod_run c "${CHANGE_BASE[@]}" localhost/bb2:latest /bin/true) ;;
		mount-option) got=$(pod_run c "${options[@]}" "$IMAGE" /bin/true) ;;
		annotation) got=$(pod_run c "${CHANGE_BASE[@]}" --annotation com.example.planted=1 "$IMAGE" /bin/true) ;;
		masked-path) got=$(pod_run c "${CHANGE_BASE[@]}" --security-opt mask=/proc/planted "$IMAGE" /bin/true) ;;
		tmpfs-size) continue ;; # Podman mounts /dev/shm itself, and its size stands nowhere in config.json
		memory | pids | cpus) [[ " ${PODMAN_LIMITS[*]} " != *" --cgroups=disabled "* ]] || continue ;;&
		*)
			[[ ${options[*]} != - ]] || continue
			got=$(pod_run c "${CHANGE_BASE[@]}" "${options[@]}" "$IMAGE" /bin/true)
			;;
		esac
		judge "$base" "$got" "$change"
		n=$((n + 1))
	done
	all_right
	((n >= 20))
}

ctr_run() {
	ctr run --detach --runc-binary "$VETTED" "$@" >/dev/null 2>&1 || :
}

@test "ctr: one fingerprint for the same container, also after containerd was started anew, another for each change" {
	local change base n=0
	: >"$E2E"/wrong
	containerd_start
	ctr image import "$E2E"/oci2.tar >/dev/null
	ctr_run "$IMAGE" i1 /bin/true
	ctr_run "$IMAGE" i2 /bin/true
	ctr_run localhost/bb2:latest i3 /bin/true
	bundle_make /tmp/b '.root.path = "/tmp/b/rootfs" | .linux.resources = {}'
	for change in "${CHANGES[@]}"; do
		jq "$(change_part "$change" 4)" /tmp/b/config.json >/tmp/changed.json
		[[ -n $(change_part "$change" 4) ]] || continue
		n=$((n + 1))
		ctr_run --config /tmp/changed.json "c$n"
	done
	ctr_run --config /tmp/b/config.json base
	daemon_stop containerd
	containerd_start
	ctr_run --config /tmp/b/config.json after
	ctr_run "$IMAGE" i4 /bin/true
	is "$(prints i2)" "$(prints i1)" 'the same container, started twice'
	is "$(prints i4)" "$(prints i1)" 'and after containerd was started anew'
	is "$(prints after)" "$(prints base)" 'the same by a configuration'
	base=$(prints base) n=0
	for change in "${CHANGES[@]}"; do
		if [[ $(change_part "$change" 1) == image ]]; then
			judge "$(prints i1)" "$(prints i3)" "$change"
		elif [[ -n $(change_part "$change" 4) ]]; then
			n=$((n + 1))
			judge "$base" "$(prints "c$n")" "$change"
		fi
	done
	all_right
	((n >= 20))
}

docker_make() {
	local id=$1
	shift
	rm -f "$E2E"/"$id".id
	"$DOCKER" create --cidfile "$E2E"/"$id".id --runtime vetted --network none "$@" >/dev/null
}

# record_id NAME: of the create of that container of Docker's.
record_id() {
	# shellcheck disable=SC2016  # jq's variables
	records 'select(.action == "create" and .container.id == $id) | .id' -r --arg id "$(cat "$E2E"/"$1".id)" | tail -n 1
}

@test "docker: one fingerprint for the same container, also after dockerd was started anew, another for each change" {
	local change name base options names=() n=0
	: >"$E2E"/wrong
	docker_start
	"$DOCKER" import "$E2E"/bb2.tar bb2:latest >/dev/null
	docker_make base "${CHANGE_BASE[@]}" bb:latest /bin/true
	docker_make again "${CHANGE_BASE[@]}" bb:latest /bin/true
	for change in "${CHANGES[@]}"; do
		mapfile -t options < <(change_options "$change" "$DIR")
		name=$(change_part "$change" 1)
		case $name in
		args) docker_make args "${CHANGE_BASE[@]}" bb:latest /bin/true planted ;;
		image) docker_make image "${CHANGE_BASE[@]}" bb2:latest /bin/true ;;
		mount-option) docker_make "$name" "${options[@]}" bb:latest /bin/true ;;
		masked-path) docker_make "$name" "${CHANGE_BASE[@]}" --security-opt systempaths=unconfined bb:latest /bin/true ;;
		memory | pids | cpus) limits || continue ;;&
		*)
			[[ ${options[*]} != - ]] || continue
			docker_make "$name" "${CHANGE_BASE[@]}" "${options[@]}" bb:latest /bin/true
			;;
		esac
		names+=("$name")
	done
	for name in base again "${names[@]}"; do
		cat "$E2E"/"$name".id && echo
	done | xargs -n 8 -P 4 "$DOCKER" start >/dev/null 2>&1 || :
	base=$(prints "$(cat "$E2E"/base.id)")
	is "$(prints "$(cat "$E2E"/again.id)")" "$base" 'the same container, started twice'
	for change in "${CHANGES[@]}"; do
		name=$(change_part "$change" 1)
		[[ " ${names[*]} " == *" $name "* ]] || continue
		judge "$base" "$(prints "$(cat "$E2E"/"$name".id)")" "$change"
		n=$((n + 1))
	done
	all_right
	((n >= 20))
	# What no config.json of Docker's says, the records do, and who compares two of them is told.
	local code=0
	runvetctl diff --format json "record:$(record_id base)" "record:$(record_id image)" >"$E2E"/diff || code=$?
	is $code 1 "$(<"$E2E"/diff)"
	is "$(jq -r '.differences[] | select(.groups | index("results")) | .place' "$E2E"/diff | grep -cx image.digest)" 1 "$(<"$E2E"/diff)"
	daemon_stop dockerd
	docker_start
	"$DOCKER" start "$(cat "$E2E"/base.id)" >/dev/null 2>&1 || :
	is "$(prints "$(cat "$E2E"/base.id)")" "$base" 'the same one after dockerd was started anew'
	# shellcheck disable=SC2016  # jq's variables
	is "$(records 'select(.action == "create" and .container.id == $id) | .record' -r --arg id "$(cat "$E2E"/base.id)" | wc -l)" 2 'two starts'
}
