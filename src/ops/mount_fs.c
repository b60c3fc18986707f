/*
 * ops/mount_fs.c - OP_MOUNT_FS: a new file system at a place in the container's root.
 *
 * Init process only.  It must not resolve the destination but through sys/path.h.
 */
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "ops/attach.h"
#include "ops/fs.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/mount.h"

/* init has none of its own (op_run_root()). */
#define MOUNT_UMASK 0022

/* For file systems that take no context= but keep labels of their files (mqueue). */
static int set_label(const struct init_context *context, const struct op_mount_fs *mount, int mount_fd, struct err *err)
{
	const char *label = plan_view_str(context->view, mount->label);
	_cleanup_fd_ int fd = -1;
	int result;

	if (!label[0])
		return 0;
	result = fd = sys_openat(mount_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (result >= 0)
		result = sys_fsetxattr(fd, "security.selinux", label, strlen(label), 0);
	if (result < 0)
		return err_sys(err, result, "set security.selinux of %s to %s",
		               plan_view_str(context->view, mount->destination), label);
	return 0;
}

static int make_and_attach(const struct init_context *context, const struct op_mount_fs *mount, int target_fd,
                           uint64_t attr, struct op_fs *fs, struct err *err)
{
	int result = op_fs_make(context, mount, target_fd, attr, fs, err);

	if (result < 0)
		return -1;
	if (result > 0) {
		op_fs_close(fs);
		return op_fs_mount_plain(context, mount, target_fd, attr, fs, err);
	}
	result = mount_attach(fs->mount_fd, target_fd);
	return result < 0 ? err_sys(err, result, "move_mount %s", plan_view_str(context->view, mount->destination)) : 0;
}

int op_run_mount_fs(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_mount_fs *mount = &op->u.mount_fs;
	const char *path = plan_view_str(context->view, mount->destination);
	/* The mount is new, with nothing beneath it: recursive attributes are plain ones, and none is to be cleared. */
	uint64_t attr = mount->attr_set | mount->rec_attr_set;
	_cleanup_op_fs_ struct op_fs fs = OP_FS_INIT;
	_cleanup_retired_fd_ int target_fd = op_target_open(context, path, true, mount->flags, err);
	bool is_pathless = op_fs_is_pathless(context, mount);
	int result;

	if (target_fd < 0)
		return -1;
	if (op_fs_mount_at_once(context, mount, target_fd, attr))
		return 0;
	/* FAT and its like: their files have the mode that the umask of who mounts them leaves. */
	if (!is_pathless)
		(void)sys_umask(MOUNT_UMASK);
	result = make_and_attach(context, mount, target_fd, attr, &fs, err);
	if (!is_pathless)
		(void)sys_umask(0);
	if (result < 0 || set_label(context, mount, fs.mount_fd, err))
		return -1;
	return op_propagation_apply(context, fs.mount_fd, mount->propagation, path, err);
}
