/*
 * runtime/close_fds.h - closes descriptors by the range, for what runs between clone and exec (runtime/spawn.c).
 */
#ifndef RUNTIME_CLOSE_FDS_H
#define RUNTIME_CLOSE_FDS_H

#include <stddef.h>
#include <stdint.h>

/* Marks all from first_fd on as close-on-exec. */
void close_at_exec(uint32_t first_fd);

/* Closes all from `first` on that are not among the kept ones; negative ones there are none. */
void close_all_but(const int *kept, size_t count, unsigned first);

/* The opposite of close_at_exec() for these; those below 0 are none.  0, or -errno. */
int keep_at_exec(const int *fds, size_t count);

#endif
