/*
 * runtime/exec_target.c - the process of a container whose namespaces exec enters.
 *
 * Runtime process only.  The process may be hostile: it is named by a pidfd, and what is opened of it by its number
 * counts only if it is still alive afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

#include "base/fd.h"
#include "runtime/exec.h"
#include "sys/file.h"
#include "sys/process.h"

int exec_target_check(const struct container *container, bool should_ignore_paused, struct err *err)
{
	if (container_refuse_half_made(container, err) < 0)
		return -1;
	if (container->status == STATUS_CREATING)
		return err_set(err, ERR_STATE, "cannot exec in a container that is being created: %s",
			       container->entry.id);
	if (container->status == STATUS_PAUSED && !should_ignore_paused)
		return err_set(err, ERR_STATE,
			       "cannot exec in a paused container (use --ignore-paused to override): %s",
			       container->entry.id);
	return 0;
}

static int refuse_stopped(const struct container *container, struct err *err)
{
	return err_set(err, ERR_STATE, "cannot exec in a stopped container: %s", container->entry.id);
}

static bool is_alive(int pidfd)
{
	/* Whatever else this call says, the process is there. */
	return sys_pidfd_send_signal(pidfd, 0) != -ESRCH;
}

static bool has_pid(const pid_t *pids, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++) {
		if (pids[i] == pid)
			return true;
	}
	return false;
}

/* The first of the cgroup that is still of it when it can't become another one any more. */
static int open_member(struct container *container, struct exec_target *target, struct err *err)
{
	size_t count, count_again;
	pid_t *pids, *again;

	if (container->state.has_own_pid_ns || container->cgroup.dir_count == 0)
		return refuse_stopped(container, err);
	if (cgroup_list_pids(&container->arena, &container->cgroup, &pids, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		int pidfd = sys_pidfd_open(pids[i], 0);

		if (pidfd < 0)
			continue;
		if (cgroup_list_pids(&container->arena, &container->cgroup, &again, &count_again, err) == 0 &&
		    has_pid(again, count_again, pids[i]) && is_alive(pidfd)) {
			target->pid = pids[i];
			target->pidfd = pidfd;
			return 0;
		}
		fd_close(&pidfd);
	}
	return refuse_stopped(container, err);
}

/* Only a root that was entered by chroot(2) isn't that of the mount namespace. */
static int open_root(const struct container *container, struct exec_target *target, struct err *err)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/root", target->pid);
	target->root_fd = sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (!is_alive(target->pidfd))
		return refuse_stopped(container, err);
	return target->root_fd < 0 ? err_sys(err, target->root_fd, "open %s", path) : 0;
}

int exec_target_open(struct container *container, const struct plan_recipe *recipe, struct exec_target *target,
                     struct err *err)
{
	if (container->pidfd >= 0) {
		target->pid = (pid_t)container->state.pid;
		target->pidfd = fd_take(&container->pidfd);
	} else if (open_member(container, target, err) < 0) {
		return -1;
	}
	return recipe->flags & RECIPE_CHROOT ? open_root(container, target, err) : 0;
}

int exec_target_check_user_ns(const struct exec_target *target, uint32_t join_flags, struct err *err)
{
	struct stat own, theirs;
	char path[48];
	int result;

	if (join_flags == 0 || (join_flags & CLONE_NEWUSER) != 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/ns/user", target->pid);
	result = sys_fstatat(AT_FDCWD, "/proc/self/ns/user", &own, 0);
	if (result == 0)
		result = sys_fstatat(AT_FDCWD, path, &theirs, 0);
	if (result == 0 && !is_alive(target->pidfd))
		result = -ESRCH;
	if (result != 0)
		return err_sys(err, result, "stat %s", path);
	if (own.st_dev == theirs.st_dev && own.st_ino == theirs.st_ino)
		return 0;
	return err_set(err, ERR_STATE, "process %d of the container has entered a user namespace that isn't the "
	               "container's: its mounts are its own, and a program must not run there with the container's "
	               "privileges", target->pid);
}

void exec_target_close(struct exec_target *target)
{
	fd_close(&target->pidfd);
	fd_close(&target->root_fd);
}
