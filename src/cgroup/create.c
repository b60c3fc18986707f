/*
 * cgroup/create.c - makes the container's directory in every cgroup hierarchy.
 *
 * Runs in the runtime process.  Each component of the path is made and opened below the one before it, so nothing
 * outside the hierarchy can be reached.  It must not take over a cgroup in which others live.
 */
#include "create.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/fd.h"
#include "base/trace.h"
#include "base/words.h"
#include "sys/file.h"
#include "tree.h"

/* For `at` functions only: opening a directory for that is cheaper than for reading. */
#define DIR_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct creation {
	struct arena *arena;
	const struct host *host;
	const struct plan_cgroup *plan;
	uint32_t version;        /* of the hierarchies that are worked on; 0: all */
	struct cgroup *cgroup;
	struct err *err;
};

/* The way down one hierarchy. */
struct descent {
	struct cgroup_leaf *leaf;
	struct cgroup_dir made;
	const char *wanted;      /* v2: controllers to enable on the way */
	bool is_cpuset;          /* v1: new directories get their parent's CPUs and memory nodes */
};

/* From the directory above `path`.  Names in a cgroup file system are never symlinks: this can't lead elsewhere. */
static int cpuset_copy(struct arena *arena, const char *path, const char *file)
{
	int parent_length = (int)(strrchr(path, '/') - path);
	const char *from = arena_printf(arena, "%.*s/%s", parent_length, path, file);
	char text[4096];
	size_t length;
	int result = sys_file_read_record_at(AT_FDCWD, from, text, sizeof(text), &length);

	return result < 0 ? result :
	                    sys_file_write_at(AT_FDCWD, arena_printf(arena, "%s/%s", path, file), text, length);
}

/* A v1 cpuset starts without CPUs and memory, and no process can enter it until it has some (cpuset(7)). */
static int cpuset_fill(const struct creation *creation, const char *path)
{
	int result = cpuset_copy(creation->arena, path, "cpuset.cpus");

	if (result >= 0)
		result = cpuset_copy(creation->arena, path, "cpuset.mems");
	if (result < 0)
		return err_sys(creation->err, result, "fill %s/cpuset.cpus and .mems", path);
	return 0;
}

/* A directory that is there already must be as good as a new one. */
static int check_unused(const struct creation *creation, int dirfd, const char *path)
{
	/* systemd starts no unit over one that is there, and has put the container's process into it already. */
	int count = creation->plan->manager == CGROUP_SYSTEMD ? 0 : cgroup_tree_count(dirfd);

	if (count < 0)
		return err_sys(creation->err, count, "look for processes in %s", path);
	if (count > 0)
		return err_set(creation->err, ERR_STATE, "container's cgroup is not empty: %d process(es) found in %s",
			       count, path);
	if (cgroup_dir_is_frozen(dirfd) > 0)
		return err_set(creation->err, ERR_STATE, "container's cgroup unexpectedly frozen: %s", path);
	return 0;
}

/* Makes and opens one component below *fd, which it replaces.  -errno of mkdir in leaf->errnum, or -1 with an error. */
static int step_down(const struct creation *creation, struct descent *descent, const char *name, const char *path,
		     bool is_last, int *fd)
{
	_cleanup_fd_ int child = -1;
	int result = sys_mkdirat(*fd, name, 0755);

	if (result < 0 && result != -EEXIST) {
		descent->leaf->errnum = result;
		return err_sys(creation->err, result, "mkdir %s%s", path,
			       result == -EROFS ? " (the cgroup hierarchy is mounted read-only)" : "");
	}
	if (result == 0 && is_last)
		descent->made.is_made = true;
	else if (result == 0)
		descent->made.made_parents++;
	child = sys_openat(*fd, name, DIR_FLAGS, 0);
	if (child < 0)
		return err_sys(creation->err, child, "open %s", path);
	if (result == -EEXIST && is_last && check_unused(creation, child, path) < 0)
		return -1;
	if (result == 0 && descent->is_cpuset && cpuset_fill(creation, path) < 0)
		return -1;
	fd_close(fd);
	*fd = fd_take(&child);
	return 0;
}

static int descend(const struct creation *creation, struct descent *descent, int *fd)
{
	const char *mountpoint = descent->leaf->hierarchy->mountpoint;
	const char *path = creation->plan->path;
	const char *rest = path;

	while (*rest != '\0') {
		size_t length = strcspn(rest, "/");
		bool is_last = rest[length] == '\0';
		char name[NAME_MAX + 1];
		const char *at;

		if (length == 0 || length > NAME_MAX)
			return err_set(creation->err, ERR_BUG, "cgroup path \"%s\" is not clean", path);
		memcpy(name, rest, length);
		name[length] = '\0';
		if (descent->wanted != NULL) {
			at = rest == path ? mountpoint :
					    arena_printf(creation->arena, "%s/%.*s", mountpoint,
							 (int)(rest - 1 - path), path);
			cgroup_controllers_enable(creation->arena, *fd, at, descent->wanted, descent->leaf);
		}
		at = arena_printf(creation->arena, "%s/%.*s", mountpoint, (int)(rest + length - path), path);
		if (step_down(creation, descent, name, at, is_last, fd) < 0)
			return -1;
		rest += length + !is_last;
	}
	return 0;
}

/* A user without privileges may have no cgroups at all, which matters only if a limit was asked for. */
static bool may_go_without(const struct host *host, int errnum)
{
	return (host->euid != 0 || host->is_in_user_ns) && (errnum == -EACCES || errnum == -EPERM || errnum == -EROFS);
}

