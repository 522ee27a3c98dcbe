/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/host/boundary_parts.h"

void boundary_cgroup(struct boundary *b)
{
	(void)b;
}
