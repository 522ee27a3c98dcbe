/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as a policy. What is refused says why, with a place where there is one, and leaves the default; what is
 * accepted judges a container, and what that comes to adds up.
 */
#include "tests/fuzz/fuzz.h"
#include "validate/base/limits.h"
#include "validate/policy/decide.h"
#include "validate/policy/evaluate.h"
#include "validate/policy/policy_parts.h"

static const char config[] =
	"{\"ociVersion\":\"1.0.2\",\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"],\"user\":{\"uid\":0,\"gid\":0},"
	"\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_SYS_ADMIN\"]}},\"root\":{\"path\":\"rootfs\"},\"mounts\":["
	"{"
	"\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"},{\"destination\":\"/data\",\"type\":\"none\","
	"\"source\":\"/srv/data\",\"options\":[\"rbind\"]}],\"annotations\":{\"org.example.team\":\"blue\"},\"linux\":{"
	"\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"pid\"}]}}";

static const char context[] =
	"{\"engine\":\"docker\",\"verb\":\"create\",\"labels\":{\"a\":\"b\"},\"pod\":{\"namespace\":\"n\"},\"trust\":{"
	"\"engine\":\"place\",\"verb\":\"kernel\",\"labels\":\"claim\",\"pod\":\"engine\"}}";

static const struct doc *parse(struct arena *a, const char *text)
{
	const struct doc_options options = { .file = "fuzz", .cause = CAUSE_BUNDLE };
	const struct doc *root = NULL;
	must(doc_parse(a, bytes_of(text), &options, &root, NULL) == 0);
	return root;
}

static void judge(struct arena *a, const struct policy *p)
{
	const struct evaluation e = {
		.file = "config.json",
		.text = BYTES(config),
		.root = parse(a, config),
		.below = "",
		.policy = p,
		.context = parse(a, context),
		.now = { .tv_sec = 1795000000 },
	};
	struct report r = { 0 };
	size_t sums[SEV_ERROR + 1] = { 0 }, audited = 0;

	must(evaluate(a, &e, &r, NULL, NULL) == 0);
	for (size_t i = 0; i < r.count; i++) {
		const struct finding *f = &r.findings[i];
		must(f->id && f->pointer && f->says && (f->severity != SEV_OFF || f->exempt));
		sums[f->severity]++;
		audited += f->severity == SEV_ERROR && f->mode == MODE_AUDIT;
	}
	must(report_left_out(&r) > 0 ||
		(sums[SEV_ERROR] == r.errors && sums[SEV_WARNING] == r.warnings && sums[SEV_OFF] == r.exempted &&
			audited == r.audited));
	const struct decision d = decide(p, &r, NULL, false);
	must(d.may_run == (p->mode == MODE_AUDIT || r.errors == r.audited));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct policy p;
	struct fail why = { 0 };
	if (size > LIMIT_CONF_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA);
	/* As file_read gives it: with a NUL behind the text, which is no part of it. */
	char *copy = arena_copy(&a, (struct bytes){ (const char *)data, size });
	must(copy);
	const struct file f = { .fd = -1, .path = "policy.json", .bytes = { copy, size } };
	const int e = policy_parse(&a, &f, &p, &why);
	must(e <= 0);
	if (e < 0)
		must(why.code == e && why.cause == CAUSE_POLICY && why.says[0] && !p.present && !p.profile &&
			p.mode == MODE_ENFORCE && p.audit_chain && p.audit_journal);
	else
		judge(&a, &p);
	arena_done(&a);
	return 0;
}
