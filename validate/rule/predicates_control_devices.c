/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for devices. Which of them can be opened is what an ordered list comes to, where the last word on a device
 * wins; so each entry that allows is tried on devices that matter, and on those that it names, against all that
 * comes behind it. Making a node is not opening it: every delegate lets that be.
 */
#include "validate/base/limits.h"
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

/* Lists that are longer are nobody's but an attacker's: what comes behind an entry of theirs is not asked. */
#define ENTRIES_MOST 1024

struct device {
	char type;            /* 'b' or 'c' */
	int64_t major, minor; /* -1: all of them */
	const char *name;
};

/* What opens the host, or the kernel, to whoever may read or write it. */
static const struct device probes[] = {
	{ 'c', 1, 1, "/dev/mem" },
	{ 'c', 1, 2, "/dev/kmem" },
	{ 'c', 1, 4, "/dev/port" },
	{ 'c', 1, 11, "/dev/kmsg" },
	{ 'b', 7, 0, "loop devices" },
	{ 'b', 8, 0, "disks" },
	{ 'b', 9, 0, "md arrays" },
	{ 'b', 252, 0, "mapped devices" },
	{ 'b', 253, 0, "mapped devices" },
	{ 'b', 254, 0, "disks" },
	{ 'b', 259, 0, "disks" },
	{ 'b', 202, 0, "disks" },
	{ 'b', 1, 0, "RAM disks" },
	{ 'c', 10, 200, "/dev/net/tun" },
	{ 'c', 10, 229, "/dev/fuse" },
	{ 'c', 10, 232, "/dev/kvm" },
	{ 'c', 10, 236, "the device mapper" },
	{ 'c', 10, 237, "/dev/loop-control" },
	{ 'c', 10, 234, "btrfs-control" },
	{ 'c', 10, 223, "/dev/uinput" },
	{ 'c', 10, 238, "/dev/vhost-net" },
	{ 'c', 4, 0, "the console" },
	{ 'c', 21, 0, "SCSI devices" },
	{ 'c', 195, 0, "NVIDIA's devices" },
	{ 'c', 226, 0, "graphics cards" },
};

/* null, zero, full, random, urandom; tty, console, ptmx; pseudo-terminals: every delegate gives them to everyone. */
static bool is_ordinary(const struct device *d)
{
	if (d->type != 'c')
		return false;
	return (d->major == 1 && (d->minor == 3 || d->minor == 5 || (d->minor >= 7 && d->minor <= 9))) ||
		(d->major == 5 && d->minor >= 0 && d->minor <= 2) || (d->major >= 136 && d->major <= 143);
}

/* "c 10:229", "b 8:*", "c *:*"; what is behind another blank is passed over. */
static bool number_read(struct bytes text, size_t *at, int64_t *ret)
{
	const size_t start = *at;
	if (*at < text.len && text.data[*at] == '*') {
		++*at;
		*ret = -1;
		return true;
	}
	for (*ret = 0; *at < text.len && text.data[*at] >= '0' && text.data[*at] <= '9' && *ret < INT32_MAX; ++*at)
		*ret = *ret * 10 + (text.data[*at] - '0');
	return *at > start;
}

static bool named_by(struct bytes text, const struct device *d)
{
	int64_t major, minor;
	size_t at = 2;
	if (text.len < 5 || text.data[0] != d->type || text.data[1] != ' ' || !number_read(text, &at, &major) ||
		at >= text.len || text.data[at++] != ':' || !number_read(text, &at, &minor) ||
		(at < text.len && text.data[at] != ' '))
		return false;
	return (major == -1 || major == d->major) && (minor == -1 || minor == d->minor);
}

static bool allowed(const struct rule *r, const struct facts *f, const struct device *d)
{
	const struct doc *list = around_param(f, r, "allow");
	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && named_by(e->string, d))
			return true;
	return false;
}

enum access { ACCESS_READ = 1, ACCESS_WRITE = 2 };

/* No access named is all of it, as delegates have it. */
static unsigned access_of(const struct doc *entry)
{
	const struct bytes s = around_string(entry, "access");
	unsigned bits = s.len == 0 ? ACCESS_READ | ACCESS_WRITE : 0;
	for (size_t i = 0; i < s.len; i++)
		bits |= s.data[i] == 'r' ? ACCESS_READ : s.data[i] == 'w' ? ACCESS_WRITE : 0;
	return bits;
}

/* What an entry speaks of, taken out of it once: every one is asked about every device. */
struct spoken {
	char type;            /* 'a': of all; 0: of none */
	int64_t major, minor; /* -1: all of them */
};

