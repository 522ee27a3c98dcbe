/* SPDX-License-Identifier: Apache-2.0 */
/* What was counted, between one run and the next: a JSON document, replaced as a whole and synced. */
#include "ctl/audit/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "ctl/audit/replace.h"
#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/doc/make.h"

#define STATE_MOST ((size_t)1 << 20)

static uint64_t number_at(const struct doc *d, const char *path)
{
	const struct doc *n = doc_find(d, path);
	return n && n->type == DOC_INT && !n->integer.negative ? n->integer.magnitude : 0;
}

static void word_at(const struct doc *d, const char *path, char *to, size_t size)
{
	struct text t = text_over(to, size);
	text_shown(&t, doc_string(d, path, BYTES("")), size - 1);
}

static const struct doc *first_of(const struct doc *d, const char *path)
{
	const struct doc *list = doc_find(d, path);
	return list && list->type == DOC_ARRAY ? list->first : NULL;
}

static void load_series(const struct doc *d, const char *key, struct series *s)
{
	for (const struct doc *v = first_of(d, key); v && s->used < SERIES_MOST; v = v->next) {
		struct series_row *row = &s->rows[s->used++];
		row->count = number_at(v, "n");
		word_at(v, "a", row->labels[0], SERIES_WORD);
		word_at(v, "b", row->labels[1], SERIES_WORD);
		word_at(v, "c", row->labels[2], SERIES_WORD);
	}
}

static void load_cursors(const struct doc *d, struct metrics *m)
{
	for (const struct doc *v = first_of(d, "files"); v && m->file_count < METRICS_FILES; v = v->next) {
		struct metrics_file *f = &m->files[m->file_count++];
		word_at(v, "first", f->first, sizeof(f->first));
		f->offset = number_at(v, "offset");
	}
	for (const struct doc *v = first_of(d, "chains"); v && m->chain_count < METRICS_CHAINS; v = v->next) {
		struct metrics_chain *c = &m->chains[m->chain_count++];
		word_at(v, "chain", c->chain, sizeof(c->chain));
		word_at(v, "hash", c->hash, sizeof(c->hash));
		c->seq = number_at(v, "seq");
	}
}

static void load(struct metrics *m, const struct doc *d)
{
	size_t i = 0;

	load_series(d, "decisions", &m->decisions);
	load_series(d, "rules", &m->rules);
	load_series(d, "lifecycle", &m->lifecycle);
	for (enum metrics_stage s = 0; s < STAGE_MAX; s++) {
		const struct doc *failures = doc_get(d, "failures");
		m->failures[s] = number_at(failures, metrics_stages[s]);
	}
	for (const struct doc *v = first_of(d, "buckets"); v && i <= METRICS_BUCKETS; v = v->next)
		m->buckets[i++] = v->type == DOC_INT ? v->integer.magnitude : 0;
	m->eval_sum = number_at(d, "eval_sum");
	m->policy_changes = number_at(d, "policy_changes");
	m->records = number_at(d, "records");
	m->last_seq = number_at(d, "last_seq");
	m->last_time = (int64_t)(number_at(d, "last_time") & INT64_MAX);
	word_at(d, "policy", m->policy, sizeof(m->policy));
	word_at(d, "version", m->version, sizeof(m->version));
	word_at(d, "digest", m->digest, sizeof(m->digest));
	m->broken = doc_true(d, "broken");
	load_cursors(d, m);
}

