/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl audit show: all that is known of one record or of one container. The record in full, what the catalogue
 * says of its kind, what would have been right, and the container's whole life.
 */
#include "ctl/audit/query.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "ctl/audit/catalogue.h"
#include "ctl/audit/life.h"
#include "ctl/explain.h"
#include "validate/base/limits.h"

#define SHOW_MEMORY ((size_t)64 << 20)
#define VALUES 24u
#define CONTAINERS_MOST 16u
#define ID_SHORT 8u /* digits that may begin a record's id or a container's */

static const struct verb show_verb = { .name = "audit show" };

struct showing {
	struct arena arena;
	struct query *query;
	const char *word;
	const char *ids[CONTAINERS_MOST]; /* containers that it may mean */
	size_t id_count, left_out;
	struct seen record; /* .root NULL: none */
	struct lives lives;
	bool whole; /* .record was asked for, not only the last judgement of a container */
	uint64_t changed;
};

/* --- the record -------------------------------------------------------------------------------------------------- */

static void scalar(const struct doc *d, struct text *to)
{
	if (d->type == DOC_STRING)
		text_shown(to, d->string, LIMIT_RECORD);
	else if (d->type == DOC_INT)
		text_printf(to, "%s%" PRIu64, d->integer.negative ? "-" : "", d->integer.magnitude);
	else if (d->type == DOC_BOOL)
		text_add(to, d->boolean ? "yes" : "no");
	else
		text_add(to, "-");
}

static void members(const char *path, const struct doc *d, struct text *to);

/* The elements of a list of objects, each on a line: its members, one after the other. */
static void objects(const char *path, const struct doc *d, struct text *to)
{
	for (const struct doc *e = d->first; e; e = e->next) {
		text_printf(to, "  %-*s", (int)VALUES - 2, e == d->first ? path : "");
		for (const struct doc *m = e->first; m; m = m->next) {
			text_char(to, ' ');
			text_shown(to, m->key, LIMIT_QUOTE);
			text_char(to, '=');
			scalar(m, to);
		}
		text_char(to, '\n');
	}
}

static void member(const char *path, const struct doc *d, struct text *to)
{
	if (d->type == DOC_OBJECT) {
		members(path, d, to);
	} else if (d->type == DOC_ARRAY && d->first && d->first->type == DOC_OBJECT) {
		objects(path, d, to);
	} else {
		text_printf(to, "  %-*s", (int)VALUES - 2, path);
		if (d->type != DOC_ARRAY) {
			text_char(to, ' ');
			scalar(d, to);
		}
		for (const struct doc *e = d->type == DOC_ARRAY ? d->first : NULL; e; e = e->next) {
			text_char(to, ' ');
			scalar(e, to);
		}
		text_char(to, '\n');
	}
}

static void members(const char *path, const struct doc *d, struct text *to)
{
	for (const struct doc *m = d->first; m; m = m->next) {
		struct text name = text_growing(to->arena);
		text_printf(&name, "%s%s", path, *path ? "." : "");
		text_shown(&name, m->key, LIMIT_QUOTE);
		member(name.data, m, to);
	}
}

static int show_record(struct showing *s)
{
	struct text to = text_growing(&s->arena);
	const struct doc *found = doc_get(s->record.root, "violations");

	text_add(&to, "record ");
	text_shown(&to, seen_string(&s->record, "id"), LIMIT_QUOTE);
	text_printf(&to, " (%s", s->record.place);
	if (s->record.number > 0)
		text_printf(&to, ":%lu", s->record.number);
	text_add(&to, ")\n\n");
	members("", s->record.root, &to);
	text_char(&to, '\n');
	(void)catalogue_write(&s->record, &to);
	if (to.cut)
		return trouble("no memory");
	const int code = put(to.data);
	return code == CTL_GOOD && found && found->first ? explain_seen(&s->record) : code;
}

/* --- its container's life ---------------------------------------------------------------------------------------- */

static void when_local(struct timespec when, struct text *to)
{
	char text[32] = "-";
	struct tm t;

	if (when.tv_sec > 0 && localtime_r(&when.tv_sec, &t))
		(void)strftime(text, sizeof(text), "%F %T", &t);
	text_printf(to, "  %s.%03ld", text, when.tv_nsec / 1000000);
}

