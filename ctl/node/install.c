/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl install, uninstall: point an engine at runvet, and away from it. One file is changed, the one that the
 * engine offers for it; one that was there before only when --edit says so. What it was is kept (ledger.h), and put
 * back byte for byte. No engine is restarted: that is for who knows when.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "ctl/ctl.h"
#include "ctl/node/install.h"
#include "ctl/node/toml.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/read.h"

const char *job_text(const struct job *j, const char *format, ...)
{
	struct text to = text_growing(j->node.a);
	char part[4096];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(part, sizeof(part), format, ap);
	va_end(ap);
	text_add(&to, part);
	return to.cut ? "" : to.data;
}

/* Whether a text is one of the two, which may be no file at all. */
static bool is_text(struct bytes a, struct bytes b)
{
	return !a.data == !b.data && bytes_equal(a, b);
}

/* What stands at the path: data NULL when nothing does. 0, or an exit code once it has complained. */
static int look(const struct job *j, const char *path, struct bytes *ret, struct stat *st)
{
	const char *name;
	cleanup_close int in = place_parent(&j->node, path, &name);

	*ret = (struct bytes){ 0 };
	*st = (struct stat){ 0 };
	if (in < 0 || fstatat(in, name, st, AT_SYMLINK_NOFOLLOW) < 0)
		return in == -ENOENT || in == -ENOTDIR || (in >= 0 && errno == ENOENT)
			? 0
			: trouble("%s cannot be opened: %s", path, errno_words(in < 0 ? in : errno));
	if (!S_ISREG(st->st_mode))
		return trouble("%s is no regular file, and is left alone", path);
	*ret = read_closing(j->node.a, node_at(&j->node, path, O_RDONLY), LIMIT_CONF_BYTES);
	return ret->data ? 0 : trouble("%s cannot be read", path);
}

/* What is about to be written has to be understood by us at least. */
static bool sound(const struct job *j, const char *path, struct text *t)
{
	const struct bytes text = { t->data, t->len };
	const struct doc_options options = { .file = path, .cause = CAUSE_INTERNAL };
	const struct doc *d;
	struct fail why;

	return strcmp(path + strlen(path) - 5, ".json") == 0 ? doc_parse(j->node.a, text, &options, &d, &why) == 0
							     : toml_parse(j->node.a, text, path, &d, &why) == 0;
}

static int show(const struct job *j, const char *path, struct bytes before, struct bytes after)
{
	struct text to = text_growing(j->node.a);

	text_printf(&to, "%s%s:\n", path, before.data ? "" : " (new)");
	diff_write(before, after, &to);
	return put(to.data);
}

static int tell_reload(const struct job *j, const char *done)
{
	const bool away = j->ledger.phase == PHASE_REMOVING;
	return put(job_text(j, "%s\nTo take effect: %s\n", done, away ? j->plan->unload : j->plan->reload));
}

/* --- install --------------------------------------------------------------------------------------------------- */

static int place(struct job *j, struct bytes text, enum phase done)
{
	struct ledger *l = &j->ledger;
	int r = place_file(&j->node, l->path, text, l, NULL);

	if (r < 0)
		return trouble("%s cannot be written: %s", l->path, errno_words(r));
	r = ledger_step(l, done);
	return r < 0 ? trouble("what was done cannot be noted: %s", errno_words(r)) : CTL_GOOD;
}

/* Makes what is to be written, and the ledger's beginning. */
static int prepare(struct job *j, const struct plan_want *w, struct bytes *ret_after)
{
	struct ledger *l = &j->ledger;
	const char *why = "memory is used up";
	struct text after = text_growing(j->node.a);
	struct stat st;

	const char *path = j->plan->target(&j->node, w, &why);
	if (!path)
		return trouble("%s", why);
	const bool again = l->phase == PHASE_DRAINING;
	if (!again) {
		*l = (struct ledger){ .node = &j->node, .key = j->key, .path = path, .made = "" };
		const int code = look(j, path, &l->before, &st);
		if (code)
			return code;
		l->there = l->before.data != NULL;
		l->mode = st.st_mode & 07777;
		l->uid = st.st_uid;
		l->gid = st.st_gid;
	}
	if (j->plan->edit(&j->node, w, l->before, &after, &why) < 0)
		return trouble("%s: %s", path, why);
	if (after.cut || !sound(j, path, &after))
		return trouble("%s would not be sound; it has to be edited by hand", path);
	l->name = w->name;
	l->binary = w->binary;
	l->runtime = w->runtime;
	l->usual = w->usual;
	*ret_after = (struct bytes){ after.data, after.len };
	return 0;
}

