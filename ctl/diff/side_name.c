/* SPDX-License-Identifier: Apache-2.0 */
/* How sides and digests are called. */
#include "ctl/diff/side.h"
#include "validate/doc/make.h"

const char *side_kind_name(enum side_kind k)
{
	static const char *const names[SIDE_MAX] = {
		[SIDE_BUNDLE] = "bundle",
		[SIDE_RECORD] = "record",
		[SIDE_LOCK] = "lock file",
		[SIDE_HOST] = "host",
		[SIDE_CONTAINER] = "container",
	};
	return k < SIDE_MAX ? names[k] : "";
}

void side_digest(struct arena *a, struct doc *to, const char *key, struct bytes digest)
{
	if (digest.len == 0)
		return;
	if (bytes_start(digest, "sha256:")) {
		(void)make_string(a, to, key, digest);
		return;
	}
	struct text t = text_growing(a);
	text_add(&t, "sha256:");
	text_bytes(&t, digest);
	(void)make_string(a, to, key, (struct bytes){ t.data, t.len });
}
