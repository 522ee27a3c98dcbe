/* SPDX-License-Identifier: Apache-2.0 */
/* Which container is meant: by a word of it, or by its process. */
#include "ctl/boundary/boundary.h"
#include "ctl/container.h"

int which_container(struct arena *a, int top, const struct wanted *w, struct running *ret)
{
	struct running_list all;
	const char *why;

	if (w->container)
		return container_find(a, w->container, w->root, ret, &why) == 0 ? CTL_GOOD
										: trouble("%s: %s", w->container, why);
	if (running_list(a, top, true, &all) < 0)
		return trouble("no memory");
	*ret = (struct running){ .id = "", .root = "", .runtime = "", .state = RUNNING_YES };
	for (size_t i = 0; i < all.count; i++)
		if (all.of[i].pid == w->pid && container_below(&all.of[i], w->root))
			*ret = all.of[i];
	ret->pid = w->pid;
	return CTL_GOOD;
}
