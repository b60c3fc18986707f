/*
 * runtime/pid_namespace.h - the processes of a pid namespace, where no cgroup tells them.  Runtime process only.
 */
#ifndef RUNTIME_PID_NAMESPACE_H
#define RUNTIME_PID_NAMESPACE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Lists, sorted and in the arena, the processes in the pid namespace of `pid` and in those below it
 * (pid_namespaces(7)), as /proc shows them to the caller; pidfd pins that process.  None when it is gone.
 * Errors: ERR_SYSTEM.
 */
int pid_namespace_list(struct arena *arena, pid_t pid, int pidfd, pid_t **pids, size_t *count, struct err *err);

#endif
