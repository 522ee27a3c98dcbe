/* SPDX-License-Identifier: Apache-2.0 */
/* What mounts bring from the host. Options of an overlay are read as the kernel does: layers stand between colons. */
#include "validate/rule/control_brought.h"

#include "validate/base/glob.h"
#include "validate/base/limits.h"

static const char *const read_only_options[] = { "ro", "rro", NULL };

/* File systems that begin empty, or that show the container its own. */
static const char *const own_types[] = {
	"proc",
	"sysfs",
	"tmpfs",
	"ramfs",
	"devpts",
	"mqueue",
	"cgroup",
	"cgroup2",
	"hugetlbfs",
	NULL,
};

static const char *const layer_options[] = {
	"lowerdir=",
	"lowerdir+=",
	"datadir+=",
	"upperdir=",
	"workdir=",
	NULL,
};

bool mount_is_bind(const struct doc *mount)
{
	return around_option(mount, mount_bind_options) || bytes_is(around_string(mount, "type"), "bind");
}

bool mount_is_writable(const struct doc *mount)
{
	return !around_option(mount, read_only_options);
}

const struct doc *brought_mount(const struct doc *word)
{
	return word->parent->type == DOC_ARRAY ? word->parent->parent : word->parent;
}

bool bind_brought(const struct doc *mount, const struct facts *f, struct brought *ret)
{
	const struct doc *source = doc_get(mount, "source");
	if (!mount_is_bind(mount) || !source || source->type != DOC_STRING || source->string.len == 0)
		return false;
	const struct doc *answer = doc_get(around_place(f, mount), "source");
	const struct bytes resolved = around_string(answer, "path");
	*ret = (struct brought){
		.at = source,
		.path = resolved.len > 0 ? resolved : source->string,
		.found = answer,
		.clean = resolved.len > 0 || !path_climbs(source->string),
	};
	return true;
}

/* How many bytes of an option stand before its layers; 0 when it has none. */
static size_t layers_at(const struct doc *option)
{
	if (option->type != DOC_STRING || option->string.len == 0)
		return 0;
	for (const char *const *w = layer_options; *w; w++)
		if (**w == option->string.data[0] && bytes_start(option->string, *w))
			return strlen(*w);
	return 0;
}

static bool layer_brought(struct bringing *b, struct brought *ret)
{
	const size_t start = layers_at(b->from);
	const struct bytes all = start > 0 ? b->from->string : (struct bytes){ 0 };
	if (b->at < start)
		b->at = start;
	while (b->at < all.len && all.data[b->at] == ':')
		b->at++;
	if (b->at >= all.len)
		return false;
	const size_t from = b->at;
	while (b->at < all.len && all.data[b->at] != ':')
		b->at++;
	const struct bytes path = { all.data + from, b->at - from };
	*ret = (struct brought){ .at = b->from, .path = path, .clean = !path_climbs(path) };
	return true;
}

/* That it is an overlay is asked only once an option has layers: there may be very many of them. */
bool next_brought(struct bringing *b, const struct facts *f, struct brought *ret)
{
	const struct doc *mount = brought_mount(b->from);
	if (b->from->parent->type == DOC_ARRAY)
		return layers_at(b->from) > 0 && bytes_is(around_string(mount, "type"), "overlay") &&
			layer_brought(b, ret);
	if (b->begun)
		return false;
	b->begun = true;
	if (bytes_is(b->from->key, "source"))
		return bind_brought(mount, f, ret);
	*ret = (struct brought){ .at = b->from, .clean = true };
	const struct bytes type = b->from->string;
	return type.len > 0 && !word_among(type, own_types) && !bytes_is(type, "overlay") && !mount_is_bind(mount) &&
		!around_option(mount, mount_change_options);
}

/* A bundle is at least two levels down; what a "/" holds is not the container's own. */
static bool in_bundle(const struct facts *f, struct bytes path)
{
	const struct bytes bundle = around_string(f->context, "bundle");
	size_t at = 0;
	struct bytes part;
	return path_part(bundle, &at, &part) && path_part(bundle, &at, &part) && path_covers(bundle, path);
}

bool brought_path(const struct brought *b, unsigned *at, struct bytes *ret)
{
	const unsigned n = (*at)++;
	const struct doc *e = around_first(b->found, "elsewhere");
	if (n == 0) {
		*ret = b->path;
		return true;
	}
	for (unsigned i = 1; e && i < n; i++)
		e = e->next;
	if (!e || e->type != DOC_STRING)
		return false;
	*ret = e->string;
	return true;
}

static bool managed(const struct facts *f, struct bytes path)
{
	for (const struct doc *e = around_first(f->context, "managed"); e; e = e->next)
		if (e->type == DOC_STRING && glob_match(e->string, path))
			return true;
	return false;
}

static bool ends(struct bytes b, const char *with)
{
	const size_t n = strlen(with);
	return b.len >= n && memcmp(b.data + b.len - n, with, n) == 0;
}

/*
 * Whether the engine's own directory, by this pattern, shows what was mounted on it, and that is none of the engine's:
 * anybody who may make a volume may have any path mounted there, or a disk or a share. A kubelet's volumes are an
 * administrator's.
 */
static bool lent(const struct facts *f, const struct brought *b, struct bytes pattern)
{
	const struct doc *elsewhere = around_first(b->found, "elsewhere");
	if (!glob_match(pattern, around_string(b->found, "mountPoint")) || ends(pattern, "/volumes/*~*/**"))
		return false;
	for (const struct doc *e = elsewhere; e; e = e->next)
		if (e->type == DOC_STRING && managed(f, e->string))
			return false;
	const struct bytes type = around_string(b->found, "filesystem");
	return elsewhere || (ends(pattern, "/_data/**") && type.len > 0 && !word_among(type, own_types));
}

enum known brought_by_engine(const struct facts *f, const struct brought *b)
{
	if (b->path.len == 0 || !b->clean)
		return KNOWN_NO;
	/* A relative path counts from the bundle. */
	if (b->path.data[0] != '/' || in_bundle(f, b->path))
		return KNOWN_YES;
	for (const struct doc *e = around_first(f->context, "managed"); e; e = e->next)
		if (e->type == DOC_STRING && glob_match(e->string, b->path) && !lent(f, b, e->string))
			return KNOWN_YES;
	return f->context ? KNOWN_NO : UNKNOWN;
}

bool brought_for_rootless(const struct facts *f, const struct doc *mount, const struct brought *b)
{
	const struct doc *initial = around_host(f, "self.initialUserNamespace");
	return initial && initial->type == DOC_BOOL && !initial->boolean && bytes_is(b->path, "/sys") &&
		path_order(around_string(mount, "destination"), BYTES("/sys")) == 0;
}

void brought_write(const struct doc *at, const struct facts *f, struct text *to)
{
	const struct doc *answer = doc_get(around_place(f, brought_mount(at)), "source");
	const struct doc *elsewhere = around_first(answer, "elsewhere");
	const struct bytes path = elsewhere ? elsewhere->string : around_string(answer, "path");
	const bool network = doc_true(answer, "network");
	if (bytes_is(at->key, "type")) {
		text_add(to, "a file system of this type is the host's, and ");
	} else if (!bytes_is(at->key, "source")) {
		text_add(to, "its layers are the host's, and ");
	} else if (path.len > 0 && (network || !bytes_equal(path, at->string))) {
		text_add(to, "on this host it is ");
		text_shown(to, path, LIMIT_QUOTE / 2);
		text_add(to, network ? ", on the network or in FUSE, and " : ", and ");
	}
}
