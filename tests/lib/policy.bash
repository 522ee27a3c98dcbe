# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A policy that refuses, and what those read who are refused. Loaded after e2e.bash.

# policy_enforce [PROFILE…]: these, by default baseline and escape, and no limit raised later.
policy_enforce() {
	(($#)) || set -- baseline@v1.37 escape@2026-09
	mkdir -p /etc/runvet
	jq -n '{ version: 1, mode: "enforce", profile: "site",
		profiles: { site: { extends: $ARGS.positional, rules: { "update.memory": {}, "update.pids": {} } } } }' \
		--args "$@" >/etc/runvet/policy.json
	chmod 644 /etc/runvet/policy.json
}

# denied GOT BEFORE SENTENCE AFTER: the first line of GOT is a refusal by the policy between what the engine adds, to the word, but
# that in SENTENCE a star is any run of characters, RECORD a record's id, and N a number of further findings. Leaves the id
# in $refusal.
# shellcheck disable=SC2034  # the tests use it
denied() {
	local line=${1%%$'\n'*} ours want
	line=${line%$'\r'}
	refusal=$(grep -oE "$UUID" <<<"$line" | head -n 1)
	ours=${line#"$2"}
	[[ ! $4 ]] || ours=${ours%"$4"}
	is "$2$ours$4" "$line" "around it" || return 1
	if ((${#ours} > 512)); then
		echo "${#ours} bytes: $ours"
		return 1
	fi
	want=${3//\\/\\\\}
	want=${want//[/\\[}
	want=${want//\?/\\?}
	ours=$(sed -E "s/$UUID/RECORD/g; s/ and [0-9]+ more; record/ and N more; record/; s/(\.json|resources):1:[0-9]+:/\1:1:N:/" <<<"$ours")
	says "$ours" "runvet: permission denied: @(config.json|process.json|resources):1:N: $want"
}

# violated RULE: it, if the last decision has it as an error.
violated() {
	# shellcheck disable=SC2016  # jq's variable
	records 'select(.decision) | [.violations[]? | select(.severity == "error") | .rule] | index($r) | if . then $r else "" end' -r --arg r "$1" | tail -n 1
}
