/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Engines read a refusal with substring tests and turn what they find into exit codes and advice: "no such file"
 * becomes "command not found in the image", "is a directory" asks about mounts. So the line is put together first,
 * from words that are ours and quotes that are anybody's, and then every phrase that an engine searches for is broken
 * up in it. "permission denied" is put before it last, where it is meant: a policy said no.
 */
#include "shim/refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"
#include "validate/base/when.h"

#define LINE_SIZE (LIMIT_REFUSAL + 1)
#define LOG_SIZE (LINE_SIZE * 6 + 128) /* every byte may become \u00XX */

/* The rules that say what a bundle is; a breach is a broken bundle, not a denied one. */
static const char *const technical[] = { "spec.", "type.", "json.", "bundle.", "host.", "feat.", "runtime." };

/*
 * Passes over one character, as engines fold it: Go lowers U+0130 to i, and its (?i) takes U+017F for s and U+212A
 * for k.
 */
static char folded(const char **p)
{
	static const struct {
		const char *wide;
		char plain;
	} folds[] = { { "\xc4\xb0", 'i' }, { "\xc5\xbf", 's' }, { "\xe2\x84\xaa", 'k' } };
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
		if (strncmp(*p, folds[i].wide, strlen(folds[i].wide)) == 0) {
			*p += strlen(folds[i].wide);
			return folds[i].plain;
		}
	const char c = *(*p)++;
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

/* If the trigger stands at the beginning of line: its character number `at`. */
static char *trigger_at(char *line, const char *trigger, size_t at)
{
	const char *p = line;
	size_t broken = 0;
	for (size_t i = 0; trigger[i]; i++) {
		if (i == at)
			broken = (size_t)(p - line);
		if (*p == '\0' || folded(&p) != trigger[i])
			return NULL;
	}
	return line + broken;
}

/* "not found" becomes "not_found", "executable" "execu_able": readable still, and nobody's any more. */
static void scrub(char *line)
{
	for (const char *const *trigger = engine_triggers; *trigger; trigger++) {
		const char *space = strchr(*trigger, ' ');
		const size_t at = space ? (size_t)(space - *trigger) : strlen(*trigger) / 2;
		for (char *p = line; *p; p++) {
			char *broken = trigger_at(p, *trigger, at);
			if (broken)
				*broken = '_';
		}
	}
}

static bool by_policy(const struct decision *d)
{
	if (!d->because || d->because->profile)
		return d->because != NULL;
	for (size_t i = 0; i < sizeof(technical) / sizeof(technical[0]); i++)
		if (strncmp(d->because->id, technical[i], strlen(technical[i])) == 0)
			return false;
	return true;
}

static void add_where(struct text *to, const char *file, struct place at)
{
	if (!file || *file == '\0')
		return;
	text_shown(to, bytes_of(file), LIMIT_QUOTE);
	if (at.line > 0)
		text_printf(to, ":%" PRIu32 ":%" PRIu32, at.line, at.column);
	text_add(to, ": ");
}

static void add_rule(struct text *to, const char *id)
{
	if (!id || *id == '\0')
		return;
	text_add(to, " [");
	text_shown(to, bytes_of(id), LIMIT_QUOTE);
	text_char(to, ']');
}

static void add_finding(struct text *to, const char *file, const struct finding *f)
{
	char says[LINE_SIZE];
	struct text one = text_over(says, sizeof(says));

	finding_write(f, SHOW_SAFE, &one);
	add_where(to, file, f->place);
	text_shown(to, (struct bytes){ one.data, one.len }, LIMIT_REFUSAL);
}

static void add_failure(struct text *to, const struct fail *why)
{
	if (why->cause == CAUSE_INTERNAL)
		text_add(to, "internal fault: ");
	add_where(to, why->file, why->place);
	text_shown(to, bytes_of(why->says), LIMIT_REFUSAL);
}

static void add_record(struct text *to, const char *record)
{
	if (record) {
		text_add(to, "; record ");
		text_shown(to, bytes_of(record), LIMIT_QUOTE);
	} else {
		text_add(to, "; no record");
	}
}

/* What stands after the sentence and must not be cut: rule, how many more, record, hint. */
static void add_tail(struct text *to, const struct request *q, const struct decision *d, const struct report *report,
	const struct fail *why, const char *record)
{
	/* What only audits refuses nothing. */
	const size_t errors = report ? report->errors - report->audited : 0;
	const bool bundle = q->verb == VERB_CREATE || q->verb == VERB_RUN || q->verb == VERB_RESTORE;

	if (q->verb == VERB_START)
		text_add(to, "; the container exists, its create-time hooks may have run, and it was not started");
	add_rule(to, report ? (d->because ? d->because->id : NULL) : why ? why->rule : NULL);
	if (errors > 1)
		text_printf(to, " and %zu more", errors - 1);
	add_record(to, record);
	if (errors > 1 && bundle)
		text_add(to, " (runvetctl check BUNDLE shows all)");
}

/* At most `room` bytes of line, cut on a character's edge. */
static void fit(struct text *line, size_t room)
{
	if (line->len <= room)
		return;
	size_t len = room > 3 ? room - 3 : 0;
	while (len > 0 && ((unsigned char)line->data[len] & 0xc0) == 0x80)
		len--;
	line->data[len] = '\0';
	line->len = len;
	line->cut = false;
	text_add(line, "...");
}

void refuse_compose(const struct request *q, const struct decision *d, const struct report *report,
	const struct fail *why, const char *record, struct text *to)
{
	const char *prefix = report && by_policy(d) ? "runvet: permission denied: " : "runvet: ";
	char head[LINE_SIZE * 2], tail[LINE_SIZE];
	struct text first = text_over(head, sizeof(head)), last = text_over(tail, sizeof(tail));

	if (report && d->because)
		add_finding(&first, report->file, d->because);
	else if (report)
		text_add(&first, "it breaks more rules than a report holds");
	else if (why)
		add_failure(&first, why);
	add_tail(&last, q, d, report, why, record);
	fit(&last, LIMIT_REFUSAL / 2);
	fit(&first, LIMIT_REFUSAL - strlen(prefix) - last.len);

	char line[LINE_SIZE];
	struct text whole = text_over(line, sizeof(line));
	text_bytes(&whole, (struct bytes){ first.data, first.len });
	text_bytes(&whole, (struct bytes){ last.data, last.len });
	scrub(whole.data);
	text_add(to, prefix);
	text_bytes(to, (struct bytes){ whole.data, whole.len });
}

/* One write, when there is room for it in time. What cannot be told on one channel may still be on the other. */
static void write_bounded(int fd, struct bytes b)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	const struct deadline until = deadline_in(WAIT_LOG_MS);
	int r;

	do
		r = poll(&p, 1, deadline_left(until));
	while (r < 0 && errno == EINTR);
	if (r <= 0 || (p.revents & (POLLERR | POLLNVAL)))
		return;
	while (write(fd, b.data, b.len) < 0 && errno == EINTR)
		;
}

