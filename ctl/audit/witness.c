/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal as a witness. An entry is believed as far as it proves itself: its fields are put together to the line
 * that the chain had (audit/journal_fields.h), whose hash is one of them. So a journal that was sent to another machine
 * can be checked there, without the chain, and an entry that was altered on the way is found.
 */
#include "ctl/audit/witness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "audit/journal_fields.h"
#include "ctl/ctl.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

#define ENTRY_MEMORY ((size_t)16 << 20)
#define FIELDS_MOST 2048u /* of one entry; journald takes 1024 */

static int open_journal(const char *file, sd_journal **ret)
{
	static const int flags = SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_INCLUDE_DEFAULT_NAMESPACE;
	const char *paths[] = { file, NULL };
	struct stat st;
	if (!file)
		return sd_journal_open_namespace(ret, "runvet", flags);
	if (stat(file, &st) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) ? sd_journal_open_directory(ret, file, 0) : sd_journal_open_files(ret, paths, 0);
}

static int match(sd_journal *j, struct timespec since)
{
	char uid[32];
	(void)snprintf(uid, sizeof(uid), "_UID=%lu", (unsigned long)geteuid());
	int r = sd_journal_set_data_threshold(j, 0);
	r = r < 0 ? r : sd_journal_add_match(j, "SYSLOG_IDENTIFIER=runvet", 0);
	r = r < 0 ? r : sd_journal_add_match(j, "_UID=0", 0);
	if (r >= 0 && geteuid() != 0)
		r = sd_journal_add_match(j, uid, 0);
	if (r < 0)
		return r;
	return since.tv_sec > 0 ? sd_journal_seek_realtime_usec(j, (uint64_t)since.tv_sec * 1000000)
				: sd_journal_seek_head(j);
}

/* The entry's fields, copied: journald's memory is good for the next call only. */
static int take_fields(sd_journal *j, struct arena *a, struct named *fields, size_t *ret_count)
{
	const void *data;
	size_t len, n = 0;
	int r;
	sd_journal_restart_data(j);
	while ((r = sd_journal_enumerate_available_data(j, &data, &len)) > 0 && n < FIELDS_MOST) {
		const char *equals = memchr(data, '=', len);
		const char *copy = equals ? arena_copy(a, (struct bytes){ data, len }) : NULL;
		if (equals && !copy)
			return -ENOMEM;
		if (!equals)
			continue;
		const size_t name = (size_t)(equals - (const char *)data);
		fields[n++] = (struct named){ { copy, name }, { copy + name + 1, len - name - 1 } };
	}
	*ret_count = n;
	return r < 0 ? r : 0;
}

static struct bytes value_of(const struct record *r, enum field f)
{
	const struct entry *e = record_find(r, f);
	return e ? e->value : (struct bytes){ 0 };
}

static uint64_t number_of(const struct record *r, enum field f)
{
	const struct bytes b = value_of(r, f);
	uint64_t n = 0;
	for (size_t i = 0; i < b.len && b.data[i] >= '0' && b.data[i] <= '9' && n < UINT64_MAX / 100; i++)
		n = n * 10 + (uint64_t)(b.data[i] - '0');
	return n;
}

static int take_entry(sd_journal *j, struct arena *a, struct witness *ret)
{
	struct record r;
	struct text line = text_growing(a);
	size_t count = 0;
	bool proved = false;
	struct named *fields = arena_array(a, FIELDS_MOST, sizeof(*fields));
	int e = fields ? take_fields(j, a, fields, &count) : -ENOMEM;
	e = e < 0 ? e : record_of_fields(&r, a, fields, count);
	if (e == -EBADMSG) { /* an order that cannot be: what is left says who it was */
		*ret = (struct witness){ 0 };
		for (size_t i = 0; i < count; i++)
			if (bytes_is(fields[i].name, "RUNVET_RECORD"))
				ret->id = fields[i].value;
			else if (bytes_is(fields[i].name, "RUNVET_HASH"))
				ret->hash = fields[i].value;
			else if (bytes_is(fields[i].name, "RUNVET_CHAIN"))
				ret->chain = fields[i].value;
		return 0;
	}
	e = e < 0 ? e : record_line(&r, &line, &proved);
	if (e < 0)
		return e;
	const bool checkpoint = bytes_is(value_of(&r, FIELD_MESSAGE_ID), ID_CHECKPOINT);
	*ret = (struct witness){
		.chain = value_of(&r, FIELD_CHAIN),
		.id = value_of(&r, FIELD_RECORD),
		.hash = value_of(&r, checkpoint ? FIELD_CHECK_HASH : FIELD_HASH),
		.prev = checkpoint ? (struct bytes){ 0 } : value_of(&r, FIELD_PREV),
		.seq = number_of(&r, checkpoint ? FIELD_CHECK_SEQ : FIELD_SEQ),
		.gap = bytes_is(value_of(&r, FIELD_EVENT), "audit.gap") ? number_of(&r, FIELD_GAP_COUNT) : 0,
		.checkpoint = checkpoint,
		.proved = proved,
	};
	return 0;
}

int witness_each(const char *file, struct timespec since, int (*visit)(const struct witness *w, void *data), void *data)
{
	sd_journal *j = NULL;
	int r = open_journal(file, &j);
	r = r < 0 ? r : match(j, since);
	while (r >= 0 && (r = sd_journal_next(j)) > 0) {
		struct arena a;
		struct witness w;
		arena_init(&a, ENTRY_MEMORY);
		r = take_entry(j, &a, &w);
		const int stop = r < 0 ? 0 : visit(&w, data);
		arena_done(&a);
		if (stop) {
			sd_journal_close(j);
			return stop;
		}
	}
	sd_journal_close(j);
	if (r < 0)
		(void)trouble("%s cannot be read: %s", file ? file : "the journal", errno_words(r));
	return r < 0 ? r : 0;
}
