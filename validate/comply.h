/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compliance map: what of the runtime-spec a delegate does on a host, a line for each feature, and what is known
 * that says so. A line about a property of config.json is found out by building the least document that uses it and
 * holding that against the host and the delegate with the rows that judge containers; its yes has to be said by
 * something as well: the delegate's features, a release that is known to have brought it, or the release of the
 * specification that the delegate says it keeps to. Without such a word the line is unknown, which is no status of
 * the delegate but one of our knowledge, and is counted apart.
 *
 * Lines that only a running container can show are added by whoever runs one (ctl/probe.h).
 */
#pragma once

#include "validate/report.h"

enum comply { COMPLY_UNKNOWN, COMPLY_NONE, COMPLY_PARTIAL, COMPLY_FULL, COMPLY_MAX };

/* The map's parts, in its order. */
enum comply_section {
	COMPLY_FIELDS,
	COMPLY_NAMESPACES,
	COMPLY_CGROUPS,
	COMPLY_SECURITY,
	COMPLY_USERS,
	COMPLY_ROOTFS,
	COMPLY_MOUNTS,
	COMPLY_STATES,
	COMPLY_OPERATIONS,
	COMPLY_PROCESS,
	COMPLY_STREAMS,
	COMPLY_SECTIONS,
};

/* What says so. */
struct comply_evidence {
	const char *kind; /* "rule", "features", "release", "host", "probe", "quirk", "spec" */
	const char *says;
	const struct comply_evidence *next;
};

struct comply_line {
	enum comply_section section;
	const char *name;   /* "linux.resources.memory.limit", "a hook that fails stops the create" */
	const char *place;  /* of config.json; NULL: it is about no property */
	const char *spec;   /* "config-linux.md#memory" */
	enum comply status;
	const struct comply_evidence *evidence;
	struct comply_line *next;
};

struct comply_map {
	const struct doc *host, *delegate; /* validate/host/host.h, delegate.h; NULL: unknown */
	struct comply_line *lines, *last;
};

/* A least document that uses the properties at and below a place. */
struct comply_sample {
	const char *under; /* the place; the longest that is a property's or above it counts */
	const char *patch; /* what it adds to an ordinary config.json, with ' for ", and @ for one of the words */
	const char *const *words; /* values that are tried one after the other; NULL: there is no @ */
	bool each;          /* every word is a feature of its own, and a line */
	const char *host;   /* member of the host document without which nothing can be said; NULL: rows name theirs */
	bool of_delegate;   /* what the host has of it depends on the value, and tells nothing of others */
};

/* All of them, closed by a NULL .under. */
extern const struct comply_sample comply_samples[];

/* "full", "partial", "none", "unknown". */
const char *comply_name(enum comply c);

/* "Configuration fields", "State machine". */
const char *comply_section_name(enum comply_section s);

/* Adds a line, without evidence. NULL when memory is used up. */
struct comply_line *comply_add(struct arena *a, struct comply_map *m, const struct comply_line *line);

/* Adds to what says so; the text is copied. 0, or -ENOMEM. */
int comply_say(struct arena *a, struct comply_line *line, const char *kind, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The document that tries a sample with one of its words (NULL: the first), as text. 0, or a negative errno. */
int comply_config(struct arena *a, const struct comply_sample *s, const char *word, struct bytes *ret,
		  struct fail *reterr);

/*
 * The ordinary config.json with the members of a patch (written as those of samples) in the place of its own. 0; or a
 * negative errno.
 */
int comply_patched(struct arena *a, const char *base, const char *patch, struct bytes *ret, struct fail *reterr);

/*
 * Adds a line for every property of config.json, in the order of the rows. m->host and m->delegate are set. 0, or
 * a negative errno with *reterr.
 */
int comply_fields(struct arena *a, struct comply_map *m, struct fail *reterr);
