/* SPDX-License-Identifier: Apache-2.0 */
/* The one word for which libcap is asked. */
#include "validate/rule/predicates.h"

#include <sys/capability.h>

#define NAME_MOST 64

/*
 * The names of capabilities(7): upper case, with CAP_. libcap compares without regard to case, the delegates do not;
 * and it takes numbers too.
 */
static bool holds_capability(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	char name[NAME_MOST];
	cap_value_t value;
	if (!bytes_start(d->string, "CAP_") || d->string.len >= sizeof(name))
		return false;
	memcpy(name, d->string.data, d->string.len);
	name[d->string.len] = '\0';
	for (const char *p = name; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			return false;
	return cap_from_name(name, &value) == 0;
}

const struct predicate be_a_capability = {
	.says = "be the name of a capability such as CAP_NET_BIND_SERVICE",
	.judges = DOC_STRING,
	.holds = holds_capability,
};
