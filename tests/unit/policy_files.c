/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies that are refused, each at its place: tests/policy/bad, whose first line says by which rule, where, and in
 * which words. Then the files themselves: policy.d, who may relax, and everything that can be wrong with a file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "validate/base/digest.h"
#include "validate/base/limits.h"
#include "validate/policy/policy_parts.h"

static struct arena arena;
static char dir[] = "/tmp/runvet-policy-XXXXXX";

static struct bytes read_whole(const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "re");
	if (!f || fstat(fileno(f), &st) < 0)
		return (struct bytes){ 0 };
	char *data = arena_alloc(&arena, (size_t)st.st_size + 1);
	const size_t len = fread(data, 1, (size_t)st.st_size, f);
	fclose(f);
	return (struct bytes){ data, len };
}

/* "// RULE LINE:COLUMN WORDS": what is wrong with a fixture. */
static void refused(const char *name)
{
	char path[512], rule[64] = "", words[256] = "";
	unsigned line = 0, column = 0;
	struct policy p;
	struct fail why = { 0 };

	(void)snprintf(path, sizeof(path), "tests/policy/bad/%s", name);
	const struct file f = { .fd = -1, .path = name, .bytes = read_whole(path) };
	ok(f.bytes.len > 0 && sscanf(f.bytes.data, "// %63s %u:%u%255[^\n]", rule, &line, &column, words) >= 3,
		"%s says what is wrong with it", name);
	is_int(policy_parse(&arena, &f, &p, &why),
		strncmp(rule, "json.w", 6) && strncmp(rule, "json.d", 6) ? -EINVAL : -EBADMSG, "%s is refused", name);
	is_text(why.rule, rule, "%s: by its rule: %s", name, why.says);
	ok(why.place.line == line && why.place.column == column, "%s: at %u:%u (%u:%u)", name, why.place.line,
		why.place.column, line, column);
	ok(strstr(why.says, words[0] ? words + 1 : words) != NULL, "%s: in words: %s", name, why.says);
	ok(strcmp(why.file, name) == 0, "%s: by its name: %s", name, why.file);
	is_int(why.cause, CAUSE_POLICY, "%s: as a fault of the policy", name);
	ok(!p.present && p.mode == MODE_ENFORCE && !p.profile && !p.select_count && !p.exempt_count,
		"%s: nothing of it holds", name);
}

static void all_refused(void)
{
	struct dirent **names;
	const int n = scandir("tests/policy/bad", &names, NULL, alphasort);
	ok(n > 50, "there are policies to refuse");
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			refused(names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

/* Every fault of a policy is listed, in order. */
static void all_listed(void)
{
	static const char text[] =
		"{ \"version\": 1,\n\"profiles\": { \"a\": { \"rules\": { \"nmp\": {} } } },\n"
		"\"select\": [{ \"profile\": \"b\", \"when\": { \"engin\": \"docker\" } }],\n"
		"\"custom\": [{ \"id\": \"custom.a\", \"at\": \"rot\", \"op\": \"exists\", \"message\": \"m\" }] }";
	char path[64];
	const struct policy_fault *faults;
	struct policy p;

	(void)snprintf(path, sizeof(path), "%s/policy.json", dir);
	FILE *f = fopen(path, "we");
	ok(f && fputs(text, f) >= 0 && fclose(f) == 0, "a policy with several faults");
	is_int(policy_look(&arena, path, true, &p, &faults), -EINVAL, "is refused");
	size_t count = 0;
	for (const struct policy_fault *x = faults; x; x = x->next)
		count++;
	ok(count >= 2, "with all that can be told at once: %zu", count);
	(void)unlink(path);
}

static void put(const char *name, const char *text)
{
	char path[128];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fchmod(fd, 0644) < 0)
		ok(false, "%s", path);
	(void)close(fd);
}

static void drop(const char *name)
{
	char path[128];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)unlink(path);
}

