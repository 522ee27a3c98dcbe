/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The context, member by member, each with its word of trust. A bundle in a place of the engine's makes its annotations
 * the engine's, if it is one that writes over what a user said; and whoever is not this machine's root can have said
 * anything.
 */
#include "validate/policy/context.h"

#include <errno.h>

#include "validate/doc/make.h"
#include "validate/policy/docker.h"
#include "validate/policy/managed.h"

static const char *const trust_names[] = {
	[TRUST_UNKNOWN] = "",
	[TRUST_CLAIM] = "claim",
	[TRUST_ENGINE] = "engine",
	[TRUST_PLACE] = "place",
	[TRUST_KERNEL] = "kernel",
};

/* A context under construction. */
struct making {
	struct arena *a;
	const struct calling *call;
	unsigned wanted;
	struct recognised from;
	const char *source; /* who has named container, pod or image; NULL: nobody yet */
	bool believed; /* the engine writes over what a user said, and nobody else can have written this document */
	struct doc *to, *trust;
};

const char *trust_name(enum trust t)
{
	return trust_names[(unsigned)t < sizeof(trust_names) / sizeof(trust_names[0]) ? t : TRUST_UNKNOWN];
}

static enum trust trust_of_name(const struct doc *d)
{
	for (unsigned t = TRUST_CLAIM; t <= TRUST_KERNEL; t++)
		if (d && d->type == DOC_STRING && bytes_is(d->string, trust_names[t]))
			return (enum trust)t;
	return TRUST_UNKNOWN;
}

enum trust context_trust(const struct doc *context, const char *path)
{
	const struct doc *words = doc_get(context, "trust");
	char name[64];
	struct text top = text_over(name, sizeof(name));
	const enum trust own = trust_of_name(doc_get(words, path));

	if (own != TRUST_UNKNOWN)
		return own;
	text_bytes(&top, (struct bytes){ path, strcspn(path, ".") });
	return top.cut ? TRUST_UNKNOWN : trust_of_name(doc_get(words, name));
}

/* To whoever is no root of this machine, only the kernel's own word is more than a claim. */
static void trust(struct making *m, const char *member, enum trust t)
{
	if (m->call->rootless && t != TRUST_KERNEL)
		t = TRUST_CLAIM;
	(void)make_string(m->a, m->trust, member, bytes_of(trust_name(t)));
}

static bool put(struct making *m, struct doc *to, const char *key, struct bytes value)
{
	if (value.len > 0)
		(void)make_string(m->a, to, key, value);
	return value.len > 0;
}

/* The first to name it is who is remembered. */
static void named_by(struct making *m, const char *source)
{
	m->source = m->source ? m->source : source;
}

static const struct naming *naming_of(const struct making *m)
{
	const struct engine *e = m->from.engine;

	return m->believed && e ? e->naming : NULL;
}

/* The sandbox that a container is in; a sandbox's own id. */
static struct bytes sandbox_of(const struct making *m, const struct naming *n)
{
	if (bytes_is(annotation_of(m->call->config, n->container_type), "sandbox"))
		return bytes_of(m->call->id);
	return annotation_of(m->call->config, n->sandbox);
}

/* The pod as these annotations name it; false when they name none. */
static bool put_pod(struct making *m, const struct naming *n)
{
	const struct doc *config = m->call->config;
	const struct bytes space = annotation_of(config, n->pod_namespace), name = annotation_of(config, n->pod_name),
			   uid = annotation_of(config, n->pod_uid), sandbox = sandbox_of(m, n);

	if (space.len + name.len + uid.len + annotation_of(config, n->sandbox).len == 0)
		return false;
	struct doc *pod = make_object(m->a, m->to, "pod");
	named_by(m, n->source);
	(void)put(m, pod, "namespace", space);
	(void)put(m, pod, "name", name);
	(void)put(m, pod, "uid", uid);
	(void)put(m, pod, "sandbox", sandbox);
	return true;
}

static void add_pod(struct making *m)
{
	const struct naming *n = naming_of(m);

	if (n && put_pod(m, n))
		trust(m, "pod", TRUST_ENGINE);
	for (size_t i = 0; !n && engine_namings[i]; i++)
		if (put_pod(m, engine_namings[i])) {
			trust(m, "pod", TRUST_CLAIM);
			break;
		}
}

/* "registry/web@sha256:…" tells its digest as well; an id of CRI-O's comes without "sha256:". */
static struct bytes digest_of(struct arena *a, struct bytes reference, struct bytes id)
{
	for (size_t i = 0; i + 8 < reference.len; i++)
		if (bytes_start((struct bytes){ reference.data + i, reference.len - i }, "@sha256:"))
			return (struct bytes){ reference.data + i + 1, reference.len - i - 1 };
	if (bytes_start(reference, "sha256:"))
		return reference;
	if (!is_random_id(id))
		return (struct bytes){ 0 };
	return bytes_of(arena_printf(a, "sha256:%.*s", (int)id.len, id.data));
}

