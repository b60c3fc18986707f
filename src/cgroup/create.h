/*
 * cgroup/create.h - what making and updating a container's cgroup share between their files.
 */
#ifndef CGROUP_CREATE_H
#define CGROUP_CREATE_H

#include "cgroup/cgroup.h"

/* The container's directory in one hierarchy, while limits are being written. */
struct cgroup_leaf {
	const struct host_hierarchy *hierarchy;
	const char *path;          /* absolute */
	int fd;                    /* O_PATH; -1 where there is no directory, or where the path does as well */
	int errnum;                /* why there is no directory: negative errno of the mkdir; else 0 */
	/* v2: a controller could not be enabled in `blocked_path`; the write that needs it then tells so. */
	int blocked_errnum;
	const char *blocked_path;
	const char *blocked_by;    /* 'PID 12 "bash"', or "" */
};

/*
 * v2: the controllers that the container's cgroup shall have, as words between single blanks: all of the tree's where
 * it is the only one, for engines read statistics from their files; on a hybrid host those that a limit is written to.
 */
const char *cgroup_controllers_wanted(struct arena *arena, const struct host *host, const struct host_hierarchy *tree,
				      const struct plan_cgroup *plan);

/*
 * v2: enables controllers for the children of a directory (cgroup.subtree_control).  What can't be enabled is noted in
 * *leaf, which is an error only when a limit needs it.
 */
void cgroup_controllers_enable(struct arena *arena, int dirfd, const char *path, const char *wanted,
			       struct cgroup_leaf *leaf);

/* Writes the limits in the plan's order; version 1 or 2: those of such hierarchies only, 0: all. */
int cgroup_limits_write(const struct plan_cgroup *plan, uint32_t version, struct cgroup_leaf *leaves, size_t count,
			struct err *err);

/* The leaf whose hierarchy has a controller, or NULL. */
struct cgroup_leaf *cgroup_leaf_find(struct cgroup_leaf *leaves, size_t count, const char *controller);

/*
 * One write.  *missed: why the last WRITE_IF_THERE was not done, as a negative errno, and 0 when it was; set by such a
 * write, read by the WRITE_ELSE behind it, which the caller leaves out where it is 0.
 */
int cgroup_limit_write(const struct plan_cgroup_write *write, const struct cgroup_leaf *leaf, int *missed,
		       struct err *err);

/* Loads the planned device program: a descriptor, or -1 with an error. */
int cgroup_devices_load(const struct plan_cgroup *plan, struct err *err);

/*
 * v2: gives the directory and the files that the kernel allows to be delegated to plan->owner_uid (cgroups(7), cgroup
 * delegation); nothing where the plan has no owner.  What is below, and the limits, stay root's.
 */
int cgroup_owner_set(const struct plan_cgroup *plan, int dirfd, const char *path, struct err *err);

#endif
