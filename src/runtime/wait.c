/*
 * runtime/wait.c - `runlet wait`: the end of a container's first process, and its exit code.
 *
 * Runtime process only.  It sleeps in poll(2) on a pidfd, changes nothing and holds no lock while it waits; a signal
 * ends it as it ends any program.
 */
#include "runtime/container.h"
#include "runtime/process.h"
#include "runtime/runtime.h"

static bool ask_kernel(const struct container *container, int *exit_code)
{
	const struct state *state = &container->state;
	int wait_status;

	if (!process_exit_status((pid_t)state->pid, state->pid_start_time, container->pidfd, &wait_status))
		return false;
	*exit_code = process_exit_code(wait_status);
	return true;
}

static bool ask_state(const struct container *container, int *exit_code)
{
	if (!container->state.exit_status.is_set)
		return false;
	*exit_code = (int)container->state.exit_status.value;
	return true;
}

/* A foreground `run` holds the lock from before it reaps its program until it has stored how that ended. */
static int ask_state_later(struct container *container, int *exit_code, struct err *err)
{
	struct err gone = ERR_INIT;

	if (container_lock(container, &gone) == 0) {
		if (ask_state(container, exit_code))
			return 0;
	} else if (gone.kind != ERR_NOT_FOUND) {
		*err = gone;
		return -1;
	}
	return err_set(err, ERR_STATE,
		       "container %s has ended, but its exit status isn't known: Linux tells it to others than the "
		       "parent from 6.15 on, and to those that waited at the end; \"run --keep\" stores it",
		       container->entry.id);
}

int runtime_wait(const struct runtime_context *context, const char *id, int *exit_code, struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;

	if (container_open(context, id, &container, err) < 0)
		return -1;
	if (container.status == STATUS_CREATING && !container.is_half_made) {
		if (container_lock(&container, err) < 0)
			return -1;
		store_unlock(&container.entry);
	}
	if (container_refuse_half_made(&container, err) < 0)
		return -1;
	if (container.pidfd >= 0)
		(void)process_wait_end(container.pidfd, -1);
	if (ask_kernel(&container, exit_code) || ask_state(&container, exit_code))
		return 0;
	return ask_state_later(&container, exit_code, err);
}
