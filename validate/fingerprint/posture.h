/* SPDX-License-Identifier: Apache-2.0 */
/* What confines a container, and the text that its posture's fingerprint is of: private to validate/fingerprint. */
#pragma once

#include "validate/fingerprint/normal.h"

/* A document on its way to its posture. */
struct posture {
	struct arena *arena;
	struct normal *normal;
	struct digest *digest; /* as struct canonical has it, but between rows alone: a row may take its own back */
};

/* How a field is written: what it comes to, and nothing where it comes to nothing. */
enum posture_as {
	AS_IT_IS, /* any value, canonical; but 0, false, "", and what is empty are left out */
	AS_LIMIT, /* a number above 0: engines write 0 and -1 for "none" */
	AS_SET,   /* strings and numbers, sorted, each once */
	AS_LABEL, /* of SELinux, without the categories that are drawn by lot */
	AS_OWN,   /* of its own: .write */
};

struct posture_row {
	const char *key;  /* in the object of what confines; rows are sorted by it */
	const char *path; /* in config.json */
	enum posture_as as;
	/* d may be NULL. 1 when it wrote a value, 0 when there is nothing to write, or a negative errno. */
	int (*write)(struct posture *p, const struct doc *d, struct text *to);
	const char *why;
};

extern const struct posture_row posture_rows[]; /* closed by a NULL key */

/* The object. 0, -EINVAL or -ENOMEM. */
int posture_write(struct posture *p, struct text *to);

/* The writers of rows that are longer; as .write. */
int posture_mounts(struct posture *p, const struct doc *d, struct text *to);
int posture_seccomp(struct posture *p, const struct doc *d, struct text *to);
int posture_namespaces(struct posture *p, const struct doc *d, struct text *to);
int posture_mappings(struct posture *p, const struct doc *d, struct text *to);
int posture_annotations(struct posture *p, const struct doc *d, struct text *to);
int posture_capabilities(struct posture *p, const struct doc *d, struct text *to);
int posture_hooks(struct posture *p, const struct doc *d, struct text *to);
int posture_propagation(struct posture *p, const struct doc *d, struct text *to);
int posture_rlimits(struct posture *p, const struct doc *d, struct text *to);
int posture_root(struct posture *p, const struct doc *d, struct text *to);
int posture_user(struct posture *p, const struct doc *d, struct text *to);
int posture_device_rules(struct posture *p, const struct doc *d, struct text *to);

/* What is in a list, sorted (strings by their bytes, numbers by size, others by their text), each once; as .write. */
int posture_set(struct posture *p, const struct doc *list, struct text *to);

/* A comma where something stands before, and the name. */
void posture_member(struct text *to, const char *name);
