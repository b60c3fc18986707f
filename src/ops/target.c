/*
 * ops/target.c - where in the container's root a mount, a device or a link goes.
 *
 * Init process only.  It must not use a path inside the container's root but through sys/path.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <string.h>

#include "ops/attach.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/path.h"

_Static_assert(OP_PATH_SIZE >= PATH_MAX, "path_split() writes to the parent's path");

static void parent_forget(struct init_context *context)
{
	op_fd_retire(&context->parent.fd);
}

/* Whether the directory that is kept is `path`, and nothing but what it served has been done since. */
static bool parent_is(const struct init_context *context, const char *path, uint64_t resolve)
{
	const struct op_parent *parent = &context->parent;

	return parent->fd >= 0 && parent->resolve == resolve && context->op_index - parent->op_index <= 1 &&
	       strcmp(parent->path, path) == 0;
}

static int parent_keep(struct init_context *context, const char *path, uint64_t resolve, int fd)
{
	struct op_parent *parent = &context->parent;

	parent_forget(context);
	/* What is kept must not sit where OP_STDIO and OP_CONSOLE look for standard fds that the caller had closed. */
	if (fd >= 0 && fd < 3) {
		int low_fd = fd;

		fd = sys_fcntl(low_fd, F_DUPFD_CLOEXEC, 3);
		sys_close(low_fd);
	}
	if (fd < 0)
		return fd;
	memcpy(parent->path, path, strlen(path) + 1);
	parent->resolve = resolve;
	parent->op_index = context->op_index;
	return parent->fd = fd;
}

/* Makes a directory in the one that is kept, and opens it. */
static int target_make(struct init_context *context, const char *name)
{
	struct op_parent *parent = &context->parent;
	int result = sys_mkdirat(parent->fd, name, 0755);

	if (result < 0)
		return result;
	parent->op_index = context->op_index;
	return sys_openat(parent->fd, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC, 0);
}

/*
 * What is missing is mostly just the last component, as with /dev/pts on a fresh /dev; and the next one is often in the
 * same directory.  -ENOENT: more is missing.
 */
static int target_open_dir(struct init_context *context, int rootfd, const char *path, uint64_t resolve)
{
	char parent[PATH_MAX];
	char name[PATH_NAME_SIZE];
	int split = path_split(path, parent, name);
	int fd;

	if (split == 0 && parent_is(context, parent, resolve)) {
		fd = target_make(context, name);
		if (fd >= 0)
			return fd;
	}
	parent_forget(context);
	fd = path_open_in_root(rootfd, path, O_PATH | O_DIRECTORY, resolve);
	if (fd != -ENOENT || split < 0)
		return fd;
	fd = parent_keep(context, parent, resolve,
	                 path_open_in_root(rootfd, parent, O_PATH | O_DIRECTORY, resolve));
	if (fd >= 0)
		fd = target_make(context, name);
	return fd < 0 ? -ENOENT : fd;
}

int op_target_open(struct init_context *context, const char *path, bool is_dir, uint32_t flags, struct err *err)
{
	uint64_t resolve = flags & MOUNT_NO_SYMLINK ? RESOLVE_NO_SYMLINKS : 0;
	int rootfd = op_slot_need(context, SLOT_ROOT, err);
	int fd;

	if (rootfd < 0)
		return -1;
	if (is_dir)
		fd = target_open_dir(context, rootfd, path, resolve);
	else
		fd = path_make_file_in_root(rootfd, path, 0644, resolve);
	if (fd == -ENOENT && is_dir)
		fd = path_make_dir_in_root(rootfd, path, 0755, resolve);
	if (fd >= 0)
		return fd;
	if (fd == -ELOOP && resolve)
		return err_sys(err, fd, "mount target %s: a symlink is not followed here", path);
	if (fd == -EISDIR)
		return err_sys(err, fd, "mount target %s: the source is a file, the target a directory", path);
	if (fd == -ENOTDIR && is_dir)
		return err_sys(err, fd, "mount target %s: a directory is needed", path);
	return err_sys(err, fd, "mount target %s", path);
}

int op_parent_open(struct init_context *context, const char *what, const char *path, char name[PATH_NAME_SIZE],
                   struct err *err)
{
	uint64_t resolve = strncmp(path, "/dev/", 5) == 0 ? RESOLVE_NO_SYMLINKS : 0;
	int rootfd = op_slot_need(context, SLOT_ROOT, err);
	char parent[PATH_MAX];
	int fd;

	if (rootfd < 0)
		return -1;
	fd = path_split(path, parent, name);
	if (fd == 0 && parent_is(context, parent, resolve)) {
		context->parent.op_index = context->op_index;
		return context->parent.fd;
	}
	if (fd == 0)
		fd = parent_keep(context, parent, resolve, path_make_dir_in_root(rootfd, parent, 0755, resolve));
	return fd < 0 ? err_sys(err, fd, "directory of the %s %s", what, path) : fd;
}
