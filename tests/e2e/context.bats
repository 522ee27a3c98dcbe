#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# Who calls: what the record says of engine, container and pod when real engines make containers, and how far it is believed.

load ../lib/e2e
load ../lib/engines

SOCKET=/run/containerd/containerd.sock

setup_file() {
	image_tar
	podman import --quiet --change 'CMD=["/bin/sleep","1000"]' "$E2E"/bb.tar "$IMAGE" >/dev/null
	podman save --quiet --format oci-archive --output "$E2E"/oci.tar "$IMAGE"
	cat >/tmp/containerd.toml <<-END
		version = 2
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "$IMAGE"
		  restrict_oom_score_adj = true
		  disable_apparmor = true
		[plugins."io.containerd.grpc.v1.cri".containerd]
		  default_runtime_name = "vetted"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.vetted]
		  runtime_type = "io.containerd.runc.v2"
		  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.vetted.options]
		    BinaryName = "$VETTED"
	END
	containerd_start --config /tmp/containerd.toml
	ctr --namespace k8s.io image import "$E2E"/oci.tar >/dev/null
	docker_start
	wait_for 20 cri life "$IMAGE"
}

teardown_file() {
	daemon_stop dockerd
	daemon_stop containerd
}

cri() {
	rm -rf /var/log/pods
	python3 "$RUNVET_TREE/tests/e2e/cri.py" $SOCKET vetted "$@"
}

# told FILTER [VERB]: of the last record of that verb (create), as jq's -r prints it.
told() {
	# shellcheck disable=SC2016  # jq's variables
	records 'select(.action == $verb)' --arg verb "${2:-create}" | tail -n 1 | jq -r "$1"
}

# identity [VERB]: engine, its trust, pod's namespace, whose words the names are, trust of them, container's type.
identity() {
	told '[.engine.name, .engine.trust, .k8s.namespace.name, .identity_source, .identity_trust, .container.type] | map(. // "-") | join(" ")' "$@"
}

PODS=(--annotation io.kubernetes.cri.container-type=sandbox --annotation io.kubernetes.cri.sandbox-namespace=kube-system)

@test "Docker" {
	"$DOCKER" run --rm --name named --runtime vetted --network=none bb:latest /bin/true
	is "$(identity)" 'docker place - docker claim container'
	is "$(told '[.container.image.name, .container.name] | join(" ")')" 'bb:latest named'
	is "$(told .container.image.id)" "$("$DOCKER" image inspect --format '{{.Id}}' bb:latest)"
	is "$(journal "$(told .id)" RUNVET_IMAGE)" bb:latest
	is "$(told .engine.namespace)" moby
	is "$(told '.caller.exe | split("/") | last')" containerd-shim-runc-v2
}

@test "Docker: a policy that speaks of images gets them" {
	mkdir -p /etc/runvet
	cat >/etc/runvet/policy.json <<-'END'
		{ "version": 1, "profiles": { "p": { "rules": { "nnp": { "mode": "warn" } } } }, "profile": "p",
		  "select": [ { "when": { "image.ref": "bb:*" }, "trust": "any", "profile": "p" } ] }
	END
	"$DOCKER" run --rm --name named --runtime vetted --network=none bb:latest /bin/true
	rm /etc/runvet/policy.json
	is "$(told '[.policy.name, .container.image.name, .container.name] | join(" ")')" 'p bb:latest named'
}

@test "Docker: exec is the same container's, as noted" {
	"$DOCKER" run --detach --name c1 --runtime vetted --network=none bb:latest /bin/sleep 100 >/dev/null
	"$DOCKER" exec c1 /bin/true
	is "$(identity exec)" 'docker place - docker claim container'
	note=$(grep -l "$("$DOCKER" inspect --format '{{.Id}}' c1)" /run/runvet/ctr/*)
	is "$(jq -r '.posture | [.seccomp, .noNewPrivileges, .user.uid, .namespaces.pid, (.capabilities.bounding | length)] | join(" ")' "$note")" \
		'true false 0 new 14'
	is "$(jq -r .identity.engine "$note")" docker
	"$DOCKER" rm --force c1 >/dev/null
}

@test "containerd's CRI: sandbox and container" {
	# It is on the network of the host, as what is the kubelet's own.
	echo '{ "version": 1, "profile": "privileged@1" }' >/etc/runvet/policy.json
	chmod 644 /etc/runvet/policy.json
	cri life "$IMAGE"
	rm /etc/runvet/policy.json
	is "$(identity)" 'containerd-cri place default cri engine container'
	is "$(told '[.k8s.pod.name, .container.name, .engine.namespace] | join(" ")')" 'pod box k8s.io'
	is "$(told .message)" "allowed create of container $(head -c 12 /run/cri.id) (default/pod/box)"
	is "$(identity exec)" 'containerd-cri place default cri engine container'
	local sandbox
	sandbox=$(told .sandbox.id)
	is "$(record_of "$sandbox" create | jq -r '[.container.type, .k8s.namespace.name, .sandbox.id] | join(" ")')" "sandbox default $sandbox"
}

@test "ctr, whatever its annotations say" {
	ctr run --rm --runc-binary "$VETTED" "$IMAGE" c1 /bin/true
	is "$(identity)" 'containerd place - - - container'
	ctr run --rm --runc-binary "$VETTED" --annotation io.kubernetes.cri.container-type=sandbox \
		--annotation io.kubernetes.cri.sandbox-namespace=kube-system "$IMAGE" c2 /bin/true
	is "$(identity)" 'containerd place kube-system cri claim container'
	is "$(told .message)" 'allowed create of container c2'
}

@test "Podman, whatever its annotations say" {
	podman --runtime "$VETTED" run "${PODMAN_LIMITS[@]}" --rm "$IMAGE" /bin/true
	is "$(identity)" 'podman place - - - container'
	podman --runtime "$VETTED" run "${PODMAN_LIMITS[@]}" --rm --annotation io.container.manager=cri-o "${PODS[@]}" \
		--annotation io.kubernetes.pod.namespace=kube-system "$IMAGE" /bin/true
	is "$(identity)" 'podman place kube-system cri claim container'
}

@test "Buildah" {
	local from
	from=$(buildah from "$IMAGE")
	buildah run --isolation oci --runtime "$VETTED" --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$from" /bin/true ||
		buildah run --isolation oci --runtime "$VETTED" --network none "$from" /bin/true
	is "$(identity)" 'buildah place - - - container'
}

@test "a bundle of one's own, with every annotation of a pod" {
	bundle_make /tmp/b1 '.annotations = {"io.kubernetes.cri.container-type": "container", "io.kubernetes.cri.sandbox-id": "x",
		"io.kubernetes.cri.sandbox-namespace": "kube-system", "io.container.manager": "cri-o"}'
	"$VETTED" run --bundle /tmp/b1 own
	is "$(identity run)" '- - kube-system cri claim -'
	is "$(journal "$(told .id run)" POD_NAMESPACE)" kube-system
	is "$(journal "$(told .id run)" RUNVET_IDENTITY_TRUST)" claim
}

@test "a broken document is of a container all the same" {
	fails ctr run --rm --runc-binary "$VETTED" --cwd elsewhere "$IMAGE" c3 /bin/true
	is "$(told '[.decision, .engine.name, .engine.trust] | join(" ")')" 'deny containerd place'
}
