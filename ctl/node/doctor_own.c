/* SPDX-License-Identifier: Apache-2.0 */
/* runvet's own part of a node: the names that engines call, the binary behind them, and the runtimes it becomes. */
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "ctl/node/doctor.h"
#include "ctl/node/running_parts.h"
#include "shim/delegate_features.h"

#define BINARY "/usr/bin/runvet"

void doctor_add_as(struct doctor *d, enum symptom s, enum severity severity, const char *what, const char *mend)
{
	d->errors += severity == SEV_ERROR;
	d->warnings += severity == SEV_WARNING;
	d->infos += severity == SEV_INFO;
	if (!d->rows)
		d->rows = arena_array(d->node->a, DOCTOR_ROWS, sizeof(*d->rows));
	if (d->rows && d->count < DOCTOR_ROWS)
		d->rows[d->count++] = (struct ailment){ s, severity, d->engine, what ? what : "", mend };
}

void doctor_add(struct doctor *d, enum symptom s, const char *what, const char *mend)
{
	doctor_add_as(d, s, symptom_rows[s].severity, what, mend);
}

const char *doctor_text(struct doctor *d, const char *format, ...)
{
	struct text to = text_growing(d->node->a);
	char part[4096];
	va_list ap;

	va_start(ap, format);
	const int n = vsnprintf(part, sizeof(part), format, ap);
	va_end(ap);
	/* What was read in files may hold anything; our own newlines part what to type. */
	for (const char *at = part; n > 0 && *at;) {
		const size_t len = strcspn(at, "\n");
		text_shown(&to, (struct bytes){ at, len }, sizeof(part));
		at += len;
		if (*at == '\n') {
			text_char(&to, '\n');
			at++;
		}
	}
	return to.cut ? NULL : to.data;
}

static void judge_binary(struct doctor *d, const char *path, const struct stat *st)
{
	if (st->st_uid != 0 || (st->st_mode & (S_IWGRP | S_IWOTH)))
		doctor_add(d, S_BINARY_OWNER,
			doctor_text(d, "%s belongs to user %u and has mode %04o", path, (unsigned)st->st_uid,
				(unsigned)st->st_mode & 07777),
			doctor_text(d, "chown root:root %s && chmod 755 %s", path, path));
	if (st->st_mode & (S_ISUID | S_ISGID))
		doctor_add(d, S_BINARY_SETUID, doctor_text(d, "%s has mode %04o", path, (unsigned)st->st_mode & 07777),
			doctor_text(d, "chmod 755 %s", path));
}

static void look_at_names(struct doctor *d)
{
	static const char *const names[] = { "runc", "crun", "runsc", "youki" };
	struct program p;
	struct stat st;

	program_find(d->node, BINARY, NODE_PATH, &p);
	if (p.through == THROUGH_RUNVET)
		judge_binary(d, BINARY, &p.st);
	else
		doctor_add(d, S_NAME_MISSING, BINARY " is not runvet", "install the package again");
	if (node_stat(d->node, RUNVET_LIBEXEC, &st))
		judge_binary(d, RUNVET_LIBEXEC, &st);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = doctor_text(d, RUNVET_LIBEXEC "/%s", names[i]);
		program_find(d->node, path, NODE_PATH, &p);
		if (p.through == THROUGH_RUNVET)
			continue;
		doctor_add(d, S_NAME_MISSING,
			doctor_text(d, "%s is %s", path, p.through == THROUGH_MISSING ? "missing" : "another program"),
			doctor_text(d, "ln -sfn " BINARY " %s", path));
	}
}

/* --- delegates ------------------------------------------------------------------------------------------------- */

/*
 * Releases that mend what containers were seen to get out by: runc 1.1.12 (CVE-2024-21626), crun 1.20 (CVE-2025-24965).
 */
static const struct {
	const char *name;
	unsigned least[3];
	const char *why;
} releases[] = {
	{ "runc", { 1, 1, 12 }, "CVE-2024-21626 was mended in 1.1.12" },
	{ "crun", { 1, 20, 0 }, "CVE-2025-24965 was mended in 1.20" },
};

static bool older(const char *version, const unsigned least[3])
{
	char *end = NULL;

	for (size_t i = 0; i < 3; i++) {
		const unsigned long n = strtoul(i == 0 ? version : end, &end, 10);
		if (n != least[i])
			return n < least[i];
		if (*end != '.')
			return i < 2 && (least[i + 1] || (i == 0 && least[2]));
		end++;
	}
	return false;
}

/* A distribution mends what it packages, and keeps the number. */
static bool packaged(const struct doctor *d, const char *name)
{
	const char *path = arena_printf(d->node->a, "/var/lib/dpkg/info/%s.list", name);
	return (path && node_stat(d->node, path, NULL)) || node_stat(d->node, "/var/lib/rpm", NULL) ||
		node_stat(d->node, "/usr/lib/sysimage/rpm", NULL);
}

