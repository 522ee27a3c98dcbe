/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory that was opened once and is lent without a second look (dir_kept_briefly): whatever happens to its path
 * meanwhile, what is written goes into the directory that was looked at, or nowhere, and what another put into it is
 * not believed. As root the other one is somebody else.
 */
#include "validate/base/ours.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/places.h"
#include "tests/tap.h"
#include "tests/unit/leave.h"
#include "validate/base/fd.h"

#define OTHER ((uid_t)65533)
#define PATH 256

static char top[] = "/tmp/runvet-ours.XXXXXX";

static const char *at(const char *name)
{
	static char paths[4][PATH];
	static unsigned next;
	char *path = paths[next++ % 4];
	(void)snprintf(path, PATH, "%s/%s", top, name);
	return path;
}

/* Writes `name` through the lent descriptor: 0, or a negative errno. */
static int write_in(int dir, const char *name)
{
	cleanup_close int fd = file_ours(dir, name, O_WRONLY | O_CREAT, NULL);
	return fd < 0 ? fd : fd_write_all(fd, bytes_of("ours"), NULL);
}

static int read_in(int dir, const char *name)
{
	cleanup_close int fd = file_ours(dir, name, O_RDONLY, NULL);
	return fd < 0 ? fd : 0;
}

static bool there(const char *name)
{
	return fd_there(AT_CWD, at(name)) == 0;
}

/* A directory of another, as hostile as it can be: with a file of the name that will be written. */
static void hostile(const char *name)
{
	char file[PATH];
	if (mkdir(at(name), 0777) < 0)
		printf("Bail out! %s\n", at(name));
	(void)snprintf(file, sizeof(file), "%s/note", name);
	(void)fd_close(fd_open(AT_CWD, at(file), O_WRONLY | O_CREAT, 0666));
	if (geteuid() == 0 && (chown(at(name), OTHER, OTHER) < 0 || chown(at(file), OTHER, OTHER) < 0))
		printf("Bail out! chown\n");
}

/* What the file of the other has, if anything. */
static off_t size_of(const char *name)
{
	struct stat st;
	return stat(at(name), &st) == 0 ? st.st_size : -1;
}

static void test_renamed(void)
{
	const int dir = dir_kept(at("renamed"), "ctr", true);
	ok(dir >= 0 && write_in(dir, "before") == 0, "a directory is made, and lent");
	hostile("mine");
	ok(rename(at("renamed"), at("moved")) == 0 && rename(at("mine"), at("renamed")) == 0,
		"another takes its place");
	ok(mkdir(at("renamed/ctr"), 0777) == 0, "with one of the same name in it");
	is_int(dir_kept(at("renamed"), "ctr", true), dir, "the same one is lent");
	is_int(write_in(dir_kept(at("renamed"), "ctr", true), "note"), 0, "it is written to");
	ok(there("moved/ctr/note") && !there("renamed/ctr/note"), "and that is where it went, not into the other's");
	is_int(read_in(dir_kept(at("renamed"), "ctr", false), "before"), 0, "what it has is what it had");
}

static void test_symlink(void)
{
	const int dir = dir_kept(at("linked"), NULL, true);
	ok(dir >= 0, "a directory is lent");
	hostile("target");
	ok(rename(at("linked"), at("away")) == 0 && symlink(at("target"), at("linked")) == 0, "a link takes its place");
	is_int(write_in(dir_kept(at("linked"), NULL, true), "note"), 0, "it is written to");
	ok(there("away/note"), "and that is where it went");
	is_int(size_of("target/note"), 0, "not through the link");
}

static void test_opened_to_others(void)
{
	const int dir = dir_kept(at("opened"), NULL, true);
	ok(dir >= 0 && chmod(at("opened"), 0777) == 0, "all may write to one that is lent");
	(void)fd_close(fd_open(dir, "planted", O_WRONLY | O_CREAT, 0644));
	ok(symlink(at("victim"), at("opened/link")) == 0 && mkfifo(at("opened/fifo"), 0666) == 0, "and do");
	ok(geteuid() != 0 || chown(at("opened/planted"), OTHER, OTHER) == 0, "with a file of their own");
	if (geteuid() == 0)
		ok(read_in(dir_kept(at("opened"), NULL, false), "planted") < 0, "which is not believed");
	if (geteuid() == 0)
		ok(write_in(dir, "planted") < 0 && size_of("opened/planted") == 0, "nor written to");
	ok(write_in(dir, "link") < 0 && !there("victim"), "no link is followed");
	ok(write_in(dir, "fifo") < 0, "no fifo is waited for");
	ok(link(at("away/note"), at("opened/linked")) == 0 && chmod(at("away/note"), 0666) == 0,
		"a file that others may write");
	ok(read_in(dir, "linked") < 0, "is not believed, whoever owns it");
}

static void test_removed(void)
{
	const int dir = dir_kept(at("removed"), NULL, true);
	ok(dir >= 0 && rmdir(at("removed")) == 0, "one that is lent goes away");
	hostile("removed");
	is_int(dir_kept(at("removed"), NULL, true), dir, "the same one is lent");
	is_int(write_in(dir, "note"), -ENOENT, "and takes no file, which is told");
	is_int(size_of("removed/note"), 0, "nor does what stands in its place");
}

/* What a process that lives long, which does not call dir_kept_briefly, finds in the same cases. */
static void test_looked_at_again(void)
{
	int dir = dir_kept(at("again"), NULL, true);
	ok(dir >= 0 && chmod(at("again"), 0777) == 0, "all may write to it");
	is_int(dir_kept(at("again"), NULL, true), -EPERM, "it is not lent again");
	ok(chmod(at("again"), 0700) == 0 && (dir = dir_kept(at("again"), NULL, true)) >= 0, "until it is ours");
	ok(rmdir(at("again")) == 0, "it goes away");
	hostile("again");
	is_int(dir_kept(at("again"), NULL, true) == -EPERM || geteuid() != 0, 1,
		"what stands in its place is not taken");
}

int main(void)
{
	(void)umask(0);
	if (!mkdtemp(top))
		printf("Bail out! %s\n", top);
	test_looked_at_again();
	dir_kept_briefly();
	test_renamed();
	test_symlink();
	test_opened_to_others();
	test_removed();
	ok(leave_nothing(top), "nothing is left behind");
	return tap_done();
}
