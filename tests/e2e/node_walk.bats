#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# bare: yes
# takes: 20 s
# sanitized: no, because it is the packages that are walked
# A node from the first look to the last, as its engineer would go: install the package, doctor, try, policy init, install, enforce, be refused, explain,
# exempt, uninstall; with real engines, and containers that run and are stopped all the while.

load ../lib/e2e
load ../lib/engines
load ../lib/package

CTL=/usr/bin/runvetctl
CONFIG=/etc/docker/daemon.json

setup_file() {
	packages_install
	image_import
}

teardown() {
	daemon_stop dockerd
	daemon_stop containerd
	rm -rf /etc/runvet
	# What a test that failed has left.
	$CTL uninstall docker --divert >/dev/null 2>&1 || :
	for one in docker podman containerd; do
		$CTL uninstall $one --force >/dev/null 2>&1 || :
	done
}

docker_run() { "$DOCKER" run --network=none "$@"; }

# has FINDING [ENGINE]: doctor says so.
has() {
	$CTL doctor --format json ${2:+"$2"} >/tmp/doctor.json || :
	jq -e --arg id "$1" 'any(.findings[]; .id == $id)' /tmp/doctor.json >/dev/null || { jq -c '.findings[] | [.id, .what]' /tmp/doctor.json; return 1; }
}

has_not() {
	! has "$@" >/dev/null || { echo "doctor says $1"; jq -c --arg id "$1" '.findings[] | select(.id == $id)' /tmp/doctor.json; return 1; }
}

default_is() { [[ $("$DOCKER" info --format '{{.DefaultRuntime}}') == "$1" ]]; }

reload() { kill -HUP "$(cat "$E2E"/dockerd.pid)"; }

enforce() { sed -i 's/"mode": "audit",$/"mode": "enforce",/; 0,/"mode": "audit"/s//"mode": "enforce"/' /etc/runvet/policy.json; }

# exempt: CAP_SYS_PTRACE, by hand: the bundle is gone with the refusal, so that `runvetctl exempt` would have to be given a copy.
exempt() {
	mkdir -p /etc/runvet/policy.d
	sed -i '0,/"version": 1,/s//"version": 1, "mayRelax": ["50-*.json"],/' /etc/runvet/policy.json
	printf '{ "version": 1, "exempt": [ { "id": "EX-2", "rules": ["caps.allowed"], "values": { "value": ["CAP_SYS_PTRACE"] }, "reason": "r", "owner": "o", "notAfter": "%s" } ] }' \
		"$(date -u -d +7days +%Y-%m-%dT%H:%M:%SZ)" >/etc/runvet/policy.d/50-exempt.json
	run -0 $CTL policy check
}

# refusal_of TEXT: the record's id in a refusal.
refusal_of() { grep -oE "$UUID" <<<"$1" | head -n 1; }

