/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By which policy runvetctl check judges: a site's, a built-in profile without any file, both (that profile of the
 * site's, or with its exemptions), or none; and who is said to call.
 */
#include <errno.h>

#include "ctl/check/check.h"
#include "ctl/ctl.h"
#include "validate/base/near.h"
#include "validate/doc/make.h"
#include "validate/policy/policy_parts.h"

int against_policy(void *against, const char *word)
{
	struct against *x = against;
	if (x->has_policy)
		return usage(&verb_check, "--policy may be given once");
	x->held = true;
	if (strcmp(word, "none") == 0)
		return CTL_GOOD;
	x->has_policy = true;
	const int r = policy_open(word, &x->site);
	for (const struct policy_fault *f = x->site.faults; f; f = f->next)
		(void)against_fault(f->why.file[0] ? f->why.file : x->site.path, &f->why);
	if (r < 0)
		return x->site.faults ? CTL_USAGE : trouble("%s cannot be used: %s", word, errno_words(r));
	if (!x->site.policy.present)
		return trouble("there is no policy at %s", x->site.path);
	x->policy = x->site.policy;
	return CTL_GOOD;
}

int against_profile(void *against, const char *word)
{
	struct against *x = against;
	if (x->profile)
		return usage(&verb_check, "--profile may be given once");
	x->held = true;
	x->profile = word;
	return CTL_GOOD;
}

/* Facts without words of trust are believed: who names the file says them. */
static const struct doc *believed(struct arena *a, const struct doc *facts)
{
	struct doc *all = make_document(a), *trust;

	if (doc_get(facts, "trust"))
		return facts;
	for (const struct doc *m = facts->first; m; m = m->next)
		(void)make_copy(a, all, arena_copy(a, m->key), m);
	trust = make_object(a, all, "trust");
	for (const struct doc *m = facts->first; m; m = m->next)
		(void)make_string(a, trust, arena_copy(a, m->key), BYTES("kernel"));
	return make_whole(all) ? all : NULL;
}

int against_context(void *against, const char *word)
{
	struct against *x = against;
	const struct doc_options options = { .file = word, .cause = CAUSE_COMMAND_LINE };
	const struct doc *root;
	const char *file;
	struct bytes text;
	struct fail why = { 0 };

	if (x->context)
		return usage(&verb_check, "--context may be given once");
	x->held = true;
	if (strcmp(word, "none") == 0) {
		x->context = make_document(&x->arena);
		return x->context ? CTL_GOOD : trouble("no memory");
	}
	if (strcmp(word, "-") == 0 && x->stdin_taken)
		return usage(&verb_check, "standard input can be read once");
	x->stdin_taken |= strcmp(word, "-") == 0;
	if (input_get(&x->arena, word, &file, &text) < 0)
		return CTL_USAGE;
	if (doc_parse(&x->arena, text, &options, &root, &why) < 0)
		return against_fault(word, &why);
	if (root->type != DOC_OBJECT)
		return trouble("%s: a context must be an object, found %s", word, doc_type_words(root->type));
	x->context = believed(&x->arena, root);
	return x->context ? CTL_GOOD : trouble("no memory");
}

/* Nothing is asked by a policy that nobody named. */
static int choose_nothing(struct against *x)
{
	struct library *library = library_new(&x->arena, 0);

	policy_default(&x->policy);
	x->policy.library = library;
	x->policy.profile = library ? library_profile(library, BYTES("privileged@1")) : NULL;
	return x->policy.profile ? CTL_GOOD : trouble("no memory");
}

static int unknown_profile(const char *word)
{
	const char *names[512] = { NULL };

	for (size_t i = 0; builtin_profiles[i].name && i < 511; i++)
		names[i] = builtin_profiles[i].name;
	const char *near = near_word(bytes_of(word), names);
	if (near)
		return usage(&verb_check, "there is no profile %s; did you mean %s?", word, near);
	return usage(&verb_check, "there is no profile %s; runvetctl policy show --profile NAME shows one", word);
}

int against_rule(struct against *x)
{
	if (!x->has_policy && choose_nothing(x) != CTL_GOOD)
		return CTL_USAGE;
	if (!x->profile)
		return CTL_GOOD;
	if (!x->policy.library)
		x->policy.library = library_new(&x->arena, 0);
	const char *newest = builtin_newest(bytes_of(x->profile)), *instead = builtin_instead(bytes_of(x->profile));
	const char *name = newest ? newest : instead ? instead : x->profile;
	const struct profile *p = x->policy.library ? library_profile(x->policy.library, bytes_of(x->profile)) : NULL;
	if (!p && x->policy.library)
		p = library_profile(x->policy.library, bytes_of(name));
	if (!p)
		return unknown_profile(x->profile);
	x->policy.profile = p;
	x->policy.select_count = 0;
	return CTL_GOOD;
}
