/* SPDX-License-Identifier: Apache-2.0 */
/* "No", in the words and on the channels that the engine passes on to its user (engine contract §1.3, §1.5). */
#pragma once

#include "shim/argv.h"
#include "validate/policy/decide.h"

/*
 * Composes the one line (at most LIMIT_REFUSAL bytes): what broke or which rules, where, the record's id. A denial by
 * policy says "permission denied"; a broken bundle never does; none of the other trigger words of §1.5 survives,
 * whatever was quoted.
 */
void refuse_compose(const struct request *q, const struct decision *d, const struct report *report,
	const struct fail *why, const char *record, struct text *to);

/*
 * Writes the line to stderr and, when --log was given, as one JSON object or text line to that file (opened for
 * append, never blocking for more than WAIT_LOG_MS; crun's journald: and syslog: prefixes are left alone, file: is
 * understood). Returns the exit code: 1, or 255 for exec.
 */
int refuse(const struct request *q, const char *line);
