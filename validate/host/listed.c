/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept (validate/host/probe_kept.c): "mounts seen h800000021.29 …", of each its kind, number and device, and
 * of cgroup hierarchies "cgroup 800000024 cgroup /sys/fs/cgroup/pids rw,pids". A mount that is not among them is asked
 * about; when these become many, all are kept anew. So they are when another mount than before ("mounts top 800000020")
 * is what is seen at /sys/fs/cgroup, since one that is moved keeps its number.
 *
 * The headers of Debian 12 know neither call.
 */
#include "validate/host/listed.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "validate/host/probe.h"
#include "validate/host/read.h"

#define CALL_STATMOUNT 457 /* on every architecture but Alpha */
#define CALL_LISTMOUNT 458
#define LIST_ROOT UINT64_MAX
#define TELL_FILE_SYSTEM 0x1u
#define TELL_MOUNT 0x2u
#define TELL_ROOT 0x8u
#define TELL_POINT 0x10u
#define TELL_TYPE 0x20u
#define TELL_OPTIONS 0x80u

#define FLAG_READ_ONLY 0x1u
#define FLAG_ATIME 0x70u
#define FLAG_NO_ATIME 0x10u

#define LISTED_FEW 128u   /* mounts, as many hosts have */
#define LISTED_MOST 4096u /* of more the list is read */
#define LISTED_FRESH 4u   /* that many are asked about each time before they are kept */
#define TEXT_MOST 1536u   /* what a mount says of itself; of one that says more mountinfo tells */

#define KIND_PLAIN 'h'
#define KIND_AUTOMOUNT 'a'
#define KIND_CGROUP 'c'
#define KIND_SERVER 's'

struct request {
	uint32_t size, nothing;
	uint64_t id, param;
};

/* What statmount(2) writes; texts are offsets into `text`. */
struct told {
	uint32_t size, options;
	uint64_t mask;
	uint32_t major, minor;
	uint64_t magic;
	uint32_t flags, type;
	uint64_t id, parent;
	uint32_t id_old, parent_old;
	uint64_t attributes, propagation, peers, master, from;
	uint32_t root, point;
	uint64_t rest[50];
	char text[TEXT_MOST];
};

_Static_assert(offsetof(struct told, text) == 512, "as the kernel has it");

/* Asks for all of `what`; false when any of it is not to be had. */
static bool tell(uint64_t id, uint64_t what, struct told *ret)
{
	const struct request q = { .size = sizeof(q), .id = id, .param = what };
	return syscall(CALL_STATMOUNT, &q, ret, sizeof(*ret), 0) == 0 && (ret->mask & what) == what;
}

/* "h800000021.29" */
static bool take_word(struct bytes *words, struct listed_mount *ret)
{
	struct bytes word;
	uint64_t device;
	const char *dot;
	if (!read_word(words, &word) || !(dot = memchr(word.data, '.', word.len)) || dot == word.data ||
		!probe_set((struct bytes){ word.data + 1, (size_t)(dot - word.data) - 1 }, &ret->id) ||
		!probe_set((struct bytes){ dot + 1, word.len - (size_t)(dot + 1 - word.data) }, &device))
		return false;
	ret->kind = word.data[0];
	ret->major = major(device);
	ret->minor = minor(device);
	return true;
}

/* One that was not kept. */
static bool ask(uint64_t id, struct told *t, struct listed_mount *ret)
{
	if (!tell(id, TELL_FILE_SYSTEM | TELL_TYPE, t))
		return false;
	const struct bytes type = bytes_of(t->text + t->type);
	*ret = (struct listed_mount){ .id = id, .major = t->major, .minor = t->minor, .kind = KIND_PLAIN };
	if (bytes_is(type, "autofs"))
		ret->kind = KIND_AUTOMOUNT;
	else if (mount_waits(type))
		ret->kind = KIND_SERVER;
	else if (bytes_is(type, "cgroup") || bytes_is(type, "cgroup2"))
		ret->kind = KIND_CGROUP;
	return true;
}

/* What is told goes into one piece of memory, which the next question overwrites; NULL without memory. */
static struct told *told_of(struct arena *a, struct listed *s)
{
	if (!s->told)
		s->told = arena_new(a, struct told);
	return s->told;
}

/* All that there are, by what is kept where it is; *fresh counts the others, as if many where one is a cgroup's. */
static bool fill(struct probe *p, const uint64_t *ids, size_t count, struct listed *to, size_t *fresh)
{
	struct listed_mount *list = arena_array(p->arena, count, sizeof(*list)), kept = { 0 };
	struct bytes words = { 0 };
	if (!list)
		return false;
	(void)probe_recall(p, "mounts", "seen", &words);
	for (size_t i = 0; i < count; i++) {
		while (kept.id < ids[i] && take_word(&words, &kept))
			;
		list[i] = kept;
		if (kept.id == ids[i])
			continue;
		if (!told_of(p->arena, to) || !ask(ids[i], to->told, &list[i]))
			return false;
		*fresh += list[i].kind == KIND_CGROUP ? LISTED_FRESH + 1 : 1;
	}
	to->list = list;
	to->count = count;
	return true;
}

