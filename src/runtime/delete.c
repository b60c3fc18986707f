/*
 * runtime/delete.c - `runlet delete`: takes away everything that create made.
 *
 * Runtime process only.  It can be repeated after it was killed at any point, and cleans what a killed create left.
 */
#include "runtime/delete.h"

#include <signal.h>

#include "runtime/container.h"
#include "runtime/hooks.h"
#include "runtime/runtime.h"
#include "runtime/teardown.h"
#include "sys/process.h"

int delete_remains(const struct store_entry *entry, const struct state *state, const struct cgroup *cgroup,
		   struct err *err)
{
	if (teardown_cgroup(cgroup, err) < 0)
		return -1;
	/* Without stored state there is nothing that could have been mounted. */
	if (!state->has_mount_ns && state->rootfs[0] == '/' &&
	    teardown_mounts(state->rootfs, &state->kept_mounts, err) < 0)
		return -1;
	/* The files go last: a delete that is killed in the hooks runs them again, which is better than never. */
	hooks_run_poststop(state);
	return store_remove(entry, err);
}

static bool may_kill(const struct container *container, bool force)
{
	/* A created container has run nothing of its own yet; runc deletes it too. */
	return force || container->is_half_made || container->status == STATUS_CREATED ||
	       container->status == STATUS_STOPPED;
}

static int delete_locked(struct container *container, bool force, struct err *err)
{
	if (!may_kill(container, force))
		return err_set(err, ERR_STATE, "cannot delete container %s that is not stopped: %s",
			       container->entry.id, state_status_name(container->status));
	if (container->pidfd >= 0 &&
	    teardown_process(container->pidfd, (pid_t)container->state.pid, &container->cgroup, err) < 0)
		return -1;
	return delete_remains(&container->entry, &container->state, &container->cgroup, err);
}

/* Whoever holds the lock may be waiting for this very process: a start in its hooks, a create. */
static void kill_early(const struct container *container)
{
	struct err ignored = ERR_INIT;

	if (container->pidfd < 0)
		return;
	(void)sys_pidfd_send_signal(container->pidfd, SIGKILL);
	if (container->status == STATUS_PAUSED)
		(void)cgroup_kill_all(&container->cgroup, SIGKILL, &ignored);
}

int runtime_delete(const struct runtime_context *context, const char *id, bool force, struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;
	int result;

	result = container_open(context, id, &container, err);
	if (result == 0) {
		if (force)
			kill_early(&container);
		result = container_lock(&container, err);
	}
	if (result == 0)
		result = delete_locked(&container, force, err);
	return result < 0 && force && err->kind == ERR_NOT_FOUND ? 0 : result;
}
