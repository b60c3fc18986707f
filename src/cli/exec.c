/*
 * cli/exec.c - `runlet exec`: runs one more program in a container.
 *
 * Runtime process only.
 */
#include "cli/command.h"

struct exec_values {
	struct runtime_exec_options options;
	struct option_list env;
	struct option_list caps;
	struct option_list gids;
	struct option_list cgroups;
};

#define VALUES struct exec_values

static const struct option_row exec_rows[] = {
	OPTION_ROW_FILE(VALUES, options.process_file, "process", 'p', "FILE",
	                "a process object in JSON; options and arguments change it"),
	OPTION_ROW_TEXT(VALUES, options.cwd, "cwd", 0, "PATH", "working directory in the container"),
	OPTION_ROW_LIST(VALUES, env, "env", 'e', "NAME=VALUE", "add to the environment; may be repeated"),
	OPTION_ROW_FLAG(VALUES, options.tty, "tty", 't', "give the program a terminal"),
	OPTION_ROW_TEXT(VALUES, options.user, "user", 'u', "UID[:GID]", "run as this user"),
	OPTION_ROW_LIST(VALUES, gids, "additional-gids", 'g', "GID", "one more group; may be repeated"),
	OPTION_ROW_FLAG(VALUES, options.detach, "detach", 'd', "don't wait for the program's end"),
	OPTION_ROW_FILE(VALUES, options.pid_file, "pid-file", 0, "FILE",
	                "file that gets the process id of the program"),
	OPTION_ROW_FILE(VALUES, options.console_socket, "console-socket", 0, "SOCKET",
	                "unix socket that gets the terminal's file descriptor"),
	OPTION_ROW_FILE(VALUES, options.pidfd_socket, "pidfd-socket", 0, "SOCKET",
	                "unix socket that gets a pidfd of the program"),
	OPTION_ROW_TEXT(VALUES, options.process_label, "process-label", 0, "LABEL", "SELinux label of the program"),
	OPTION_ROW_TEXT(VALUES, options.apparmor, "apparmor", 0, "PROFILE", "AppArmor profile of the program"),
	OPTION_ROW_FLAG(VALUES, options.no_new_privs, "no-new-privs", 0, "the program can't gain privileges by execve"),
	OPTION_ROW_LIST(VALUES, caps, "cap", 'c', "CAP_NAME",
	                "add to the bounding, effective and permitted capabilities; may be repeated"),
	OPTION_ROW_U32(VALUES, options.preserve_fds, "preserve-fds", 0, "N",
	               "pass N file descriptors above stderr to the program"),
	OPTION_ROW_LIST(VALUES, cgroups, "cgroup", 0, "[CONTROLLER,...:]PATH",
	                "a cgroup beneath the container's; may be repeated"),
	OPTION_ROW_FLAG(VALUES, options.ignore_paused, "ignore-paused", 0,
	                "also in a paused container, where the program waits for resume"),
};

static int exec_run(struct command_call *call, struct err *err)
{
	const struct exec_values *values = call->values;
	struct runtime_exec_options options = values->options;
	options.id = call->arguments.items[0];
	options.args = call->arguments.items + 1;
	options.arg_count = call->arguments.count - 1;
	options.env = values->env.items;
	options.env_count = values->env.count;
	options.caps = values->caps.items;
	options.cap_count = values->caps.count;
	options.gids = values->gids.items;
	options.gid_count = values->gids.count;
	options.cgroups = values->cgroups.items;
	options.cgroup_count = values->cgroups.count;
	return runtime_exec(call->context, &options, &call->exit_status, err);
}

const struct command command_exec = {
	.name = "exec",
	.arguments = "CONTAINER-ID [PROGRAM [ARGUMENT...]]",
	.help = "run one more program in a container; the exit status is the program's, or 255",
	.options = OPTION_SET(exec_rows),
	.values_size = sizeof(struct exec_values),
	.arguments_min = 1,
	.arguments_max = SIZE_MAX,
	.stops_at_argument = true,
	.takes_container = true,
	.failure_status = 255,
	.run = exec_run,
};
