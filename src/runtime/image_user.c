/*
 * runtime/image_user.c - who an image's user is, by the files of its unpacked root.
 *
 * Runtime process only.  Nothing of the root is opened by name but through sys/path.h, and nothing that isn't a
 * regular file is opened for reading.
 */
#include "runtime/image_user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/fd.h"
#include "spec/image.h"
#include "sys/file.h"
#include "sys/path.h"

#define FILE_SIZE_MAX (1u << 20)

/*
 * Looked at before it is opened: opening a device may do something, and a FIFO waits for a writer.  Then again by its
 * fd, so that it is the same file.
 */
static int reopen_regular(int path_fd, const char *rootfs, const char *path, struct err *err)
{
	struct stat status;
	char link[32];
	int fd = sys_fstat(path_fd, &status);

	if (fd < 0)
		return err_sys(err, fd, "fstat %s/%s", rootfs, path);
	if (!S_ISREG(status.st_mode))
		return err_set(err, ERR_CONFIG, "%s/%s: not a regular file", rootfs, path);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", path_fd);
	fd = sys_openat(AT_FDCWD, link, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	return fd < 0 ? err_sys(err, fd, "open %s/%s", rootfs, path) : fd;
}

/* A file that isn't there stays empty. */
static int read_file(struct arena *arena, int root_fd, const char *rootfs, const char *path,
		     struct spec_user_file *file, struct err *err)
{
	_cleanup_fd_ int path_fd = path_open_in_root(root_fd, path, O_PATH | O_CLOEXEC, 0);
	_cleanup_fd_ int fd = -1;
	char *text;
	int result;

	if (path_fd == -ENOENT)
		return 0;
	if (path_fd < 0)
		return err_sys(err, path_fd, "open %s/%s", rootfs, path);
	fd = reopen_regular(path_fd, rootfs, path, err);
	if (fd < 0)
		return -1;
	text = arena_alloc(arena, FILE_SIZE_MAX + 1);
	result = sys_file_read(fd, text, FILE_SIZE_MAX + 1, &file->length);
	if (result == -EFBIG)
		return err_set(err, ERR_CONFIG, "%s/%s: larger than %u bytes", rootfs, path, FILE_SIZE_MAX);
	if (result < 0)
		return err_sys(err, result, "read %s/%s", rootfs, path);
	file->text = text;
	return 0;
}

int runtime_image_user(struct arena *arena, int dirfd, const char *rootfs, const char *text, struct spec_user *user,
		       bool *is_guess, struct err *err)
{
	struct spec_user_file passwd = { "", 0 }, group = { "", 0 };
	struct spec_image_user wanted;
	_cleanup_fd_ int root_fd = -1;

	*is_guess = false;
	if (spec_image_user_parse(arena, text, &wanted, err) < 0)
		return -1;
	root_fd = sys_openat(dirfd, rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (root_fd == -ENOENT && !wanted.user && !wanted.group)
		*is_guess = !wanted.has_group;
	else if (root_fd < 0)
		return err_sys(err, root_fd, "open the image's root %s", rootfs);
	else if (read_file(arena, root_fd, rootfs, "etc/passwd", &passwd, err) < 0 ||
		 read_file(arena, root_fd, rootfs, "etc/group", &group, err) < 0)
		return -1;
	return spec_image_user_find(arena, &wanted, &passwd, &group, user, err);
}
