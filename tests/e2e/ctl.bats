#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# takes: 10 s
# runvetctl, as its user sees it: exact output, exact exit codes. RUNVETCTL names another binary than the installed one; nothing
# else of runvet is needed.

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # words for sh; variables that bats sets
bats_require_minimum_version 1.5.0

setup() {
	CTL=${RUNVETCTL:-$(command -v runvetctl)}
	cd "$BATS_TEST_TMPDIR" || return
	cat >base.json <<-'END'
		{
			"ociVersion": "1.0.2",
			"process": { "user": { "uid": 0, "gid": 0 }, "args": ["/bin/sh"], "cwd": "/" },
			"root": { "path": "rootfs" },
			"mounts": [
				{ "destination": "/proc", "type": "proc", "source": "proc" },
				{ "destination": "/sys", "type": "sysfs", "source": "sysfs" },
				{ "destination": "/dev/pts", "type": "devpts", "source": "devpts" },
				{ "destination": "/dev/shm", "type": "tmpfs", "source": "shm" }
			],
			"linux": { "namespaces": [{ "type": "mount" }, { "type": "pid" }] }
		}
	END
}

# make NAME FILTER: a config.json made from the base by jq.
make() {
	jq --tab "$2" base.json >"$1"
}

# is STATUS: of the last run; both streams are compared with the here-document, word for word.
is() {
	local want
	want=$(cat)
	if [[ $status != "$1" || $output != "$want" ]]; then
		printf 'status %s, wanted %s\n--- got\n%s\n--- wanted\n%s\n' "$status" "$1" "$output" "$want"
		return 1
	fi
}

@test 'a good document: a line of sums and exit 0' {
	run -0 "$CTL" check base.json
	is 0 <<-'END'
		1 checked, 0 denied: 0 errors, 0 warnings, 0 infos
	END
}

@test 'a bundle is its directory' {
	mkdir b
	make b/config.json '.process.cwd = "rel"'
	run "$CTL" check b b/
	is 1 <<-'END'
		b/config.json:11:10: error: process.cwd must be an absolute path, found "rel" [spec.process.cwd-absolute]
		   11 |         "cwd": "rel"
		      |                ^~~~~
		b/config.json:11:10: error: process.cwd must be an absolute path, found "rel" [spec.process.cwd-absolute]
		   11 |         "cwd": "rel"
		      |                ^~~~~
		2 checked, 2 denied: 2 errors, 0 warnings, 0 infos
	END
}

@test 'warnings and remarks do not deny' {
	make w.json '.process.consoleSize = {height: 1, width: 2} | .namespaces = []'
	run "$CTL" check w.json
	is 0 <<-'END'
		w.json:52:2: info: namespaces is no property of the runtime specification [json.unknown-property]
		   52 |     "namespaces": []
		      |     ^~~~~~~~~~~~
		      = help: namespaces belongs in linux
		w.json:12:18: warning: process.consoleSize should go with terminal: true [spec.process.console-size-needs-terminal]
		   12 |         "consoleSize": {
		      |                        ^
		1 checked, 0 denied: 0 errors, 1 warning, 1 info
	END
	run "$CTL" check --format lines w.json
	is 0 <<-'END'
		w.json:52:2: info: namespaces is no property of the runtime specification; namespaces belongs in linux [json.unknown-property]
		w.json:12:18: warning: process.consoleSize should go with terminal: true [spec.process.console-size-needs-terminal]
		1 checked, 0 denied: 0 errors, 1 warning, 1 info
	END
	run -1 "$CTL" check --fail-on warning w.json
	run -0 "$CTL" check --fail-on never w.json
}

@test 'standard input' {
	run "$CTL" check --format lines - <<<'{"ociVersion": "1.0.2", "process": 7}'
	is 1 <<-'END'
		-:1:1: error: root is required [spec.root.required]
		-:1:36: error: process must be an object, found a number [type.process]
		-:1:1: warning: mounts should be set [spec.mounts.present]
		-:1:1: warning: linux should be set [spec.linux.present]
		1 checked, 1 denied: 2 errors, 2 warnings, 0 infos
	END
}

@test 'what does not parse is a finding with its place' {
	printf '{\n  "a": 1,\n}\n' >comma.json
	run --separate-stderr "$CTL" check comma.json
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = 'comma.json:2:9: error: a comma must not follow the last entry [json.well-formed]' ]
	[ "${lines[1]}" = '    2 |   "a": 1,' ]
	[ "${lines[2]}" = '      |         ^' ]
	[ "${lines[3]}" = '1 checked, 1 denied: 1 error, 0 warnings, 0 infos' ]
	[ -z "$stderr" ]
}

