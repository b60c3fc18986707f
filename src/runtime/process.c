/*
 * runtime/process.c - naming a process so that the name can't come to mean another one.  Runtime process only.
 */
#include "runtime/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/log.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/process.h"

static int read_stat(pid_t pid, struct proc_stat *status)
{
	char path[32], text[1024];
	int result;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	result = sys_file_read_record_at(AT_FDCWD, path, text, sizeof(text), NULL);
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
	if (status.start_time != start_time || status.state == 'X')
		return 0;
	/* The first thread of a process may be a zombie while others run on: only poll tells. */
	if (status.state != 'Z' || !process_wait_end(fd, 0))
		*pidfd = fd_take(&fd);
	return 0;
}

int process_poll_end(int pidfd, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

	return sys_poll(&poll_fd, 1, timeout_ms);
}

bool process_wait_end(int pidfd, int timeout_ms)
{
	return process_poll_end(pidfd, timeout_ms) > 0;
}

/* linux/pidfd.h, which old headers don't have; the first version of the struct. */
struct pidfd_info {
	uint64_t mask;
	uint64_t cgroup_id;
	uint32_t ids[11];
	int32_t exit_code;
};
#define PIDFD_INFO_EXIT (1u << 3)
#define PIDFD_GET_INFO  _IOWR(0xff, 11, struct pidfd_info)

static bool ask_pidfd(int pidfd, int *wait_status)
{
	struct pidfd_info info = { .mask = PIDFD_INFO_EXIT };

	if (pidfd < 0 || sys_ioctl(pidfd, PIDFD_GET_INFO, &info) < 0 || !(info.mask & PIDFD_INFO_EXIT))
		return false;
	*wait_status = info.exit_code;
	return true;
}

/*
 * proc(5): the exit code is 0 for who may not look into the process.  The same right is asked for its directory, which
 * a zombie hasn't got: ENOENT for those who may, EACCES for the others.
 */
static bool may_inspect_zombie(pid_t pid)
{
	char path[32], target[8];

	snprintf(path, sizeof(path), "/proc/%d/cwd", pid);
	return readlink(path, target, sizeof(target)) < 0 && errno == ENOENT;
}

static bool ask_zombie(pid_t pid, uint64_t start_time, int *wait_status)
{
	struct proc_stat status;

	if (pid <= 0 || !may_inspect_zombie(pid))
		return false;
	if (read_stat(pid, &status) < 0 || status.start_time != start_time || status.state != 'Z' ||
	    status.exit_code < 0)
		return false;
	*wait_status = status.exit_code;
	return true;
}

bool process_exit_status(pid_t pid, uint64_t start_time, int pidfd, int *wait_status)
{
	/* It may be waited for between the first two questions. */
	return ask_pidfd(pidfd, wait_status) || ask_zombie(pid, start_time, wait_status) ||
	       ask_pidfd(pidfd, wait_status);
}

int process_set_oom_score(pid_t pid, const struct opt_i64 *score, struct err *err)
{
	char path[48], text[24];
	int length, result;

	if (!score->is_set)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	length = snprintf(text, sizeof(text), "%lld", (long long)score->value);
	result = sys_file_write_at(AT_FDCWD, path, text, (size_t)length);
	if (result == -EACCES && sys_geteuid() != 0) {
		/* Lowering takes CAP_SYS_RESOURCE. */
		log_debug("oomScoreAdj %s needs privileges: left alone", text);
		return 0;
	}
	return result < 0 ? err_sys(err, result, "write %s to %s", text, path) : 0;
}

int process_set_rlimits(pid_t pid, const struct spec_rlimit_list *limits, size_t *failed, struct err *err)
{
	for (size_t i = 0; i < limits->count; i++) {
		const struct spec_rlimit *limit = &limits->items[i];
		struct sys_rlimit value = { limit->soft, limit->hard };
		int result = sys_prlimit(pid, (int)limit->type, &value, NULL);

		*failed = i;
		if (result < 0)
			return err_sys(err, result, "prlimit");
	}
	return 0;
}

int process_write_pid_file(const char *path, pid_t pid, struct err *err)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	int directory_length = slash ? (int)(slash - path + 1) : 0;
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_fd_ int fd = -1;
	char text[16];
	char *temporary;
	int result;

	if (!path)
		return 0;
	temporary = arena_printf(&arena, "%.*s.%s.%d", directory_length, path, path + directory_length, sys_getpid());
	fd = sys_openat(AT_FDCWD, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(err, fd, "create the pid file %s", path);
	result = sys_write_all(fd, text, (size_t)snprintf(text, sizeof(text), "%d", pid));
	if (result == 0)
		result = sys_renameat2(AT_FDCWD, temporary, AT_FDCWD, path, 0);
	if (result < 0) {
		(void)sys_unlinkat(AT_FDCWD, temporary, 0);
		return err_sys(err, result, "write the pid file %s", path);
	}
	return 0;
}

int process_exit_code(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}
