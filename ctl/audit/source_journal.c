/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal, read as if it were a chain: of an entry's fields the record is made again that it was made of, and of
 * that the very line that the chain has (audit/journal_fields.h), so that its hash tells whether it was altered on its
 * way.
 *
 * Any local user may send journald our fields; _UID is journald's own word. What root did not send (or, for a reader
 * who is not root, he himself) is told of as nothing but that: it has no content that anybody should read.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "ctl/audit/point.h"
#include "ctl/audit/source.h"
#include "audit/journal_fields.h"
#include "validate/base/limits.h"

#define ENTRY_MEMORY ((size_t)16 << 20)
#define DATA_MOST ((size_t)16 << 10) /* of one field: ours are below LIMIT_FIELD */
#define ENTRY_MOST ((size_t)1 << 20) /* of all fields together */
#define FIELDS_MOST 1024u            /* of one entry, as journald itself */
#define EARLY_S 600                  /* journald's clock and a record's, read one after the other */
#define LATE_S 3600

struct journal {
	struct source source;
	const struct query *query;
	sd_journal *handle;
	struct arena arena; /* of the entry under view */
	struct named fields[FIELDS_MOST];
};

static void journal_done(struct source *s)
{
	struct journal *j = (struct journal *)s;

	sd_journal_close(j->handle);
	arena_done(&j->arena);
	free(j);
}

/* Root, or who reads, sent it: by journald's word. */
static bool is_trusted(struct bytes uid)
{
	char own[24];

	if (bytes_is(uid, "0"))
		return true;
	(void)snprintf(own, sizeof(own), "%lu", (unsigned long)geteuid());
	return bytes_is(uid, own);
}

/* One of ours, by its name; what else an entry has is nobody's business here. */
static bool is_ours(struct bytes name)
{
	static const char *const plain[] = { "MESSAGE", "MESSAGE_ID", "PRIORITY", "SYSLOG_IDENTIFIER",
		"SYSLOG_FACILITY", "OBJECT_PID", "DOCUMENTATION" };

	if (bytes_start(name, "RUNVET_") || bytes_start(name, "POD_"))
		return true;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (bytes_is(name, plain[i]))
			return true;
	return false;
}

/*
 * Copies the entry's fields. How many; -ENOMEM, or -EBADMSG when it is beyond all bounds. *ret_sent: root sent it. What
 * a log driver sends is a container's word, though root's daemon says it: labels become fields there.
 */
static ssize_t take_fields(struct journal *j, bool *ret_sent)
{
	const void *data;
	size_t len, n = 0, all = 0, bytes = 0;
	bool sent = false, container = false;

	sd_journal_restart_data(j->handle);
	while (sd_journal_enumerate_available_data(j->handle, &data, &len) > 0) {
		const char *equals = memchr(data, '=', len);
		if (++all > FIELDS_MOST || (bytes += len) > ENTRY_MOST)
			return -EBADMSG;
		if (!equals)
			continue;
		const struct bytes name = { data, (size_t)(equals - (const char *)data) };
		const struct bytes value = { equals + 1, len - name.len - 1 };
		sent |= bytes_is(name, "_UID") && is_trusted(value);
		container |= bytes_is(name, "CONTAINER_ID_FULL");
		if (!is_ours(name))
			continue;
		const char *copy = arena_copy(&j->arena, (struct bytes){ data, len });
		if (!copy)
			return -ENOMEM;
		j->fields[n].name = (struct bytes){ copy, name.len };
		j->fields[n++].value = (struct bytes){ copy + name.len + 1, value.len };
	}
	*ret_sent = sent && !container;
	return (ssize_t)n;
}

/* The cursor, kept in the arena. */
static const char *cursor_of(struct journal *j)
{
	char *cursor = NULL;

	if (sd_journal_get_cursor(j->handle, &cursor) < 0)
		return NULL;
	const char *kept = arena_copy(&j->arena, bytes_of(cursor));
	free(cursor);
	return kept;
}

static struct timespec time_of(struct journal *j)
{
	uint64_t us = 0;

	if (sd_journal_get_realtime_usec(j->handle, &us) < 0)
		return (struct timespec){ 0 };
	return (struct timespec){ .tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000 };
}

/* Of root's entry the record. 1, 0: it is none, or -ENOMEM. */
static int make_record(struct journal *j, size_t count)
{
	const struct doc_options options = { .file = "journal", .cause = CAUSE_AUDIT };
	struct seen *s = &j->source.seen;
	struct text line = text_growing(&j->arena);
	struct fail why = { 0 };
	struct record r;
	bool proved = false;

	int e = record_of_fields(&r, &j->arena, j->fields, count);
	if (e == -EBADMSG || (e == 0 && !record_find(&r, FIELD_RECORD)))
		return 0;
	const struct entry *hash = e < 0 ? NULL : record_find(&r, FIELD_HASH);
	e = e < 0 ? e : record_line(&r, &line, &proved);
	s->text = (struct bytes){ line.data, line.len };
	e = e < 0 ? e : doc_parse(&j->arena, s->text, &options, &s->root, &why);
	if (e == -EBADMSG)
		return 0;
	if (e < 0)
		return e;
	const struct doc *seq = doc_get(s->root, "seq");
	s->sound = (proved || !hash) && when_read(seen_string(s, "time"), &s->when) == 0;
	s->chain = seen_string(s, "chain");
	s->hash = seen_string(s, "hash");
	s->seq = seq && seq->type == DOC_INT && !seq->integer.negative ? seq->integer.magnitude : 0;
	return 1;
}

