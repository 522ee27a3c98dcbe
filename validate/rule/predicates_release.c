/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for releases: what a delegate of a release cannot know, and what it is known to leave out. The first is a
 * guess from ociVersionMax, which says what it promises; the second was tried, or is in the delegate's own list of
 * changes.
 */
#include "validate/rule/known.h"
#include "validate/rule/predicates_feature.h"
#include "validate/rule/version.h"

/* Order of two versions by their numbers; 0 also when one is none. */
static int order(struct bytes a, struct bytes b)
{
	struct semver x, y;
	if (!semver_read(a, &x) || !semver_read(b, &y))
		return 0;
	for (int i = 0; i < 3; i++)
		if (x.number[i] != y.number[i])
			return x.number[i] < y.number[i] ? -1 : 1;
	return 0;
}

static struct bytes feature_string(const struct facts *f, const char *name)
{
	return around_string(doc_get(f->delegate, "features"), name);
}

static void tell_bound(const struct facts *f, const char *name, struct text *to)
{
	say_delegate(f, to);
	text_printf(to, " says of %s: ", name);
	say_bytes(feature_string(f, name), to);
}

static bool holds_predating(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return order(d->string, feature_string(f, "ociVersionMin")) >= 0;
}

static void tells_min(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	tell_bound(f, "ociVersionMin", to);
}

const struct predicate not_predate = {
	.says = "not be older than all that the delegate knows",
	.judges = DOC_STRING,
	.holds = holds_predating,
	.tells = tells_min,
};

/* 1.0.2-dev and 1.1.0+dev are names for what comes behind them: see version.h. */
static bool reaches(struct bytes max, struct bytes version)
{
	const enum spec_version most = spec_version_of(max), said = spec_version_of(version);
	return order(version, max) <= 0 || (most != SPEC_ANY && said != SPEC_ANY && said <= most && said < SPEC_NEWEST);
}

static bool holds_outrunning(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return known_quirk(f, "version-constant") || reaches(feature_string(f, "ociVersionMax"), d->string);
}

static void tells_max(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	tell_bound(f, "ociVersionMax", to);
}

const struct predicate not_outrun = {
	.says = "not be newer than all that the delegate promises to know",
	.judges = DOC_STRING,
	.holds = holds_outrunning,
	.tells = tells_max,
};

/* What a delegate does with a property before it knows it. */
enum fate { LEFT_OUT, REFUSED };

/*
 * Which delegates lose what, before which version of theirs; without one, in all that there are. Two are certain of it
 * for a lower version only than the one that learned it. runc: 1.1.5 tried, and its list of changes for 1.2.0-rc.1,
 * 1.3.0-rc.1, 1.4.0-rc.1. crun: 1.8.1 tried, and its list of changes up to 1.18.2.
 */
static const struct {
	const char *place, *dialect, *before;
	enum fate fate;
	const char *value; /* of the place, when it is not every one */
	bool of_update;    /* it does nothing at create */
} lost[] = {
	{ .place = "domainname", .dialect = "crun", .before = "1.7" },
	{ .place = "domainname", .dialect = "runc", .before = "1.2.0" },
	{ .place = "linux.intelRdt", .dialect = "crun", .before = "1.10" },
	{ .place = "linux.intelRdt.enableMonitoring", .dialect = "crun", .before = "1.19" },
	{ .place = "linux.intelRdt.enableMonitoring", .dialect = "runc", .before = "1.4.0" },
	{ .place = "linux.intelRdt.schemata", .dialect = "crun", .before = "1.19" },
	{ .place = "linux.intelRdt.schemata", .dialect = "runc", .before = "1.4.0" },
	{ .place = "linux.memoryPolicy", .dialect = "crun", .before = "1.19" },
	{ .place = "linux.memoryPolicy", .dialect = "runc", .before = "1.4.0" },
	{ .place = "linux.namespaces[].type", .dialect = "crun", .before = "1.8.4", .fate = REFUSED, .value = "time" },
	{ .place = "linux.netDevices", .dialect = "crun", .before = "1.19" },
	{ .place = "linux.netDevices", .dialect = "runc", .before = "1.4.0" },
	{ .place = "linux.personality", .dialect = "runc", .before = "1.2.0" },
	{ .place = "linux.resources.cpu.burst", .dialect = "crun", .before = "1.11" },
	{ .place = "linux.resources.cpu.burst", .dialect = "runc", .before = "1.2.0" },
	{ .place = "linux.resources.cpu.idle", .dialect = "crun", .before = "1.5" },
	{ .place = "linux.resources.cpu.idle", .dialect = "runc", .before = "1.2.0" },
	{ .place = "linux.resources.memory.checkBeforeUpdate", .dialect = "crun", .before = "1.7", .of_update = true },
	{ .place = "linux.resources.memory.checkBeforeUpdate",
		.dialect = "runc",
		.before = "1.2.0",
		.of_update = true },
	{ .place = "linux.resources.rdma", .dialect = "crun" },
	{ .place = "linux.seccomp.flags", .dialect = "runc", .before = "1.2.0", .fate = REFUSED },
	{ .place = "linux.timeOffsets", .dialect = "runc", .before = "1.2.0" },
	{ .place = "mounts[].gidMappings", .dialect = "runc", .before = "1.2.0" },
	{ .place = "mounts[].uidMappings", .dialect = "runc", .before = "1.2.0" },
	{ .place = "process.execCPUAffinity", .dialect = "crun", .before = "1.19" },
	{ .place = "process.execCPUAffinity", .dialect = "runc", .before = "1.3.0" },
	{ .place = "process.ioPriority", .dialect = "crun", .before = "1.8.6" },
	{ .place = "process.ioPriority", .dialect = "runc", .before = "1.2.0" },
	{ .place = "process.scheduler", .dialect = "crun", .before = "1.8.5" },
	{ .place = "process.scheduler", .dialect = "runc", .before = "1.2.0" },
};
#define LOST (sizeof(lost) / sizeof(lost[0]))

