/* SPDX-License-Identifier: Apache-2.0 */
/* Both texts, and what they come to. A text that is shown is the one that is hashed, read back. */
#include "validate/fingerprint/fingerprint.h"

#include <errno.h>

#include "validate/fingerprint/posture.h"

#define TEXT(x) #x
#define FORM(x) TEXT(x)

static struct bytes said(const struct text *t)
{
	return (struct bytes){ t->data, t->len };
}

static int write_normal(struct arena *a, const struct fingerprint_of *of, struct text *to)
{
	struct normal n;
	int r = normal_begin(a, of, &n);

	text_add(to, "{\"config\":");
	r = r < 0 ? r : normal_write(&n, to);
	text_add(to, ",\"form\":" FORM(FINGERPRINT_FORM));
	if (of->image.len > 0) {
		text_add(to, ",\"image\":");
		canonical_string(to, of->image);
	}
	text_char(to, '}');
	return r == 0 && to->cut ? -ENOMEM : r;
}

static int write_posture(struct arena *a, const struct fingerprint_of *of, struct text *to)
{
	struct normal n;
	struct posture p = { .arena = a, .normal = &n };
	int r = normal_begin(a, of, &n);

	text_add(to, "{\"confined\":");
	r = r < 0 ? r : posture_write(&p, to);
	text_add(to, ",\"form\":" FORM(FINGERPRINT_FORM) "}");
	return r == 0 && to->cut ? -ENOMEM : r;
}

int fingerprints_make(struct arena *a, const struct fingerprint_of *of, struct fingerprints *ret)
{
	struct text t = text_growing(a);
	struct fingerprints made;
	int r = write_normal(a, of, &t);

	*ret = (struct fingerprints){ .normal = "" };
	if (r < 0)
		return r;
	digest_hex(said(&t), (struct bytes){ 0 }, made.normal);
	t.len = 0;
	r = write_posture(a, of, &t);
	if (r < 0)
		return r;
	digest_hex(said(&t), (struct bytes){ 0 }, made.posture);
	*ret = made;
	return 0;
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
	const int r = write_normal(a, of, &t);

	return r < 0 ? r : read_back(a, &t, "config", ret);
}

int fingerprint_posture_doc(struct arena *a, const struct fingerprint_of *of, const struct doc **ret)
{
	struct text t = text_growing(a);
	const int r = write_posture(a, of, &t);

	return r < 0 ? r : read_back(a, &t, "confined", ret);
}