static void put_image(struct making *m, struct bytes reference, struct bytes digest, bool claimed)
{
	struct doc *image = reference.len + digest.len > 0 ? make_object(m->a, m->to, "image") : NULL;

	if (!image)
		return;
	trust(m, "image", TRUST_ENGINE);
	if (put(m, image, "ref", reference) && claimed)
		trust(m, "image.ref", TRUST_CLAIM);
	(void)put(m, image, "digest", digest);
}

static void add_image(struct making *m)
{
	const struct naming *n = naming_of(m);
	const struct doc *config = m->call->config;

	if (!n)
		return;
	const bool sandbox = bytes_is(annotation_of(config, n->container_type), "sandbox");
	const struct bytes reference = annotation_of(config, sandbox && n->sandbox_image ? n->sandbox_image : n->image),
			   id = annotation_of(config, n->image_id);
	const struct bytes digest = digest_of(m->a, n->image_claimed ? id : reference, id);
	if (reference.len + digest.len > 0)
		named_by(m, n->source);
	put_image(m, reference, digest, n->image_claimed);
}

/* Who may run Docker may tag any image as anything, and name a container after another that is gone. */
static void add_docker(struct making *m, struct doc *container)
{
	const struct doc *file = docker_container(m->a, m->call);
	const struct doc *labels = doc_find(file, "Config.Labels");
	struct bytes name = doc_string(file, "Name", (struct bytes){ 0 });

	if (!file)
		return;
	if (m->wanted & CONTEXT_IMAGE) {
		named_by(m, "docker");
		put_image(m, doc_string(file, "Config.Image", (struct bytes){ 0 }),
			digest_of(m->a, doc_string(file, "Image", (struct bytes){ 0 }), (struct bytes){ 0 }), true);
		if (name.len > 0 && name.data[0] == '/')
			name = (struct bytes){ name.data + 1, name.len - 1 };
		if (put(m, container, "name", name))
			trust(m, "container.name", TRUST_CLAIM);
		if (put(m, m->to, "user", doc_string(file, "Config.User", (struct bytes){ 0 })))
			trust(m, "user", TRUST_CLAIM);
	}
	if ((m->wanted & CONTEXT_LABELS) && labels && labels->type == DOC_OBJECT) {
		(void)make_copy(m->a, m->to, "labels", labels);
		trust(m, "labels", TRUST_CLAIM);
	}
}

static void add_container(struct making *m)
{
	const struct calling *c = m->call;
	const struct naming *n = naming_of(m);
	struct doc *container = make_object(m->a, m->to, "container");

	(void)put(m, container, "id", bytes_of(c->id));
	trust(m, "container", m->from.place ? TRUST_ENGINE : TRUST_CLAIM);
	if (n) {
		if (put(m, container, "name", annotation_of(c->config, n->container_name)))
			named_by(m, n->source);
		(void)put(m, container, "type", annotation_of(c->config, n->container_type));
		return;
	}
	if (!m->from.engine)
		return;
	/* A pod's container whose annotations are not to be believed has no type: a sandbox may be allowed more. */
	if (m->from.engine->kind != ENGINE_CRI && m->from.engine->kind != ENGINE_CRIO)
		(void)put(m, container, "type", BYTES("container"));
	if (m->from.engine->kind == ENGINE_NERDCTL &&
		put(m, container, "name", annotation_of(c->config, "nerdctl/name"))) {
		trust(m, "container.name", TRUST_CLAIM);
		named_by(m, "nerdctl");
	}
	if (m->from.engine->kind == ENGINE_DOCKER && (m->wanted & (CONTEXT_IMAGE | CONTEXT_LABELS)))
		add_docker(m, container);
}

/* containerd's CRI says of a sandbox its own id, and of a container another's; who lays this out by hand may not. */
static bool consistent(const struct calling *c, const struct naming *n)
{
	const struct bytes type = annotation_of(c->config, n->container_type),
			   sandbox = annotation_of(c->config, n->sandbox);

	if (bytes_is(type, "sandbox"))
		return sandbox.len == 0 || bytes_is(sandbox, c->id);
	return bytes_is(type, "container") && is_plain_name(sandbox) && !bytes_is(sandbox, c->id);
}

static void add_engine(struct making *m)
{
	const struct recognised *r = &m->from;

	if (!r->engine)
		return;
	(void)make_string(m->a, m->to, "engine", bytes_of(r->engine->name));
	trust(m, "engine", r->place ? TRUST_PLACE : TRUST_CLAIM);
	if (put(m, m->to, "namespace", r->space))
		trust(m, "namespace", r->place ? TRUST_PLACE : TRUST_CLAIM);
}

