/*
 * runtime/signals.h - signals as something that can be read, never as handlers.
 *
 * Runtime process only.  A handler would also run in the stub that shares runlet's memory (runtime/spawn.h).
 */
#ifndef RUNTIME_SIGNALS_H
#define RUNTIME_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum signals_set {
	SIGNALS_STOPPING = 0,  /* what asks runlet to give up while it makes a container: HUP INT QUIT TERM */
	SIGNALS_FORWARDED      /* what a foreground run passes on to its program, and SIGWINCH, SIGCHLD, SIGPIPE */
};

/* Blocks the set and makes it readable; `fd` is one to change, or -1 for a new one.  Returns the fd or -1. */
int signals_open(enum signals_set set, int fd, struct err *err);

/* Blocks the set: what comes can be read when signals_open() is called later. */
int signals_hold(enum signals_set set, struct err *err);

/* Signals that the caller ignores, bit 0 for signal 1; all of them where that can't be told. */
uint64_t signals_ignored(void);

/* The next signal's number, or 0 when none is pending.  Doesn't wait. */
int signals_read(int fd);

#endif
