/*
 * sys/file.c - system calls on files and directories, and small whole files.
 *
 * Any process.  No errno, no allocation, no libc beyond the mem and str functions: init has nothing else.
 */
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#ifndef STATX_TYPE
#include <linux/stat.h> /* a libc without statx, as musl 1.2.3 */
#endif

#include "sys/process.h"
#include "sys/raw.h"

int sys_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	return (int)sys_call4(SYS_openat, dirfd, (long)path, flags, (long)mode);
}

int sys_openat2(int dirfd, const char *path, const struct open_how *how)
{
	return (int)sys_call4(SYS_openat2, dirfd, (long)path, (long)how, sizeof(*how));
}

int sys_close(int fd)
{
	return (int)sys_call1(SYS_close, fd);
}

ssize_t sys_read(int fd, void *buffer, size_t size)
{
	return sys_call3(SYS_read, fd, (long)buffer, (long)size);
}

ssize_t sys_pread(int fd, void *buffer, size_t size, off_t offset)
{
	return sys_call4(SYS_pread64, fd, (long)buffer, (long)size, offset);
}

ssize_t sys_write(int fd, const void *data, size_t size)
{
	return sys_call3(SYS_write, fd, (long)data, (long)size);
}

off_t sys_lseek(int fd, off_t offset, int whence)
{
	return sys_call3(SYS_lseek, fd, offset, whence);
}

int sys_flock(int fd, int operation)
{
	return (int)sys_call2(SYS_flock, fd, operation);
}

int sys_dup3(int from, int to, int flags)
{
	return (int)sys_call3(SYS_dup3, from, to, flags);
}

int sys_fcntl(int fd, int command, long argument)
{
	return (int)sys_call3(SYS_fcntl, fd, command, argument);
}

int sys_ioctl(int fd, unsigned long request, void *argument)
{
	return (int)sys_call3(SYS_ioctl, fd, (long)request, (long)argument);
}

int sys_pipe2(int fds[2], int flags)
{
	return (int)sys_call2(SYS_pipe2, (long)fds, flags);
}

int sys_memfd_create(const char *name, unsigned flags)
{
	return (int)sys_call2(SYS_memfd_create, (long)name, flags);
}

int sys_ftruncate(int fd, off_t length)
{
	return (int)sys_call2(SYS_ftruncate, fd, length);
}

int sys_poll(struct pollfd *fds, size_t count, int timeout_ms)
{
	uint64_t end_ns = timeout_ms <= 0 ? 0 : sys_monotonic_ns() + (uint64_t)timeout_ms * 1000000u;
	long result;

	for (;;) {
		uint64_t now_ns = timeout_ms <= 0 ? end_ns : sys_monotonic_ns();
		uint64_t left_ns = end_ns > now_ns ? end_ns - now_ns : 0;
		struct timespec left = { (time_t)(left_ns / 1000000000u), (long)(left_ns % 1000000000u) };

		result = sys_call5(SYS_ppoll, (long)fds, (long)count, timeout_ms < 0 ? 0 : (long)&left, 0, 8);
		if (result != -EINTR)
			return (int)result;
	}
}

int sys_fstat(int fd, struct stat *status)
{
	return (int)sys_call2(SYS_fstat, fd, (long)status);
}

int sys_fstatat(int dirfd, const char *path, struct stat *status, int flags)
{
	return (int)sys_call4(SYS_newfstatat, dirfd, (long)path, (long)status, flags);
}

int sys_mount_id(int dirfd, const char *path, uint64_t *id)
{
	struct statx status = { .stx_mask = 0 };
	int result = (int)sys_call5(SYS_statx, dirfd, (long)path, AT_NO_AUTOMOUNT, STATX_MNT_ID, (long)&status);

	if (result < 0)
		return result;
	*id = status.stx_mnt_id;
	return (status.stx_mask & STATX_MNT_ID) != 0 ? 0 : -ENOSYS;
}

int sys_fstatfs(int fd, struct statfs *status)
{
	return (int)sys_call2(SYS_fstatfs, fd, (long)status);
}

int sys_faccessat2(int dirfd, const char *path, int mode, int flags)
{
	return (int)sys_call4(SYS_faccessat2, dirfd, (long)path, mode, flags);
}

int sys_mkdirat(int dirfd, const char *path, mode_t mode)
{
	return (int)sys_call3(SYS_mkdirat, dirfd, (long)path, (long)mode);
}

int sys_mknodat(int dirfd, const char *path, mode_t mode, dev_t device)
{
	return (int)sys_call4(SYS_mknodat, dirfd, (long)path, (long)mode, (long)device);
}

int sys_symlinkat(const char *target, int dirfd, const char *path)
{
	return (int)sys_call3(SYS_symlinkat, (long)target, dirfd, (long)path);
}

int sys_renameat2(int old_dirfd, const char *old_path, int new_dirfd, const char *new_path, unsigned flags)
{
	return (int)sys_call5(SYS_renameat2, old_dirfd, (long)old_path, new_dirfd, (long)new_path, flags);
}

int sys_unlinkat(int dirfd, const char *path, int flags)
{
	return (int)sys_call3(SYS_unlinkat, dirfd, (long)path, flags);
}

int sys_fchmod(int fd, mode_t mode)
{
	return (int)sys_call2(SYS_fchmod, fd, (long)mode);
}

