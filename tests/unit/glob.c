/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns: held to a slow matcher that tries everything, over all short patterns and names. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/tap.h"
#include "validate/base/glob.h"

static bool glob(const char *pattern, const char *name)
{
	return glob_match(bytes_of(pattern), bytes_of(name));
}

static bool tries_all(const char *p, const char *s)
{
	if (p[0] == '*' && p[1] == '*')
		return tries_all(p + 2, s) || (*s && tries_all(p, s + 1));
	if (p[0] == '*')
		return tries_all(p + 1, s) || (*s && *s != '/' && tries_all(p, s + 1));
	return *p ? *p == *s && tries_all(p + 1, s + 1) : !*s;
}

/* The n-th word over the letters, shortest first; a word of ours never ends in the slash and two stars. */
static void word(unsigned n, const char *letters, char *ret)
{
	const size_t base = strlen(letters);
	for (; n; n = (unsigned)((n - 1) / base))
		*ret++ = letters[(n - 1) % base];
	*ret = '\0';
}

static void all_short(void)
{
	unsigned wrong = 0, tried = 0;
	for (unsigned i = 0; i < 1365; i++)
		for (unsigned k = 0; k < 364; k++) {
			char pattern[16], name[16];
			word(i, "*/ab", pattern);
			word(k, "/ab", name);
			const size_t len = strlen(pattern);
			if (len >= 3 && strcmp(pattern + len - 3, "/**") == 0)
				continue;
			tried++;
			if (glob(pattern, name) != tries_all(pattern, name) && wrong++ < 5)
				printf("# %s on %s\n", pattern, name);
		}
	is_int(wrong, 0, "%u patterns and names agree with a matcher that tries everything", tried);
}

static void hostile(void)
{
	char *name = malloc(GLOB_NAME_MOST + 1);
	memset(name, 'a', GLOB_NAME_MOST + 1);
	const clock_t start = clock();
	ok(!glob_match(BYTES("**a*a*a*a*a*a*b"), (struct bytes){ name, GLOB_NAME_MOST }),
		"a hostile name does not match");
	ok((clock() - start) / CLOCKS_PER_SEC < 5, "and it does not take long");
	ok(!glob_match(BYTES("**"), (struct bytes){ name, GLOB_NAME_MOST + 1 }), "longer than a path can be: no match");
	ok(glob_match(BYTES("**"), (struct bytes){ name, GLOB_NAME_MOST }), "as long as a path can be: a match");
	free(name);
}

int main(void)
{
	ok(glob("/srv/*/cache", "/srv/ci/cache"), "a star takes a component");
	ok(!glob("/srv/*/cache", "/srv/a/b/cache"), "and not two");
	ok(glob("/srv/**/cache", "/srv/a/b/cache"), "two stars take any number");
	ok(glob("/srv/**", "/srv/a/b"), "two stars at the end take what is below");
	ok(glob("/srv/**", "/srv"), "and the directory itself");
	ok(!glob("/srv/**", "/srvx"), "and not its neighbour");
	ok(glob("registry.example.org/dcgm@sha256:*", "registry.example.org/dcgm@sha256:9f2c"), "a digest");
	ok(glob("", "") && !glob("", "a"), "nothing matches nothing alone");
	ok(glob("[a]?", "[a]?") && !glob("[a]?", "ab"), "nothing else is special");
	all_short();
	hostile();
	return tap_done();
}
