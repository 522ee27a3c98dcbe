/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what a delegate does before the container runs: which annotations it obeys, where it goes, what it
 * finds in the rootfs, what it moves into the network. There a container is not yet a container.
 */
#include "validate/base/glob.h"
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

/* What delegates obey that list nothing, or nothing yet; a name that ends in a dot or a slash is a prefix. */
static const char *const obeyed[] = {
	"org.criu.config",
	"org.systemd.property.",
	"run.oci.",
	"krun.",
	"module.wasm.image/",
	NULL,
};

/* What engines write themselves, or what does no harm. */
static const char *const harmless[] = {
	"bundle",
	"io.kubernetes.cri.container-type",
	"org.systemd.property.CollectMode",
	"org.systemd.property.KillSignal",
	"org.systemd.property.TimeoutStopUSec",
	NULL,
};

static bool names(struct bytes pattern, struct bytes key)
{
	if (pattern.len == 0)
		return false;
	const char last = pattern.data[pattern.len - 1];
	if (last != '.' && last != '/')
		return bytes_equal(pattern, key);
	return key.len >= pattern.len && memcmp(key.data, pattern.data, pattern.len) == 0;
}

static bool is_obeyed(const struct facts *f, struct bytes key)
{
	const struct doc *features = doc_get(f->delegate, "features");
	for (const struct doc *e = around_first(features, "potentiallyUnsafeConfigAnnotations"); e; e = e->next)
		if (e->type == DOC_STRING && names(e->string, key))
			return true;
	for (const char *const *w = obeyed; *w; w++)
		if (names(bytes_of(*w), key))
			return true;
	return false;
}

static bool holds_annotation(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)ret_at;
	return !is_obeyed(f, d->key) || param_matches(f, r, "allow", harmless, d->key);
}

static void tells_annotation(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	text_add(to, "delegates obey it, and of those the policy allows ");
	param_write(f, r, "allow", harmless, to);
}

const struct predicate change_nothing = {
	.says = "not change what the delegate does",
	.judges = DOC_STRING,
	.of_keys = true,
	.holds = holds_annotation,
	.tells = tells_annotation,
};

/* /proc/PID/fd and the like: what a delegate has open on the host. */
static bool leads_to_open_files(struct bytes path)
{
	static const char *const doors[] = { "fd", "cwd", "root", "task", "map_files", NULL };
	size_t at = 0;
	struct bytes first, second;
	if (!path_part(path, &at, &first) || !path_part(path, &at, &second))
		return false;
	if (bytes_is(first, "dev"))
		return bytes_is(second, "fd");
	return bytes_is(first, "proc") && path_part(path, &at, &second) && word_among(second, doors);
}

static bool holds_inside(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !leads_to_open_files(d->string) && !doc_true(around_place(f, d), "escapes");
}

static void tells_inside(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	text_add(to,
		leads_to_open_files(at->string)
			? "there stand the files that the delegate has open, directories of the host among them"
			: "a link in the rootfs leads out of it");
}

const struct predicate stay_inside = {
	.says = "be a directory of the container's",
	.judges = DOC_STRING,
	.holds = holds_inside,
	.tells = tells_inside,
};

static const char *const mount_points[] = { "dev", "proc", "sys", NULL };

static bool holds_no_links(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *found = around_place(f, d);
	for (const char *const *w = mount_points; *w; w++)
		if (bytes_is(around_string(found, *w), "symlink")) {
			if (doc_get(d, "path"))
				*ret_at = doc_get(d, "path");
			return false;
		}
	return true;
}

static void tells_no_links(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *found = around_place(f, at->type == DOC_STRING ? at->parent : at);
	for (const char *const *w = mount_points; *w; w++)
		if (bytes_is(around_string(found, *w), "symlink")) {
			text_printf(to, "its /%s is a link, and what is mounted there lands where it leads", *w);
			return;
		}
}

const struct predicate have_no_links = {
	.says = "have directories at /dev, /proc and /sys",
	.judges = DOC_OBJECT,
	.holds = holds_no_links,
	.tells = tells_no_links,
};

/* Whether the engine named an image without saying which. What is not known of it is no breach. */
static bool holds_pinned(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)d, (void)ret_at;
	const struct doc *image = doc_get(f->context, "image");
	const struct bytes ref = around_string(image, "ref");
	return ref.len == 0 || around_string(image, "digest").len > 0 || glob_match(BYTES("**@sha256:*"), ref);
}

static void tells_pinned(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "the engine says only ");
	text_shown(to, around_string(doc_get(f->context, "image"), "ref"), GLOB_NAME_MOST / 32);
}

const struct predicate name_its_image = {
	.says = "be of an image that is named by its digest",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_pinned,
	.tells = tells_pinned,
};