/* The index in `lost` of what this delegate loses; LOST when it is not known to. */
static size_t loss_of(const struct facts *f, const struct doc *d)
{
	char place[128];
	struct text to = text_over(place, sizeof(place));
	const struct bytes dialect = around_string(f->delegate, "dialect"),
			   version = around_string(f->delegate, "version");
	known_place(f, d, &to);
	for (size_t i = 0; i < LOST; i++)
		if (strcmp(place, lost[i].place) == 0 && bytes_is(dialect, lost[i].dialect) &&
			(!lost[i].before || known_lower(version, lost[i].before)) &&
			(!lost[i].value || (d->type == DOC_STRING && bytes_is(d->string, lost[i].value))) &&
			(!lost[i].of_update || strcmp(f->below, "linux.resources") == 0))
			return i;
	return LOST;
}

static bool holds_kept(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return around_unset(d) || loss_of(f, d) == LOST;
}

static void tells_loss(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const size_t i = loss_of(f, at);
	say_delegate(f, to);
	text_add(to, lost[i].fate == REFUSED ? " refuses it" : " leaves it out without a word");
	if (lost[i].before)
		text_printf(to, ", as all before %s", lost[i].before);
}

enum release_word release_word(const struct facts *f, const char *place, const char **ret_before)
{
	const struct bytes dialect = around_string(f->delegate, "dialect"),
			   version = around_string(f->delegate, "version");
	for (size_t i = 0; i < LOST; i++) {
		if (strcmp(place, lost[i].place) != 0 || lost[i].value || !bytes_is(dialect, lost[i].dialect))
			continue;
		*ret_before = lost[i].before;
		if (!lost[i].before || known_lower(version, lost[i].before))
			return RELEASE_LOSES;
		return version.len ? RELEASE_BRINGS : RELEASE_SILENT;
	}
	return RELEASE_SILENT;
}

const struct predicate not_be_lost = {
	.says = "be known to the delegate",
	.judges = DOC_BOOL | DOC_INT | DOC_STRING | DOC_ARRAY | DOC_OBJECT,
	.of_keys = true,
	.holds = holds_kept,
	.tells = tells_loss,
};

/* Properties that came late, with the release: what stands below one is as new. The test "features" has it complete. */
static const struct {
	const char *place;
	enum spec_version since;
} late[] = {
	{ "domainname", SPEC_1_1_0 },
	{ "linux.intelRdt.enableCMT", SPEC_1_1_0 },
	{ "linux.intelRdt.enableMBM", SPEC_1_1_0 },
	{ "linux.intelRdt.enableMonitoring", SPEC_1_3_0 },
	{ "linux.intelRdt.schemata", SPEC_1_3_0 },
	{ "linux.memoryPolicy", SPEC_1_3_0 },
	{ "linux.netDevices", SPEC_1_3_0 },
	{ "linux.resources.cpu.burst", SPEC_1_1_0 },
	{ "linux.resources.cpu.idle", SPEC_1_1_0 },
	{ "linux.resources.memory.checkBeforeUpdate", SPEC_1_1_0 },
	{ "linux.resources.unified", SPEC_1_1_0 },
	{ "linux.seccomp.defaultErrnoRet", SPEC_1_1_0 },
	{ "linux.seccomp.listenerMetadata", SPEC_1_1_0 },
	{ "linux.seccomp.listenerPath", SPEC_1_1_0 },
	{ "linux.seccomp.syscalls[].errnoRet", SPEC_1_1_0 },
	{ "linux.timeOffsets", SPEC_1_1_0 },
	{ "mounts[].gidMappings", SPEC_1_1_0 },
	{ "mounts[].uidMappings", SPEC_1_1_0 },
	{ "process.execCPUAffinity", SPEC_1_2_1 },
	{ "process.ioPriority", SPEC_1_1_0 },
	{ "process.scheduler", SPEC_1_1_0 },
};

static enum spec_version since_of(const struct facts *f, const struct doc *d)
{
	char place[128];
	struct text to = text_over(place, sizeof(place));
	known_place(f, d, &to);
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
		if (strcmp(place, late[i].place) == 0)
			return late[i].since;
	return SPEC_ANY;
}

static bool holds_release(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const enum spec_version most = spec_version_of(feature_string(f, "ociVersionMax"));
	return around_unset(d) || most == SPEC_ANY || since_of(f, d) <= most || known_quirk(f, "version-constant") ||
		loss_of(f, d) < LOST;
}

static void tells_release(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	tells_max(r, at, f, to);
	text_printf(to, ", and that came with %s", spec_version_name(since_of(f, at)));
}

const struct predicate be_within_its_release = {
	.says = "be of a release that the delegate promises to know: others it may leave out without a word",
	.judges = DOC_BOOL | DOC_INT | DOC_STRING | DOC_ARRAY | DOC_OBJECT,
	.of_keys = true,
	.holds = holds_release,
	.tells = tells_release,
};
