/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a query: one table has them, reads them and tells of them. */
#include "ctl/audit/query.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/caller.h"
#include "validate/base/near.h"
#include "validate/base/when.h"

#define QUERY_MEMORY ((size_t)8 << 20)
#define WORDS_MOST 1024u /* of one filter */
#define LAST_MOST 1000000ul

static const char *const decisions[] = { "allow", "deny", "would-deny", "bypass", "error", NULL };
static const char *const actions[] = { "create", "run", "restore", "exec", "update", "start", "kill", "delete", "pause",
	"resume", "checkpoint", NULL };
static const char *const kinds[] = { "cgroup", "ipc", "mnt", "mount", "net", "network", "pid", "time", "user", "uts",
	NULL };
static const char *const hows[] = { "new", "joined", "host", NULL };
static const char *const places[] = { "chain", "journal", "both", NULL };

static const struct filter {
	const char *name, *value, *help;
	const char *const *known; /* the words there are; NULL: any */
} filters[WANT_MAX] = {
	[WANT_DECISION] = { "--decision", "WORD", "allow, deny, would-deny, bypass or error", decisions },
	[WANT_ACTION] = { "--action", "WORD", "create, run, exec, update, start, kill ...", actions },
	[WANT_EVENT] = { "--event", "CODE", "create.denied, audit.gap, container.* ...", NULL },
	[WANT_RULE] = { "--rule", "ID", "a rule that was breached; caps.* are several", NULL },
	[WANT_CONTAINER] = { "--container", "ID", "an id, its beginning, or a name", NULL },
	[WANT_POD] = { "--pod", "NS/NAME", "payments/web-*; payments/* is the namespace", NULL },
	[WANT_IMAGE] = { "--image", "NAME", "a name or a digest, with *", NULL },
	[WANT_CALLER] = { "--caller", "NAME", "who called: an executable or a unit, with *", NULL },
	[WANT_USER] = { "--user", "USER", "who was logged in, or ran it: a name or a uid", NULL },
	[WANT_POLICY] = { "--policy", "NAME", "a profile, name@version, or sha256:DIGEST", NULL },
	[WANT_CAPABILITY] = { "--capability", "CAP", "an effective one: sys_admin, CAP_SYS_ADMIN", NULL },
	[WANT_NAMESPACE] = { "--namespace", "KIND",
		"not a new one of its own: net; or pid=joined,\n"
		"                       user=new, ipc=host",
		NULL },
};

/* Those that are no filter by words. */
enum plain {
	PLAIN_SINCE,
	PLAIN_UNTIL,
	PLAIN_BOOT,
	PLAIN_LAST,
	PLAIN_REVERSE,
	PLAIN_LIFECYCLE,
	PLAIN_IN,
	PLAIN_DIRECTORY,
	PLAIN_JOURNAL_FILE,
	PLAIN_MAX,
};

static const struct option {
	const char *name;
	bool value;
} plains[PLAIN_MAX] = {
	[PLAIN_SINCE] = { "--since", true },
	[PLAIN_UNTIL] = { "--until", true },
	[PLAIN_BOOT] = { "--boot", false }, /* --boot=ID */
	[PLAIN_LAST] = { "--last", true },
	[PLAIN_REVERSE] = { "--reverse", false },
	[PLAIN_LIFECYCLE] = { "--lifecycle", false },
	[PLAIN_IN] = { "--in", true },
	[PLAIN_DIRECTORY] = { "--directory", true },
	[PLAIN_JOURNAL_FILE] = { "--journal-file", true },
};

static const char about_plains[] = "      --since TIME     from then on: today, yesterday, -2h, \"3 days ago\",\n"
				   "                       \"2026-11-22 05:00\", 2026-11-22T05:00:00Z\n"
				   "      --until TIME     up to then\n"
				   "      --boot[=ID]      of this boot, or of that one\n"
				   "      --last N         only the last N of them\n"
				   "      --reverse        with --last: the newest first\n"
				   "      --lifecycle      start, kill, delete, pause and resume as well\n"
				   "      --in WHERE       chain, journal or both; the chain where there is one\n"
				   "      --directory DIR  a chain elsewhere: a copy of /var/log/runvet, or a file\n"
				   "      --journal-file PATH  a journal elsewhere: a file, or a directory of them\n";

void query_init(struct query *q)
{
	*q = (struct query){ 0 };
	arena_init(&q->arena, QUERY_MEMORY);
}

void query_done(struct query *q)
{
	arena_done(&q->arena);
}

const char *query_help(void)
{
	static char text[4096];
	int n;

	if (text[0])
		return text;
	n = snprintf(text, sizeof(text), "%sOf a filter given several times, one word has to match; of several, all:\n",
		about_plains);
	for (size_t i = 0; i < WANT_MAX && n > 0 && (size_t)n < sizeof(text); i++) {
		const int width = snprintf(NULL, 0, "%s %s", filters[i].name, filters[i].value);
		n += snprintf(text + n, sizeof(text) - (size_t)n, "      %s %s%*s%s\n", filters[i].name,
			filters[i].value, width < 16 ? 17 - width : 1, "", filters[i].help);
	}
	return text;
}

