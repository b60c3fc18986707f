/*
 * runtime/teardown.h - takes away what a container holds in the kernel.
 *
 * Runtime process only.  A failed create (through runtime/undo.h) and delete call the same functions.  Each may be
 * repeated: what is gone already is no error.
 */
#ifndef RUNTIME_TEARDOWN_H
#define RUNTIME_TEARDOWN_H

#include "base/arena.h"
#include "base/err.h"
#include "cgroup/cgroup.h"
#include "runtime/state.h"

/* How long a killed process may take to die. */
#define TEARDOWN_TIMEOUT_MS 10000

/*
 * Kills and waits.  A frozen cgroup is thawed on the way: a frozen process doesn't die.  Errors: ERR_TIMEOUT with
 * what the kernel says the process is doing.
 */
int teardown_process(int pidfd, pid_t pid, const struct cgroup *cgroup, struct err *err);

/* Kills what is left in the cgroup and removes it. */
int teardown_cgroup(const struct cgroup *cgroup, struct err *err);

/* The mounts beneath a path, so that teardown_mounts() can leave them alone. */
int teardown_list_mounts(struct arena *arena, const char *path, struct state_mount_list *mounts, struct err *err);

/*
 * Unmounts what lies at and beneath the root of a container that had no mount namespace of its own, but for what was
 * there before it.
 */
int teardown_mounts(const char *rootfs, const struct state_mount_list *kept, struct err *err);

#endif
