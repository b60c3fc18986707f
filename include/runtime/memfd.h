/*
 * runtime/memfd.h - bytes as a file that nobody can change any more (memfd_create(2), fcntl(2) seals), and a
 * file for what a helper prints.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_MEMFD_H
#define RUNTIME_MEMFD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* A sealed memfd with these bytes, O_CLOEXEC, offset 0.  `name` is what /proc/PID/fd shows.  Returns the fd or -1. */
int memfd_open_sealed(const char *name, const void *data, size_t size, struct err *err);

/* An empty one that can be written to and never executed.  Returns the fd or -1. */
int memfd_open_empty(const char *name, struct err *err);

/*
 * The embedded init program as an fd for execveat(2).  A sealed memfd; where the kernel forbids executing those
 * (sysctl vm.memfd_noexec=2), a read-only file on a tmpfs that is mounted nowhere, or without the privilege for that an
 * unlinked file in `dirfd`.  None of them leads the container to the runlet binary on the host (CVE-2019-5736).
 *
 * is_unreadable is for an init that joins a user namespace.  There those who have CAP_SYS_PTRACE may look into every
 * process whose memory belongs to the namespace, dumpable or not, and execve(2) gives it to the namespace at once.  But
 * memory of a program that the namespace may execute and not read stays with the host (would_dump() in the kernel's
 * fs/exec.c), so that not even PR_SET_DUMPABLE has to be waited for (CVE-2016-9962).
 * Returns the fd (O_CLOEXEC, maybe O_PATH) or -1.
 */
int memfd_open_init(int dirfd, bool is_unreadable, struct err *err);

#endif
