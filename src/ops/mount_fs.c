/*
 * ops/mount_fs.c - OP_MOUNT_FS: a new file system at a place in the container's root.
 *
 * Init process only.  It must not resolve the destination but through sys/path.h.
 */
#include "ops/attach.h"
#include "ops/fs.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/mount.h"

int op_run_mount_fs(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_mount_fs *mount = &op->u.mount_fs;
	const char *path = plan_view_str(context->view, mount->destination);
	/* The mount is new, with nothing beneath it: recursive attributes are plain ones, and none is to be cleared. */
	uint64_t attr = mount->attr_set | mount->rec_attr_set;
	_cleanup_op_fs_ struct op_fs fs = OP_FS_INIT;
	_cleanup_retired_fd_ int target_fd = op_target_open(context, path, true, mount->flags, err);
	int result;

	if (target_fd < 0)
		return -1;
	result = op_fs_make(context, mount, target_fd, attr, &fs, err);
	if (result < 0)
		return -1;
	if (result > 0) {
		op_fs_close(&fs);
		result = op_fs_mount_plain(context, mount, target_fd, attr, &fs, err);
	} else {
		result = mount_attach(fs.mount_fd, target_fd);
		if (result < 0)
			return err_sys(err, result, "move_mount %s", path);
	}
	if (result < 0)
		return -1;
	return op_propagation_apply(context, fs.mount_fd, mount->propagation, path, err);
}
