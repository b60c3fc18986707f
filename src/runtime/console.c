/*
 * runtime/console.c - hands the master of the container's pty to the engine.  Runtime process only.
 */
#include "runtime/console.h"

#include "runtime/fd_socket.h"

int console_connect(const char *path, struct err *err)
{
	return fd_socket_connect(path, "the console socket", err);
}

int console_send(int socket, int master, struct err *err)
{
	return fd_socket_send(socket, master, "/dev/ptmx", "the terminal to the console socket", err);
}
