/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes the same program give another result, or take another time, on another host: its processors, and how the
 * kernel lays memory out. Nothing of it is asked for an ordinary container.
 *
 * The processor's model and flags are kept until the next boot, in a file of their own: some kernels ask every CPU, and
 * wait for 10 ms, when /proc/cpuinfo is opened (Linux 4.14 to 5.17), and who does not ask should not read them either.
 * The microcode can be changed while the kernel runs, and is read anew.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/host/kept.h"
#include "validate/host/probe.h"
#include "validate/host/read.h"

#define NAME "hardware"
#define FORMAT "runvet-hardware 1"
#define CPUINFO_BYTES ((size_t)16 << 10) /* of the first CPU, and what more is read with it */
#define FLAGS_MOST 1024u
#define NODES_MOST 1024u
#define GOVERNORS_MOST 16u

/* What /proc/cpuinfo calls it on one architecture or another; the first that is there counts. */
static const char *const vendors[] = { "vendor_id", "CPU implementer", "platform", NULL };
static const char *const models[] = { "model name", "cpu model", "uarch", "CPU part", "cpu", "machine", NULL };
static const char *const microcodes[] = { "microcode", NULL };
static const char *const flag_lists[] = { "flags", "Features", "features", "isa", NULL };

struct cpu {
	struct bytes vendor, model, microcode, flags; /* flags parted by blanks */
};

