/*
 * cli/main.c - the program: global options, then one command, then one report of what failed.
 *
 * Runtime process only.  It must stay lean: an engine starts it several times for each container.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/trace.h"
#include "cli/command.h"
#include "config.h"
#include "runtime/trace_file.h"

static const struct name_row log_format_rows[] = { { "text", LOG_FORMAT_TEXT }, { "json", LOG_FORMAT_JSON } };
static const struct name_table log_format_words = NAME_TABLE(log_format_rows);

static const struct name_row log_level_rows[] = {
	{ "error", LOG_LEVEL_ERROR },
	{ "warning", LOG_LEVEL_WARNING },
	{ "info", LOG_LEVEL_INFO },
	{ "debug", LOG_LEVEL_DEBUG },
};
static const struct name_table log_level_words = NAME_TABLE(log_level_rows);

static const struct name_row rootless_rows[] = {
	{ "auto", ROOTLESS_AUTO }, { "true", ROOTLESS_TRUE }, { "false", ROOTLESS_FALSE },
};
static const struct name_table rootless_words = NAME_TABLE(rootless_rows);

static const struct option_row global_rows[] = {
	OPTION_ROW_DIR(struct global_values, root, "root", 0, "DIR",
	               "where states are kept; default: /run/runlet, or $XDG_RUNTIME_DIR/runlet"),
	OPTION_ROW_FILE(struct global_values, log, "log", 0, "FILE", "append the log to FILE; default: standard error"),
	OPTION_ROW_WORD(struct global_values, log_format, "log-format", 0, "text|json", &log_format_words,
	                "form of the log; default: text"),
	OPTION_ROW_WORD(struct global_values, log_level, "log-level", 0, "error|warning|info|debug", &log_level_words,
	                "what the log contains; default: info"),
	OPTION_ROW_FLAG(struct global_values, is_debug, "debug", 0, "the same as --log-level debug"),
	OPTION_ROW_FILE(struct global_values, trace, "trace", 0, "FILE",
	                "write to FILE when each step of runlet and init began and how long it took"),
	OPTION_ROW_FLAG(struct global_values, has_systemd_cgroup, "systemd-cgroup", 0,
	                "the same as --cgroup-manager systemd"),
	OPTION_ROW_WORD(struct global_values, cgroup_manager, "cgroup-manager", 0, "cgroupfs|systemd|disabled",
	                &plan_cgroup_manager_names, "who makes cgroups; default: cgroupfs"),
	OPTION_ROW_WORD(struct global_values, rootless, "rootless", 0, "true|false|auto", &rootless_words,
	                "tolerate what an unprivileged user can't do; default: auto"),
	OPTION_ROW_FLAG(struct global_values, wants_version, "version", 'v', "print the version"),
};
const struct option_set global_options = OPTION_SET(global_rows);

/* A caller may have closed 0, 1 or 2; a state file that lands there would be written to by the first message. */
static void open_missing_stdio(void)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO }, { .fd = STDOUT_FILENO }, { .fd = STDERR_FILENO } };
	const size_t count = sizeof(fds) / sizeof(fds[0]);

	/* One call that tells of all three. */
	if (poll(fds, count, 0) <= 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (fds[i].revents & POLLNVAL)
			(void)!open("/dev/null", O_RDWR);
	}
}

static int parse_command(const struct command *command, char **argv, void *values, struct cli_arguments *arguments,
                         struct err *err)
{
	if (options_parse(&command->options, command->stops_at_argument, argv, values, arguments, err) < 0)
		return err_prefix(err, "%s", command->name);
	if (arguments->wants_help)
		return 0;
	if (arguments->count < command->arguments_min)
		return err_set(err, ERR_USAGE, "%s: missing argument: want %s", command->name, command->arguments);
	if (arguments->count > command->arguments_max)
		return err_set(err, ERR_USAGE, "%s: unexpected argument \"%s\"", command->name,
		               arguments->items[command->arguments_max]);
	return 0;
}

