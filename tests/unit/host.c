/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts of several kinds, each a small tree in tests/host, and what is found out about them: tests/host/NAME.json,
 * which is a host document in its own right. With an argument, prints the document of that tree.
 */
#include "tests/unit/host.h"

#include "tests/tap.h"

static const char *const names[] = { "v1", "hybrid", "v2", "rootless", "user", "apparmor", "selinux", "lab", "arm" };

struct flat {
	char **lines;
	size_t count;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One line for each value, so that the order of members, and of a list, does not matter. */
static void flatten(struct arena *a, const struct doc *d, const char *path, struct flat *to)
{
	if (!d->first || (d->type != DOC_OBJECT && d->type != DOC_ARRAY)) {
		struct text t = text_growing(a);
		text_printf(&t, "%s = ", path);
		doc_write(d, false, &t);
		to->lines[to->count++] = t.data;
		return;
	}
	for (const struct doc *e = d->first; e; e = e->next) {
		struct text key = text_growing(a);
		text_bytes(&key, d->type == DOC_OBJECT ? e->key : BYTES("[]"));
		flatten(a, e, arena_printf(a, "%s.%s", path, key.data), to);
	}
}

static struct flat sorted(struct arena *a, const struct doc *d)
{
	struct flat f = { .lines = arena_array(a, 4096, sizeof(char *)) };
	if (d)
		flatten(a, d, "", &f);
	qsort(f.lines, f.count, sizeof(char *), by_text);
	return f;
}

static void alike(struct arena *a, const char *name, const struct doc *got, const struct doc *want)
{
	const struct flat g = sorted(a, got), w = sorted(a, want);
	size_t i = 0, j = 0, differences = 0;
	while (i < g.count || j < w.count) {
		const int order = i == g.count ? 1 : j == w.count ? -1 : strcmp(g.lines[i], w.lines[j]);
		if (order)
			printf("# %s %s\n", order < 0 ? "too much:" : "missing:", order < 0 ? g.lines[i] : w.lines[j]);
		differences += order != 0;
		i += order <= 0;
		j += order >= 0;
	}
	ok(g.count > 0 && differences == 0, "%s: what is found is what is there", name);
}

static struct bytes read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "re");
	char *data = arena_alloc(a, 1 << 20);
	const size_t len = f ? fread(data, 1, 1 << 20, f) : 0;
	if (f)
		fclose(f);
	return (struct bytes){ data, len };
}

static void check_tree(const char *name)
{
	char top[TREE_PATH], path[TREE_PATH];
	struct fail broken = { 0 };
	struct arena a;
	const struct doc *want = NULL, *again = NULL;
	arena_init(&a, LIMIT_ARENA);
	const int root = tree_open(top, name);
	const struct doc *got = tree_look(&a, root);
	snprintf(path, sizeof(path), "tests/host/%s.json", name);
	is_int(host_parse(&a, read_file(&a, path), path, &want, &broken), 0, "%s is a host document: %s", path,
		broken.says);
	alike(&a, name, got, want);
	struct text text = text_growing(&a);
	doc_write(got, true, &text);
	is_int(host_parse(&a, (struct bytes){ text.data, text.len }, "made", &again, &broken), 0,
		"%s: what is printed can be read: %s", name, broken.says);
	alike(&a, "read again", again, want);
	const struct host given = { .root = -1, .given = want };
	is_int(host_all(&a, &given, &again, &broken), 0, "a document that is given");
	ok(again == want, "is all that is known");
	(void)close(root);
	tree_remove(top, "");
	arena_done(&a);
}

static int print(const char *name)
{
	char top[TREE_PATH];
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const int root = tree_open(top, name);
	struct text text = text_growing(&a);
	doc_write(tree_look(&a, root), true, &text);
	puts(text.data);
	tree_remove(top, "");
	arena_done(&a);
	return 0;
}

/* This very machine, whatever it is: the document can be read, and the process knows itself. */
static void check_live(void)
{
	const struct host h = { .root = open("/", O_PATH | O_CLOEXEC), .live = true };
	const struct doc *found = NULL, *again = NULL;
	struct fail broken = { 0 };
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	is_int(host_all(&a, &h, &found, &broken), 0, "this machine");
	struct text text = text_growing(&a);
	doc_write(found, true, &text);
	is_int(host_parse(&a, (struct bytes){ text.data, text.len }, "made", &again, &broken), 0,
		"what is printed of it can be read: %s", broken.says);
	const struct doc *euid = doc_find(found, "self.euid"), *nofile = doc_find(found, "self.rlimits.RLIMIT_NOFILE");
	ok(euid && euid->integer.magnitude == geteuid(), "it knows who calls");
	ok(doc_get(nofile, "soft") && doc_get(nofile, "hard"), "and what that may open");
	ok(doc_find(found, "kernel.release"), "and which kernel it is");
	(void)close(h.root);
	arena_done(&a);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return print(argv[1]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_tree(names[i]);
	check_live();
	return tap_done();
}
