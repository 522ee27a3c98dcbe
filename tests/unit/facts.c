/* SPDX-License-Identifier: Apache-2.0 */
/* What a container may do, as a record has it: from documents of every kind, hostile ones too. */
#include "audit/facts.h"

#include "tests/unit/audit.h"
#include "validate/base/text.h"
#include "validate/doc/doc.h"
#include "validate/policy/context.h"

static const struct doc *doc_of(struct arena *a, const char *text)
{
	const struct doc *d = NULL;
	struct fail f = { 0 };
	const struct doc_options options = { .file = "text" };

	if (text)
		is_int(doc_parse(a, bytes_of(text), &options, &d, &f), 0, "%.40s is read %s", text, f.says);
	return d;
}

/* "RUNVET_USER=0:0 …" of all fields that say what a container may do, in their order. */
static const char *facts_of(struct arena *a, const struct judged *j)
{
	struct record r = some_record(a, "x");
	struct text t = text_growing(a);
	const size_t before = r.count;

	is_int(record_facts(&r, j), 0, "facts are added");
	for (size_t i = before; i < r.count; i++)
		text_printf(&t, "%s%s=%s", t.len ? " " : "", field_row(r.entries[i].field)->json + strlen("facts."),
			r.entries[i].value.data);
	return t.data;
}

/* Of a config.json, with the posture that a create would have. */
static const char *config_facts(struct arena *a, const char *text)
{
	const struct doc *config = doc_of(a, text);
	const struct judged j = { .config = config, .posture = posture_make(a, config, NULL, NULL) };

	return facts_of(a, &j);
}

#define HOSTS                                                                                                          \
	"host_ns=cgroup namespaces=ipc|host host_ns=ipc namespaces=mnt|host host_ns=mnt namespaces=net|host "          \
	"host_ns=net namespaces=pid|host host_ns=pid namespaces=time|host host_ns=time namespaces=user|host "          \
	"host_ns=user namespaces=uts|host host_ns=uts"

