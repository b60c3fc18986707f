/*
 * ops/attach.c - a tree on its way into the container: clone, attributes, target, propagation.
 *
 * Init process only.  It must not use a path inside the container's root but through sys/path.h, and must not look a
 * target up a second time where the kernel can hand out the mount's own fd.
 */
#include "ops/attach.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/path.h"

void op_tree_close(struct op_tree *tree)
{
	op_fd_retire(&tree->fd);
}

int op_tree_open(int dirfd, const char *path, unsigned flags, struct op_tree *tree)
{
	int fd = sys_open_tree(dirfd, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
	int nofollow = flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0;

	tree->is_recursive = flags & AT_RECURSIVE;
	tree->is_plain = mount_is_missing(fd);
	/* An fd can't be opened again by "", but it can be duplicated. */
	if (tree->is_plain && (flags & AT_EMPTY_PATH))
		fd = sys_fcntl(dirfd, F_DUPFD_CLOEXEC, 3);
	else if (tree->is_plain)
		fd = sys_openat(dirfd, path, O_PATH | O_CLOEXEC | nofollow, 0);
	if (fd < 0)
		return fd;
	tree->fd = fd;
	return 0;
}

int op_tree_open_as(int dirfd, const char *path, unsigned flags, const struct op_attr *attr, struct op_tree *tree)
{
	bool is_simple = (attr->set | attr->clear) && !(attr->rec_set | attr->rec_clear) && !(flags & AT_RECURSIVE);
	int fd = is_simple ? mount_clone_with_attr(dirfd, path, flags, attr->set, attr->clear) : -ENOSYS;

	/* A failure is judged by the two calls, whose errors say which it was, and which know about locked flags. */
	if (fd < 0)
		return op_tree_open(dirfd, path, flags, tree);
	*tree = (struct op_tree){ .fd = fd, .has_attr = true };
	return 0;
}

/* One mount_setattr(2).  proc_fd -1: only on a detached tree. */
static int attr_change(int proc_fd, int fd, unsigned flags, uint64_t set, uint64_t clear, bool is_keeping_locked)
{
	uint64_t now;
	int result;

	if (!(set | clear))
		return 0;
	result = mount_set_attr(proc_fd, fd, flags, set, clear);
	if (result != -EPERM || !is_keeping_locked || mount_get_attr(fd, &now) < 0)
		return result;
	/*
	 * mount_namespaces(7): a less privileged namespace can't clear ro, nosuid, nodev and noexec, nor change the
	 * atime mode of a mount that it got.  Beneath a recursive change each mount has other flags: none is cleared
	 * there.
	 */
	clear &= flags & AT_RECURSIVE ? 0 : ~now;
	clear &= ~(uint64_t)(MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME);
	set &= ~(uint64_t)(MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME);
	return set | clear ? mount_set_attr(proc_fd, fd, flags, set, clear) : 0;
}

static int attr_apply(int proc_fd, int fd, const struct op_attr *attr)
{
	int result = attr_change(proc_fd, fd, 0, attr->set, attr->clear, attr->is_keeping_locked);

	if (result < 0)
		return result;
	return attr_change(proc_fd, fd, AT_RECURSIVE, attr->rec_set, attr->rec_clear, attr->is_keeping_locked);
}

static int attr_error(int result, const struct op_attr *attr, const char *path, struct err *err)
{
	if (result == -ENOSYS && (attr->rec_set | attr->rec_clear))
		return err_set(err, ERR_UNSUPPORTED,
		               "recursive attributes of %s need mount_setattr(2) of Linux 5.12", path);
	return err_sys(err, result, "mount_setattr %s", path);
}

int op_attr_apply(const struct init_context *context, int fd, const struct op_attr *attr, const char *path,
                  struct err *err)
{
	int result = attr_apply(op_slot(context, SLOT_PROC), fd, attr);

	return result < 0 ? attr_error(result, attr, path, err) : 0;
}

int op_propagation_apply(const struct init_context *context, int fd, struct plan_numbers propagation, const char *path,
                         struct err *err)
{
	const uint32_t *flags = plan_view_numbers(context->view, propagation);

	for (uint32_t i = 0; i < propagation.count; i++) {
		int result = mount_set_propagation(op_slot(context, SLOT_PROC), fd, flags[i]);

		if (result < 0)
			return err_sys(err, result, "propagation of %s", path);
	}
	return 0;
}

int op_tree_cut_off(const struct init_context *context, int fd, uint32_t propagation, const char *path,
                    struct err *err)
{
	int result = mount_set_propagation(op_slot(context, SLOT_PROC), fd, propagation | MS_REC);

	return result < 0 ? err_sys(err, result, "cut off the mounts of %s from the host's", path) : 0;
}

/* mount(2) gives no fd of what it mounts: look the target up again, and be sure that it is what was mounted. */
static int tree_reopen(const struct init_context *context, struct op_tree *tree, const char *path, struct err *err)
{
	_cleanup_retired_fd_ int fd = path_open_in_root(op_slot(context, SLOT_ROOT), path, O_PATH, 0);
	struct stat now;
	struct stat wanted;
	int result = fd;

	if (result >= 0)
		result = sys_fstat(fd, &now);
	if (result >= 0)
		result = sys_fstat(tree->fd, &wanted);
	if (result < 0)
		return err_sys(err, result, "open the mount at %s", path);
	if (now.st_dev != wanted.st_dev || now.st_ino != wanted.st_ino)
		return err_set(err, ERR_SYSTEM, "mount at %s: something else was put there meanwhile", path);
	op_tree_close(tree);
	tree->fd = fd_take(&fd);
	tree->is_plain = false;
	return 0;
}

static int tree_attach_plain(const struct init_context *context, struct op_tree *tree, int target_fd,
                             const struct op_attr *attr, const char *path, struct err *err)
{
	unsigned long flags = MS_BIND | (tree->is_recursive ? MS_REC : 0);
	int proc_fd = op_slot_need(context, SLOT_PROC, err);
	int result;

	if (proc_fd < 0)
		return -1;
	result = mount_at_fd(proc_fd, NULL, tree->fd, target_fd, NULL, flags, NULL);
	if (result < 0)
		return err_sys(err, result, "bind mount at %s", path);
	if (tree_reopen(context, tree, path, err) < 0)
		return -1;
	return op_attr_apply(context, tree->fd, attr, path, err);
}

int op_tree_attach(const struct init_context *context, struct op_tree *tree, int target_fd, const struct op_attr *attr,
                   const char *path, struct err *err)
{
	bool is_late;
	int result;

	if (tree->is_plain)
		return tree_attach_plain(context, tree, target_fd, attr, path, err);
	result = tree->has_attr ? 0 : attr_apply(-1, tree->fd, attr);
	is_late = result == -ENOSYS;
	if (result < 0 && !is_late)
		return attr_error(result, attr, path, err);
	result = mount_attach(tree->fd, target_fd);
	if (result < 0)
		return err_sys(err, result, "move_mount %s", path);
	/* Linux 5.2 to 5.11 changes attributes of what is attached only. */
	return is_late ? op_attr_apply(context, tree->fd, attr, path, err) : 0;
}
