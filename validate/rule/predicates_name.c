/* SPDX-License-Identifier: Apache-2.0 */
/* The words for names that the kernel gives a form: interfaces, directories, labels, lines of schemata, variables. */
#include <stdlib.h>

#include "validate/base/scratch.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

#define INTERFACE_MOST 15

/* As dev_valid_name() has it; with one %d, which becomes a number, where a template is taken. */
static bool is_interface(struct bytes b, bool template)
{
	if (b.len == 0 || b.len > INTERFACE_MOST || bytes_is(b, ".") || bytes_is(b, ".."))
		return false;
	for (size_t i = 0; i < b.len; i++) {
		const char c = b.data[i];
		if (c == '/' || c == ':' || c == ' ' || (c >= '\t' && c <= '\r'))
			return false;
		if (c == '%' && template && (i + 1 == b.len || b.data[i + 1] != 'd'))
			return false;
		if (c == '%' && template && memchr(b.data + i + 1, '%', b.len - i - 1))
			return false;
	}
	return true;
}

static bool holds_interfaces(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	for (const struct doc *m = d->first; m; m = m->next)
		if (!is_interface(m->key, false)) {
			*ret_at = m;
			return false;
		}
	return true;
}

const struct predicate have_interfaces = {
	.says = "be called as an interface is: 1 to 15 bytes without /, : and white space",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_interfaces,
};

static bool holds_interface(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->string.len == 0 || is_interface(d->string, true);
}

const struct predicate be_an_interface = {
	.says = "be the name of an interface: up to 15 bytes without /, : and white space, with one %d at most",
	.judges = DOC_STRING,
	.holds = holds_interface,
};

struct moved {
	struct bytes name;
	const struct doc *device;
};

static int by_new_name(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;
	const int order = bytes_order(x->name, y->name);
	if (order)
		return order;
	return x->device->index < y->device->index ? -1 : x->device->index > y->device->index;
}

static bool holds_no_collision(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *found = NULL;
	size_t count = 0;
	if (d->count == 0)
		return true;
	struct scratch s;
	struct moved *all = scratch(&s, d->count, sizeof(*all));
	if (!all)
		return false;
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct bytes name = around_string(m, "name");
		if (name.len == 0 || !memchr(name.data, '%', name.len))
			all[count++] = (struct moved){ name.len ? name : m->key, m };
	}
	qsort(all, count, sizeof(*all), by_new_name);
	for (size_t i = 0; i < count && !found; i++)
		if (bytes_is(all[i].name, "lo") || (i > 0 && bytes_equal(all[i - 1].name, all[i].name)))
			found = all[i].device;
	scratch_end(&s);
	if (found)
		*ret_at = found;
	return !found;
}

const struct predicate not_collide = {
	.says = "have a name of its own in the container, where lo is taken, too",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_no_collision,
};

static bool holds_directory(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	const struct bytes b = d->string;
	return b.len == 0 || bytes_is(b, r->text) ||
		(!memchr(b.data, '/', b.len) && !memchr(b.data, '\n', b.len) && !bytes_is(b, ".") &&
			!bytes_is(b, ".."));
}

const struct predicate be_a_directory_name = {
	.says = "be the name of one directory, without a slash and not . or .., or {} alone",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_directory,
};

/* user:role:type, and what follows a third colon is a level, which holds colons of its own. */
static bool holds_label(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	size_t parts = 1, part = 0;
	for (size_t i = 0; i < d->string.len; i++) {
		const bool colon = d->string.data[i] == ':';
		if (d->string.data[i] == ' ' || (colon && part == 0 && parts < 4))
			return false;
		parts += colon;
		part = colon ? 0 : part + 1;
	}
	return d->string.len == 0 || (parts >= 3 && part > 0);
}

const struct predicate be_a_label = {
	.says = "have the form user:role:type or user:role:type:level",
	.judges = DOC_STRING,
	.holds = holds_label,
};

/* L3:0=ffff;1=ff: a resource, and a value for each domain. */
static bool holds_schema(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	const struct bytes b = d->string;
	const char *colon = b.len ? memchr(b.data, ':', b.len) : NULL;
	if (!colon || colon == b.data)
		return false;
	for (size_t at = (size_t)(colon - b.data) + 1; at <= b.len; at++) {
		size_t digits = 0, value = 0;
		while (at < b.len && (b.data[at] == ' ' || b.data[at] == '\t'))
			at++;
		for (; at < b.len && b.data[at] >= '0' && b.data[at] <= '9'; at++)
			digits++;
		if (digits == 0 || at >= b.len || b.data[at++] != '=')
			return false;
		for (; at < b.len && b.data[at] != ';'; at++)
			value++;
		if (value == 0)
			return false;
	}
	return true;
}

const struct predicate be_a_schema = {
	.says = "have the form RESOURCE:domain=value;domain=value",
	.judges = DOC_STRING,
	.holds = holds_schema,
};

/* slice:prefix:name is how the systemd driver is told a cgroup; a path that is absolute may hold colons of its own. */
static bool holds_unit(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	size_t colons = 0;
	for (size_t i = 0; i < d->string.len; i++)
		colons += d->string.data[i] == ':';
	return d->string.len == 0 || d->string.data[0] == '/' || colons == 0 || colons == 2;
}

const struct predicate be_a_unit_if_any = {
	.says = "have the three parts slice:prefix:name, having a colon and no slash before it",
	.judges = DOC_STRING,
	.holds = holds_unit,
};

/* POSIX: upper-case letters, digits and _, not starting with a digit. */
static bool holds_portable(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	for (size_t i = 0; i < d->string.len && d->string.data[i] != '='; i++) {
		const char c = d->string.data[i];
		const bool digit = c >= '0' && c <= '9';
		if (!(c >= 'A' && c <= 'Z') && c != '_' && !(digit && i > 0))
			return false;
	}
	return true;
}

const struct predicate have_a_portable_name = {
	.says = "have a name of A-Z, 0-9 and _ to be portable, and not begin with a digit",
	.judges = DOC_STRING,
	.holds = holds_portable,
};

static bool holds_findable(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *first = around_first(d, "args");
	if (!first || first->type != DOC_STRING || first->string.len == 0 ||
		memchr(first->string.data, '/', first->string.len))
		return true;
	for (const struct doc *e = around_first(d, "env"); e; e = e->next)
		if (e->type == DOC_STRING && bytes_start(e->string, "PATH="))
			return true;
	*ret_at = first;
	return false;
}

const struct predicate be_findable = {
	.says = "be a path, or process.env have a PATH to look for it in",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_findable,
};
