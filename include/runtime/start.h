/*
 * runtime/start.h - what start and run share: from "go" to the running program.  Runtime process only.
 */
#ifndef RUNTIME_START_H
#define RUNTIME_START_H

#include "base/err.h"
#include "cgroup/cgroup.h"
#include "runtime/session.h"
#include "runtime/state.h"

/* Listens until init has executed its program (0), or reports why it could not (-1). */
int start_wait_running(struct session *session, struct err *err);

/* Runs the poststart hooks; a failing one stops the container and is the error. */
int start_run_hooks(const struct state *state, int pidfd, const struct cgroup *cgroup, struct err *err);

#endif
