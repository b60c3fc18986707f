/*
 * cli/commands.c - the list of all commands, and what several of them share.
 *
 * Runtime process only.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

const struct command *const commands[] = {
	&command_completion,
	&command_create,
	&command_delete,
	&command_events,
	&command_exec,
	&command_features,
	&command_help,
	&command_kill,
	&command_list,
	&command_pause,
	&command_plan,
	&command_ps,
	&command_resume,
	&command_run,
	&command_spec,
	&command_start,
	&command_state,
	&command_trace,
	&command_update,
	&command_wait,
	NULL,
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

int output_write(const struct buf *out, struct err *err)
{
	const char *rest = buf_str(out);
	size_t left = out->length;
	while (left > 0) {
		ssize_t written = write(STDOUT_FILENO, rest, left);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return err_sys(err, errno, "write to standard output");
		rest += written;
		left -= (size_t)written;
	}
	return 0;
}
