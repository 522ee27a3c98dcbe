/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging by a policy: which profile is for whom, what profiles inherit, what exemptions cover and what they never do,
 * rules of the site, shadows, and the modes. One config.json, with a capability too many and without noNewPrivileges.
 */
#include <errno.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/policy/decide.h"
#include "validate/policy/evaluate.h"
#include "validate/policy/policy_parts.h"

static struct arena arena;

static const char config[] = "{ \"ociVersion\": \"1.0.2\", \"hostname\": \"web\","
			     "\"process\": { \"cwd\": \"/\", \"args\": [\"sh\"], \"user\": { \"uid\": 0, \"gid\": 0 },"
			     "  \"noNewPrivileges\": false, \"oomScoreAdj\": 100, \"env\": [\"PATH=/bin\"],"
			     "  \"capabilities\": { \"bounding\": [\"CAP_CHOWN\", \"CAP_SYS_ADMIN\", \"CAP_KILL\"] } },"
			     "\"root\": { \"path\": \"rootfs\" },"
			     "\"mounts\": [ { \"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\" },"
			     "  { \"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\" },"
			     "  { \"destination\": \"/data\", \"type\": \"nfs\", \"source\": \"srv:/data\" },"
			     "  { \"destination\": \"/cache\", \"type\": \"none\", \"source\": \"/srv/ci/cache/a\", "
			     "\"options\": [\"bind\"] } ],"
			     "\"annotations\": { \"org.example.team\": \"blue\", \"org.example.secret\": \"x\" },"
			     "\"linux\": { \"namespaces\": [ { \"type\": \"pid\" }, { \"type\": \"mount\" }, { "
			     "\"type\": \"uts\" }, { \"type\": \"network\" } ],"
			     "  \"resources\": { \"memory\": { \"limit\": 1073741824 }, \"pids\": { \"limit\": 100 } },"
			     "  \"sysctl\": { \"net.core.somaxconn\": \"128\" } } }";

static const char context[] =
	"{ \"engine\": \"docker\", \"verb\": \"create\", \"rootless\": false, \"container\": { \"id\": \"c0\", "
	"\"name\": \"web\" },"
	"\"pod\": { \"namespace\": \"tenant-a\" }, \"image\": { \"ref\": \"registry.example.org/web:1\", \"digest\": "
	"\"sha256:aa\" },"
	"\"labels\": { \"org.example.tier\": \"gold\" }, \"caller\": { \"uid\": 0 },"
	"\"trust\": { \"engine\": \"place\", \"verb\": \"kernel\", \"rootless\": \"kernel\", \"container\": "
	"\"engine\", "
	"\"pod\": \"engine\", \"image\": \"engine\", \"labels\": \"claim\", \"caller\": \"kernel\", \"image.ref\": "
	"\"claim\" } }";

struct judged {
	struct policy policy;
	struct report report;
	struct decision decision;
	int code;
};

static const struct doc *parse(const char *text)
{
	const struct doc_options options = { .file = "test", .cause = CAUSE_BUNDLE };
	const struct doc *root = NULL;
	struct fail why = { 0 };
	if (text && doc_parse(&arena, bytes_of(text), &options, &root, &why) < 0)
		ok(false, "%s: %s", why.says, text);
	return root;
}

static struct timespec at(const char *when)
{
	struct timespec t = { 0 };
	if (when_read(bytes_of(when), &t) < 0)
		ok(false, "%s is a time", when);
	return t;
}

/* Judges a text by a policy of these members. */
static struct judged judge_all(const char *members, const char *text, const char *below, const char *facts,
	const struct host *host, const char *now)
{
	struct judged j = { 0 };
	struct text policy = text_growing(&arena);
	struct fail why = { 0 };

	text_printf(&policy, "{ \"version\": 1%s%s }", *members ? ", " : "", members);
	const struct file f = { .fd = -1, .path = "policy.json", .bytes = { policy.data, policy.len } };
	j.code = policy_parse(&arena, &f, &j.policy, &why);
	if (j.code < 0) {
		printf("# %s: %s at %u:%u\n", why.rule, why.says, why.place.line, why.place.column);
		return j;
	}
	const struct evaluation e = {
		.file = "config.json",
		.text = bytes_of(text),
		.root = parse(text),
		.below = below,
		.policy = &j.policy,
		.context = parse(facts),
		.host = host,
		.now = at(now),
	};
	j.code = evaluate(&arena, &e, &j.report, NULL, &why);
	if (j.code < 0)
		printf("# %s\n", why.says);
	j.decision = decide(&j.policy, &j.report, NULL, false);
	return j;
}

static struct judged judge(const char *members, const char *facts)
{
	return judge_all(members, config, "", facts, NULL, "2026-11-22T12:00:00Z");
}

