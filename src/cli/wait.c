/*
 * cli/wait.c - `runlet wait`: waits for a container's end; the exit status is the program's.
 *
 * Runtime process only.
 */
#include "cli/command.h"

static int wait_run(struct command_call *call, struct err *err)
{
	return runtime_wait(call->context, call->arguments.items[0], &call->exit_status, err);
}

const struct command command_wait = {
	.name = "wait",
	.arguments = "CONTAINER-ID",
	.help = "wait for a container's end; the exit status is the program's",
	.arguments_min = 1,
	.arguments_max = 1,
	.takes_container = true,
	/* As for exec: few programs end with it. */
	.failure_status = 255,
	.run = wait_run,
};
