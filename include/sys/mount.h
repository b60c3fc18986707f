/*
 * sys/mount.h - system calls on mounts.
 *
 * The sys_ functions are one system call each with the parameters of the man page.  The mount_ functions choose
 * between the calls on fds (Linux 5.2 to 5.12) and mount(2) where those are missing.  All return >= 0 or -errno,
 * touch no errno, and may be called by the runtime process and by init.
 */
#ifndef SYS_MOUNT_H
#define SYS_MOUNT_H

#include <errno.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int sys_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);
int sys_umount2(const char *target, int flags);
int sys_pivot_root(const char *new_root, const char *put_old);
int sys_open_tree(int dirfd, const char *path, unsigned flags);
int sys_move_mount(int from_dirfd, const char *from_path, int to_dirfd, const char *to_path, unsigned flags);
/* open_tree(2) and mount_setattr(2) in one; Linux 6.15. */
int sys_open_tree_attr(int dirfd, const char *path, unsigned flags, const struct mount_attr *attr);
int sys_mount_setattr(int dirfd, const char *path, unsigned flags, const struct mount_attr *attr);
int sys_fsopen(const char *type, unsigned flags);
int sys_fspick(int dirfd, const char *path, unsigned flags);
int sys_fsconfig(int fs_fd, unsigned command, const char *key, const void *value, int aux);
int sys_fsmount(int fs_fd, unsigned flags, unsigned attr_flags);

/*
 * Reads what the kernel has to say about the last calls on an fs context (fsopen(2)): its last error, else its first
 * message; "" for none.
 */
void mount_read_message(int fs_fd, char *text, size_t size);

/* Whether a result means "no such system call here": ENOSYS, or the EPERM of a seccomp profile that knows no better. */
static inline bool mount_is_missing(int result)
{
	return result == -ENOSYS || result == -EPERM;
}

/* Attaches the detached tree to the file or directory that target_fd (O_PATH) is.  0 or -errno. */
int mount_attach(int tree_fd, int target_fd);

/*
 * mount(2) onto target_fd, through the magic link self/fd/N of the procfs directory proc_fd, which need not be attached
 * anywhere.  source_fd >= 0 takes the place of `source`.  The cwd is changed and put back.
 */
int mount_at_fd(int proc_fd, const char *source, int source_fd, int target_fd, const char *type, unsigned long flags,
                const char *data);

/*
 * Changes the MOUNT_ATTR_* of the mount whose root `fd` is, and with AT_RECURSIVE in `flags` of those beneath it.
 * Atime bits in `set` or `clear` replace the whole atime mode, as the kernel demands.  Before Linux 5.12: by a bind
 * remount, which keeps what is not named; -ENOSYS with AT_RECURSIVE, and with proc_fd -1, as a detached tree wants it.
 */
int mount_set_attr(int proc_fd, int fd, unsigned flags, uint64_t set, uint64_t clear);

/*
 * Opens a clone of what is mounted at path: open_tree(2), whose flags may not have AT_RECURSIVE here, and attributes
 * changed as by mount_set_attr().  -ENOSYS before Linux 6.15: it takes both calls then.
 */
int mount_clone_with_attr(int dirfd, const char *path, unsigned flags, uint64_t set, uint64_t clear);

/* Sets the propagation (one of MS_SHARED, PRIVATE, SLAVE, UNBINDABLE, and MS_REC) of the mount whose root `fd` is. */
int mount_set_propagation(int proc_fd, int fd, uint32_t flags);

/* The MOUNT_ATTR_* that a mount has now, from statfs(2). */
int mount_get_attr(int fd, uint64_t *attr);

/* The MS_* flags of mount(2) for MOUNT_ATTR_*. */
unsigned long mount_attr_to_flags(uint64_t attr);

#endif
