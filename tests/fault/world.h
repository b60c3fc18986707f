/*
 * world.h - what a sweep works in: a directory with bundles, the page of the seam, and what may be left there.
 *
 * Each worker of the sweep has its own: a mount namespace, so that its mount table is its own to compare, and the
 * orphans of all that it starts are its children.
 */
#ifndef FAULT_WORLD_H
#define FAULT_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "seam.h"

#define WORLD_TEXT_SIZE (64u << 10)
#define WORLD_ARGS_MAX 24

struct world {
	const char *runlet;      /* runlet-fault */
	char dir[64];            /* state, bundles, files */
	char id[32];             /* of the container */
	struct fault_page *page;
	int page_fd;
	int output_fd;           /* memory: what the command and the container print */
	int errors_fd;
	int console_fd;          /* the engine's end of the console socket, or -1 */
	pid_t holder;            /* a process whose namespaces are joined */
	char *mounts;            /* the mount table when nothing is there */
};

/* How a command ended. */
struct outcome {
	bool is_late;            /* killed by the sweep, as it took too long */
	int wait_status;
	char output[WORLD_TEXT_SIZE];
	char errors[WORLD_TEXT_SIZE];
};

/* One fault; `at` 0 is none. */
struct fault {
	enum fault_action action;
	enum fault_role role;
	unsigned at;             /* among all calls of that role, when nothing failed */
	uint32_t site;           /* which functions make it, and how many calls of theirs it is */
	uint32_t turn;
	int errnum;
};

/* number: which worker; uses_v2: the host of the commands has cgroup v2 only.  Exits on failure. */
void world_open(struct world *world, unsigned number, const char *runlet, const char *inside, bool uses_v2);

/* Removes the directory. */
void world_close(struct world *world);

/* Writes config.json of the bundle from the template tests/fault/NAME.json; `mode` is the program's argument. */
void world_write_config(const struct world *world, const char *template_dir, const char *name, const char *mode);

/*
 * Runs runlet-fault with the world's state directory.  Words of args: @ID@ and @DIR@ are replaced.  Waits for its end,
 * at most some seconds.  FAULT_STOP: it is killed where the other process stopped.
 */
void world_run(struct world *world, const char *const *args, const struct fault *fault, struct outcome *outcome);

/* Waits until the container's program has printed everything; false: it didn't in time. */
bool world_wait_output(struct world *world, struct outcome *outcome);

/*
 * True when nothing is left of containers: no state, cgroup, mount or process.  Waits a little for processes that are
 * about to end.  Else `text` says what is there.
 */
bool world_is_clean(struct world *world, char *text, size_t size);

/* As world_is_clean(), for while a container is there: only it may be, with `process_count` processes. */
bool world_has_only(struct world *world, size_t process_count, char *text, size_t size);

/* After a finding: kills and removes what is left, so that the next run starts clean. */
void world_sweep_up(struct world *world);

/* Reads a file of a v1 hierarchy's (or v2's) cgroup of the container; "" when there is none. */
void world_read_cgroup(const struct world *world, const char *hierarchy, const char *file, char *text, size_t size);

#endif
