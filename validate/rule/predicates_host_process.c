/* SPDX-License-Identifier: Apache-2.0 */
/* What the process asks for and this host has to grant: groups, limits, labels. */
#include "validate/rule/predicates_host.h"
#include "validate/rule/standing.h"

static bool holds_groups(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	if (d->count == 0 || standing_elsewhere(f) || standing_dialect(f, "crun"))
		return true;
	if (known_true(around_host(f, "self.setgroups")) == NO)
		return false;
	return !standing_dialect(f, "runc") || standing_euid(f, 0) == 0;
}

static void tells_groups(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_standing(f, NULL, to);
	text_add(to,
		known_true(around_host(f, "self.setgroups")) == NO ? ", where setgroups is denied"
								   : ", and the delegate sets no groups then");
}

/* Tried: runc 1.1.5 refuses them without privileges; crun 1.8.1 goes on without. */
const struct predicate be_settable_here = {
	.says = "be left out where groups cannot be set",
	.judges = DOC_ARRAY,
	.of_keys = true,
	.holds = holds_groups,
	.tells = tells_groups,
};

/* The runtime's own hard limit; NULL when it is not known, or may be raised. */
static const struct doc *own_hard(const struct facts *f, struct bytes type)
{
	const struct doc *own = around_host(f, "self.rlimits");
	if (standing_capable(f, "CAP_SYS_RESOURCE") != NO || standing_elsewhere(f))
		return NULL;
	for (const struct doc *m = own && own->type == DOC_OBJECT ? own->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, type)) {
			const struct doc *hard = doc_get(m, "hard");
			return hard && hard->type == DOC_INT ? hard : NULL;
		}
	return NULL;
}

static bool above(const struct doc *asked, const struct doc *most)
{
	return asked && most && asked->type == DOC_INT && most->type == DOC_INT && !asked->integer.negative &&
		!most->integer.negative && asked->integer.magnitude > most->integer.magnitude;
}

/* Tried: runc 1.1.5 and crun 1.8.1 both fail (EPERM), with a user namespace of the container as well. */
static bool holds_hard(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *hard = doc_get(d, "hard");
	if (!above(hard, own_hard(f, around_string(d, "type"))))
		return true;
	*ret_at = hard;
	return false;
}

static void tells_hard(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *own = own_hard(f, around_string(at->parent, "type"));
	say_standing(f, "CAP_SYS_RESOURCE", to);
	text_printf(to, ", and has %llu itself", own ? (unsigned long long)own->integer.magnitude : 0);
}

const struct predicate stay_below_the_hard_limit = {
	.says = "not exceed the hard limit of a runtime that may not raise it",
	.judges = DOC_OBJECT,
	.holds = holds_hard,
	.tells = tells_hard,
};

static bool holds_nr_open(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *hard = doc_get(d, "hard");
	if (!bytes_is(around_string(d, "type"), "RLIMIT_NOFILE") || standing_elsewhere(f) ||
		!above(hard, around_host(f, "limits.nrOpen")))
		return true;
	*ret_at = hard;
	return false;
}

static void tells_nr_open(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_printf(to, "this host has %lld there", (long long)around_int(around_host(f, "limits"), "nrOpen", 0));
}

const struct predicate stay_below_nr_open = {
	.says = "not let more files be open than sysctl fs.nr_open allows anybody",
	.judges = DOC_OBJECT,
	.holds = holds_nr_open,
	.tells = tells_nr_open,
};

/* "unconfined" asks for nothing, and yet runc 1.1.5 and crun 1.8.1 fail on it, tried. Later ones of crun may not. */
static bool fails_unconfined(const struct facts *f)
{
	return standing_dialect(f, "runc") ||
		(standing_dialect(f, "crun") && known_lower(around_string(f->delegate, "version"), "1.8.2"));
}

