/* SPDX-License-Identifier: Apache-2.0 */
/* Locks: what is made can be read, holds nothing secret, and names what differs by what it is called. */
#include "validate/lock/lock.h"

#include <errno.h>

#include "tests/tap.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"

static struct arena a;

static const char base[] =
	"{\"ociVersion\":\"1.0.2\",\"process\":{\"args\":[\"/bin/train\",\"--key=topsecret\"],\"cwd\":\"/\","
	"\"env\":[\"PATH=/bin\",\"TOKEN=topsecret\",\"PATH=/second\",\"nameless\"],\"user\":{\"uid\":0,\"gid\":0}},"
	"\"root\":{\"path\":\"rootfs\",\"readonly\":true},\"hostname\":\"lab\","
	"\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"},"
	"{\"destination\":\"/data]x\",\"type\":\"cifs\",\"source\":\"//"
	"nas\",\"options\":[\"ro\",\"password=topsecret\"]}],"
	"\"annotations\":{\"my.key\":\"topsecret\"},\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"mount\"}]"
	"}}";

static const struct doc *parsed(const char *text)
{
	const struct doc_options options = { .file = "text", .cause = CAUSE_BUNDLE };
	const struct doc *d = NULL;
	struct fail why = { 0 };
	ok(doc_parse(&a, bytes_of(arena_copy(&a, bytes_of(text))), &options, &d, &why) == 0, "it is JSON: %s",
		why.says);
	return d;
}

