/*
 * runtime/pause.c - `runlet pause` and `runlet resume`.  Runtime process only.
 */
#include "runtime/container.h"
#include "runtime/runtime.h"

/* A process that waits for a disk or a remote file system stops when that has answered. */
#define FREEZE_TIMEOUT_MS 5000

int runtime_pause(const struct runtime_context *context, const char *id, struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;

	/* With the lock: a delete that has killed the processes must not find them frozen afterwards. */
	if (container_open(context, id, &container, err) < 0 || container_lock(&container, err) < 0 ||
	    container_refuse_half_made(&container, err) < 0)
		return -1;
	if (container.status != STATUS_RUNNING && container.status != STATUS_CREATED)
		return err_set(err, ERR_STATE, "container not running: %s is %s", id,
			       state_status_name(container.status));
	return cgroup_freeze(&container.cgroup, FREEZE_TIMEOUT_MS, err);
}

int runtime_resume(const struct runtime_context *context, const char *id, struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;

	/* Without the lock: a start that has it may be waiting for what was frozen by somebody else meanwhile. */
	if (container_open(context, id, &container, err) < 0 || container_refuse_half_made(&container, err) < 0)
		return -1;
	if (container.status != STATUS_PAUSED)
		return err_set(err, ERR_STATE, "container not paused: %s is %s", id,
			       state_status_name(container.status));
	return cgroup_thaw(&container.cgroup, FREEZE_TIMEOUT_MS, err);
}
