/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `update --resources -`: the one document that comes through a descriptor of the caller's, and has to be put back
 * there.
 */
#pragma once

#include "validate/base/file.h"

/*
 * Reads descriptor 0 to its end into f->bytes (arena, NUL-terminated), with digest; at most LIMIT_DOC_BYTES, within
 * WAIT_STDIN_MS. 0; -ETIMEDOUT, -EFBIG, -EBADF (closed), -ENOMEM ... with *reterr (CAUSE_BUNDLE,
 * bundle.resources-file); then *ret_cut tells whether bytes were taken that cannot be given back.
 */
int stdin_read(struct arena *a, struct file *f, bool *ret_cut, struct fail *reterr);

/*
 * Makes b what a reader of descriptor 0 gets: a sealed memfd at offset 0; where RLIMIT_FSIZE is too small for that, a
 * pipe that holds it whole. 0, or a negative errno with *reterr (CAUSE_INTERNAL).
 */
int stdin_replay(struct bytes b, struct fail *reterr);
