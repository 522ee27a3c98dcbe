#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# runvetctl generate: what it makes passes the profile it is made for, and starts, on the delegate alone and through runvet.

load ../lib/e2e

setup() {
	BUNDLE=/tmp/generated$BATS_TEST_NUMBER
	mkdir "$BUNDLE"
	rootfs_make "$BUNDLE/rootfs"
	chmod 1777 "$BUNDLE/rootfs/tmp"
}

foreground() {
	"$RT" run --bundle "$BUNDLE" c1
}

@test "what is made starts, and holds what it promises" {
	# shellcheck disable=SC2016 # words for the container
	runvetctl generate --host live --delegate "$DELEGATE" --bundle "$BUNDLE" --args /bin/sh -c \
		'id -u; busybox grep -E "^(CapBnd|NoNewPrivs|Seccomp):" /proc/self/status; echo x >/new; echo y >/tmp/new && cat /tmp/new; busybox unshare -n true || echo alone; (sleep 0 & wait) && echo forked; exit 7'
	same foreground
	is "$status" 7
	says "$out" '65532*CapBnd:?0000000000000000*NoNewPrivs:?1*Seccomp:?2*y*alone*forked'
	says "$err" '*/new*'
	recorded c1 run allow
	# What is there already is somebody's work.
	run ! runvetctl generate --bundle "$BUNDLE"
	[[ $output == *'is there already, and is kept' ]]
}

@test "what is made for who is not root starts without privileges" {
	useradd --create-home --uid 4243 maker 2>/dev/null || :
	install -d -o maker -m 700 /run/user/4243
	chown -R maker "$BUNDLE"
	as_maker() {
		(cd "$BUNDLE" && exec setpriv --reuid 4243 --regid 4243 --clear-groups --inh-caps=-all \
			env -i HOME=/home/maker PATH="$PATH" XDG_RUNTIME_DIR=/run/user/4243 "$@")
	}
	as_maker runvetctl generate --rootless --host live --delegate "$DELEGATE" --bundle . --args /bin/sh -c 'id -u; echo hi'
	run as_maker "$ALONE" --root /run/user/4243/state run c2
	is "$status $output" $'0 0\nhi'
}

@test "what is made for every built-in profile passes it" {
	local profile count=0
	# shellcheck disable=SC2013 # words
	for profile in deterministic@1 simulation@1 robotics@1 privileged@1 sandbox@1 escape@2026-09 cis-docker@1.6 cis-k8s@1.9 baseline restricted \
		$(seq -f 'baseline@v1.%g' 0 37) $(seq -f 'restricted@v1.%g' 0 37); do
		runvetctl generate --profile "$profile" --args setarch -R /bin/sh >"$BATS_TEST_TMPDIR/c.json"
		run -0 runvetctl check --format lines --fail-on warning --context none --profile "$profile" "$BATS_TEST_TMPDIR/c.json"
		count=$((count + 1))
	done
	is "$count" 86
}
