/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journald, by its native protocol: visible failures, bounded waits, and the namespace socket, which libsystemd
 * cannot reach.
 */
#pragma once

#include "audit/record.h"
#include "audit/sink.h"
#include "validate/base/fd.h"

/*
 * Sends r to the first of the two sockets that takes it; a record that does not fit a datagram goes by sealed memfd.
 * Never blocks beyond `until`. 0, or a negative errno with *reterr (-ENOENT no socket, -ECONNREFUSED nobody listens,
 * -EAGAIN stalled until the deadline). *ret_socket tells which one took it.
 */
int journal_send(const struct record *r, const struct places *p, struct deadline until, const char **ret_socket,
		 struct fail *reterr);

/*
 * Waits until journald has processed and stored what was sent before (varlink Synchronize, root only). 0,
 * -ETIMEDOUT, ...
 */
int journal_ack(const char *socket, struct deadline until);
