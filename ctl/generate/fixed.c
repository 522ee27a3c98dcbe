/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a configuration has more where a profile wants the container to be the same twice: one CPU and the memory beside
 * it, no swap, variables that results depend on. One CPU, because then there is one order to add in; who needs more
 * changes the list and OMP_NUM_THREADS together.
 */
#include "ctl/generate/generate.h"
#include "validate/rule/cpuset.h"

static const struct {
	const char *family;
	enum fixed fixed;
} families[] = {
	{ "deterministic", FIXED_TWICE },
	{ "simulation", FIXED_TWICE },
	{ "robotics", FIXED_REALTIME },
};

enum fixed fixed_for(const char *profile)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const size_t n = strlen(families[i].family);
		if (strncmp(profile, families[i].family, n) == 0 && (!profile[n] || profile[n] == '@'))
			return families[i].fixed;
	}
	return FIXED_NOT;
}

const char *const fixed_variables[] = { "TZ=UTC", "LC_ALL=C.UTF-8", "SOURCE_DATE_EPOCH=0", "PYTHONHASHSEED=0",
	"OMP_NUM_THREADS=1", "OMP_DYNAMIC=false", NULL };

/* The last number of a list such as "0-3,7": the first CPU has most of what a host does on the side. */
static unsigned last_of(struct bytes list, unsigned otherwise)
{
	size_t start = list.len;
	unsigned n = 0;

	while (start > 0 && list.data[start - 1] >= '0' && list.data[start - 1] <= '9')
		start--;
	for (size_t i = start; i < list.len && n < 100000; i++)
		n = n * 10 + (unsigned)(list.data[i] - '0');
	return start < list.len ? n : otherwise;
}

static unsigned last_at(const struct doc *host, const char *const *paths, unsigned otherwise)
{
	for (; *paths; paths++) {
		const struct bytes list = doc_string(host, *paths, BYTES(""));
		if (list.len > 0)
			return last_of(list, otherwise);
	}
	return otherwise;
}

/* The memory node of a CPU. */
static unsigned node_of(const struct doc *host, unsigned cpu, unsigned otherwise)
{
	const struct doc *nodes = doc_find(host, "hardware.numaCpus");
	char number[16];
	struct text t = text_over(number, sizeof(number));

	text_printf(&t, "%u", cpu);
	for (const struct doc *n = nodes && nodes->type == DOC_OBJECT ? nodes->first : NULL; n; n = n->next)
		if (n->type == DOC_STRING && cpuset_meets(n->string, (struct bytes){ number, t.len }))
			return last_of(n->key, otherwise);
	return otherwise;
}

static void add_number(struct arena *a, struct doc *to, const char *key, unsigned n)
{
	char number[16];
	struct text t = text_over(number, sizeof(number));

	text_printf(&t, "%u", n);
	(void)make_string(a, to, key, (struct bytes){ number, t.len });
}

void fixed_cpus(struct arena *a, const struct generated *g, struct doc *cpu)
{
	static const char *const cpus[] = { "cgroup.cpus", "self.cpusAllowed", "cpus.online", NULL };
	static const char *const mems[] = { "cgroup.mems", "self.memsAllowed", "nodes.memory", NULL };
	const unsigned one = last_at(g->host, cpus, 0);

	add_number(a, cpu, "cpus", one);
	add_number(a, cpu, "mems", node_of(g->host, one, last_at(g->host, mems, 0)));
	if (g->fixed == FIXED_REALTIME && doc_true(g->host, "scheduler.rtGroup")) {
		(void)make_uint(a, cpu, "realtimePeriod", 1000000);
		(void)make_uint(a, cpu, "realtimeRuntime", 100000);
	}
}
