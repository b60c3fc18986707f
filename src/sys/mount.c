/*
 * sys/mount.c - system calls on mounts, with mount(2) where the calls on fds are missing.
 *
 * Any process.  No errno, no allocation, no libc beyond the mem and str functions.  No path of a container is used
 * here: targets are fds.
 */
#include "sys/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>

#include "base/fd.h"
#include "sys/file.h"
#include "sys/raw.h"

/* The number of every architecture but alpha. */
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif

int sys_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)
{
	return (int)sys_call5(SYS_mount, (long)source, (long)target, (long)type, (long)flags, (long)data);
}

int sys_umount2(const char *target, int flags)
{
	return (int)sys_call2(SYS_umount2, (long)target, flags);
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)sys_call2(SYS_pivot_root, (long)new_root, (long)put_old);
}

int sys_open_tree(int dirfd, const char *path, unsigned flags)
{
	return (int)sys_call3(SYS_open_tree, dirfd, (long)path, (long)flags);
}

int sys_open_tree_attr(int dirfd, const char *path, unsigned flags, const struct mount_attr *attr)
{
	return (int)sys_call5(SYS_open_tree_attr, dirfd, (long)path, (long)flags, (long)attr, sizeof(*attr));
}

int sys_move_mount(int from_dirfd, const char *from_path, int to_dirfd, const char *to_path, unsigned flags)
{
	return (int)sys_call5(SYS_move_mount, from_dirfd, (long)from_path, to_dirfd, (long)to_path, (long)flags);
}

int sys_mount_setattr(int dirfd, const char *path, unsigned flags, const struct mount_attr *attr)
{
	return (int)sys_call5(SYS_mount_setattr, dirfd, (long)path, (long)flags, (long)attr, sizeof(*attr));
}

int sys_fsopen(const char *type, unsigned flags)
{
	return (int)sys_call2(SYS_fsopen, (long)type, (long)flags);
}

int sys_fspick(int dirfd, const char *path, unsigned flags)
{
	return (int)sys_call3(SYS_fspick, dirfd, (long)path, (long)flags);
}

int sys_fsconfig(int fs_fd, unsigned command, const char *key, const void *value, int aux)
{
	return (int)sys_call5(SYS_fsconfig, fs_fd, (long)command, (long)key, (long)value, aux);
}

int sys_fsmount(int fs_fd, unsigned flags, unsigned attr_flags)
{
	return (int)sys_call3(SYS_fsmount, fs_fd, (long)flags, (long)attr_flags);
}

void mount_read_message(int fs_fd, char *text, size_t size)
{
	char message[256];

	text[0] = '\0';
	/* One read is one message: 'e', 'w' or 'i', a blank, the text.  ENODATA ends them. */
	for (int i = 0; i < 16; i++) {
		ssize_t length = sys_read(fs_fd, message, sizeof(message) - 1);

		if (length <= 2)
			break;
		if (message[length - 1] == '\n')
			length--;
		message[length] = '\0';
		if (message[0] == 'e' || !text[0])
			snprintf(text, size, "%s", message + 2);
	}
}

/* MOUNT_ATTR_* <-> MS_* of mount(2) <-> ST_* of statfs(2), but for the atime mode. */
static const struct {
	uint64_t attr;
	unsigned long mount_flag;
	unsigned long stat_flag;
} attr_rows[] = {
	{ MOUNT_ATTR_RDONLY, MS_RDONLY, ST_RDONLY },
	{ MOUNT_ATTR_NOSUID, MS_NOSUID, ST_NOSUID },
	{ MOUNT_ATTR_NODEV, MS_NODEV, ST_NODEV },
	{ MOUNT_ATTR_NOEXEC, MS_NOEXEC, ST_NOEXEC },
	{ MOUNT_ATTR_NODIRATIME, MS_NODIRATIME, ST_NODIRATIME },
	{ MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW, 0x2000 /* ST_NOSYMFOLLOW, Linux 5.10 */ },
};
#define ATTR_ROW_COUNT (sizeof(attr_rows) / sizeof(attr_rows[0]))

