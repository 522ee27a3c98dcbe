/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as a config.json: parsed, judged, told. There are no more findings than a report holds, each has an id
 * that can be looked up and a place within the text; judging is the same twice; and it goes by the document, not by its
 * spelling: printed back, the document has the same findings, so one that may run is still one that may run.
 */
#include <errno.h>

#include "tests/doc_print.h"
#include "tests/fuzz/fuzz.h"
#include "validate/base/limits.h"
#include "validate/check.h"

static bool judge(struct arena *a, struct bytes text, struct report *ret)
{
	const struct doc_options options = { .file = "config.json", .cause = CAUSE_BUNDLE };
	struct fail why = { 0 };
	const struct doc *root = NULL;
	*ret = (struct report){ 0 };
	if (doc_parse(a, text, &options, &root, &why) < 0) {
		must(why.code == -EBADMSG && report_of_fail(a, &why, ret) == 0);
		return false;
	}
	const struct check_input in = { .file = "config.json", .text = text, .root = root, .below = "" };
	must(check(a, &in, ret, &why) == 0);
	return true;
}

static void well_formed(const struct report *r, struct bytes text)
{
	size_t by_severity[SEV_ERROR + 1] = { 0 };
	must(r->count <= LIMIT_FINDINGS && r->count <= r->errors + r->warnings + r->infos);
	must(report_left_out(r) == 0 || r->count == LIMIT_FINDINGS);
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		must(f->severity >= SEV_INFO && f->severity <= SEV_ERROR);
		must(rule_find(f->id) && f->rule && finding_basis(f));
		must(f->says[0] && strlen(f->says) < 640 && strlen(f->pointer) < LIMIT_POINTER);
		must(f->place.line > 0 && f->place.line <= text.len + 1 && f->place.column > 0);
		for (const char *c = f->says; *c; c++)
			must((unsigned char)*c >= 0x20 && *c != 0x7f);
		by_severity[f->severity]++;
	}
	must(by_severity[SEV_ERROR] == r->errors || r->count == LIMIT_FINDINGS);
}

/* The same findings in the same order; their places in the text are the same only when the text is. */
static void same(const struct report *a, const struct report *b, bool places)
{
	must(a->count == b->count && a->errors == b->errors && a->warnings == b->warnings && a->infos == b->infos);
	for (size_t i = 0; i < a->count; i++) {
		const struct finding *x = &a->findings[i], *y = &b->findings[i];
		must(strcmp(x->id, y->id) == 0 && strcmp(x->says, y->says) == 0 && x->severity == y->severity);
		must(strcmp(x->pointer, y->pointer) == 0);
		must(!places || (x->place.line == y->place.line && x->place.column == y->place.column));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bytes text = { (const char *)data, size };
	const struct doc_options options = { .file = "config.json" };
	const struct doc *root = NULL;
	struct report first, second;
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	if (judge(&a, text, &first)) {
		must(judge(&a, text, &second));
		well_formed(&first, text);
		same(&first, &second, true);
		struct text printed = text_growing(&a);
		must(doc_parse(&a, text, &options, &root, NULL) == 0);
		doc_print(root, &printed);
		const struct bytes again = { printed.data, printed.len };
		if (!printed.cut && printed.len <= LIMIT_DOC_BYTES) {
			must(judge(&a, again, &second));
			same(&first, &second, false);
		}
	}
	arena_done(&a);
	return 0;
}
