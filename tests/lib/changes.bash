# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Changes of a container, one at a time: each makes another normal fingerprint, is named by `runvetctl diff`, and makes
# another posture exactly where it says so.
#
# NAME|POSTURE|PLACE|JQ|OPTIONS: POSTURE is "confines" or "same"; PLACE is where it is in config.json (with * for a number);
# JQ changes a config.json; OPTIONS are what `docker run` and `podman run` are told ("-": neither has a word for it). @DIR@
# is a directory of files for them. CHANGE_BASE are the options that all containers have.
# shellcheck disable=SC2034  # the tests use both
CHANGE_BASE=(--volume /etc/skel:/planted-volume)
# shellcheck disable=SC2034
CHANGES=(
	'env|same|/process/env|.process.env += ["PLANTED=1"]|--env PLANTED=1'
	'args|same|/process/args|.process.args += ["planted"]|'
	'cwd|same|/process/cwd|.process.cwd = "/tmp"|--workdir /tmp'
	'image|same|||'
	'hostname|same|/hostname|.hostname = "planted"|--hostname planted'
	'tmpfs-size|same|/mounts/*/options|(.mounts[] \| select(.destination == "/dev/shm").options) \|= map(if startswith("size=") then "size=1048576" else . end)|--shm-size 1m'
	'annotation|same|/annotations/com.example.planted|.annotations["com.example.planted"] = "1"|-'
	'mount-option|confines|/mounts/*/options|(.mounts[] \| select(.destination == "/dev/shm").options) += ["ro"]|--volume /etc/skel:/planted-volume:ro'
	'mount|confines|/mounts/*|.mounts += [{ destination: "/planted", type: "bind", source: "/etc/skel", options: ["rbind"] }]|--volume /etc/skel:/planted'
	'hook|confines|/hooks/poststop|.hooks.poststop = [{ path: "/bin/true" }]|-'
	'capability|confines|/process/capabilities|.process.capabilities[] += ["CAP_SYS_PTRACE"]|--cap-add SYS_PTRACE'
	'no-capability|confines|/process/capabilities|.process.capabilities[] -= ["CAP_KILL"]|--cap-drop KILL'
	'memory|confines|/linux/resources/memory|.linux.resources.memory.limit = 67108864|--memory 64m'
	'pids|confines|/linux/resources/pids|.linux.resources.pids.limit = 50|--pids-limit 50'
	'cpus|confines|/linux/resources/cpu|.linux.resources.cpu.cpus = "0"|--cpuset-cpus 0'
	'sysctl|confines|/linux/sysctl|.linux.sysctl["net.ipv4.ip_default_ttl"] = "65"|--sysctl net.ipv4.ip_default_ttl=65'
	'device|confines|/linux/devices|.linux.devices += [{ path: "/dev/planted", type: "c", major: 1, minor: 5, fileMode: 438, uid: 0, gid: 0 }]|--device /dev/zero:/dev/planted'
	'user|confines|/process/user|.process.user = { uid: 1000, gid: 1000 }|--user 1000:1000'
	'group|confines|/process/user|.process.user.additionalGids += [44]|--group-add 44'
	'rlimit|confines|/process/rlimits|.process.rlimits += [{ type: "RLIMIT_CORE", soft: 0, hard: 0 }]|--ulimit core=0:0'
	'seccomp|confines|/linux/seccomp|.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["bpf"], action: "SCMP_ACT_ERRNO" }] }|--security-opt seccomp=@DIR@/seccomp.json'
	'readonly-root|confines|/root/readonly|.root.readonly = (.root.readonly \| not)|--read-only'
	'namespace|confines|/linux/namespaces|.linux.namespaces -= [{ type: "ipc" }]|--ipc host'
	'no-new-privileges|confines|/process/noNewPrivileges|.process.noNewPrivileges = (.process.noNewPrivileges \| not)|--security-opt no-new-privileges'
	'oom-score|confines|/process/oomScoreAdj|.process.oomScoreAdj = 500|--oom-score-adj 500'
	'masked-path|confines|/linux/maskedPaths|.linux.maskedPaths += ["/proc/planted"]|-'
)

# change_part CHANGE NUMBER: NAME is 1, … OPTIONS 5.
change_part() {
	local line=${1//'\|'/$'\x01'} parts
	IFS='|' read -r -a parts <<<"$line"
	echo "${parts[$2 - 1]//$'\x01'/|}"
}

# change_options CHANGE DIR: the words of its options, one a line.
change_options() {
	local options
	read -r -a options <<<"$(change_part "$1" 5)"
	((${#options[@]} == 0)) || printf '%s\n' "${options[@]//@DIR@/$2}"
}

# changes_lay DIR: the files that options name.
changes_lay() {
	mkdir -p "$1"
	echo '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [ { "names": ["bpf"], "action": "SCMP_ACT_ERRNO" } ] }' >"$1"/seccomp.json
}
