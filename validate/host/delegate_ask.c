/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a delegate says of itself, made out of what it prints. `--version` is prose, of which two words are taken;
 * `features` is JSON or nothing. No answer is a fault: what is missing is unknown, and only whether it is worth asking
 * again is told apart.
 */
#include <errno.h>
#include <fcntl.h>

#include "validate/base/limits.h"
#include "validate/host/delegate_parts.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* The next word of a line from *at on, which is moved behind it; empty at the end of the line. */
static struct bytes word_of(struct bytes text, size_t *at)
{
	while (*at < text.len && blank(text.data[*at]))
		(*at)++;
	const size_t begin = *at;
	while (*at < text.len && !blank(text.data[*at]) && text.data[*at] != '\n')
		(*at)++;
	return (struct bytes){ text.data + begin, *at - begin };
}

/* A word with a digit that may be shown anywhere; anything else is no version. */
static struct bytes plain(struct bytes word)
{
	bool good = word.len <= LIMIT_VERSION, digit = false;

	for (size_t i = 0; good && i < word.len; i++) {
		good = word.data[i] > ' ' && word.data[i] < 0x7f;
		digit = digit || (word.data[i] >= '0' && word.data[i] <= '9');
	}
	return good && digit ? word : (struct bytes){ 0 };
}

/* "runc version 1.1.5", "kata-runtime  : 3.2.0": of the first line the word behind "version", else the last one. */
static struct bytes version_of(struct bytes text)
{
	struct bytes last = { 0 };
	bool next = false;

	for (size_t at = 0;;) {
		const struct bytes word = word_of(text, &at);
		if (word.len == 0)
			return plain(last);
		last = word;
		if (next && !bytes_is(word, ":"))
			return plain(word);
		next = next || bytes_is(word, "version");
	}
}

/* "spec: 1.0.2-dev", on a line of its own. */
static struct bytes spec_of(struct bytes text)
{
	for (size_t at = 0; at < text.len; at++) {
		const bool here = bytes_is(word_of(text, &at), "spec:");
		const struct bytes word = word_of(text, &at);
		if (here)
			return plain(word);
		while (at < text.len && text.data[at] != '\n')
			at++;
	}
	return (struct bytes){ 0 };
}

/* 0 or -ENOMEM. */
static int read_features(struct arena *a, const struct delegate_heard *heard, struct delegate_answer *ret)
{
	const struct doc_options options = { .file = "features", .cause = CAUSE_RUNTIMES };
	const struct doc *d = NULL;

	if (!heard->ended) {
		ret->lacks = heard->text.len > LIMIT_FEATURES_BYTES ? "its features have no end"
								    : "it did not tell its features in time";
		return 0;
	}
	/* One that says no, and is well otherwise, has no such command. */
	if (heard->code > 0) {
		ret->settled = ret->version.len > 0;
		ret->lacks = ret->settled ? "it has no command that tells its features" : "it fails when it is asked";
		return 0;
	}
	const int r = heard->text.len ? doc_parse(a, heard->text, &options, &d, NULL) : -EBADMSG;
	if (r == 0 && d->type == DOC_OBJECT) {
		ret->features = d;
		ret->settled = true;
		return 0;
	}
	ret->lacks = "what it prints as its features is no JSON object";
	return r == -ENOMEM ? r : 0;
}

/* The digest of the file that is to be run; one that we may run but not read has none. 0 or -ESTALE. */
static int identify(const struct delegate_want *want, char digest[static DIGEST_HEX])
{
	struct stat st;
	cleanup_close int fd = fd_open(AT_CWD, want->path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);

	digest[0] = '\0';
	if (fd < 0)
		return fd == -EACCES ? 0 : -ESTALE;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -ESTALE;
	const struct identity now = identity_of(&st);
	if (!identity_equal(&now, &want->identity))
		return -ESTALE;
	if (digest_file(fd, LIMIT_DELEGATE_BYTES, digest) < 0)
		digest[0] = '\0';
	return 0;
}

static bool unchanged(const struct delegate_want *want)
{
	struct stat st;

	if (stat(want->path, &st) < 0)
		return false;
	const struct identity now = identity_of(&st);
	return identity_equal(&now, &want->identity);
}

int delegate_ask(struct arena *a, const struct delegate_want *want, struct delegate_answer *ret)
{
	struct delegate_heard heard;

	*ret = (struct delegate_answer){ 0 };
	int r = identify(want, ret->digest);
	if (r < 0)
		return r;
	/* The version has half of the time, so that features are asked for whatever became of it. */
	const struct deadline first = deadline_in(WAIT_FEATURES_MS / 2), until = deadline_in(WAIT_FEATURES_MS);
	r = delegate_run(a, want, "--version", first, &heard);
	if (r == 0 && heard.ended && heard.code <= 0) {
		ret->version = version_of(heard.text);
		ret->spec = spec_of(heard.text);
	}
	if (r == 0)
		r = delegate_run(a, want, "features", until, &heard);
	if (r == 0)
		r = read_features(a, &heard, ret);
	if (r < 0)
		return r;
	return unchanged(want) ? 0 : -ESTALE;
}
