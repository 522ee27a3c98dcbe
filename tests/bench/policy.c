/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy costs a create, without the process around it. Usage: bench-policy CONFIG
 *
 * CONFIG, judged without a policy file, by the newest built-in profiles, and by a policy as large as there may be one:
 * 500 rules of its own, 100 profiles, 1000 exemptions. Exit status 1 when the default adds more than 100 us, or the
 * large one more than 5 ms. Every number is the least of several runs, for the machine has other things to do.
 */
#include <stdio.h>
#include <time.h>

#include "validate/base/limits.h"
#include "validate/policy/decide.h"
#include "validate/policy/evaluate.h"

#define MOST_DEFAULT_US 100
#define MOST_LARGE_US 5000

static double microseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The call that all of it is judged for: an engine's own mounts are no findings, as in life. */
static const char call[] =
	"{\"engine\":\"docker\",\"verb\":\"create\",\"pod\":{\"namespace\":\"tenant-7\"},\"managed\":["
	"\"/var/lib/docker/containers/**\",\"/var/lib/containers/storage/**\",\"/run/containers/storage/"
	"**\"],\"trust\":{"
	"\"engine\":\"place\",\"verb\":\"kernel\",\"pod\":\"engine\",\"managed\":\"place\"}}";

struct cost {
	double policy, all; /* microseconds: of the policy alone; of everything */
	struct report report;
	const char *fault;
};

static struct cost once(struct bytes policy, struct bytes config)
{
	static struct fail why;
	const struct doc_options options = { .file = "bench", .cause = CAUSE_BUNDLE };
	const struct file f = { .fd = -1, .path = "policy.json", .bytes = policy };
	const struct doc *root = NULL, *context = NULL;
	struct cost cost = { 0 };
	struct policy p;
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	const double start = microseconds();
	int r = 0;
	if (policy.len > 0)
		r = policy_parse(&a, &f, &p, &why);
	else
		policy_default(&p);
	cost.policy = microseconds() - start;
	if (r == 0)
		r = doc_parse(&a, config, &options, &root, &why);
	if (r == 0)
		r = doc_parse(&a, bytes_of(call), &options, &context, &why);
	const struct evaluation e = { .file = "bench",
		.text = config,
		.root = root,
		.below = "",
		.policy = &p,
		.context = context };
	if (r == 0)
		r = evaluate(&a, &e, &cost.report, NULL, &why);
	cost.all = microseconds() - start;
	cost.fault = r < 0 ? why.says : NULL;
	cost.report.findings = NULL;
	cost.report.applied = NULL;
	arena_done(&a);
	return cost;
}

static struct cost least(struct bytes policy, struct bytes config, int runs)
{
	struct cost best = once(policy, config);
	for (int i = 1; i < runs; i++) {
		const struct cost c = once(policy, config);
		if (c.all < best.all)
			best = c;
	}
	return best;
}

static size_t large(char *to, size_t size)
{
	size_t n = (size_t)snprintf(to, size,
		"{\"version\":1,\"profile\":\"p99\",\"profiles\":{\"p0\":{\"extends\":[\"baseline@v1.37\"]}");
	for (int i = 1; i < 100; i++)
		n += (size_t)snprintf(to + n, size - n,
			",\"p%d\":{\"extends\":[\"p%d\"],\"rules\":{\"caps.allowed\":{\"params\":{\"allow\":[\"ALL\"]}}"
			","
			"\"custom.rule-%d\":{\"mode\":\"warn\"}}}",
			i, i - 1, i);
	n += (size_t)snprintf(to + n, size - n, "},\"select\":[{\"profile\":\"p0\",\"when\":{\"engine\":\"podman\"}}");
	for (int i = 1; i < 100; i++)
		n += (size_t)snprintf(to + n, size - n,
			",{\"profile\":\"p%d\",\"when\":{\"pod.namespace\":\"team-%d-*\"}}", i, i);
	n += (size_t)snprintf(to + n, size - n, "],\"custom\":[");
	for (int i = 0; i < 500; i++)
		n += (size_t)snprintf(to + n, size - n,
			"%s{\"id\":\"custom.rule-%d\",\"at\":\"mounts[].source\",\"op\":\"not-glob\",\"values\":[\"/"
			"srv/%d/**\"],"
			"\"message\":\"ask the storage team\"}",
			i ? "," : "", i, i);
	n += (size_t)snprintf(to + n, size - n, "],\"exempt\":[");
	for (int i = 0; i < 1000; i++)
		n += (size_t)snprintf(to + n, size - n,
			"%s{\"id\":\"EX-%d\",\"rules\":[\"mount.host\",\"custom.rule-%d\"],\"match\":{\"pod."
			"namespace\":\"tenant-%d\"},"
			"\"values\":{\"source\":[\"/srv/%d/a\"]},\"reason\":\"moved next "
			"quarter\",\"owner\":\"team-%d\","
			"\"notAfter\":\"2099-01-31T00:00:00Z\",\"provided\":[\"nnp\"]}",
			i ? "," : "", i, i % 500, i, i, i);
	return n + (size_t)snprintf(to + n, size - n, "]}");
}

int main(int argc, char **argv)
{
	static char config[LIMIT_DOC_BYTES], policy[LIMIT_CONF_BYTES];
	FILE *f = argc == 2 ? fopen(argv[1], "re") : NULL;
	if (!f) {
		fprintf(stderr, "usage: bench-policy CONFIG\n");
		return 2;
	}
	const struct bytes text = { config, fread(config, 1, sizeof(config), f) };
	fclose(f);
	const struct bytes none = BYTES("{\"version\":1,\"profile\":\"privileged@1\"}");
	const struct cost bare = least(none, text, 500), usual = least((struct bytes){ 0 }, text, 500);
	const struct cost most = least((struct bytes){ policy, large(policy, sizeof(policy)) }, text, 50);
	if (bare.fault || usual.fault || most.fault) {
		fprintf(stderr, "%s\n", bare.fault ? bare.fault : usual.fault ? usual.fault : most.fault);
		return 2;
	}
	printf("no profile    %7.1f us\n", bare.all);
	printf("the default   %7.1f us, %+.1f us\n", usual.all, usual.all - bare.all);
	printf("a large one   %7.1f us, %+.1f us, of which reading %zu KiB takes %.1f us\n", most.all,
		most.all - bare.all, strlen(policy) >> 10, most.policy);
	return usual.all - bare.all > MOST_DEFAULT_US || most.all - bare.all > MOST_LARGE_US;
}
