/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiles the rows into the image that programs carry: image-make FILE writes C. A program of the build, never
 * installed; it is linked with the rows and predicates themselves, so there is nothing to register and no second
 * reading of what a row is. Predicates are told by their names, which this program looks up in its own symbols.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "validate/rule/image.h"

#define MOST 8192

/* What the library would look into, were there an image already. */
const struct image rule_image;

/* Everything that is numbered. Each of them is written in its order. */
static struct {
	char text[1 << 20];
	uint32_t len;
	const char *const *lists[MOST];    /* of words */
	uint32_t begins[MOST], list_count; /* where each begins in .words */
	uint32_t words[MOST], word_count;
	const struct param *params[MOST];
	uint16_t params_begin[MOST];
	uint32_t params_count;
	struct image_param param[MOST];
	uint32_t param_count;
	const struct predicate *predicates[MOST];
	uint32_t predicate_count;
	const struct place_node *nodes[MOST];
	uint16_t parents[MOST];
	uint8_t marks[MOST];
	uint64_t asks[MOST];
	uint32_t node_count, wait_count;
	struct {
		uint32_t first, end;
	} rows_of[OF_MAX];
} made = { .len = 1 };

static void die(const char *what)
{
	fprintf(stderr, "image-make: %s\n", what);
	exit(1);
}

static uint32_t put_text(const char *s)
{
	if (!s)
		return 0;
	const size_t size = strlen(s) + 1;
	for (uint32_t i = 1; i + size <= made.len; i += (uint32_t)strlen(made.text + i) + 1)
		if (strcmp(made.text + i, s) == 0)
			return i;
	if (made.len + size > sizeof(made.text))
		die("too much text");
	memcpy(made.text + made.len, s, size);
	made.len += (uint32_t)size;
	return made.len - (uint32_t)size;
}

static uint32_t put_words(const char *const *words)
{
	for (uint32_t i = 0; i < made.list_count; i++)
		if (made.lists[i] == words)
			return i;
	made.begins[made.list_count] = made.word_count;
	for (; *words; words++) {
		if (made.word_count + 1 >= MOST)
			die("too many words");
		made.words[made.word_count++] = put_text(*words);
	}
	made.words[made.word_count++] = 0;
	made.lists[made.list_count++] = words;
	return made.list_count - 1;
}

static uint16_t put_params(const struct param *p)
{
	if (!p)
		return IMAGE_NONE;
	for (uint32_t i = 0; i < made.params_count; i++)
		if (made.params[i] == p)
			return made.params_begin[i];
	const uint16_t begin = (uint16_t)made.param_count;
	made.params_begin[made.params_count] = begin;
	made.params[made.params_count++] = p;
	for (; p->name; p++) {
		if (made.param_count + 1 >= MOST)
			die("too many parameters");
		made.param[made.param_count++] = (struct image_param){ put_text(p->name), put_text(p->says),
			(uint16_t)p->type, (uint16_t)p->of };
	}
	made.param[made.param_count++] = (struct image_param){ 0 };
	return begin;
}

static uint16_t put_predicate(const struct predicate *p)
{
	if (!p)
		return IMAGE_NONE;
	for (uint32_t i = 0; i < made.predicate_count; i++)
		if (made.predicates[i] == p)
			return (uint16_t)i;
	made.predicates[made.predicate_count++] = p;
	return (uint16_t)(made.predicate_count - 1);
}

static void write_row(FILE *f, const struct rule *r)
{
	long long min = 0, max = 0;

	switch (r->must ? r->must->takes : TAKES_NOTHING) {
	case TAKES_WORDS:
		min = put_words(r->words);
		break;
	case TAKES_RANGE:
		min = r->range.min;
		max = r->range.max;
		break;
	case TAKES_TEXT:
		min = put_text(r->text);
		break;
	case TAKES_NOTHING:
		break;
	}
	/* INT64_MIN has no literal of its own. */
	fprintf(f, "\t{ %u, %u, %u, %u, %u, %u, %u, %s%lld, %lld, %lluu,\n", put_text(r->id), put_text(r->at),
		put_text(r->says), put_text(r->fix), put_text(r->spec), put_predicate(r->must), put_params(r->params),
		min == INT64_MIN ? "-1" : "", min == INT64_MIN ? -INT64_MAX : min, max, (unsigned long long)r->asks);
	fprintf(f, "\t\t%u, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d },\n", r->type, (int)r->width, (int)r->of,
		(int)r->presence, (int)r->severity, (int)r->basis, (int)r->quote, (int)r->since, (int)r->relaxed,
		(int)r->until, (int)r->before, (int)r->relaxed_to, (int)r->in);
}