/* As much of the file as fits: of 256 CPUs the list is long, and they are alike. */
static struct bytes read_start(struct probe *p)
{
	char *data = arena_alloc(p->arena, CPUINFO_BYTES);
	cleanup_close int fd = probe_open(p, "proc", "cpuinfo");
	struct stat st;
	size_t len = 0;
	if (!data || fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return (struct bytes){ 0 };
	while (len < CPUINFO_BYTES) {
		const ssize_t n = read(fd, data + len, CPUINFO_BYTES - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
		if (memmem(data, len, "\n\n", 2))
			break;
	}
	return (struct bytes){ data, len };
}

/* The value of the first of those names that has one, in the lines down to the first empty one. */
static struct bytes value_of(struct bytes text, const char *const *names)
{
	for (; *names; names++) {
		struct bytes rest = text, line;
		while (read_line(&rest, &line) && line.len) {
			const char *colon = memchr(line.data, ':', line.len);
			if (!colon)
				continue;
			const size_t n = (size_t)(colon - line.data);
			const struct bytes value = read_trimmed((struct bytes){ colon + 1, line.len - n - 1 });
			if (value.len && bytes_is(read_trimmed((struct bytes){ line.data, n }), *names))
				return value;
		}
	}
	return (struct bytes){ 0 };
}

/* "vendor: GenuineIntel" and so on, by the names of the document. */
static bool recall(struct probe *p, struct cpu *ret)
{
	static const char *const kept[][2] = { { "vendor" }, { "model" }, { "microcode" }, { "flags" } };
	const struct bytes text = kept_read(p->arena, p->host, kept_once(p->host, &p->kept), NAME, FORMAT);
	*ret = (struct cpu){ value_of(text, kept[0]), value_of(text, kept[1]), value_of(text, kept[2]),
		value_of(text, kept[3]) };
	return ret->model.len && ret->flags.len;
}

static void keep_line(struct text *to, const char *name, struct bytes value)
{
	text_printf(to, "%s: ", name);
	text_bytes(to, value);
	text_char(to, '\n');
}

static void keep(struct probe *p, const struct cpu *c)
{
	const int directory = kept_once(p->host, &p->kept);
	struct text all = text_growing(p->arena);
	keep_line(&all, "vendor", c->vendor);
	keep_line(&all, "model", c->model);
	keep_line(&all, "microcode", c->microcode);
	keep_line(&all, "flags", c->flags);
	if (directory >= 0 && !all.cut)
		kept_write(p->arena, p->host, directory, NAME, FORMAT, (struct bytes){ all.data, all.len });
}

static struct cpu cpu_of(struct probe *p)
{
	const bool keeps = p->host->live && p->host->cache;
	struct cpu c = { 0 };
	if (keeps && recall(p, &c))
		return c;
	const struct bytes text = read_start(p);
	c = (struct cpu){ value_of(text, vendors), value_of(text, models), value_of(text, microcodes),
		value_of(text, flag_lists) };
	if (keeps && c.model.len && c.flags.len)
		keep(p, &c);
	return c;
}

static int by_bytes(const void *a, const void *b)
{
	const struct bytes *x = a, *y = b;
	const int order = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);
	return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* Sorted, so that two kernels that print them in another order say the same. */
static void add_words(struct probe *p, struct doc *to, const char *key, struct bytes words)
{
	struct bytes *all = arena_array(p->arena, FLAGS_MOST, sizeof(*all));
	size_t count = 0;
	if (!all || !words.len)
		return;
	while (count < FLAGS_MOST && read_word(&words, &all[count]))
		count++;
	qsort(all, count, sizeof(*all), by_bytes);
	struct doc *list = make_array(p->arena, to, key);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || !bytes_equal(all[i], all[i - 1]))
			make_string(p->arena, list, NULL, all[i]);
}

static void add_some(struct probe *p, struct doc *to, const char *key, struct bytes value)
{
	if (value.len)
		make_string(p->arena, to, key, value);
}

static void add_cpu(struct probe *p, struct doc *to)
{
	const struct cpu c = cpu_of(p);
	const struct bytes now = read_trimmed(probe_sysfs(p, "devices/system/cpu/cpu0/microcode/version"));
	struct doc *cpu = make_object(p->arena, to, "cpu");
	add_some(p, cpu, "vendor", c.vendor);
	add_some(p, cpu, "model", c.model);
	add_some(p, cpu, "microcode", now.len ? now : c.microcode);
	add_words(p, cpu, "flags", c.flags);
}

/* The names of the governors, each once; a policy is what a group of CPUs has in common. */
static void add_governor(struct probe *p, struct doc *list, struct bytes name)
{
	const char *path = bytes_start(name, "policy")
		? arena_printf(p->arena, "devices/system/cpu/cpufreq/%.*s/scaling_governor", (int)name.len, name.data)
		: NULL;
	const struct bytes governor = path ? read_trimmed(probe_sysfs(p, path)) : (struct bytes){ 0 };
	if (!governor.len || !list || list->count >= GOVERNORS_MOST)
		return;
	for (const struct doc *e = list->first; e; e = e->next)
		if (bytes_equal(e->string, governor))
			return;
	make_string(p->arena, list, NULL, governor);
}

static void add_governors(struct probe *p, struct doc *to)
{
	struct doc *list = make_array(p->arena, make_document(p->arena), "all");
	struct bytes all[GOVERNORS_MOST];
	struct text joined = text_growing(p->arena);
	size_t count = 0;
	(void)probe_list(p, "sys/devices/system/cpu/cpufreq", add_governor, list);
	for (const struct doc *e = list ? list->first : NULL; e && count < GOVERNORS_MOST; e = e->next)
		all[count++] = e->string;
	qsort(all, count, sizeof(all[0]), by_bytes);
	for (size_t i = 0; i < count; i++) {
		text_add(&joined, i ? "," : "");
		text_bytes(&joined, all[i]);
	}
	add_some(p, to, "governor", (struct bytes){ joined.data, joined.len });
}

static void count_node(struct probe *p, struct doc *to, struct bytes name)
{
	uint64_t n;
	const struct bytes digits = name.len > 4 ? (struct bytes){ name.data + 4, name.len - 4 } : (struct bytes){ 0 };
	if (!bytes_start(name, "node") || !read_number(digits, &n) || n >= NODES_MOST)
		return;
	const char *path = arena_printf(p->arena, "devices/system/node/node%u/cpulist", (unsigned)n);
	const char *key = arena_copy(p->arena, digits);
	const struct bytes cpus = path ? probe_sysfs(p, path) : (struct bytes){ 0 };
	/* A node without CPUs has an empty list; what cannot be read is counted, and not known. */
	if (key && cpus.data)
		make_string(p->arena, to, key, read_trimmed(cpus));
	else if (key)
		make_bool(p->arena, to, key, false);
}

/* A kernel without NUMA has no such directory, and is one node. */
static void add_nodes(struct probe *p, struct doc *to)
{
	struct doc *nodes = make_object(p->arena, make_document(p->arena), "nodes");
	if (!probe_list(p, "sys/devices/system/node", count_node, nodes) || !nodes || !nodes->count)
		return;
	make_uint(p->arena, to, "numaNodes", nodes->count);
	struct doc *sorted = make_object(p->arena, to, "numaCpus");
	for (unsigned n = 0; n < NODES_MOST && sorted && sorted->count < nodes->count; n++) {
		char name[16];
		struct text t = text_over(name, sizeof(name));
		text_printf(&t, "%u", n);
		const struct doc *d = doc_get(nodes, name);
		if (d && d->type == DOC_STRING)
			make_string(p->arena, sorted, name, d->string);
	}
}

void probe_hardware(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "hardware");
	uint64_t active;
	add_cpu(p, to);
	if (read_number(read_trimmed(probe_sysfs(p, "devices/system/cpu/smt/active")), &active))
		make_bool(p->arena, to, "smt", active != 0);
	add_governors(p, to);
	add_some(p, to, "isolated", read_trimmed(probe_sysfs(p, "devices/system/cpu/isolated")));
	add_nodes(p, to);
}

/* "always [madvise] never": the word in brackets. */
static void add_chosen(struct probe *p, struct doc *to, const char *key, const char *path)
{
	struct bytes text = probe_sysfs(p, path), word;
	while (read_word(&text, &word))
		if (word.len > 2 && word.data[0] == '[' && word.data[word.len - 1] == ']')
			make_string(p->arena, to, key, (struct bytes){ word.data + 1, word.len - 2 });
}

void probe_tuning(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "tuning");
	uint64_t balancing;
	bool realtime = false;
	probe_add_uint(p, to, "aslr", "proc/sys/kernel/randomize_va_space");
	add_chosen(p, to, "thp", "kernel/mm/transparent_hugepage/enabled");
	if (read_number_below(p->host->root, "proc/sys/kernel/numa_balancing", &balancing))
		make_bool(p->arena, to, "numaBalancing", balancing != 0);
	probe_add_uint(p, to, "swappiness", "proc/sys/vm/swappiness");
	probe_add_uint(p, to, "overcommit", "proc/sys/vm/overcommit_memory");
	if (probe_bool(p, "sys/kernel/realtime", &realtime))
		make_bool(p->arena, to, "realtime", realtime);
}
