/* SPDX-License-Identifier: Apache-2.0 */
/* Neighbours of a value, and paths by their components. */
#include "validate/rule/around.h"

#include "validate/base/limits.h"

const char *const mount_bind_options[] = { "bind", "rbind", NULL };

const char *const mount_change_options[] = {
	"remount",
	"private",
	"rprivate",
	"shared",
	"rshared",
	"slave",
	"rslave",
	"unbindable",
	"runbindable",
	NULL,
};

struct bytes around_string(const struct doc *object, const char *name)
{
	return doc_string(object, name, (struct bytes){ 0 });
}

int64_t around_int(const struct doc *object, const char *name, int64_t otherwise)
{
	const struct doc *d = doc_get(object, name);
	if (!d || d->type != DOC_INT)
		return otherwise;
	if (d->integer.negative)
		return d->integer.magnitude > INT64_MAX ? INT64_MIN : -(int64_t)d->integer.magnitude;
	return d->integer.magnitude > INT64_MAX ? INT64_MAX : (int64_t)d->integer.magnitude;
}

const struct doc *around_first(const struct doc *object, const char *name)
{
	const struct doc *d = doc_get(object, name);
	return d && d->type == DOC_ARRAY ? d->first : NULL;
}

bool around_unset(const struct doc *d)
{
	if (!d)
		return true;
	switch (d->type) {
	case DOC_NULL:
		return true;
	case DOC_BOOL:
		return !d->boolean;
	case DOC_INT:
		return d->integer.magnitude == 0;
	case DOC_STRING:
		return d->string.len == 0;
	case DOC_ARRAY:
	case DOC_OBJECT:
		return d->count == 0;
	case DOC_NUMBER:
		break;
	}
	return false;
}

const struct doc *around_namespace(const struct doc *root, const char *type)
{
	for (const struct doc *e = around_first(doc_get(root, "linux"), "namespaces"); e; e = e->next)
		if (bytes_is(around_string(e, "type"), type))
			return e;
	return NULL;
}

bool word_among(struct bytes word, const char *const *words)
{
	/* The first letter is looked at alone: this runs for every option of every mount. */
	for (; *words; words++)
		if (word.len > 0 && word.data[0] == **words && bytes_is(word, *words))
			return true;
	return false;
}

bool around_option(const struct doc *mount, const char *const *names)
{
	for (const struct doc *o = around_first(mount, "options"); o; o = o->next)
		if (o->type == DOC_STRING && word_among(o->string, names))
			return true;
	return false;
}

bool path_part(struct bytes path, size_t *at, struct bytes *ret)
{
	*ret = (struct bytes){ 0 };
	if (path.len == 0)
		return false;
	do {
		while (*at < path.len && path.data[*at] == '/')
			++*at;
		const size_t start = *at;
		while (*at < path.len && path.data[*at] != '/')
			++*at;
		*ret = (struct bytes){ path.data + start, *at - start };
	} while (bytes_is(*ret, "."));
	return ret->len > 0;
}

bool path_climbs(struct bytes path)
{
	size_t at = 0;
	struct bytes part;
	while (path_part(path, &at, &part))
		if (bytes_is(part, ".."))
			return true;
	return false;
}

int bytes_order(struct bytes a, struct bytes b)
{
	const size_t shorter = a.len < b.len ? a.len : b.len;
	const int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/*
 * Where two paths first differ; false when that settles nothing. Both have the same components before it, spelt alike,
 * and what stands there is of components of another name: no separator, which would end one, and no dot, which could
 * be all of one.
 */
static bool path_differ(struct bytes a, struct bytes b, size_t *ret_at)
{
	const size_t shorter = a.len < b.len ? a.len : b.len;
	size_t i = 0;
	while (i < shorter && a.data[i] == b.data[i])
		i++;
	*ret_at = i;
	return i < shorter && a.data[i] != '/' && b.data[i] != '/' && a.data[i] != '.' && b.data[i] != '.';
}

int path_order(struct bytes a, struct bytes b)
{
	size_t i = 0, j = 0;
	struct bytes x, y;
	if (path_differ(a, b, &i))
		return (unsigned char)a.data[i] < (unsigned char)b.data[i] ? -1 : 1;
	i = 0;
	for (;;) {
		const bool more_a = path_part(a, &i, &x), more_b = path_part(b, &j, &y);
		if (!more_a || !more_b)
			return more_a - more_b;
		const int order = bytes_order(x, y);
		if (order)
			return order;
	}
}

bool path_covers(struct bytes above, struct bytes path)
{
	size_t i = 0, j = 0;
	struct bytes x, y;
	if (path_differ(above, path, &i))
		return false;
	i = 0;
	while (path_part(above, &i, &x))
		if (!path_part(path, &j, &y) || !bytes_equal(x, y))
			return false;
	return true;
}

const struct doc *around_param(const struct facts *f, const struct rule *r, const char *name)
{
	return doc_get(doc_get(f->params, r->id), name);
}

const struct doc *around_host(const struct facts *f, const char *path)
{
	return doc_find(f->host, path);
}

const struct doc *around_place(const struct facts *f, const struct doc *value)
{
	char pointer[LIMIT_POINTER];
	struct text to = text_over(pointer, sizeof(pointer));

	if (!f->host)
		return NULL;
	/* Who looked at the host knows the values by themselves: no pointer has to be written and looked up. */
	for (const struct asked *q = f->asked; q; q = q->next)
		if (q->value == value)
			return q->answer;
	if (f->asked)
		return NULL;
	if (*f->below) {
		text_char(&to, '/');
		for (const char *p = f->below; *p; p++)
			text_char(&to, (char)(*p == '.' ? '/' : *p));
	}
	doc_pointer(value, "", &to);
	return to.cut ? NULL : doc_get(doc_get(f->host, "places"), pointer);
}
