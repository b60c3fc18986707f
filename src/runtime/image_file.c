/*
 * runtime/image_file.c - reads an image's configuration from a file.  Runtime process only.
 */
#include "runtime/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "sys/file.h"

#define READ_STEP (64u << 10)

/* It may be a pipe: shells pass <(skopeo inspect --config ...). */
static int read_all(struct arena *arena, int fd, struct image_file *file, struct err *err)
{
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	char step[READ_STEP];
	ssize_t length;

	while ((length = sys_read(fd, step, sizeof(step))) != 0) {
		if (length == -EINTR)
			continue;
		if (length < 0)
			return err_sys(err, (int)length, "read %s", file->name);
		buf_add(&bytes, step, (size_t)length);
		if (bytes.length > SPEC_IMAGE_SIZE_MAX)
			return err_set(err, ERR_CONFIG, "%s: larger than %u bytes", file->name, SPEC_IMAGE_SIZE_MAX);
	}
	file->text = arena_strndup(arena, buf_str(&bytes), bytes.length);
	file->size = bytes.length;
	return 0;
}

static int decode(struct arena *arena, struct image_file *file, bool *manifest, struct err *err)
{
	return spec_image_decode(arena, file->name, file->text, file->size, &file->image, manifest, err);
}

/* The layout may be somebody else's: the file is named by digits alone, and neither a symlink nor a device. */
static int open_blob(const char *name, struct err *err)
{
	_cleanup_fd_ int fd = sys_openat(AT_FDCWD, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	struct stat status;
	int result;

	if (fd < 0)
		return err_sys(err, fd, "open the configuration that the manifest names, %s", name);
	result = sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "fstat %s", name);
	if (!S_ISREG(status.st_mode))
		return err_set(err, ERR_CONFIG, "%s: not a regular file", name);
	return fd_take(&fd);
}

static int follow_manifest(struct arena *arena, const char *path, struct image_file *file, struct err *err)
{
	const char *digits = strchr(file->image.config.digest, ':') + 1;
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) + 1 : 0;
	_cleanup_fd_ int fd = -1;
	bool is_manifest;

	if (strcmp(path, "-") == 0) {
		err_set(err, ERR_CONFIG, "a manifest, whose configuration can't be found from standard input: "
			"skopeo inspect --config prints it");
		return image_file_locate(file, "config.digest", err);
	}
	file->name = arena_printf(arena, "%.*s%s", (int)length, path, digits);
	fd = open_blob(file->name, err);
	if (fd < 0 || read_all(arena, fd, file, err) < 0 || decode(arena, file, &is_manifest, err) < 0)
		return -1;
	if (!is_manifest)
		return 0;
	err_set(err, ERR_CONFIG, "a manifest again, in the place of an image configuration");
	return image_file_locate(file, "config.digest", err);
}

int image_file_read(struct arena *arena, const char *path, struct image_file *file, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	_cleanup_fd_ int opened = is_stdin ? -1 : sys_openat(AT_FDCWD, path, O_RDONLY | O_NOCTTY | O_CLOEXEC, 0);
	bool is_manifest;

	*file = (struct image_file){ .name = is_stdin ? "standard input" : path };
	if (!is_stdin && opened < 0)
		return err_sys(err, opened, "open the image configuration %s", path);
	if (read_all(arena, is_stdin ? STDIN_FILENO : opened, file, err) < 0 ||
	    decode(arena, file, &is_manifest, err) < 0)
		return -1;
	return is_manifest ? follow_manifest(arena, path, file, err) : 0;
}

int image_file_locate(const struct image_file *file, const char *path, struct err *err)
{
	unsigned line, column;

	if (spec_locate(file->text, file->size, path, &line, &column) < 0)
		return err_prefix(err, "%s: %s", file->name, path);
	return err_prefix(err, "%s:%u:%u: %s", file->name, line, column, path);
}
