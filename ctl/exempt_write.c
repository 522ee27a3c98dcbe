/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the exemption is written. A shell makes the file behind ">" before runvetctl is there: in policy.d that is an
 * empty file of the policy, by which every judged call is refused until something stands in it. So standard output is
 * never a file of the policy, and --output writes one whole: beside its place, and then there. In policy.d only what
 * the policy can be read with.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "ctl/audit/replace.h"
#include "ctl/exempt.h"
#include "ctl/policy.h"
#include "validate/base/fd.h"

#define POLICY_D RUNVET_SITE "/policy.d"
#define MODE_WRITTEN ((mode_t)0644)

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The file of the policy that it is, by its path; NULL: none. */
static const char *policy_file_of(struct arena *a, const struct stat *st)
{
	struct stat other;
	DIR *dir;
	const char *ret = NULL;

	if (stat(RUNVET_SITE "/policy.json", &other) == 0 && same_file(st, &other))
		return RUNVET_SITE "/policy.json";
	dir = opendir(POLICY_D);
	for (struct dirent *e = dir ? readdir(dir) : NULL; e && !ret; e = readdir(dir))
		if (policy_reads(e->d_name) && fstatat(dirfd(dir), e->d_name, &other, AT_SYMLINK_NOFOLLOW) == 0 &&
			same_file(st, &other))
			ret = arena_printf(a, POLICY_D "/%s", e->d_name);
	if (dir)
		(void)closedir(dir);
	return ret;
}

int exempt_output(struct arena *a, const char *output)
{
	struct stat st;

	if (output && lstat(output, &st) == 0 && !(S_ISREG(st.st_mode) && st.st_size == 0))
		return trouble("%s is there already, and is not written over: name a file that is not there", output);
	if (output || fstat(STDOUT_FILENO, &st) < 0 || !S_ISREG(st.st_mode))
		return CTL_GOOD;
	const char *file = policy_file_of(a, &st);
	if (!file)
		return CTL_GOOD;
	if (st.st_size > 0)
		return trouble(
			"standard output is %s, a file of the policy: nothing is added to one while calls are judged "
			"by it; --output FILE writes a new one, whole",
			file);
	return trouble("standard output is %s: the shell has made it empty, and by a policy with an empty file every "
		       "judged call is refused: remove it now; --output %s writes it whole",
		file, file);
}

/* Whether the file is to lie in policy.d. */
static bool in_policy(struct arena *a, const char *output)
{
	const char *slash = strrchr(output, '/');
	const char *parent = !slash ? "."
		: slash == output   ? "/"
				    : arena_copy(a, (struct bytes){ output, (size_t)(slash - output) });
	struct stat there, st;

	return parent && stat(parent, &there) == 0 && stat(POLICY_D, &st) == 0 && same_file(&there, &st);
}

/* Whether the policy can be read with it. CTL_GOOD, or an exit code once it has complained. */
static int fits(const struct exempting *x, const char *output)
{
	const char *slash = strrchr(output, '/'), *name = slash ? slash + 1 : output;
	const struct policy *p = x->policy;

	if (!policy_reads(name))
		return trouble("%s would not be read: files of policy.d have names that end in .json", name);
	if (!policy_may_relax(p, name))
		return trouble("%s/policy.json does not list %s in mayRelax: the policy could not be read with it",
			RUNVET_SITE, name);
	for (size_t i = 0; i < x->count; i++)
		for (size_t k = 0; k < p->exempt_count; k++)
			if (strcmp(x->all[i].id, p->exempt[k].id) == 0)
				return trouble("the exemption %s is there already, in %s", p->exempt[k].id,
					p->exempt[k].from.file ? p->exempt[k].from.file->path : "the policy");
	return CTL_GOOD;
}

/* Reads the policy with what was written; what it cannot be read with does not stay. */
static int try_written(const char *output)
{
	struct opened o;
	int code = CTL_GOOD;

	if (policy_open(NULL, &o) < 0) {
		const int r = unlink(output) < 0 ? -errno : 0;
		(void)policy_print_faults(&o);
		code = r < 0 ? trouble("the policy cannot be read with %s: remove it", output)
			     : trouble("the policy cannot be read with %s: it was taken away again", output);
	}
	policy_close(&o);
	return code;
}

int exempt_write(const struct exempting *x, const char *output, struct bytes text)
{
	const bool live = output && in_policy(x->arena, output);
	int code = CTL_GOOD;

	if (!output)
		return put(text.data);
	if (live)
		code = fits(x, output);
	if (code != CTL_GOOD)
		return code;
	const int r = replace_file(output, text, MODE_WRITTEN, true);
	if (r < 0)
		return trouble("%s cannot be written: %s", output, errno_words(r));
	return live ? try_written(output) : CTL_GOOD;
}
