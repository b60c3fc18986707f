/*
 * cgroup/tree.h - walks over cgroup directories, shared by the files of this folder.
 *
 * A directory that disappears during a walk is as if it had been empty.
 */
#ifndef CGROUP_TREE_H
#define CGROUP_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cgroup/cgroup.h"

/* Every dirfd here may be an O_PATH one. */

/* Opens a cgroup directory to work below it; a descriptor or -errno. */
int cgroup_dir_open(const char *path);

/* Called for each process; 0 goes on, anything else ends the walk with that result. */
typedef int cgroup_pid_function(pid_t pid, void *argument);

/*
 * Calls function for the processes of a directory (not below it).  Processes that this pid namespace can't see are left
 * out: the kernel shows them as 0, which kill(2) would take for runlet's own group.
 */
int cgroup_dir_pids(int dirfd, cgroup_pid_function *function, void *argument);

/* The same with everything below; -ELOOP when it is nested too deeply to follow. */
int cgroup_tree_pids(int dirfd, cgroup_pid_function *function, void *argument);

/* The number of processes in a directory and below, or -errno. */
int cgroup_tree_count(int dirfd);

/* Writes 'PID 12 "sleep"' for the first process of a directory, or "" when there is none; tree: or below. */
void cgroup_dir_first(int dirfd, char *text, size_t size);
void cgroup_tree_first(int dirfd, char *text, size_t size);

/*
 * Removes all directories below one, however deep; at most two descriptors are open at a time, since the container
 * chose the depth.  -EBUSY when a process is in one of them.
 */
int cgroup_tree_remove_below(int dirfd);

/* The directory whose list of processes is best to go by: v2's, else one with a freezer.  NULL: there is none. */
const struct cgroup_dir *cgroup_process_dir(const struct cgroup *cgroup);

/* True for the directories that can freeze: v2's, and v1's of the freezer controller. */
bool cgroup_has_freezer(const struct cgroup_dir *dir);

/* Whether the text of a v2 cgroup.events says "frozen 1". */
bool cgroup_events_are_frozen(const char *text);

/* Whether one directory is frozen: v1 freezer.state other than THAWED, v2 cgroup.events "frozen 1".  1, 0 or -errno. */
int cgroup_dir_is_frozen(int dirfd);

#endif
