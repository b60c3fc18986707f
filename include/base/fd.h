/*
 * base/fd.h - ownership of file descriptors.
 *
 * A local `_cleanup_fd_ int fd = -1;` is closed at the end of its scope; fd_take() hands it on.
 * Any process may use it.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

/* Closes *fd when it is >= 0 and sets it to -1.  errno is kept. */
void fd_close(int *fd);

/* Returns *fd and leaves -1 behind: the caller owns it now. */
static inline int fd_take(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

#define _cleanup_fd_ __attribute__((cleanup(fd_close)))

#endif
