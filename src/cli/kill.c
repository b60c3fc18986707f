/*
 * cli/kill.c - `runlet kill`: sends a signal to a container.
 *
 * Runtime process only.
 */
#include <signal.h>

#include "cli/command.h"

struct kill_values {
	bool all;
};

static const struct option_row kill_rows[] = {
	OPTION_ROW_FLAG(struct kill_values, all, "all", 'a', "send it to every process of the container"),
};

static int kill_run(struct command_call *call, struct err *err)
{
	const struct kill_values *kill_values = call->values;
	int signal = SIGTERM;
	if (call->arguments.count > 1 && signal_parse(call->arguments.items[1], &signal, err) < 0)
		return -1;
	return runtime_kill(call->context, call->arguments.items[0], signal, kill_values->all, err);
}

const struct command command_kill = {
	.name = "kill",
	.arguments = "CONTAINER-ID [SIGNAL]",
	.help = "send a signal (default TERM; a name or a number) to a container",
	.options = OPTION_SET(kill_rows),
	.values_size = sizeof(struct kill_values),
	.arguments_min = 1,
	.arguments_max = 2,
	.takes_container = true,
	.run = kill_run,
};
