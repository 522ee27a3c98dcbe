/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lock files, read. Of a version that is not known yet nothing but the number can be believed: the rest would be a list
 * of names that mean nothing here.
 */
#include <errno.h>
#include <stdio.h>

#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/check.h"
#include "validate/lock/lock_parts.h"

static void at(struct fail *reterr, const char *file, struct place place, const char *pointer)
{
	if (!reterr)
		return;
	reterr->place = place;
	(void)snprintf(reterr->file, sizeof(reterr->file), "%s", file);
	(void)snprintf(reterr->pointer, sizeof(reterr->pointer), "%s", pointer);
}

static int breach(const struct finding *f, const char *file, struct fail *reterr)
{
	char line[sizeof(reterr->says)];
	struct text says = text_over(line, sizeof(line));
	finding_write(f, SHOW_SAFE, &says);
	(void)fail(reterr, -EINVAL, CAUSE_POLICY, f->id, "%s", line);
	at(reterr, file, f->place, f->pointer);
	return -EINVAL;
}

static int judge_version(const struct doc *root, struct bytes text, const char *file, struct fail *reterr)
{
	const struct doc *v = doc_get(root, "version");
	if (!v || v->type != DOC_INT || v->integer.negative || v->integer.magnitude <= LOCK_VERSION)
		return 0;
	(void)fail(reterr, -EPROTONOSUPPORT, CAUSE_POLICY, "lock.version",
		"version %llu is newer than this runvet, which reads version %d; make the lock with it, or update it",
		(unsigned long long)v->integer.magnitude, LOCK_VERSION);
	at(reterr, file, doc_place(text, v->offset), "/version");
	return -EPROTONOSUPPORT;
}

int lock_parse(struct arena *a, struct bytes text, const char *file, struct lock *ret, struct fail *reterr)
{
	const struct doc_options options = { .file = file, .cause = CAUSE_POLICY };
	const struct doc *root = NULL;
	struct report report = { 0 };
	int r = doc_parse(a, text, &options, &root, reterr);
	if (r == 0)
		r = judge_version(root, text, file, reterr);
	if (r < 0)
		return r;
	const struct check_input in = { .file = file, .text = text, .root = root, .of = OF_LOCK, .below = "" };
	r = check(a, &in, &report, reterr);
	if (r < 0)
		return r;
	for (size_t i = 0; i < report.count; i++)
		if (report.findings[i].severity == SEV_ERROR)
			return breach(&report.findings[i], file, reterr);
	*ret = (struct lock){ .root = root };
	return 0;
}

int lock_read(struct arena *a, int top, const char *path, bool anyone, struct lock *ret, struct fail *reterr)
{
	const char *below = path;
	struct file f;

	while (top >= 0 && *below == '/')
		below++;
	const struct file_want want = {
		.dir = top,
		.path = below,
		.limit = LIMIT_CONF_BYTES,
		.owner = anyone ? OWNER_ANY : OWNER_ROOT,
		.cause = CAUSE_POLICY,
		.rule = "",
	};
	const int r = file_read(a, &want, &f, reterr);
	if (r < 0) {
		at(reterr, path, (struct place){ 0 }, "");
		return r;
	}
	(void)fd_close(f.fd);
	return lock_parse(a, f.bytes, path, ret, reterr);
}
