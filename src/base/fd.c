/*
 * base/fd.c - closes an owned file descriptor.
 *
 * Runtime process only: init has no errno to keep, and brings its own fd_close() over the raw system call.
 */
#include <errno.h>
#include <unistd.h>

#include "base/fd.h"

void fd_close(int *fd)
{
	if (*fd < 0)
		return;
	int saved = errno;
	close(*fd);
	errno = saved;
	*fd = -1;
}