/* The first directory that will have to be made for it. */
static const char *to_make(const struct job *j, const char *path)
{
	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		const char *directory = arena_copy(j->node.a, (struct bytes){ path, (size_t)(slash - path) });
		if (directory && !node_stat(&j->node, directory, NULL))
			return directory;
	}
	return "";
}

static int install_anew(struct job *j)
{
	const struct plan_want w = { j->plan->engine, j->name, j->binary, j->runtime, j->usual, false };
	const bool again = j->ledger.phase == PHASE_DRAINING;
	struct ledger *l = &j->ledger;
	struct bytes after = { 0 };

	int code = prepare(j, &w, &after);
	if (code)
		return code;
	if (j->dry || (l->there && !again && !j->edit)) {
		code = show(j, l->path, l->before, after);
		if (code == CTL_GOOD && !j->dry)
			return trouble("%s was there before, and was not changed. Make that change by hand, or let "
				       "--edit make it: "
				       "the file is kept, and uninstall puts it back",
				       l->path),
			       CTL_FOUND;
		return code;
	}
	l->after = after;
	l->made = again ? l->made : to_make(j, l->path);
	if (ledger_write(l, PHASE_INSTALLING) < 0)
		return trouble("what was there cannot be kept below " LEDGER ": nothing was changed");
	code = place(j, after, PHASE_INSTALLED);
	return code ? code
		    : tell_reload(j,
			      job_text(j, "%s has the runtime %s now%s: %s", l->path, l->name,
				      l->usual ? ", and it is the default" : "", l->binary));
}

int install_engine(struct job *j)
{
	struct ledger *l = &j->ledger;

	if (l->phase == PHASE_REMOVING) {
		const int code = uninstall_engine(j);
		if (code)
			return code;
		*l = (struct ledger){ .node = &j->node, .key = j->key, .made = "" };
	}
	if (l->phase == PHASE_INSTALLING) {
		struct bytes now = { 0 };
		struct stat st;
		int code = look(j, l->path, &now, &st);
		if (code)
			return code;
		if (!is_text(now, l->before) && !is_text(now, l->after) && !is_text(now, l->between))
			return trouble("%s was edited since an install was stopped; runvetctl uninstall %s tells how",
				l->path, j->plan->engine);
		place_clear(&j->node, l->path);
		code = place(j, l->after, PHASE_INSTALLED);
		return code ? code
			    : tell_reload(j, job_text(j, "%s: an install that was stopped is finished", l->path));
	}
	if (l->phase == PHASE_INSTALLED) {
		if (strcmp(l->name, j->name) != 0 || l->usual != j->usual || strcmp(l->binary, j->binary) != 0)
			return trouble("it is installed already, as %s%s for %s; runvetctl uninstall %s comes first",
				       l->name, l->usual ? ", the default," : "", l->binary, j->plan->engine),
			       CTL_FOUND;
		return put(job_text(j, "%s has it already\n", l->path));
	}
	return install_anew(j);
}

/* --- uninstall ------------------------------------------------------------------------------------------------- */

/* Directories that were made for it go, as far as they are empty. */
static void unmake(const struct job *j)
{
	const struct ledger *l = &j->ledger;
	const char *path = l->path, *name;

	while (*l->made && strlen(path) > strlen(l->made)) {
		const char *slash = strrchr(path, '/');
		path = arena_copy(j->node.a, (struct bytes){ path, (size_t)(slash - path) });
		cleanup_close int in = path ? place_parent(&j->node, path, &name) : -ENOMEM;
		if (in < 0 || unlinkat(in, name, AT_REMOVEDIR) < 0)
			return;
	}
}

