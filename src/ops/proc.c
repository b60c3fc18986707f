/*
 * ops/proc.c - OP_PROC: a procfs that the container can't influence; and how ops open files in it.
 *
 * Init process only.  It runs before anything of the container is mounted.
 */
#include "ops/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statvfs.h>

#include "base/fd.h"
#include "ops/op.h"
#include "sys/file.h"
#include "sys/mount.h"

/* The inode number of a procfs' root directory (PROC_ROOT_INO). */
#define PROC_ROOT_INODE 1

static bool is_procfs(int fd)
{
	struct statfs fs;

	return sys_fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* For kernels without openat2: nothing may be mounted on top, so the file is of the same file system and no symlink. */
static int open_without_openat2(int proc_fd, const char *path, int flags)
{
	_cleanup_fd_ int fd = sys_openat(proc_fd, path, flags | O_CLOEXEC | O_NOFOLLOW, 0);
	struct stat root, file;

	if (fd < 0)
		return fd_take(&fd);
	if (!is_procfs(fd) || sys_fstat(proc_fd, &root) < 0 || sys_fstat(fd, &file) < 0 || root.st_dev != file.st_dev)
		return -EXDEV;
	return fd_take(&fd);
}

int procfs_open(int proc_fd, const char *path, int flags)
{
	/* No mount on top, no way out, no magic link: CVE-2019-16884, CVE-2025-52881. */
	const struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
	};
	int fd = sys_openat2(proc_fd, path, &how);

	return fd == -ENOSYS || fd == -EPERM ? open_without_openat2(proc_fd, path, flags) : fd;
}

int procfs_write(int proc_fd, const char *path, const void *data, size_t length)
{
	_cleanup_fd_ int fd = procfs_open(proc_fd, path, O_WRONLY);
	ssize_t written;

	if (fd < 0)
		return fd_take(&fd);
	do
		written = sys_write(fd, data, length);
	while (written == -EINTR);
	if (written < 0)
		return (int)written;
	return (size_t)written == length ? 0 : -EIO;
}

/* A procfs of our own, attached nowhere. */
static int open_private(void)
{
	_cleanup_fd_ int fs = sys_fsopen("proc", FSOPEN_CLOEXEC);
	int result;

	if (fs < 0)
		return fd_take(&fs);
	result = sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (result < 0)
		return result;
	return sys_fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

/* The host's /proc: the root of a procfs, and for sysctl neither read-only nor with something mounted on /proc/sys. */
static int open_host(bool want_sysctl)
{
	_cleanup_fd_ int fd = sys_openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	_cleanup_fd_ int sys_fd = -1;
	struct statfs fs;
	struct stat status;

	if (fd < 0)
		return fd_take(&fd);
	if (sys_fstatfs(fd, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC || sys_fstat(fd, &status) < 0 ||
	    status.st_ino != PROC_ROOT_INODE)
		return -EXDEV;
	if (!want_sysctl)
		return fd_take(&fd);
	if (fs.f_flags & ST_RDONLY)
		return -EROFS;
	sys_fd = procfs_open(fd, "sys", O_PATH | O_DIRECTORY);
	return sys_fd < 0 ? fd_take(&sys_fd) : fd_take(&fd);
}

int op_run_proc(struct init_context *context, const struct plan_op *op, struct err *err)
{
	_cleanup_fd_ int fd = open_host(op->u.proc.want_sysctl != 0);

	if (fd < 0) {
		int reason = fd;

		fd = open_private();
		if (fd < 0)
			return err_sys(err, reason, "open a trustworthy /proc (a private procfs: errno %d)", -fd);
	}
	op_slot_fill(context, SLOT_PROC, fd_take(&fd));
	return 0;
}
