#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# takes: 10 s
# What was approved at create and what is there at start: config.json swapped in between is recorded, refused where the policy says
# so, and nothing but a breach that was found ever stops a start.

# shellcheck disable=SC2016,SC2153  # what is evaluated later; ALONE is e2e.bash's

load ../lib/e2e
load ../lib/journald

EXISTS='; the container exists, its create-time hooks may have run, and it was not started'

setup() {
	rm -rf /var/log/runvet /etc/runvet
	bundle
}

# What runc spec writes and no container gets is left out: ambient capabilities that are not inheritable.
bundle() {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"] | del(.process.capabilities.ambient) | .mounts |= map(select(.type != "cgroup"))'
}

teardown() {
	rm -rf /etc/runvet
	mount -o remount,hidepid=0 /proc 2>/dev/null || :
	pkill -CONT -f 'runc init|crun' 2>/dev/null || :
	"$ALONE" delete --force c1 2>/dev/null || :
	rm -f /run/runvet/bypass-until
}

policy() { mkdir -p /etc/runvet && printf '%s\n' "$1" >/etc/runvet/policy.json; }

# create: says why not.
create() {
	"$VETTED" create --bundle /tmp/b --pid-file /tmp/c1.pid c1 </dev/null >/tmp/create.out 2>&1 || { cat /tmp/create.out; return 1; }
}

# start: leaves $status and $err.
start() {
	status=0
	err=$("$VETTED" start c1 2>&1) || status=$?
}

change() { jq "$1" /tmp/b/config.json >/tmp/b/new && cat /tmp/b/new >/tmp/b/config.json && rm /tmp/b/new; }

# wrapper [QUIRK]: the delegate is a script that does what stands on standard input, and then is the runtime itself.
wrapper() {
	mkdir -p /etc/runvet/runtimes.d
	{ echo '#!/bin/sh' && cat && echo "exec $(readlink -f "$ALONE") \"\$@\""; } >/tmp/wrapper
	chmod 755 /tmp/wrapper
	jq --arg quirk "${1:-}" '.paths = ["/tmp/wrapper"] | .quirks += ([$quirk] - [""])' \
		"/usr/share/runvet/runtimes.d/$DELEGATE.json" >"/etc/runvet/runtimes.d/$DELEGATE.json"
}

# drift: of the last such record: decision, severity, and what was found where.
drift() {
	records 'select(.event.code == "container.drift")' | tail -n 1 |
		jq -r '[.decision, .severity, (.violations[]? | .rule + " " + .severity + " " + .path)] | join(" ")'
}

ENFORCED='{ "version": 1, "profile": "p", "profiles": { "p": { "extends": ["start@1"] } } }'

