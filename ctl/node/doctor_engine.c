/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of every engine alike: which of its runtimes is runvet, and which are ways around it. */
#include <stdio.h>
#include <stdlib.h>

#include "ctl/node/doctor.h"
#include "validate/base/when.h"

struct handler *handler_add(struct handlers *h, const char *name, const char *word)
{
	for (size_t i = 0; i < h->count; i++)
		if (strcmp(h->of[i].name, name) == 0) {
			h->of[i].word = word;
			return &h->of[i];
		}
	if (h->count == HANDLERS_MOST || !name)
		return NULL;
	struct handler *ret = &h->of[h->count++];
	*ret = (struct handler){ .name = name, .word = word, .type = "" };
	return ret;
}

struct seen_engine *engine_begin(struct doctor *d, const char *name, const char *title, bool present)
{
	bool asked = !d->only || !*d->only;

	for (const char *const *o = d->only; o && *o; o++)
		asked = asked || strcmp(*o, name) == 0;
	if (!asked || (!present && (!d->only || !*d->only)) || d->engine_count == ENGINES_MOST)
		return NULL;
	struct seen_engine *e = &d->engines[d->engine_count++];
	*e = (struct seen_engine){ .name = name, .title = title, .present = present };
	d->engine = name;
	return present ? e : NULL;
}

bool engine_conf(struct doctor *d, const struct conf *c)
{
	if (!c->there || c->root)
		return true;
	doctor_add(d, S_CONFIG_UNREADABLE,
		c->why.place.line
			? doctor_text(d, "%s:%u:%u: %s", c->path, c->why.place.line, c->why.place.column, c->why.says)
			: doctor_text(d, "%s: %s", c->path, c->why.says),
		doctor_text(d, "mend %s", c->path));
	return false;
}

void engine_age(struct doctor *d, const struct daemon *daemon, const struct conf *c)
{
	char since[WHEN_SIZE], written[WHEN_SIZE];

	/* A second's slack: a daemon that is started by what writes the file is no older than it. */
	if (!daemon->pid || !daemon->since || !c->there || c->st.st_mtim.tv_sec <= daemon->since + 1)
		return;
	when_write((struct timespec){ .tv_sec = daemon->since }, false, since);
	when_write((struct timespec){ .tv_sec = c->st.st_mtim.tv_sec }, false, written);
	doctor_add(d, S_DAEMON_OLDER,
		doctor_text(d, "%s (process %d) runs since %s, %s was written at %s", daemon->name, (int)daemon->pid,
			since, c->path, written),
		doctor_text(d, "systemctl restart %s", daemon->unit));
}

/* The names below libexec that engines use have to lead to a delegate: doctor_own asks. */
static void note_delegate(struct doctor *d, const struct program *p)
{
	const char *slash = p->path ? strrchr(p->path, '/') : NULL;

	if (!slash || p->behind)
		return;
	for (size_t i = 0; i < d->delegate_count; i++)
		if (strcmp(d->delegates[i], slash + 1) == 0)
			return;
	if (d->delegate_count < sizeof(d->delegates) / sizeof(d->delegates[0]))
		d->delegates[d->delegate_count++] = slash + 1;
}

static void judge_one(struct doctor *d, const struct seen_engine *e, const struct handler *h)
{
	const char *kind = h->type[0] ? h->type : "runtime";

	if (h->program.through == THROUGH_RUNVET) {
		note_delegate(d, &h->program);
		return;
	}
	if (h->foreign) {
		doctor_add_as(d, S_AROUND_HANDLER, SEV_INFO,
			doctor_text(d, "runtime %s is a %s: it calls no OCI runtime by its command line", h->name,
				kind),
			"runvetctl check BUNDLE, in CI or at admission, is what there is for it");
	} else if (h->program.through == THROUGH_MISSING && !h->reserved) {
		doctor_add_as(d, S_RUNTIME_MISSING, h->is_default ? SEV_ERROR : SEV_WARNING,
			doctor_text(d, "runtime %s is %s, which %s", h->name, h->word,
				h->program.path ? "is no program" : "is nowhere in PATH"),
			doctor_text(d, "mend or remove it in %s", e->file ? e->file : "its configuration"));
	} else if (!h->reserved && !h->is_default) {
		doctor_add(d, S_AROUND_HANDLER,
			doctor_text(d, "runtime %s is %s, which is not runvet", h->name,
				h->program.path ? h->program.path : h->word),
			doctor_text(d,
				"runvetctl install %s --divert\n"
				"or name /usr/libexec/runvet/… there, or remove it, in %s",
				e->name, e->file ? e->file : "its configuration"));
	}
}

void handlers_judge(struct doctor *d, struct seen_engine *e, const struct handlers *h, const char *mend_default)
{
	const struct handler *usual = NULL;
	size_t through = 0;

	for (size_t i = 0; i < h->count; i++) {
		through += h->of[i].program.through == THROUGH_RUNVET;
		if (h->of[i].is_default)
			usual = &h->of[i];
	}
	e->runtime = usual ? usual->name : NULL;
	e->covered = usual && usual->program.through == THROUGH_RUNVET;
	if (!through)
		doctor_add(d, S_NO_RUNTIME,
			doctor_text(d, "%s has %zu runtime%s, and none is runvet", e->title, h->count,
				h->count == 1 ? "" : "s"),
			mend_default);
	else if (!e->covered)
		doctor_add(d, S_NOT_DEFAULT,
			usual ? doctor_text(d, "the default runtime is %s (%s)", usual->name,
					usual->program.path ? usual->program.path : usual->word)
			      : "the default runtime is one that is not configured",
			mend_default);
	for (size_t i = 0; i < h->count; i++)
		judge_one(d, e, &h->of[i]);
}
