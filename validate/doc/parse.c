/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From bytes to a tree: a scan of the bytes first (lexical.c), then yajl, whose callbacks feed the builder (build.c).
 * The whole text goes through one yajl_parse, because then yajl points into it (strings without escapes are never
 * copied) and inside a callback yajl_get_bytes_consumed is the offset just past the token.
 *
 * When the scan has found a problem, the text before it is parsed all the same. That yields the JSON Pointer of the
 * place, and if something is wrong before it, that is reported instead.
 *
 * yajl 2.1 does not look whether malloc failed. What it can need is known after the scan, so it is set aside before
 * yajl is started.
 */
#include <assert.h>
#include <stdalign.h>
#include <yajl/yajl_parse.h>

#include "validate/doc/build.h"

/*
 * Memory for yajl, handed out once and never taken back. What every document needs stands on the stack, in pages that
 * the next document touches again; what long strings need is the arena's.
 */
struct reserve {
	struct arena *arena;
	char *data;
	size_t used, size;
	char *more;
	size_t more_used, more_size;
};

/* yajl's handles, its stack of states (at most 33 bytes, 128 at a time), and two buffers that begin with 2 KiB. */
#define RESERVE_FIXED ((size_t)8 << 10)
/* A buffer that doubles until n bytes fit takes less than 4 n in all. */
#define RESERVE_PER_BYTE ((size_t)4)
/* Before each piece: its size, which realloc needs and yajl does not tell; and the alignment of any type. */
#define RESERVE_HEAD ((size_t)16)

struct parser {
	struct builder builder;
	struct reserve reserve;
	yajl_handle yajl;
	size_t end; /* of what yajl gets to see */
};

static void *reserve_malloc(void *ctx, size_t size)
{
	struct reserve *r = ctx;
	const size_t need = RESERVE_HEAD + (size + RESERVE_HEAD - 1) / RESERVE_HEAD * RESERVE_HEAD;
	char *p;
	if (need <= r->size - r->used) {
		p = r->data + r->used;
		r->used += need;
	} else if (need <= r->more_size - r->more_used) {
		p = r->more + r->more_used;
		r->more_used += need;
	} else {
		p = arena_alloc(r->arena, need); /* not reached, as far as the arithmetic above holds */
		if (!p)
			return NULL;
	}
	memcpy(p, &size, sizeof(size));
	return p + RESERVE_HEAD;
}

static void *reserve_realloc(void *ctx, void *old, size_t size)
{
	size_t had = 0;
	if (old)
		memcpy(&had, (char *)old - RESERVE_HEAD, sizeof(had));
	if (old && size <= had)
		return old;
	char *p = reserve_malloc(ctx, size);
	if (p && had)
		memcpy(p, old, had);
	return p;
}

static void reserve_free(void *ctx, void *p)
{
	(void)ctx;
	(void)p;
}

/* One past the token that the callback is about. */
static uint32_t token_end(const struct parser *p)
{
	return (uint32_t)yajl_get_bytes_consumed(p->yajl);
}

static struct bytes bytes_from(const unsigned char *data, size_t len)
{
	return (struct bytes){ (const char *)data, len };
}

static int on_null(void *ctx)
{
	struct parser *p = ctx;
	return build_simple(&p->builder, DOC_NULL, false, token_end(p));
}

static int on_boolean(void *ctx, int value)
{
	struct parser *p = ctx;
	return build_simple(&p->builder, DOC_BOOL, value != 0, token_end(p));
}

static int on_number(void *ctx, const char *data, size_t len)
{
	struct parser *p = ctx;
	const struct bytes text = p->builder.text;
	/* A number that the text ends in comes with the end of the parse, from yajl's own buffer. */
	const uintptr_t at = (uintptr_t)data, start = (uintptr_t)text.data;
	const bool within = at >= start && at < start + text.len;
	const size_t end = within ? (size_t)(at - start) + len : p->end;
	return build_number(&p->builder, (struct bytes){ data, len }, (uint32_t)end);
}

static int on_string(void *ctx, const unsigned char *data, size_t len)
{
	struct parser *p = ctx;
	return build_string(&p->builder, bytes_from(data, len), token_end(p));
}

static int on_name(void *ctx, const unsigned char *data, size_t len)
{
	struct parser *p = ctx;
	return build_name(&p->builder, bytes_from(data, len), token_end(p));
}

static int on_object(void *ctx)
{
	struct parser *p = ctx;
	return build_open(&p->builder, DOC_OBJECT, token_end(p));
}

static int on_array(void *ctx)
{
	struct parser *p = ctx;
	return build_open(&p->builder, DOC_ARRAY, token_end(p));
}

static int on_end(void *ctx)
{
	struct parser *p = ctx;
	return build_close(&p->builder, token_end(p));
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number, /* the spelling: yajl converts nothing, and no floating point is touched */
	.yajl_string = on_string,
	.yajl_map_key = on_name,
	.yajl_start_map = on_object,
	.yajl_end_map = on_end,
	.yajl_start_array = on_array,
	.yajl_end_array = on_end,
};

/* Parses the first `end` bytes, and takes them for the whole document when it is. 0, or the builder's code. */
static int parse_until(struct parser *p, size_t end, bool whole, size_t longest)
{
	struct builder *b = &p->builder;
	__attribute__((uninitialized)) alignas(max_align_t) char fixed[RESERVE_FIXED];
	p->reserve = (struct reserve){ .arena = b->arena,
		.data = fixed,
		.size = sizeof(fixed),
		.more_size = longest ? RESERVE_FIXED + longest * RESERVE_PER_BYTE : 0 };
	if (longest && !(p->reserve.more = arena_alloc(b->arena, p->reserve.more_size))) {
		(void)build_exhausted(b);
		return b->code;
	}
	yajl_alloc_funcs alloc = { reserve_malloc, reserve_realloc, reserve_free, &p->reserve };
	p->yajl = yajl_alloc(&callbacks, &alloc, p);
	(void)yajl_config(p->yajl, yajl_allow_comments, (int)b->options->comments);
	(void)yajl_config(p->yajl, yajl_dont_validate_strings, 1); /* the scan did, and better */
	p->end = end;
	yajl_status status = yajl_parse(p->yajl, (const unsigned char *)b->text.data, end);
	if (status == yajl_status_ok && whole)
		status = yajl_complete_parse(p->yajl);
	if (status == yajl_status_error) {
		const struct problem why = lexical_explain(b->text, b->last, build_expects(b), b->options->comments);
		(void)build_broken(b, &why);
	}
	yajl_free(p->yajl);
	return b->code;
}

int doc_parse(struct arena *a, struct bytes text, const struct doc_options *options, const struct doc **ret,
	struct fail *reterr)
{
	static_assert(LIMIT_DOC_BYTES == (size_t)16 << 20, "the words below say which");
	static const struct problem big = { .rule = "json.depth-and-size", .says = "the document is over 16 MiB" };
	struct parser p = { .builder = { .arena = a, .text = text, .options = options, .reterr = reterr } };
	if (text.len > LIMIT_DOC_BYTES) {
		(void)build_broken(&p.builder, &big);
		return p.builder.code;
	}
	struct lexical lexical;
	const bool clean = lexical_scan(text, options->comments, &lexical);
	const int r = parse_until(&p, clean ? lexical.end : lexical.problem.token, clean, lexical.longest);
	if (r < 0)
		return r;
	if (!clean) {
		(void)build_broken(&p.builder, &lexical.problem);
		return p.builder.code;
	}
	*ret = p.builder.root;
	return 0;
}
