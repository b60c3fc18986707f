/*
 * runtime/inherit.c - the file descriptors that runlet was started with.  Runtime process only.
 */
#include "runtime/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/num.h"
#include "sys/file.h"
#include "sys/process.h"

uint32_t inherit_listen_fds(void)
{
	const char *pid_text = getenv("LISTEN_PID");
	const char *count_text = getenv("LISTEN_FDS");
	uint32_t pid, count;

	if (!pid_text || !count_text || num_parse_u32(pid_text, &pid) < 0 || num_parse_u32(count_text, &count) < 0)
		return 0;
	return pid == (uint32_t)sys_getpid() ? count : 0;
}

int inherit_check(uint32_t count, struct err *err)
{
	int flags;

	for (uint32_t i = 0; i < count; i++) {
		flags = sys_fcntl((int)(3 + i), F_GETFD, 0);
		/* What is close-on-exec can't have been inherited: runlet opened it. */
		if (flags < 0 || (flags & FD_CLOEXEC))
			return err_set(err, ERR_USAGE,
				       "file descriptor %u is to be preserved (--preserve-fds, LISTEN_FDS) but closed",
				       3 + i);
	}
	return 0;
}
