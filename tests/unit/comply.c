/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compliance map: every property has a line and a sound sample, and what is known of a delegate and a host, by
 * hand, is what the lines say.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/check.h"
#include "validate/comply.h"

static struct arena arena;

static const struct doc *read_doc(const char *written)
{
	const struct doc_options options = { .file = "test" };
	const struct doc *ret = NULL;
	struct fail why;
	char *text = arena_copy(&arena, bytes_of(written));
	for (char *s = text; *s; s++)
		if (*s == '\'')
			*s = '"';
	if (doc_parse(&arena, bytes_of(text), &options, &ret, &why) < 0)
		printf("# %s: %s\n", written, why.says);
	return ret;
}

static const struct doc *read_host(const char *name)
{
	char path[64];
	static char text[65536];
	(void)snprintf(path, sizeof(path), "tests/host/%s.json", name);
	FILE *f = fopen(path, "re");
	const size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[n] = '\0';
	if (f)
		(void)fclose(f);
	return read_doc(text);
}

static void check_sample(const struct comply_sample *s, const char *word)
{
	const struct doc_options options = { .file = "sample" };
	struct report report = { 0 };
	struct check_input in = { .file = "sample", .of = OF_BUNDLE, .below = "" };
	struct fail why = { 0 };
	int r = comply_config(&arena, s, word, &in.text, &why);
	if (r == 0)
		r = doc_parse(&arena, in.text, &options, &in.root, &why);
	if (r == 0)
		r = check(&arena, &in, &report, &why);
	/* Words that the specification wants to have company for; the host's and the delegate's rows do not. */
	static const char *const social[] = { "idmap", "ridmap", "tmpcopyup", "SCMP_ACT_NOTIFY" };
	for (size_t i = 0; word && i < sizeof(social) / sizeof(social[0]); i++)
		if (strcmp(word, social[i]) == 0)
			return;
	ok(r == 0 && report.errors == 0, "%s %s: its sample is sound", s->under, word ? word : "");
	for (size_t k = 0; k < report.count; k++)
		if (report.findings[k].severity == SEV_ERROR)
			printf("# %s: %s\n", report.findings[k].id, report.findings[k].says);
	if (r < 0)
		printf("# %s\n", why.says);
}

/* Each sample is what an engine could hand over: the specification finds no fault in it. */
static void check_samples(void)
{
	for (const struct comply_sample *s = comply_samples; s->under; s++)
		for (size_t i = 0; i == 0 || (s->words && s->words[i]); i++)
			check_sample(s, s->words ? s->words[i] : NULL);
}

static struct comply_map map_of(const char *host, const char *delegate)
{
	struct comply_map m = { .host = host ? read_host(host) : NULL,
		.delegate = delegate ? read_doc(delegate) : NULL };
	struct fail why = { 0 };
	if (!ok(comply_fields(&arena, &m, &why) == 0, "a map of %s", host ? host : "no host"))
		printf("# %s\n", why.says);
	return m;
}

static const struct comply_line *named(const struct comply_map *m, const char *name)
{
	for (const struct comply_line *l = m->lines; l; l = l->next)
		if (strcmp(l->name, name) == 0)
			return l;
	return NULL;
}

static void want(const struct comply_map *m, const char *name, enum comply status, const char *says)
{
	const struct comply_line *l = named(m, name);
	bool said = !says;
	for (const struct comply_evidence *e = l ? l->evidence : NULL; e; e = e->next)
		said = said || strstr(e->says, says);
	ok(l && l->status == status && said, "%s is %s%s%s", name, comply_name(status), says ? ": " : "",
		says ? says : "");
	if (l && !(l->status == status && said))
		printf("# %s: %s\n", comply_name(l->status), l->evidence ? l->evidence->says : "");
}

#define RUNC(version, rest)                                                                                            \
	"{'name':'runc','dialect':'runc','quirks':['idmap-unlisted'],'version':'" version "','spec':'1.0.2-dev'" rest  \
	"}"

