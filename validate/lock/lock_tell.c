/* SPDX-License-Identifier: Apache-2.0 */
/* Differences between two locks, in words. */
#include "validate/lock/lock_parts.h"

static void add(struct text *to, const char *before, struct bytes value)
{
	text_add(to, before);
	text_bytes(to, value);
}

/* A list, by what was added and what was taken away. */
static void tell_list(const struct lock_difference *d, struct text *to)
{
	if (d->is.len == 0 && d->was.len == 0) {
		text_add(to, "is not as it was");
		return;
	}
	if (d->is.len > 0)
		add(to, "has ", d->is);
	if (d->was.len > 0)
		add(to, d->is.len > 0 ? ", and no longer " : "no longer has ", d->was);
}

void lock_tell(const struct lock_difference *d, struct text *to)
{
	switch (d->change) {
	case LOCK_FORM:
		text_add(to, "is ");
		text_bytes(to, d->is);
		add(to, " here, and was ", d->was);
		text_add(to, ": the two cannot be compared");
		return;
	case LOCK_GONE:
		text_add(to, "is gone");
		if (d->was.len > 0)
			add(to, ", and was ", d->was);
		return;
	case LOCK_NEW:
		text_add(to, "is new");
		if (d->is.len > 0)
			add(to, ": ", d->is);
		return;
	case LOCK_OTHER:
		break;
	}
	if (d->list) {
		tell_list(d, to);
		return;
	}
	if (d->is.len > 0)
		add(to, "is ", d->is);
	if (d->was.len > 0)
		add(to, d->is.len > 0 ? ", and was " : "was ", d->was);
	if (d->is.len == 0 && d->was.len == 0)
		text_add(to, "is not as it was");
}
