/*
 * cgroup/oom.c - whether the kernel ran out of a container's memory.
 *
 * Runs in the runtime process.  v1: Documentation/admin-guide/cgroup-v1/memory.rst, "OOM Control"; v2: cgroup-v2.rst,
 * "memory.events".
 */
#include "cgroup/oom.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/fd.h"
#include "base/words.h"
#include "cgroup/stats.h"
#include "sys/event.h"
#include "sys/file.h"
#include "tree.h"

#define TEXT_SIZE 1024

/* The container's directory with a memory controller: v1's where there is one. */
static const struct cgroup_dir *memory_dir(const struct cgroup *cgroup)
{
	const struct cgroup_dir *chosen = NULL;

	for (size_t i = 0; i < cgroup->dir_count; i++) {
		const struct cgroup_dir *dir = &cgroup->dirs[i];

		if (dir->version == 1 && words_have(dir->controllers, ',', "memory", strlen("memory")))
			return dir;
		if (dir->version == 2)
			chosen = dir;
	}
	return chosen;
}

static const char *counter_file(const struct cgroup_dir *dir)
{
	return dir->version == 2 ? "memory.events" : "memory.oom_control";
}

/* Looks for "oom_kill N" (v1 since Linux 4.13).  0, or -errno: -ENODEV when the cgroup is gone. */
static int read_kill_count(int fd, uint64_t *count)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	char text[TEXT_SIZE];
	ssize_t length = sys_pread(fd, text, sizeof(text) - 1, 0);
	struct stats_pairs pairs;

	if (length < 0)
		return (int)length;
	text[length] = '\0';
	if (stats_parse_pairs(&arena, text, &pairs) < 0)
		return -EINVAL;
	for (size_t i = 0; i < pairs.count; i++) {
		if (strcmp(pairs.items[i].key, "oom_kill") == 0) {
			*count = pairs.items[i].value;
			return 0;
		}
	}
	return -ENOENT;
}

bool cgroup_oom_was_killed(const struct cgroup *cgroup, bool *was_killed)
{
	const struct cgroup_dir *dir = memory_dir(cgroup);
	_cleanup_fd_ int dirfd = dir != NULL ? cgroup_dir_open(dir->path) : -1;
	_cleanup_fd_ int fd = -1;
	uint64_t count;

	if (dirfd < 0)
		return false;
	fd = sys_openat(dirfd, counter_file(dir), O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0 || read_kill_count(fd, &count) < 0)
		return false;
	*was_killed = count > 0;
	return true;
}

static int watch_v1(const struct cgroup_dir *dir, int dirfd, struct cgroup_oom *oom, struct err *err)
{
	char text[32];
	int result;

	oom->control_fd = sys_openat(dirfd, "memory.oom_control", O_RDONLY | O_CLOEXEC, 0);
	if (oom->control_fd < 0)
		return err_sys(err, oom->control_fd, "open %s/memory.oom_control", dir->path);
	oom->poll_fd = sys_eventfd2(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (oom->poll_fd < 0)
		return err_sys(err, oom->poll_fd, "eventfd2");
	oom->poll_events = EPOLLIN;
	snprintf(text, sizeof(text), "%d %d", oom->poll_fd, oom->control_fd);
	result = sys_file_write_at(dirfd, "cgroup.event_control", text, strlen(text));
	return result < 0 ? err_sys(err, result, "write %s/cgroup.event_control", dir->path) : 0;
}

static int watch_v2(const struct cgroup_dir *dir, int dirfd, struct cgroup_oom *oom, struct err *err)
{
	int fd = sys_openat(dirfd, "memory.events", O_RDONLY | O_CLOEXEC, 0);
	int result;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(err, fd, "open %s/memory.events", dir->path);
	oom->poll_fd = fd;
	oom->poll_events = EPOLLPRI;
	/* Also what makes the kernel report the next change. */
	result = read_kill_count(fd, &oom->kill_count);
	return result < 0 ? err_sys(err, result, "read %s/memory.events", dir->path) : 0;
}

int cgroup_oom_open(const struct cgroup *cgroup, struct cgroup_oom *oom, struct err *err)
{
	const struct cgroup_dir *dir = memory_dir(cgroup);
	_cleanup_fd_ int dirfd = -1;

	if (dir == NULL)
		return 0;
	dirfd = cgroup_dir_open(dir->path);
	if (dirfd < 0)
		return err_sys(err, dirfd, "open %s", dir->path);
	return dir->version == 2 ? watch_v2(dir, dirfd, oom, err) : watch_v1(dir, dirfd, oom, err);
}

/* The kernel also signals the removal of the cgroup, which is one count more and no OOM. */
static bool take_v1(struct cgroup_oom *oom)
{
	uint64_t count, ignored;

	if (sys_read(oom->poll_fd, &count, sizeof(count)) != (ssize_t)sizeof(count))
		return false;
	return count > 1 || read_kill_count(oom->control_fd, &ignored) != -ENODEV;
}

static bool take_v2(struct cgroup_oom *oom)
{
	uint64_t before = oom->kill_count;

	return read_kill_count(oom->poll_fd, &oom->kill_count) == 0 && oom->kill_count != before;
}

bool cgroup_oom_take(struct cgroup_oom *oom)
{
	if (oom->poll_fd < 0)
		return false;
	return oom->control_fd >= 0 ? take_v1(oom) : take_v2(oom);
}

void cgroup_oom_close(struct cgroup_oom *oom)
{
	fd_close(&oom->poll_fd);
	fd_close(&oom->control_fd);
}
