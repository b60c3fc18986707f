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
 * Checks that fds 3 .. 3+count-1 are open.  To be called before runlet opens any of its own: those must not get a
 * number that is passed on.  Closed standard fds were opened to /dev/null by main().  Errors: ERR_USAGE.
 */
int inherit_check(uint32_t count, struct err *err);

#endif