@test "Docker" {
	mkdir -p /etc/docker
	printf '{\n  "iptables": false, "bridge": "none",\n  "storage-driver": "overlay2",\n  "hosts": ["%s"]\n}\n' "$DOCKER_HOST" >$CONFIG
	local before
	before=$(sha256sum <$CONFIG)
	daemon_start dockerd dockerd
	wait_for 120 docker_answers
	"$DOCKER" import "$E2E"/bb.tar bb:latest >/dev/null
	# What is there, before anything is done.
	run -1 $CTL doctor docker
	says "$output" '*does not go through runvet by default: runc*engine.no-runtime*runvetctl install docker --default*around.reserved-runc*around.build*'
	docker_run --detach --name old --cap-add SYS_ADMIN bb:latest /bin/sleep 3000 >/dev/null
	run -1 $CTL try
	says "$output" '1 container judged by baseline@v1.37: 1 would be refused.*caps.allowed*(1 of 1)*CAP_SYS_ADMIN*docker*old  bb:latest*policy init*'
	run -1 $CTL try --format json
	jq -e '.containers[0] | .engine == "docker" and .name == "old" and .refused and .throughRunvet == false' <<<"$output"
	has around.running
	# A policy to begin with.
	run -0 $CTL policy init
	grep -q '^// .*policy check' /etc/runvet/policy.json
	grep -q 'old, bb:latest' /etc/runvet/policy.json
	run -0 $CTL policy check
	run -1 $CTL policy init
	says "$output" '*is there already*'
	# The file was there before: shown, and changed only when told to.
	run -1 $CTL install docker --default
	is "$(sha256sum <$CONFIG)" "$before"
	run -0 $CTL install docker --default --edit
	says "$output" '*systemctl reload docker*'
	has engine.differs docker
	reload
	wait_for 10 default_is runvet
	has_not engine.differs docker
	has_not engine.not-default docker
	# Audit: it runs, and is told.
	docker_run --rm --cap-add SYS_PTRACE bb:latest /bin/true
	is "$(records 'select(.action == "create") | .decision' -r | tail -n 1)" would-deny
	# Enforce: what was proposed to be exempt goes on, another one is refused, explained and exempt.
	enforce
	run -0 $CTL policy check
	"$DOCKER" rm --force old >/dev/null
	docker_run --detach --name old --cap-add SYS_ADMIN bb:latest /bin/sleep 3000 >/dev/null
	run -126 docker_run --rm --cap-add SYS_PTRACE bb:latest /bin/true
	says "$output" '*runvet: permission denied: config.json:1:*CAP_SYS_PTRACE*caps.allowed*'
	local id
	id=$(refusal_of "$output")
	run -0 $CTL explain "$id"
	says "$output" '*caps.allowed*'
	exempt
	docker_run --rm --cap-add SYS_PTRACE bb:latest /bin/true
	# Nothing gets around it any more.
	has around.reserved-runc docker
	run -0 $CTL install docker --divert
	has_not around.reserved-runc docker
	has_not around.build docker
	docker_run --rm --runtime runc --name by-runc bb:latest /bin/true
	records 'select(.action == "create")' | tail -n 1 | grep -q 'runc.distrib' || { tail -n 3 "$CHAIN"; return 1; }
	run -0 $CTL doctor docker
	# And away again, with one that runs and one that is stopped.
	docker_run --detach --name runs bb:latest /bin/sleep 3000 >/dev/null
	docker_run --name stopped bb:latest /bin/true
	run -0 $CTL uninstall docker --divert
	[[ ! -L $(command -v runc) ]]
	run -1 $CTL uninstall docker
	says "$output" '*containers still named it*'
	reload
	wait_for 10 default_is runc
	"$DOCKER" exec runs /bin/true
	"$DOCKER" start --attach stopped
	"$DOCKER" kill runs >/dev/null
	"$DOCKER" start runs >/dev/null
	"$DOCKER" rm --force runs stopped old >/dev/null
	run -0 $CTL uninstall docker
	is "$(sha256sum <$CONFIG)" "$before"
	says "$output" '*systemctl restart docker*'
	docker_run --rm bb:latest /bin/true
}

