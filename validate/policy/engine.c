/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a bundle lies tells whose it is, because only root can lay one there: a user chooses image, name, annotations,
 * mounts and labels of a container, and never the directory that its engine makes for it. So the path decides, with its
 * owners; an annotation can only tell two tools apart that share a place which is root's in any case.
 *
 * Three things that look like proof and are none. Podman keeps an io.container.manager that its user gave (libpod's
 * generateSpec adds its own only where there is none), so "cri-o" there tells nothing: CRI-O is known by its run root
 * and by --root, which Podman never gives. Who may speak to containerd's socket may use any of its namespaces and any
 * annotation, and is root in all but name. And a bundle anywhere else is its maker's, whatever is written in it.
 */
#include "validate/policy/engine.h"

#include <fcntl.h>
#include <limits.h>

#include "validate/base/fd.h"
#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/base/listing.h"
#include "validate/policy/owned.h"

#define TASK "io.containerd.runtime.v*"

/* containerd's CRI writes these after all that it passes through. */
#define CRI "io.kubernetes.cri."
static const struct naming cri_naming = {
	.source = "cri",
	.pod_namespace = CRI "sandbox-namespace",
	.pod_name = CRI "sandbox-name",
	.pod_uid = CRI "sandbox-uid",
	.sandbox = CRI "sandbox-id",
	.container_name = CRI "container-name",
	.container_type = CRI "container-type",
	.image = CRI "image-name",
	.sandbox_image = CRI "podsandbox.image-name",
};

/*
 * CRI-O writes a pod's annotations first, then its own (ImageRef, SandboxID, ContainerType), then the kubelet's labels:
 * these overwrite. What it writes of a sandbox only (io.kubernetes.cri-o.Namespace) a pod may say of its containers.
 */
#define CRIO "io.kubernetes.cri-o."
static const struct naming crio_naming = {
	.source = "cri-o",
	.pod_namespace = "io.kubernetes.pod.namespace",
	.pod_name = "io.kubernetes.pod.name",
	.pod_uid = "io.kubernetes.pod.uid",
	.sandbox = CRIO "SandboxID",
	.container_name = "io.kubernetes.container.name",
	.container_type = CRIO "ContainerType",
	.image = CRIO "ImageName",
	.image_claimed = true,
	.image_id = CRIO "ImageRef",
};

const struct naming *const engine_namings[] = { &cri_naming, &crio_naming, NULL };

/* The first that fits. */
static const struct engine engines[] = {
	{ ENGINE_DOCKER, "docker", .bundle = TASK "/NS/ID", .space = "moby", .root = "runtime-*/moby" },
	{ ENGINE_DOCKER, "docker", .bundle = TASK "/NS/ID", .space = "plugins.moby", .root = "runtime-*/plugins.moby" },
	{ ENGINE_CRI, "containerd-cri", .bundle = TASK "/NS/ID", .space = "k8s.io", .key = CRI "container-type",
		.root = "containerd/runc/k8s.io", .naming = &cri_naming },
	{ ENGINE_NERDCTL, "nerdctl", .bundle = TASK "/NS/ID" },
	{ ENGINE_CONTAINERD, "containerd", .bundle = TASK "/NS/ID", .root = "containerd/runc/NS" },
	{ ENGINE_CRIO, "cri-o", .bundle = "*-containers/ID/userdata", .below = "/run/**", .root_given = true,
		.key = "io.container.manager", .value = "cri-o", .naming = &crio_naming },
	{ ENGINE_PODMAN, "podman", .bundle = "*-containers/ID/userdata" },
	{ ENGINE_BUILDKIT, "buildkit", .bundle = "buildkit/executor/ID" },
	{ ENGINE_BUILDKIT, "buildkit", .bundle = "buildkit/*/executor/ID" },
	{ ENGINE_BUILDAH, "buildah", .bundle = "buildah*" },
};

struct bytes annotation_of(const struct doc *config, const char *key)
{
	const struct doc *d = key ? doc_get(doc_get(config, "annotations"), key) : NULL;

	return d && d->type == DOC_STRING ? d->string : (struct bytes){ 0 };
}

bool is_plain_name(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		const char c = b.data[i];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && c != '_' && c != '-' && c != '.')
			return false;
	}
	return b.len > 0 && b.len <= NAME_MAX && b.data[0] != '.';
}

bool is_random_id(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!memchr("0123456789abcdef", b.data[i], 16))
			return false;
	return b.len == 64;
}

/* Takes the last name off *path. */
static struct bytes last_name(struct bytes *path)
{
	size_t at = path->len;

