/*
 * ops/copy_tree.c - copying what a directory holds, for tmpcopyup.
 *
 * Init process only.  The directory is the container's: everything is opened by (directory, name) with O_NOFOLLOW,
 * and is what its fd says.
 */
#include "ops/copy_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <string.h>

#include "base/fd.h"
#include "sys/file.h"

#define COPY_DEPTH_MAX 128
#define COPY_BUFFER_SIZE 32768
#define LIST_BUFFER_SIZE 4096
#define XATTR_LIST_SIZE 2048
#define XATTR_VALUE_SIZE 4096

/* Where the copy is: for errors, and to bound the depth. */
struct copy {
	const char *path;
	unsigned depth;
};

static int copy_dir(struct copy *copy, int from_fd, int to_fd, struct err *err);

static int copy_error(const struct copy *copy, int result, const char *call, const char *name, struct err *err)
{
	return err_sys(err, result, "copy of %s: %s %s", copy->path, call, name);
}

static void copy_xattrs(int from_fd, int to_fd)
{
	char list[XATTR_LIST_SIZE];
	char value[XATTR_VALUE_SIZE];
	ssize_t length = sys_flistxattr(from_fd, list, sizeof(list));

	for (ssize_t at = 0; at < length; at += (ssize_t)strlen(list + at) + 1) {
		ssize_t size = sys_fgetxattr(from_fd, list + at, value, sizeof(value));

		if (size >= 0)
			sys_fsetxattr(to_fd, list + at, value, (size_t)size, 0);
	}
}

/* Mode, owner and times of a file or directory that is open; chown first, as it clears set-id bits. */
static int copy_status(const struct copy *copy, int from_fd, int to_fd, const struct stat *status, const char *name,
                       struct err *err)
{
	const struct timespec times[2] = { status->st_atim, status->st_mtim };
	int result = sys_fchown(to_fd, status->st_uid, status->st_gid);

	/* An owner that the user namespace doesn't have. */
	if (result < 0 && result != -EPERM && result != -EINVAL)
		return copy_error(copy, result, "chown", name, err);
	result = sys_fchmod(to_fd, status->st_mode & 07777);
	if (result < 0)
		return copy_error(copy, result, "chmod", name, err);
	copy_xattrs(from_fd, to_fd);
	sys_utimensat(to_fd, "", times, AT_EMPTY_PATH);
	return 0;
}

static int copy_bytes(const struct copy *copy, int from_fd, int to_fd, const char *name, struct err *err)
{
	char buffer[COPY_BUFFER_SIZE];
	ssize_t length;

	while ((length = sys_read(from_fd, buffer, sizeof(buffer))) != 0) {
		int result;

		if (length == -EINTR)
			continue;
		if (length < 0)
			return copy_error(copy, (int)length, "read", name, err);
		result = sys_write_all(to_fd, buffer, (size_t)length);
		if (result < 0)
			return copy_error(copy, result, "write", name, err);
	}
	return 0;
}

