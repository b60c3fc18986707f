/*
 * create.c - `runlet create`: makes a container and leaves its process waiting for start.
 *
 * Runtime process only.
 */
#include "cli/command.h"
#include "cli/create_options.h"

static const struct option_row create_rows[] = { CREATE_OPTION_ROWS };

static int create_run(const struct runtime_context *context, const void *values, const struct cli_arguments *arguments,
                      int *exit_status, struct err *err)
{
	(void)exit_status;
	struct runtime_create_options options = *(const struct runtime_create_options *)values;
	options.id = arguments->items[0];
	if (command_check_cgroup_manager(context, err) < 0)
		return -1;
	return runtime_create(context, &options, err);
}

const struct command command_create = {
	.name = "create",
	.arguments = "CONTAINER-ID",
	.help = "create a container; its program waits for start",
	.options = OPTION_SET(create_rows),
	.values_size = sizeof(struct runtime_create_options),
	.arguments_min = 1,
	.arguments_max = 1,
	.run = create_run,
};
