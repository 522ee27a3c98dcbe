/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes, as a file of runtimes.d: what is accepted is whole, what is refused says why. */
#include "shim/runtimes.h"
#include "tests/fuzz/fuzz.h"
#include "validate/base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct runtime r = { 0 };
	struct fail why = { 0 };
	if (size > LIMIT_CONF_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA);
	/* As file_read gives it: with a NUL behind the text, which is no part of it. */
	char *copy = arena_copy(&a, (struct bytes){ (const char *)data, size });
	must(copy);
	const int e = runtime_parse(&a, (struct bytes){ copy, size }, "runc", "runc.json", &r, &why);
	must(e <= 0);
	if (e < 0) {
		must(why.code == e && why.cause == CAUSE_RUNTIMES && why.says[0] && !r.name);
	} else {
		must(strcmp(r.name, "runc") == 0 && strcmp(r.file, "runc.json") == 0 && r.paths && r.priority >= 0);
		for (const char *const *path = r.paths; *path; path++)
			must((*path)[0] == '/');
		for (size_t i = 0; i < r.option_count; i++)
			must(r.options[i].name && r.options[i].name[0] != '-');
	}
	arena_done(&a);
	return 0;
}
