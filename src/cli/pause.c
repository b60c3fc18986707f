/*
 * cli/pause.c - `runlet pause`: stops every process of a container.
 *
 * Runtime process only.
 */
#include "cli/command.h"

static int pause_run(struct command_call *call, struct err *err)
{
	return runtime_pause(call->context, call->arguments.items[0], err);
}

const struct command command_pause = {
	.name = "pause",
	.arguments = "CONTAINER-ID",
	.help = "stop every process of a container until resume",
	.arguments_min = 1,
	.arguments_max = 1,
	.takes_container = true,
	.run = pause_run,
};
