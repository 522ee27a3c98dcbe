/* SPDX-License-Identifier: Apache-2.0 */
/* The four tables, one file each. Only dialect.c and the tests look here; everyone else asks dialect_find. */
#pragma once

#include "shim/argv.h"

extern const struct dialect dialect_runc, dialect_crun, dialect_youki, dialect_runsc;

/* All of them, closed by NULL. */
extern const struct dialect *const dialects[];
