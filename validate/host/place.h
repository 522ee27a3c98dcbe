/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probes of places: what is there at a path that the document at hand names. One function per question (ASK_ROOTFS and
 * after); each is given the value that asks, and adds to the answer of that very place, which several may share. What
 * cannot be told is not added. They never write, never wait, and never touch what a server stands behind.
 */
#pragma once

#include "validate/host/host.h"
#include "validate/host/listed.h"
#include "validate/host/mounts.h"

/* What the probes of one document share. Starts zeroed but for the first eight. */
struct place_look {
	struct arena *arena;
	const struct host *host;
	const struct doc *config; /* what is judged, and where it stands in a config.json */
	const char *below;
	const struct doc *whole;  /* all of the config.json; NULL when that is not known */
	struct mounts mounts;     /* see mounts_get */
	struct listed *listed;    /* see listed_get; NULL from then on that mountinfo had to be read for a path */
	int kept;                 /* see kept_once */
	bool initial;             /* this machine is known to be ours, and no user namespace of it */
	struct walks *walks;      /* of validate/host/walk.h; made by the first probe */
};

void place_rootfs(struct place_look *l, const struct doc *value, struct doc *answer);
void place_source(struct place_look *l, const struct doc *value, struct doc *answer);
void place_destination(struct place_look *l, const struct doc *value, struct doc *answer);
void place_hook(struct place_look *l, const struct doc *value, struct doc *answer);
void place_hook_above(struct place_look *l, const struct doc *value, struct doc *answer);
void place_hook_digest(struct place_look *l, const struct doc *value, struct doc *answer);
void place_container_hook(struct place_look *l, const struct doc *value, struct doc *answer);
void place_namespace(struct place_look *l, const struct doc *value, struct doc *answer);
void place_node(struct place_look *l, const struct doc *value, struct doc *answer);
void place_block_device(struct place_look *l, const struct doc *value, struct doc *answer);
void place_sysctl(struct place_look *l, const struct doc *value, struct doc *answer);
void place_cwd(struct place_look *l, const struct doc *value, struct doc *answer);
void place_command(struct place_look *l, const struct doc *value, struct doc *answer);
void place_listener(struct place_look *l, const struct doc *value, struct doc *answer);
void place_cgroups_path(struct place_look *l, const struct doc *value, struct doc *answer);
void place_label(struct place_look *l, const struct doc *value, struct doc *answer);

/* Closes what the probes of one document kept open. */
void place_done(struct place_look *l);