	while (at > 0 && path->data[at - 1] != '/')
		at--;
	const struct bytes name = { path->data + at, path->len - at };
	path->len = at > 0 ? at - 1 : 0;
	return name;
}

/* Whether `path` ends as `layout` says; then *ret_state is what stands before that, *ret_space what NS stands for. */
static bool lies(const char *layout, struct bytes path, const char *id, struct bytes *ret_state,
	struct bytes *ret_space)
{
	struct bytes left = bytes_of(layout);

	while (left.len > 0) {
		const struct bytes want = last_name(&left), name = last_name(&path);
		if (name.len == 0)
			return false;
		if (bytes_is(want, "NS"))
			*ret_space = name;
		else if (bytes_is(want, "ID") ? !bytes_is(name, id) : !glob_match(want, name))
			return false;
	}
	*ret_state = path;
	return true;
}

static bool annotated(const struct engine *e, const struct doc *config)
{
	const struct bytes found = annotation_of(config, e->key);

	return !e->key || (found.len > 0 && (!e->value || bytes_is(found, e->value)));
}

/* nerdctl has a directory for each of its containers, which nobody else makes. */
static bool kept_by_nerdctl(struct arena *a, const struct calling *c, struct bytes space)
{
	struct owned o;
	cleanup_close int top = owned_open(a, c->host, "/var/lib/nerdctl", &o);
	cleanup_close int again = top < 0 ? -1 : fd_open(top, ".", O_RDONLY | O_DIRECTORY, 0);
	uint64_t room[LISTING_FEW];
	struct listing l = { .fd = again, .room = room, .size = sizeof(room) };
	const char *name = again < 0 ? NULL : listing_next(&l);
	bool found = false;

	for (unsigned looked = 0; name && !found && looked < LIMIT_NERDCTL_STORES; looked++, name = listing_next(&l)) {
		if (name[0] == '.')
			continue;
		const char *path = arena_printf(a, "/var/lib/nerdctl/%s/containers/%.*s/%s", name, (int)space.len,
			space.data, c->id);
		cleanup_close int dir = path ? owned_open(a, c->host, path, &o) : -1;
		found = dir >= 0 && (o.place || c->rootless);
	}
	return found;
}

/* It calls the container of /var/tmp/buildah123 buildah-buildah123. */
static bool called_by_buildah(struct bytes path, const char *id)
{
	const struct bytes name = last_name(&path), whole = bytes_of(id);
	const size_t prefix = strlen("buildah-");

	return bytes_start(whole, "buildah-") &&
		bytes_equal(name, (struct bytes){ whole.data + prefix, whole.len - prefix });
}

static bool is_of(struct arena *a, const struct engine *e, const struct calling *c, struct recognised *r)
{
	const struct bytes path = bytes_of(r->bundle);
	struct bytes state = { 0 }, space = { 0 };

	if (!lies(e->bundle, path, c->id, &state, &space) || (e->space && !bytes_is(space, e->space)))
		return false;
	if (e->below && !c->rootless && !glob_match(bytes_of(e->below), path))
		return false;
	if ((e->root_given && !c->root) || (c->config && !annotated(e, c->config)))
		return false;
	if (e->kind == ENGINE_NERDCTL && !kept_by_nerdctl(a, c, space))
		return false;
	if (e->kind == ENGINE_BUILDAH && !called_by_buildah(path, c->id))
		return false;
	r->space = space;
	r->state = arena_copy(a, state);
	return r->state != NULL;
}

/* Of a call that names no bundle all there is to see is where the delegate keeps its state. */
static void by_root(struct arena *a, const struct calling *c, struct recognised *r)
{
	struct owned o;
	cleanup_close int dir = owned_open(a, c->host, c->root, &o);
	struct bytes state = { 0 };

	if (dir < 0)
		return;
	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]) && !r->engine; i++)
		if (engines[i].root && lies(engines[i].root, bytes_of(o.path), c->id, &state, &r->space))
			r->engine = &engines[i];
	r->place = o.place && o.own && r->engine;
}

struct recognised engine_recognise(struct arena *a, const struct calling *c)
{
	struct recognised r = { 0 };
	struct owned o = { 0 };

	if (!c->id || !is_plain_name(bytes_of(c->id)))
		return r;
	cleanup_close int dir = owned_open(a, c->host, c->bundle, &o);
	if (dir < 0) {
		if (!c->bundle && c->root)
			by_root(a, c, &r);
		return r;
	}
	r.bundle = o.path;
	if (!o.place && !c->rootless)
		return r;
	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]) && !r.engine; i++)
		if (is_of(a, &engines[i], c, &r))
			r.engine = &engines[i];
	r.place = o.place;
	r.own = o.own;
	return r;
}
