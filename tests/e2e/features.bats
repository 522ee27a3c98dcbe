#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc crun
# takes: 15 s
# shellcheck disable=SC2154  # $record is recorded's
# What the delegate says that it can: asked once for each binary, kept where only root writes, in records, and a reason to refuse.
# The delegate is a script that counts the questions and then becomes the real one; its answer can be another.

load ../lib/e2e

COUNTED=/opt/counted/$DELEGATE
KEPT=/run/runvet/host

setup() {
	mkdir -p /etc/runvet/runtimes.d /opt/counted
	counted ''
	jq --arg p "$COUNTED" '.paths = [$p]' "/usr/share/runvet/runtimes.d/$DELEGATE.json" >"/etc/runvet/runtimes.d/$DELEGATE.json"
	chmod 644 "/etc/runvet/runtimes.d/$DELEGATE.json"
	bundle_make /tmp/b '.process.args = ["/bin/true"]'
	rm -rf $KEPT /tmp/rr
	# What is asked has half a second for an answer: it is in memory by then.
	"$ALONE" --version >/dev/null && { "$ALONE" features >/dev/null 2>&1 || :; }
}

teardown() {
	rm -rf /etc/runvet /opt/counted
}

# counted TEXT: the delegate, whose answer to `features` is what TEXT says in sh.
counted() {
	cat >"$COUNTED" <<-END
		#!/bin/sh
		case "\$*" in
		features) echo "\$*" >>/opt/counted/asked; $1 ;;
		--version) echo "\$*" >>/opt/counted/asked ;;
		esac
		exec $ALONE "\$@"
	END
	chmod 755 "$COUNTED"
	rm -f /opt/counted/asked
}

asked() {
	touch /opt/counted/asked
	wc -l </opt/counted/asked
}

creates() { "$VETTED" --root /tmp/rr create --bundle /tmp/b "$1" </dev/null >/dev/null 2>&1 3>&-; }

creates_one() { creates "p$1"; }

kept() { # FILTER
	runvetctl features "$DELEGATE" --format json | jq -r ".delegates[0].delegate | $1"
}

of_record() { # ID FILTER
	record_of "$1" "${3:-create}" | jq -r "$2"
}

milliseconds() { # CMD…: its status; leaves $ms
	local began=${EPOCHREALTIME/[.,]/} rc=0
	"$@" || rc=$?
	ms=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
	return $rc
}

fails_to() { ! "$@"; }

version_alone() { "$ALONE" --version | sed -n '1s/.* version //p'; }

@test "asked at the first create, and never again" {
	creates f1
	is "$(asked)" 2 "questions"
	creates f2
	"$VETTED" --root /tmp/rr delete --force f1
	"$VETTED" --root /tmp/rr delete --force f2
	is "$(asked)" 2 "questions of both"
	is "$(stat -c '%a %u' $KEPT $KEPT/delegate.*.flat | paste -sd,)" "700 0,600 0" "who may write there"
	is "$(kept .version)" "$(version_alone)"
	if "$ALONE" features >/tmp/features; then
		is "$(kept .features | jq -S .)" "$(jq -S . /tmp/features)" "what is kept"
	else
		is "$(kept '.features, .asked.settled, .asked.lacks' | paste -sd,)" "null,true,it has no command that tells its features"
	fi
}

@test "records hold digest and version of the delegate, and the kernel" {
	local digest
	digest=sha256:$(sha256sum "$COUNTED" | cut -d' ' -f1)
	creates f3
	recorded f3 create allow
	is "$(jq -r '[.runtime.path, .runtime.digest, .runtime.version, .host.kernel] | @tsv' <<<"$record")" \
		"$(printf '%s\t%s\t%s\t%s' "$COUNTED" "$digest" "$(version_alone)" "$(uname -r)")"
	is "$(journal "$(jq -r .id <<<"$record")" RUNVET_RUNTIME_DIGEST)" "$digest"
	is "$(journal "$(jq -r .id <<<"$record")" RUNVET_RUNTIME_VERSION)" "$(version_alone)"
	is "$(journal "$(jq -r .id <<<"$record")" RUNVET_KERNEL)" "$(uname -r)"
	"$VETTED" --root /tmp/rr delete --force f3
}

@test "fifty creates at once ask once" {
	local i most=50
	# Sanitized, fifty on two processors keep the one that asks from its answer for longer than it may wait.
	[[ ! ${E2E_SANITIZED:-} ]] || most=12
	for _ in 1 2 3; do
		together $most creates_one
		# A machine so busy that the answer came too late may be asked again.
		[[ $(kept .asked.settled) != true ]] || break
		for ((i = 1; i <= most; i++)); do
			"$VETTED" --root /tmp/rr delete --force "p$i"
		done
		rm -rf $KEPT /opt/counted/asked
	done
	is "$(asked)" 2 "questions"
	creates p0
	is "$(asked)" 2 "questions"
	is "$(of_record p0 .runtime.version)" "$(version_alone)"
	for ((i = 0; i <= most; i++)); do
		"$VETTED" --root /tmp/rr delete --force "p$i"
	done
}

@test "another binary in its place is asked again" {
	creates r1
	is "$(asked)" 2
	cp -p "$COUNTED" "$COUNTED.new"
	mv "$COUNTED.new" "$COUNTED"
	creates r2
	is "$(asked)" 4 "an equal file is another file"
	touch "$COUNTED"
	creates r3
	is "$(asked)" 6 "so is one that was touched"
	creates r4
	is "$(asked)" 6
	local i
	for i in 1 2 3 4; do
		"$VETTED" --root /tmp/rr delete --force r$i
	done
}