/* Asks it for its version; on this machine only, and only one that runvet would run. */
static void judge_version(struct doctor *d, const struct runtime *r, const char *path)
{
	struct delegate delegate;
	const struct doc *said = NULL;
	struct places places;
	struct fail why = { 0 };

	delegate_at(&delegate, r);
	if (!d->node->live || strcmp(delegate.path, path) != 0 || delegate_vet(&delegate, &why) < 0 ||
		places_default(d->node->a, NULL, &places) < 0)
		return;
	const struct delegate_want want = features_want(&delegate, features_cache(d->node->a, &places, false), true);
	if (delegate_look(d->node->a, &want, &said, NULL, &why) < 0)
		return;
	const struct bytes version = doc_string(said, "version", (struct bytes){ 0 });
	const char *text = version.len ? arena_copy(d->node->a, version) : NULL;
	for (size_t i = 0; text && i < sizeof(releases) / sizeof(releases[0]); i++) {
		if (strcmp(releases[i].name, r->name) != 0 || !older(text, releases[i].least))
			continue;
		const bool theirs = packaged(d, r->name);
		doctor_add_as(d, S_DELEGATE_OLD, theirs ? SEV_INFO : SEV_WARNING,
			doctor_text(d, "%s is %s by number; %s", path, text, releases[i].why),
			theirs ? doctor_text(d, "ask the package: apt changelog %s, or rpm -q --changelog %s", r->name,
					 r->name)
			       : doctor_text(d, "install a newer %s", r->name));
	}
}

static void judge_delegate(struct doctor *d, const struct runtime *r)
{
	struct program p = { 0 };
	const char *ring = NULL;

	for (const char *const *path = r->paths; path && *path; path++) {
		program_find(d->node, *path, NODE_PATH, &p);
		if (p.through == THROUGH_OTHER)
			break;
		ring = p.through == THROUGH_RUNVET ? *path : ring;
	}
	if (p.through != THROUGH_OTHER) {
		doctor_add(d, ring ? S_DELEGATE_RING : S_DELEGATE_NONE,
			ring ? doctor_text(d, "%s is runvet, and the real %s is nowhere", ring, r->name)
			     : doctor_text(d, "no %s is installed where runvet looks for it (%s)", r->name, r->file),
			ring ? doctor_text(d, "install %s again, or name its path in /etc/runvet/runtimes.d/%s.json",
				       r->name, r->name)
			     : doctor_text(d, "apt install %s", r->name));
		return;
	}
	if (p.st.st_uid != 0 || (p.st.st_mode & (S_IWGRP | S_IWOTH)))
		doctor_add(d, S_DELEGATE_OWNER,
			doctor_text(d, "%s belongs to user %u and has mode %04o", p.path, (unsigned)p.st.st_uid,
				(unsigned)p.st.st_mode & 07777),
			doctor_text(d, "chown root:root %s && chmod 755 %s", p.path, p.path));
	else
		judge_version(d, r, p.path);
}

static void look_at_runtimes(struct doctor *d)
{
	const struct runtimes_dirs dirs = {
		.site = arena_printf(d->node->a, "%s" RUNVET_SITE "/runtimes.d", d->node->root),
		.vendor = arena_printf(d->node->a, "%s" RUNVET_VENDOR "/runtimes.d", d->node->root),
	};
	const char *const *names = NULL;
	struct fail why = { 0 };

	if (!dirs.site || !dirs.vendor)
		return;
	if (runtime_names(d->node->a, &dirs, &names, &why) < 0)
		doctor_add(d, S_RUNTIMES_BROKEN, doctor_text(d, "%s: %s", why.file, why.says), "mend that directory");
	for (; names && *names; names++) {
		struct runtime r = { 0 };
		why = (struct fail){ 0 };
		if (runtime_find(d->node->a, &dirs, *names, &r, &why) < 0 && why.says[0])
			doctor_add(d, S_RUNTIMES_BROKEN,
				doctor_text(d, "%s:%u:%u: %s", why.file, why.place.line, why.place.column, why.says),
				doctor_text(d, "mend %s", why.file));
		for (size_t i = 0; r.name && i < d->delegate_count; i++)
			if (strcmp(d->delegates[i], r.name) == 0)
				judge_delegate(d, &r);
	}
}

/* What install has left half-way: see install.h. */
static void look_at_installs(struct doctor *d)
{
	const char *const *names = node_names(d->node, "/var/lib/runvet/install", "*");

	for (; names && *names; names++) {
		struct conf c;
		conf_read(d->node, doctor_text(d, "/var/lib/runvet/install/%s/state.json", *names), CONF_JSON, &c);
		const struct bytes phase = doc_string(c.root, "phase", (struct bytes){ 0 });
		if (bytes_is(phase, "installing") || bytes_is(phase, "removing"))
			doctor_add(d, S_INSTALL_STOPPED,
				doctor_text(d, "%s: %.*s was stopped", *names, (int)phase.len, phase.data),
				doctor_text(d, "runvetctl install %s, or runvetctl uninstall %s", *names, *names));
	}
}

void doctor_own(struct doctor *d)
{
	d->engine = NULL;
	look_at_names(d);
	look_at_runtimes(d);
	look_at_installs(d);
}
