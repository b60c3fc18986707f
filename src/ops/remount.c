/*
 * ops/remount.c - OP_REMOUNT: other attributes for a mount that exists.
 *
 * Init process only.  It must not resolve the destination but through sys/path.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "ops/attach.h"
#include "ops/fs.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/mount.h"
#include "sys/path.h"

static int remount_super(const struct init_context *context, const struct op_remount *remount, int fd, struct err *err)
{
	const char *path = plan_view_str(context->view, remount->destination);
	_cleanup_retired_fd_ int context_fd = sys_fspick(fd, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
	char what[320];
	int result = 0;

	if (context_fd < 0)
		return err_sys(err, context_fd, "fspick %s", path);
	snprintf(what, sizeof(what), "remount %.300s", path);
	/* The context starts with what the superblock has, so "rw" has to be said. */
	if (!(remount->sb_flags & MS_RDONLY) && (remount->attr_clear & MOUNT_ATTR_RDONLY))
		result = sys_fsconfig(context_fd, FSCONFIG_SET_FLAG, "rw", NULL, 0);
	if (result < 0)
		return op_fs_error(context_fd, result, what, "option \"rw\"", err);
	if (op_fs_configure(context, context_fd, remount->sb_flags, remount->options, what, err) < 0)
		return -1;
	result = sys_fsconfig(context_fd, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
	return result < 0 ? op_fs_error(context_fd, result, what, "fsconfig reconfigure", err) : 0;
}

int op_run_remount(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_remount *remount = &op->u.remount;
	const char *path = plan_view_str(context->view, remount->destination);
	uint64_t resolve = remount->flags & MOUNT_NO_SYMLINK ? RESOLVE_NO_SYMLINKS : 0;
	const struct op_attr attr = {
		.set = remount->attr_set, .clear = remount->attr_clear,
		.rec_set = remount->rec_attr_set, .rec_clear = remount->rec_attr_clear,
		.is_keeping_locked = remount->flags & MOUNT_KEEP_LOCKED,
	};
	int rootfd = op_slot_need(context, SLOT_ROOT, err);
	_cleanup_retired_fd_ int fd = rootfd < 0 ? -1 : path_open_in_root(rootfd, path, O_PATH, resolve);

	if (rootfd < 0)
		return -1;
	if (fd < 0)
		return err_sys(err, fd, "remount %s", path);
	if (remount->has_super && remount_super(context, remount, fd, err) < 0)
		return -1;
	if (op_attr_apply(context, fd, &attr, path, err) < 0)
		return err->errnum == EINVAL ? err_prefix(err, "remount (is it a mount point?)") : -1;
	return op_propagation_apply(context, fd, remount->propagation, path, err);
}
