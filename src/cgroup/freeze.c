/*
 * cgroup/freeze.c - stops all processes of a container's cgroup and lets them continue.
 *
 * Runs in the runtime process.  It must not freeze runlet itself, nor leave half-frozen what it could not freeze.
 * v1: Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst; v2: cgroup-v2.rst, "cgroup.freeze".
 */
#include "freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/trace.h"
#include "sys/file.h"
#include "sys/process.h"
#include "tree.h"

#define NS_PER_MS 1000000u
/* v1 has nothing to wait on: the state is read again, after pauses that grow from the first to the last. */
#define PAUSE_MIN_US 20
#define PAUSE_MAX_US 10000
/* A process in the middle of vfork(2) may need to run for a moment before it can stop. */
#define TRIES_UNTIL_THAW 25

const struct cgroup_dir *cgroup_freezer_dir(const struct cgroup *cgroup)
{
	const struct cgroup_dir *chosen = NULL;

	for (size_t i = 0; i < cgroup->dir_count; i++) {
		const struct cgroup_dir *dir = &cgroup->dirs[i];

		if (cgroup_has_freezer(dir) && (chosen == NULL || dir->version == 1))
			chosen = dir;
	}
	return chosen;
}

int cgroup_dir_ask_freeze(const struct cgroup_dir *dir, int dirfd, bool is_frozen)
{
	if (dir->version == 2)
		return sys_file_write_at(dirfd, "cgroup.freeze", is_frozen ? "1" : "0", 1);
	return sys_file_write_at(dirfd, "freezer.state", is_frozen ? "FROZEN" : "THAWED", 6);
}

/* --- v1 --- */

static int v1_freeze(const struct cgroup_dir *dir, int dirfd, uint64_t deadline_ns)
{
	unsigned pause_us = PAUSE_MIN_US;
	char text[32];

	for (unsigned try = 1;; try++) {
		/* Writing again makes the kernel look for processes that came in while it froze. */
		int result = cgroup_dir_ask_freeze(dir, dirfd, true);

		if (result == 0)
			result = sys_file_read_at(dirfd, "freezer.state", text, sizeof(text), NULL);
		if (result < 0)
			return result;
		if (strncmp(text, "FROZEN", 6) == 0)
			return 0;
		if (sys_monotonic_ns() >= deadline_ns)
			return -ETIMEDOUT;
		if (try % TRIES_UNTIL_THAW == 0)
			(void)cgroup_dir_ask_freeze(dir, dirfd, false);
		sys_sleep_us(pause_us);
		pause_us = pause_us < PAUSE_MAX_US ? 2 * pause_us : PAUSE_MAX_US;
	}
}

/* --- v2 --- */

/* Waits on cgroup.events, which the kernel makes "urgent" (POLLPRI) at each change. */
static int v2_wait(int dirfd, bool is_frozen, uint64_t deadline_ns)
{
	_cleanup_fd_ int fd = sys_openat(dirfd, "cgroup.events", O_RDONLY | O_CLOEXEC, 0);
	struct pollfd poll_fd = { .fd = fd, .events = POLLPRI };
	char text[256];

	if (fd < 0)
		return fd;
	for (;;) {
		ssize_t length = sys_pread(fd, text, sizeof(text) - 1, 0);
		uint64_t now_ns;

		if (length < 0)
			return (int)length;
		text[length] = '\0';
		if (cgroup_events_are_frozen(text) == is_frozen)
			return 0;
		now_ns = sys_monotonic_ns();
		if (now_ns >= deadline_ns)
			return -ETIMEDOUT;
		(void)sys_poll(&poll_fd, 1, (int)((deadline_ns - now_ns) / NS_PER_MS) + 1);
	}
}

/* --- either --- */

static uint64_t deadline_from(int timeout_ms)
{
	return sys_monotonic_ns() + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0) * NS_PER_MS;
}

static int is_own_pid(pid_t pid, void *argument)
{
	return pid == *(const pid_t *)argument;
}

