/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the host's and the delegate's documents say, with "nobody knows" as an answer of its own: private to validate.
 * Nothing here takes a member that is absent for a statement.
 */
#pragma once

#include "validate/rule/around.h"

enum known { UNKNOWN, NO, YES };

/* Whether a list of strings (NULL: not known) has the word. */
enum known known_entry(const struct doc *list, struct bytes word);

/* What a boolean says. */
enum known known_true(const struct doc *boolean);

/* Whether the host's kernel is older than that release: kernel.release, "6.1.0-18-amd64". */
enum known known_older_kernel(const struct facts *f, unsigned major, unsigned minor);

/* A member of what the delegate prints of itself, "linux.seccomp.actions"; NULL when that is not known. */
const struct doc *known_feature(const struct facts *f, const char *path);

/* Whether the delegate has a quirk: see runtimes.d. */
bool known_quirk(const struct facts *f, const char *quirk);

/* Whether the delegate's dialect is one of these (closed by NULL). */
bool known_dialect(const struct facts *f, const char *const *dialects);

/* Whether a dotted version (1.8.1, 1.1.5+ds1) is lower than another: by its numbers alone. */
bool known_lower(struct bytes version, const char *than);

/* Where `at` stands in a config.json, as rows have it: "mounts[].options[]", "process.scheduler". */
void known_place(const struct facts *f, const struct doc *at, struct text *to);

/* "runc 1.1.5", "runc", "the delegate". */
void say_delegate(const struct facts *f, struct text *to);

/* "cpu, memory and pids" of a list of strings, cut after some; "none" when there are none. */
void say_list(const struct doc *list, struct text *to);

/* "this host has cgroup v2"; "this host mixes cgroup v1 and v2". */
void say_mode(const struct facts *f, struct text *to);

/* A string of the host's: a kernel's release, a list of CPUs; made fit to be shown. */
void say_bytes(struct bytes b, struct text *to);
