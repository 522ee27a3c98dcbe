/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/host/boundary_parts.h"

void boundary_inner(struct boundary *b)
{
	(void)b;
}