static uint32_t write_rows(FILE *f)
{
	uint32_t count = 0;

	fputs("static const struct image_row rows[] = {\n", f);
	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++, count++) {
			const enum subject of = (*t)->rows[i].of;
			write_row(f, &(*t)->rows[i]);
			if (!made.rows_of[of].end)
				made.rows_of[of].first = count;
			made.rows_of[of].end = count + 1;
		}
	fputs("};\n", f);
	return count;
}

/* Numbers a node's children, side by side, then what is below each. */
static void number(const struct place_node *n)
{
	const uint32_t first = made.node_count;
	uint32_t count = 0;

	for (const struct place_node *c = n->first; c; c = c->next)
		count++;
	made.node_count += count + (n->element != NULL) + (n->key != NULL);
	if (made.node_count > MOST)
		die("too many places");
	count = first;
	for (const struct place_node *c = n->first; c; c = c->next)
		made.nodes[count++] = c;
	if (n->element)
		made.nodes[count++] = n->element;
	if (n->key)
		made.nodes[count++] = n->key;
	for (uint32_t i = first; i < count; i++)
		number(made.nodes[i]);
}

static uint32_t number_of(const struct place_node *n)
{
	for (uint32_t i = 0; n && i < made.node_count; i++)
		if (made.nodes[i] == n)
			return i;
	return 0;
}

/* The rows that wait at each node, one node after the other. */
static void write_waits(FILE *f)
{
	fputs("static const struct image_wait waits[] = {\n", f);
	for (uint32_t i = 0; i < made.node_count; i++)
		for (const struct waiting *w = made.nodes[i]->rows; w; w = w->next) {
			const struct predicate *must = w->rule->must;
			fprintf(f, "\t{ %u, %u, %d },\n", w->order, must ? must->judges : 0, (int)w->rule->presence);
			made.asks[i] |= w->rule->asks;
		}
	fputs("\t{ 0 }\n};\n", f);
}

/* What is known of a node by what is below it; children come after their parents. */
static void mark(const uint32_t roots[OF_MAX + 1])
{
	for (uint32_t i = made.node_count; i-- > 0;) {
		const struct place_node *n = made.nodes[i];
		made.parents[i] = (uint16_t)(n->parent ? number_of(n->parent) : i);
		made.marks[i] |= n->required ? NODE_REQUIRED : 0;
		if (!n->parent)
			continue;
		made.asks[made.parents[i]] |= made.asks[i];
		if (n->required && n->step == STEP_NAME)
			made.marks[made.parents[i]] |= NODE_REQUIRES;
	}
	if (made.node_count >= IMAGE_NONE || roots[OF_MAX] != made.node_count)
		die("too many places");
}

static void write_nodes(FILE *f)
{
	char name[256];

	fputs("static const uint64_t asks[] = {\n", f);
	for (uint32_t i = 0; i < made.node_count; i++)
		fprintf(f, "\t%lluu,\n", (unsigned long long)made.asks[i]);
	fputs("};\nstatic const struct image_node nodes[] = {\n", f);
	for (uint32_t i = 0; i < made.node_count; i++) {
		const struct place_node *n = made.nodes[i];
		struct image_node typed;
		uint32_t children = 0, rows = 0;
		for (const struct place_node *c = n->first; c; c = c->next)
			children++;
		for (const struct waiting *w = n->rows; w; w = w->next)
			rows++;
		if (n->name.len >= sizeof(name))
			die("a name is too long");
		(void)snprintf(name, sizeof(name), "%.*s", (int)n->name.len, n->name.len ? n->name.data : "");
		image_typed(&typed, n->typed ? n->typed->rule : NULL);
		fprintf(f, "\t{ %uu, %u, %zu, %u, %u, %u, %u, %u, %u, %u, %u, %d, %d, %d, %d, %d, %d },\n",
			name_tag(n->name), put_text(name), n->name.len, made.parents[i], number_of(n->first), children,
			number_of(n->element), number_of(n->key), made.wait_count, rows,
			n->typed ? n->typed->order : IMAGE_NONE, (int)n->step, made.marks[i], typed.type, typed.width,
			typed.since, typed.until);
		made.wait_count += rows;
	}
	fputs("};\n", f);
}