@test 'JSON, exactly' {
	make d.json '.process.args = ["/bin/sh", 1]'
	run "$CTL" check --format json base.json d.json
	is 1 <<-'END'
		{"results":[{"path":"base.json","decision":"allow","findings":[],"left_out":0},{"path":"d.json","decision":"deny","findings":[{"rule":"type.process.args","severity":"error","pointer":"/process/args/1","line":10,"column":4,"message":"process.args[1] must be a string, found a number","basis":"schema","spec":"config.md#configProcess"}],"left_out":0}]}
	END
	run "$CTL" check --format=json d.json
	[ "$(jq -r '.results[0].decision' <<<"$output")" = deny ]
	[ "$(jq -cS '.results[0] | keys' <<<"$output")" = '["decision","findings","left_out","path"]' ]
	[ "$(jq -cS '.results[0].findings[0] | keys' <<<"$output")" = '["basis","column","line","message","pointer","rule","severity","spec"]' ]
}

@test 'JSON survives hostile names and values' {
	jq --tab '.annotations = {"\u001b[31m\"\\": 1} | .process.cwd = "\u202e\u0007é"' base.json >h.json
	run "$CTL" check --format json h.json
	[ "$status" -eq 1 ]
	jq -e '.results[0].findings | length == 3' <<<"$output"
	[ "$(jq -r '.results[0].findings[] | select(.rule == "type.annotations.*") | .pointer' <<<"$output")" = $'/annotations/\e[31m"\\' ]
	run "$CTL" check h.json
	[[ $output != *$'\e'* && $output != *$'\a'* ]]
}

@test 'what is too much is counted, and said to be left out' {
	jq --tab '. + ([range(1200) | {("x\(.)"): 1}] | add)' base.json >many.json
	run -0 "$CTL" check many.json
	[ "${lines[-2]}" = 'many.json: 200 more findings left out' ]
	[ "${lines[-1]}" = '1 checked, 0 denied: 0 errors, 0 warnings, 1200 infos' ]
	run -0 "$CTL" check --format json many.json
	[ "$(jq -c '.results[0] | [(.findings | length), .left_out]' <<<"$output")" = '[1000,200]' ]
}

@test 'the rules, as a list and one by one' {
	run -0 "$CTL" rules
	[[ $output == *$'\nspec.process.cwd-absolute '*' error     1.0.0  0.1      MUST            process.cwd'* ]]
	run -0 "$CTL" rules --format json
	[ "$(jq -r '.rules[] | select(.id == "spec.process.cwd-absolute") | [.place, .severity, .basis, .since, .release, .says] | @csv' \
		<<<"$output")" = '"process.cwd","error","MUST","1.0.0","0.1","process.cwd must be an absolute path"' ]
	run "$CTL" explain spec.mounts.destination-absolute
	is 0 <<-'END'
		spec.mounts.destination-absolute

		  mounts[].destination must be an absolute path.

		  place     mounts[].destination
		  severity  error
		  except    warning from 1.2.0 on
		  since     runtime-spec 1.0.0
		  release   runvet 0.1
		  basis     MUST: the specification demands it in that word
		  source    https://github.com/opencontainers/runtime-spec/blob/main/config.md#configMounts
	END
	for id in $("$CTL" rules | awk 'NR > 1 { print $1 }') type.process.args type.policy.mode; do
		run -0 "$CTL" explain "$id"
		[ "${lines[0]}" = "$id" ]
	done
	run --separate-stderr -2 "$CTL" explain spec.proces.cwd-absolute
	[ "${stderr_lines[0]}" = 'runvetctl: no rule is called spec.proces.cwd-absolute; did you mean spec.process.cwd-absolute?' ]
	run --separate-stderr -2 "$CTL" rules --format xml
	[ "${stderr_lines[0]}" = 'runvetctl: --format is text, json or markdown, not xml' ]
}

@test 'rules of a later release are chosen by name' {
	run -0 "$CTL" check --rules 0.1 base.json
	run --separate-stderr -2 "$CTL" check --rules 9 base.json
	[ "${stderr_lines[0]}" = 'runvetctl: unknown release 9: the last one with rules of its own is 0.1' ]
}

