# SPDX-License-Identifier: Apache-2.0
# Completion of runvetctl for fish. It asks `runvetctl VERB --help`, which cannot be out of date.

function __runvetctl_verbs
    runvetctl $argv --help 2>/dev/null | sed -nE 's/^  ([a-z][a-z-]*)  +([^ ].*)/\1\t\2/p'
end

function __runvetctl_options
    set -l words (commandline -opc)
    test (count $words) -ge 2; or return
    runvetctl $words[2] --help 2>/dev/null | sed -nE 's/^ +(-[a-zA-Z], )?(--[a-z][a-z-]*).*/\2/p' | sort -u
end

# The values of an option that its help lists: "--format text", "--format json" …
function __runvetctl_values
    runvetctl $argv[1] --help 2>/dev/null | string match -ra -- "$argv[2][ =][a-z0-9|]+" | string replace -r '^[^ =]+[ =]' '' | string split '|'
end

function __runvetctl_words
    set -l words (commandline -opc)
    if test (count $words) -gt 2; and string match -q -- '--*' $words[-1]
        __runvetctl_values $words[2] $words[-1]
        return
    end
    switch (count $words)
        case 1
            __runvetctl_verbs
        case 2
            if test $words[2] = explain
                runvetctl rules 2>/dev/null | cut -d " " -f 1
            else
                __runvetctl_verbs $words[2]
            end
    end
end

complete -c runvetctl -n 'test (count (commandline -opc)) -eq 1' -f
complete -c runvetctl -a '(__runvetctl_words)'
complete -c runvetctl -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__runvetctl_options)'
