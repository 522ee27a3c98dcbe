/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit/trail_sum.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "validate/base/limits.h"

#define NUMBERS_MOST ((uint64_t)1 << 26) /* of one chain: 8 MiB of bits */
#define SLACK 4096u                      /* entries reach journald in another order than the chain */

/* --- which numbers the journal has ------------------------------------------------------------------------------- */

/* Chains are few: one for each state directory and boot that had to spill. So an array that is looked through. */
struct numbers {
	char chain[40];
	uint64_t first;      /* of the first bit */
	unsigned char *bits; /* NUMBERS_MOST of them, of which only what is touched takes memory */
};

static void free_numbers(struct trail_sum *t)
{
	for (size_t i = 0; i < t->chain_count; i++)
		(void)munmap(t->numbers[i].bits, NUMBERS_MOST / 8);
	free(t->numbers);
}

static void copy_word(struct bytes b, char *to, size_t size)
{
	const size_t len = b.len < size ? b.len : size - 1;
	if (len > 0)
		memcpy(to, b.data, len);
	to[len] = '\0';
}

static struct numbers *numbers_of(const struct trail_sum *t, struct bytes chain)
{
	char name[sizeof(t->numbers->chain)];
	copy_word(chain, name, sizeof(name));
	for (size_t i = 0; i < t->chain_count; i++)
		if (strcmp(t->numbers[i].chain, name) == 0)
			return &t->numbers[i];
	return NULL;
}

static struct numbers *add_numbers(struct trail_sum *t, const struct seen *s)
{
	struct numbers *more = reallocarray(t->numbers, t->chain_count + 1, sizeof(*more));

	if (!more)
		return NULL;
	t->numbers = more;
	void *bits = mmap(NULL, NUMBERS_MOST / 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		-1, 0);
	if (bits == MAP_FAILED)
		return NULL;
	struct numbers *n = &more[t->chain_count++];
	*n = (struct numbers){ .first = s->seq > SLACK ? s->seq - SLACK : 1, .bits = bits };
	copy_word(s->chain, n->chain, sizeof(n->chain));
	return n;
}

static int set_number(struct trail_sum *t, const struct seen *s)
{
	struct numbers *n = numbers_of(t, s->chain);

	if (!n)
		n = add_numbers(t, s);
	if (!n)
		return -ENOMEM;
	if (s->seq < n->first || s->seq - n->first >= NUMBERS_MOST)
		return 0;
	const uint64_t at = s->seq - n->first;
	n->bits[at / 8] |= (unsigned char)(1u << (at % 8));
	return 0;
}

static bool has_number(const struct numbers *n, uint64_t seq)
{
	const uint64_t at = seq - n->first;
	return seq >= n->first && at < NUMBERS_MOST && (n->bits[at / 8] & (1u << (at % 8)));
}

/* --- containers -------------------------------------------------------------------------------------------------- */

static int by_container(const void *a, const void *b)
{
	const struct expected *x = a, *y = b;
	const int d = strcmp(x->id, y->id);
	return d ? d : strcmp(x->root, y->root);
}

static void free_expected(void *node)
{
	struct expected *e = node;
	free((char *)(uintptr_t)e->id);
	free(e);
}

static struct expected *lookup(const struct trail_sum *t, const char *id, const char *root)
{
	const struct expected key = { .id = id, .root = root ? root : "" };
	if (t->latest && by_container(&key, t->latest) == 0)
		return t->latest;
	void *const *found = tfind(&key, &t->expected, by_container);
	return found ? *found : NULL;
}

const struct expected *trail_sum_find(const struct trail_sum *t, const char *id, const char *root)
{
	const struct expected *e = lookup(t, id, root);
	return e ? e : lookup(t, id, "");
}

static void forget(struct trail_sum *t, struct expected *e)
{
	(void)tdelete(e, &t->expected, by_container);
	t->latest = NULL;
	free_expected(e);
}

/* Both words in one block of memory. */
static struct expected *expect(struct trail_sum *t, const char *id, const char *root)
{
	struct expected *e = lookup(t, id, root);

	if (e)
		return e;
	const size_t len = strlen(id) + 1, more = strlen(root) + 1;
	char *words = malloc(len + more);
	e = calloc(1, sizeof(*e));
	if (!words || !e) {
		free(words);
		free(e);
		return NULL;
	}
	memcpy(words, id, len);
	memcpy(words + len, root, more);
	e->id = words;
	e->root = words + len;
	if (!tsearch(e, &t->expected, by_container)) {
		free_expected(e);
		return NULL;
	}
	t->latest = e;
	return e;
}

/*
 * What the journal tells of a container beside the chain: its steps are recorded without a wait, so that in a crowd the
 * chain may lack some (docs/audit.md#steps-of-a-life).
 */
struct aside {
	char create[40]; /* the record of its create */
	bool started, ended;
};

static int by_create(const void *a, const void *b)
{
	const struct aside *x = a, *y = b;
	return strcmp(x->create, y->create);
}

static struct aside *find_aside(const struct trail_sum *t, const char *create)
{
	struct aside key;

	if (t->latest_aside && strcmp(create, t->latest_aside->create) == 0)
		return t->latest_aside;
	copy_word(bytes_of(create), key.create, sizeof(key.create));
	void *const *found = tfind(&key, &t->aside, by_create);
	return found ? *found : NULL;
}

static struct aside *add_aside(struct trail_sum *t, const char *create)
{
	struct aside *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	copy_word(bytes_of(create), a->create, sizeof(a->create));
	if (!tsearch(a, &t->aside, by_create)) {
		free(a);
		return NULL;
	}
	t->latest_aside = a;
	return a;
}

