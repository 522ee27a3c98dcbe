/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker, and BuildKit, which is inside of it and beside it. Facts: the names runc and io.containerd.runc.v2 are
 * reserved and run the first runc in the PATH of containerd (moby runtime_unix.go); a build runs runc from dockerd's
 * PATH unless DOCKER_BUILDKIT_RUNC_COMMAND says another (builder-next/executor_linux.go); buildkitd looks for
 * buildkit-runc, then runc, unless [worker.oci] binary says another.
 */
#include "ctl/node/doctor.h"

#define MEND_PATH                                                                                                      \
	"runvetctl install docker --divert\n"                                                                          \
	"or systemctl edit %s, with\n"                                                                                 \
	"  [Service]\n"                                                                                                \
	"  Environment=PATH=/usr/libexec/runvet:%s"

struct docker {
	struct doctor *d;
	struct seen_engine *e;
	struct daemon daemon, containerd;
	struct conf conf;
	struct handlers handlers;
	const char *usual;
};

static const char *word_of(struct doctor *d, const struct doc *at, const char *path)
{
	const struct bytes b = doc_string(at, path, (struct bytes){ 0 });
	return b.len ? arena_copy(d->node->a, b) : NULL;
}

/* Runtimes as daemon.json and `docker info` have them: a name, and { "path", "runtimeArgs" }. */
static void read_runtimes(struct docker *x, const struct doc *runtimes, bool from_file)
{
	struct doctor *d = x->d;

	for (const struct doc *r = runtimes && runtimes->type == DOC_OBJECT ? runtimes->first : NULL; r; r = r->next) {
		const char *name = arena_copy(d->node->a, r->key), *path = word_of(d, r, "path");
		const char *type = word_of(d, r, "runtimeType");
		if (!name || strcmp(name, "runc") == 0 || strncmp(name, "io.containerd.", 14) == 0)
			continue;
		struct handler *h = handler_add(&x->handlers, name, path ? path : type ? type : "");
		const struct doc *args = doc_get(r, "runtimeArgs");
		if (!h)
			continue;
		h->foreign = !path && type;
		h->type = type ? type : "";
		program_find(d->node, h->word, x->daemon.path, &h->program);
		if (from_file && args && args->count > 0 && h->program.through == THROUGH_RUNVET)
			doctor_add(d, S_RUNTIME_ARGS, doctor_text(d, "runtime %s has runtimeArgs", name),
				doctor_text(d, "remove \"runtimeArgs\" of %s in %s", name, x->conf.path));
	}
}

static void read_reserved(struct docker *x)
{
	struct handler *h = handler_add(&x->handlers, "runc", "runc");

	if (!h)
		return;
	h->reserved = true;
	program_find(x->d->node, "runc", x->containerd.path, &h->program);
}

/* What is said on the command line stands beside the file; dockerd refuses to start when both say the same thing. */
static void read_words(struct docker *x)
{
	const char *word;

	for (size_t i = 0; (word = daemon_option(&x->daemon, "add-runtime", i)); i++) {
		const size_t n = strcspn(word, "=");
		const char *name = arena_copy(x->d->node->a, (struct bytes){ word, n });
		struct handler *h = word[n] && name ? handler_add(&x->handlers, name, word + n + 1) : NULL;
		if (h)
			program_find(x->d->node, h->word, x->daemon.path, &h->program);
	}
	word = daemon_option(&x->daemon, "default-runtime", 0);
	if (word)
		x->usual = word;
}

/* "unix:///run/docker.sock" of its file or command line; NULL: only by network. */
static const char *socket_of(struct docker *x)
{
	const struct doc *hosts = doc_get(x->conf.root, "hosts");
	const char *word = daemon_option(&x->daemon, "host", 0);

	word = word ? word : daemon_option(&x->daemon, "H", 0);
	for (const struct doc *h = hosts && hosts->type == DOC_ARRAY ? hosts->first : NULL; h && !word; h = h->next)
		if (h->type == DOC_STRING && bytes_start(h->string, "unix://"))
			word = arena_copy(x->d->node->a, h->string);
	if (!word || strncmp(word, "fd://", 5) == 0)
		return "/run/docker.sock";
	return strncmp(word, "unix://", 7) == 0 ? word + 7 : NULL;
}

static void ask(struct docker *x)
{
	struct doctor *d = x->d;
	const char *socket = socket_of(x), *why = "it listens on no socket of this machine";
	const struct doc *info = socket ? daemon_asked(d->node, socket, "/info", &why) : NULL;
	const char *usual = info ? word_of(d, info, "DefaultRuntime") : NULL;

	if (!usual) {
		doctor_add(d, S_DAEMON_SILENT,
			doctor_text(d, "dockerd (process %d) was asked at %s: %s", (int)x->daemon.pid,
				socket ? socket : "?", why),
			"docker info");
		return;
	}
	if (strcmp(usual, x->usual) != 0)
		doctor_add(d, S_DAEMON_DIFFERS,
			doctor_text(d, "the running daemon's default runtime is %s, %s says %s", usual, x->conf.path,
				x->usual),
			"systemctl reload docker");
	x->usual = usual;
	read_runtimes(x, doc_get(info, "Runtimes"), false);
}

