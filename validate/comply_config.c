/* SPDX-License-Identifier: Apache-2.0 */
/* The least document that uses a property: an ordinary one, with the members of a sample in the place of its own. */
#include <errno.h>

#include "validate/comply.h"
#include "validate/doc/make.h"

/* What every sample is added to. Nothing in it is above 1.0.2, so that no row speaks of releases but of the sample. */
static const char ordinary[] =
	"{'ociVersion':'1.0.2','root':{'path':'rootfs'},"
	"'process':{'user':{'uid':0,'gid':0},'args':['/bin/true'],'cwd':'/'},"
	"'linux':{'namespaces':[{'type':'pid'},{'type':'network'},{'type':'ipc'},{'type':'uts'},{'type':'mount'}]}}";

static void merge(struct arena *a, struct doc *to, const struct doc *base, const struct doc *patch);

/* One member of the result: an object is merged, anything else is the patch's. */
static void merge_member(struct arena *a, struct doc *to, const struct doc *d, const struct doc *patch)
{
	char key[256];
	struct text name = text_over(key, sizeof(key));

	text_bytes(&name, d->key);
	const struct doc *over = patch ? doc_get(patch, key) : NULL;
	if (over && over->type == DOC_OBJECT && d->type == DOC_OBJECT)
		merge(a, make_object(a, to, key), d, over);
	else
		make_copy(a, to, key, over ? over : d);
}

static void merge(struct arena *a, struct doc *to, const struct doc *base, const struct doc *patch)
{
	for (const struct doc *d = base->first; d; d = d->next)
		merge_member(a, to, d, patch);
	for (const struct doc *d = patch->first; d; d = d->next) {
		char key[256];
		struct text name = text_over(key, sizeof(key));
		text_bytes(&name, d->key);
		if (!doc_get(base, key))
			make_copy(a, to, key, d);
	}
}

/* JSON as it is written in tables, with ' for ", and @ for a word. */
static int parse(struct arena *a, const char *written, const char *word, const struct doc **ret, struct fail *reterr)
{
	static const struct doc_options options = { .file = "sample" };
	struct text text = text_growing(a);

	for (const char *s = written; *s; s++) {
		if (*s == '@' && word)
			text_add(&text, word);
		else
			text_char(&text, (char)(*s == '\'' ? '"' : *s));
	}
	return text.cut ? -ENOMEM : doc_parse(a, (struct bytes){ text.data, text.len }, &options, ret, reterr);
}

static int patched(struct arena *a, const char *base, const char *patch, const char *word, struct bytes *ret,
	struct fail *reterr)
{
	const struct doc *below = NULL, *over = NULL;
	struct doc *all = make_document(a);
	struct text text = text_growing(a);

	int r = parse(a, base, NULL, &below, reterr);
	if (r == 0)
		r = parse(a, patch, word, &over, reterr);
	if (r < 0 || !below || !over)
		return r;
	merge(a, all, below, over);
	doc_write(all, false, &text);
	*ret = (struct bytes){ text.data, text.len };
	return make_whole(all) && !text.cut ? 0 : fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory for a sample");
}

int comply_config(struct arena *a, const struct comply_sample *s, const char *word, struct bytes *ret,
	struct fail *reterr)
{
	return patched(a, ordinary, s->patch, word ? word : s->words ? s->words[0] : NULL, ret, reterr);
}

int comply_patched(struct arena *a, const char *base, const char *patch, struct bytes *ret, struct fail *reterr)
{
	return patched(a, base, patch, NULL, ret, reterr);
}
