/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a policy, from bytes to a struct that the rest can trust. All of them are opened below one descriptor
 * of their directory: whoever installs a policy exchanges the whole directory, and a reader has the old or the new
 * one, never some of each.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "validate/base/digest.h"
#include "validate/base/fd.h"
#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/base/listing.h"
#include "validate/base/when.h"
#include "validate/check.h"
#include "validate/policy/reading.h"

#define DIRECTORY "policy.d"

/* What is read, and from where. */
struct reading {
	struct loading load;
	const char *dir, *base; /* of policy.json; its directory with a slash at the end, or "" */
	bool anyone;            /* whoever owns the files */
	size_t room;
};

/* A failure of reading or parsing, in the list of what is wrong. */
static void fault_of(struct loading *l, const struct fail *why)
{
	struct policy_fault *f = arena_new(l->arena, struct policy_fault);

	if (!f) {
		l->failed = true;
		return;
	}
	f->why = *why;
	*l->faults_end = f;
	l->faults_end = &f->next;
	l->fault_count++;
}

/* The findings of our rows. */
static void faults_of(struct loading *l, const char *file, const struct report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		struct fail why;
		char line[sizeof(why.says)];
		struct text says = text_over(line, sizeof(line)), pointer;
		if (f->severity != SEV_ERROR)
			continue;
		finding_write(f, SHOW_SAFE, &says);
		(void)fail(&why, -EINVAL, CAUSE_POLICY, f->id, "%s", line);
		(void)snprintf(why.file, sizeof(why.file), "%s", file);
		pointer = text_over(why.pointer, sizeof(why.pointer));
		text_add(&pointer, f->pointer);
		why.place = f->place;
		fault_of(l, &why);
	}
}

/* Parses and judges one file by its rows; it is added to the policy's when nothing is wrong. */
static void take_file(struct loading *l, struct policy_file *f)
{
	const struct doc_options options = { .comments = true, .file = f->path, .cause = CAUSE_POLICY };
	const size_t faults = l->fault_count;
	struct report report = { 0 };
	struct fail why = { 0 };

	l->file = f;
	int r = doc_parse(l->arena, f->text, &options, &f->root, &why);
	const struct check_input in = { .file = f->path,
		.text = f->text,
		.root = f->root,
		.of = OF_POLICY,
		.below = "" };
	if (r == 0)
		r = check(l->arena, &in, &report, &why);
	if (r < 0)
		fault_of(l, &why);
	else
		faults_of(l, f->path, &report);
	if (l->fault_count > faults)
		return;
	const struct doc *issued = doc_get(f->root, "issued");
	f->dated = issued && when_read(issued->string, &f->issued) == 0;
}

bool policy_may_relax(const struct policy *p, const char *name)
{
	const struct policy_file *f = p->file_count > 0 && p->files[0].first ? &p->files[0] : NULL;
	const struct doc *list = f ? doc_get(f->root, "mayRelax") : NULL;

	for (const struct doc *e = list ? list->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && glob_match(e->string, bytes_of(name)))
			return true;
	return false;
}

static void may_relax(struct loading *l)
{
	struct policy *p = l->policy;

	for (size_t i = 0; i < p->file_count; i++) {
		struct policy_file *f = &p->files[i];
		f->may_relax = policy_may_relax(p, f->name);
		l->file = f;
		if (!f->first && doc_get(f->root, "mayRelax"))
			fault_at(l, doc_get(f->root, "mayRelax"), "policy.relax",
				"policy.json alone says which files may relax");
	}
}

/* The digest of a whole policy: of its one file, or of lines as sha256sum prints them. */
static void digest_all(struct loading *l)
{
	struct policy *p = l->policy;
	struct text lines = text_growing(l->arena);

	if (p->file_count == 1) {
		memcpy(p->digest, p->files[0].digest, sizeof(p->digest));
		return;
	}
	for (size_t i = 0; i < p->file_count; i++)
		text_printf(&lines, "%s  %s%s\n", p->files[i].digest, p->files[i].first ? "" : DIRECTORY "/",
			p->files[i].name);
	l->failed |= lines.cut;
	digest_hex((struct bytes){ lines.data, lines.len }, (struct bytes){ 0 }, p->digest);
}

