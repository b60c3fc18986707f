/*
 * cgroup/cgroup.h - makes, fills, watches and removes the container's cgroup, on v1, hybrid and v2.
 *
 * Runtime process only.  All paths are opened beneath the hierarchy's mount by openat2; comparisons are by component.
 */
#ifndef CGROUP_CGROUP_H
#define CGROUP_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "host/host.h"
#include "plan/cgroup.h"

/* More hierarchies than any kernel has controllers (16 at most) and a few named ones. */
#define CGROUP_TASKS_MAX 32

/*
 * What has been made for a container.  cgroup_record() turns it into text for the state file, so that a later runlet
 * process (kill, delete) finds the same directories.
 */
struct cgroup_dir {
	const char *controllers; /* as in struct host_hierarchy; "" for v2 */
	const char *path;        /* absolute path of the directory */
	uint32_t version;        /* 1 or 2 */
	uint32_t made_parents;   /* how many parent directories runlet made, to remove when empty */
	bool is_made;            /* runlet made the directory itself */
};

/* The scope that systemd made for the container (cgroup/systemd.h). */
struct cgroup_unit {
	const char *name;        /* "runlet-web.scope"; NULL: there is none */
	const char *directory;   /* absolute path of its cgroup, in the hierarchy that systemd goes by */
	uint64_t inode;          /* of that directory: tells it from a later unit of its name; 0: not started yet */
	uint32_t owner_uid;
	bool is_user;            /* made by the manager of user owner_uid */
};

struct cgroup {
	enum plan_cgroup_manager manager;
	struct cgroup_unit unit;
	struct cgroup_dir *dirs;
	size_t dir_count;
};

/*
 * Makes the directories in the hierarchies of one version (1 or 2; 0: all) and writes the limits, in addition to what
 * *cgroup has; it starts as { 0 } with the plan's manager.  On a hybrid host the v2 directory has to be there before
 * clone, the others can wait.  Refuses a directory that already holds processes, or that is frozen.  What was made is
 * in *cgroup even on failure, so that cgroup_remove() can undo it.
 * Rootless without a delegated cgroup: no directories and no error, unless plan->has_limits.
 */
int cgroup_create(struct arena *arena, const struct host *host, const struct plan_cgroup *plan, uint32_t version,
                  struct cgroup *cgroup, struct err *err);

/*
 * What cgroup_create() is about to make itself, judged by what is there now.  Written to the state file before, so that
 * delete finds the directories of a create that was killed in between.  Changes nothing, can't fail.
 */
void cgroup_predict(struct arena *arena, const struct host *host, const struct plan_cgroup *plan,
		    struct cgroup *cgroup);

/* The v2 directory as an fd for CLONE_INTO_CGROUP, which the caller owns; -ENOENT when there is none, or an error. */
int cgroup_open_clone_fd(const struct cgroup *cgroup);

/*
 * The files of v1 directories in which "0" moves the thread that writes it, which costs much less than to move another
 * process.  fds are owned by the caller; names point into *cgroup.
 */
struct cgroup_tasks { int fds[CGROUP_TASKS_MAX]; const char *names[CGROUP_TASKS_MAX]; uint32_t count; };

/* Opens them.  ERR_UNSUPPORTED when there are more than CGROUP_TASKS_MAX: use cgroup_join(). */
int cgroup_tasks_open(const struct cgroup *cgroup, struct cgroup_tasks *tasks, struct err *err);
void cgroup_tasks_close(struct cgroup_tasks *tasks);

/*
 * Moves a process into every directory; skip_v2 when CLONE_INTO_CGROUP did that one.  The kernel may take 20 ms for the
 * first move after a while (it waits for an RCU grace period).
 */
int cgroup_join(const struct cgroup *cgroup, pid_t pid, bool skip_v2, struct err *err);

/* Moves a process into the v2 directory alone, if there is one. */
int cgroup_join_v2(const struct cgroup *cgroup, pid_t pid, struct err *err);

/*
 * The container's cgroup, with the v2 directory below it in which the process is.  Once a container has passed
 * controllers on to cgroups of its own, nothing can enter the one above any more (cgroups(7), "no internal processes").
 * *inner shares what it can with *whole.
 */
