/* SPDX-License-Identifier: Apache-2.0 */
/* Device nodes that config.json asks for, as they are. Nothing is opened that a driver would notice. */
#include <stdio.h>
#include <sys/stat.h>

#include "validate/host/boundary_parts.h"
#include "validate/rule/around.h"

static void tell(struct boundary *b, const struct sight *s, struct doc *to)
{
	const char *type = S_ISCHR(s->mode) ? "c" : S_ISBLK(s->mode) ? "b" : S_ISFIFO(s->mode) ? "p" : NULL;
	uint64_t id;
	make_string(b->arena, to, "kind", type ? BYTES("device") : BYTES("other"));
	if (!type)
		return;
	make_string(b->arena, to, "type", bytes_of(type));
	if (!S_ISFIFO(s->mode)) {
		make_uint(b->arena, to, "major", s->major);
		make_uint(b->arena, to, "minor", s->minor);
	}
	make_uint(b->arena, to, "mode", s->mode & 07777);
	if (boundary_inside(&b->uids, s->uid, &id))
		make_uint(b->arena, to, "uid", id);
	if (boundary_inside(&b->gids, s->gid, &id))
		make_uint(b->arena, to, "gid", id);
}

void boundary_devices(struct boundary *b)
{
	const struct doc *e = around_first(doc_get(b->of->config, "linux"), "devices");
	struct doc *to = e && b->top ? make_object(b->arena, b->to, "devices") : NULL;
	for (uint32_t i = 0; to && e && i < BOUNDARY_ASKED; e = e->next, i++) {
		const struct bytes path = boundary_plain(b, around_string(e, "path"));
		char pointer[48];
		struct sight s;
		boundary_see(b, path, true, &s);
		if (s.what == SIGHT_UNKNOWN || (s.what == SIGHT_THERE && !s.looked))
			continue;
		(void)snprintf(pointer, sizeof(pointer), "/linux/devices/%u", i);
		struct doc *one = make_object(b->arena, to, pointer);
		if (s.what == SIGHT_THERE)
			tell(b, &s, one);
		else
			make_string(b->arena, one, "kind", BYTES("none"));
	}
}
