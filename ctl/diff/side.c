/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a word names: a directory is a bundle, a file is what is in it, and any other word a record or a container of
 * this machine, where it cannot be both.
 */
#include "ctl/diff/side.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ctl/audit/query.h"
#include "ctl/container.h"
#include "ctl/ctl.h"
#include "ctl/input.h"
#include "validate/base/limits.h"

/* What a document that was read is; SIDE_MAX: none of these. */
static enum side_kind side_kind_of(const struct doc *d)
{
	static const char *const of_config[] = { "ociVersion", "process", "root", "mounts", "linux", "hooks" };
	static const char *const of_host[] = { "kernel", "cgroup", "hardware", "tuning", "self", "cpus", "seccomp",
		"gpu" };

	if (doc_get(d, "salt") || (doc_get(d, "version") && doc_get(d, "fingerprint")))
		return SIDE_LOCK;
	if (doc_get(d, "id") && (doc_get(d, "action") || doc_find(d, "event.code")))
		return SIDE_RECORD;
	for (size_t i = 0; i < sizeof(of_config) / sizeof(of_config[0]); i++)
		if (doc_get(d, of_config[i]))
			return SIDE_BUNDLE;
	for (size_t i = 0; i < sizeof(of_host) / sizeof(of_host[0]); i++)
		if (doc_get(d, of_host[i]))
			return SIDE_HOST;
	return SIDE_MAX;
}

static int of_file(struct side *s, const char *path)
{
	const struct doc_options options = { .file = path, .cause = CAUSE_BUNDLE };
	const struct doc *d = NULL;
	struct fail why = { 0 };
	struct bytes text;

	int r = input_get(&s->again.arena, path, &path, &text);
	if (r < 0)
		return r;
	r = doc_parse(&s->again.arena, text, &options, &d, &why);
	if (r < 0) {
		(void)trouble("%s:%u:%u: %s%s", path, why.place.line, why.place.column, why.says,
			strcmp(why.rule, "json.single-value") == 0 ? "; of several records name one, by its id" : "");
		return r;
	}
	s->kind = side_kind_of(d);
	switch (s->kind) {
	case SIDE_BUNDLE:
		return side_bundle(s, path);
	case SIDE_RECORD:
		return side_record(s, d);
	case SIDE_LOCK:
		return side_lock(s, text, path);
	case SIDE_HOST:
		return side_host(s, text, path);
	case SIDE_CONTAINER:
	case SIDE_MAX:
		break;
	}
	(void)trouble("%s is no config.json, record, lock file or host document", path);
	return -EINVAL;
}

/* A word that is no file: which of the two it can be. */
static int of_name(struct side *s, const char *word)
{
	struct running r;
	const char *why = NULL;
	const bool id = query_is_id(word);
	const int found = container_find(&s->again.arena, word, NULL, &r, &why);

	if (found == -ENOMEM)
		return trouble("no memory"), -ENOMEM;
	if (found == -ENOENT && id)
		return side_record_id(s, word);
	if (found == -ENOENT)
		(void)trouble("%s is no file or directory here, no record's id, and %s", word, why);
	else if (found < 0)
		(void)trouble("%s: %s", word, why);
	return found < 0 ? found : side_container(s, r.id);
}

int side_open(struct side *s, const char *word)
{
	struct stat st;

	*s = (struct side){ .word = word, .kind = SIDE_MAX };
	again_init(&s->again, true);
	if (strncmp(word, "container:", 10) == 0)
		return side_container(s, word + 10);
	if (strncmp(word, "record:", 7) == 0)
		return side_record_id(s, word + 7);
	if (strcmp(word, "-") == 0)
		return of_file(s, word);
	if (stat(word, &st) < 0)
		return strchr(word, '/') ? (trouble("%s cannot be read: %s", word, errno_words(errno)), -errno)
					 : of_name(s, word);
	return S_ISDIR(st.st_mode) ? side_bundle(s, word) : of_file(s, word);
}

void side_close(struct side *s)
{
	again_done(&s->again);
}
