/*
 * cli/start.c - `runlet start`: lets the program of a created container begin.
 *
 * Runtime process only.
 */
#include "cli/command.h"

static int start_run(struct command_call *call, struct err *err)
{
	return runtime_start(call->context, call->arguments.items[0], err);
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