@test "nothing changed: a start leaves the step alone, and both words in the note" {
	create
	start
	is "$status $err" "0 "
	is "$(events | paste -sd' ')" "create.allowed container.start"
	local note
	note=$(grep -l '"id":"c1"' /run/runvet/ctr/*)
	is "$(jq -c .start "$note")" '{"drift":"audit","boundary":"audit","profile":"baseline@v1.37"}'
	is "$(jq -r .pidFile "$note")" /tmp/c1.pid
}

@test "by default a swapped config.json is recorded, with what differs, and started" {
	create
	cp /tmp/b/config.json /tmp/b/other
	jq '.process.args = ["/bin/id"] | .linux.maskedPaths = []' /tmp/b/other >/tmp/b/config.json.new
	mv /tmp/b/config.json.new /tmp/b/config.json
	start
	is "$status $err" "0 "
	is "$(drift)" "would-deny error drift.config error "
	local line id
	line=$(records 'select(.event.code == "container.drift")')
	id=$(jq -r .id <<<"$line")
	says "$(jq -r '.violations[0].text' <<<"$line")" '*: /process/args and /linux/maskedPaths are not as they were; *'
	is "$(jq -r .message <<<"$line")" 'would have denied start of container c1, which is not what was approved: drift.config'
	is "$(jq -r .create_id <<<"$line")" "$(record_of c1 create | jq -r .id)"
	is "$(jq -r .config.digest <<<"$line")" "sha256:$(sha256sum /tmp/b/config.json | cut -d' ' -f1)"
	is "$(journal "$id" MESSAGE_ID) $(journal "$id" PRIORITY)" "66feeff1088342388fcdf8be1ba62c40 3"
	is "$(journal "$id" RUNVET_RULE) $(journal "$id" RUNVET_EVENT)" "drift.config container.drift"
	is "$(events | paste -sd' ')" "create.allowed container.drift container.start"
	chain_holds
}

@test "edited in place, only touched, replaced by a copy, deleted, another directory" {
	policy '{ "version": 1, "profile": "privileged@1" }'
	create
	change '.hostname = "other"'
	start
	is "$(drift)" "would-deny error drift.config error /hostname"
	"$ALONE" delete --force c1
	rm /var/log/runvet/chain*
	create
	touch /tmp/b/config.json
	start
	is "$status:$(drift)" "0:" "what was only touched"
	"$ALONE" delete --force c1
	create
	cp /tmp/b/config.json /tmp/b/new && mv /tmp/b/new /tmp/b/config.json
	start
	is "$status:$(drift)" "0:" "a copy, of which the default says nothing"
	"$ALONE" delete --force c1
	create
	rm /tmp/b/config.json
	start
	is "$(drift)" "would-deny error drift.missing error "
	"$ALONE" delete --force c1
	bundle
	create
	mv /tmp/b /tmp/was
	bundle
	change '.process.cwd = "/tmp"'
	start
	is "$(drift)" "would-deny error drift.config error /process/cwd drift.bundle warning "
	rm -rf /tmp/was
}

@test "enforced: refused, told why, and the container can be deleted" {
	policy "$ENFORCED"
	create
	change '.process.args = ["/bin/id"]'
	start
	is "$status" 1
	refused "$err" "runvet: permission denied: config.json: config.json must say at start, and when exec reads it, what create approved: /process/args is not as it was; delete the container and create it again$EXISTS [drift.config]; record RECORD"
	recorded c1 start deny "$refusal"
	is "$(events | grep -v policy | paste -sd' ')" "create.allowed container.drift" "no step of a start that was refused"
	is "$(journal "$refusal" PRIORITY)" 3
	# Who reads: the refusal is listed among decisions, shown for the container, and explained.
	says "$(runvetctl audit list)" '*deny*start*c1*'
	says "$(runvetctl audit show c1)" '*drift.config*'
	says "$(runvetctl audit show "$refusal")" '*is not what was approved: deny*'
	"$VETTED" delete --force c1
	[[ $("$ALONE" list -q) != *c1* ]]
	is "$(record_of c1 delete | jq -r .event.code)" container.delete
	# The log's channel has it as well.
	create
	rm /tmp/b/config.json
	local rc=0
	"$VETTED" --log /tmp/log --log-format json start c1 2>/dev/null || rc=$?
	is "$rc $(jq -r .level /tmp/log)" "1 error"
	says "$(jq -r .msg /tmp/log)" 'runvet: permission denied: config.json: config.json must still be there at start*'
	rm -f /tmp/log
}

@test "what holds is what held at create; audit of everything refuses nothing; nor does the break-glass file" {
	policy "$ENFORCED"
	create
	change '.process.args = ["/bin/id"]'
	policy '{ "version": 1, "start": { "drift": "off", "boundary": "off" } }'
	start
	is "$status" 1 "by a policy of later"
	date -u -d '+10 minutes' +%Y-%m-%dT%H:%M:%SZ >/run/runvet/bypass-until
	start
	is "$status" 0
	is "$(drift)" "bypass error drift.config error /process/args"
	is "$(records 'select(.event.code == "container.drift") | .reason' -r | tail -n 1)" break-glass
	rm /run/runvet/bypass-until
	"$ALONE" delete --force c1
	bundle
	policy "{ \"mode\": \"audit\", ${ENFORCED#\{}"
	create
	change '.process.args = ["/bin/id"]'
	start
	is "$status" 0
	is "$(drift)" "would-deny error drift.config error /process/args"
}

@test "both off: config.json is not even looked at" {
	policy "{ \"start\": { \"drift\": \"off\", \"boundary\": \"off\" }, ${ENFORCED#\{}"
	create
	rm -rf /tmp/b/config.json
	strace -f -qq -o /tmp/trace "$VETTED" start c1
	is "$(sed '/execve/,$!d' /tmp/trace | awk '/execve\(/ && ++n == 2 { exit } { print }' | grep -c '/tmp/b')" 0
	is "$(events | grep -v policy | paste -sd' ')" "create.allowed container.start"
}

@test "no note, a broken one, one of an older runvet: the start goes on" {
	policy "$ENFORCED"
	local note
	for spoil in 'rm "$note"' 'echo "{" >"$note"' 'chmod 666 "$note"' \
		'jq "del(.start, .sketch, .pidFile, .bundleAt)" "$note" >/tmp/n && cat /tmp/n >"$note"' \
		'jq ".start = [1]" "$note" >/tmp/n && cat /tmp/n >"$note"'; do
		create
		note=$(grep -l '"id":"c1"' /run/runvet/ctr/*)
		eval "$spoil"
		change '.hostname = "x" + (.hostname // "")'
		start
		is "$status:$err" "0:" "$spoil"
		"$ALONE" delete --force c1
		rm -f "$note"
	done
}

@test "no sink takes a record: it starts, or is refused without one" {
	policy "$ENFORCED"
	create
	mv /run/systemd/journal /run/systemd/journal.away
	rm -rf /var/log/runvet
	echo x >/var/log/runvet
	start
	is "$status:$err" "0:"
	"$ALONE" delete --force c1
	rm /var/log/runvet
	mv /run/systemd/journal.away /run/systemd/journal
	bundle
	create
	change '.hostname = "other"'
	mv /run/systemd/journal /run/systemd/journal.away
	rm -rf /var/log/runvet
	mv /run/runvet/spill /tmp/spill 2>/dev/null || :
	echo x >/var/log/runvet
	start
	mv /run/systemd/journal.away /run/systemd/journal
	rm /var/log/runvet
	is "$status" 1
	says "$err" '*[[]drift.config]; *record*'
}

@test "a delegate that rewrites: judged anew, passes, and is refused where the rules say so" {
	# As nvidia-container-runtime does: what create is to be made of is written anew, then the runtime itself is called.
	wrapper rewrites-config <<-'END'
		for word; do [ "$word" != create ] || creates=1; done
		if [ "$creates" ]; then
			jq "$(cat /tmp/edit)" /tmp/b/config.json >/tmp/b/config.json.new
			mv /tmp/b/config.json.new /tmp/b/config.json
		fi
	END
	policy '{ "version": 1, "profile": "p", "profiles": { "p": { "extends": ["start@1"], "rules": { "privileged": {}, "root.readonly": {} } } } }'
	# A hook has to read what it is handed: crun (1.8) fails where it ends before that.
	echo '.mounts += [{"destination": "/gpu", "type": "bind", "source": "/tmp", "options": ["bind", "ro"]}] | .hooks.prestart = [{"path": "/bin/cat"}]' >/tmp/edit
	create
	start
	is "$status:$err" "0:"
	is "$(drift)" "allow notice drift.rewritten info "
	"$VETTED" exec c1 /bin/true
	is "$(record_of c1 exec | jq -r .decision)" allow "what was judged anew is what exec reads"
	change '.process.env += ["A=b"]'
	fails_with 255 "$VETTED" exec c1 /bin/true
	"$ALONE" delete --force c1
	bundle
	echo '.root.readonly = false' >/tmp/edit
	create
	start
	is "$status" 1
	says "$err" "runvet: permission denied: config.json:*: root must set readonly; *$EXISTS [[]root.readonly]; record *"
	is "$(drift)" "deny error root.readonly error /root drift.rewritten info "
	"$VETTED" delete --force c1
	# A policy that cannot be read stops a create, and no start.
	bundle
	create
	echo '{' >/etc/runvet/policy.json
	start
	is "$status:$err" "0:"
	says "$(records 'select(.event.code == "container.drift") | .violations[0].text' -r | tail -n 1)" '*: it could not be judged anew: *'
}

fails_with() {
	local want=$1 rc=0
	shift
	"$@" >/dev/null 2>&1 || rc=$?
	is "$rc" "$want" "$*"
}

@test "exec without a document of its own: held against what was approved" {
	policy "$ENFORCED"
	create
	start
	"$VETTED" exec c1 /bin/true
	change '.process.capabilities.effective += ["CAP_SYS_ADMIN"] | .process.noNewPrivileges = false'
	run -255 "$VETTED" exec c1 /bin/true
	says "$output" 'runvet: permission denied: *config.json must say at start, and when exec reads it, what create approved: /process/capabilities and /process/noNewPrivileges are not as they were; *[[]drift.config]*'
	is "$(record_of c1 exec | jq -r '.decision + " " + .violations[0].rule')" "deny drift.config"
	jq '.process.capabilities.effective = [] | .process.args = ["/bin/true"] | .process' /tmp/b/config.json >/tmp/process.json
	"$VETTED" exec --process /tmp/process.json c1
}

# settled: ids of the exemptions that the container's note has.
settled() { jq -r '[.start.exempt[]?.id] | join(" ")' "$(grep -l '"id":"c1"' /run/runvet/ctr/*)"; }

@test "exempt: what it writes lets just that change pass, for containers that are created then, until it ends" {
	mkdir -p /etc/runvet/policy.d
	local site="{ \"mayRelax\": [\"50-*\"], ${ENFORCED#\{}" edit='.process.env += ["A=b"] | .hostname = "other"'
	policy "$site"
	create
	change "$edit"
	start
	is "$status" 1
	says "$err" '*: /process/env and /hostname are not as they were; *[[]drift.config]*'
	runvetctl exempt "$(record_of c1 start | jq -r .id)" --for 30d --owner o --reason r -o /tmp/50-env.json
	cp /tmp/50-env.json /etc/runvet/policy.d/
	local id
	id=$(sed '/^\/\//d' /tmp/50-env.json | jq -r '.exempt[0].id')
	is "$(sed '/^\/\//d' /tmp/50-env.json | jq -c '.exempt[0] | [.rules[], .values.place[], .match.verb, .match.bundle]')" \
		'["drift.config","/process/env","/hostname","create","/tmp/b"]'
	start
	is "$status" 1 "what holds is what held at create"
	"$ALONE" delete --force c1
	bundle
	create
	is "$(settled)" "$id"
	change "$edit"
	start
	is "$status:$err" "0:"
	is "$(drift)" "allow notice"
	is "$(records 'select(.event.code == "container.drift") | .policy.exempt[]' -r | tail -n 1)" "$id"
	"$VETTED" exec c1 /bin/true
	is "$(record_of c1 exec | jq -r '.decision + " " + .policy.exempt[0]')" "allow $id"
	"$ALONE" delete --force c1
	# One place more, and it is another change.
	bundle
	create
	change "$edit | .process.cwd = \"/tmp\""
	start
	is "$status" 1
	"$ALONE" delete --force c1
	# It ends while the container is there.
	bundle
	create
	change "$edit"
	local note
	note=$(grep -l '"id":"c1"' /run/runvet/ctr/*)
	jq '.start.exempt[0].notAfter = "2026-01-31T00:00:00Z"' "$note" >/tmp/n && cat /tmp/n >"$note"
	start
	is "$status" 1
	says "$err" "*exemption $id ended on 2026-01-31*"
	jq '.start.exempt = [1, {}, {"id": "x", "rules": "drift.config"}, {"id": "x", "rules": [1], "notAfter": "2099-01-01T00:00:00Z"},
		{"id": "x", "rules": ["drift.config"], "values": [], "notAfter": "2099-01-01T00:00:00Z"},
		{"id": "x", "rules": ["drift.config"], "values": {"place": [{}]}, "notAfter": "2099-01-01T00:00:00Z"}]' "$note" >/tmp/n && cat /tmp/n >"$note"
	start
	is "$status" 1 "what makes no sense exempts nothing"
}

@test "run has no start of its own" {
	policy "$ENFORCED"
	"$VETTED" run --detach --bundle /tmp/b c1 </dev/null >/dev/null 2>&1
	is "$(events | grep -v policy | paste -sd' ')" run.allowed
}

# init_pid: of the container that was created.
init_pid() { "$ALONE" state c1 | jq .pid; }

# quick CMD…: where nothing of it may wait for another; all that is known of a busy machine is that it comes to an end.
quick() { timeout 30 "$@"; }

@test "a stopped init, a hidden /proc, no pid file, another process in it: it starts, and nobody waits" {
	policy "$ENFORCED"
	create
	kill -STOP "$(init_pid)"
	# The runtime itself waits for a stopped init; runvet does not get in its way: it is the runtime by then.
	"$VETTED" start c1 &
	local job=$!
	wait_for 5 handed_on $job
	kill -CONT "$(init_pid)"
	wait "$job"
	is "$(events | grep -v policy | paste -sd' ')" "create.allowed container.start"
	"$ALONE" delete --force c1
	for spoil in 'rm /tmp/c1.pid' 'echo 1 >/tmp/c1.pid' 'echo x >/tmp/c1.pid' 'head -c 5000 /dev/zero >/tmp/c1.pid' \
		'rm /tmp/c1.pid && mkfifo /tmp/c1.pid'; do
		create
		eval "$spoil"
		quick "$VETTED" start c1
		rm -f /tmp/c1.pid
		"$ALONE" delete --force c1
	done
	# A wrapper shows /proc to the runtime again: runvet alone does not see the init.
	wrapper <<-'END'
		umount "/proc/$(cat /tmp/hidden)" 2>/dev/null
	END
	create
	init_pid >/tmp/hidden
	mkdir -p /tmp/empty
	quick unshare -m sh -c 'mount --bind /tmp/empty "/proc/$(cat /tmp/hidden)" && exec "$1" start c1' sh "$VETTED"
	is "$(records 'select(.decision == "deny")')" ""
}

@test "a vanished init: the runtime says so, not runvet" {
	policy "$ENFORCED"
	create
	local said alone pid
	pid=$(init_pid)
	kill -9 "$pid"
	wait_for 5 gone "$pid"
	said=$(quick "$VETTED" start c1 2>&1) && return 1
	alone=$("$ALONE" start c1 2>&1) && return 1
	is "$(sed 's/time="[^"]*"//; s/^[0-9T:.-]*Z//' <<<"$said")" "$(sed 's/time="[^"]*"//; s/^[0-9T:.-]*Z//' <<<"$alone")"
}
