/*
 * cli/delete.c - `runlet delete`: removes what a container has left.
 *
 * Runtime process only.
 */
#include "cli/command.h"

struct delete_values {
	bool force;
	bool is_regex;
};

static const struct option_row delete_rows[] = {
	OPTION_ROW_FLAG(struct delete_values, force, "force", 'f', "kill it first; one that is gone is no error"),
	OPTION_ROW_FLAG(struct delete_values, is_regex, "regex", 'r',
	                "CONTAINER-ID is a regular expression; all that match are meant"),
};

static int delete_match(const struct runtime_context *context, const char *id, const void *argument, struct err *err)
{
	const bool *force = argument;

	return runtime_delete(context, id, *force, err);
}

static int delete_run(struct command_call *call, struct err *err)
{
	const struct delete_values *delete_values = call->values;

	if (delete_values->is_regex)
		return runtime_for_each_match(call->context, call->arguments.items[0], delete_match,
		                              &delete_values->force, err);
	return runtime_delete(call->context, call->arguments.items[0], delete_values->force, err);
}

const struct command command_delete = {
	.name = "delete",
	.arguments = "CONTAINER-ID",
	.help = "remove a stopped container",
	.options = OPTION_SET(delete_rows),
	.values_size = sizeof(struct delete_values),
	.arguments_min = 1,
	.arguments_max = 1,
	.takes_container = true,
	.run = delete_run,
};
