/* SPDX-License-Identifier: Apache-2.0 */
/* The fields below linux that are more than a list or a number. */
#include <errno.h>

#include "validate/fingerprint/posture.h"

static bool is_list(const struct doc *d)
{
	return d && d->type == DOC_ARRAY && d->first;
}

/* Paths by which a container is given the machine's own: process 1's, and Docker's name for it. */
static bool is_hosts(struct bytes path)
{
	return bytes_start(path, "/proc/1/ns/") || bytes_is(path, "/run/docker/netns/default") ||
		bytes_is(path, "/var/run/docker/netns/default");
}

int posture_namespaces(struct posture *p, const struct doc *d, struct text *to)
{
	static const char *const types[] = { "cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts" };

	(void)p;
	text_char(to, '{');
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const char *is = "host";
		for (const struct doc *e = is_list(d) ? d->first : NULL; e; e = e->next) {
			const struct bytes path = doc_string(e, "path", BYTES(""));
			if (bytes_is(doc_string(e, "type", BYTES("")), types[i]))
				is = path.len == 0 ? "new" : is_hosts(path) ? "host" : "joined";
		}
		posture_member(to, types[i]);
		canonical_string(to, bytes_of(is));
	}
	text_char(to, '}');
	return 1;
}

static int by_container_id(const struct doc *a, const struct doc *b)
{
	const struct doc *x = doc_get(a, "containerID"), *y = doc_get(b, "containerID");
	const uint64_t one = x && x->type == DOC_INT ? x->integer.magnitude : 0,
		       other = y && y->type == DOC_INT ? y->integer.magnitude : 0;

	return one == other ? 0 : one < other ? -1 : 1;
}

int posture_mappings(struct posture *p, const struct doc *d, struct text *to)
{
	static const char *const ids[] = { "containerID", "hostID", "size" };
	const struct doc **items = is_list(d) ? normal_sorted(p->arena, d, by_container_id) : NULL;
	int r = 0;

	if (!items)
		return is_list(d) ? -ENOMEM : 0;
	text_char(to, '[');
	for (size_t i = 0; items[i]; i++) {
		text_add(to, i > 0 ? ",{" : "{");
		for (size_t k = 0; k < 3 && r == 0; k++) {
			const struct doc *id = doc_get(items[i], ids[k]);
			posture_member(to, ids[k]);
			if (k == 1 && normal_assigned(id))
				text_add(to, "\"<assigned>\"");
			else if (id)
				r = canonical_write(id, to);
			else
				text_char(to, '0');
		}
		text_char(to, '}');
	}
	text_char(to, ']');
	return r < 0 ? r : 1;
}

static int put_number(const struct doc *rule, const char *name, struct text *to)
{
	const struct doc *d = doc_get(rule, name);

	/* Nothing and -1 both mean any. */
	if (!d || (d->type == DOC_INT && d->integer.negative))
		return 0;
	posture_member(to, name);
	return canonical_write(d, to);
}

int posture_device_rules(struct posture *p, const struct doc *d, struct text *to)
{
	int r = 0;

	(void)p;
	if (!is_list(d))
		return 0;
	text_char(to, '[');
	for (const struct doc *e = d->first; e && r == 0; e = e->next) {
		const struct bytes access = doc_string(e, "access", BYTES("")),
				   type = doc_string(e, "type", BYTES("a"));
		text_add(to, e == d->first ? "{\"access\":\"" : ",{\"access\":\"");
		for (const char *letter = "mrw"; *letter; letter++)
			if (access.len && memchr(access.data, *letter, access.len))
				text_char(to, *letter);
		text_add(to, doc_true(e, "allow") ? "\",\"allow\":true" : "\",\"allow\":false");
		r = put_number(e, "major", to);
		r = r < 0 ? r : put_number(e, "minor", to);
		posture_member(to, "type");
		canonical_string(to, type.len ? type : BYTES("a"));
		text_char(to, '}');
	}
	text_char(to, ']');
	return r < 0 ? r : 1;
}
