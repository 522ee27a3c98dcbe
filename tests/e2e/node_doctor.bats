#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# runvetctl doctor, over the tree of a node where all is in order, and with one thing wrong at a time: each is found, and nothing
# else is said.

load ../lib/e2e

CTL=/usr/bin/runvetctl
GOOD=/tmp/good T=/tmp/t

program() { install -D -m 755 /bin/true "$1"; }

# A node with four engines, each of which goes through runvet, and runc and crun stood in for.
setup_file() {
	umask 022
	local one
	install -D -m 755 /usr/bin/runvet $GOOD/usr/bin/runvet
	mkdir -p $GOOD/usr/libexec/runvet $GOOD/usr/sbin
	for one in runc crun runsc youki; do
		ln -s /usr/bin/runvet $GOOD/usr/libexec/runvet/$one
	done
	for one in usr/sbin/dockerd usr/bin/containerd usr/bin/podman usr/bin/crio usr/bin/buildkitd usr/sbin/runc.distrib usr/bin/crun.distrib; do
		program $GOOD/$one
	done
	ln -s /usr/libexec/runvet/runc $GOOD/usr/sbin/runc
	ln -s /usr/libexec/runvet/crun $GOOD/usr/bin/crun
	mkdir -p $GOOD/etc/{docker,containerd,runvet,crio/crio.conf.d,containers/containers.conf.d} $GOOD/var/log/journal $GOOD/usr/lib/systemd/catalog
	echo '{ "default-runtime": "runvet", "runtimes": { "runvet": { "path": "/usr/libexec/runvet/runc" } } }' >$GOOD/etc/docker/daemon.json
	cat >$GOOD/etc/containerd/config.toml <<-END
		version = 2
		[plugins."io.containerd.grpc.v1.cri".containerd]
		  default_runtime_name = "runvet"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runvet]
		  runtime_type = "io.containerd.runc.v2"
		  options = { BinaryName = "/usr/libexec/runvet/runc", SystemdCgroup = true }
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		  runtime_type = "io.containerd.runc.v2"
		  options = { SystemdCgroup = true }
	END
	printf '[crio.runtime]\ndefault_runtime = "runvet"\n[crio.runtime.runtimes.runvet]\nruntime_path = "/usr/libexec/runvet/crun"\n' \
		>$GOOD/etc/crio/crio.conf.d/50-runvet.conf
	printf '[engine]\nruntime = "/usr/libexec/runvet/crun"\n' >$GOOD/etc/containers/containers.conf.d/50-runvet.conf
	echo '{ "version": 1, "mode": "enforce", "profile": "baseline@v1.37" }' >$GOOD/etc/runvet/policy.json
	echo root:x:0:0:root:/root:/bin/bash >$GOOD/etc/passwd
	: >$GOOD/usr/lib/systemd/catalog/runvet.catalog
	install -d -m 755 $GOOD/run
	mkdir -m 700 $GOOD/var/log/runvet $GOOD/run/runvet
}

# said [OPTION…]: the ids of what is no remark, each once; status in $rc.
said() {
	rc=0
	$CTL doctor --root $T --format json "$@" >/tmp/doctor.json || rc=$?
	ids=$(jq -r '[.findings[] | select(.severity != "info") | .id] | unique | join(" ")' /tmp/doctor.json)
	is "$(jq '[.findings[] | select((.what | length) < 10 or (.why | length) < 10 or (.mend // "" | length) < 3)] | length' /tmp/doctor.json)" 0 "rows that say too little"
}

# planted WANT CMD…: with CMD done in the tree, doctor says these ids and no others. Errors decide the status.
planted() {
	local want=$1 errors
	shift
	rm -rf $T
	cp -a $GOOD $T
	(cd $T && "$@") || { echo "cannot plant: $*"; return 1; }
	said || return 1
	is "$ids" "$want" "planted by: $*" || return 1
	errors=$(jq .errors /tmp/doctor.json)
	is "$rc" "$((errors > 0))" "status, with $errors errors"
}