static int put_back(struct job *j)
{
	struct ledger *l = &j->ledger;
	const char *name;
	int r = ledger_step(l, PHASE_REMOVING);

	if (r == 0 && l->before.data) {
		r = place_file(&j->node, l->path, l->before, l, NULL);
	} else if (r == 0) {
		cleanup_close int in = place_parent(&j->node, l->path, &name);
		if (in >= 0 && unlinkat(in, name, 0) < 0 && errno != ENOENT)
			r = -errno;
		if (in >= 0)
			(void)fsync(in);
	}
	if (r < 0)
		return trouble("%s cannot be put back: %s", l->path, errno_words(r));
	place_clear(&j->node, l->path);
	unmake(j);
	if (ledger_remove(l) < 0)
		return trouble("what install kept below " LEDGER "/%s cannot be removed", j->key);
	return tell_reload(j, job_text(j, "%s is what it was before%s", l->path, l->there ? "" : ": not there"));
}

/* Containers name the runtime still: it stays under its name and leads to the real one. */
static int drain(struct job *j, struct bytes now, size_t used, const char *how)
{
	struct ledger *l = &j->ledger;
	const char *why = "memory is used up";
	struct text between = text_growing(j->node.a);
	struct program real;

	program_find(&j->node, l->runtime, NODE_PATH, &real);
	const struct plan_want w = {
		.engine = j->plan->engine,
		.name = l->name,
		.binary = real.through == THROUGH_OTHER ? real.path : l->binary,
		.runtime = l->runtime,
		.draining = true,
	};
	if (j->plan->edit(&j->node, &w, l->before, &between, &why) < 0 || between.cut)
		return trouble("%s: %s", l->path, why);
	const struct bytes text = { between.data, between.len };
	const char *left = job_text(j,
		"%zu container%s still named it (%s), and could not start or go without it: the name %s stays, and "
		"leads to %s. "
		"When they are gone, run this again: then %s is what it was before. --force does not wait.",
		used, used == 1 ? "" : "s", how, l->name, w.binary, l->path);
	if (j->dry)
		return show(j, l->path, now, text);
	if (is_text(now, text))
		return trouble("%s", left), CTL_FOUND;
	l->between = text;
	if (ledger_write(l, PHASE_DRAINING) < 0)
		return trouble("what is done cannot be noted below " LEDGER ": nothing was changed");
	const int code = place(j, text, PHASE_DRAINING);
	if (code)
		return code;
	(void)trouble("%s", left);
	(void)put(job_text(j, "To take effect: %s\n", j->plan->reload));
	return CTL_FOUND;
}

/* Somebody edited it since: what he did is not ours to throw away. */
static int edited(struct job *j, struct bytes now, unsigned mode)
{
	const struct ledger *l = &j->ledger, like = { .there = true, .mode = mode };

	if (!j->force) {
		const int code = show(j, l->path, l->phase == PHASE_DRAINING ? l->between : l->after, now);
		return code ? code
			    : (trouble("%s was edited since it was installed, as shown: nothing was changed. Take that "
				       "back, or let "
				       "--force put back what was there before install; what is there now is kept "
				       "beside it",
				       l->path),
				      CTL_FOUND);
	}
	if (!now.data || j->dry)
		return CTL_GOOD;
	const char *beside = job_text(j, "%s.runvet-edited", l->path);
	const int r = place_file(&j->node, beside, now, &like, NULL);
	return r < 0 ? trouble("%s cannot be written: %s", beside, errno_words(r))
		     : put(job_text(j, "kept: %s\n", beside));
}

int uninstall_engine(struct job *j)
{
	struct ledger *l = &j->ledger;
	const char *how = "";
	struct bytes now = { 0 };
	struct stat st;

	if (l->phase == PHASE_NONE)
		return trouble("there is nothing to undo: %s was not installed by runvetctl", j->key), CTL_FOUND;
	int code = look(j, l->path, &now, &st);
	if (code)
		return code;
	const bool was = is_text(now, l->before), known = was || is_text(now, l->after) || is_text(now, l->between);
	if (!known && (code = edited(j, now, st.st_mode)) != CTL_GOOD)
		return code;
	const struct plan_want w = { j->plan->engine, l->name, l->binary, l->runtime, false, false };
	const size_t used = l->phase == PHASE_INSTALLING && was ? 0 : j->plan->used(&j->node, &w, &how);
	if (used && !j->force && l->phase != PHASE_REMOVING)
		return drain(j, now, used, how);
	return j->dry ? show(j, l->path, now, l->before) : put_back(j);
}
