/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Engines by the places where they lay their bundles. Inside policy/: context.c asks, nobody else.
 */
#pragma once

#include "validate/policy/context.h"

enum engine_kind {
	ENGINE_UNKNOWN,
	ENGINE_DOCKER,
	ENGINE_CRI, /* containerd's CRI: "containerd-cri" */
	ENGINE_NERDCTL,
	ENGINE_CONTAINERD,
	ENGINE_CRIO,
	ENGINE_PODMAN,
	ENGINE_BUILDKIT,
	ENGINE_BUILDAH,
};

/* Which annotations of an engine name what; NULL: it writes none. */
struct naming {
	const char *source;                /* whose they are: "cri" */
	const char *pod_namespace, *pod_name, *pod_uid, *sandbox;
	const char *container_name, *container_type;
	const char *image, *sandbox_image; /* a reference */
	const char *image_id;              /* digest, or the id of the image without "sha256:" */
	bool image_claimed;                /* .image is nothing that the engine writes over */
};

struct engine {
	enum engine_kind kind;
	const char *name;   /* "docker" */
	/*
	 * The end of a bundle's path, name by name: ID is the container's, NS containerd's namespace, "*" stands for
	 * any run within a name.
	 */
	const char *bundle;
	const char *space;  /* NS has to be this; NULL: any */
	const char *below;  /* the bundle lies there; NULL: anywhere */
	bool root_given;    /* it always gives --root */
	const char *key, *value; /* an annotation that has to be there; NULL value: of any value */
	const char *root;   /* --root of a call that comes without a bundle, as bundle; NULL: it tells nothing */
	const struct naming *naming; /* what it writes over whatever the user said; NULL: nothing */
};

struct recognised {
	const struct engine *engine; /* NULL: none */
	struct bytes space;          /* containerd's namespace; empty: none */
	const char *state;           /* what stands before the engine's own part of the path; NULL: not known */
	const char *bundle;          /* as resolved; NULL: not known */
	bool place;                  /* only root can have put it there */
	bool own;                    /* what lies in the bundle is root's as well */
};

/* Where the call comes from; all unknown when that is nowhere known, and when memory is used up. */
struct recognised engine_recognise(struct arena *a, const struct calling *c);

/* What annotations could be meant to say under an engine that writes none: the sets of names of all that do. */
extern const struct naming *const engine_namings[];

/* The annotation of that key; empty when there is none, or none that is a string. */
struct bytes annotation_of(const struct doc *config, const char *key);

/* Whether it is fit to be a name in a path of the engine's: not empty, of [A-Za-z0-9_.-], and no ".". */
bool is_plain_name(struct bytes b);

/* Whether it is an id that an engine drew by lot: 64 hexadecimal digits. Nobody can know it beforehand. */
bool is_random_id(struct bytes b);
