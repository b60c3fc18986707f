/*
 * runtime/inherit.h - the file descriptors that runlet was started with.  Runtime process only.
 */
#ifndef RUNTIME_INHERIT_H
#define RUNTIME_INHERIT_H

#include <stdint.h>

#include "base/err.h"

/* LISTEN_FDS when they are meant for this process (LISTEN_PID), else 0 (sd_listen_fds(3)). */
uint32_t inherit_listen_fds(void);

/*
 * Checks that fds 3 .. 3+count-1 are open, and opens /dev/null for closed standard fds, so that nothing of runlet's own
 * gets a number that is passed on.  To be called before anything else is opened.  Errors: ERR_USAGE.
 */
int inherit_check(uint32_t count, struct err *err);

#endif
