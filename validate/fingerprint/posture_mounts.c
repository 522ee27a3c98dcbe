/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of a mount: where it is, what it is, what may be done there, whether what is mounted later reaches the host or comes
 * from it; and which part of the host it shows, unless that was made for this container alone.
 */
#include <errno.h>

#include "validate/fingerprint/posture.h"

/* Words that are kept, sorted; another word takes it back. Of those and their opposites the last one counts. */
static const struct flag {
	const char *word, *opposite;
} flags[] = {
	{ "idmap", NULL },
	{ "nodev", "dev" },
	{ "noexec", "exec" },
	{ "nosuid", "suid" },
	{ "nosymfollow", "symfollow" },
	{ "rbind", NULL },
	{ "ridmap", NULL },
	{ "rnodev", "rdev" },
	{ "rnoexec", "rexec" },
	{ "rnosuid", "rsuid" },
	{ "rnosymfollow", "rsymfollow" },
	{ "ro", "rw" },
	{ "rro", "rrw" },
};
#define FLAGS (sizeof(flags) / sizeof(flags[0]))

/* Of proc, what of others can be seen there. */
static const char *const valued[] = { "hidepid=", "subset=" };

static const char *const propagations[] = { "shared", "rshared", "slave", "rslave" };
static const char *const closed[] = { "private", "rprivate", "unbindable", "runbindable" };

struct options {
	bool set[FLAGS], bind;
	struct bytes valued[2];
	const char *propagation; /* NULL: private */
};

static void read_option(struct bytes word, struct options *o)
{
	for (size_t i = 0; i < FLAGS; i++) {
		if (bytes_is(word, flags[i].word))
			o->set[i] = true;
		else if (flags[i].opposite && bytes_is(word, flags[i].opposite))
			o->set[i] = false;
	}
	for (size_t i = 0; i < 2; i++)
		if (bytes_start(word, valued[i]))
			o->valued[i] = word;
	for (size_t i = 0; i < 4; i++) {
		if (bytes_is(word, propagations[i]))
			o->propagation = propagations[i];
		else if (bytes_is(word, closed[i]))
			o->propagation = NULL;
	}
	o->bind |= bytes_is(word, "bind") || bytes_is(word, "rbind");
}

static struct options options_of(const struct doc *mount)
{
	const struct doc *list = doc_get(mount, "options");
	struct options o = { .bind = bytes_is(doc_string(mount, "type", BYTES("")), "bind") };

	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING)
			read_option(e->string, &o);
	return o;
}

static void put_word(struct text *to, struct bytes word)
{
	if (word.len == 0)
		return;
	if (to->data[to->len - 1] != '[')
		text_char(to, ',');
	canonical_string(to, word);
}

static void put_options(const struct options *o, struct text *to)
{
	const size_t before = to->len;

	posture_member(to, "options");
	text_char(to, '[');
	const size_t empty = to->len;
	put_word(to, o->valued[0]);
	for (size_t i = 0; i < FLAGS; i++)
		if (o->set[i])
			put_word(to, bytes_of(flags[i].word));
	put_word(to, o->valued[1]);
	if (to->len == empty)
		to->len = before;
	else
		text_char(to, ']');
}

/* A source is a path of the host's when it is one at all; "proc" and "tmpfs" are only words. */
static void put_source(const struct posture *p, const struct doc *mount, struct text *to)
{
	const struct bytes source = doc_string(mount, "source", BYTES(""));
	const size_t before = to->len;

	if (source.len == 0 || source.data[0] != '/')
		return;
	posture_member(to, "source");
	if (normal_string(p->normal, ZONE_SOURCE, source, to))
		to->len = before;
}

static int put_mappings(struct posture *p, const struct doc *mount, const char *name, struct text *to)
{
	const size_t before = to->len;

	posture_member(to, name);
	const int r = posture_mappings(p, doc_get(mount, name), to);
	if (r == 0)
		to->len = before;
	return r;
}

int posture_mounts(struct posture *p, const struct doc *d, struct text *to)
{
	const bool any = d && d->type == DOC_ARRAY && d->first;
	const struct doc **items = any ? normal_mounts(p->arena, d) : NULL;

	if (!items)
		return any ? -ENOMEM : 0;
	text_char(to, '[');
	for (size_t i = 0; items[i]; i++) {
		const struct options o = options_of(items[i]);
		text_add(to, i > 0 ? ",{" : "{");
		posture_member(to, "destination");
		canonical_string(to, doc_string(items[i], "destination", BYTES("")));
		int r = put_mappings(p, items[i], "gidMappings", to);
		put_options(&o, to);
		if (o.propagation) {
			posture_member(to, "propagation");
			canonical_string(to, bytes_of(o.propagation));
		}
		put_source(p, items[i], to);
		posture_member(to, "type");
		canonical_string(to, o.bind ? BYTES("bind") : doc_string(items[i], "type", BYTES("")));
		r = r < 0 ? r : put_mappings(p, items[i], "uidMappings", to);
		if (r < 0)
			return r;
		text_char(to, '}');
	}
	text_char(to, ']');
	return 1;
}