static struct spoken spoken_of(const struct doc *entry)
{
	const struct bytes type = around_string(entry, "type");
	struct spoken s = {
		.type = 'a',
		.major = around_int(entry, "major", -1),
		.minor = around_int(entry, "minor", -1),
	};
	if (type.len > 0)
		s.type = type.data[0];
	if (type.len > 1)
		s.type = 0;
	return s;
}

static bool speaks_of(const struct spoken *s, const struct device *d)
{
	return (s->major == -1 || s->major == d->major) && (s->type == 'a' || s->type == d->type) &&
		(s->minor == -1 || s->minor == d->minor);
}

/* What is left of an entry's access to the device once all that comes behind it has spoken. */
static bool opens(const struct doc *entry, const struct spoken *s, const struct device *d)
{
	unsigned bits = speaks_of(s, d) ? access_of(entry) : 0;
	if (entry->parent->count > ENTRIES_MOST)
		return bits != 0;
	for (const struct doc *e = entry->next; e && bits; e = e->next) {
		const struct spoken later = spoken_of(e);
		if (!doc_true(e, "allow") && speaks_of(&later, d))
			bits &= ~access_of(e);
	}
	return bits != 0;
}

/* A device that the entry itself names, where it names one, or two of the numbers that it leaves open. */
static bool own_device(const struct spoken *s, unsigned n, struct device *ret)
{
	if (s->major < 0 || n > 1 || (n > 0 && s->minor >= 0))
		return false;
	*ret = (struct device){
		.type = s->type == 'b' ? 'b' : 'c',
		.major = s->major,
		.minor = s->minor >= 0 ? s->minor : (int64_t)n,
		.name = "a device of that number",
	};
	return true;
}

/* The first device that the entry opens and the policy does not allow; false when there is none. */
static bool opened(const struct rule *r, const struct doc *entry, const struct facts *f, struct device *ret)
{
	const struct spoken s = spoken_of(entry);
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		if (!is_ordinary(&probes[i]) && opens(entry, &s, &probes[i]) && !allowed(r, f, &probes[i])) {
			*ret = probes[i];
			return true;
		}
	/* Who has accelerators has numbers that nobody knows beforehand. A disk is a disk. */
	const bool others = param_true(f, r, "others", false);
	for (unsigned n = 0; own_device(&s, n, ret); n++)
		if (!is_ordinary(ret) && !allowed(r, f, ret) && !(others && ret->type == 'c') && opens(entry, &s, ret))
			return true;
	return false;
}

static bool holds_open(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	struct device found;
	(void)ret_at;
	return !doc_true(d, "allow") || !opened(r, d, f, &found);
}

static void tells_open(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	struct device found;
	if (!opened(r, at, f, &found))
		return;
	text_printf(to, "it lets the container open %s (%c %lld:%lld); beside the ordinary ones the policy allows ",
		found.name, found.type, (long long)found.major, (long long)found.minor);
	param_write(f, r, "allow", NULL, to);
}

const struct predicate open_allowed_devices = {
	.says = "open only devices that the policy allows",
	.judges = DOC_OBJECT,
	.holds = holds_open,
	.tells = tells_open,
};

/* The host's name of a node, where it is known: the name in the container is whatever one likes. */
static struct bytes node_name(const struct doc *d, const struct facts *f)
{
	const struct bytes known = around_string(doc_get(around_place(f, d), "host"), "path");
	return known.len > 0 ? known : around_string(d, "path");
}

static bool holds_node(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct bytes type = around_string(d, "type");
	const struct device node = {
		.type = bytes_is(type, "b") ? 'b' : 'c',
		.major = around_int(d, "major", 0),
		.minor = around_int(d, "minor", 0),
	};
	if (bytes_is(type, "p") || is_ordinary(&node) || param_matches(f, r, "allow", NULL, node_name(d, f)))
		return true;
	if (doc_get(d, "path"))
		*ret_at = doc_get(d, "path");
	return false;
}

static void tells_node(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	const struct doc *node = at->type == DOC_STRING ? at->parent : at;
	const struct bytes known = around_string(doc_get(around_place(f, node), "host"), "path");
	if (known.len > 0) {
		text_add(to, "its numbers are those of ");
		text_shown(to, known, LIMIT_QUOTE);
		text_add(to, " on this host; ");
	}
	text_add(to, "beside the ordinary ones the policy allows ");
	param_write(f, r, "allow", NULL, to);
}

const struct predicate be_an_allowed_node = {
	.says = "be a device that the policy allows",
	.judges = DOC_OBJECT,
	.holds = holds_node,
	.tells = tells_node,
};
