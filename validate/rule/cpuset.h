/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of CPUs and memory nodes as the kernel writes them: "0-3,7". Private to validate. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "validate/base/bytes.h"

/* How many are in the list; 0 for an empty one and one that is none. */
uint64_t cpuset_count(struct bytes list);

/* Whether the two lists have any in common; false where one of them is empty or ill-formed. */
bool cpuset_meets(struct bytes a, struct bytes b);

/* Whether `have` has all of `wanted`. An ill-formed or empty `have` is not known to lack anything. */
bool cpuset_has(struct bytes have, struct bytes wanted);
