/*
 * runtime/console.h - hands the master of the container's pty to the engine (--console-socket).  Runtime process only.
 */
#ifndef RUNTIME_CONSOLE_H
#define RUNTIME_CONSOLE_H

#include "base/err.h"

/*
 * Connects to the engine's SOCK_STREAM socket.  Returns the fd, or -1: ERR_SYSTEM
 * "connect to the console socket PATH".
 */
int console_connect(const char *path, struct err *err);

/* Sends the master by SCM_RIGHTS, with the name that runc gives it as data. */
int console_send(int socket, int master, struct err *err);

#endif
