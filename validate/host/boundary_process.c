/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the process is and what it may do, from /proc/PID/status and a few files beside it. Labels of security modules
 * are set for the next execve (attr/exec) while a runtime prepares it, and are its own (attr/current) after that.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/personality.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/host/boundary_parts.h"
#include "validate/host/probe.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

#define GROUPS_MOST 1024u
#define MAP_LINE 4096u

bool boundary_inside(const struct boundary_map *m, uint64_t outside, uint64_t *ret)
{
	struct bytes text = m->text, line, word;
	uint64_t inner, outer, count;
	*ret = outside;
	if (m->same)
		return true;
	while (read_line(&text, &line))
		if (read_word(&line, &word) && read_number(word, &inner) && read_word(&line, &word) &&
			read_number(word, &outer) && read_word(&line, &word) && read_number(word, &count) &&
			outside >= outer && outside - outer < count) {
			*ret = inner + (outside - outer);
			return true;
		}
	return false;
}

static void add_set(struct boundary *b, struct doc *to, const char *key, enum boundary_line line)
{
	uint64_t set;
	if (!b->lines[line].data || !probe_set(b->lines[line], &set))
		return;
	struct doc *list = make_array(b->arena, to, key);
	for (unsigned i = 0; i < 64; i++) {
		const char *name = probe_capability(i);
		if (!(set >> i & 1))
			continue;
		if (!name)
			name = arena_printf(b->arena, "CAP_%u", i);
		make_word(b->arena, list, name ? bytes_of(name) : BYTES("CAP_?"));
	}
}

static void add_capabilities(struct boundary *b, struct doc *to)
{
	static const struct {
		const char *key;
		enum boundary_line line;
	} sets[] = {
		{ "bounding", LINE_CAP_BOUNDING },
		{ "effective", LINE_CAP_EFFECTIVE },
		{ "permitted", LINE_CAP_PERMITTED },
		{ "inheritable", LINE_CAP_INHERITABLE },
		{ "ambient", LINE_CAP_AMBIENT },
	};
	struct doc *all = make_object(b->arena, to, "capabilities");
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		add_set(b, all, sets[i].key, sets[i].line);
	uint64_t last;
	if (read_number_below(b->of->top, "proc/sys/kernel/cap_last_cap", &last))
		make_uint(b->arena, all, "last", last);
}

/* The effective one of four. */
static void add_id(struct boundary *b, struct doc *to, enum boundary_line line, const struct boundary_map *map,
	const char *key, const char *host_key)
{
	struct bytes ids = b->lines[line], word;
	uint64_t outside, inside;
	if (!read_word(&ids, &word) || !read_word(&ids, &word) || !read_number(word, &outside))
		return;
	if (boundary_inside(map, outside, &inside))
		make_uint(b->arena, to, key, inside);
	make_uint(b->arena, to, host_key, outside);
}

static void add_groups(struct boundary *b, struct doc *to)
{
	struct bytes ids = b->lines[LINE_GROUPS], word;
	uint64_t number, inside;
	if (!ids.data)
		return;
	/* All or nothing: a list with one missing would say that it is not in that group. */
	for (struct bytes rest = ids; read_word(&rest, &word);)
		if (!read_number(word, &number) || !boundary_inside(&b->gids, number, &inside))
			return;
	struct doc *list = make_array(b->arena, to, "additionalGids");
	while (list && list->count < GROUPS_MOST && read_word(&ids, &word) && read_number(word, &number) &&
		boundary_inside(&b->gids, number, &inside))
		make_uint(b->arena, list, NULL, inside);
}

/* Octal digits. */
static void add_umask(struct boundary *b, struct doc *to)
{
	const struct bytes digits = b->lines[LINE_UMASK];
	uint64_t mask = 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.data[i] < '0' || digits.data[i] > '7' || digits.len > 6)
			return;
		mask = mask << 3 | (uint64_t)(digits.data[i] - '0');
	}
	if (digits.len)
		make_uint(b->arena, to, "umask", mask);
}

/* crun sets a filter at the very end where it may do so without privilege: none is no answer before that. */
static void add_seccomp(struct boundary *b, struct doc *to)
{
	static const char *const modes[] = { "disabled", "strict", "filter" };
	uint64_t mode;
	if (!read_number(b->lines[LINE_SECCOMP], &mode) || mode >= sizeof(modes) / sizeof(modes[0]))
		return;
	if (mode || !b->of->created)
		make_string(b->arena, to, "seccomp", bytes_of(modes[mode]));
}

static void add_oom_score(struct boundary *b, struct doc *to)
{
	int64_t score;
	if (boundary_integer(read_trimmed(boundary_read(b, "oom_score_adj")), &score))
		make_int(b->arena, to, "oomScoreAdj", score);
}

