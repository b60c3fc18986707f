/*
 * runtime/pidfd_socket.h - hands a pidfd of the container's process to the caller: --pidfd-socket, as runc has it, and
 * the annotation run.oci.pidfd_receiver, as crun has it.
 *
 * Runtime process only.  Who has the pidfd can wait for this process and signal it, whatever becomes of its number.
 */
#ifndef RUNTIME_PIDFD_SOCKET_H
#define RUNTIME_PIDFD_SOCKET_H

#include "base/err.h"
#include "json/types.h"

/* What runc sends as data: it tells the first process of a container from one that exec made. */
#define PIDFD_SOCKET_INIT "standard"
#define PIDFD_SOCKET_EXEC "setns"

/* One that gets it or none; each fd is owned, -1: none. */
struct pidfd_sockets { int option; int annotation; };

#define PIDFD_SOCKETS_INIT { .option = -1, .annotation = -1 }

/*
 * Connects to what is asked for, before anything is made.  `path` is the option's, or NULL; `annotations` may be NULL.
 * Errors: ERR_SYSTEM naming the socket; ERR_CONFIG "annotations[...]: ..." for a receiver that is no absolute path.
 */
int pidfd_sockets_connect(struct pidfd_sockets *sockets, const char *path, const struct str_map *annotations,
                          struct err *err);

/* Sends it to all that are connected.  Errors: ERR_SYSTEM, also when a receiver has closed its end. */
int pidfd_sockets_send(const struct pidfd_sockets *sockets, const char *kind, int pidfd, struct err *err);

void pidfd_sockets_close(struct pidfd_sockets *sockets);

#endif