/* The text with one piece replaced. */
static const char *with(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	if (!at)
		return text;
	return arena_printf(&a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static struct lock made(const char *config, const char *host, const struct lock *like)
{
	struct lock lock = { 0 };
	struct fail why = { 0 };
	const struct lock_of of = {
		.config = parsed(config),
		.host = host ? parsed(host) : NULL,
		.like = like,
		.made = { .tv_sec = 1 },
		.by = "a test",
	};
	is_int(lock_make(&a, &of, &lock, &why), 0, "it is made %s", why.says);
	return lock;
}

static const char *written(const struct lock *lock)
{
	struct text to = text_growing(&a);
	lock_write(lock, &to);
	return to.data;
}

/* All differences, "PATH SENTENCE; " each. */
static const char *differences(const struct lock *lock, const char *config, const char *host, unsigned parts)
{
	struct text to = text_growing(&a);
	const struct lock now = made(config, host, lock);
	const struct lock_difference *d = NULL;
	is_int(lock_differs(&a, lock, &now, parts, &d), 0, "they are compared");
	for (; d; d = d->next) {
		text_printf(&to, "%s ", d->path);
		lock_tell(d, &to);
		text_add(&to, "; ");
	}
	return to.data;
}

static void test_made(void)
{
	const struct lock one = made(base, NULL, NULL), two = made(base, NULL, NULL), like = made(base, NULL, &one);
	const char *text = written(&one);
	struct lock back = { 0 };
	struct fail why = { 0 };
	is_int(lock_parse(&a, bytes_of(text), "it.json", &back, &why), 0, "what is made can be read %s", why.says);
	is_text(written(&back), text, "and written again");
	is_text(written(&like), text, "the same container, the same salt: the same lock");
	ok(strcmp(written(&two), text) != 0, "another salt: another text");
	ok(!strstr(text, "topsecret") && !strstr(text, "/bin/train"), "nothing secret is in it");
	ok(strstr(text, "\"process.env[PATH]#2\"") && strstr(text, "\"mounts[/data%5Dx].options\": [\"ro\", \"salted:"),
		"fields are called by their names");
	ok(strstr(text, "\"annotations[my.key]\": \"salted:"), "so are keys of maps");
	is_text(differences(&back, base, NULL, LOCK_ALL), "", "it is as its lock has it");
}

static void test_differs(void)
{
	static const struct {
		const char *from, *to, *says;
	} changes[] = {
		{ "TOKEN=topsecret", "TOKEN=other", "process.env[TOKEN] is not as it was; " },
		{ "\"nameless\"", "\"other\"", "process.env[3] is not as it was; " },
		{ ",\"readonly\":true", "", "root.readonly is gone, and was true; " },
		{ "\"readonly\":true", "\"readonly\":false", "root.readonly is false, and was true; " },
		{ "\"lab\"", "\"permission denied\"", "hostname was \"lab\"; " },
		{ "{\"type\":\"pid\"},", "", "linux.namespaces[pid].type is gone, and was \"pid\"; " },
		{ "\"ro\",", "\"rw\",", "mounts[/data%5Dx].options has \"rw\", and no longer \"ro\"; " },
		{ "\"uid\":0", "\"uid\":18446744073709551615",
			"process.user.uid is 18446744073709551615, and was 0; " },
		{ "\"/bin/train\"", "\"/bin/other\"", "process.args is not as it was; " },
	};
	const struct lock lock = made(base, NULL, NULL);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		is_text(differences(&lock, with(base, changes[i].from, changes[i].to), NULL, LOCK_NORMAL),
			changes[i].says, "%s", changes[i].to);
	is_text(differences(&lock, with(base, "\"lab\"", "\"x\""), NULL, LOCK_POSTURE), "",
		"a name confines nobody, and no posture changes");
	ok(*differences(&lock, with(base, "\"readonly\":true", "\"readonly\":false"), NULL, LOCK_POSTURE),
		"a writable root does");
}

static void test_place(void)
{
	const struct doc *config = parsed(base);
	static const struct {
		const char *path, *pointer;
	} places[] = {
		{ "process.env[TOKEN]", "/process/env/1" },
		{ "process.env[PATH]#2", "/process/env/2" },
		{ "mounts[/data%5Dx].options", "/mounts/1/options" },
		{ "mounts[/gone].options", "/mounts" },
		{ "linux.namespaces[mount].type", "/linux/namespaces/1/type" },
		{ "annotations[my.key]", "/annotations/my.key" },
		{ "domainname", "" },
	};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct lock_difference d = { .part = LOCK_NORMAL, .path = places[i].path };
		struct text to = text_growing(&a);
		doc_pointer(lock_place(&a, config, &d), "", &to);
		is_text(to.data, places[i].pointer, "%s", places[i].path);
	}
}

static void test_host(void)
{
	static const char one[] =
		"{\"kernel\":{\"release\":\"6.1\"},\"hardware\":{\"cpu\":{\"flags\":[\"aes\",\"avx\"]}}}";
	const struct lock lock = made(base, one, NULL);
	is_text(differences(&lock, base, NULL, LOCK_ALL), "", "a host of which nothing is known is not otherwise");
	is_text(differences(&lock, base, with(one, "\"aes\",\"avx\"", "\"avx\",\"aes\""), LOCK_ALL), "",
		"flags are a set");
	is_text(differences(&lock, base, with(one, "\"avx\"", "\"sse\""), LOCK_ALL),
		"host.hardware.cpu.flags has \"sse\", and no longer \"avx\"; ", "a flag is named");
	is_text(differences(&lock, base, with(one, "6.1", "6.2"), LOCK_NORMAL), "", "only what is held to counts");
	is_text(differences(&lock, base, with(one, "6.1", "6.2"), LOCK_HOST),
		"kernel.release is \"6.2\", and was \"6.1\"; ", "the kernel is named");
}

static void test_form(void)
{
	const struct lock lock = made(base, NULL, NULL);
	struct lock other = { 0 };
	struct fail why = { 0 };
	const char *text = with(written(&lock), "\"form\": 1", "\"form\": 2");
	is_int(lock_parse(&a, bytes_of(text), "it.json", &other, &why), 0, "another form can be read");
	is_text(differences(&other, base, NULL, LOCK_ALL),
		"fingerprint.form is 1 here, and was 2: the two cannot be compared; ", "and says that it is one");
	text = with(written(&lock), "\"document\"", "\"x-document\"");
	is_int(lock_parse(&a, bytes_of(text), "it.json", &other, &why), 0, "a lock without fields can be read");
	ok(strncmp(differences(&other, with(base, "\"lab\"", "\"x\""), NULL, LOCK_NORMAL),
		   "fingerprint.normal is \"sha256:", strlen("fingerprint.normal is \"sha256:")) == 0,
		"then the fingerprint says that it differs");
}

static void test_broken(void)
{
	static const struct {
		const char *from, *to;
		int code;
		unsigned line;
		const char *says;
	} faults[] = {
		{ "\"version\": 1", "\"version\": 2", -EPROTONOSUPPORT, 2,
			"version 2 is newer than this runvet, which reads version 1; make the lock with it, or update "
			"it" },
		{ "\"version\": 1", "\"version\": 0", -EINVAL, 2,
			"version must be 1, the one version there is, found 0" },
		{ "\"version\": 1,", "", -EINVAL, 1, NULL },
		{ "\"fingerprint\"", "\"fingerprin\"", -EINVAL, 6, NULL },
		{ "\"normal\": \"sha256:", "\"normal\": \"sha255:", -EINVAL, 8, NULL },
		{ "{", "", -EBADMSG, 2, NULL },
	};
	const struct lock lock = made(base, NULL, NULL);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct lock back = { 0 };
		struct fail why = { 0 };
		const char *text = with(written(&lock), faults[i].from, faults[i].to);
		is_int(lock_parse(&a, bytes_of(text), "it.json", &back, &why), faults[i].code, "%s", faults[i].to);
		ok(why.place.line > 0 && strcmp(why.file, "it.json") == 0 && why.cause == CAUSE_POLICY,
			"it says where: %s:%u: %s", why.file, why.place.line, why.says);
		if (faults[i].says)
			is_text(why.says, faults[i].says, "and what");
	}
	struct lock none;
	struct fail why = { 0 };
	is_int(lock_read(&a, AT_CWD, "/nowhere/it.json", true, &none, &why), -ENOENT, "a file that is missing");
	is_text(why.file, "/nowhere/it.json", "is named");
	is_int(lock_read(&a, AT_CWD, "/dev/null", true, &none, &why), -ENOTSUP, "a device is none");
}

