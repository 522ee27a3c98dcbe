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

# scripts PATTERN: files whose first line is a #! that matches the pattern (an extended regular expression).
scripts()
{
	files '*' | while read -r file; do
		if head -c 200 "$file" | head -n 1 | tr -d '\0' | grep -qE "^#!.*$1"; then
			echo "$file"
		fi
	done
}

# code FILE...: the C text without comments and without what stands in quotes, each line as "FILE:LINE:TEXT".
code()
{
	local file
	for file; do
		gcc -fpreprocessed -dD -E -w -x c "$file" | awk -v file="$file" '
			/^# [0-9]+ "/ { line = $2 - 1; next }
			{ line++ }
			/^[ \t]*#[ \t]*include/ { print file ":" line ":" $0; next }
			{ gsub(/"([^"\\]|\\.)*"/, "\"\""); if ($0 ~ /[^ \t]/) print file ":" line ":" $0 }'
	done
}

# functions FILE...: "FILE NAME FIRST LAST" for each function that is defined there.
functions()
{
	[ $# -eq 0 ] || ctags -x --c-kinds=f --fields=+ne --language-force=C --_xformat='%F %N %n %{end}' "$@"
}