/* From files that are well-formed, each for itself, to a policy. */
static void build(struct loading *l)
{
	struct policy *p = l->policy;
	size_t customs = 0;

	for (size_t i = 0; i < p->file_count; i++) {
		const struct doc *list = doc_get(p->files[i].root, "custom");
		customs += list ? list->count : 0;
	}
	p->present = true;
	p->path = p->files[0].path;
	l->library = p->library = library_new(l->arena, customs);
	if (!l->library) {
		l->failed = true;
		return;
	}
	may_relax(l);
	digest_all(l);
	read_switches(l);
	read_custom(l);
	read_profiles(l);
	if (l->fault_count == 0)
		read_selection(l);
	read_exemptions(l);
	l->failed |= l->library->failed;
}

/* What a reading came to. A policy at fault is the default one, so that nothing of it can be used by mistake. */
static int finish(struct loading *l, const struct policy_fault **ret_faults)
{
	if (l->failed && l->fault_count == 0) {
		struct fail why;
		(void)fail(&why, -ENOMEM, CAUSE_POLICY, "", "no memory to read the policy with");
		l->failed = false;
		fault_of(l, &why);
	}
	if (ret_faults)
		*ret_faults = l->faults;
	if (l->fault_count == 0 && !l->failed)
		return 0;
	policy_default(l->policy);
	return l->faults ? l->faults->why.code : -ENOMEM;
}

static void begin(struct loading *l, struct arena *a, struct policy *p)
{
	*l = (struct loading){ .arena = a, .policy = p };
	l->faults_end = &l->faults;
	policy_default(p);
}

static int first_fault(int code, const struct policy_fault *faults, struct fail *reterr)
{
	if (code < 0 && faults && reterr)
		*reterr = faults->why;
	else if (code < 0)
		(void)fail(reterr, code, CAUSE_POLICY, "", "no memory to read the policy with");
	return code;
}

int policy_parse(struct arena *a, const struct file *f, struct policy *ret, struct fail *reterr)
{
	struct policy_file *file = arena_new(a, struct policy_file);
	const struct policy_fault *faults = NULL;
	struct loading l;

	begin(&l, a, ret);
	if (!file)
		return first_fault(-ENOMEM, NULL, reterr);
	*file = (struct policy_file){ .path = f->path, .name = f->path, .text = f->bytes, .first = true };
	memcpy(file->digest, f->digest, sizeof(file->digest));
	take_file(&l, file);
	ret->files = file;
	ret->file_count = 1;
	if (l.fault_count == 0 && !l.failed)
		build(&l);
	const int r = finish(&l, &faults);
	return first_fault(r, faults, reterr);
}

/* Reads one file below dir into the list; true when it is there. */
static bool read_one(struct reading *r, int dir, const char *name, bool first)
{
	struct loading *l = &r->load;
	const char *path = arena_printf(l->arena, "%s%s%s", r->dir, first ? "" : DIRECTORY "/", name);
	const struct file_want want = {
		.dir = dir,
		.path = name,
		.limit = LIMIT_CONF_BYTES,
		.owner = r->anyone ? OWNER_ANY : OWNER_ROOT,
		.cause = CAUSE_POLICY,
		.rule = "policy.file",
		.digest = true,
	};
	struct file f = { .fd = -1 };
	struct fail why = { 0 };

	if (!path) {
		l->failed = true;
		return false;
	}
	const int code = file_read(l->arena, &want, &f, &why);
	(void)fd_close(f.fd);
	if (code == -ENOENT && first)
		return false;
	if (code < 0) {
		(void)snprintf(why.file, sizeof(why.file), "%s", path);
		fault_of(l, &why);
		return true;
	}
	struct policy_file *to = &l->policy->files[l->policy->file_count++];
	*to = (struct policy_file){ .path = path, .text = f.bytes, .first = first };
	to->name = path + strlen(path) - strlen(name);
	memcpy(to->digest, f.digest, sizeof(to->digest));
	take_file(l, to);
	return true;
}

static bool ends_in(const char *s, const char *end)
{
	const size_t n = strlen(s), m = strlen(end);
	return n > m && strcmp(s + n - m, end) == 0;
}