static void write_text(FILE *f)
{
	fputs("static const char text[] = {", f);
	for (uint32_t i = 0; i < made.len; i++)
		fprintf(f, "%s%d,", i % 24 ? " " : "\n\t", made.text[i]);
	fputs("\n};\n", f);
}

static void write_lists(FILE *f)
{
	fputs("static const uint32_t words[] = {\n", f);
	for (uint32_t i = 0; i < made.word_count; i++)
		fprintf(f, "\t%u,\n", made.words[i]);
	fputs("\t0\n};\nstatic const uint32_t lists[] = {\n", f);
	for (uint32_t i = 0; i < made.list_count; i++)
		fprintf(f, "\t%u,\n", made.begins[i]);
	fputs("\t0\n};\nstatic const struct image_param params[] = {\n", f);
	for (uint32_t i = 0; i < made.param_count; i++)
		fprintf(f, "\t{ %u, %u, %u, %u },\n", made.param[i].name, made.param[i].says, made.param[i].type,
			made.param[i].of);
	fputs("\t{ 0 }\n};\n", f);
}

static void write_predicates(FILE *f)
{
	const char *names[MOST];

	for (uint32_t i = 0; i < made.predicate_count; i++) {
		Dl_info info;
		if (!dladdr(made.predicates[i], &info) || info.dli_saddr != (const void *)made.predicates[i])
			die("a row's predicate has no name of its own: it has to be declared in predicates*.h");
		names[i] = info.dli_sname;
		fprintf(f, "extern const struct predicate %s;\n", names[i]);
	}
	fputs("static const struct predicate *const predicates[] = {\n", f);
	for (uint32_t i = 0; i < made.predicate_count; i++)
		fprintf(f, "\t&%s,\n", names[i]);
	fputs("};\n", f);
}

/* The sum of all that can be spelt out, each rounded up to 8 bytes. */
static void write_image(FILE *f, uint32_t rows, const uint32_t roots[OF_MAX + 1])
{
	fprintf(f,
		"static uint32_t rules[%u], words_spelt[%u], params_spelt[%u];\n"
		"static _Alignas(8) char room[8 + %u * sizeof(struct rule) + %u * sizeof(struct place_node) +\n"
		"\t%u * sizeof(struct waiting) + %u * sizeof(char *) + %u * sizeof(struct param)];\n",
		rows, made.list_count + 1, made.param_count + 1, rows, made.node_count, made.wait_count,
		made.word_count, made.param_count);
	fprintf(f,
		"const struct image rule_image = {\n\ttext, rows, nodes, asks, waits, words, lists, params, "
		"predicates, "
		"%u,\n\t{ ",
		rows);
	for (int of = 0; of <= OF_MAX; of++)
		fprintf(f, "%u, ", roots[of]);
	fputs("},\n\t{ ", f);
	for (int of = 0; of < OF_MAX; of++)
		fprintf(f, "{ %u, %u }, ", made.rows_of[of].first, made.rows_of[of].end);
	fputs("},\n\trules, words_spelt, params_spelt, room,\n};\n", f);
}

int main(int argc, char **argv)
{
	struct arena a;
	uint32_t roots[OF_MAX + 1];
	static FILE *f; /* whoever ends the program ends this */

	f = argc == 2 ? fopen(argv[1], "we") : NULL;
	if (!f)
		die("usage: image-make FILE");
	arena_init(&a, (size_t)64 << 20);
	fputs("/* Made of the rows by image_make.c. */\n#include \"validate/rule/image.h\"\n", f);
	const uint32_t rows = write_rows(f);
	for (int of = 0; of < OF_MAX; of++) {
		const struct place_node *root = vocabulary(&a, rule_tables, (enum subject)of);
		if (!root)
			die("no memory");
		roots[of] = made.node_count;
		made.nodes[made.node_count++] = root;
		number(root);
	}
	roots[OF_MAX] = made.node_count;
	write_waits(f);
	mark(roots);
	write_nodes(f);
	write_text(f);
	write_lists(f);
	write_predicates(f);
	write_image(f, rows, roots);
	arena_done(&a);
	return fclose(f) == 0 ? 0 : 1;
}