static int run_with_values(const struct command *command, const struct global_values *global, char **argv,
                           unsigned char *values, int *exit_status, struct err *err)
{
	struct command_call call = { .values = values };
	if (parse_command(command, argv, values, &call.arguments, err) < 0)
		return -1;
	if (call.arguments.wants_help) {
		_cleanup_buf_ struct buf out = BUF_INIT;
		help_add_command(&out, command);
		return output_write(&out, err);
	}
	struct runtime_context context = {
		.root = global->root,
		.cgroup_manager = (enum plan_cgroup_manager)global->cgroup_manager,
		.rootless = (enum runtime_rootless)global->rootless,
	};
	if (global->has_systemd_cgroup)
		context.cgroup_manager = CGROUP_SYSTEMD;
	call.context = &context;
	log_debug("runlet " PACKAGE_VERSION ": %s %s", command->name,
	          call.arguments.count > 0 ? call.arguments.items[0] : "");
	if (command->run(&call, err) < 0)
		return -1;
	*exit_status = call.exit_status;
	return 0;
}

static int run_command(const struct command *command, const struct global_values *global, char **argv,
                       int *exit_status, struct err *err)
{
	alignas(max_align_t) unsigned char values[COMMAND_VALUES_SIZE] = { 0 };
	if (command->values_size > sizeof(values))
		return err_set(err, ERR_BUG, "%s: %zu bytes of options", command->name, command->values_size);
	int result = run_with_values(command, global, argv, values, exit_status, err);
	options_close(&command->options, values);
	return result;
}

/* While the program runs, what is known is made ready to be written. */
static void prepare_trace(void *argument)
{
	struct trace_list list = trace_events();
	trace_file_add(argument, &list);
}

/* The command is done: what became of it counts, and not whether its trace could be written. */
static void write_trace(struct trace_file *file, int fd, const char *path)
{
	struct trace_list list = trace_events();
	struct err err = ERR_INIT;
	trace_file_finish(file, &list, trace_now_ns());
	if (trace_file_write(fd, path, &file->json, &err) < 0)
		log_warn_err(&err);
	buf_free(&file->json);
}

static int run_traced(const struct command *command, const struct global_values *global, char **argv,
                      int *exit_status, struct err *err)
{
	if (global->trace == NULL)
		return run_command(command, global, argv, exit_status, err);
	_cleanup_fd_ int fd = trace_file_open(global->trace, err);
	if (fd < 0)
		return -1;
	trace_enable();
	struct trace_span whole = trace_begin(command->name, "");
	_cleanup_buf_ struct buf title = BUF_INIT;
	buf_printf(&title, "runlet %s", command->name);
	struct trace_file file;
	trace_file_begin(&file, buf_str(&title), getpid());
	trace_on_wait(prepare_trace, &file);
	int result = run_command(command, global, argv, exit_status, err);
	trace_end(&whole);
	write_trace(&file, fd, global->trace);
	return result;
}

static int run_program(char **argv, int *exit_status, struct err *err)
{
	struct global_values global = { .log_level = LOG_LEVEL_INFO };
	struct cli_arguments arguments;
	if (options_parse(&global_options, true, argv, &global, &arguments, err) < 0)
		return -1;
	if (global.wants_version || arguments.wants_help || arguments.count == 0) {
		_cleanup_buf_ struct buf out = BUF_INIT;
		if (global.wants_version)
			version_add(&out);
		else
			help_add_global(&out);
		return output_write(&out, err);
	}
	enum log_level level = global.is_debug ? LOG_LEVEL_DEBUG : (enum log_level)global.log_level;
	if (log_open(global.log, (enum log_format)global.log_format, level, err) < 0)
		return -1;
	const struct command *command = command_find(arguments.items[0]);
	if (command == NULL)
		return err_set(err, ERR_USAGE, "unknown command \"%s\"", arguments.items[0]);
	if (run_traced(command, &global, arguments.items + 1, exit_status, err) == 0)
		return 0;
	*exit_status = command->failure_status == 0 ? EXIT_FAILURE : command->failure_status;
	return -1;
}

int main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	int exit_status = 0;
	open_missing_stdio();
	if (run_program(argc > 0 ? argv + 1 : argv, &exit_status, &err) == 0)
		return exit_status;
	log_error(&err);
	if (err.kind == ERR_USAGE)
		fputs("\"runlet --help\" and \"runlet COMMAND --help\" print what is possible.\n", stderr);
	return exit_status == 0 ? EXIT_FAILURE : exit_status;
}
