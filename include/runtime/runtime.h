/*
 * runtime/runtime.h - the container's life cycle: what the commands call.
 *
 * One function a command.  Each opens the state directory, takes the container's lock where it changes something, and
 * either succeeds or undoes what it began.  Runtime process only.  Errors are reported by the caller (cli), once.
 */
#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/cgroup.h"
#include "spec/resources.h"

enum runtime_rootless { ROOTLESS_AUTO = 0, ROOTLESS_TRUE, ROOTLESS_FALSE };

/* The global options. */
struct runtime_context {
	const char *root;        /* state directory; NULL: /run/runlet, or $XDG_RUNTIME_DIR/runlet when rootless */
	enum plan_cgroup_manager cgroup_manager;
	enum runtime_rootless rootless;
};

/* create, run and plan. */
struct runtime_create_options {
	const char *id;
	const char *bundle;          /* NULL: the current directory */
	const char *config;          /* NULL: BUNDLE/config.json */
	const char *console_socket;  /* NULL: none */
	const char *pidfd_socket;    /* NULL: none; gets a pidfd of the first process */
	const char *pid_file;        /* NULL: none; relative to the caller's directory */
	bool no_pivot;
	bool no_new_keyring;
	uint32_t preserve_fds;
	bool detach;                 /* run only */
	bool keep;                   /* run only: don't delete at the end */
	bool no_subreaper;           /* run only: don't take in the processes that the container orphans */
};

int runtime_create(const struct runtime_context *context, const struct runtime_create_options *options,
		   struct err *err);

/* Waits for the end when not detached: *exit_status is the program's status, or 128 + the signal that ended it. */
int runtime_run(const struct runtime_context *context, const struct runtime_create_options *options, int *exit_status,
                struct err *err);

/* exec.  The lists end where their count says. */
struct runtime_exec_options {
	const char *id;
	char *const *args;           /* the program and its arguments; none: those of the process file */
	size_t arg_count;
	const char *process_file;    /* a process object; NULL: config.json's own process is the model */
	const char *cwd;             /* NULL, as for all texts: what the model says */
	const char *user;            /* "UID" or "UID:GID" */
	const char *apparmor;
	const char *process_label;
	const char *const *env;      /* added to the model's */
	size_t env_count;
	const char *const *caps;     /* added to the bounding, effective and permitted sets */
	size_t cap_count;
	const char *const *gids;     /* added to the additional groups */
	size_t gid_count;
	const char *const *cgroups;  /* "PATH", or "CONTROLLER,...:PATH" on cgroup v1, beneath the container's */
	size_t cgroup_count;
	const char *console_socket;
	const char *pidfd_socket;    /* gets a pidfd of the program */
	const char *pid_file;
	uint32_t preserve_fds;
	bool tty;
	bool detach;
	bool no_new_privs;
	bool ignore_paused;
};

/*
 * One more process in a container.  Waits for its end when not detached: *exit_status is as of runtime_run().
 * Errors: ERR_STATE "cannot exec in a stopped container" and the like, which engines look for.
 */
int runtime_exec(const struct runtime_context *context, const struct runtime_exec_options *options, int *exit_status,
                 struct err *err);

int runtime_start(const struct runtime_context *context, const char *id, struct err *err);

/* Appends the state as JSON (runtime-spec, runtime.md#state, with runc's extra fields). */
int runtime_state(const struct runtime_context *context, const char *id, struct buf *json, struct err *err);

struct runtime_kill_options {
	int signal;           /* 0 .. 64; 0 sends nothing (kill(2)) */
	bool all;             /* to every process of the cgroup; one that has ended is no error then */
	bool ignores_stopped; /* nor is it then */
};
int runtime_kill(const struct runtime_context *context, const char *id, const struct runtime_kill_options *options,
                 struct err *err);

/*
 * Waits for the end of the container's first process, however long that takes, and gives its exit code as
 * process_exit_code() has it.  Errors: ERR_STATE when the end is known and the code isn't; ERR_TIMEOUT when a signal
 * asked runlet to stop.
 */
