/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A shim's flags have one dash and stand before everything else ("-namespace N -address A -publish-binary B -id ID
 * start", later the same with "-bundle D" and delete); no runtime takes one of these as its first word. -v and -debug
 * mean something to runtimes as well, so they count only when our name is a shim's.
 */
#include "shim/runtime_path.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "shim/refuse.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

#define SHIM "containerd-shim-runc-v2"
#define PATH_OTHERWISE "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

bool runtime_path_asked(int argc, char *const argv[], const char *name)
{
	static const char *const flags[] = { "-namespace", "-address", "-publish-binary", "-id", "-bundle", "-info",
		"-socket" };

	if (name && strncmp(name, "containerd-shim", 15) == 0)
		return true;
	for (size_t i = 0; argc > 1 && i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(argv[1], flags[i]) == 0)
			return true;
	return false;
}

/* envp with our libexec first in PATH; NULL when memory is used up. */
static char **with_path(struct arena *a, char *const envp[])
{
	const char *path = NULL;
	size_t n = 0, kept = 1;

	while (envp && envp[n]) {
		if (!path && strncmp(envp[n], "PATH=", 5) == 0)
			path = envp[n] + 5;
		n++;
	}
	char **ret = arena_array(a, n + 2, sizeof(*ret));
	if (!ret)
		return NULL;
	/* The shim hands its environment to a shim of its own: our directory need not stand there twice. */
	if (path && strncmp(path, RUNVET_LIBEXEC ":", sizeof(RUNVET_LIBEXEC)) == 0)
		ret[0] = arena_printf(a, "PATH=%s", path);
	else
		ret[0] = arena_printf(a, "PATH=%s:%s", RUNVET_LIBEXEC, path && *path ? path : PATH_OTHERWISE);
	for (size_t i = 0; i < n; i++)
		if (strncmp(envp[i], "PATH=", 5) != 0)
			ret[kept++] = envp[i];
	return ret[0] ? ret : NULL;
}

static bool ourselves(const char *path)
{
	struct stat own, other;

	return stat("/proc/self/exe", &own) == 0 && stat(path, &other) == 0 && own.st_dev == other.st_dev &&
		own.st_ino == other.st_ino;
}

/* Tries the candidates in turn; a negative errno of the last one. */
static int try_paths(struct arena *a, const struct runtime *shim, char *const argv[], char *const envp[])
{
	size_t argc = 0;
	int r = -ENOENT;

	while (argv[argc])
		argc++;
	char **words = arena_array(a, (argc > 0 ? argc : 1) + 1, sizeof(*words));
	if (!words)
		return -ENOMEM;
	for (size_t i = 1; i < argc; i++)
		words[i] = argv[i];
	for (const char *const *path = shim->paths; path && *path; path++) {
		if (ourselves(*path))
			continue;
		words[0] = arena_copy(a, bytes_of(*path));
		if (!words[0])
			return -ENOMEM;
		(void)execve(*path, words, envp);
		r = -errno;
		if (r != -ENOENT)
			break;
	}
	return r;
}

int runtime_path_exec(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], char *const envp[])
{
	const struct request none = { .verb = VERB_NONE };
	struct runtime shim = { 0 };
	char line[LIMIT_REFUSAL + 1];
	struct text to = text_over(line, sizeof(line));

	/* A broken file of runtimes.d still leaves the compiled-in entry: shims have to be able to delete. */
	(void)runtime_find(a, dirs, SHIM, &shim, NULL);
	char **env = with_path(a, envp);
	const int r = env ? try_paths(a, &shim, argv, env) : -ENOMEM;
	text_printf(&to, "runvet: " SHIM " cannot be started: %s [runtime.installed]", errno_words(r));
	return refuse(&none, line);
}