const char *const *query_options(void)
{
	static const char *names[PLAIN_MAX + WANT_MAX + 3];
	size_t n = 0;

	for (size_t i = 0; i < PLAIN_MAX; i++)
		names[n++] = plains[i].name;
	for (size_t i = 0; i < WANT_MAX; i++)
		names[n++] = filters[i].name;
	names[n++] = "--format";
	names[n++] = "--help";
	return names;
}

/* A user is a number in records. */
static const char *user_word(struct query *q, const char *word)
{
	const struct passwd *p = isdigit((unsigned char)word[0]) ? NULL : getpwnam(word);

	if (word[0] && strspn(word, "0123456789") == strlen(word))
		return word;
	return p ? arena_printf(&q->arena, "%lu", (unsigned long)p->pw_uid) : NULL;
}

static const char *capability_word(struct query *q, const char *word)
{
	char *made = arena_printf(&q->arena, "CAP_%s", word);

	for (char *c = made; c && *c; c++)
		*c = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
	return made && strncmp(made, "CAP_CAP_", 8) == 0 ? made + 4 : made;
}

/* "net", "network=host" as records say it: "net", "net=host". NULL once it has complained. */
static const char *namespace_word(struct query *q, const struct verb *v, const char *word)
{
	const size_t len = strcspn(word, "=");
	const struct bytes kind = { word, len };
	const char *how = word[len] ? word + len + 1 : "";
	bool known = false, known_how = !word[len];

	for (size_t i = 0; kinds[i]; i++)
		known |= bytes_is(kind, kinds[i]);
	for (size_t i = 0; hows[i]; i++)
		known_how |= strcmp(how, hows[i]) == 0;
	if (!known || !known_how) {
		const char *near = known ? near_word(bytes_of(how), hows) : near_word(kind, kinds);
		(void)usage(v,
			"--namespace %s: it is one of cgroup, ipc, mount, net, pid, time, user, uts, with =new, "
			"=joined or =host behind it%s%s%s",
			word, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
		return NULL;
	}
	/* Records call them as the kernel does. */
	const char *name = bytes_is(kind, "network") ? "net" : bytes_is(kind, "mount") ? "mnt" : NULL;
	if (!name)
		name = arena_copy(&q->arena, kind);
	return name ? arena_printf(&q->arena, "%s%s%s", name, word[len] ? "=" : "", how) : NULL;
}

static int unknown_word(const struct verb *v, const char *option, const char *word, const char *const *known)
{
	const char *near = near_word(bytes_of(word), known);
	char list[256] = "";
	struct text to = text_over(list, sizeof(list));

	for (size_t i = 0; known[i]; i++)
		text_printf(&to, "%s%s", i ? ", " : "", known[i]);
	if (near)
		(void)usage(v, "%s %s is unknown; did you mean %s?", option, word, near);
	else
		(void)usage(v, "%s %s is unknown: it is one of %s", option, word, list);
	return -AUDIT_TROUBLE;
}

static bool is_among(const char *word, const char *const *known)
{
	for (size_t i = 0; known[i]; i++)
		if (strcmp(word, known[i]) == 0)
			return true;
	return false;
}

static int add_word(struct query *q, const struct verb *v, enum query_word which, const char *word)
{
	const struct filter *f = &filters[which];
	struct wanted *w = &q->want[which];

	if (f->known && !is_among(word, f->known))
		return unknown_word(v, f->name, word, f->known);
	if (which == WANT_USER) {
		const char *uid = user_word(q, word);
		if (!uid)
			return usage(v, "--user %s: this host has no such user; give his uid", word), -AUDIT_TROUBLE;
		word = uid;
	} else if (which == WANT_CAPABILITY) {
		word = capability_word(q, word);
	} else if (which == WANT_NAMESPACE) {
		word = namespace_word(q, v, word);
		if (!word)
			return -AUDIT_TROUBLE;
	} else if (which == WANT_POD && !strchr(word, '/')) {
		return usage(v, "--pod %s: write NAMESPACE/NAME; %s/* is a namespace, */%s a pod in any", word, word,
			       word),
		       -AUDIT_TROUBLE;
	}
	if (w->count == WORDS_MOST)
		return usage(v, "%s was given more often than %u times", f->name, WORDS_MOST), -AUDIT_TROUBLE;
	const char **more = arena_array(&q->arena, w->count + 1, sizeof(*more));
	if (!more || !word)
		return trouble("no memory"), -AUDIT_TROUBLE;
	for (size_t i = 0; i < w->count; i++)
		more[i] = w->words[i];
	more[w->count++] = word;
	w->words = more;
	return 1;
}

static int set_time(const struct verb *v, const char *option, const char *word, struct timespec *ret)
{
	if (query_time(word, when_now(), ret) == 0)
		return 1;
	(void)usage(v,
		"%s %s is no time: write today, yesterday, -2h, \"3 days ago\", \"2026-11-22 05:00\" or "
		"2026-11-22T05:00:00Z",
		option, word);
	return -AUDIT_TROUBLE;
}

static int set_boot(struct query *q, const struct verb *v, const char *value)
{
	struct machine m;

	if (!value) {
		machine_read(&q->arena, &m);
		q->boot = m.boot_id;
		return q->boot ? 1 : (trouble("this boot's id cannot be read"), -AUDIT_TROUBLE);
	}
	char id[64];
	struct text to = text_over(id, sizeof(id));
	for (const char *c = value; *c; c++)
		if (*c != '-')
			text_char(&to, (char)tolower((unsigned char)*c));
	if (to.len != 32 || strspn(id, "0123456789abcdef") != 32)
		return usage(v, "--boot=%s: a boot's id has 32 hexadecimal digits, as journalctl --list-boots shows",
			       value),
		       -AUDIT_TROUBLE;
	q->boot = arena_copy(&q->arena, bytes_of(id));
	return q->boot ? 1 : -AUDIT_TROUBLE;
}

static int set_last(struct query *q, const struct verb *v, const char *value)
{
	char *end;

	errno = 0;
	const unsigned long n = strtoul(value, &end, 10);
	if (errno || *end || n == 0 || n > LAST_MOST || !isdigit((unsigned char)value[0]))
		return usage(v, "--last %s: it is a number from 1 to %lu", value, LAST_MOST), -AUDIT_TROUBLE;
	q->last = n;
	return 1;
}

static int set_plain(struct query *q, const struct verb *v, enum plain which, const char *given)
{
	const char *value = given ? given : ""; /* only --boot goes without: query_option sees to that */

	switch (which) {
	case PLAIN_SINCE:
		return set_time(v, "--since", value, &q->since);
	case PLAIN_UNTIL:
		return set_time(v, "--until", value, &q->until);
	case PLAIN_BOOT:
		return set_boot(q, v, given);
	case PLAIN_LAST:
		return set_last(q, v, value);
	case PLAIN_REVERSE:
		q->reverse = true;
		return 1;
	case PLAIN_LIFECYCLE:
		q->lifecycle = true;
		return 1;
	case PLAIN_IN:
		if (!is_among(value, places))
			return unknown_word(v, "--in", value, places);
		q->in = strcmp(value, "both") == 0    ? IN_CHAIN | IN_JOURNAL
			: strcmp(value, "chain") == 0 ? IN_CHAIN
						      : IN_JOURNAL;
		return 1;
	case PLAIN_DIRECTORY:
		q->directory = value;
		return 1;
	case PLAIN_JOURNAL_FILE:
		q->file = value;
		return 1;
	case PLAIN_MAX:
		break;
	}
	return 0;
}

int query_option(struct query *q, const struct verb *v, int argc, char **argv, int *at)
{
	const char *word = argv[*at];
	const size_t len = strcspn(word, "=");
	const struct bytes name = { word, len };
	const char *value = word[len] ? word + len + 1 : NULL;
	size_t plain = 0, filter = 0;

	while (plain < PLAIN_MAX && !bytes_is(name, plains[plain].name))
		plain++;
	while (filter < WANT_MAX && !bytes_is(name, filters[filter].name))
		filter++;
	if (plain == PLAIN_MAX && filter == WANT_MAX)
		return 0;
	const bool takes = filter < WANT_MAX || plains[plain].value;
	if (takes && !value && *at + 1 < argc)
		value = argv[++*at];
	if (takes && (!value || !*value))
		return usage(v, "%.*s needs a value", (int)len, word), -AUDIT_TROUBLE;
	if (!takes && value && plain != PLAIN_BOOT)
		return usage(v, "%.*s takes no value", (int)len, word), -AUDIT_TROUBLE;
	if (filter < WANT_MAX && value)
		return add_word(q, v, (enum query_word)filter, value);
	return set_plain(q, v, (enum plain)plain, value);
}

int query_check(const struct query *q, const struct verb *v)
{
	if (q->since.tv_sec > 0 && q->until.tv_sec > 0 && q->until.tv_sec < q->since.tv_sec)
		return usage(v, "--until is before --since"), -AUDIT_TROUBLE;
	if (q->reverse && q->last == 0)
		return usage(v, "--reverse needs --last"), -AUDIT_TROUBLE;
	if (q->directory && q->in == IN_JOURNAL)
		return usage(v, "--directory is of a chain, --in journal is not"), -AUDIT_TROUBLE;
	if (q->file && q->in == IN_CHAIN)
		return usage(v, "--journal-file is of a journal, --in chain is not"), -AUDIT_TROUBLE;
	return 0;
}