static void show_life(const struct showing *s, const struct life *l, struct text *to)
{
	text_add(to, "\nlife of container ");
	text_shown(to, bytes_of(l->container), LIMIT_ID);
	if (l->root) {
		text_add(to, " below ");
		text_shown(to, bytes_of(l->root), LIMIT_FIELD);
	}
	text_printf(to, ": %s\n", life_state_name(l->state));
	if (l->count > 0 && l->steps[0].before == LIFE_UNKNOWN && strcmp(l->steps[0].action, "create") != 0 &&
		strcmp(l->steps[0].action, "run") != 0 && strcmp(l->steps[0].action, "restore") != 0)
		text_add(to, "  it is older than what was read: its create is not there\n");
	for (size_t i = 0; i < l->count; i++) {
		const struct life_step *step = &l->steps[i];
		when_local(step->when, to);
		text_printf(to, "  %-8s %-9s %s%s\n", step->action, life_state_name(step->after), step->record,
			bytes_is(seen_string(&s->record, "id"), step->record) ? "  *" : "");
		if (step->odd)
			text_printf(to, "    impossible: %s\n", step->odd);
	}
	if (l->odd > 0)
		text_printf(to,
			"  %zu step%s impossible: a record is missing, or the runtime was called around "
			"runvet\n",
			l->odd, l->odd == 1 ? " is" : "s are");
}

static int on_life(const struct seen *r, void *data)
{
	struct showing *s = data;
	const struct bytes id = seen_string(r, "container.id");
	bool meant = false;

	if (!r->sound) {
		s->changed += r->in == IN_CHAIN;
		return 0;
	}
	for (size_t i = 0; i < s->id_count; i++)
		meant |= bytes_is(id, s->ids[i]);
	if (!meant)
		return 0;
	if (lives_add(&s->arena, &s->lives, r) < 0)
		return trouble("no memory"), -ENOMEM;
	/* Of a container: what was decided of it last; a start only where it was refused. */
	const struct bytes decision = seen_string(r, "decision"), action = seen_string(r, "action");
	const bool by_the_way = bytes_is(action, "exec") || (bytes_is(action, "start") && !bytes_is(decision, "deny"));
	if (!s->whole && decision.len > 0 && !by_the_way && seen_keep(&s->arena, r, &s->record) < 0)
		return trouble("no memory"), -ENOMEM;
	return 0;
}

/* Reads all that the containers' records say, by their ids in full. */
static int read_lives(struct showing *s)
{
	struct query q = *s->query;

	q.lifecycle = true;
	q.last = 0;
	memset(q.want, 0, sizeof(q.want));
	q.want[WANT_CONTAINER] = (struct wanted){ s->ids, s->id_count };
	return s->id_count > 0 ? query_each(&q, on_life, s) : 0;
}

/* Whether a step that the chain lacks would make another life of it; one that goes on is as it should be. */
static bool is_doubtful(const struct lives *all)
{
	static const bool doubtful[LIFE_MAX] = {
		[LIFE_CREATING] = true,
		[LIFE_CREATED] = true,
		[LIFE_STOPPED] = true,
		[LIFE_FAILED] = true,
	};
	for (size_t i = 0; i < all->count; i++)
		if (doubtful[all->list[i].state] || all->list[i].odd > 0)
			return true;
	return false;
}

/*
 * Steps are recorded without a wait, so that in a crowd the chain may lack some that the journal has: it is asked
 * before a container is said to have failed, to have stayed half way, or to have done what cannot be. What the chain
 * says stands where the journal cannot be read.
 */
static int read_all(struct showing *s)
{
	struct query both = *s->query;
	const int r = read_lives(s);

	if (r < 0 || s->query->in || s->query->directory || s->query->file || !is_doubtful(&s->lives))
		return r;
	struct query *asked = s->query;
	const struct lives lives = s->lives;
	const struct seen record = s->record;
	const uint64_t changed = s->changed;
	both.in = IN_CHAIN | IN_JOURNAL;
	s->query = &both;
	s->lives = (struct lives){ 0 };
	s->changed = 0;
	if (read_lives(s) < 0) {
		s->lives = lives;
		s->record = record;
		s->changed = changed;
	}
	s->query = asked;
	return 0;
}

/* --- what is meant ----------------------------------------------------------------------------------------------- */