int metrics_load(struct metrics *m, const char *path, struct fail *reterr)
{
	const struct file_want want = { .dir = AT_CWD,
		.path = path,
		.limit = STATE_MOST,
		.owner = OWNER_BUNDLE,
		.cause = CAUSE_AUDIT,
		.rule = "" };
	const struct doc_options options = { .file = path, .cause = CAUSE_AUDIT };
	const struct doc *d = NULL;
	struct file f = { .fd = -1 };
	struct stat st;

	if (stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	int r = file_read(&m->arena, &want, &f, reterr);
	if (r < 0)
		return r;
	r = doc_parse(&m->arena, f.bytes, &options, &d, reterr);
	(void)fd_close(f.fd);
	if (r == 0 && number_at(d, "schema") != 1)
		r = fail(reterr, -EBADMSG, CAUSE_AUDIT, "", "%s is of another release; without it counting starts anew",
			path);
	if (r == 0)
		load(m, d);
	return r;
}

static void save_series(struct arena *a, struct doc *to, const char *key, const struct series *s)
{
	struct doc *list = make_array(a, to, key);

	for (size_t i = 0; i < s->used; i++) {
		struct doc *one = make_object(a, list, NULL);
		make_uint(a, one, "n", s->rows[i].count);
		make_string(a, one, "a", bytes_of(s->rows[i].labels[0]));
		make_string(a, one, "b", bytes_of(s->rows[i].labels[1]));
		make_string(a, one, "c", bytes_of(s->rows[i].labels[2]));
	}
}

static void save_cursors(struct arena *a, struct doc *to, const struct metrics *m)
{
	struct doc *files = make_array(a, to, "files"), *chains = make_array(a, to, "chains");

	/* Of files that are gone nothing more will come. */
	for (size_t i = 0; i < m->file_count; i++) {
		struct doc *one = m->files[i].met ? make_object(a, files, NULL) : NULL;
		if (!one)
			continue;
		make_string(a, one, "first", bytes_of(m->files[i].first));
		make_uint(a, one, "offset", m->files[i].offset);
	}
	for (size_t i = 0; i < m->chain_count; i++) {
		struct doc *one = make_object(a, chains, NULL);
		make_string(a, one, "chain", bytes_of(m->chains[i].chain));
		make_string(a, one, "hash", bytes_of(m->chains[i].hash));
		make_uint(a, one, "seq", m->chains[i].seq);
	}
}

static struct doc *document(struct arena *a, const struct metrics *m)
{
	struct doc *d = make_document(a);

	make_uint(a, d, "schema", 1);
	save_series(a, d, "decisions", &m->decisions);
	save_series(a, d, "rules", &m->rules);
	save_series(a, d, "lifecycle", &m->lifecycle);
	struct doc *failures = make_object(a, d, "failures");
	for (size_t i = 0; i < STAGE_MAX; i++)
		make_uint(a, failures, metrics_stages[i], m->failures[i]);
	struct doc *buckets = make_array(a, d, "buckets");
	for (size_t i = 0; i <= METRICS_BUCKETS; i++)
		make_uint(a, buckets, NULL, m->buckets[i]);
	make_uint(a, d, "eval_sum", m->eval_sum);
	make_uint(a, d, "policy_changes", m->policy_changes);
	make_uint(a, d, "records", m->records);
	make_uint(a, d, "last_seq", m->last_seq);
	make_int(a, d, "last_time", m->last_time);
	make_string(a, d, "policy", bytes_of(m->policy));
	make_string(a, d, "version", bytes_of(m->version));
	make_string(a, d, "digest", bytes_of(m->digest));
	make_bool(a, d, "broken", m->broken);
	save_cursors(a, d, m);
	return d;
}

void metrics_parent(const char *path)
{
	char parent[4096];
	const char *slash = strrchr(path, '/');

	if (!slash || slash == path || (size_t)(slash - path) >= sizeof(parent))
		return;
	memcpy(parent, path, (size_t)(slash - path));
	parent[slash - path] = '\0';
	(void)mkdir(parent, 0700);
}

int metrics_save(const struct metrics *m, const char *path)
{
	struct arena a;
	int r = -ENOMEM;

	arena_init(&a, (size_t)16 << 20);
	const struct doc *d = document(&a, m);
	struct text t = text_growing(&a);
	doc_write(d, true, &t);
	text_char(&t, '\n');
	if (make_whole(d) && !t.cut)
		r = replace_file(path, (struct bytes){ t.data, t.len }, 0600, true);
	arena_done(&a);
	return r;
}
