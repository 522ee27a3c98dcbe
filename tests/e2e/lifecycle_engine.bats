#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sandbox: runc
# sanitized: no, because steps of a life wait for no lock, and twelve slow ones at once miss it; lifecycle.bats is sanitized
# A dozen containers of containerd's and of Docker's, made at once, and the engine restarted while they run: what is asked of
# them afterwards is tied to the create of each.

load ../lib/e2e
load ../lib/engines

setup_file() {
	image_import
	containerd_start
}

teardown_file() {
	daemon_stop dockerd
	daemon_stop containerd
}

setup() { rm -rf /var/log/runvet; }

# tied ACTION…: each of twelve containers has its records of these actions, all with the id of its own create. A step waits for nobody:
# where others hold the chain's lock all the time that it tries, the journal alone has it.
tied() {
	local action
	is "$(records 'select(.event.code == "create.allowed") | .id' | sort -u | wc -l)" 12 creates
	journalctl --sync
	{
		cat "$CHAIN"
		journalctl --quiet --all --output=json SYSLOG_IDENTIFIER=runvet | jq -c '{ id: .RUNVET_RECORD, event: { code: .RUNVET_EVENT },
			action: .RUNVET_ACTION, container: { id: .RUNVET_CONTAINER_ID }, create_id: .RUNVET_CREATE_RECORD, journal: true }'
	} >/tmp/told
	for action; do
		# shellcheck disable=SC2016  # jq's variables
		is "$(jq -s --arg action "$action" '
			(map(select(.event.code == "create.allowed" and (.journal | not)) | { key: .container.id, value: .id }) | from_entries) as $creates |
			map(select(.action == $action and .create_id and .create_id == $creates[.container.id]) | .container.id) | unique | length' /tmp/told)" 12 \
			"containers whose $action is tied to their create"
		# shellcheck disable=SC2016
		(($(records 'select(.action == $action) | .container.id' --arg action "$action" | sort -u | wc -l) >= 6)) || {
			echo "less than half of $action in the chain"
			return 1
		}
	done
	is "$(records 'select(.event.code | startswith("container.")) | select(.create_id == null)')" "" "steps that are tied to nothing"
	chain_holds
	is "$(grep -rlaF hunter2 /var/log/runvet /run/runvet)$(journalctl --all --output=export SYSLOG_IDENTIFIER=runvet | grep -aF hunter2)" "" secrets
}

ctr_start() { ctr run --detach --env TOKEN=hunter2 --label token=hunter2 --annotation token=hunter2 --runc-binary "$VETTED" "$IMAGE" "c$1" /bin/sleep 300; }
ctr_kill() { ctr task kill --signal SIGKILL "c$1"; }
ctr_gone() { wait_for 20 eval "! ctr task ls | grep -q '^c$1 .*RUNNING'"; }
ctr_remove() { ctr task rm "c$1" && ctr container rm "c$1"; }

@test "containerd" {
	together 12 ctr_start
	tied start
	daemon_stop containerd
	containerd_start
	is "$(ctr task ls | grep -c RUNNING)" 12 "running after the restart"
	together 12 ctr_kill
	together 12 ctr_gone
	together 12 ctr_remove
	tied start kill delete
	is "$(records 'select(.action == "kill") | .signal' -r | sort -u)" SIGKILL
	is "$(records 'select(.action == "delete") | [.engine.name, .engine.trust] | join(" ")' -r | sort -u)" "containerd place"
}

docker_run() { "$DOCKER" run --detach --env TOKEN=hunter2 --label token=hunter2 --name "d$1" --runtime vetted --network=none bb:latest /bin/sleep 300; }
docker_remove() { "$DOCKER" rm --force "d$1"; }

@test "Docker, with live-restore" {
	mkdir -p /etc/docker
	docker_start
	jq '. + {"live-restore": true}' /etc/docker/daemon.json >/tmp/daemon.json
	mv /tmp/daemon.json /etc/docker/daemon.json
	docker_restart
	together 12 docker_run
	docker_restart
	is "$("$DOCKER" ps --quiet | wc -l)" 12 "running after the restart"
	together 12 docker_remove
	tied start kill delete
	is "$(records 'select(.action == "kill") | [.container.image.name, .identity_source] | join(" ")' -r | sort -u)" "bb:latest docker"
}

docker_restart() {
	daemon_stop dockerd
	daemon_start dockerd dockerd --config-file /etc/docker/daemon.json
	wait_for 120 docker_answers
}
