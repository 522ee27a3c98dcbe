/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for control groups. Which controller and which file a field needs is in cgroup_limits.c. A field of a
 * controller that is missing fails in every delegate [tried: runc 1.1.5, crun 1.8.1]; one whose file is missing fails
 * or is left out.
 */
#include "validate/rule/predicates_cgroup.h"

#include "validate/rule/cgroup_limits.h"
#include "validate/rule/known.h"

/* Delegates that take a mixture of both for v1 look for no controller on the v2 mount. */
static bool on_the_other_mount(const struct facts *f, const char *controller)
{
	return limit_mode(f) == CGROUP_HYBRID && known_entry(around_host(f, "cgroup.v2"), bytes_of(controller)) == YES;
}

static const struct limit_file *file_here(const struct limit *l, const struct facts *f)
{
	return limit_mode(f) == CGROUP_V2 ? &l->v2 : &l->v1;
}

static bool lacks_controller(const struct facts *f, const char *controller)
{
	return known_entry(around_host(f, "cgroup.controllers"), bytes_of(controller)) == NO ||
		on_the_other_mount(f, controller);
}

static void tell_controller(const struct facts *f, const char *controller, struct text *to)
{
	say_mode(f, to);
	if (on_the_other_mount(f, controller)) {
		text_printf(to, ", and its controller %s is on the v2 mount, where no delegate looks then", controller);
		return;
	}
	text_printf(to, " without a controller %s for containers (there are ", controller);
	say_list(around_host(f, "cgroup.controllers"), to);
	text_char(to, ')');
}

static bool holds_controllers(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	size_t next = 0;
	const struct limit *l;
	const enum cgroup_mode mode = limit_mode(f);
	while (mode != CGROUP_UNKNOWN && (l = limit_next(f, d, &next))) {
		const struct doc *value = limit_value(l, d);
		const char *controller = mode == CGROUP_V2 ? l->v2.controller : l->v1.controller;
		if (value && controller && lacks_controller(f, controller)) {
			*ret_at = value;
			return false;
		}
	}
	return true;
}

static void tells_controllers(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct limit *l = limit_of(f, at);
	if (l)
		tell_controller(f, file_here(l, f)->controller, to);
}

const struct predicate have_their_controllers = {
	.says = "have a cgroup controller that applies it",
	.judges = DOC_ARRAY | DOC_OBJECT,
	.holds = holds_controllers,
	.tells = tells_controllers,
};

/* The controller of unified's key: what stands before its first dot; cgroup.* needs none. */
static void controller_of(const struct doc *d, char *ret, size_t size)
{
	struct text to = text_over(ret, size);
	const char *dot = d->key.len ? memchr(d->key.data, '.', d->key.len) : NULL;
	text_shown(&to, (struct bytes){ d->key.data, dot ? (size_t)(dot - d->key.data) : 0 }, size - 1);
}

static bool holds_controller(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	char controller[64];
	controller_of(d, controller, sizeof(controller));
	return limit_mode(f) != CGROUP_V2 || !*controller || strcmp(controller, "cgroup") == 0 ||
		!lacks_controller(f, controller);
}

static void tells_controller(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	char controller[64];
	controller_of(at, controller, sizeof(controller));
	tell_controller(f, controller, to);
}

const struct predicate have_a_controller = {
	.says = "be a file of a cgroup controller that there is",
	.judges = DOC_STRING,
	.of_keys = true,
	.holds = holds_controller,
	.tells = tells_controller,
};

/* Whether a container's cgroup has the file for it. A missing controller is another row's to tell. */
static enum known has_file(const struct limit *l, const struct facts *f)
{
	char path[64];
	const struct limit_file *file = file_here(l, f);
	if (limit_mode(f) == CGROUP_UNKNOWN)
		return UNKNOWN;
	if (!file->controller)
		return NO;
	if (lacks_controller(f, file->controller))
		return UNKNOWN;
	struct text to = text_over(path, sizeof(path));
	text_printf(&to, "cgroup.files.%s", file->controller);
	const enum known listed = known_entry(around_host(f, path), bytes_of(file->name));
	if (listed != UNKNOWN)
		return listed;
	if (l->flag && known_true(around_host(f, l->flag)) == NO)
		return NO;
	return l->major > 0 && known_older_kernel(f, l->major, l->minor) == YES ? NO : UNKNOWN;
}

static bool holds_file(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct limit *l = limit_of(f, d);
	return !l || around_unset(d) || (d->type == DOC_INT && d->integer.negative) || has_file(l, f) != NO;
}

static void tells_file(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct limit *l = limit_of(f, at);
	const struct limit_file *file = l ? file_here(l, f) : NULL;
	say_mode(f, to);
	if (!file || !file->controller) {
		text_add(to, ", which has no counterpart for it");
		return;
	}
	text_printf(to, ", and its kernel");
	const struct bytes release = around_string(around_host(f, "kernel"), "release");
	if (release.len > 0) {
		text_char(to, ' ');
		say_bytes(release, to);
	}
	text_printf(to, " has no file %s", file->name);
}

#define LIMITED (DOC_BOOL | DOC_INT | DOC_STRING | DOC_ARRAY)

const struct predicate have_a_file = {
	.says = "have a file in the container's cgroup",
	.judges = LIMITED,
	.holds = holds_file,
	.tells = tells_file,
};

