/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head: a cache of where the chain stands, and its lock. It is written after the line, so after a crash it lags
 * behind by one line at most and the line itself is what counts. Should it run ahead, lines are gone that once were
 * there. One line of fixed width, closed by a digest of itself, so that a torn one is known as such.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "audit/places.h"

#define HEAD_NAME "runvet-chain 1 "
#define HEAD_NUMBER 20 /* digits */
#define HEAD_FORMAT HEAD_NAME "%32s %020" PRIu64 " %64s %020" PRIu64 " "
#define HEAD_BODY (15 + 32 + 1 + 20 + 1 + 64 + 1 + 20 + 1)
#define HEAD_SIZE (HEAD_BODY + 64 + 1)

#define POLL_FIRST_NS 200000L
#define POLL_MOST_NS 2000000L

int head_begin(struct head *ret)
{
	unsigned char random[16];
	ssize_t n = getrandom(random, sizeof(random), GRND_NONBLOCK);
	if (n != (ssize_t)sizeof(random))
		return n < 0 ? -errno : -EIO;
	*ret = (struct head){ .hash = CHAIN_NONE };
	for (size_t i = 0; i < sizeof(random); i++)
		(void)snprintf(ret->chain + 2 * i, 3, "%02x", random[i]);
	return 0;
}

static void nap(long *ns)
{
	const struct timespec t = { .tv_nsec = *ns };
	(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
	*ns = *ns * 2 < POLL_MOST_NS ? *ns * 2 : POLL_MOST_NS;
}

/*
 * One try. What the file is, is asked once, when it is locked: whether it is ours, and whether it has its name still,
 * which a merge takes away together with its chain, and which nobody takes from a file that is locked.
 */
static int try_lock(int dir)
{
	static const int flags = O_RDWR | O_CREAT;
	struct stat st = { 0 };
	const int fd = fd_open(dir, "head", flags | FILE_OURS, 0600);
	if (fd < 0)
		return fd;
	int r = flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : file_check(fd, flags, &st);
	if (r == 0 && st.st_nlink > 0)
		return fd;
	(void)fd_close(fd);
	return r == 0 ? -EWOULDBLOCK : r;
}

int head_lock(int dir, struct deadline until)
{
	long ns = POLL_FIRST_NS;
	int fd = try_lock(dir);
	while (fd == -EWOULDBLOCK || fd == -EINTR) {
		if (deadline_left(until) == 0)
			return -ETIMEDOUT;
		nap(&ns);
		fd = try_lock(dir);
	}
	return fd;
}

/* Takes n hex digits and what stands behind them. */
static bool take_hex(const char **at, size_t n, char *ret)
{
	if (strspn(*at, "0123456789abcdef") != n)
		return false;
	memcpy(ret, *at, n);
	ret[n] = '\0';
	*at += n + 1;
	return true;
}

/* Takes a number of fixed width and what stands behind it. */
static bool take_number(const char **at, uint64_t *ret)
{
	*ret = 0;
	for (const char *end = *at + HEAD_NUMBER; *at < end; ++*at)
		if (**at < '0' || **at > '9' || __builtin_mul_overflow(*ret, UINT64_C(10), ret) ||
			__builtin_add_overflow(*ret, (uint64_t)(**at - '0'), ret))
			return false;
	++*at;
	return true;
}

bool head_read(int fd, struct head *ret)
{
	char text[HEAD_SIZE + 1], sum[DIGEST_HEX];
	struct head h = { 0 };
	uint64_t size = 0;
	if (pread(fd, text, sizeof(text), 0) != HEAD_SIZE || text[HEAD_SIZE - 1] != '\n')
		return false;
	digest_hex((struct bytes){ text, HEAD_BODY }, (struct bytes){ 0 }, sum);
	if (memcmp(sum, text + HEAD_BODY, 64) != 0)
		return false;
	const char *at = text + sizeof(HEAD_NAME) - 1;
	if (memcmp(text, HEAD_NAME, sizeof(HEAD_NAME) - 1) != 0 || !take_hex(&at, CHAIN_ID - 1, h.chain) ||
		!take_number(&at, &h.seq) || !take_hex(&at, DIGEST_HEX - 1, h.hash) || !take_number(&at, &size) ||
		size > INT64_MAX)
		return false;
	h.size = (off_t)size;
	*ret = h;
	return true;
}

int head_write(int fd, const struct head *h)
{
	char text[HEAD_SIZE + 1], sum[DIGEST_HEX];
	(void)snprintf(text, sizeof(text), HEAD_FORMAT, h->chain, h->seq, h->hash, (uint64_t)h->size);
	digest_hex((struct bytes){ text, HEAD_BODY }, (struct bytes){ 0 }, sum);
	(void)snprintf(text + HEAD_BODY, sizeof(text) - HEAD_BODY, "%s\n", sum);
	const ssize_t n = pwrite(fd, text, HEAD_SIZE, 0);
	return n == HEAD_SIZE ? 0 : n < 0 ? -errno : -ENOSPC;
}
