/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forgotten break-glass files are the reason for the hour: the file dates itself by its mtime, and one dated in the
 * future (touch -d, or a clock that jumped) counts for nothing rather than for longer.
 */
#include "shim/bypass.h"

#include "validate/base/fd.h"
#include "validate/base/file.h"

#define BYPASS_BYTES 64 /* a time and its newline */

static bool before(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct bytes trimmed(struct bytes b)
{
	while (b.len > 0 && blank(b.data[b.len - 1]))
		b.len--;
	while (b.len > 0 && blank(b.data[0])) {
		b.data++;
		b.len--;
	}
	return b;
}

bool bypass_in_force(struct arena *a, const char *path, struct timespec now)
{
	const struct file_want want = {
		.dir = AT_CWD,
		.path = path,
		.limit = BYPASS_BYTES,
		.owner = OWNER_ROOT,
		.cause = CAUSE_POLICY,
		.rule = "",
	};
	struct file f;
	struct timespec until;

	if (file_read(a, &want, &f, NULL) < 0)
		return false;
	(void)fd_close(f.fd);
	if (when_read(trimmed(f.bytes), &until) < 0)
		return false;
	const struct timespec written = f.st.st_mtim;
	const struct timespec latest = { .tv_sec = written.tv_sec + BYPASS_SECONDS, .tv_nsec = written.tv_nsec };
	return !before(now, written) && before(now, until) && before(now, latest);
}
