/* SPDX-License-Identifier: Apache-2.0 */
/* What a file system of the container was told when it was mounted: how large it may grow, what it shows. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

/* Sizes are rounded to pages, of 64 KiB at most. */
#define PAGE_MOST 65536

struct setting {
	const char *type, *name;
	enum { NUMBER, MODE, WORD } kind;
	const char *otherwise; /* what is not shown, being what there is otherwise; NULL: all is shown */
};

static const struct setting settings[] = {
	{ "tmpfs", "size=", NUMBER, NULL },
	{ "tmpfs", "nr_blocks=", NUMBER, NULL },
	{ "tmpfs", "nr_inodes=", NUMBER, NULL },
	{ "tmpfs", "mode=", MODE, "1777" },
	{ "devpts", "mode=", MODE, NULL },
	{ "proc", "hidepid=", WORD, "off" },
	{ "proc", "subset=", WORD, NULL },
};
#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

/* The last option that begins so; NULL when there is none. */
static const struct doc *last_with(const struct doc *options, const char *name)
{
	const struct doc *last = NULL;
	for (const struct doc *o = options && options->type == DOC_ARRAY ? options->first : NULL; o; o = o->next)
		if (o->type == DOC_STRING && bytes_start(o->string, name))
			last = o;
	return last;
}

static struct bytes value_of(const struct doc *option, const char *name)
{
	const size_t n = strlen(name);
	return (struct bytes){ option->string.data + n, option->string.len - n };
}

/* A number in digits of that base, with the kernel's suffixes in base 10; false for what is none (50%). */
static bool number(struct bytes b, unsigned base, uint64_t *ret)
{
	static const char suffixes[] = "kmgtpe";
	size_t i = 0;
	*ret = 0;
	for (; i < b.len && b.data[i] >= '0' && b.data[i] < (char)('0' + base); i++) {
		if (*ret > (UINT64_MAX - 9) / base)
			return false;
		*ret = *ret * base + (uint64_t)(b.data[i] - '0');
	}
	const char *suffix = base == 10 && i > 0 && i + 1 == b.len ? strchr(suffixes, b.data[i] | 0x20) : NULL;
	if (!suffix)
		return i > 0 && i == b.len;
	const unsigned shift = 10 * (unsigned)(suffix - suffixes + 1);
	if (*ret > UINT64_MAX >> shift)
		return false;
	*ret <<= shift;
	return true;
}

/* The numbers of old are words now. */
static struct bytes word_of(struct bytes b)
{
	static const char *const words[] = { "off", "noaccess", "invisible", "", "ptraceable" };
	const bool digit = b.len == 1 && b.data[0] >= '0' && b.data[0] <= '4' && b.data[0] != '3';
	return digit ? bytes_of(words[b.data[0] - '0']) : b;
}

static bool agrees(const struct setting *s, struct bytes asked, struct bytes is)
{
	uint64_t x, y;
	switch (s->kind) {
	case NUMBER:
		if (!number(asked, 10, &x) || x == 0 || !number(is, 10, &y))
			return true;
		return x > y ? x - y < PAGE_MOST && bytes_is(bytes_of(s->name), "size=")
			     : y == x || (y - x < PAGE_MOST && bytes_is(bytes_of(s->name), "size="));
	case MODE:
		return !number(asked, 8, &x) || !number(is, 8, &y) || (x & 07777) == (y & 07777);
	case WORD:
		return bytes_equal(word_of(asked), word_of(is));
	}
	return true;
}

/* No option is no size: a tmpfs shows its own, unless it is half of the memory. */
static bool is_other(const struct setting *s, const struct doc *mount, const struct doc *is)
{
	const struct doc *asked = last_with(doc_get(mount, "options"), s->name);
	const struct doc *had = last_with(doc_get(is, "options"), s->name);
	uint64_t n;
	if (!asked)
		return false;
	if (had)
		return !agrees(s, value_of(asked, s->name), value_of(had, s->name));
	if (s->otherwise)
		return !agrees(s, value_of(asked, s->name), bytes_of(s->otherwise));
	return s->kind == WORD || (number(value_of(asked, s->name), s->kind == MODE ? 8 : 10, &n) && n > 0);
}

static const struct doc *mounted(const struct facts *f, const struct doc *mount)
{
	const struct doc *is = seen_own_doing(f, "CAP_SYS_ADMIN") ? NULL : seen_at(f, "mounts", mount);
	return is && is->type == DOC_OBJECT && doc_get(is, "options") ? is : NULL;
}

static bool holds_sized(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *is = mounted(f, d);
	const struct bytes type = around_string(d, "type");
	for (size_t i = 0; is && i < SETTINGS && !around_option(d, mount_bind_options); i++)
		if (bytes_is(type, settings[i].type) && bytes_equal(type, around_string(is, "type")) &&
			is_other(&settings[i], d, is)) {
			*ret_at = last_with(doc_get(d, "options"), settings[i].name);
			return false;
		}
	return true;
}

static void tells_sized(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	text_add(to, "it has ");
	say_list(doc_get(mounted(f, at->parent->parent), "options"), to);
}

const struct predicate be_sized_so = {
	.says = "hold for the file system that is mounted in the container",
	.judges = DOC_OBJECT,
	.holds = holds_sized,
	.tells = tells_sized,
};