static int load(struct policy *p, struct fail *why)
{
	char path[64];
	(void)snprintf(path, sizeof(path), "%s/policy.json", dir);
	*why = (struct fail){ 0 };
	return policy_load(&arena, path, p, why);
}

/* What a file of policy.d may say: of each switch and part the tighter side, and the milder one when it is listed. */
static void relaxing(void)
{
	static const char exempt[] =
		"{ \"version\": 1, \"exempt\": [{ \"id\": \"E\", \"rules\": [\"nnp\"], \"match\": { "
		"\"engine\": \"docker\" }, \"reason\": \"r\", \"owner\": \"o\", \"notAfter\": "
		"\"2027-01-31T00:00:00Z\" }] }";
	static const char base[] =
		"\"version\": 1, \"profile\": \"firm\", \"profiles\": { \"firm\": { \"rules\": { \"nnp\": "
		"{ \"mode\": \"warn\" } } } }, \"maxExemptDays\": 90, \"issued\": \"2026-11-22T00:00:00Z\"";
	static const struct {
		const char *first, *later;
		bool relaxes;
	} cases[] = {
		{ "\"mode\": \"audit\"", "{ \"version\": 1, \"mode\": \"enforce\" }", false },
		{ "\"mode\": \"enforce\"", "{ \"version\": 1, \"mode\": \"audit\" }", true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"mode\": \"audit\" }", true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"onError\": { \"bundle\": \"allow\" } }", true },
		{ "\"onError\": { \"bundle\": \"allow\" }", "{ \"version\": 1, \"onError\": { \"bundle\": \"deny\" } }",
			false },
		{ "\"onError\": { \"bundle\": \"allow\" }",
			"{ \"version\": 1, \"onError\": { \"bundle\": \"allow\" } }", false },
		{ "\"x-a\": 0", "{ \"version\": 1, \"unknownVerb\": \"pass\" }", true },
		{ "\"unknownVerb\": \"pass\"", "{ \"version\": 1, \"unknownVerb\": \"deny\" }", false },
		{ "\"x-a\": 0", "{ \"version\": 1, \"start\": { \"drift\": \"audit\" } }", true },
		{ "\"start\": { \"drift\": \"off\" }", "{ \"version\": 1, \"start\": { \"drift\": \"warn\" } }",
			false },
		{ "\"start\": { \"boundary\": \"audit\" }", "{ \"version\": 1, \"start\": { \"boundary\": \"warn\" } }",
			true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"kubelet\": \"/data/kubelet\" }", true },
		{ "\"kubelet\": \"/data/kubelet\"", "{ \"version\": 1, \"kubelet\": \"/data/kubelet\" }", false },
		{ "\"kubelet\": \"/data/kubelet\"", "{ \"version\": 1, \"kubelet\": \"/srv\" }", true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"audit\": { \"journal\": false } }", true },
		{ "\"audit\": { \"journal\": false }", "{ \"version\": 1, \"audit\": { \"journal\": true } }", false },
		{ "\"x-a\": 0", "{ \"version\": 1, \"audit\": { \"ackMs\": 1 } }", true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"audit\": { \"commit\": \"sent\" } }", true },
		{ "\"audit\": { \"commit\": \"sent\" }", "{ \"version\": 1, \"audit\": { \"commit\": \"synced\" } }",
			false },
		{ "\"x-a\": 0", "{ \"version\": 1, \"audit\": { \"fdatasync\": true } }", false },
		{ "\"audit\": { \"fdatasync\": true }", "{ \"version\": 1, \"audit\": { \"fdatasync\": false } }",
			true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"maxExemptDays\": 91 }", true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"maxExemptDays\": 7 }", false },
		{ "\"x-a\": 0", "{ \"version\": 1, \"issued\": \"2026-11-23T00:00:00Z\", \"profiles\": { \"b\": {} } }",
			false },
		{ "\"x-a\": 0", "{ \"version\": 1, \"profile\": \"privileged@1\" }", true },
		{ "\"x-a\": 0",
			"{ \"version\": 1, \"profile\": \"b\", \"profiles\": { \"b\": { \"rules\": { \"nnp\": {} } } } "
			"}",
			false },
		{ "\"x-a\": 0", "{ \"version\": 1, \"select\": [{ \"profile\": \"privileged@1\" }] }", true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"select\": [{ \"profile\": \"firm\" }] }", false },
		{ "\"x-a\": 0", "{ \"version\": 1, \"select\": [{ \"profile\": \"firm\", \"mode\": \"off\" }] }",
			true },
		{ "\"x-a\": 0", "{ \"version\": 1, \"shadow\": [{ \"profile\": \"privileged@1\" }] }", false },
		{ "\"x-a\": 0",
			"{ \"version\": 1, \"custom\": [{ \"id\": \"custom.a\", \"at\": \"root\", \"op\": \"exists\", "
			"\"message\": "
			"\"m\" }] }",
			false },
	};
	struct policy p;
	struct fail why;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char first[512];
		(void)snprintf(first, sizeof(first), "{ %s, %s }", base, cases[i].first);
		put("policy.json", first);
		put("policy.d/10-team.json", cases[i].later);
		const int r = load(&p, &why);
		is_int(r, cases[i].relaxes ? -EINVAL : 0, "%s after %s: %s", cases[i].later, cases[i].first, why.says);
		if (cases[i].relaxes)
			ok(strcmp(why.rule, "policy.relax") == 0 && strstr(why.file, "policy.d/10-team.json") &&
					why.place.line == 1,
				"as a relaxation, with its place: %s at %s:%u", why.rule, why.file, why.place.line);
		(void)snprintf(first, sizeof(first), "{ %s, %s, \"mayRelax\": [\"10-*.json\"] }", base, cases[i].first);
		put("policy.json", first);
		is_int(load(&p, &why), 0, "and is allowed when listed: %s", why.says);
	}
	put("policy.json", "{ \"version\": 1 }");
	put("policy.d/10-team.json", exempt);
	ok(load(&p, &why) == -EINVAL && strcmp(why.rule, "policy.relax") == 0, "an exemption relaxes: %s", why.says);
	put("policy.json", "{ \"version\": 1, \"mayRelax\": [\"10-team.json\"] }");
	ok(load(&p, &why) == 0 && p.exempt_count == 1, "and is taken from a file that may: %s", why.says);
	put("policy.d/10-team.json", "{ \"version\": 1, \"mayRelax\": [\"10-team.json\"] }");
	ok(load(&p, &why) == -EINVAL && strcmp(why.rule, "policy.relax") == 0, "no file allows itself: %s", why.says);
	drop("policy.d/10-team.json");
}

