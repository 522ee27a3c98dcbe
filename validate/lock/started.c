/* SPDX-License-Identifier: Apache-2.0 */
/* A mount is found by its words in mountinfo, unparsed: on a node with a thousand mounts that is what it costs. */
#include "validate/lock/started.h"

#include <errno.h>
#include <sys/utsname.h>

#include "validate/base/digest.h"
#include "validate/host/read.h"

#define MOUNTS_MOST ((size_t)4 << 20) /* of mountinfo; what stands behind is not known */
#define FIELDS_BEFORE 4u              /* of a line, before the mount point: proc(5) */

/* The rootfs as the runtime will find it; empty when that is not plain to see. */
static struct bytes rootfs_of(struct arena *a, const struct started *s)
{
	const struct bytes path = doc_string(s->config, "root.path", (struct bytes){ 0 });

	if (path.len > 0 && path.data[0] == '/')
		return path;
	if (path.len == 0 || !s->bundle || s->bundle[0] != '/')
		return (struct bytes){ 0 };
	return bytes_of(arena_printf(a, "%s/%.*s", s->bundle, (int)path.len, path.data));
}

/* Whether a line of mountinfo is of that mount point; what is behind it in *ret. */
static bool is_mounted_at(struct bytes line, struct bytes point, struct bytes *ret)
{
	for (unsigned i = 0; i < FIELDS_BEFORE; i++) {
		const char *blank = line.len ? memchr(line.data, ' ', line.len) : NULL;
		if (!blank)
			return false;
		const size_t n = (size_t)(blank - line.data) + 1;
		line = (struct bytes){ line.data + n, line.len - n };
	}
	if (line.len <= point.len || memcmp(line.data, point.data, point.len) != 0 || line.data[point.len] != ' ')
		return false;
	*ret = (struct bytes){ line.data + point.len, line.len - point.len };
	return true;
}

/* The last line of that mount point: a later mount covers an earlier one. */
static struct bytes mount_at(struct bytes text, struct bytes point)
{
	struct bytes ret = { 0 }, line;

	while (read_line(&text, &line))
		(void)is_mounted_at(line, point, &ret);
	return ret;
}

/* The lower directories among the options at the end of a line: one option with colons between, or many. */
static struct bytes layers_among(struct arena *a, struct bytes line)
{
	const char *overlay = line.data ? memmem(line.data, line.len, " - overlay ", 11) : NULL;
	const char *options = overlay ? memrchr(line.data, ' ', line.len) : NULL;
	struct text t = text_growing(a);

	if (!options)
		return (struct bytes){ 0 };
	const char *end = line.data + line.len;
	for (const char *at = options + 1; at < end;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const struct bytes option = { at, (size_t)((comma ? comma : end) - at) };
		const size_t name = bytes_start(option, "lowerdir+=") ? 10 : bytes_start(option, "lowerdir=") ? 9 : 0;
		if (name > 0) {
			text_add(&t, t.len ? ":" : "");
			text_bytes(&t, (struct bytes){ option.data + name, option.len - name });
		}
		at = comma ? comma + 1 : end;
	}
	if (t.len == 0 || t.cut)
		return (struct bytes){ 0 };
	char hex[DIGEST_HEX];
	digest_hex((struct bytes){ 0 }, (struct bytes){ t.data, t.len }, hex);
	return bytes_of(arena_printf(a, LAYERS "%s", hex));
}

static struct bytes image_of(struct arena *a, const struct started *s)
{
	const struct bytes digest = doc_string(s->context, "image.digest", (struct bytes){ 0 });

	/* Docker lays one of the container's own among the lower ones. */
	if (digest.len > 0 || s->root < 0 || bytes_is(doc_string(s->context, "engine", BYTES("")), "docker"))
		return digest;
	const struct bytes rootfs = rootfs_of(a, s);
	if (rootfs.len == 0)
		return digest;
	const struct bytes text = read_below(a, s->root, "proc/self/mountinfo", MOUNTS_MOST);
	return text.data ? layers_among(a, mount_at(text, rootfs)) : digest;
}

int started_of(struct arena *a, const struct started *s, struct fingerprint_of *ret)
{
	struct utsname *u = arena_new(a, struct utsname);

	if (!u)
		return -ENOMEM;
	*ret = (struct fingerprint_of){
		.config = s->config,
		.id = bytes_of(s->id),
		.bundle = bytes_of(s->bundle),
		.image = image_of(a, s),
	};
	if (uname(u) == 0)
		ret->host_name = bytes_of(u->nodename);
	return 0;
}
