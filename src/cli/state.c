/*
 * state.c - `runlet state`: prints a container's state as JSON.
 *
 * Runtime process only.
 */
#include "cli/command.h"

static int state_run(const struct runtime_context *context, const void *values, const struct cli_arguments *arguments,
                     int *exit_status, struct err *err)
{
	(void)values;
	(void)exit_status;
	_cleanup_buf_ struct buf json = BUF_INIT;
	if (runtime_state(context, arguments->items[0], &json, err) < 0)
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
