#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# runvet is put under containers that run already, and taken away from under containers that it let through: their verbs work.

load ../lib/e2e
load ../lib/engines

staying() { bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'; }

stopped() { "$1" state "$2" | grep -q '"stopped"'; }

limit() {
	if [[ $DELEGATE == crun ]] && ! grep -qw pids /sys/fs/cgroup/cgroup.controllers; then
		echo '{"hugepageLimits":[{"pageSize":"2MB","limit":0}]}'
	else
		echo '{"pids":{"limit":77}}'
	fi
}

# lives RUNTIME ID: all that is done to a container that was created.
lives() {
	"$1" start "$2"
	is "$("$1" exec "$2" /bin/echo in)" in
	jq .process /tmp/b/config.json | jq '.args = ["/bin/echo", "by process.json"]' >/tmp/process.json
	is "$("$1" exec --process /tmp/process.json "$2")" "by process.json"
	limit | "$1" update --resources=- "$2"
	is "$("$1" state "$2" | jq -r .status)" running
	"$1" pause "$2"
	"$1" resume "$2"
	"$1" kill "$2" KILL
	wait_for 10 stopped "$1" "$2"
	"$1" delete "$2"
	run ! "$1" state "$2"
}

# created RUNTIME ID
created() { "$1" create --bundle /tmp/b "$2" </dev/null >/dev/null 2>&1 3>&-; }

@test "put under: created by the delegate alone, everything after that through runvet" {
	staying
	created "$ALONE" c1
	lives "$VETTED" c1
	recorded c1 exec allow
	recorded c1 update allow
}

@test "taken away: created through runvet, everything after that by the delegate alone" {
	staying
	created "$VETTED" c2
	recorded c2 create allow
	lives "$ALONE" c2
}

@test "taken away and put back in between" {
	staying
	created "$VETTED" c3
	"$ALONE" start c3
	is "$("$VETTED" exec c3 /bin/echo in)" in
	"$ALONE" kill c3 KILL
	wait_for 10 stopped "$VETTED" c3
	"$VETTED" delete c3
}

@test "the notes are gone: the container's verbs still find the delegate" {
	staying
	created "$VETTED" c4
	rm -rf /run/runvet
	lives "$VETTED" c4
}

@test "the default delegate changes between: the container stays with the one that made it" {
	staying
	other=/usr/bin/crun
	[[ $DELEGATE == runc ]] || other=/usr/sbin/runc
	created "$VETTED" c5
	mkdir -p /etc/runvet/runtimes.d
	echo "{ \"name\": \"$DELEGATE\", \"dialect\": \"$(basename $other)\", \"priority\": 99, \"paths\": [\"$other\"] }" \
		>/etc/runvet/runtimes.d/"$DELEGATE".json
	lives "$VETTED" c5
	rm /etc/runvet/runtimes.d/"$DELEGATE".json
}

running() { ctr task ls | grep -qE "^$1 .*RUNNING"; }

@test "a daemon that keeps runvet's path in its memory: a link to the delegate in its place serves" {
	image_import
	containerd_start
	if [[ $DELEGATE == crun ]]; then
		jq '.root.path = "/tmp/b/rootfs"' /tmp/b/config.json >/tmp/c6.json
		ctr run --detach --runc-binary "$VETTED" --config /tmp/c6.json c6
	else
		ctr run --detach --runc-binary "$VETTED" "$IMAGE" c6 /bin/sleep 300
	fi
	link=$(readlink "$VETTED")
	ln -sf "$ALONE" "$VETTED"
	is "$(ctr_exec c6 /bin/echo in)" in
	ctr task kill --signal SIGKILL c6
	ends 10 running c6
	ctr task delete c6 || :
	ctr container delete c6
	ln -sf "$link" "$VETTED"
	daemon_stop containerd
}
