/* SPDX-License-Identifier: Apache-2.0 */
/* Where records go, and what is under /run/runvet. */
#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>

#include "ctl/node/doctor.h"
#include "shim/bypass.h"
#include "validate/base/fd.h"
#include "validate/base/when.h"

#define LOG "/var/log/runvet"
#define RUN "/run/runvet"
#define SPACE_LEAST ((unsigned long long)64 << 20) /* one file of the chain */

/* Whether runvet would write below that directory; a row of `s` when it would not. */
static void judge_directory(struct doctor *d, const char *path, enum symptom s)
{
	struct stat st;
	cleanup_close int fd = node_at(d->node, path, O_PATH | O_NOFOLLOW);

	if (fd == -ENOENT || (fd >= 0 && fstat(fd, &st) < 0))
		return;
	if (fd < 0 || !S_ISDIR(st.st_mode))
		doctor_add(d, s, doctor_text(d, "%s is no directory", path),
			doctor_text(d, "mv %s %s.other && mkdir -m 700 %s", path, path, path));
	else if (st.st_uid != 0 || (st.st_mode & 077))
		doctor_add(d, s,
			doctor_text(d, "%s belongs to user %u and has mode %04o", path, (unsigned)st.st_uid,
				(unsigned)st.st_mode & 07777),
			doctor_text(d, "chown root:root %s && chmod 700 %s", path, path));
}

static void judge_file(struct doctor *d, const char *path)
{
	struct stat st;

	if (node_stat(d->node, path, &st) && (!S_ISREG(st.st_mode) || st.st_uid != 0 || (st.st_mode & 077)))
		doctor_add(d, S_CHAIN_OWNER,
			doctor_text(d, "%s belongs to user %u and has mode %04o", path, (unsigned)st.st_uid,
				(unsigned)st.st_mode & 07777),
			doctor_text(d, "chown root:root %s && chmod 600 %s", path, path));
}

static void judge_space(struct doctor *d)
{
	struct statvfs fs;
	cleanup_close int own = node_at(d->node, LOG, O_RDONLY | O_DIRECTORY);
	cleanup_close int all = own < 0 ? node_at(d->node, "/var/log", O_RDONLY | O_DIRECTORY) : -1;
	const int fd = own < 0 ? all : own;

	if (fd < 0 || fstatvfs(fd, &fs) < 0)
		return;
	const unsigned long long left = (unsigned long long)fs.f_bavail * fs.f_frsize;
	if (left < SPACE_LEAST || (fs.f_flag & ST_RDONLY))
		doctor_add(d, S_CHAIN_SPACE,
			fs.f_flag & ST_RDONLY ? LOG " cannot be written: its file system is mounted read-only"
					      : doctor_text(d, "%llu MiB are left for " LOG, left >> 20),
			"make room on that file system");
}

static void judge_journal(struct doctor *d)
{
	struct stat st;

	if (d->node->live && !node_stat(d->node, "/run/systemd/journal.runvet/socket", NULL) &&
		!node_stat(d->node, "/run/systemd/journal/socket", NULL))
		doctor_add(d, S_JOURNAL_NONE, "no journald has a socket on this machine",
			"systemctl start systemd-journald");
	if (node_stat(d->node, RUN "/audit-gap", &st) && st.st_size > 0)
		doctor_add(d, S_JOURNAL_GAP, "journald did not confirm all records since the last boot",
			"systemctl status systemd-journald; journalctl and runvetctl audit agree again from the next "
			"record on");
	if (!node_stat(d->node, "/var/log/journal", NULL))
		doctor_add(d, S_JOURNAL_VOLATILE, "there is no /var/log/journal",
			"mkdir -p /var/log/journal && systemctl restart systemd-journald");
	if (!node_stat(d->node, "/usr/lib/systemd/catalog/runvet.catalog", NULL))
		doctor_add(d, S_CATALOG_MISSING, "/usr/lib/systemd/catalog/runvet.catalog is missing",
			"install the package again; journalctl --update-catalog");
}

static void judge_bypass(struct doctor *d)
{
	const char *path = arena_printf(d->node->a, "%s" BYPASS_FILE, d->node->root);

	if (!path || !node_stat(d->node, BYPASS_FILE, NULL))
		return;
	if (bypass_in_force(d->node->a, path, when_now()))
		doctor_add(d, S_BYPASS, BYPASS_FILE " is in force", "rm " BYPASS_FILE);
	else
		doctor_add_as(d, S_BYPASS, SEV_WARNING, BYPASS_FILE " is there, and not in force", "rm " BYPASS_FILE);
}

void doctor_sinks(struct doctor *d)
{
	struct stat st;

	d->engine = NULL;
	judge_directory(d, LOG, S_CHAIN_OWNER);
	judge_file(d, LOG "/chain");
	judge_space(d);
	if (node_stat(d->node, RUN "/chain", &st) && st.st_size > 0)
		doctor_add(d, S_CHAIN_SPILLED, doctor_text(d, RUN "/chain holds %lld bytes", (long long)st.st_size),
			"see that " LOG " can be written: the next record that can brings them home");
	judge_journal(d);
	judge_directory(d, RUN, S_RUN_OWNER);
	judge_bypass(d);
}
