/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl policy: looks at a policy before a container does. It reads what runvet reads, by the same functions, and
 * judges by the same evaluator; only whose the files are is not asked of those that the caller names himself.
 */
#include "ctl/policy.h"

#include <stdio.h>
#include <sys/stat.h>

#include "config.h"
#include "validate/base/limits.h"
#include "validate/base/near.h"
#include "validate/base/when.h"

static const struct subverb *const subverbs[] = { &policy_check, &policy_show, &policy_test, &policy_diff,
	&policy_coverage, &policy_init, &policy_install };

#define SUBVERB_WORDS "check, show, test, diff, coverage, init or install"
#define SUBVERBS (sizeof(subverbs) / sizeof(subverbs[0]))

int policy_open(const char *given, struct opened *ret)
{
	struct stat st;

	*ret = (struct opened){ .path = given ? given : RUNVET_SITE "/policy.json" };
	arena_init(&ret->arena, LIMIT_ARENA);
	if (given && stat(given, &st) == 0 && S_ISDIR(st.st_mode)) {
		const size_t len = strlen(given);
		ret->path = arena_printf(&ret->arena, "%s%spolicy.json", given,
			len > 0 && given[len - 1] == '/' ? "" : "/");
	}
	if (!ret->path)
		return trouble("no memory");
	return policy_look(&ret->arena, ret->path, given != NULL, &ret->policy, &ret->faults);
}

void policy_close(struct opened *o)
{
	arena_done(&o->arena);
}

size_t policy_print_faults(struct opened *o)
{
	struct text to = text_growing(&o->arena);
	size_t count = 0;

	for (const struct policy_fault *f = o->faults; f; f = f->next, count++) {
		text_shown(&to, bytes_of(f->why.file), sizeof(f->why.file) * 4);
		if (f->why.place.line > 0)
			text_printf(&to, ":%u:%u", f->why.place.line, f->why.place.column);
		text_add(&to, ": error: ");
		text_shown(&to, bytes_of(f->why.says), sizeof(f->why.says) * 4);
		if (f->why.rule[0])
			text_printf(&to, " [%s]", f->why.rule);
		text_char(&to, '\n');
	}
	(void)put(to.data);
	return count;
}

/* What is no fault, and worth knowing before it is one. */
static void write_remarks(const struct policy *p, struct text *to)
{
	const struct timespec now = when_now();
	struct fail why;

	if (policy_clock(p, now, &why) < 0)
		text_printf(to, "warning: %s\n", why.says);
	for (const struct newer *n = p->library ? p->library->newer : NULL; n; n = n->next) {
		origin_write(&n->from, to);
		text_add(to, ": warning: ");
		text_shown(to, n->from.at->string, 64);
		text_printf(to, " is newer than this runvet; %s is what holds\n", n->instead->name);
	}
	for (size_t i = 0; i < p->exempt_count; i++) {
		const struct exemption *x = &p->exempt[i];
		const long left = x->ends.tv_sec - now.tv_sec;
		char day[WHEN_SIZE];
		if (left > 14L * 86400)
			continue;
		when_write(x->ends, false, day);
		origin_write(&x->from, to);
		text_printf(to, ": warning: the exemption %s %s on %.10s\n", x->id, left <= 0 ? "ended" : "ends", day);
	}
}

static size_t customs(const struct library *lib)
{
	size_t count = 0;
	for (size_t i = 0; lib && i < lib->count; i++)
		count += lib->controls[i].custom;
	return count;
}