bool policy_reads(const char *name)
{
	return name[0] != '.' && ends_in(name, ".json") && !ends_in(name, ".test.json");
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

static void fault_directory(struct reading *r, int code, const char *says)
{
	struct fail why;
	(void)fail(&why, code, CAUSE_POLICY, "policy.file", "%s", says);
	(void)snprintf(why.file, sizeof(why.file), "%s" DIRECTORY, r->dir);
	fault_of(&r->load, &why);
}

/* The names of the directory's files, sorted. SIZE_MAX when they cannot be told, and that is said. */
static size_t list_names(struct reading *r, int fd, const char *ret[static LIMIT_POLICY_FILES])
{
	uint64_t room[LISTING_FEW];
	struct listing l = { .fd = fd, .room = room, .size = sizeof(room) };
	size_t count = 0;

	for (const char *name = listing_next(&l); name; name = listing_next(&l)) {
		if (!policy_reads(name))
			continue;
		if (count == LIMIT_POLICY_FILES) {
			fault_directory(r, -E2BIG, "it holds more files than a policy may have");
			return SIZE_MAX;
		}
		ret[count] = arena_copy(r->load.arena, bytes_of(name));
		r->load.failed |= !ret[count];
		count += ret[count] != NULL;
	}
	if (l.code < 0) {
		fault_directory(r, l.code, errno_words(l.code));
		return SIZE_MAX;
	}
	qsort(ret, count, sizeof(*ret), by_name);
	return count;
}

/* Whoever may write to the directory may take files out of it: it is root's, like they are. */
static bool directory_sound(struct reading *r, int fd)
{
	struct stat st;

	if (r->anyone)
		return true;
	if (fstat(fd, &st) < 0)
		fault_directory(r, -errno, errno_words(errno));
	else if (!owner_is_root(st.st_uid, st.st_uid != 0 && fd_writable(fd)))
		fault_directory(r, -EPERM, "it does not belong to root");
	else if (st.st_mode & (S_IWGRP | S_IWOTH))
		fault_directory(r, -EPERM, "its group or others may write to it");
	else
		return true;
	return false;
}

static void read_directory(struct reading *r, int dir)
{
	cleanup_close int fd = fd_open(dir, DIRECTORY, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	const char *names[LIMIT_POLICY_FILES];

	if (fd == -ENOENT)
		return;
	if (fd < 0) {
		fault_directory(r, fd,
			fd == -ENOTDIR || fd == -ELOOP ? "it is no directory of its own" : errno_words(fd));
		return;
	}
	if (!directory_sound(r, fd))
		return;
	const size_t count = list_names(r, fd, names);
	for (size_t i = 0; count != SIZE_MAX && i < count; i++)
		(void)read_one(r, fd, names[i], false);
}

static int read_policy(struct arena *a, const char *path, bool anyone, struct policy *ret,
	const struct policy_fault **ret_faults)
{
	const char *slash = strrchr(path, '/');
	const size_t len = slash ? (size_t)(slash - path) + 1 : 0;
	struct reading r = { .anyone = anyone, .base = path + len };

	begin(&r.load, a, ret);
	r.dir = arena_copy(a, (struct bytes){ path, len });
	ret->files = arena_array(a, LIMIT_POLICY_FILES + 1, sizeof(*ret->files));
	r.load.failed = !r.dir || !ret->files;
	if (r.load.failed)
		return finish(&r.load, ret_faults);
	cleanup_close int dir = fd_open(AT_CWD, len ? r.dir : ".", O_PATH | O_DIRECTORY, 0);
	if (dir == -ENOENT)
		return 0;
	if (dir < 0) {
		struct fail why;
		(void)fail(&why, dir, CAUSE_POLICY, "policy.file", "%s", errno_words(dir));
		(void)snprintf(why.file, sizeof(why.file), "%s", r.dir);
		fault_of(&r.load, &why);
		return finish(&r.load, ret_faults);
	}
	(void)read_one(&r, dir, r.base, true);
	read_directory(&r, dir);
	if (r.load.fault_count == 0 && !r.load.failed && ret->file_count > 0)
		build(&r.load);
	return finish(&r.load, ret_faults);
}

int policy_look(struct arena *a, const char *path, bool anyone, struct policy *ret,
	const struct policy_fault **ret_faults)
{
	*ret_faults = NULL;
	return read_policy(a, path, anyone, ret, ret_faults);
}

int policy_load(struct arena *a, const char *path, struct policy *ret, struct fail *reterr)
{
	const struct policy_fault *faults = NULL;
	const int r = read_policy(a, path, false, ret, &faults);
	return first_fault(r, faults, reterr);
}
