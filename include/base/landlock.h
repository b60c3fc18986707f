/*
 * base/landlock.h - Landlock's numbers (landlock(7), linux/landlock.h), also those that the kernel's headers may be too
 * old for, and with which version of its ABI each came.
 */
#ifndef BASE_LANDLOCK_H
#define BASE_LANDLOCK_H

#include <stdint.h>

#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif

/* What may be done with files: of a rule for a file only those of LANDLOCK_FS_OF_FILES. */
#define LANDLOCK_FS_EXECUTE     (1ull << 0)
#define LANDLOCK_FS_WRITE_FILE  (1ull << 1)
#define LANDLOCK_FS_READ_FILE   (1ull << 2)
#define LANDLOCK_FS_READ_DIR    (1ull << 3)
#define LANDLOCK_FS_REMOVE_DIR  (1ull << 4)
#define LANDLOCK_FS_REMOVE_FILE (1ull << 5)
#define LANDLOCK_FS_MAKE_CHAR   (1ull << 6)
#define LANDLOCK_FS_MAKE_DIR    (1ull << 7)
#define LANDLOCK_FS_MAKE_REG    (1ull << 8)
#define LANDLOCK_FS_MAKE_SOCK   (1ull << 9)
#define LANDLOCK_FS_MAKE_FIFO   (1ull << 10)
#define LANDLOCK_FS_MAKE_BLOCK  (1ull << 11)
#define LANDLOCK_FS_MAKE_SYM    (1ull << 12)
#define LANDLOCK_FS_REFER       (1ull << 13) /* ABI 2, Linux 5.19 */
#define LANDLOCK_FS_TRUNCATE    (1ull << 14) /* ABI 3, Linux 6.2 */
#define LANDLOCK_FS_IOCTL_DEV   (1ull << 15) /* ABI 5, Linux 6.10 */
#define LANDLOCK_FS_OF_FILES \
	(LANDLOCK_FS_EXECUTE | LANDLOCK_FS_WRITE_FILE | LANDLOCK_FS_READ_FILE | LANDLOCK_FS_TRUNCATE | \
	 LANDLOCK_FS_IOCTL_DEV)

#define LANDLOCK_NET_BIND_TCP    (1ull << 0) /* ABI 4, Linux 6.7 */
#define LANDLOCK_NET_CONNECT_TCP (1ull << 1)

#define LANDLOCK_SCOPED_ABSTRACT_UNIX_SOCKET (1ull << 0) /* ABI 6, Linux 6.12 */
#define LANDLOCK_SCOPED_SIGNAL               (1ull << 1)

/* Where the headers know a number, it is ours. */
#ifdef LANDLOCK_ACCESS_FS_MAKE_SYM
_Static_assert(LANDLOCK_FS_EXECUTE == LANDLOCK_ACCESS_FS_EXECUTE &&
	       LANDLOCK_FS_WRITE_FILE == LANDLOCK_ACCESS_FS_WRITE_FILE &&
	       LANDLOCK_FS_READ_FILE == LANDLOCK_ACCESS_FS_READ_FILE &&
	       LANDLOCK_FS_READ_DIR == LANDLOCK_ACCESS_FS_READ_DIR &&
	       LANDLOCK_FS_REMOVE_DIR == LANDLOCK_ACCESS_FS_REMOVE_DIR &&
	       LANDLOCK_FS_REMOVE_FILE == LANDLOCK_ACCESS_FS_REMOVE_FILE &&
	       LANDLOCK_FS_MAKE_CHAR == LANDLOCK_ACCESS_FS_MAKE_CHAR &&
	       LANDLOCK_FS_MAKE_DIR == LANDLOCK_ACCESS_FS_MAKE_DIR &&
	       LANDLOCK_FS_MAKE_REG == LANDLOCK_ACCESS_FS_MAKE_REG &&
	       LANDLOCK_FS_MAKE_SOCK == LANDLOCK_ACCESS_FS_MAKE_SOCK &&
	       LANDLOCK_FS_MAKE_FIFO == LANDLOCK_ACCESS_FS_MAKE_FIFO &&
	       LANDLOCK_FS_MAKE_BLOCK == LANDLOCK_ACCESS_FS_MAKE_BLOCK &&
	       LANDLOCK_FS_MAKE_SYM == LANDLOCK_ACCESS_FS_MAKE_SYM, "the numbers of linux/landlock.h");
#endif
#ifdef LANDLOCK_ACCESS_FS_REFER
_Static_assert(LANDLOCK_FS_REFER == LANDLOCK_ACCESS_FS_REFER, "the number of linux/landlock.h");
#endif
#ifdef LANDLOCK_ACCESS_FS_TRUNCATE
_Static_assert(LANDLOCK_FS_TRUNCATE == LANDLOCK_ACCESS_FS_TRUNCATE, "the number of linux/landlock.h");
#endif
#ifdef LANDLOCK_ACCESS_FS_IOCTL_DEV
_Static_assert(LANDLOCK_FS_IOCTL_DEV == LANDLOCK_ACCESS_FS_IOCTL_DEV, "the number of linux/landlock.h");
#endif
#ifdef LANDLOCK_ACCESS_NET_CONNECT_TCP
_Static_assert(LANDLOCK_NET_BIND_TCP == LANDLOCK_ACCESS_NET_BIND_TCP &&
	       LANDLOCK_NET_CONNECT_TCP == LANDLOCK_ACCESS_NET_CONNECT_TCP, "the numbers of linux/landlock.h");
#endif
#ifdef LANDLOCK_SCOPE_SIGNAL
_Static_assert(LANDLOCK_SCOPED_ABSTRACT_UNIX_SOCKET == LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET &&
	       LANDLOCK_SCOPED_SIGNAL == LANDLOCK_SCOPE_SIGNAL, "the numbers of linux/landlock.h");
#endif

#endif
