/* SPDX-License-Identifier: Apache-2.0 */
/* The reading of policy files, by parts: private to validate/policy. Whoever meets a fault notes it and goes on. */
#pragma once

#include "validate/policy/policy_parts.h"

struct loading {
	struct arena *arena;
	struct policy *policy;
	struct library *library;
	const struct policy_file *file; /* that is being read */
	const struct policy_fault *faults, **faults_end;
	size_t fault_count;
	const struct place_node *places; /* of config.json, once a custom rule asked */
	bool failed;                     /* no memory */
};

/* Notes a fault at a value of l->file. */
void fault_at(struct loading *l, const struct doc *at, const char *rule, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The string of that member in the arena; NULL when it has none. */
const char *read_text(struct loading *l, const struct doc *object, const char *name);

/* A mode member; `otherwise` when it has none. */
enum mode read_mode(const struct doc *object, enum mode otherwise);

/* Each reads its members of every file, in order. */
void read_switches(struct loading *l);
void read_custom(struct loading *l);
void read_profiles(struct loading *l);
void read_selection(struct loading *l);
void read_exemptions(struct loading *l);

/* Adds a custom rule; false when the library was not made with room for it. */
bool library_add(struct library *lib, const struct control *c);

/* Says "did you mean NAME?" of the control that the id was meant for, or nothing. */
void library_near(const struct library *lib, struct bytes id, struct text *to);

/* The settings of a profile's "rules"; what is wrong with them is a fault of l->file. */
void read_settings(struct loading *l, const struct doc *rules, struct profile *ret);

/* The profile that a string names; NULL, with a fault, when there is none. `mode` is the most that comes of it. */
struct profile *read_profile_name(struct loading *l, const struct doc *at, enum mode mode);

/* What is wrong with the names of facts in conditions. */
void judge_conditions(struct loading *l, const struct doc *when);
