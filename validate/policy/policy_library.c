/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules a profile may name, and which profiles there are. A policy of a thousand entries names rules a thousand
 * times, for every container: so they are found by hash. Built-in profiles are parsed when they are asked for, because
 * of a hundred a container needs three.
 */
#include <errno.h>

#include "validate/base/near.h"
#include "validate/host/flat.h"
#include "validate/policy/reading.h"

static uint32_t hash(struct bytes b)
{
	uint32_t h = UINT32_C(2166136261);
	for (size_t i = 0; i < b.len; i++)
		h = (h ^ (unsigned char)b.data[i]) * UINT32_C(16777619);
	return h;
}

static void slot_in(struct library *lib, size_t control)
{
	size_t at = hash(bytes_of(lib->controls[control].id)) & (lib->slot_count - 1);
	while (lib->slots[at])
		at = (at + 1) & (lib->slot_count - 1);
	lib->slots[at] = (uint32_t)control + 1;
}

/* What a profile may name. */
static const enum subject named[] = { OF_CONTROL, OF_BOUNDARY };
#define NAMED (sizeof(named) / sizeof(named[0]))

static size_t count_controls(void)
{
	size_t count = 0, number;
	const char *id;
	for (size_t i = 0; i < NAMED; i++)
		for (size_t at = 0; rule_next_id(named[i], &at, &number, &id);)
			count += id != NULL;
	return count;
}

static void add_controls(struct library *lib, enum subject of)
{
	size_t at = 0, number;
	const char *id;
	while (rule_next_id(of, &at, &number, &id)) {
		if (!id)
			continue;
		lib->controls[lib->count] = (struct control){
			.id = id,
			.number = number,
			.row_count = 1,
			.start = of == OF_BOUNDARY,
		};
		slot_in(lib, lib->count++);
	}
}

const struct rule *control_rows(const struct control *c)
{
	return c->rows ? c->rows : rule_row(c->number);
}

struct library *library_new(struct arena *a, size_t more)
{
	struct library *lib = arena_new(a, struct library);
	if (!lib)
		return NULL;
	lib->arena = a;
	lib->room = count_controls() + more;
	lib->slot_count = 16;
	while (lib->slot_count < lib->room * 2)
		lib->slot_count *= 2;
	lib->controls = arena_array(a, lib->room + 1, sizeof(*lib->controls));
	lib->slots = arena_array(a, lib->slot_count, sizeof(*lib->slots));
	if (!lib->controls || !lib->slots)
		return NULL;
	for (size_t i = 0; i < NAMED; i++)
		add_controls(lib, named[i]);
	return lib;
}

size_t library_find(const struct library *lib, struct bytes id)
{
	size_t at = hash(id) & (lib->slot_count - 1);
	for (; lib->slots[at]; at = (at + 1) & (lib->slot_count - 1))
		if (bytes_is(id, lib->controls[lib->slots[at] - 1].id))
			return lib->slots[at] - 1;
	return SIZE_MAX;
}

bool library_add(struct library *lib, const struct control *c)
{
	if (lib->count == lib->room)
		return false;
	lib->controls[lib->count] = *c;
	slot_in(lib, lib->count++);
	return true;
}

void library_near(const struct library *lib, struct bytes id, struct text *to)
{
	const char *near = NULL;
	unsigned most = near_enough(id.len);
	for (size_t i = 0; i < lib->count; i++) {
		const unsigned edits = near_edits(bytes_of(lib->controls[i].id), id, most);
		if (edits > most || (near && edits == most))
			continue;
		near = lib->controls[i].id;
		most = edits;
	}
	if (near)
		text_printf(to, "; did you mean %s?", near);
}

/* A built-in profile is written like one of a policy file, and read by the same words: its JSON is taken apart. */
static struct profile *read_builtin(struct library *lib, const struct builtin *b)
{
	const struct bytes flat = { (const char *)b->flat, b->flat_len };
	struct profile *p = arena_new(lib->arena, struct profile);
	struct loading l = { .arena = lib->arena, .library = lib };
	const struct doc *root = NULL;

	if (!p || flat_read(lib->arena, flat, &root) < 0) {
		lib->failed = true;
		return NULL;
	}
	l.faults_end = &l.faults;
	p->name = b->name;
	p->from.at = root;
	p->moded = doc_get(root, "mode") != NULL;
	p->mode = read_mode(root, MODE_ENFORCE);
	read_settings(&l, doc_get(root, "rules"), p);
	const struct doc *extends = doc_get(root, "extends");
	p->extends = arena_array(lib->arena, (extends ? extends->count : 0) + 1, sizeof(struct profile *));
	for (const struct doc *e = extends && p->extends ? extends->first : NULL; e; e = e->next) {
		struct profile *above = library_profile(lib, e->string);
		if (above)
			p->extends[p->extend_count++] = above;
		else
			lib->failed = true;
	}
	if (!p->extends || l.failed || l.fault_count > 0)
		lib->failed = true;
	p->next = lib->profiles;
	lib->profiles = p;
	return lib->failed ? NULL : p;
}

struct profile *library_profile(struct library *lib, struct bytes name)
{
	for (struct profile *p = lib->profiles; p; p = p->next)
		if (bytes_is(name, p->name))
			return p;
	if (name.len == 0 || !memchr(name.data, '@', name.len))
		return NULL;
	for (const struct builtin *b = builtin_profiles; b->name; b++)
		if (bytes_is(name, b->name))
			return read_builtin(lib, b);
	return NULL;
}

const char *builtin_newest(struct bytes family)
{
	const char *newest = NULL;
	for (const struct builtin *b = builtin_profiles; b->name; b++)
		if (strlen(b->name) > family.len && memcmp(b->name, family.data, family.len) == 0 &&
			b->name[family.len] == '@')
			newest = b->name;
	return newest;
}

/* What stands before the last number of a version, and that number, of at most six digits. */
static bool version_split(struct bytes name, struct bytes *ret_head, unsigned long *ret_number)
{
	size_t at = name.len;
	while (at > 0 && name.data[at - 1] >= '0' && name.data[at - 1] <= '9')
		at--;
	if (at == name.len || name.len - at > 6 || (name.data[at] == '0' && name.len - at > 1))
		return false;
	*ret_head = (struct bytes){ name.data, at };
	*ret_number = 0;
	for (; at < name.len; at++)
		*ret_number = *ret_number * 10 + (unsigned long)(name.data[at] - '0');
	return true;
}

const char *builtin_instead(struct bytes name)
{
	struct bytes head, other;
	unsigned long wanted, known;
	const char *sign = name.len > 0 ? memchr(name.data, '@', name.len) : NULL;
	const char *newest = sign ? builtin_newest((struct bytes){ name.data, (size_t)(sign - name.data) }) : NULL;

	if (!newest || !version_split(name, &head, &wanted) || !version_split(bytes_of(newest), &other, &known))
		return NULL;
	/* Only of those that follow Kubernetes: another CIS benchmark is another book. */
	const bool follows = sign + 1 < name.data + name.len && sign[1] == 'v';
	return follows && bytes_equal(head, other) && wanted > known ? newest : NULL;
}