put() { printf '%s\n' "$2" >"$1"; }
TABLE='[plugins."io.containerd.grpc.v1.cri".containerd.runtimes'

@test "a node in order: not a word, and status 0" {
	rm -rf $T
	cp -a $GOOD $T
	said
	is "$rc $ids" "0 "
	run -0 $CTL doctor --root $T
	says "$output" "*Docker*goes through runvet by default: runvet*containerd*goes through*CRI-O*goes through*Podman*goes through*is in order*This node is covered.*"
	is "$(awk 'length > 80' <<<"$output")" "" "wider than 80"
}

@test "engines: what cannot be read, is not there, or is not the default" {
	planted engine.config put etc/docker/daemon.json '{ "runtimes": '
	planted engine.config put etc/containerd/config.toml 'version = 2 2'
	planted engine.config put etc/crio/crio.conf.d/99.conf '[crio'
	planted engine.config put etc/containers/containers.conf 'x'
	planted 'engine.not-default engine.runtime-missing' put etc/docker/daemon.json '{ "default-runtime": "other", "runtimes": { "runvet": { "path": "/usr/libexec/runvet/runc" }, "other": { "path": "/usr/bin/other" } } }'
	planted engine.runtime-missing put etc/docker/daemon.json '{ "default-runtime": "runvet", "runtimes": { "runvet": { "path": "/usr/libexec/runvet/runc" }, "other": { "path": "/usr/bin/other" } } }'
	planted engine.runtime-args put etc/docker/daemon.json '{ "default-runtime": "runvet", "runtimes": { "runvet": { "path": "/usr/libexec/runvet/runc", "runtimeArgs": ["--debug"] } } }'
	planted 'engine.no-runtime engine.runtime-missing' put etc/crio/crio.conf.d/50-runvet.conf "$(printf '[crio.runtime]\ndefault_runtime = "x"\n[crio.runtime.runtimes.x]\nruntime_path = "/usr/bin/x"')"
	planted engine.not-default put etc/containers/containers.conf.d/99.conf "$(printf '[engine]\nruntime = "/usr/bin/crun.distrib"')"
	planted engine.runtime-path sed -i 's/runtime_type = "io.containerd.runc.v2"/&\n  runtime_path = "\/usr\/bin\/runvet"/;' etc/containerd/config.toml
	planted 'around.handler engine.cgroup-driver' sh -c "sed -i 's/{ SystemdCgroup = true/{ SystemdCgroup = false, BinaryName = \"\/usr\/sbin\/runc.distrib\"/' etc/containerd/config.toml; sed -i 's/runtimes.runc]/runtimes.x]/' etc/containerd/config.toml"
}

undivert() { mv usr/sbin/runc.distrib usr/sbin/runc; }
undivert_crun() { mv usr/bin/crun.distrib usr/bin/crun; }

