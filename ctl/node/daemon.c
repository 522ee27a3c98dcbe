/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Engines as they run: their process by the name of its executable, the environment that they give their runtimes, and
 * what one says of itself on its socket. Of a tree, and of a daemon that does not run, the unit's files tell.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "audit/note.h"
#include "ctl/node/node.h"
#include "ctl/node/running_parts.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/read.h"

#define WORDS_MOST 512u
#define ANSWER_BYTES ((size_t)4 << 20)

/* Text of strings that each end in a NUL, as a list. */
static const char *const *split(struct arena *a, struct bytes b)
{
	const char **ret = arena_array(a, WORDS_MOST + 1, sizeof(const char *));
	size_t count = 0;

	for (size_t at = 0; ret && at < b.len && count < WORDS_MOST; at += strlen(b.data + at) + 1)
		ret[count++] = b.data + at;
	return ret;
}

/* --- processes ------------------------------------------------------------------------------------------------- */

static bool is_pid(const char *name)
{
	return *name && strspn(name, "0123456789") == strlen(name);
}

/* The basename of a process's executable; what was replaced since it was started counts as itself. */
static bool runs(const struct node *n, const char *pid, const char *name)
{
	char link[4096];
	const char *path = arena_printf(n->a, "proc/%s/exe", pid);
	const ssize_t len = path ? readlinkat(n->top, path, link, sizeof(link) - 1) : -1;

	if (len <= 0)
		return false;
	link[len] = '\0';
	char *gone = strstr(link, " (deleted)");
	if (gone)
		*gone = '\0';
	const char *slash = strrchr(link, '/');
	return strcmp(slash ? slash + 1 : link, name) == 0;
}

static time_t started_at(const struct node *n, pid_t pid)
{
	struct bytes stat = read_below(n->a, n->top, "proc/stat", LIMIT_KEPT_BYTES), line, word;
	const uint64_t ticks = process_started(pid);
	uint64_t boot = 0;

	while (boot == 0 && read_line(&stat, &line))
		if (read_word(&line, &word) && bytes_is(word, "btime") && read_word(&line, &word))
			(void)read_number(word, &boot);
	const long hz = sysconf(_SC_CLK_TCK);
	return boot && ticks && hz > 0 ? (time_t)(boot + ticks / (uint64_t)hz) : 0;
}

static const char *assigned(const char *text, const char *name)
{
	const size_t n = strlen(name);
	return strncmp(text, name, n) == 0 && text[n] == '=' ? text + n + 1 : NULL;
}

static void take_environment(const char *one, struct daemon *d)
{
	const char *value = assigned(one, "PATH");
	if (value && *value)
		d->path = value;
	value = assigned(one, "DOCKER_BUILDKIT_RUNC_COMMAND");
	if (value && *value)
		d->build = value;
}

static const char *const *words_of(const struct node *n, pid_t pid, const char *what)
{
	const char *path = arena_printf(n->a, "proc/%d/%s", (int)pid, what);
	const struct bytes b = path ? read_below(n->a, n->top, path, LIMIT_KEPT_BYTES) : (struct bytes){ 0 };
	return b.data ? split(n->a, b) : NULL;
}

/* dockerd may have a containerd of its own, whose file and socket are nobody else's. */
static bool of_docker(const struct daemon *d)
{
	const char *file = daemon_option(d, "config", 0);
	return file && strstr(file, "/docker/containerd/") != NULL;
}

static void find_process(const struct node *n, struct daemon *d)
{
	const char *const *names = names_in(n->a, n->top, "proc");

	for (; names && *names && d->pid == 0; names++) {
		if (!is_pid(*names) || !runs(n, *names, d->name))
			continue;
		d->pid = (pid_t)strtol(*names, NULL, 10);
		d->words = words_of(n, d->pid, "cmdline");
		if (of_docker(d)) {
			d->pid = 0;
			d->words = NULL;
		}
	}
	if (d->pid == 0)
		return;
	d->since = started_at(n, d->pid);
	const char *const *all = words_of(n, d->pid, "environ");
	if (all && *all)
		d->build = NULL; /* what its unit says by now, it was not told */
	for (; all && *all; all++)
		take_environment(*all, d);
}

/* --- units ----------------------------------------------------------------------------------------------------- */

/* Environment="A=b" C=d, as systemd.exec(5) has it; quotes around a word are taken off. */
static void take_line(const struct node *n, struct bytes line, struct daemon *d)
{
	struct bytes word;

	line = read_trimmed(line);
	if (!bytes_start(line, "Environment="))
		return;
	line = (struct bytes){ line.data + 12, line.len - 12 };
	while (read_word(&line, &word)) {
		while (word.len && (word.data[0] == '"' || word.data[0] == '\''))
			word = (struct bytes){ word.data + 1, word.len - 1 };
		while (word.len && (word.data[word.len - 1] == '"' || word.data[word.len - 1] == '\''))
			word.len--;
		const char *one = arena_copy(n->a, word);
		if (one)
			take_environment(one, d);
	}
}

