/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of this machine until its next boot: it is used, and only when nobody else could have written it. */
#include "tests/unit/host.h"

#include <time.h>

#include "tests/tap.h"

#define ASKS (ASK(ASK_NAMESPACES) | ASK(ASK_SECCOMP) | ASK(ASK_FILESYSTEMS) | ASK(ASK_CGROUP_FILES))

static char cache[TREE_PATH];

static char *slurp(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "re");
	const size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[n] = '\0';
	if (f)
		fclose(f);
	return n ? text : NULL;
}

static const char *facts(void)
{
	static char path[TREE_PATH * 2];
	snprintf(path, sizeof(path), "%s/facts", cache);
	return path;
}

/* Asks about a document that makes a network namespace and mounts a tmpfs. */
static const struct doc *look(struct arena *a, bool live, int root)
{
	static const char text[] = "{\"mounts\":[{\"destination\":\"/x\",\"type\":\"tmpfs\"}],"
				   "\"linux\":{\"namespaces\":[{\"type\":\"network\"}]}}";
	const struct doc_options options = { .file = "config.json" };
	const struct host h = { .root = root, .live = live, .cache = cache };
	struct asking asking = { .all = ASKS };
	const struct doc *config = NULL, *found = NULL;
	struct fail broken;
	if (doc_parse(a, (struct bytes){ text, sizeof(text) - 1 }, &options, &config, &broken) < 0)
		return NULL;
	const struct host_question q = { .config = config, .below = "", .asking = &asking };
	return host_look(a, &h, &q, &found, &broken) == 0 ? found : NULL;
}

static bool has_quota(bool live, int root)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const bool has = doc_find(look(&a, live, root), "namespaces.network.quota");
	arena_done(&a);
	return has;
}

/* The file again, with one text in the place of another of the same length. */
static void forge(const char *from, const char *to)
{
	char *text = slurp(facts()), *at = text ? strstr(text, from) : NULL;
	if (at)
		memcpy(at, to, strlen(to));
	tree_put(cache, "/facts", text ? text : "");
	(void)chmod(facts(), 0600);
}

static void check_kept(int root)
{
	char boot[64] = "";
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (!f || !fgets(boot, sizeof(boot), f))
		printf("Bail out! no boot id\n");
	if (f)
		fclose(f);
	ok(has_quota(true, root), "at first the quota is read");
	const char *text = slurp(facts());
	struct stat st = { 0 };
	ok(text && strncmp(text, "runvet-facts 1 ", 15) == 0 && strncmp(text + 15, boot, strlen(boot)) == 0,
		"it is kept, and of which boot");
	ok(text && strstr(text, "\nquota network\n") && strstr(text, "\nfilesystems known "), "so are other facts");
	ok(stat(facts(), &st) == 0 && (st.st_mode & 07777) == 0600, "for us alone");
	ok(!has_quota(true, root), "then it is not read again");
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const struct doc *again = look(&a, true, root);
	ok(doc_true(again, "namespaces.network.available"), "but there it is");
	ok(doc_find(again, "seccomp.actions") && doc_find(again, "filesystems.known"), "and so is what was kept");
	arena_done(&a);
}

static void check_belief(int root)
{
	(void)chmod(facts(), 0620);
	ok(has_quota(true, root), "what others may write is not believed");
	(void)unlink(facts());
	ok(has_quota(true, root), "nothing kept, so it is read, and kept again");
	(void)chmod(cache, 0770);
	ok(has_quota(true, root), "nor what is in a directory of others");
	(void)chmod(cache, 0700);
	ok(!has_quota(true, root), "of ours it is");
	forge("runvet-facts 1", "runvet-facts 9");
	ok(has_quota(true, root), "another format is not read");
	forge("\nin 4", "\nin 5");
	ok(has_quota(true, root), "what another user namespace has is not ours");
	(void)unlink(facts());
	(void)mkfifo(facts(), 0600);
	ok(has_quota(true, root), "a fifo in its place holds nobody up");
	(void)unlink(facts());
	ok(symlink("/etc/passwd", facts()) == 0, "a link is there");
	ok(has_quota(true, root), "nor is a link followed");
	(void)unlink(facts());
}

