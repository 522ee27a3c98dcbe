/* SPDX-License-Identifier: Apache-2.0 */
/* Which tables there are. A dialect is a grammar, not a program: several programs may speak one. */
#include "shim/dialect.h"

#include <string.h>

const struct dialect *const dialects[] = { &dialect_crun, &dialect_runc, &dialect_runsc, &dialect_youki, NULL };

const struct dialect *dialect_find(const char *name)
{
	for (size_t i = 0; dialects[i]; i++)
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	return NULL;
}

bool verb_judged(enum oci_verb v)
{
	return v == VERB_CREATE || v == VERB_RUN || v == VERB_RESTORE || v == VERB_EXEC || v == VERB_UPDATE;
}
