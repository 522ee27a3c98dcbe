/* SPDX-License-Identifier: Apache-2.0 */
/* What controls cannot see is told of controls that there are. */
#include "tests/tap.h"
#include "validate/rule/control_unseen.h"
#include "validate/rule/rule.h"

int main(void)
{
	size_t told = 0;
	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++) {
			const struct rule *r = &(*t)->rows[i];
			if (r->id && control_unseen(r->id)) {
				ok(r->of == OF_CONTROL, "%s is a control", r->id);
				told++;
			}
		}
	is_int(told, controls_unseen, "all of the table are rules");
	ok(!control_unseen("no.such"), "of no other");
	return tap_done();
}
