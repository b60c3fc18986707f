/*
 * ops/console.c - OP_CONSOLE: a terminal from the container's own devpts.
 *
 * Init process only, after the pivot.  The container may have put anything at /dev/pts and /dev/console: both are
 * reached without symlinks, the ptmx is checked, and the peer comes from TIOCGPTPEER, never by its name
 * (CVE-2025-52565).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>

#include "base/fd.h"
#include "ops/attach.h"
#include "ops/device.h"
#include "ops/op.h"
#include "sys/file.h"
#include "sys/path.h"
#include "wire/wire.h"

static int console_open_master(int rootfd, struct err *err)
{
	_cleanup_fd_ int pts_fd = path_open_in_root(rootfd, "/dev/pts", O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
	_cleanup_fd_ int fd = -1;
	struct statfs fs;
	struct stat pts;
	struct stat status;
	int result;

	if (pts_fd < 0)
		return err_sys(err, pts_fd, "a terminal needs a devpts at /dev/pts in the container");
	result = sys_fstatfs(pts_fd, &fs);
	if (result >= 0)
		result = sys_fstat(pts_fd, &pts);
	if (result < 0)
		return err_sys(err, result, "fstat /dev/pts");
	if (fs.f_type != DEVPTS_SUPER_MAGIC)
		return err_set(err, ERR_CONFIG, "a terminal needs a devpts at /dev/pts: something else is there");
	fd = sys_openat(pts_fd, "ptmx", O_RDWR | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	result = fd < 0 ? fd : sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "open /dev/pts/ptmx");
	/* The same device number: no file was bound over the ptmx of this devpts. */
	if (status.st_dev != pts.st_dev || !op_is_device(&status, S_IFCHR, 5, 2))
		return err_set(err, ERR_CONFIG, "/dev/pts/ptmx of the container is not the ptmx of its devpts");
	/* O_NONBLOCK was only for what might have been there instead. */
	result = sys_fcntl(fd, F_SETFL, O_RDWR);
	return result < 0 ? err_sys(err, result, "fcntl /dev/pts/ptmx") : fd_take(&fd);
}

/* Returns the peer's fd. */
static int console_open_peer(int master_fd, const struct op_console *console, struct err *err)
{
	_cleanup_fd_ int fd = -1;
	struct winsize size = { .ws_row = (unsigned short)console->height, .ws_col = (unsigned short)console->width };
	int unlock = 0;
	int result = sys_ioctl(master_fd, TIOCSPTLCK, &unlock);

	if (result < 0)
		return err_sys(err, result, "ioctl TIOCSPTLCK");
	if (size.ws_row || size.ws_col) {
		result = sys_ioctl(master_fd, TIOCSWINSZ, &size);
		if (result < 0)
			return err_sys(err, result, "ioctl TIOCSWINSZ");
	}
	fd = sys_ioctl(master_fd, TIOCGPTPEER, (void *)(uintptr_t)(O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (fd < 0)
		return err_sys(err, fd, "ioctl TIOCGPTPEER");
	result = console->uid ? sys_fchown(fd, console->uid, (gid_t)-1) : 0;
	return result < 0 ? err_sys(err, result, "chown of the terminal to %u", console->uid) : fd_take(&fd);
}

static int console_bind(const struct init_context *context, int rootfd, int peer_fd, struct err *err)
{
	static const char path[] = "/dev/console";
	static const struct op_attr no_change;
	_cleanup_op_tree_ struct op_tree tree = OP_TREE_INIT;
	_cleanup_fd_ int target_fd = -1;
	_cleanup_fd_ int dirfd = -1;
	char name[PATH_NAME_SIZE];
	struct stat status;
	int result;

	dirfd = path_open_parent_in_root(rootfd, path, RESOLVE_NO_SYMLINKS, name);
	if (dirfd < 0)
		return err_sys(err, dirfd, "directory of %s", path);
	result = sys_mknodat(dirfd, name, S_IFREG | 0600, 0);
	if (result < 0 && result != -EEXIST)
		return err_sys(err, result, "make %s", path);
	target_fd = sys_openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	result = target_fd < 0 ? target_fd : sys_fstat(target_fd, &status);
	if (result < 0)
		return err_sys(err, result, "open %s", path);
	if (S_ISLNK(status.st_mode))
		return err_sys(err, ELOOP, "%s: a symlink is not followed here", path);
	result = op_tree_open(peer_fd, "", AT_EMPTY_PATH, &tree);
	if (result < 0)
		return err_sys(err, result, "open_tree of the terminal");
	return op_tree_attach(context, &tree, target_fd, &no_change, path, err);
}

/* The peer becomes fds 0, 1, 2, and the controlling terminal of the session. */
static int console_take(int peer_fd, struct err *err)
{
	int result = 0;

	for (int fd = 0; fd <= 2 && result >= 0; fd++)
		result = fd == peer_fd ? sys_fcntl(fd, F_SETFD, 0) : sys_dup3(peer_fd, fd, 0);
	if (result < 0)
		return err_sys(err, result, "dup3 of the terminal");
	result = sys_ioctl(0, TIOCSCTTY, NULL);
	return result < 0 ? err_sys(err, result, "ioctl TIOCSCTTY") : 0;
}

int op_run_console(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_console *console = &op->u.console;
	int rootfd = op_slot_need(context, SLOT_ROOT, err);
	_cleanup_fd_ int master_fd = -1;
	_cleanup_fd_ int peer_fd = -1;

	if (rootfd < 0)
		return -1;
	master_fd = console_open_master(rootfd, err);
	if (master_fd < 0)
		return -1;
	peer_fd = console_open_peer(master_fd, console, err);
	if (peer_fd < 0)
		return -1;
	if (wire_send_simple(context->socket, WIRE_CONSOLE, &master_fd, 1, err) < 0)
		return -1;
	/* Where the caller had closed a standard fd, its number may be one of those that the peer takes now. */
	fd_close(&master_fd);
	if (console->bind_console && console_bind(context, rootfd, peer_fd, err) < 0)
		return -1;
	if (console_take(peer_fd, err) < 0)
		return -1;
	/* With a closed stdin the peer got one of the standard numbers: it stays open there. */
	if (peer_fd <= 2)
		fd_take(&peer_fd);
	return 0;
}
