/*
 * ops/device.c - OP_DEVICE: a device node in the container.
 *
 * Init process only, after the pivot.  The image owns the directory, so nothing there is followed, and a node counts as
 * the device only when its fd says so (CVE-2026-47766, CVE-2026-88264).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "ops/attach.h"
#include "ops/device.h"
#include "ops/op.h"
#include "sys/file.h"
#include "sys/path.h"

/* The node was made by mknodat just now; its owner is set through an fd that is checked to be it. */
static int device_chown(int dirfd, const char *name, const struct op_device *device, const char *path, struct err *err)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int result;

	if (device->uid == 0 && device->gid == 0)
		return 0;
	fd = sys_openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	result = fd < 0 ? fd : sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "open the device %s", path);
	if (!op_is_device(&status, device->type, device->major, device->minor))
		return err_set(err, ERR_SYSTEM, "device %s: something else was put there meanwhile", path);
	result = sys_fchownat(fd, "", device->uid, device->gid, AT_EMPTY_PATH);
	return result < 0 ? err_sys(err, result, "chown of the device %s", path) : 0;
}

/* Something is at the path already.  1: it is the device. */
static int device_is_there(int dirfd, const char *name, const struct op_device *device, const char *path,
                           struct err *err)
{
	struct stat status;
	int result = sys_fstatat(dirfd, name, &status, AT_SYMLINK_NOFOLLOW);

	if (result < 0)
		return err_sys(err, result, "stat %s", path);
	if (op_is_device(&status, device->type, device->major, device->minor))
		return 1;
	/* An empty file to bind onto is what other runtimes leave in an image. */
	if (device->slot != SLOT_NONE && S_ISREG(status.st_mode))
		return 0;
	return err_sys(err, EEXIST, "device %s: %s", path,
	               S_ISLNK(status.st_mode) ? "a symlink, which is not followed" : "something else is there");
}

/* A user namespace can't make devices: the host's is bound onto an empty file. */
static int device_bind(struct init_context *context, int dirfd, const char *name, const struct op_device *device,
                       const char *path, struct err *err)
{
	static const struct op_attr no_change;
	_cleanup_op_tree_ struct op_tree tree = OP_TREE_INIT;
	_cleanup_fd_ int target_fd = -1;
	int result;

	if (op_slot_need(context, device->slot, err) < 0)
		return -1;
	result = sys_mknodat(dirfd, name, S_IFREG | 0644, 0);
	if (result < 0 && result != -EEXIST)
		return err_sys(err, result, "make a file at %s to bind the device onto", path);
	target_fd = sys_openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (target_fd < 0)
		return err_sys(err, target_fd, "open %s", path);
	tree.fd = op_slot_take(context, device->slot);
	return op_tree_attach(context, &tree, target_fd, &no_change, path, err);
}

int op_run_device(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_device *device = &op->u.device;
	const char *path = plan_view_str(context->view, device->path);
	char name[PATH_NAME_SIZE];
	int dirfd = op_parent_open(context, "device", path, name, err);
	int result;

	if (dirfd < 0)
		return -1;
	result = sys_mknodat(dirfd, name, device->type | device->mode, op_device_number(device->major, device->minor));
	if (result >= 0)
		return device_chown(dirfd, name, device, path, err);
	if (result == -EEXIST) {
		int found = device_is_there(dirfd, name, device, path, err);

		if (found != 0)
			return found < 0 ? -1 : 0;
	} else if (result != -EPERM || device->slot == SLOT_NONE) {
		return err_sys(err, result, "mknod %s", path);
	}
	return device_bind(context, dirfd, name, device, path, err);
}
