/* SPDX-License-Identifier: Apache-2.0 */
/* The policy without a file, taken as it is. */
#include "validate/policy/ready.h"

#include <errno.h>

#include "validate/host/flat.h"

bool ready_for(const struct policy *p)
{
	return !p->present && !p->library && !p->profile && p->mode == MODE_ENFORCE && p->start_drift == MODE_ENFORCE &&
		p->start_boundary == MODE_ENFORCE && p->select_count == 0 && p->shadow_count == 0 &&
		p->exempt_count == 0;
}

int ready_look(struct arena *a, const char *below, struct look *ret, const struct doc **ret_start)
{
	const struct bytes params = { (const char *)ready_params, ready_params_len },
			   start = { (const char *)ready_start, ready_start_len };
	const size_t rows = rule_image.rows_of[OF_CONTROL].end - rule_image.rows_of[OF_CONTROL].first,
		     nodes = rule_image.roots[OF_CONTROL + 1] - rule_image.roots[OF_CONTROL];
	struct profile *p = arena_new(a, struct profile);

	if (!p || flat_read(a, params, &ret->params) < 0 || flat_read(a, start, ret_start) < 0)
		return -ENOMEM;
	p->name = ready_profile;
	ret->profile = p;
	ret->mode = MODE_AUDIT;
	ret->custom = MODE_AUDIT;
	for (enum look_kind k = 0; k < LOOK_MAX; k++)
		if (ready_kinds[k])
			ret->turned[k] = (struct turned){
				.first = rule_image.rows_of[OF_CONTROL].first,
				.severity = ready_severity + k * rows,
				.live = ready_live + k * nodes,
				.part = below_is_part(below),
			};
	return 0;
}
