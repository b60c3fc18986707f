/*
 * sys/file.h - system calls on files and directories, and small whole files.
 *
 * Each function is one system call and returns >= 0 or -errno; errno is not touched.  Parameters are those of the man
 * page with the same name.  Both the runtime process and init may call them.
 */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <linux/openat2.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/types.h>

/* open(2).  mode matters with O_CREAT and O_TMPFILE only. */
int sys_openat(int dirfd, const char *path, int flags, mode_t mode);

/* openat2(2).  -ENOSYS before Linux 5.6, and -EPERM under some seccomp profiles. */
int sys_openat2(int dirfd, const char *path, const struct open_how *how);

int sys_close(int fd);
ssize_t sys_read(int fd, void *buffer, size_t size);
ssize_t sys_pread(int fd, void *buffer, size_t size, off_t offset);
ssize_t sys_write(int fd, const void *data, size_t size);
off_t sys_lseek(int fd, off_t offset, int whence);
int sys_flock(int fd, int operation);
int sys_dup3(int from, int to, int flags);
int sys_fcntl(int fd, int command, long argument);
int sys_ioctl(int fd, unsigned long request, void *argument);
int sys_pipe2(int fds[2], int flags);
int sys_memfd_create(const char *name, unsigned flags);
int sys_ftruncate(int fd, off_t length);

/* poll(2) through ppoll, with EINTR retried for the time that is left.  timeout_ms < 0: for ever. */
int sys_poll(struct pollfd *fds, size_t count, int timeout_ms);

int sys_fstat(int fd, struct stat *status);
/* path "" with AT_EMPTY_PATH is the fd itself. */
int sys_fstatat(int dirfd, const char *path, struct stat *status, int flags);
/* The id that mountinfo has for the mount that a path leads to (statx(2)); -ENOSYS also before Linux 5.8. */
int sys_mount_id(int dirfd, const char *path, uint64_t *id);
int sys_fstatfs(int fd, struct statfs *status);

/* access(2) with the effective ids when flags has AT_EACCESS: faccessat2, or -ENOSYS before Linux 5.8. */
int sys_faccessat2(int dirfd, const char *path, int mode, int flags);

int sys_mkdirat(int dirfd, const char *path, mode_t mode);
int sys_mknodat(int dirfd, const char *path, mode_t mode, dev_t device);
int sys_symlinkat(const char *target, int dirfd, const char *path);
int sys_renameat2(int old_dirfd, const char *old_path, int new_dirfd, const char *new_path, unsigned flags);
int sys_unlinkat(int dirfd, const char *path, int flags);
int sys_fchmod(int fd, mode_t mode);
/* Follows a symlink in the last component: the system call has no flags. */
int sys_fchmodat(int dirfd, const char *path, mode_t mode);
int sys_fchown(int fd, uid_t uid, gid_t gid);
int sys_fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags);

/* Length of the target, which is not NUL-terminated. */
ssize_t sys_readlinkat(int dirfd, const char *path, char *buffer, size_t size);

/* getdents64(2): records of struct sys_dirent. */
ssize_t sys_getdents64(int fd, void *buffer, size_t size);
struct sys_dirent {
	uint64_t inode;
	int64_t offset;
	uint16_t length;   /* of the record */
	uint8_t type;      /* DT_* */
	char name[];
};

int sys_fchdir(int fd);
int sys_chdir(const char *path);
int sys_chroot(const char *path);
/* Length with the NUL.  A path that begins with "(unreachable)" is outside the root (getcwd(2)). */
ssize_t sys_getcwd(char *buffer, size_t size);
mode_t sys_umask(mode_t mask);

/* times: atime and mtime; path "" with AT_EMPTY_PATH is the fd itself. */
int sys_utimensat(int dirfd, const char *path, const struct timespec times[2], int flags);

ssize_t sys_fgetxattr(int fd, const char *name, void *value, size_t size);
ssize_t sys_flistxattr(int fd, char *list, size_t size);
int sys_fsetxattr(int fd, const char *name, const void *value, size_t size, int flags);

/* Writes all of it, EINTR and short writes retried; 0 or -errno. */
int sys_write_all(int fd, const void *data, size_t length);
/* The same from the start of the file, whose position stays what it is. */
int sys_pwrite_all(int fd, const void *data, size_t length);

/* Closes those that are >= 0, neighbours in ascending order by one system call, and sets all to -1. */
void sys_close_all(int *fds, size_t count);

/*
 * Reads a whole small file from its start position until EOF.  The text is NUL-terminated.
 * `length` may be NULL.  -EFBIG when it does not fit into size - 1 bytes.
 */
int sys_file_read(int fd, char *buffer, size_t size, size_t *length);
int sys_file_read_at(int dirfd, const char *path, char *buffer, size_t size, size_t *length);

/*
 * The same for a file that the kernel writes in one piece, so that one read gives all of it: /proc/PID/stat, status and
 * cgroup, and what cgroups and /sys have.  Not for lists such as mountinfo.
 */
int sys_file_read_record_at(int dirfd, const char *path, char *buffer, size_t size, size_t *length);

/*
 * Writes an existing kernel file (procfs, sysfs, cgroupfs) by one write(2): O_WRONLY|O_CLOEXEC, nothing created.
 * A short write is -EIO.
 */
int sys_file_write(int fd, const void *data, size_t length);
int sys_file_write_at(int dirfd, const char *path, const void *data, size_t length);

#endif
