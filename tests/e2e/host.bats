#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: stub
# runvetctl host: what this machine has, held against what the machine itself says.

# shellcheck disable=SC2016,SC2154 # words for sh; variables that bats sets
bats_require_minimum_version 1.5.0

setup() {
	CTL=${RUNVETCTL:-$(command -v runvetctl)}
	cd "$BATS_TEST_TMPDIR" || return
}

# says FILTER WANTED: of the document on this machine.
says() {
	local got
	got=$("$CTL" host --format json | jq -c "$1")
	[[ $got == "$2" ]] || { printf '%s is %s, wanted %s\n' "$1" "$got" "$2"; return 1; }
}

@test 'the text has sections, and no line over 80 columns' {
	run -0 "$CTL" host
	grep -qx kernel <<<"$output"
	grep -q "^  release  *$(uname -r)\$" <<<"$output"
	[[ $(awk 'length > 80' <<<"$output") == '' ]]
	[[ $output != *'  '$'\n'* ]]
	run -0 --separate-stderr "$CTL" host --format=text
	[[ $stderr == '' ]]
}

@test 'a wrong word on the command line is one line, and exit 2' {
	run -2 --separate-stderr "$CTL" host --format xml
	[[ $stderr == "runvetctl: --format is text or json, not xml"* ]]
	run -2 --separate-stderr "$CTL" host node7
	[[ $stderr == "runvetctl: host takes no argument, got node7"* ]]
	run -2 --separate-stderr "$CTL" host --fromat json
	[[ $stderr == "runvetctl: unknown option --fromat; did you mean --format?"* ]]
	run -2 "$CTL" host --format
	run -0 "$CTL" host --help
	[[ $output == 'Usage: runvetctl host'* ]]
}

@test 'the document says what the machine says' {
	says .kernel "{\"release\":\"$(uname -r)\",\"machine\":\"$(uname -m)\"}"
	says .self.euid "$(id -u)"
	says .self.rlimits.RLIMIT_NOFILE.hard "$(ulimit -Hn | sed 's/unlimited/18446744073709551615/')"
	says .limits.nrOpen "$(</proc/sys/fs/nr_open)"
	says .capabilities.last "$(</proc/sys/kernel/cap_last_cap)"
	says .cpus.online "\"$(</sys/devices/system/cpu/online)\""
	says '.namespaces | map_values(type) | length' 9
	says .self.namespaces.pid.inode "$(stat -Lc %i /proc/self/ns/pid)"
	says '.interfaces | keys | sort' "$(ip -j link | jq -c '[.[].ifname] | sort')"
	says '.filesystems.known | sort' "$(awk '{ print $NF }' /proc/filesystems | jq -Rsc 'split("\n")[:-1] | sort')"
	says '.self.capabilities.bounding | length' \
		"$(printf '%d\n' "0x$(awk '/^CapBnd/ { print $2 }' /proc/self/status)" | awk '{ for (n = $1; n >= 1; n = int(n / 2)) c += n % 2; print c }')"
}

@test 'limits and capabilities are those of the caller' {
	says .self.nice "$(nice)"
	run -0 nice -n 7 sh -c 'ulimit -n 321; exec "$0" host --format json' "$CTL"
	[[ $(jq -c "[.self.nice, .self.rlimits.RLIMIT_NOFILE.hard]" <<<"$output") == "[$(nice -n 7 nice),321]" ]]
	run -0 setpriv --bounding-set -mknod,-net_raw "$CTL" host --format json
	[[ $(jq -c '.self.capabilities.bounding | [index("CAP_MKNOD"), index("CAP_NET_RAW")]' <<<"$output") == '[null,null]' ]]
	run -0 setpriv --reuid 4242 --regid 4343 --clear-groups "$CTL" host --format json
	[[ $(jq -c '.self | [.euid, .egid, .capabilities.effective]' <<<"$output") == '[4242,4343,[]]' ]]
}

@test 'in a user namespace its maps are told' {
	run -0 unshare --user --map-root-user "$CTL" host --format json
	[[ $(jq -c '.self | [.initialUserNamespace, .uidMap, .setgroups]' <<<"$output") == '[false,[[0,0,1]],false]' ]]
}

@test 'cgroups are those that are mounted' {
	case $(stat -fc %T /sys/fs/cgroup) in
	cgroup2fs)
		says .cgroup.mode '"v2"'
		says '.cgroup.v2 == .cgroup.controllers' true
		;;
	*)
		says .cgroup.mode "$(grep -q ' - cgroup2 ' /proc/self/mountinfo && echo '"hybrid"' || echo '"v1"')"
		says '.cgroup.controllers | index("memory") != null' "$(grep -q ' - cgroup .*[, ]memory' /proc/self/mountinfo && echo true || echo false)"
		says '.cgroup.files.memory | index("memory.limit_in_bytes") != null' true
		;;
	esac
}

@test 'without /sys, without /proc, and where others are hidden, it says what is left' {
	# The sanitizers cannot start without /proc, nor look for leaks under strace.
	local hide hidden=(/sys)
	[[ ${E2E_SANITIZED:-} ]] || hidden+=(/proc)
	for hide in "${hidden[@]}"; do
		run -0 unshare --mount sh -c 'mount -t tmpfs none "$1" && exec "$0" host --format json' "$CTL" "$hide"
		jq -e .kernel.release <<<"$output"
	done
	[[ ${E2E_SANITIZED:-} || $(jq -c '[.cgroup.mode, .namespaces, .filesystems.known]' <<<"$output") == *'{},null]' ]]
	run -0 unshare --mount sh -c 'mount -t proc -o hidepid=invisible proc /proc; exec setpriv --reuid 4242 --clear-groups "$0" host --format json' "$CTL"
	[[ $(jq -c '[.self.euid, .init, .limits.nrOpen > 0]' <<<"$output") == '[4242,null,true]' ]]
}

@test 'over /sys nothing is asked that another process serves' {
	run -0 unshare --mount sh -c 'mount -t tmpfs none /sys/devices/system/cpu && echo 0-99 >/sys/devices/system/cpu/online && exec "$0" host --format json' "$CTL"
	[[ $(jq -c .cpus <<<"$output") == '{}' ]]
}

@test 'it writes nothing: the machine is the same after it' {
	ASAN_OPTIONS=detect_leaks=0 run -0 strace -f -e trace=openat,openat2,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,mount,write -o trace "$CTL" host
	[[ $(grep -E 'O_WRONLY|O_RDWR|O_CREAT|^[0-9 ]*(creat|mkdir|unlink|rename|mount)' trace) == '' ]]
	[[ $(grep -cE 'write\(' trace) == "$(grep -cE 'write\(1,' trace)" ]]
}
