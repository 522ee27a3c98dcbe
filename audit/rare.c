/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One reading of a directory of half a dozen entries. It is a look, not a promise: what another process puts there a
 * moment later, the next record comes upon. Whoever acts on what was seen opens the file by its own rules.
 */
#include "audit/rare.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "validate/base/ours.h"

#define READS_MOST 64 /* of a directory that somebody has filled */

/* As getdents64(2) has it; not every C library tells. */
struct dirent_kernel {
	uint64_t inode;
	int64_t next;
	unsigned short size;
	unsigned char type;
	char name[];
};

static void see(struct rare *r, const char *name)
{
	const struct {
		const char *name;
		bool *seen;
	} all[] = {
		{ "chain", &r->spill },
		{ "journal-slow", &r->slow },
		{ "unconfirmed", &r->unconfirmed },
		{ "audit-gap", &r->gap },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(name, all[i].name) == 0)
			*all[i].seen = true;
}

/* One part of the directory. How much it was, 0 at the end, negative when it cannot be read. */
static long see_part(int dir, struct rare *r)
{
	_Alignas(struct dirent_kernel) char part[1024];
	const long n = syscall(SYS_getdents64, dir, part, sizeof(part));
	for (long at = 0; at < n;) {
		const struct dirent_kernel *d = (const struct dirent_kernel *)(const void *)(part + at);
		see(r, d->name);
		at += d->size;
	}
	return n;
}

void rare_look(const char *run_dir, struct rare *ret)
{
	const int dir = dir_kept(run_dir, NULL, false);
	long n = 1;

	*ret = (struct rare){ 0 };
	if (dir < 0)
		return;
	if (lseek(dir, 0, SEEK_SET) != 0)
		n = -1;
	for (int reads = 0; n > 0; reads++)
		n = reads < READS_MOST ? see_part(dir, ret) : -1;
	if (n < 0)
		*ret = (struct rare){ true, true, true, true };
}