static const char *log_path(const struct request *q)
{
	const char *path = q->value[SLOT_LOG];

	if (!path || strncmp(path, "journald:", 9) == 0 || strncmp(path, "syslog:", 7) == 0)
		return NULL;
	if (strncmp(path, "file:", 5) == 0)
		path += 5;
	return *path == '\0' ? NULL : path;
}

static void write_log(const struct request *q, const char *line)
{
	const char *path = log_path(q), *format = q->value[SLOT_LOG_FORMAT];
	char buffer[LOG_SIZE], now[WHEN_SIZE];
	struct text entry = text_over(buffer, sizeof(buffer));

	if (!path)
		return;
	const int fd = fd_open(AT_CWD, path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY, 0644);
	if (fd < 0)
		return;
	when_write(when_now(), false, now);
	if (format && strcmp(format, "json") == 0) {
		text_add(&entry, "{\"level\":\"error\",\"msg\":");
		text_json(&entry, bytes_of(line));
		text_printf(&entry, ",\"time\":\"%s\"}\n", now);
	} else {
		text_printf(&entry, "time=\"%s\" level=error msg=", now);
		text_json(&entry, bytes_of(line));
		text_char(&entry, '\n');
	}
	write_bounded(fd, (struct bytes){ entry.data, entry.len });
	(void)fd_close(fd);
}

int refuse(const struct request *q, const char *line)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	char buffer[LINE_SIZE + 1];
	struct text told = text_over(buffer, sizeof(buffer));

	/* This process ends with its refusal: neither a closed pipe nor RLIMIT_FSIZE may end it before. */
	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigaction(SIGXFSZ, &ignore, NULL);
	text_add(&told, line);
	text_char(&told, '\n');
	write_bounded(STDERR_FILENO, (struct bytes){ told.data, told.len });
	write_log(q, line);
	return q->verb == VERB_EXEC ? 255 : 1;
}
