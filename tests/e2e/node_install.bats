#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# takes: 15 s
# runvetctl install and uninstall: what is written, that it is taken away byte for byte, also by a second run after the first was
# killed at each of its steps. The engines themselves are in node_engines.bats.

load ../lib/e2e

CTL=/usr/bin/runvetctl
R=/tmp/node

# A tree with runvet and two runtimes, and no configuration.
setup() {
	umask 022
	rm -rf $R
	install -D -m 755 /usr/bin/runvet $R/usr/bin/runvet
	mkdir -p $R/usr/libexec/runvet $R/usr/sbin $R/etc/docker $R/etc/containerd $R/var/lib
	ln -s /usr/bin/runvet $R/usr/libexec/runvet/runc
	ln -s /usr/bin/runvet $R/usr/libexec/runvet/crun
	install -m 755 /bin/true $R/usr/sbin/runc
	install -m 755 /bin/false $R/usr/bin/crun
}

# as_is: all of the tree but our own book-keeping: names, modes, owners, targets, bytes.
as_is() {
	(cd $R && find . -path ./var/lib/runvet -prune -o -printf '%p %y %m %U %G %l\n' | sort
		find . -path ./var/lib/runvet -prune -o -type f -print0 | sort -z | xargs -0 sha256sum)
}

foreign_docker() {
	printf '{\r\n\t"log-driver" : "journald",  \n\t"runtimes": {\n\t\t"nv": { "path": "/usr/bin/nv" }\n\t}\n}' >$R/etc/docker/daemon.json
	chown 3:4 $R/etc/docker/daemon.json
	chmod 640 $R/etc/docker/daemon.json
}

foreign_containerd() {
	printf 'version = 2\n# ours\n[plugins."io.containerd.grpc.v1.cri".containerd]\n  default_runtime_name = "runc" # here\n  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]\n    runtime_type = "io.containerd.runc.v2"\n    pod_annotations = ["a.b"]\n    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n      SystemdCgroup = true' >$R/etc/containerd/config.toml
}

@test "there and back: each engine, with and without a file before, byte for byte" {
	local engine before
	for engine in docker containerd cri-o podman; do
		for foreign in no yes; do
			[[ $foreign == no ]] || case $engine in docker | containerd) foreign_$engine ;; *) continue ;; esac
			before=$(as_is)
			run -0 $CTL install $engine --root $R --default --dry-run
			says "$output" '*+*runvet*'
			is "$(as_is)" "$before" "a dry run writes"
			[[ ! -e $R/var/lib/runvet ]] || [[ -z $(ls $R/var/lib/runvet/install) ]]
			if [[ $foreign == yes ]]; then
				run -1 $CTL install $engine --root $R --default
				says "$output" '*+*runvet*was there before, and was not changed*--edit*'
				is "$(as_is)" "$before" "a foreign file was changed"
			fi
			run -0 $CTL install $engine --root $R --default --edit
			says "$output" '*To take effect: *'
			run -0 $CTL install $engine --root $R --default
			says "$output" '*has it already*'
			run -0 $CTL uninstall $engine --root $R --dry-run
			run -0 $CTL uninstall $engine --root $R
			is "$(as_is)" "$before" "$engine (a file before: $foreign): not as it was"
			run -1 $CTL uninstall $engine --root $R
			says "$output" '*nothing to undo*'
		done
	done
}

