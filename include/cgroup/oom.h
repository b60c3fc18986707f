/*
 * cgroup/oom.h - whether the kernel ran out of a container's memory.
 *
 * Runtime process only.
 */
#ifndef CGROUP_OOM_H
#define CGROUP_OOM_H

#include <stdbool.h>
#include <stdint.h>

#include "cgroup/cgroup.h"

/*
 * Whether its OOM killer has killed a process of the container (v1: memory.oom_control, of the container's own cgroup;
 * v2: memory.events, with what is below).  False: it can't be told, since the cgroup is gone or has no such controller.
 */
bool cgroup_oom_was_killed(const struct cgroup *cgroup, bool *was_killed);

/* A watch on that; `poll_fd` is for epoll(7), with `poll_events`. */
struct cgroup_oom {
	int poll_fd;            /* v1: an eventfd; v2: memory.events itself; -1: nothing can be watched */
	uint32_t poll_events;
	int control_fd;         /* v1: memory.oom_control */
	uint64_t kill_count;    /* v2: when last looked */
};

#define CGROUP_OOM_INIT { .poll_fd = -1, .control_fd = -1 }

/* Without a memory controller poll_fd stays -1, which is no error.  Errors: ERR_SYSTEM. */
int cgroup_oom_open(const struct cgroup *cgroup, struct cgroup_oom *oom, struct err *err);

/* To be called when poll_fd is ready, and at the end.  True when there was one since the last look. */
bool cgroup_oom_take(struct cgroup_oom *oom);

void cgroup_oom_close(struct cgroup_oom *oom);

#endif
