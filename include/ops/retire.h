/*
 * ops/retire.h - closing many fds by few system calls.
 *
 * The mounting ops open five fds for each mount, and nobody waits for their end: they are retired, and closed by
 * close_range(2) when some have gathered.  Not for a socket or a pipe, whose end somebody waits for, and not for a
 * namespace: fd_close() closes those at once.  Directories of the host go with the pivot.  Init process only.
 */
#ifndef OPS_RETIRE_H
#define OPS_RETIRE_H

/* As fd_close(), but the fd is closed by the next op_fds_flush() at the latest. */
void op_fd_retire(int *fd);
#define _cleanup_retired_fd_ __attribute__((cleanup(op_fd_retire)))

/* Closes what was retired: before anybody is waited for, before a hook or the program is executed, after the pivot. */
void op_fds_flush(void);

#endif
