/*
 * cgroup/delegate.c - cgroups below the container's: run.oci.delegate-cgroup, which is the container's to manage, and
 * run.oci.systemd.subgroup, where the processes are, while systemd's scope above has the limits.
 *
 * Runs in the runtime process; delegating when init has made its cgroup namespace, whose root is then the container's
 * own cgroup with the limits.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "cgroup/cgroup.h"
#include "create.h"
#include "sys/file.h"
#include "tree.h"

/* Only now, as nobody is in the directory itself any more.  What the kernel refuses to pass on stays above. */
static void pass_on_controllers(int dirfd)
{
	char list[512], word[sizeof(list) + 1];
	char *rest = list, *name;

	if (sys_file_read_at(dirfd, "cgroup.controllers", list, sizeof(list), NULL) < 0)
		return;
	while ((name = strsep(&rest, " \n")) != NULL) {
		int length = snprintf(word, sizeof(word), "+%s", name);

		if (length > 1)
			(void)sys_file_write_at(dirfd, "cgroup.subtree_control", word, (size_t)length);
	}
}

/* Makes a cgroup below the container's v2 directory and moves the process there.  Returns its fd, or -1. */
static int make_below(const struct cgroup *cgroup, const char *name, pid_t pid, struct err *err)
{
	const struct cgroup_dir *dir = cgroup_process_dir(cgroup);
	_cleanup_fd_ int parent = -1, child = -1;
	char text[16];
	int result;

	if (dir == NULL || dir->version != 2)
		return err_set(err, ERR_UNSUPPORTED, "there is no cgroup to make %s in", name);
	parent = cgroup_dir_open(dir->path);
	if (parent < 0)
		return err_sys(err, parent, "open %s", dir->path);
	result = sys_mkdirat(parent, name, 0755);
	if (result < 0)
		return err_sys(err, result, "mkdir %s/%s", dir->path, name);
	child = sys_openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (child < 0)
		return err_sys(err, child, "open %s/%s", dir->path, name);
	result = sys_file_write_at(child, "cgroup.procs", text, (size_t)snprintf(text, sizeof(text), "%d", pid));
	if (result < 0)
		return err_sys(err, result, "write %d to %s/%s/cgroup.procs", pid, dir->path, name);
	pass_on_controllers(parent);
	return fd_take(&child);
}

int cgroup_delegate(const struct cgroup *cgroup, const struct plan_cgroup *plan, pid_t pid, struct err *err)
{
	struct plan_cgroup owned = { .has_owner = true, .owner_uid = plan->delegate_uid };
	_cleanup_fd_ int child = -1;

	if (plan->delegate == NULL)
		return 0;
	child = make_below(cgroup, plan->delegate, pid, err);
	return child < 0 ? -1 : cgroup_owner_set(&owned, child, plan->delegate, err);
}

int cgroup_subgroup(const struct cgroup *cgroup, const struct plan_cgroup *plan, pid_t pid, struct err *err)
{
	_cleanup_fd_ int child = -1;

	if (plan->subgroup == NULL)
		return 0;
	child = make_below(cgroup, plan->subgroup, pid, err);
	return child < 0 ? -1 : 0;
}
