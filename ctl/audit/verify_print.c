/* SPDX-License-Identifier: Apache-2.0 */
/* What verify found, for reading and as one JSON object. Places first, so that an editor can go there. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "ctl/audit/metrics.h"
#include "ctl/audit/replace.h"
#include "ctl/audit/verify.h"
#include "validate/base/limits.h"

static uint64_t faults_of(const struct verification *v)
{
	const struct examination *c = &v->chain, *s = &v->spill;
	const struct testimony *t = &v->testimony;
	return c->fault_count + c->fault_more + s->fault_count + s->fault_more + t->fault_count + t->fault_more;
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void write_place(const char *dir, const struct chain_fault *f, struct text *to)
{
	text_shown(to, bytes_of(dir), SIZE_MAX);
	text_char(to, '/');
	text_shown(to, bytes_of(f->file), SIZE_MAX);
	if (f->line > 0)
		text_printf(to, ":%" PRIu64, f->line);
	text_add(to, ": ");
}

static void text_chain(const char *dir, const struct examination *e, struct text *to)
{
	for (size_t i = 0; i < e->fault_count; i++) {
		const struct chain_fault *f = &e->faults[i];
		write_place(dir, f, to);
		chain_fault_write(f, to);
		if (f->id[0]) {
			text_add(to, " (");
			text_shown(to, bytes_of(f->id), LIMIT_QUOTE);
			text_char(to, ')');
		}
		text_char(to, '\n');
	}
	if (e->fault_more > 0)
		text_printf(to, "%s: %zu faults more\n", dir, e->fault_more);
	text_add(to, "chain: ");
	text_shown(to, bytes_of(dir), SIZE_MAX);
	text_printf(to, ": %" PRIu64 " record%s in %zu file%s", e->records, plural(e->records), e->file_count,
		plural(e->file_count));
	for (size_t i = 0; i < e->chain_count && i < 1; i++)
		text_printf(to, ", number %" PRIu64 " to %" PRIu64, e->chains[i].first, e->chains[i].last);
	text_char(to, '\n');
}

static void text_journal(const struct verification *v, struct text *to)
{
	const struct testimony *t = &v->testimony;
	for (size_t i = 0; i < t->fault_count; i++) {
		text_add(to, "journal: ");
		testimony_write(&t->faults[i], to);
		if (t->faults[i].id[0]) {
			text_add(to, " (");
			text_shown(to, bytes_of(t->faults[i].id), LIMIT_QUOTE);
			text_char(to, ')');
		}
		text_char(to, '\n');
	}
	if (t->fault_more > 0)
		text_printf(to, "journal: %zu faults more\n", t->fault_more);
	if (!v->heard) {
		text_add(to, "journal: not looked at\n");
		return;
	}
	text_printf(to, "journal: %" PRIu64 " record%s and %" PRIu64 " checkpoint%s %s", t->records, plural(t->records),
		t->checkpoints, plural(t->checkpoints), t->chain ? "held against the chain" : "looked at");
	if (t->rotated > 0)
		text_printf(to, "; %" PRIu64 " of records that were rotated out", t->rotated);
	if (t->told > 0)
		text_printf(to, "; audit gaps tell of %" PRIu64 " that did not come", t->told);
	text_char(to, '\n');
}

static void json_word(struct text *to, const char *key, const char *value)
{
	if (!value[0])
		return;
	text_printf(to, ",\"%s\":", key);
	text_json(to, bytes_of(value));
}

static void json_number(struct text *to, const char *key, uint64_t value)
{
	if (value > 0)
		text_printf(to, ",\"%s\":%" PRIu64, key, value);
}

static void json_faults(struct text *to, const char *source, const struct chain_fault *faults, size_t count,
	bool *first)
{
	for (size_t i = 0; i < count; i++) {
		const struct chain_fault *f = &faults[i];
		char says[400];
		struct text words = text_over(says, sizeof(says));
		const bool journal = strcmp(source, "journal") == 0;
		(journal ? testimony_write : chain_fault_write)(f, &words);
		text_printf(to, "%s{\"source\":\"%s\",\"kind\":\"%s\"", *first ? "" : ",", source,
			chain_fault_name(f->kind));
		*first = false;
		json_word(to, "file", f->file);
		json_number(to, "line", f->line);
		json_number(to, "toLine", f->to_line > f->line ? f->to_line : 0);
		json_number(to, "from", f->from);
		json_number(to, "to", f->to > f->from ? f->to : 0);
		json_word(to, "id", f->id);
		json_word(to, "chain", f->chain);
		json_word(to, "says", says);
		text_char(to, '}');
	}
}

static void json_chains(const struct examination *e, struct text *to)
{
	text_printf(to, ",\"records\":%" PRIu64 ",\"files\":%zu,\"chains\":[", e->records, e->file_count);
	for (size_t i = 0; i < e->chain_count; i++) {
		const struct chain_known *k = &e->chains[i];
		text_printf(to, "%s{\"chain\":", i ? "," : "");
		text_json(to, bytes_of(k->chain));
		text_printf(to, ",\"first\":%" PRIu64 ",\"last\":%" PRIu64, k->first, k->last);
		json_word(to, "hash", k->last_hash);
		text_char(to, '}');
	}
	text_char(to, ']');
}

static void write_json(const struct verification *v, struct text *to)
{
	const struct testimony *t = &v->testimony;
	bool first = true;
	text_printf(to, "{\"unbroken\":%s", faults_of(v) == 0 ? "true" : "false");
	if (v->has_chain) {
		json_word(to, "directory", v->directory);
		json_chains(&v->chain, to);
	}
	if (v->heard)
		text_printf(to,
			",\"journal\":{\"records\":%" PRIu64 ",\"checkpoints\":%" PRIu64 ",\"rotated\":%" PRIu64
			",\"told\":%" PRIu64 "}",
			t->records, t->checkpoints, t->rotated, t->told);
	json_number(to, "more", v->chain.fault_more + v->spill.fault_more + t->fault_more);
	text_add(to, ",\"faults\":[");
	json_faults(to, "chain", v->chain.faults, v->chain.fault_count, &first);
	json_faults(to, "spill", v->spill.faults, v->spill.fault_count, &first);
	json_faults(to, "journal", t->faults, t->fault_count, &first);
	text_add(to, "]}\n");
}

static void write_text(const struct verification *v, struct text *to)
{
	const uint64_t faults = faults_of(v);

	if (v->has_chain)
		text_chain(v->directory, &v->chain, to);
	if (v->spilled)
		text_chain(v->spilled, &v->spill, to);
	text_journal(v, to);
	if (faults == 0)
		text_add(to, "unbroken\n");
	else
		text_printf(to, "%" PRIu64 " fault%s\n", faults, plural(faults));
}

static void write_gauges(const struct verification *v, struct text *to)
{
	const uint64_t faults = faults_of(v);

	metrics_head(to, "runvet_verify_unbroken", "gauge",
		"1 when the last verification of the whole trail found no fault, else 0.");
	text_printf(to, "runvet_verify_unbroken %d\n", faults == 0);
	metrics_head(to, "runvet_verify_faults", "gauge", "Faults of the trail that the last verification found.");
	text_printf(to, "runvet_verify_faults %" PRIu64 "\n", faults);
	metrics_head(to, "runvet_verify_records", "gauge", "Records of the chain that the last verification read.");
	text_printf(to, "runvet_verify_records %" PRIu64 "\n", v->chain.records + v->spill.records);
	metrics_head(to, "runvet_verify_journal_records", "gauge",
		"Records of the journal that the last verification held the chain against.");
	text_printf(to, "runvet_verify_journal_records %" PRIu64 "\n", v->heard ? v->testimony.records : 0);
}

static int write_textfile(const struct verification *v, struct arena *a)
{
	struct text to = text_growing(a);

	write_gauges(v, &to);
	if (to.cut)
		return trouble("memory is used up");
	const int r = replace_file(v->textfile, (struct bytes){ to.data, to.len }, 0644, false);
	return r < 0 ? trouble("%s could not be written: %s", v->textfile, errno_words(r)) : CTL_GOOD;
}

int verify_print(const struct verification *v)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct text to = text_growing(&a);
	const uint64_t faults = faults_of(v);
	int code = v->textfile ? write_textfile(v, &a) : CTL_GOOD;
	if (v->json)
		write_json(v, &to);
	else
		write_text(v, &to);
	if (to.cut)
		code = trouble("memory is used up");
	else if (!v->textfile || faults > 0)
		code = put(to.data) != CTL_GOOD ? CTL_USAGE : code;
	arena_done(&a);
	return code != CTL_GOOD ? -EIO : faults == 0 ? AUDIT_FOUND : AUDIT_NONE;
}
