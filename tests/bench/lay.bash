# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # what it sets is used by who sources it
# What the measurements are made with, laid inside the sandbox: bundles, a delegate that exits at once in the place of crun
# (it speaks runc's dialect), and the lines that call through them. The real runc is there as well. Chain and journald
# are on, as installed. Sourced; needs RUNVET_BUILD and RUNVET_TREE.

programs=$RUNVET_BUILD/tests/bench
work=/run/bench
# Docker's own id and place, by which runvet knows whose container it is (validate/policy/engine.h): what Docker mounts into every one of
# its containers is then no finding. `found` is the same bundle in a place that is no engine's.
id=efe97bbaa4b08f1fd9b3ed8506577150906c28d0dead65286780f677dfd27f2e
bundle=/run/containerd/io.containerd.runtime.v2.task/moby/$id
mkdir -p $bundle $work/bundle/rootfs $work/real/rootfs/bin /etc/runvet/runtimes.d
for program in exit_only exec_only floor looks spawn judge; do
	cp "$programs/bench-$program" $work/$program
done
runc features > $work/features
printf '{"name": "crun", "dialect": "runc", "priority": 99, "paths": ["%s/exit_only"]}\n' $work > /etc/runvet/runtimes.d/crun.json

# docker.json is what dockerd 20.10.24 wrote for `docker run --network=none`, its directories renamed to the usual ones.
# What it says is there is laid in place, because a container for which it is not would be refused.
# The rootfs has what dockerd lays into every one, and the command.
jq -c --arg root $work/bundle/rootfs '.root.path = $root | .hooks.prestart[0].path = "/bin/true"' \
	"$RUNVET_TREE/tests/bench/docker.json" > $work/bundle/config.json
mkdir -p $work/bundle/rootfs/{bin,dev/pts,dev/shm,proc,sys,etc}
cp /bin/busybox $work/bundle/rootfs/bin/echo
touch $work/bundle/rootfs/dev/console $work/bundle/rootfs/etc/{resolv.conf,hostname,hosts} $work/bundle/rootfs/.dockerenv
for source in $(jq -r '.mounts[] | select(.type == "bind").source' $work/bundle/config.json); do
	mkdir -p "$(dirname "$source")"
	: > "$source"
done
cp $work/bundle/config.json $bundle/config.json
printf '{"ID":"%s","Name":"/bench","Config":{"Image":"busybox"}}\n' $id > /var/lib/docker/containers/$id/config.v2.json
jq -c '.process | .args = ["/bin/true"]' $work/bundle/config.json > $work/process.json

# For the real runc: without the engine's own hook and files, which are not here.
cp /bin/busybox $work/real/rootfs/bin/busybox
ln -s busybox $work/real/rootfs/bin/echo
jq -c --arg root $work/real/rootfs 'del(.hooks) | .root.path = $root | .linux.cgroupsPath = "/bench" |
	.mounts |= map(select(.type != "bind"))' "$RUNVET_TREE/tests/bench/docker.json" > $work/real/config.json

line=(--root "$work/root" --log "$work/log.json" --log-format json)
state=("${line[@]}" state c1)
exec=("${line[@]}" exec --process "$work/process.json" --detach --pid-file "$work/pid" c1)
found=("${line[@]}" create --bundle "$work/bundle" --pid-file "$work/pid" c1)
create=(--root /run/docker/runtime-runc/moby "${line[@]:2}" create --bundle "$bundle" --pid-file "$work/pid" "$id")
real=("${line[@]}" create --bundle "$work/real" --pid-file "$work/pid")
judged=("$work/bundle/config.json" "$work/exit_only" /run/runvet/host)
looks=(/run/runvet/host "$work/bundle/rootfs" "/var/lib/docker/containers/$id" "docker/$id")
series=()
if [ -e "$programs/bench-exec_only-musl" ]; then
	cp "$programs/bench-exec_only-musl" $work/exec_only-musl
	series=(wrapper-musl "$work/exec_only-musl" "$work/exit_only" "${state[@]}" --)
fi
series+=(alone "$work/exit_only" -- wrapper "$work/exec_only" "$work/exit_only" "${state[@]}")

