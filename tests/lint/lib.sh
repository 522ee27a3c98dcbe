# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What every lint begins with: `. lib.sh`, then it stands in the root of the tree it judges. That is the one it lies in, or $1:
# tests/lint/self gives each of them a tree with a planted fault, because a lint that cannot fail is worth nothing.

set -eu -o pipefail
export LC_ALL=C
lint_dir=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/tap.sh
. "$lint_dir/../tap.sh"
cd "${1:-$lint_dir/../..}"

# files PATTERN...: the tree's files whose name matches one of the patterns, sorted, "./" left off. Build trees and
# whatever begins with a dot is not ours to judge.
files()
{
	local tests=(-false) pattern
	for pattern; do
		tests+=(-o -name "$pattern")
	done
	find . \( -path './build*' -o -path './.?*' \) -prune -o -type f \( "${tests[@]}" \) -printf '%P\n' | sort
}

# The tree has thousands of files: what looks at all of them does so in one process, not in some for each.

# scripts PATTERN: files whose first line is a #! that matches the pattern (an extended regular expression).
scripts()
{
	# shellcheck disable=SC2016  # awk's words
	local first='FNR == 1 { if (/^#!/) print FILENAME "\t" substr($0, 1, 200); nextfile }'
	[ -v lint_scripts ] || lint_scripts=$(files '*' | tr '\n' '\0' | xargs -0 -r awk "$first")
	grep -E "	#!.*$1" <<< "$lint_scripts" | cut -f 1 || true
}

# code FILE...: the C text without comments and without what stands in quotes, each line as "FILE:LINE:TEXT".
code()
{
	# One run of the compiler: a line marker before each file says whose text follows, and comes out again.
	awk 'FNR == 1 { print "# 1 \"" FILENAME "\"" } { print }' "$@" | gcc -fpreprocessed -dD -E -w -x c - | awk '
		/^# [0-9]+ "/ { line = $2 - 1; file = substr($3, 2, length($3) - 2); next }
		{ line++ }
		/^[ \t]*#[ \t]*include/ { print file ":" line ":" $0; next }
		{ gsub(/"([^"\\]|\\.)*"/, "\"\""); if ($0 ~ /[^ \t]/) print file ":" line ":" $0 }'
}

# functions FILE...: "FILE NAME FIRST LAST" for each function that is defined there.
functions()
{
	[ $# -eq 0 ] || ctags -x --c-kinds=f --fields=+ne --language-force=C --_xformat='%F %N %n %{end}' "$@"
}