int sys_fchmodat(int dirfd, const char *path, mode_t mode)
{
	return (int)sys_call3(SYS_fchmodat, dirfd, (long)path, (long)mode);
}

int sys_fchown(int fd, uid_t uid, gid_t gid)
{
	return (int)sys_call3(SYS_fchown, fd, (long)uid, (long)gid);
}

int sys_fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)
{
	return (int)sys_call5(SYS_fchownat, dirfd, (long)path, (long)uid, (long)gid, flags);
}

ssize_t sys_readlinkat(int dirfd, const char *path, char *buffer, size_t size)
{
	return sys_call4(SYS_readlinkat, dirfd, (long)path, (long)buffer, (long)size);
}

ssize_t sys_getdents64(int fd, void *buffer, size_t size)
{
	return sys_call3(SYS_getdents64, fd, (long)buffer, (long)size);
}

int sys_fchdir(int fd)
{
	return (int)sys_call1(SYS_fchdir, fd);
}

int sys_chdir(const char *path)
{
	return (int)sys_call1(SYS_chdir, (long)path);
}

int sys_chroot(const char *path)
{
	return (int)sys_call1(SYS_chroot, (long)path);
}

ssize_t sys_getcwd(char *buffer, size_t size)
{
	return sys_call2(SYS_getcwd, (long)buffer, (long)size);
}

mode_t sys_umask(mode_t mask)
{
	return (mode_t)sys_call1(SYS_umask, (long)mask);
}

int sys_utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)
{
	return (int)sys_call4(SYS_utimensat, dirfd, (long)path, (long)times, flags);
}

ssize_t sys_fgetxattr(int fd, const char *name, void *value, size_t size)
{
	return sys_call4(SYS_fgetxattr, fd, (long)name, (long)value, (long)size);
}

ssize_t sys_flistxattr(int fd, char *list, size_t size)
{
	return sys_call3(SYS_flistxattr, fd, (long)list, (long)size);
}

int sys_fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	return (int)sys_call5(SYS_fsetxattr, fd, (long)name, (long)value, (long)size, flags);
}

int sys_write_all(int fd, const void *data, size_t length)
{
	const char *rest = data;

	while (length > 0) {
		ssize_t written = sys_write(fd, rest, length);

		if (written == -EINTR)
			continue;
		if (written < 0)
			return (int)written;
		if (written == 0)
			return -EIO;
		rest += written;
		length -= (size_t)written;
	}
	return 0;
}

int sys_pwrite_all(int fd, const void *data, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t written = sys_call4(SYS_pwrite64, fd, (long)((const char *)data + done), (long)(length - done),
		                            (long)done);

		if (written == -EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? (int)written : -EIO;
		done += (size_t)written;
	}
	return 0;
}

void sys_close_all(int *fds, size_t count)
{
	for (size_t first = 0; first < count;) {
		size_t next = first + 1;
		int result = -ENOSYS;

		while (fds[first] >= 0 && next < count && fds[next] == fds[next - 1] + 1)
			next++;
		if (next > first + 1)
			result = sys_close_range((unsigned)fds[first], (unsigned)fds[next - 1], 0);
		/* Before Linux 5.9. */
		for (; first < next; first++) {
			if (result < 0 && fds[first] >= 0)
				sys_close(fds[first]);
			fds[first] = -1;
		}
	}
}

int sys_file_read(int fd, char *buffer, size_t size, size_t *length)
{
	size_t filled = 0;

	for (;;) {
		ssize_t got = sys_read(fd, buffer + filled, size - filled);

		if (got == -EINTR)
			continue;
		if (got < 0)
			return (int)got;
		if (got == 0)
			break;
		filled += (size_t)got;
		if (filled == size)
			return -EFBIG;
	}
	buffer[filled] = '\0';
	if (length)
		*length = filled;
	return 0;
}

int sys_file_read_at(int dirfd, const char *path, char *buffer, size_t size, size_t *length)
{
	int fd = sys_openat(dirfd, path, O_RDONLY | O_CLOEXEC, 0);
	int result;

	if (fd < 0)
		return fd;
	result = sys_file_read(fd, buffer, size, length);
	sys_close(fd);
	return result;
}

int sys_file_read_record_at(int dirfd, const char *path, char *buffer, size_t size, size_t *length)
{
	int fd = sys_openat(dirfd, path, O_RDONLY | O_CLOEXEC, 0);
	ssize_t got;

	if (fd < 0)
		return fd;
	do
		got = sys_read(fd, buffer, size);
	while (got == -EINTR);
	sys_close(fd);
	if (got < 0)
		return (int)got;
	if ((size_t)got == size)
		return -EFBIG;
	buffer[got] = '\0';
	if (length)
		*length = (size_t)got;
	return 0;
}

int sys_file_write(int fd, const void *data, size_t length)
{
	ssize_t written;

	do
		written = sys_write(fd, data, length);
	while (written == -EINTR);
	if (written < 0)
		return (int)written;
	return (size_t)written == length ? 0 : -EIO;
}

int sys_file_write_at(int dirfd, const char *path, const void *data, size_t length)
{
	int fd = sys_openat(dirfd, path, O_WRONLY | O_CLOEXEC, 0);
	int result;

	if (fd < 0)
		return fd;
	result = sys_file_write(fd, data, length);
	sys_close(fd);
	return result;
}
