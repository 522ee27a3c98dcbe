/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table says which member of a record becomes which member of the predicate. Strings are handed on as they are in
 * the record, where they were made harmless; what has to be a digest is asked to be one.
 */
#include "ctl/attest/statement.h"

#include "validate/doc/make.h"

enum shape {
	AS_STRING,
	AS_NUMBER,
	AS_DIGEST, /* "sha256:…" */
	AS_HASH,   /* the same without its name, in the trail's links */
	AS_LIST,   /* of strings */
};

static const struct {
	const char *group, *key, *path;
	enum shape shape;
} members[] = {
	{ "decision", "action", "action", AS_STRING },
	{ "decision", "decision", "decision", AS_STRING },
	{ "decision", "mode", "mode", AS_STRING },
	{ "decision", "reason", "reason", AS_STRING },
	{ "decision", "errors", "counts.errors", AS_NUMBER },
	{ "decision", "warnings", "counts.warnings", AS_NUMBER },
	{ "decision", "exemptions", "policy.exempt", AS_LIST },
	{ "policy", "name", "policy.name", AS_STRING },
	{ "policy", "version", "policy.version", AS_STRING },
	{ "policy", "digest", "policy.digest", AS_DIGEST },
	{ "fingerprints", "exact", "config.digest", AS_DIGEST },
	{ "fingerprints", "normal", "fingerprint.normal", AS_DIGEST },
	{ "fingerprints", "posture", "fingerprint.posture", AS_DIGEST },
	{ "container", "id", "container.id", AS_STRING },
	{ "container", "name", "container.name", AS_STRING },
	{ "container", "image", "container.image.name", AS_STRING },
	{ "container", "imageDigest", "container.image.id", AS_STRING },
	{ "container", "engine", "engine.name", AS_STRING },
	{ "container", "trust", "identity_trust", AS_STRING },
	{ "delegate", "path", "runtime.path", AS_STRING },
	{ "delegate", "version", "runtime.version", AS_STRING },
	{ "delegate", "digest", "runtime.digest", AS_DIGEST },
	{ "host", "id", "host.id", AS_STRING },
	{ "host", "name", "host.name", AS_STRING },
	{ "host", "boot", "host.boot_id", AS_STRING },
	{ "host", "kernel", "host.kernel", AS_STRING },
	{ "record", "id", "id", AS_STRING },
	{ "record", "time", "time", AS_STRING },
	{ "record", "event", "event.code", AS_STRING },
	{ "record", "product", "product.version", AS_STRING },
	{ "record", "chain", "chain", AS_STRING },
	{ "record", "seq", "seq", AS_NUMBER },
	{ "record", "prev", "prev", AS_HASH },
	{ "record", "hash", "hash", AS_HASH },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

/* The names that a digest may have in a DigestSet, and how many hexadecimal digits it then has. */
static const struct {
	const char *name;
	size_t digits;
} algorithms[] = { { "sha256", 64 }, { "sha384", 96 }, { "sha512", 128 } };

static bool is_hex(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!memchr("0123456789abcdef", b.data[i], 16))
			return false;
	return b.len > 0;
}

/* Takes "sha256:…" apart. The algorithm's name; NULL where it is none. */
static const char *digest_of(struct bytes b, struct bytes *ret_digits)
{
	const char *colon = b.len ? memchr(b.data, ':', b.len) : NULL;
	const struct bytes name = { b.data, colon ? (size_t)(colon - b.data) : 0 };
	const struct bytes digits = { colon ? colon + 1 : b.data, colon ? b.len - name.len - 1 : b.len };

	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if ((colon ? bytes_is(name, algorithms[i].name) : i == 0) && digits.len == algorithms[i].digits &&
			is_hex(digits)) {
			*ret_digits = digits;
			return algorithms[i].name;
		}
	return NULL;
}

static struct bytes said(const struct statement_of *of, const char *path)
{
	return doc_string(of->record->root, path, (struct bytes){ 0 });
}

/* Adds a subject. False where the value is no digest. */
static bool add_subject(struct arena *a, struct doc *list, struct bytes name, struct bytes digest)
{
	struct bytes digits;
	const char *algorithm = digest_of(digest, &digits);

	if (!algorithm)
		return false;
	struct doc *one = make_object(a, list, NULL);
	(void)make_string(a, one, "name", name);
	(void)make_string(a, make_object(a, one, "digest"), algorithm, digits);
	return true;
}