/* "system_u:system_r:container_t:s0:c1,c2" and not "docker-default (enforce)": a file that both modules answer by. */
static bool is_context(struct bytes label)
{
	unsigned colons = 0;
	for (size_t i = 0; i < label.len; i++) {
		colons += label.data[i] == ':';
		if (label.data[i] == ' ' || label.data[i] == '/')
			return false;
	}
	return colons >= 2 && label.data[0] != ':';
}

/* A label ends with a newline, SELinux's with a NUL. */
static struct bytes label_of(struct bytes text)
{
	while (text.len && (text.data[text.len - 1] == '\0' || text.data[text.len - 1] == '\n'))
		text.len--;
	return text;
}

static void add_labels(struct boundary *b, struct doc *to)
{
	const bool apparmor = boundary_wants(b, "process.apparmorProfile");
	if (!apparmor && !boundary_wants(b, "process.selinuxLabel"))
		return;
	const char *own = b->of->created ? "attr/apparmor/exec" : "attr/apparmor/current";
	const char *any = b->of->created ? "attr/exec" : "attr/current";
	struct bytes label = apparmor ? label_of(boundary_read(b, own)) : (struct bytes){ 0 };
	if (label.len)
		make_string(b->arena, to, "apparmor", label);
	const bool known = label.len > 0;
	label = label_of(boundary_read(b, any));
	if (is_context(label))
		make_string(b->arena, to, "selinux", label);
	else if (label.len && !known)
		make_string(b->arena, to, "apparmor", label);
}

/* What the link says counts from the container's root only where that is the uppermost mount of its namespace. */
static void add_cwd(struct boundary *b, struct doc *to)
{
	char root[8], cwd[PATH_MAX];
	if (!boundary_wants(b, "process.cwd") || readlinkat(b->process, "root", root, sizeof(root)) != 1)
		return;
	const ssize_t n = readlinkat(b->process, "cwd", cwd, sizeof(cwd));
	if (n > 0 && (size_t)n < sizeof(cwd) && cwd[0] == '/')
		make_string(b->arena, to, "cwd", (struct bytes){ cwd, (size_t)n });
}

/*
 * The kernel makes who reads it wait for an execve of that process, which may wait for its file: one that waits for
 * something is not asked.
 */
static void add_personality(struct boundary *b, struct doc *to)
{
	if (!boundary_wants(b, "linux.personality") || b->lines[LINE_STATE].data[0] == 'D')
		return;
	const struct bytes digits = read_trimmed(boundary_read(b, "personality"));
	uint64_t n;
	if (!probe_set(digits, &n))
		return;
	n &= PER_MASK;
	make_string(b->arena, to, "personality",
		n == PER_LINUX             ? BYTES("LINUX")
			: n == PER_LINUX32 ? BYTES("LINUX32")
					   : BYTES(""));
}

/* The same goes for its memory map. Its first line has the policy behind an address: "7f12… bind:0 file=…". */
static void add_memory_policy(struct boundary *b, struct doc *to)
{
	char text[MAP_LINE];
	if (around_unset(doc_find(b->of->config, "linux.memoryPolicy")) || b->lines[LINE_STATE].data[0] == 'D')
		return;
	cleanup_close int fd = fd_open(b->process, "numa_maps", O_RDONLY | O_NONBLOCK, 0);
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	struct bytes line = { text, n > 0 ? (size_t)n : 0 }, word;
	if (read_word(&line, &word) && read_word(&line, &word) && line.len)
		make_string(b->arena, to, "memoryPolicy", word);
}

static void add_text(struct boundary *b, struct doc *to, const char *key, enum boundary_line line)
{
	if (b->lines[line].len)
		make_string(b->arena, to, key, b->lines[line]);
}

void boundary_process(struct boundary *b)
{
	struct doc *to = make_member(b->arena, b->to, "process");
	uint64_t flag;
	if (read_number(b->lines[LINE_NO_NEW_PRIVILEGES], &flag))
		make_bool(b->arena, to, "noNewPrivileges", flag != 0);
	add_seccomp(b, to);
	add_capabilities(b, to);
	add_id(b, to, LINE_UID, &b->uids, "uid", "hostUid");
	add_id(b, to, LINE_GID, &b->gids, "gid", "hostGid");
	add_groups(b, to);
	add_umask(b, to);
	if (boundary_wants(b, "process.oomScoreAdj") || doc_find(b->of->config, "process.oomScoreAdj"))
		add_oom_score(b, to);
	add_cwd(b, to);
	if (boundary_wants(b, "process.rlimits"))
		probe_limits_text(b->arena, make_object(b->arena, to, "rlimits"), boundary_read(b, "limits"));
	add_labels(b, to);
	add_personality(b, to);
	add_memory_policy(b, to);
	add_text(b, to, "cpus", LINE_CPUS);
	add_text(b, to, "mems", LINE_MEMS);
}