int cgroup_inner(struct arena *arena, const struct cgroup *whole, pid_t pid, struct cgroup *inner, struct err *err);

/*
 * The directories beneath the container's that an exec asks for: "PATH" in every hierarchy, or "CONTROLLER,...:PATH" in
 * those of v1 that have the controllers.  *sub shares what it can with *whole.  Errors: ERR_USAGE for what leads out of
 * the container's, or names a controller that it has none of; ERR_SYSTEM for a directory that isn't there.
 */
int cgroup_sub(struct arena *arena, const struct cgroup *whole, const char *const *texts, size_t count,
	       struct cgroup *sub, struct err *err);

/*
 * Makes the cgroup plan->delegate below the v2 directory, moves the process there, passes all controllers on, and gives
 * it to plan->delegate_uid.  Nothing where the plan has none.
 */
int cgroup_delegate(const struct cgroup *cgroup, const struct plan_cgroup *plan, pid_t pid, struct err *err);

/* The same with plan->subgroup, which stays root's; cgroup_systemd_start() calls it. */
int cgroup_subgroup(const struct cgroup *cgroup, const struct plan_cgroup *plan, pid_t pid, struct err *err);

/* Attaches the v2 device program, if the plan has one. */
int cgroup_apply_devices(const struct cgroup *cgroup, const struct plan_cgroup *plan, struct err *err);

/*
 * Changes the limits of a cgroup in use, by the plan of plan_cgroup_build_update(): all of them, or none.  What can't
 * be read back first is refused.  The order among limits that depend on each other is found by trying.
 * Errors: "nothing was changed: ORIGIN: ...", or what could not be set back.
 */
int cgroup_update(struct arena *arena, const struct host *host, const struct plan_cgroup *plan,
		  const struct cgroup *cgroup, struct err *err);

/* Reads a small file of the directory that has the controller: the text's length, or -errno. */
int cgroup_read(const struct cgroup *cgroup, const char *controller, const char *file, char *text, size_t size);

/*
 * SIGKILL (or another signal) to every process of the cgroup and below: cgroup.kill where it is, else freeze, signal,
 * thaw.  A frozen one is thawed after SIGKILL, and stays frozen after any other signal.
 */
int cgroup_kill_all(const struct cgroup *cgroup, int signal, struct err *err);

/*
 * Stops every process of the cgroup and below, and waits until they have stopped; what can't be frozen whole is thawed
 * again.  Errors: ERR_TIMEOUT; ERR_UNSUPPORTED without a freezer, and for a cgroup that runlet itself runs in.
 */
int cgroup_freeze(const struct cgroup *cgroup, int timeout_ms, struct err *err);

/* The opposite.  ERR_STATE when a cgroup above it is frozen, whose name the error has. */
int cgroup_thaw(const struct cgroup *cgroup, int timeout_ms, struct err *err);

/*
 * The processes of the cgroup and below, sorted, in the arena.  Those that runlet's pid namespace can't see are left
 * out.  A cgroup that is gone has none.
 */
int cgroup_list_pids(struct arena *arena, const struct cgroup *cgroup, pid_t **pids, size_t *count, struct err *err);

/* True when some process is in the cgroup or below. */
bool cgroup_is_populated(const struct cgroup *cgroup);

/* 1 when it is frozen (v1 FROZEN or FREEZING, v2 frozen 1), 0 when not; -errno when the machine can't tell. */
int cgroup_is_frozen(const struct cgroup *cgroup);

/*
 * Removes the container's cgroups with what is below them, and the parents that runlet made and that are empty.
 * Waits up to timeout_ms for dying processes (EBUSY).  Missing directories are fine.
 */
int cgroup_remove(const struct cgroup *cgroup, int timeout_ms, struct err *err);

/*
 * JSON text for the state file and back.  When a unit's cgroup was made anew by somebody else, what comes back has no
 * unit, and only those directories that runlet made and in which nobody is: there is nothing of the container to kill.
 */
char *cgroup_record(struct arena *arena, const struct cgroup *cgroup);
int cgroup_from_record(struct arena *arena, const char *text, size_t size, struct cgroup *cgroup, struct err *err);

#endif
