# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Completion of runvetctl for bash. It knows no verb and no option by itself: it asks `runvetctl VERB --help`, which cannot be out
# of date.

# The words that a help offers: verbs are indented by two, options begin with a dash.
_runvetctl_verbs()
{
	"$1" "${@:2}" --help 2> /dev/null | sed -nE 's/^  ([a-z][a-z-]*)  +[^ ].*/\1/p'
}

_runvetctl_options()
{
	"$1" "${@:2}" --help 2> /dev/null | sed -nE 's/^ +((-[a-zA-Z], )?--[a-z][a-z-]*).*/\1/p' | tr -d ' ' | tr , '\n'
}

# The values of an option that its help lists: "--format text", "--format json" …
_runvetctl_values()
{
	"$1" "$2" --help 2> /dev/null | grep -oE -- "$3[ =][a-z0-9|]+" | sed -E 's/^[^ =]+[ =]//' | tr '|' '\n'
}

_runvetctl()
{
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} program=${COMP_WORDS[0]} verb=${COMP_WORDS[1]} words=''
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		words="$(_runvetctl_verbs "$program") --help --version"
	elif [[ $current == -* ]]; then
		words=$(_runvetctl_options "$program" "$verb")
	elif [[ $previous == --* ]]; then
		words=$(_runvetctl_values "$program" "$verb" "$previous")
	elif [ "$COMP_CWORD" -eq 2 ]; then
		case $verb in
		help) words=$(_runvetctl_verbs "$program") ;;
		explain) words=$("$program" rules 2> /dev/null | cut -d " " -f 1) ;;
		*) words=$(_runvetctl_verbs "$program" "$verb") ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	# What is no word of ours may be a path.
	[ "${#COMPREPLY[@]}" -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

complete -o filenames -F _runvetctl runvetctl
