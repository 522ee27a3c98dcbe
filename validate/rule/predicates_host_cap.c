/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities that this kernel has, and that the delegate could pass on. */
#include <sys/capability.h>

#include "validate/rule/predicates_host.h"
#include "validate/rule/standing.h"

#define NAME_MOST 64

int standing_capability(struct bytes name)
{
	char copy[NAME_MOST];
	cap_value_t value;
	if (!bytes_start(name, "CAP_") || name.len >= sizeof(copy))
		return -1;
	memcpy(copy, name.data, name.len);
	copy[name.len] = '\0';
	return cap_from_name(copy, &value) == 0 ? value : -1;
}

/* Whether the kernel has it. A name that is none is another row's. */
static enum known has_kernel(const struct facts *f, struct bytes name)
{
	const int64_t last = around_int(around_host(f, "capabilities"), "last", -1);
	const int number = standing_capability(name);
	if (last < 0 || number < 0)
		return UNKNOWN;
	return number <= last ? YES : NO;
}

static bool holds_kernel(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	/* Of a kernel that has all that there are no name has to be looked up. */
	return around_int(around_host(f, "capabilities"), "last", -1) >= CAP_LAST_CAP ||
		has_kernel(f, d->string) != NO || standing_elsewhere(f);
}

static void tells_kernel(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_printf(to, "this host's last capability is number %lld, and delegates leave out what comes after",
		(long long)around_int(around_host(f, "capabilities"), "last", 0));
}

const struct predicate be_known_to_the_kernel = {
	.says = "be a capability that the kernel has",
	.judges = DOC_STRING,
	.holds = holds_kernel,
	.tells = tells_kernel,
};

/*
 * Tried: runc 1.1.5 ("unable to apply caps") and crun 1.8.1 ("capset") fail where an effective, permitted or
 * inheritable capability is outside of what they hold; a bounding or ambient one is left out without a word. With a
 * user namespace, new or joined, comes the full set.
 */
static bool holds_bounds(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return known_entry(around_host(f, "self.capabilities.bounding"), d->string) != NO || !f->root ||
		around_namespace(f->root, "user") || standing_elsewhere(f) || has_kernel(f, d->string) != YES;
}

/* What is missing is shorter than what is there, and what one wants to know. */
static void tells_bounds(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct doc *bounding = around_host(f, "self.capabilities.bounding");
	const int64_t last = around_int(around_host(f, "capabilities"), "last", 0);
	uint32_t said = 0, lacking = 0;
	text_add(to, "the runtime's own bounding set here lacks ");
	for (cap_value_t i = 0; i <= last && i < 64; i++) {
		char *name = cap_to_name(i);
		char upper[NAME_MOST] = "";
		for (size_t k = 0; name && name[k] && k + 1 < sizeof(upper); k++) {
			upper[k] = (char)(name[k] >= 'a' && name[k] <= 'z' ? name[k] - 'a' + 'A' : name[k]);
			upper[k + 1] = '\0';
		}
		cap_free(name);
		if (!*upper || known_entry(bounding, bytes_of(upper)) != NO)
			continue;
		if (lacking++ < 6)
			text_printf(to, "%s%s", said++ ? ", " : "", upper);
	}
	if (lacking > said)
		text_printf(to, " and %u more", lacking - said);
}

const struct predicate be_within_our_bounds = {
	.says = "be within the bounding set of the runtime",
	.judges = DOC_STRING,
	.holds = holds_bounds,
	.tells = tells_bounds,
};
