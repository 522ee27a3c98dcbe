/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal, read as if it were a chain: an entry's fields go through the same door as a record's when it is made
 * (record_add escapes and caps them) and out of the same one (record_json), so that whatever somebody told journald
 * has a record's form afterwards, or none. What the chain alone has is taken from what journald says of the machine.
 *
 * Any local user may send journald our fields; _UID is journald's own word, and an entry is sound when root sent it
 * (or, for a reader who is not root, he himself). journald does not keep the order of repeated fields, so the hash that
 * an entry names cannot be held against it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "ctl/audit/point.h"
#include "ctl/audit/source.h"
#include "audit/record.h"
#include "validate/base/limits.h"

#define ENTRY_MEMORY ((size_t)16 << 20)
#define DATA_MOST ((size_t)16 << 10) /* of one field: ours are below LIMIT_FIELD */
#define FIELDS_MOST 2048u            /* of one entry; journald takes 1024 */
#define EARLY_S 600                  /* journald's clock and a record's, read one after the other */
#define LATE_S 3600

/* Fields that journald adds itself, and what they are in a record. */
static const struct added {
	const char *journal;
	enum field field;
} added[] = {
	{ "_BOOT_ID", FIELD_BOOT_ID },
	{ "_HOSTNAME", FIELD_HOST_NAME },
	{ "_MACHINE_ID", FIELD_HOST_ID },
};

#define ADDED (sizeof(added) / sizeof(added[0]))

struct journal {
	struct source source;
	const struct query *query;
	sd_journal *handle;
	struct arena arena;                    /* of the entry under view */
	struct added names[FIELD_MAX + ADDED]; /* sorted by name */
	size_t count;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct added *)a)->journal, ((const struct added *)b)->journal);
}

static void sort_names(struct journal *j)
{
	for (enum field f = 0; f < FIELD_MAX; f++)
		if (field_row(f)->journal)
			j->names[j->count++] = (struct added){ field_row(f)->journal, f };
	for (size_t i = 0; i < ADDED; i++)
		j->names[j->count++] = added[i];
	qsort(j->names, j->count, sizeof(j->names[0]), by_name);
}

static const struct added *find_name(const struct journal *j, struct bytes name)
{
	char word[72];

	if (name.len >= sizeof(word))
		return NULL;
	memcpy(word, name.data, name.len);
	word[name.len] = '\0';
	const struct added key = { .journal = word };
	return bsearch(&key, j->names, j->count, sizeof(j->names[0]), by_name);
}

static void journal_done(struct source *s)
{
	struct journal *j = (struct journal *)s;

	sd_journal_close(j->handle);
	arena_done(&j->arena);
	free(j);
}

static const char *severity_word(struct bytes priority)
{
	static const char *const words[] = { "emergency", "alert", "critical", "error", "warning", "notice", "info",
		"debug" };
	const bool known = priority.len == 1 && priority.data[0] >= '0' && priority.data[0] <= '7';
	return known ? words[priority.data[0] - '0'] : NULL;
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

/* A boot's id as the kernel and the chain write it; anything else stays as it is. */
static struct bytes with_dashes(struct bytes id, char ret[static 40])
{
	if (id.len != 32)
		return id;
	const int n = snprintf(ret, 40, "%.8s-%.4s-%.4s-%.4s-%.12s", id.data, id.data + 8, id.data + 12, id.data + 16,
		id.data + 20);
	return (struct bytes){ ret, (size_t)n };
}

/*
 * Takes all fields of the entry that a record can have. 0, -ENOMEM, -EBADMSG when it is beyond all bounds. What a log
 * driver sends is a container's word, though root's daemon says it: labels become fields there.
 */
static int take_fields(struct journal *j, struct record *r, bool *ret_trusted)
{
	const void *data;
	size_t len, n = 0;
	bool sent = false, container = false;

	sd_journal_restart_data(j->handle);
	while (sd_journal_enumerate_available_data(j->handle, &data, &len) > 0) {
		const char *equals = memchr(data, '=', len);
		if (++n > FIELDS_MOST)
			return -EBADMSG;
		if (!equals)
			continue;
		const struct bytes name = { data, (size_t)(equals - (const char *)data) };
		const struct bytes value = { equals + 1, len - name.len - 1 };
		sent |= bytes_is(name, "_UID") && is_trusted(value);
		container |= bytes_is(name, "CONTAINER_ID_FULL");
		const struct added *a = find_name(j, name);
		if (!a || (!field_row(a->field)->repeated && record_find(r, a->field)))
			continue;
		const char *severity = a->field == FIELD_PRIORITY ? severity_word(value) : NULL;
		char dashed[40];
		if (record_add(r, a->field, a->field == FIELD_BOOT_ID ? with_dashes(value, dashed) : value) < 0 ||
			record_add(r, FIELD_SEVERITY, bytes_of(severity)) < 0)
			return -ENOMEM;
	}
	*ret_trusted = sent && !container;
	return 0;
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

static struct timespec time_of(struct journal *j, const struct seen *s)
{
	struct timespec t = { 0 };
	uint64_t us = 0;

	if (when_read(seen_string(s, "time"), &t) < 0 && sd_journal_get_realtime_usec(j->handle, &us) >= 0)
		t = (struct timespec){ .tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000 };
	return t;
}

/* The entry as a record. 1, 0: it is none, or a negative errno. */
static int take_entry(struct journal *j)
{
	const struct doc_options options = { .file = "journal", .cause = CAUSE_AUDIT };
	struct seen *s = &j->source.seen;
	struct fail why = { 0 };
	bool trusted = false;

	seen_recycle(&j->arena);
	struct record r = { .arena = &j->arena, .room = 64 };
	r.entries = arena_array(&j->arena, r.room, sizeof(*r.entries));
	int e = r.entries ? take_fields(j, &r, &trusted) : -ENOMEM;
	if (e == -EBADMSG || (e == 0 && !record_find(&r, FIELD_RECORD)))
		return 0;
	struct text line = text_growing(&j->arena);
	e = e < 0 ? e : record_json(&r, &line);
	*s = (struct seen){ .text = { line.data, line.len }, .place = "journal", .in = IN_JOURNAL };
	if (e == 0)
		e = doc_parse(&j->arena, s->text, &options, &s->root, &why);
	s->cursor = e < 0 ? NULL : cursor_of(j);
	if (e < 0 || !s->cursor)
		return trouble("an entry of the journal cannot be read: %s", errno_words(e < 0 ? e : -EIO)), -EIO;
	const struct doc *seq = doc_get(s->root, "seq");
	s->sound = trusted;
	s->when = time_of(j, s);
	s->chain = seen_string(s, "chain");
	s->hash = seen_string(s, "hash");
	s->seq = seq && seq->type == DOC_INT && !seq->integer.negative ? seq->integer.magnitude : 0;
	return 1;
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
	sort_names(j);
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