static void test_limits(void)
{
	struct text to = text_growing(&a);
	text_add(&to, "{\"annotations\":{");
	for (unsigned i = 0; i <= LIMIT_LOCK_FIELDS; i++)
		text_printf(&to, "%s\"k%u\":\"\"", i ? "," : "", i);
	text_add(&to, "}}");
	const struct lock lock = made(to.data, NULL, NULL);
	ok(!doc_get(lock.root, "document") && doc_find(lock.root, "fingerprint.normal"),
		"very many fields are locked by their fingerprint alone");
	struct text more = text_growing(&a);
	text_add(&more, "\"document\": {");
	for (unsigned i = 0; i <= LIMIT_LOCK_FIELDS; i++)
		text_printf(&more, "\"k%u\": 0,", i);
	const struct lock few = made(base, NULL, NULL);
	struct lock many;
	is_int(lock_parse(&a, bytes_of(with(written(&few), "\"document\": {", more.data)), "it.json", &many, NULL), 0,
		"a lock may be given more");
	ok(strncmp(differences(&many, with(base, "\"lab\"", "\"x\""), NULL, LOCK_NORMAL), "fingerprint.normal is ",
		   22) == 0,
		"and is then compared by the fingerprint alone");
	struct lock none;
	struct fail why = { 0 };
	const struct lock_of of = { .config = parsed("{\"hostname\":1.5}") };
	is_int(lock_make(&a, &of, &none, &why), -EINVAL, "what has no canonical form has no lock");
}

int main(void)
{
	arena_init(&a, LIMIT_ARENA);
	test_made();
	test_differs();
	test_place();
	test_host();
	test_form();
	test_broken();
	test_limits();
	arena_done(&a);
	return tap_done();
}
