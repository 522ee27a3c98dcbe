/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources of mounts that are the engine's own doing: /etc/hosts, /dev/shm, a pod's volumes. What a control lets pass
 * because of this list must be nothing that a user could have asked for by its path. So a pattern names the container
 * or the sandbox by an id that was drawn by lot after the user had spoken; or the pod by its uid, where every path is
 * the kubelet's; or it lies where only root can put anything.
 */
#include "validate/policy/managed.h"

#include <limits.h>

#include "validate/base/fd.h"
#include "validate/doc/make.h"
#include "validate/policy/owned.h"

enum when { ALWAYS, NETWORK_SHARED, IPC_SHARED };

/*
 * In braces: I the container's id, P the sandbox's, U the pod's uid, N containerd's namespace, S what stands before
 * the engine's part of the bundle, B the bundle, X the directory above it, D Docker's data, K a kubelet's root.
 */
static const struct row {
	enum engine_kind kind;
	const char *glob;
	enum when when;
} rows[] = {
	{ ENGINE_CRI, "**/io.containerd.*/sandboxes/{P}/hostname", ALWAYS },
	{ ENGINE_CRI, "**/io.containerd.*/sandboxes/{P}/hosts", ALWAYS },
	{ ENGINE_CRI, "**/io.containerd.*/sandboxes/{P}/resolv.conf", ALWAYS },
	{ ENGINE_CRI, "**/io.containerd.*/sandboxes/{P}/shm", ALWAYS },
	{ ENGINE_CRI, "**/io.containerd.*/containers/{I}/volumes/**", ALWAYS },
	{ ENGINE_CRI, "**/io.containerd.*/image-volumes/{P}/**", ALWAYS },
	{ ENGINE_CRIO, "**/*-containers/{I}/userdata/**", ALWAYS },
	{ ENGINE_CRIO, "**/*-containers/{P}/userdata/**", ALWAYS },
	{ ENGINE_DOCKER, "**/containers/{I}/hostname", ALWAYS },
	{ ENGINE_DOCKER, "**/containers/{I}/hosts", ALWAYS },
	{ ENGINE_DOCKER, "**/containers/{I}/resolv.conf", ALWAYS },
	{ ENGINE_DOCKER, "**/containers/{I}/mounts/**", ALWAYS },
	{ ENGINE_DOCKER, "**/plugins/{I}/**", ALWAYS },
	{ ENGINE_DOCKER, "{D}/volumes/*/_data/**", ALWAYS },
	{ ENGINE_DOCKER, "{D}/containers/*/hostname", NETWORK_SHARED },
	{ ENGINE_DOCKER, "{D}/containers/*/hosts", NETWORK_SHARED },
	{ ENGINE_DOCKER, "{D}/containers/*/resolv.conf", NETWORK_SHARED },
	{ ENGINE_DOCKER, "{D}/containers/*/mounts/shm", IPC_SHARED },
	{ ENGINE_DOCKER, "/usr/bin/docker-init", ALWAYS },
	{ ENGINE_DOCKER, "/usr/libexec/docker/docker-init", ALWAYS },
	{ ENGINE_DOCKER, "/usr/local/bin/docker-init", ALWAYS },
	{ ENGINE_DOCKER, "/usr/bin/tini", ALWAYS },
	{ ENGINE_DOCKER, "/usr/bin/tini-static", ALWAYS },
	{ ENGINE_PODMAN, "**/*-containers/{I}/userdata/**", ALWAYS },
	{ ENGINE_PODMAN, "{S}/volumes/*/_data/**", ALWAYS },
	{ ENGINE_PODMAN, "{S}/*-containers/*/userdata/hostname", NETWORK_SHARED },
	{ ENGINE_PODMAN, "{S}/*-containers/*/userdata/hosts", NETWORK_SHARED },
	{ ENGINE_PODMAN, "{S}/*-containers/*/userdata/resolv.conf", NETWORK_SHARED },
	{ ENGINE_PODMAN, "{S}/*-containers/*/userdata/shm", IPC_SHARED },
	{ ENGINE_PODMAN, "/run/containers/storage/*-containers/*/userdata/hostname", NETWORK_SHARED },
	{ ENGINE_PODMAN, "/run/containers/storage/*-containers/*/userdata/hosts", NETWORK_SHARED },
	{ ENGINE_PODMAN, "/run/containers/storage/*-containers/*/userdata/resolv.conf", NETWORK_SHARED },
	{ ENGINE_PODMAN, "/run/user/*/containers/*-containers/*/userdata/hostname", NETWORK_SHARED },
	{ ENGINE_PODMAN, "/run/user/*/containers/*-containers/*/userdata/hosts", NETWORK_SHARED },
	{ ENGINE_PODMAN, "/run/user/*/containers/*-containers/*/userdata/resolv.conf", NETWORK_SHARED },
	{ ENGINE_PODMAN, "/usr/libexec/podman/catatonit", ALWAYS },
	{ ENGINE_PODMAN, "/usr/libexec/catatonit/catatonit", ALWAYS },
	{ ENGINE_PODMAN, "/usr/bin/catatonit", ALWAYS },
	{ ENGINE_NERDCTL, "/var/lib/nerdctl/*/containers/{N}/{I}/**", ALWAYS },
	{ ENGINE_NERDCTL, "/var/lib/nerdctl/*/etchosts/{N}/{I}/**", ALWAYS },
	{ ENGINE_NERDCTL, "/var/lib/nerdctl/*/volumes/{N}/*/_data/**", ALWAYS },
	{ ENGINE_BUILDKIT, "{B}/**", ALWAYS },
	{ ENGINE_BUILDKIT, "{X}/resolv*.conf", ALWAYS },
	{ ENGINE_BUILDKIT, "{X}/hosts*", ALWAYS },
	{ ENGINE_BUILDKIT, "{S}/buildkit/*/snapshots/**", ALWAYS },
	{ ENGINE_BUILDKIT, "{S}/overlay2/**", ALWAYS },
	{ ENGINE_BUILDKIT, "/tmp/buildkit-*/**", ALWAYS },
	{ ENGINE_BUILDKIT, "/tmp/.buildkit-*/**", ALWAYS },
	{ ENGINE_BUILDAH, "{B}/**", ALWAYS },
	{ ENGINE_BUILDAH, "/var/tmp/buildah-cache-*/**", ALWAYS },
	{ ENGINE_BUILDAH, "/var/lib/containers/storage/*-containers/*/userdata/buildah-volumes/**", ALWAYS },
};

