/*
 * runtime/kill.c - `runlet kill`: a signal to the container's first process, or to all of them.
 *
 * Runtime process only.  No lock: a kill must get through while start or a foreground run holds it.
 */
#include <errno.h>
#include <signal.h>

#include "runtime/container.h"
#include "runtime/runtime.h"
#include "sys/process.h"

/*
 * Without a pid namespace of its own the other processes outlive the first; a
 * frozen one takes no SIGKILL until it thaws.
 */
static bool needs_all(const struct container *container, int signal)
{
	return signal == SIGKILL && (!container->state.has_own_pid_ns || container->status == STATUS_PAUSED);
}

int runtime_kill(const struct runtime_context *context, const char *id, int signal, bool all, struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;
	int result;

	if (container_open(context, id, &container, err) < 0)
		return -1;
	if (all && container.cgroup.dir_count > 0)
		return cgroup_kill_all(&container.cgroup, signal, err);
	if (container.pidfd < 0)
		return all ? 0 : err_set(err, ERR_STATE, "container not running: %s", id);
	if (needs_all(&container, signal) && container.cgroup.dir_count > 0)
		return cgroup_kill_all(&container.cgroup, signal, err);
	result = sys_pidfd_send_signal(container.pidfd, signal);
	if (result == -ESRCH)
		return all ? 0 : err_set(err, ERR_STATE, "os: process already finished: %s", id);
	return result < 0 ? err_sys(err, result, "send signal %d to container %s", signal, id) : 0;
}
