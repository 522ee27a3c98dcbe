/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for the options of a mount. A row's list is the options that delegates take for flags; whatever is not
 * among them is text for the file system.
 */
#include "validate/base/near.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

static const char *const bind_options[] = { "bind", "rbind", NULL };

/* crun's idmap=uids=0-1-10 is no text for a file system, either. */
static bool is_flag(struct bytes option, const char *const *known)
{
	return word_among(option, known) || bytes_start(option, "idmap=") || bytes_start(option, "ridmap=");
}

static bool holds_no_fs_option(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	if (!around_option(d, bind_options))
		return true;
	for (const struct doc *o = around_first(d, "options"); o; o = o->next)
		if (o->type == DOC_STRING && o->string.len > 0 && !is_flag(o->string, r->words)) {
			*ret_at = o;
			return false;
		}
	return true;
}

const struct predicate have_no_fs_option = {
	.says = "be an option that a bind mount can have{near}: others are refused or dropped without a word",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_no_fs_option,
};

/* Text with a value (size=64m) is a file system's own, and so is every option of a bind mount another row's. */
static bool holds_well_spelt(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	const struct bytes o = d->string;
	if (o.len == 0 || word_among(o, r->words) || memchr(o.data, '=', o.len) || memchr(o.data, ',', o.len))
		return true;
	return !near_word(o, r->words) || around_option(d->parent->parent, bind_options);
}

const struct predicate be_well_spelt = {
	.says = "be well spelt{near}",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_well_spelt,
};

/* Of each line one option is meant; that the last one wins is every delegate's choice, and no reader's expectation. */
enum {
	WRITABLE,
	SUID,
	DEV,
	EXEC,
	SYNC,
	DIRATIME,
	ATIME,
	VERSION,
	LAZY,
	LOUD,
	LINKS,
	MANDATORY,
	PROPAGATION,
	RECURSIVE, /* added to one of the above: of the r* options */
};

static const struct {
	const char *name;
	unsigned of;
} meanings[] = {
	{ "ro", WRITABLE },
	{ "rw", WRITABLE },
	{ "rro", WRITABLE + RECURSIVE },
	{ "rrw", WRITABLE + RECURSIVE },
	{ "suid", SUID },
	{ "nosuid", SUID },
	{ "rsuid", SUID + RECURSIVE },
	{ "rnosuid", SUID + RECURSIVE },
	{ "dev", DEV },
	{ "nodev", DEV },
	{ "rdev", DEV + RECURSIVE },
	{ "rnodev", DEV + RECURSIVE },
	{ "exec", EXEC },
	{ "noexec", EXEC },
	{ "rexec", EXEC + RECURSIVE },
	{ "rnoexec", EXEC + RECURSIVE },
	{ "sync", SYNC },
	{ "async", SYNC },
	{ "diratime", DIRATIME },
	{ "nodiratime", DIRATIME },
	{ "rdiratime", DIRATIME + RECURSIVE },
	{ "rnodiratime", DIRATIME + RECURSIVE },
	{ "noatime", ATIME },
	{ "relatime", ATIME },
	{ "strictatime", ATIME },
	{ "rnoatime", ATIME + RECURSIVE },
	{ "rrelatime", ATIME + RECURSIVE },
	{ "rstrictatime", ATIME + RECURSIVE },
	{ "iversion", VERSION },
	{ "noiversion", VERSION },
	{ "lazytime", LAZY },
	{ "nolazytime", LAZY },
	{ "loud", LOUD },
	{ "silent", LOUD },
	{ "symfollow", LINKS },
	{ "nosymfollow", LINKS },
	{ "rsymfollow", LINKS + RECURSIVE },
	{ "rnosymfollow", LINKS + RECURSIVE },
	{ "mand", MANDATORY },
	{ "nomand", MANDATORY },
	{ "private", PROPAGATION },
	{ "rprivate", PROPAGATION },
	{ "shared", PROPAGATION },
	{ "rshared", PROPAGATION },
	{ "slave", PROPAGATION },
	{ "rslave", PROPAGATION },
	{ "unbindable", PROPAGATION },
	{ "runbindable", PROPAGATION },
};
#define MEANINGS (sizeof(meanings) / sizeof(meanings[0]))

static size_t meaning_of(struct bytes option)
{
	size_t i = 0;
	while (i < MEANINGS && (option.data[0] != meanings[i].name[0] || !bytes_is(option, meanings[i].name)))
		i++;
	return i;
}

static bool holds_no_conflict(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	size_t seen[2 * RECURSIVE];
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		seen[i] = MEANINGS;
	for (const struct doc *o = d->first; o; o = o->next) {
		const size_t m = o->type == DOC_STRING && o->string.len > 0 ? meaning_of(o->string) : MEANINGS;
		if (m == MEANINGS)
			continue;
		if (seen[meanings[m].of] != MEANINGS && seen[meanings[m].of] != m) {
			*ret_at = o;
			return false;
		}
		seen[meanings[m].of] = m;
	}
	return true;
}

const struct predicate not_contradict = {
	.says = "not contradict an earlier option: the last one wins",
	.judges = DOC_ARRAY,
	.holds = holds_no_conflict,
};
