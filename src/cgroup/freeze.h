/*
 * cgroup/freeze.h - stops and continues the processes of one cgroup directory, for this folder.
 */
#ifndef CGROUP_FREEZE_H
#define CGROUP_FREEZE_H

#include <stdbool.h>

#include "cgroup/cgroup.h"

/*
 * The directory by which a container is frozen: v1's freezer where there is one, since a hybrid host's v2 tree may hold
 * none of its processes; else v2's.  NULL: it has neither.
 */
const struct cgroup_dir *cgroup_freezer_dir(const struct cgroup *cgroup);

/* Asks for it, and doesn't wait.  0 or -errno. */
int cgroup_dir_ask_freeze(const struct cgroup_dir *dir, int dirfd, bool is_frozen);

/*
 * Asks and waits.  -ETIMEDOUT: not all had stopped or continued in time; what was asked for still stands.
 * -EDEADLK: runlet itself is in the cgroup, which is not frozen then.
 */
int cgroup_dir_freeze(const struct cgroup_dir *dir, int dirfd, int timeout_ms);
int cgroup_dir_thaw(const struct cgroup_dir *dir, int dirfd, int timeout_ms);

#endif