static void test_config(void)
{
	static const struct {
		const char *config, *facts;
	} rows[] = {
		{ "{}", "namespaces=cgroup|host " HOSTS " privileged=0 mounts=0 hooks=0 seccomp=none" },
		{ "{\"process\":{\"args\":[\"sh\",\"-c\",\"hunter2\"],\"env\":[\"A=hunter2\"],\"user\":{\"uid\":1000},"
		  "\"capabilities\":{\"effective\":[\"CAP_CHOWN\",\"CAP_SYS_ADMIN\",\"CAP_CHOWN\"],\"bounding\":[\"CAP_"
		  "KILL\"]},"
		  "\"apparmorProfile\":\"docker-default\",\"selinuxLabel\":\"a:b:c|d:s0\"},\"mounts\":[{},{}],"
		  "\"hooks\":{\"prestart\":[{\"args\":[\"hunter2\"]}],\"poststop\":[{},{}],\"x\":7},"
		  "\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\",\"path\":\"/run/netns/x\"},"
		  "{\"type\":\"mount\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},{\"type\":\"user\"},{\"type\":\"time\"},"
		  "{\"type\":\"cgroup\"}],\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\"}}}",
			"namespaces=cgroup|new namespaces=ipc|new namespaces=mnt|new namespaces=net|joined "
			"namespaces=pid|new namespaces=time|new namespaces=user|new namespaces=uts|new "
			"capabilities=CAP_CHOWN capabilities=CAP_SYS_ADMIN cap_added=CAP_SYS_ADMIN privileged=0 "
			"user=1000:0 args=3 env=1 mounts=2 hooks=3 seccomp=filter lsm=apparmor|docker-default "
			"lsm=selinux|a:b:c|d:s0" },
		/* As the control says it: CAP_SYS_ADMIN, nothing masked and nothing filtered. */
		{ "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_SYS_ADMIN\"]}},\"linux\":{\"seccomp\":{}}}",
			"namespaces=cgroup|host " HOSTS " privileged=1 user=0:0 args=0 env=0 mounts=0 hooks=0 "
			"seccomp=none" },
		/* Every spelling is one, and what is none is left out. */
		{ "{\"process\":{\"capabilities\":{\"effective\":[\"cap_net_admin\",\"chown\",\"CHOWN\","
		  "\"NET_ADMIN\",\"\",\"CAP_A|"
		  "B\","
		  "\"CAP_\\n\",7,null,\"CAP_ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNO\","
		  "\"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN\"]}},\"mounts\":7,\"hooks\":[]}",
			"namespaces=cgroup|host " HOSTS " capabilities=CAP_CHOWN capabilities=CAP_NET_ADMIN "
			"cap_added=CAP_NET_ADMIN privileged=0 user=0:0 args=0 env=0 mounts=0 hooks=0 seccomp=none" },
		{ "{\"process\":{\"user\":{\"uid\":-1,\"gid\":\"hunter2\"},\"args\":\"hunter2\",\"env\":{\"hunter2\":1}"
		  "},"
		  "\"linux\":{\"namespaces\":\"hunter2\",\"seccomp\":\"hunter2\"}}",
			"namespaces=cgroup|host " HOSTS " privileged=0 user=0:0 args=0 env=0 mounts=0 hooks=0 "
			"seccomp=none" },
		{ "[\"hunter2\"]", "namespaces=cgroup|host " HOSTS " mounts=0 hooks=0 seccomp=none" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_text(config_facts(fresh_arena(), rows[i].config), rows[i].facts, "facts of config.json %zu", i);
}

/* What the host says of a path decides whether the namespace behind it is the host's. */
static void test_joined(void)
{
	struct arena *a = fresh_arena();
	const struct doc *config = doc_of(a,
		"{\"linux\":{\"namespaces\":[{\"type\":\"pid\",\"path\":\"/proc/1/ns/pid\"},"
		"{\"type\":\"network\",\"path\":\"/proc/7/ns/net\"}]}}");
	const struct doc *host = doc_of(a,
		"{\"init\":{\"namespaces\":{\"pid\":{\"inode\":5},\"network\":{\"inode\":6}}},"
		"\"places\":{\"/linux/namespaces/0\":{\"inode\":5},"
		"\"/linux/namespaces/1\":{\"inode\":7}}}");
	const struct judged j = { .config = config, .posture = posture_make(a, config, host, NULL) };
	const char *facts = facts_of(a, &j);

	ok(strstr(facts, "namespaces=pid|host host_ns=pid"), "joined by a path that leads to process 1's: the host's");
	ok(strstr(facts, "namespaces=net|joined") && !strstr(facts, "host_ns=net"), "another one is joined");
}

static void test_exec(void)
{
	static const char posture[] =
		"{\"capabilities\":{\"effective\":[\"CAP_KILL\",\"CAP_SYS_PTRACE\"]},\"user\":{\"uid\":5,\"gid\":6},"
		"\"seccomp\":true,\"apparmorProfile\":\"theirs\",\"selinuxLabel\":\"\","
		"\"namespaces\":{\"pid\":\"host\",\"network\":\"new\",\"mount\":7}}";
	static const char around[] = "namespaces=net|new namespaces=pid|host host_ns=pid";
	static const struct {
		const char *process;
		bool spoken;
		const char *posture, *facts;
	} rows[] = {
		/* A whole process.json; what it leaves out it has not. */
		{ "{\"args\":[\"sh\"],\"env\":[],\"user\":{\"uid\":1},\"capabilities\":{\"effective\":[\"CAP_CHOWN\"]}"
		  "}",
			false, posture,
			"capabilities=CAP_CHOWN user=1:0 args=1 env=0 seccomp=filter lsm=apparmor|theirs" },
		{ "{\"args\":[],\"apparmorProfile\":\"own\"}", false, posture,
			"capabilities=CAP_KILL capabilities=CAP_SYS_PTRACE cap_added=CAP_SYS_PTRACE user=0:0 args=0 "
			"env=0 seccomp=filter lsm=apparmor|own" },
		/* A line: on top of the container's own. */
		{ "{\"capabilities\":{\"effective\":[\"CAP_SYS_ADMIN\"]},\"user\":{\"uid\":0}}", true, posture,
			"capabilities=CAP_KILL capabilities=CAP_SYS_ADMIN capabilities=CAP_SYS_PTRACE "
			"cap_added=CAP_SYS_ADMIN cap_added=CAP_SYS_PTRACE user=0:6 seccomp=filter "
			"lsm=apparmor|theirs" },
		{ NULL, true, posture,
			"capabilities=CAP_KILL capabilities=CAP_SYS_PTRACE cap_added=CAP_SYS_PTRACE user=5:6 "
			"seccomp=filter lsm=apparmor|theirs" },
		/* An update has no process. */
		{ NULL, false, posture, "seccomp=filter lsm=apparmor|theirs" },
		/* Nobody knows the container. */
		{ NULL, true, NULL, "" },
		{ "{\"user\":{\"uid\":3}}", true, NULL, "" },
		{ "{\"args\":[\"a\"],\"user\":{\"uid\":3,\"gid\":4}}", false, NULL, "user=3:4 args=1 env=0" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = fresh_arena();
		const struct judged j = {
			.process = doc_of(a, rows[i].process),
			.spoken = rows[i].spoken,
			.posture = doc_of(a, rows[i].posture),
		};
		const char *want = rows[i].posture ? arena_printf(a, "%s %s", around, rows[i].facts) : rows[i].facts;
		is_text(facts_of(a, &j), want, "facts of exec %zu", i);
	}
	struct record r = some_record(fresh_arena(), "x");
	is_int(record_facts(&r, NULL), 0, "of nothing");
}

static void test_many(void)
{
	struct arena *a = fresh_arena();
	struct text t = text_growing(a);

	text_add(&t, "{\"process\":{\"capabilities\":{\"effective\":[\"CAP_0\"");
	for (unsigned i = 1; i < 5000; i++)
		text_printf(&t, ",\"CAP_%u\"", i);
	text_add(&t, "]}}}");
	struct record r = some_record(a, "x");
	const struct doc *config = doc_of(a, t.data);
	const struct judged j = { .config = config, .posture = posture_make(a, config, NULL, NULL) };
	is_int(record_facts(&r, &j), 0, "5000 capabilities");
	size_t n = 0;
	for (size_t i = 0; i < r.count; i++)
		n += r.entries[i].field == FIELD_CAPABILITY;
	is_int(n, LIMIT_RECORD_LISTED, "as many are listed as there may be");
	ok(r.truncated, "and the record says that it is not all");
}

int main(void)
{
	test_config();
	test_joined();
	test_exec();
	test_many();
	arena_done(fresh_arena());
	return tap_done();
}
