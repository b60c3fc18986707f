/*
 * ops/mount_bind.c - OP_MOUNT_BIND: a file or directory of the host, or a tree that the runtime opened.
 *
 * Init process only.  The source is a path of the host and trusted; the destination is not, and is only resolved
 * through sys/path.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <linux/magic.h>

#include "base/fd.h"
#include "base/log.h"
#include "ops/attach.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/path.h"

/* Returns 1 when there is nothing to mount: an optional source that is missing. */
static int bind_open(struct init_context *context, const struct op_mount_bind *bind, const struct op_attr *attr,
                     struct op_tree *tree, struct err *err)
{
	const char *source = plan_view_str(context->view, bind->source);
	unsigned flags = 0;
	int result;

	if (bind->source_slot != SLOT_NONE) {
		/* The runtime leaves the slot of a missing optional source empty. */
		if (op_slot(context, bind->source_slot) < 0 && (bind->flags & MOUNT_OPTIONAL))
			return 1;
		if (op_slot_need(context, bind->source_slot, err) < 0)
			return -1;
		tree->fd = op_slot_take(context, bind->source_slot);
		return 0;
	}
	flags |= bind->flags & MOUNT_RECURSIVE ? AT_RECURSIVE : 0;
	flags |= bind->flags & MOUNT_SRC_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
	result = op_tree_open_as(AT_FDCWD, source, flags, attr, tree);
	if (result == -ENOENT && (bind->flags & MOUNT_OPTIONAL))
		return 1;
	/* A user namespace must not uncover what is hidden beneath a mount (mount_namespaces(7)). */
	if (result == -EINVAL && !(bind->flags & MOUNT_RECURSIVE))
		return err_sys(err, result, "open_tree %s (with locked mounts beneath, only rbind works)", source);
	if (result < 0)
		return err_sys(err, result, "open_tree %s", source);
	return 0;
}

/* CVE-2019-16884: over /proc only a whole procfs may come, or labels would be written to a forgery. */
static int bind_check_proc(int fd, const char *source, struct err *err)
{
	struct statfs fs;
	struct stat status;
	int result = sys_fstatfs(fd, &fs);

	if (result >= 0)
		result = sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "fstat %s", source);
	if (fs.f_type != PROC_SUPER_MAGIC || status.st_ino != 1 /* PROC_ROOT_INO */)
		return err_set(err, ERR_CONFIG, "bind of %s over /proc: it is not the root of a procfs", source);
	return 0;
}

/* MOUNT_COPY_SYMLINK: 1 when the source was a symlink and has been made anew. */
static int bind_copy_symlink(const struct init_context *context, const char *source, const char *path, struct err *err)
{
	_cleanup_fd_ int parent_fd = -1;
	char target[PATH_MAX];
	char name[PATH_NAME_SIZE];
	ssize_t length = sys_readlinkat(AT_FDCWD, source, target, sizeof(target) - 1);
	int result;

	if (length < 0)
		return 0;
	target[length] = '\0';
	parent_fd = path_open_parent_in_root(op_slot(context, SLOT_ROOT), path, 0, name);
	if (parent_fd < 0)
		return err_sys(err, parent_fd, "parent of %s", path);
	result = sys_symlinkat(target, parent_fd, name);
	if (result < 0 && result != -EEXIST)
		return err_sys(err, result, "symlink %s", path);
	return 1;
}

/*
 * MOUNT_KEEP_MODE, for a tmpfs that the runtime made: it couldn't see what the mount will cover.  An id map may leave
 * nobody who is allowed to; then the file system's own mode stays.
 */
static void bind_keep_mode(const struct init_context *context, int tree_fd, int target_fd, const char *path)
{
	_cleanup_fd_ int fd = sys_openat(tree_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	struct stat status;
	int result = fd < 0 ? fd : sys_fstat(target_fd, &status);

	if (result >= 0)
		result = sys_fchmod(fd, status.st_mode & 07777);
	if (result < 0)
		op_log(context, LOG_LEVEL_DEBUG, "the mode of %s isn't that of the directory below: %d", path, -result);
}

static int bind_place(struct init_context *context, const struct op_mount_bind *bind, const struct op_attr *attr,
                      struct op_tree *tree, struct err *err)
{
	const char *source = plan_view_str(context->view, bind->source);
	const char *path = plan_view_str(context->view, bind->destination);
	_cleanup_retired_fd_ int target_fd = -1;
	struct stat status = { .st_mode = S_IFDIR };
	int result = bind->flags & MOUNT_SOURCE_DIR ? 0 : sys_fstat(tree->fd, &status);

	if (result < 0)
		return err_sys(err, result, "fstat %s", source);
	if ((bind->flags & MOUNT_SOURCE_PROC) && bind_check_proc(tree->fd, source, err) < 0)
		return -1;
	target_fd = op_target_open(context, path, S_ISDIR(status.st_mode), bind->flags, err);
	if (target_fd < 0)
		return -1;
	if (bind->flags & MOUNT_KEEP_MODE)
		bind_keep_mode(context, tree->fd, target_fd, path);
	if (op_tree_attach(context, tree, target_fd, attr, path, err) < 0)
		return -1;
	if (bind->source_slot != SLOT_NONE && op_tree_cut_off(context, tree->fd, MS_SLAVE, source, err) < 0)
		return -1;
	return op_propagation_apply(context, tree->fd, bind->propagation, path, err);
}

int op_run_mount_bind(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_mount_bind *bind = &op->u.mount_bind;
	const char *source = plan_view_str(context->view, bind->source);
	const char *path = plan_view_str(context->view, bind->destination);
	const struct op_attr attr = {
		.set = bind->attr_set, .clear = bind->attr_clear,
		.rec_set = bind->rec_attr_set, .rec_clear = bind->rec_attr_clear,
		.is_keeping_locked = bind->flags & MOUNT_KEEP_LOCKED,
	};
	_cleanup_op_tree_ struct op_tree tree = OP_TREE_INIT;
	int result;

	if (bind->flags & MOUNT_COPY_SYMLINK) {
		result = bind_copy_symlink(context, source, path, err);
		if (result != 0)
			return result < 0 ? -1 : 0;
	}
	result = bind_open(context, bind, &attr, &tree, err);
	if (result != 0)
		return result < 0 ? -1 : 0;
	return bind_place(context, bind, &attr, &tree, err);
}