/* In the order of their names, as one policy with one digest. */
static void in_order(void)
{
	char lines[512], sum[DIGEST_HEX];
	struct policy p;
	struct fail why;

	put("policy.json", "{ \"version\": 1, \"mayRelax\": [\"*.json\"], \"mode\": \"audit\" }");
	is_int(load(&p, &why), 0, "policy.json alone");
	char alone[65];
	memcpy(alone, p.digest, sizeof(alone));
	const struct bytes text = BYTES("{ \"version\": 1, \"mayRelax\": [\"*.json\"], \"mode\": \"audit\" }");
	digest_hex(text, (struct bytes){ 0 }, sum);
	is_text(alone, sum, "is known by the digest of its bytes");
	put("policy.d/20-b.json", "{ \"version\": 1, \"audit\": { \"ackMs\": 20 } }");
	put("policy.d/10-a.json",
		"{ \"version\": 1, \"audit\": { \"ackMs\": 10 }, \"issued\": \"2026-01-01T00:00:00Z\" }");
	put("policy.d/30-c.json~", "what an editor left");
	put("policy.d/.30-c.json", "what an editor is about to leave");
	put("policy.d/40.test.json", "{ \"tests\": 7 }");
	ok(load(&p, &why) == 0 && p.file_count == 3, "three files are the policy: %s", why.says);
	is_int(p.ack_ms, 20, "the last one has the last word");
	ok(p.dated && p.issued.tv_sec == 1767225600, "the latest date counts");
	size_t n = 0;
	for (size_t i = 0; i < p.file_count; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n, "%s  %s%s\n", p.files[i].digest,
			i ? "policy.d/" : "", p.files[i].name);
	digest_hex((struct bytes){ lines, n }, (struct bytes){ 0 }, sum);
	is_text(p.digest, sum, "the digest is that of the lines of sha256sum");
	const struct origin o = policy_origin(&p, "audit.ackMs");
	char where[256];
	struct text to = text_over(where, sizeof(where));
	origin_write(&o, &to);
	ok(strstr(where, "policy.d/20-b.json:1:28") != NULL, "and it is known who said it: %s", where);
	put("policy.d/15-x.json", "{ \"version\": 1,\n \"mod\": \"audit\" }");
	ok(load(&p, &why) == -EINVAL && strstr(why.file, "policy.d/15-x.json") && why.place.line == 2,
		"one broken file breaks it all: %s:%u", why.file, why.place.line);
	drop("policy.d/15-x.json");
	drop("policy.json");
	ok(load(&p, &why) == -EINVAL || p.file_count == 2, "policy.d alone is a policy, too: %s", why.says);
	static const char *const left[] = { "20-b.json", "10-a.json", "30-c.json~", ".30-c.json", "40.test.json" };
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		char name[64];
		(void)snprintf(name, sizeof(name), "policy.d/%s", left[i]);
		drop(name);
	}
}

