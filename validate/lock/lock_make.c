/* SPDX-License-Identifier: Apache-2.0 */
/* A lock, made of what is there. Whatever is not known is left out, and then nobody is held to it. */
#include <errno.h>
#include <sys/random.h>

#include "validate/base/digest.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"
#include "validate/fingerprint/fingerprint.h"
#include "validate/lock/lock_parts.h"
#include "validate/lock/started.h"

/* What ASK_LOCKED asks for. */
static const char *const lock_host_members[] = { "cgroup.mode", "hardware", "tuning", "gpu", NULL };

struct making {
	struct arena *arena;
	const struct lock_of *of;
	struct doc *to;
	char salt[SALT_DIGITS + 1];
	struct fail *reterr;
};

static int no_memory(const struct making *m)
{
	return fail(m->reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory for a lock");
}

static int make_salt(struct making *m)
{
	unsigned char random[SALT_DIGITS / 2];

	const struct bytes given = m->of->like ? doc_string(m->of->like->root, "salt", (struct bytes){ 0 })
					       : (struct bytes){ 0 };
	if (given.len == SALT_DIGITS) {
		memcpy(m->salt, given.data, SALT_DIGITS);
		return 0;
	}
	if (getrandom(random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
		return fail(m->reterr, -EAGAIN, CAUSE_INTERNAL, "", "the kernel has no random numbers yet for a lock");
	struct text to = text_over(m->salt, sizeof(m->salt));
	for (size_t i = 0; i < sizeof(random); i++)
		text_printf(&to, "%02x", random[i]);
	return 0;
}

static void add_head(struct making *m)
{
	char when[WHEN_SIZE];

	(void)make_uint(m->arena, m->to, "version", LOCK_VERSION);
	if (m->of->made.tv_sec) {
		when_write(m->of->made, false, when);
		(void)make_string(m->arena, m->to, "made", bytes_of(when));
	}
	if (m->of->by)
		(void)make_string(m->arena, m->to, "by", bytes_of(m->of->by));
	(void)make_string(m->arena, m->to, "salt", (struct bytes){ m->salt, SALT_DIGITS });
}

static void add_digest(struct making *m, struct doc *to, const char *key, struct bytes digits)
{
	const struct bytes bare = bytes_start(digits, "sha256:") ? (struct bytes){ digits.data + 7, digits.len - 7 }
								 : digits;
	if (bare.len == DIGEST_HEX - 1)
		(void)make_string(m->arena, to, key,
			bytes_of(arena_printf(m->arena, "sha256:%.*s", (int)bare.len, bare.data)));
}

static int add_fingerprints(struct making *m, const struct fingerprint_of *of)
{
	struct fingerprints prints;
	const int r = fingerprints_make(m->arena, of, &prints);

	if (r == -EINVAL)
		return fail(m->reterr, r, CAUSE_BUNDLE, "",
			"it has a number that is no integer, and so no fingerprint to be held to");
	if (r < 0)
		return no_memory(m);
	struct doc *to = make_object(m->arena, m->to, "fingerprint");
	(void)make_uint(m->arena, to, "form", FINGERPRINT_FORM);
	add_digest(m, to, "normal", bytes_of(prints.normal));
	add_digest(m, to, "posture", bytes_of(prints.posture));
	return 0;
}

/* The strings of a document that stand under these names, as an object; none where there are none. */
static void add_words(struct making *m, const char *key, const struct doc *from, const char *const *names)
{
	struct doc *to = NULL;

	for (; *names; names++) {
		const struct bytes word = doc_string(from, *names, (struct bytes){ 0 });
		if (word.len == 0)
			continue;
		to = to ? to : make_object(m->arena, m->to, key);
		(void)make_string(m->arena, to, *names, word);
	}
}

static void add_delegate(struct making *m)
{
	static const char *const words[] = { "name", "version", NULL };
	const struct bytes digest = doc_string(m->of->delegate, "digest", (struct bytes){ 0 });

	add_words(m, "delegate", m->of->delegate, words);
	if (digest.len > 0)
		add_digest(m, make_member(m->arena, m->to, "delegate"), "digest", digest);
}

static void add_host(struct making *m)
{
	static const char *const kernel[] = { "release", "machine", NULL };
	struct doc *to = NULL;

	add_words(m, "kernel", doc_get(m->of->host, "kernel"), kernel);
	for (const char *const *path = lock_host_members; *path; path++) {
		const struct doc *d = doc_find(m->of->host, *path);
		const char *dot = strchr(*path, '.');
		if (!d || (d->type == DOC_OBJECT && !d->first))
			continue;
		to = to ? to : make_object(m->arena, m->to, "host");
		const char *group = dot ? arena_copy(m->arena, (struct bytes){ *path, (size_t)(dot - *path) }) : NULL;
		(void)make_copy(m->arena, group ? make_member(m->arena, to, group) : to, dot ? dot + 1 : *path, d);
	}
}

/* The fields of a document; without a list of them where there are too many. */
static int add_fields(struct making *m, const char *key, const struct doc *d, enum fields_of of)
{
	struct doc *fields = make_document(m->arena);
	const int r = lock_fields(m->arena, d, of, (struct bytes){ m->salt, SALT_DIGITS }, fields);

	if (r == -E2BIG)
		return 0;
	if (r < 0)
		return r == -ENOMEM ? no_memory(m) : fail(m->reterr, r, CAUSE_BUNDLE, "", "it cannot be locked");
	if (!make_whole(fields))
		return no_memory(m);
	(void)make_copy(m->arena, m->to, key, fields);
	return 0;
}

static int add_documents(struct making *m, const struct fingerprint_of *of)
{
	const struct doc *normal = NULL, *posture = NULL;

	if (fingerprint_normal_doc(m->arena, of, &normal) < 0 || fingerprint_posture_doc(m->arena, of, &posture) < 0)
		return no_memory(m);
	const int r = add_fields(m, "document", normal, FIELDS_CONFIG);
	return r < 0 ? r : add_fields(m, "posture", posture, FIELDS_POSTURE);
}

/* What a fingerprint takes for the image: of one that is like another, what that one took. */
static struct bytes image_of(const struct lock_of *of)
{
	const struct doc *like = of->like ? of->like->root : NULL;
	const struct bytes digest = doc_string(like ? like : of->context, "image.digest", (struct bytes){ 0 });

	return digest.len > 0 ? digest : like ? doc_string(like, "image.layers", (struct bytes){ 0 }) : of->image;
}

static void add_image(struct making *m)
{
	static const char *const words[] = { "ref", "digest", NULL };

	add_words(m, "image", doc_get(m->of->context, "image"), words);
	if (bytes_start(m->of->image, LAYERS))
		(void)make_string(m->arena, make_member(m->arena, m->to, "image"), "layers", m->of->image);
}

int lock_make(struct arena *a, const struct lock_of *of, struct lock *ret, struct fail *reterr)
{
	const struct fingerprint_of print = {
		.config = of->config,
		.id = bytes_of(of->id),
		.bundle = bytes_of(of->bundle),
		.host_name = bytes_of(of->host_name),
		.image = image_of(of),
	};
	struct making m = { .arena = a, .of = of, .to = make_document(a), .reterr = reterr };

	int r = make_salt(&m);
	if (r < 0)
		return r;
	add_head(&m);
	r = add_fingerprints(&m, &print);
	if (r < 0)
		return r;
	add_image(&m);
	add_delegate(&m);
	add_host(&m);
	r = add_documents(&m, &print);
	if (r == 0 && !make_whole(m.to))
		r = no_memory(&m);
	if (r == 0)
		*ret = (struct lock){ .root = m.to };
	return r;
}

void lock_write(const struct lock *lock, struct text *to)
{
	doc_write(lock->root, true, to);
	text_char(to, '\n');
}