/* Under every engine that serves a kubelet. */
static const char *const kubelet_rows[] = {
	"{K}/pods/{U}/volumes/*~*/**",
	"{K}/pods/{U}/volume-subpaths/**",
	"{K}/pods/{U}/containers/*/*",
	"{K}/pods/{U}/etc-hosts",
};

/* Of kubeadm, k0s and MicroK8s. */
static const char *const kubelet_roots[] = {
	"/var/lib/kubelet",
	"/var/lib/k0s/kubelet",
	"/var/snap/microk8s/common/var/lib/kubelet",
};

static const char *const docker_layers[] = {
	"overlay2",
	"vfs",
	"rootfs",
	"fuse-overlayfs",
	"btrfs",
	"zfs",
	"devicemapper",
	"aufs",
	"overlay",
	"plugins",
};

const char *docker_root(struct arena *a, const struct doc *config)
{
	const struct bytes path = doc_string(config, "root.path", (struct bytes){ 0 });

	for (size_t at = path.len; at > 1; at--) {
		if (path.data[at - 1] != '/')
			continue;
		const struct bytes rest = { path.data + at, path.len - at };
		for (size_t i = 0; i < sizeof(docker_layers) / sizeof(docker_layers[0]); i++) {
			const size_t n = strlen(docker_layers[i]);
			if (bytes_start(rest, docker_layers[i]) && (rest.len == n || rest.data[n] == '/'))
				return path.data[0] == '/' ? arena_copy(a, (struct bytes){ path.data, at - 1 }) : NULL;
		}
	}
	return NULL;
}

