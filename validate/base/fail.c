/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filling a struct fail, and the words for what the kernel said. The words are ours because engines search the text
 * of a refusal for strerror(3)'s phrases and turn them into exit codes and hints of their own: "no such file" makes
 * Docker say that the command is missing from the image, when it is our policy file that is.
 */
#include "validate/base/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static const char *const cause_names[CAUSE_MAX] = {
	[CAUSE_INTERNAL] = "internal",
	[CAUSE_COMMAND_LINE] = "commandLine",
	[CAUSE_BUNDLE] = "bundle",
	[CAUSE_POLICY] = "policy",
	[CAUSE_RUNTIMES] = "runtimes",
	[CAUSE_AUDIT] = "audit",
	[CAUSE_CLOCK] = "clock",
};

const char *cause_name(enum cause c)
{
	return (unsigned)c < CAUSE_MAX ? cause_names[c] : cause_names[CAUSE_INTERNAL];
}

int fail(struct fail *reterr, int code, enum cause cause, const char *rule, const char *format, ...)
{
	if (!reterr)
		return code;
	*reterr = (struct fail){ .code = code, .cause = cause };
	(void)snprintf(reterr->rule, sizeof(reterr->rule), "%s", rule ? rule : "");
	va_list ap;
	va_start(ap, format);
	(void)vsnprintf(reterr->says, sizeof(reterr->says), format, ap);
	va_end(ap);
	return code;
}

const char *const engine_triggers[] = {
	"permission denied",
	"operation not permitted",
	"not found",
	"no such file",
	"is a directory",
	"not a directory",
	"executable",
	"does not exist",
	"no such process",
	"not running",
	"invalid process",
	"already finished",
	"failed to run runc",
	NULL,
};

static const struct {
	int code;
	const char *words;
} errno_table[] = {
	{ EACCES, "access to it is refused" },
	{ EAGAIN, "it would have to be waited for" },
	{ EBADF, "its descriptor is closed" },
	{ EBADMSG, "it is malformed" },
	{ EBUSY, "it is busy" },
	{ ECHILD, "its process is gone" },
	{ ECONNREFUSED, "nobody listens there" },
	{ ECONNRESET, "the other side hung up" },
	{ EDQUOT, "the disk quota is used up" },
	{ EEXIST, "it is there already" },
	{ EFBIG, "it is too big" },
	{ EINTR, "it was interrupted" },
	{ EINVAL, "it is invalid" },
	{ EIO, "input or output failed" },
	{ EISDIR, "a folder stands in its place" },
	{ ELOOP, "it is a symbolic link, or behind too many of them" },
	{ EMFILE, "too many files are open in this process" },
	{ EMSGSIZE, "the message is too long" },
	{ ENAMETOOLONG, "its name is too long" },
	{ ENFILE, "too many files are open on this host" },
	{ ENOBUFS, "the kernel has no buffers left" },
	{ ENODEV, "there is no such device" },
	{ ENOENT, "it is missing" },
	{ ENOEXEC, "its format cannot be run" },
	{ ENOMEM, "memory is used up" },
	{ ENOSPC, "the disk is full" },
	{ ENOSYS, "the kernel cannot do that" },
	{ ENOTCONN, "it is not connected" },
	{ ENOTDIR, "a part of its path is no folder" },
	{ ENOTEMPTY, "it is not empty" },
	{ ENOTSUP, "that is not supported" },
	{ ENXIO, "nobody is at the other end" },
	{ EPERM, "its owner or mode forbids it" },
	{ EPIPE, "nobody reads the other end" },
	{ ERANGE, "it is out of range" },
	{ EROFS, "the file system is read-only" },
	{ ESRCH, "its process is gone" },
	{ ESTALE, "it changed meanwhile" },
	{ ETIMEDOUT, "it took too long" },
	{ ETXTBSY, "it is being written to" },
};

const char *errno_words(int code)
{
	if (code < 0)
		code = -code;
	for (size_t i = 0; i < sizeof(errno_table) / sizeof(errno_table[0]); i++)
		if (errno_table[i].code == code)
			return errno_table[i].words;
	return code == 0 ? "nothing went wrong" : "the kernel refused it";
}
