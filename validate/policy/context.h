/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who calls, for which container of which engine, as a document; and how far each of it can be believed.
 *
 *	{ "engine": "docker" | "containerd-cri" | "containerd" | "cri-o" | "podman" | "buildah" | "buildkit" |
 *	            "nerdctl",
 *	  "verb": "create", "rootless": false, "bundle": "/run/…", "root": "/run/docker/…",
 *	  "container": { "id", "name", "type": "container" | "sandbox" },
 *	  "pod": { "namespace", "name", "uid", "sandbox" },
 *	  "image": { "ref", "digest" }, "labels": { … }, "annotations": { … },
 *	  "caller": { "uid", "exe", "unit", "pid" },
 *	  "managed": ["/var/lib/docker/containers/ID/hosts"…] globs of paths that the engine gives a container,
 *	  "posture": { … } of the container at create, for exec and update; absent: not known,
 *	  "trust": { "engine": "place", "pod": "engine", "labels": "claim", … } }
 *
 * Trust is one word for each top-level member: "kernel" (asked of the kernel), "place" (a path that only root can have
 * made), "engine" (written by the engine over whatever the user said), "claim" (a user may have said it). A claim may
 * only tighten.
 */
#pragma once

#include "validate/doc/doc.h"