@test "what the delegate lacks is refused, by its name" {
	counted "echo '{\"ociVersionMin\":\"1.0.0\",\"ociVersionMax\":\"1.2.0\",\"hooks\":[\"prestart\"]}'; exit 0"
	bundle_make /tmp/b '.hooks.poststop = [{"path": "/bin/true"}]'
	run -1 "$VETTED" --root /tmp/rr create --bundle /tmp/b l1 </dev/null 3>&-
	says "$output" "runvet: config.json:*poststop*$DELEGATE*\[feat.hooks.known\]; record *"
	is "$(of_record l1 '[.decision, (.violations[] | select(.severity == "error").rule)] | @csv')" '"deny","feat.hooks.known"'
	echo '{ "version": 1, "mode": "audit" }' >/etc/runvet/policy.json
	chmod 644 /etc/runvet/policy.json
	creates l1
	recorded l1 create would-deny
	"$VETTED" --root /tmp/rr delete --force l1
}

@test "what this runc lacks, it fails on" {
	"$ALONE" features >/tmp/features || skip "this $DELEGATE has no features"
	jq -e '.linux.namespaces | index("time") | not' /tmp/features >/dev/null || skip "this $DELEGATE knows time namespaces"
	bundle_make /tmp/b '.linux.namespaces += [{"type": "time"}]'
	run ! "$ALONE" --root /tmp/rr create --bundle /tmp/b t1 </dev/null 3>&-
	says "$output" '*time*'
	run -1 "$VETTED" --root /tmp/rr create --bundle /tmp/b t2 </dev/null 3>&-
	says "$output" "runvet: *$DELEGATE*\[feat.linux.namespaces\]; record *"
}

@test "exec, update and the verbs that pass never ask" {
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'
	"$ALONE" --root /tmp/rr create --bundle /tmp/b e1 </dev/null >/dev/null 2>&1 3>&-
	"$VETTED" --root /tmp/rr state e1
	"$VETTED" --root /tmp/rr start e1
	is "$("$VETTED" --root /tmp/rr exec e1 /bin/echo in)" in
	echo '{}' | "$VETTED" --root /tmp/rr update --resources=- e1
	"$VETTED" --root /tmp/rr kill e1 KILL
	"$VETTED" --root /tmp/rr delete --force e1
	is "$(asked)" 0 "questions"
	is "$(of_record e1 .runtime.version exec)" null
	bundle_make /tmp/b '.process.args = ["/bin/sleep", "300"]'
	creates e2
	"$VETTED" --root /tmp/rr start e2
	"$VETTED" --root /tmp/rr exec e2 /bin/true
	is "$(of_record e2 .runtime.version exec)" "$(version_alone)" "what is known is used"
	"$VETTED" --root /tmp/rr delete --force e2
}

@test "where nothing can be kept nothing is asked, and create works" {
	# shellcheck disable=SC2016  # the inner shell's words
	milliseconds unshare --mount bash -c 'rm -rf /run/runvet && mount -o remount,ro,bind /run && exec "$@"' bash \
		"$VETTED" --root /tmp/rr run --bundle /tmp/b n1 </dev/null >/dev/null 2>&1 3>&-
	is "$(asked)" 0 "questions"
	recorded n1 run allow
}

@test "a delegate that hangs when it is asked costs a second, once" {
	counted 'sleep 1000'
	local first
	milliseconds creates h1
	first=$ms
	is "$(asked)" 2 "questions of the first"
	milliseconds creates h2
	is "$(asked)" 2 "questions of both"
	# Against the second, which nobody keeps waiting: what a create takes by itself is the machine's.
	((first >= 900 && first < ms + 3000)) || { echo "the first took $first ms, the second $ms ms"; return 1; }
	recorded h1 create allow
	is "$(of_record h1 .runtime.version)" "$(version_alone)"
	is "$(of_record h2 .runtime.digest)" "sha256:$(sha256sum "$COUNTED" | cut -d' ' -f1)"
	wait_for 5 fails_to pgrep -f 'sleep 1000'
	"$VETTED" --root /tmp/rr delete --force h1
	"$VETTED" --root /tmp/rr delete --force h2
}

@test "an answer that others could have written is not believed" {
	creates o1
	local was
	was=$(version_alone)
	LC_ALL=C sed "s/version$was/version${was//[0-9]/6}/" $KEPT/delegate.*.flat >/tmp/forged
	cp /tmp/forged $KEPT/delegate.*.flat
	creates o2
	is "$(of_record o2 .runtime.version)" "${was//[0-9]/6}" "root's own word"
	chmod 622 $KEPT/delegate.*.flat
	creates o3
	is "$(of_record o3 .runtime.version)" "$(version_alone)"
	is "$(asked)" 4
	local i
	for i in 1 2 3; do
		"$VETTED" --root /tmp/rr delete --force o$i
	done
}

@test "runvetctl features shows it, and asks where nobody has" {
	run -0 runvetctl features "$DELEGATE"
	is "$(asked)" 2
	says "$output" "$DELEGATE
  path                  $COUNTED
  version               $(version_alone)
*  asked                 now
*"
	creates s1
	is "$(asked)" 2 "the create believes it"
	run -0 runvetctl features "$DELEGATE"
	says "$output" '*  asked                 earlier, and kept
*'
	run -0 runvetctl features --format json
	is "$(jq -r --arg n "$DELEGATE" '.delegates[] | select(.delegate.name == $n) | .delegate.path' <<<"$output")" "$COUNTED"
	run -2 runvetctl features nix
	is "$output" "runvetctl: no delegate is called nix; runtimes.d has none of that name"
	chmod 777 "$COUNTED"
	run -2 runvetctl features "$DELEGATE"
	says "$output" "runvetctl: others may write to $COUNTED; it is not run*"
	is "$(asked)" 2
	"$ALONE" --root /tmp/rr delete --force s1
}
