/*
 * cgroup/kill.c - signals every process of a container's cgroup.
 *
 * Runs in the runtime process.  It must not leave a cgroup frozen that it froze: its processes would never die.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "base/fd.h"
#include "cgroup/cgroup.h"
#include "sys/file.h"
#include "sys/process.h"
#include "tree.h"

/* How long freezing may take; a process in uninterruptible sleep delays it, and then the signals go out unfrozen. */
#define FREEZE_WAIT_MS 200
/*
 * Without a freezer, new processes may appear while the list is read; a list that stays empty of them ends it sooner.
 */
#define UNFROZEN_PASSES 10

static int freeze_write(const struct cgroup_dir *dir, int dirfd, bool is_frozen)
{
	if (dir->version == 2)
		return sys_file_write_at(dirfd, "cgroup.freeze", is_frozen ? "1" : "0", 1);
	return is_frozen ? sys_file_write_at(dirfd, "freezer.state", "FROZEN", 6) :
			   sys_file_write_at(dirfd, "freezer.state", "THAWED", 6);
}

/* v1: FREEZING also counts as frozen for cgroup_dir_is_frozen(), but here all must have stopped. */
static bool has_stopped(const struct cgroup_dir *dir, int dirfd)
{
	char text[32];

	if (dir->version == 2)
		return cgroup_dir_is_frozen(dirfd);
	/* Writing again makes the kernel look for processes that came in while it froze (freezer-subsystem.txt). */
	return freeze_write(dir, dirfd, true) == 0 &&
	       sys_file_read_at(dirfd, "freezer.state", text, sizeof(text), NULL) == 0 &&
	       strncmp(text, "FROZEN", 6) == 0;
}

static void freeze(const struct cgroup_dir *dir, int dirfd)
{
	if (freeze_write(dir, dirfd, true) != 0)
		return;
	for (unsigned waited_ms = 0; waited_ms < FREEZE_WAIT_MS && !has_stopped(dir, dirfd); waited_ms++)
		sys_sleep_ms(1);
}

struct signalling { int signal; pid_t own_pid; int sent; int errnum; };

static int signal_pid(pid_t pid, void *argument)
{
	struct signalling *signalling = argument;
	int result;

	/* A container that shares runlet's own cgroup must not end runlet half-way. */
	if (pid == signalling->own_pid)
		return 0;
	result = sys_kill(pid, signalling->signal);
	if (result == 0)
		signalling->sent++;
	else if (result != -ESRCH)
		signalling->errnum = result;
	return 0;
}

/* One directory with a freezer, or without: then several passes for SIGKILL, since processes may fork meanwhile. */
static int signal_tree(const struct cgroup_dir *dir, int dirfd, int signal, struct err *err)
{
	struct signalling signalling = { signal, sys_getpid(), 0, 0 };
	bool can_freeze = cgroup_has_freezer(dir);
	bool was_frozen = can_freeze && cgroup_dir_is_frozen(dirfd);
	int passes = can_freeze || signal != SIGKILL ? 1 : UNFROZEN_PASSES;
	int result = 0;

	if (can_freeze && !was_frozen)
		freeze(dir, dirfd);
	for (int pass = 0; pass < passes && result == 0; pass++) {
		signalling.sent = 0;
		result = cgroup_tree_pids(dirfd, signal_pid, &signalling);
		if (signalling.sent == 0)
			break;
	}
	/*
	 * A v1 frozen process doesn't die before it is thawed; a container that was
	 * paused by its user stays so otherwise.
	 */
	if (can_freeze && (!was_frozen || signal == SIGKILL))
		freeze_write(dir, dirfd, false);
	if (result < 0)
		return err_sys(err, result, "read the processes of %s", dir->path);
	if (signalling.errnum != 0)
		return err_sys(err, signalling.errnum, "send signal %d to the processes of %s", signal, dir->path);
	return 0;
}

/* The kernel's own way, race-free and at once (Linux 5.14). */
static bool kill_by_file(const struct cgroup *cgroup)
{
	bool is_done = false;

	for (size_t i = 0; i < cgroup->dir_count; i++) {
		const struct cgroup_dir *dir = &cgroup->dirs[i];
		_cleanup_fd_ int fd = -1;

		if (!cgroup_has_freezer(dir))
			continue;
		fd = cgroup_dir_open(dir->path);
		if (fd < 0)
			continue;
		if (dir->version == 2 && sys_file_write_at(fd, "cgroup.kill", "1", 1) == 0)
			is_done = true;
		/* On a hybrid host a v1 freezer may hold what has just been killed. */
		if (dir->version == 1 && cgroup_dir_is_frozen(fd))
			freeze_write(dir, fd, false);
	}
	return is_done;
}

/* The directory whose list of processes is best to go by: with a freezer, v2's first. */
static const struct cgroup_dir *dir_choose(const struct cgroup *cgroup)
{
	const struct cgroup_dir *chosen = cgroup->dir_count > 0 ? &cgroup->dirs[0] : NULL;

	for (size_t i = 0; i < cgroup->dir_count; i++) {
		if (cgroup->dirs[i].version == 2)
			return &cgroup->dirs[i];
		if (cgroup_has_freezer(&cgroup->dirs[i]))
			chosen = &cgroup->dirs[i];
	}
	return chosen;
}

int cgroup_kill_all(const struct cgroup *cgroup, int signal, struct err *err)
{
	const struct cgroup_dir *dir = dir_choose(cgroup);
	_cleanup_fd_ int fd = -1;

	if (dir == NULL || (signal == SIGKILL && kill_by_file(cgroup)))
		return 0;
	fd = cgroup_dir_open(dir->path);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(err, fd, "open %s", dir->path);
	return signal_tree(dir, fd, signal, err);
}
