/*
 * runtime/fd_socket.h - hands a file descriptor to who listens on a unix socket: the terminal, the pidfd.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_FD_SOCKET_H
#define RUNTIME_FD_SOCKET_H

#include "base/err.h"

/*
 * Connects to a SOCK_STREAM socket, whose path may be longer than a socket address.  `what` names it in errors: "the
 * console socket".  Returns the fd, or -1: ERR_SYSTEM "connect to the console socket PATH"; ERR_TIMEOUT
 * where so many wait to be accepted that no more fit.
 */
int fd_socket_connect(const char *path, const char *what, struct err *err);

/* Sends the fd by SCM_RIGHTS with `text` as data.  Errors: ERR_SYSTEM "send WHAT"; EPIPE: nobody listens any more. */
int fd_socket_send(int socket, int fd, const char *text, const char *what, struct err *err);

#endif
