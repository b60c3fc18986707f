/*
 * cgroup/join.c - puts processes into the container's cgroup, and tells what state it is in.
 *
 * Runs in the runtime process.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/trace.h"
#include "cgroup/cgroup.h"
#include "sys/file.h"
#include "tree.h"

static const struct cgroup_dir *dir_v2(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->dir_count; i++)
		if (cgroup->dirs[i].version == 2)
			return &cgroup->dirs[i];
	return NULL;
}

int cgroup_open_clone_fd(const struct cgroup *cgroup)
{
	const struct cgroup_dir *dir = dir_v2(cgroup);

	return dir != NULL ? cgroup_dir_open(dir->path) : -ENOENT;
}

static int open_tasks(const struct cgroup_dir *dir, struct err *err)
{
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/tasks", dir->path) >= (int)sizeof(path))
		return err_sys(err, ENAMETOOLONG, "open %s/tasks", dir->path);
	fd = sys_openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
	return fd < 0 ? err_sys(err, fd, "open %s", path) : fd;
}

int cgroup_tasks_open(const struct cgroup *cgroup, struct cgroup_tasks *tasks, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("open the cgroups to enter", "");

	tasks->count = 0;
	for (size_t i = 0; i < cgroup->dir_count; i++) {
		int fd;

		if (cgroup->dirs[i].version != 1)
			continue;
		fd = tasks->count < CGROUP_TASKS_MAX ? open_tasks(&cgroup->dirs[i], err) :
						       err_set(err, ERR_UNSUPPORTED, "%zu cgroups", cgroup->dir_count);
		if (fd < 0) {
			cgroup_tasks_close(tasks);
			return -1;
		}
		tasks->names[tasks->count] = cgroup->dirs[i].controllers;
		tasks->fds[tasks->count++] = fd;
	}
	return 0;
}

void cgroup_tasks_close(struct cgroup_tasks *tasks)
{
	sys_close_all(tasks->fds, tasks->count);
	tasks->count = 0;
}

static int join_dir(const struct cgroup_dir *dir, const char *pid, struct err *err)
{
	char path[PATH_MAX];
	int result;

	if (snprintf(path, sizeof(path), "%s/cgroup.procs", dir->path) >= (int)sizeof(path))
		return err_sys(err, ENAMETOOLONG, "write %s/cgroup.procs", dir->path);
	result = sys_file_write_at(AT_FDCWD, path, pid, strlen(pid));
	if (result < 0)
		return err_sys(err, result, "write %s to %s", pid, path);
	return 0;
}

int cgroup_join(const struct cgroup *cgroup, pid_t pid, bool skip_v2, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("move into the cgroups", "");
	const struct cgroup_dir *tree = dir_v2(cgroup);
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	/* v2 first: should the process fork meanwhile, its child is at least there, where cgroup_kill_all() looks. */
	if (tree != NULL && !skip_v2 && join_dir(tree, text, err) < 0)
		return -1;
	for (size_t i = 0; i < cgroup->dir_count; i++)
		if (&cgroup->dirs[i] != tree && join_dir(&cgroup->dirs[i], text, err) < 0)
			return -1;
	return 0;
}

int cgroup_join_v2(const struct cgroup *cgroup, pid_t pid, struct err *err)
{
	const struct cgroup_dir *tree = dir_v2(cgroup);
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return tree != NULL ? join_dir(tree, text, err) : 0;
}

bool cgroup_is_populated(const struct cgroup *cgroup)
{
	/* Any one would do, if containers could not move processes within the hierarchies that they can write to. */
	for (size_t i = 0; i < cgroup->dir_count; i++) {
		_cleanup_fd_ int fd = cgroup_dir_open(cgroup->dirs[i].path);

		if (fd >= 0 && cgroup_tree_count(fd) > 0)
			return true;
	}
	return false;
}

int cgroup_is_frozen(const struct cgroup *cgroup)
{
	int result = 0;

	for (size_t i = 0; i < cgroup->dir_count; i++) {
		_cleanup_fd_ int fd = -1;

		if (!cgroup_has_freezer(&cgroup->dirs[i]))
			continue;
		fd = cgroup_dir_open(cgroup->dirs[i].path);
		result = fd < 0 ? fd : cgroup_dir_is_frozen(fd);
		/* A directory that is gone holds nothing that is frozen. */
		if (result > 0 || err_is_shortage(result))
			return result;
	}
	return 0;
}