static size_t own_profiles(const struct library *lib)
{
	size_t count = 0;
	for (const struct profile *p = lib ? lib->profiles : NULL; p; p = p->next)
		count += p->from.file != NULL;
	return count;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static int check(int argc, char **argv)
{
	struct opened o;
	if (argc > 2)
		return usage(&verb_policy, "check takes one policy, got %s as well", argv[2]);
	const int r = policy_open(argc > 1 ? argv[1] : NULL, &o);
	int code = CTL_GOOD;
	if (r < 0) {
		const size_t count = policy_print_faults(&o);
		fprintf(stdout, "%s: %zu fault%s: every judged call is refused by such a policy\n", o.path, count,
			plural(count));
		code = CTL_FOUND;
	} else if (!o.policy.present) {
		code = argc > 1 ? trouble("there is no policy at %s", o.path)
				: put("there is no policy file; that is no fault, and runvetctl policy show tells what "
				      "holds then\n");
	} else {
		const struct policy *p = &o.policy;
		const size_t profiles = own_profiles(p->library), rules = customs(p->library);
		struct text to = text_growing(&o.arena);
		write_remarks(p, &to);
		text_printf(&to,
			"%s: good: %zu file%s, %zu profile%s, %zu clause%s of select, %zu exemption%s, %zu rule%s of "
			"its "
			"own\n",
			o.path, p->file_count, plural(p->file_count), profiles, plural(profiles), p->select_count,
			plural(p->select_count), p->exempt_count, plural(p->exempt_count), rules, plural(rules));
		code = put(to.data);
	}
	policy_close(&o);
	return code;
}

const struct subverb policy_check = { .name = "check", .summary = "list what is wrong with a policy", .run = check };

static int run(int argc, char **argv)
{
	const char *names[SUBVERBS + 1] = { NULL };
	if (argc < 2)
		return usage(&verb_policy, "what to do is missing: " SUBVERB_WORDS);
	for (size_t i = 0; i < SUBVERBS; i++) {
		names[i] = subverbs[i]->name;
		if (strcmp(argv[1], names[i]) == 0)
			return subverbs[i]->run(argc - 1, argv + 1);
	}
	const char *near = near_word(bytes_of(argv[1]), names);
	return near ? usage(&verb_policy, "unknown verb policy %s; did you mean %s?", argv[1], near)
		    : usage(&verb_policy, "unknown verb policy %s: " SUBVERB_WORDS, argv[1]);
}

const struct verb verb_policy = {
	.name = "policy",
	.summary = "check, show, test, compare and install a policy",
	.help = "Usage: runvetctl policy check [POLICY]\n"
		"       runvetctl policy show [--profile NAME] [--context FILE] [POLICY]\n"
		"       runvetctl policy test [POLICY]\n"
		"       runvetctl policy diff [--live] [--context FILE] [--chain]\n"
		"                             OLD NEW [BUNDLE|CONFIG|RECORD...]\n"
		"       runvetctl policy coverage [--live] [--context FILE]\n"
		"                                 POLICY BUNDLE|CONFIG...\n"
		"       runvetctl policy init [--profile NAME] [--to FILE]\n"
		"       runvetctl policy install [--to DIR] [--force] DIR\n"
		"       runvetctl policy install --undo [--to DIR]\n\n"
		"POLICY is a directory that holds policy.json and policy.d, or a policy.json; the\n"
		"policy of this host when it is left out.\n\n"
		"  check     lists everything that is wrong with it, with file, line and column\n"
		"  show      prints what holds: each switch with the place that set it, and the\n"
		"            rules of a profile with their modes and parameters\n"
		"  test      runs the cases in \"tests\", and in *.test.json beside policy.json and\n"
		"            in policy.d, and says which of them come out as they are expected\n"
		"  diff      says which documents NEW decides otherwise than OLD; a record stands\n"
		"            for its document, as long as that is still there, unchanged\n"
		"  coverage  lists rules that never fired, and exemptions, clauses of select and\n"
		"            of shadow that were for none of the documents\n"
		"  init      writes " RUNVET_SITE "/policy.json where there is none: it audits, has\n"
		"            an exemption for what runs and would be refused, and tells the way\n"
		"            to enforcing in its comments\n"
		"  install   checks DIR, runs its cases, and puts it in the place of /etc/runvet\n"
		"            in one step; what else is there (runtimes.d) is kept\n\n"
		"      --profile NAME  show: the rules of that profile, not of the default one;\n"
		"                      init: the profile to begin with\n"
		"      --context FILE  the profile for that call (docs/context.md); without it a\n"
		"                      bundle's place tells, and of a mere file nothing is known\n"
		"      --live          diff, coverage: hold files against this host, too\n"
		"      --chain         diff: all records of this host\n"
		"      --to DIR        install: there, not in /etc/runvet; init: that file, or -\n"
		"      --force         install: though its own cases fail\n"
		"      --undo          install: put back the one before\n"
		"  -h, --help          this text\n\n"
		"Examples:\n"
		"  runvetctl policy diff /etc/runvet ./site --chain\n"
		"  runvetctl policy diff old.json new.json ci/*.json\n"
		"  runvetctl policy coverage /etc/runvet /run/containerd/*.task/moby/*\n"
		"  runvetctl policy coverage --context docker.json ./site ci/*.json\n"
		"  runvetctl policy init --to -\n"
		"  runvetctl policy install ./site\n"
		"  runvetctl policy install --undo\n\n"
		"Exit status: 0 good, 1 a fault, a failed case, a changed decision or something\n"
		"never used, 2 a wrong command line or a file that cannot be read.\n",
	.run = run,
};
