/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both texts, and what they come to. A text that is shown is the one that is hashed, read back; one that is hashed only
 * is never there as a whole.
 */
#include "validate/fingerprint/fingerprint.h"

#include <errno.h>

#include "validate/fingerprint/posture.h"

#define ROOM ((size_t)8 << 10) /* of the stack: a usual profile of seccomp, the longest part that is written at once */
#define TEXT(x) #x
#define FORM(x) TEXT(x)

static struct bytes said(const struct text *t)
{
	return (struct bytes){ t->data, t->len };
}

/* digest: all that is wanted of the text, see canonical.h; NULL where it is wanted itself. */
static int write_normal(struct arena *a, const struct fingerprint_of *of, struct text *to, struct digest *digest)
{
	struct normal n;
	int r = normal_begin(a, of, &n);

	text_add(to, "{\"config\":");
	r = r < 0 ? r : normal_write(&n, to, digest);
	text_add(to, ",\"form\":" FORM(FINGERPRINT_FORM));
	if (of->image.len > 0) {
		text_add(to, ",\"image\":");
		canonical_string(to, of->image);
	}
	text_char(to, '}');
	return r == 0 && to->cut ? -ENOMEM : r;
}

static int write_posture(struct arena *a, const struct fingerprint_of *of, struct text *to, struct digest *digest)
{
	struct normal n;
	struct posture p = { .arena = a, .normal = &n, .digest = digest };
	int r = normal_begin(a, of, &n);

	text_add(to, "{\"confined\":");
	r = r < 0 ? r : posture_write(&p, to);
	text_add(to, ",\"form\":" FORM(FINGERPRINT_FORM) "}");
	return r == 0 && to->cut ? -ENOMEM : r;
}

/* Either of them as it is written, of which nothing else is kept: what it took of the arena is given back. */
static int digest_of(struct arena *a, const struct fingerprint_of *of, bool posture, char ret[static DIGEST_HEX])
{
	__attribute__((uninitialized)) char room[ROOM];
	const struct arena_mark mark = arena_mark(a);
	struct text t = text_begun(a, room, sizeof(room));
	struct digest digest = digest_begin();
	const int r = posture ? write_posture(a, of, &t, &digest) : write_normal(a, of, &t, &digest);

	if (r == 0)
		canonical_finish(&t, &digest, ret);
	arena_release(a, &mark);
	return r;
}

int fingerprints_make(struct arena *a, const struct fingerprint_of *of, struct fingerprints *ret)
{
	struct fingerprints made;
	int r = digest_of(a, of, false, made.normal);

	*ret = (struct fingerprints){ .normal = "" };
	r = r < 0 ? r : digest_of(a, of, true, made.posture);
	if (r == 0)
		*ret = made;
	return r;
}

/* The member of what was written. */
static int read_back(struct arena *a, const struct text *t, const char *member, const struct doc **ret)
{
	const struct doc_options options = { .file = "fingerprint", .cause = CAUSE_INTERNAL };
	struct fail ignored = { 0 };
	const struct doc *whole = NULL;
	const int r = doc_parse(a, said(t), &options, &whole, &ignored);

	*ret = doc_get(whole, member);
	return r == -EBADMSG ? -EINVAL : r;
}

int fingerprint_normal_doc(struct arena *a, const struct fingerprint_of *of, const struct doc **ret)
{
	struct text t = text_growing(a);
	const int r = write_normal(a, of, &t, NULL);

	return r < 0 ? r : read_back(a, &t, "config", ret);
}

int fingerprint_posture_doc(struct arena *a, const struct fingerprint_of *of, const struct doc **ret)
{
	struct text t = text_growing(a);
	const int r = write_posture(a, of, &t, NULL);

	return r < 0 ? r : read_back(a, &t, "confined", ret);
}
