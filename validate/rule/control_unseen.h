/* SPDX-License-Identifier: Apache-2.0 */
/* What a control cannot see: every check of a document has an edge, and whoever relies on one has to know it. */
#pragma once

#include <stddef.h>

/* One clause for the manual; NULL when the id is no control's, or nothing is known that it would miss. */
const char *control_unseen(const char *id);

/* How many controls something is told of: so that a test can hold the ids to the rows. */
extern const size_t controls_unseen;