static void is_broken(const char *what, int code)
{
	struct policy p;
	struct fail why;
	const int r = load(&p, &why);
	is_int(r, code, "%s: %s", what, why.says);
	ok(r == 0 || (why.cause == CAUSE_POLICY && why.file[0] && strcmp(why.rule, "policy.file") == 0),
		"%s: a fault of the file %s", what, why.file);
	ok(!p.present && !p.profile, "%s: nothing of it holds", what);
}

/* Everything that can be wrong with a file, of policy.json and of policy.d alike. */
static void unsound(void)
{
	static const char *const names[] = { "policy.json", "policy.d/10-team.json" };
	char path[128], big[64];

	for (size_t i = 0; i < 2; i++) {
		put("policy.json", "{ \"version\": 1 }");
		put(names[i], "{ \"version\": 1 }");
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		ok(chmod(path, 0666) == 0, "%s", names[i]);
		is_broken("one that others may write", -EPERM);
		ok(chmod(path, 0664) == 0, "%s", names[i]);
		is_broken("one that a group may write", -EPERM);
		ok(chmod(path, 0644) == 0 && chown(path, 1, 1) == 0, "%s", names[i]);
		is_broken("another's", -EPERM);
		ok(unlink(path) == 0 && symlink("/etc/hostname", path) == 0, "%s", names[i]);
		is_broken("a symbolic link", -ELOOP);
		ok(unlink(path) == 0 && mkfifo(path, 0644) == 0, "%s", names[i]);
		is_broken("a fifo", -ENOTSUP);
		ok(unlink(path) == 0 && mkdir(path, 0755) == 0, "%s", names[i]);
		is_broken("a directory", -ENOTSUP);
		ok(rmdir(path) == 0, "%s", names[i]);
		put(names[i], "{ \"version\": 1 }");
		ok(truncate(path, (off_t)LIMIT_CONF_BYTES + 1) == 0, "%s", names[i]);
		is_broken("one of more than 1 MiB", -EFBIG);
		drop(names[i]);
	}
	put("policy.json", "{ \"version\": 1 }");
	(void)snprintf(big, sizeof(big), "%s/policy.d", dir);
	ok(chmod(big, 0777) == 0, "policy.d");
	is_broken("a policy.d that others may write", -EPERM);
	ok(chmod(big, 0755) == 0 && chown(big, 1, 1) == 0, "policy.d");
	is_broken("another's policy.d", -EPERM);
	ok(rmdir(big) == 0 && symlink("/etc", big) == 0, "policy.d");
	is_broken("a policy.d that is a symbolic link", -ENOTDIR);
	ok(unlink(big) == 0 && mkdir(big, 0755) == 0, "policy.d");
	for (unsigned i = 0; i <= LIMIT_POLICY_FILES; i++) {
		char name[64];
		(void)snprintf(name, sizeof(name), "policy.d/%03u.json", i);
		put(name, "{ \"version\": 1 }");
	}
	is_broken("a policy.d of too many files", -E2BIG);
	for (unsigned i = 0; i <= LIMIT_POLICY_FILES; i++) {
		char name[64];
		(void)snprintf(name, sizeof(name), "policy.d/%03u.json", i);
		drop(name);
	}
	drop("policy.json");
}

