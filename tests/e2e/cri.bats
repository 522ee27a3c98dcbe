#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# containerd as a kubelet uses it, with runvet as the shim's path and as `BinaryName`. cri.py stands for the kubelet. Debian 12's
# containerd 1.6 takes `runtime_path` and never looks at it again (tried); what it executes as a shim is a `runtime_type` that is a
# path, which later releases do for both.
# Not on crun: CRI always sets cpu shares, and crun has no cpu controller on a hybrid machine.

load ../lib/e2e
load ../lib/engines

SOCKET=/run/containerd/containerd.sock

setup_file() {
	image_tar
	podman import --quiet --change 'CMD=["/bin/sleep","1000"]' "$E2E"/bb.tar "$IMAGE" >/dev/null
	podman save --quiet --format oci-archive --output "$E2E"/oci.tar "$IMAGE"
	# The score of a sandbox is below ours, which needs CAP_SYS_RESOURCE.
	cat >/tmp/containerd.toml <<-END
		version = 2
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "$IMAGE"
		  restrict_oom_score_adj = true
		  disable_apparmor = true
		[plugins."io.containerd.grpc.v1.cri".containerd]
		  default_runtime_name = "alone"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.alone]
		  runtime_type = "io.containerd.runc.v2"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.by-path]
		  runtime_type = "/usr/bin/runvet"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.by-name]
		  runtime_type = "io.containerd.runc.v2"
		  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.by-name.options]
		    BinaryName = "$VETTED"
	END
	# The pod is on the network of the host, and cri.py asks for no masked paths: as for the kubelet's own.
	mkdir -p /etc/runvet
	cat >/etc/runvet/policy.json <<-END
		{ "version": 1, "profile": "privileged@1",
		  "select": [ { "when": { "container.type": "sandbox" }, "profile": "sandbox@1" } ] }
	END
	chmod 644 /etc/runvet/policy.json
	containerd_start --config /tmp/containerd.toml
	ctr --namespace k8s.io image import "$E2E"/oci.tar >/dev/null
	wait_for 20 ready
}

ready() { cri alone life "$IMAGE"; }

teardown_file() {
	daemon_stop containerd
}

cri() { python3 "$RUNVET_TREE/tests/e2e/cri.py" $SOCKET "$@"; }

# RT is a handler here: VETTED says which of the two.
ALONE=alone

lives() {
	rm -rf /var/log/pods
	cri "$RT" life "$IMAGE"
}

@test "as the shim's path: a pod's life" {
	VETTED=by-path
	same lives
	says "$out" "*exec: \[b'in*9\]*stopped: 2 5*from the container*"
	recorded "$(cat /run/cri.id)" create allow
	is "$(jq -r '.policy | .name + "@" + .version' <<<"$record")" privileged@1
	recorded "$(jq -r .sandbox.id <<<"$record")" create allow
	is "$(jq -r '.policy | .name + "@" + .version' <<<"$record")" sandbox@1
	recorded "$(cat /run/cri.id)" exec allow
}

@test "BinaryName: a pod's life" {
	VETTED=by-name
	same lives
	says "$out" "*exec: \[b'in*9\]*stopped: 2 5*from the container*"
	recorded "$(cat /run/cri.id)" create allow
}

@test "as path and as BinaryName: refused, as the kubelet reads it" {
	for handler in by-path by-name; do
		vetted cri $handler refused "$IMAGE" elsewhere
		refused "$out" \
			'UNKNOWN failed to create containerd task: failed to create shim task: OCI runtime create failed: runvet: config.json:1:N: process.cwd must be an absolute path, found "elsewhere" [spec.process.cwd-absolute]; record RECORD: unknown'
		recorded "$(cat /run/cri.id)" create deny "$refusal"
	done
}
