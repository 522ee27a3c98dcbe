/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two config.json. What differs in their normal forms matters; what differs as they are written, and not there, is
 * noise. Of what matters that confines which the postures tell, field by field: a filter that is put in other words
 * comes to the same there, and so it does here.
 */
#include <errno.h>
#include <stdlib.h>

#include "ctl/diff/diff_parts.h"
#include "validate/fingerprint/posture.h"

#define POSTURE_FIELDS 64u

/* The places in config.json of what the postures have otherwise. */
struct touched {
	const char *paths[POSTURE_FIELDS];
	size_t count;
	bool known;
};

/* Whether one of two places is the other, or lies within it. */
static bool related(const char *place, const char *path)
{
	const size_t n = strlen(place), m = strlen(path), less = n < m ? n : m;

	if (strncmp(place, path, less) != 0)
		return false;
	const char *next = n > m ? place + m : path + n;
	return *next == '\0' || *next == '.' || *next == '[';
}

static bool touches(const struct touched *t, const char *place)
{
	for (size_t i = 0; i < t->count; i++)
		if (related(place, t->paths[i]))
			return true;
	return false;
}

static bool in_posture(const char *place)
{
	for (const struct posture_row *r = posture_rows; r->key; r++)
		if (related(place, r->path))
			return true;
	return false;
}

static int touched_find(struct arena *a, const struct fingerprint_of *const sides[static 2], struct touched *ret)
{
	const struct doc *x = NULL, *y = NULL;
	int r = fingerprint_posture_doc(a, sides[0], &x);

	*ret = (struct touched){ 0 };
	if (r == 0)
		r = fingerprint_posture_doc(a, sides[1], &y);
	if (r < 0)
		return r == -EINVAL ? 0 : r;
	ret->known = true;
	for (const struct posture_row *p = posture_rows; p->key && ret->count < POSTURE_FIELDS; p++)
		if (!diff_equal(a, doc_get(x, p->key), doc_get(y, p->key)))
			ret->paths[ret->count++] = p->path;
	return 0;
}

static bool row_confines(const struct difference *d)
{
	return d->row && d->row->groups & DIFF_CONFINEMENT;
}

static void count(struct differences *to, unsigned groups, bool more)
{
	size_t *const sums[] = { &to->results, &to->confinement, &to->noise };

	for (unsigned i = 0; i < 3; i++)
		if (groups & 1u << i)
			*sums[i] += more ? 1 : (size_t)-1;
}

static void regroup(struct differences *to, struct difference *d, unsigned groups)
{
	count(to, d->groups, false);
	count(to, groups, true);
	d->groups = groups;
	if (groups & DIFF_NOISE)
		d->says = NULL;
}

/* A row says what may confine; here it is said what does. */
static void settle(struct differences *to, const struct touched *t)
{
	for (size_t i = 0; i < to->count && t->known; i++) {
		struct difference *d = &to->list[i];
		unsigned groups = d->groups;
		if (groups & DIFF_NOISE || !(groups & DIFF_CONFINEMENT) || touches(t, d->place))
			continue;
		groups &= ~(unsigned)DIFF_CONFINEMENT;
		if (!groups)
			groups = in_posture(d->place) ? DIFF_NOISE : DIFF_RESULTS;
		regroup(to, d, groups);
	}
	/* What no row took for confining, and is. */
	for (size_t k = 0; k < t->count; k++) {
		bool told = false;
		for (size_t i = 0; i < to->count; i++)
			told |= row_confines(&to->list[i]) && related(to->list[i].place, t->paths[k]);
		for (size_t i = 0; i < to->count && !told; i++) {
			struct difference *d = &to->list[i];
			if (!(d->groups & DIFF_NOISE) && related(d->place, t->paths[k]))
				regroup(to, d, d->groups | DIFF_CONFINEMENT);
		}
	}
}

static int by_text(const void *x, const void *y)
{
	const char *const *a = x, *const *b = y;
	return strcmp(*a, *b);
}

/* What is only in the documents as they are written. */
static int add_noise(struct arena *a, const struct differences *written, struct differences *to)
{
	struct diff_walk w = { .arena = a, .to = to, .of = OF_BUNDLE };
	const size_t known = to->count;
	const char **places = arena_array(a, known + 1, sizeof(*places));
	size_t both = 0;

	if (!places)
		return -ENOMEM;
	for (size_t i = 0; i < known; i++)
		places[i] = to->list[i].place;
	qsort(places, known, sizeof(*places), by_text);
	const size_t noise = to->noise;
	for (size_t i = 0; i < written->count; i++) {
		const struct difference *d = &written->list[i];
		if (bsearch(&d->place, places, known, sizeof(*places), by_text)) {
			both++;
			continue;
		}
		struct difference one = *d;
		one.groups = DIFF_NOISE;
		diff_keep(&w, &one);
	}
	to->noise = noise + written->all - both;
	return to->lost ? -ENOMEM : 0;
}

int diff_configs(struct arena *a, const struct fingerprint_of *const sides[static 2], struct differences *to)
{
	const struct doc *const as_written[] = { sides[0]->config, sides[1]->config };
	const struct doc *normal[2] = { as_written[0], as_written[1] };
	struct differences written = { 0 };
	struct touched touched;

	for (size_t i = 0; i < 2; i++) {
		const int r = fingerprint_normal_doc(a, sides[i], &normal[i]);
		if (r < 0 && r != -EINVAL)
			return r;
	}
	int r = diff_walk(a, OF_BUNDLE, "", normal, to);
	if (r == 0)
		r = touched_find(a, sides, &touched);
	if (r == 0) {
		settle(to, &touched);
		r = diff_walk(a, OF_BUNDLE, "", as_written, &written);
	}
	return r < 0 ? r : add_noise(a, &written, to);
}
