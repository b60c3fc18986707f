/*
 * ops/copy_up.c - OP_COPY_UP: a tmpfs that starts with what the directory under it holds.
 *
 * Init process only.  It must not resolve the destination but through sys/path.h.
 */
#include "ops/attach.h"
#include "ops/copy_tree.h"
#include "ops/fs.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/mount.h"

/* Read-only comes last, when the copy is complete: of the superblock, then of the mount. */
static int copy_up_seal(const struct init_context *context, const struct op_mount_fs *mount, uint64_t attr,
                        const struct op_fs *fs, const char *path, struct err *err)
{
	const struct op_attr late = { .set = attr & MOUNT_ATTR_RDONLY };
	int result = 0;

	if (mount->sb_flags & MS_RDONLY) {
		/* After fsmount(2) the context reconfigures what it made; mount(2) left none. */
		if (fs->context_fd < 0)
			return err_set(err, ERR_UNSUPPORTED,
			               "tmpcopyup with ro at %s needs fsopen(2) of Linux 5.2", path);
		result = sys_fsconfig(fs->context_fd, FSCONFIG_SET_FLAG, "ro", NULL, 0);
		if (result >= 0)
			result = sys_fsconfig(fs->context_fd, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
	}
	if (result < 0)
		return op_fs_error(fs->context_fd, result, path, "fsconfig reconfigure", err);
	return late.set ? op_attr_apply(context, fs->mount_fd, &late, path, err) : 0;
}

int op_run_copy_up(struct init_context *context, const struct plan_op *op, struct err *err)
{
	struct op_mount_fs mount = op->u.copy_up.mount;
	const char *path = plan_view_str(context->view, mount.destination);
	uint64_t attr = mount.attr_set | mount.rec_attr_set;
	_cleanup_op_fs_ struct op_fs fs = OP_FS_INIT;
	_cleanup_retired_fd_ int target_fd = op_target_open(context, path, true, mount.flags, err);
	int result;

	if (target_fd < 0)
		return -1;
	mount.sb_flags &= ~(uint32_t)MS_RDONLY;
	result = op_fs_make(context, &mount, target_fd, attr & ~(uint64_t)MOUNT_ATTR_RDONLY, &fs, err);
	if (result > 0) {
		op_fs_close(&fs);
		result = op_fs_mount_plain(context, &mount, target_fd, attr & ~(uint64_t)MOUNT_ATTR_RDONLY, &fs, err);
	} else if (result == 0) {
		result = mount_attach(fs.mount_fd, target_fd);
		if (result < 0)
			return err_sys(err, result, "move_mount %s", path);
	}
	if (result < 0)
		return -1;
	/* target_fd is still the directory underneath: by its fd it stays reachable. */
	if (op_copy_tree(target_fd, fs.mount_fd, path, err) < 0)
		return -1;
	if (copy_up_seal(context, &op->u.copy_up.mount, attr, &fs, path, err) < 0)
		return -1;
	return op_propagation_apply(context, fs.mount_fd, mount.propagation, path, err);
}