@test "what is written: whole lines, beside what is there" {
	foreign_docker
	$CTL install docker --root $R --default --edit --name vet
	jq -e '."default-runtime" == "vet" and .runtimes.vet.path == "/usr/libexec/runvet/runc" and .runtimes.nv.path == "/usr/bin/nv" and ."log-driver" == "journald"' $R/etc/docker/daemon.json
	foreign_containerd
	$CTL install containerd --root $R --default --edit
	python3 - $R/etc/containerd/config.toml <<-'END'
		import sys, tomllib
		c = tomllib.load(open(sys.argv[1], "rb"))["plugins"]["io.containerd.grpc.v1.cri"]["containerd"]
		assert c["default_runtime_name"] == "runvet", c
		own = c["runtimes"]["runvet"]
		assert own["options"] == {"BinaryName": "/usr/libexec/runvet/runc", "SystemdCgroup": True} and own["pod_annotations"] == ["a.b"], own
		assert c["runtimes"]["runc"]["options"] == {"SystemdCgroup": True}
	END
	grep -q '# ours' $R/etc/containerd/config.toml
	# A drop-in where imports offer one, and no file has the plugin's section.
	$CTL uninstall containerd --root $R
	mkdir $R/etc/containerd/conf.d
	printf 'version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n' >$R/etc/containerd/config.toml
	$CTL install containerd --root $R --default
	grep -q BinaryName $R/etc/containerd/conf.d/50-runvet.toml
	grep -q 'runtimes.runc]' $R/etc/containerd/conf.d/50-runvet.toml
	run $CTL doctor --root $R --format json containerd
	is "$(jq -r '.engines[0].covered' <<<"$output")" true
	# The same name twice, what cannot be edited, and what is not there.
	echo '{ "runtimes": { "runvet": { "path": "/x" } } }' >$R/etc/docker/daemon.json
	rm -r $R/var/lib/runvet
	run -2 $CTL install docker --root $R --edit
	says "$output" '*there is a runtime runvet already*'
	echo '{ "runtimes": ' >$R/etc/docker/daemon.json
	run -2 $CTL install docker --root $R --edit
	says "$output" '*daemon.json: line 2, column 1: *'
	ln -sf /etc/passwd $R/etc/docker/daemon.json
	run -2 $CTL install docker --root $R --edit
	says "$output" '*no regular file*'
	rm $R/usr/libexec/runvet/runc
	run -2 $CTL install docker --root $R
	says "$output" '*is not runvet*'
	run -2 $CTL install dcoker
	says "$output" '*did you mean docker?*'
	run -2 $CTL install docker --name runc --root $R
}

@test "edited since: shown and left alone; by force kept beside" {
	foreign_docker
	local before
	before=$(sha256sum <$R/etc/docker/daemon.json)
	$CTL install docker --root $R --default --edit
	sed -i 's/journald/local/' $R/etc/docker/daemon.json
	run -1 $CTL uninstall docker --root $R
	says "$output" '*-*journald*+*local*was edited since*nothing was changed*'
	grep -q local $R/etc/docker/daemon.json
	run -0 $CTL uninstall docker --root $R --force
	grep -q local $R/etc/docker/daemon.json.runvet-edited
	is "$(sha256sum <$R/etc/docker/daemon.json)" "$before"
}

@test "while containers name it, it leads to the real one" {
	foreign_docker
	local before
	before=$(as_is)
	$CTL install docker --root $R --default --edit
	mkdir -p $R/var/lib/docker/containers/one
	echo '{ "Runtime": "runvet" }' >$R/var/lib/docker/containers/one/hostconfig.json
	run -1 $CTL uninstall docker --root $R
	says "$output" '*1 container still named it*hostconfig.json*leads to /usr/sbin/runc*'
	jq -e '.runtimes.runvet.path == "/usr/sbin/runc" and ."default-runtime" == "runc"' $R/etc/docker/daemon.json
	run -1 $CTL uninstall docker --root $R
	run -0 $CTL install docker --root $R --default
	jq -e '.runtimes.runvet.path == "/usr/libexec/runvet/runc" and ."default-runtime" == "runvet"' $R/etc/docker/daemon.json
	run -1 $CTL uninstall docker --root $R
	rm -r $R/var/lib/docker
	run -0 $CTL uninstall docker --root $R
	is "$(as_is)" "$before"
}

@test "standing in for a runtime, with dpkg and without" {
	local first with
	for with in no yes; do
		if [[ $with == yes ]]; then
			mkdir -p $R/var/lib/dpkg
			: >$R/var/lib/dpkg/status
			: >$R/var/lib/dpkg/diversions
		fi
		first=$(as_is | grep -v dpkg)
		run -0 $CTL install docker --divert --root $R --dry-run
		is "$(as_is | grep -v dpkg)" "$first" "a dry run writes"
		run -0 $CTL install docker --divert --root $R
		is "$(readlink $R/usr/sbin/runc)" /usr/libexec/runvet/runc
		cmp $R/usr/sbin/runc.distrib /bin/true
		[[ $with == no ]] || grep -q runc.distrib $R/var/lib/dpkg/diversions
		run -0 $CTL install containerd --divert --root $R
		says "$output" '*already*'
		run -0 $CTL uninstall docker --divert --root $R
		is "$(as_is | grep -v dpkg)" "$first"
		[[ $with == no || ! -s $R/var/lib/dpkg/diversions ]]
	done
	# Somebody put another there.
	$CTL install docker --divert --root $R
	rm $R/usr/sbin/runc
	install -m 755 /bin/false $R/usr/sbin/runc
	run -1 $CTL uninstall docker --divert --root $R
	says "$output" '*no longer the link*'
	run -0 $CTL uninstall docker --divert --root $R --force
	cmp $R/usr/sbin/runc /bin/false
	[[ ! -e $R/usr/sbin/runc.distrib ]]
}

