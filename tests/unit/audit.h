/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of audit/ share: a place to write that is gone afterwards, records to write there, small questions. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audit/record.h"
#include "tests/tap.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"

static inline int write_proc(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	const bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return good ? 0 : -1;
}

/* Namespaces of an ordinary user, in which he stays who he is. */
static inline int own_namespaces(void)
{
	char uid[64], gid[64];
	snprintf(uid, sizeof(uid), "%d %d 1", (int)geteuid(), (int)geteuid());
	snprintf(gid, sizeof(gid), "%d %d 1", (int)getegid(), (int)getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	(void)write_proc("/proc/self/setgroups", "deny");
	return write_proc("/proc/self/uid_map", uid) | write_proc("/proc/self/gid_map", gid);
}

/*
 * An empty tmpfs over /run, seen by this process alone; as an ordinary user in a user namespace. Ends the program when
 * neither can be had: a test that writes where it should not is worse than none.
 */
__attribute__((unused)) static void private_run(const char *options)
{
	if (unshare(CLONE_NEWNS) < 0 && own_namespaces() < 0) {
		printf("1..0 # SKIP no mount namespace to be had\n");
		exit(0);
	}
	if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
		mount("tmpfs", "/run", "tmpfs", 0, options) < 0) {
		printf("Bail out! no private /run: %s\n", strerror(errno));
		exit(1);
	}
}

__attribute__((unused)) static struct arena *fresh_arena(void)
{
	static struct arena a;
	arena_done(&a);
	arena_init(&a, LIMIT_ARENA);
	return &a;
}

/* A record such as a create leaves, about container `id`. */
__attribute__((unused)) static struct record some_record(struct arena *a, const char *id)
{
	struct record r;
	struct fail f;
	if (record_init(&r, a, &f) < 0 || record_add(&r, FIELD_MESSAGE, BYTES("allowed create of a container")) < 0 ||
		record_add(&r, FIELD_CONTAINER_ID, bytes_of(id)) < 0 || record_number(&r, FIELD_PRIORITY, 5) < 0)
		abort();
	return r;
}

__attribute__((unused)) static const char *value_of(const struct record *r, enum field f)
{
	const struct entry *e = record_find(r, f);
	return e ? e->value.data : NULL;
}

/* The file's text, NUL-terminated; NULL when it cannot be read. The last one lives until the next call. */
__attribute__((unused)) static char *slurp(const char *path, size_t *ret_len)
{
	static char *text;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	free(text);
	text = NULL;
	if (fd < 0 || fstat(fd, &st) < 0)
		return NULL;
	text = malloc((size_t)st.st_size + 1);
	ssize_t n = text ? read(fd, text, (size_t)st.st_size) : -1;
	close(fd);
	if (n < 0)
		return NULL;
	text[n] = '\0';
	if (ret_len)
		*ret_len = (size_t)n;
	return text;
}

__attribute__((unused)) static void spill_to(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		abort();
	close(fd);
}

__attribute__((unused)) static size_t count_of(const char *text, const char *what)
{
	size_t n = 0;
	for (const char *at = text; at && (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}

__attribute__((unused)) static double ms_since(struct timespec from)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from.tv_sec) * 1e3 + (double)(now.tv_nsec - from.tv_nsec) / 1e6;
}

__attribute__((unused)) static struct timespec now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t;
}

/* Descriptors that are open in this process. */
__attribute__((unused)) static int open_descriptors(void)
{
	int n = 0;
	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}