/* A policy at its very limit of size is read, whatever fills it. */
static void largest(void)
{
	char *text = arena_alloc(&arena, LIMIT_CONF_BYTES + 1);
	struct policy p;
	struct fail why;

	memset(text, ' ', LIMIT_CONF_BYTES);
	memcpy(text, "{ \"version\": 1 }", 16);
	put("policy.json", text);
	is_int(load(&p, &why), 0, "1 MiB is read: %s", why.says);
	drop("policy.json");
}

static void without_memory(void)
{
	static const char text[] =
		"{ \"version\": 1, \"profile\": \"a\", \"profiles\": { \"a\": { \"extends\": [\"privileged@1\"], "
		"\"rules\": { "
		"\"caps.allowed\": { \"params\": { \"allow\": [\"CAP_CHOWN\"] } } } } }, \"custom\": [{ \"id\": "
		"\"custom.a\", "
		"\"at\": \"{root,process}\", \"op\": \"exists\", \"message\": \"m\" }], \"exempt\": [{ \"id\": \"E\", "
		"\"rules\": [\"nnp\"], \"match\": { \"engine\": \"docker\" }, \"reason\": \"r\", \"owner\": \"o\", "
		"\"notAfter\": \"2027-01-31T00:00:00Z\" }] }";
	bool told = true;
	size_t limit = 1000;

	for (; limit < ((size_t)4 << 20); limit += limit / 16) {
		const struct file f = { .fd = -1, .path = "policy.json", .bytes = bytes_of(text) };
		struct policy p;
		struct fail why = { 0 };
		struct arena small;
		arena_init(&small, limit);
		const int r = policy_parse(&small, &f, &p, &why);
		if (r < 0 && r != -ENOMEM)
			printf("# %zu: %d %s\n", limit, r, why.says);
		told = told && (r == 0 || (r == -ENOMEM && !p.present && why.says[0]));
		arena_done(&small);
		if (r == 0)
			break;
	}
	ok(told, "what memory runs out of is refused, never used in part");
	ok(limit < ((size_t)4 << 20), "and with %zu bytes it is read", limit);
}

int main(void)
{
	char sub[64];
	arena_init(&arena, LIMIT_ARENA);
	ok(mkdtemp(dir) != NULL, "a directory");
	(void)snprintf(sub, sizeof(sub), "%s/policy.d", dir);
	ok(mkdir(sub, 0755) == 0, "with policy.d");
	all_refused();
	all_listed();
	if (geteuid() == 0) {
		relaxing();
		in_order();
		unsound();
		largest();
	}
	without_memory();
	(void)rmdir(sub);
	(void)rmdir(dir);
	arena_done(&arena);
	return tap_done();
}
