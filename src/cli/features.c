/*
 * cli/features.c - `runlet features`: prints what this build can do, as JSON.
 *
 * Runtime process only.
 */
#include "cli/command.h"

static int features_run(struct command_call *call, struct err *err)
{
	(void)call;
	_cleanup_buf_ struct buf json = BUF_INIT;
	if (runtime_features(&json, err) < 0)
		return -1;
	return output_write(&json, err);
}

const struct command command_features = {
	.name = "features",
	.arguments = "",
	.help = "print what this build can do, as JSON",
	.run = features_run,
};
