/* SPDX-License-Identifier: Apache-2.0 */
/* What goes in and out: the image, files of the host, devices. */
#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/rule/control_brought.h"
#include "validate/rule/predicates_det.h"

#define NVIDIA_MAJOR 195

/* "sha256:…" behind the last "@". */
static struct bytes digest_of(struct bytes ref)
{
	for (size_t i = ref.len; i-- > 0;)
		if (ref.data[i] == '@')
			return (struct bytes){ ref.data + i + 1, ref.len - i - 1 };
	return (struct bytes){ 0 };
}

/* The reference without its digest. */
static struct bytes name_of(struct bytes ref)
{
	const struct bytes digest = digest_of(ref);
	return digest.len > 0 ? (struct bytes){ ref.data, ref.len - digest.len - 1 } : ref;
}

/* A pin is a digest, or a name and a digest: then the name has to match as well. */
static bool is_pinned(const struct facts *f, const struct rule *r, struct bytes ref, struct bytes digest)
{
	const struct doc *pins = around_param(f, r, "pin");
	for (const struct doc *e = pins ? pins->first : NULL; e; e = e->next) {
		if (e->type != DOC_STRING)
			continue;
		struct bytes name, wanted;
		control_with_digest(e->string, &name, &wanted);
		if (wanted.len == 0 ? bytes_equal(e->string, digest)
				    : bytes_equal(wanted, digest) && (ref.len == 0 || glob_match(name, name_of(ref))))
			return true;
	}
	return false;
}

void det_image(struct det_faults *x, const struct doc *d)
{
	(void)d;
	const struct doc *image = doc_get(x->facts->context, "image");
	const struct bytes ref = around_string(image, "ref"), known = around_string(image, "digest");
	const struct bytes digest = known.len > 0 ? known : digest_of(ref);
	if (ref.len == 0 && digest.len == 0) {
		if (param_true(x->facts, x->rule, "known", false))
			det_fault(x, NULL, "nobody says which image it is of");
		return;
	}
	if (digest.len == 0)
		det_fault(x, NULL, "the engine names it by a tag, which may lead elsewhere tomorrow");
	else if (param_set(x->facts, x->rule, "pin") && !is_pinned(x->facts, x->rule, ref, digest))
		det_fault(x, NULL, "its digest is none that was pinned");
}

/* What an engine writes for each container and mounts there; volumes are not among it: they remember. */
static const char *const engine_files[] = { "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/dev/shm",
	"/run/.containerenv", "/run/secrets", "/sbin/docker-init", "/dev/init", "/run/podman-init", "/etc/mtab",
	"/proc", "/sys", "/sys/fs/cgroup", "/dev", "/dev/mqueue", NULL };

static bool is_of_the_engine(const struct facts *f, const struct doc *mount, const struct brought *b)
{
	const struct bytes at = around_string(mount, "destination");
	if (brought_for_rootless(f, mount, b) || b->path.len == 0)
		return true;
	for (const char *const *p = engine_files; *p; p++)
		if (path_order(at, bytes_of(*p)) == 0)
			return brought_by_engine(f, b) != KNOWN_NO;
	return false;
}

static bool is_read_only_below(const struct doc *mount, const struct brought *b)
{
	static const char *const recursive[] = { "rro", NULL }, *const rbind[] = { "rbind", NULL };
	const struct doc *below = doc_get(b->found, "submounts");
	return around_option(mount, recursive) || !around_option(mount, rbind) || !below || below->type != DOC_BOOL ||
		!below->boolean;
}

void det_mount(struct det_faults *x, const struct doc *d)
{
	d = d->type == DOC_STRING ? d->parent : d; /* the destination, where a fault of it is told */
	const struct bytes at = around_string(d, "destination");
	struct brought b;
	if (!mount_is_bind(d) || !bind_brought(d, x->facts, &b) || is_of_the_engine(x->facts, d, &b) ||
		param_matches(x->facts, x->rule, "outputs", NULL, at))
		return;
	const struct doc *destination = doc_get(d, "destination");
	if (mount_is_writable(d))
		det_fault(x, destination, "it can be written, and is no declared output");
	else if (!is_read_only_below(d, &b))
		det_fault(x, destination, "file systems below it can be written: rro makes all of it read-only");
	if (param_set(x->facts, x->rule, "inputs") && !param_matches(x->facts, x->rule, "inputs", NULL, at))
		det_fault(x, destination, "it is no declared input");
}

