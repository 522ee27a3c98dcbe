/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a fingerprint is made of, beside config.json: whoever makes one of a container on this machine asks here, so
 * that all make the same. The image stands in no config.json of Docker's, Podman's or ctr's; it is, as the first of
 * these is known:
 *
 *	the digest that the context has   "sha256:…": CRI, CRI-O, nerdctl by their annotations, Docker by its own file
 *	the layers that the rootfs is of  "layers:…": SHA-256 of the lower directories, joined by colons, of the overlay
 *	                                  that is mounted there. They are named by this machine's store: the same
 *	                                  image has others elsewhere, and after it was removed and fetched anew
 *	nothing                           no overlay, or not mounted yet: then a change of the image is not seen unless
 *	                                  it changes the document
 */
#pragma once

#include "validate/fingerprint/fingerprint.h"

#define LAYERS "layers:"

/* A container, or a bundle of one. */
struct started {
	const struct doc *config;
	const struct doc *context; /* validate/policy/context.h; NULL: not known */
	const char *id, *bundle;   /* NULL: not known */
	int root;                  /* O_PATH descriptor of "/"; -1: no mount is looked at */
};

/* What is left out there is empty here. 0 or -ENOMEM. */
int started_of(struct arena *a, const struct started *s, struct fingerprint_of *ret);
