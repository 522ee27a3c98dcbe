/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which file of runtimes.d counts. Every call of every verb comes through here, so a name costs at most two opens, and
 * a parse of less than a kilobyte where the file is not the one that came with runvet; only plain `runvet`, which has
 * to compare, reads them all, each where a look at the directories has found it. What is broken stops judged verbs,
 * with the place; for the others there is always the compiled-in copy.
 */
#include "shim/runtimes.h"

#include <errno.h>
#include <fcntl.h>

#include "shim/candidate.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/listing.h"

#define BUILT_IN "(built in)"

bool runtime_name_valid(const char *name)
{
	size_t n = 0;
	for (; name[n] && n <= LIMIT_RUNTIME_NAME; n++) {
		char c = name[n];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
			    c == '-' || (c == '.' && n > 0)))
			return false;
	}
	return n > 0 && n <= LIMIT_RUNTIME_NAME;
}

/* -ENOENT when dir has no such file. */
static int read_from(struct arena *a, const char *dir, const char *name, struct runtime *ret, struct fail *reterr)
{
	char *path = dir ? arena_printf(a, "%s/%s.json", dir, name) : NULL;
	if (dir && !path)
		return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
	if (!dir)
		return -ENOENT;
	const struct file_want want = { .dir = AT_CWD,
		.path = path,
		.limit = LIMIT_CONF_BYTES,
		.owner = OWNER_ROOT,
		.cause = CAUSE_RUNTIMES,
		.rule = "runtimes.file" };
	struct file f;
	int e = file_read(a, &want, &f, reterr);
	if (e == -ENOENT || e == -ENOTDIR)
		return -ENOENT;
	if (e < 0)
		return e;
	(void)fd_close(f.fd);
	const struct runtime_embedded *known = runtime_embedded_find(name);
	return known && bytes_is(f.bytes, known->text) ? runtime_embedded_read(a, known, path, ret, reterr)
						       : runtime_parse(a, f.bytes, name, path, ret, reterr);
}

static int read_embedded(struct arena *a, const char *name, struct runtime *ret, struct fail *reterr)
{
	const struct runtime_embedded *e = runtime_embedded_find(name);
	return e ? runtime_embedded_read(a, e, BUILT_IN, ret, reterr) : -ENOENT;
}

/* Which directories have to be asked for a name. */
struct asked {
	bool site, vendor;
};

static int look_up(struct arena *a, const struct runtimes_dirs *dirs, const char *name, struct asked in,
	struct runtime *ret, struct fail *reterr)
{
	int e = in.site ? read_from(a, dirs->site, name, ret, reterr) : -ENOENT;
	if (e == -ENOENT && in.vendor)
		e = read_from(a, dirs->vendor, name, ret, reterr);
	if (e == -ENOENT)
		return read_embedded(a, name, ret, reterr);
	if (e < 0)
		(void)read_embedded(a, name, ret, NULL);
	return e;
}

static struct runtime_seen *seen(const struct runtimes_dirs *dirs, const char *name)
{
	for (struct runtime_seen *s = dirs->seen ? *dirs->seen : NULL; s; s = s->next)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

/* An entry to be filled, which `seen` will find; NULL when nothing is kept. */
static struct runtime_seen *seen_new(struct arena *a, const struct runtimes_dirs *dirs, const char *name)
{
	struct runtime_seen *s = dirs->seen ? arena_new(a, struct runtime_seen) : NULL;
	if (!s || !(s->name = arena_copy(a, bytes_of(name))))
		return NULL;
	s->next = *dirs->seen;
	*dirs->seen = s;
	return s;
}

static int answer(const struct runtime_seen *s, struct runtime *ret, struct fail *reterr)
{
	*ret = s->runtime;
	if (s->code < 0 && s->code != -ENOENT && reterr)
		*reterr = s->why;
	return s->code;
}

static int find_in(struct arena *a, const struct runtimes_dirs *dirs, const char *name, struct asked in,
	struct runtime *ret, struct fail *reterr)
{
	struct runtime_seen *s = seen(dirs, name);
	*ret = (struct runtime){ 0 };
	if (s)
		return answer(s, ret, reterr);
	s = seen_new(a, dirs, name);
	if (!s)
		return look_up(a, dirs, name, in, ret, reterr);
	s->code = look_up(a, dirs, name, in, &s->runtime, &s->why);
	return answer(s, ret, reterr);
}

int runtime_find(struct arena *a, const struct runtimes_dirs *dirs, const char *name, struct runtime *ret,
	struct fail *reterr)
{
	const struct asked both = { true, true };
	*ret = (struct runtime){ 0 };
	return runtime_name_valid(name) ? find_in(a, dirs, name, both, ret, reterr) : -ENOENT;
}

const char *runtime_installed(const struct runtime *r)
{
	struct candidate c;
	const char *path = candidate_first(r, false, &c);

	candidate_close(&c);
	return path;
}

/* What was found in the directories, by name. */
struct names {
	struct {
		const char *name;
		struct asked in;
	} at[LIMIT_RUNTIMES];
	size_t count;
	struct asked unlisted; /* could not be read */
};

/* Where the name stands, or is put; NULL when there is no room for it. */
static struct asked *add_name(struct names *n, const char *name)
{
	size_t i = 0;
	while (i < n->count && strcmp(n->at[i].name, name) < 0)
		i++;
	if (i < n->count && strcmp(n->at[i].name, name) == 0)
		return &n->at[i].in;
	if (n->count == LIMIT_RUNTIMES)
		return NULL;
	memmove(&n->at[i + 1], &n->at[i], (n->count - i) * sizeof(n->at[0]));
	n->count++;
	n->at[i].name = name;
	n->at[i].in = (struct asked){ false, false };
	return &n->at[i].in;
}

/* "runc" of "runc.json"; "" of a name that is none. NULL when memory is used up. */
static const char *entry_name(struct arena *a, const char *file)
{
	const size_t len = strlen(file);
	if (len <= 5 || strcmp(file + len - 5, ".json") != 0)
		return "";
	const char *name = arena_copy(a, (struct bytes){ file, len - 5 });
	return name && !runtime_name_valid(name) ? "" : name;
}

/* A directory that is not there has no names. */
static int list(struct arena *a, const char *path, bool site, struct names *n, struct fail *reterr)
{
	cleanup_close int fd = path ? fd_open(AT_CWD, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK, 0) : -ENOENT;
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0) {
		*(site ? &n->unlisted.site : &n->unlisted.vendor) = true;
		return fail(reterr, fd, CAUSE_RUNTIMES, "runtimes.file", "%s cannot be read: %s", path,
			errno_words(fd));
	}
	uint64_t room[LISTING_FEW];
	struct listing l = { .fd = fd, .room = room, .size = sizeof(room) };
	int e = 0;
	unsigned looked = 0;
	for (const char *file = listing_next(&l); file && looked < LIMIT_RUNTIMES_SEEN; file = listing_next(&l)) {
		const char *name = entry_name(a, file);
		struct asked *in = name && *name ? add_name(n, name) : NULL;
		looked++;
		if (!name)
			e = fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
		if (in)
			*(site ? &in->site : &in->vendor) = true;
	}
	return e;
}

