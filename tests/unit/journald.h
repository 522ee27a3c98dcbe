/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journald that tests/lib/with-journald started: stopping, killing and flooding it, and reading back what it
 * has.
 */
#pragma once

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/audit.h"

#define JOURNAL_DEFAULT "/run/systemd/journal/socket"
#define JOURNAL_RUNVET  "/run/systemd/journal.runvet/socket"
#define JOURNAL_NONE    "/run/none/socket"

/* Ends the program unless it runs under with-journald: it would speak to, and stop, somebody's journald otherwise. */
__attribute__((unused)) static void need_journald(void)
{
	if (access("/run/journald.start", X_OK) < 0) {
		printf("Bail out! to be run under tests/lib/with-journald\n");
		exit(1);
	}
}

__attribute__((unused)) static pid_t journald_pid(void)
{
	const char *text = slurp("/run/journald.pid", NULL);
	return text ? (pid_t)strtol(text, NULL, 10) : -1;
}

/* SIGSTOP, SIGCONT; after SIGSTOP it surely is stopped. */
__attribute__((unused)) static void journald_signal(int signal_number)
{
	char path[64];
	const pid_t pid = journald_pid();
	if (pid <= 1 || kill(pid, signal_number) < 0)
		abort();
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	for (int i = 0; signal_number == SIGSTOP && i < 1000; i++) {
		const char *stat = slurp(path, NULL);
		if (stat && strstr(stat, ") T "))
			return;
		usleep(1000);
	}
}

__attribute__((unused)) static void journald_kill(void)
{
	const pid_t pid = journald_pid();
	if (pid <= 1 || kill(pid, SIGKILL) < 0)
		abort();
	for (int i = 0; i < 2000; i++) {
		char path[64];
		snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		const char *stat = slurp(path, NULL);
		if (!stat || strstr(stat, ") Z "))
			return;
		usleep(1000);
	}
}

__attribute__((unused)) static void journald_start(void)
{
	if (system("/run/journald.start") != 0)
		abort();
}

/* Sends to the default journal as nobody, as fast as can be, until killed. */
__attribute__((unused)) static pid_t flood(void)
{
	const pid_t pid = fork();
	if (pid != 0) {
		usleep(200000);
		return pid;
	}
	if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
		_exit(1);
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = JOURNAL_DEFAULT };
	static char noise[4000] = "MESSAGE=";
	memset(noise + 8, 'n', sizeof(noise) - 9);
	noise[sizeof(noise) - 1] = '\n';
	for (;;) {
		const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
			while (send(fd, noise, sizeof(noise), MSG_NOSIGNAL) > 0)
				;
		close(fd);
		usleep(1000);
	}
}

__attribute__((unused)) static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* What journalctl prints with these arguments; lives until the next call. */
__attribute__((unused)) static const char *journalctl(const char *arguments)
{
	static char *text;
	char command[512];
	size_t len = 0, size = (size_t)4 << 20;
	free(text);
	text = calloc(1, size);
	snprintf(command, sizeof(command), "journalctl -q --all %s 2>&1", arguments);
	FILE *f = popen(command, "re");
	while (f && len + 1 < size) {
		const size_t n = fread(text + len, 1, size - 1 - len, f);
		if (n == 0)
			break;
		len += n;
	}
	if (f)
		pclose(f);
	return text;
}
