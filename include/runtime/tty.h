/*
 * runtime/tty.h - the terminal of a foreground run: runlet's own terminal on one side, the container's pty on the
 * other.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_TTY_H
#define RUNTIME_TTY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "base/err.h"

struct tty_stream { char bytes[4096]; size_t length; };

struct tty {
	int master;              /* borrowed; -1: no terminal, and nothing here does anything */
	bool is_raw;             /* the caller's terminal was changed */
	bool is_input_done;
	bool is_output_done;
	struct termios saved;
	struct tty_stream input; /* read from stdin, not yet taken by the pty */
};

#define TTY_INIT { .master = -1 }
#define TTY_POLL_COUNT 2

/*
 * Takes the master (O_NONBLOCK from now on), clears ONLCR on the pty as runc does, gives it the size of runlet's
 * terminal and makes that one raw.  tty_close() puts it back, and must be called on every way out.
 */
int tty_open(struct tty *tty, int master, struct err *err);
void tty_close(struct tty *tty);

/* SIGWINCH: passes the size on. */
void tty_resize(const struct tty *tty);

/* What to wait for, and what to do when it has come. */
void tty_fill_poll(const struct tty *tty, struct pollfd fds[TTY_POLL_COUNT]);
void tty_handle_poll(struct tty *tty, const struct pollfd fds[TTY_POLL_COUNT]);

/* Writes out what the program said before it ended. */
void tty_drain(struct tty *tty);

#endif
