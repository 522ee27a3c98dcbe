/* SPDX-License-Identifier: Apache-2.0 */
/* One line of mountinfo: "36 35 98:0 /root /point rw,noatime master:1 - ext4 /dev/root rw,errors=continue". */
#include "validate/host/mounts.h"

#include "validate/host/read.h"

#define MOUNTS_TEXT ((size_t)16 << 20) /* a node with a hundred thousand mounts */

/* The next word of the line; empty at its end. */
static struct bytes word_next(struct bytes *line)
{
	const char *blank = line->len ? memchr(line->data, ' ', line->len) : NULL;
	size_t n = blank ? (size_t)(blank - line->data) : line->len;
	const struct bytes word = { line->data, n };
	n += n < line->len;
	*line = (struct bytes){ line->data + n, line->len - n };
	return word;
}

/* The kernel writes blanks, tabs, newlines and backslashes as \ooo: undone here. */
static struct bytes unescape(struct arena *a, struct bytes b)
{
	char *to = b.len && memchr(b.data, '\\', b.len) ? arena_alloc(a, b.len) : NULL;
	size_t len = 0;
	if (!to)
		return b;
	for (size_t i = 0; i < b.len; i++) {
		const bool octal = b.data[i] == '\\' && b.len - i > 3 && b.data[i + 1] >= '0' && b.data[i + 1] <= '3' &&
			b.data[i + 2] >= '0' && b.data[i + 2] <= '7' && b.data[i + 3] >= '0' && b.data[i + 3] <= '7';
		const int code = octal ? (b.data[i + 1] - '0') << 6 | (b.data[i + 2] - '0') << 3 | (b.data[i + 3] - '0')
				       : b.data[i];
		to[len++] = (char)code;
		i += octal ? 3 : 0;
	}
	return (struct bytes){ to, len };
}

static bool parse(struct arena *a, struct bytes line, struct mount *m)
{
	uint64_t id, parent, major, minor;
	const bool ids = read_number(word_next(&line), &id) && read_number(word_next(&line), &parent);
	const struct bytes device = word_next(&line);
	const char *colon = device.len ? memchr(device.data, ':', device.len) : NULL;
	const size_t n = colon ? (size_t)(colon - device.data) : 0;
	if (!ids || !colon || !read_number((struct bytes){ device.data, n }, &major) ||
		!read_number((struct bytes){ colon + 1, device.len - n - 1 }, &minor))
		return false;
	m->id = (uint32_t)id;
	m->parent = (uint32_t)parent;
	m->major = (uint32_t)major;
	m->minor = (uint32_t)minor;
	m->root = unescape(a, word_next(&line));
	m->point = unescape(a, word_next(&line));
	m->options = word_next(&line);
	m->peers = (struct bytes){ line.data, 0 };
	struct bytes word = word_next(&line); /* any number of optional fields, closed by "-" */
	for (; word.len && !bytes_is(word, "-"); word = word_next(&line))
		m->peers.len = (size_t)(word.data + word.len - m->peers.data);
	m->type = word_next(&line);
	(void)word_next(&line); /* the source */
	m->super = word_next(&line);
	m->number = 0;
	return m->type.len > 0;
}

void mounts_get(struct arena *a, const struct host *h, struct mounts *m)
{
	mounts_read(a, h->root, "proc/self/mountinfo", MOUNTS_TEXT, m);
}

void mounts_read(struct arena *a, int dir, const char *path, size_t limit, struct mounts *m)
{
	if (m->read)
		return;
	m->read = true;
	struct bytes text = read_below(a, dir, path, limit), line;
	size_t most = 0;
	for (struct bytes rest = text; read_line(&rest, &line);)
		most++;
	struct mount *list = text.data ? arena_array(a, most + 1, sizeof(*list)) : NULL;
	while (list && read_line(&text, &line) && m->count <= most)
		m->count += parse(a, line, &list[m->count]);
	m->list = list;
}

/* Whether the path is `point` or lies below it. */
static bool lies_on(struct bytes point, struct bytes path)
{
	if (bytes_is(point, "/"))
		return true;
	return path.len >= point.len && memcmp(path.data, point.data, point.len) == 0 &&
		(path.len == point.len || path.data[point.len] == '/');
}

/* The mount that an absolute, resolved path lies on; NULL when not known. */
static const struct mount *mounts_of(const struct mounts *m, struct bytes path)
{
	const struct mount *best = NULL;
	for (size_t i = 0; i < m->count; i++)
		if (lies_on(m->list[i].point, path) && (!best || m->list[i].point.len >= best->point.len))
			best = &m->list[i];
	return best;
}

/* What is left of a path below `point`: "" or "/…". */
static struct bytes below(struct bytes point, struct bytes path)
{
	const size_t n = point.len == 1 ? 0 : point.len;
	const struct bytes rest = { path.data + n, path.len - n };
	return bytes_is(rest, "/") ? (struct bytes){ rest.data, 0 } : rest;
}

static struct bytes joined(struct arena *a, struct bytes above, struct bytes rest)
{
	const size_t n = above.len == 1 ? 0 : above.len;
	char *to = n + rest.len ? arena_alloc(a, n + rest.len) : NULL;
	if (!to)
		return n + rest.len ? (struct bytes){ 0 } : BYTES("/");
	if (n)
		memcpy(to, above.data, n);
	if (rest.len)
		memcpy(to + n, rest.data, rest.len);
	return (struct bytes){ to, n + rest.len };
}

bool mounts_elsewhere(struct arena *a, const struct mounts *m, const struct mount *on, struct bytes path, size_t *at,
	struct bytes *ret)
{
	const struct bytes inside = joined(a, on->root, below(on->point, path));
	for (; inside.len && *at < m->count; ++*at) {
		const struct mount *other = &m->list[*at];
		const bool more = other->root.len < on->root.len || (other->root.len == on->root.len && other < on);
		if (other->major != on->major || other->minor != on->minor || !more || !lies_on(other->root, inside))
			continue;
		*ret = joined(a, other->point, below(other->root, inside));
		/* Another mount may stand before it. */
		if (!ret->len || bytes_equal(*ret, path) || mounts_of(m, *ret) != other)
			continue;
		++*at;
		return true;
	}
	return false;
}

bool mount_option(struct bytes options, const char *name, struct bytes *ret_value)
{
	const struct bytes wanted = bytes_of(name);
	for (size_t i = 0; i < options.len;) {
		const char *comma = memchr(options.data + i, ',', options.len - i);
		const size_t end = comma ? (size_t)(comma - options.data) : options.len;
		const struct bytes word = { options.data + i, end - i };
		const bool value = word.len > wanted.len && word.data[wanted.len] == '=';
		if (bytes_start(word, name) && (value || word.len == wanted.len)) {
			if (ret_value)
				*ret_value = value
					? (struct bytes){ word.data + wanted.len + 1, word.len - wanted.len - 1 }
					: (struct bytes){ 0 };
			return true;
		}
		i = end + 1;
	}
	return false;
}

bool mount_waits(struct bytes type)
{
	static const char *const types[] = { "9p", "afs", "autofs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2",
		"glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb3", "smbfs",
		"virtiofs", NULL };
	for (size_t i = 0; types[i]; i++)
		if (bytes_is(type, types[i]))
			return true;
	return bytes_start(type, "fuse");
}
