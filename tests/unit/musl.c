/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What shim/musl adds to the C library that the shim is linked with, in a program that is linked as the shim is:
 * memory and text against slow words for the same, at the ends of pages beyond which there is nothing; writes that do
 * not fit; what may be written to.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define PAGE 4096u
#define MOST 70u /* bytes: four steps of sixteen and some */

/* Two pages each, with nothing behind. */
static unsigned char *left, *right;

static unsigned char *pages(void)
{
	unsigned char *at = mmap(NULL, (size_t)4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED || mprotect(at + PAGE, (size_t)2 * PAGE, PROT_READ | PROT_WRITE) < 0)
		exit(1);
	return at + PAGE;
}

/* The same numbers each time; few letters, so that texts are alike for long. */
static unsigned next(void)
{
	static uint32_t state = 1;
	state = state * 1664525u + 1013904223u;
	return state >> 16;
}

static void fill(unsigned char *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		at[i] = (unsigned char)(next() % 8 ? 'a' : next() % 16 * 16 + 1);
}

/* A place for n bytes: within, at the page in the middle, at the end, or at the beginning of what there is. */
static unsigned char *place(unsigned char *two, size_t n)
{
	switch (next() % 4) {
	case 0:
		return two + (size_t)2 * PAGE - n;
	case 1:
		return two + PAGE - next() % (n + 1);
	case 2:
		return two;
	default:
		return two + 16 + next() % 64;
	}
}

static int sign(int r)
{
	return (r > 0) - (r < 0);
}

static int slow_order(const unsigned char *a, const unsigned char *b, size_t n, bool text)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
		if (text && !a[i])
			return 0;
	}
	return 0;
}

static void compared(void)
{
	unsigned wrong = 0;
	for (unsigned i = 0; i < 200000; i++) {
		const size_t n = next() % MOST;
		unsigned char *a = place(left, n + 1), *b = place(right, n + 1);
		fill(a, n);
		for (size_t k = 0; k < n; k++)
			b[k] = a[k];
		if (n && next() % 4)
			b[next() % n] ^= (unsigned char)(1u << next() % 8);
		if (n && next() % 4 == 0)
			a[next() % n] = 0;
		a[n] = b[n] = 0;
		const size_t some = next() % (n + 2);
		wrong += sign(memcmp(a, b, n)) != slow_order(a, b, n, false);
		wrong += sign(strcmp((char *)a, (char *)b)) != slow_order(a, b, n + 1, true);
		wrong += sign(strncmp((char *)a, (char *)b, some)) != slow_order(a, b, some, true);
	}
	is_int(wrong, 0, "memcmp, strcmp and strncmp say what comparing byte by byte says");
	left[0] = 0x80, right[0] = 0x7f, left[1] = right[1] = 0;
	ok(strcmp((char *)left, (char *)right) > 0 && memcmp(left, right, 1) > 0, "bytes are compared as unsigned");
}

static void sought(void)
{
	unsigned wrong = 0;
	for (unsigned i = 0; i < 200000; i++) {
		const size_t n = next() % MOST;
		unsigned char *a = place(left, n + 1);
		const unsigned char *found = NULL;
		size_t length = 0;
		fill(a, n);
		if (n)
			a[next() % n] = 0;
		a[n] = 0;
		while (a[length])
			length++;
		for (size_t k = n; k-- > 0;)
			if (a[k] == 'a')
				found = a + k;
		wrong += memchr(a, 'a' + 256, n) != found;
		wrong += strlen((char *)a) != length;
		const size_t some = next() % (n + 1);
		wrong += strnlen((char *)a, some) != (length < some ? length : some);
	}
	is_int(wrong, 0, "memchr, strlen and strnlen find what looking at each byte finds");
	ok(strnlen((char *)left + (size_t)2 * PAGE, 0) == 0 && !memchr(left + (size_t)2 * PAGE, 0, 0),
		"of nothing nothing is read");
}

static void moved(void)
{
	static unsigned char before[4 * MOST], want[4 * MOST];
	unsigned wrong = 0;
	for (unsigned i = 0; i < 100000; i++) {
		unsigned char *at = next() % 2 ? left + (size_t)2 * PAGE - sizeof(before) : left;
		const size_t n = next() % MOST, from = next() % (sizeof(before) - n + 1),
			     to = next() % (sizeof(before) - n + 1);
		for (size_t k = 0; k < sizeof(before); k++)
			at[k] = before[k] = want[k] = (unsigned char)next();
		for (size_t k = 0; k < n; k++)
			want[to + k] = before[from + k];
		wrong += memmove(at + to, at + from, n) != at + to;
		wrong += slow_order(at, want, sizeof(want), false) != 0;
		for (size_t k = 0; k < sizeof(before); k++)
			at[k] = before[k];
		if (to + n <= from || from + n <= to) {
			(void)memcpy(at + to, at + from, n);
			wrong += slow_order(at, want, sizeof(want), false) != 0;
		}
		for (size_t k = 0; k < n; k++)
			want[to + k] = (unsigned char)i;
		for (size_t k = 0; k < sizeof(before); k++)
			if (k < to || k >= to + n)
				want[k] = at[k];
		(void)memset(at + to, (int)i, n);
		wrong += slow_order(at, want, sizeof(want), false) != 0;
	}
	is_int(wrong, 0, "memmove, memcpy and memset write what they are to, nothing beside it, and in any order");
}

