/*
 * program/memfd.c - bytes as a file that nobody can change any more, and programs that runlet contains as
 * files to execute.  Runtime process only.
 */
#include "program/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <stdio.h>

#include "base/fd.h"
#include "base/log.h"
#include "sys/file.h"
#include "sys/mount.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* kind_flag says whether it may be executed; kernels before 6.3 don't know the flag and allow it. */
static int create_memfd(const char *name, unsigned kind_flag)
{
	int fd = sys_memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | kind_flag);

	return fd == -EINVAL ? sys_memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING) : fd;
}

static int fill_and_seal(int fd, const void *data, size_t size)
{
	/* The position stays at the start, for who reads it. */
	int result = sys_pwrite_all(fd, data, size);

	if (result == 0)
		result = sys_fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
	return result;
}

int memfd_open_empty(const char *name, struct err *err)
{
	int fd = create_memfd(name, MFD_NOEXEC_SEAL);

	return fd < 0 ? err_sys(err, fd, "memfd_create %s", name) : fd;
}

int memfd_open_sealed(const char *name, const void *data, size_t size, struct err *err)
{
	_cleanup_fd_ int fd = create_memfd(name, MFD_NOEXEC_SEAL);
	int result;

	if (fd < 0)
		return err_sys(err, fd, "memfd_create %s", name);
	result = fill_and_seal(fd, data, size);
	if (result < 0)
		return err_sys(err, result, "write memfd %s", name);
	return fd_take(&fd);
}

/* Writes the program through `fd`, which it closes: a file that is open for writing can't be executed (ETXTBSY). */
static int write_program(int fd, const struct memfd_program *program, mode_t mode)
{
	_cleanup_fd_ int owned = fd;
	int result = sys_write_all(owned, program->image, program->size);

	/* Whatever the caller's umask. */
	return result < 0 ? result : sys_fchmod(owned, mode);
}

static int open_on_detached_tmpfs(const struct memfd_program *program, mode_t mode)
{
	_cleanup_fd_ int context = sys_fsopen("tmpfs", FSOPEN_CLOEXEC);
	_cleanup_fd_ int mount = -1;
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV };
	int result;

	if (context < 0)
		return context;
	result = sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (result < 0)
		return result;
	mount = sys_fsmount(context, FSMOUNT_CLOEXEC, 0);
	if (mount < 0)
		return mount;
	result = sys_openat(mount, program->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (result < 0)
		return result;
	result = write_program(result, program, mode);
	if (result < 0)
		return result;
	result = sys_mount_setattr(mount, "", AT_EMPTY_PATH, &attr);
	if (result < 0)
		return result;
	return sys_openat(mount, program->name, O_PATH | O_CLOEXEC, 0);
}

static int open_unlinked_file(const struct memfd_program *program, int dirfd, mode_t mode)
{
	char path[64];
	int fd, copy, result;

	fd = sys_openat(dirfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	copy = sys_openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
	result = write_program(fd, program, mode);
	if (copy >= 0 && result < 0) {
		fd_close(&copy);
		return result;
	}
	return copy;
}

int memfd_open_program(const struct memfd_program *program, int dirfd, mode_t mode, struct err *err)
{
	_cleanup_fd_ int fd = create_memfd(program->name, MFD_EXEC);
	int result;

	if (fd >= 0) {
		result = fill_and_seal(fd, program->image, program->size);
		if (result == 0)
			result = sys_fchmod(fd, mode);
		if (result < 0)
			return err_sys(err, result, "write memfd %s", program->name);
		return fd_take(&fd);
	}
	log_debug("memfd_create with MFD_EXEC fails (%d): %s goes to a tmpfs that is mounted nowhere", -fd,
		  program->name);
	result = open_on_detached_tmpfs(program, mode);
	if (result < 0)
		result = open_unlinked_file(program, dirfd, mode);
	if (result < 0)
		return err_sys(err, result, "make a file for %s, as vm.memfd_noexec forbids memfds", program->name);
	return result;
}
