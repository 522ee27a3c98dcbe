/* SPDX-License-Identifier: Apache-2.0 */
/* Private to validate/lock. */
#pragma once

#include "validate/base/limits.h"
#include "validate/base/text.h"
#include "validate/lock/lock.h"

#define SALT_DIGITS 32u
#define SALTED "salted:"

/* Which document it is whose fields are meant. */
enum fields_of { FIELDS_CONFIG, FIELDS_POSTURE };

/*
 * Adds a member to `to` (made) for every field of d, in its order. Values that their rows do not let be shown become
 * "salted:" and digits. 0; -E2BIG once there are more than LIMIT_LOCK_FIELDS; -EINVAL where a value has no canonical
 * form; or -ENOMEM.
 */
int lock_fields(struct arena *a, const struct doc *d, enum fields_of of, struct bytes salt, struct doc *to);
