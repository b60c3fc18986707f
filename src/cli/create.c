/*
 * cli/create.c - `runlet create`: makes a container and leaves its process waiting for start.
 *
 * Runtime process only.
 */
#include "cli/command.h"
#include "cli/create_options.h"

static const struct option_row create_rows[] = { CREATE_OPTION_ROWS };

static int create_run(struct command_call *call, struct err *err)
{
	struct runtime_create_options options = *(const struct runtime_create_options *)call->values;
	options.id = call->arguments.items[0];
	return runtime_create(call->context, &options, err);
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
