/*
 * runtime/process.c - naming a process so that the name can't come to mean another one.  Runtime process only.
 */
#include "runtime/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/process.h"

static int read_stat(pid_t pid, struct proc_stat *status)
{
	char path[32], text[1024];
	int result;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	result = sys_file_read_at(AT_FDCWD, path, text, sizeof(text), NULL);
	return result < 0 ? result : proc_stat_parse(text, status);
}

int process_start_time(pid_t pid, uint64_t *start_time, struct err *err)
{
	struct proc_stat status;
	int result = read_stat(pid, &status);

	if (result < 0)
		return err_sys(err, result, "read /proc/%d/stat", pid);
	*start_time = status.start_time;
	return 0;
}

int process_open(pid_t pid, uint64_t start_time, int *pidfd, struct err *err)
{
	_cleanup_fd_ int fd = -1;
	struct proc_stat status;
	int result;

	*pidfd = -1;
	if (pid <= 0)
		return 0;
	/* First the handle, then the comparison: what the handle names can't change any more. */
	fd = sys_pidfd_open(pid, 0);
	/* EINVAL: the number is that of a thread now. */
	if (fd == -ESRCH || fd == -EINVAL || fd == -ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(err, fd, "pidfd_open %d", pid);
	result = read_stat(pid, &status);
	if (result == -ENOENT || result == -ESRCH)
		return 0;
	if (result < 0)
		return err_sys(err, result, "read /proc/%d/stat", pid);
	if (status.start_time == start_time && status.state != 'Z' && status.state != 'X')
		*pidfd = fd_take(&fd);
	return 0;
}

bool process_wait_end(int pidfd, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

	return sys_poll(&poll_fd, 1, timeout_ms) > 0;
}

int process_exit_code(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}
