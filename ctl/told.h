/* SPDX-License-Identifier: Apache-2.0 */
/* What rules and explain share: how a row's members are called. */
#pragma once

#include "validate/rule/version.h"
#include "validate/rule/words.h"

/* What .spec is relative to, unless it is a manual page. */
#define TOLD_SPEC "https://github.com/opencontainers/runtime-spec/blob/main/"

/* A row that only gives the document its type says no severity: a type breach is an error. */
static inline enum severity told_severity(const struct rule *r)
{
	return r->severity == SEV_OFF ? SEV_ERROR : r->severity;
}

static inline const char *told_since(const struct rule *r)
{
	return r->since == SPEC_ANY ? "-" : spec_version_name(r->since);
}

static inline const char *told_release(const struct rule *r)
{
	return release_name(r->in);
}

/* What the document is held against beside the specification; NULL for nothing. */
static inline const char *told_against(const struct rule *r)
{
	if (r->of == OF_CONTROL)
		return "policy";
	if (r->of == OF_BOUNDARY)
		return r->at ? "boundary" : "approved";
	if (r->of != OF_HOST)
		return NULL;
	return strncmp(r->id, "feat.", 5) == 0 ? "delegate" : "host";
}

/* A parameter's type in words: "a boolean", "an array of strings". */
static inline void told_param_type(const struct param *p, struct text *to)
{
	text_add(to, doc_type_words(p->type));
	if (!p->of)
		return;
	const char *each = doc_type_words(p->of), *word = strchr(each, ' ');
	text_printf(to, " of %ss", word ? word + 1 : each);
}