@test "each way around" {
	# runc is itself again: reserved names, builds, clients, buildkitd, and the handler that names no binary.
	planted 'around.build around.client around.handler around.option around.reserved-runc' undivert
	jq -e '.findings | any(.id == "around.reserved-runc" and (.what | contains("--runtime=runc")))' /tmp/doctor.json
	jq -e '.findings | any(.id == "around.build" and .engine == "docker") and any(.id == "around.build" and .engine == "buildkit")' /tmp/doctor.json
	jq -e '.findings | any(.id == "around.client" and .engine == "containerd")' /tmp/doctor.json
	planted around.option undivert_crun
	jq -e '.findings | any(.what | contains("podman --runtime crun"))' /tmp/doctor.json
	# What PATH says closes them as well, of the daemons.
	undivert_path() {
		undivert
		local unit
		for unit in docker containerd buildkit; do
			mkdir -p etc/systemd/system/$unit.service.d
			printf '[Service]\nEnvironment="PATH=/usr/libexec/runvet:/usr/sbin:/usr/bin"\n' >etc/systemd/system/$unit.service.d/runvet.conf
		done
	}
	planted around.option undivert_path
	planted around.handler put etc/docker/daemon.json '{ "default-runtime": "runvet", "runtimes": { "runvet": { "path": "/usr/libexec/runvet/runc" }, "real": { "path": "/usr/sbin/runc.distrib" } } }'
	planted around.handler sh -c "printf '%s.other]\nruntime_type = \"io.containerd.runc.v2\"\noptions = { BinaryName = \"/usr/sbin/runc.distrib\", SystemdCgroup = true }\n' '$TABLE' >>etc/containerd/config.toml"
	planted around.handler put etc/crio/crio.conf.d/60.conf "$(printf '[crio.runtime.runtimes.other]\nruntime_path = "/usr/bin/crun.distrib"')"
	planted around.option put etc/containers/containers.conf "$(printf '[engine.runtimes]\nother = ["/usr/bin/crun.distrib"]')"
	planted around.build sh -c 'mkdir etc/buildkit; printf "[worker.oci]\nbinary = \"/usr/sbin/runc.distrib\"\n" >etc/buildkit/buildkitd.toml'
	planted around.build program usr/bin/buildkit-runc
	planted around.socket sh -c 'printf "\n[grpc]\ngid = 1000\n" >>etc/containerd/config.toml'
	planted around.socket python3 -c 'import os, socket; s = socket.socket(socket.AF_UNIX); s.bind("run/docker.sock"); os.chmod("run/docker.sock", 0o666)'
	planted around.user sh -c 'mkdir -p root/.config/containers; printf "[engine]\nruntime = \"/usr/bin/crun.distrib\"\n" >root/.config/containers/containers.conf'
	# Another user's is advice in any case: a remark.
	planted '' sh -c 'echo u:x:1000:1000::/home/u:/bin/sh >>etc/passwd; mkdir -p home/u/.config/containers; printf "[engine]\nruntime = \"crun.distrib\"\n" >home/u/.config/containers/containers.conf'
	is "$(jq -r '[.findings[] | select(.id == "around.user")] | length' /tmp/doctor.json)" 1
	# A virtual machine has no runtime to be called; it is told, and is no fault.
	planted '' sh -c "printf '%s.kata]\nruntime_type = \"io.containerd.kata.v2\"\n' '$TABLE' >>etc/containerd/config.toml"
}

@test "by way of another: NVIDIA's runtime, an import, a shim by its path" {
	nvidia() {
		program usr/bin/nvidia-container-runtime
		mkdir etc/nvidia-container-runtime
		printf '[nvidia-container-runtime]\nruntimes = ["%s"]\n' "$1" >etc/nvidia-container-runtime/config.toml
		echo '{ "default-runtime": "nvidia", "runtimes": { "nvidia": { "path": "/usr/bin/nvidia-container-runtime" } } }' >etc/docker/daemon.json
	}
	planted '' nvidia /usr/libexec/runvet/runc
	planted engine.not-default nvidia /usr/sbin/runc.distrib
	import() {
		mkdir etc/containerd/conf.d
		mv etc/containerd/config.toml etc/containerd/conf.d/10.toml
		printf 'version = 2\nimports = ["conf.d/*.toml"]\n' >etc/containerd/config.toml
		sed -i "s/default_runtime_name = .*/default_runtime_name = \"$1\"/" etc/containerd/conf.d/10.toml
	}
	planted '' import runvet
	planted engine.not-default import nobody
	planted '' sed -i 's/runtime_type = "io.containerd.runc.v2"/runtime_type = "\/usr\/bin\/runvet"/' etc/containerd/config.toml
	planted 'around.handler engine.no-runtime' sed -i 's/runtime_type = "io.containerd.runc.v2"/runtime_type = "\/usr\/sbin\/runc.distrib"/' etc/containerd/config.toml
}

