/* SPDX-License-Identifier: Apache-2.0 */
/* The mark by which a copy of runvet is known for what it is, under whatever name. */
#pragma once

#include <stdbool.h>

/*
 * Whether the file open as fd is an ELF binary of this machine's class that bears runvet's note (owner "runvet", type
 * 1). Reads a bounded part of it; anything it cannot make sense of (a script, a cut file) bears none. Leaves the offset
 * alone.
 */
bool elfnote_present(int fd);
