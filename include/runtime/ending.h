/*
 * runtime/ending.h - why a container has stopped: what `state` tells of it.  Runtime process only.
 */
#ifndef RUNTIME_ENDING_H
#define RUNTIME_ENDING_H

#include "cgroup/cgroup.h"
#include "runtime/container.h"
#include "runtime/state.h"

/*
 * Notes how the first process ended (waitpid(2)) and whether the container ran out of memory; to be called before its
 * cgroup is removed.
 */
void ending_note(struct state *state, int wait_status, const struct cgroup *cgroup);

/* Adds what isn't stored and can still be found out: the process may be a zombie, and the cgroup may still be there. */
void ending_find_out(struct container *container);

#endif
