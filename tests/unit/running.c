/* SPDX-License-Identifier: Apache-2.0 */
/* The listing of containers, over a tree as runtimes and engines lay it, with what a hostile user might put there. */
#include "ctl/node/running.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/note.h"
#include "tests/tap.h"
#include "tests/unit/leave.h"
#include "validate/base/limits.h"

#define ID64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static char tree[] = "/tmp/runvet-running.XXXXXX";

/* Writes a file below the tree, with the directories on the way. */
static void lay(const char *path, const char *text)
{
	char full[512];
	snprintf(full, sizeof(full), "%s/%s", tree, path);
	for (char *slash = strchr(full + strlen(tree) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(full, 0755);
		*slash = '/';
	}
	FILE *f = fopen(full, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

static const struct running *of(const struct running_list *l, const char *id)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->of[i].id, id) == 0)
			return &l->of[i];
	return NULL;
}

#define TASK "run/containerd/io.containerd.runtime.v2.task"

static const struct {
	const char *path, *text;
} files[] = {
	{ "run/runc/old/state.json",
		"{\"id\":\"old\",\"init_process_pid\":1,\"init_process_start\":1,\"config\":{\"labels\":[]}}" },
	{ "run/crun/two/status", "{\"pid\":0,\"cgroup-path\":\"/x\",\"rootfs\":\"rootfs\",\"bundle\":\"/srv/two\"}" },
	{ "run/crun/broken/status", "{\"pid\":" },
	{ "run/crun/other/status", "{\"something\":1}" },
	{ "run/youki/three/state.json",
		"{\"ociVersion\":\"v1.0.2\",\"id\":\"three\",\"pid\":0,\"bundle\":\"/srv/three\"}" },
	{ "run/runsc/four_sandbox:four.state",
		"{\"id\":\"four\",\"bundleDir\":\"/srv/four\",\"sandbox\":{\"pid\":0}}" },
	{ "run/docker/runtime-runvet/moby/" ID64 "/state.json",
		"{\"id\":\"" ID64 "\",\"init_process_pid\":0,\"config\":{"
		"\"labels\":[\"bundle=/" TASK "/moby/" ID64 "\"]}}" },
	{ TASK "/moby/" ID64 "/config.json", "{}" },
	{ TASK "/k8s.io/vm/config.json", "{}" },
	{ TASK "/k8s.io/vm/init.pid", "12" },
	{ "run/runc/empty/nothing", "" },
	{ "srv/roots/far/status", "{\"pid\":0,\"rootfs\":\"rootfs\",\"bundle\":\"/srv/far\"}" },
	{ "run/runvet/ctr/aa",
		"{\"root\":\"/srv/roots\",\"id\":\"far\",\"record\":\"R1\",\"delegate\":\"/usr/bin/crun\"}" },
	{ "run/runvet/ctr/bb",
		"{\"root\":\"/var/run/docker/runtime-runvet/moby\",\"id\":\"" ID64 "\",\"record\":\"R2\"}" },
	{ "run/runvet/ctr/cc", "{\"root\":\"\",\"id\":\"two\",\"bundle\":\"/srv/elsewhere\",\"record\":\"R3\"}" },
	{ "run/runvet/ctr/dd", "no note at all" },
};

static void lay_all(void)
{
	char text[1024], path[512];

	snprintf(text, sizeof(text),
		"{\"id\":\"one\",\"init_process_pid\":%d,\"init_process_start\":%llu,"
		"\"created\":\"2026-11-22T01:02:03.5Z\","
		"\"config\":{\"rootfs\":\"/x\",\"labels\":[\"a=b\",\"bundle=/srv/one\"]}}",
		(int)getpid(), (unsigned long long)process_started(getpid()));
	lay("run/runc/one/state.json", text);
	lay("run/runc/made/state.json", text);
	lay("run/runc/made/exec.fifo", "");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		lay(files[i].path, files[i].text);
	lay("run/runc/fifo/x", "");
	snprintf(path, sizeof(path), "%s/run/runc/fifo/state.json", tree);
	if (mkfifo(path, 0600) < 0)
		abort();
	lay("run/runc/link/x", "");
	snprintf(path, sizeof(path), "%s/run/runc/link/state.json", tree);
	if (symlink("../one/state.json", path) < 0)
		abort();
}

static void check(const struct running_list *l)
{
	const struct running *r = of(l, "one");

	is_text(r ? r->runtime : NULL, "runc", "runc's state is runc's");
	is_text(r ? r->bundle : NULL, "/srv/one", "its bundle is the label");
	is_text(r ? r->root : NULL, "/run/runc", "and its root is known");
	is_text(r ? running_state_name(r->state) : NULL, "running", "it runs: its process is this one");
	ok(r && r->created.tv_sec > 0, "when it was made is known");
	ok(r && !r->record, "there is no note on it");
	r = of(l, "made");
	is_text(r ? running_state_name(r->state) : NULL, "created", "one that waits at its fifo is created");
	r = of(l, "old");
	is_text(r ? running_state_name(r->state) : NULL, "stopped",
		"another process of the same number is not its own");
	ok(r && !r->bundle, "a bundle that is not said is not known");
	r = of(l, "two");
	is_text(r ? r->bundle : NULL, "/srv/two", "crun says its bundle");
	ok(r && !r->record, "a note about another bundle is not about this one");
	r = of(l, "three");
	is_text(r ? r->runtime : NULL, "youki", "youki is told from runc");
	r = of(l, "four");
	is_text(r ? r->bundle : NULL, "/srv/four", "runsc's state is found");
	r = of(l, "broken");
	ok(r && r->trouble && !r->bundle, "a state that is no JSON is listed with its trouble");
	r = of(l, "other");
	is_text(r ? r->trouble : NULL, "its state is of no runtime that is known", "so is a foreign one");
	r = of(l, "fifo");
	is_text(r ? r->trouble : NULL, "its state is no regular file", "so is a fifo, and nothing waits");
	r = of(l, "link");
	ok(r && r->trouble, "so is a link");
	ok(!of(l, "empty"), "a directory without a state is no container");
	r = of(l, "far");
	is_text(r ? r->record : NULL, "R1", "a root that only a note knows is looked into");
	r = of(l, ID64);
	is_text(r ? r->record : NULL, "R2", "a note joins, /var/run or /run");
	is_text(r ? r->engine : NULL, "docker", "Docker's place tells of Docker");
	size_t n = 0;
	for (size_t i = 0; i < l->count; i++)
		n += strcmp(l->of[i].id, ID64) == 0;
	is_int(n, 1, "containerd's bundle of it is not listed again");
	r = of(l, "vm");
	ok(r && r->runtime[0] == '\0' && r->bundle && r->pid == 12,
		"a bundle of containerd's without a runtime is listed");
}

int main(void)
{
	struct running_list l;
	struct arena a;

	if (!mkdtemp(tree))
		return 1;
	arena_init(&a, LIMIT_ARENA);
	lay_all();
	const int top = open(tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
	is_int(running_list(&a, top, true, &l), 0, "the listing is made");
	check(&l);
	is_int(running_list(&a, top, false, &l), 0, "and of another machine's tree");
	const struct running *r = of(&l, "one");
	is_text(r ? running_state_name(r->state) : NULL, "unknown", "no process is asked for there");
	(void)close(top);
	ok(leave_nothing(tree), "nothing is left");
	arena_done(&a);
	return tap_done();
}