static int copy_file(const struct copy *copy, int from_dirfd, int to_dirfd, const char *name, struct err *err)
{
	/* O_NONBLOCK: what was a file when it was looked at may be a FIFO now. */
	_cleanup_fd_ int from_fd = sys_openat(from_dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	_cleanup_fd_ int to_fd = -1;
	struct stat status;
	int result = from_fd < 0 ? from_fd : sys_fstat(from_fd, &status);

	if (result < 0)
		return copy_error(copy, result, "open", name, err);
	if (!S_ISREG(status.st_mode))
		return copy_error(copy, EAGAIN, "changed meanwhile:", name, err);
	to_fd = sys_openat(to_dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to_fd < 0)
		return copy_error(copy, to_fd, "create", name, err);
	if (copy_bytes(copy, from_fd, to_fd, name, err) < 0)
		return -1;
	return copy_status(copy, from_fd, to_fd, &status, name, err);
}

/* COPY_DEPTH_MAX bounds the recursion. NOLINTNEXTLINE(misc-no-recursion) */
static int copy_subdir(struct copy *copy, int from_dirfd, int to_dirfd, const char *name, struct err *err)
{
	_cleanup_fd_ int from_fd = sys_openat(from_dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	_cleanup_fd_ int to_fd = -1;
	struct stat status;
	int result = from_fd < 0 ? from_fd : sys_fstat(from_fd, &status);

	if (result < 0)
		return copy_error(copy, result, "open", name, err);
	if (copy->depth >= COPY_DEPTH_MAX)
		return copy_error(copy, ELOOP, "too deep:", name, err);
	result = sys_mkdirat(to_dirfd, name, 0700);
	if (result >= 0)
		result = to_fd = sys_openat(to_dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (result < 0)
		return copy_error(copy, result, "mkdir", name, err);
	copy->depth++;
	result = copy_dir(copy, from_fd, to_fd, err);
	copy->depth--;
	return result < 0 ? -1 : copy_status(copy, from_fd, to_fd, &status, name, err);
}

static int copy_symlink(const struct copy *copy, int from_dirfd, int to_dirfd, const char *name,
                        const struct stat *status, struct err *err)
{
	char target[PATH_MAX];
	const struct timespec times[2] = { status->st_atim, status->st_mtim };
	ssize_t length = sys_readlinkat(from_dirfd, name, target, sizeof(target) - 1);
	int result;

	if (length < 0)
		return copy_error(copy, (int)length, "readlink", name, err);
	target[length] = '\0';
	result = sys_symlinkat(target, to_dirfd, name);
	if (result < 0)
		return copy_error(copy, result, "symlink", name, err);
	sys_fchownat(to_dirfd, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW);
	sys_utimensat(to_dirfd, name, times, AT_SYMLINK_NOFOLLOW);
	return 0;
}

static int copy_special(const struct copy *copy, int to_dirfd, const char *name, const struct stat *status,
                        struct err *err)
{
	int result = sys_mknodat(to_dirfd, name, status->st_mode, status->st_rdev);

	/* A user namespace makes no devices; there its image has none that would work either. */
	if (result == -EPERM)
		return 0;
	if (result < 0)
		return copy_error(copy, result, "mknod", name, err);
	sys_fchownat(to_dirfd, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW);
	return 0;
}

/* COPY_DEPTH_MAX bounds the recursion. NOLINTNEXTLINE(misc-no-recursion) */
static int copy_entry(struct copy *copy, int from_fd, int to_fd, const char *name, struct err *err)
{
	struct stat status;
	int result = sys_fstatat(from_fd, name, &status, AT_SYMLINK_NOFOLLOW);

	if (result < 0)
		return copy_error(copy, result, "stat", name, err);
	switch (status.st_mode & S_IFMT) {
	case S_IFREG:
		return copy_file(copy, from_fd, to_fd, name, err);
	case S_IFDIR:
		return copy_subdir(copy, from_fd, to_fd, name, err);
	case S_IFLNK:
		return copy_symlink(copy, from_fd, to_fd, name, &status, err);
	case S_IFSOCK:
		return 0;
	default:
		return copy_special(copy, to_fd, name, &status, err);
	}
}

/* from_fd is readable; COPY_DEPTH_MAX bounds the recursion. NOLINTNEXTLINE(misc-no-recursion) */
static int copy_dir(struct copy *copy, int from_fd, int to_fd, struct err *err)
{
	_Alignas(struct sys_dirent) char list[LIST_BUFFER_SIZE];
	ssize_t length;

	while ((length = sys_getdents64(from_fd, list, sizeof(list))) > 0) {
		for (ssize_t at = 0; at < length; at += ((struct sys_dirent *)(void *)(list + at))->length) {
			const char *name = ((struct sys_dirent *)(void *)(list + at))->name;

			if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
				continue;
			if (copy_entry(copy, from_fd, to_fd, name, err) < 0)
				return -1;
		}
	}
	return length < 0 ? err_sys(err, (int)length, "copy of %s: getdents64", copy->path) : 0;
}

/*
 * The root of the copy gets its owner, unless an option of the file system (uid=, gid=) has given it one: the program
 * is often the one that owns what is there.  Its mode is an option already (MOUNT_KEEP_MODE).
 */
static int copy_owner(const struct copy *copy, int from_fd, int to_fd, struct err *err)
{
	struct stat from, to;
	int result = sys_fstat(from_fd, &from);

	if (result >= 0)
		result = sys_fstat(to_fd, &to);
	if (result >= 0 && to.st_uid == 0 && to.st_gid == 0)
		result = sys_fchownat(to_fd, "", from.st_uid, from.st_gid, AT_EMPTY_PATH);
	/* An owner that the user namespace doesn't have. */
	if (result < 0 && result != -EPERM && result != -EINVAL)
		return copy_error(copy, result, "chown", ".", err);
	return 0;
}

int op_copy_tree(int from_fd, int to_fd, const char *path, struct err *err)
{
	struct copy copy = { .path = path };
	_cleanup_fd_ int fd = sys_openat(from_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	if (fd < 0)
		return err_sys(err, fd, "copy of %s: open", path);
	if (copy_owner(&copy, fd, to_fd, err) < 0)
		return -1;
	return copy_dir(&copy, fd, to_fd, err);
}
