/* SPDX-License-Identifier: Apache-2.0 */
/* The words for devices: nodes, and the entries of the list that says which may be used. */
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

#define MAJOR_MOST 4095
#define MINOR_MOST 1048575

static const struct doc *number_beyond(const struct doc *d, int64_t least)
{
	const struct doc *major = doc_get(d, "major"), *minor = doc_get(d, "minor");
	if (major && major->type == DOC_INT && !doc_within(major, least, MAJOR_MOST))
		return major;
	if (minor && minor->type == DOC_INT && !doc_within(minor, least, MINOR_MOST))
		return minor;
	return NULL;
}

static bool holds_numbers(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *beyond = number_beyond(d, 0);
	if (beyond)
		*ret_at = beyond;
	return !beyond;
}

const struct predicate number_a_device = {
	.says = "be a device number: major 0 to 4095, minor 0 to 1048575",
	.judges = DOC_OBJECT,
	.holds = holds_numbers,
};

static bool holds_wildcards(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *beyond = number_beyond(d, -1);
	if (beyond)
		*ret_at = beyond;
	return !beyond;
}

const struct predicate number_devices = {
	.says = "be a device number, major 0 to 4095, minor 0 to 1048575, or -1 for all",
	.judges = DOC_OBJECT,
	.holds = holds_wildcards,
};

/* cgroup v1 takes an entry of type a for all devices and all access, whatever else it says. */
static bool holds_all(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct bytes type = around_string(d, "type"), access = around_string(d, "access");
	if (type.len > 0 && !bytes_is(type, "a"))
		return true;
	if (around_int(d, "major", -1) != -1)
		*ret_at = doc_get(d, "major");
	else if (around_int(d, "minor", -1) != -1)
		*ret_at = doc_get(d, "minor");
	else if (access.len == 1 || access.len == 2)
		*ret_at = doc_get(d, "access");
	else
		return true;
	return false;
}

const struct predicate mean_all = {
	.says = "be left to type b or c: an entry of type a is for every device and access, whatever it says",
	.judges = DOC_OBJECT,
	.holds = holds_all,
};

/* What every delegate allows by itself: null, zero, full, random, urandom, tty, console, ptmx, pts, tun. */
static bool is_default(int64_t major, int64_t minor)
{
	return (major == 1 && (minor == 3 || minor == 5 || minor == 7 || minor == 8 || minor == 9)) ||
		(major == 5 && minor >= 0 && minor <= 2) || (major >= 136 && major <= 143) ||
		(major == 10 && minor == 200);
}

static bool entry_allows(const struct doc *entry, struct bytes type, int64_t major, int64_t minor)
{
	const struct bytes of = around_string(entry, "type");
	if (!doc_true(entry, "allow"))
		return false;
	if (of.len == 0 || bytes_is(of, "a"))
		return true;
	const int64_t a = around_int(entry, "major", -1), b = around_int(entry, "minor", -1);
	return bytes_equal(of, type) && (a == -1 || a == major) && (b == -1 || b == minor);
}

/* More comparisons than that would take long, and no engine writes such lists: nothing is said of them. */
#define COMPARED_MOST 1000000

static bool holds_usable(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *list = doc_find(d->parent, "resources.devices");
	if (!list || list->type != DOC_ARRAY || list->count == 0 || (uint64_t)list->count * d->count > COMPARED_MOST)
		return true;
	for (const struct doc *n = d->first; n; n = n->next) {
		const struct bytes said = around_string(n, "type");
		const struct bytes type = bytes_is(said, "u") ? BYTES("c") : said;
		const int64_t major = around_int(n, "major", -1), minor = around_int(n, "minor", -1);
		const struct doc *e = list->first;
		if ((!bytes_is(type, "c") && !bytes_is(type, "b")) || major < 0 || minor < 0 ||
			(bytes_is(type, "c") && is_default(major, minor)))
			continue;
		while (e && !entry_allows(e, type, major, minor))
			e = e->next;
		if (e)
			continue;
		*ret_at = n;
		return false;
	}
	return true;
}

const struct predicate be_usable = {
	.says = "be allowed by an entry of linux.resources.devices, or nobody can open it",
	.judges = DOC_ARRAY,
	.holds = holds_usable,
};