/* Without the options of v1, which kernels before 6.11 do not tell, a hierarchy is as if it were not known. */
static void learn_cgroup(struct probe *p, uint64_t id, struct told *t)
{
	char name[24];
	if (!tell(id, TELL_TYPE | TELL_POINT, t) || strpbrk(t->text + t->point, " \t\n"))
		return;
	const bool unified = strcmp(t->text + t->type, "cgroup2") == 0;
	if (!unified && !tell(id, TELL_TYPE | TELL_POINT | TELL_OPTIONS, t))
		return;
	(void)snprintf(name, sizeof(name), "%llx", (unsigned long long)id);
	struct text *to = probe_learn(p, "cgroup", name);
	if (to)
		text_printf(to, " %s %s %s", t->text + t->type, t->text + t->point,
			unified ? "rw" : t->text + t->options);
}

/* The mount that is seen where runtimes look for the hierarchies; 0: not known. One more call, and not a dear one. */
static uint64_t cgroups_top(const struct probe *p)
{
	static const int how = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
	struct statx sx;
	const bool told = statx(p->host->root, "sys/fs/cgroup", how, STATX_MNT_ID_UNIQUE, &sx) == 0;
	return told && (sx.stx_mask & STATX_MNT_ID_UNIQUE) ? sx.stx_mnt_id : 0;
}

/* Whether it is the one that it was when the hierarchies were kept. */
static bool cgroups_stay(struct probe *p, uint64_t top)
{
	struct bytes words, word;
	uint64_t before;
	return probe_recall(p, "mounts", "top", &words) && read_word(&words, &word) && probe_set(word, &before) &&
		before == top;
}

static void learn(struct probe *p, struct listed *s, uint64_t top)
{
	struct told *t = told_of(p->arena, s);
	struct text *to = t ? probe_learn(p, "mounts", "top") : NULL;
	if (to)
		text_printf(to, " %llx", (unsigned long long)top);
	to = to ? probe_learn(p, "mounts", "seen") : NULL;
	p->mounts_learned = to != NULL;
	for (size_t i = 0; to && i < s->count; i++) {
		const struct listed_mount *m = &s->list[i];
		text_printf(to, " %c%llx.%llx", m->kind, (unsigned long long)m->id,
			(unsigned long long)makedev(m->major, m->minor));
	}
	for (size_t i = 0; to && i < s->count; i++)
		if (s->list[i].kind == KIND_CGROUP)
			learn_cgroup(p, s->list[i].id, t);
}

/* Where the automounts are by now. */
static bool find_waits(struct probe *p, struct listed *s)
{
	struct bytes *waits = NULL;
	for (size_t i = 0; i < s->count; i++) {
		if (s->list[i].kind == KIND_SERVER)
			return false;
		if (s->list[i].kind != KIND_AUTOMOUNT)
			continue;
		if (!waits && !(waits = arena_array(p->arena, s->count, sizeof(*waits))))
			return false;
		if (!told_of(p->arena, s) || !tell(s->list[i].id, TELL_POINT, s->told))
			return false;
		const struct bytes point = bytes_of(s->told->text + s->told->point);
		const char *copy = arena_copy(p->arena, point);
		if (!copy)
			return false;
		waits[s->wait_count++] = (struct bytes){ copy, point.len };
	}
	s->waits = waits;
	return true;
}

/* The hierarchies of cgroups, as they were kept; none where one was not. */
static void find_cgroups(struct probe *p, struct listed *s)
{
	struct mount *list = NULL;
	size_t count = 0;
	for (size_t i = 0; i < s->count; i++) {
		char id[24];
		struct bytes words;
		if (s->list[i].kind != KIND_CGROUP)
			continue;
		if (!list && !(list = arena_array(p->arena, s->count - i, sizeof(*list))))
			return;
		struct mount *m = &list[count++];
		(void)snprintf(id, sizeof(id), "%llx", (unsigned long long)s->list[i].id);
		if (!probe_recall(p, "cgroup", id, &words) || !read_word(&words, &m->type) ||
			!read_word(&words, &m->point) || !read_word(&words, &m->super))
			return;
		m->number = s->list[i].id;
		m->major = s->list[i].major;
		m->minor = s->list[i].minor;
	}
	s->cgroups = (struct mounts){ .list = list, .count = count, .read = true };
}

/* All numbers, in `few` where these are enough; *ret is not positive when there is nothing to go by. */
static const uint64_t *list_all(struct arena *a, uint64_t few[static LISTED_FEW], long *ret)
{
	const struct request q = { .size = sizeof(q), .id = LIST_ROOT };
	*ret = syscall(CALL_LISTMOUNT, &q, few, LISTED_FEW, 0);
	if (*ret < (long)LISTED_FEW)
		return few;
	uint64_t *many = arena_array(a, LISTED_MOST, sizeof(*many));
	*ret = many ? syscall(CALL_LISTMOUNT, &q, many, LISTED_MOST, 0) : -1;
	if (*ret == (long)LISTED_MOST)
		*ret = -1;
	return many;
}

