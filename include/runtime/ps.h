/*
 * runtime/ps.h - the lines of ps(1) that are about a container's processes.  Pure.
 */
#ifndef RUNTIME_PS_H
#define RUNTIME_PS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/*
 * Appends the header of a table that ps(1) has printed, and the lines whose column "PID" is one of the pids, which are
 * sorted.  Lines of threads, whose pid is "-", go with their process.  Returns 0, or -1 when there is no such column.
 */
int ps_filter(const char *text, size_t length, const pid_t *pids, size_t count, struct buf *out);

#endif
