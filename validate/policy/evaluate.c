/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One order, everywhere: what the document says, what the host and the delegate make of it, what the site says. The
 * host is only asked what some row wants to know about this document, once for both of the later looks.
 */
#include "validate/policy/evaluate.h"

#include <errno.h>

static struct check_input input_of(const struct evaluation *e, enum subject of)
{
	return (struct check_input){
		.file = e->file,
		.text = e->text,
		.root = e->root,
		.of = of,
		.below = e->below,
		.whole = e->whole,
		.rules = e->policy->rules,
		.delegate = e->delegate,
		.context = e->context,
	};
}

static int look(struct arena *a, const struct evaluation *e, const struct doc **ret_host, struct fail *reterr)
{
	const struct check_input in = input_of(e, OF_HOST);
	struct asking asking = { 0 };
	const int r = e->host ? check_asks(a, &in, &asking, reterr) : 0;

	if (r < 0 || !e->host)
		return r;
	const struct host_question q = {
		.config = e->root, .below = e->below, .whole = e->whole, .asking = &asking };
	return host_look(a, e->host, &q, ret_host, reterr);
}

int evaluate(struct arena *a, const struct evaluation *e, struct report *ret, const struct doc **ret_host,
	struct fail *reterr)
{
	struct check_input in = input_of(e, OF_BUNDLE);
	struct report more = { 0 };
	const struct doc *host = NULL;

	int r = check(a, &in, ret, reterr);
	if (r == 0)
		r = look(a, e, &host, reterr);
	if (r < 0)
		return r;
	in = input_of(e, OF_HOST);
	in.host = host;
	r = check(a, &in, &more, reterr);
	if (r == 0 && report_append(a, ret, &more) < 0)
		r = fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to report with");
	if (r == 0 && ret_host)
		*ret_host = host;
	return r;
}