/* What the call itself says. */
static void add_call(struct making *m)
{
	const struct calling *c = m->call;

	if (put(m, m->to, "verb", bytes_of(c->verb)))
		trust(m, "verb", TRUST_KERNEL);
	(void)make_bool(m->a, m->to, "rootless", c->rootless);
	trust(m, "rootless", TRUST_KERNEL);
	if (put(m, m->to, "bundle", bytes_of(m->from.bundle ? m->from.bundle : c->bundle)))
		trust(m, "bundle", m->from.place ? TRUST_PLACE : TRUST_CLAIM);
	if (put(m, m->to, "root", bytes_of(c->root)))
		trust(m, "root", m->from.place ? TRUST_ENGINE : TRUST_CLAIM);
}

static void add_caller(struct making *m)
{
	const struct calling *c = m->call;
	struct doc *caller = make_object(m->a, m->to, "caller");

	if (c->caller.uid != (uid_t)-1)
		(void)make_uint(m->a, caller, "uid", c->caller.uid);
	(void)put(m, caller, "exe", bytes_of(c->caller.exe));
	(void)put(m, caller, "unit", bytes_of(c->caller.unit));
	if (c->caller.pid > 0)
		(void)make_uint(m->a, caller, "pid", (uint64_t)c->caller.pid);
	trust(m, "caller", TRUST_KERNEL);
}

static void add_managed(struct making *m)
{
	const struct naming *n = naming_of(m);
	struct managed about = { .from = &m->from, .call = m->call };

	if (n) {
		about.sandbox = sandbox_of(m, n);
		about.pod_uid = annotation_of(m->call->config, n->pod_uid);
	}
	managed_add(m->a, &about, make_array(m->a, m->to, "managed"));
	trust(m, "managed", m->from.place ? TRUST_PLACE : TRUST_CLAIM);
}

static void add_annotations(struct making *m)
{
	const struct doc *all = doc_get(m->call->config, "annotations");

	if (!(m->wanted & CONTEXT_ANNOTATIONS) || !all || all->type != DOC_OBJECT)
		return;
	(void)make_copy(m->a, m->to, "annotations", all);
	trust(m, "annotations", TRUST_CLAIM);
}

/* Of a document: all that it tells. */
static void add_described(struct making *m)
{
	add_engine(m);
	add_container(m);
	add_pod(m);
	add_image(m);
	add_annotations(m);
	add_managed(m);
	(void)put(m, m->to, "source", bytes_of(m->source));
}

static const char *const identity_members[] = { "engine", "namespace", "source", "container", "pod", "image" };

/* Of a later verb: what was noted, and with what trust. */
static void add_noted(struct making *m)
{
	const struct doc *noted = m->call->identity, *words = doc_get(noted, "trust");

	for (size_t i = 0; i < sizeof(identity_members) / sizeof(identity_members[0]); i++) {
		const struct doc *d = doc_get(noted, identity_members[i]);
		if (d)
			(void)make_copy(m->a, m->to, identity_members[i], d);
	}
	for (const struct doc *w = words && words->type == DOC_OBJECT ? words->first : NULL; w; w = w->next) {
		const char *member = arena_copy(m->a, w->key);
		if (member)
			trust(m, member, trust_of_name(w));
	}
}

int context_make(struct arena *a, const struct calling *c, unsigned wanted, const struct doc **ret, struct fail *reterr)
{
	struct making m = { .a = a, .call = c, .wanted = wanted, .to = make_document(a), .trust = make_document(a) };

	m.from = engine_recognise(a, c);
	m.believed = m.from.engine && m.from.engine->naming && c->config &&
		(c->rootless || (m.from.place && m.from.own)) && consistent(c, m.from.engine->naming);
	add_call(&m);
	add_caller(&m);
	if (c->config || !c->identity)
		add_described(&m);
	else
		add_noted(&m);
	if (c->exec) {
		(void)make_copy(a, m.to, "exec", c->exec);
		trust(&m, "exec", TRUST_ENGINE);
	}
	if (c->posture) {
		(void)make_copy(a, m.to, "posture", c->posture);
		trust(&m, "posture", TRUST_PLACE);
	}
	(void)make_copy(a, m.to, "trust", m.trust);
	if (!m.to || !m.trust || !make_whole(m.to) || !make_whole(m.trust))
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "memory is used up");
	*ret = m.to;
	return 0;
}

const struct doc *context_identity(struct arena *a, const struct doc *context)
{
	struct doc *d = make_document(a), *words = make_object(a, d, "trust");

	for (size_t i = 0; i < sizeof(identity_members) / sizeof(identity_members[0]); i++) {
		const char *member = identity_members[i];
		const struct doc *value = doc_get(context, member), *all = doc_get(context, "trust");
		const size_t n = strlen(member);
		if (!value)
			continue;
		(void)make_copy(a, d, member, value);
		for (const struct doc *w = all ? all->first : NULL; w; w = w->next)
			if (bytes_start(w->key, member) && (w->key.len == n || w->key.data[n] == '.'))
				(void)make_copy(a, words, arena_copy(a, w->key), w);
	}
	return d && make_whole(d) ? d : NULL;
}