unsigned long mount_attr_to_flags(uint64_t attr)
{
	unsigned long flags = 0;

	for (size_t i = 0; i < ATTR_ROW_COUNT; i++)
		if (attr & attr_rows[i].attr)
			flags |= attr_rows[i].mount_flag;
	if ((attr & MOUNT_ATTR__ATIME) == MOUNT_ATTR_NOATIME)
		flags |= MS_NOATIME;
	else if ((attr & MOUNT_ATTR__ATIME) == MOUNT_ATTR_STRICTATIME)
		flags |= MS_STRICTATIME;
	else
		flags |= MS_RELATIME;
	return flags;
}

int mount_get_attr(int fd, uint64_t *attr)
{
	struct statfs status;
	unsigned long flags;
	int result = sys_fstatfs(fd, &status);

	if (result < 0)
		return result;
	flags = (unsigned long)status.f_flags;
	if (flags & ST_NOATIME)
		*attr = MOUNT_ATTR_NOATIME;
	else
		*attr = flags & ST_RELATIME ? MOUNT_ATTR_RELATIME : MOUNT_ATTR_STRICTATIME;
	for (size_t i = 0; i < ATTR_ROW_COUNT; i++)
		if (flags & attr_rows[i].stat_flag)
			*attr |= attr_rows[i].attr;
	return 0;
}

int mount_attach(int tree_fd, int target_fd)
{
	return sys_move_mount(tree_fd, "", target_fd, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int mount_at_fd(int proc_fd, const char *source, int source_fd, int target_fd, const char *type, unsigned long flags,
                const char *data)
{
	_cleanup_fd_ int cwd_fd = sys_openat(AT_FDCWD, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	char from[32];
	char to[32];
	int result;
	int back;

	if (cwd_fd < 0)
		return cwd_fd;
	/* The procfs may be attached nowhere: its files have no absolute path, but one relative to the cwd. */
	result = sys_fchdir(proc_fd);
	if (result < 0)
		return result;
	snprintf(from, sizeof(from), "self/fd/%d", source_fd);
	snprintf(to, sizeof(to), "self/fd/%d", target_fd);
	result = sys_mount(source_fd >= 0 ? from : source, to, type, flags, data);
	back = sys_fchdir(cwd_fd);
	return result < 0 ? result : back;
}

/* The atime modes are a number, not bits: it is replaced as a whole or EINVAL (mount_setattr(2)). */
static struct mount_attr attr_of(uint64_t set, uint64_t clear)
{
	struct mount_attr attr = { .attr_set = set, .attr_clr = clear };

	if ((set | clear) & MOUNT_ATTR__ATIME)
		attr.attr_clr |= MOUNT_ATTR__ATIME;
	return attr;
}

int mount_clone_with_attr(int dirfd, const char *path, unsigned flags, uint64_t set, uint64_t clear)
{
	/* Not state of the program but a fact about the kernel, learnt once: a try for every mount would cost. */
	static bool is_missing;
	const struct mount_attr attr = attr_of(set, clear);
	int fd = is_missing ? -ENOSYS :
	                      sys_open_tree_attr(dirfd, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags, &attr);

	if (fd == -ENOSYS)
		is_missing = true;
	return fd;
}

/* mount_setattr(2) before Linux 5.12: a bind remount sets all flags, so those that stay have to be given too. */
static int remount_attr(int proc_fd, int fd, uint64_t set, uint64_t clear)
{
	uint64_t attr;
	int result = mount_get_attr(fd, &attr);

	if (result < 0)
		return result;
	attr = (attr & ~clear) | set;
	return mount_at_fd(proc_fd, NULL, -1, fd, NULL, MS_REMOUNT | MS_BIND | mount_attr_to_flags(attr), NULL);
}

int mount_set_attr(int proc_fd, int fd, unsigned flags, uint64_t set, uint64_t clear)
{
	const struct mount_attr attr = attr_of(set, clear);
	int result = sys_mount_setattr(fd, "", AT_EMPTY_PATH | flags, &attr);

	if (result != -ENOSYS || (flags & AT_RECURSIVE) || proc_fd < 0)
		return result;
	return remount_attr(proc_fd, fd, attr.attr_set, attr.attr_clr);
}

int mount_set_propagation(int proc_fd, int fd, uint32_t flags)
{
	struct mount_attr attr = { .propagation = flags & ~(uint32_t)MS_REC };
	int result = sys_mount_setattr(fd, "", AT_EMPTY_PATH | (flags & MS_REC ? AT_RECURSIVE : 0), &attr);

	if (result != -ENOSYS)
		return result;
	return mount_at_fd(proc_fd, NULL, -1, fd, NULL, flags, NULL);
}