static void take_file(const struct node *n, const char *path, struct daemon *d)
{
	struct bytes text = read_closing(n->a, node_at(n, path, O_RDONLY), LIMIT_KEPT_BYTES), line;

	while (text.data && read_line(&text, &line))
		take_line(n, line, d);
}

static void read_unit(const struct node *n, struct daemon *d)
{
	static const char *const directories[] = { "/usr/lib/systemd/system", "/etc/systemd/system",
		"/run/systemd/system" };

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		const char *path = arena_printf(n->a, "%s/%s", directories[i], d->unit);
		const char *drop = arena_printf(n->a, "%s/%s.d", directories[i], d->unit);
		if (!path || !drop)
			return;
		take_file(n, path, d);
		for (const char *const *names = node_names(n, drop, "*.conf"); names && *names; names++) {
			const char *one = arena_printf(n->a, "%s/%s", drop, *names);
			if (one)
				take_file(n, one, d);
		}
	}
}

void daemon_find(const struct node *n, const char *name, const char *unit, struct daemon *ret)
{
	*ret = (struct daemon){ .name = name, .unit = unit, .path = NODE_PATH };
	read_unit(n, ret);
	if (n->live)
		find_process(n, ret);
}

const char *daemon_option(const struct daemon *d, const char *option, size_t nth)
{
	const size_t len = strlen(option);

	for (const char *const *w = d->words; w && *w; w++) {
		const char *word = *w + strspn(*w, "-");
		if (**w != '-' || strncmp(word, option, len) != 0 || (word[len] != '=' && word[len] != '\0'))
			continue;
		const char *value = word[len] == '=' ? word + len + 1 : w[1];
		if (value && nth-- == 0)
			return value;
	}
	return NULL;
}

/* --- sockets --------------------------------------------------------------------------------------------------- */

static bool waits(int fd, short events, struct deadline until)
{
	struct pollfd p = { .fd = fd, .events = events };
	int r;

	do
		r = poll(&p, 1, deadline_left(until));
	while (r < 0 && errno == EINTR);
	return r > 0;
}

static int reach(const char *path, struct deadline until)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = fd_high(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

	if (fd < 0)
		return -errno;
	if (strlen(path) >= sizeof(to.sun_path)) {
		(void)fd_close(fd);
		return -ENAMETOOLONG;
	}
	(void)snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	while (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		const int r = -errno;
		if (r == -EINTR)
			continue;
		/* A full queue is no answer yet. */
		if (r == -EAGAIN && deadline_left(until) > 0) {
			(void)poll(NULL, 0, 20);
			continue;
		}
		(void)fd_close(fd);
		return r;
	}
	return fd;
}

static struct bytes converse(struct arena *a, int fd, struct bytes question, struct deadline until)
{
	struct text answer = text_growing(a);
	char part[4096];

	while (question.len > 0) {
		const ssize_t n = waits(fd, POLLOUT, until) ? send(fd, question.data, question.len, MSG_NOSIGNAL) : -1;
		if (n <= 0)
			return (struct bytes){ 0 };
		question = (struct bytes){ question.data + n, question.len - (size_t)n };
	}
	while (answer.len < ANSWER_BYTES && waits(fd, POLLIN, until)) {
		const ssize_t n = recv(fd, part, sizeof(part), 0);
		if (n == 0)
			return answer.cut ? (struct bytes){ 0 } : (struct bytes){ answer.data, answer.len };
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (n > 0)
			text_bytes(&answer, (struct bytes){ part, (size_t)n });
	}
	return (struct bytes){ 0 };
}

const struct doc *daemon_asked(const struct node *n, const char *socket, const char *path, const char **ret_why)
{
	const struct doc_options options = { .file = socket, .cause = CAUSE_INTERNAL };
	const struct deadline until = deadline_in(WAIT_DAEMON_MS);
	const struct doc *ret = NULL;
	const char *ignored;
	struct fail why;

	/* HTTP/1.0, so that the answer comes in one piece and ends where the connection does. */
	const char *question = arena_printf(n->a, "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", path);
	cleanup_close int fd = reach(socket, until);
	if (!ret_why)
		ret_why = &ignored;
	*ret_why = fd < 0 ? errno_words(fd) : "it gave no answer that can be read";
	if (fd < 0 || !question)
		return NULL;
	const struct bytes answer = converse(n->a, fd, bytes_of(question), until);
	const char *body = answer.data ? strstr(answer.data, "\r\n\r\n") : NULL;
	if (!body || strncmp(answer.data, "HTTP/1.", 7) != 0 || strncmp(answer.data + 8, " 200", 4) != 0)
		return NULL;
	body += 4;
	const struct bytes text = { body, answer.len - (size_t)(body - answer.data) };
	return doc_parse(n->a, text, &options, &ret, &why) == 0 ? ret : NULL;
}
