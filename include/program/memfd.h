/*
 * program/memfd.h - bytes as a file that nobody can change any more (memfd_create(2), fcntl(2) seals), a file for
 * what a helper prints, and programs to execute.
 *
 * Runtime process only.
 */
#ifndef PROGRAM_MEMFD_H
#define PROGRAM_MEMFD_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/* A sealed memfd with these bytes, O_CLOEXEC, offset 0.  `name` is what /proc/PID/fd shows.  Returns the fd or -1. */
int memfd_open_sealed(const char *name, const void *data, size_t size, struct err *err);

/* An empty one that can be written to and never executed.  Returns the fd or -1. */
int memfd_open_empty(const char *name, struct err *err);

/* A program that runlet contains. */
struct memfd_program { const char *name; const void *image; size_t size; };

/*
 * It as an fd for execveat(2).  A sealed memfd; where the kernel forbids executing those (sysctl vm.memfd_noexec=2), a
 * read-only file on a tmpfs that is mounted nowhere, or without the privilege for that an unlinked file in `dirfd`.
 * None of them leads who executes it to the runlet binary on the host (CVE-2019-5736).
 * Returns the fd (O_CLOEXEC, maybe O_PATH) or -1.
 */
int memfd_open_program(const struct memfd_program *program, int dirfd, mode_t mode, struct err *err);

#endif
