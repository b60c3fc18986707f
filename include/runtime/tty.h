/*
 * runtime/tty.h - the terminal of a foreground run or exec: runlet's own terminal on one side, the container's pty on
 * the other.
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
	int master;               /* borrowed; -1: no terminal, and nothing here does anything */
	bool is_raw;              /* the caller's terminal was changed */
	bool is_input_done;
	bool is_output_done;
	bool is_mid_line;         /* what was typed last is no whole line */
	struct termios saved;
	struct tty_stream input;  /* read from stdin, not yet taken by the pty */
	struct tty_stream output; /* read from the pty, not yet taken by stdout */
};

#define TTY_INIT { .master = -1 }
#define TTY_POLL_COUNT 3

/*
 * Takes the master (O_NONBLOCK from now on), clears ONLCR on the pty as runc does, gives it the size of runlet's
 * terminal and makes that one raw.  tty_close() puts it back, and must be called on every way out; so no signal may end
 * runlet from here on (signals_hold()).
 */
int tty_open(struct tty *tty, int master, struct err *err);
void tty_close(struct tty *tty);

/* SIGWINCH: passes the size on. */
void tty_resize(const struct tty *tty);

/* What to wait for, and what to do when it has come.  Neither blocks where stdout is slow. */
void tty_fill_poll(const struct tty *tty, struct pollfd fds[TTY_POLL_COUNT]);
void tty_handle_poll(struct tty *tty, const struct pollfd fds[TTY_POLL_COUNT]);

/* The program has ended: nothing more is read from stdin. */
void tty_end_input(struct tty *tty);

/* After its end: true when all that it has written is written out; else tty_fill_poll() says what to wait for. */
bool tty_is_drained(struct tty *tty);

#endif
