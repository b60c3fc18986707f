/*
 * ops/device.h - is it the device that it should be?
 *
 * Init process only.
 */
#ifndef OPS_DEVICE_H
#define OPS_DEVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* The kernel's encoding, which mknod(2) takes and stat(2) gives; libc's makedev() is a function, which init lacks. */
static inline dev_t op_device_number(uint32_t major, uint32_t minor)
{
	return (dev_t)(minor & 0xff) | (dev_t)(major & 0xfff) << 8 | (dev_t)(minor & ~0xffu) << 12;
}

/* type: S_IFCHR, S_IFBLK or S_IFIFO, which has no number. */
static inline bool op_is_device(const struct stat *status, uint32_t type, uint32_t major, uint32_t minor)
{
	if ((status->st_mode & S_IFMT) != type)
		return false;
	return type == S_IFIFO || status->st_rdev == op_device_number(major, minor);
}

#endif