@test "runvet's own: names, owners, policy, runtimes, delegates" {
	planted runvet.name rm usr/libexec/runvet/youki
	planted runvet.name ln -sf /usr/sbin/runc.distrib usr/libexec/runvet/runsc
	planted runvet.owner chmod 775 usr/bin/runvet
	planted runvet.owner chown 1000 usr/libexec/runvet
	planted runvet.setuid chmod 4755 usr/bin/runvet
	planted policy.none rm etc/runvet/policy.json
	planted policy.broken put etc/runvet/policy.json '{ "version": 1, "mode": "enforc" }'
	planted policy.owner chown 1000 etc/runvet/policy.json
	planted policy.owner chmod 666 etc/runvet/policy.json
	planted '' put etc/runvet/policy.json '{ "version": 1, "mode": "audit" }'
	planted policy.audit-old put etc/runvet/policy.json '{ "version": 1, "mode": "audit", "issued": "2026-01-01T00:00:00Z" }'
	planted policy.exempt-ended put etc/runvet/policy.json '{ "version": 1, "profile": "baseline@v1.37", "exempt": [ { "id": "EX-1", "rules": ["mount.host"], "values": { "source": "/srv" }, "reason": "r", "owner": "o", "notAfter": "2026-01-01T00:00:00Z" } ] }'
	planted audit.chain-off put etc/runvet/policy.json '{ "version": 1, "profile": "baseline@v1.37", "audit": { "chain": false } }'
	planted runtimes.broken sh -c 'mkdir etc/runvet/runtimes.d; echo "{" >etc/runvet/runtimes.d/other.json'
	planted delegate.owner chown 1000 usr/sbin/runc.distrib
	planted delegate.owner chmod 777 usr/bin/crun.distrib
	planted delegate.ring rm usr/sbin/runc.distrib
	planted 'around.build delegate.none engine.runtime-missing' rm usr/sbin/runc.distrib usr/sbin/runc
	planted runvet.install-stopped sh -c 'mkdir -p var/lib/runvet/install/docker; echo "{ \"phase\": \"installing\" }" >var/lib/runvet/install/docker/state.json'
}

@test "the trail, and what is under /run" {
	planted audit.chain-owner chmod 755 var/log/runvet
	planted audit.chain-owner chown 1000 var/log/runvet
	planted audit.chain-owner sh -c 'rmdir var/log/runvet; ln -s /tmp var/log/runvet'
	planted audit.chain-owner sh -c 'echo x >var/log/runvet/chain; chmod 644 var/log/runvet/chain'
	planted audit.chain-spilled sh -c 'umask 077; echo x >run/runvet/chain'
	planted audit.gap sh -c 'umask 077; echo x >run/runvet/audit-gap'
	planted audit.catalog rm usr/lib/systemd/catalog/runvet.catalog
	planted runvet.run-owner chmod 777 run/runvet
	planted runvet.bypass sh -c 'date -u -d +10min +%Y-%m-%dT%H:%M:%SZ >run/runvet/bypass-until'
	is "$rc" 1
	planted runvet.bypass sh -c 'echo 2026-01-01T00:00:00Z >run/runvet/bypass-until'
	is "$rc" 0 "one that is over is a warning"
}

@test "one engine, none, and slips of the pen" {
	rm -rf $T
	cp -a $GOOD $T
	said docker
	is "$(jq -r '[.engines[].name] | join(" ")' /tmp/doctor.json)" docker
	rm $T/usr/bin/podman
	run -0 $CTL doctor --root $T podman
	says "$output" '*Podman*is not here*'
	run -2 $CTL doctor --root $T dokcer
	says "$output" '*did you mean docker?*'
	run -2 $CTL doctor --root /nowhere
	run -2 $CTL doctor --formt json
	says "$output" '*did you mean --format?*'
	mkdir -p /tmp/empty
	run -1 $CTL doctor --root /tmp/empty
	says "$output" '*engine.none*'
}