/*
 * Below a frozen cgroup the container's first process would never come to life, and clone(2) waits for it.  A directory
 * that was there has been looked at.
 */
static int check_parents_thawed(const struct creation *creation, const struct cgroup_dir *made)
{
	_cleanup_fd_ int fd = -1;

	if (!made->is_made || !cgroup_has_freezer(made) || strchr(creation->plan->path, '/') == NULL)
		return 0;
	fd = sys_openat(AT_FDCWD, made->path, DIR_FLAGS, 0);
	if (fd < 0 || cgroup_dir_is_frozen(fd) <= 0)
		return 0;
	return err_set(creation->err, ERR_STATE, "a parent of the container's cgroup is frozen: %s", made->path);
}

/*
 * The usual case in one system call: only the last component is missing, and nothing has to be done above it, nor needs
 * the directory's fd.  Names in a cgroup file system are never symlinks, so that the path can't lead elsewhere.
 */
static bool make_at_once(const struct creation *creation, struct descent *descent)
{
	bool has_controllers = descent->wanted != NULL && descent->wanted[0] != '\0';

	if (has_controllers || (descent->leaf->hierarchy->version == 2 && creation->plan->has_owner))
		return false;
	descent->made.is_made = sys_mkdirat(AT_FDCWD, descent->leaf->path, 0755) == 0;
	return descent->made.is_made;
}

static int hierarchy_make(const struct creation *creation, struct cgroup_leaf *leaf)
{
	const struct host_hierarchy *hierarchy = leaf->hierarchy;
	struct cgroup *cgroup = creation->cgroup;
	struct descent descent = {
		.leaf = leaf,
		.made = { hierarchy->controllers, leaf->path, hierarchy->version, 0, false },
		.is_cpuset = hierarchy->version == 1 &&
			     words_have(hierarchy->controllers, ',', "cpuset", strlen("cpuset")),
	};
	_cleanup_fd_ int fd = -1;
	int result;

	if (hierarchy->version == 2)
		descent.wanted = cgroup_controllers_wanted(creation->arena, creation->host, hierarchy, creation->plan);
	if (make_at_once(creation, &descent)) {
		cgroup->dirs[cgroup->dir_count++] = descent.made;
		if (descent.is_cpuset && cpuset_fill(creation, leaf->path) < 0)
			return -1;
		return check_parents_thawed(creation, &descent.made);
	}
	fd = sys_openat(AT_FDCWD, hierarchy->mountpoint, DIR_FLAGS, 0);
	if (fd < 0)
		return err_sys(creation->err, fd, "open %s", hierarchy->mountpoint);
	result = descend(creation, &descent, &fd);
	if (result == 0 || descent.made.is_made || descent.made.made_parents > 0)
		cgroup->dirs[cgroup->dir_count++] = descent.made;
	if (result == 0)
		result = check_parents_thawed(creation, &descent.made);
	if (result == 0)
		leaf->fd = fd_take(&fd);
	else if (may_go_without(creation->host, leaf->errnum))
		return 0;
	return result;
}

static int hierarchies_make(const struct creation *creation, struct cgroup_leaf *leaves)
{
	_cleanup_trace_ struct trace_span span = trace_begin("make the cgroups", "");
	const struct host *host = creation->host;

	for (size_t i = 0; i < host->hierarchy_count; i++) {
		if (creation->version != 0 && host->hierarchies[i].version != creation->version)
			continue;
		if (hierarchy_make(creation, &leaves[i]) < 0)
			return -1;
	}
	return 0;
}

/* After a failure only what was made is to be undone; directories that were there before stay. */
static void keep_made_only(struct cgroup *cgroup)
{
	size_t kept = 0;

	for (size_t i = 0; i < cgroup->dir_count; i++)
		if (cgroup->dirs[i].is_made || cgroup->dirs[i].made_parents > 0)
			cgroup->dirs[kept++] = cgroup->dirs[i];
	cgroup->dir_count = kept;
}

int cgroup_create(struct arena *arena, const struct host *host, const struct plan_cgroup *plan, uint32_t version,
                  struct cgroup *cgroup, struct err *err)
{
	struct creation creation = { arena, host, plan, version, cgroup, err };
	struct cgroup_leaf *leaves;
	int result;

	if (plan->manager == CGROUP_DISABLED)
		return 0;
	if (cgroup->dirs == NULL)
		cgroup->dirs = arena_alloc_array(arena, host->hierarchy_count, sizeof(*cgroup->dirs));
	leaves = arena_alloc_array(arena, host->hierarchy_count, sizeof(*leaves));
	for (size_t i = 0; i < host->hierarchy_count; i++) {
		leaves[i].hierarchy = &host->hierarchies[i];
		leaves[i].path = arena_printf(arena, "%s/%s", host->hierarchies[i].mountpoint, plan->path);
		leaves[i].fd = -1;
	}
	result = hierarchies_make(&creation, leaves);
	if (result == 0)
		result = cgroup_limits_write(plan, version, leaves, host->hierarchy_count, err);
	for (size_t i = 0; i < host->hierarchy_count; i++) {
		if (result == 0 && leaves[i].fd >= 0 && leaves[i].hierarchy->version == 2)
			result = cgroup_owner_set(plan, leaves[i].fd, leaves[i].path, err);
		fd_close(&leaves[i].fd);
	}
	if (result < 0)
		keep_made_only(cgroup);
	return result;
}