static void add_list(struct arena *a, struct doc *to, const char *key, const struct doc *d)
{
	struct doc *list = make_array(a, to, key);
	for (const struct doc *e = d->first; e; e = e->next)
		if (e->type == DOC_STRING)
			(void)make_string(a, list, NULL, e->string);
}

static bool fits(const struct doc *d, enum shape shape)
{
	struct bytes digits;

	switch (shape) {
	case AS_STRING:
		return d->type == DOC_STRING && d->string.len > 0;
	case AS_DIGEST:
	case AS_HASH:
		return d->type == DOC_STRING && digest_of(d->string, &digits);
	case AS_NUMBER:
		return d->type == DOC_INT && !d->integer.negative;
	case AS_LIST:
		return d->type == DOC_ARRAY && d->first;
	}
	return false;
}

static void add_member(struct arena *a, struct doc *to, const char *key, const struct doc *d, enum shape shape)
{
	struct bytes digits = { 0 };

	if (shape == AS_NUMBER)
		(void)make_uint(a, to, key, d->integer.magnitude);
	else if (shape == AS_LIST)
		add_list(a, to, key, d);
	else if (shape == AS_DIGEST && digest_of(d->string, &digits))
		(void)make_string(a, to, key, bytes_of(arena_printf(a, "sha256:%.*s", (int)digits.len, digits.data)));
	else
		(void)make_string(a, to, key, d->string);
}

static bool listed(const struct doc *list, struct bytes word)
{
	for (const struct doc *e = list ? list->first : NULL; e; e = e->next)
		if (bytes_equal(e->string, word))
			return true;
	return false;
}

/* The rules that were broken, each once, in the record's order. */
static void add_rules(struct arena *a, struct doc *to, const struct doc *violations)
{
	struct doc *list = make_array(a, to, "rules");

	for (const struct doc *v = violations && violations->type == DOC_ARRAY ? violations->first : NULL; v;
		v = v->next) {
		const struct bytes rule = doc_string(v, "rule", (struct bytes){ 0 });
		if (rule.len > 0 && !listed(list, rule))
			(void)make_string(a, list, NULL, rule);
	}
}

static void add_predicate(struct arena *a, const struct statement_of *of, struct doc *to)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct doc *d = doc_find(of->record->root, members[i].path);
		if (d && fits(d, members[i].shape))
			add_member(a, make_member(a, to, members[i].group), members[i].key, d, members[i].shape);
		if (strcmp(members[i].path, "reason") == 0)
			add_rules(a, make_member(a, to, "decision"), doc_get(of->record->root, "violations"));
	}
	if (!of->host)
		return;
	struct doc *host = make_member(a, to, "host"), *facts;
	(void)make_string(a, host, "factsFrom", bytes_of(of->from));
	facts = make_object(a, host, "facts");
	for (const struct doc *m = of->host->first; m; m = m->next) {
		static const char *const kept[] = { "kernel", "cgroup", "hardware", "tuning", "gpu" };
		for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
			if (!bytes_is(m->key, kept[i]))
				continue;
			else if (i == 1)
				(void)make_copy(a, make_object(a, facts, "cgroup"), "mode", doc_get(m, "mode"));
			else
				(void)make_copy(a, facts, kept[i], m);
	}
}

bool statement_make(struct arena *a, const struct statement_of *of, const struct doc **ret, const char **ret_why)
{
	struct doc *d = make_document(a), *subject;
	const struct bytes image = said(of, "container.image.name");
	const bool exec = bytes_is(said(of, "action"), "exec"), update = bytes_is(said(of, "action"), "update");

	if (said(of, "decision").len == 0) {
		*ret_why = "nothing was decided in it";
		return false;
	}
	(void)make_string(a, d, "_type", BYTES(STATEMENT_TYPE));
	subject = make_array(a, d, "subject");
	if (!add_subject(a, subject,
		    exec             ? BYTES("process.json")
			    : update ? BYTES("resources.json")
				     : BYTES("config.json"),
		    said(of, "config.digest"))) {
		*ret_why = "it has no digest of a document, so that there is nothing that a statement could be about";
		return false;
	}
	(void)add_subject(a, subject, image.len ? image : BYTES("image"), said(of, "container.image.id"));
	(void)make_string(a, d, "predicateType", BYTES(STATEMENT_PREDICATE));
	add_predicate(a, of, make_object(a, d, "predicate"));
	*ret = d;
	*ret_why = "memory is used up";
	return make_whole(d);
}