/* Tried: runc 1.1.5 and crun 1.8.1 fail. */
static bool holds_apparmor(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	if (d->string.len == 0 || standing_elsewhere(f))
		return true;
	if (bytes_is(d->string, "unconfined") && !fails_unconfined(f))
		return true;
	return known_true(around_host(f, "apparmor.enabled")) != NO;
}

/* Which security modules there are instead, when that is known. */
static void say_modules(const struct facts *f, const char *missing, struct text *to)
{
	const struct doc *lsm = around_host(f, "lsm");
	text_printf(to, "this host has no %s", missing);
	if (lsm && lsm->count > 0) {
		text_add(to, "; its security modules are ");
		say_list(lsm, to);
	}
}

static void tells_apparmor(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_modules(f, "AppArmor", to);
}

const struct predicate go_with_apparmor = {
	.says = "go with a kernel that has AppArmor enabled",
	.judges = DOC_STRING,
	.holds = holds_apparmor,
	.tells = tells_apparmor,
};

/* A name with ":" or "//" leads into another policy namespace or to a child profile, and is not looked for. */
static bool holds_loaded(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *profiles = around_host(f, "apparmor.profiles");
	const struct bytes name = d->string;
	if (name.len == 0 || bytes_is(name, "unconfined") || memchr(name.data, ':', name.len) || standing_elsewhere(f))
		return true;
	for (size_t i = 0; i + 1 < name.len; i++)
		if (name.data[i] == '/' && name.data[i + 1] == '/')
			return true;
	if (known_true(around_host(f, "apparmor.enabled")) != YES || !profiles || profiles->type != DOC_OBJECT)
		return true;
	for (const struct doc *p = profiles->first; p; p = p->next)
		if (bytes_equal(p->key, name))
			return true;
	return false;
}

static void tells_loaded(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct doc *profiles = around_host(f, "apparmor.profiles");
	text_add(to, "this host has ");
	if (profiles->count == 0)
		text_add(to, "none");
	else
		say_list(profiles, to);
}

const struct predicate be_a_loaded_profile = {
	.says = "be an AppArmor profile that is loaded",
	.judges = DOC_STRING,
	.holds = holds_loaded,
	.tells = tells_loaded,
};

/* Tried: runc 1.1.5 and crun 1.8.1 fail. */
static bool holds_selinux(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || standing_elsewhere(f) || known_true(around_host(f, "selinux.enabled")) != NO;
}

static void tells_selinux(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_modules(f, "SELinux", to);
}

const struct predicate go_with_selinux = {
	.says = "go with a kernel that has SELinux enabled",
	.judges = DOC_STRING,
	.holds = holds_selinux,
	.tells = tells_selinux,
};

static bool holds_valid(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || standing_elsewhere(f) || known_true(doc_get(around_place(f, d), "valid")) != NO;
}

static void tells_valid(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "this host's policy does not take it");
}

const struct predicate be_valid_here = {
	.says = "be a label of the SELinux policy that is loaded",
	.judges = DOC_STRING,
	.holds = holds_valid,
	.tells = tells_valid,
};

/*
 * Tried: runc 1.1.5 and crun 1.8.1 fail. The kernel compares with the least value that somebody privileged once set,
 * which cannot be read: whoever stands at zero or above was hardly set below it.
 */
static bool holds_score(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !d->integer.negative || d->integer.magnitude == 0 || standing_capable(f, "CAP_SYS_RESOURCE") != NO ||
		around_int(around_host(f, "self"), "oomScoreAdj", -1) < 0 || standing_elsewhere(f);
}

static void tells_score(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_standing(f, "CAP_SYS_RESOURCE", to);
	text_printf(to, ", at %lld itself", (long long)around_int(around_host(f, "self"), "oomScoreAdj", 0));
}

const struct predicate not_go_below_zero = {
	.says = "not go below zero, for a runtime that may not lower it",
	.judges = DOC_INT,
	.holds = holds_score,
	.tells = tells_score,
};
