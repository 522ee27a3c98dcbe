/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces that a process is in. */
#pragma once

#include "validate/host/probe.h"

/* Whether the document joins namespaces, so that those that there are will be compared. */
bool probe_joins(const struct probe *p);

/* Adds { "pid": { device, inode } … } of the links in that directory, "proc/self/ns". */
void probe_add_namespaces(struct probe *p, struct doc *to, const char *directory);
