/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of the process that will become the delegate, and the ids that its user was given. */
#include <sys/resource.h>
#include <unistd.h>

#include "validate/host/probe.h"
#include "validate/host/probe_ns.h"
#include "validate/host/read.h"

#define COLUMN_NAME 26u /* /proc/self/limits: the name of a limit is padded to 25, a blank follows */
#define PASSWD_MOST ((size_t)4 << 20)
#define RANGES 1024u

static const struct {
	int resource;
	const char *name, *words;
} rlimits[] = {
	{ RLIMIT_AS, "RLIMIT_AS", "Max address space" },
	{ RLIMIT_CORE, "RLIMIT_CORE", "Max core file size" },
	{ RLIMIT_CPU, "RLIMIT_CPU", "Max cpu time" },
	{ RLIMIT_DATA, "RLIMIT_DATA", "Max data size" },
	{ RLIMIT_FSIZE, "RLIMIT_FSIZE", "Max file size" },
	{ RLIMIT_LOCKS, "RLIMIT_LOCKS", "Max file locks" },
	{ RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK", "Max locked memory" },
	{ RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", "Max msgqueue size" },
	{ RLIMIT_NICE, "RLIMIT_NICE", "Max nice priority" },
	{ RLIMIT_NOFILE, "RLIMIT_NOFILE", "Max open files" },
	{ RLIMIT_NPROC, "RLIMIT_NPROC", "Max processes" },
	{ RLIMIT_RSS, "RLIMIT_RSS", "Max resident set" },
	{ RLIMIT_RTPRIO, "RLIMIT_RTPRIO", "Max realtime priority" },
	{ RLIMIT_RTTIME, "RLIMIT_RTTIME", "Max realtime timeout" },
	{ RLIMIT_SIGPENDING, "RLIMIT_SIGPENDING", "Max pending signals" },
	{ RLIMIT_STACK, "RLIMIT_STACK", "Max stack size" },
};

#define RLIMITS (sizeof(rlimits) / sizeof(rlimits[0]))

static void add_limit(struct arena *a, struct doc *to, const char *name, uint64_t soft, uint64_t hard)
{
	struct doc *one = make_found(to, bytes_of(name)) ? NULL : make_object(a, to, name);
	make_uint(a, one, "soft", soft);
	make_uint(a, one, "hard", hard);
}

static bool limit_of(struct bytes word, uint64_t *ret)
{
	*ret = UINT64_MAX;
	return bytes_is(word, "unlimited") || read_number(word, ret);
}

static void add_line(struct arena *a, struct doc *to, struct bytes line)
{
	struct bytes soft, hard;
	uint64_t numbers[2];
	if (line.len <= COLUMN_NAME)
		return;
	const struct bytes name = read_trimmed((struct bytes){ line.data, COLUMN_NAME });
	line = (struct bytes){ line.data + COLUMN_NAME, line.len - COLUMN_NAME };
	if (!read_word(&line, &soft) || !read_word(&line, &hard) || !limit_of(soft, &numbers[0]) ||
		!limit_of(hard, &numbers[1]))
		return;
	for (size_t i = 0; i < RLIMITS; i++)
		if (bytes_is(name, rlimits[i].words))
			add_limit(a, to, rlimits[i].name, numbers[0], numbers[1]);
}

void probe_limits_text(struct arena *a, struct doc *to, struct bytes text)
{
	struct bytes line;
	while (read_line(&text, &line))
		add_line(a, to, line);
}

void probe_rlimits(struct probe *p)
{
	struct doc *to = make_object(p->arena, make_member(p->arena, p->to, "self"), "rlimits");
	struct rlimit limit;
	if (p->host->live) {
		for (size_t i = 0; i < RLIMITS; i++)
			if (getrlimit((__rlimit_resource_t)rlimits[i].resource, &limit) == 0)
				add_limit(p->arena, to, rlimits[i].name, limit.rlim_cur, limit.rlim_max);
		return;
	}
	probe_limits_text(p->arena, to, probe_read(p, "proc/self/limits", PROBE_FILE));
}

/* Takes what stands before the next ":" off the line. */
static struct bytes field(struct bytes *line)
{
	const char *colon = line->len ? memchr(line->data, ':', line->len) : NULL;
	const size_t n = colon ? (size_t)(colon - line->data) : line->len, used = n + (colon != NULL);
	const struct bytes ret = { line->data, n };
	*line = (struct bytes){ line->data + used, line->len - used };
	return ret;
}

/* The user's id outside of the namespace that it may be in: the lists speak of that one. */
static bool user_of(struct probe *p, uint64_t *ret)
{
	struct bytes ids = p->host->live ? (struct bytes){ 0 } : probe_status(p, "Uid"), map, line, word;
	uint64_t id = geteuid(), inside, outside, count;
	if (!p->host->live && (!read_word(&ids, &word) || !read_word(&ids, &word) || !read_number(word, &id)))
		return false;
	*ret = id;
	if (probe_user_namespace(p) == USER_NAMESPACE_INITIAL)
		return true;
	map = probe_read(p, "proc/self/uid_map", PROBE_FILE);
	while (read_line(&map, &line))
		if (read_word(&line, &word) && read_number(word, &inside) && read_word(&line, &word) &&
			read_number(word, &outside) && read_word(&line, &word) && read_number(word, &count) &&
			id >= inside && id - inside < count) {
			*ret = outside + (id - inside);
			return true;
		}
	return false;
}

/* Its name, from the file alone: asking other services could take any time. Empty when it is not there. */
static struct bytes name_of(struct probe *p, uint64_t id)
{
	struct bytes text = probe_read(p, "etc/passwd", PASSWD_MOST), line;
	uint64_t number;
	while (read_line(&text, &line)) {
		const struct bytes name = field(&line);
		(void)field(&line);
		if (read_number(field(&line), &number) && number == id)
			return name;
	}
	return (struct bytes){ 0 };
}

static void add_ranges(struct probe *p, const char *key, const char *path, uint64_t id, struct bytes name)
{
	struct doc *self = make_member(p->arena, p->to, "self"), *list;
	struct bytes text = probe_read(p, path, PROBE_LIST), line;
	uint64_t number, first, count;
	if (!text.data && probe_exists(p, path))
		return;
	list = make_array(p->arena, self, key);
	while (list && list->count < RANGES && read_line(&text, &line)) {
		const struct bytes owner = field(&line);
		const bool is_ours = (name.len && bytes_equal(owner, name)) ||
			(read_number(owner, &number) && number == id);
		if (!is_ours || !read_number(field(&line), &first) || !read_number(read_trimmed(field(&line)), &count))
			continue;
		struct doc *range = make_array(p->arena, list, NULL);
		make_uint(p->arena, range, NULL, first);
		make_uint(p->arena, range, NULL, count);
	}
}

/* Whether the lists may come from somewhere else: a line "subid: sss" in nsswitch.conf. */
static bool elsewhere(struct probe *p)
{
	struct bytes text = probe_read(p, "etc/nsswitch.conf", PROBE_FILE), line, word;
	while (read_line(&text, &line))
		if (read_word(&line, &word) && bytes_is(word, "subid:"))
			return read_word(&line, &word) && !bytes_is(word, "files");
	return false;
}

/* Without /etc in the tree nothing is known; without the file nobody was given any. */
void probe_subids(struct probe *p)
{
	uint64_t id;
	if (!probe_exists(p, "etc/passwd") || elsewhere(p) || !user_of(p, &id))
		return;
	const struct bytes name = name_of(p, id);
	add_ranges(p, "subuids", "etc/subuid", id, name);
	add_ranges(p, "subgids", "etc/subgid", id, name);
}
