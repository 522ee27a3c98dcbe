/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kept or asked, it is the same document. Every create comes through here, so the usual way is one small file that is
 * read and given as it stands; the tree is made anew only when runtimes.d speaks of the delegate in other words than
 * it did when the delegate was asked.
 */
#include "validate/host/delegate.h"

#include <errno.h>

#include "validate/base/ours.h"
#include "validate/doc/make.h"
#include "validate/host/delegate_parts.h"

static void add_word(struct arena *a, struct doc *to, const char *key, struct bytes word)
{
	if (word.len)
		(void)make_string(a, to, key, word);
}

/* What is known without asking. */
static struct doc *begin(struct arena *a, const struct delegate_want *want)
{
	struct doc *d = make_document(a);

	add_word(a, d, "name", bytes_of(want->name));
	add_word(a, d, "dialect", bytes_of(want->dialect));
	add_word(a, d, "path", bytes_of(want->path));
	struct doc *quirks = make_array(a, d, "quirks");
	for (const char *const *q = want->quirks; q && *q; q++)
		(void)make_string(a, quirks, NULL, bytes_of(*q));
	return d;
}

static bool same_quirks(const struct doc *array, const char *const *quirks)
{
	const struct doc *d = array ? array->first : NULL;

	for (; quirks && *quirks && d && d->type == DOC_STRING && bytes_is(d->string, *quirks); quirks++)
		d = d->next;
	return array && !d && !(quirks && *quirks);
}

/* Whether what was kept calls the delegate what it is called now. */
static bool same_words(const struct doc *kept, const struct delegate_want *want)
{
	return bytes_is(doc_string(kept, "name", BYTES("")), want->name) &&
		bytes_is(doc_string(kept, "dialect", BYTES("")), want->dialect) &&
		same_quirks(doc_get(kept, "quirks"), want->quirks);
}

static int finish(struct doc *d, const struct doc **ret, struct fail *reterr)
{
	if (!d || !make_whole(d))
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory for what the delegate can");
	*ret = d;
	return 0;
}

static void unknown(struct fail *reterr, const char *why)
{
	(void)fail(reterr, -ENODATA, CAUSE_INTERNAL, "", "%s", why);
}

/* 0 with the document that was kept, in the words of today. */
static int give_kept(struct arena *a, const struct delegate_want *want, const struct doc *kept, const struct doc **ret,
	struct fail *reterr)
{
	static const char *const learned[] = { "digest", "version", "spec", "features", "asked" };

	if (!doc_get(kept, "features")) {
		const struct bytes lacks = doc_string(kept, "asked.lacks", BYTES("it gave none when it was asked"));
		(void)fail(reterr, -ENODATA, CAUSE_INTERNAL, "", "%.*s", (int)lacks.len, lacks.data);
	}
	if (same_words(kept, want)) {
		*ret = kept;
		return 0;
	}
	struct doc *d = begin(a, want);
	for (size_t i = 0; i < sizeof(learned) / sizeof(learned[0]); i++)
		if (doc_get(kept, learned[i]))
			(void)make_copy(a, d, learned[i], doc_get(kept, learned[i]));
	return finish(d, ret, reterr);
}

static int ask(struct arena *a, const struct delegate_want *want, int dir, const struct doc **ret, struct fail *reterr)
{
	struct delegate_answer answer;
	struct doc *d = begin(a, want);

	const int r = delegate_ask(a, want, &answer);
	if (r == -ENOMEM)
		return fail(reterr, r, CAUSE_INTERNAL, "", "no memory for what the delegate can");
	if (r < 0) {
		unknown(reterr,
			r == -ESTALE ? "the delegate changed while it was asked" : "the delegate cannot be asked");
		return finish(d, ret, reterr);
	}
	add_word(a, d, "digest", bytes_of(answer.digest));
	add_word(a, d, "version", answer.version);
	add_word(a, d, "spec", answer.spec);
	if (answer.features)
		(void)make_copy(a, d, "features", answer.features);
	else
		unknown(reterr, answer.lacks);
	delegate_cache_mark(a, d, want, &answer);
	const int done = finish(d, ret, reterr);
	if (done == 0 && dir >= 0)
		delegate_cache_write(a, dir, want->path, d);
	return done;
}

/* Asks under the lock, once it is sure that nobody else has done so meanwhile. */
static int ask_once(struct arena *a, const struct delegate_want *want, int dir, struct delegate_kept *kept,
	const struct doc **ret, struct fail *reterr)
{
	cleanup_close int lock = delegate_cache_lock(dir, want->path);

	if (lock < 0) {
		unknown(reterr,
			lock == -EWOULDBLOCK ? "another process is asking the delegate just now"
					     : "what the delegate says could not be kept");
		return kept->document ? give_kept(a, want, kept->document, ret, NULL)
				      : finish(begin(a, want), ret, reterr);
	}
	const int r = delegate_cache_read(a, dir, want, kept);
	if (r < 0)
		return fail(reterr, r, CAUSE_INTERNAL, "", "no memory for what the delegate can");
	if (kept->document && !kept->stale)
		return give_kept(a, want, kept->document, ret, reterr);
	kept->document = NULL;
	return ask(a, want, dir, ret, reterr);
}

int delegate_look(struct arena *a, const struct delegate_want *want, const struct doc **ret, bool *ret_kept,
	struct fail *reterr)
{
	const bool named = want->path[0] == '/' && want->identity.inode != 0;
	const int dir = named && want->cache ? dir_kept(want->cache, NULL, false) : -ENOENT;
	struct delegate_kept kept = { 0 };
	int r = dir < 0 ? 0 : delegate_cache_read(a, dir, want, &kept);

	if (r < 0) {
		r = fail(reterr, r, CAUSE_INTERNAL, "", "no memory for what the delegate can");
	} else if (kept.document && (!kept.stale || !want->ask)) {
		r = give_kept(a, want, kept.document, ret, reterr);
	} else if (named && want->ask && dir >= 0) {
		r = ask_once(a, want, dir, &kept, ret, reterr);
	} else if (named && want->ask && !want->cache) {
		r = ask(a, want, -1, ret, reterr);
	} else {
		unknown(reterr, "the delegate was not asked");
		r = finish(begin(a, want), ret, reterr);
	}
	if (ret_kept)
		*ret_kept = kept.document != NULL;
	return r;
}
