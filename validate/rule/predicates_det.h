/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vocabulary of the controls that make a container the same twice (det.*). One row may find several faults, of
 * which each is a clause of the same sentence; what of a value may not be shown (a variable's) is not: names in a
 * sentence are the policy's own.
 */
#pragma once

#include "validate/rule/control.h"

/* predicates_det.c has all of them; the files named beside them judge */
extern const struct predicate be_the_pinned_image;     /* the document; det_image */
extern const struct predicate write_only_outputs;      /* an entry of mounts; det_mounts */
extern const struct predicate set_what_is_required;    /* process; det_env */
extern const struct predicate carry_nothing_by_chance; /* NAME=value of the process; det_env */
extern const struct predicate have_fixed_cpus;         /* the document; det_cpu */
extern const struct predicate run_on_the_pinned_cpu;   /* the document; det_cpu */
extern const struct predicate run_in_real_time;        /* the document; det_realtime */
extern const struct predicate have_fixed_memory;       /* the document; det_cpu */
extern const struct predicate be_alone;                /* the document; det_apart */
extern const struct predicate have_no_peer;            /* the document; det_apart */
extern const struct predicate have_fixed_addresses;    /* the document; det_apart */
extern const struct predicate have_a_fixed_user;       /* the document; det_apart */
extern const struct predicate name_its_devices;        /* the document; det_devices */
extern const struct predicate have_the_pinned_sysctls; /* the document; det_apart */
extern const struct predicate run_on_the_pinned_host;  /* the document; det_host */
extern const struct predicate be_recorded;             /* the document: never kept, only told; det_host */
extern const struct predicate be_out_of_reach;         /* the document: the same; text: what */

/* What is wrong, as it is found. */
struct det_faults {
	const struct rule *rule;
	const struct facts *facts;
	const struct doc *at; /* where the first of them is best shown; NULL: at the value itself */
	struct text *to;      /* where the clauses go; NULL: they are only counted */
	unsigned count;
};

/* One more: a clause, "TZ is not UTC". at: NULL, or a place in the document. */
void det_fault(struct det_faults *x, const struct doc *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, with a name from the policy in the clause. */
void det_fault_named(struct det_faults *x, const struct doc *at, struct bytes name, const char *clause);

/* What judges: `d` is the document (or its process, of an exec), or the entry of a list. */
void det_image(struct det_faults *x, const struct doc *d);
void det_mount(struct det_faults *x, const struct doc *d);
void det_required(struct det_faults *x, const struct doc *d);
void det_forbidden(struct det_faults *x, const struct doc *d);
void det_cpus(struct det_faults *x, const struct doc *d);
void det_isa(struct det_faults *x, const struct doc *d);
void det_realtime(struct det_faults *x, const struct doc *d);
void det_memory(struct det_faults *x, const struct doc *d);
void det_apart(struct det_faults *x, const struct doc *d);
void det_network(struct det_faults *x, const struct doc *d);
void det_addresses(struct det_faults *x, const struct doc *d);
void det_user(struct det_faults *x, const struct doc *d);
void det_devices(struct det_faults *x, const struct doc *d);
void det_sysctls(struct det_faults *x, const struct doc *d);
void det_host(struct det_faults *x, const struct doc *d);
void det_recorded(struct det_faults *x, const struct doc *d);
void det_unreachable(struct det_faults *x, const struct doc *d);

/* The value of the last NAME=value of that name; .data is NULL when there is none. */
struct bytes det_variable(const struct doc *process, struct bytes name);

/* Whether the document has a device of NVIDIA's, or asks for one. */
bool det_has_gpu(const struct doc *root, const struct doc *process);