/* The entry under the cursor. 1, 0: it is no record, or a negative errno, complained of. */
static int take_entry(struct journal *j)
{
	struct seen *s = &j->source.seen;
	bool sent = false;

	seen_recycle(&j->arena);
	*s = (struct seen){ .place = "journal", .in = IN_JOURNAL, .when = time_of(j) };
	const ssize_t n = take_fields(j, &sent);
	s->cursor = cursor_of(j);
	int r = n == -EBADMSG ? 0 : n < 0 || !s->cursor ? -ENOMEM : 1;
	if (r > 0 && sent)
		r = make_record(j, (size_t)n);
	s->sent = sent;
	return r < 0 ? (trouble("an entry of the journal cannot be read: %s", errno_words(r)), r) : r;
}

/* Whether what follows is later than anybody asked for. */
static bool is_late(struct journal *j)
{
	uint64_t us = 0;
	const struct timespec until = j->query->until;

	return until.tv_sec > 0 && sd_journal_get_realtime_usec(j->handle, &us) >= 0 &&
		us / 1000000 > (uint64_t)until.tv_sec + LATE_S;
}

static int journal_next(struct source *s)
{
	struct journal *j = (struct journal *)s;
	int r;

	while ((r = sd_journal_next(j->handle)) > 0) {
		if (is_late(j))
			return 0;
		r = take_entry(j);
		if (r < 0)
			return r;
		if (r > 0 && query_within(j->query, s->seen.when))
			return 1;
	}
	if (r < 0)
		(void)trouble("the journal cannot be read: %s", errno_words(r));
	return r;
}

static int open_handle(struct journal *j)
{
	static const int flags = SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_INCLUDE_DEFAULT_NAMESPACE;
	const char *paths[] = { j->query->file, NULL };
	struct stat st;
	int r;

	if (!j->query->file)
		r = sd_journal_open_namespace(&j->handle, "runvet", flags);
	else if (stat(j->query->file, &st) < 0)
		r = -errno;
	else
		r = S_ISDIR(st.st_mode) ? sd_journal_open_directory(&j->handle, j->query->file, 0)
					: sd_journal_open_files(&j->handle, paths, 0);
	if (r < 0) {
		(void)trouble("%s cannot be read: %s", j->query->file ? j->query->file : "the journal", errno_words(r));
		return r;
	}
	(void)sd_journal_set_data_threshold(j->handle, DATA_MOST);
	const char *id = j->query->id && strlen(j->query->id) == 36
		? arena_printf(&j->arena, "RUNVET_RECORD=%s", j->query->id)
		: NULL;
	if (id)
		(void)sd_journal_add_match(j->handle, id, 0);
	return sd_journal_add_match(j->handle, "SYSLOG_IDENTIFIER=runvet", 0);
}

static int seek_begin(struct journal *j)
{
	const time_t since = j->query->since.tv_sec;

	if (since > EARLY_S)
		return sd_journal_seek_realtime_usec(j->handle, (uint64_t)(since - EARLY_S) * 1000000);
	return sd_journal_seek_head(j->handle);
}

int source_journal_open(const struct query *q, struct sources *to)
{
	struct journal *j = to->count < SOURCES_MOST ? calloc(1, sizeof(*j)) : NULL;

	if (!j)
		return trouble("no memory"), -ENOMEM;
	arena_init(&j->arena, ENTRY_MEMORY);
	j->source.next = journal_next;
	j->source.done = journal_done;
	j->query = q;
	int r = open_handle(j);
	if (r >= 0)
		r = q->point && q->point->cursor ? source_journal_seek(&j->source, q->point->cursor) : seek_begin(j);
	if (r < 0) {
		journal_done(&j->source);
		return r;
	}
	to->list[to->count++] = &j->source;
	return 0;
}

int source_journal_seek(struct source *s, const char *cursor)
{
	struct journal *j = (struct journal *)s;
	int r = cursor ? sd_journal_seek_cursor(j->handle, cursor) : sd_journal_seek_tail(j->handle);

	if (r < 0)
		return r;
	/* A seek only says where to go; the entry itself was told of, unless it is gone by now. */
	r = cursor ? sd_journal_next(j->handle) : sd_journal_previous(j->handle);
	if (r > 0 && cursor && sd_journal_test_cursor(j->handle, cursor) == 0)
		r = sd_journal_previous(j->handle);
	return r < 0 ? r : 0;
}

int source_journal_poll(struct source *s, short *ret_events, int *ret_timeout_ms)
{
	struct journal *j = (struct journal *)s;
	uint64_t at = UINT64_MAX;
	struct timespec now;
	const int fd = sd_journal_get_fd(j->handle), events = sd_journal_get_events(j->handle);

	if (fd < 0 || events < 0)
		return fd < 0 ? fd : events;
	*ret_events = (short)events;
	*ret_timeout_ms = -1;
	if (sd_journal_get_timeout(j->handle, &at) >= 0 && at != UINT64_MAX &&
		clock_gettime(CLOCK_MONOTONIC, &now) == 0) {
		const uint64_t us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
		*ret_timeout_ms = at > us ? (int)((at - us) / 1000 + 1) : 0;
	}
	return fd;
}

void source_journal_woke(struct source *s)
{
	(void)sd_journal_process(((struct journal *)s)->handle);
}

char *source_journal_catalog(const char *message_id)
{
	sd_id128_t id;
	char *text = NULL;

	if (sd_id128_from_string(message_id, &id) < 0 || sd_journal_get_catalog_for_message_id(id, &text) < 0)
		return NULL;
	return text;
}