int cgroup_dir_freeze(const struct cgroup_dir *dir, int dirfd, int timeout_ms)
{
	pid_t own_pid = sys_getpid();
	int result;

	/* Nobody would be left to wait, or to thaw. */
	result = cgroup_tree_pids(dirfd, is_own_pid, &own_pid);
	if (result == 1)
		return -EDEADLK;
	if (err_is_shortage(result))
		return result;
	if (dir->version == 1)
		return v1_freeze(dir, dirfd, deadline_from(timeout_ms));
	result = cgroup_dir_ask_freeze(dir, dirfd, true);
	return result < 0 ? result : v2_wait(dirfd, true, deadline_from(timeout_ms));
}

int cgroup_dir_thaw(const struct cgroup_dir *dir, int dirfd, int timeout_ms)
{
	int result = cgroup_dir_ask_freeze(dir, dirfd, false);

	if (result < 0)
		return result;
	if (dir->version == 2)
		return v2_wait(dirfd, false, deadline_from(timeout_ms));
	/* It takes effect at once, unless a cgroup above is frozen. */
	result = cgroup_dir_is_frozen(dirfd);
	return result > 0 ? -ETIMEDOUT : result;
}

/* Opens the directory to freeze, as *chosen; a descriptor or -1. */
static int freezer_open(const struct cgroup *cgroup, const struct cgroup_dir **chosen, struct err *err)
{
	const struct cgroup_dir *dir = cgroup_freezer_dir(cgroup);
	int fd;

	if (dir == NULL)
		return err_set(err, ERR_UNSUPPORTED, "the container has no cgroup with a freezer");
	fd = cgroup_dir_open(dir->path);
	if (fd < 0)
		return err_sys(err, fd, "open %s", dir->path);
	*chosen = dir;
	return fd;
}

int cgroup_freeze(const struct cgroup *cgroup, int timeout_ms, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("freeze", "");
	const struct cgroup_dir *dir;
	_cleanup_fd_ int fd = freezer_open(cgroup, &dir, err);
	int result;

	if (fd < 0)
		return -1;
	result = cgroup_dir_freeze(dir, fd, timeout_ms);
	if (result == 0)
		return 0;
	if (result == -EDEADLK)
		return err_set(err, ERR_UNSUPPORTED, "freeze %s: runlet itself runs in it", dir->path);
	(void)cgroup_dir_ask_freeze(dir, fd, false);
	if (result == -ETIMEDOUT)
		return err_set(err, ERR_TIMEOUT, "freeze %s: not all of its processes could be stopped within %d ms, "
			       "so that they were let go on", dir->path, timeout_ms);
	return err_sys(err, result, "freeze %s", dir->path);
}

/* The nearest directory above that was asked to freeze, which holds whatever is below it; or "". */
static void find_frozen_above(const struct cgroup_dir *dir, char *path, size_t size)
{
	const char *file = dir->version == 2 ? "cgroup.freeze" : "freezer.self_freezing";
	char *last;

	if ((size_t)snprintf(path, size, "%s", dir->path) >= size)
		path[0] = '\0';
	while ((last = strrchr(path, '/')) != NULL) {
		_cleanup_fd_ int fd = -1;
		char text[8];

		*last = '\0';
		fd = path[0] == '/' ? cgroup_dir_open(path) : -1;
		/* The root of a hierarchy can't be frozen and has no such file. */
		if (fd < 0 || sys_file_read_at(fd, file, text, sizeof(text), NULL) < 0)
			break;
		if (text[0] == '1')
			return;
	}
	path[0] = '\0';
}

int cgroup_thaw(const struct cgroup *cgroup, int timeout_ms, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("thaw", "");
	const struct cgroup_dir *dir;
	_cleanup_fd_ int fd = freezer_open(cgroup, &dir, err);
	char above[PATH_MAX];
	int result;

	if (fd < 0)
		return -1;
	result = cgroup_dir_thaw(dir, fd, timeout_ms);
	if (result != -ETIMEDOUT)
		return result == 0 ? 0 : err_sys(err, result, "thaw %s", dir->path);
	find_frozen_above(dir, above, sizeof(above));
	if (above[0] != '\0')
		return err_set(err, ERR_STATE, "thaw %s: %s above it is frozen; thaw that one", dir->path, above);
	return err_set(err, ERR_TIMEOUT, "thaw %s: it was still frozen after %d ms", dir->path, timeout_ms);
}