/* "error nnp, warning custom.a": the findings of a policy that count. */
static const char *told(const struct report *r)
{
	static char line[1024];
	struct text to = text_over(line, sizeof(line));
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		if (f->severity > SEV_INFO && (f->profile || f->severity == SEV_ERROR))
			text_printf(&to, "%s%s %s", to.len ? ", " : "",
				f->mode == MODE_AUDIT ? "audit" : severity_name(f->severity), f->id);
	}
	return line;
}

static void is(const char *members, const char *facts, enum decision_kind kind, const char *findings)
{
	const struct judged j = judge(members, facts);
	if (!ok(j.code == 0 && j.decision.kind == kind && strcmp(told(&j.report), findings) == 0, "%s: %s", members,
		    *findings ? findings : "nothing"))
		printf("# it is: %s: %s\n", decision_name(j.decision.kind), told(&j.report));
}

#define NNP "\"profile\": \"p\", \"profiles\": { \"p\": { \"rules\": { \"nnp\": {} } } }"
#define WITH(profile) "\"profile\": \"p\", \"profiles\": { " profile " }"

static void modes(void)
{
	is("\"profile\": \"privileged@1\"", context, DECISION_ALLOW, "");
	is(NNP, context, DECISION_DENY, "error nnp");
	is(NNP ", \"mode\": \"audit\"", context, DECISION_WOULD_DENY, "error nnp");
	is(WITH("\"p\": { \"rules\": { \"nnp\": { \"mode\": \"warn\" } } }"), context, DECISION_ALLOW, "warning nnp");
	is(WITH("\"p\": { \"rules\": { \"nnp\": { \"mode\": \"audit\" } } }"), context, DECISION_WOULD_DENY,
		"audit nnp");
	is(WITH("\"p\": { \"rules\": { \"nnp\": { \"mode\": \"off\" } } }"), context, DECISION_ALLOW, "");
	is(WITH("\"p\": { \"mode\": \"audit\", \"rules\": { \"nnp\": {} } }"), context, DECISION_WOULD_DENY,
		"audit nnp");
	is(WITH("\"p\": { \"mode\": \"audit\", \"rules\": { \"nnp\": { \"mode\": \"enforce\" } } }"), context,
		DECISION_DENY, "error nnp");
	is(WITH("\"p\": { \"rules\": { \"nnp\": { \"mode\": \"audit\" }, \"user.nonroot\": {} } }"), context,
		DECISION_DENY, "error user.nonroot, audit nnp");
	const struct judged j = judge(NNP, context);
	ok(j.decision.because && strcmp(j.decision.because->id, "nnp") == 0 &&
			strcmp(j.decision.because->profile, "p") == 0 && strcmp(j.decision.reason, "policy") == 0,
		"the decision names rule, profile and reason");
	ok(j.report.applied && strcmp(j.report.applied->profile, "p") == 0,
		"and the report the profile that was applied");
	const struct judged spec = judge_all(NNP, "{ \"ociVersion\": \"1.0.2\", \"process\": { \"cwd\": \"x\" } }", "",
		context, NULL, "2026-11-22T12:00:00Z");
	is_text(spec.decision.reason, "rule-violation", "a breach of the specification comes first");
}

static void inheritance(void)
{
	is(WITH("\"b\": { \"rules\": { \"nnp\": {} } }, \"p\": { \"extends\": [\"b\"] }"), context, DECISION_DENY,
		"error nnp");
	is(WITH("\"p\": { \"extends\": [\"b\"] }, \"b\": { \"rules\": { \"nnp\": {} } }"), context, DECISION_DENY,
		"error nnp");
	is(WITH("\"b\": { \"rules\": { \"nnp\": {} } }, \"p\": { \"extends\": [\"b\"], \"mode\": \"audit\" }"), context,
		DECISION_WOULD_DENY, "audit nnp");
	is(WITH("\"b\": { \"rules\": { \"nnp\": { \"mode\": \"warn\" } } }, \"p\": { \"extends\": [\"b\"], \"mode\": "
		"\"enforce\" }"),
		context, DECISION_ALLOW, "warning nnp");
	is(WITH("\"b\": { \"rules\": { \"nnp\": {} } }, \"p\": { \"extends\": [\"b\"], \"rules\": { \"nnp\": { "
		"\"mode\": "
		"\"off\" } } }"),
		context, DECISION_ALLOW, "");
	is(WITH("\"b\": { \"rules\": { \"caps.allowed\": { \"params\": { \"allow\": [\"CAP_CHOWN\"] } } } }, \"p\": { "
		"\"extends\": [\"b\"], \"rules\": { \"caps.allowed\": { \"params\": { \"allow\": [\"ALL\"] } } } }"),
		context, DECISION_ALLOW, "");
	is(WITH("\"b\": { \"rules\": { \"caps.allowed\": { \"params\": { \"allow\": [\"ALL\"] } } } }, \"p\": { "
		"\"extends\": "
		"[\"b\"], \"rules\": { \"caps.allowed\": { \"mode\": \"enforce\" } } }"),
		context, DECISION_ALLOW, "");
	/* Two that extend a third do not undo each other. */
	is(WITH("\"c\": { \"rules\": { \"nnp\": {}, \"user.nonroot\": {} } }, \"a\": { \"extends\": [\"c\"], "
		"\"rules\": { "
		"\"nnp\": { \"mode\": \"warn\" } } }, \"b\": { \"extends\": [\"c\"], \"rules\": { \"user.nonroot\": { "
		"\"mode\": "
		"\"warn\" } } }, \"p\": { \"extends\": [\"a\", \"b\"] }"),
		context, DECISION_ALLOW, "warning nnp, warning user.nonroot");
	is(WITH("\"c\": { \"rules\": { \"nnp\": {} } }, \"a\": { \"extends\": [\"c\"], \"mode\": \"audit\" }, \"p\": { "
		"\"extends\": [\"a\", \"c\"] }"),
		context, DECISION_DENY, "error nnp");
}

