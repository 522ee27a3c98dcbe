/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/host/state.h"

#include "validate/base/when.h"
#include "validate/host/read.h"

static const char *string_at(struct arena *a, const struct doc *d, const char *path)
{
	const struct bytes b = path ? doc_string(d, path, (struct bytes){ 0 }) : (struct bytes){ 0 };
	return b.len ? arena_copy(a, b) : NULL;
}

static uint64_t number_at(const struct doc *d, const char *path)
{
	const struct doc *n = path ? doc_find(d, path) : NULL;
	return n && doc_within(n, 0, INT64_MAX) ? n->integer.magnitude : 0;
}

/* runc's own configuration has its bundle as a label, "bundle=/path", behind whatever annotations there are. */
static const char *label_bundle(struct arena *a, const struct doc *root)
{
	const struct doc *labels = doc_find(root, "config.labels");
	const char *ret = NULL;

	for (const struct doc *l = labels && labels->type == DOC_ARRAY ? labels->first : NULL; l; l = l->next)
		if (l->type == DOC_STRING && bytes_start(l->string, "bundle=/"))
			ret = arena_copy(a, (struct bytes){ l->string.data + 7, l->string.len - 7 });
	return ret;
}

/* Where each runtime says what. A document is a runtime's if what has to be there is there. */
static const struct dialect {
	const char *runtime;
	const char *has; /* a member that no other has */
	const char *bundle, *pid, *started, *created;
} dialects[] = {
	{ "runc", "init_process_pid", NULL, "init_process_pid", "init_process_start", "created" },
	{ "crun", "cgroup-path", "bundle", "pid", "process-start-time", "created" },
	{ "crun", "rootfs", "bundle", "pid", "process-start-time", "created" },
	{ "runsc", "bundleDir", "bundleDir", "sandbox.pid", NULL, "createdAt" },
	{ "youki", "ociVersion", "bundle", "pid", NULL, "created" },
};

bool state_tell(struct arena *a, const struct doc *root, struct state *ret)
{
	const struct dialect *d = dialects, *end = dialects + sizeof(dialects) / sizeof(dialects[0]);

	*ret = (struct state){ 0 };
	while (d < end && !doc_get(root, d->has))
		d++;
	if (d == end)
		return false;
	const uint64_t pid = number_at(root, d->pid);
	ret->runtime = d->runtime;
	ret->id = string_at(a, root, "id");
	ret->bundle = d->bundle ? string_at(a, root, d->bundle) : label_bundle(a, root);
	if (ret->bundle && ret->bundle[0] != '/')
		ret->bundle = NULL;
	ret->pid = pid <= INT32_MAX ? (pid_t)pid : 0;
	ret->started = number_at(root, d->started);
	(void)when_read(doc_string(root, d->created, (struct bytes){ 0 }), &ret->created);
	return true;
}

/* Field 22. The second one, a name in parentheses, may hold anything, parentheses too. */
bool state_started(struct bytes stat, uint64_t *ret)
{
	struct bytes word = { 0 };
	size_t end = stat.len;

	while (end > 0 && stat.data[end - 1] != ')')
		end--;
	struct bytes fields = { stat.data + end, stat.len - end };
	for (unsigned i = 3; end > 0 && i <= 22; i++)
		if (!read_word(&fields, &word))
			return false;
	return end > 0 && read_number(word, ret);
}
