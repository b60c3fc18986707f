/*
 * ops/readonly.c - OP_READONLY: a path of the container becomes read-only.
 *
 * Init process only, after the pivot.  The path is the container's and only resolved through sys/path.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "ops/attach.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/mount.h"
#include "sys/path.h"

int op_run_readonly(struct init_context *context, const struct plan_op *op, struct err *err)
{
	/* Only the mount on top, as runc does; what else the mount has stays. */
	static const struct op_attr readonly = { .set = MOUNT_ATTR_RDONLY };
	const char *path = plan_view_str(context->view, op->u.path.path);
	_cleanup_op_tree_ struct op_tree tree = OP_TREE_INIT;
	_cleanup_retired_fd_ int target_fd = -1;
	int rootfd = op_slot_need(context, SLOT_ROOT, err);
	int result;

	if (rootfd < 0)
		return -1;
	if (strcmp(path, "/") == 0)
		return op_attr_apply(context, rootfd, &readonly, "/", err);
	target_fd = path_open_in_root(rootfd, path, O_PATH, 0);
	if (target_fd == -ENOENT || target_fd == -ENOTDIR)
		return 0;
	if (target_fd < 0)
		return err_sys(err, target_fd, "read-only path %s", path);
	result = op_tree_open(target_fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &tree);
	if (result < 0)
		return err_sys(err, result, "open_tree %s", path);
	return op_tree_attach(context, &tree, target_fd, &readonly, path, err);
}
