/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets of journald: connected without ever blocking, and written to until a deadline. */
#pragma once

#include <sys/socket.h>

#include "validate/base/fd.h"

struct sockaddr_un;

/* The address of that path. 0, or -ENAMETOOLONG. */
int journal_address(const char *path, struct sockaddr_un *ret);

/*
 * A connected socket of that type that never blocks, or a negative errno. A full backlog of a stream socket (EAGAIN) is
 * tried again until the deadline.
 */
int journal_connect(const char *path, int type, struct deadline until);

/* A socket of that type that never blocks and closes with execve, connected to nothing; or a negative errno. */
int journal_socket(int type);

/* sendmsg(2), again and again while journald's queue is full and there is time. 0, or a negative errno. */
int journal_push(int fd, const struct msghdr *message, struct deadline until);