struct listed *listed_get(struct probe *p)
{
	uint64_t few[LISTED_FEW];
	size_t fresh = 0;
	long n;
	if (p->listed_asked)
		return p->listed;
	p->listed_asked = true;
	if (!p->host->live || !p->host->cache)
		return NULL;
	const uint64_t *ids = list_all(p->arena, few, &n);
	struct listed *s = n > 0 ? arena_new(p->arena, struct listed) : NULL;
	if (!s || !fill(p, ids, (size_t)n, s, &fresh))
		return NULL;
	const bool clear = find_waits(p, s);
	const uint64_t top = clear ? cgroups_top(p) : 0;
	const bool stay = cgroups_stay(p, top);
	if (fresh > LISTED_FRESH || (clear && !stay))
		learn(p, s, top);
	if (!clear)
		return NULL;
	if (stay)
		find_cgroups(p, s);
	p->listed = s;
	return s;
}

bool listed_clear(const struct listed *s, struct bytes path)
{
	for (size_t i = 0; i < s->wait_count; i++) {
		const struct bytes w = s->waits[i];
		if (path.len >= w.len && memcmp(path.data, w.data, w.len) == 0 &&
			(path.len == w.len || w.len == 1 || path.data[w.len] == '/'))
			return false;
	}
	return true;
}

static const struct listed_mount *entry(const struct listed *s, uint64_t id)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].id == id)
			return &s->list[i];
	return NULL;
}

struct listed_known {
	struct mount mount;
	struct listed_known *next;
};

/* Its flags in the words and the order of mountinfo. */
static struct bytes flags_of(struct arena *a, uint64_t attributes)
{
	static const struct {
		uint64_t mask, is;
		const char *word;
	} flags[] = { { 0x2, 0x2, ",nosuid" }, { 0x4, 0x4, ",nodev" }, { 0x8, 0x8, ",noexec" },
		{ FLAG_ATIME, FLAG_NO_ATIME, ",noatime" }, { 0x80, 0x80, ",nodiratime" },
		{ FLAG_ATIME, 0, ",relatime" }, { 0x200000, 0x200000, ",nosymfollow" },
		{ 0x100000, 0x100000, ",idmapped" } };
	struct text t = text_growing(a);
	text_add(&t, attributes & FLAG_READ_ONLY ? "ro" : "rw");
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if ((attributes & flags[i].mask) == flags[i].is)
			text_add(&t, flags[i].word);
	return t.cut ? (struct bytes){ 0 } : (struct bytes){ t.data, t.len };
}

static struct bytes copied(struct arena *a, const struct told *t, uint32_t at)
{
	const struct bytes text = bytes_of(t->text + at);
	const char *copy = arena_copy(a, text);
	return (struct bytes){ copy, copy ? text.len : 0 };
}

const struct mount *listed_find(struct arena *a, struct listed *s, uint64_t id)
{
	for (const struct listed_known *k = s->known; k; k = k->next)
		if (k->mount.number == id)
			return &k->mount;
	const struct listed_mount *e = entry(s, id);
	if (!e || (e->kind != KIND_PLAIN && e->kind != KIND_CGROUP))
		return NULL;
	struct listed_known *k = told_of(a, s) ? arena_new(a, struct listed_known) : NULL;
	if (!k || !tell(id, TELL_FILE_SYSTEM | TELL_MOUNT | TELL_ROOT | TELL_POINT | TELL_TYPE, s->told))
		return NULL;
	const struct told *t = s->told;
	k->mount = (struct mount){ .id = t->id_old,
		.parent = t->parent_old,
		.major = t->major,
		.minor = t->minor,
		.root = copied(a, t, t->root),
		.point = copied(a, t, t->point),
		.type = copied(a, t, t->type),
		.options = flags_of(a, t->attributes),
		.number = id };
	if (!k->mount.root.len || !k->mount.point.len || !k->mount.type.len || !k->mount.options.len)
		return NULL;
	k->next = s->known;
	s->known = k;
	return &k->mount;
}

bool listed_alone(const struct listed *s, const struct mount *m)
{
	const bool whole = bytes_is(m->root, "/");
	bool before = true;
	for (size_t i = 0; i < s->count; i++) {
		const struct listed_mount *e = &s->list[i];
		if (e->id == m->number)
			before = false;
		else if (e->major == m->major && e->minor == m->minor && (before || !whole))
			return false;
	}
	return !before;
}

bool listed_read_only(struct arena *a, struct listed *s, const struct mount *m, bool *ret)
{
	if (!told_of(a, s) || !tell(m->number, TELL_MOUNT | TELL_POINT, s->told) ||
		!bytes_is(m->point, s->told->text + s->told->point))
		return false;
	*ret = s->told->attributes & FLAG_READ_ONLY;
	return true;
}
