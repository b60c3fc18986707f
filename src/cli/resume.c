/*
 * cli/resume.c - `runlet resume`: lets the processes of a paused container go on.
 *
 * Runtime process only.
 */
#include "cli/command.h"

static int resume_run(struct command_call *call, struct err *err)
{
	return runtime_resume(call->context, call->arguments.items[0], err);
}

const struct command command_resume = {
	.name = "resume",
	.arguments = "CONTAINER-ID",
	.help = "let the processes of a paused container go on",
	.arguments_min = 1,
	.arguments_max = 1,
	.takes_container = true,
	.run = resume_run,
};
