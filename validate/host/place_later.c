/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about places that nobody answers yet. */
#include "validate/host/place.h"

void place_rootfs(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_source(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_destination(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_hook(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_container_hook(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_namespace(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_node(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_block_device(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_sysctl(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_cwd(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_command(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_listener(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_cgroups_path(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_label(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)l, (void)value, (void)answer;
}

void place_done(struct place_look *l)
{
	(void)l;
}
