/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as a lock file; behind a NUL a second one. What is refused says why; what is accepted is written as what
 * it is read from, a container can be held to it, and what differs is told in one line that no engine and no terminal
 * takes for something of its own.
 */
#include <errno.h>
#include <strings.h>

#include "tests/fuzz/fuzz.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/lock/lock.h"

static const char config[] =
	"{\"ociVersion\":\"1.0.2\",\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"],\"env\":[\"TZ=UTC\",\"TZ=UTC\"],"
	"\"user\":{\"uid\":0,\"gid\":0},\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]}},\"root\":{\"path\":\"rootfs\","
	"\"readonly\":true},\"hostname\":\"lab\",\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":"
	"\"proc\"},{\"destination\":\"/data]x\",\"type\":\"none\",\"source\":\"/srv\",\"options\":[\"rbind\",\"ro\"]}],"
	"\"annotations\":{\"org.example.team\":\"blue\"},\"linux\":{\"namespaces\":[{\"type\":\"pid\"}]}}";

static const char host[] = "{\"kernel\":{\"release\":\"6.1.0\",\"machine\":\"x86_64\"},\"cgroup\":{\"mode\":\"v2\"},"
			   "\"hardware\":{\"cpu\":{"
			   "\"model\":\"m\",\"flags\":[\"a\",\"b\"]},\"smt\":true,\"numaNodes\":1,\"numaCpus\":{\"0\":"
			   "\"0-1\"}},\"tuning\":{"
			   "\"thp\":\"never\",\"aslr\":2},\"gpu\":{\"nvidia\":{\"driver\":\"1\",\"devices\":[{\"pci\":"
			   "\"0\",\"uuid\":\"u\"}]}}}";

static const char delegate[] = "{\"name\":\"runc\",\"version\":\"1.1.5\",\"digest\":"
			       "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}";

static const struct doc *parse(struct arena *a, const char *text)
{
	const struct doc_options options = { .file = "fuzz", .cause = CAUSE_BUNDLE };
	const struct doc *root = NULL;
	must(doc_parse(a, bytes_of(text), &options, &root, NULL) == 0);
	return root;
}

static bool read_one(struct arena *a, const char *data, size_t size, struct lock *ret)
{
	struct fail why = { 0 };
	struct lock none = { 0 };
	/* As file_read gives it: with a NUL behind the text, which is no part of it. */
	char *copy = arena_copy(a, (struct bytes){ data, size });

	*ret = none;
	must(copy);
	const int e = lock_parse(a, (struct bytes){ copy, size }, "it.lock.json", ret, &why);
	must(e <= 0);
	if (e == 0)
		must(ret->root);
	else
		must(why.code == e && why.says[0] && !ret->root && (why.cause == CAUSE_POLICY || e == -ENOMEM));
	return e == 0;
}

static struct text written(struct arena *a, const struct lock *lock)
{
	struct text to = text_growing(a);
	lock_write(lock, &to);
	must(!to.cut);
	return to;
}

/* What differs between the two, and how many are told of. */
static size_t tell(struct arena *a, const struct lock *lock, const struct lock *now, const struct doc *root)
{
	const struct lock_difference *d = NULL;
	size_t count = 0;

	must(lock_differs(a, lock, now, LOCK_ALL, &d) == 0);
	for (; d; d = d->next, count++) {
		struct text says = text_growing(a);
		lock_tell(d, &says);
		must(d->path && d->path[0] && !says.cut && says.len > 0);
		for (size_t i = 0; i < says.len; i++)
			must((unsigned char)says.data[i] >= 0x20 && says.data[i] != 0x7f);
		for (const char *const *word = engine_triggers; *word; word++)
			must(!strcasestr(says.data, *word));
		must(lock_place(a, root, d));
	}
	return count;
}

static void hold(struct arena *a, const struct lock *lock)
{
	const struct doc *root = parse(a, config);
	const struct lock_of of = {
		.config = root,
		.host = parse(a, host),
		.delegate = parse(a, delegate),
		.id = "c1",
		.like = lock,
	};
	const struct text text = written(a, lock);
	struct lock again, now;

	must(read_one(a, text.data, text.len, &again));
	must(strcmp(written(a, &again).data, text.data) == 0);
	must(tell(a, lock, &again, root) == 0);
	must(lock_make(a, &of, &now, NULL) == 0);
	(void)tell(a, lock, &now, root);
	must(tell(a, &now, &now, root) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *nul = size ? memchr(text, '\0', size) : NULL;
	const size_t first = nul ? (size_t)(nul - text) : size;
	struct lock one, other;
	struct arena a;

	if (size > LIMIT_CONF_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA);
	if (read_one(&a, text, first, &one)) {
		hold(&a, &one);
		if (nul && read_one(&a, nul + 1, size - first - 1, &other))
			(void)tell(&a, &one, &other, parse(&a, config));
	}
	arena_done(&a);
	return 0;
}