static void check_releases(void)
{
	struct comply_map m = map_of("v2", RUNC("1.1.5+ds1", ""));
	want(&m, "domainname", COMPLY_NONE, "as all before 1.2.0");
	want(&m, "process.scheduler.policy", COMPLY_NONE, "as all before 1.2.0");
	want(&m, "linux.resources.memory.checkBeforeUpdate", COMPLY_NONE, "as all before 1.2.0");
	want(&m, "process.args", COMPLY_FULL, "says it keeps to 1.0.2-dev");
	want(&m, "linux.resources.memory.limit", COMPLY_FULL, "memory.max of controller memory");
	want(&m, "linux.resources.memory.swappiness", COMPLY_NONE, NULL);
	m = map_of("v2", RUNC("1.3.6", ",'features':{'ociVersionMin':'1.0.0','ociVersionMax':'1.2.1'}"));
	want(&m, "domainname", COMPLY_FULL, "known since 1.2.0");
	want(&m, "linux.memoryPolicy.nodes", COMPLY_NONE, "as all before 1.4.0");
	want(&m, "linux.netDevices.*.name", COMPLY_NONE, "as all before 1.4.0");
	want(&m, "process.execCPUAffinity.initial", COMPLY_FULL, "known since 1.3.0");
}

static void check_features(void)
{
	struct comply_map m = map_of("apparmor",
		RUNC("1.2.0",
			",'features':{'ociVersionMin':'1.0.0','ociVersionMax':'1.2.0','linux':"
			"{'namespaces':['pid','user'],'apparmor':{'enabled':false},"
			"'capabilities':['CAP_CHOWN'],'seccomp':{'enabled':false}}}"));
	want(&m, "linux.namespaces[].type: pid", COMPLY_FULL, "linux.namespaces");
	want(&m, "linux.namespaces[].type: network", COMPLY_NONE, "pid and user");
	want(&m, "process.apparmorProfile", COMPLY_NONE, "feat.linux.apparmor");
	want(&m, "process.capabilities.bounding", COMPLY_PARTIAL, "not CAP_DAC_OVERRIDE");
	want(&m, "linux.seccomp.syscalls[].action", COMPLY_NONE, NULL);
	want(&m, "hooks.poststop[].path", COMPLY_FULL, NULL);
}

static void check_unknown(void)
{
	struct comply_map m = map_of(NULL, NULL);
	size_t known = 0;
	for (const struct comply_line *l = m.lines; l; l = l->next)
		known += l->status != COMPLY_UNKNOWN;
	ok(known == 0, "of an unknown delegate on an unknown host everything is unknown");
	m = map_of(NULL, RUNC("1.1.5", ""));
	want(&m, "linux.resources.memory.limit", COMPLY_UNKNOWN, "cgroup.controllers is not known");
	want(&m, "process.args", COMPLY_FULL, "says it keeps to 1.0.2-dev");
	want(&m, "process.apparmorProfile", COMPLY_UNKNOWN, NULL);
	m = map_of("v2", "{'name':'other','dialect':'youki','quirks':[]}");
	want(&m, "process.args", COMPLY_UNKNOWN, "nothing says that the delegate knows it");
}

/* What one host has not, the line says of it; another has it. */
static void check_hosts(void)
{
	struct comply_map m = map_of("v1", RUNC("1.1.5", ""));
	want(&m, "linux.resources.unified", COMPLY_NONE, "cgroup v1");
	want(&m, "linux.resources.memory.swappiness", COMPLY_FULL, "memory.swappiness of controller memory");
	m = map_of("v2", RUNC("1.1.5", ""));
	want(&m, "linux.resources.unified", COMPLY_FULL, NULL);
	want(&m, "linux.resources.network.classID", COMPLY_NONE, NULL);
	want(&m, "process.selinuxLabel", COMPLY_NONE, "no SELinux");
	m = map_of("selinux", RUNC("1.1.5", ""));
	want(&m, "process.selinuxLabel", COMPLY_FULL, NULL);
}

int main(void)
{
	arena_init(&arena, (size_t)512 << 20);
	check_samples();
	check_releases();
	check_features();
	check_unknown();
	check_hosts();
	arena_done(&arena);
	return tap_done();
}
