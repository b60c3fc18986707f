/*
 * ops/procfs.h - files of the trusted procfs in SLOT_PROC.
 *
 * Init process only.  proc_fd is the fd of SLOT_PROC; path is relative to it ("sys/net/ipv4/ip_forward").  All return
 * >= 0 or -errno; -EXDEV when something is mounted over a component.
 */
#ifndef OPS_PROCFS_H
#define OPS_PROCFS_H

#include <stddef.h>

/* An fd, O_CLOEXEC. */
int procfs_open(int proc_fd, const char *path, int flags);

/* One write(2); a short one is -EIO. */
int procfs_write(int proc_fd, const char *path, const void *data, size_t length);

#endif
