/*
 * start.c - `runlet start`: lets the program of a created container begin.
 *
 * Runtime process only.
 */
#include "cli/command.h"

static int start_run(const struct runtime_context *context, const void *values, const struct cli_arguments *arguments,
                     int *exit_status, struct err *err)
{
	(void)values;
	(void)exit_status;
	return runtime_start(context, arguments->items[0], err);
}

const struct command command_start = {
	.name = "start",
	.arguments = "CONTAINER-ID",
	.help = "start the program of a created container",
	.arguments_min = 1,
	.arguments_max = 1,
	.takes_container = true,
	.run = start_run,
};
