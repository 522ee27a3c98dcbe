#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# bare: yes
# takes: 30 s
# sanitized: no, because it builds packages of its own
# The Debian packages: what is in them, installing and removing them with containers running, twice, and purging.

load ../lib/e2e
load ../lib/package

setup_file() {
	packages_made
	touch /run/e2e/began
	rootfs_make "$E2E"/rootfs
}

# A container that lives until it is killed. $1: its id; $2: the runtime's path.
start_one() {
	mkdir -p "$E2E/$1"
	(cd "$E2E/$1" && runc spec)
	jq --arg root "$E2E"/rootfs '.root.path = $root | .process.terminal = false | .process.args = ["/bin/sleep", "600"]' \
		"$E2E/$1/config.json" >"$E2E/$1/new"
	mv "$E2E/$1/new" "$E2E/$1/config.json"
	"$2" run --detach --bundle "$E2E/$1" "$1" </dev/null >"$E2E"/"$1".log 2>&1 || {
		cat "$E2E"/"$1".log
		return 1
	}
}

state_of() { runc state "$1" | jq -r .status; }
stopped() { [ "$(state_of "$1")" = stopped ]; }

# The package's own programs do what the tree's do.
@test "package: installs, judges, records" {
	packages_install
	[ -x /usr/bin/runvet ] && [ -x /usr/bin/runvetctl ]
	is "$(readlink -f "$VETTED")" /usr/bin/runvet
	for page in man1/runvetctl.1 man5/runvet-policy.5 man5/runvet-runtimes.d.5 man7/runvet-audit.7 man7/runvet-profiles.7 \
		man7/runvet-rules.7 man8/runvet.8; do
		dpkg --listfiles runvet runvetctl | grep -qx "/usr/share/man/$page.gz" || { echo "no $page"; false; }
	done
	start_one p1 "$VETTED"
	is "$(state_of p1)" running
	recorded "$(records 'select(.action == "run") | .container.id' -r | tail -n 1)" run allow
	grep -q '^Subject' <(journalctl --list-catalog e01b88134c3e4ecead5b978909f50121 && journalctl --dump-catalog e01b88134c3e4ecead5b978909f50121)
	is "$(runvetctl version)" "$(dpkg-query --show --showformat='runvetctl ${Version}' runvet | sed 's/-[0-9]*$//')"
}

@test "package: its own test, as autopkgtest runs it" {
	"$RUNVET_TREE/packaging/debian/tests/smoke"
}

@test "package: lintian has nothing to say" {
	is "$(lintian --no-cfg --fail-on none --allow-root "$DEBS"/*.changes 2>&1 | grep -E '^[EW]:')" ''
}

@test "package: nothing of an engine is touched" {
	[ -z "$(find /etc/docker /etc/containerd /etc/containers /etc/crio -newer /run/e2e/began 2>/dev/null)" ]
}

@test "package: removed with a container running, which can still be killed and deleted" {
	dpkg --remove runvet runvetctl
	[ ! -e /usr/bin/runvet ]
	is "$(readlink -f "$VETTED")" "$(readlink -f "$ALONE")"
	$VETTED kill p1 KILL
	wait_for 10 stopped p1
	$VETTED delete p1
}

@test "package: installed again, over what the removal left, and removed again" {
	start_one p2 "$VETTED"
	packages_install
	is "$(readlink -f "$VETTED")" /usr/bin/runvet
	$VETTED kill p2 KILL
	start_one p3 "$VETTED"
	dpkg --remove runvet
	is "$(state_of p3)" running
	$VETTED delete --force p3
	wait_for 10 stopped p2
	$VETTED delete p2
}

@test "package: purged while it stands in for runc itself, which has its place again" {
	local runc sum
	runc=$(readlink -f "$ALONE")
	sum=$(sha256sum <"$runc")
	packages_install
	runvetctl install containerd --divert
	is "$(readlink -f "$ALONE")" /usr/bin/runvet
	dpkg --remove runvet
	"$ALONE" --version
	dpkg --purge runvet
	[ ! -L "$ALONE" ] && [ ! -e "$ALONE.distrib" ]
	is "$(sha256sum <"$runc")" "$sum"
}

@test "package: purged, nothing of it is left" {
	dpkg --purge runvet runvetctl
	[ -z "$(find /usr/libexec/runvet /usr/share/runvet /var/log/runvet /var/lib/runvet 2>/dev/null)" ]
	[ ! -e /usr/bin/runvet ] && [ ! -e /usr/bin/runvetctl ]
}
