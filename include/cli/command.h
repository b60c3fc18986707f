/*
 * cli/command.h - a command of the command line: its row, and the list of all.
 *
 * Runtime process only.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/buf.h"
#include "base/err.h"
#include "cli/options.h"
#include "runtime/runtime.h"

/* What a command is run with. */
struct command_call {
	const struct runtime_context *context;
	const void *values;      /* what the options filled */
	struct cli_arguments arguments;
	int exit_status;         /* 0; for the command to set */
};

struct command {
	const char *name;
	const char *arguments;   /* "CONTAINER-ID [SIGNAL]", as help prints it; "" for none */
	const char *help;
	struct option_set options;
	size_t values_size;      /* of the struct that the options fill; at most COMMAND_VALUES_SIZE */
	size_t arguments_min;
	size_t arguments_max;
	bool stops_at_argument;
	int failure_status;      /* what runlet exits with when the command fails; 0: 1 */
	bool takes_container;    /* the first argument is a container's id (for completion) */
	/* Runs the command.  Returns 0, or -1 with *err, which main() reports. */
	int (*run)(struct command_call *call, struct err *err);
};

#define COMMAND_VALUES_SIZE 512

/* Every command, sorted by name; ends with NULL. */
extern const struct command *const commands[];

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* The global options: what stands before the command's name. */
struct global_values {
	const char *root;
	const char *log;
	int log_format;
	int log_level;
	bool is_debug;
	const char *trace;
	bool has_systemd_cgroup;
	int cgroup_manager;
	int rootless;
	bool wants_version;
};
extern const struct option_set global_options;

extern const struct command command_completion, command_create, command_delete, command_events, command_exec,
	command_features, command_help, command_kill, command_list, command_pause, command_plan, command_ps,
	command_resume, command_run, command_spec, command_start, command_state, command_trace, command_update,
	command_wait;

/* Appends what `runlet --help` prints. */
void help_add_global(struct buf *out);
/* Appends what `runlet COMMAND --help` prints. */
void help_add_command(struct buf *out, const struct command *command);
/* Appends one line: "usage: runlet create [options] CONTAINER-ID". */
void help_add_usage(struct buf *out, const struct command *command);

/* Appends what `runlet --version` prints. */
void version_add(struct buf *out);

/* Writes all of it to stdout; ERR_SYSTEM when that fails (full disk, closed pipe). */
int output_write(const struct buf *out, struct err *err);

/*
 * A signal from "9", "KILL", "SIGKILL", "kill", "RTMIN+3" or "SIGRTMAX-1": its number in *signal, 0 .. 64.  Errors:
 * ERR_USAGE.  0 sends nothing: it asks whether there is somebody to send to (kill(2)).
 * Numbers are the kernel's; RTMIN is 34 and RTMAX 64, as glibc counts (signal(7)).
 */
int signal_parse(const char *text, int *signal, struct err *err);

/*
 * Bytes from "512m", "1.5G", "64MiB", "100 kb" or "1000": 1024-based units, as Docker and runc read them, rounded down.
 * Returns 0 with *bytes, or -1 for what is none or doesn't fit.
 */
int size_parse(const char *text, int64_t *bytes);

#endif
