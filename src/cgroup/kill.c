/*
 * cgroup/kill.c - signals every process of a container's cgroup.
 *
 * Runs in the runtime process.  It must not leave a cgroup frozen that it froze: its processes would never die.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "base/fd.h"
#include "base/trace.h"
#include "freeze.h"
#include "sys/file.h"
#include "sys/process.h"
#include "tree.h"

/* A process in uninterruptible sleep can delay freezing; after this time the signals go out unfrozen. */
#define FREEZE_WAIT_MS 200
/*
 * Without a freezer, new processes may appear while the list is read; a list that stays empty of them ends it sooner.
 */
#define UNFROZEN_PASSES 10

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

/*
 * Frozen, the processes can't fork while their list is read.  Without a freezer, or where one of them takes too long to
 * stop, several passes catch those that were forked meanwhile.
 */
static int signal_tree(const struct cgroup_dir *dir, int dirfd, int signal, struct err *err)
{
	struct signalling signalling = { signal, sys_getpid(), 0, 0 };
	bool can_freeze = cgroup_has_freezer(dir);
	bool was_frozen = can_freeze && cgroup_dir_is_frozen(dirfd) > 0;
	bool is_frozen = was_frozen || (can_freeze && cgroup_dir_freeze(dir, dirfd, FREEZE_WAIT_MS) == 0);
	int passes = is_frozen || signal != SIGKILL ? 1 : UNFROZEN_PASSES;
	int result = 0;

	for (int pass = 0; pass < passes && result == 0; pass++) {
		signalling.sent = 0;
		result = cgroup_tree_pids(dirfd, signal_pid, &signalling);
		if (signalling.sent == 0)
			break;
	}
	/* A container that was paused by its user stays so. */
	if (can_freeze && !was_frozen)
		(void)cgroup_dir_ask_freeze(dir, dirfd, false);
	if (result < 0)
		return err_sys(err, result, "read the processes of %s", dir->path);
	if (signalling.errnum != 0)
		return err_sys(err, signalling.errnum, "send signal %d to the processes of %s", signal, dir->path);
	return 0;
}

/* The kernel's own way, race-free and at once (Linux 5.14). */
static bool kill_by_file(const struct cgroup_dir *dir)
{
	_cleanup_fd_ int fd = dir->version == 2 ? cgroup_dir_open(dir->path) : -1;

	return fd >= 0 && sys_file_write_at(fd, "cgroup.kill", "1", 1) == 0;
}

/*
 * A frozen process of v1 takes its SIGKILL when it is thawed, not before, and executes nothing more of its program
 * then.  On a hybrid host v1's freezer may hold what was killed through v2.
 */
static void thaw_killed(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->dir_count; i++) {
		const struct cgroup_dir *dir = &cgroup->dirs[i];
		_cleanup_fd_ int fd = -1;

		if (!cgroup_has_freezer(dir))
			continue;
		fd = cgroup_dir_open(dir->path);
		if (fd >= 0 && cgroup_dir_is_frozen(fd))
			(void)cgroup_dir_ask_freeze(dir, fd, false);
	}
}

static int signal_all(const struct cgroup_dir *dir, int signal, struct err *err)
{
	_cleanup_fd_ int fd = -1;

	if (signal == SIGKILL && kill_by_file(dir))
		return 0;
	fd = cgroup_dir_open(dir->path);
	if (fd == -ENOENT)
		return 0;
	return fd < 0 ? err_sys(err, fd, "open %s", dir->path) : signal_tree(dir, fd, signal, err);
}

int cgroup_kill_all(const struct cgroup *cgroup, int signal, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("signal all processes", "");
	const struct cgroup_dir *dir = cgroup_process_dir(cgroup);
	int result;

	if (dir == NULL)
		return 0;
	result = signal_all(dir, signal, err);
	if (signal == SIGKILL)
		thaw_killed(cgroup);
	return result;
}
