/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journald: visible failures, bounded waits. There are two of these, chosen when it is built (-Djournal=): journal.c,
 * which speaks the native protocol itself, and journal_libsystemd.c, which leaves that to sd_journal_sendv(3).
 */
#pragma once

#include "audit/record.h"
#include "audit/sink.h"
#include "validate/base/fd.h"

/* Whether journal_send knows more than the default journal. libsystemd has no other address. */
extern const bool journal_reaches_namespaces;

/*
 * Sends r to the first of the two sockets that takes it; a record that does not fit a datagram goes by sealed memfd.
 * Never blocks beyond `until`. 0, or a negative errno with *reterr (-ENOENT no socket, -ECONNREFUSED nobody listens,
 * -EAGAIN stalled until the deadline). *ret_socket tells which one took it.
 */
int journal_send(const struct record *r, const struct places *p, struct deadline until, const char **ret_socket,
		 struct fail *reterr);

/*
 * Waits until journald has processed and stored what was sent before (varlink Synchronize, root only). 0,
 * -ETIMEDOUT, ... In two halves, for who has something to do meanwhile: journal_ask gives a descriptor, or a negative
 * errno; journal_answer waits, and closes it.
 */
int journal_ack(const char *socket, struct deadline until);
int journal_ask(const char *socket, struct deadline until);
int journal_answer(int fd, struct deadline until);
