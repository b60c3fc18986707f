/*
 * ops/root.c - OP_ROOT: the container's root directory becomes a mount that pivot_root(2) accepts.
 *
 * Init process only.  The path is the host's and trusted up to the root directory, not beyond.
 */
#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "ops/attach.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/mount.h"

/* Directories from a root up to the mount that holds it. */
#define DEPTH_MAX 512

/*
 * Makes the mount that holds fd private.  mount_setattr(2) answers EINVAL for what is not the root of a mount, so
 * going up until it doesn't finds the mount without reading /proc/self/mountinfo.  pivot_root(2) refuses a root on a
 * shared mount.
 */
static int root_make_private(const struct init_context *context, int rootfd, const char *path, struct err *err)
{
	_cleanup_fd_ int fd = sys_openat(rootfd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	int result = -EINVAL;

	for (int i = 0; i < DEPTH_MAX && fd >= 0; i++) {
		int parent_fd;

		result = mount_set_propagation(op_slot(context, SLOT_PROC), fd, MS_PRIVATE);
		if (result != -EINVAL)
			break;
		parent_fd = sys_openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
		fd_close(&fd);
		fd = parent_fd;
	}
	return result < 0 ? err_sys(err, result, "make the mount that holds %s private", path) : 0;
}

static int root_check(int fd, const char *path, struct err *err)
{
	struct stat status;
	int result = sys_fstat(fd, &status);

	if (result < 0)
		return err_sys(err, result, "fstat %s", path);
	if (!S_ISDIR(status.st_mode))
		return err_set(err, ERR_CONFIG, "the root %s is not a directory", path);
	return 0;
}

/* A tree from the runtime, whose place may be out of reach for this process: it covers "/", which the pivot removes. */
static int root_attach(struct init_context *context, const struct op_root *root, const char *path, struct err *err)
{
	_cleanup_fd_ int tree_fd = -1;
	_cleanup_fd_ int host_fd = sys_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	int result;

	if (op_slot_need(context, root->slot, err) < 0)
		return -1;
	tree_fd = op_slot_take(context, root->slot);
	if (root_check(tree_fd, path, err) < 0)
		return -1;
	if (host_fd < 0)
		return err_sys(err, host_fd, "open /");
	if ((root->flags & ROOT_PRIVATE_PARENT) && root_make_private(context, host_fd, "/", err) < 0)
		return -1;
	result = mount_attach(tree_fd, host_fd);
	if (result < 0)
		return err_sys(err, result, "move_mount of the root %s", path);
	if (op_tree_cut_off(context, tree_fd, root->flags & ROOT_PRIVATE_TREE ? MS_PRIVATE : MS_SLAVE, path, err) < 0)
		return -1;
	op_slot_fill(context, SLOT_ROOT, fd_take(&tree_fd));
	return 0;
}

/* Binds the root onto itself. */
static int root_bind(struct init_context *context, int fd, const char *path, struct err *err)
{
	_cleanup_op_tree_ struct op_tree tree = OP_TREE_INIT;
	int result = op_tree_open(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &tree);

	if (result < 0)
		return err_sys(err, result, "open_tree %s", path);
	if (!tree.is_plain) {
		result = mount_attach(tree.fd, fd);
	} else {
		if (op_slot_need(context, SLOT_PROC, err) < 0)
			return -1;
		result = mount_at_fd(op_slot(context, SLOT_PROC), NULL, fd, fd, NULL, MS_BIND | MS_REC, NULL);
		op_tree_close(&tree);
		tree.fd = result < 0 ? -1 : sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
		if (tree.fd < 0 && result >= 0)
			result = tree.fd;
	}
	if (result < 0)
		return err_sys(err, result, "bind the root %s onto itself", path);
	op_slot_fill(context, SLOT_ROOT, fd_take(&tree.fd));
	return 0;
}

int op_run_root(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_root *root = &op->u.root;
	const char *path = plan_view_str(context->view, root->path);
	_cleanup_retired_fd_ int fd = -1;

	/* What is made gets the mode that is asked for, whatever the caller's umask; OP_UMASK sets the program's. */
	sys_umask(0);
	if (root->slot != SLOT_NONE)
		return root_attach(context, root, path, err);
	fd = sys_openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, fd, "open the root %s", path);
	if (root_check(fd, path, err) < 0)
		return -1;
	if ((root->flags & ROOT_PRIVATE_PARENT) && root_make_private(context, fd, path, err) < 0)
		return -1;
	if (root->flags & ROOT_BIND)
		return root_bind(context, fd, path, err);
	op_slot_fill(context, SLOT_ROOT, fd_take(&fd));
	return 0;
}
