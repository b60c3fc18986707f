/*
 * ops/stdio.c - OP_STDIO: standard fds of a container without a terminal.
 *
 * Init process only, after the pivot.  It must not give away a device that only looks like /dev/null (CVE-2026-88265).
 */
#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "ops/device.h"
#include "ops/op.h"
#include "sys/file.h"
#include "sys/path.h"

static bool is_null(const struct stat *status)
{
	return op_is_device(status, S_IFCHR, 1, 3);
}

/* The container's /dev/null for a standard fd that the caller had closed. */
static int stdio_open_null(int rootfd, int wanted, struct err *err)
{
	/* Looked at before it is opened: opening another device can do something. */
	_cleanup_fd_ int path_fd = path_open_in_root(rootfd, "/dev/null", O_PATH, RESOLVE_NO_SYMLINKS);
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int result = path_fd < 0 ? path_fd : sys_fstat(path_fd, &status);

	if (result >= 0 && !is_null(&status))
		return err_set(err, ERR_CONFIG, "/dev/null of the container is not the null device");
	/* It may sit on the wanted number, and must not be closed there later. */
	fd_close(&path_fd);
	if (result >= 0)
		result = fd = path_open_in_root(rootfd, "/dev/null", O_RDWR | O_NOCTTY | O_NONBLOCK,
		                                RESOLVE_NO_SYMLINKS);
	if (result >= 0)
		result = sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "open /dev/null of the container");
	if (!is_null(&status))
		return err_set(err, ERR_CONFIG, "/dev/null of the container is not the null device");
	if (fd == wanted)
		result = sys_fcntl(fd_take(&fd), F_SETFD, 0);
	else
		result = sys_dup3(fd, wanted, 0);
	return result < 0 ? err_sys(err, result, "dup3 to %d", wanted) : 0;
}

/* So that the program can open /dev/stdout, the file behind it becomes its user's. */
static int stdio_chown(int fd, const struct stat *status, uint32_t uid, struct err *err)
{
	int result;

	if (status->st_uid == uid || is_null(status))
		return 0;
	result = sys_fchown(fd, uid, status->st_gid);
	/* An owner outside the user namespace, a file system that is read-only or has no owners: it stays as it is. */
	if (result == -EINVAL || result == -EPERM || result == -EROFS || result == -ENOSYS)
		return 0;
	return result < 0 ? err_sys(err, result, "chown of standard fd %d to %u", fd, uid) : 0;
}

int op_run_stdio(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int rootfd = op_slot_need(context, SLOT_ROOT, err);

	if (rootfd < 0)
		return -1;
	for (int fd = 0; fd <= 2; fd++) {
		struct stat status;
		int result = sys_fstat(fd, &status);

		if (result == -EBADF)
			result = stdio_open_null(rootfd, fd, err);
		else if (result < 0)
			result = err_sys(err, result, "fstat of standard fd %d", fd);
		else
			result = stdio_chown(fd, &status, op->u.stdio.uid, err);
		if (result < 0)
			return -1;
	}
	return 0;
}
