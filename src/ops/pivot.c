/*
 * ops/pivot.c - OP_PIVOT: SLOT_ROOT becomes "/", and the host's file systems go away.
 *
 * Init process only.  Nothing of it may reach the host's mount namespace: the old
 * root is a slave before it is unmounted.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/path.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/proc.h"
#include "sys/process.h"

#define UMOUNT_DETACH 2 /* MNT_DETACH */
/* mountinfo of a host with ten thousands of mounts; untouched pages cost nothing. */
#define MOUNTINFO_SIZE (32u << 20)

static int pivot_root(int rootfd, struct err *err)
{
	_cleanup_retired_fd_ int old_fd = sys_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	int result;

	if (old_fd < 0)
		return err_sys(err, old_fd, "open the old root /");
	result = sys_fchdir(rootfd);
	if (result < 0)
		return err_sys(err, result, "fchdir to the root");
	/* The old root ends up mounted over the new one, so no directory for it is needed (pivot_root(2)). */
	result = sys_pivot_root(".", ".");
	if (result == -EINVAL)
		return err_sys(err, result, "pivot_root: a shared mount at the root, or an initramfs (--no-pivot)");
	if (result < 0)
		return err_sys(err, result, "pivot_root");
	result = sys_fchdir(old_fd);
	if (result < 0)
		return err_sys(err, result, "fchdir to the old root");
	/* An unmount would travel to the peers of a shared mount: to the host. */
	result = sys_mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL);
	if (result < 0)
		return err_sys(err, result, "mount the old root as MS_SLAVE");
	result = sys_umount2(".", UMOUNT_DETACH);
	return result < 0 ? err_sys(err, result, "umount of the old root") : 0;
}

static int pivot_hide(const char *path, struct err *err)
{
	int result = sys_mount(NULL, path, NULL, MS_SLAVE | MS_REC, NULL);

	if (result == -ENOENT)
		return 0;
	if (result >= 0)
		result = sys_umount2(path, UMOUNT_DETACH);
	/* Locked in a user namespace: it can't be taken away, but it can be covered. */
	if (result == -EINVAL || result == -EPERM)
		result = sys_mount("tmpfs", path, "tmpfs", MS_RDONLY, NULL);
	return result < 0 ? err_sys(err, result, "unmount %s of the host", path) : 0;
}

/*
 * After MS_MOVE and chroot the host's mounts are still in the namespace, only out of reach.  But the kernel lets a user
 * namespace mount a new proc or sysfs if it sees a whole one somewhere, so those have to go (as runc does).
 */
static int pivot_hide_host(int proc_fd, const char *root, char *text, struct err *err)
{
	struct proc_mount mount;
	int result = sys_file_read_at(proc_fd, "self/mountinfo", text, MOUNTINFO_SIZE, NULL);

	if (result < 0)
		return err_sys(err, result, "read /proc/self/mountinfo");
	while ((result = proc_mount_next(&text, &mount)) == 1) {
		if (strcmp(mount.root, "/") != 0 || path_is_beneath(mount.mountpoint, root))
			continue;
		if (strcmp(mount.fs_type, "proc") != 0 && strcmp(mount.fs_type, "sysfs") != 0)
			continue;
		if (pivot_hide(mount.mountpoint, err) < 0)
			return -1;
	}
	return result < 0 ? err_sys(err, result, "parse /proc/self/mountinfo") : 0;
}

static int pivot_move(const struct init_context *context, int rootfd, struct err *err)
{
	int proc_fd = op_slot_need(context, SLOT_PROC, err);
	char link[32];
	char root[PATH_MAX];
	char *text;
	ssize_t length;
	int result;

	if (proc_fd < 0)
		return -1;
	snprintf(link, sizeof(link), "self/fd/%d", rootfd);
	length = sys_readlinkat(proc_fd, link, root, sizeof(root) - 1);
	if (length < 0)
		return err_sys(err, (int)length, "readlink /proc/%s", link);
	root[length] = '\0';
	text = sys_mmap(NULL, MOUNTINFO_SIZE, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (sys_is_error(text))
		return err_sys(err, (int)(intptr_t)text, "mmap");
	result = pivot_hide_host(proc_fd, root, text, err);
	sys_munmap(text, MOUNTINFO_SIZE);
	if (result < 0)
		return -1;
	result = sys_fchdir(rootfd);
	if (result >= 0)
		result = sys_mount(".", "/", NULL, MS_MOVE, NULL);
	if (result >= 0)
		result = sys_chroot(".");
	return result < 0 ? err_sys(err, result, "move the root %s to /", root) : 0;
}

static int pivot_chroot(int rootfd, struct err *err)
{
	int result = sys_fchdir(rootfd);

	if (result >= 0)
		result = sys_chroot(".");
	return result < 0 ? err_sys(err, result, "chroot") : 0;
}

int op_run_pivot(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int rootfd = op_slot_need(context, SLOT_ROOT, err);
	int result;

	if (rootfd < 0)
		return -1;
	if (op->u.pivot.method == PIVOT_ROOT)
		result = pivot_root(rootfd, err);
	else if (op->u.pivot.method == PIVOT_MOVE)
		result = pivot_move(context, rootfd, err);
	else
		result = pivot_chroot(rootfd, err);
	if (result < 0)
		return -1;
	/* From the old root, from what the root was bound from, and from sources, ".." leads to all of the host. */
	op_fds_flush();
	result = sys_chdir("/");
	if (result < 0)
		return err_sys(err, result, "chdir /");
	return 0;
}
