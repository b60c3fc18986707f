/*
 * runtime/console.h - who holds the master of the container's pty: an engine (--console-socket), or runlet itself.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_CONSOLE_H
#define RUNTIME_CONSOLE_H

#include <stdbool.h>

#include "base/err.h"
#include "wire/wire.h"

struct console {
	int socket;             /* the engine's, or -1 */
	int master;             /* from init, where runlet holds it, or -1 */
};

#define CONSOLE_INIT { .socket = -1, .master = -1 }

/* What the caller was asked for. */
struct console_request {
	const char *socket_path; /* NULL: none */
	bool is_detached;       /* nobody stays in the foreground */
	bool has_terminal;      /* process.terminal */
	enum err_kind kind;     /* of an error: what is at fault, the configuration or the command line */
};

/*
 * A terminal needs somebody who holds its other end: a request without is refused in runc's words, which engines know.
 * Connects to the socket (SOCK_STREAM), if there is one.  Errors: request->kind; ERR_SYSTEM "connect to the console
 * socket PATH".
 */
int console_open(struct console *console, const struct console_request *request, struct err *err);

/*
 * Takes the master out of init's WIRE_CONSOLE: it goes on to the engine by SCM_RIGHTS, with the name that runc gives it
 * as data, or stays in console->master.
 */
int console_take(struct console *console, struct wire_message *message, struct err *err);

void console_close(struct console *console);

#endif
