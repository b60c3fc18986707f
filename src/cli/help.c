/*
 * cli/help.c - help texts, made from the rows, and the command `help`.
 *
 * Runtime process only.
 */
#include "cli/command.h"

#define HELP_COLUMN 30

static void add_option(struct buf *out, const struct option_row *row)
{
	_cleanup_buf_ struct buf left = BUF_INIT;
	if (row->short_name != 0)
		buf_printf(&left, "-%c, ", row->short_name);
	else
		buf_add_str(&left, "    ");
	buf_printf(&left, "--%s", row->name);
	if (row->argument != NULL)
		buf_printf(&left, " %s", row->argument);
	/* What is too long for its column gets a line of its own. */
	if (left.length > HELP_COLUMN)
		buf_printf(out, "  %s\n  %*s %s\n", buf_str(&left), HELP_COLUMN, "", row->help);
	else
		buf_printf(out, "  %-*s %s\n", HELP_COLUMN, buf_str(&left), row->help);
}

static void add_options(struct buf *out, const struct option_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		add_option(out, &set->rows[i]);
	add_option(out, &option_help);
}

void help_add_usage(struct buf *out, const struct command *command)
{
	buf_printf(out, "usage: runlet %s [options]%s%s\n", command->name, command->arguments[0] == '\0' ? "" : " ",
	           command->arguments);
}

void help_add_global(struct buf *out)
{
	buf_add_str(out, "usage: runlet [global options] COMMAND [options] [arguments]\n\n"
	            "Creates and runs containers as the Open Container Initiative describes them.\n\ncommands:\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		buf_printf(out, "  %-12s %s\n", commands[i]->name, commands[i]->help);
	buf_add_str(out, "\nglobal options:\n");
	add_options(out, &global_options);
	buf_add_str(out, "\n\"runlet COMMAND --help\" describes a command, runlet(8) everything.\n");
}

void help_add_command(struct buf *out, const struct command *command)
{
	help_add_usage(out, command);
	buf_printf(out, "\n%s\n\noptions:\n", command->help);
	add_options(out, &command->options);
}

static int help_run(struct command_call *call, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF_INIT;
	const struct command *command = NULL;
	if (call->arguments.count == 1) {
		command = command_find(call->arguments.items[0]);
		if (command == NULL)
			return err_set(err, ERR_USAGE, "unknown command \"%s\"", call->arguments.items[0]);
	}
	if (command != NULL)
		help_add_command(&out, command);
	else
		help_add_global(&out);
	return output_write(&out, err);
}

const struct command command_help = {
	.name = "help",
	.arguments = "[COMMAND]",
	.help = "print the commands, or a command's options",
	.arguments_max = 1,
	.run = help_run,
};
