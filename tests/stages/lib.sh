# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What every stage begins with. A stage builds the tree in its own way, below $BUILD_ROOT, and says in TAP what came of it; tests/run
# calls them one after the other. Each can be called alone: tests/stages/sanitize.

set -eu -o pipefail
export LC_ALL=C
stage_dir=$(dirname "$(readlink -f "$0")")
tree=$(readlink -f "$stage_dir/../..")
BUILD_ROOT=${BUILD_ROOT:-/tmp/runvet-build.$UID}
JOBS=${JOBS:-$(nproc)} # one test more may run, as some of them wait for the end of a time
mkdir -p "$BUILD_ROOT"
# shellcheck source=tests/tap.sh
. "$tree/tests/tap.sh"
cd "$tree"

# build_tree NAME MESON-OPTION...: sets $build and brings it up to date ($targets of it, if that is set); the environment's CC
# counts. Ends the stage if it cannot.
targets=()
build_tree()
{
	build=$BUILD_ROOT/$1
	local log=$BUILD_ROOT/$1.log
	shift
	if "$tree/tests/lib/configured" "$build" --werror "$@" > "$log" 2>&1 &&
		ninja -C "$build" -j "$JOBS" "${targets[@]}" >> "$log" 2>&1; then
		ok "builds without warnings: ${CC:-cc} $*"
	else
		not_ok "builds without warnings: ${CC:-cc} $*" "$(grep -E 'error:|ERROR:|FAILED:|undefined reference' "$log" | head -n 30 || tail -n 30 "$log")"
		tap_done
		exit 0
	fi
}

# build_tests SUITE... [-- MESON-TEST-OPTION...]: runs those suites of $build; one line per test program. $also_good: a result of
# meson's that is taken for OK.
also_good=OK
build_tests()
{
	local suites=() result name
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		suites+=(--suite "$1")
		shift
	done
	[ $# -eq 0 ] || shift
	rm -f "$build/meson-logs/"testlog*.json
	meson test -C "$build" --num-processes $((JOBS + 1)) "${suites[@]}" "$@" > "$build/tests.log" 2>&1 || true
	while IFS=$'\t' read -r result name; do
		case $result in
		OK | EXPECTEDFAIL | "$also_good") ok "$name" ;;
		SKIP) tap_skip "$name" 'says the test' ;;
		*) not_ok "$name: $result" "$(test_faults "$name")" ;;
		esac
	done < <(cat "$build/meson-logs/"testlog*.json 2> /dev/null | jq -r '[.result, .name] | @tsv')
	[ "$tap_count" -gt 1 ] || not_ok 'some test ran' "$(tail -n 20 "$build/tests.log")"
}

# test_faults NAME: what a failed test program printed that matters.
test_faults()
{
	cat "$build/meson-logs/"testlog*.json |
		jq -r --arg name "$1" 'select(.name == $name) | .stdout // "", .stderr // ""' |
		grep -vE '^ok ' | head -n 60 || true
}