@test "Podman" {
	local before
	before=$(find /etc/containers -printf '%p %m %u %g\n' | sort)
	run -1 $CTL doctor podman
	says "$output" '*engine.no-runtime*runvetctl install podman --default*'
	run -0 $CTL install podman --default --runtime runc
	run -0 $CTL doctor --format json podman
	is "$(jq -r '.engines[0].covered' <<<"$output")" true
	podman run --detach --name runs "${PODMAN_LIMITS[@]}" "$IMAGE" /bin/sleep 3000 >/dev/null
	podman run --name stopped "${PODMAN_LIMITS[@]}" "$IMAGE" /bin/true
	podman --runtime runvet run --name named "${PODMAN_LIMITS[@]}" "$IMAGE" /bin/true
	is "$(records 'select(.engine.name == "podman" and .action == "create") | .decision' -r | sort | uniq -c | xargs)" "3 allow"
	run -0 $CTL try
	run -0 $CTL policy init --profile baseline@v1.37
	enforce
	run -126 podman run --rm --cap-add SYS_PTRACE "${PODMAN_LIMITS[@]}" "$IMAGE" /bin/true
	says "$output" '*permission denied*CAP_SYS_PTRACE*caps.allowed*'
	run -0 $CTL explain "$(records 'select(.decision == "deny") | .id' -r | tail -n 1)"
	says "$output" '*caps.allowed*'
	exempt
	podman run --rm --cap-add SYS_PTRACE "${PODMAN_LIMITS[@]}" "$IMAGE" /bin/true
	# One was made by the name, which stays while it is there.
	run -1 $CTL uninstall podman
	says "$output" "*still named it (by the name in Podman's database*"
	podman start --attach named
	podman rm named >/dev/null
	run -0 $CTL uninstall podman --force
	is "$(find /etc/containers -printf '%p %m %u %g\n' | sort)" "$before"
	podman exec runs /bin/true
	podman start --attach stopped
	podman kill runs >/dev/null
	podman wait runs >/dev/null
	podman start runs >/dev/null
	podman rm --force --time 0 runs stopped >/dev/null
	podman --runtime runc run --rm "${PODMAN_LIMITS[@]}" "$IMAGE" /bin/true
}

running() { ctr --namespace "$1" task ls | grep -qE "^$2 .*RUNNING"; }

@test "containerd" {
	local before
	before=$(sha256sum </etc/containerd/config.toml)
	containerd_start
	ctr --namespace k8s.io image import "$E2E"/oci.tar >/dev/null
	run -1 $CTL doctor containerd
	says "$output" '*engine.no-runtime*around.client*'
	run -0 $CTL install containerd --default --edit
	touch --date '+3 seconds' /etc/containerd/config.toml
	has engine.not-restarted containerd
	touch --date '-9 seconds' /etc/containerd/config.toml
	daemon_stop containerd
	containerd_start
	run -0 $CTL doctor containerd
	# As the CRI plugin has taken it up.
	containerd config dump | grep -q 'default_runtime_name = "runvet"'
	ctr --namespace k8s.io run --detach --runc-binary "$VETTED" "$IMAGE" runs /bin/sleep 3000
	ctr run --detach "$IMAGE" around /bin/sleep 3000
	has around.running
	run -1 $CTL try --profile restricted@v1.37
	says "$output" '2 containers judged by restricted@v1.37: 2 would be refused.*containerd*'
	run -0 $CTL install containerd --divert
	has_not around.client containerd
	ctr run --rm "$IMAGE" client /bin/true
	recorded client create allow
	# A policy; enforced, it refuses, is explained, and excepts.
	run -0 $CTL policy init --profile baseline@v1.37
	enforce
	run -1 ctr run --rm --cap-add CAP_SYS_PTRACE "$IMAGE" traces /bin/true
	says "$output" '*permission denied*CAP_SYS_PTRACE*caps.allowed*'
	run -0 $CTL explain "$(refusal_of "$output")"
	says "$output" '*caps.allowed*'
	exempt
	ctr container delete traces || :
	ctr run --rm --cap-add CAP_SYS_PTRACE "$IMAGE" traces /bin/true
	recorded traces create allow
	run -0 $CTL uninstall containerd --divert
	# Its shim calls our name as long as it runs.
	run -1 $CTL uninstall containerd
	says "$output" '*1 container still named it*'
	daemon_stop containerd
	containerd_start
	ctr --namespace k8s.io task exec --exec-id e1 runs /bin/true
	ctr --namespace k8s.io task kill --signal SIGKILL runs
	ends 10 running k8s.io runs
	ctr --namespace k8s.io task delete runs || :
	ctr --namespace k8s.io container delete runs
	ctr task kill --signal SIGKILL around
	ends 10 running default around
	ctr task delete around || :
	run -0 $CTL uninstall containerd
	is "$(sha256sum </etc/containerd/config.toml)" "$before"
}
