/*
 * cli/state.c - `runlet state`: prints a container's state as JSON.
 *
 * Runtime process only.
 */
#include "cli/command.h"

static int state_run(struct command_call *call, struct err *err)
{
	_cleanup_buf_ struct buf json = BUF_INIT;
	if (runtime_state(call->context, call->arguments.items[0], &json, err) < 0)
		return -1;
	return output_write(&json, err);
}

const struct command command_state = {
	.name = "state",
	.arguments = "CONTAINER-ID",
	.help = "print a container's state as JSON",
	.arguments_min = 1,
	.arguments_max = 1,
	.takes_container = true,
	.run = state_run,
};