/* The names of all places. Of a directory that cannot be read none: 0, or the first negative errno. */
static int collect(struct arena *a, const struct runtimes_dirs *dirs, struct names *ret, struct fail *reterr)
{
	*ret = (struct names){ .count = 0 };
	for (const struct runtime_embedded *e = runtimes_embedded; e->name[0]; e++)
		(void)add_name(ret, e->name);
	const int first = list(a, dirs->site, true, ret, reterr);
	const int e = list(a, dirs->vendor, false, ret, first < 0 ? NULL : reterr);
	return first < 0 ? first : e;
}

int runtime_names(struct arena *a, const struct runtimes_dirs *dirs, const char *const **ret, struct fail *reterr)
{
	struct names names;
	const int r = collect(a, dirs, &names, reterr);
	const char **copy = arena_array(a, names.count + 1, sizeof(*copy));
	if (!copy)
		return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
	for (size_t i = 0; i < names.count; i++)
		copy[i] = names.at[i].name;
	*ret = copy;
	return r;
}

/* Of those that are installed the first with the highest priority; the others are not looked for. */
static void choose(struct runtime *all, size_t count, struct runtime *ret)
{
	for (;;) {
		struct runtime *best = NULL;
		for (size_t i = 0; i < count; i++)
			if (all[i].name && all[i].dialect && all[i].priority > (best ? best->priority : 0))
				best = &all[i];
		if (!best)
			return;
		if (runtime_installed(best)) {
			*ret = *best;
			return;
		}
		best->name = NULL;
	}
}

static int look_up_default(struct arena *a, const struct runtimes_dirs *dirs, struct runtime *ret, struct fail *reterr)
{
	struct names names;
	int first = collect(a, dirs, &names, reterr);
	struct runtime *all = arena_array(a, names.count, sizeof(*all));
	if (!all)
		return fail(reterr, -ENOMEM, CAUSE_RUNTIMES, "", "out of memory");
	for (size_t i = 0; i < names.count; i++) {
		const struct asked *in = &names.at[i].in;
		const struct asked ask = { in->site || names.unlisted.site, in->vendor || names.unlisted.vendor };
		const int e = find_in(a, dirs, names.at[i].name, ask, &all[i], first < 0 ? NULL : reterr);
		first = first < 0 ? first : e;
	}
	choose(all, names.count, ret);
	if (first < 0)
		return first;
	return ret->name ? 0 : -ENOENT;
}

int runtime_default(struct arena *a, const struct runtimes_dirs *dirs, struct runtime *ret, struct fail *reterr)
{
	static const char unnamed[] = ""; /* which no entry is called */
	struct runtime_seen *s = seen(dirs, unnamed);
	*ret = (struct runtime){ 0 };
	if (s)
		return answer(s, ret, reterr);
	s = seen_new(a, dirs, unnamed);
	if (!s)
		return look_up_default(a, dirs, ret, reterr);
	s->code = look_up_default(a, dirs, &s->runtime, &s->why);
	return answer(s, ret, reterr);
}