@test 'a file that cannot be opened: exit 2, the others are judged' {
	make d.json '.process.cwd = "x"'
	run --separate-stderr "$CTL" check nowhere.json d.json "$(mktemp -d empty.XXX)"
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = 'd.json:11:10: error: process.cwd must be an absolute path, found "x" [spec.process.cwd-absolute]' ]
	[ "${lines[3]}" = '1 checked, 1 denied: 1 error, 0 warnings, 0 infos' ]
	[[ ${stderr_lines[0]} == 'runvetctl: there is no bundle below empty.'???', and no runtime configuration' ]]
	[ "${stderr_lines[1]}" = 'runvetctl: nowhere.json cannot be read: it is missing' ]
	run --separate-stderr "$CTL" check --format json nowhere.json
	[ "$status" -eq 2 ]
	[ "$output" = '{"results":[]}' ]
}

@test 'a symbolic link is followed, a fifo is not waited for' {
	ln -s base.json link.json
	run -0 "$CTL" check link.json
	mkfifo fifo
	run --separate-stderr -2 timeout 60 "$CTL" check fifo
	[ "$stderr" = 'runvetctl: fifo is no regular file; pipe it to "runvetctl check -"' ]
}

@test 'the limit on size is a finding' {
	head -c 17000000 /dev/zero | tr '\0' ' ' >big.json
	run "$CTL" check big.json
	[ "$status" -eq 1 ]
	[[ ${lines[0]} == *'[json.depth-and-size]' ]]
	run "$CTL" check - <big.json
	[ "$status" -eq 1 ]
	[[ ${lines[0]} == '-:'*'[json.depth-and-size]' ]]
}

@test 'an output that cannot be written is no success' {
	[ -e /dev/full ] || skip 'no /dev/full'
	run -2 sh -c '"$1" check base.json >/dev/full' sh "$CTL"
	[ "$output" = 'runvetctl: the output could not be written' ]
}

@test 'versions' {
	run -0 "$CTL" version
	[[ $output =~ ^runvetctl\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	local first=$output
	run -0 "$CTL" --version
	[ "$output" = "$first" ]
	run -2 "$CTL" version now
}

@test 'help goes to standard output' {
	for words in --help -h help 'check --help' 'check -h' 'help check' 'version --help'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr -0 "$CTL" $words
		[[ $output == 'Usage: runvetctl '* && -z $stderr ]]
	done
}

# complains WORDS… -- LINE…: exit 2, nothing on stdout, these lines on stderr.
complains() {
	local words=()
	while [[ $1 != -- ]]; do
		words+=("$1")
		shift
	done
	shift
	run --separate-stderr "$CTL" "${words[@]}"
	if [[ $status != 2 || -n $output || $stderr != "$(printf '%s\n' "$@")" ]]; then
		printf 'runvetctl %s: status %s, stdout %s\n%s\n' "${words[*]}" "$status" "$output" "$stderr"
		return 1
	fi
}

@test 'a wrong command line: exit 2, and what was probably meant' {
	complains -- 'runvetctl: a verb is missing' "Try 'runvetctl --help'."
	complains chekc -- 'runvetctl: unknown verb chekc; did you mean check?' "Try 'runvetctl --help'."
	complains frobnicate -- 'runvetctl: unknown verb frobnicate' "Try 'runvetctl --help'."
	complains help frobnicate -- 'runvetctl: unknown verb frobnicate' "Try 'runvetctl --help'."
	complains --versoin -- 'runvetctl: unknown option --versoin; did you mean --version?' "Try 'runvetctl --help'."
	complains check -- 'runvetctl: a path is missing: a bundle, a config.json, or - for standard input' "Try 'runvetctl check --help'."
	complains check --frmat json x -- 'runvetctl: unknown option --frmat; did you mean --format?' "Try 'runvetctl check --help'."
	complains check --frmat=json x -- 'runvetctl: unknown option --frmat; did you mean --format?' "Try 'runvetctl check --help'."
	complains check --format -- 'runvetctl: --format needs a value: text, lines, json, sarif, junit or github' "Try 'runvetctl check --help'."
	complains check --format yaml x -- 'runvetctl: unknown format yaml: text, lines, json, sarif, junit or github' "Try 'runvetctl check --help'."
	complains check -x y -- 'runvetctl: unknown option -x' "Try 'runvetctl check --help'."
}

@test 'words after -- are paths' {
	cp base.json ./--format
	run -0 "$CTL" check -- --format
	run -2 "$CTL" check --
}