/* How a child ends that does this with n bytes. */
static int ends(void (*does)(size_t n), size_t n)
{
	int status = 0;
	const pid_t pid = fork();
	if (pid == 0) {
		const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		(void)dup2(null, STDERR_FILENO);
		does(n);
		_exit(0);
	}
	(void)waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

/* What was written there is wanted, for all that the compiler knows. */
static void want(const char *at)
{
	__asm__ volatile("" : : "r"(at) : "memory");
}

static void copies(size_t n)
{
	char to[16];
	(void)memcpy(to, left, n);
	want(to);
}

static void moves(size_t n)
{
	char to[16];
	(void)memmove(to, left, n);
	want(to);
}

static void sets(size_t n)
{
	char to[16];
	(void)memset(to, 1, n);
	want(to);
}

static void prints(size_t n)
{
	char to[16];
	(void)snprintf(to, n, "%s", "a");
	want(to);
}

static void reads(size_t n)
{
	char to[16];
	const int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	if (read(fd, to, n) < 0 || pread(fd, to, n, 0) < 0)
		_exit(1);
	want(to);
}

static void links(size_t n)
{
	char to[16];
	if (readlink("/proc/self/exe", to, n) < 0 && n > 0 && errno != EINVAL)
		_exit(1);
	want(to);
}

static void receives(size_t n)
{
	char to[16];
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0 || send(pair[0], "a", 1, 0) != 1 ||
		recv(pair[1], to, n, 0) != 1)
		_exit(1);
	want(to);
}

static void allocates(size_t n)
{
	char *to = malloc(n / 2 + 8); /* the size is not known before it runs */
	if (!to)
		_exit(1);
	(void)memset(to, 1, n);
	want(to);
	free(to);
}

static void held(void)
{
	static const struct {
		const char *name;
		void (*does)(size_t n);
	} all[] = {
		{ "memcpy", copies },
		{ "memmove", moves },
		{ "memset", sets },
		{ "snprintf", prints },
		{ "read", reads },
		{ "readlink", links },
		{ "recv", receives },
		{ "memset, of what malloc gave", allocates },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		is_int(ends(all[i].does, 16), 0, "%s: sixteen bytes fit", all[i].name);
		is_int(ends(all[i].does, 17), SIGILL, "%s: seventeen end the program", all[i].name);
	}
}

/* A table with pointers, as there are many in the shim: relocated at the start, and read-only since. */
static const char *const table[] = { "a", "b" };
static const char *const *volatile at_run_time = table;

static void writes(size_t n)
{
	((const char **)(uintptr_t)at_run_time)[0] = "c";
	(void)n;
}

static void sealed(void)
{
	is_int(ends(writes, 0), SIGSEGV, "what was relocated cannot be written to");
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[256], rights[5];
	unsigned both = 0, lines = 0;
	while (maps && fgets(line, sizeof(line), maps)) {
		lines += sscanf(line, "%*s %4s", rights) == 1;
		both += rights[1] == 'w' && rights[2] == 'x';
	}
	if (maps)
		(void)fclose(maps);
	ok(lines > 3 && both == 0, "nothing can be both written to and run");
}

static void offered(void)
{
	struct statx sx = { 0 };
	struct stat st;
	ok(statx(AT_FDCWD, "/proc/self/exe", 0, STATX_BASIC_STATS, &sx) == 0 && stat("/proc/self/exe", &st) == 0 &&
			sx.stx_ino == st.st_ino && sx.stx_size == (uint64_t)st.st_size,
		"statx tells what stat does");
	is_int(renameat2(AT_FDCWD, "/nothing/there", AT_FDCWD, "/nothing/here", RENAME_NOREPLACE) < 0 ? errno : 0,
		ENOENT, "renameat2 asks the kernel");
	struct rlimit limit;
	is_int(getrlimit((__rlimit_resource_t)RLIMIT_NOFILE, &limit), 0, "a limit is asked for");
	int waits = -1;
	ok(ioctl(open("/dev/null", O_RDONLY | O_CLOEXEC), FIONREAD, &waits) < 0 && errno == ENOTTY,
		"ioctl asks the kernel");
}

int main(void)
{
	left = pages();
	right = pages();
	compared();
	sought();
	moved();
	held();
	sealed();
	offered();
	return tap_done();
}
