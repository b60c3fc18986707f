/*
 * runtime/console.c - who holds the master of the container's pty.  Runtime process only.
 */
#include "runtime/console.h"

#include "base/fd.h"
#include "runtime/fd_socket.h"

int console_open(struct console *console, const struct console_request *request, struct err *err)
{
	const char *path = request->socket_path;

	if (request->is_detached && request->has_terminal && !path)
		return err_set(err, request->kind,
			       "cannot allocate tty if runlet will detach without setting console socket");
	if ((!request->is_detached || !request->has_terminal) && path)
		return err_set(err, request->kind,
			       "cannot use console socket if runlet will not detach or allocate tty");
	if (!path)
		return 0;
	console->socket = fd_socket_connect(path, "the console socket", err);
	return console->socket < 0 ? -1 : 0;
}

int console_take(struct console *console, struct wire_message *message, struct err *err)
{
	if (message->fd_count != 1)
		return err_set(err, ERR_PROTOCOL, "WIRE_CONSOLE with %u file descriptors", message->fd_count);
	if (console->socket >= 0)
		return fd_socket_send(console->socket, message->fds[0], "/dev/ptmx",
				      "the terminal to the console socket", err);
	fd_close(&console->master);
	console->master = fd_take(&message->fds[0]);
	return 0;
}

void console_close(struct console *console)
{
	fd_close(&console->socket);
	fd_close(&console->master);
}
