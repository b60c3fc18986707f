/*
 * runtime/delete.h - what delete and run share: taking away a container whose first process has ended.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_DELETE_H
#define RUNTIME_DELETE_H

#include "base/err.h"
#include "cgroup/cgroup.h"
#include "runtime/state.h"
#include "runtime/store.h"

/* Cgroups with what still runs in them, mounts, poststop hooks, files.  The caller holds the lock. */
int delete_remains(const struct store_entry *entry, const struct state *state, const struct cgroup *cgroup,
		   struct err *err);

#endif
