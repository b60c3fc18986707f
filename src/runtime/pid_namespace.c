/*
 * runtime/pid_namespace.c - the processes of a pid namespace.
 *
 * Runtime process only; enters nothing and changes nothing.
 */
#include "runtime/pid_namespace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/num.h"
#include "runtime/process.h"
#include "sys/file.h"

/* The kernel nests pid namespaces no deeper (pid_namespaces(7)). */
#define DEPTH_MAX 32

static int open_namespace(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	return sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
}

/* Goes up from a process's namespace until it is the wanted one.  A process that can't be looked at is none of ours. */
static bool is_beneath(pid_t pid, const struct stat *wanted)
{
	_cleanup_fd_ int fd = open_namespace(pid);
	struct stat status;

	for (int depth = 0; fd >= 0 && depth <= DEPTH_MAX; depth++) {
		int parent;

		if (sys_fstat(fd, &status) < 0)
			return false;
		if (status.st_dev == wanted->st_dev && status.st_ino == wanted->st_ino)
			return true;
		/* EPERM above the caller's own. */
		parent = sys_ioctl(fd, NS_GET_PARENT, NULL);
		fd_close(&fd);
		fd = parent;
	}
	return false;
}

static int compare_pids(const void *left, const void *right)
{
	const pid_t a = *(const pid_t *)left, b = *(const pid_t *)right;

	return (a > b) - (a < b);
}

static void scan(DIR *proc, struct arena *arena, const struct stat *wanted, pid_t **pids, size_t *count)
{
	const struct dirent *entry;
	uint64_t pid;

	while ((entry = readdir(proc)) != NULL) {
		if (num_parse_u64(entry->d_name, INT32_MAX, &pid) < 0 || !is_beneath((pid_t)pid, wanted))
			continue;
		*pids = arena_grow(arena, *pids, *count, sizeof(**pids));
		(*pids)[(*count)++] = (pid_t)pid;
	}
	if (*count > 0)
		qsort(*pids, *count, sizeof(**pids), compare_pids);
}

int pid_namespace_list(struct arena *arena, pid_t pid, int pidfd, pid_t **pids, size_t *count, struct err *err)
{
	_cleanup_fd_ int fd = -1;
	struct stat wanted;
	DIR *proc;
	int result;

	*pids = NULL;
	*count = 0;
	fd = open_namespace(pid);
	/* While the process lives, the pid is its. */
	if (process_wait_end(pidfd, 0))
		return 0;
	if (fd < 0)
		return err_sys(err, fd, "open /proc/%d/ns/pid", pid);
	result = sys_fstat(fd, &wanted);
	if (result < 0)
		return err_sys(err, result, "fstat /proc/%d/ns/pid", pid);
	proc = opendir("/proc");
	if (proc == NULL)
		return err_sys(err, errno, "open /proc");
	scan(proc, arena, &wanted, pids, count);
	closedir(proc);
	return 0;
}
