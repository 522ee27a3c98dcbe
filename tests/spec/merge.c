/* SPDX-License-Identifier: Apache-2.0 */
/* Merging is done on texts, so that what a patch holds reaches the reader as it is spelt there. */
#include "tests/spec/merge.h"

#include <stdio.h>
#include <sys/stat.h>

struct bytes fixture_read(struct arena *a, const char *top, const char *dir, const char *name)
{
	char path[1024];
	struct stat st;
	snprintf(path, sizeof(path), "%s/%s%s%s", top, dir, *dir ? "/" : "", name);
	FILE *f = fopen(path, "re");
	if (!f)
		return (struct bytes){ 0 };
	char *data = fstat(fileno(f), &st) < 0 ? NULL : arena_alloc(a, (size_t)st.st_size + 1);
	const size_t len = data ? fread(data, 1, (size_t)st.st_size, f) : 0;
	fclose(f);
	return (struct bytes){ data, len };
}

const struct doc *fixture_parse(struct arena *a, struct bytes text, bool comments, struct fail *reterr)
{
	const struct doc_options options = { .comments = comments, .file = "fixture", .cause = CAUSE_BUNDLE };
	const struct doc *root = NULL;
	return doc_parse(a, text, &options, &root, reterr) == 0 ? root : NULL;
}

static const struct doc *named(const struct doc *object, struct bytes key)
{
	for (const struct doc *m = object && object->type == DOC_OBJECT ? object->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, key))
			return m;
	return NULL;
}

/* One side of a merge: a value and the text that it stands in. */
struct side {
	const struct doc *d;
	struct bytes text;
};

static void merge(struct text *to, struct side base, struct side patch);

static void merge_member(struct text *to, bool *first, struct side base, struct side patch, struct bytes key)
{
	if (patch.d && patch.d->type == DOC_NULL)
		return;
	text_add(to, *first ? "" : ",");
	*first = false;
	text_json(to, key);
	text_char(to, ':');
	if (patch.d)
		merge(to, base, patch);
	else
		text_bytes(to, (struct bytes){ base.text.data + base.d->offset, base.d->end - base.d->offset });
}

static void merge(struct text *to, struct side base, struct side patch)
{
	bool first = true;
	if (patch.d->type != DOC_OBJECT) {
		text_bytes(to, (struct bytes){ patch.text.data + patch.d->offset, patch.d->end - patch.d->offset });
		return;
	}
	text_char(to, '{');
	for (const struct doc *m = base.d && base.d->type == DOC_OBJECT ? base.d->first : NULL; m; m = m->next)
		merge_member(to, &first, (struct side){ m, base.text },
			(struct side){ named(patch.d, m->key), patch.text }, m->key);
	for (const struct doc *m = patch.d->first; m; m = m->next)
		if (!named(base.d, m->key))
			merge_member(to, &first, (struct side){ NULL, base.text }, (struct side){ m, patch.text },
				m->key);
	text_char(to, '}');
}

struct bytes fixture_merge(struct arena *a, struct bytes base, struct bytes patch, bool comments)
{
	struct fail why = { 0 };
	const struct doc *changes = fixture_parse(a, patch, comments, &why);
	if (!changes)
		return patch;
	const struct doc *d = base.data ? fixture_parse(a, base, comments, &why) : NULL;
	struct text to = text_growing(a);
	merge(&to, (struct side){ d, base }, (struct side){ changes, patch });
	return (struct bytes){ to.data, to.len };
}