/* Whether a namespace of that type is another process's, which is how engines share one. */
static bool shared(const struct doc *config, const char *type)
{
	const struct doc *list = doc_find(config, "linux.namespaces");

	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (bytes_is(doc_string(e, "type", (struct bytes){ 0 }), type) &&
			bytes_start(doc_string(e, "path", (struct bytes){ 0 }), "/proc/"))
			return true;
	return false;
}

/* What stands in a pattern for the letter; empty when it is not known, or would itself be a pattern. */
struct words {
	struct bytes of[26];
};

static void say(struct words *w, char letter, struct bytes value)
{
	if (value.len > 0 && !memchr(value.data, '*', value.len))
		w->of[letter - 'A'] = value;
}

static struct words words_of(struct arena *a, const struct managed *m)
{
	const struct recognised *r = m->from;
	const struct bytes id = bytes_of(m->call->id), bundle = bytes_of(r->bundle);
	const char *data = r->engine->kind == ENGINE_DOCKER ? docker_root(a, m->call->config) : NULL;
	const char *slash = r->bundle ? strrchr(r->bundle, '/') : NULL;
	struct words w = { 0 };

	if (is_random_id(id))
		say(&w, 'I', id);
	if (is_random_id(m->sandbox))
		say(&w, 'P', m->sandbox);
	if (is_plain_name(m->pod_uid))
		say(&w, 'U', m->pod_uid);
	say(&w, 'N', r->space);
	say(&w, 'S', bytes_of(r->state));
	say(&w, 'B', bundle);
	if (slash)
		say(&w, 'X', (struct bytes){ bundle.data, (size_t)(slash - bundle.data) });
	say(&w, 'D', bytes_of(data ? data : "/var/lib/docker"));
	return w;
}

static void add(struct arena *a, const char *glob, const struct words *w, struct doc *to)
{
	char pattern[PATH_MAX];
	struct text t = text_over(pattern, sizeof(pattern));

	for (const char *c = glob; *c; c++) {
		if (*c != '{') {
			text_char(&t, *c);
			continue;
		}
		const struct bytes value = w->of[c[1] - 'A'];
		if (value.len == 0)
			return;
		text_bytes(&t, value);
		c += 2;
	}
	if (!t.cut)
		(void)make_string(a, to, NULL, (struct bytes){ t.data, t.len });
}

/* The kubelet's directories are looked up, since they are often a link, and sources are compared as resolved. */
static void add_kubelet(struct arena *a, const struct managed *m, struct words *w, struct doc *to)
{
	const char *const *roots = m->call->kubelet ? &m->call->kubelet : kubelet_roots;
	const size_t count = m->call->kubelet ? 1 : sizeof(kubelet_roots) / sizeof(kubelet_roots[0]);

	for (size_t i = 0; i < count; i++) {
		struct owned o;
		cleanup_close int dir = owned_open(a, m->call->host, roots[i], &o);
		if (dir < 0 || !o.own)
			continue;
		say(w, 'K', bytes_of(o.path));
		for (size_t n = 0; n < sizeof(kubelet_rows) / sizeof(kubelet_rows[0]); n++)
			add(a, kubelet_rows[n], w, to);
	}
}

void managed_add(struct arena *a, const struct managed *m, struct doc *to)
{
	const enum engine_kind kind = m->from->engine ? m->from->engine->kind : ENGINE_UNKNOWN;
	const bool holds[] = {
		[ALWAYS] = true,
		[NETWORK_SHARED] = shared(m->call->config, "network"),
		[IPC_SHARED] = shared(m->call->config, "ipc"),
	};
	struct words w;

	if (kind == ENGINE_UNKNOWN)
		return;
	w = words_of(a, m);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].kind == kind && holds[rows[i].when])
			add(a, rows[i].glob, &w, to);
	if (kind == ENGINE_CRI || kind == ENGINE_CRIO)
		add_kubelet(a, m, &w, to);
}
