/* SPDX-License-Identifier: Apache-2.0 */
/* What the normal fingerprint replaces, and the text that it is of: private to validate/fingerprint and its tests. */
#pragma once

#include "validate/fingerprint/canonical.h"
#include "validate/fingerprint/fingerprint.h"

/* Where a value stands, as far as it matters for what is replaced in it. Bits, so that a row can name several. */
enum zone {
	ZONE_OTHER = 1 << 0,
	ZONE_ROOT = 1 << 1,       /* root.path */
	ZONE_SOURCE = 1 << 2,     /* mounts[].source */
	ZONE_HOOK = 1 << 3,       /* hooks: path, args, env */
	ZONE_CGROUP = 1 << 4,     /* linux.cgroupsPath */
	ZONE_NAMESPACE = 1 << 5,  /* linux.namespaces[].path */
	ZONE_ANNOTATION = 1 << 6,
	ZONE_HOSTNAME = 1 << 7,
	ZONE_ENV = 1 << 8,        /* process.env */
	ZONE_LABEL = 1 << 9,      /* SELinux labels, and mount options, which may hold one */
};
#define ZONE_PATHS (ZONE_ROOT | ZONE_SOURCE | ZONE_HOOK | ZONE_NAMESPACE | ZONE_ANNOTATION)
#define ZONE_ALL 0xffffu

/* A place that has a zone: a name below a member of the first level; top NULL: any. */
struct zone_row {
	const char *top, *name;
	enum zone zone;
};

/*
 * A form by which something drawn by lot is known where it stands: components of a path. In braces hex64, hex12, uuid,
 * number (and pid: one that is not 1): that is what is replaced. A component may begin with "*".
 */
struct form_row {
	unsigned zones;
	const char *form, *mark, *why;
};

/* An annotation that is replaced whole; a key that ends in "*" is any that begins so. */
struct annotation_row {
	const char *key, *mark, *why;
};

/* A word of the start at hand (its id, its sandbox's …): how it is known, and where it is replaced. */
enum word {
	WORD_BUNDLE,
	WORD_ID,         /* drawn by lot: 64 hex digits, and so it is replaced wherever it stands */
	WORD_ID_SHORT,   /* 12 and more of its first digits, as a whole value */
	WORD_ID_CHOSEN,  /* any other id: a word that may mean something elsewhere */
	WORD_SANDBOX,
	WORD_POD_UID,
	WORD_POD_UID_SLICE, /* with underscores, as systemd's slices have it */
	WORD_POD_NAME,
	WORD_HOST_NAME,
	WORD_MAX,
};
enum bound {
	BOUND_NONE,  /* wherever it stands */
	BOUND_PATH,  /* whole components of a path, from its beginning */
	BOUND_PIECE, /* between slashes and colons */
	BOUND_WHOLE, /* the whole value; in env what is behind HOSTNAME= (for the short id: any name) */
};
struct word_row {
	unsigned zones;
	enum bound bound;
	bool own; /* what it names is the container's or its pod's own */
	const char *what, *mark, *why;
};

extern const struct zone_row normal_zones[];            /* closed by a NULL name */
extern const struct form_row normal_forms[];            /* at most 64; closed by a NULL form */
extern const struct annotation_row normal_annotations[]; /* closed by a NULL key */
extern const struct word_row normal_words[WORD_MAX];

/* A document on its way to the normal form. */
struct normal {
	const struct fingerprint_of *of;
	struct bytes words[WORD_MAX]; /* empty: there is none */
	struct bytes top;             /* the member of the first level that is being written */
	bool own_name;                /* it has a uts namespace of its own */
	uint64_t forms[32];           /* rows of normal_forms, by the last five bits of what a component begins with */
};

/* What there is to be replaced; a is for what is not in the document as it is replaced. 0 or -ENOMEM. */
int normal_begin(struct arena *a, const struct fingerprint_of *of, struct normal *ret);

/* The whole of it; digest as struct canonical has it. 0, -EINVAL or -ENOMEM as canonical_write. */
int normal_write(struct normal *n, struct text *to, struct digest *digest);

/* A string with its quotes, and what is replaced in it there. Returns whether something of the container's own was. */
bool normal_string(const struct normal *n, enum zone zone, struct bytes s, struct text *to);

/*
 * Mounts in an order that does not depend on who wrote them down, or as they are where that could mean something else.
 * NULL when memory is used up; closed by a NULL.
 */
const struct doc **normal_mounts(struct arena *a, const struct doc *mounts);

/* What a list or an object has in it, in that order; NULL as above. */
const struct doc **normal_sorted(struct arena *a, const struct doc *list,
				 int (*order)(const struct doc *a, const struct doc *b));

/* Environment by names; variables of the same name stay in their order. NULL as above. */
const struct doc **normal_env(struct arena *a, const struct doc *env);

/* An id of the host's, of an id mapping: whether it is of a range that hosts hand out, and not of this one's users. */
bool normal_assigned(const struct doc *host_id);
