/*
 * runtime/spawn.h - makes the container's init process.
 *
 * Three shapes, chosen by struct plan_spawn:
 *   1. no user namespace: a clone that shares runlet's memory until it executes init, as vfork(2) does; copies nothing.
 *   2. a new user namespace: a clone with memory of its own, which waits until its id maps are written (WIRE_NEED_MAP)
 *      and becomes root in there, so that executing init doesn't take its capabilities away.
 *   3. a pid or user namespace of others: a helper joins it and then clones shape 1 or 2 as runlet's own child
 *      (CLONE_PARENT), because setns(2) of a pid namespace counts for children only.
 *   4. exec: the helper enters all namespaces of the container, and clones shape 1, or 2 without maps to wait for.
 * Where 3 and 4 stay in runlet's user namespace, the helper executes init before the clone, which init makes itself
 * (init/born.c): who may ptrace in that pid namespace would reach runlet's own file through /proc/PID/exe otherwise.
 * Runtime process only; what runs in the children is async-signal-safe and allocates nothing.
 */
#ifndef RUNTIME_SPAWN_H
#define RUNTIME_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "cgroup/cgroup.h"
#include "plan/plan.h"

/* exec: the process whose namespaces are entered (plan->spawn.join_flags). */
struct spawn_target {
	pid_t pid;
	int pidfd;
	int root_fd;            /* the root to enter after that, or -1: that of the mount namespace */
	const struct cgroup_tasks *tasks; /* the v1 cgroups, which the child enters by itself */
};

struct spawn_request {
	const struct plan *plan; /* its spawn is the shape; its slots name what a join fails at */
	const int *slots;       /* fds, indexed by slot number */
	int init_fd;            /* the init program */
	int plan_fd;            /* its plan */
	int init_socket;        /* init's end of the pair */
	int runtime_socket;     /* runlet's end: a helper reports its failure through the pair */
	int cgroup_fd;          /* a v2 directory to be born in, or -1 */
	const struct spawn_target *target; /* NULL: not an exec */
	uint32_t first_fd;      /* 3 + the fds that are preserved: everything from here on is closed at exec */
};

struct spawn_result {
	pid_t pid;              /* a child of runlet, not yet waited for */
	int pidfd;
	bool is_in_cgroup;      /* born in cgroup_fd */
};

#define SPAWN_RESULT_INIT { .pid = -1, .pidfd = -1 }

/*
 * Returns when init is being executed (shape 1) or when its stub exists (2, 3).  A stub that fails later says so by
 * WIRE_ERROR.  Errors: ERR_SYSTEM "clone3", "setns ...".
 */
int spawn_init(const struct spawn_request *request, struct spawn_result *result, struct err *err);

#endif