static bool holds_file_on_v2(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	return limit_mode(f) != CGROUP_V2 || !known_dialect(f, r->words) || holds_file(r, d, f, ret_at);
}

static void tells_refusal(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	tells_file(r, at, f, to);
	text_add(to, ", and ");
	say_delegate(f, to);
	text_add(to, " refuses it");
}

const struct predicate have_a_file_on_v2 = {
	.says = "have a counterpart on cgroup v2, for {}",
	.takes = TAKES_WORDS,
	.judges = LIMITED,
	.holds = holds_file_on_v2,
	.tells = tells_refusal,
};

static bool holds_counting_on_v2(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	return limit_mode(f) != CGROUP_V2 || known_dialect(f, r->words) || holds_file(r, d, f, ret_at);
}

const struct predicate count_on_v2 = {
	.says = "have a counterpart on cgroup v2: delegates other than {} leave it out",
	.takes = TAKES_WORDS,
	.judges = LIMITED,
	.holds = holds_counting_on_v2,
	.tells = tells_file,
};

static bool holds_v2(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const enum cgroup_mode mode = limit_mode(f);
	return around_unset(d) || mode == CGROUP_UNKNOWN || mode == CGROUP_V2;
}

static void tells_mode(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_mode(f, to);
}

const struct predicate need_v2 = {
	.says = "be used on cgroup v2 alone",
	.judges = DOC_OBJECT,
	.holds = holds_v2,
	.tells = tells_mode,
};

/*
 * Rules for devices are a controller of v1, and on v2 a program that only privileges attach. Without any, delegates
 * go without.
 */
static bool holds_device_control(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *self = around_host(f, "self"), *effective = doc_find(self, "capabilities.effective");
	if (around_unset(d) || around_int(self, "euid", -1) != 0 ||
		known_true(doc_get(self, "initialUserNamespace")) != YES)
		return true;
	switch (limit_mode(f)) {
	case CGROUP_V1:
	case CGROUP_HYBRID:
		return !lacks_controller(f, "devices");
	case CGROUP_V2:
		return known_entry(effective, bytes_of("CAP_SYS_ADMIN")) != NO && known_older_kernel(f, 4, 15) != YES;
	case CGROUP_UNKNOWN:
		break;
	}
	return true;
}

static void tells_device_control(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	if (limit_mode(f) != CGROUP_V2) {
		tell_controller(f, "devices", to);
		return;
	}
	say_mode(f, to);
	text_add(to,
		known_older_kernel(f, 4, 15) == YES ? ", and its kernel no programs that decide about devices"
						    : ", where that needs CAP_SYS_ADMIN, which runvet lacks");
}

const struct predicate have_device_control = {
	.says = "be something that the host can hold a container to",
	.judges = DOC_ARRAY,
	.holds = holds_device_control,
	.tells = tells_device_control,
};

static bool holds_unmixed(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)d, (void)ret_at;
	return !known_dialect(f, r->words) || limit_mode(f) != CGROUP_HYBRID ||
		around_unset(around_host(f, "cgroup.v2"));
}

static void tells_mixture(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_mode(f, to);
	text_add(to, ", with controllers on the v2 mount (");
	say_list(around_host(f, "cgroup.v2"), to);
	text_add(to, "), and ");
	say_delegate(f, to);
	text_add(to, " starts nothing there");
}

const struct predicate not_mix_cgroups = {
	.says = "go with cgroup v1 or v2 alone, under {}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_unmixed,
	.tells = tells_mixture,
};

/* Without privileges some delegates do without a cgroup that they may not make. */
static bool holds_where_it_may(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)ret_at;
	const struct doc *self = around_host(f, "self");
	const bool privileged = around_int(self, "euid", -1) == 0 &&
		known_true(doc_get(self, "initialUserNamespace")) == YES;
	return d->string.len == 0 || known_true(doc_get(around_place(f, d), "writable")) != NO ||
		!(privileged || known_dialect(f, r->words));
}

static void tells_unwritable(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_mode(f, to);
	text_add(to, ", in which runvet, and so the delegate, may write nothing there");
}

const struct predicate lie_where_it_may = {
	.says = "be a place where the caller may make a cgroup, with {} also without privileges",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_where_it_may,
	.tells = tells_unwritable,
};

/*
 * What is put into a frozen cgroup never starts. One with processes in it is refused by runc since 1.2 and shared by
 * the others [tried: runc 1.1.5, crun 1.8.1].
 */
static bool refuses_company(const struct facts *f)
{
	static const char *const runc[] = { "runc", NULL };
	const struct bytes version = around_string(f->delegate, "version");
	return known_dialect(f, runc) && version.len > 0 && !known_lower(version, "1.2");
}

static bool holds_fit(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *place = around_place(f, d);
	return known_true(doc_get(place, "frozen")) != YES &&
		(known_true(doc_get(place, "populated")) != YES || !refuses_company(f));
}

static void tells_unfit(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	if (known_true(doc_get(around_place(f, at), "frozen")) == YES) {
		text_add(to, "on this host that cgroup is there and frozen");
		return;
	}
	text_add(to, "on this host that cgroup has processes in it, which ");
	say_delegate(f, to);
	text_add(to, " does not share");
}

const struct predicate name_a_fit_cgroup = {
	.says = "name a cgroup that is new, or empty and not frozen",
	.judges = DOC_STRING,
	.holds = holds_fit,
	.tells = tells_unfit,
};