/* The clock is not ours: another boot is played by another id in the file. */
static void check_boot(int root)
{
	ok(has_quota(true, root) && !has_quota(true, root), "it is kept");
	char *text = slurp(facts());
	text[15] = text[15] == '0' ? '1' : '0';
	tree_put(cache, "/facts", text);
	(void)chmod(facts(), 0600);
	ok(has_quota(true, root), "after a boot it is read again");
	(void)unlink(facts());
}

static void check_under_way(int root)
{
	char path[TREE_PATH * 2];
	struct timespec old[2] = { { 0 } };
	snprintf(path, sizeof(path), "%s/facts.new", cache);
	tree_put(cache, "/facts.new", "half of it");
	ok(has_quota(true, root) && access(facts(), F_OK) < 0, "while another process writes, nothing is kept");
	(void)clock_gettime(CLOCK_REALTIME, &old[0]);
	old[0].tv_sec -= 100;
	old[1] = old[0];
	(void)utimensat(AT_FDCWD, path, old, 0);
	ok(has_quota(true, root) && access(path, F_OK) < 0, "what a dead one left is removed");
	ok(has_quota(true, root) && access(facts(), F_OK) == 0, "and the next one keeps it");
	(void)unlink(facts());
}

/* The processor, in a file of its own: what was kept of it is told again, and its microcode is not believed. */
static const struct doc *look_hardware(struct arena *a, int root)
{
	const struct host h = { .root = root, .live = true, .cache = cache };
	struct asking asking = { .all = ASK(ASK_HARDWARE) };
	const struct doc *found = NULL;
	struct fail broken;
	const struct host_question q = { .below = "", .asking = &asking };
	return host_look(a, &h, &q, &found, &broken) == 0 ? found : NULL;
}

static void check_hardware(int root)
{
	char path[TREE_PATH * 2];
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	snprintf(path, sizeof(path), "%s/hardware", cache);
	const struct doc *first = look_hardware(&a, root);
	const struct bytes model = doc_string(first, "hardware.cpu.model", BYTES(""));
	if (!model.len || !doc_find(first, "hardware.cpu.flags")) {
		ok(access(path, F_OK) < 0, "a processor without a name is not kept");
		arena_done(&a);
		return;
	}
	char *text = slurp(path), *at = text ? strstr(text, "\nmodel: ") : NULL;
	ok(at && strncmp(at + 8, model.data, model.len) == 0, "the processor's model is kept");
	ok(access(facts(), F_OK) < 0, "in a file that others need not read");
	if (at)
		at[8] = '#';
	tree_put(cache, "/hardware", text ? text : "");
	(void)chmod(path, 0600);
	const struct bytes again = doc_string(look_hardware(&a, root), "hardware.cpu.model", BYTES(""));
	ok(again.len == model.len && again.data[0] == '#', "and told again without asking every CPU");
	(void)chmod(path, 0622);
	ok(bytes_equal(doc_string(look_hardware(&a, root), "hardware.cpu.model", BYTES("")), model),
		"what others may write is not believed");
	(void)unlink(path);
	arena_done(&a);
}

static void check_tree(void)
{
	char top[TREE_PATH];
	const int root = tree_open(top, "v2");
	tree_put(top, "/proc/sys/kernel/random/boot_id", "not this one\n");
	ok(has_quota(false, root), "a tree tells its quota");
	ok(access(facts(), F_OK) < 0, "and nothing of it is kept");
	(void)close(root);
	tree_remove(top, "");
}

int main(void)
{
	const int root = open("/", O_PATH | O_CLOEXEC);
	snprintf(cache, sizeof(cache), "/tmp/runvet-kept-XXXXXX");
	if (root < 0 || !mkdtemp(cache)) {
		printf("Bail out! no directory\n");
		return 1;
	}
	alarm(60);
	check_kept(root);
	check_belief(root);
	check_boot(root);
	check_under_way(root);
	check_hardware(root);
	check_tree();
	tree_remove(cache, "");
	(void)close(root);
	return tap_done();
}