#define TWO                                                                                                            \
	"\"profiles\": { \"nnp\": { \"rules\": { \"nnp\": {} } }, \"user\": { \"rules\": { \"user.nonroot\": {} } }, " \
	"\"both\": { \"extends\": [\"nnp\", \"user\"] }, \"none\": {} }, \"profile\": \"none\""

static void selection(void)
{
#define WHEN(when) TWO ", \"select\": [ { \"when\": { " when " }, \"profile\": \"nnp\" } ]"
	is(WHEN("\"engine\": \"docker\""), context, DECISION_DENY, "error nnp");
	is(WHEN("\"engine\": \"podman\""), context, DECISION_ALLOW, "");
	is(WHEN("\"engine\": [\"podman\", \"dock*\"]"), context, DECISION_DENY, "error nnp");
	is(WHEN("\"engine\": \"docker\", \"verb\": \"exec\""), context, DECISION_ALLOW, "");
	is(WHEN("\"engine\": \"docker\", \"verb\": \"create\""), context, DECISION_DENY, "error nnp");
	is(WHEN("\"pod.namespace\": \"tenant-*\""), context, DECISION_DENY, "error nnp");
	is(WHEN("\"rootless\": false"), context, DECISION_DENY, "error nnp");
	is(WHEN("\"rootless\": true"), context, DECISION_ALLOW, "");
	is(WHEN("\"caller.uid\": [1000, 0]"), context, DECISION_DENY, "error nnp");
	is(WHEN("\"caller.uid\": \"0\""), context, DECISION_ALLOW, "");
	is(WHEN("\"image.digest\": \"sha256:aa\""), context, DECISION_DENY, "error nnp");
	is(WHEN("\"engine\": \"docker\""), NULL, DECISION_ALLOW, "");
	is(WHEN("\"user\": \"*\""), context, DECISION_ALLOW, "");
	is(WHEN("\"labels.org.example.tier\": \"gold\""), context, DECISION_ALLOW, "");
	is(WHEN("\"image.ref\": \"**\""), context, DECISION_ALLOW, "");
	is(WHEN("\"engine\": \"docker\", \"labels.org.example.tier\": \"gold\""), context, DECISION_ALLOW, "");
	is(TWO ", \"select\": [ { \"profile\": \"user\" }, { \"profile\": \"nnp\" } ]", context, DECISION_DENY,
		"error user.nonroot");
	is(TWO ", \"select\": [ { \"profile\": \"user\", \"mode\": \"audit\" } ]", context, DECISION_WOULD_DENY,
		"audit user.nonroot");
	is(TWO ", \"select\": [ { \"profile\": \"user\", \"mode\": \"warn\" } ]", context, DECISION_ALLOW,
		"warning user.nonroot");
	is(TWO ", \"select\": [ { \"profile\": \"privileged@latest\", \"mode\": \"audit\" } ]", context, DECISION_ALLOW,
		"");
#define CLAIM "{ \"when\": { \"labels.org.example.tier\": \"gold\" }, \"trust\": \"any\", \"profile\": \"nnp\" }"
	is(TWO ", \"select\": [ " CLAIM " ]", context, DECISION_DENY, "error nnp");
	/* A claim adds to what is chosen without it, and never takes from it. */
	is(TWO ", \"select\": [ " CLAIM ", { \"profile\": \"user\" } ]", context, DECISION_DENY,
		"error user.nonroot, error nnp");
	is(TWO ", \"select\": [ " CLAIM ", { \"profile\": \"both\" } ]", context, DECISION_DENY,
		"error nnp, error user.nonroot");
	is(TWO ", \"select\": [ " CLAIM ", { \"profile\": \"both\", \"mode\": \"warn\" } ]", context, DECISION_DENY,
		"warning nnp, warning user.nonroot, error nnp");
	is(TWO ", \"select\": [ " CLAIM " ]", NULL, DECISION_ALLOW, "");
	const struct judged j = judge(TWO ", \"select\": [ " CLAIM ", { \"profile\": \"user\" } ]", context);
	ok(j.report.applied && strcmp(j.report.applied->profile, "user") == 0 &&
			strcmp(j.report.applied->claimed, "nnp") == 0,
		"both are named");
	ok(j.report.errors == 2 && j.report.audited == 0, "and both are counted");
}