int runtime_wait(const struct runtime_context *context, const char *id, int *exit_code, struct err *err);

/* A member of the resources and what errors call it: { "memory.limit", "--memory" }. */
struct runtime_update_name { const char *path; const char *name; };

/* What `update` changes: the resources of a file, or those given. */
struct runtime_update_options {
	const char *id;
	const char *file;                        /* "-": standard input; NULL: none */
	const struct spec_resources *resources;  /* without a file */
	const struct runtime_update_name *names; /* for these; ends with a NULL path */
};

/*
 * Changes limits of a container that isn't stopped, all that are asked for or none.  What isn't named stays.
 * Errors: ERR_STATE (stopped; memory.checkBeforeUpdate), ERR_CONFIG, ERR_UNSUPPORTED, ERR_SYSTEM, with the file's line
 * and column or the option's name.
 */
int runtime_update(const struct runtime_context *context, const struct runtime_update_options *options,
		   struct err *err);

int runtime_delete(const struct runtime_context *context, const char *id, bool force, struct err *err);

/*
 * Stops every process of a container, or lets them go on.  ERR_STATE when it isn't running (or created), or isn't
 * paused; ERR_TIMEOUT.
 */
int runtime_pause(const struct runtime_context *context, const char *id, struct err *err);
int runtime_resume(const struct runtime_context *context, const char *id, struct err *err);

/* The container's processes, as the host counts them, sorted, in the arena; none when it has stopped. */
struct runtime_pids { pid_t *items; size_t count; };
int runtime_pids(const struct runtime_context *context, const char *id, struct arena *arena, struct runtime_pids *pids,
		 struct err *err);

/*
 * Appends what the host's ps(1) prints with these options (NULL-terminated, without the program's name; none: -ef) of
 * the container's processes.
 */
int runtime_ps(const struct runtime_context *context, const char *id, char *const *options, struct buf *out,
	       struct err *err);

/*
 * Calls the function for each container whose id matches a POSIX extended regular expression (regex(7); it may match
 * anywhere in the id), sorted by id.  A failure is a warning and keeps it from none of the others.  No match is no
 * error.
 * Errors: ERR_USAGE for the expression; ERR_STATE when a call has failed.
 */
typedef int runtime_match_function(const struct runtime_context *context, const char *id, const void *argument,
                                   struct err *err);
int runtime_for_each_match(const struct runtime_context *context, const char *pattern, runtime_match_function *function,
                           const void *argument, struct err *err);

/* Gets each line, with its newline, as soon as there is one. */
typedef int runtime_line_function(const struct buf *line, struct err *err);

/*
 * What a container uses as a line of JSON, in runc's form: once (interval_ns 0), or each interval_ns until the
 * container has ended, with a line for each time that it ran out of memory.  ERR_STATE when it isn't running.
 */
int runtime_events(const struct runtime_context *context, const char *id, uint64_t interval_ns,
		   runtime_line_function *write_line, struct err *err);

/* One row of `list`; strings live in the arena. */
struct runtime_list_row {
	const char *oci_version;
	const char *id;
	pid_t pid;               /* 0 when stopped */
	const char *status;
	const char *bundle;
	const char *rootfs;
	const char *created;     /* RFC 3339, UTC, nanoseconds */
	const char *owner;       /* user name, or the number */
	struct { char *key; char *value; } *annotations;
	size_t annotation_count;
};
struct runtime_list { struct runtime_list_row *items; size_t count; };

/*
 * All containers, sorted by id.  A root that does not exist is an error when it was given, and an empty list when it
 * is the default.
 */
int runtime_list(const struct runtime_context *context, struct arena *arena, struct runtime_list *list,
		 struct err *err);

/* Appends the plan of a bundle; needs no privileges and changes nothing. */
int runtime_plan(const struct runtime_context *context, const struct runtime_create_options *options, bool is_json,
                 struct buf *out, struct err *err);

/* Appends the features document (runtime-spec, features.md). */
int runtime_features(struct buf *json, struct err *err);

#endif
