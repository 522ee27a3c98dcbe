/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pipe gives its bytes once. They are taken within a bound, judged, and put back before the delegate looks: nobody
 * can change a sealed memfd, so what the delegate reads is what was judged. What was taken in part only cannot be put
 * back; then nothing runs, whatever the policy's mode, because the delegate would act on half a document.
 */
#include "shim/stdin.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "validate/base/digest.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

static int broken(int code, const char *says, struct fail *reterr)
{
	return fail(reterr, code, CAUSE_BUNDLE, "bundle.resources-file", "%s", says);
}

/* One piece: bytes read, 0 at the end, or a negative errno. */
static ssize_t read_piece(char *to, size_t size, struct deadline until)
{
	for (;;) {
		struct pollfd p = { .fd = 0, .events = POLLIN };
		const int left = deadline_left(until);
		const int r = poll(&p, 1, left);

		if (r < 0 && errno != EINTR)
			return -errno;
		if (r == 0)
			return -ETIMEDOUT;
		if (r < 0)
			continue;
		if (p.revents & POLLNVAL)
			return -EBADF;
		const ssize_t n = read(0, to, size);
		if (n >= 0)
			return n;
		if (errno != EINTR && errno != EAGAIN)
			return -errno;
	}
}

int stdin_read(struct arena *a, struct file *f, bool *ret_cut, struct fail *reterr)
{
	const struct deadline until = deadline_in(WAIT_STDIN_MS);
	struct text all = text_growing(a);
	char piece[16384];
	ssize_t n;

	while ((n = read_piece(piece, sizeof(piece), until)) > 0) {
		*ret_cut = true;
		text_bytes(&all, (struct bytes){ piece, (size_t)n });
		if (all.len > LIMIT_DOC_BYTES)
			return broken(-EFBIG, "standard input is over the size limit", reterr);
		if (all.cut)
			return broken(-ENOMEM, "standard input does not fit into memory", reterr);
	}
	if (n == -ETIMEDOUT)
		return broken(-ETIMEDOUT, "standard input did not end in time", reterr);
	if (n == -EBADF)
		return broken(-EBADF, "standard input is closed", reterr);
	if (n < 0)
		return broken((int)n, errno_words((int)n), reterr);
	*ret_cut = false;
	f->bytes = (struct bytes){ all.data, all.len };
	digest_hex(f->bytes, (struct bytes){ 0 }, f->digest);
	return 0;
}

static int sealed_memfd(struct bytes b)
{
	const int fd = fd_high(memfd_create("runvet-stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	int r = fd < 0 ? fd : fd_write_all(fd, b, NULL);

	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	if (r == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		r = -errno;
	if (r == 0)
		return fd;
	(void)fd_close(fd);
	return r < 0 ? r : -EIO;
}

/*
 * A pipe is no file, so RLIMIT_FSIZE does not count for it; it must hold all, because nobody will be there to write
 * later.
 */
static int full_pipe(struct bytes b)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	const int out = fd_high(ends[0]), in = fd_high(ends[1]);
	int r = out < 0 ? out : in < 0 ? in : 0;
	if (r == 0 && fcntl(in, F_GETPIPE_SZ) < (int)b.len)
		(void)fcntl(in, F_SETPIPE_SZ, (int)b.len);
	if (r == 0)
		r = fd_write_all(in, b, NULL);
	(void)fd_close(in);
	if (r == 0 && fcntl(out, F_SETFL, 0) < 0)
		r = -errno;
	if (r == 0)
		return out;
	(void)fd_close(out);
	return r;
}

int stdin_replay(struct bytes b, struct fail *reterr)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;

	/* Beyond RLIMIT_FSIZE a write kills by default; the disposition is the delegate's again afterwards. */
	(void)sigaction(SIGXFSZ, &ignore, &before);
	int fd = sealed_memfd(b);
	(void)sigaction(SIGXFSZ, &before, NULL);
	if (fd < 0)
		fd = full_pipe(b);
	if (fd < 0)
		return fail(reterr, fd, CAUSE_INTERNAL, "", "standard input cannot be put back: %s", errno_words(fd));
	const int r = dup2(fd, 0) < 0 ? -errno : 0;
	(void)fd_close(fd);
	return r < 0 ? fail(reterr, r, CAUSE_INTERNAL, "", "standard input cannot be put back: %s", errno_words(r)) : 0;
}
