/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target without a fuzzer: over the files named, and those in the directories named. Any compiler tests
 * the corpus, and an input that the fuzzer found is a regression test as soon as it lies there. Where a property
 * does not hold the target aborts, and the missing plan tells.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/tap.h"

#include <dirent.h>

static void replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END) < 0) {
		ok(false, "%s can be read", path);
		return;
	}
	const long size = ftell(f);
	rewind(f);
	/* A block of just that size, so that a sanitizer sees the byte behind it. */
	uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
	const size_t n = data && size > 0 ? fread(data, 1, (size_t)size, f) : 0;
	(void)fclose(f);
	printf("# %s\n", path);
	ok(size >= 0 && n == (size_t)size && LLVMFuzzerTestOneInput(data, n) == 0, "%s", path);
	free(data);
}

static int no_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct dirent **entries;
		const int n = scandir(argv[i], &entries, no_dot, alphasort);
		if (n < 0)
			replay(argv[i]);
		for (int k = 0; k < n; k++) {
			char path[4096];
			(void)snprintf(path, sizeof(path), "%s/%s", argv[i], entries[k]->d_name);
			replay(path);
			free(entries[k]);
		}
		if (n >= 0)
			free(entries);
	}
	ok(tap_count > 0, "there was something to replay");
	return tap_done();
}