static void shadows(void)
{
	struct judged j = judge(TWO
		", \"shadow\": [ { \"profile\": \"both\" }, { \"profile\": \"nnp\", \"mode\": \"warn\" }, "
		"{ \"when\": { \"engine\": \"podman\" }, \"profile\": \"both\" } ]",
		context);
	const struct applied *a = j.report.applied;
	ok(j.decision.kind == DECISION_ALLOW && j.report.errors == 0 && !*told(&j.report),
		"a shadow refuses nothing, and counts for nothing");
	ok(a && a->shadow_count == 2 && strcmp(a->shadows[0].profile, "both") == 0 && a->shadows[0].errors == 2 &&
			a->shadows[1].errors == 0 && a->shadows[1].warnings == 1,
		"what each would have said is known");
	ok(a && a->shadows[0].count == 2 && a->shadows[0].findings[0].mode == MODE_AUDIT, "with its findings");
}

#define END "\"reason\": \"r\", \"owner\": \"o\", \"notAfter\": \"2027-01-31T00:00:00Z\""
#define CAPS                                                                                                           \
	"\"profile\": \"p\", \"profiles\": { \"p\": { \"rules\": { \"caps.allowed\": { \"params\": { \"allow\": "      \
	"[\"CAP_CHOWN\"] } "                                                                                           \
	"} } } }"
#define EXEMPT(members) CAPS ", \"exempt\": [ { \"id\": \"E\", \"rules\": [\"caps.allowed\"], " END ", " members " } ]"

static void exemptions(void)
{
	is(CAPS, context, DECISION_DENY, "error caps.allowed, error caps.allowed");
	/* Exactly the value, and nothing beside it. */
	is(EXEMPT("\"values\": { \"value\": \"CAP_SYS_ADMIN\" }"), context, DECISION_DENY, "error caps.allowed");
	is(EXEMPT("\"values\": { \"value\": [\"CAP_SYS_ADMIN\", \"CAP_KILL\"] }"), context, DECISION_ALLOW, "");
	is(EXEMPT("\"values\": { \"value\": [\"CAP_SYS_ADMI\", \"CAP_KIL\", \"cap_kill\", \"CAP_KILL \"] }"), context,
		DECISION_DENY, "error caps.allowed, error caps.allowed");
	is(EXEMPT("\"values\": { \"value\": \"CAP_*\" }"), context, DECISION_ALLOW, "");
	is(EXEMPT("\"values\": { \"value\": \"CAP_*\", \"source\": \"**\" }"), context, DECISION_DENY,
		"error caps.allowed, error caps.allowed");
	is(EXEMPT("\"match\": { \"engine\": \"docker\" }"), context, DECISION_ALLOW, "");
	is(EXEMPT("\"match\": { \"engine\": \"podman\" }"), context, DECISION_DENY,
		"error caps.allowed, error caps.allowed");
	is(EXEMPT("\"match\": { \"engine\": \"docker\" }"), NULL, DECISION_DENY,
		"error caps.allowed, error caps.allowed");
	is(EXEMPT("\"match\": { \"engine\": \"docker\", \"image.digest\": \"sha256:ab\" }"), context, DECISION_DENY,
		"error caps.allowed, error caps.allowed");
	/* Never on the word of a claim. */
	is(EXEMPT("\"match\": { \"labels.org.example.tier\": \"gold\" }"), context, DECISION_DENY,
		"error caps.allowed, error caps.allowed");
	is(EXEMPT("\"match\": { \"engine\": \"docker\", \"image.ref\": \"**\" }"), context, DECISION_DENY,
		"error caps.allowed, error caps.allowed");
	/* Weaker, not gone. */
	is(EXEMPT("\"match\": { \"engine\": \"docker\" }, \"mode\": \"warn\""), context, DECISION_ALLOW,
		"warning caps.allowed, warning caps.allowed");
	is(EXEMPT("\"match\": { \"engine\": \"docker\" }, \"mode\": \"audit\""), context, DECISION_WOULD_DENY,
		"audit caps.allowed, audit caps.allowed");
	/* In return for what holds, by whatever profile. */
	is(EXEMPT("\"match\": { \"engine\": \"docker\" }, \"provided\": [\"nnp\"]"), context, DECISION_DENY,
		"error caps.allowed, error caps.allowed");
	is(EXEMPT("\"match\": { \"engine\": \"docker\" }, \"provided\": [\"ns.host.pid\"]"), context, DECISION_ALLOW,
		"");
	is(EXEMPT("\"match\": { \"engine\": \"docker\" }, \"provided\": [\"ns.host.pid\", \"nnp\"]"), context,
		DECISION_DENY, "error caps.allowed, error caps.allowed");
	is(EXEMPT("\"match\": { \"engine\": \"docker\" }, \"provided\": [\"caps.allowed\"]"), context, DECISION_DENY,
		"error caps.allowed, error caps.allowed");
	const struct judged j = judge(EXEMPT("\"values\": { \"value\": \"CAP_KILL\" }"), context);
	size_t gone = 0;
	for (size_t i = 0; i < j.report.count; i++)
		gone += j.report.findings[i].exempt && strcmp(j.report.findings[i].exempt, "E") == 0 &&
			j.report.findings[i].severity == SEV_OFF;
	ok(gone == 1 && j.report.exempted == 1 && j.report.errors == 1 && report_left_out(&j.report) == 0,
		"what is exempt is listed, and counts for nothing");
	ok(j.report.applied->exempt_count == 1 && strcmp(j.report.applied->exempt[0], "E") == 0,
		"and it is known which exemption was used");
}