static int add_id(struct showing *s, struct bytes id)
{
	for (size_t i = 0; i < s->id_count; i++)
		if (bytes_is(id, s->ids[i]))
			return 0;
	if (id.len == 0)
		return 0;
	if (s->id_count == CONTAINERS_MOST) {
		s->left_out++;
		return 0;
	}
	s->ids[s->id_count] = arena_copy(&s->arena, id);
	return s->ids[s->id_count++] ? 0 : -ENOMEM;
}

static int on_container(const struct seen *r, void *data)
{
	struct showing *s = data;
	return r->sound ? add_id(s, seen_string(r, "container.id")) : 0;
}

static int find_containers(struct showing *s)
{
	struct query q = *s->query;

	q.lifecycle = true;
	q.last = 0;
	q.want[WANT_CONTAINER] = (struct wanted){ &s->word, 1 };
	return query_each(&q, on_container, s);
}

/* 0 found, -ENOENT nothing is called so, or a negative errno; it has complained. */
static int find(struct showing *s)
{
	const bool id = query_is_id(s->word);
	int r = 0;

	if (!id || strlen(s->word) == ID_SHORT)
		r = find_containers(s);
	if (r < 0 || s->id_count > 0)
		return r;
	if (id) {
		r = query_find(s->query, &s->arena, s->word, &s->record);
		s->whole = r == 0;
		return r < 0 ? r : add_id(s, seen_string(&s->record, "container.id"));
	}
	(void)trouble("no record has an id, and no container an id or a name, such as %s", s->word);
	return -ENOENT;
}

static int show(struct showing *s)
{
	int r = find(s);

	if (r == 0)
		r = read_all(s);
	if (r < 0)
		return r == -ENOENT ? AUDIT_NONE : AUDIT_TROUBLE;
	int code = s->record.root ? show_record(s) : CTL_GOOD;
	struct text to = text_growing(&s->arena);
	for (size_t i = 0; i < s->lives.count; i++)
		show_life(s, &s->lives.list[i], &to);
	if (s->left_out > 0)
		text_printf(&to, "\n%zu more containers are called so: give more of the id\n", s->left_out);
	if (to.cut)
		return trouble("no memory");
	if (code == CTL_GOOD)
		code = put(to.data);
	if (s->changed > 0)
		code = trouble("%" PRIu64
			       " lines of the chain are no records, or changed after being written: runvetctl "
			       "audit verify says more",
			s->changed);
	return code;
}

static int run(int argc, char **argv)
{
	struct query q;
	struct showing s = { .query = &q };
	int code = 0;

	query_init(&q);
	arena_init(&s.arena, SHOW_MEMORY);
	for (int i = 1; i < argc && code >= 0; i++) {
		code = query_option(&q, &show_verb, argc, argv, &i);
		if (code != 0)
			continue;
		if (argv[i][0] == '-')
			code = -usage_option(&show_verb, argv[i], query_options());
		else if (s.word)
			code = -usage(&show_verb, "show takes one record or container, got %s as well", argv[i]);
		else
			s.word = argv[i];
	}
	if (code >= 0 && !s.word)
		code = -usage(&show_verb, "the id of a record, or of a container, is missing");
	if (code >= 0)
		code = query_check(&q, &show_verb);
	code = code < 0 || !s.word ? -code : show(&s);
	arena_done(&s.arena);
	query_done(&q);
	return code;
}

const struct subverb audit_show = {
	.name = "show",
	.summary = "show one record in full, and its container's whole life",
	.run = run,
	.help = "Usage: runvetctl audit show RECORD|CONTAINER [OPTION...]\n\n"
		"Shows a record, by the id that stands in the refusal or its first eight digits:\n"
		"all its fields, what its kind means, for each finding what would be right; and\n"
		"the life of its container: created, running, paused, stopped, with the times,\n"
		"and what is impossible among it; the journal is asked before that is said, or\n"
		"that it came to no end. A container is named by its id, the beginning of it, or\n"
		"its name.\n\n",
	.after = "\nExamples:\n"
		 "  runvetctl audit show 0199aa7b-3f2c\n"
		 "  runvetctl audit show web --since yesterday --in both\n\n"
		 "Exit status: 0 it was found, 1 there is nothing of that name, 2 a wrong command\n"
		 "line, or a trail that cannot be read, or holds lines that are no records.\n",
};