static void judge_around(struct docker *x)
{
	struct doctor *d = x->d;
	struct program p;
	struct stat st;

	for (size_t i = 0; i < x->handlers.count; i++) {
		const struct handler *h = &x->handlers.of[i];
		if (h->reserved && h->program.through == THROUGH_OTHER)
			doctor_add(d, S_AROUND_RUNC,
				doctor_text(d, "docker run --runtime=runc, and --runtime=io.containerd.runc.v2, run %s",
					h->program.path),
				doctor_text(d, MEND_PATH, "containerd docker", x->containerd.path));
	}
	program_find(d->node, x->daemon.build ? x->daemon.build : "runc", x->daemon.path, &p);
	if (p.through == THROUGH_OTHER)
		doctor_add(d, S_AROUND_BUILD, doctor_text(d, "docker build runs %s", p.path),
			doctor_text(d, MEND_PATH, "docker", x->daemon.path));
	const char *socket = socket_of(x);
	if (socket && node_stat(d->node, socket, &st) && (st.st_mode & S_IWOTH))
		doctor_add(d, S_AROUND_SOCKET, doctor_text(d, "anybody can write to %s", socket),
			doctor_text(d, "chmod o-rwx %s", socket));
}

void doctor_docker(struct doctor *d)
{
	struct docker x = { .d = d };
	struct program p;

	daemon_find(d->node, "dockerd", "docker.service", &x.daemon);
	daemon_find(d->node, "containerd", "containerd.service", &x.containerd);
	/* Without a containerd of the system dockerd starts one, which has its environment. */
	if (!x.containerd.pid && x.daemon.pid)
		x.containerd.path = x.daemon.path;
	const char *file = daemon_option(&x.daemon, "config-file", 0);
	conf_read(d->node, file ? file : "/etc/docker/daemon.json", CONF_JSON, &x.conf);
	program_find(d->node, "dockerd", NODE_PATH, &p);
	x.e = engine_begin(d, "docker", "Docker", x.daemon.pid || x.conf.there || p.path);
	if (!x.e)
		return;
	x.e->file = x.conf.path;
	x.e->pid = x.daemon.pid;
	if (!engine_conf(d, &x.conf))
		return;
	x.usual = word_of(d, x.conf.root, "default-runtime");
	x.usual = x.usual ? x.usual : "runc";
	read_reserved(&x);
	read_runtimes(&x, doc_get(x.conf.root, "runtimes"), true);
	read_words(&x);
	if (x.daemon.pid)
		ask(&x);
	for (size_t i = 0; i < x.handlers.count; i++)
		x.handlers.of[i].is_default = strcmp(x.handlers.of[i].name, x.usual) == 0;
	handlers_judge(d, x.e, &x.handlers, "runvetctl install docker --default");
	judge_around(&x);
}

void doctor_buildkit(struct doctor *d)
{
	static const char *const words[] = { "buildkit-runc", "runc" };
	struct program program = { 0 }, p;
	struct daemon daemon;
	struct conf conf;

	daemon_find(d->node, "buildkitd", "buildkit.service", &daemon);
	const char *file = daemon_option(&daemon, "config", 0);
	conf_read(d->node, file ? file : "/etc/buildkit/buildkitd.toml", CONF_TOML, &conf);
	program_find(d->node, "buildkitd", NODE_PATH, &p);
	struct seen_engine *e = engine_begin(d, "buildkit", "BuildKit", daemon.pid || conf.there || p.path);
	if (!e)
		return;
	e->file = conf.path;
	e->pid = daemon.pid;
	if (!engine_conf(d, &conf))
		return;
	engine_age(d, &daemon, &conf);
	const char *binary = daemon_option(&daemon, "oci-worker-binary", 0);
	binary = binary ? binary : word_of(d, doc_get(doc_get(conf.root, "worker"), "oci"), "binary");
	for (size_t i = 0; i < 2 && !binary && !program.path; i++)
		program_find(d->node, words[i], daemon.path, &program);
	if (binary)
		program_find(d->node, binary, daemon.path, &program);
	e->runtime = binary ? binary : program.path;
	e->covered = program.through == THROUGH_RUNVET;
	if (!e->covered)
		doctor_add(d, S_AROUND_BUILD,
			program.path ? doctor_text(d, "buildkitd runs %s", program.path)
				     : "buildkitd finds no runc at all",
			doctor_text(d, "in %s:\n  [worker.oci]\n    binary = \"/usr/libexec/runvet/runc\"", conf.path));
}
