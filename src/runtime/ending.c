/*
 * runtime/ending.c - why a container has stopped.  Runtime process only.
 */
#include "runtime/ending.h"

#include <sys/wait.h>

#include "cgroup/oom.h"
#include "runtime/process.h"

static void note_status(struct state *state, int wait_status)
{
	state->exit_status = (struct opt_u32){ true, (uint32_t)process_exit_code(wait_status) };
	if (WIFSIGNALED(wait_status))
		state->exit_signal = (struct opt_u32){ true, (uint32_t)WTERMSIG(wait_status) };
}

static void note_oom(struct state *state, const struct cgroup *cgroup)
{
	state->oom_killed.is_set = cgroup_oom_was_killed(cgroup, &state->oom_killed.value);
}

void ending_note(struct state *state, int wait_status, const struct cgroup *cgroup)
{
	note_status(state, wait_status);
	note_oom(state, cgroup);
}

void ending_find_out(struct container *container)
{
	struct state *state = &container->state;
	int wait_status;

	if (container->status != STATUS_STOPPED)
		return;
	if (!state->exit_status.is_set &&
	    process_exit_status((pid_t)state->pid, state->pid_start_time, container->pidfd, &wait_status))
		note_status(state, wait_status);
	if (!state->oom_killed.is_set)
		note_oom(state, &container->cgroup);
}
