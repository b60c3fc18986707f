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
 * Without a pid namespace of its own the other processes outlive the first, also when that has ended already; a frozen
 * one takes no SIGKILL until it thaws.
 */
static bool needs_all(const struct container *container, int signal)
{
	if (signal != SIGKILL || container->cgroup.dir_count == 0)
		return false;
	if (container->status == STATUS_PAUSED)
		return true;
	return !container->state.has_own_pid_ns && (container->pidfd >= 0 || cgroup_is_populated(&container->cgroup));
}

int runtime_kill(const struct runtime_context *context, const char *id, const struct runtime_kill_options *options,
                 struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;
	bool ignores_stopped = options->all || options->ignores_stopped;
	int signal = options->signal;
	int result;

	if (container_open(context, id, &container, err) < 0)
		return -1;
	if (options->all && container.cgroup.dir_count > 0)
		return cgroup_kill_all(&container.cgroup, signal, err);
	if (needs_all(&container, signal))
		return cgroup_kill_all(&container.cgroup, signal, err);
	if (container.pidfd < 0)
		return ignores_stopped ? 0 : err_set(err, ERR_STATE, "container not running: %s", id);
	result = sys_pidfd_send_signal(container.pidfd, signal);
	if (result == -ESRCH)
		return ignores_stopped ? 0 : err_set(err, ERR_STATE, "os: process already finished: %s", id);
	return result < 0 ? err_sys(err, result, "send signal %d to container %s", signal, id) : 0;
}
