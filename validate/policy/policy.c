/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy file, from bytes to a struct that the rest can trust. The rows (.of = OF_POLICY) say what is well-formed;
 * here the values are only read out. Two promises: what is not said keeps its default, which is the strict one; and a
 * file that is not wholly understood is not used in part. A misspelt switch must not quietly mean its default, so an
 * unknown key, which is a legal extension in a bundle, is a fault in a policy.
 */
#include "validate/policy/policy.h"

#include <errno.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/check.h"
#include "validate/rule/version.h"

void policy_default(struct policy *ret)
{
	*ret = (struct policy){
		.mode = MODE_ENFORCE,
		.rules = RELEASE_0_1,
		.audit_chain = true,
		.audit_journal = true,
		.ack_ms = WAIT_JOURNAL_ACK_MS,
	};
}

/* The finding as a failure: first come, first told. */
static int breach(const struct finding *f, const char *file, struct fail *reterr)
{
	char line[sizeof(reterr->says)];
	struct text says = text_over(line, sizeof(line));

	finding_write(f, SHOW_SAFE, &says);
	(void)fail(reterr, -EINVAL, CAUSE_POLICY, f->id, "%s", line);
	if (reterr) {
		struct text to = text_over(reterr->file, sizeof(reterr->file));
		text_add(&to, file);
		to = text_over(reterr->pointer, sizeof(reterr->pointer));
		text_add(&to, f->pointer ? f->pointer : "");
		reterr->place = f->place;
	}
	return -EINVAL;
}

static const struct finding *first_breach(const struct report *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->findings[i].severity == SEV_ERROR || strcmp(r->findings[i].id, "json.unknown-property") == 0)
			return &r->findings[i];
	return NULL;
}

static bool bool_at(const struct doc *root, const char *path, bool otherwise)
{
	const struct doc *d = doc_find(root, path);
	return d && d->type == DOC_BOOL ? d->boolean : otherwise;
}

static void read_on_error(const struct doc *root, struct policy *ret)
{
	const struct doc *on = doc_get(root, "onError");

	for (enum cause c = 0; c < CAUSE_MAX; c++) {
		/* A policy that cannot be believed cannot say what happens then. */
		if (c == CAUSE_POLICY)
			continue;
		ret->allow_on[c] = bytes_is(doc_string(on, cause_name(c), BYTES("deny")), "allow");
	}
}

static void read_audit(const struct doc *root, struct policy *ret)
{
	const struct doc *ack = doc_find(root, "audit.ackMs");

	ret->audit_chain = bool_at(root, "audit.chain", ret->audit_chain);
	ret->audit_journal = bool_at(root, "audit.journal", ret->audit_journal);
	if (ack && ack->type == DOC_INT && doc_within(ack, 0, WAIT_JOURNAL_ACK_MOST_MS))
		ret->ack_ms = (long)ack->integer.magnitude;
}

int policy_parse(struct arena *a, const struct file *f, struct policy *ret, struct fail *reterr)
{
	const struct doc_options options = { .comments = true, .file = f->path, .cause = CAUSE_POLICY };
	const struct doc *root = NULL;
	struct report report = { 0 };

	policy_default(ret);
	int r = doc_parse(a, f->bytes, &options, &root, reterr);
	if (r < 0)
		return r;
	const struct check_input in = { .file = f->path, .text = f->bytes, .root = root, .of = OF_POLICY, .below = "" };
	r = check(a, &in, &report, reterr);
	if (r < 0)
		return r;
	const struct finding *first = first_breach(&report);
	if (first)
		return breach(first, f->path, reterr);
	if (report.errors > 0)
		return fail(reterr, -EINVAL, CAUSE_POLICY, "", "%s breaks more rules than a report holds", f->path);

	ret->mode = bytes_is(doc_string(root, "mode", BYTES("enforce")), "audit") ? MODE_AUDIT : MODE_ENFORCE;
	ret->rules = release_find(doc_string(root, "rules", bytes_of(release_name(RELEASE_0_1))));
	ret->pass_unknown_verb = bytes_is(doc_string(root, "unknownVerb", BYTES("deny")), "pass");
	read_on_error(root, ret);
	read_audit(root, ret);
	ret->present = true;
	ret->path = f->path;
	memcpy(ret->digest, f->digest, sizeof(ret->digest));
	if (!ret->audit_chain && !ret->audit_journal) {
		/* Also a row; said again here, because no decision may ever go without a trace. */
		policy_default(ret);
		return fail(reterr, -EINVAL, CAUSE_POLICY, "policy.audit-sink",
			"audit.chain and audit.journal are both false: no decision would leave a trace");
	}
	return 0;
}

int policy_load(struct arena *a, const char *path, struct policy *ret, struct fail *reterr)
{
	const struct file_want want = {
		.dir = AT_CWD,
		.path = path,
		.limit = LIMIT_CONF_BYTES,
		.owner = OWNER_ROOT,
		.cause = CAUSE_POLICY,
		.rule = "policy.file",
		.digest = true,
	};
	struct file f = { .fd = -1 };

	policy_default(ret);
	int r = file_read(a, &want, &f, reterr);
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = policy_parse(a, &f, ret, reterr);
	(void)fd_close(f.fd);
	if (r < 0)
		policy_default(ret);
	return r;
}