static size_t counted(const struct report *r, const char *id)
{
	size_t n = 0;
	for (size_t i = 0; i < r->count; i++)
		n += r->findings[i].severity == SEV_WARNING && strcmp(r->findings[i].id, id) == 0;
	return n;
}

static void dates(void)
{
	static const struct {
		const char *now, *issued;
		enum decision_kind kind;
		size_t warnings;
	} cases[] = {
		{ "2027-01-01T00:00:00Z", "2026-11-22T00:00:00Z", DECISION_ALLOW, 0 },
		{ "2027-01-18T00:00:00Z", "2026-11-22T00:00:00Z", DECISION_ALLOW, 1 },
		{ "2027-01-30T23:59:59Z", "2026-11-22T00:00:00Z", DECISION_ALLOW, 1 },
		{ "2027-01-31T00:00:00Z", "2026-11-22T00:00:00Z", DECISION_DENY, 0 },
		{ "2030-01-01T00:00:00Z", "2026-11-22T00:00:00Z", DECISION_DENY, 0 },
		{ "2026-11-21T23:59:59Z", "2026-11-22T00:00:00Z", DECISION_DENY, 0 },
		{ "1970-01-01T00:00:01Z", "2026-11-22T00:00:00Z", DECISION_DENY, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text policy = text_growing(&arena);
		struct fail why = { 0 };
		text_printf(&policy, "\"issued\": \"%s\", " EXEMPT("\"match\": { \"engine\": \"docker\" }"),
			cases[i].issued);
		const struct judged j = judge_all(policy.data, config, "", context, NULL, cases[i].now);
		ok(j.code == 0 && j.decision.kind == cases[i].kind, "at %s: %s", cases[i].now,
			decision_name(j.decision.kind));
		is_int(counted(&j.report, "policy.exempt-ends"), cases[i].warnings, "at %s: a word that it ends soon",
			cases[i].now);
		const bool early = cases[i].now[0] == '1' || strcmp(cases[i].now, cases[i].issued) < 0;
		is_int(policy_clock(&j.policy, at(cases[i].now), &why), early ? -ETIME : 0, "the clock: %s", why.says);
		ok(!early || why.cause == CAUSE_CLOCK, "is a cause of its own");
		const bool over = strcmp(cases[i].now, "2027-01-31") > 0;
		ok(!over || strstr(j.decision.because->fix, "exemption E ended on 2027-01-31"),
			"who is refused is told: %s", over ? j.decision.because->fix : "");
	}
}

/* Where a pattern leads out of what it names, nothing is exempt. */
static void patterns(void)
{
#define PATHS(value)                                                                                                   \
	"\"profile\": \"p\", \"profiles\": { \"p\": {} }, \"custom\": [ { \"id\": \"custom.no-bind\", \"at\": "        \
	"\"mounts[].source\", \"op\": \"not-glob\", \"value\": \"/**\", \"message\": \"m\" } ], \"exempt\": [ { "      \
	"\"id\": \"E\", \"rules\": [\"custom.no-bind\"], " END ", \"values\": { " value " } } ]"
	static const struct {
		const char *source, *host;
		bool covered, literal;
	} cases[] = {
		{ "/srv/ci/cache/a", NULL, true, true },
		{ "/srv/ci/cache/a", "/srv/ci/cache/a", true, true },
		{ "/srv/ci/cache/a", "/etc", false, true },
		{ "/srv/ci/cache/../../../etc", NULL, false, false },
		{ "/srv/ci/cache/..", NULL, false, false },
		{ "/srv/ci/cached/a", NULL, false, false },
		{ "/srv/ci/cache/a/b", NULL, false, false },
		{ "/etc", NULL, false, false },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = text_growing(&arena), given = text_growing(&arena);
		text_printf(&text,
			"{ \"ociVersion\": \"1.0.2\", \"root\": { \"path\": \"r\" }, \"mounts\": [ { \"destination\": "
			"\"/c\", "
			"\"type\": \"none\", \"source\": \"%s\", \"options\": [\"bind\"] } ] }",
			cases[i].source);
		text_printf(&given, "{ \"places\": { \"/mounts/0\": { \"source\": { \"path\": \"%s\" } } } }",
			cases[i].host ? cases[i].host : "");
		const struct host host = { .root = -1, .given = parse(given.data) };
		const struct host *looked = cases[i].host ? &host : NULL;
		const struct judged glob = judge_all(PATHS("\"source\": \"/srv/ci/cache/*\""), text.data, "", context,
			looked, "2026-11-22T12:00:00Z");
		const struct judged name = judge_all(PATHS("\"source\": \"/srv/ci/cache/a\""), text.data, "", context,
			looked, "2026-11-22T12:00:00Z");
		ok(glob.code == 0 && (glob.report.exempted == 1) == cases[i].covered,
			"%s, which leads to %s, is%s covered by a pattern", cases[i].source,
			cases[i].host ? cases[i].host : "where it says", cases[i].covered ? "" : " not");
		ok(name.code == 0 && (name.report.exempted == 1) == cases[i].literal, "and is%s the path that is named",
			cases[i].literal ? "" : " not");
	}
}

/* A hook by its path and by what it holds: both have to be those that are named. */
static void hooks(void)
{
#define HOOKS(values)                                                                                                  \
	"\"profile\": \"p\", \"profiles\": { \"p\": { \"rules\": { \"hooks.allowed\": {} } } }, \"exempt\": [ { "      \
	"\"id\": \"E\", \"rules\": [\"hooks.allowed\"], " END ", \"values\": { " values " } } ]"
	static const char text[] =
		"{ \"ociVersion\": \"1.0.2\", \"root\": { \"path\": \"r\" }, \"hooks\": { \"poststop\": [ "
		"{ \"path\": \"/opt/h\" } ] } }";
	static const struct {
		const char *policy, *digest;
		bool covered;
	} cases[] = {
		{ HOOKS("\"path\": \"/opt/h\""), NULL, true },
		{ HOOKS("\"path\": \"/opt/h\", \"digest\": \"sha256:aa\""), "sha256:aa", true },
		{ HOOKS("\"path\": \"/opt/h\", \"digest\": \"sha256:aa\""), "sha256:ab", false },
		{ HOOKS("\"path\": \"/opt/h\", \"digest\": \"sha256:aa\""), "", false },
		{ HOOKS("\"path\": \"/opt/h\", \"digest\": \"sha256:aa\""), NULL, false },
		{ HOOKS("\"path\": \"/opt/i\", \"digest\": \"sha256:aa\""), "sha256:aa", false },
		{ HOOKS("\"digest\": [\"sha256:cc\", \"sha256:aa\"]"), "sha256:aa", true },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text given = text_growing(&arena);
		text_add(&given, "{ \"places\": { \"/hooks/poststop/0\": { \"kind\": \"file\", \"path\": \"/opt/h\"");
		if (cases[i].digest)
			text_printf(&given, ", \"digest\": \"%s\"", cases[i].digest);
		text_add(&given, " } } }");
		const struct host host = { .root = -1, .given = parse(given.data) };
		const struct judged j = judge_all(cases[i].policy, text, "", context, &host, "2026-11-22T12:00:00Z");
		ok(j.code == 0 && (j.report.exempted == 1) == cases[i].covered, "hook %zu is%s exempt", i,
			cases[i].covered ? "" : " not");
	}
}

#define RULE(members)                                                                                                  \
	"\"profile\": \"privileged@1\", \"custom\": [ { \"id\": \"custom.a\", \"message\": \"ask ops\", " members " }" \
	" ]"

static void custom(void)
{
	static const struct {
		const char *rule;
		int breaches;
	} cases[] = {
		{ "\"at\": \"hostname\", \"op\": \"equals\", \"value\": \"web\"", 0 },
		{ "\"at\": \"hostname\", \"op\": \"equals\", \"value\": \"we\"", 1 },
		{ "\"at\": \"process.noNewPrivileges\", \"op\": \"equals\", \"value\": true", 1 },
		{ "\"at\": \"process.noNewPrivileges\", \"op\": \"equals\", \"value\": false", 0 },
		{ "\"at\": \"process.terminal\", \"op\": \"equals\", \"value\": true", 1 },
		{ "\"at\": \"process.terminal\", \"op\": \"equals\", \"value\": false", 0 },
		{ "\"at\": \"process.oomScoreAdj\", \"op\": \"equals\", \"value\": 100", 0 },
		{ "\"at\": \"process.oomScoreAdj\", \"op\": \"in\", \"values\": [1, 2]", 1 },
		{ "\"at\": \"process.oomScoreAdj\", \"op\": \"in\", \"values\": [1, 100]", 0 },
		{ "\"at\": \"mounts[].type\", \"op\": \"in\", \"values\": [\"proc\", \"tmpfs\"]", 2 },
		{ "\"at\": \"mounts[].type\", \"op\": \"not-in\", \"values\": [\"nfs\", \"nfs4\"]", 1 },
		{ "\"at\": \"mounts[].type\", \"op\": \"not-in\", \"value\": \"nfs4\"", 0 },
		{ "\"at\": \"process.capabilities.bounding\", \"op\": \"subset-of\", \"values\": [\"CAP_CHOWN\"]", 2 },
		{ "\"at\": \"process.capabilities.{bounding,effective}\", \"op\": \"subset-of\", \"values\": "
		  "[\"CAP_CHOWN\", "
		  "\"CAP_KILL\"]",
			1 },
		{ "\"at\": \"mounts[].destination\", \"op\": \"glob\", \"values\": [\"/proc\", \"/d*\"]", 1 },
		{ "\"at\": \"mounts[].destination\", \"op\": \"not-glob\", \"value\": \"/d*\"", 2 },
		{ "\"at\": \"linux.resources.memory.limit\", \"op\": \"range\", \"max\": 1073741824", 0 },
		{ "\"at\": \"linux.resources.memory.limit\", \"op\": \"range\", \"max\": 1073741823", 1 },
		{ "\"at\": \"linux.resources.memory.limit\", \"op\": \"range\", \"min\": 1, \"max\": 2", 1 },
		{ "\"at\": \"process.oomScoreAdj\", \"op\": \"range\", \"min\": -500", 0 },
		{ "\"at\": \"process.oomScoreAdj\", \"op\": \"range\", \"max\": -500", 1 },
		{ "\"at\": \"process.apparmorProfile\", \"op\": \"exists\"", 1 },
		{ "\"at\": \"process.noNewPrivileges\", \"op\": \"exists\"", 1 },
		{ "\"at\": \"process.oomScoreAdj\", \"op\": \"exists\"", 0 },
		{ "\"at\": \"linux.seccomp.listenerPath\", \"op\": \"exists\"", 1 },
		{ "\"at\": \"linux.seccomp\", \"op\": \"exists\"", 1 },
		{ "\"at\": \"hooks\", \"op\": \"exists\"", 1 },
		{ "\"at\": \"mounts[].source\", \"op\": \"exists\"", 0 },
		{ "\"at\": \"mounts[].options\", \"op\": \"exists\"", 3 },
		{ "\"at\": \"annotations.*\", \"op\": \"exists\", \"key\": \"org.example.team\"", 0 },
		{ "\"at\": \"annotations.*\", \"op\": \"exists\", \"key\": \"org.example.t*\"", 0 },
		{ "\"at\": \"annotations.*\", \"op\": \"exists\", \"key\": \"org.example.owner\"", 1 },
		{ "\"at\": \"hostname\", \"op\": \"absent\"", 1 },
		{ "\"at\": \"domainname\", \"op\": \"absent\"", 0 },
		{ "\"at\": \"process.noNewPrivileges\", \"op\": \"absent\"", 0 },
		{ "\"at\": \"annotations.*\", \"op\": \"absent\", \"key\": \"org.example.s*\"", 1 },
		{ "\"at\": \"annotations.*\", \"op\": \"absent\", \"key\": \"org.example.x*\"", 0 },
		{ "\"at\": \"annotations.*\", \"op\": \"in\", \"key\": \"org.example.team\", \"values\": [\"red\"]",
			1 },
		{ "\"at\": \"linux.sysctl.*\", \"op\": \"absent\", \"key\": \"net.core.*\"", 1 },
		{ "\"at\": \"mounts\", \"op\": \"count\", \"max\": 3", 1 },
		{ "\"at\": \"mounts\", \"op\": \"count\", \"max\": 4", 0 },
		{ "\"at\": \"mounts\", \"op\": \"count\", \"min\": 5", 1 },
		{ "\"at\": \"linux.devices\", \"op\": \"count\", \"max\": 0", 0 },
		{ "\"at\": \"linux.devices\", \"op\": \"count\", \"min\": 1", 1 },
		{ "\"at\": \"linux.sysctl\", \"op\": \"count\", \"max\": 0", 1 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char members[512];
		(void)snprintf(members, sizeof(members), RULE("%s"), cases[i].rule);
		const struct judged j = judge(members, context);
		size_t n = 0;
		bool worded = true;
		for (size_t k = 0; k < j.report.count; k++) {
			const struct finding *f = &j.report.findings[k];
			if (strcmp(f->id, "custom.a") != 0)
				continue;
			char line[512];
			struct text to = text_over(line, sizeof(line));
			finding_write(f, SHOW_SAFE, &to);
			n++;
			worded = worded && strstr(line, "; ask ops") && f->profile && f->place.line > 0 && !to.cut &&
				!strstr(line, "blue");
			printf("# %s\n", line);
		}
		ok(j.code == 0 && (int)n == cases[i].breaches && (int)j.report.errors == cases[i].breaches && worded,
			"%s: %d", cases[i].rule, cases[i].breaches);
	}
	is(RULE("\"at\": \"hooks\", \"op\": \"exists\", \"mode\": \"warn\""), context, DECISION_ALLOW,
		"warning custom.a");
	is(RULE("\"at\": \"hooks\", \"op\": \"exists\", \"mode\": \"off\""), context, DECISION_ALLOW, "");
	is("\"profile\": \"privileged@1\", \"custom\": [ { \"id\": \"custom.a\", \"message\": \"m\", "
	   "\"at\": \"hooks\", \"op\": \"exists\" } ]",
		context, DECISION_DENY, "error custom.a");
	is("\"profile\": \"p\", \"profiles\": { \"p\": { \"rules\": { \"custom.a\": { \"mode\": \"audit\" } } } }, "
	   "\"custom\": [ { "
	   "\"id\": \"custom.a\", \"message\": \"m\", \"at\": \"hooks\", \"op\": \"exists\" } ]",
		context, DECISION_WOULD_DENY, "audit custom.a");
	const struct judged bare = judge("\"custom\": [ { \"id\": \"custom.a\", \"message\": \"m\", \"at\": \"hooks\", "
					 "\"op\": \"exists\" } ]",
		context);
	ok(bare.decision.kind == DECISION_DENY && strcmp(bare.decision.because->id, "custom.a") == 0 &&
			bare.report.errors == bare.report.audited + 1 &&
			strncmp(bare.report.applied->profile, "baseline@", 9) == 0,
		"where no profile is named, rules of the site refuse, and baseline audits");
}

/* Of exec and update only a part is there; what an update leaves alone is not missed. */
static void parts(void)
{
	const char *now = "2026-11-22T12:00:00Z";
	struct judged j = judge_all(NNP, "{ \"cwd\": \"/\", \"args\": [\"sh\"], \"user\": { \"uid\": 0, \"gid\": 0 } }",
		"process", context, NULL, now);
	ok(j.code == 0 && j.decision.kind == DECISION_DENY && strcmp(told(&j.report), "error nnp") == 0,
		"an exec is judged by the rows of its process: %s", told(&j.report));
	j = judge_all(RULE("\"at\": \"process.apparmorProfile\", \"op\": \"exists\""),
		"{ \"cwd\": \"/\", \"args\": [\"sh\"], \"user\": { \"uid\": 0, \"gid\": 0 } }", "process", context,
		NULL, now);
	ok(j.code == 0 && j.decision.kind == DECISION_DENY, "and by rules of the site");
	j = judge_all(RULE("\"at\": \"linux.resources.memory.limit\", \"op\": \"range\", \"max\": 5"),
		"{ \"memory\": { \"limit\": 7 } }", "linux.resources", context, NULL, now);
	ok(j.code == 0 && j.decision.kind == DECISION_DENY, "an update that raises a limit is refused");
	j = judge_all(RULE("\"at\": \"linux.resources.memory\", \"op\": \"exists\""), "{ \"pids\": { \"limit\": 7 } }",
		"linux.resources", context, NULL, now);
	ok(j.code == 0 && j.decision.kind == DECISION_ALLOW, "one that says nothing of it is not");
}

/* Built-in profiles are what this runvet knows, every one of them. */
static void builtins(void)
{
	struct library *lib = library_new(&arena, 0);
	size_t count = 0;
	for (const struct builtin *b = builtin_profiles; b->name; b++, count++) {
		const struct profile *p = library_profile(lib, bytes_of(b->name));
		ok(p && !lib->failed && profile_rulings(lib, p, MODE_ENFORCE, MODE_ENFORCE), "%s is a profile: %s",
			b->name, b->about);
	}
	ok(count > 0, "there are built-in profiles");
	ok(!library_profile(lib, BYTES("baseline@v9.99")), "and no others");
	is_text(builtin_instead(BYTES("baseline@v1.38")), "baseline@v1.37",
		"for a newer one, the newest that is known");
	static const char *const none[] = { "baseline@v1.37", "baseline@v2.0", "baseline@v1.038", "baseline@1.99",
		"baseline@v1.", "cis-docker@1.7", "nothing@v1.99", "v1.99", "baseline@v1.9999999", "escape@2027-01" };
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		is_text(builtin_instead(bytes_of(none[i])), NULL, "but not for %s", none[i]);
	const struct judged known = judge("\"profile\": \"restricted@v1.37\"", context);
	is("\"profile\": \"restricted@v1.99\"", context, DECISION_DENY,
		arena_copy(&arena, bytes_of(told(&known.report))));
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	modes();
	inheritance();
	selection();
	shadows();
	exemptions();
	dates();
	patterns();
	hooks();
	custom();
	parts();
	builtins();
	arena_done(&arena);
	return tap_done();
}
