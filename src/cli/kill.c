/*
 * cli/kill.c - `runlet kill`: sends a signal to a container.
 *
 * Runtime process only.
 */
#include <signal.h>

#include "cli/command.h"

struct kill_values {
	bool all;
	bool is_regex;
};

static const struct option_row kill_rows[] = {
	OPTION_ROW_FLAG(struct kill_values, all, "all", 'a', "send it to every process of the container"),
	OPTION_ROW_FLAG(struct kill_values, is_regex, "regex", 'r',
	                "CONTAINER-ID is a regular expression; all that match and run are meant"),
};

static int kill_match(const struct runtime_context *context, const char *id, const void *options, struct err *err)
{
	return runtime_kill(context, id, options, err);
}

static int kill_run(struct command_call *call, struct err *err)
{
	const struct kill_values *kill_values = call->values;
	const char *id = call->arguments.items[0];
	struct runtime_kill_options options = {
		.signal = SIGTERM,
		.all = kill_values->all,
		.ignores_stopped = kill_values->is_regex,
	};

	if (call->arguments.count > 1 && signal_parse(call->arguments.items[1], &options.signal, err) < 0)
		return -1;
	if (kill_values->is_regex)
		return runtime_for_each_match(call->context, id, kill_match, &options, err);
	return runtime_kill(call->context, id, &options, err);
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
