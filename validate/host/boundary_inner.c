/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only shows inside of the container's namespaces. Its devices and clocks stand in its own /proc directory. Names
 * and sysctls do not: a thread of ours enters the namespaces, reads them, and ends there. Which namespaces a process is
 * in is each thread's own matter, so that nothing can go wrong on a way back.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/boundary_parts.h"
#include "validate/host/read.h"
#include "validate/host/sysctl.h"
#include "validate/rule/around.h"

#define STACK_BYTES ((size_t)128 << 10)
#define VALUE_BYTES 512u
#define INTERFACES_MOST 1024u
#define INNER_MS 50

/* One thing to read inside. */
struct inner_ask {
	const struct doc *value; /* its entry in linux.sysctl */
	const char *path;        /* below the root, from which it is read */
	ssize_t len;             /* of what was read; negative: nothing */
	char text[VALUE_BYTES];
};

/* The thread's work: all memory that it touches, so that it can be left alone with it. */
struct inner {
	int top;
	int namespaces[3]; /* descriptors, -1: it is ours, or cannot be entered */
	bool names, named;
	struct utsname name;
	size_t count;
	struct inner_ask asks[];
};

static const struct {
	const char *link;
	int type;
} kinds[] = { { "ns/uts", CLONE_NEWUTS }, { "ns/ipc", CLONE_NEWIPC }, { "ns/net", CLONE_NEWNET } };

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void *be_inside(void *with)
{
	struct inner *in = with;
	for (size_t i = 0; i < KINDS; i++)
		if (in->namespaces[i] >= 0 && setns(in->namespaces[i], kinds[i].type) < 0)
			return NULL;
	in->named = in->names && uname(&in->name) == 0;
	for (size_t i = 0; i < in->count; i++) {
		const int fd = in->asks[i].path ? read_open(in->top, in->asks[i].path, O_RDONLY) : -ENOENT;
		in->asks[i].len = fd < 0 ? -1 : read(fd, in->asks[i].text, VALUE_BYTES);
		(void)fd_close(fd);
	}
	return NULL;
}

/* Whether the thread did its work, in time. */
static bool go_inside(struct inner *in)
{
	pthread_attr_t attributes;
	pthread_t thread;
	struct timespec until;
	if (pthread_attr_init(&attributes) != 0)
		return false;
	bool started = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
		pthread_create(&thread, &attributes, be_inside, in) == 0;
	(void)pthread_attr_destroy(&attributes);
	if (!started)
		return true;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += INNER_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	if (pthread_timedjoin_np(thread, NULL, &until) == 0)
		return true;
	(void)pthread_detach(thread);
	return false;
}

static void tell(struct boundary *b, const struct inner *in)
{
	if (in->named && boundary_wants(b, "hostname"))
		make_string(b->arena, b->to, "hostname", bytes_of(in->name.nodename));
	if (in->named && boundary_wants(b, "domainname"))
		make_string(b->arena, b->to, "domainname", bytes_of(in->name.domainname));
	struct doc *to = in->count ? make_object(b->arena, b->to, "sysctl") : NULL;
	for (size_t i = 0; i < in->count; i++) {
		const struct inner_ask *one = &in->asks[i];
		const char *key = one->len > 0 && (size_t)one->len < VALUE_BYTES ? arena_copy(b->arena, one->value->key)
										 : NULL;
		struct text value = text_growing(b->arena);
		struct bytes rest = { one->text, key ? (size_t)one->len : 0 }, word;
		while (read_word(&rest, &word)) {
			text_add(&value, value.len ? " " : "");
			text_bytes(&value, word);
		}
		if (key)
			make_string(b->arena, to, key, (struct bytes){ value.data, value.len });
	}
}

static void fill(struct boundary *b, struct inner *in, const struct doc *sysctls)
{
	in->top = b->of->top;
	in->names = boundary_wants(b, "hostname") || boundary_wants(b, "domainname");
	for (const struct doc *e = sysctls ? sysctls->first : NULL; e && in->count < LIMIT_SYSCTLS; e = e->next) {
		const char *path = sysctl_path(b->arena, e->key);
		in->asks[in->count++] = (struct inner_ask){
			.value = e,
			.path = path ? arena_printf(b->arena, "proc/sys/%s", path) : NULL,
			.len = -1,
		};
	}
}

/* All of them have to be entered: what is read in one of ours would be taken for the container's. */
static bool open_all(struct boundary *b, struct inner *in)
{
	bool all = true;
	for (size_t i = 0; i < KINDS; i++) {
		in->namespaces[i] = all ? fd_open(b->process, kinds[i].link, O_RDONLY | O_NONBLOCK, 0) : -1;
		all = all && in->namespaces[i] >= 0;
	}
	return all;
}

static void ask_inside(struct boundary *b, const struct doc *sysctls)
{
	const size_t count = sysctls ? sysctls->count : 0;
	const size_t size = sizeof(struct inner) +
		(count < LIMIT_SYSCTLS ? count : LIMIT_SYSCTLS) * sizeof(struct inner_ask);
	struct inner *in = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (in == MAP_FAILED)
		return;
	fill(b, in, sysctls);
	if (open_all(b, in)) {
		if (!go_inside(in))
			return; /* it is still at it: memory and descriptors are its own */
		tell(b, in);
	}
	for (size_t i = 0; i < KINDS; i++)
		(void)fd_close(in->namespaces[i]);
	(void)munmap(in, size);
}

/* "  eth0: 0 0 …", behind two lines of headings. */
static void add_interfaces(struct boundary *b)
{
	struct bytes text = boundary_read(b, "net/dev"), line;
	struct doc *list = text.data ? make_array(b->arena, b->to, "interfaces") : NULL;
	while (list && list->count < INTERFACES_MOST && read_line(&text, &line)) {
		const char *colon = line.len ? memrchr(line.data, ':', line.len) : NULL;
		if (colon)
			make_string(b->arena, list, NULL,
				read_trimmed((struct bytes){ line.data, (size_t)(colon - line.data) }));
	}
}

/* "monotonic 86400 0" */
static void add_clocks(struct boundary *b)
{
	static const char *const names[] = { "monotonic", "boottime", NULL };
	struct bytes text = boundary_read(b, "timens_offsets"), line, word;
	struct doc *to = text.data ? make_object(b->arena, b->to, "timeOffsets") : NULL;
	while (read_line(&text, &line)) {
		int64_t part[2] = { 0 };
		if (!read_word(&line, &word) || !word_among(word, names) || make_found(to, word))
			continue;
		const char *name = arena_copy(b->arena, word);
		size_t n = 0;
		for (; n < 2 && read_word(&line, &word) && boundary_integer(word, &part[n]); n++)
			;
		struct doc *one = n == 2 && name ? make_object(b->arena, to, name) : NULL;
		make_int(b->arena, one, "secs", part[0]);
		make_int(b->arena, one, "nanosecs", part[1]);
	}
}

void boundary_inner(struct boundary *b)
{
	const struct doc *sysctls = doc_find(b->of->config, "linux.sysctl");
	const bool any = sysctls && sysctls->type == DOC_OBJECT && sysctls->count > 0;
	if (any || boundary_wants(b, "hostname") || boundary_wants(b, "domainname"))
		ask_inside(b, any ? sysctls : NULL);
	if (boundary_wants(b, "linux.netDevices"))
		add_interfaces(b);
	if (boundary_wants(b, "linux.timeOffsets"))
		add_clocks(b);
}
