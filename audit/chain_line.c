/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of the chain, read back. Not a JSON reader: it walks the canonical form that record_json writes, takes four
 * members off the top level, and has no need to understand the others, so lines of later releases verify as well. What
 * it cannot walk is no line of ours.
 */
#include <errno.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "validate/base/limits.h"

struct walk {
	const char *at, *end;
};

/* Passes over a string with its quotes; the run between them. */
static bool walk_string(struct walk *w, struct bytes *ret)
{
	if (w->at == w->end || *w->at != '"')
		return false;
	const char *start = ++w->at;
	while (w->at < w->end && *w->at != '"')
		w->at += *w->at == '\\' && w->end - w->at > 1 ? 2 : 1;
	if (w->at >= w->end)
		return false;
	*ret = (struct bytes){ start, (size_t)(w->at - start) };
	w->at++;
	return true;
}

/* Passes over any value up to the comma or brace that ends it. */
static bool walk_value(struct walk *w, struct bytes *ret)
{
	const char *start = w->at;
	struct bytes string;
	unsigned depth = 0;
	if (w->at < w->end && *w->at == '"')
		return walk_string(w, ret);
	while (w->at < w->end && (depth > 0 || (*w->at != ',' && *w->at != '}'))) {
		if (*w->at == '"') {
			if (!walk_string(w, &string))
				return false;
			continue;
		}
		if (*w->at == '{' || *w->at == '[')
			depth++;
		else if (*w->at == '}' || *w->at == ']')
			depth--;
		w->at++;
	}
	*ret = (struct bytes){ start, (size_t)(w->at - start) };
	return depth == 0 && ret->len > 0;
}

static bool is_digest(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!memchr("0123456789abcdef", b.data[i], 16))
			return false;
	return b.len == 64;
}

static bool number_of(struct bytes b, uint64_t *ret)
{
	uint64_t n = 0;
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < '0' || b.data[i] > '9' || __builtin_mul_overflow(n, UINT64_C(10), &n) ||
			__builtin_add_overflow(n, (uint64_t)(b.data[i] - '0'), &n))
			return false;
	*ret = n;
	return b.len > 0;
}

/* The hash of a line is over what it would be without that member, and the comma that came with it. */
static void sum_of(struct bytes line, const struct links *l, char ret[static DIGEST_HEX])
{
	char body[LIMIT_RECORD];
	const char *member = l->hash.data - strlen("\"hash\":\""), *after = l->hash.data + l->hash.len + 1;
	if (member - line.data > 1)
		member--; /* the comma before it, or else the one behind */
	else if (after < line.data + line.len && *after == ',')
		after++;
	const size_t before = (size_t)(member - line.data), rest = line.len - (size_t)(after - line.data);
	memcpy(body, line.data, before);
	memcpy(body + before, after, rest);
	digest_hex(l->prev, (struct bytes){ body, before + rest }, ret);
}

bool line_claims(struct bytes line, struct links *ret, char ret_sum[static DIGEST_HEX])
{
	struct links l = { 0 };
	struct walk w = { line.data, line.data + line.len };
	struct bytes key, value, seq = { 0 };
	if (line.len < 2 || line.len > LIMIT_RECORD || *w.at != '{')
		return false;
	do {
		w.at++;
		if (!walk_string(&w, &key) || w.at == w.end || *w.at++ != ':' || !walk_value(&w, &value) ||
			w.at == w.end)
			return false;
		struct bytes *to = bytes_is(key, "chain") ? &l.chain
			: bytes_is(key, "prev")           ? &l.prev
			: bytes_is(key, "hash")           ? &l.hash
			: bytes_is(key, "seq")            ? &seq
			: bytes_is(key, "id")             ? &l.id
							  : NULL;
		if (to && to->data)
			return false;
		if (to)
			*to = value;
	} while (*w.at == ',');
	if (*w.at != '}' || w.at + 1 != w.end || l.chain.len != CHAIN_ID - 1 || !is_digest(l.prev) ||
		!is_digest(l.hash) || !number_of(seq, &l.seq))
		return false;
	sum_of(line, &l, ret_sum);
	*ret = l;
	return true;
}

bool line_links(struct bytes line, struct links *ret)
{
	char sum[DIGEST_HEX];
	struct links l;
	if (!line_claims(line, &l, sum) || memcmp(sum, l.hash.data, DIGEST_HEX - 1) != 0)
		return false;
	*ret = l;
	return true;
}

int tail_read(struct arena *a, int fd, off_t size, struct tail *ret, struct head *ret_head)
{
	const size_t most = 2 * LIMIT_RECORD + 2; /* a whole line, and half of one behind it */
	const size_t want = size > (off_t)most ? most : (size_t)size;
	const off_t from = size - (off_t)want;
	char *text = arena_alloc(a, want + 1);
	if (!text)
		return -ENOMEM;
	const ssize_t n = pread(fd, text, want, from);
	if (n != (ssize_t)want)
		return n < 0 ? -errno : -EIO;
	*ret = (struct tail){ 0 };
	const char *end = memrchr(text, '\n', want);
	if (!end) {
		ret->end = from; /* 0, or far before what is no line at all */
		return 0;
	}
	const char *before = memrchr(text, '\n', (size_t)(end - text));
	const char *start = before ? before + 1 : text;
	struct links l;
	ret->end = from + (end + 1 - text);
	ret->readable = line_links((struct bytes){ start, (size_t)(end - start) }, &l);
	if (ret->readable) {
		*ret_head = (struct head){ .seq = l.seq, .size = ret->end };
		memcpy(ret_head->chain, l.chain.data, CHAIN_ID - 1);
		memcpy(ret_head->hash, l.hash.data, DIGEST_HEX - 1);
	}
	return 0;
}