# killed CALL N WORDS…: runvetctl, killed at the entry of its Nth system call of that name.
killed() {
	local call=$1 n=$2
	shift 2
	ASAN_OPTIONS=detect_leaks=0 strace -o /dev/null -e trace="$call" -e inject="$call":signal=KILL:when="$n" \
		$CTL "$@" --root $R >/dev/null 2>&1
}

# Whatever changes anything, and what dpkg-divert is run by.
CALLS=(mkdirat write fchmod fchown fsync rename linkat symlinkat unlinkat wait4)

# sound KIND: the engine has one whole configuration, or the runtime is there.
sound() {
	case $1 in
	docker) jq -e '."log-driver" == "journald" and .runtimes.nv' $R/etc/docker/daemon.json >/dev/null ;;
	containerd) python3 -c 'import sys, tomllib; tomllib.load(open(sys.argv[1], "rb"))["plugins"]' $R/etc/containerd/config.toml ;;
	divert) { [[ -f $R/usr/sbin/runc && ! -L $R/usr/sbin/runc ]] && cmp -s $R/usr/sbin/runc /bin/true; } || cmp -s $R/usr/sbin/runc.distrib /bin/true ;;
	esac
}

# undone WHEN WORDS…: a second run undoes what is there; then all is as it was in $untouched.
undone() {
	local when=$1
	shift
	$CTL uninstall "$@" --root $R >/dev/null 2>&1 || [[ ! -e $(echo $R/var/lib/runvet/install/*/state.json) ]] ||
		{ echo "$when: not undone"; return 1; }
	# A file that was never put in its place may lie beside it; the next run takes its name.
	find $R -name '.*.runvet-new' -not -path '*/var/lib/*' -delete
	is "$(as_is | grep -v 'diversions\|\./var/lib/dpkg ')" "$untouched" "$when"
}

# steps KIND WORDS…: install and uninstall killed at each of their steps; a second run finishes or undoes.
steps() {
	local kind=$1 untouched n call kills=0 back=() word
	shift
	# Of install's words uninstall takes the engine, and how it was done.
	for word; do
		[[ $word != --* || $word == --divert ]] && back+=("$word")
	done
	untouched=$(as_is | grep -v 'diversions\|\./var/lib/dpkg ')
	for call in "${CALLS[@]}"; do
		for ((n = 1; n < 50; n++)); do
			rm -rf $R/var/lib/runvet
			if killed "$call" "$n" install "$@"; then
				break
			fi
			kills=$((kills + 1))
			sound "$kind" || { echo "install killed at $call $n: not sound"; return 1; }
			if ((n % 2)); then
				$CTL install "$@" --root $R >/dev/null || { echo "install killed at $call $n: not finished"; return 1; }
			fi
			undone "install killed at $call $n" "${back[@]}" || return 1
		done
		for ((n = 1; n < 50; n++)); do
			$CTL install "$@" --root $R >/dev/null
			if killed "$call" "$n" uninstall "${back[@]}"; then
				break
			fi
			kills=$((kills + 1))
			sound "$kind" || { echo "uninstall killed at $call $n: not sound"; return 1; }
			undone "uninstall killed at $call $n" "${back[@]}" || return 1
		done
		undone "in the end" "${back[@]}" || return 1
	done
	# Each of the calls has at least one step.
	((kills >= ${#CALLS[@]})) || { echo "killed only $kills times"; return 1; }
	echo "# killed $kills times" >&3
}

@test "killed at each step: Docker" {
	[[ ! ${E2E_SANITIZED:-} ]] || CALLS=(fsync rename unlinkat)
	foreign_docker
	steps docker docker --default --edit
}

@test "killed at each step: containerd" {
	# The same steps as Docker's; all of them with tests/run --long.
	[[ ${COUNT:-} ]] || CALLS=(rename unlinkat)
	foreign_containerd
	steps containerd containerd --default --edit
}

@test "killed at each step: standing in for runc" {
	[[ ! ${E2E_SANITIZED:-} ]] || CALLS=(rename linkat symlinkat wait4)
	mkdir -p $R/var/lib/dpkg
	: >$R/var/lib/dpkg/status
	: >$R/var/lib/dpkg/diversions
	steps divert docker --divert
}
