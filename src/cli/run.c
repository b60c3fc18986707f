/*
 * cli/run.c - `runlet run`: create and start in one, and wait for the end unless detached.
 *
 * Runtime process only.
 */
#include "cli/command.h"
#include "cli/create_options.h"

static const struct option_row run_rows[] = {
	CREATE_OPTION_ROWS,
	OPTION_ROW_FLAG(struct runtime_create_options, detach, "detach", 'd', "don't wait for the program's end"),
	OPTION_ROW_FLAG(struct runtime_create_options, keep, "keep", 0, "don't delete the container at the end"),
	OPTION_ROW_FLAG(struct runtime_create_options, no_subreaper, "no-subreaper", 0,
	                "don't take in processes that the container orphans"),
};

static int run_run(struct command_call *call, struct err *err)
{
	struct runtime_create_options options = *(const struct runtime_create_options *)call->values;
	options.id = call->arguments.items[0];
	return runtime_run(call->context, &options, &call->exit_status, err);
}

const struct command command_run = {
	.name = "run",
	.arguments = "CONTAINER-ID",
	.help = "create and start a container; the exit status is the program's",
	.options = OPTION_SET(run_rows),
	.values_size = sizeof(struct runtime_create_options),
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run_run,
};
