/*
 * ops/mask.c - OP_MASK: hides a path of the container.
 *
 * Init process only, after the pivot.  A file is hidden by the host's /dev/null, whose mount was opened and checked
 * before the container's root was touched: the container's own could be anything (CVE-2025-31133).  A directory is
 * hidden by an empty tmpfs, one for all of them: a superblock each costs (runc#5275).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "ops/attach.h"
#include "ops/device.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/path.h"

/* A label and its option for mount(2), which reads a page. */
#define LABEL_SIZE 4096

#define MASK_ATTR (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* "context=LABEL" */
static int mask_set_label(int context_fd, const char *option)
{
	const char *equals = strchr(option, '=');
	char key[32];

	if (!option[0])
		return 0;
	if (!equals || (size_t)(equals - option) >= sizeof(key))
		return -EINVAL;
	memcpy(key, option, (size_t)(equals - option));
	key[equals - option] = '\0';
	return sys_fsconfig(context_fd, FSCONFIG_SET_STRING, key, equals + 1, 0);
}

/* For mount(2), to which a comma in a label would be the end of it. */
static const char *mask_data(const char *option, char *data, size_t size)
{
	const char *equals = strchr(option, '=');
	int key_length = equals ? (int)(equals + 1 - option) : 0;

	snprintf(data, size, "nr_inodes=1");
	if (option[0])
		snprintf(data, size, "nr_inodes=1,%.*s\"%s\"", key_length, option, option + key_length);
	return data;
}

/* A detached, empty, read-only tmpfs; -ENOSYS or -EPERM where it takes mount(2). */
static int mask_make_tmpfs(const char *option)
{
	_cleanup_retired_fd_ int context_fd = sys_fsopen("tmpfs", FSOPEN_CLOEXEC);
	int result = context_fd;

	if (result >= 0)
		result = sys_fsconfig(context_fd, FSCONFIG_SET_STRING, "nr_inodes", "1", 0);
	if (result >= 0)
		result = mask_set_label(context_fd, option);
	if (result >= 0)
		result = sys_fsconfig(context_fd, FSCONFIG_SET_FLAG, "ro", NULL, 0);
	if (result >= 0)
		result = sys_fsconfig(context_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	return result < 0 ? result : sys_fsmount(context_fd, FSMOUNT_CLOEXEC, MASK_ATTR);
}

/* Mounts a clone of what is attached at fd. */
static int mask_clone(int fd, int target_fd)
{
	_cleanup_retired_fd_ int tree_fd = sys_open_tree(fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	return tree_fd < 0 ? tree_fd : mount_attach(tree_fd, target_fd);
}

static int mask_dir(struct init_context *context, int target_fd, const struct op_mask *mask, struct err *err)
{
	const char *path = plan_view_str(context->view, mask->path);
	const char *option = plan_view_str(context->view, mask->option);
	char data[LABEL_SIZE];
	_cleanup_retired_fd_ int fd = -1;
	int result;

	if (op_slot(context, SLOT_MASK) >= 0) {
		result = mask_clone(op_slot(context, SLOT_MASK), target_fd);
		return result < 0 ? err_sys(err, result, "mask %s", path) : 0;
	}
	result = fd = mask_make_tmpfs(option);
	if (mount_is_missing(result) && op_slot(context, SLOT_PROC) >= 0) {
		result = mount_at_fd(op_slot(context, SLOT_PROC), "tmpfs", -1, target_fd, "tmpfs",
		                     MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		                     mask_data(option, data, sizeof(data)));
		return result < 0 ? err_sys(err, result, "mask %s: mount tmpfs", path) : 0;
	}
	if (result >= 0)
		result = mount_attach(fd, target_fd);
	if (result < 0)
		return err_sys(err, result, "mask %s: tmpfs", path);
	/* Only what is attached can be cloned on every kernel, so it is remembered from here on. */
	op_slot_fill(context, SLOT_MASK, fd_take(&fd));
	return 0;
}

/*
 * Without open_tree(2) no mount of the host outlives the pivot: the container's /dev/null serves when its fd proves to
 * be the device.
 */
static int mask_file_plain(const struct init_context *context, int target_fd, const char *path, struct err *err)
{
	int proc_fd = op_slot_need(context, SLOT_PROC, err);
	_cleanup_retired_fd_ int fd = path_open_in_root(op_slot(context, SLOT_ROOT), "/dev/null", O_PATH | O_NOFOLLOW,
	                                        RESOLVE_NO_SYMLINKS);
	struct stat status;
	int result = fd < 0 ? fd : sys_fstat(fd, &status);

	if (proc_fd < 0)
		return -1;
	if (result >= 0 && !op_is_device(&status, S_IFCHR, 1, 3))
		return err_set(err, ERR_CONFIG, "mask %s: /dev/null of the container is not the null device", path);
	if (result >= 0)
		result = mount_at_fd(proc_fd, NULL, fd, target_fd, NULL, MS_BIND, NULL);
	return result < 0 ? err_sys(err, result, "mask %s: bind /dev/null", path) : 0;
}

static int mask_file(struct init_context *context, int target_fd, const char *path, struct err *err)
{
	int null_fd = op_slot_need(context, SLOT_NULL, err);
	int result;

	if (null_fd < 0)
		return -1;
	if (context->is_null_attached)
		result = mask_clone(null_fd, target_fd);
	else
		result = mount_attach(null_fd, target_fd);
	/* What OP_OPEN_TREE could only open, but not clone, is no mount of its own: EINVAL. */
	if (mount_is_missing(result) || (result == -EINVAL && !context->is_null_attached))
		return mask_file_plain(context, target_fd, path, err);
	if (result < 0)
		return err_sys(err, result, "mask %s: /dev/null", path);
	context->is_null_attached = true;
	return 0;
}

int op_run_mask(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const char *path = plan_view_str(context->view, op->u.mask.path);
	int rootfd = op_slot_need(context, SLOT_ROOT, err);
	_cleanup_retired_fd_ int target_fd = -1;
	struct stat status;
	int result;

	if (rootfd < 0)
		return -1;
	target_fd = path_open_in_root(rootfd, path, O_PATH, 0);
	if (target_fd == -ENOENT || target_fd == -ENOTDIR)
		return 0;
	result = target_fd < 0 ? target_fd : sys_fstat(target_fd, &status);
	if (result < 0)
		return err_sys(err, result, "mask %s", path);
	if (S_ISDIR(status.st_mode))
		return mask_dir(context, target_fd, &op->u.mask, err);
	return mask_file(context, target_fd, path, err);
}