static int take_aside(struct trail_sum *t, const struct seen *s)
{
	const struct bytes action = seen_string(s, "action"), id = seen_string(s, "create_id");
	const bool started = bytes_is(action, "start"), ended = bytes_is(action, "delete");
	char create[sizeof(((struct aside *)NULL)->create)];

	if ((!started && !ended) || id.len == 0)
		return 0;
	copy_word(id, create, sizeof(create));
	struct aside *a = find_aside(t, create);
	if (!a)
		a = add_aside(t, create);
	if (!a)
		return -ENOMEM;
	a->started |= started;
	a->ended |= ended;
	return 0;
}

/* Adds to what is expected of a create what the journal alone has of it. */
static void ask_aside(const struct trail_sum *t, struct expected *e)
{
	const struct aside *a = find_aside(t, e->record);

	e->started |= a && a->started;
	e->ended = a && a->ended;
}

static bool went_on(const struct seen *s)
{
	const struct bytes d = seen_string(s, "decision");
	return bytes_is(d, "allow") || bytes_is(d, "would-deny") || bytes_is(d, "bypass");
}

/* Docker says /var/run, which is a link to what everybody else says. */
static struct bytes root_of(const struct seen *s)
{
	const struct bytes root = seen_string(s, "root");
	return bytes_start(root, "/var/run/") ? (struct bytes){ root.data + 4, root.len - 4 } : root;
}

static int take_container(struct trail_sum *t, const struct seen *s)
{
	char id[LIMIT_ID + 1], root[1024];
	const struct bytes action = seen_string(s, "action");

	copy_word(seen_string(s, "container.id"), id, sizeof(id));
	copy_word(root_of(s), root, sizeof(root));
	const bool create = bytes_is(action, "create"), run = bytes_is(action, "run") || bytes_is(action, "restore");
	if (!id[0])
		return 0;
	if (create || run) {
		struct expected *e = went_on(s) ? expect(t, id, root) : NULL;
		if (!e)
			return went_on(s) ? -ENOMEM : 0;
		copy_word(seen_string(s, "id"), e->record, sizeof(e->record));
		e->when = s->when;
		e->started = run;
		ask_aside(t, e);
		return 0;
	}
	struct expected *e = lookup(t, id, root);
	if (!e)
		e = lookup(t, id, "");
	if (!e)
		return 0;
	e->started |= bytes_is(action, "start") || (bytes_is(action, "exec") && went_on(s));
	if (bytes_is(action, "delete")) {
		t->failed += !e->started;
		forget(t, e);
	}
	return 0;
}

/* --- records ----------------------------------------------------------------------------------------------------- */

static bool earlier(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static void take_first(struct trail_sum *t, const struct seen *s)
{
	if (t->first.tv_sec == 0 || earlier(&s->when, &t->first))
		t->first = s->when;
}

int trail_sum_journal(const struct seen *s, void *sum)
{
	struct trail_sum *t = sum;

	if (!s->sound) {
		t->altered += s->sent;
		return 0;
	}
	take_first(t, s);
	if (t->journal_first.tv_sec == 0)
		t->journal_first = s->when;
	t->journal_last = s->when;
	return s->seq > 0 && s->chain.len > 0 ? set_number(t, s) : take_aside(t, s);
}

/* Whether the journal should have it: made while the journal goes on, by what it has of itself. */
static bool is_missed(struct trail_sum *t, const struct seen *s)
{
	const struct numbers *n = numbers_of(t, s->chain);

	if (t->journal_first.tv_sec == 0 || earlier(&s->when, &t->journal_first) || earlier(&t->journal_last, &s->when))
		return false;
	return !n || (s->seq >= n->first && !has_number(n, s->seq));
}

void trail_sum_forget(struct trail_sum *t)
{
	tdestroy(t->expected, free_expected);
	t->expected = NULL;
	t->latest = NULL;
}

int trail_sum_chain(const struct seen *s, void *sum)
{
	struct trail_sum *t = sum;
	const struct bytes boot = seen_string(s, "host.boot_id");
	const struct doc *count = doc_find(s->root, "gap.count");

	if (!s->sound) {
		t->changed++;
		return 0;
	}
	t->records++;
	take_first(t, s);
	if (count && count->type == DOC_INT && !count->integer.negative) {
		t->gaps++;
		t->gap_count += count->integer.magnitude;
	}
	if (is_missed(t, s)) {
		if (t->journal_lacks++ == 0)
			copy_word(seen_string(s, "id"), t->lacks_first, sizeof(t->lacks_first));
	}
	/* Nothing that ran outlives its boot. */
	if (boot.len > 0 && !bytes_is(boot, t->boot)) {
		trail_sum_forget(t);
		copy_word(boot, t->boot, sizeof(t->boot));
	}
	return take_container(t, s);
}

void trail_sum_done(struct trail_sum *t)
{
	tdestroy(t->expected, free_expected);
	tdestroy(t->aside, free);
	free_numbers(t);
	*t = (struct trail_sum){ 0 };
}

struct walk {
	void (*visit)(const struct expected *e, void *data);
	void *data;
};

static void on_node(const void *node, VISIT which, void *data)
{
	const struct walk *w = data;
	if (which == postorder || which == leaf)
		w->visit(*(struct expected *const *)node, w->data);
}

void trail_sum_expected(const struct trail_sum *t, void (*visit)(const struct expected *e, void *data), void *data)
{
	struct walk w = { visit, data };
	twalk_r(t->expected, on_node, &w);
}