/* Whether a list of names, "0,1" or "all", has all. */
static bool is_all(struct bytes list)
{
	return bytes_is(list, "all");
}

static bool ends(struct bytes b, const char *end)
{
	const size_t n = strlen(end);
	return b.len >= n && memcmp(b.data + b.len - n, end, n) == 0;
}

bool det_has_gpu(const struct doc *root, const struct doc *process)
{
	const struct bytes visible = det_variable(process, BYTES("NVIDIA_VISIBLE_DEVICES"));
	for (const struct doc *e = around_first(doc_get(root, "linux"), "devices"); e; e = e->next)
		if (around_int(e, "major", 0) == NVIDIA_MAJOR)
			return true;
	return visible.len > 0 && !bytes_is(visible, "void") && !bytes_is(visible, "none");
}

static bool is_ordinary(struct bytes path)
{
	static const char *const ordinary[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
		"/dev/tty", "/dev/console", "/dev/ptmx", NULL };
	return word_among(path, ordinary) || bytes_start(path, "/dev/pts/");
}

/* "vendor.com/class=name", several parted by commas. */
static void judge_cdi(struct det_faults *x, const struct doc *annotation)
{
	struct bytes rest = annotation->type == DOC_STRING ? annotation->string : (struct bytes){ 0 };
	while (rest.len > 0) {
		const char *comma = memchr(rest.data, ',', rest.len);
		const size_t n = comma ? (size_t)(comma - rest.data) : rest.len;
		const struct bytes name = { rest.data, n };
		rest = (struct bytes){ rest.data + n + (comma != NULL), rest.len - n - (comma != NULL) };
		if (ends(name, "=all"))
			det_fault(x, annotation, "an annotation asks for all devices of a kind");
		else if (param_set(x->facts, x->rule, "cdi") && !param_matches(x->facts, x->rule, "cdi", NULL, name))
			det_fault(x, annotation, "an annotation asks for a device that was not pinned");
	}
}

static void judge_nodes(struct det_faults *x, const struct doc *root)
{
	const struct doc *exact = around_param(x->facts, x->rule, "exact");
	const struct doc *list = doc_find(root, "linux.devices");
	if (!exact || exact->type != DOC_ARRAY)
		return;
	for (const struct doc *e = around_first(doc_get(root, "linux"), "devices"); e; e = e->next) {
		const struct bytes path = around_string(e, "path");
		if (!is_ordinary(path) && !param_matches(x->facts, x->rule, "exact", NULL, path))
			det_fault(x, e, "it has a device that was not pinned");
	}
	for (const struct doc *p = exact->first; p; p = p->next) {
		bool there = p->type != DOC_STRING;
		for (const struct doc *e = list ? list->first : NULL; e && !there; e = e->next)
			there = glob_match(p->string, around_string(e, "path"));
		if (!there)
			det_fault_named(x, list, p->string, "is missing");
	}
}

void det_devices(struct det_faults *x, const struct doc *d)
{
	const struct doc *process = doc_get(d, "process"), *notes = doc_get(d, "annotations");
	if (is_all(det_variable(process, BYTES("NVIDIA_VISIBLE_DEVICES"))))
		det_fault(x, doc_get(process, "env"), "NVIDIA_VISIBLE_DEVICES is all");
	if (control_all_devices(d))
		det_fault(x, doc_find(d, "linux.resources.devices"), "it may open every device");
	for (const struct doc *m = notes && notes->type == DOC_OBJECT ? notes->first : NULL; m; m = m->next)
		if (bytes_start(m->key, "cdi.k8s.io/"))
			judge_cdi(x, m);
	judge_nodes(x, d);
}
