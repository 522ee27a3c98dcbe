/* SPDX-License-Identifier: Apache-2.0 */
/* From what the shim knows of a delegate to what validate/host wants to know of it. */
#include "shim/delegate_features.h"

#include "audit/places.h"

const char *features_cache(struct arena *a, const struct places *p, bool make)
{
	return !p->run_dir || dir_kept(p->run_dir, "host", make) < 0 ? NULL : arena_printf(a, "%s/host", p->run_dir);
}

struct delegate_want features_want(const struct delegate *d, const char *cache, bool ask)
{
	return (struct delegate_want){
		.name = d->runtime.name ? d->runtime.name : "",
		.dialect = d->runtime.dialect ? d->runtime.dialect->name : "",
		.path = d->path ? d->path : "",
		.argv0 = d->runtime.argv0,
		.identity = d->identity,
		.quirks = d->runtime.quirks,
		.cache = cache,
		.ask = ask,
	};
}
