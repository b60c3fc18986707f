/*
 * runtime/notify.h - sd_notify(3) for containers: NOTIFY_SOCKET of the caller, seen from inside.
 *
 * The container gets a socket of runlet's own, in a directory that is bound at /run/notify; what it says there is
 * passed on to the caller's socket, with the pid that the host knows.  Runtime process only.
 */
#ifndef RUNTIME_NOTIFY_H
#define RUNTIME_NOTIFY_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "runtime/store.h"

/* The caller's NOTIFY_SOCKET when it is one that can be served (an absolute path or an abstract name), else NULL. */
const char *notify_caller_socket(void);

/* Makes ROOT/ID/notify, which is bound into the container. */
int notify_make_dir(const struct store_entry *entry, struct err *err);

/* Binds the socket in it, writable for the container's users.  Returns the fd or -1. */
int notify_listen(const struct store_entry *entry, struct err *err);

/*
 * Takes one message and passes on what the caller's manager may know: READY=1 with MAINPID, STATUS=, and so on, but no
 * fds and no other pid.  True when it was READY=1.
 */
bool notify_relay(int fd, const char *caller_socket, pid_t pid);

/*
 * Relays until the container is ready, its process has ended, or the time is up (a warning).  Closes nothing.
 */
void notify_wait_ready(int fd, const char *caller_socket, pid_t pid, int pidfd);

#endif
